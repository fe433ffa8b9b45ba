package flows_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/flows"
	"lensan/store"
)

// TestTranscriptsOnChannels plays every conversation on every real channel. They
// mostly wait for one another's servers, so more run at once than there are
// processors.
func TestTranscriptsOnChannels(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts in testdata", err)
	}
	var some errgroup.Group
	some.SetLimit(8)
	for _, file := range files {
		some.Go(func() error {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { bottest.PlayOn(t, file, onChannels) })
			return nil
		})
	}
	_ = some.Wait()
}

// onChannels is the world of the transcripts where no platform has a file any more.
func onChannels(t *testing.T) bottest.World {
	w := world(t)
	w.Jobs = func(ctx context.Context, db *store.DB, receive func(context.Context, bot.Message) error) error {
		fetchers := map[string]bot.Fetcher{"telegram": lost{}, "web": lost{}, "zalo": lost{}}
		j := &flows.Jobs{DB: db, Receive: receive, Channels: fetchers, Log: slog.New(slog.DiscardHandler)}
		return errors.Join(j.FetchPhotos(ctx), j.Nudge(ctx))
	}
	return w
}
