package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lensan/bot"
)

// serveFile answers with the file of a reply. The address names turn and reply,
// and they are looked up in the journal of the chat whose cookie it is: so a page
// gets what was said to it, and nothing else.
func (c *Channel) serveFile(w http.ResponseWriter, r *http.Request) {
	chat, ok := c.chat(r)
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	turn, err := strconv.ParseInt(r.PathValue("turn"), 10, 64)
	n, err2 := strconv.ParseUint(r.PathValue("reply"), 10, 16)
	if err != nil || err2 != nil || turn < 1 {
		http.NotFound(w, r)
		return
	}
	past, err := c.config.History.After(r.Context(), chat, turn-1, 1)
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if len(past) == 0 || past[0].Turn != turn || int(n) >= len(past[0].Replies) || past[0].Replies[n].File == nil || !carries(*past[0].Replies[n].File) {
		http.NotFound(w, r)
		return
	}
	a := *past[0].Replies[n].File
	content, err := c.config.Files.Get(r.Context(), a.Key)
	if errors.Is(err, fs.ErrNotExist) { // deleted since
		http.NotFound(w, r)
		return
	}
	if err != nil {
		slog.ErrorContext(r.Context(), "web: file not opened", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer content.Close()
	ServeFile(w, r, a, content)
}

// carries tells whether the page gets a file itself.
func carries(a bot.Attachment) bool { return a.Key != "" && a.Size <= maxFile }

// shown is a turn as the page has it: a file is named by its address there, and
// not by where it lies, or its link is said, as [bot.Parts] does; what decided a
// route is left out.
func shown(p bot.Past) bot.Past {
	p.Replies = slices.Clone(p.Replies)
	for i := range p.Replies {
		r := &p.Replies[i]
		r.Unasked = nil
		if r.File == nil {
			continue
		}
		a := *r.File
		if !carries(a) {
			r.File = nil
			if a.Link != "" {
				r.Text += "\n" + a.Name + ": " + a.Link
			}
			continue
		}
		a.Key, a.Link = "", fmt.Sprintf("/chat/file/%d/%d", p.Turn, i)
		r.File = &a
	}
	return p
}

// kinds are the types that browsers are told, and what they are to do with them.
// Every other file is only bytes to be saved: an SVG or a page would run in our
// name.
var kinds = map[string]string{
	"image/jpeg": "inline", "image/png": "inline", "image/webp": "inline", "image/gif": "inline", "application/pdf": "attachment",
}

const (
	maxFile  = 20 << 20        // bytes, as much as we keep of any file; about 1.4 Mbit/s bring it within sendTime
	sendTime = 2 * time.Minute // for one file over a poor line
)

// ServeFile answers with a file as browsers may safely have it: pictures are
// shown, everything else is saved. A browser asks each time whether the file is
// still there.
func ServeFile(w http.ResponseWriter, r *http.Request, a bot.Attachment, content io.Reader) {
	contentType, disposition := a.Type, kinds[a.Type]
	if disposition == "" {
		contentType, disposition = "application/octet-stream", "attachment"
	}
	sum := sha256.Sum256([]byte(a.Key)) // what lies at a key does not change
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": a.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.FormatInt(a.Size, 10))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(sendTime))
	_, _ = io.Copy(w, io.LimitReader(content, a.Size)) // who has gone needs no answer
}
