package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot"
	"lensan/store"
)

// hook posts a body to a replica's webhook and returns the status.
func (w *world) hook(r *replica, signed bool, body []byte) int {
	w.t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/test", bytes.NewReader(body))
	if signed {
		req.Header.Set("Signed", "yes")
	}
	answer := httptest.NewRecorder()
	r.Webhook(w.platform).ServeHTTP(answer, req)
	return answer.Code
}

func text(chat, delivery, words string) []byte {
	body, _ := json.Marshal(bot.Message{Chat: chatOf(chat), Delivery: delivery, Kind: bot.KindText, Text: words})
	return body
}

// R1: 200 stored, 401 forged, 413 too large; what is authentic but cannot be
// decoded is stored raw, answered 200 and never run.
func TestWebhook(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	equal(t, "forged", w.hook(b, false, text("lan", "1", "go menu")), http.StatusUnauthorized)
	equal(t, "too large", w.hook(b, true, bytes.Repeat([]byte("x"), bot.MaxBody+1)), http.StatusRequestEntityTooLarge)
	equal(t, "stored", query[int](w, `select count(*) from messages`), 0)
	equal(t, "raw", w.hook(b, true, []byte("\xff not JSON")), http.StatusOK)
	equal(t, "stored raw", query[[]byte](w, `select raw from messages where handled is not null`), []byte("\xff not JSON"))
	equal(t, "good", w.hook(b, true, text("lan", "1", "go menu")), http.StatusOK)
	w.rest()
	equal(t, "said", w.said("lan"), []string{"menu"})
	equal(t, "said in all", len(w.platform.all("")), 1)
}

// R1: a delivery is unique within its chat, on every replica, while it is run
// and afterwards; in another chat the same id is another message.
func TestDelivery(t *testing.T) {
	t.Parallel()
	g := newGate()
	var runs atomic.Int32
	w := newWorld(t, map[string]func(*bot.Talk){"once": func(t *bot.Talk) {
		if runs.Add(1) == 1 {
			g.pass()
		}
		t.Say("once")
	}})
	one, two := w.start(), w.start()
	hook := func(r *replica, chat string) {
		t.Helper()
		equal(t, "status", w.hook(r, true, text(chat, "7", "go once")), http.StatusOK)
	}
	hook(one, "lan")
	<-g.passing
	hook(one, "lan")
	hook(two, "lan")
	close(g.opened)
	w.rest()
	hook(one, "lan")
	hook(two, "minh")
	w.rest()
	equal(t, "lan", w.said("lan"), []string{"once"})
	equal(t, "minh", w.said("minh"), []string{"once"})
	equal(t, "runs", runs.Load(), 2)
}

// R9: the key of a message outlives its words by far: what is delivered again
// after a purge is not run again.
func TestKeyOutlivesWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	w.hook(b, true, text("lan", "7", "go menu"))
	w.rest()
	for _, days := range []int{8, 21} { // 29 in all
		w.later(time.Duration(days) * 24 * time.Hour)
		if _, err := w.db.Purge(t.Context(), w.db.Now(), store.Retention{Refused: 7 * 24 * time.Hour, Words: 90 * 24 * time.Hour, Years: 3}); err != nil {
			t.Fatal(err)
		}
		equal(t, "words", query[int](w, `select count(*) from messages where body is not null or chat is not null`), 0)
		equal(t, "status", w.hook(b, true, text("lan", "7", "go menu")), http.StatusOK)
		w.rest()
		equal(t, "said", w.said("lan"), []string{"menu"})
	}
}

