package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"strings"
	"testing"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/telegram"
)

// files are those that can be opened, by key.
var files = map[string][]byte{
	"photos/1.jpg":   picture(400, 300),
	"guides/ocop.md": []byte("# Hướng dẫn OCOP\n"),
}

var (
	photo = bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg", Size: int64(len(files["photos/1.jpg"]))}
	guide = bot.Attachment{Key: "guides/ocop.md", Name: `hướng dẫn "OCOP".md`, Type: "text/markdown", Size: int64(len(files["guides/ocop.md"]))}
)

func open(_ context.Context, key string) (io.ReadCloser, error) {
	content, ok := files[key]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: key, Err: errors.Join(fs.ErrNotExist, bot.ErrGone)}
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// picture is a JPEG of a size.
func picture(width, height int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// TestPhotoOrDocument: what Telegram refuses as a photo goes as a document; the
// fake refuses a photo past its limits.
func TestPhotoOrDocument(t *testing.T) {
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	small := picture(40, 30)
	for name, c := range map[string]struct {
		contentType string
		content     []byte
		method      string
	}{
		"jpeg":               {"image/jpeg", small, "sendPhoto"},
		"png":                {"image/png", drawn.Bytes(), "sendPhoto"},
		"10 MB":              {"image/jpeg", append(small[:len(small):len(small)], make([]byte, telegram.MaxPhoto-len(small))...), "sendPhoto"},
		"more":               {"image/jpeg", append(small[:len(small):len(small)], make([]byte, telegram.MaxPhoto-len(small)+1)...), "sendDocument"},
		"longest":            {"image/jpeg", picture(2000, 100), "sendPhoto"},
		"too long":           {"image/jpeg", picture(2001, 100), "sendDocument"},
		"too high":           {"image/jpeg", picture(100, 2001), "sendDocument"},
		"largest":            {"image/jpeg", picture(5000, 5000), "sendPhoto"},
		"too large":          {"image/jpeg", picture(5001, 5000), "sendDocument"},
		"no picture":         {"image/jpeg", []byte("no picture"), "sendDocument"},
		"webp":               {"image/webp", []byte("RIFF...."), "sendDocument"},
		"svg":                {"image/svg+xml", []byte("<svg/>"), "sendDocument"},
		"picture of no kind": {"application/octet-stream", small, "sendDocument"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := bottest.NewTelegram(t)
			ch, err := telegram.New(telegram.Config{Token: fake.Token, APIURL: fake.URL,
				Open: func(context.Context, string) (io.ReadCloser, error) {
					return io.NopCloser(bytes.NewReader(c.content)), nil
				}})
			if err != nil {
				t.Fatal(err)
			}
			a := bot.Attachment{Key: "a", Name: "a", Type: c.contentType, Size: int64(len(c.content))}
			if err := ch.Send(t.Context(), lan, bot.Reply{File: &a}); err != nil {
				t.Fatal(err)
			}
			if got := fake.Calls(); len(got) != 1 || got[0].Method != c.method {
				t.Errorf("%d calls, first %s, want %s", len(got), got[0].Method, c.method)
			}
			if got := fake.Sent(person)[0].File; got.Type != a.Type || !bytes.Equal(fake.Content(got.Key), c.content) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCarries(t *testing.T) {
	c, _ := newChannel(t)
	largest := photo
	largest.Size = telegram.MaxDocument
	larger, empty, nameless := largest, photo, photo
	larger.Size++
	empty.Size, nameless.Name = 0, ""
	for a, want := range map[bot.Attachment]bool{photo: true, guide: true, largest: true, larger: false, empty: false, nameless: false} {
		if got := c.Can().Carries(a); got != want {
			t.Errorf("%+v: %v", a, got)
		}
	}
	without, err := telegram.New(telegram.Config{Token: "1:x"})
	if err != nil {
		t.Fatal(err)
	}
	if without.Can().Carries(photo) {
		t.Error("a channel that can open nothing says that it carries files")
	}
}

// TestFileNotSent: nothing goes out of a file that is not what was said, or not
// there any more, and its error says nothing of the person.
func TestFileNotSent(t *testing.T) {
	c, fake := newChannel(t)
	short, long, lost, larger := photo, photo, photo, photo
	short.Size--
	long.Size++
	lost.Key = "photos/2.jpg"
	larger.Size = telegram.MaxDocument + 1
	for _, a := range []bot.Attachment{short, long, lost, larger} {
		err := c.Send(t.Context(), lan, bot.Reply{File: &a})
		var wait *bot.Wait
		if err == nil || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrUnknown) || errors.As(err, &wait) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	if len(fake.Calls()) > 0 {
		t.Error("something was sent")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var wait *bot.Wait
	if err := c.Send(ctx, lan, bot.Reply{File: &photo}); !errors.As(err, &wait) {
		t.Errorf("stopping: %v", err)
	}
}

// TestFileRefused: the platform's refusal is told like that of a text.
func TestFileRefused(t *testing.T) {
	c, fake := newChannel(t)
	fake.Fail(fake.Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED "+fake.Token))
	err := c.Send(t.Context(), lan, bot.Reply{File: &photo})
	if err == nil || !strings.Contains(err.Error(), "IMAGE_PROCESS_FAILED") || strings.Contains(err.Error(), fake.Token) {
		t.Error(err)
	}
}
