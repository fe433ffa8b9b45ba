package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"lensan/bot"
)

// picture is a JPEG of the given size with something to see on it.
func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		x, y := i%img.YStride, i/img.YStride
		img.Y[i] = byte(90 + 90*x/width + 60*y/height)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 95, 120
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPhoto(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	jpg := picture(t, 40, 30)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	webp := "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
	for name, tt := range map[string]struct {
		body   string
		told   string
		status int
		ending string
	}{
		"jpeg":             {string(jpg), "image/jpeg", 200, ".jpg"},
		"jpeg called text": {string(jpg), "text/plain", 200, ".jpg"},
		"png":              {b.String(), "image/png", 200, ".png"},
		"webp":             {webp, "image/webp", 200, ".webp"},
		"gif":              {"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/gif", 415, ""},
		"page":             {"<html><script>alert(1)</script>", "image/jpeg", 415, ""},
		"svg":              {"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415, ""},
		"empty":            {"", "image/jpeg", 415, ""},
		"10 MB":            {string(jpg) + strings.Repeat("x", maxPhoto-len(jpg)), "image/jpeg", 200, ".jpg"},
		"more":             {string(jpg) + strings.Repeat("x", maxPhoto-len(jpg)+1), "image/jpeg", 413, ""},
	} {
		for _, form := range []bool{false, true} {
			body, told := tt.body, tt.told
			if form {
				body, told = multipartOf(t, tt.body)
			}
			res, answer := h.do(t, h.request(t, "POST", "/chat/photo", person, body, "Content-Type", told))
			if res.StatusCode != tt.status {
				t.Errorf("%s (form %v): status %d, want %d", name, form, res.StatusCode, tt.status)
			}
			if tt.status != 200 {
				continue
			}
			var file struct{ ID string }
			if err := json.Unmarshal([]byte(answer), &file); err != nil || !strings.HasSuffix(file.ID, tt.ending) || !h.channel.ours(chat, file.ID) {
				t.Errorf("%s (form %v): answer %s (%v)", name, form, answer, err)
			}
			r, err := h.channel.Fetch(t.Context(), bot.File{Channel: "web", ID: file.ID})
			if err != nil {
				t.Errorf("%s (form %v): fetch: %v", name, form, err)
				continue
			}
			if kept, _ := io.ReadAll(r); string(kept) != tt.body {
				t.Errorf("%s (form %v): kept %d bytes of %d", name, form, len(kept), len(tt.body))
			}
		}
	}
	if len(h.files) != 4 {
		t.Errorf("%d files kept, want 4: the same photo twice is one file", len(h.files))
	}
	for name := range h.files {
		if strings.Contains(name, person) {
			t.Errorf("the file's name %s tells the chat", name)
		}
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, tt := range map[string]struct {
		name, body string
		status     int
		ending     string
	}{
		"xlsx":          {"Danh sách OCOP.xlsx", "PK\x03\x04", 200, ".xlsx"},
		"in capitals":   {"DS.XLSX", "PK\x03\x04", 200, ".xlsx"},
		"csv":           {"ds.csv", "a;b", 200, ".csv"},
		"page":          {"a.html", "<html>", 415, ""},
		"no name":       {"", "a;b", 415, ""},
		"a path":        {"../../a.csv/", "a;b", 415, ""},
		"empty":         {"ds.csv", "", 415, ""},
		"20 MB":         {"ds.csv", strings.Repeat("x", maxDocument), 200, ".csv"},
		"more":          {"ds.csv", strings.Repeat("x", maxDocument+1), 413, ""},
		"another photo": {"a.jpg", "\xff\xd8\xff", 415, ""},
	} {
		res, answer := h.do(t, h.request(t, "POST", "/chat/document?name="+url.QueryEscape(tt.name), person, tt.body))
		if res.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", name, res.StatusCode, tt.status)
		}
		if tt.status != 200 {
			continue
		}
		var file struct{ ID string }
		if err := json.Unmarshal([]byte(answer), &file); err != nil || !strings.HasSuffix(file.ID, tt.ending) || !h.channel.ours(chat, file.ID) {
			t.Errorf("%s: answer %s (%v)", name, answer, err)
		}
		r, err := h.channel.Fetch(t.Context(), bot.File{Channel: "web", ID: file.ID})
		if err != nil {
			t.Errorf("%s: fetch: %v", name, err)
			continue
		}
		if kept, _ := io.ReadAll(r); string(kept) != tt.body {
			t.Errorf("%s: kept %d bytes of %d", name, len(kept), len(tt.body))
		}
	}
	if res, _ := h.do(t, h.request(t, "POST", "/chat/document?name=a.csv", "", "a")); res.StatusCode != 401 {
		t.Errorf("without a cookie: status %d", res.StatusCode)
	}
}

func multipartOf(t *testing.T, content string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("note", "not a file")
	part, err := w.CreateFormFile("photo", "IMG_0001.JPG")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	w.Close()
	return b.String(), w.FormDataContentType()
}

func TestPhotoForged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	jpg := string(picture(t, 4, 4))
	for name, r := range map[string]*http.Request{
		"no cookie":    h.request(t, "POST", "/chat/photo", "", jpg),
		"another site": h.request(t, "POST", "/chat/photo", person, jpg, "Sec-Fetch-Site", "cross-site"),
	} {
		if res, _ := h.do(t, r); res.StatusCode != 401 {
			t.Errorf("%s: %d, want 401", name, res.StatusCode)
		}
	}
	if len(h.files) != 0 {
		t.Error("a forged photo was kept")
	}
}

func TestFetchGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, f := range []bot.File{
		{Channel: "web", ID: h.channel.folder(chat) + strings.Repeat("ab", 16) + ".jpg"}, // never uploaded
		{Channel: "web", ID: "../secret"},
		{Channel: "telegram", ID: "x"},
	} {
		if _, err := h.channel.Fetch(t.Context(), f); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%v: %v, want ErrGone", f, err)
		}
	}
}

func TestDocumentInABrowser(t *testing.T) {
	t.Parallel()
	h := newTalk(t)
	b := openPage(t, h, 320, 568)
	b.until("document.querySelectorAll('.choices button:enabled').length === 6")
	dir := t.TempDir()
	choose := func(name, content string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
	}
	h.swallow.Store(1)
	choose("Danh sách 2025.csv", "Tên sản phẩm;Hạng\nGạo Séng Cù;4")
	b.same(h, 2)
	b.whole()
	b.shot("8-document")
	m := h.messages()[1]
	h.mu.Lock()
	content := h.files[m.Files[0].ID]
	h.mu.Unlock()
	if m.Kind != bot.KindFile || m.Files[0].Name != "Danh sách 2025.csv" || m.Files[0].Type != "text/csv" || !strings.HasSuffix(string(content), "Séng Cù;4") {
		t.Errorf("came: %+v with %q", m, content)
	}

	for name, content := range map[string]string{"empty.csv": "", "large.csv": strings.Repeat("x", maxDocument+1)} {
		choose(name, content)
		b.until("document.getElementById('status').textContent === document.body.dataset.fileRefused")
	}
	choose("page.html", "<html>") // a browser may let somebody choose it
	b.until("document.querySelector('.refused .state').textContent === document.body.dataset.fileRefused")
	if got := len(h.messages()); got != 2 {
		t.Errorf("%d messages came", got)
	}
	b.do(chromedp.Reload())
	b.same(h, 2)
}
