package flows

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"lensan/bot"
	"lensan/locales"
	"lensan/store"
)

// Jobs is the work that answers nobody: fetching photos, deleting what is not
// kept any more. Every job may run again, and on any replica.
type Jobs struct {
	DB       *store.DB
	Blobs    store.Blobs
	Channels map[string]bot.Fetcher                   // where files are fetched from, by channel
	Content  func() *locales.Content                  // how long things are kept
	Receive  func(context.Context, bot.Message) error // makes the bot speak on its own
	Texts    bot.Texts                                // of files that are made
	Log      *slog.Logger
}

// How often each job runs.
const (
	fetchEvery  = 30 * time.Second // a platform's link lives an hour
	deleteEvery = 10 * time.Minute // people who say "delete me" are not kept waiting
	purgeEvery  = 24 * time.Hour
	nudgeEvery  = 20 * time.Minute
	tellEvery   = 10 * time.Minute
	reopenEvery = time.Minute // an officer who wrote in vain still has the person in mind
)

type (
	fetchPhotos struct{}
	deleteFiles struct{}
	purge       struct{}
	nudge       struct{}
	tell        struct{}
	reopen      struct{}
)

// Kind names the job in the queue.
func (fetchPhotos) Kind() string { return "fetch_photos" }

// Kind names the job in the queue.
func (deleteFiles) Kind() string { return "delete_files" }

// Kind names the job in the queue.
func (purge) Kind() string { return "purge" }

// Kind names the job in the queue.
func (nudge) Kind() string { return "nudge" }

// Kind names the job in the queue.
func (tell) Kind() string { return "tell_officers" }

// Kind names the job in the queue.
func (reopen) Kind() string { return "reopen_requests" }

// Workers do the jobs.
func (j *Jobs) Workers() *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[fetchPhotos]) error { return j.FetchPhotos(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[deleteFiles]) error { return j.deleteFiles(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[purge]) error { return j.purge(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[nudge]) error { return j.Nudge(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[tell]) error { return j.TellOfficers(ctx) }))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[reopen]) error { return j.Reopen(ctx) }))
	river.AddWorker(w, river.WorkFunc(listJob(j, j.readList, func(a readList) int64 { return a.List })))
	river.AddWorker(w, river.WorkFunc(listJob(j, j.writeList, func(a writeList) int64 { return a.List })))
	return w
}

// Periodic are the jobs that come again and again, one of a kind at a time.
func (j *Jobs) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		periodic(fetchPhotos{}, fetchEvery, river.UniqueOpts{ByState: unfinished}),
		periodic(deleteFiles{}, deleteEvery, river.UniqueOpts{ByState: unfinished}),
		periodic(purge{}, purgeEvery, river.UniqueOpts{ByPeriod: purgeEvery}),
		periodic(nudge{}, nudgeEvery, river.UniqueOpts{ByState: unfinished}),
		periodic(tell{}, tellEvery, river.UniqueOpts{ByState: unfinished}),
		periodic(reopen{}, reopenEvery, river.UniqueOpts{ByState: unfinished}),
	}
}

// unfinished are the states of a job that is still to be done.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// periodic runs a job at every start, too: a service that is restarted every day
// would otherwise never purge.
func periodic(args river.JobArgs, every time.Duration, unique river.UniqueOpts) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{UniqueOpts: unique, MaxAttempts: 5}
		},
		&river.PeriodicJobOpts{RunOnStart: true})
}

// Limits of fetching.
const (
	maxPhoto  = 20 << 20           // bytes; what Telegram gives a bot at most
	maxFetch  = 40 * time.Second   // of one run: a job has a minute
	fetchTime = 15 * time.Second   // of one photo
	fetchFor  = 7 * 24 * time.Hour // then a photo that cannot be fetched is lost
	maxErrors = 3                  // in a row, and the channel is left alone until the next run
	batch     = 500
)

// photoTypes are the images kept, by what their bytes say, with the ending of
// the file.
var photoTypes = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "image/heic": ".heic"}

