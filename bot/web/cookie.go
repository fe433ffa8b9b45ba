package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"lensan/bot"
)

const (
	cookieName = "lensan_chat"
	cookieAge  = 400 * 24 * time.Hour // the longest browsers keep; every visit renews it
)

// Cookie is the proof that its holder is the person of the web chat with this
// id: the id and its signature.
func (c *Channel) Cookie(id string) *http.Cookie {
	return &http.Cookie{
		Name:     cookieName,
		Value:    id + "." + c.sign("cookie", id),
		Path:     "/chat",
		MaxAge:   int(cookieAge / time.Second),
		HttpOnly: true,
		Secure:   c.config.Secure,
		SameSite: http.SameSiteLaxMode,
	}
}

// chat tells whose request it is: the chat of the first cookie that is ours.
func (c *Channel) chat(r *http.Request) (bot.Chat, bool) {
	for _, cookie := range r.CookiesNamed(cookieName) {
		id, signature, _ := strings.Cut(cookie.Value, ".")
		if id != "" && hmac.Equal([]byte(signature), []byte(c.sign("cookie", id))) {
			return bot.Chat{Channel: c.Name(), ID: id}, true
		}
	}
	return bot.Chat{}, false
}

// newID is a chat id nobody can guess: 130 random bits.
func newID() string { return rand.Text() }

// sign is a keyed hash of an id, different for every purpose.
func (c *Channel) sign(purpose, id string) string {
	mac := hmac.New(sha256.New, c.config.Secret)
	mac.Write([]byte("web/" + purpose + "/" + id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
