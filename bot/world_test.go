package bot_test

import (
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/store"
)

// TestMain lets more tests run at a time than there are processors: they mostly
// wait, for a timer, a sweep, a deadline.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("8")
	}
	os.Exit(m.Run())
}

// world is what the engine is tested in: a Postgres database and a Redis of its
// own, a platform in the test's hand, and as many replicas as the test starts.
type world struct {
	t        *testing.T
	postgres string // URLs
	redis    string
	db       *store.DB
	live     *store.Live
	sql      *pgxpool.Pool
	platform *platform
	script   *bot.Script
	posted   atomic.Int64
	bots     []*replica
}

// replica is one process.
type replica struct {
	*bot.Bot
	dir     string
	stopped bool
}

// newWorld makes a world in which the bot knows these flows, and on top of them
// "menu", "hello", "person" and "quiet", which say their name.
func newWorld(t *testing.T, flows map[string]func(*bot.Talk)) *world {
	t.Helper()
	w := &world{t: t, postgres: bottest.Database(t), redis: bottest.Redis(t), platform: &platform{name: "test", text: 1000}}
	w.db, w.live = w.connect(w.postgres, w.redis)
	var err error
	if w.sql, err = pgxpool.New(t.Context(), w.postgres); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sql.Close)
	w.script = &bot.Script{
		Flows: map[string]func(*bot.Talk){}, Hello: bot.Wish{Flow: "hello"}, Menu: bot.Wish{Flow: "menu"}, Person: bot.Wish{Flow: "person"},
		Quiet: bot.Wish{Flow: "quiet", Arg: "off"}, Remind: bot.Wish{Flow: "quiet", Arg: "on"},
		Wishes: wishes, Province: func() string { return "" },
	}
	for _, name := range []string{"menu", "hello", "person", "quiet"} {
		w.script.Flows[name] = func(t *bot.Talk) { t.Say(name + t.Arg) }
	}
	for name, flow := range flows {
		w.script.Flows[name] = flow
	}
	return w
}

// connect opens stores of one's own, as another replica has them.
func (w *world) connect(postgres, redis string) (*store.DB, *store.Live) {
	w.t.Helper()
	db, err := store.Open(context.Background(), postgres)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(db.Close)
	live, err := store.OpenLive(redis)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { live.Close() })
	return db, live
}

