package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lensan/bot"
	"lensan/bot/bottest"
)

// TestNobodyWaits: what waited for Postgres longer than its caller is not
// written when Postgres is back: a turn would be committed that nobody sends.
func TestNobodyWaits(t *testing.T) {
	t.Parallel()
	address := bottest.Database(t)
	db := open(t, address)
	turn := func(chat string, before int64, nonce string) bot.Turn {
		s := &bot.Session{}
		s.Turn, s.Nonce = before+1, "n"
		return bot.Turn{Chat: bot.Chat{Channel: "test", ID: chat}, Before: before, Nonce: nonce, Session: s, Outcome: bot.Answered}
	}
	held := []string{"a", "b", "c", "d"} // more than there are writers
	for _, chat := range held {
		if _, err := db.Commit(t.Context(), turn(chat, 0, "")); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `select from chats for update`); err != nil {
		t.Fatal(err)
	}
	busy := make(chan error, len(held))
	for _, chat := range held {
		go func() {
			_, err := db.Commit(t.Context(), turn(chat, 1, "n"))
			busy <- err
		}()
		time.Sleep(50 * time.Millisecond) // a batch each
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := db.Commit(ctx, turn("late", 0, "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a commit behind busy writers: %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range held {
		if err := <-busy; err != nil {
			t.Error(err)
		}
	}
	if _, err := db.Commit(t.Context(), turn("next", 0, "")); err != nil { // behind it in the queue
		t.Fatal(err)
	}
	s, err := db.Session(t.Context(), bot.Chat{Channel: "test", ID: "late"})
	if err != nil || s.Turn != 0 {
		t.Errorf("the turn whose caller gave up: %d, %v", s.Turn, err)
	}
}

// TestPlans: what runs for every message, and what runs every second, never
// reads whole tables, whatever Postgres believed about them when they were new.
func TestPlans(t *testing.T) {
	t.Parallel()
	address := bottest.Database(t)
	db := open(t, address)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	read := func(table string) (rows int64) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), `select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = $1`, table).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	round := func(n int) {
		t.Helper()
		m := bot.Message{Chat: bot.Chat{Channel: "test", ID: fmt.Sprint(n)}, Delivery: fmt.Sprint(n), Kind: bot.KindText, Text: "a"}
		rec, err := db.Add(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		s := &bot.Session{}
		s.Turn, s.Nonce = 1, "n"
		if _, err := db.Commit(t.Context(), bot.Turn{Chat: m.Chat, Session: s, Outcome: bot.Answered, Handled: []int64{rec.Seq}, Replies: []bot.Reply{{Text: "b"}}}); err != nil {
			t.Fatal(err)
		}
		if err := db.Mark(t.Context(), []bot.Mark{{Chat: m.Chat, Turn: 1, Done: true}}); err != nil {
			t.Fatal(err)
		}
	}
	sweep := func() {
		t.Helper()
		_, err1 := db.Sweep(t.Context(), 200)
		_, err2 := db.Waiting(t.Context(), []string{"test"}, 200)
		_, _, err3 := db.Backlog(t.Context())
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 20 {
		round(n)
	}
	sweep()
	const many = 3000
	if _, err := conn.Exec(t.Context(), strings.ReplaceAll(`
		insert into messages (key, chat, body, handled) select int4send(n), 'test::' || n, '{}', now() from generate_series(1000, MANY) n;
		insert into turns (chat, turn, outcome, sent) select 'test::' || n, 1, 'answered', now() from generate_series(1000, MANY) n;
		insert into chats (chat, turn, nonce, session) select 'test::' || n, 1, 'n', '{}' from generate_series(1000, MANY) n`,
		"MANY", fmt.Sprint(1000+many))); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // connections report what they read once a second
	before := map[string]int64{}
	for _, table := range []string{"messages", "turns", "chats"} {
		before[table] = read(table)
	}
	for n := range 20 {
		round(100 + n)
		sweep()
	}
	time.Sleep(1100 * time.Millisecond)
	round(200)
	sweep()
	time.Sleep(100 * time.Millisecond)
	for table, was := range before {
		if n := read(table) - was; n > many {
			t.Errorf("%d rows of %s were read for 21 messages", n, table)
		}
	}
}