// Promise 1: the platform is answered when the message is stored, and nothing
// else happens in between: not the flow, not the sending.
func TestStoredThenAnswered(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newWorld(t, map[string]func(*bot.Talk){"slow": func(t *bot.Talk) {
		if t.Arg == "1" {
			g.pass()
		}
		t.Say("slow")
	}})
	b := w.start()
	equal(t, "status", w.hook(b, true, text("lan", "1", "go slow 1")), http.StatusOK) // or it would hang here
	equal(t, "stored", query[int](w, `select count(*) from messages where handled is null`), 1)
	<-g.passing
	equal(t, "status", w.hook(b, true, text("lan", "2", "go slow 2")), http.StatusOK)
	equal(t, "stored", query[int](w, `select count(*) from messages where handled is null`), 2)
	close(g.opened)
	w.rest()
	equal(t, "said", len(w.said("lan")), 2)
}

// R2: what Postgres refuses because of its content is never taken for an outage:
// it is kept raw and answered 200, and the chat goes on.
func TestRefusedContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	equal(t, "status", w.hook(b, true, text("lan", "x1", "go\x00menu")), http.StatusOK)
	equal(t, "in the spool", spooled(t, b), "")
	var kept bot.Message
	if err := json.Unmarshal(query[[]byte](w, `select raw from messages where handled is not null`), &kept); err != nil {
		t.Fatal(err)
	}
	equal(t, "kept", kept.Text, "go\x00menu")
	equal(t, "again", w.hook(b, true, text("lan", "x1", "go\x00menu")), http.StatusOK)
	equal(t, "stored", query[int](w, `select count(*) from messages`), 1)
	equal(t, "the chat goes on", w.ask(b, "lan", "go menu"), "menu")
}

// R2: the handler has 1.2 s in all. Postgres or Redis may hang: the message is
// on the disk, and answered for, before that.
func TestAnsweredInTime(t *testing.T) {
	t.Parallel()
	for _, hung := range []string{"Postgres", "Redis", "both"} {
		t.Run(hung, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			postgres, postgresURL := postgresProxy(t, w.postgres)
			redis, redisURL := redisProxy(t, w.redis)
			db, live := w.connect(postgresURL, redisURL)
			b := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox, c.Live, c.Marks = db, db, db, live, live })
			equal(t, "before", w.ask(b, "lan", "go menu"), "menu")
			if hung != "Redis" {
				postgres.hang(true)
			}
			if hung != "Postgres" {
				redis.hang(true)
			}
			fastest := time.Hour // a busy machine holds up one or the other
			for i := range 3 {
				began := time.Now()
				equal(t, "status", w.hook(b, true, text("lan", strings.Repeat("x", i+1), "go menu")), http.StatusOK)
				fastest = min(fastest, time.Since(began))
			}
			if fastest > 1200*time.Millisecond {
				t.Errorf("answered after %v", fastest)
			}
			postgres.hang(false)
			redis.hang(false)
			w.until("all is answered", func() bool { return len(w.said("lan")) == 4 })
		})
	}
}

// R2: 503 only when neither Postgres nor the spool takes the message.
func TestNotStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	proxy, address := postgresProxy(t, w.postgres)
	db, _ := w.connect(address, w.redis)
	b := w.start(func(c *bot.Config) { c.Inbox, c.Journal, c.Outbox = db, db, db })
	proxy.takeAway()
	equal(t, "spooled", w.hook(b, true, text("lan", "1", "go menu")), http.StatusOK)
	b.stop() // closes the spool
	for range 20 {
		done := make(chan int, 1)
		go func() { done <- w.hook(b, true, text("lan", "2", "go menu")) }()
		select {
		case status := <-done:
			equal(t, "no spool", status, http.StatusServiceUnavailable)
		case <-time.After(5 * time.Second):
			t.Fatal("no answer")
		}
	}
}

// R1: the platform's connection may be gone before we are done: the message is
// stored all the same.
func TestPlatformGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	b := w.start()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Receive(ctx, bot.Message{Chat: chatOf("lan"), Delivery: "1", Kind: bot.KindText, Text: "go menu"}); err != nil {
		t.Fatal(err)
	}
	w.rest()
	equal(t, "said", w.said("lan"), []string{"menu"})
}
