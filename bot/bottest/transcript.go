package bottest

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"lensan/bot"
	"lensan/store"
)

// Update makes [Play] rewrite what the bot says in the transcripts.
var Update = flag.Bool("update", false, "rewrite the answers in testdata/*.txt")

// World is what a transcript is played in.
type World struct {
	Script func(*store.DB) (*bot.Script, error)
	Texts  bot.Texts
	// Looks are what "= NAME" shows: lines about the records.
	Looks map[string]func(context.Context, *store.DB) ([]string, error)
	// Directions are stage directions of one's own ("! NAME REST").
	Directions map[string]func(ctx context.Context, db *store.DB, chat bot.Chat, rest string) error

	// File is what is in a document that a person sends; nil: they send none.
	File func(name string) ([]byte, error)
	// Made opens a file that the bot made and sends; every other is a [Picture].
	Made func(ctx context.Context, key string) (io.ReadCloser, error)
	// Jobs runs the jobs that fetch files and speak on their own ("! jobs").
	Jobs func(ctx context.Context, db *store.DB, files map[string]bot.Fetcher, receive func(context.Context, bot.Message) error) error
	// Mask replaces what is drawn by lot in what the bot says; nil: nothing is.
	Mask func(string) string
	// Typed is what a line of the person stands for that has something so replaced;
	// nil: it is typed as it is.
	Typed func(string) string

	// Every line of the person is followed by this, on top of what the transcript says:
	Again bool   // the same delivery once more
	Crash string // the process dies at this moment: "before commit", "after commit", "before sent", "after sent"
	Empty bool   // Redis is emptied

	loose bool // the texts are not those of the transcript, see [Said]
}

// Start is the time at which every transcript begins: a Sunday morning.
var Start = time.Date(2026, 11, 22, 9, 0, 0, 0, store.Zone)

// Play plays a transcript on real servers and compares what the bot says.
//
//	# a remark
//	> what the person types, [taps] or (sends)
//	! a stage direction
//	= a look at the records
//	everything else is what the bot says, with its options in indented brackets
func Play(t *testing.T, file string, w World) {
	t.Helper()
	script := read(t, file)
	got := newPlayer(t, w, "").play(script)
	if *Update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(script, got); diff != "" {
		t.Errorf("%s: the bot says something else (- as written, + as played):\n%s", filepath.Base(file), diff)
	}
}

// Replay plays the lines of the person of a transcript and returns all that was
// said and looked at, for comparing in another way than word for word.
func Replay(t *testing.T, file string, w World) []string {
	t.Helper()
	return newPlayer(t, w, "").play(read(t, file))
}

// Said plays the lines of the person of a transcript and returns what the bot
// says, the message of each turn as it is before any channel's limits. The texts
// need not be those of the transcript: a tap is one on the last button shown.
func Said(t *testing.T, file string, w World) []bot.Reply {
	t.Helper()
	w.loose = true
	p := newPlayer(t, w, "")
	p.play(read(t, file))
	var all []bot.Reply
	for _, on := range p.platforms {
		all = append(all, on.(*stage).said...)
	}
	return all
}

// read returns the lines of a transcript.
func read(t *testing.T, file string) []string {
	t.Helper()
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(script), "\n"), "\n")
}

// player plays one transcript.
type player struct {
	t     *testing.T
	w     World
	on    string // the real channel that has the part of Telegram; empty: none is real
	db    *store.DB
	live  *store.Live
	rdb   *redis.Client
	dir   string
	bot   *bot.Bot
	crash crash

	platforms map[string]platform
	serving   atomic.Pointer[bot.Bot] // for requests of platforms, which come from beside
	chat      bot.Chat
	names     map[bot.Chat]string // who@channel, as in the transcript
	lang      map[bot.Chat]string
	options   map[bot.Chat][]bot.Option // all that were shown, the latest last
	posted    int
	last      []bot.Message // the deliveries of the last line
}

