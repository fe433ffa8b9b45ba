package flows

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/riverqueue/river"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
	"lensan/store/sheet"
)

// ListQueue is where lists wait to be read and written. One worker is enough, and
// holds what reading them takes of memory within bounds.
const ListQueue = "lists"

const (
	listRows  = 50_000             // a whole country's; what is larger is written with the command, which may take its time
	listTries = 4                  // then whoever sent it is told
	listFor   = 7 * 24 * time.Hour // a list that is not written by then is gone
)

// readList reads a list that was sent in.
type readList struct {
	List  int64    `json:"list" river:"unique"`
	Again int      `json:"again,omitempty" river:"unique"` // columns that were told since
	File  bot.File `json:"file"`                           // where it is fetched from
}

// writeList writes a list that was read to the records.
type writeList struct {
	List int64 `json:"list" river:"unique"`
	By   int64 `json:"by"` // who said so
}

// Kind names the job in the queue.
func (readList) Kind() string { return "read_list" }

// Kind names the job in the queue.
func (writeList) Kind() string { return "write_list" }

// InsertOpts are how the job is queued.
func (readList) InsertOpts() river.InsertOpts { return listOpts }

// InsertOpts are how the job is queued.
func (writeList) InsertOpts() river.InsertOpts { return listOpts }

var listOpts = river.InsertOpts{Queue: ListQueue, MaxAttempts: listTries, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}

// listKey is where a list lies in Blobs.
func listKey(list int64) string { return fmt.Sprintf("lists/%d", list) }

// listJob runs a job about a list. What fails is tried again; the last time whoever
// sent the list is told.
func listJob[T river.JobArgs](j *Jobs, work func(context.Context, T) error, list func(T) int64) func(context.Context, *river.Job[T]) error {
	return func(ctx context.Context, job *river.Job[T]) error {
		err := work(ctx, job.Args)
		if err == nil || job.Attempt < job.MaxAttempts || ctx.Err() != nil {
			return err
		}
		j.Log.Error("list given up", "job", job.Kind, "list", list(job.Args), "error", err)
		return j.listDone(context.WithoutCancel(ctx), list(job.Args), func(l *store.Sent) { refuse(l, "fault") })
	}
}

// refuse notes why a list cannot be read, or written.
func refuse(l *store.Sent, why string) { l.State, l.Holds.Why = store.SentRefused, why }

