package flows_test

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"lensan/bot"
	"lensan/bot/bottest"
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

// onChannels is the world of the transcripts where no platform has a photo any more.
func onChannels(t *testing.T) bottest.World {
	w := world(t)
	jobs := w.Jobs
	w.Jobs = func(ctx context.Context, db *store.DB, files map[string]bot.Fetcher, receive func(context.Context, bot.Message) error) error {
		for name, f := range files {
			files[name] = withoutPhotos{f}
		}
		return jobs(ctx, db, files, receive)
	}
	return w
}

// withoutPhotos is a platform that has documents, which have names, and no photo.
type withoutPhotos struct{ bot.Fetcher }

func (p withoutPhotos) Fetch(ctx context.Context, f bot.File) (io.ReadCloser, error) {
	if f.Name == "" {
		return nil, bot.ErrGone
	}
	return p.Fetcher.Fetch(ctx, f)
}
