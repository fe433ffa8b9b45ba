package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot"
)

// fates are what became of a chat's replies, by turn; "" sent, "?" not known yet.
func (w *world) fates(chat string) []string {
	w.t.Helper()
	return rows[string](w, `select case when sent is null then '?' else fate end from turns where chat = $1 order by turn`, chatOf(chat).String())
}

// R7: replies arrive in order of turn, part k+1 after part k, whole.
func TestParts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("lúa nếp ", 40)
	w := newWorld(t, map[string]func(*bot.Talk){"long": func(t *bot.Talk) {
		t.Say("long", bot.Vars{"n": t.Arg, "text": long})
		t.Next(bot.Wish{Flow: "menu"})
	}})
	w.platform.text = 60
	b := w.start()
	for i := range 5 {
		w.say(b, "lan", fmt.Sprint("go long ", i))
	}
	w.rest()
	var said []string
	for i, s := range w.platform.all("lan") {
		if n := len([]rune(s.Text)); n > 60 {
			t.Errorf("a part of %d characters", n)
		}
		last := i+1 == len(w.said("lan")) || strings.HasPrefix(w.said("lan")[i+1], "long ")
		equal(t, "options under the last part only", len(s.Options) > 0, last)
		said = append(said, s.Text)
	}
	var want []string
	for i := range 5 {
		want = append(want, strings.TrimSpace(fmt.Sprintf("long n=%d text=%s", i, long)))
	}
	equal(t, "joined", strings.Join(said, " "), strings.Join(want, " "))
	equal(t, "parts", query[int](w, `select sum(parts) from turns`), len(said))
}

// R7: who commits has the right to send. Another replica sends only when that
// has run out, and then nothing is sent twice that is known to have arrived.
func TestClaim(t *testing.T) {
	t.Parallel()
	for moment, tries := range map[string]int{"before sent": 1, "after sent": 2} { // said at least once
		t.Run(moment, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"note": note})
			w.live.Lease = 50 * time.Millisecond
			end, dead := die()
			one := w.start(func(c *bot.Config) {
				if moment == "before sent" {
					c.Moments.BeforeSent = end
				} else {
					c.Moments.AfterSent = end
				}
			})
			w.say(one, "lan", "go note 0")
			<-dead
			one.stop()
			before := len(w.said("lan"))
			two := w.start()
			w.say(two, "lan", "go note 1") // behind the reply that the dead process holds
			w.until("it was run", func() bool { return len(w.outcomes("lan")) == 2 })
			_, busy, err := w.db.Claim(t.Context(), chatOf("lan"), 1)
			equal(t, "held", busy && err == nil, true)
			equal(t, "sent meanwhile", len(w.said("lan")), before)
			w.later(20 * time.Second)
			w.rest()
			equal(t, "tries", w.platform.tries(), tries+1)
			equal(t, "said", w.said("lan")[before:], notes(2))
			equal(t, "fates", w.fates("lan"), []string{"", ""})
		})
	}
}

// R7: a question that was answered meanwhile is not sent late; what else was
// said in that turn is.
func TestLateQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"two": func(t *bot.Talk) {
		t.Text("one", 1, 40)
		t.Say("between")
		t.Text("two", 1, 40)
		t.Say("end")
	}})
	w.live.Lease = 50 * time.Millisecond
	one := w.start()
	w.ask(one, "lan", "go two")
	one.stop()
	end, dead := die()
	one = w.start(func(c *bot.Config) { c.Moments.BeforeSent = end })
	w.say(one, "lan", "first")
	<-dead
	one.stop()
	two := w.start()
	w.say(two, "lan", "second") // an answer to a question nobody saw: typed before
	w.until("it was run", func() bool { return len(w.outcomes("lan")) == 3 })
	w.later(20 * time.Second)
	w.rest()
	equal(t, "said", w.said("lan"), []string{"one.ask", "between", "end"})
}

// R7: the question that is still open is sent, however late.
func TestOpenQuestionIsSentLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"join": join})
	w.live.Lease = 50 * time.Millisecond
	end, dead := die()
	one := w.start(func(c *bot.Config) { c.Moments.BeforeSent = end })
	w.say(one, "lan", "go join")
	<-dead
	one.stop()
	w.later(11 * time.Minute)
	two := w.start()
	w.rest()
	equal(t, "said", w.said("lan"), []string{"join.name.ask"})
	equal(t, "answer", w.ask(two, "lan", "Lan"), "join.done n=1")
}

