package flows_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/flows"
	"lensan/locales"
	"lensan/store"
)

// platform is a channel that has files.
type platform map[string]func() (io.ReadCloser, error)

func (p platform) Fetch(_ context.Context, f bot.File) (io.ReadCloser, error) {
	open := p[f.ID]
	if open == nil {
		return nil, bot.ErrGone
	}
	return open()
}

func content(s string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }
}

func fails(err error) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return nil, err }
}

const aPNG = "\x89PNG\r\n\x1a\n and so on"

// jobs is a queue with the jobs of a service.
type jobs struct {
	t      *testing.T
	db     *store.DB
	dir    string
	client *river.Client[pgx.Tx]
}

func newJobs(t *testing.T, channels map[string]bot.Fetcher) *jobs {
	j := &jobs{t: t, dir: t.TempDir()}
	var err error
	if j.db, err = store.Open(t.Context(), bottest.Database(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.db.Close)
	blobs, err := store.OpenBlobs((&url.URL{Scheme: "file", Path: j.dir}).String())
	if err != nil {
		t.Fatal(err)
	}
	work := &flows.Jobs{DB: j.db, Blobs: blobs, Channels: channels, Content: sampleContent(t), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	j.client, err = river.NewClient[pgx.Tx](j.db.Jobs(), &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}}, Workers: work.Workers(), PeriodicJobs: work.Periodic(),
		PollOnly: true, FetchPollInterval: 100 * time.Millisecond, FetchCooldown: 50 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// run lets the jobs of files run once, as they do at a start.
func (j *jobs) run() {
	j.t.Helper()
	events, done := j.client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	defer done()
	if err := j.client.Start(context.Background()); err != nil {
		j.t.Fatal(err)
	}
	ran := map[string]bool{}
	for limit := time.After(30 * time.Second); !ran["fetch_photos"] || !ran["delete_files"]; {
		select {
		case e := <-events:
			if e.Kind == river.EventKindJobFailed {
				j.t.Errorf("%s: %+v", e.Job.Kind, e.Job.Errors)
			}
			ran[e.Job.Kind] = true
		case <-limit:
			j.t.Fatalf("only %v ran", ran)
		}
	}
	if err := j.client.Stop(context.Background()); err != nil {
		j.t.Error(err)
	}
}

// file is a photo as a turn notes it.
func (j *jobs) file(channel, ref string) (f store.File) {
	j.t.Helper()
	err := j.db.Change(j.t.Context(), func(tx *store.Tx) error {
		p, err := tx.AddPerson(j.t.Context(), store.Person{})
		if err == nil {
			f, err = tx.AddFile(j.t.Context(), store.File{Person: p.ID, Channel: channel, Ref: ref, Type: "text/html"})
		}
		return err
	})
	if err != nil {
		j.t.Fatal(err)
	}
	return f
}

// now is the record of a photo, and whether somebody will still fetch it.
func (j *jobs) now(f store.File) (_ store.File, waits bool) {
	j.t.Helper()
	waiting, err := j.db.Read().Unfetched(j.t.Context(), 100)
	if err != nil {
		j.t.Fatal(err)
	}
	for _, w := range waiting {
		waits = waits || w.ID == f.ID
	}
	is, err := j.db.Read().File(j.t.Context(), f.ID)
	if err != nil {
		j.t.Fatal(err)
	}
	return is, waits
}

func TestFetchPhotos(t *testing.T) {
	t.Parallel()
	heic := "\x00\x00\x00\x18ftypheic and so on"
	down := platform{}
	j := newJobs(t, map[string]bot.Fetcher{
		"telegram": platform{
			"photo": content(aPNG), "heic": content(heic), "page": content("<html><script>"), "empty": content(""),
			"huge": func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(strings.NewReader(aPNG), bytes.NewReader(make([]byte, 20<<20)))), nil
			},
			"broken": func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(strings.NewReader(aPNG), errorReader{})), nil
			},
			"late": content(aPNG),
		},
		"zalo": down,
	})
	for _, ref := range []string{"1", "2", "3", "4"} { // a channel that is down keeps no other waiting
		down[ref] = fails(errors.New("down"))
		j.file("zalo", ref)
	}
	photo, uncompressed := j.file("telegram", "photo"), j.file("telegram", "heic")
	lost := []store.File{j.file("telegram", "gone"), j.file("telegram", "page"), j.file("telegram", "empty"), j.file("telegram", "huge")}
	broken, off := j.file("telegram", "broken"), j.file("viber", "x")
	late := j.file("telegram", "late")
	j.run()

	for f, want := range map[int64]store.File{photo.ID: {Type: "image/png", Size: int64(len(aPNG))}, uncompressed.ID: {Type: "image/heic", Size: int64(len(heic))}, late.ID: {Type: "image/png", Size: int64(len(aPNG))}} {
		is, waits := j.now(store.File{ID: f})
		kept, err := os.ReadFile(filepath.Join(j.dir, is.Key))
		if waits || is.Type != want.Type || is.Size != want.Size || int64(len(kept)) != want.Size || err != nil {
			t.Errorf("%+v, %v", is, err)
		}
	}
	for _, f := range lost {
		if is, waits := j.now(f); waits || is.Key != "" {
			t.Errorf("%s is not lost: %+v", f.Ref, is)
		}
	}
	for _, f := range []store.File{broken, off} {
		if _, waits := j.now(f); !waits {
			t.Errorf("%s is given up", f.Ref)
		}
	}
	now := j.db.Now()
	j.db.SetClock(time.Date(now.Year(), now.Month(), now.Day()+9, 12, 0, 0, 0, now.Location())) // at night nobody is told
	for _, ref := range []string{"1", "2"} {
		down[ref] = content(aPNG)
	}
	j.run()
	for _, f := range []store.File{broken, off} {
		if _, waits := j.now(f); waits {
			t.Errorf("%s is tried for ever", f.Ref)
		}
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("reset") }

// TestDeleteFiles: what lies in files goes with its record.
func TestDeleteFiles(t *testing.T) {
	t.Parallel()
	j := newJobs(t, map[string]bot.Fetcher{"telegram": platform{"photo": content(aPNG)}})
	f := j.file("telegram", "photo")
	j.run()
	is, _ := j.now(f)
	if _, err := os.Stat(filepath.Join(j.dir, is.Key)); err != nil || is.Key == "" {
		t.Fatal(is, err)
	}
	if err := j.db.Change(t.Context(), func(tx *store.Tx) error { return tx.RemoveFile(t.Context(), f.Person, f.ID) }); err != nil {
		t.Fatal(err)
	}
	j.run()
	if _, err := os.Stat(filepath.Join(j.dir, is.Key)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it lies there still: %v", err)
	}
	if keys, err := j.db.Read().DeletedFiles(t.Context(), 10); err != nil || len(keys) > 0 {
		t.Errorf("%v, %v", keys, err)
	}
}

// sampleContent is the made-up office.
func sampleContent(t *testing.T) func() *locales.Content {
	c, err := locales.LoadContent("")
	if err != nil {
		t.Fatal(err)
	}
	return func() *locales.Content { return c }
}
