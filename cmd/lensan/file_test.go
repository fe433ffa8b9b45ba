package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/web"
	"lensan/store"
)

// shelf is a place for files that has these.
type shelf map[string]string

func (s shelf) Put(context.Context, string, string, io.Reader) error { return errors.ErrUnsupported }

func (s shelf) Get(_ context.Context, name string) (io.ReadCloser, error) {
	content, ok := s[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

var _ web.Files = shelf{}

// TestLinks: an address gives its file for a week, to whoever has it, and no
// other address does.
func TestLinks(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 22, 9, 0, 0, 0, store.Zone)
	now := from
	l := &links{secret: []byte("a secret of the tests of files"), base: "https://lensan.example", files: shelf{"photos/1.jpg": "a photo", "a.html": "<script>"},
		now: func() time.Time { return now }, gone: "hết hạn\n\nexpired"}
	other := *l
	other.secret = []byte("the secret of somebody else")
	mux := (&service{links: l, log: slog.New(slog.DiscardHandler), registry: prometheus.NewRegistry()}).routes()
	get := func(address string) *httptest.ResponseRecorder {
		t.Helper()
		path, ok := strings.CutPrefix(address, "https://lensan.example")
		if !ok {
			t.Fatalf("%q is no address of ours", address)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}

	photo := bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg", Size: 7}
	address := l.address(photo, from)
	if again := l.address(photo, from); again != address {
		t.Error("the same file at the same time has two addresses")
	}
	for _, at := range []time.Duration{0, linkTime} {
		now = from.Add(at)
		w := get(address)
		if w.Code != 200 || w.Body.String() != "a photo" || w.Header().Get("Content-Type") != "image/jpeg" ||
			w.Header().Get("Content-Disposition") != "inline; filename=gao-seng-cu.jpg" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("after %s: %d %q %v", at, w.Code, w.Body, w.Header())
		}
	}
	page := get(l.address(bot.Attachment{Key: "a.html", Name: "a.html", Type: "text/html", Size: 8}, now))
	if page.Header().Get("Content-Type") != "application/octet-stream" || page.Header().Get("Content-Disposition") != "attachment; filename=a.html" {
		t.Errorf("a page would be shown: %v", page.Header())
	}

	now = from.Add(linkTime + time.Second)
	for name, gone := range map[string]string{
		"expired": address,
		"deleted": l.address(bot.Attachment{Key: "photos/2.jpg", Name: "a.jpg", Type: "image/jpeg", Size: 7}, now),
	} {
		if w := get(gone); w.Code != http.StatusGone || strings.TrimSpace(w.Body.String()) != "hết hạn\n\nexpired" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
	}

	now = from
	said, signature, _ := strings.Cut(strings.TrimPrefix(address, "https://lensan.example/file/"), ".")
	later := base64.RawURLEncoding.EncodeToString([]byte(`{"k":"a.html","n":"a.html","t":"text/html","s":8,"u":9999999999}`))
	for name, token := range map[string]string{
		"not signed": said, "signed with nothing": said + ".", "another's signature": later + "." + signature, "cut": said + "." + signature[:20],
		"of another service": strings.TrimPrefix(other.address(photo, from), "https://lensan.example/file/"), "not base64": "%21." + signature, "nothing": "x",
	} {
		if w := get("https://lensan.example/file/" + token); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", name, w.Code)
		}
	}

	if got := (*links)(nil).address(photo, now); got != "" {
		t.Errorf("without a public address a file is at %q", got)
	}
}

// TestPhotoShown: whoever looks at a product on Telegram is sent its photo from
// where files are kept.
func TestPhotoShown(t *testing.T) {
	t.Parallel()
	fake, database := bottest.NewTelegram(t), bottest.Database(t)
	place := "file://" + filepath.Join(bottest.Dir(t), "files")
	p := start(t, append(telegramEnv(fake), "DATABASE_URL="+database, "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+bottest.Dir(t), "LENSAN_FILES="+place)...)
	l := &lan{t: t, fake: fake, p: p, chat: 5550001, database: database}
	l.registers("Gạo Séng Cù")

	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	blobs, err := store.OpenBlobs(place)
	if err == nil {
		err = blobs.Put(t.Context(), "photos/1.jpg", "image/jpeg", bytes.NewReader(photo.Bytes()), int64(photo.Len()))
	}
	if err != nil {
		t.Fatal(err)
	}
	db := openStore(t, database)
	err = db.Change(t.Context(), func(tx *store.Tx) error { // as the job does
		return tx.MarkFetched(t.Context(), store.File{ID: 1, Key: "photos/1.jpg", Type: "image/jpeg", Size: int64(photo.Len()), SHA256: make([]byte, 32)})
	})
	if err != nil {
		t.Fatal(err)
	}

	before := len(fake.Sent(l.chat))
	l.says("san pham cua toi")
	eventually(t, "photo and text", 20*time.Second, func() bool { return len(fake.Sent(l.chat)) == before+2 })
	got := fake.Sent(l.chat)[before:]
	if f := got[0].File; f == nil || f.Name != "gao-seng-cu.jpg" || !bytes.Equal(fake.Content(f.Key), photo.Bytes()) {
		t.Errorf("first came %+v, not the photo", got[0])
	}
	if !strings.HasPrefix(got[1].Text, "Gạo Séng Cù (SP-000001)") || len(got[1].Options) == 0 {
		t.Errorf("then came %+v, not the product", got[1])
	}
	if calls := fake.Calls(); calls[len(calls)-2].Method != "sendPhoto" {
		t.Errorf("it was sent with %s", calls[len(calls)-2].Method)
	}
}

// TestTerminalShows: a file is a line with its name, as transcripts have it.
func TestTerminalShows(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	lan := &terminal{out: &out, chat: bot.Chat{Channel: "terminal", ID: "lan"}}
	photo := bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg", Size: 7}
	guide := bot.Attachment{Key: "guides/1.pdf", Name: "huong-dan.pdf", Type: "application/pdf", Size: 7}
	for _, r := range []bot.Reply{{Text: "Gạo Séng Cù", File: &photo}, {File: &guide}} {
		for _, part := range bot.Parts(r, lan.Can()) {
			if err := lan.Send(t.Context(), lan.chat, part); err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := "(ảnh gao-seng-cu.jpg)\n\nGạo Séng Cù\n\n(tệp huong-dan.pdf)\n\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}
