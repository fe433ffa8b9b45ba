package bot_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot"
)

// count asks for words again and again, and says how many it has.
func count(t *bot.Talk) {
	for n := 1; ; n++ {
		t.Say("count", bot.Vars{"n": n, "words": t.Text("count.words/"+strconv.Itoa(n), 1, 40)})
	}
}

// checkOrder holds that every message of a chat was handled by one turn, the
// oldest first, and that the replies arrived in order of turn.
func (w *world) checkOrder(chat string, messages int) {
	w.t.Helper()
	handled := rows[int64](w, `select message from turns where chat = $1 and message is not null order by turn`, chatOf(chat).String())
	if !slices.IsSorted(handled) || len(slices.Compact(slices.Clone(handled))) != messages {
		w.t.Errorf("%s: %d messages were handled by the turns in this order: %v", chat, messages, handled)
	}
	said := rows[string](w, `select (select string_agg(r->>'text', e'\n\n') from jsonb_array_elements(replies) r) from turns
		where chat = $1 and sent is not null and fate = '' order by turn`, chatOf(chat).String())
	if got := w.said(chat); !slices.Equal(got, said) {
		w.t.Errorf("%s: the replies arrived as\n%q\nthe journal has\n%q", chat, got, said)
	}
}

// R3: oldest first, one turn after the other, whichever replica has the message.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"count": count})
	one := w.start()
	db, live := w.connect(w.postgres, w.redis)
	two := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks = db, db, db, live, live })
	chats := []string{"lan", "minh", "hoa"}
	for _, chat := range chats {
		w.ask(one, chat, "go count")
	}
	const each = 15 // below the flood
	var posting sync.WaitGroup
	for _, chat := range chats {
		posting.Go(func() {
			for i := range each {
				w.say([]*replica{one, two}[i%2], chat, "a"+strconv.Itoa(i))
			}
		})
	}
	posting.Wait()
	w.rest()
	for _, chat := range chats {
		w.checkOrder(chat, each+1)
		var want []string
		for i := range each {
			want = append(want, "a"+strconv.Itoa(i))
		}
		equal(t, chat, rows[string](w, `select a->>'value' from chats, jsonb_array_elements(session->'talk'->'answers') a where chat = $1`, chatOf(chat).String()), want)
	}
}

// R3, promise 4: the lease only saves work. With Redis away, and with leases
// that run out in the middle of a turn, two replicas at one chat still do
// everything once.
func TestTwoReplicasWithoutLeases(t *testing.T) {
	t.Parallel()
	for _, redis := range []bool{true, false} {
		t.Run(map[bool]string{true: "leases run out", false: "no Redis"}[redis], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"join": join})
			start := func() *replica {
				db, live := w.connect(w.postgres, w.redis)
				live.Lease = time.Millisecond
				return w.start(func(c *bot.Config) {
					c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks = db, db, db, live, live
					if !redis {
						c.Live, c.Marks = nil, nil
					}
				})
			}
			one, two := start(), start()
			for i := range 6 {
				w.say(one, "lan", "go join")
				w.say(two, "lan", fmt.Sprintf("Name %c", 'A'+i))
			}
			w.rest()
			w.checkOrder("lan", 12)
			equal(t, "records", w.people(), []string{"Name A", "Name B", "Name C", "Name D", "Name E", "Name F"})
		})
	}
}

// R3: who comes to a chat that another replica works on leaves the message to
// it; it looks once more before letting go.
func TestLeftToTheOther(t *testing.T) {
	t.Parallel()
	g := newGate()
	var where sync.Map
	w := newWorld(t, nil)
	start := func(name string) *replica {
		db, live := w.connect(w.postgres, w.redis)
		script := *w.script
		script.Flows = map[string]func(*bot.Talk){"slow": func(t *bot.Talk) {
			where.Store(t.Arg, name)
			if t.Arg == "first" {
				g.pass()
			}
			t.Say("slow" + t.Arg)
		}}
		return w.start(func(c *bot.Config) {
			c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks, c.Script = db, db, db, live, live, &script
		})
	}
	one, two := start("one"), start("two")
	w.say(one, "lan", "go slow first")
	<-g.passing
	w.say(two, "lan", "go slow second")
	w.until("the other replica lets it be", two.Idle)
	began := time.Now()
	close(g.opened)
	w.rest()
	equal(t, "said", w.said("lan"), []string{"slowfirst", "slowsecond"})
	if who, _ := where.Load("second"); who == "one" && time.Since(began) > 900*time.Millisecond {
		t.Error("it was found by the sweeper, not by looking once more")
	}
}

