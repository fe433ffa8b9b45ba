package bot_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot"
	"lensan/store"
)

// addPerson is the change these tests make: a record nobody can overlook.
func addPerson(t *bot.Talk, name string) func(bot.Tx) (int64, error) {
	return func(tx bot.Tx) (int64, error) {
		p, err := tx.(*store.Tx).AddPerson(t.Context(), store.Person{Name: name})
		return p.ID, err
	}
}

// join asks for a name and keeps it.
func join(t *bot.Talk) {
	name := t.Text("join.name", 2, 40)
	n := bot.Do(t, "join.save", addPerson(t, name))
	t.Say("join.done", bot.Vars{"n": n})
}

func (w *world) people() []string {
	w.t.Helper()
	return rows[string](w, `select name from people order by id`)
}

func (w *world) outcomes(chat string) []string {
	w.t.Helper()
	return rows[string](w, `select outcome from turns where chat = $1 order by turn`, chatOf(chat).String())
}

// R4: the live copy in Redis may be of another past: emptied, older, or restored
// with the same turn number. The committed session counts, and nothing is done
// twice.
func TestMoved(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*world){
		"emptied": (*world).emptyRedis,
		"older": func(w *world) {
			w.emptyRedis()
			w.putLive("lan", &bot.Session{Turn: 1, Nonce: "gone"})
		},
		"of another past": func(w *world) {
			w.emptyRedis()
			w.putLive("lan", &bot.Session{Turn: 2, Nonce: "another", Talk: &bot.State{Flow: "join", Asked: "join.name", Turn: 2}})
		},
		"ahead of a restored database": func(w *world) {
			w.putLive("lan", &bot.Session{Turn: 99, Nonce: "future"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"two": func(t *bot.Talk) {
				one := t.Text("one", 2, 40)
				two := t.Text("two", 2, 40)
				t.Say("both", bot.Vars{"saved": bot.Do(t, "save", addPerson(t, one+" "+two)) > 0})
			}})
			b := w.start()
			equal(t, "first question", w.ask(b, "lan", "go two"), "one.ask")
			equal(t, "second question", w.ask(b, "lan", "Lan"), "two.ask")
			spoil(w)
			equal(t, "the end", w.ask(b, "lan", "Lò"), "both saved=true")
			equal(t, "records", w.people(), []string{"Lan Lò"})
			equal(t, "turns", rows[int64](w, `select turn from turns order by turn`), []int64{1, 2, 3})
			equal(t, "after it", w.ask(b, "lan", "go two"), "one.ask")
		})
	}
}

// R4: a chat whose row is gone begins again; a live copy of the deleted past
// does not come back.
func TestDeletedPast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"join": join})
	b := w.start()
	w.ask(b, "lan", "go join")
	w.exec(`delete from turns`)
	w.exec(`delete from chats`)
	equal(t, "answer", w.ask(b, "lan", "Lan"), "bot.unknown")
	equal(t, "records", len(w.people()), 0)
	equal(t, "turn", query[int64](w, `select turn from chats`), 1)
}

// putLive writes a live copy as another replica might have.
func (w *world) putLive(chat string, s *bot.Session) {
	w.t.Helper()
	l, err := w.live.Take(context.Background(), chatOf(chat))
	if err != nil || l.Token == "" {
		w.t.Fatal("no lease", err)
	}
	if _, err := w.live.Give(context.Background(), l, s); err != nil {
		w.t.Fatal(err)
	}
}

// Promise 2: what is handled, said, remembered and changed is committed
// together. A process that dies before the commit has done nothing; one that
// dies after it has done everything.
func TestAllOrNothing(t *testing.T) {
	t.Parallel()
	for _, before := range []bool{true, false} {
		t.Run(map[bool]string{true: "before the commit", false: "after the commit"}[before], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"join": join})
			w.live.Lease = 100 * time.Millisecond
			b := w.start()
			w.ask(b, "lan", "go join")
			b.stop()
			moment, dead := die()
			b = w.start(func(c *bot.Config) {
				if before {
					c.Moments.BeforeCommit = moment
				} else {
					c.Moments.AfterCommit = moment
				}
			})
			w.say(b, "lan", "Lan")
			<-dead
			b.stop()
			equal(t, "people when it died", len(w.people()), map[bool]int{true: 0, false: 1}[before])
			equal(t, "said when it died", len(w.platform.all("lan")), 1)
			w.bury(b)
			w.start()
			w.rest()
			equal(t, "people", w.people(), []string{"Lan"})
			equal(t, "turns", w.outcomes("lan"), []string{"answered", "answered"})
			equal(t, "said", len(w.platform.all("lan")), 2)
		})
	}
}

