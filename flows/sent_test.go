package flows_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/xuri/excelize/v2"

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

// work does what waits in the queue.
func work(ctx context.Context, db *store.DB, j *flows.Jobs) error {
	queue, err := river.NewClient[pgx.Tx](db.Jobs(), &river.Config{
		Queues: map[string]river.QueueConfig{flows.ListQueue: {MaxWorkers: 1}}, Workers: j.Workers(),
		PollOnly: true, FetchPollInterval: 50 * time.Millisecond, FetchCooldown: 50 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	waits := func() (bool, error) {
		jobs, err := queue.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateAvailable, rivertype.JobStateRunning))
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
