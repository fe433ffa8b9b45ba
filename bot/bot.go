package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Config is what a Bot is made of.
type Config struct {
	Channels []Channel
	Script   *Script
	Texts    Texts
	Inbox    Inbox
	Journal  Journal
	Outbox   Outbox
	Live     Live   // may be nil: conversations live in Postgres alone
	Marks    Marks  // may be nil: a single replica
	Echoes   Echoes // may be nil: no channel shows us our own messages
	SpoolDir string
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *Metrics

	Moments Moments // for fault tests
	Twice   bool    // run every turn a second time and fail it if the two differ (transcripts)
	Workers int     // turns run at a time; 0: 128
	Senders int     // replies sent at a time, per channel; 0: 32
}

// Moments are places where a fault test may end the process; nil: nothing.
type Moments struct {
	BeforeCommit, AfterCommit, BeforeSent, AfterSent func()
}

func at(moment func()) {
	if moment != nil {
		moment()
	}
}

// Bot runs the conversations of all channels.
type Bot struct {
	script  *Script
	texts   Texts
	inbox   Inbox
	journal Journal
	outbox  Outbox
	live    Live
	marks   Marks
	echoes  Echoes
	now     func() time.Time
	log     *slog.Logger
	metrics *Metrics
	workers int

	channels map[string]Channel
	lanes    *lanes
	sending  map[string]*sending
	marker   *marker
	spool    *spool
	spooling atomic.Bool // some replica has spooled messages

	moments Moments
	twice   bool

	stop context.CancelFunc
	work sync.WaitGroup
}

// New makes a bot. It opens the spool; nothing runs before [Bot.Start].
func New(c Config) (*Bot, error) {
	if len(c.Channels) == 0 {
		return nil, errors.New("bot: no channel is configured")
	}
	b := &Bot{
		script: c.Script, texts: c.Texts, inbox: c.Inbox, journal: c.Journal, outbox: c.Outbox, live: c.Live, marks: c.Marks, echoes: c.Echoes,
		now: c.Now, log: c.Log, metrics: c.Metrics, workers: c.Workers, moments: c.Moments, twice: c.Twice,
		channels: map[string]Channel{}, sending: map[string]*sending{},
	}
	if b.workers == 0 {
		b.workers = 128
	}
	if c.Senders == 0 {
		c.Senders = 32
	}
	b.lanes = newLanes()
	b.marker = &marker{bot: b, wake: make(chan struct{}, 1), recent: map[Chat]int64{}}
	for _, ch := range c.Channels {
		b.channels[ch.Name()] = ch
		b.sending[ch.Name()] = newSending(b, ch, c.Senders)
	}
	var err error
	if b.spool, err = openSpool(c.SpoolDir); err != nil {
		return nil, err
	}
	b.metrics.observe(b)
	return b, nil
}

// Start begins to work: what an earlier process left behind is taken up first.
func (b *Bot) Start(ctx context.Context) {
	ctx, b.stop = context.WithCancel(ctx)
	run := func(f func(context.Context)) {
		b.work.Add(1)
		go func() {
			defer b.work.Done()
			f(ctx)
		}()
	}
	for range b.workers {
		run(b.worker)
	}
	for _, s := range b.sending {
		for range s.senders {
			run(s.sender)
		}
	}
	run(b.marker.run)
	run(b.drain)
	run(b.sweep)
	if b.marks != nil {
		run(b.watchMarks)
	}
}

// stopLimit bounds the last writing of marks when the bot stops.
const stopLimit = 3 * time.Second

// Stop lets the turns and sends in hand end, and waits for them. What waits is
// taken up by the next process.
func (b *Bot) Stop() {
	b.stop()
	b.lanes.close()
	for _, s := range b.sending {
		s.lanes.close()
	}
	b.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	b.marker.flush(ctx)
	b.spool.close()
}

// Idle tells whether this process has nothing in hand: no turn, no reply, no
// mark to write.
func (b *Bot) Idle() bool {
	for _, s := range b.sending {
		if s.lanes.len() > 0 {
			return false
		}
	}
	return b.lanes.len() == 0 && b.marker.idle() && b.spool.len() == 0
}

// lang is the language for a chat that has not chosen one: English only for an
// app that is neither Vietnamese nor unknown.
func (b *Bot) lang(app string) string {
	if app == "en" {
		return "en"
	}
	return "vi"
}

// redact names a chat in logs without naming the person.
func (b *Bot) redact(c Chat) string {
	sum := sha256.Sum256([]byte(c.String()))
	return c.Channel + ":" + hex.EncodeToString(sum[:4])
}
