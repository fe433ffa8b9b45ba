package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"lensan/bot"
)

// TestOperator: while an officer writes to the person by hand the bot is quiet
// in that chat; what it had to say on its own comes afterwards; it says that it
// is back, and the half-done talk goes on.
func TestOperator(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"order": order, "tell": func(t *bot.Talk) { t.Say("tell") }})
	b := w.start()
	w.ask(b, "lan", "go order")
	operator := bot.Message{Chat: chatOf("lan"), Kind: bot.KindOperator}
	w.post(b, operator)
	if got := w.ask(b, "lan", "a question to the officer"); got != "" {
		t.Errorf("the bot spoke into the conversation: %s", got)
	}
	w.post(b, bot.Own(chatOf("lan"), "k", bot.Wish{Flow: "tell"}))
	w.rest()
	n := len(w.said("lan"))
	w.later(29 * time.Minute)
	w.post(b, operator) // the officer goes on
	w.rest()
	w.later(29 * time.Minute)
	if got := w.ask(b, "lan", "thank you"); got != "" {
		t.Errorf("the bot spoke into the conversation: %s", got)
	}
	equal(t, "said by the way", len(w.said("lan")), n)
	w.later(2 * time.Minute)
	w.until("what was kept back", func() bool { return strings.Contains(strings.Join(w.said("lan")[n:], "\n"), "tell") })
	if got := w.ask(b, "lan", "tea"); !strings.Contains(got, "bot.back") || !strings.Contains(got, "order.size") {
		t.Errorf("back: %s", got)
	}
	if got := w.ask(b, "lan", "2"); strings.Contains(got, "bot.back") {
		t.Errorf("said twice: %s", got)
	}
}

// TestOperatorMenu: the menu brings the bot back at once, and what the officer
// writes in other chats is nothing to this one.
func TestOperatorMenu(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindOperator})
	if got := w.ask(b, "lan", "0"); !strings.Contains(got, "bot.back") || !strings.Contains(got, "menu") {
		t.Errorf("lan: %s", got)
	}
	if got := w.ask(b, "minh", "0"); strings.Contains(got, "bot.back") {
		t.Errorf("minh: %s", got)
	}
}

// R8: a part whose outcome is unknown is not repeated when the platform shows us
// that it arrived, whichever replica it shows it to; an echo of the same words
// said before does not count.
func TestEcho(t *testing.T) {
	t.Parallel()
	for name, heard := range map[string]bool{"arrived": true, "lost": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"note": note})
			two := w.start(func(c *bot.Config) { c.Echoes = w.live })
			w.platform.refuse = func(chat bot.Chat, r bot.Reply, tries int) error {
				if tries > 1 {
					return nil
				}
				if heard {
					if err := two.Receive(context.Background(), bot.Message{Chat: chat, Delivery: "e", Kind: bot.KindEcho, Text: r.Text}); err != nil {
						t.Error(err)
					}
				}
				return bot.ErrUnknown
			}
			one := w.start(func(c *bot.Config) { c.Echoes = w.live })
			if err := w.live.Heard(t.Context(), chatOf("lan"), "note 0"); err != nil { // said before
				t.Fatal(err)
			}
			time.Sleep(5 * time.Millisecond)
			w.say(one, "lan", "go note 0")
			w.rest()
			want := 2
			if heard {
				want = 1
			}
			equal(t, "tries", w.platform.tries(), want)
			equal(t, "fate", query[string](w, `select fate from turns`), "")
			equal(t, "echoes are not kept", query[int](w, `select count(*) from messages`), 1)
		})
	}
}

// TestUnasked: what the bot says on its own tells when the person last wrote;
// an answer tells nothing, and a platform's clock is not believed beyond ours.
func TestUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"tell": func(t *bot.Talk) {
		t.Template("tells", "0912345678", map[string]string{"what": "tea"})
		t.Say("tell")
	}})
	b := w.start()
	wrote := w.db.Now().Add(-3 * time.Hour).Truncate(time.Second)
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindText, Text: "0", At: wrote})
	w.rest()
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindText, Text: "0", At: wrote.Add(-time.Hour)}) // delivered late
	w.rest()
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindBlocked})
	w.post(b, bot.Message{Chat: chatOf("lan"), Kind: bot.KindUnblocked, At: wrote})
	w.rest()
	w.post(b, bot.Own(chatOf("lan"), "k", bot.Wish{Flow: "tell"}))
	w.rest()
	all := w.platform.all("lan")
	for _, s := range all[:len(all)-1] {
		if s.Unasked != nil {
			t.Errorf("an answer goes as unasked: %s", s.Text)
		}
	}
	last := all[len(all)-1]
	if u := last.Unasked; u == nil || !u.Wrote.Equal(wrote) || u.Template != "tells" || u.Phone != "0912345678" || u.Values["what"] != "tea" {
		t.Errorf("unasked: %+v", u)
	}
	w.post(b, bot.Message{Chat: chatOf("minh"), Kind: bot.KindText, Text: "0", At: wrote.AddDate(10, 0, 0)})
	w.rest()
	if told := query[time.Time](w, `select (session->>'wrote')::timestamptz from chats where chat like '%minh'`); told.After(w.db.Now()) {
		t.Errorf("wrote at %v", told)
	}
}
