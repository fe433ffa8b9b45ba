package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"lensan/bot"
	"lensan/bot/web"
)

// linkTime is how long the address of a file is good.
const linkTime = 7 * 24 * time.Hour

// links are the addresses of files, for channels that cannot carry them. Whoever
// has one gets the file for some days; nobody can make one up, because it is
// signed.
type links struct {
	secret []byte // the same on every replica
	base   string // our public address
	files  web.Files
	now    func() time.Time
	gone   string // what people read where there is no file any more
}

// link is what an address says.
type link struct {
	Key   string `json:"k"`
	Name  string `json:"n"`
	Type  string `json:"t"`
	Size  int64  `json:"s"`
	Until int64  `json:"u"` // seconds since 1970
}

// startFiles makes the addresses of files, if people can reach us.
func (s *service) startFiles(ctx context.Context) error {
	if s.config.PublicURL == "" {
		return nil
	}
	secret, err := s.db.Secret(ctx, "files")
	if err != nil {
		return fmt.Errorf("the secret of the files' addresses: %w", err)
	}
	var gone []string
	for _, lang := range s.texts.Langs() {
		gone = append(gone, s.text(lang, "web.file_gone"))
	}
	s.links = &links{secret, string(s.config.PublicURL), uploads{s.db, s.blobs}, s.db.Now, strings.Join(gone, "\n\n")}
	return nil
}

// address makes the address of a file, good for [linkTime] from a time on; empty
// without a public address of ours.
func (l *links) address(a bot.Attachment, from time.Time) string {
	if l == nil {
		return ""
	}
	said, err := json.Marshal(link{a.Key, a.Name, a.Type, a.Size, from.Add(linkTime).Unix()})
	if err != nil {
		return ""
	}
	encode := base64.RawURLEncoding.EncodeToString
	return l.base + "/file/" + encode(said) + "." + encode(l.sign(said))
}

func (l *links) sign(said []byte) []byte {
	mac := hmac.New(sha256.New, l.secret)
	mac.Write(said)
	return mac.Sum(nil)
}

// read reads what stands behind /file/ in an address of ours.
func (l *links) read(token string) (link, bool) {
	first, second, _ := strings.Cut(token, ".")
	said, err := base64.RawURLEncoding.DecodeString(first)
	signature, err2 := base64.RawURLEncoding.DecodeString(second)
	if err != nil || err2 != nil || !hmac.Equal(signature, l.sign(said)) {
		return link{}, false
	}
	var k link
	err = json.Unmarshal(said, &k)
	return k, err == nil
}

// ServeHTTP answers GET /file/{token}.
func (l *links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k, ok := l.read(r.PathValue("token"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	if l.now().Unix() > k.Until {
		http.Error(w, l.gone, http.StatusGone)
		return
	}
	content, err := l.files.Get(r.Context(), k.Key)
	if errors.Is(err, fs.ErrNotExist) { // deleted since
		http.Error(w, l.gone, http.StatusGone)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer content.Close()
	web.ServeFile(w, r, bot.Attachment{Key: k.Key, Name: k.Name, Type: k.Type, Size: k.Size}, content)
}
