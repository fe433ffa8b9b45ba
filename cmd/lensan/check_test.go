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
	type product struct{ code, photos string }
	told, gone := map[string]product{}, map[string]bool{}
	albums, sent, repeats, split, longest := 0, 0, 0, 0, time.Duration(0)
	for _, h := range l.households {
		if h.left {
			l.checkKilled(ctx, conn, h)
			gone[h.product] = true
			continue
		}
		longest = max(longest, h.waits)
		c := l.checkDialogue(ctx, conn, h)
		sent, repeats = sent+c.sent, repeats+c.repeats
		if h.photos > 1 {
			albums++
		}
		photos := h.photos
		if c.split {
			split++
			photos = c.photos
		}
		told[h.product] = product{h.code, fmt.Sprint(photos)}
	}

	kept := map[string]bool{}
	for _, row := range l.query(ctx, conn, `select name, 'SP-' || lpad(id::text, 6, '0'), (select count(*)::text from files where product = p.id) from products p`) {
		name, is := row[0], product{row[1], row[2]}
		if kept[name] {
			t.Errorf("%s is kept twice", name)
		}
		if told[name] != is && !gone[name] {
			t.Errorf("%s is kept as %v, the household was told %v", name, is, told[name])
		}
		kept[name] = true
	}
	for name, is := range told {
		if !kept[name] {
			t.Errorf("%s %v is not kept", name, is)
		}
	}
	for _, what := range []string{"people", "producers", "members", "consents", "chats"} {
		if n := l.query(ctx, conn, `select count(*)::text from `+what)[0][0]; n != fmt.Sprint(len(told)) && len(gone) == 0 {
			t.Errorf("%d households, but %s %s", len(told), n, what)
		}
	}
	if n := l.query(ctx, conn, `select count(*)::text from messages where handled is not null and raw is null`)[0][0]; n != fmt.Sprint(l.messages.Load()) {
		t.Errorf("%d messages were answered 200, %s are kept and handled", l.messages.Load(), n)
	}
	t.Logf("households and products: %d; messages: %d (%d requests repeated, slowest %s); answers: %d, repeated %d; longest wait: %s; albums: %d, answered in pieces %d; left because three runs of their message were killed: %d",
		len(told), l.messages.Load(), l.repeated.Load(), time.Duration(l.slowest.Load()).Round(time.Millisecond),
		sent, repeats, longest.Round(10*time.Millisecond), albums, split, len(gone))
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

// checkKilled sees to it that the turn that failed had a reason: the program was
// killed in three runs of its message.
func (l *load) checkKilled(ctx context.Context, conn *pgx.Conn, h *household) {
	rows := l.query(ctx, conn, `select m.tries::text from turns t join messages m on m.id = t.message where t.outcome = 'failed' and t.chat = $1`, h.key())
	for _, row := range rows {
		if row[0] < "3" {
			l.t.Errorf("household %d: a turn failed after %s runs", h.number, row[0])
		}
	}
	if len(rows) == 0 {
		l.t.Errorf("household %d was told of a failure that did not happen", h.number)
	}
}

// checked is what came of a household's dialogue.
type checked struct {
	sent, repeats int
	split         bool // an album was answered before its last photo was delivered
	photos        int  // in the answer
}

// checkDialogue compares the journal with the dialogue, and what the person saw
// with the journal.
func (l *load) checkDialogue(ctx context.Context, conn *pgx.Conn, h *household) checked {
	var c checked
	var answers []string // of the journal, in order
	silent, at := 0, 0
	for _, row := range l.query(ctx, conn, `select outcome, replies::text from turns where chat = $1 order by turn`, h.key()) {
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
		case row[0] == string(bot.Answered) && h.photos > 1 && l.said.aside(text):
			c.split = true
		case row[0] != string(bot.Answered) || at == len(h.lines) || !strings.Contains(text, h.lines[at].want):
			l.t.Errorf("household %d: turn %d is %s: %q", h.number, len(answers)+silent+1, row[0], text)
		default:
			for n := range h.photos + 1 {
				if strings.Contains(text, l.said.confirm(h.product, n)) {
					c.photos = n
				}
			}
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
