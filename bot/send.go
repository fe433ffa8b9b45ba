package bot

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// Times of sending. A claim (send_until, set by the store) outlives claimAge and
// one send.
const (
	sendLimit  = 10 * time.Second // one part, unless the channel is quicker to give up
	claimAge   = 4 * time.Second  // an older claim is renewed before sending
	claimLasts = 14 * time.Second // and one older than this may be somebody else's by now
	lateAfter  = 10 * time.Second // a question answered meanwhile is not sent after this
	busyPause  = 200 * time.Millisecond
	maxUnknown = 2 // sends of one part whose outcome may be unknown
)

const allTurns = math.MaxInt64

// outgoing is a turn's replies on their way.
type outgoing struct {
	turn    int64
	replies []Reply
	parts   int       // sent so far
	earlier int64     // an earlier turn of the chat was not marked sent at the commit
	claimed time.Time // when this process got the right to send it
	load    bool      // to be claimed and loaded first
	unknown int       // sends of the part in hand whose outcome is unknown
	tried   time.Time // when the first of them began
}

// sending sends the replies of one channel: a lane per chat, a fixed pool of
// senders, so that one platform that hangs slows no other.
type sending struct {
	bot     *Bot
	channel Channel
	can     Abilities
	lanes   *lanes
	senders int
}

func newSending(b *Bot, ch Channel, senders int) *sending {
	return &sending{bot: b, channel: ch, can: ch.Can(), lanes: newLanes(), senders: senders}
}

// send puts replies behind the others of their chat.
func (b *Bot) send(chat Chat, o outgoing) {
	s := b.sending[chat.Channel]
	if s == nil {
		return // this process does not serve the channel; another one sweeps it
	}
	s.lanes.add(chat, func(a *lane) {
		if o.load && len(a.items) > 0 {
			return
		}
		a.items = append(a.items, o)
	})
}

func (s *sending) sender(ctx context.Context) {
	for {
		a := s.lanes.pop()
		if a == nil {
			return
		}
		items, wait := s.sendOldest(ctx, a.chat, s.take(a))
		put := func(a *lane) { a.items = append(items, a.items...) }
		if wait > 0 {
			s.lanes.later(a, wait, put)
			continue
		}
		s.lanes.done(a, func(a *lane) bool { put(a); return len(a.items) > 0 })
	}
}

func (s *sending) take(a *lane) []outgoing {
	s.lanes.mu.Lock()
	defer s.lanes.mu.Unlock()
	items := a.items
	a.items = nil
	return items
}

// sendOldest sends the chat's oldest replies and returns what is left.
func (s *sending) sendOldest(ctx context.Context, chat Chat, items []outgoing) (left []outgoing, wait time.Duration) {
	if len(items) == 0 {
		return nil, 0
	}
	o := &items[0]
	if ctx.Err() != nil {
		return nil, 0
	}
	if o.load || time.Since(o.claimed) > claimAge || o.earlier > 0 && !s.bot.marker.knows(chat, o.earlier) {
		return s.claim(ctx, chat, items)
	}
	parts := Parts(merged(o.replies), s.can)
	for o.parts < len(parts) {
		if o.unknown > 0 && s.arrived(ctx, chat, parts[o.parts], o.tried) {
			o.parts++
			o.unknown = 0
			continue
		}
		at(s.bot.moments.BeforeSent)
		sctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendLimit) // a send in hand ends, or it would be said twice
		started := time.Now()
		err := s.channel.Send(sctx, chat, parts[o.parts])
		cancel()
		s.bot.metrics.sent(chat.Channel, err, time.Since(started))
		var w *Wait
		fate := ""
		switch {
		case err == nil:
			o.parts++
			o.unknown = 0
			if o.parts < len(parts) && time.Since(o.claimed) > claimAge {
				return items, 0 // the claim is renewed before the next part
			}
			continue
		case errors.As(err, &w):
			if w.After > claimAge/2 { // nobody sends it meanwhile; then it is claimed again
				o.load = true
				s.bot.marker.add(Mark{Chat: chat, Turn: o.turn, Parts: o.parts, Hold: w.After})
				return items, w.After + 2*markEvery
			}
			return items, max(w.After, 10*time.Millisecond)
		case errors.Is(err, ErrUnknown):
			if ctx.Err() != nil { // we stop: the next process sends it again
				return nil, 0
			}
			if o.unknown++; o.unknown < maxUnknown {
				o.tried = started
				return items, time.Second // or an echo tells that it arrived
			}
			fate = "unknown"
		case errors.Is(err, ErrQuota):
			fate = "quota"
		case errors.Is(err, ErrGone):
			fate = "gone"
		case errors.Is(err, ErrWindow):
			fate = "window"
		default:
			fate = "refused"
		}
		if parts[o.parts].File != nil && o.parts+1 < len(parts) && (fate == "refused" || fate == "unknown") {
			s.bot.log.Warn("file given up", "chat", s.bot.redact(chat), "turn", o.turn, "fate", fate, "error", err)
			o.parts++ // the words behind it are what the person waits for
			o.unknown = 0
			return items, 0
		}
		s.bot.log.Warn("reply given up", "chat", s.bot.redact(chat), "turn", o.turn, "fate", fate, "error", err)
		s.bot.marker.add(Mark{Chat: chat, Turn: o.turn, Parts: o.parts, Done: true, Fate: fate})
		return items[1:], 0
	}
	at(s.bot.moments.AfterSent)
	s.bot.marker.add(Mark{Chat: chat, Turn: o.turn, Parts: o.parts, Done: true})
	return items[1:], 0
}

