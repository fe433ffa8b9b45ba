package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"
)

// The handler has 1.2 s in all: Zalo gives up after 2 s (reference zalo.md).
const (
	storeLimit = 900 * time.Millisecond // for Postgres, before the spool
	markLimit  = time.Second            // for Redis to take the mark of a spooled message, less what Postgres took
	markPause  = 120 * time.Millisecond // for the other replicas to see that this one spools
)

// Webhook is the handler a channel's platform posts to: it stores the messages
// and answers. While they are being stored the chat's lease and session are
// fetched; nothing else happens inside the request. A tap is acknowledged in the
// body of the answer. 200 stored, or nothing
// for us; 401 forged; 413 too large; 503 when neither Postgres nor the spool
// takes the message.
func (b *Bot) Webhook(ch Channel) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		received := time.Now()
		messages, err := ch.Read(r)
		switch {
		case errors.Is(err, ErrForged):
			b.metrics.webhook(ch.Name(), "forged")
			http.Error(w, "not signed", http.StatusUnauthorized)
			return
		case errors.Is(err, ErrTooLarge):
			b.metrics.webhook(ch.Name(), "too_large")
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		case err != nil: // the body did not arrive whole
			b.metrics.webhook(ch.Name(), "broken")
			http.Error(w, "not read", http.StatusBadRequest)
			return
		}
		for _, m := range messages {
			if err := b.receive(r.Context(), m, received); err != nil {
				b.log.Error("message not stored", "channel", ch.Name(), "error", err)
				b.metrics.webhook(ch.Name(), "not_stored")
				http.Error(w, "not stored", http.StatusServiceUnavailable)
				return
			}
			b.metrics.webhook(ch.Name(), string(m.Kind))
		}
		if a, ok := ch.(Acknowledger); ok {
			if kind, body := a.Acknowledge(messages); len(body) > 0 {
				w.Header().Set("Content-Type", kind)
				_, _ = w.Write(body)
				return
			}
		}
		w.WriteHeader(http.StatusOK)
	})
}

// Receive stores a message of a channel that has no webhook (the terminal).
func (b *Bot) Receive(ctx context.Context, m Message) error {
	return b.receive(ctx, m, time.Now())
}

// receive stores a message and wakes its chat's lane. The chat's lease and
// session are fetched while the message is being stored.
func (b *Bot) receive(ctx context.Context, m Message, received time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	switch m.Kind {
	case KindRaw:
		return b.store(ctx, m, received, nil)
	case KindEcho:
		if b.echoes != nil {
			_ = b.echoes.Heard(ctx, m.Chat, m.Text) // only saves somebody a repetition
		}
		return nil
	}
	if b.spool.has(m.Chat) || b.elsewhere(ctx, m.Chat) {
		return b.setAside(m, received)
	}
	queue := func(change func(*lane)) { b.lanes.add(m.Chat, change) }
	if b.live != nil {
		if a := b.lanes.reserve(m.Chat); a != nil {
			queue = b.takeAhead(ctx, a)
			defer queue(func(*lane) {}) // nothing was stored: the lane is let go, and the lease with it
		}
	}
	return b.store(ctx, m, received, queue)
}

// takeAhead fetches the lease and session of a reserved lane while its message is
// being stored. What it returns queues the lane, the first time it is called.
func (b *Bot) takeAhead(ctx context.Context, a *lane) (queue func(change func(*lane))) {
	taken := make(chan *Lease, 1)
	go func() {
		switch l, err := b.live.Take(ctx, a.chat); {
		case err != nil:
			taken <- &Lease{Chat: a.chat} // Redis is away: the lane and the turn number are enough
		case l.Token == "":
			taken <- nil // somebody has it: ask again once the message is stored
		default:
			taken <- &l
		}
	}()
	var once sync.Once
	return func(change func(*lane)) {
		once.Do(func() {
			l := <-taken
			b.lanes.ready(a, func(a *lane) {
				change(a)
				a.lease = l
			})
		})
	}
}

// store stores the message in Postgres, or else in the spool, and queues it.
func (b *Bot) store(ctx context.Context, m Message, received time.Time, queue func(func(*lane))) error {
	rec, err := b.inbox.Add(ctx, m)
	switch {
	case errors.Is(err, ErrContent): // never an outage
		if b.keepRaw(ctx, m) != nil {
			return b.setAside(m, received)
		}
		return nil
	case err != nil:
		return b.setAside(m, received)
	case !rec.New || queue == nil:
		return nil
	}
	queue(func(a *lane) {
		if rec.Older {
			a.look = true
			return
		}
		a.fresh = append(a.fresh, Incoming{Message: m, Seq: rec.Seq, Received: received})
	})
	return nil
}

// keepRaw keeps a message that Postgres refuses as it came, for people to look
// at. One whose very chat cannot be written is only counted.
func (b *Bot) keepRaw(ctx context.Context, m Message) error {
	b.metrics.webhook(m.Chat.Channel, "refused")
	raw, _ := json.Marshal(m)
	_, err := b.inbox.Add(ctx, Message{Chat: m.Chat, Delivery: m.Delivery, Kind: KindRaw, Raw: raw})
	if errors.Is(err, ErrContent) {
		return nil
	}
	return err
}

// elsewhere tells whether another replica has spooled messages of the chat, or
// may have: some replica spools, and Redis does not answer for a moment.
func (b *Bot) elsewhere(ctx context.Context, chat Chat) bool {
	if !b.spooling.Load() {
		return false
	}
	has, err := b.marks.Has(ctx, chat)
	return err != nil || has
}

// setAside writes the message to the spool: Postgres did not take it in time.
func (b *Bot) setAside(m Message, received time.Time) error {
	marked := false
	for b.marks != nil { // before the message can be drained, which takes the mark away
		marked = b.marks.Set(context.Background(), m.Chat, m.Delivery) == nil
		if marked || time.Since(received) > markLimit {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	first, err := b.spool.add(m)
	switch {
	case err != nil && marked:
		_ = b.marks.Clear(context.Background(), m.Chat, m.Delivery)
	case err == nil && marked && first:
		time.Sleep(markPause)
	}
	return err
}
