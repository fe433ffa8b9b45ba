package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"lensan/bot"
)

// offer puts a file where files are kept and says it in a chat's journal.
func (h *house) offer(t testing.TB, to bot.Chat, a bot.Attachment, content []byte) bot.Past {
	t.Helper()
	if err := h.Put(t.Context(), a.Key, a.Type, strings.NewReader(string(content))); err != nil {
		t.Fatal(err)
	}
	a.Size = int64(len(content))
	h.mu.Lock()
	defer h.mu.Unlock()
	h.add(to, bot.Past{Replies: []bot.Reply{{Text: "Đây ạ."}, {File: &a, Unasked: &bot.Unasked{Phone: "0912345678"}}}})
	return h.turns[to][len(h.turns[to])-1]
}

func TestFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	jpg := picture(t, 40, 30)
	for name, tt := range map[string]struct {
		file                     bot.Attachment
		content                  []byte
		contentType, disposition string
	}{
		"photo": {bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg"}, jpg,
			"image/jpeg", `inline; filename=gao-seng-cu.jpg`},
		"pdf": {bot.Attachment{Key: "guides/1.pdf", Name: "hướng dẫn.pdf", Type: "application/pdf"}, []byte("%PDF-1.7"),
			"application/pdf", `attachment; filename*=utf-8''h%C6%B0%E1%BB%9Bng%20d%E1%BA%ABn.pdf`},
		"svg": {bot.Attachment{Key: "a.svg", Name: "a.svg", Type: "image/svg+xml"}, []byte("<svg onload='alert(1)'/>"),
			"application/octet-stream", `attachment; filename=a.svg`},
		"page": {bot.Attachment{Key: "a.html", Name: "a.html", Type: "text/html"}, []byte("<script>alert(1)</script>"),
			"application/octet-stream", `attachment; filename=a.html`},
		"a name with a line in it": {bot.Attachment{Key: "b", Name: "a\"\r\nSet-Cookie: x=1", Type: "image/png"}, jpg,
			"image/png", `inline; filename*=utf-8''a%22%0D%0ASet-Cookie%3A%20x%3D1`},
	} {
		p := h.offer(t, chat, tt.file, tt.content)
		path := fmt.Sprintf("/chat/file/%d/1", p.Turn)
		res, body := h.do(t, h.request(t, "GET", path, person, ""))
		if res.StatusCode != 200 || body != string(tt.content) {
			t.Errorf("%s: status %d, %d bytes of %d", name, res.StatusCode, len(body), len(tt.content))
		}
		for header, want := range map[string]string{
			"Content-Type": tt.contentType, "Content-Disposition": tt.disposition, "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache", "Set-Cookie": "",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s: %q, want %q", name, header, got, want)
			}
		}
		again, body := h.do(t, h.request(t, "GET", path, person, "", "If-None-Match", res.Header.Get("ETag")))
		if again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s again: %d, want 304", name, again.StatusCode)
		}
		for who, r := range map[string]*http.Request{
			"no cookie": h.request(t, "GET", path, "", ""), "a forged cookie": h.request(t, "GET", path, "", "", "Cookie", cookieName+"="+person+".x"),
		} {
			if res, body := h.do(t, r); res.StatusCode != 401 || body != "" {
				t.Errorf("%s, %s: %d", name, who, res.StatusCode)
			}
		}
		if res, _ := h.do(t, h.request(t, "GET", path, "SOMEBODYELSE", "")); res.StatusCode != 404 {
			t.Errorf("%s: another chat's cookie: %d", name, res.StatusCode)
		}
	}
}

func TestFileNotThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.offer(t, chat, bot.Attachment{Key: "photos/1.jpg", Name: "a.jpg", Type: "image/jpeg"}, picture(t, 4, 3))
	for _, path := range []string{"/0/0", "/-1/1", "/1/0", "/1/2", "/1/-1", "/1/99999999999", "/2/1", "/a/1", "/1/photos%2F1.jpg", "/1", "/9223372036854775807/1"} {
		if res, _ := h.do(t, h.request(t, "GET", "/chat/file"+path, person, "")); res.StatusCode != 404 {
			t.Errorf("%s: %d, want 404", path, res.StatusCode)
		}
	}
	h.mu.Lock()
	delete(h.files, "photos/1.jpg") // "delete me"
	h.mu.Unlock()
	if res, _ := h.do(t, h.request(t, "GET", fmt.Sprintf("/chat/file/%d/1", p.Turn), person, "")); res.StatusCode != 404 {
		t.Errorf("a deleted file: %d, want 404", res.StatusCode)
	}
	broken := newHouse(t, func(c *Config) { c.Files = away{} })
	broken.turns[chat] = h.turns[chat]
	if res, _ := broken.do(t, broken.request(t, "GET", "/chat/file/1/1", person, "")); res.StatusCode != 503 {
		t.Errorf("files cannot be reached: %d, want 503", res.StatusCode)
	}
}