// readList fetches a list and finds out what it holds.
func (j *Jobs) readList(ctx context.Context, job readList) error {
	l, err := j.DB.Read().Sent(ctx, job.List)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.State != store.SentNew {
		return nil // another one was sent meanwhile
	}
	if err != nil {
		return err
	}
	content, err := j.listContent(ctx, l, job.File)
	if errors.Is(err, bot.ErrGone) {
		return j.listDone(ctx, l.ID, func(l *store.Sent) { refuse(l, "lost") })
	}
	if err != nil {
		return err
	}
	hash := sha256.Sum256(content)
	l.SHA256 = hash[:]
	by, err := j.sender(ctx, l)
	if err != nil {
		return err
	}
	roles, err := j.DB.Read().RolesOf(ctx, by)
	if err != nil {
		return err
	}
	list, err := sheet.Parse(l.Name, content, sheet.Options{Province: j.listProvince(roles), Columns: l.Holds.Columns, MaxRows: listRows})
	if err != nil {
		j.Log.Info("list not read", "list", l.ID, "error", err)
		return j.listDone(ctx, l.ID, func(now *store.Sent) {
			now.SHA256 = hash[:]
			refuse(now, listFault(err))
		})
	}
	doubts := doubtful(list.Doubts, l.Holds.Columns)
	holds := store.Holding{Rows: len(list.Rows), Columns: l.Holds.Columns, Doubts: doubts}
	switch {
	case len(list.Rows) == 0 && len(doubts) == 0:
		return j.listDone(ctx, l.ID, func(now *store.Sent) {
			now.SHA256 = hash[:]
			refuse(now, "empty")
		})
	case len(doubts) == 0:
		if err := j.weigh(ctx, &holds, l, list, by); errors.Is(err, store.ErrNotYours) {
			return j.listDone(ctx, l.ID, func(l *store.Sent) { refuse(l, "not_yours") })
		} else if err != nil {
			return err
		}
	}
	before, err := j.DB.Read().SentBefore(ctx, l)
	if err == nil {
		holds.Before = before.Done
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return j.listDone(ctx, l.ID, func(now *store.Sent) { now.State, now.SHA256, now.Holds = store.SentRead, hash[:], holds })
}

// listContent is what is in a list: it is fetched once, and kept until it is written.
func (j *Jobs) listContent(ctx context.Context, l store.Sent, from bot.File) ([]byte, error) {
	file, err := j.Blobs.Open(ctx, listKey(l.ID))
	if err == nil {
		defer file.Close()
		return io.ReadAll(io.LimitReader(file, sheet.MaxSize+1))
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	channel := j.Channels[from.Channel]
	if channel == nil {
		return nil, bot.ErrGone
	}
	fetching, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	content, err := download(fetching, channel, from)
	if err != nil {
		return nil, err
	}
	if err := j.DB.DeleteAt(ctx, listKey(l.ID), j.DB.Now().Add(listFor)); err != nil { // first: nothing is left lying about
		return nil, err
	}
	return content, j.Blobs.Put(ctx, listKey(l.ID), "application/octet-stream", bytes.NewReader(content), int64(len(content)))
}

// sender is who sent a list: whom its chat belongs to by now.
func (j *Jobs) sender(ctx context.Context, l store.Sent) (int64, error) {
	chat, err := bot.ParseChat(l.Chat)
	if err != nil {
		return 0, err
	}
	return j.DB.Read().Owner(ctx, chat)
}

// listProvince is the province whose communes are meant where a list names none: the
// officer's.
func (j *Jobs) listProvince(roles store.Roles) string {
	for _, r := range roles.Officers() {
		if len(r.Areas) == 0 {
			continue
		}
		if c, ok := vietnamese.CommuneByCode(r.Areas[0]); ok {
			return c.ProvinceCode
		}
		return r.Areas[0]
	}
	return j.Content().Office.Province
}

// weigh finds out what writing a list would change, and keeps the rows to correct
// where the officer can be sent them.
func (j *Jobs) weigh(ctx context.Context, holds *store.Holding, l store.Sent, list *sheet.List, by int64) error {
	var result store.ImportResult
	err := j.DB.Change(ctx, func(tx *store.Tx) (err error) {
		result, err = tx.Preview(ctx, by, list.Records())
		return err
	})
	if err != nil {
		return err
	}
	holds.New, holds.Changed, holds.Unchanged, holds.Refused = result.New, result.Changed, result.Unchanged, result.Refused
	for i, r := range list.Rows {
		if result.Lines[i].Outcome != store.ImportRefused && len(r.Missing()) > 0 {
			holds.Incomplete++
		}
	}
	headings, rows, err := list.ToCorrect(result.Lines, func(id string, vars map[string]any) (string, error) { return j.Texts.Text("vi", id, vars) })
	if err != nil || len(rows) == 0 {
		return err
	}
	name, err := j.Texts.Text("vi", "import.sheet.name", nil)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if err := sheet.Write(&content, name, headings, rows); err != nil {
		return err
	}
	holds.Correct, holds.Size = listKey(l.ID)+".xlsx", int64(content.Len())
	if err := j.DB.DeleteAt(ctx, holds.Correct, j.DB.Now().Add(listFor)); err != nil { // first: nothing is left lying about
		return err
	}
	return j.Blobs.Put(ctx, holds.Correct, sheet.Type, &content, holds.Size)
}

// listFault names why a list cannot be read.
func listFault(err error) string {
	switch {
	case errors.Is(err, sheet.ErrTooLarge):
		return "too_large"
	case errors.Is(err, sheet.ErrOld):
		return "old"
	}
	return "format"
}

// doubtful are the fields to be asked: those that several columns may hold, each once,
// whatever sheet they are of, and which nobody told yet.
func doubtful(doubts []sheet.Doubt, told map[string]string) []store.Doubtful {
	var all []store.Doubtful
	at := map[string]int{}
	for _, d := range doubts {
		if _, ok := told[d.Field]; ok || len(d.Columns) == 0 {
			continue
		}
		i, ok := at[d.Field]
		if !ok {
			i = len(all)
			at[d.Field] = i
			all = append(all, store.Doubtful{Field: d.Field})
		}
		for _, c := range d.Columns {
			all[i].Add(c.Letters, column(c))
		}
	}
	return all
}

// column is a column in few words: its heading, and what stands in it.
func column(c sheet.Column) string {
	const most = 40
	short := func(s string) string {
		if r := []rune(s); len(r) > most {
			return string(r[:most-1]) + "…"
		}
		return s
	}
	if c.Sample == "" {
		return short(c.Heading)
	}
	return short(c.Heading) + " (" + short(c.Sample) + ")"
}

// writeList writes a list to the records.
func (j *Jobs) writeList(ctx context.Context, job writeList) error {
	l, err := j.DB.Read().Sent(ctx, job.List)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.State != store.SentRead {
		return nil
	}
	if err != nil {
		return err
	}
	content, err := j.listContent(ctx, l, bot.File{})
	if errors.Is(err, bot.ErrGone) {
		return j.listDone(ctx, l.ID, func(l *store.Sent) { refuse(l, "lost") })
	}
	if err != nil {
		return err
	}
	roles, err := j.DB.Read().RolesOf(ctx, job.By)
	if err != nil {
		return err
	}
	list, err := sheet.Parse(l.Name, content, sheet.Options{Province: j.listProvince(roles), Columns: l.Holds.Columns, MaxRows: listRows})
	if err != nil {
		return err
	}
	err = j.DB.Change(ctx, func(tx *store.Tx) error {
		l, err := tx.LockSent(ctx, l.ID)
		if err != nil || l.State != store.SentRead {
			return err
		}
		result, err := tx.Import(ctx, job.By, list.Records(), true)
		if err != nil {
			return err
		}
		l.State = store.SentWritten
		l.Holds.New, l.Holds.Changed, l.Holds.Unchanged, l.Holds.Refused = result.New, result.Changed, result.Unchanged, result.Refused
		return finish(ctx, tx, l)
	})
	if errors.Is(err, store.ErrNotYours) {
		return j.listDone(ctx, l.ID, func(l *store.Sent) { refuse(l, "not_yours") })
	}
	if err != nil {
		return err
	}
	return j.DB.DeleteAt(ctx, listKey(l.ID), j.DB.Now())
}

// listDone changes a list and tells who sent it, unless it is done already.
func (j *Jobs) listDone(ctx context.Context, id int64, change func(*store.Sent)) error {
	return j.DB.Change(ctx, func(tx *store.Tx) error {
		l, err := tx.LockSent(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && l.State != store.SentNew && l.State != store.SentRead {
			return nil
		}
		if err != nil {
			return err
		}
		change(&l)
		return finish(ctx, tx, l)
	})
}

// finish keeps what became of a list and tells its chat, with the same transaction.
func finish(ctx context.Context, tx *store.Tx, l store.Sent) error {
	if err := tx.UpdateSent(ctx, l); err != nil {
		return err
	}
	chat, err := bot.ParseChat(l.Chat)
	if err != nil {
		return err
	}
	id := fmt.Sprint(l.ID)
	return tx.Say(ctx, bot.Own(chat, fmt.Sprintf("list:%s:%s:%d", id, l.State, len(l.Holds.Columns)), bot.Wish{Flow: "list_told", Arg: id}))
}