// R5: from the first Do on look-ups use the transaction, which has the chat's
// row, so nobody else moves the chat meanwhile.
func TestDoHoldsTheChat(t *testing.T) {
	t.Parallel()
	var w *world
	w = newWorld(t, map[string]func(*bot.Talk){"join": func(t *bot.Talk) {
		t.Text("join.name", 2, 40)
		if t.Tx() != nil {
			t.Say("a transaction before the first Do")
		}
		id := bot.Do(t, "join.save", addPerson(t, "Lan"))
		_, inside := t.Tx().(*store.Tx).Person(t.Context(), id)
		_, outside := w.db.Read().Person(t.Context(), id)
		var free int
		locked := w.sql.QueryRow(t.Context(), `select 1 from chats for update nowait`).Scan(&free)
		t.Say("seen", bot.Vars{"inside": inside == nil, "outside": outside == nil, "locked": locked != nil})
	}})
	b := w.start()
	w.ask(b, "lan", "go join")
	equal(t, "answer", w.ask(b, "lan", "Lan"), "seen inside=true locked=true outside=false")
}

// R5: deadlock: run again. Two chats change the same two people, each in the
// other's order.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	var meet sync.WaitGroup
	meet.Add(2)
	var runs atomic.Int32
	w := newWorld(t, map[string]func(*bot.Talk){"swap": func(t *bot.Talk) {
		bot.Do(t, "swap.save", func(tx bot.Tx) (bool, error) {
			first, second := int64(1), int64(2)
			if t.Arg == "back" {
				first, second = second, first
			}
			name := func(p *store.Person) { p.Name += t.Arg + "." }
			if _, err := tx.(*store.Tx).UpdatePerson(t.Context(), first, name); err != nil {
				return false, err
			}
			if runs.Add(1) <= 2 {
				meet.Done()
				meet.Wait() // both have one
			}
			_, err := tx.(*store.Tx).UpdatePerson(t.Context(), second, name)
			return true, err
		})
		t.Say("swap.done")
	}})
	w.exec(`insert into people (name) values (''), ('')`)
	b := w.start()
	w.say(b, "lan", "go swap there")
	w.say(b, "minh", "go swap back")
	w.rest()
	equal(t, "lan", w.said("lan"), []string{"swap.done"})
	equal(t, "minh", w.said("minh"), []string{"swap.done"})
	if n := runs.Load(); n < 3 || n > 8 { // both may meet once more
		t.Errorf("%d runs, want one more than two, and at most three more for each", n)
	}
	for _, name := range w.people() {
		if !strings.Contains(name, "there.") || !strings.Contains(name, "back.") || len(name) != len("there.back.") {
			t.Errorf("changed to %q, want once by each", name)
		}
	}
}

// R5: at most three times again; the message is not given up by that, but the
// chat's lane makes a pause.
func TestAgain(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	w := newWorld(t, map[string]func(*bot.Talk){"stubborn": func(t *bot.Talk) {
		bot.Do(t, "save", func(tx bot.Tx) (int64, error) {
			id, err := addPerson(t, "Lan")(tx)
			if runs.Add(1) <= 5 {
				err = errors.Join(err, bot.ErrAgain)
			}
			return id, err
		})
		t.Say("done")
	}})
	b := w.start()
	w.say(b, "lan", "go stubborn")
	w.until("four runs", func() bool { return runs.Load() >= 4 })
	equal(t, "answer", w.answer("lan", 0), "done")
	equal(t, "runs", runs.Load(), 6)
	equal(t, "records", w.people(), []string{"Lan"})
	equal(t, "outcomes", w.outcomes("lan"), []string{"answered"})
}

