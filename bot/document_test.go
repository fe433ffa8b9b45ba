package bot_test

import (
	"strings"
	"testing"

	"lensan/bot"
)

// list is a talk about a document that only minh may send.
func list(t *bot.Talk) {
	if t.Chat.ID != "minh" {
		t.Say("list.refused")
		return
	}
	f := t.File("list.file")
	t.Say("list.got", bot.Vars{"name": f.Name})
	t.Say("list.done", bot.Vars{"sure": t.Yes("list.sure")})
}

// document is one of that name, sent in a chat.
func document(chat, name string) bot.Message {
	return bot.Message{Chat: chatOf(chat), Kind: bot.KindFile, Files: []bot.File{{Channel: "test", ID: "x", Name: name}}}
}

// send posts a message and returns what is said to it.
func (w *world) send(r *replica, m bot.Message) string {
	n := len(w.platform.all(m.Chat.ID))
	w.post(r, m)
	return w.answer(m.Chat.ID, n)
}

// TestDocument: a document answers a question for one. One that nobody asked for
// begins the talk it is for, and puts another one aside; who may not send it stays
// where they are.
func TestDocument(t *testing.T) {
	t.Parallel()
	w, b := orders(t, map[string]func(*bot.Talk){"list": list})
	w.script.File = func(f bot.File) (bot.Wish, bool) {
		return bot.Wish{Flow: "list"}, strings.HasSuffix(f.Name, ".xlsx")
	}
	for _, l := range []struct {
		in   bot.Message
		want string
	}{
		{document("lan", "a.xlsx"), "bot.file_unasked"},
		{bot.Message{Chat: chatOf("lan"), Kind: bot.KindText, Text: "go order"}, "order.hello\n\norder.name.ask"},
		{document("lan", "a.xlsx"), "bot.file_unasked\n\norder.name.ask"},
		{document("lan", "a.pdf"), "bot.file_unasked\n\norder.name.ask"},
		{bot.Message{Chat: chatOf("lan"), Kind: bot.KindText, Text: "go list"}, "bot.answer_or_wish.ask text=go list wish=wish.list"},

		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "go list"}, "list.file.ask"},
		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "here it is"}, "bot.again\nlist.file.ask"},
		{document("minh", "a.pdf"), "list.got name=a.pdf\n\nlist.sure.ask"},
		{document("minh", "b.pdf"), "bot.file_unasked\n\nlist.sure.ask"},
		{document("minh", "b.xlsx"), "list.got name=b.xlsx\n\nlist.sure.ask"}, // instead of the other
		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "có"}, "list.done sure=true"},
		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "go order"}, "order.hello\n\norder.name.ask"},
		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "tea"}, "order.nice\n\norder.size.ask"},
		{document("minh", "c.xlsx"), "list.got name=c.xlsx\n\nlist.sure.ask"},
		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "không"}, "list.done sure=false"},
		{bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "làm tiếp"}, "bot.resume.ask question=order.size.short talk=order.title what=tea"},
	} {
		if got := w.send(b, l.in); got != l.want {
			t.Errorf("%s %s %v:\n%s\nwant\n%s", l.in.Chat.ID, l.in.Text, l.in.Files, got, l.want)
		}
	}
	w.script.File = nil
	if got := w.send(b, document("minh", "d.xlsx")); !strings.HasPrefix(got, "bot.file_unasked") {
		t.Errorf("where documents are for nothing: %s", got)
	}
}

// TestOwnGoesOn: what the bot says on its own may go on with a question, when the
// person is in no talk; else it is offered, and their own question stays.
func TestOwnGoesOn(t *testing.T) {
	t.Parallel()
	w, b := orders(t, map[string]func(*bot.Talk){
		"read": func(t *bot.Talk) {
			t.Say("read")
			t.Offer("look", bot.Wish{Flow: "look", Arg: t.Arg})
			t.Open(bot.Wish{Flow: "look", Arg: t.Arg})
		},
		"look": func(t *bot.Talk) {
			t.Say("look.done", bot.Vars{"n": t.Choose("look.what", []string{"a", "b"}), "of": t.Arg})
		},
	})
	tell := func(chat, key string) string {
		return w.send(b, bot.Own(chatOf(chat), key, bot.Wish{Flow: "read", Arg: key}))
	}
	w.ask(b, "lan", "0")
	if got := tell("lan", "7"); got != "read\n\nlook.what.ask" {
		t.Errorf("in no talk: %s", got)
	}
	for _, s := range w.platform.all("lan")[1:] {
		if s.Unasked == nil {
			t.Errorf("it is not told that nobody asked: %s", s.Text)
		}
	}
	if got := w.ask(b, "lan", "2"); got != "look.done n=b of=7" {
		t.Errorf("the answer: %s", got)
	}
	tell("lan", "8")
	if got := w.ask(b, "lan", "dừng"); !strings.HasPrefix(got, "bot.stopped") {
		t.Errorf("dừng is for the open question: %s", got)
	}

	w.ask(b, "minh", "go order")
	w.ask(b, "minh", "tea")
	if got := tell("minh", "9"); !strings.HasPrefix(got, "read\n\n") || !strings.HasSuffix(got, "order.size.ask") {
		t.Errorf("in a talk: %s", got)
	}
	if got := w.press(b, "minh", "large"); !strings.Contains(got, "order.count") {
		t.Errorf("the open question's own button: %s", got)
	}
	if got := w.press(b, "minh", "look"); got != "look.what.ask" {
		t.Errorf("offered: %s", got)
	}
}

func TestCleanName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Danh sách OCOP 2025.xlsx":        "Danh sách OCOP 2025.xlsx",
		`C:\Users\Lan\ds.xlsx`:            "ds.xlsx",
		"../../etc/passwd":                "passwd",
		"a\u202exslx.exe":                 "axslx.exe",
		"hai\ndòng\x00 .csv":              "hai dòng .csv",
		"":                                "",
		"///":                             "",
		strings.Repeat("ồ", 300) + ".csv": strings.Repeat("ồ", 116) + ".csv",
		strings.Repeat("a.", 300):         strings.Repeat("a.", 60),
		"a." + strings.Repeat("b", 300):   "a." + strings.Repeat("b", 118),
	} {
		if got := bot.CleanName(name); got != want || bot.CleanName(got) != got {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