// R8: 429 waits as told, and then the same part is sent; the parts before it are
// not sent again. Other chats are not kept waiting.
func TestWait(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{200 * time.Millisecond, 3 * time.Second} { // shorter and longer than a claim lasts
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"two": func(t *bot.Talk) { t.Say("two", bot.Vars{"x": strings.Repeat("word ", 15)}) }, "note": note})
			w.platform.text = 60
			var told, again atomic.Int64
			w.platform.refuse = func(chat bot.Chat, r bot.Reply, _ int) error {
				if chat != chatOf("lan") || strings.HasPrefix(r.Text, "two") {
					return nil
				}
				if told.CompareAndSwap(0, time.Now().UnixNano()) {
					return &bot.Wait{After: after}
				}
				again.CompareAndSwap(0, time.Now().UnixNano())
				return nil
			}
			b := w.start()
			w.say(b, "lan", "go two")
			w.say(b, "lan", "go note 0")
			w.until("told to wait", func() bool { return told.Load() != 0 })
			equal(t, "another chat", w.askBeside(b, "minh", "go note 0"), "note0")
			w.until("all is said", func() bool { return len(w.said("lan")) >= 3 })
			w.rest()
			if waited := time.Duration(again.Load() - told.Load()); waited < after || waited > after+4*time.Second {
				t.Errorf("waited %v, was told %v", waited, after)
			}
			said := w.said("lan")
			equal(t, "said", len(said), 3)
			equal(t, "first", strings.HasPrefix(said[0], "two"), true)
			equal(t, "last", said[len(said)-1], "note0")
			equal(t, "fates", w.fates("lan"), []string{"", ""})
		})
	}
}

// askBeside posts a text and waits for the answer, while another chat waits.
func (w *world) askBeside(r *replica, chat, text string) string {
	w.t.Helper()
	n := len(w.said(chat))
	w.say(r, chat, text)
	w.until("an answer beside", func() bool { return len(w.said(chat)) > n })
	return w.said(chat)[n]
}

// R8: outcome unknown: an answer is repeated once, then given up as unknown; the
// chat goes on.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, arrives := range []bool{true, false} {
		t.Run(strconv.FormatBool(arrives), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"note": note})
			w.platform.refuse = func(_ bot.Chat, r bot.Reply, try int) error {
				if r.Text == "note0" && (try == 1 || !arrives) {
					return fmt.Errorf("%w: reset", bot.ErrUnknown)
				}
				return nil
			}
			b := w.start()
			w.ask(b, "lan", "go note 0")
			equal(t, "tries", w.platform.tries(), 2)
			want := []string{"note1"}
			fate := "unknown"
			if arrives {
				want, fate = notes(2), ""
			}
			w.ask(b, "lan", "go note 1")
			equal(t, "said", w.said("lan"), want)
			equal(t, "fates", w.fates("lan"), []string{fate, ""})
		})
	}
}

// R8: blocked, window closed, refused: never retried; who cannot be reached is
// marked, and unmarked when they write again.
func TestNeverRetried(t *testing.T) {
	t.Parallel()
	for fate, refusal := range map[string]error{"gone": bot.ErrGone, "window": bot.ErrWindow, "refused": fmt.Errorf("bad request")} {
		t.Run(fate, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"note": note})
			w.platform.refuse = func(_ bot.Chat, _ bot.Reply, try int) error {
				if try == 1 {
					return refusal
				}
				return nil
			}
			b := w.start()
			w.ask(b, "lan", "go note 0")
			equal(t, "fates", w.fates("lan"), []string{fate})
			equal(t, "marked", query[bool](w, `select blocked is not null from chats`), fate == "gone")
			w.later(time.Hour)
			time.Sleep(1200 * time.Millisecond) // one sweep finds nothing to send
			w.rest()
			equal(t, "tries", w.platform.tries(), 1)
			equal(t, "afterwards", w.ask(b, "lan", "go note 1"), "note1")
			equal(t, "marked", query[bool](w, `select blocked is not null from chats`), false)
		})
	}
}

// counting counts the statements that mark replies as sent.
type counting struct {
	bot.Outbox
	mu    sync.Mutex
	calls []int // marks in each
}

func (c *counting) Mark(ctx context.Context, marks []bot.Mark) error {
	c.mu.Lock()
	c.calls = append(c.calls, len(marks))
	c.mu.Unlock()
	return c.Outbox.Mark(ctx, marks)
}

