package bottest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"lensan/bot"
)

func (h Harness) testSend(t *testing.T) {
	for name, reply := range h.Sends {
		t.Run(name, func(t *testing.T) {
			h.forget()
			h.send(t, reply)
			if h.Requests == nil {
				if got, want := asJSON(h.Shown()), asJSON(bot.Parts(reply, h.Channel.Can())); got != want {
					t.Errorf("the person got\n%s\nwant\n%s", got, want)
				}
				return
			}
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(h.Requests()); err != nil {
				t.Fatal(err)
			}
			Golden(t, filepath.Join("testdata", "requests", name+".json"), got.Bytes())
		})
	}
}

// send sends all parts of a reply.
func (h Harness) send(t rapid.TB, r bot.Reply) {
	t.Helper()
	for _, part := range bot.Parts(r, h.Channel.Can()) {
		if err := h.Channel.Send(context.Background(), h.Chat, part); err != nil {
			t.Fatalf("%+v: %v", part, err)
		}
	}
}

// forget drops what the platform remembers of earlier tests.
func (h Harness) forget() {
	h.Shown()
	if h.Requests != nil {
		h.Requests()
	}
}

// testLimits sends replies of every shape. The fake refuses what is past a
// limit; here we look whether the person still got everything.
func (h Harness) testLimits(t *testing.T) {
	for _, r := range edges(h.Channel.Can()) {
		h.testComplete(t, r)
	}
	rapid.Check(t, func(t *rapid.T) { h.testComplete(t, replies().Draw(t, "reply")) })
}

func (h Harness) testComplete(t rapid.TB, r bot.Reply) {
	t.Helper()
	h.forget()
	h.send(t, r)
	var text string
	var options []bot.Option
	for _, s := range h.Shown() {
		text += s.Text
		options = append(options, s.Options...)
	}
	for _, o := range r.Options {
		button := slices.ContainsFunc(options, func(b bot.Option) bool { return b.Data == o.Data || b.Label == o.Title() })
		if !button && !strings.Contains(squeeze(text), squeeze(o.Title())) {
			t.Fatalf("option %q got lost in %q", o.Title(), text)
		}
	}
	if !strings.HasPrefix(squeeze(text), squeeze(r.Text)) {
		t.Fatalf("of the text\n%q\nthe person got\n%q", r.Text, text)
	}
}

// edges are replies on both sides of each limit, in letters of one to four bytes.
func edges(can bot.Abilities) []bot.Reply {
	var rs []bot.Reply
	for _, letter := range []string{"a", "ạ", "a\u0323\u0302", "🌾"} {
		for _, n := range []int{can.Text - 1, can.Text, can.Text + 1} {
			rs = append(rs, bot.Reply{Text: strings.Repeat(letter, n)})
		}
		for _, n := range []int{can.Label, can.Label + 1} {
			rs = append(rs, bot.Reply{Text: "a", Options: []bot.Option{{Label: strings.Repeat(letter, n), Data: "x"}}})
		}
	}
	for _, n := range []int{can.Buttons, can.Buttons + 1} {
		r := bot.Reply{Text: "a"}
		for i := range n {
			r.Options = append(r.Options, bot.Option{Number: fmt.Sprint(i + 1), Label: "ạ", Data: fmt.Sprintf("%064d", i)})
		}
		rs = append(rs, r)
	}
	return rs
}

// squeeze drops white space, which cutting a text into parts may change.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// replies makes replies as flows could: short and endless texts, letters of
// two, three and four bytes, markup that is none, up to thirty options.
func replies() *rapid.Generator[bot.Reply] {
	letters := []rune("aàạắđĐễơữ\u0323\u0302 \n<b>&amp;*_[]()~`#+-=|{}.!\\\"'/@…–🌾👩‍🌾❤️0123")
	words := func(least, most int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			s := rapid.StringOfN(rapid.SampledFrom(letters), 0, most, -1).Draw(t, "letters")
			return "a" + strings.Repeat(s, rapid.IntRange(1, least).Draw(t, "times"))
		})
	}
	return rapid.Custom(func(t *rapid.T) bot.Reply {
		r := bot.Reply{Text: words(200, 100).Draw(t, "text"), Question: rapid.Bool().Draw(t, "question")}
		for i := range rapid.IntRange(0, 30).Draw(t, "options") {
			o := bot.Option{Label: strings.TrimSpace(words(1, 80).Draw(t, "label")), Data: fmt.Sprintf("%d:%s", i, strings.Repeat("x", 60))}
			if rapid.Bool().Draw(t, "numbered") {
				o.Number = fmt.Sprint(i + 1)
			}
			r.Options = append(r.Options, o)
		}
		if rapid.Bool().Draw(t, "contact") {
			r.Contact = "a"
		}
		return r
	})
}