// FetchPhotos brings the photos people sent from their channel to where files
// are kept. Failures are logged and tried again at the next run.
func (j *Jobs) FetchPhotos(ctx context.Context) error {
	began := time.Now()
	files, err := j.DB.Read().Unfetched(ctx, batch)
	if err != nil {
		return err
	}
	failed := map[string]int{} // in a row, by channel
	for _, f := range files {
		if failed[f.Channel] >= maxErrors || time.Since(began) > maxFetch {
			continue
		}
		err := j.fetch(ctx, f)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			failed[f.Channel] = 0
			continue
		}
		failed[f.Channel]++
		if wait := (*bot.Wait)(nil); errors.As(err, &wait) {
			failed[f.Channel] = maxErrors
		}
		j.Log.Warn("photo not fetched", "file", f.ID, "channel", f.Channel, "error", err)
		if j.DB.Now().Sub(f.Created) > fetchFor {
			if err := j.lost(ctx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

var errNoChannel = errors.New("flows: this channel is not on, or has no files")

// fetch brings one photo. What the channel does not have and what is no image is
// lost.
func (j *Jobs) fetch(ctx context.Context, f store.File) error {
	channel := j.Channels[f.Channel]
	if channel == nil {
		return errNoChannel
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	content, err := download(ctx, channel, bot.File{Channel: f.Channel, ID: f.Ref, Type: f.Type, Size: f.Size})
	if errors.Is(err, bot.ErrGone) {
		return j.lost(ctx, f)
	}
	if err != nil {
		return err
	}
	f.Type = imageType(content)
	ending, ok := photoTypes[f.Type]
	if !ok {
		return j.lost(ctx, f)
	}
	sum := sha256.Sum256(content)
	f.Key, f.Size, f.SHA256 = fmt.Sprintf("photos/%d%s", f.ID, ending), int64(len(content)), sum[:]
	if err := j.Blobs.Put(ctx, f.Key, f.Type, bytes.NewReader(content), f.Size); err != nil {
		return err
	}
	err = j.DB.Change(ctx, func(tx *store.Tx) error { return tx.MarkFetched(ctx, f) })
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	// Fetched meanwhile by another replica, into the same place; or deleted.
	if _, err := j.DB.Read().File(ctx, f.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return j.Blobs.Delete(ctx, f.Key)
}

// download reads a file of at most maxPhoto bytes; a larger one counts as gone.
func download(ctx context.Context, channel bot.Fetcher, f bot.File) ([]byte, error) {
	body, err := channel.Fetch(ctx, f)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, maxPhoto+1))
	if err == nil && len(content) > maxPhoto {
		err = bot.ErrGone
	}
	return content, err
}

// imageType is what a file is by its first bytes, whatever its sender says.
func imageType(content []byte) string {
	if len(content) >= 12 && string(content[4:8]) == "ftyp" {
		switch string(content[8:12]) { // ISO/IEC 23008-12: photos of iPhones, sent uncompressed
		case "heic", "heix", "mif1":
			return "image/heic"
		}
	}
	return http.DetectContentType(content)
}

// deleteFiles deletes files whose records are gone.
func (j *Jobs) deleteFiles(ctx context.Context) error {
	for {
		keys, err := j.DB.Read().DeletedFiles(ctx, batch)
		if err != nil || len(keys) == 0 {
			return err
		}
		var gone []string
		for _, key := range keys {
			if err = j.Blobs.Delete(ctx, key); err != nil {
				break // the others would most likely fail too: the next try takes them up
			}
			gone = append(gone, key)
		}
		forget := j.DB.Change(ctx, func(tx *store.Tx) error { return tx.ForgetFiles(ctx, gone) })
		if err = errors.Join(err, forget); err != nil {
			return err
		}
	}
}

// purge removes what was kept long enough.
func (j *Jobs) purge(ctx context.Context) error {
	const day = 24 * time.Hour
	keep := j.Content().Privacy
	p, err := j.DB.Purge(ctx, j.DB.Now(), store.Retention{Refused: time.Duration(keep.RefusedDays) * day,
		Words: time.Duration(keep.MessageDays) * day, Years: keep.RecordYears})
	j.Log.Info("purged", "words", p.Words, "replies", p.Replies, "messages", p.Messages, "turns", p.Turns, "requests", p.Requests, "people", p.People)
	return err
}
