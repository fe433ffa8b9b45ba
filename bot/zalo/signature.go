package zalo

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// genuine reports whether a body is signed by the platform (section 13.2): plain
// SHA-256, no HMAC, over our app id (never the body's), the bytes as they came,
// the timestamp as written and the key, which is not the app's secret.
func (c *Channel) genuine(r *http.Request, body []byte, timestamp string) bool {
	if c.cfg.OASecret == "" {
		return false
	}
	mac := strings.TrimSpace(r.Header.Get("X-ZEvent-Signature"))
	if rest, ok := strings.CutPrefix(mac, "mac"); ok { // "mac=…" is documented; "mac = …" and none at all are tolerated
		if rest, ok = strings.CutPrefix(strings.TrimSpace(rest), "="); !ok {
			return false
		}
		mac = strings.TrimSpace(rest)
	}
	got, err := hex.DecodeString(mac) // upper or lower case
	if err != nil {
		return false
	}
	h := sha256.New()
	h.Write([]byte(c.cfg.AppID))
	h.Write(body)
	h.Write([]byte(timestamp))
	h.Write([]byte(c.cfg.OASecret))
	return subtle.ConstantTimeCompare(got, h.Sum(nil)) == 1
}

// late reports whether an event is older than the configuration allows; one
// without a numeric timestamp has no age.
func (c *Channel) late(timestamp string) bool {
	ms, err := strconv.ParseInt(timestamp, 10, 64)
	return err == nil && c.cfg.MaxAge > 0 && c.cfg.Now().Sub(time.UnixMilli(ms)) > c.cfg.MaxAge
}
