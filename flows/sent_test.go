package flows_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/xuri/excelize/v2"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/flows"
	"lensan/store"
)

// document is what is in a document that somebody sends: testdata/lists/NAME.csv,
// as it is or as an xlsx. There are three more, which are no lists.
func document(name string) ([]byte, error) {
	switch name {
	case "mat-khau.xlsx":
		return []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted"), nil
	case "hong.xlsx":
		return []byte("PK\x03\x04 cut off"), nil
	}
	content, err := os.ReadFile(filepath.Join("testdata", "lists", strings.TrimSuffix(name, filepath.Ext(name))+".csv"))
	if errors.Is(err, fs.ErrNotExist) {
		return []byte("%PDF-1.4 " + name), nil
	}
	if err != nil || filepath.Ext(name) == ".csv" {
		return content, err
	}
	in := csv.NewReader(bytes.NewReader(content))
	in.Comma, in.FieldsPerRecord = ';', -1
	lines, err := in.ReadAll()
	if err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer f.Close()
	for i, cells := range lines {
		if err := f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &cells); err != nil {
			return nil, err
		}
	}
	b, err := f.WriteToBuffer()
	return b.Bytes(), err
}

// work does what waits in the queue; what fails is tried again at once. An error tells
// of the last failure.
func work(ctx context.Context, db *store.DB, j *flows.Jobs) error {
	queue, err := river.NewClient[pgx.Tx](db.Jobs(), &river.Config{
		Queues: map[string]river.QueueConfig{flows.ListQueue: {MaxWorkers: 1}}, Workers: j.Workers(),
		PollOnly: true, FetchPollInterval: 50 * time.Millisecond, FetchCooldown: 50 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
		RetryPolicy: atOnce{},
	})
	if err != nil {
		return err
	}
	waits := func() (bool, error) {
		jobs, err := queue.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateRetryable))
		if err != nil {
			return false, err
		}
		return len(jobs.Jobs) > 0, nil
	}
	if some, err := waits(); err != nil || !some {
		return err
	}
	failed, done := queue.Subscribe(river.EventKindJobFailed)
	defer done()
	if err := queue.Start(ctx); err != nil {
		return err
	}
	for some := true; some && err == nil; time.Sleep(20 * time.Millisecond) {
		some, err = waits()
	}
	err = errors.Join(err, queue.Stop(ctx))
	if e := <-failed; e != nil { // it is closed by now
		err = errors.Join(err, fmt.Errorf("%s: %s", e.Job.Kind, e.Job.Errors[0].Error))
	}
	return err
}

// atOnce tries again what failed without a pause.
type atOnce struct{}

func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now() }

// slow is a platform whose files come at the third try, or never, or are too large.
type slow struct {
	bot.Fetcher
	fails *atomic.Int32
	large bool
}

func (s slow) Fetch(ctx context.Context, f bot.File) (io.ReadCloser, error) {
	switch {
	case s.fails.Add(-1) >= 0:
		return nil, errors.New("not now")
	case s.large:
		return io.NopCloser(io.LimitReader(zeros{}, 20<<20+1)), nil
	}
	return s.Fetcher.Fetch(ctx, f)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestListWhateverHappens: whatever goes wrong with a list, its officer is told once
// what it is and what to do, and nothing is written that they may not write.
func TestListWhateverHappens(t *testing.T) {
	const read, write = "> (tệp ocop-2025.csv)\n! jobs\n", "> có\n! jobs\n"
	for name, c := range map[string]struct {
		script string
		fails  int32 // how often fetching fails
		large  bool
		want   string // the last that is told
		rows   int    // products
	}{
		"undisturbed":                     {read + write, 0, false, "Đã ghi", 3},
		"the network is poor":             {read + write, 3, false, "Đã ghi", 3},
		"the network is away":             {read, 100, false, "Xin lỗi, Trợ lý bị lỗi khi đọc", 0},
		"too large":                       {read, 0, true, "Trợ lý không lấy về được", 0},
		"no officer before it is read":    {"> (tệp ocop-2025.csv)\n! ended\n! jobs\n", 0, false, "Phần này dành cho cán bộ", 0},
		"no officer before it is written": {read + "> có\n! ended\n! jobs\n", 0, false, "Phần này dành cho cán bộ", 0},
		"no officer before they agree":    {read + "! ended\n> có\n! jobs\n", 0, false, "Phần này dành cho cán bộ", 0},
		"the file is gone":                {read + "! 8 days later\n! cleaned\n" + write, 0, false, "Trợ lý không lấy về được", 0},
		"they are deleted":                {"> (tệp ocop-2025.csv)\n> xóa hết thông tin của tôi\n> XÓA\n! jobs\n", 0, false, "", 0},
		"yes, twice":                      {read + "> có\n> xem danh sách vừa gửi\n" + write, 0, false, "Đã ghi", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept, err := store.OpenBlobs("file://" + t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			w := worldWith(t, kept)
			jobs := w.Jobs
			fails := &atomic.Int32{}
			fails.Store(c.fails)
			w.Jobs = func(ctx context.Context, db *store.DB, files map[string]bot.Fetcher, receive func(context.Context, bot.Message) error) error {
				for name, f := range files {
					files[name] = slow{f, fails, c.large}
				}
				err := jobs(ctx, db, files, receive)
				if c.fails > 0 {
					err = nil // it is meant to fail
				}
				return err
			}
			w.Directions["ended"] = func(ctx context.Context, db *store.DB, _ bot.Chat, _ string) error {
				return db.Change(ctx, func(tx *store.Tx) error { return tx.EndRole(ctx, 1, 1, 0) })
			}
			w.Directions["cleaned"] = func(ctx context.Context, db *store.DB, _ bot.Chat, _ string) error {
				file, err := kept.Open(ctx, "lists/1")
				if err != nil {
					return err
				}
				file.Close()
				keys, err := db.Read().DeletedFiles(ctx, 10)
				if err == nil && !slices.Contains(keys, "lists/1") {
					err = fmt.Errorf("to be deleted: %v", keys)
				}
				return errors.Join(err, kept.Delete(ctx, "lists/1"))
			}
			file := filepath.Join(t.TempDir(), "list.txt")
			if err := os.WriteFile(file, []byte("! role officer 15 Trần Văn Hòa\n"+c.script+"= products\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			lines := bottest.Replay(t, file, w)
			end := slices.Index(lines, "= products")
			if rows := len(lines) - end - 1; rows != c.rows {
				t.Errorf("%d products, want %d", rows, c.rows)
			}
			last := lines[lastIndex(lines[:end], "! jobs")+1 : end]
			if told := strings.Join(last, "\n"); strings.Count(told, c.want) != 1 && c.want != "" || c.want == "" && strings.TrimSpace(told) != "" {
				t.Errorf("told %q, want %q", told, c.want)
			}
		})
	}
}

// lastIndex is where a line stands last; -1: nowhere.
func lastIndex(lines []string, line string) int {
	for i, l := range slices.Backward(lines) {
		if l == line {
			return i
		}
	}
	return -1
}
