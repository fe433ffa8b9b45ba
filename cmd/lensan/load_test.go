package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot/bottest"
)

// load is households at work while something goes wrong.
type load struct {
	t        *testing.T
	fake     *bottest.Telegram
	said     *said
	seed     uint64
	replicas []*replica
	patience time.Duration // nobody waits longer for an answer
	strict   bool          // every request is answered 200, and in time
	client   *http.Client

	stop     atomic.Bool // no new household comes
	people   sync.WaitGroup
	messages atomic.Int64 // answered 200
	repeated atomic.Int64 // requests sent again
	slowest  atomic.Int64 // request, in nanoseconds

	mu         sync.Mutex
	households []*household
}

// answerLimit is what a platform waits for us (Zalo, 2 s) less a machine's bad
// moment. We promise 1.2 s (bot: storeLimit); the figures say what it was.
const answerLimit = 1800 * time.Millisecond

func newLoad(t *testing.T, seed uint64, fake *bottest.Telegram, replicas ...*replica) *load {
	return &load{
		t: t, fake: fake, said: newSaid(t), seed: seed, replicas: replicas, patience: 3 * time.Minute,
		client: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 200}},
	}
}

// begin lets n households begin, each followed by another until [load.end].
func (l *load) begin(n int) {
	for range n {
		l.people.Go(func() {
			for !l.stop.Load() && !l.t.Failed() {
				l.live(l.next())
			}
		})
	}
}

// arrive lets further households come, whatever becomes of those before.
func (l *load) arrive(ctx context.Context, every time.Duration) {
	for !l.stop.Load() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
			l.people.Go(func() { l.live(l.next()) })
		}
	}
}

// end lets those who are there finish.
func (l *load) end() {
	l.stop.Store(true)
	l.people.Wait()
}

func (l *load) next() *household {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := newHousehold(len(l.households)+1, l.seed, l.said)
	l.households = append(l.households, h)
	return h
}

// live is the whole dialogue of a household.
func (l *load) live(h *household) {
	for at := 0; at < len(h.lines); {
		time.Sleep(time.Duration(h.random.IntN(100)) * time.Millisecond)
		began := time.Now()
		last := at + h.ahead(at) - 1
		for i := at; i <= last; i++ {
			h.lines[i].overtaken = i < last
			for _, u := range h.updates(l.fake, h.lines[i]) {
				if !l.post(h, u) {
					return
				}
			}
		}
		if !l.wait(h, h.lines[last]) {
			return
		}
		h.waits = max(h.waits, time.Since(began))
		at = last + 1
	}
}

// post delivers an update as Telegram does: again and again until it is
// answered 200, and those behind it wait.
func (l *load) post(h *household, u bottest.TelegramUpdate) bool {
	body, err := json.Marshal(u)
	if err != nil {
		l.t.Error(err)
		return false
	}
	for deadline := time.Now().Add(l.patience); ; {
		r := l.replicas[rand.IntN(len(l.replicas))]
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+r.addr+"/telegram", bytes.NewReader(body))
		if err != nil {
			l.t.Error(err)
			return false
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", l.fake.Secret)
		began := time.Now()
		resp, err := l.client.Do(req)
		status := 0
		if err == nil {
			status = resp.StatusCode
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		took := time.Since(began)
		if l.strict && (status != http.StatusOK || took > answerLimit) {
			l.t.Errorf("household %d: a message was answered %d (%v) after %s", h.number, status, err, took)
		}
		if status == http.StatusOK {
			l.messages.Add(1)
			for old := l.slowest.Load(); int64(took) > old && !l.slowest.CompareAndSwap(old, int64(took)); old = l.slowest.Load() {
			}
			return true
		}
		if time.Now().After(deadline) {
			l.t.Errorf("household %d: a message was not taken: %d, %v", h.number, status, err)
			return false
		}
		l.repeated.Add(1)
		time.Sleep(time.Duration(20+rand.IntN(30)) * time.Millisecond)
	}
}

// wait waits until the person has seen the answer to a line.
func (l *load) wait(h *household, spoken line) bool {
	want, seen, since := spoken.want, 0, time.Now()
	for deadline := time.Now().Add(l.patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		shown := l.fake.Sent(h.chat)
		if len(shown) > seen {
			seen, since = len(shown), time.Now()
		}
		// An outage in the middle of an album: it was answered, the person went
		// on, and then the other photos came. They say it once more.
		if seen > 0 && l.said.aside(shown[seen-1].Text) && time.Since(since) > 3*time.Second {
			if since = time.Now(); !l.post(h, l.fake.Text(h.chat, spoken.text)) {
				return false
			}
		}
		for i := len(shown) - 1; i >= 0; i-- {
			if strings.Contains(shown[i].Text, want) {
				if code := productCode.FindString(shown[i].Text); code != "" {
					h.code = code
				}
				return true
			}
			if !l.strict && strings.Contains(shown[i].Text, l.said.text("bot.failed", nil)) {
				h.left = true
				return false
			}
		}
	}
	var texts []string
	for _, r := range l.fake.Sent(h.chat) {
		texts = append(texts, r.Text)
	}
	l.t.Errorf("household %d has waited %s for %q; it saw\n%s", h.number, l.patience, want, strings.Join(texts, "\n---\n"))
	return false
}
