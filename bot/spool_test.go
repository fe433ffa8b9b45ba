package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lensan/bot"
)

// spooled is what lies in a replica's spool.
func spooled(t *testing.T, r *replica) string {
	t.Helper()
	raw, err := os.ReadFile(spoolFile(r))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func spoolFile(r *replica) string { return filepath.Join(r.dir, "messages.jsonl") }

// note says what it was asked.
func note(t *bot.Talk) { t.Say("note" + t.Arg) }

func notes(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint("note", i))
	}
	return all
}

// R2: Postgres away: every message is on the disk before it is answered for, and
// stored oldest first when Postgres is back, in the order of its chat, also when
// the process was another one by then.
func TestSpool(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		t.Run(map[bool]string{true: "restarted", false: "same process"}[restart], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"note": note})
			proxy, address := postgresProxy(t, w.postgres)
			db, _ := w.connect(address, w.redis)
			behind := func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox = db, db, db }
			b := w.start(behind)
			w.ask(b, "lan", "go menu")
			proxy.takeAway()
			var posting sync.WaitGroup
			for _, chat := range []string{"lan", "minh", "hoa"} {
				posting.Go(func() {
					for i := range 7 {
						w.say(b, chat, fmt.Sprint("go note ", i))
					}
				})
			}
			posting.Wait()
			equal(t, "on the disk", strings.Count(spooled(t, b), "\n"), 21)
			equal(t, "stored", query[int](w, `select count(*) from messages`), 1)
			if restart {
				b.stop()
				dir := b.dir
				b = w.start(behind, func(c *bot.Config) { c.SpoolDir = dir })
			}
			proxy.giveBack()
			w.rest()
			equal(t, "lan", w.said("lan"), append([]string{"menu"}, notes(7)...))
			equal(t, "minh", w.said("minh"), notes(7))
			equal(t, "hoa", w.said("hoa"), notes(7))
			w.checkOrder("hoa", 7)
			equal(t, "left in the spool", spooled(t, b), "")
			equal(t, "afterwards", w.ask(b, "lan", "go menu"), "menu")
		})
	}
}

// R2: after a crash the last line may be torn: nobody was told that it was
// taken. The others are not lost, and new ones go behind them.
func TestTornSpool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	dir := t.TempDir()
	var file []byte
	for i := range 3 {
		line, _ := json.Marshal(bot.Message{Chat: chatOf("lan"), Delivery: fmt.Sprint("d", i), Kind: bot.KindText, Text: fmt.Sprint("go note ", i)})
		file = append(append(file, line...), '\n')
	}
	file = append(file, file[:40]...)
	if err := os.WriteFile(filepath.Join(dir, "messages.jsonl"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	b := w.start(func(c *bot.Config) { c.SpoolDir = dir })
	w.say(b, "lan", "go note 3") // behind those that wait
	w.rest()
	equal(t, "said", w.said("lan"), notes(4))
	equal(t, "left in the spool", spooled(t, b), "")

	// A spool that was drained, but not emptied, before the crash changes nothing.
	b.stop()
	if err := os.WriteFile(filepath.Join(dir, "messages.jsonl"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	b = w.start(func(c *bot.Config) { c.SpoolDir = dir })
	w.rest()
	equal(t, "said", w.said("lan"), notes(4))
	equal(t, "left in the spool", spooled(t, b), "")
}

// R2: one message in the spool that Postgres refuses holds up no other, and is
// kept raw.
func TestRefusedInSpool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	proxy, address := postgresProxy(t, w.postgres)
	db, _ := w.connect(address, w.redis)
	b := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox = db, db, db })
	w.ask(b, "lan", "go menu")
	proxy.takeAway()
	w.say(b, "lan", "go note 0")
	w.say(b, "lan", "a\x00b")
	w.say(b, "lan", "go note 1")
	proxy.giveBack()
	w.rest()
	equal(t, "said", w.said("lan"), append([]string{"menu"}, notes(2)...))
	equal(t, "left in the spool", spooled(t, b), "")
	equal(t, "kept raw", query[int](w, `select count(*) from messages where raw is not null and handled is not null`), 1)
}

// stuck is a replica's inbox that keeps whoever stores waiting.
type stuck struct {
	bot.Inbox
	mu      sync.Mutex
	stored  []string // what was tried, in order
	waiting chan struct{}
}

func (s *stuck) Add(ctx context.Context, m bot.Message) (bot.Receipt, error) {
	s.mu.Lock()
	s.stored = append(s.stored, m.Text)
	waiting := s.waiting
	s.mu.Unlock()
	if waiting != nil {
		<-waiting
	}
	return s.Inbox.Add(ctx, m)
}

// R2: while one replica has spooled messages of a chat, a mark in Redis makes
// the others spool that chat too, and no other chat, and store it in the order
// it came in.
func TestMarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	proxy, address := postgresProxy(t, w.postgres)
	db, live := w.connect(address, w.redis)
	one := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks = db, db, db, live, live })
	inbox := &stuck{Inbox: w.db}
	two := w.start(func(c *bot.Config) { c.Inbox = inbox })
	w.ask(one, "lan", "go menu")
	proxy.takeAway()
	w.say(one, "lan", "go note 0") // away only from the first replica

	// The second one can store, but may not: only its spool's own goroutine tries.
	open := make(chan struct{})
	inbox.mu.Lock()
	inbox.waiting = open
	inbox.mu.Unlock()
	w.say(two, "lan", "go note 1") // would hang here if it stored
	if !strings.Contains(spooled(t, two), "go note 1") {
		t.Error("the second replica has not spooled the message")
	}
	inbox.mu.Lock()
	inbox.waiting = nil
	inbox.mu.Unlock()
	w.say(two, "minh", "go note 0")
	w.until("another chat is not held up", func() bool { return slices.Equal(w.said("minh"), notes(1)) })

	close(open)
	proxy.giveBack()
	w.rest()
	equal(t, "lan", w.said("lan"), append([]string{"menu"}, notes(2)...))
	for _, r := range []*replica{one, two} {
		equal(t, "left in the spool", spooled(t, r), "")
	}
	equal(t, "afterwards", w.ask(two, "lan", "go menu"), "menu")
}

// unreachable is a Postgres that is away for a while.
type unreachable struct {
	bot.Inbox
	until time.Time
}

func (u *unreachable) Add(ctx context.Context, m bot.Message) (bot.Receipt, error) {
	if time.Now().Before(u.until) {
		return bot.Receipt{}, errors.New("away")
	}
	return u.Inbox.Add(ctx, m)
}

// R2: a chat keeps its order when Postgres comes back in the middle of its
// messages: the later ones wait behind those in the spool.
func TestSpoolKeepsOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"note": note})
	b := w.start(func(c *bot.Config) {
		c.Inbox = &unreachable{Inbox: c.Inbox, until: time.Now().Add(300 * time.Millisecond)}
	})
	for i := range 15 {
		w.say(b, "lan", fmt.Sprint("go note ", i))
		time.Sleep(60 * time.Millisecond) // the outage ends, and the spool is drained, among them
	}
	w.rest()
	equal(t, "said", w.said("lan"), notes(15))
}
