package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
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
// body of the answer. 200 stored, or nothing for us; 401 forged; 413 too large;
// 503 when neither Postgres nor the spool takes the message.
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

// receive stores a message and gives it to its chat's lane. While it is being
// stored the chat's lease and session are fetched, if nobody is at the chat.
func (b *Bot) receive(ctx context.Context, m Message, received time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	switch m.Kind {
	case KindRaw:
		_, err := b.store(ctx, m, received)
		return err
	case KindEcho:
		if b.echoes != nil {
			_ = b.echoes.Heard(ctx, m.Chat, m.Text) // only saves somebody a repetition
		}
		return nil
	}
	if b.spool.has(m.Chat) || b.elsewhere(ctx, m.Chat) {
		return b.setAside(m, received)
	}
	var reserved *lane
	if b.live != nil {
		reserved = b.lanes.reserve(m.Chat)
	}
	if reserved == nil {
		work, err := b.store(ctx, m, received)
		if work != nil {
			b.lanes.add(m.Chat, work)
		}
		return err
	}
	lease := b.takeAhead(ctx, m.Chat)
	work, err := b.store(ctx, m, received)
	taken := <-lease
	b.lanes.ready(reserved, func(a *lane) {
		a.lease = taken
		if work != nil { // else the lane is let go, and the lease with it
			work(a)
		}
	})
	return err
}

// takeAhead fetches the lease and session of a chat. What comes is nil when
// somebody else has them: they are asked for again once the message is stored.
func (b *Bot) takeAhead(ctx context.Context, chat Chat) <-chan *Lease {
	taken := make(chan *Lease, 1)
	go func() {
		switch l, err := b.live.Take(ctx, chat); {
		case err != nil:
			taken <- &Lease{Chat: chat} // Redis is away: the lane and the turn number are enough
		case l.Token == "":
			taken <- nil
		default:
			taken <- &l
		}
	}()
	return taken
}

// store stores the message in Postgres, or else in the spool. work is what it
// gives the chat's lane to do; nil: nothing.
func (b *Bot) store(ctx context.Context, m Message, received time.Time) (work func(*lane), err error) {
	rec, err := b.inbox.Add(ctx, m)
	switch {
	case errors.Is(err, ErrContent): // never an outage
		if b.keepRaw(ctx, m) != nil {
			return nil, b.setAside(m, received)
		}
		return nil, nil
	case err != nil:
		return nil, b.setAside(m, received)
	case !rec.New || m.Kind == KindRaw: // what is raw is never run
		return nil, nil
	case rec.Older:
		return func(a *lane) { a.look = true }, nil
	}
	return func(a *lane) { a.fresh = append(a.fresh, Incoming{Message: m, Seq: rec.Seq, Received: received}) }, nil
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
