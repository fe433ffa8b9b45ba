package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strings"
)

const (
	zaloLoginPath   = "/zalo/login"       // where Zalo leads an administrator after the consent
	zaloContactPath = "/zalo/contact.png" // the picture over Zalo's form for a phone number
)

// zaloLoginPage shows the address that `lensan zalo login` waits for, in every
// language: we do not know who reads it.
var zaloLoginPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="{{(index .Says 0).Lang}}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{(index .Says 0).Title}}</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem } textarea { width: 100%; font: inherit }</style>
<textarea readonly rows="5" aria-label="{{(index .Says 0).Title}}">{{.Address}}</textarea>
{{range .Says}}<p lang="{{.Lang}}">{{.Text}}</p>
{{end}}</html>
`))

type saidIn struct{ Lang, Title, Text string }

// zaloLogin is the page after the consent. The code in its address is worth
// nothing without the verifier, which only the terminal has.
func (s *service) zaloLogin(w http.ResponseWriter, r *http.Request) {
	base := string(s.config.PublicURL)
	if base == "" {
		base = "https://" + r.Host
	}
	view := struct {
		Address string
		Says    []saidIn
	}{Address: base + r.URL.RequestURI()}
	for _, lang := range s.texts.Langs() {
		view.Says = append(view.Says, saidIn{lang, s.text(lang, "zalo.login.title"), s.text(lang, "zalo.login.text")})
	}
	var page bytes.Buffer
	if err := zaloLoginPage.Execute(&page, view); err != nil {
		s.log.Error("the page of the Zalo login", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(page.Bytes())
}

// contactPicture is what the form for a phone number must show (reference zalo.md
// section 3.6).
//
//go:embed contact.png
var contactPicture []byte

func zaloContact(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(contactPicture)
}

// zaloContactImage is the picture's address; empty where Zalo could not load it,
// and then people type their number.
func zaloContactImage(c Config) string {
	if !strings.HasPrefix(string(c.PublicURL), "https:") {
		return ""
	}
	return string(c.PublicURL) + zaloContactPath
}