// testTap: what a button carries comes back as it was, whatever it is.
func (h Harness) testTap(t *testing.T) {
	for _, data := range []string{
		"a1k.yes", "a2.x", "wmenu.", "wbot.resume.7", "wstatus.ban gao seng cu", "wstatus.Gạo Séng Cù, 100% nếp. Ở đâu?",
		"wstatus." + strings.Repeat("x", bot.MaxData-8), "wstatus." + strings.Repeat("gạo ", 9) + "xy", // the longest there are
	} {
		h.forget()
		h.send(t, bot.Reply{Text: "a", Options: []bot.Option{{Number: "1", Label: "b", Data: data}}})
		shown := h.Shown()
		if len(shown) == 0 || len(shown[len(shown)-1].Options) != 1 {
			t.Errorf("%q: no button is shown: %s", data, asJSON(shown))
			continue
		}
		got, err := h.Channel.Read(h.Request(h.Tap(shown[len(shown)-1].Options[0])))
		if err != nil || len(got) != 1 || got[0].Kind != bot.KindTap || got[0].Data != data {
			t.Errorf("a button with %q is read as %s, %v", data, asJSON(got), err)
			continue
		}
		CheckMessage(t, h.Channel, got[0])
	}
}

func (h Harness) testConcurrent(t *testing.T) {
	h.forget()
	const n = 50
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if err := h.Channel.Send(context.Background(), h.Chat, bot.Reply{Text: "a"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(h.Shown()); got != n {
		t.Errorf("%d of %d arrived", got, n)
	}
}

// testForeignChat: what is another channel's or another account's is refused,
// never sent to whoever has that id here.
func (h Harness) testForeignChat(t *testing.T) {
	h.forget()
	for _, chat := range []bot.Chat{{}, {Channel: "other", Account: h.Chat.Account, ID: h.Chat.ID}, {Channel: h.Chat.Channel, Account: "other", ID: h.Chat.ID}} {
		if err := h.Channel.Send(context.Background(), chat, bot.Reply{Text: "a"}); err == nil || !final(err) {
			t.Errorf("%v: %v", chat, err)
		}
	}
	if got := h.Shown(); len(got) > 0 {
		t.Errorf("the person got %s", asJSON(got))
	}
}

// final reports whether an error means: refused for good, and nothing more.
func final(err error) bool {
	wait := (*bot.Wait)(nil)
	return !errors.As(err, &wait) && !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrWindow) && !errors.Is(err, bot.ErrQuota) && !errors.Is(err, bot.ErrUnknown)
}

func (h Harness) testFailures(t *testing.T) {
	if h.Fail == nil {
		return
	}
	cases := append([]FailCase{
		{"no answer", Hang, bot.ErrUnknown},
		{"connection reset", Reset, bot.ErrUnknown},
		{"connection closed unread", HangUp, bot.ErrUnknown},
		{"a proxy's page", BadGateway, bot.ErrUnknown},
		{"half an answer", Answer(200, "application/json", `{"ok":tr`), bot.ErrUnknown},
		{"an empty answer", Answer(200, "application/json", ""), bot.ErrUnknown},
	}, h.Fails...)
	for _, c := range cases {
		for _, part := range append([]bot.Reply{{Text: "a"}}, h.Failing...) {
			name := c.Name
			if part.File != nil {
				name += " at " + part.File.Name
			}
			t.Run(name, func(t *testing.T) { h.testFailure(t, c, part) })
		}
	}
}

func (h Harness) testFailure(t *testing.T, c FailCase, part bot.Reply) {
	h.forget()
	h.Fail(c.Fault)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err := h.Channel.Send(ctx, h.Chat, part)
	want, got := (*bot.Wait)(nil), (*bot.Wait)(nil)
	switch {
	case errors.As(c.Want, &want):
		if !errors.As(err, &got) || *got != *want {
			t.Errorf("got %v, want %v", err, want)
		}
	case c.Want == nil:
		if err == nil || !final(err) {
			t.Errorf("got %v, want a refusal for good", err)
		}
	case !errors.Is(err, c.Want):
		t.Errorf("got %v, want %v", err, c.Want)
	}
	h.checkError(t, err)
	if got := h.Shown(); len(got) > 0 {
		t.Errorf("the person got %s", asJSON(got))
	}
	h.send(t, bot.Reply{Text: "a"}) // and the next one goes
}

func (h Harness) testFetch(t *testing.T) {
	channel, ok := h.Channel.(bot.Fetcher)
	if !ok {
		return
	}
	body, err := channel.Fetch(t.Context(), h.File)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(body)
	if err != nil || !bytes.Equal(got, h.Content) {
		t.Errorf("got %d bytes of %d, %v", len(got), len(h.Content), err)
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
	for name, f := range map[string]bot.File{"lost": h.Lost, "another channel's": {Channel: "other", ID: h.File.ID}, "none": {}} {
		if _, err := channel.Fetch(t.Context(), f); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if h.Fail == nil {
		return
	}
	for _, fault := range []Fault{Reset, BadGateway} {
		h.Fail(fault)
		_, err := channel.Fetch(t.Context(), h.File)
		if err == nil || errors.Is(err, bot.ErrGone) {
			t.Errorf("a fault for the moment: got %v", err)
		}
		h.checkError(t, err)
	}
}