// away is a place for files that cannot be reached.
type away struct{ Files }

func (away) Get(context.Context, string) (io.ReadCloser, error) { return nil, errors.New("away") }

// TestEventsNameFiles: the page learns where to get a file, and neither where it
// lies nor what else stands in the journal.
func TestEventsNameFiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	kept := h.offer(t, chat, bot.Attachment{Key: "photos/1.jpg", Name: "a.jpg", Type: "image/jpeg"}, picture(t, 4, 3))
	got := shown(kept)
	want := bot.Attachment{Name: "a.jpg", Type: "image/jpeg", Size: kept.Replies[1].File.Size, Link: "/chat/file/1/1"}
	if f := got.Replies[1].File; f == nil || *f != want || got.Replies[1].Unasked != nil {
		t.Errorf("the page gets %+v", got.Replies[1])
	}
	large := bot.Attachment{Key: "a.zip", Name: "a.zip", Size: maxFile + 1, Link: "https://lensan.example/file/abc"}
	if got := shown(bot.Past{Replies: []bot.Reply{{Text: "Đây ạ.", File: &large}}}).Replies[0]; got.File != nil || got.Text != "Đây ạ.\na.zip: "+large.Link {
		t.Errorf("of a file the page does not get itself it has %+v, not the link", got)
	}
	if kept.Replies[1].File.Key != "photos/1.jpg" || kept.Replies[1].Unasked == nil {
		t.Error("the journal's own turn was changed")
	}
}

// A picture is drawn, at most as wide as its bubble; a document is a link with
// its size.
func TestFilesInABrowser(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{360, 640}, {1280, 800}} {
		h := newTalk(t)
		b := openPage(t, h, size[0], size[1])
		b.until("document.querySelectorAll('.choices button:enabled').length === 6")
		h.offer(t, h.person(), bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg"}, picture(t, 1600, 1200))
		h.offer(t, h.person(), bot.Attachment{Key: "guides/1.pdf", Name: "huong-dan.pdf", Type: "application/pdf"}, make([]byte, 1_290_000))
		h.offer(t, h.person(), bot.Attachment{Key: "photos/2.png", Name: "mat-ong.jpg", Type: "image/png"}, picture(t, 90, 60))
		b.same(h, 1)
		b.until("[...document.querySelectorAll('.bot img')].filter(e => e.complete && e.naturalWidth > 0).length === 2")
		for _, wide := range value[[]float64](b, "[...document.querySelectorAll('.bot img')].map(e => e.getBoundingClientRect().width / e.closest('.bubble').clientWidth)") {
			if wide > 1 {
				t.Errorf("%s: a picture is %.2f times as wide as its bubble", b.size, wide)
			}
		}
		if got := value[string](b, "[...document.querySelectorAll('.bot img')].map(e => e.alt + ' ' + e.loading + ' ' + e.naturalWidth).join()"); got != "Ảnh: gao-seng-cu.jpg lazy 1600,Ảnh: mat-ong.jpg lazy 90" {
			t.Errorf("%s: pictures: %s", b.size, got)
		}
		if got := value[string](b, "[...document.querySelectorAll('.bot a')].map(e => e.textContent + e.getAttribute('href')).join()"); got != "/chat/file/2/1,huong-dan.pdf (1,3 MB)/chat/file/3/1,/chat/file/4/1" {
			t.Errorf("%s: links: %s", b.size, got)
		}
		if !value[bool](b, "(e => e.scrollHeight - e.scrollTop - e.clientHeight < 120)(document.getElementById('log'))") {
			t.Errorf("%s: the pictures pushed the end of the talk out of sight", b.size)
		}
		b.whole()
		b.shot("9-files")
	}
}
