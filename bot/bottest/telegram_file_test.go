package bottest

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"strings"
	"testing"
)

// drawn is a PNG of a size.
func drawn(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTelegramRefusesFiles: what the platform would not take fails the test of
// whoever sends it.
func TestTelegramRefusesFiles(t *testing.T) {
	w := &witness{TB: t}
	f := NewTelegram(w)
	small := drawn(t, 30, 20)
	for name, c := range map[string]struct {
		method, field, file, content, caption string
		status                                int
	}{
		"photo":              {"sendPhoto", "photo", "a.png", small, "Gạo", 200},
		"photo of 10 MB":     {"sendPhoto", "photo", "a.png", small + strings.Repeat("x", maxTelegramPhoto-len(small)), "", 200},
		"larger photo":       {"sendPhoto", "photo", "a.png", small + strings.Repeat("x", maxTelegramPhoto-len(small)+1), "", 400},
		"photo that is none": {"sendPhoto", "photo", "a.png", "no picture", "", 400},
		"long photo":         {"sendPhoto", "photo", "a.png", drawn(t, 2001, 100), "", 400},
		"large photo":        {"sendPhoto", "photo", "a.png", drawn(t, 5001, 5000), "", 400},
		"empty":              {"sendDocument", "document", "a.pdf", "", "", 400},
		"caption":            {"sendDocument", "document", "a.pdf", "%PDF", strings.Repeat("ạ", 1024), 200},
		"longer caption":     {"sendDocument", "document", "a.pdf", "%PDF", strings.Repeat("ạ", 1025), 400},
		"no file name":       {"sendDocument", "document", "", "%PDF", "", 400},
		"another field":      {"sendDocument", "photo", "a.png", small, "", 400},
		"document of 50 MB":  {"sendDocument", "document", "a.pdf", strings.Repeat("x", maxTelegramFile), "", 200},
		"larger document":    {"sendDocument", "document", "a.pdf", strings.Repeat("x", maxTelegramFile+1), "", 400},
	} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile(c.field, c.file)
		if err == nil {
			_, err = part.Write([]byte(c.content))
		}
		for k, v := range map[string]string{"chat_id": "5", "caption": c.caption} {
			if err == nil {
				err = form.WriteField(k, v)
			}
		}
		if err != nil || form.Close() != nil {
			t.Fatal(err)
		}
		w.said = nil
		status, description := callAs(t, f, "/bot"+f.Token+"/"+c.method, form.FormDataContentType(), &body)
		if status != c.status || (len(w.said) > 0) != (status != 200) {
			t.Errorf("%s: %d %s; the test is told %q", name, status, description, w.said)
		}
	}
	w.said = nil
	if status, _ := call(t, f, "/bot"+f.Token+"/sendPhoto", `{"chat_id":5,"photo":"https://lensan.example/a.jpg"}`); status != 400 {
		t.Error("a photo was sent by its address")
	}
	sent := f.Sent(5)
	for _, r := range sent {
		if r.File == nil || int64(len(f.Content(r.File.Key))) != r.File.Size {
			t.Errorf("sent: %+v", r)
		}
	}
	if len(sent) != 4 {
		t.Errorf("%d files arrived, want 4", len(sent))
	}
}
