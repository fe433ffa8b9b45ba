package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/tmaxmax/go-sse"

	"lensan/bot"
)

const (
	batch     = 100              // turns read at a time
	writeTime = 30 * time.Second // a page that takes nothing for so long is gone
	retry     = 2 * time.Second  // how soon a page comes back
)

// serveEvents streams the chat's journal after the turn the page has
// (Last-Event-ID, or ?after= on the first visit), each turn once and in order:
//
//	id: 12 / data: a [bot.Past]  a turn
//	event: ready               all of the past was sent
//	event: beat                every 15 s: the line is alive
//
// The beat is an event and not a comment, because a page cannot see comments
// and a phone does not notice a dead line by itself. The journal is looked at
// when [Channel.Send] was called in this process and once a second, since
// another replica may have worked.
func (c *Channel) serveEvents(w http.ResponseWriter, r *http.Request) {
	chat, ok := c.chat(r)
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	turn, ok := lastTurn(r)
	if !ok {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	ctx, wake, done := c.streams.open(r.Context(), chat)
	if done == nil {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer done()

	session, err := sse.Upgrade(w, r)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	s := &stream{Session: session, control: http.NewResponseController(w)}
	_ = s.control.SetReadDeadline(time.Time{}) // the server's deadline for bodies would end the stream
	if s.send(&sse.Message{Retry: retry}) != nil {
		return
	}

	poll, beat := time.NewTicker(c.poll), time.NewTicker(c.beat)
	defer poll.Stop()
	defer beat.Stop()
	for ready := false; ; {
		past, err := c.config.History.After(ctx, chat, turn, batch)
		for _, p := range past {
			if s.sendPast(p) != nil {
				return
			}
			turn = p.Turn
		}
		if err == nil && len(past) == batch {
			continue
		}
		// A journal that cannot be read now is tried again: the page keeps its
		// line, and /readyz tells the operator.
		if err == nil && !ready {
			ready = true
			if s.sendEvent("ready") != nil {
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-poll.C:
		case <-beat.C:
			if s.sendEvent("beat") != nil {
				return
			}
		}
	}
}

// lastTurn is the last turn the page has; 0: none.
func lastTurn(r *http.Request) (int64, bool) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("after")
	}
	if last == "" {
		return 0, true
	}
	turn, err := strconv.ParseInt(last, 10, 64)
	return turn, err == nil && turn >= 0
}

// stream is the open line to one page.
type stream struct {
	*sse.Session
	control *http.ResponseController
}

// send writes a message at once, or fails when the page does not take it.
func (s *stream) send(m *sse.Message) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(writeTime))
	if err := s.Send(m); err != nil {
		return err
	}
	return s.Flush()
}

// sendPast writes a turn.
func (s *stream) sendPast(p bot.Past) error {
	data, err := json.Marshal(shown(p))
	if err != nil {
		return err
	}
	m := &sse.Message{ID: sse.ID(strconv.FormatInt(p.Turn, 10))}
	m.AppendData(string(data))
	return s.send(m)
}

// sendEvent writes an event that is only its name. A browser drops events
// without data, so there is some.
func (s *stream) sendEvent(name string) error {
	m := &sse.Message{Type: sse.Type(name)}
	m.AppendData(name)
	return s.send(m)
}
