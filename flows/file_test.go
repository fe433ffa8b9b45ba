package flows_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/flows"
	"lensan/locales"
	"lensan/store"
)

// photos brings the photos that were sent to where files are kept ("photos fetched").
func photos(ctx context.Context, db *store.DB, _ bot.Chat, _ string) error {
	files, err := db.Read().Unfetched(ctx, 10)
	if err != nil {
		return err
	}
	return db.Change(ctx, func(tx *store.Tx) error {
		for _, f := range files {
			f.Key, f.Type, f.Size, f.SHA256 = fmt.Sprintf("photos/%d.jpg", f.ID), "image/jpeg", 40_000, make([]byte, 32)
			if err := tx.MarkFetched(ctx, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestAddress: a file that is shown has an address counted from the turn's time,
// so that a turn that is run again says the same.
func TestAddress(t *testing.T) {
	w := world(t)
	content, err := locales.LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	var asked []time.Time
	w.Script = func(db *store.DB) (*bot.Script, error) {
		address := func(a bot.Attachment, from time.Time) string {
			asked = append(asked, from)
			return "https://lensan.example/file/" + a.Key
		}
		return flows.New(flows.Config{DB: db, Content: func() *locales.Content { return content }, Address: address})
	}
	bottest.Replay(t, filepath.Join("testdata", "photo.txt"), w)
	if len(asked) == 0 || slices.ContainsFunc(asked, func(at time.Time) bool { return at.Before(bottest.Start) || at.After(bottest.Start.Add(time.Hour)) }) {
		t.Errorf("addresses were counted from %v", asked)
	}
}
