package flows_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/vietnamese"
	"lensan/flows"
	"lensan/locales"
	"lensan/store"
)

// What is drawn by lot is written with a "…": receipts, and codes, which the person
// also types ("LK-…", "MM-…"; "lk …": small, with a space).
var (
	receipts = regexp.MustCompile(`XOA-[A-Z0-9]+`)
	codes    = regexp.MustCompile(`(LK|MM)-[A-Z0-9]+`)
)

// world is the world of the transcripts: all conversations, the sample office.
func world(t *testing.T) bottest.World {
	files, err := store.OpenBlobs("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return worldWith(t, files)
}

// worldWith is that world with the place where files are kept.
func worldWith(t *testing.T, made store.Blobs) bottest.World {
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	content, err := locales.LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	say := func(id string) string {
		s, err := texts.Text("vi", id, nil)
		if err != nil {
			return id
		}
		return s
	}
	code := "" // the last that was drawn
	return bottest.World{
		Script: func(db *store.DB) (*bot.Script, error) {
			return flows.New(flows.Config{DB: db, Content: func() *locales.Content { return content }, Files: made})
		},
		Texts: texts,
		Mask: func(s string) string {
			if c := codes.FindString(s); c != "" {
				code = c
			}
			return codes.ReplaceAllString(receipts.ReplaceAllString(s, "XOA-…"), "$1-…")
		},
		Typed: func(s string) string {
			small := strings.ToLower(strings.Replace(code, "-", " ", 1))
			return strings.NewReplacer("LK-…", code, "lk …", small, "MM-…", code, "mm …", small).Replace(s)
		},
		Looks: map[string]func(context.Context, *store.DB) ([]string, error){
			"products": func(ctx context.Context, db *store.DB) ([]string, error) {
				var rows []string
				for id := int64(1); id <= 40; id++ {
					p, err := db.Read().Product(ctx, id)
					if err != nil {
						continue
					}
					c, _ := vietnamese.CommuneByCode(p.Place)
					state := map[string]string{store.Submitted: "chờ xã xem", store.Withdrawn: "đã rút"}[p.State]
					row := []string{p.Code(), p.Name, say("group." + p.Group), c.FullName}
					if p.Yearly.Text != "" {
						row = append(row, p.Yearly.Text)
					}
					if n := len(p.Photos); n > 0 {
						row = append(row, fmt.Sprintf("%d ảnh", n))
					}
					rows = append(rows, strings.Join(append(row, state), " | "))
				}
				return rows, nil
			},
			"people": func(ctx context.Context, db *store.DB) ([]string, error) {
				var rows []string
				for id := int64(1); id <= 9; id++ {
					p, err := db.Read().Person(ctx, id)
					if err != nil {
						continue // merged, or deleted
					}
					chats, err := db.Read().ChatsOf(ctx, id)
					if err != nil {
						return nil, err
					}
					var keys []string
					for _, c := range chats {
						keys = append(keys, c.Chat)
					}
					slices.Sort(keys)
					phone := p.Phone
					if p.PhoneVerified {
						phone += " (đã xác nhận)"
					}
					rows = append(rows, strings.Join([]string{p.Name, phone, strings.Join(keys, ", ")}, " | "))
				}
				return rows, nil
			},
			"roles": rolesOf,
			"requests": func(ctx context.Context, db *store.DB) ([]string, error) {
				all, err := db.Read().RequestsFor(ctx, store.CommandLine, 10)
				var rows []string
				for _, r := range all {
					rows = append(rows, fmt.Sprintf("%s | %s | %s", r.Code(), r.Text, r.Phone))
				}
				return rows, err
			},
		},
		Directions: map[string]func(context.Context, *store.DB, bot.Chat, string) error{
			"known": known, "photos": photos, "role": role, "cooperative": cooperative, "list": list,
		},
		Made: made.Open,
		File: document,
		Jobs: func(ctx context.Context, db *store.DB, files map[string]bot.Fetcher, receive func(context.Context, bot.Message) error) error {
			j := &flows.Jobs{DB: db, Blobs: made, Receive: receive, Channels: files, Content: func() *locales.Content { return content },
				Texts: texts, Log: slog.New(slog.DiscardHandler)}
			return errors.Join(j.FetchPhotos(ctx), j.Nudge(ctx), j.TellOfficers(ctx), j.Reopen(ctx), work(ctx, db, j))
		},
	}
}

// known makes the chat that of somebody who has consented and told who they are:
// Lý Thị Mẩy, a household in xã Mường Khương (02761).
func known(ctx context.Context, db *store.DB, chat bot.Chat, _ string) error {
	tx, err := db.Begin(ctx, chat, 0, "")
	if err != nil {
		return err
	}
	defer tx.Rollback()
	s := tx.(*store.Tx)
	p, err := s.AddPerson(ctx, store.Person{Name: "Lý Thị Mẩy", Phone: "0912345678", Commune: "02761", Lang: "vi"})
	if err != nil {
		return err
	}
	if _, err := s.AddConsent(ctx, store.Consent{Person: p.ID, Kind: store.ConsentRecords, Version: "1", Lang: "vi", Channel: chat.Channel, Given: true}); err != nil {
		return err
	}
	if _, err := s.AddProducer(ctx, p.ID, store.Producer{Kind: store.Household, Name: "Lý Thị Mẩy", Commune: "02761", Phone: "0912345678"}); err != nil {
		return err
	}
	_, err = tx.Commit(ctx, bot.Turn{Chat: chat, Session: &bot.Session{Turn: 1, Nonce: "known", Person: p.ID, Lang: "vi"}, Outcome: bot.Silent})
	return err
}

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			bottest.Play(t, file, world(t))
		})
	}
}

