package bottest

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"lensan/bot"
)

// testFiles sends files the channel carries, and one that no channel does, whose
// link the person gets instead.
func (h Harness) testFiles(t *testing.T) {
	carries := h.Channel.Can().Carries
	yes := []bot.Option{{Number: "1", Label: "Đúng", Data: "t1:yes"}}
	for a, content := range h.Carried {
		t.Run(a.Name, func(t *testing.T) {
			if carries == nil || !carries(a) {
				t.Fatalf("the channel does not carry %+v", a)
			}
			h.forget()
			h.send(t, bot.Reply{Text: "Gạo Séng Cù", Options: yes, File: &a})
			shown := h.Shown()
			if len(shown) < 2 || shown[0].File == nil || !strings.HasPrefix(shown[len(shown)-1].Text, "Gạo Séng Cù") {
				t.Fatalf("not the file and then the text: %s", asJSON(shown))
			}
			got := *shown[0].File
			if got.Name != a.Name || got.Type != a.Type || got.Size != a.Size {
				t.Errorf("of %+v the person got %+v", a, got)
			}
			if b := h.Received(got); !bytes.Equal(b, content) {
				t.Errorf("%d bytes arrived, not the %d of the file", len(b), len(content))
			}
			lost := a // the channel may still read the one that was sent
			lost.Key = "nowhere/" + a.Key
			h.testLostFile(t, lost)
		})
	}
	large := bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg", Size: 1 << 40, Link: "https://lensan.example/file/abc"}
	if carries != nil && carries(large) {
		t.Fatal("the channel says that it carries 1 TiB")
	}
	h.forget()
	h.send(t, bot.Reply{Text: "Gạo Séng Cù", Options: yes, File: &large})
	var text string
	for _, r := range h.Shown() {
		text += r.Text
	}
	if !strings.HasPrefix(text, "Gạo Séng Cù\ngao-seng-cu.jpg: https://lensan.example/file/abc") {
		t.Errorf("of a file the channel does not carry the person got %q, not its link", text)
	}
}

// testLostFile: a file that is not there is refused for good and the person gets
// nothing; from a journal they get its name, but no bytes.
func (h Harness) testLostFile(t *testing.T, lost bot.Attachment) {
	t.Helper()
	err := h.Channel.Send(context.Background(), h.Chat, bot.Reply{File: &lost})
	shown := h.Shown()
	if h.Journal {
		if err != nil || len(shown) != 1 || shown[0].File == nil {
			t.Fatalf("of a file that is not there the journal shows %s, %v", asJSON(shown), err)
		}
		if b := h.Received(*shown[0].File); b != nil {
			t.Errorf("of a file that is not there the person got %q", b)
		}
		return
	}
	if err == nil || !final(err) {
		t.Errorf("a file that is not there: %v, want a refusal for good", err)
	}
	h.checkError(t, err)
	if len(shown) > 0 {
		t.Errorf("of a file that is not there the person got %s", asJSON(shown))
	}
}