// R3: what a dead process left is swept up by another one.
func TestSwept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"count": count})
	w.live.Lease = 50 * time.Millisecond
	moment, dead := die()
	one := w.start(func(c *bot.Config) { c.Moments.BeforeCommit = moment })
	two := w.start()
	for i := range 4 {
		w.say(one, "lan", "go count")
		if i == 0 {
			<-dead
		}
	}
	one.stop()
	w.later(3 * time.Second)
	w.until("it is swept", func() bool { return len(w.platform.all("lan")) == 4 })
	w.rest()
	w.checkOrder("lan", 4)
	_ = two
}

// R3: a flood in one chat slows nobody else: with one worker, another chat is
// served after at most one more turn of the flooding one.
func TestFairness(t *testing.T) {
	t.Parallel()
	g := newGate()
	var mu sync.Mutex
	var order []string
	w := newWorld(t, map[string]func(*bot.Talk){"note": func(t *bot.Talk) {
		if t.Arg == "0" {
			g.pass()
		}
		mu.Lock()
		order = append(order, t.Chat.ID)
		mu.Unlock()
		t.Say("note" + t.Arg)
	}})
	b := w.start(func(c *bot.Config) { c.Workers = 1 })
	w.say(b, "flood", "go note 0")
	<-g.passing
	for i := range 18 {
		w.say(b, "flood", fmt.Sprint("go note ", i+1))
	}
	w.say(b, "lan", "go note x")
	w.say(b, "minh", "go note x")
	close(g.opened)
	w.rest()
	for i, chat := range []string{"lan", "minh"} {
		if at := slices.Index(order, chat); at < 0 || at > i+2 {
			t.Errorf("%s had its turn as number %d: %v", chat, at, order)
		}
	}
	equal(t, "turns", len(order), 21)
}

// R3: a platform that hangs for one chat slows no other chat's replies.
func TestFairSending(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"note": func(t *bot.Talk) { t.Say("note") }})
	w.platform.refuse = func(chat bot.Chat, _ bot.Reply, _ int) error {
		if chat == chatOf("flood") {
			g.pass()
		}
		return nil
	}
	b := w.start(func(c *bot.Config) { c.Senders = 2 })
	for range 15 {
		w.say(b, "flood", "go note")
	}
	<-g.passing
	for i := range 10 {
		w.say(b, strconv.Itoa(i), "go note")
	}
	w.until("everybody else has theirs", func() bool { return len(w.platform.all("")) == 10 })
	close(g.opened)
	w.rest()
	w.checkOrder("flood", 15)
}

// R3: above twenty unhandled messages the rest are answered by one reply.
func TestFlood(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"note": func(t *bot.Talk) {
		if t.Arg == "0" {
			g.pass()
		}
		t.Say("note" + t.Arg)
	}})
	b := w.start()
	w.say(b, "lan", "go note 0")
	<-g.passing
	for i := range 50 {
		w.say(b, "lan", fmt.Sprint("go note ", i+1))
	}
	close(g.opened)
	w.rest()
	outcomes := map[string]int{}
	for _, o := range w.outcomes("lan") {
		outcomes[o]++
	}
	equal(t, "turns", outcomes, map[string]int{"answered": 21, "flooded": 1})
	equal(t, "unhandled", query[int](w, `select count(*) from messages where handled is null`), 0)
	said := w.said("lan")
	equal(t, "said", len(said), 22)
	if !slices.Contains(said, "bot.flood n=30") || !slices.Contains(said, "note20") || slices.Contains(said, "note21") {
		t.Errorf("said %q", said)
	}
	equal(t, "last", said[len(said)-1], "bot.flood n=30") // in the order they came
}

// R6: a flood in a talk that fails is answered too, and does not come again.
func TestFloodFails(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"ask": func(t *bot.Talk) {
		if t.Arg == "0" {
			g.pass()
		}
		if len(t.Text("ask", 1, 40)) > 0 {
			panic("broken")
		}
	}})
	b := w.start()
	w.say(b, "lan", "go ask 0")
	<-g.passing
	for range 40 {
		w.say(b, "lan", "x")
	}
	close(g.opened)
	w.rest()
	equal(t, "unhandled", query[int](w, `select count(*) from messages where handled is null`), 0)
}

// R3: waiting holds no database connection.
func TestWaitingHoldsNoConnection(t *testing.T) {
	t.Parallel()
	g := newGate()
	var waiting atomic.Int32
	w := newWorld(t, map[string]func(*bot.Talk){"wait": func(t *bot.Talk) {
		waiting.Add(1)
		g.pass()
		t.Say("wait")
	}})
	b := w.start(func(c *bot.Config) { c.Workers = 4 })
	for i := range 20 {
		w.say(b, strconv.Itoa(i), "go wait")
	}
	for range 4 {
		<-g.passing
	}
	equal(t, "at work", waiting.Load(), 4)
	equal(t, "transactions", query[int](w, `select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`), 0)
	close(g.opened)
	w.rest()
	equal(t, "answered", len(w.platform.all("")), 20)
}