// TestRegisterWhateverHappens plays the registration with every message
// delivered twice, with the process dying at every line at every point, and
// with Redis emptied after every line. Exactly one product comes out, and the
// person is told the same.
func TestRegisterWhateverHappens(t *testing.T) {
	const file = "testdata/register.txt"
	worlds := map[string]func(*bottest.World){
		"again": func(w *bottest.World) { w.Again = true },
		"empty": func(w *bottest.World) { w.Empty = true },
	}
	for _, moment := range []string{"before commit", "after commit", "before sent", "after sent"} {
		worlds["crash "+moment] = func(w *bottest.World) { w.Crash = moment }
	}
	numbers := regexp.MustCompile(`SP-\d+`) // a number drawn by a run that died is not drawn again
	plain := bottest.Replay(t, file, world(t))
	for name, change := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			change(&w)
			got := bottest.Replay(t, file, w)
			if name == "crash after sent" { // said at least once
				got = dropRepeats(got)
			}
			for i := range got {
				got[i] = numbers.ReplaceAllString(got[i], "SP-000001")
			}
			if diff := cmp.Diff(plain, got); diff != "" {
				t.Errorf("- undisturbed, + %s:\n%s", name, diff)
			}
		})
	}
}

// TestDemo plays a conversation of the demo, which has sample data.
func TestDemo(t *testing.T) {
	w := world(t)
	content, err := locales.LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	w.Script = func(db *store.DB) (*bot.Script, error) {
		return flows.New(flows.Config{DB: db, Content: func() *locales.Content { return content }, Demo: true})
	}
	w.Directions["sample"] = func(ctx context.Context, db *store.DB, _ bot.Chat, _ string) error { return db.LoadSample(ctx) }
	bottest.Play(t, "testdata/demo/persona.txt", w)
}

// dropRepeats leaves out what the bot says a second time in one answer.
func dropRepeats(lines []string) []string {
	var out, answer []string
	flush := func() {
		if n := len(answer); n%2 == 1 && n > 1 && answer[n/2] == "" && strings.Join(answer[:n/2], "\n") == strings.Join(answer[n/2+1:], "\n") {
			answer = answer[:n/2]
		}
		out = append(out, answer...)
		answer = nil
	}
	for _, l := range lines {
		if strings.HasPrefix(l, ">") || strings.HasPrefix(l, "=") || strings.HasPrefix(l, "!") || strings.HasPrefix(l, "#") {
			if n := len(answer); n > 0 && answer[n-1] == "" {
				answer = answer[:n-1]
				flush()
				out = append(out, "")
			} else {
				flush()
			}
			out = append(out, l)
			continue
		}
		answer = append(answer, l)
	}
	flush()
	return out
}
