package bot

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of draining the spool.
const (
	drainBatch  = 256                    // messages at a time
	drainPause  = 500 * time.Millisecond // between two looks, and after a failure
	drainAsks   = 8                      // chats that ask the marks at a time: Redis has better to do
	othersPause = 50 * time.Millisecond  // between two looks at what others have stored
	othersLimit = 15 * time.Second       // for earlier messages in another replica's spool, from when Postgres is back: that replica may be down
	marksLimit  = 3 * time.Second        // for the marks to answer: then Redis is away, and nobody knows of other replicas
)

// drain moves spooled messages to Postgres, oldest first in each chat.
func (b *Bot) drain(ctx context.Context) {
	for pause(ctx, drainPause) {
		for b.drainSome(ctx) {
		}
	}
}

// drainSome stores the oldest messages and tells whether to go on at once; not
// when none is on the disk yet, however many are on their way there. Each chat has
// a goroutine of its own that tries until it has succeeded: another replica may
// wait for any of them.
func (b *Bot) drainSome(ctx context.Context) bool {
	messages, at, err := b.spool.next(drainBatch)
	if err != nil {
		b.log.Error("spool not read", "waiting", b.spool.len(), "error", err)
	}
	if len(messages) == 0 {
		return false
	}
	byChat := map[Chat][]Message{}
	for _, m := range messages {
		byChat[m.Chat] = append(byChat[m.Chat], m)
	}
	d := draining{bot: b, asks: make(chan struct{}, drainAsks)}
	var chats sync.WaitGroup
	for chat, some := range byChat {
		chats.Go(func() {
			d.chat(ctx, some)
			b.lanes.add(chat, func(a *lane) { a.look = true })
		})
	}
	chats.Wait()
	if ctx.Err() != nil {
		return false // the next process stores them all again, which changes nothing
	}
	for _, m := range messages {
		b.spool.left(m.Chat)
	}
	if err := b.spool.passed(at); err != nil {
		b.log.Error("spool not emptied", "waiting", b.spool.len(), "error", err)
		return false
	}
	return true
}

// draining is a batch on its way to Postgres.
type draining struct {
	bot    *Bot
	asks   chan struct{} // held while the marks are asked
	failed atomic.Bool
}

// chat stores a chat's messages, each after those that other replicas spooled
// before it.
func (d *draining) chat(ctx context.Context, messages []Message) {
	alone, cleared := d.bot.marks == nil, true // alone: others are not waited for
	for _, m := range messages {
		for {
			if !alone {
				alone = !d.awaitOthers(ctx, m)
			}
			err := d.store(ctx, m)
			if err == nil {
				break
			}
			if !d.failed.Swap(true) && ctx.Err() == nil { // one line for all of them
				d.bot.log.Warn("spool not drained", "waiting", d.bot.spool.len(), "error", err)
			}
			if !pause(ctx, drainPause) {
				return
			}
		}
		if d.bot.marks != nil {
			cleared = d.clear(ctx, m)
		}
	}
	// Clearing the last message clears all. Others would wait for it in vain.
	for until := time.Now().Add(marksLimit); !cleared && time.Now().Before(until) && pause(ctx, othersPause); {
		cleared = d.clear(ctx, messages[len(messages)-1])
	}
}

func (d *draining) store(ctx context.Context, m Message) error {
	_, err := d.bot.inbox.Add(ctx, m)
	if errors.Is(err, ErrContent) {
		err = d.bot.keepRaw(ctx, m)
	}
	return err
}

func (d *draining) clear(ctx context.Context, m Message) bool {
	d.asks <- struct{}{}
	defer func() { <-d.asks }()
	return d.bot.marks.Clear(ctx, m.Chat, m.Delivery) == nil
}

func (d *draining) isFirst(ctx context.Context, m Message) (bool, error) {
	d.asks <- struct{}{}
	defer func() { <-d.asks }()
	return d.bot.marks.First(ctx, m.Chat, m.Delivery)
}

// awaitOthers waits until other replicas have stored what they spooled of the
// chat before this message; false: it is no use.
func (d *draining) awaitOthers(ctx context.Context, m Message) bool {
	var limit time.Time // set when Postgres is back, for the other replica too
	answered := time.Now()
	for {
		first, err := d.isFirst(ctx, m)
		switch {
		case err != nil && time.Since(answered) > marksLimit:
			return false
		case err == nil && first:
			return true
		case err == nil:
			answered = time.Now()
			if limit.IsZero() {
				if _, err := d.bot.inbox.Unhandled(ctx, m.Chat, 1); err == nil {
					limit = time.Now().Add(othersLimit)
				} else if !pause(ctx, drainPause) {
					return false
				}
				answered = time.Now()
			}
		}
		if !limit.IsZero() && time.Now().After(limit) {
			d.bot.log.Warn("earlier messages in another replica's spool are not waited for any longer", "chat", d.bot.redact(m.Chat))
			return false
		}
		if !pause(ctx, othersPause) {
			return false
		}
	}
}

// watchMarks looks ten times a second whether some replica spools. While Redis
// does not answer for a moment, what it said last holds.
func (b *Bot) watchMarks(ctx context.Context) {
	answered := time.Now()
	for pause(ctx, 100*time.Millisecond) {
		some, err := b.marks.Any(ctx)
		switch {
		case err == nil:
			b.spooling.Store(some)
			answered = time.Now()
		case time.Since(answered) > marksLimit:
			b.spooling.Store(false)
		}
	}
}
