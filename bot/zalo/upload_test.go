package zalo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

// place is a place for files that counts how often each is opened.
type place struct {
	mu     sync.Mutex
	files  map[string][]byte
	opened map[string]int
}

func (p *place) open(_ context.Context, key string) (io.ReadCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	content, ok := p.files[key]
	if !ok {
		return nil, bot.ErrGone
	}
	if p.opened == nil {
		p.opened = map[string]int{}
	}
	p.opened[key]++
	return io.NopCloser(bytes.NewReader(content)), nil
}

func part(key, name, kind string, size int) bot.Reply {
	return bot.Reply{File: &bot.Attachment{Key: key, Name: name, Type: kind, Size: int64(size)}}
}

// noise is a picture that does not compress.
func noise(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32())
	}
	return img
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestUploads: every kind of file arrives; the fake refuses what is too large or
// of another kind. Pictures arrive scaled down.
func TestUploads(t *testing.T) {
	t.Parallel()
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.White, color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	small := asJPEG(t, image.NewGray(image.Rect(0, 0, 40, 30)))
	for name, v := range map[string]struct {
		kind    string
		content []byte
		want    bot.Attachment
		same    bool
	}{
		"small.jpg":  {"image/jpeg", small, bot.Attachment{Name: "small.jpg", Type: "image/jpeg"}, true},
		"small.png":  {"image/png", asPNG(t, image.NewGray(image.Rect(0, 0, 40, 30))), bot.Attachment{Name: "small.png", Type: "image/png"}, true},
		"named.jpg":  {"image/jpeg", asPNG(t, image.NewGray(image.Rect(0, 0, 40, 30))), bot.Attachment{Name: "named.png", Type: "image/png"}, true},
		"wide.png":   {"image/png", asPNG(t, image.NewGray(image.Rect(0, 0, 5000, 20))), bot.Attachment{Name: "wide.jpg", Type: "image/jpeg"}, false},
		"large.jpg":  {"image/jpeg", asJPEG(t, noise(1700, 1200)), bot.Attachment{Name: "large.jpg", Type: "image/jpeg"}, false},
		"large.png":  {"image/png", asPNG(t, noise(640, 640)), bot.Attachment{Name: "large.jpg", Type: "image/jpeg"}, false},
		"moving.gif": {"image/gif", moving.Bytes(), bot.Attachment{Name: "moving.gif", Type: "image/gif"}, true},
		"giấy.pdf":   {"application/pdf", []byte("%PDF-1.4 giấy"), bot.Attachment{Name: "giấy.pdf", Type: ".pdf"}, true},
		"list.csv":   {"text/csv", []byte("a,b\n"), bot.Attachment{Name: "list.csv", Type: ".csv"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &place{files: map[string][]byte{"k": v.content}}
			c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.Open = p.open })
			if err := c.Send(t.Context(), may, part("k", name, v.kind, len(v.content))); err != nil {
				t.Fatal(err)
			}
			got := fake.Sent(person)
			if len(got) != 1 || got[0].File == nil || got[0].File.Name != v.want.Name || !strings.HasPrefix(got[0].File.Type, v.want.Type) {
				t.Fatalf("the person got %+v", got)
			}
			if size := got[0].File.Size; size > 1_000_000 || v.same != (size == int64(len(v.content))) {
				t.Errorf("%d bytes of %d arrived", size, len(v.content))
			}
		})
	}
}

// TestUploadRequests keeps the calls of an upload and of what carries it.
func TestUploadRequests(t *testing.T) {
	p := &place{files: map[string][]byte{"a": asJPEG(t, image.NewGray(image.Rect(0, 0, 4, 3))), "b": []byte("%PDF-1.4")}}
	c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.Open = p.open })
	for _, r := range []bot.Reply{part("a", "a.jpg", "image/jpeg", 9), part("b", "b.pdf", "application/pdf", 9)} {
		if err := c.Send(t.Context(), may, r); err != nil {
			t.Fatal(err)
		}
	}
	bottest.Golden(t, filepath.Join("testdata", "requests", "uploads.json"), asJSON(t, fake.Calls()))
}

// TestUploadKept: a file is uploaded once for many people, again after six days,
// and again when the platform no longer has it.
func TestUploadKept(t *testing.T) {
	p := &place{files: map[string][]byte{"k": asJPEG(t, image.NewGray(image.Rect(0, 0, 40, 30)))}}
	now := time.Now()
	c, fake := newChannel(t, func(cfg *zalo.Config) {
		cfg.Open = p.open
		cfg.Now = func() time.Time { return now }
	})
	send := func(want int) {
		t.Helper()
		if err := c.Send(t.Context(), may, part("k", "a.jpg", "image/jpeg", 9)); err != nil || p.opened["k"] != want {
			t.Fatalf("%v; uploaded %d times, want %d", err, p.opened["k"], want)
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := c.Send(t.Context(), may, part("k", "a.jpg", "image/jpeg", 9)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	send(1)
	fake.ForgetUploads()
	send(2)
	now = now.Add(6*24*time.Hour - time.Second)
	send(2)
	now = now.Add(time.Second)
	send(3)
	expired := fake.Refusal(-100, "attachment expired")
	fake.Fail(expired, fake.Late(0), expired) // the send, the upload, the send again
	err := c.Send(t.Context(), may, part("k", "a.jpg", "image/jpeg", 9))
	if err == nil || errors.Is(err, bot.ErrUnknown) || p.opened["k"] != 4 {
		t.Errorf("%v; uploaded %d times", err, p.opened["k"])
	}
}

// TestUnfit: what is not what it says goes as its link, if it has one.
func TestUnfit(t *testing.T) {
	t.Parallel()
	header := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(header[16:], 60_000) // says that it is 60,000 x 60,000
	binary.BigEndian.PutUint32(header[20:], 60_000)
	for name, content := range map[string][]byte{"no picture": []byte("<svg/>"), "a bomb": header, "cut off": asPNG(t, noise(640, 640))[:1_200_000], "too large": make([]byte, 21<<20)} {
		p := &place{files: map[string][]byte{"k": content}}
		c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.Open = p.open })
		r := part("k", "a.png", "image/png", 9)
		if err := c.Send(t.Context(), may, r); err == nil || errors.Is(err, bot.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
		r.File.Link = "https://lensan.example/file/abc"
		if err := c.Send(t.Context(), may, r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := fake.Sent(person); len(got) != 1 || got[0].Text != "a.png: https://lensan.example/file/abc" {
			t.Errorf("%s: the person got %+v", name, got)
		}
	}
	c, fake := newChannel(t)
	if err := c.Send(t.Context(), may, part("nowhere", "a.png", "image/png", 9)); err == nil || errors.Is(err, bot.ErrGone) || len(fake.Sent(person)) > 0 {
		t.Errorf("a file that is not there: %v", err)
	}
}