// arrived tells whether a part of unknown outcome was shown after all.
func (s *sending) arrived(ctx context.Context, chat Chat, part Reply, tried time.Time) bool {
	if s.bot.echoes == nil || part.Text == "" {
		return false
	}
	heard, err := s.bot.echoes.WasHeard(ctx, chat, part.Text, tried)
	return err == nil && heard
}

// claim gets the right to send what stands before the first item in the
// database, or the item itself when its right may have run out.
func (s *sending) claim(ctx context.Context, chat Chat, items []outgoing) ([]outgoing, time.Duration) {
	o := &items[0]
	own := !o.load && time.Since(o.claimed) <= claimAge
	upto := o.turn
	if own {
		upto--
	}
	if !own && time.Since(o.claimed) < claimLasts { // still ours: given up, to be taken again
		s.bot.marker.add(Mark{Chat: chat, Turn: o.turn, Parts: o.parts})
	}
	s.bot.marker.flush(ctx)
	unsent, busy, err := s.bot.outbox.Claim(ctx, chat, upto)
	if err != nil {
		return items, time.Second
	}
	var first []outgoing
	for _, u := range unsent {
		replies := u.Replies
		if !u.Last && s.bot.now().Sub(u.At) > lateAfter {
			replies = withoutQuestion(replies)
		}
		first = append(first, outgoing{turn: u.Turn, replies: replies, parts: u.Parts, claimed: time.Now()})
	}
	o.earlier = 0
	switch {
	case busy && own:
		o.earlier = o.turn - 1
		return append(first, items...), busyPause
	case busy && len(first) > 0:
		first[0].earlier = first[0].turn - 1
		return append(first, items[1:]...), busyPause
	case own:
		return append(first, items...), 0
	}
	return append(first, items[1:]...), 0 // the item itself is among them, or was sent by somebody else
}

// merged makes one message of what a turn says: the person's phone rings once.
func merged(replies []Reply) Reply {
	var m Reply
	for _, r := range replies {
		if m.Text != "" && r.Text != "" {
			m.Text += "\n\n"
		}
		m.Text += r.Text
		if len(r.Options) > 0 {
			m.Options = append(unnumbered(m.Options), r.Options...)
		}
		if r.Contact != "" {
			m.Contact = r.Contact
		}
		if r.File != nil {
			m.File = r.File
		}
		if r.Unasked != nil {
			m.Unasked = r.Unasked
		}
		m.ID, m.Question = r.ID, r.Question
	}
	return m
}

// unnumbered are the options whose numbers mean nothing else in what is said below.
func unnumbered(options []Option) []Option {
	var all []Option
	for _, o := range options {
		if o.Number == "" {
			all = append(all, o)
		}
	}
	return all
}

// withoutQuestion leaves out a question that was answered meanwhile.
func withoutQuestion(replies []Reply) []Reply {
	var kept []Reply
	for _, r := range replies {
		if !r.Question {
			r.Options = nil
			kept = append(kept, r)
		}
	}
	return kept
}

// marker writes the sent marks of all chats together, at most markEvery later.
type marker struct {
	bot  *Bot
	mu   sync.Mutex
	todo []Mark
	wake chan struct{}

	// turns whose replies this process has dealt with, of the last seconds
	recent, before map[Chat]int64
	turned         time.Time

	writing sync.Mutex
}

const markEvery = 50 * time.Millisecond

func (m *marker) add(k Mark) {
	m.mu.Lock()
	m.todo = append(m.todo, k)
	if now := time.Now(); now.Sub(m.turned) > 10*time.Second {
		m.recent, m.before, m.turned = map[Chat]int64{}, m.recent, now
	}
	if k.Done {
		m.recent[k.Chat] = max(m.recent[k.Chat], k.Turn)
	}
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// knows tells whether this process dealt with a turn's replies, and so with all
// before it.
func (m *marker) knows(chat Chat, turn int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.recent[chat] >= turn || m.before[chat] >= turn
}

func (m *marker) idle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.todo) == 0
}

func (m *marker) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
			if pause(ctx, markEvery) {
				m.flush(ctx)
			}
		}
	}
}

func (m *marker) flush(ctx context.Context) {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.mu.Lock()
	todo := m.todo
	m.todo = nil
	m.mu.Unlock()
	if len(todo) == 0 {
		return
	}
	if err := m.bot.outbox.Mark(ctx, todo); err != nil {
		m.mu.Lock()
		m.todo = append(todo, m.todo...)
		m.mu.Unlock()
		if ctx.Err() == nil {
			m.bot.log.Warn("sent marks not written", "count", len(todo), "error", err)
			time.AfterFunc(time.Second, func() {
				select {
				case m.wake <- struct{}{}:
				default:
				}
			})
		}
	}
}
