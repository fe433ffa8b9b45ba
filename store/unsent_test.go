package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lensan/bot"
	"lensan/store"
)

// TestUnsent: what could not be sent stays visible for 30 days with its reason,
// whatever happens in the chat afterwards, and looking at it reads nothing else.
func TestUnsent(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	chat := bot.Chat{Channel: "zalo", Account: "1", ID: "lan"}
	s := &bot.Session{Person: r.lan}
	turn := func(flow string, fate string) {
		t.Helper()
		before, nonce := s.Turn, s.Nonce
		s = &bot.Session{Person: r.lan, Turn: before + 1, Nonce: "n"}
		_, err := r.Commit(ctx, bot.Turn{Chat: chat, Before: before, Nonce: nonce, Session: s, Flow: flow, Outcome: bot.Spoke, Replies: []bot.Reply{{Text: "words"}}})
		r.must(err)
		r.must(r.Mark(ctx, []bot.Mark{{Chat: chat, Turn: s.Turn, Done: true, Fate: fate}}))
	}
	turn("nudge", "window")
	turn("linked", "gone")
	turn("menu", "")
	r.must(r.Mark(ctx, []bot.Mark{{Chat: chat, Turn: 1, Done: true}})) // a late mark of another sender
	r.must(r.sql(`insert into turns (chat, turn, at, outcome, sent, fate) values
		('zalo:1:old', 1, now() - interval '31 days', 'spoke', now(), 'gone'), ('zalo:1:new', 1, now() - interval '1 day', 'spoke', now(), 'quota'),
		('zalo:1:new', 2, now(), 'spoke', now(), 'deleted')`))
	_, err := r.Purge(ctx, r.Now().Add(20*24*time.Hour), store.Retention{Refused: time.Hour, Words: time.Hour, Years: 3}) // of the words
	r.must(err)
	check := func() {
		t.Helper()
		got, err := r.Read().Unsent(ctx, 10)
		r.must(err)
		if len(got) != 3 {
			t.Fatalf("%+v", got)
		}
		for i, want := range []store.Unsent{{Chat: chat.String(), Person: r.lan, Flow: "linked", Reason: "gone"},
			{Chat: chat.String(), Person: r.lan, Flow: "nudge", Reason: "window"}, {Chat: "zalo:1:new", Reason: "quota"}} {
			if got[i].At.IsZero() {
				t.Error("no time")
			}
			if got[i].At = (time.Time{}); got[i] != want {
				t.Errorf("%d: %+v, want %+v", i, got[i], want)
			}
		}
	}
	check()
	if some, err := r.Read().Unsent(ctx, 1); err != nil || len(some) != 1 {
		t.Errorf("%v, %v", some, err)
	}

	const many = 3000
	conn, err := pgx.Connect(ctx, r.address)
	r.must(err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(ctx, `insert into turns (chat, turn, outcome, sent) select 'test::' || n, 1, 'answered', now() from generate_series(1, 3000) n;
		insert into chats (chat, turn, nonce, session) select 'test::' || n, 1, 'n', '{}' from generate_series(1, 3000) n`)
	r.must(err)
	read := func() (rows int) {
		t.Helper()
		time.Sleep(1100 * time.Millisecond) // connections report what they read once a second, when they are used again
		check()
		time.Sleep(100 * time.Millisecond)
		r.must(conn.QueryRow(ctx, `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables where relname in ('turns', 'chats')`).Scan(&rows))
		return rows
	}
	before := read()
	for range 5 {
		check()
	}
	if n := read() - before; n > 200 {
		t.Errorf("%d rows were read to find 3 of %d, six times", n, many)
	}
}
