package bot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// floodLimit is how many unhandled messages of a chat are answered one by one;
// the rest are answered by one reply.
const floodLimit = 20

// lanes hold the chats that have work, each worked on by one goroutine at a
// time. A chat that has had its turn goes to the end of the queue, so a flood in
// one chat slows nobody else.
type lanes struct {
	mu     sync.Mutex
	cond   *sync.Cond
	all    map[Chat]*lane
	queue  []*lane
	closed bool
}

// lane is the work of one chat.
type lane struct {
	chat  Chat
	fresh []Incoming // stored by this process, not run yet
	look  bool       // there may be more in the database
	due   time.Time  // an owed answer
	lease *Lease     // taken ahead, while the message was being stored
	busy  bool       // queued or worked on
	flood int        // in a flood: steps until the rest is answered by one reply
	items []outgoing // of a sending lane: what is to be sent, in order of turn
}

func newLanes() *lanes {
	l := &lanes{all: map[Chat]*lane{}}
	l.cond = sync.NewCond(&l.mu)
	return l
}

// add gives a chat work and queues it unless somebody is at it.
func (l *lanes) add(chat Chat, change func(*lane)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.all[chat]
	if a == nil {
		a = &lane{chat: chat}
		l.all[chat] = a
	}
	change(a)
	l.enqueue(a)
}

func (l *lanes) enqueue(a *lane) {
	if !a.busy {
		a.busy = true
		l.queue = append(l.queue, a)
		l.cond.Signal()
	}
}

// reserve makes a lane for a chat that has none, before there is work for it;
// nil: there is one. [lanes.ready] queues it.
func (l *lanes) reserve(chat Chat) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all[chat] != nil {
		return nil
	}
	a := &lane{chat: chat, busy: true}
	l.all[chat] = a
	return a
}

// ready gives a reserved lane its work.
func (l *lanes) ready(a *lane, change func(*lane)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a.busy = false
	change(a)
	l.enqueue(a)
}

// pop waits for a chat with work; nil: closed.
func (l *lanes) pop() *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.closed {
		l.cond.Wait()
	}
	if l.closed {
		return nil
	}
	a := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return a
}

// done puts the chat back at the end of the queue if it has work left, and lets
// it go otherwise.
func (l *lanes) done(a *lane, more func(*lane) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a.busy = false
	if more(a) {
		l.enqueue(a)
	} else {
		delete(l.all, a.chat)
	}
}

// later queues the chat again after a pause, without holding a worker.
func (l *lanes) later(a *lane, pause time.Duration, change func(*lane)) {
	time.AfterFunc(pause, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		a.busy = false
		change(a)
		if !l.closed {
			l.enqueue(a)
		}
	})
}

func (l *lanes) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.cond.Broadcast()
}

func (l *lanes) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

// worker runs turns, one chat after the other.
func (b *Bot) worker(ctx context.Context) {
	for {
		a := b.lanes.pop()
		if a == nil {
			return
		}
		b.workLane(ctx, a)
	}
}

// stepLimit bounds all that is done for one turn, with its repetitions.
const stepLimit = 20 * time.Second

// workLane runs the chat's next turn.
func (b *Bot) workLane(ctx context.Context, a *lane) {
	b.lanes.mu.Lock()
	look, lease, due := a.look, a.lease, a.due
	fresh := a.fresh
	a.look, a.lease, a.fresh = false, nil, nil
	b.lanes.mu.Unlock()

	// A turn in hand ends, or it would be run again by the next process.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stepLimit)
	defer cancel()
	var left []Incoming
	var pause time.Duration
	switch l, err := b.lease(ctx, a.chat, lease); {
	case err != nil: // somebody else is at this chat, and was told to look again
		look = false
	default:
		left, look, pause = b.step(ctx, a, l, fresh, look, due)
	}
	b.lanes.mu.Lock()
	a.fresh = append(left, a.fresh...)
	a.look = a.look || look
	b.lanes.mu.Unlock()
	if pause > 0 {
		b.lanes.later(a, pause, func(*lane) {})
		return
	}
	b.lanes.done(a, func(a *lane) bool { return len(a.fresh) > 0 || a.look || a.lease != nil })
}

var errTaken = errors.New("bot: another replica has the chat")

// lease gets the right to run the chat's next turn. With Redis away the lane in
// this process and the turn number are enough.
func (b *Bot) lease(ctx context.Context, chat Chat, ahead *Lease) (Lease, error) {
	if ahead != nil {
		return *ahead, nil
	}
	if b.live == nil {
		return Lease{Chat: chat}, nil
	}
	l, err := b.live.Take(ctx, chat)
	if err != nil {
		return Lease{Chat: chat}, nil
	}
	if l.Token == "" {
		return l, errTaken
	}
	return l, nil
}

