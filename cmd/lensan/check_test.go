package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"lensan/bot"
	"lensan/store"
)

// check compares what the households were told with what is kept, once nothing
// is left to do: no message lost, no product doubled or missing, every answer
// said, in order.
func (l *load) check(postgres string) {
	t, ctx := l.t, context.Background()
	db, err := store.Open(ctx, postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for deadline := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		unhandled, unsent, err := db.Backlog(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var spooled int64
		for _, r := range l.replicas {
			spooled += r.spooled()
		}
		if unhandled == 0 && unsent == 0 && spooled == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Errorf("%d messages unhandled, %d turns unsent, %d bytes in the spools", unhandled, unsent, spooled)
			break
		}
	}

	conn, err := pgx.Connect(ctx, postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	told := map[string]string{}
	albums, sent, repeats, split, longest := 0, 0, 0, 0, time.Duration(0)
	for _, h := range l.households {
		told[h.product] = h.code
		longest = max(longest, h.waits)
		c := l.checkDialogue(ctx, conn, h)
		sent, repeats = sent+c.sent, repeats+c.repeats
		if h.photos > 1 {
			albums++
		}
		if c.split {
			split++
		}
	}

	kept := l.query(ctx, conn, `select p.name, 'SP-' || lpad(p.id::text, 6, '0') from products p`)
	if len(kept) != len(told) {
		t.Errorf("%d products are kept, the households were told of %d", len(kept), len(told))
	}
	for _, row := range kept {
		if told[row[0]] != row[1] {
			t.Errorf("%s is kept as %s, the household was told %q", row[0], row[1], told[row[0]])
		}
		delete(told, row[0])
	}
	for name, code := range told {
		t.Errorf("%s (%s) is not kept", name, code)
	}
	for _, what := range []string{"people", "producers", "members", "consents", "chats"} {
		if n := l.query(ctx, conn, `select count(*)::text from `+what)[0][0]; n != fmt.Sprint(len(l.households)) {
			t.Errorf("%d households, but %s %s", len(l.households), n, what)
		}
	}
	if n := l.query(ctx, conn, `select count(*)::text from messages where handled is not null and raw is null`)[0][0]; n != fmt.Sprint(l.messages.Load()) {
		t.Errorf("%d messages were answered 200, %s are kept and handled", l.messages.Load(), n)
	}
	t.Logf("households and products: %d; messages: %d (%d requests repeated, slowest %s); answers: %d, repeated %d; longest wait: %s; albums: %d, answered in pieces %d",
		len(l.households), l.messages.Load(), l.repeated.Load(), time.Duration(l.slowest.Load()).Round(time.Millisecond),
		sent, repeats, longest.Round(10*time.Millisecond), albums, split)
}

func (l *load) query(ctx context.Context, conn *pgx.Conn, sql string, args ...any) [][]string {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		l.t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]string, error) {
		values := make([]string, len(row.FieldDescriptions()))
		into := make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		return values, row.Scan(into...)
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// checked is what came of a household's dialogue.
type checked struct {
	sent, repeats int
	split         bool // an album was answered before its last photo was delivered
}

// checkDialogue compares the journal with the dialogue, and what the person saw
// with the journal.
func (l *load) checkDialogue(ctx context.Context, conn *pgx.Conn, h *household) checked {
	var c checked
	var answers []string // of the journal, in order
	silent, at := 0, 0
	for _, row := range l.query(ctx, conn, `select outcome, replies::text from turns where chat = 'telegram:110201543:' || $1 order by turn`, fmt.Sprint(h.chat)) {
		var replies []bot.Reply
		if err := json.Unmarshal([]byte(row[1]), &replies); err != nil {
			l.t.Fatal(err)
		}
		var texts []string
		for _, r := range replies {
			texts = append(texts, r.Text)
		}
		text := strings.Join(texts, "\n\n")
		switch {
		case row[0] == string(bot.Silent) && h.photos > 1:
			silent++
			continue
		case row[0] == string(bot.Answered) && h.photos > 1 && strings.Contains(text, l.said.text("bot.photo_unasked", nil)):
			c.split = true
		case row[0] != string(bot.Answered) || at == len(h.lines) || !strings.Contains(text, h.lines[at].want):
			l.t.Errorf("household %d: turn %d is %s: %q", h.number, len(answers)+silent+1, row[0], text)
		default:
			at++
		}
		answers = append(answers, strings.TrimSpace(text))
	}
	if at != len(h.lines) {
		l.t.Errorf("household %d: %d of %d lines are answered", h.number, at, len(h.lines))
	}

	seen := -1 // the last answer the person saw
	for _, r := range l.fake.Sent(h.chat) {
		c.sent++
		text, next := r.Text, seen+1
		for next < len(answers) && !strings.Contains(answers[next], text) {
			next++
		}
		if next == len(answers) {
			again := false // said twice, the second time perhaps without its question
			for _, a := range answers[:seen+1] {
				again = again || strings.Contains(a, text)
			}
			if !again {
				l.t.Errorf("household %d saw out of the blue: %q", h.number, text)
			}
			c.repeats++
			continue
		}
		for missed := seen + 1; missed < next; missed++ {
			if missed >= len(h.lines) || !h.lines[missed].overtaken {
				l.t.Errorf("household %d never saw, before %q: %q", h.number, text, answers[missed])
			}
		}
		if text != answers[next] && !h.lines[min(next, len(h.lines)-1)].overtaken {
			l.t.Errorf("household %d saw %q of %q", h.number, text, answers[next])
		}
		seen = next
	}
	if seen != len(answers)-1 {
		l.t.Errorf("household %d saw %d of %d answers", h.number, seen+1, len(answers))
	}
	return c
}
