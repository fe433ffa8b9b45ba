package bot_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"lensan/bot"
)

var photo = bot.Attachment{Key: "photos/1.jpg", Name: "gao-seng-cu.jpg", Type: "image/jpeg", Size: 40_000, Link: "https://lensan.example/file/x"}

func carriesPhotos(a bot.Attachment) bool { return a.Type == "image/jpeg" && a.Size <= 50_000 }

// TestPartsOfFiles: a file goes before the text, or as a line with its link;
// the buttons stay under what comes last.
func TestPartsOfFiles(t *testing.T) {
	t.Parallel()
	can := bot.Abilities{Buttons: 3, Label: 20, Text: 200, Count: utf8.RuneCountInString, Contact: true, Carries: carriesPhotos}
	without := can
	without.Carries = nil
	numbered, alone := can, can
	numbered.Numbered = true
	alone.Alone = true
	large, nowhere := photo, photo
	large.Size = 50_001
	nowhere.Link = ""
	yes := []bot.Option{{Number: "1", Label: "Đúng", Data: "t1:yes"}}
	for name, c := range map[string]struct {
		can   bot.Abilities
		reply bot.Reply
		want  []bot.Reply
	}{
		"carried": {can, bot.Reply{ID: "a", Text: "Gạo", Options: yes, Question: true, File: &photo},
			[]bot.Reply{{ID: "a", File: &photo}, {ID: "a", Text: "Gạo", Options: yes, Question: true}}},
		"alone in its reply": {can, bot.Reply{ID: "a", Options: yes, File: &photo},
			[]bot.Reply{{ID: "a", File: &photo, Options: yes}}},
		"too large": {can, bot.Reply{Text: "Gạo", Options: yes, File: &large},
			[]bot.Reply{{Text: "Gạo\ngao-seng-cu.jpg: https://lensan.example/file/x", Options: yes}}},
		"carries none": {without, bot.Reply{Text: "Gạo", File: &photo},
			[]bot.Reply{{Text: "Gạo\ngao-seng-cu.jpg: https://lensan.example/file/x"}}},
		"carries none, no text": {without, bot.Reply{File: &photo},
			[]bot.Reply{{Text: "gao-seng-cu.jpg: https://lensan.example/file/x"}}},
		"carries none, no address": {without, bot.Reply{Text: "Gạo", File: &nowhere}, []bot.Reply{{Text: "Gạo"}}},
		"nothing left of it":       {without, bot.Reply{File: &nowhere}, nil},
		"numbered": {numbered, bot.Reply{Text: "Gạo", Options: yes, File: &photo},
			[]bot.Reply{{File: &photo}, {Text: "Gạo\n1 Đúng", Options: yes}}},
		"numbered lines stand behind the link": {bot.Abilities{Text: 200, Count: utf8.RuneCountInString}, bot.Reply{Text: "Gạo", Options: yes, File: &photo},
			[]bot.Reply{{Text: "Gạo\ngao-seng-cu.jpg: https://lensan.example/file/x\n1 Đúng"}}},
		"contact": {can, bot.Reply{Text: "Số?", Contact: "Gửi số", Options: yes, File: &photo},
			[]bot.Reply{{File: &photo}, {Text: "Số?", Contact: "Gửi số", Options: yes}}},
		"contact alone": {alone, bot.Reply{ID: "a", Text: "Số?", Contact: "Gửi số", Options: yes, File: &photo},
			[]bot.Reply{{ID: "a", File: &photo}, {ID: "a", Text: "Số?", Options: yes}, {ID: "a", Text: "Gửi số", Contact: "Gửi số"}}},
		"contact alone, which the channel has not": {bot.Abilities{Buttons: 3, Label: 20, Text: 200, Count: utf8.RuneCountInString, Alone: true},
			bot.Reply{Text: "Số?", Contact: "Gửi số"}, []bot.Reply{{Text: "Số?"}}},
		"on our own": {alone, bot.Reply{Text: "Số?", Contact: "Gửi số", File: &photo, Unasked: &bot.Unasked{Phone: "0912345678"}}, []bot.Reply{
			{File: &photo, Unasked: &bot.Unasked{Phone: "0912345678"}},
			{Text: "Số?", Unasked: &bot.Unasked{Phone: "0912345678"}},
			{Text: "Gửi số", Contact: "Gửi số", Unasked: &bot.Unasked{Phone: "0912345678"}}}},
	} {
		if got := bot.Parts(c.reply, c.can); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, c.want)
		}
	}
}

// showing shows a photo before what it says, and asks.
func showing(t *bot.Talk) {
	t.Show(photo)
	t.Say("here")
	t.Text("name", 1, 40)
	t.Say("end")
}

// TestShow: the file goes first, once; the journal has it. What stands before
// the question that was answered is not shown again.
func TestShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"show": showing})
	w.platform.carries = carriesPhotos
	b := w.start(func(c *bot.Config) { c.Twice = true })
	w.ask(b, "lan", "go show")
	w.ask(b, "lan", "Gạo")
	var got []string
	for _, s := range w.platform.all("lan") {
		if s.File != nil {
			equal(t, "file", *s.File, photo)
			equal(t, "text beside the file", s.Text, "")
			got = append(got, s.File.Name)
			continue
		}
		got = append(got, s.Text)
	}
	equal(t, "shown", got, []string{"gao-seng-cu.jpg", "here\n\nname.ask", "end"})
	past, err := w.db.After(t.Context(), chatOf("lan"), 0, 10)
	if err != nil || len(past) != 2 || len(past[0].Replies) == 0 || past[0].Replies[0].File == nil || *past[0].Replies[0].File != photo {
		t.Errorf("the journal has %+v, %v", past, err)
	}
}

// TestFileRefused: a file that the platform does not take keeps no word back.
func TestFileRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		tries int
		words bool
	}{
		"refused": {errors.New("IMAGE_PROCESS_FAILED"), 1, true},
		"unknown": {fmt.Errorf("%w: reset", bot.ErrUnknown), 2, true},
		"wait":    {&bot.Wait{After: 10 * time.Millisecond}, 2, true},
		"gone":    {bot.ErrGone, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"show": showing})
			w.platform.carries = carriesPhotos
			tries := 0
			w.platform.refuse = func(_ bot.Chat, r bot.Reply, _ int) error {
				if r.File == nil {
					return nil
				}
				if tries++; tries == 2 && name == "wait" {
					return nil
				}
				return c.err
			}
			w.ask(w.start(), "lan", "go show")
			w.until("it was tried", func() bool { return len(w.said("lan")) > 0 || !c.words })
			equal(t, "tries", tries, c.tries)
			equal(t, "said", len(w.said("lan")) > 0 && w.said("lan")[len(w.said("lan"))-1] == "here\n\nname.ask", c.words)
		})
	}
}