// R6: a turn that fails by its own fault is rolled back and committed as failed:
// handled, the session as before, the person told so, with the menu and a person.
// The same talk failing twice running is left, its draft kept.
func TestFailed(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(*bot.Talk){
		"panic": func(t *bot.Talk) { panic("broken") },
		"nil":   func(t *bot.Talk) { var m map[string]int; m["x"]++ },
		"error in Do": func(t *bot.Talk) {
			bot.Do(t, "b", func(bot.Tx) (int, error) { return 0, errors.New("broken") })
		},
		"error in Know": func(t *bot.Talk) { bot.Know(t, "b", func() (int, error) { return 0, errors.New("broken") }) },
		"error of the database": func(t *bot.Talk) {
			bot.Do(t, "b", func(tx bot.Tx) (int64, error) {
				p, err := tx.(*store.Tx).AddPerson(t.Context(), store.Person{Phone: "refused"})
				return p.ID, err
			})
		},
		"panic in Do": func(t *bot.Talk) { bot.Do(t, "b", func(bot.Tx) (int, error) { panic("broken") }) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]func(*bot.Talk){"weak": func(t *bot.Talk) {
				t.Text("weak.one", 2, 40)
				t.Text("weak.two", 2, 40)
				bot.Do(t, "weak.save", addPerson(t, "Lan"))
				fault(t)
				t.Say("weak.done")
			}})
			b := w.start()
			w.ask(b, "lan", "go weak")
			w.ask(b, "lan", "first")
			session := query[string](w, `select (session - 'turn' - 'nonce' - 'shown' - 'failed')::text from chats`)
			equal(t, "said", w.ask(b, "lan", "second"), "bot.failed")
			equal(t, "records", len(w.people()), 0)
			equal(t, "session", query[string](w, `select (session - 'turn' - 'nonce' - 'shown' - 'failed')::text from chats`), session)
			equal(t, "outcomes", w.outcomes("lan"), []string{"answered", "answered", "failed"})
			w.button("lan", "0 bot.menu_button")
			w.button("lan", "9 bot.person_button")

			equal(t, "said the second time", w.ask(b, "lan", "second"), "bot.left")
			equal(t, "outcomes", w.outcomes("lan"), []string{"answered", "answered", "failed", "failed"})
			equal(t, "greeting", strings.Contains(w.start1(b, "lan"), "bot.resume.ask"), true)
			equal(t, "resumed", w.press(b, "lan", "resume"), "weak.two.ask")
		})
	}
}

// start1 opens the chat as with the platform's start button.
func (w *world) start1(r *replica, chat string) string {
	w.t.Helper()
	n := len(w.platform.all(chat))
	w.post(r, bot.Message{Chat: chatOf(chat), Kind: bot.KindStart})
	return w.answer(chat, n)
}

// R6: ten seconds, and a turn has failed.
func TestTimeLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"slow": func(t *bot.Talk) {
		bot.Know(t, "slow.look", func() (int, error) {
			<-t.Context().Done()
			return 0, t.Context().Err()
		})
	}})
	b := w.start()
	began := time.Now()
	equal(t, "said", w.ask(b, "lan", "go slow"), "bot.failed")
	if took := time.Since(began); took < 9*time.Second || took > 14*time.Second {
		t.Errorf("it was given up after %v", took)
	}
	equal(t, "outcomes", w.outcomes("lan"), []string{"failed"})
}

// R6: a session that cannot be decoded fails the turn. The chat begins again
// and is still that of its person.
func TestUndecodableSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"join": join})
	b := w.start()
	w.ask(b, "lan", "go join")
	w.exec(`insert into people (name) values ('Lan')`)
	w.exec(`update chats set session = jsonb_set(session, '{talk}', '"of another form"'), person = 1`)
	w.emptyRedis()
	equal(t, "said", w.ask(b, "lan", "Lan"), "bot.failed")
	equal(t, "outcomes", w.outcomes("lan"), []string{"answered", "failed"})
	equal(t, "person", query[int64](w, `select coalesce(person, 0) from chats`), 1)
	w.button("lan", "9 bot.person_button")
	equal(t, "afterwards", w.ask(b, "lan", "go join"), "join.name.ask")
}