// R7: sent marks of all chats are written together.
func TestMarksTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	outbox := &counting{Outbox: w.db}
	b := w.start(func(c *bot.Config) { c.Outbox = outbox })
	const chats = 100
	var posting sync.WaitGroup
	for i := range chats {
		posting.Go(func() { w.say(b, strconv.Itoa(i), "go note 0") })
	}
	posting.Wait()
	w.rest()
	outbox.mu.Lock()
	defer outbox.mu.Unlock()
	sum := 0
	for _, n := range outbox.calls {
		sum += n
	}
	equal(t, "marks", sum, chats)
	if len(outbox.calls) > chats/2 {
		t.Errorf("%d statements for %d marks", len(outbox.calls), chats)
	}
}

// R7: a reply that had to wait for a free sender goes as soon as there is one,
// also when the claim had to be renewed.
func TestLongQueue(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	w.platform.refuse = func(chat bot.Chat, _ bot.Reply, _ int) error {
		if chat == chatOf("hangs") {
			g.pass()
		}
		return nil
	}
	b := w.start(func(c *bot.Config) { c.Senders = 1 })
	w.say(b, "hangs", "go note 0")
	<-g.passing
	w.say(b, "lan", "go note 0")
	w.say(b, "lan", "go note 1")
	time.Sleep(4500 * time.Millisecond)
	close(g.opened)
	began := time.Now()
	w.rest()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the replies came %v after the sender was free", took)
	}
	equal(t, "said", w.said("lan"), notes(2))
	equal(t, "tries", w.platform.tries(), 3)
}

// R7: a pool of senders for each channel: one platform that hangs slows no
// other.
func TestChannelsApart(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	w.platform.refuse = func(bot.Chat, bot.Reply, int) error {
		g.pass()
		return nil
	}
	other := &platform{name: "other", text: 1000}
	b := w.start(func(c *bot.Config) { c.Channels, c.Senders = append(c.Channels, other), 2 })
	for i := range 10 {
		w.say(b, strconv.Itoa(i), "go note 0")
	}
	<-g.passing
	<-g.passing
	for i := range 5 {
		w.post(b, bot.Message{Chat: bot.Chat{Channel: "other", ID: strconv.Itoa(i)}, Kind: bot.KindText, Text: "go note 0"})
	}
	w.until("the other channel has its replies", func() bool { return len(other.all("")) == 5 })
	equal(t, "this one", len(w.platform.all("")), 0)
	close(g.opened)
	w.rest()
	equal(t, "this one at last", len(w.platform.all("")), 10)
}

// R7: a stop lets the sends in hand end, and leaves the others to the next
// process: everything is said, nothing twice.
func TestStopWhileSending(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	w.live.Lease = 50 * time.Millisecond
	var slow atomic.Bool
	slow.Store(true)
	w.platform.refuse = func(bot.Chat, bot.Reply, int) error {
		if slow.Load() {
			g.pass()
		}
		return nil
	}
	b := w.start(func(c *bot.Config) { c.Senders = 2 })
	for i := range 6 {
		w.say(b, strconv.Itoa(i), "go note 0")
	}
	w.until("all were run", func() bool { return query[int](w, `select count(*) from turns`) == 6 })
	<-g.passing
	<-g.passing
	go func() {
		time.Sleep(100 * time.Millisecond) // while it stops
		slow.Store(false)
		close(g.opened)
	}()
	b.stop()
	w.later(20 * time.Second)
	w.start()
	w.rest()
	var chats []string
	for _, s := range w.platform.all("") {
		chats = append(chats, s.Chat.ID)
	}
	slices.Sort(chats)
	equal(t, "said", chats, []string{"0", "1", "2", "3", "4", "5"})
}

// R7: the claim of a long answer is renewed between its parts: no other replica
// takes it for left behind.
func TestClaimRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"long": func(t *bot.Talk) { t.Say(strings.Repeat("long ", 500)) }})
	w.platform.refuse = func(bot.Chat, bot.Reply, int) error {
		time.Sleep(4200 * time.Millisecond)
		return nil
	}
	b := w.start()
	w.say(b, "lan", "go long")
	held := func() time.Time { return query[time.Time](w, `select send_until from turns`) }
	w.until("the turn", func() bool { return query[int](w, `select count(*) from turns`) == 1 })
	first := held()
	w.until("the first part", func() bool { return len(w.platform.all("lan")) == 1 })
	w.until("a new claim", func() bool { return held().After(first) })
	w.rest()
	equal(t, "parts", len(w.platform.all("lan")), 3)
	equal(t, "tries", w.platform.tries(), 3)
}
