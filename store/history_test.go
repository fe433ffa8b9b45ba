package store_test

import (
	"reflect"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/store"
)

// TestAfter: the journal of a chat, each turn with the message it answered.
func TestAfter(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := store.Open(ctx, bottest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	chat := bot.Chat{Channel: "web", ID: "x"}
	turn := func(before int64, nonce string, m *bot.Message, replies ...bot.Reply) {
		t.Helper()
		c := bot.Turn{Chat: chat, Before: before, Nonce: nonce, Session: &bot.Session{Turn: before + 1, Nonce: "n"}, Outcome: bot.Answered, Replies: replies}
		if m != nil {
			m.Chat = chat
			r, err := db.Add(ctx, *m)
			if err != nil {
				t.Fatal(err)
			}
			c.Handled = []int64{r.Seq}
		}
		if _, err := db.Commit(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	question := bot.Reply{ID: "q", Text: "?", Options: []bot.Option{{Number: "1", Label: "Có", Data: "t1:yes"}}, Question: true}
	turn(0, "", &bot.Message{Delivery: "a", Kind: bot.KindText, Text: "chào"}, question)
	turn(1, "n", &bot.Message{Delivery: "b", Kind: bot.KindPhoto, Files: []bot.File{{Channel: "web", ID: "p"}}})
	turn(2, "n", nil, bot.Reply{Text: "Nhắc"})
	turn(3, "n", &bot.Message{Delivery: "c", Kind: bot.KindFile, Text: "đây", Files: []bot.File{{Channel: "web", ID: "d", Name: "ds.xlsx"}}})

	want := []bot.Past{
		{Turn: 1, Delivery: "a", Said: "chào", Replies: []bot.Reply{question}},
		{Turn: 2, Delivery: "b", Photos: 1, Replies: []bot.Reply{}},
		{Turn: 3, Replies: []bot.Reply{{Text: "Nhắc"}}},
		{Turn: 4, Delivery: "c", Said: "đây", File: "ds.xlsx", Replies: []bot.Reply{}},
	}
	for _, c := range []struct {
		after int64
		limit int
		want  []bot.Past
	}{{0, 10, want}, {0, 2, want[:2]}, {1, 10, want[1:]}, {4, 10, nil}} {
		got, err := db.After(ctx, chat, c.after, c.limit)
		if err != nil || len(got) != len(c.want) || len(got) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("after %d, %d: %+v, %v", c.after, c.limit, got, err)
		}
	}
	if got, err := db.After(ctx, bot.Chat{Channel: "web", ID: "other"}, 0, 10); err != nil || len(got) > 0 {
		t.Errorf("another chat: %+v, %v", got, err)
	}
	db.SetClock(db.Now().AddDate(0, 0, 8))
	if _, err := db.Purge(ctx, db.Now(), store.Retention{Refused: 7 * 24 * time.Hour, Words: 90 * 24 * time.Hour, Years: 3}); err != nil {
		t.Fatal(err)
	}
	got, err := db.After(ctx, chat, 0, 10)
	if err != nil || len(got) != 4 || got[3].File != "" || got[0].Said != "" || got[0].Delivery != "" || got[1].Photos != 0 {
		t.Errorf("after the purge: %+v, %v", got, err)
	}
}

// TestRunningPostgres: another program of ours finds the server that runs.
func TestRunningPostgres(t *testing.T) {
	t.Parallel()
	dir := bottest.Dir(t)
	if url, ok := store.RunningPostgres(t.Context(), dir); ok {
		t.Errorf("nobody runs, and yet %s", url)
	}
	p, err := store.StartPostgres(t.Context(), dir, store.NoSync...)
	if err != nil {
		t.Fatal(err)
	}
	if url, ok := store.RunningPostgres(t.Context(), dir); !ok || url != p.URL() {
		t.Errorf("%s, %v; it runs at %s", url, ok, p.URL())
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if _, ok := store.RunningPostgres(t.Context(), dir); ok {
		t.Error("it was stopped")
	}
}