// R6: a message whose run ended the process three times is failed without being
// run, whether it was run as it came or had to queue.
func TestKilledThreeTimes(t *testing.T) {
	t.Parallel()
	for _, queued := range []bool{false, true} {
		t.Run(map[bool]string{true: "queued", false: "at once"}[queued], func(t *testing.T) {
			t.Parallel()
			g := newGate()
			var runs atomic.Int32
			var moment atomic.Pointer[func()]
			w := newWorld(t, map[string]func(*bot.Talk){
				"deadly": func(*bot.Talk) { runs.Add(1); (*moment.Load())() },
				"first":  func(t *bot.Talk) { g.pass(); t.Say("first") },
			})
			w.live.Lease = 50 * time.Millisecond
			for i := range 3 {
				end, dead := die()
				moment.Store(&end)
				b := w.start()
				if i == 0 && queued {
					w.say(b, "lan", "go first")
					<-g.passing
				}
				if i == 0 {
					w.say(b, "lan", "go deadly")
				}
				if i == 0 && queued {
					close(g.opened)
				}
				<-dead
				w.bury(b)
			}
			w.start()
			w.rest()
			said := w.said("lan")
			equal(t, "said", said[len(said)-1], "bot.failed")
			equal(t, "runs", runs.Load(), 3)
			equal(t, "failed", query[int](w, `select count(*) from turns where outcome = 'failed'`), 1)
		})
	}
}

// R10: a person has several chats; each keeps its own session. A turn under which
// its person is merged runs again as the one who stays.
func TestSeveralChatsOfOnePerson(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){
		"who": func(t *bot.Talk) { t.Identify(2); t.Say("who.done") },
		"write": func(t *bot.Talk) {
			text := t.Text("write.text", 2, 40)
			if text == "DD" {
				g.pass()
			}
			done := bot.Do(t, "write.save", func(tx bot.Tx) (int64, error) {
				var merged *store.MergedError
				if err := tx.(*store.Tx).LockPerson(t.Context(), t.Person()); errors.As(err, &merged) {
					return 0, bot.ErrAgain
				} else if err != nil {
					return 0, err
				}
				p, err := tx.(*store.Tx).UpdatePerson(t.Context(), t.Person(), func(p *store.Person) { p.Name += text })
				return p.ID, err
			})
			t.Say("write.done", bot.Vars{"person": done})
		},
	})
	w.exec(`insert into people (name) values (''), ('')`)
	b := w.start()
	for _, chat := range []string{"phone", "tablet"} {
		w.ask(b, chat, "go who")
		w.ask(b, chat, "go write")
	}
	equal(t, "one chat", w.ask(b, "phone", "AA"), "write.done person=2")
	equal(t, "the other chat is where it was", w.ask(b, "tablet", "BB"), "write.done person=2")

	w.ask(b, "phone", "go write")
	w.ask(b, "tablet", "go write")
	w.say(b, "tablet", "DD")
	<-g.passing
	err := w.db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Merge(t.Context(), 1, 2, "", "job")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n := len(w.said("tablet"))
	close(g.opened)
	equal(t, "a turn under the merge", w.answer("tablet", n), "write.done person=1")
	equal(t, "after the merge", w.ask(b, "phone", "CC"), "write.done person=1")
	equal(t, "records", w.people(), []string{"AABBDDCC", "AABB"}) // a name not told was the other's
}

// R6: a stop lets the turn in hand end: it is committed by the process that ran
// it, and not run again by the next.
func TestStopInTurn(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"slow": func(t *bot.Talk) {
		id := bot.Do(t, "slow.save", func(tx bot.Tx) (int64, error) {
			g.pass()
			return addPerson(t, "Lan")(tx)
		})
		t.Say("slow", bot.Vars{"id": id})
	}})
	b := w.start()
	w.say(b, "lan", "go slow")
	<-g.passing
	go func() {
		time.Sleep(100 * time.Millisecond) // while it stops
		close(g.opened)
	}()
	b.stop()
	equal(t, "turns", rows[string](w, `select outcome from turns`), []string{string(bot.Answered)})
	w.start()
	w.later(20 * time.Second)
	w.rest()
	equal(t, "runs", len(g.passing), 0)
	equal(t, "said", len(w.said("lan")), 1)
}
