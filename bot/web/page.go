package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"time"
)

//go:embed assets
var assets embed.FS

// page is the template of the page and the files it loads.
type page struct {
	template *template.Template
	assets   map[string]asset
}

type asset struct {
	content []byte
	tag     string
}

func newPage() *page {
	p := &page{
		template: template.Must(template.ParseFS(assets, "assets/page.html")),
		assets:   map[string]asset{},
	}
	for _, name := range []string{"chat.js", "photo.js", "chat.css", "icon.svg"} {
		content, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // they are built in
		}
		sum := sha256.Sum256(content)
		p.assets[name] = asset{content, `"` + hex.EncodeToString(sum[:8]) + `"`}
	}
	return p
}

// view is what the template shows.
type view struct {
	Lang  string
	Langs []string // the others
	Demo  bool
	text  func(lang, id string) string
}

// Text is a text of the page by its name below "web.".
func (v view) Text(name string) string { return v.text(v.Lang, "web."+name) }

// In is a text in another language.
func (v view) In(lang, name string) string { return v.text(lang, "web."+name) }

// policy lets the page load its own files and talk to its own server, nothing
// else. Thumbnails of photos not sent yet are data: images.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// servePage answers GET /chat, in the language of ?lang= or else the default,
// and gives a new visitor a chat.
func (c *Channel) servePage(w http.ResponseWriter, r *http.Request) {
	id := newID()
	if chat, ok := c.chat(r); ok {
		id = chat.ID
	}
	v := view{Lang: c.config.Langs[0], Demo: c.config.Demo, text: c.config.Texts}
	if lang := r.URL.Query().Get("lang"); slices.Contains(c.config.Langs, lang) {
		v.Lang = lang
	}
	for _, lang := range c.config.Langs {
		if lang != v.Lang {
			v.Langs = append(v.Langs, lang)
		}
	}
	var html bytes.Buffer
	if err := c.page.template.Execute(&html, v); err != nil {
		slog.ErrorContext(r.Context(), "web: page", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	http.SetCookie(w, c.Cookie(id))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store") // it carries the cookie
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(html.Bytes())
}

// serveAsset answers for the files of the page; a browser asks each time
// whether its copy is the current one.
func (p *page) serveAsset(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("asset"))
	a, ok := p.assets[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", a.tag)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(a.content))
}