// newPlayer makes a player on a stage, or on real channels ([PlayOn]).
func newPlayer(t *testing.T, w World, on string) *player {
	p := &player{
		t: t, w: w, on: on, dir: t.TempDir(), lang: map[bot.Chat]string{}, options: map[bot.Chat][]bot.Option{},
		names: map[bot.Chat]string{},
	}
	var err error
	if p.db, err = store.Open(t.Context(), Database(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.db.Close)
	p.db.SetClock(Start)
	url := Redis(t)
	if p.live, err = store.OpenLive(url); err != nil {
		t.Fatal(err)
	}
	p.live.Lease = 100 * time.Millisecond
	o, _ := redis.ParseURL(url)
	p.rdb = redis.NewClient(o)
	t.Cleanup(func() { _ = p.rdb.Close(); _ = p.live.Close() })
	p.platforms = stages(w)
	if on != "" {
		p.platforms = realPlatforms(p)
	}
	p.chat = p.person("may", "telegram")
	p.start()
	t.Cleanup(func() { p.bot.Stop() })
	return p
}

func (p *player) start() {
	script, err := p.w.Script(p.db)
	if err != nil {
		p.t.Fatal(err)
	}
	var channels []bot.Channel
	for _, on := range p.platforms {
		channels = append(channels, on.channel())
	}
	level := slog.LevelError
	if p.w.Crash != "" {
		level = slog.LevelError + 4
	}
	p.bot, err = bot.New(bot.Config{
		Channels: channels, Script: script, Texts: p.w.Texts, Inbox: p.db, Journal: p.db, Outbox: p.db, Live: p.live, Marks: p.live, Echoes: p.live,
		SpoolDir: p.dir, Now: p.db.Now, Log: slog.New(slog.NewTextHandler(p.t.Output(), &slog.HandlerOptions{Level: level})),
		Moments: p.crash.moments(), Twice: !p.w.loose, Workers: 4, Senders: 4,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.bot.Start(context.Background())
	p.serving.Store(p.bot)
}

// play plays the script and returns it with what the bot says now.
func (p *player) play(script []string) []string {
	var out []string
	for i, line := range script {
		switch {
		case strings.HasPrefix(line, "#"):
			out = append(out, line)
		case strings.HasPrefix(line, ">"):
			out = append(blank(out), line)
			out = append(out, p.say(strings.TrimSpace(line[1:]))...)
		case strings.HasPrefix(line, "!"):
			if len(out) > 0 && !strings.HasPrefix(out[len(out)-1], "!") && !strings.HasPrefix(out[len(out)-1], "#") {
				out = blank(out)
			}
			out = append(out, line)
			out = append(out, p.direct(strings.TrimSpace(line[1:]))...)
		case strings.HasPrefix(line, "="):
			out = append(blank(out), line)
			out = append(out, p.look(strings.TrimSpace(line[1:]))...)
		case line == "" && i > 0 && strings.HasPrefix(script[i-1], "#"):
			out = append(out, "")
		}
	}
	return out
}

// blank puts one empty line behind what the bot said.
func blank(out []string) []string {
	if n := len(out); n > 0 && out[n-1] != "" && !strings.HasPrefix(out[n-1], "!") {
		return append(out, "")
	}
	return out
}

// say posts what the person does and returns what the bot says to it.
func (p *player) say(line string) []string {
	p.last = nil
	for _, m := range p.messages(line) {
		p.posted++
		m.Chat, m.Delivery, m.Lang = p.chat, strconv.Itoa(p.posted), p.lang[p.chat]
		p.last = append(p.last, m)
	}
	if p.w.Crash != "" {
		p.crash.at.Store(p.w.Crash)
	}
	p.post(p.last)
	said := p.wait()
	if p.w.Again {
		p.post(p.last)
		if more := p.wait(); len(more) > 0 {
			p.t.Errorf("a message delivered twice was answered twice: > %s\n%s", line, strings.Join(more, "\n"))
		}
	}
	if p.w.Empty {
		p.empty()
	}
	return said
}

func (p *player) post(all []bot.Message) {
	for _, m := range all {
		if p.platforms[m.Chat.Channel].post(m) {
			continue
		}
		m.Text = bot.Clean(m.Text)
		if err := p.bot.Receive(context.Background(), m); err != nil {
			p.t.Fatal(err)
		}
	}
}

// wait waits until nothing is to be done, restarting a process that died, and
// returns what was said meanwhile.
func (p *player) wait() []string {
	deadline := time.Now().Add(30 * time.Second)
	for {
		if p.crash.crashed.CompareAndSwap(true, false) {
			p.bot.Stop()
			p.db.SetClock(p.db.Now().Add(20 * time.Second)) // what the dead process held is free again
			time.Sleep(p.live.Lease)
			p.start()
		}
		unhandled, unsent, err := p.db.Backlog(context.Background())
		if err != nil {
			p.t.Fatal(err)
		}
		if p.bot.Idle() && unhandled == 0 && unsent == 0 && !p.crash.crashed.Load() {
			p.crash.at.Store("")
			return p.shown()
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("no rest after 30 s: %d messages unhandled, %d replies unsent", unhandled, unsent)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// shown renders what was said since it was last called.
func (p *player) shown() []string {
	var out []string
	for _, name := range []string{"telegram", "web", "zalo"} {
		for _, s := range p.platforms[p.role(name)].take() {
			if len(out) > 0 {
				out = append(out, "")
			}
			if s.chat != p.chat {
				out = append(out, "("+p.names[s.chat]+")")
			}
			if f := s.reply.File; f != nil {
				out = append(out, fileLine(*f))
			}
			text := s.reply.Text
			if p.w.Mask != nil {
				text = p.w.Mask(text)
			}
			if text != "" {
				out = append(out, strings.Split(text, "\n")...)
			}
			if o := s.reply.Options; len(o) > 0 {
				var b []string
				for _, o := range o {
					b = append(b, "["+o.Title()+"]")
				}
				out = append(out, "    "+strings.Join(b, " "))
				p.options[s.chat] = append(p.options[s.chat], o...)
			}
			if s.reply.Contact != "" {
				out = append(out, "    ["+s.reply.Contact+"]")
			}
		}
	}
	return out
}

// direct does what a stage direction says and returns what the bot says to it.
func (p *player) direct(d string) []string {
	ctx := context.Background()
	word, rest, _ := strings.Cut(d, " ")
	switch {
	case d == "again":
		p.post(p.last)
	case word == "crash":
		p.crash.at.Store(rest)
		return nil
	case d == "jobs":
		files := map[string]bot.Fetcher{}
		for _, on := range p.platforms {
			files[on.channel().Name()] = on.channel().(bot.Fetcher)
		}
		if err := p.w.Jobs(ctx, p.db, files, p.bot.Receive); err != nil {
			p.t.Fatal(err)
		}
	case d == "empty redis":
		p.empty()
	case word == "as":
		who, channel, _ := strings.Cut(rest, "@")
		if p.platforms[channel] == nil {
			p.t.Fatalf("! %s: no such channel", d)
		}
		p.chat = p.person(who, channel)
	case word == "lang":
		p.lang[p.chat] = rest
	case d == "blocked":
		p.platforms[p.chat.Channel].block(p.chat)
	case strings.HasSuffix(d, " later"):
		n, unit, _ := strings.Cut(strings.TrimSuffix(d, " later"), " ")
		count, err := strconv.Atoi(n)
		by := map[string]time.Duration{"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}[unit]
		if err != nil || by == 0 {
			p.t.Fatalf("! %s: when?", d)
		}
		p.db.SetClock(p.db.Now().Add(time.Duration(count) * by))
	default:
		f := p.w.Directions[word]
		if f == nil {
			p.t.Fatalf("what is ! %s? Known: again, crash, empty redis, as, lang, blocked, jobs, … later, %s", d,
				strings.Join(slices.Sorted(maps.Keys(p.w.Directions)), ", "))
		}
		if err := f(ctx, p.db, p.chat, rest); err != nil {
			p.t.Fatalf("! %s: %v", d, err)
		}
	}
	return p.wait()
}

func (p *player) empty() {
	if err := p.rdb.FlushDB(context.Background()).Err(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *player) look(name string) []string {
	f := p.w.Looks[name]
	if f == nil {
		p.t.Fatalf("what is = %s?", name)
	}
	rows, err := f(context.Background(), p.db)
	if err != nil {
		p.t.Fatalf("= %s: %v", name, err)
	}
	return p.named(rows)
}