// give writes the live session and gives the lease back; it tells whether
// another replica stored something meanwhile.
func (b *Bot) give(ctx context.Context, l Lease, s *Session) bool {
	if l.Token == "" {
		return false
	}
	asked, err := b.live.Give(context.WithoutCancel(ctx), l, s)
	return err == nil && asked
}

// step runs the oldest unhandled message, or the answer that is owed. It returns
// what is left to do.
func (b *Bot) step(ctx context.Context, a *lane, l Lease, fresh []Incoming, look bool, due time.Time) (left []Incoming, again bool, pause time.Duration) {
	const retry = time.Second // the database is away: the sweeper is behind this
	sess := l.Session
	if look {
		all, err := b.inbox.Unhandled(ctx, a.chat, floodLimit+200)
		if err != nil {
			b.give(ctx, l, nil)
			return fresh, ctx.Err() == nil, retry
		}
		fresh = all
		for i := range fresh {
			fresh[i].Again = true
		}
		if a.flood == 0 && len(fresh) > floodLimit {
			a.flood = floodLimit + 1
		}
	}
	if len(fresh) == 0 {
		if !due.IsZero() && !b.now().Before(due) || look {
			return nil, b.owed(ctx, a, l), 0
		}
		return nil, b.give(ctx, l, nil), 0
	}
	of := task{in: &fresh[0]}
	if a.flood > 0 {
		if a.flood--; a.flood == 0 {
			of = task{flood: fresh}
		}
	}
	var turn *Turn
	var done Committed
	var err error
	started := time.Now()
	fresh = fresh[max(1, len(of.flood)):]
	if in := of.in; in != nil && in.Again {
		in.Tries, err = b.inbox.Retry(ctx, in.Seq)
	}
	if err == nil {
		turn, done, err = b.runTurn(ctx, a.chat, sess, of)
	}
	switch {
	case errors.Is(err, ErrHandled):
		return fresh, b.give(ctx, l, nil), 0
	case err != nil:
		b.give(ctx, l, nil)
		if ctx.Err() != nil {
			return nil, false, 0
		}
		b.log.Warn("turn not committed", "chat", b.redact(a.chat), "error", err)
		return nil, true, retry
	}
	asked := b.finish(ctx, a, l, turn, done, of.in, started)
	return fresh, asked || done.More > len(fresh), 0
}

// finish does what follows a commit: the live session, the replies, the log.
func (b *Bot) finish(ctx context.Context, a *lane, l Lease, turn *Turn, done Committed, in *Incoming, started time.Time) (asked bool) {
	at(b.moments.AfterCommit)
	asked = b.give(ctx, l, turn.Session) // before the answer, which may bring the next message at once
	if len(turn.Replies) > 0 {
		b.send(a.chat, outgoing{turn: turn.Session.Turn, replies: turn.Replies, earlier: done.Unsent, claimed: time.Now()})
	}
	if due := turn.Session.Owed; !due.IsZero() {
		b.oweAt(a.chat, due)
	}
	since := started
	if in != nil && !in.Received.IsZero() {
		since = in.Received
	}
	took := time.Since(since)
	b.metrics.turn(a.chat.Channel, turn.Outcome, took)
	b.log.Info("turn", "chat", b.redact(a.chat), "turn", turn.Session.Turn, "flow", turn.Flow, "question", turn.Asked,
		"outcome", turn.Outcome, "ms", took.Milliseconds())
	return asked
}

// oweAt wakes the chat's lane when an answer is due.
func (b *Bot) oweAt(chat Chat, due time.Time) {
	time.AfterFunc(due.Sub(b.now()), func() {
		b.lanes.add(chat, func(a *lane) { a.due = due })
	})
}

// owed runs the answer that is owed, if it is due by the session.
func (b *Bot) owed(ctx context.Context, a *lane, l Lease) (again bool) {
	sess, err := b.journal.Session(ctx, a.chat)
	if err != nil || sess.Owed.IsZero() || b.now().Before(sess.Owed) {
		if err == nil && !sess.Owed.IsZero() {
			b.oweAt(a.chat, sess.Owed)
		}
		return b.give(ctx, l, nil)
	}
	started := time.Now()
	turn, done, err := b.runTurn(ctx, a.chat, sess, task{})
	if err != nil {
		b.log.Warn("owed answer not committed", "chat", b.redact(a.chat), "error", err)
		return b.give(ctx, l, nil)
	}
	return b.finish(ctx, a, l, turn, done, nil, started) || done.More > 0
}
