package bottest

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"lensan/bot"
	"lensan/store"
)

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
	failures  atomic.Int64  // turns that failed by the bot's own fault
	failed    []string      // lines at which one did
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
		Channels: channels, Script: script, Texts: p.w.Texts, Inbox: p.db, Journal: watched{p.db, &p.failures}, Outbox: p.db, Live: p.live, Marks: p.live, Echoes: p.live,
		SpoolDir: p.dir, Now: p.db.Now, Log: slog.New(slog.NewTextHandler(p.t.Output(), &slog.HandlerOptions{Level: level})),
		Moments: p.crash.moments(), Twice: !p.w.loose, Workers: 4, Senders: 4,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.bot.Start(context.Background())
	p.serving.Store(p.bot)
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
