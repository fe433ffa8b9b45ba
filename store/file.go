package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"lensan/bot"
)

// File is a photo somebody sent for a product. The record is made in the turn;
// the file itself is fetched from the channel afterwards and put into [Blobs]
// under Key.
type File struct {
	ID      int64
	Person  int64  // who sent it
	Product int64  // what it shows; 0: nothing in particular
	Channel string // where it came from, and
	Ref     string // what the channel calls it
	Key     string // where it lies in Blobs; empty until fetched
	Type    string // MIME type; what the channel says until fetched
	Size    int64  // bytes; what the channel says until fetched
	SHA256  []byte // of the content; nil until fetched
	Created time.Time
}

const fileColumns = `id, person, coalesce(product, 0) as product, channel, ref, key, type, size, sha256, created`

// File returns a file's record. ErrNotFound.
func (r *Reader) File(ctx context.Context, id int64) (File, error) {
	return one(ctx, r.q, pgx.RowToStructByName[File], `select `+fileColumns+` from files where id = $1`, id)
}

// AddFile notes a file that was sent. With a product the person must be a
// member of its producer. ErrNotFound, ErrNotYours, ErrClosed, ErrFull.
func (tx *Tx) AddFile(ctx context.Context, f File) (File, error) {
	if f.Product != 0 {
		p, err := tx.lockProduct(ctx, f.Person, f.Product)
		if err != nil {
			return File{}, err
		}
		if len(p.Photos) >= MaxPhotos {
			return File{}, ErrFull
		}
	}
	return one(ctx, tx.q, pgx.RowToStructByName[File],
		`insert into files (person, product, channel, ref, type, size, created)
		values ($1, nullif($2, 0), $3, $4, $5, $6, $7) returning `+fileColumns,
		f.Person, f.Product, f.Channel, f.Ref, f.Type, f.Size, tx.now)
}

// RemoveFile takes a file off its product and deletes it. ErrNotFound,
// ErrNotYours, ErrClosed.
func (tx *Tx) RemoveFile(ctx context.Context, person, id int64) error {
	f, err := tx.File(ctx, id)
	if err != nil {
		return err
	}
	if f.Product == 0 && f.Person != person {
		return ErrNotYours
	}
	if f.Product != 0 {
		if _, err := tx.lockProduct(ctx, person, f.Product); err != nil {
			return err
		}
	}
	return tx.deleteFiles(ctx, `id = $1`, id)
}

// deleteFiles deletes the files' records and queues what lies in Blobs for them.
func (tx *Tx) deleteFiles(ctx context.Context, where string, args ...any) error {
	_, err := tx.exec(ctx, `with gone as (delete from files where `+where+` returning key)
		insert into deleted_files (key) select key from gone where key <> '' on conflict do nothing`, args...)
	return err
}

// SentFrom returns the chat a file came from: the one its sender wrote in last on
// its channel. ErrNotFound: there is none any more.
func (r *Reader) SentFrom(ctx context.Context, f File) (bot.Chat, error) {
	key, err := one(ctx, r.q, pgx.RowTo[string], `select chat from chats
		where person = $1 and split_part(chat, ':', 1) = $2 order by seen desc limit 1`, f.Person, f.Channel)
	if err != nil {
		return bot.Chat{}, err
	}
	return bot.ParseChat(key)
}

// Unfetched returns files that are still to be fetched from their channel,
// oldest first.
func (r *Reader) Unfetched(ctx context.Context, limit int) ([]File, error) {
	return all(ctx, r.q, pgx.RowToStructByName[File],
		`select `+fileColumns+` from files where key = '' and lost is null order by id limit $1`, limit)
}

// MarkFetched notes where a file lies now: f.Key, Type, Size and SHA256.
// ErrNotFound: it was deleted or fetched meanwhile; whoever put the file takes
// it away again.
func (tx *Tx) MarkFetched(ctx context.Context, f File) error {
	n, err := tx.exec(ctx, `update files set key = $2, type = $3, size = $4, sha256 = $5 where id = $1 and key = ''`,
		f.ID, f.Key, f.Type, f.Size, f.SHA256)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}

// MarkLost notes that the channel does not have a file any more.
func (tx *Tx) MarkLost(ctx context.Context, id int64) error {
	_, err := tx.exec(ctx, `update files set lost = $2 where id = $1 and key = ''`, id, tx.now)
	return err
}

// DeleteAt notes that what lies in Blobs at a key is to be deleted at a time: for
// what people upload before there is a record of it. A later time replaces it.
func (db *DB) DeleteAt(ctx context.Context, key string, at time.Time) error {
	_, err := db.pool.Exec(ctx, `insert into deleted_files (key, at) values ($1, $2)
		on conflict (key) do update set at = excluded.at`, key, at)
	return err
}

// DeletedFiles returns keys whose time is over, those first whose records are
// gone longest: what lies in Blobs there is to be deleted, then noted with
// [Tx.ForgetFiles].
func (r *Reader) DeletedFiles(ctx context.Context, limit int) ([]string, error) {
	return all(ctx, r.q, pgx.RowTo[string], `select key from deleted_files where at <= clock() order by at, key limit $1`, limit)
}

// ForgetFiles notes that nothing lies at these keys any more.
func (tx *Tx) ForgetFiles(ctx context.Context, keys []string) error {
	_, err := tx.exec(ctx, `delete from deleted_files where key = any($1)`, keys)
	return err
}