// start starts a replica. Without a change it uses the world's stores and has a
// spool folder of its own.
func (w *world) start(changes ...func(*bot.Config)) *replica {
	w.t.Helper()
	c := bot.Config{
		Channels: []bot.Channel{w.platform}, Script: w.script, Texts: texts{}, Inbox: w.db, Journal: w.db, Outbox: w.db,
		Live: w.live, Marks: w.live, SpoolDir: w.t.TempDir(), Now: w.db.Now, Workers: 8, Senders: 4,
		Log: slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	for _, change := range changes {
		change(&c)
	}
	b, err := bot.New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	b.Start(context.Background())
	r := &replica{Bot: b, dir: c.SpoolDir}
	w.bots = append(w.bots, r)
	w.t.Cleanup(r.stop)
	return r
}

func (r *replica) stop() {
	if !r.stopped {
		r.stopped = true
		r.Stop()
	}
}

// say posts a text of a chat to a replica.
func (w *world) say(r *replica, chat, text string) {
	w.t.Helper()
	w.post(r, bot.Message{Chat: chatOf(chat), Kind: bot.KindText, Text: text})
}

// post posts a message; one without a delivery id gets the next.
func (w *world) post(r *replica, m bot.Message) {
	w.t.Helper()
	if m.Delivery == "" {
		m.Delivery = strconv.FormatInt(w.posted.Add(1), 10)
	}
	if err := r.Receive(context.Background(), m); err != nil {
		w.t.Fatal(err)
	}
}

// tap posts the button whose title or label the chat was shown last.
func (w *world) tap(r *replica, chat, title string) {
	w.t.Helper()
	w.post(r, bot.Message{Chat: chatOf(chat), Kind: bot.KindTap, Data: w.button(chat, title)})
}

// button is what a button carries.
func (w *world) button(chat, title string) string {
	w.t.Helper()
	for _, s := range slices.Backward(w.platform.all(chat)) {
		for _, o := range s.Options {
			label, _, _ := strings.Cut(o.Label, " ") // without the values
			if o.Title() == title || o.Label == title || strings.HasSuffix(label, "."+title) {
				return o.Data
			}
		}
	}
	w.t.Fatalf("no button %q was shown", title)
	return ""
}

// ask posts a text and returns what is said to it.
func (w *world) ask(r *replica, chat, text string) string {
	w.t.Helper()
	n := len(w.platform.all(chat))
	w.say(r, chat, text)
	return w.answer(chat, n)
}

// press taps a button and returns what is said to it.
func (w *world) press(r *replica, chat, title string) string {
	w.t.Helper()
	n := len(w.platform.all(chat))
	w.tap(r, chat, title)
	return w.answer(chat, n)
}

// answer is what was said after the first n.
func (w *world) answer(chat string, n int) string {
	w.t.Helper()
	w.rest()
	return strings.Join(w.said(chat)[n:], "\n--\n")
}

// said is everything that arrived in a chat.
func (w *world) said(chat string) []string {
	var all []string
	for _, s := range w.platform.all(chat) {
		all = append(all, s.Text)
	}
	return all
}

// rest waits until no replica has anything to do, and nothing waits for one.
func (w *world) rest() {
	w.t.Helper()
	w.until("rest", func() bool {
		for _, r := range w.bots {
			if !r.stopped && !r.Idle() {
				return false
			}
		}
		unhandled, unsent, err := w.db.Backlog(context.Background())
		return err == nil && unhandled == 0 && unsent == 0
	})
}

// until waits for a condition.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(25 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatalf("still waiting for: %s", what)
		}
	}
}

// bury waits until what a dead process held is free again.
func (w *world) bury(r *replica) {
	r.stop()
	time.Sleep(w.live.Lease)
	w.later(20 * time.Second)
}

// later moves the clock of this world.
func (w *world) later(d time.Duration) { w.db.SetClock(w.db.Now().Add(d)) }

// query returns the one value of a query.
func query[T any](w *world, sql string, args ...any) T {
	w.t.Helper()
	all := rows[T](w, sql, args...)
	if len(all) != 1 {
		w.t.Fatalf("%d rows: %s", len(all), sql)
	}
	return all[0]
}

// rows returns the values of a query of one column.
func rows[T any](w *world, sql string, args ...any) []T {
	w.t.Helper()
	r, err := w.sql.Query(context.Background(), sql, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := pgx.CollectRows(r, pgx.RowTo[T])
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// exec changes the database behind the bot's back.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.sql.Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

// emptyRedis loses all that Redis has.
func (w *world) emptyRedis() {
	w.t.Helper()
	o, err := redis.ParseURL(w.redis)
	if err != nil {
		w.t.Fatal(err)
	}
	c := redis.NewClient(o)
	defer c.Close()
	if err := c.FlushDB(context.Background()).Err(); err != nil {
		w.t.Fatal(err)
	}
}

// equal compares.
func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	g, _ := json.Marshal(got)
	v, _ := json.Marshal(want)
	if string(g) != string(v) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, v)
	}
}

func chatOf(id string) bot.Chat { return bot.Chat{Channel: "test", Account: "1", ID: id} }

// gate holds whoever passes it until it is opened.
type gate struct {
	passing chan struct{} // one for everybody who came
	opened  chan struct{}
}

func newGate() *gate { return &gate{make(chan struct{}, 1000), make(chan struct{})} }

func (g *gate) pass() {
	g.passing <- struct{}{}
	<-g.opened
}

// die ends what a process is doing the first time it comes by, as kill -9 would:
// nothing after it happens. dead is closed then.
func die() (moment func(), dead chan struct{}) {
	var once atomic.Bool
	dead = make(chan struct{})
	return func() {
		if once.CompareAndSwap(false, true) {
			close(dead)
			runtime.Goexit()
		}
	}, dead
}
