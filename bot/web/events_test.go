package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tmaxmax/go-sse"

	"lensan/bot"
)

// listen opens the stream of a chat and hands every event to f until f returns
// false or the stream ends.
func (h *house) listen(t testing.TB, id, query, last string, f func(sse.Event) bool) *http.Response {
	t.Helper()
	r := h.request(t, "GET", "/chat/events"+query, id, "")
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	res, err := h.Client().Do(r.WithContext(ctx))
	if err != nil {
		t.Error(err)
		return nil
	}
	defer res.Body.Close()
	for e, err := range sse.Read(res.Body, nil) {
		if err != nil || !f(e) {
			break
		}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Error("the stream did not bring what was expected in 20 s")
	}
	return res
}

// numbered is a turn that can be told from the others.
func numbered(n int) bot.Past {
	return bot.Past{Replies: []bot.Reply{{Text: "lời " + strconv.Itoa(n)}}}
}

// past reads the turn in an event; false: it is another event.
func past(t testing.TB, e sse.Event) (bot.Past, bool) {
	var p bot.Past
	if e.Type != "" {
		return p, false
	}
	if err := json.Unmarshal([]byte(e.Data), &p); err != nil || strconv.FormatInt(p.Turn, 10) != e.LastEventID {
		t.Errorf("event %+v: %v", e, err)
	}
	return p, true
}

func TestEventsPastThenReady(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 2*batch + 1 {
		h.elsewhere(chat, numbered(n))
	}
	for _, tt := range []struct {
		query, last string
		first       int64
	}{{"", "", 1}, {"?after=150", "", 151}, {"?after=7", "200", 201}, {"?after=201", "", 202}} {
		next := tt.first
		h.listen(t, person, tt.query, tt.last, func(e sse.Event) bool {
			p, ok := past(t, e)
			if !ok {
				return false
			}
			if p.Turn != next {
				t.Errorf("after %q %q: turn %d, want %d", tt.query, tt.last, p.Turn, next)
			}
			next++
			return true
		})
		if next != 2*batch+2 {
			t.Errorf("after %q %q: ready before turn %d", tt.query, tt.last, next)
		}
	}
}

// A page that loses its line again and again has every turn once and in order,
// whichever replica made it.
func TestEventsResume(t *testing.T) {
	t.Parallel()
	const turns = 120
	h := newHouse(t)
	h.channel.poll = 20 * time.Millisecond
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := range turns {
			if n%2 == 0 {
				h.elsewhere(chat, numbered(n))
			} else {
				h.mu.Lock()
				h.add(chat, numbered(n))
				h.mu.Unlock()
			}
			time.Sleep(time.Millisecond)
		}
	})
	var got []int64
	last := ""
	for visits := 0; len(got) < turns && visits < 3*turns; visits++ {
		left := 1 + rand.IntN(5)
		h.listen(t, person, "?after=0", last, func(e sse.Event) bool {
			if p, ok := past(t, e); ok {
				got = append(got, p.Turn)
				last = e.LastEventID
				left--
			}
			return left > 0 && len(got) < turns
		})
	}
	writer.Wait()
	for i, turn := range got {
		if turn != int64(i+1) {
			t.Fatalf("turn %d came as number %d", turn, i+1)
		}
	}
	if len(got) != turns {
		t.Fatalf("%d turns came, want %d", len(got), turns)
	}
}

func TestEventsWake(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.channel.poll = time.Hour // only Send can bring it
	h.listen(t, person, "", "", func(e sse.Event) bool {
		if _, ok := past(t, e); ok {
			return false
		}
		h.elsewhere(bot.Chat{Channel: "web", ID: "somebody else"}, numbered(1))
		h.mu.Lock()
		h.add(chat, numbered(1))
		h.mu.Unlock()
		return true
	})
}

func TestEventsFromAnotherReplica(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var written time.Time
	h.listen(t, person, "", "", func(e sse.Event) bool {
		if _, ok := past(t, e); ok {
			return false
		}
		h.elsewhere(chat, numbered(1))
		written = time.Now()
		return true
	})
	if took := time.Since(written); took > 3*time.Second {
		t.Errorf("it came after %v, want about a second", took)
	}
}

func TestEventsBeat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.channel.beat = 10 * time.Millisecond
	beats := 0
	h.listen(t, person, "", "", func(e sse.Event) bool {
		if e.Type == "beat" {
			beats++
		}
		return beats < 3
	})
}

// A server's deadlines are for requests that end.
func TestEventsOutliveTheServersDeadlines(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.channel.beat = 100 * time.Millisecond
	strict := httptest.NewUnstartedServer(h.Config.Handler)
	strict.Config.ReadTimeout, strict.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	strict.Start()
	t.Cleanup(strict.Close)
	h.URL = strict.URL
	beats := 0
	h.listen(t, person, "", "", func(e sse.Event) bool {
		if e.Type == "beat" {
			beats++
		}
		return beats < 10
	})
	if beats < 10 {
		t.Errorf("the stream ended after %d beats", beats)
	}
}

func TestEventsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, tt := range map[string]struct {
		id, query string
		status    int
	}{
		"no cookie":   {"", "", 401},
		"not a turn":  {person, "?after=x", 400},
		"before time": {person, "?after=-1", 400},
	} {
		if res, _ := h.do(t, h.request(t, "GET", "/chat/events"+tt.query, tt.id, "")); res.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", name, res.StatusCode, tt.status)
		}
	}
}

func TestEventsEndOnShutdown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ended := make(chan bool, 1)
	open := make(chan bool, 1)
	go func() {
		h.listen(t, person, "", "", func(e sse.Event) bool {
			if e.Type == "ready" {
				open <- true
			}
			return true
		})
		ended <- true
	}()
	<-open
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := h.Config.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	<-ended
}

// A phone that comes back before its dead lines are noticed always gets in.
func TestStreamsOfOneChat(t *testing.T) {
	t.Parallel()
	s := newStreams()
	var open []context.Context
	var close []func()
	for range 3 * maxPerChat {
		ctx, _, done := s.open(t.Context(), chat)
		if done == nil {
			t.Fatal("no room")
		}
		open, close = append(open, ctx), append(close, done)
		alive := 0
		for _, ctx := range open {
			if ctx.Err() == nil {
				alive++
			}
		}
		if alive > maxPerChat || ctx.Err() != nil {
			t.Fatalf("%d streams are open, the newest: %v", alive, ctx.Err())
		}
	}
	for _, done := range close {
		done()
	}
	if len(s.chats) != 0 || s.count != 0 {
		t.Errorf("left over: %v, %d", s.chats, s.count)
	}
}

func TestStreamsFull(t *testing.T) {
	t.Parallel()
	s := newStreams()
	for n := range maxStreams {
		if _, _, done := s.open(t.Context(), bot.Chat{ID: fmt.Sprint(n)}); done == nil {
			t.Fatalf("no room for stream %d", n)
		}
	}
	if _, _, done := s.open(t.Context(), chat); done != nil {
		t.Error("there is no limit")
	}
}

func TestSendNobodyThere(t *testing.T) {
	t.Parallel()
	c := New(Config{Secret: secret})
	if err := c.Send(t.Context(), chat, bot.Reply{Text: "chào"}); err != nil {
		t.Error(err) // the journal has it
	}
}
