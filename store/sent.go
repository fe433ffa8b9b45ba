package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// The states of a list that was sent in.
const (
	SentNew     = "new"     // it is to be read
	SentRead    = "read"    // it was read, and its sender is to say what becomes of it
	SentWritten = "written" // its products are among the records
	SentRefused = "refused" // it cannot be read
	SentDropped = "dropped" // its sender gave it up, or sent another
)

// Sent is a list of products that an officer sent in.
type Sent struct {
	ID     int64
	Actor  string  // who sent it, as in the audit log
	Chat   string  // where the answer goes; empty: it came by the command line
	Name   string  // of the file
	SHA256 []byte  // of its content; nil until it is here
	State  string  // SentNew …
	Holds  Holding `db:"counts"`
	At     time.Time
	Done   *time.Time // when it was written, refused or dropped
}

// Holding is what a list was found to hold.
type Holding struct {
	Rows       int `json:"rows,omitempty"`
	New        int `json:"new,omitempty"`
	Changed    int `json:"changed,omitempty"`
	Unchanged  int `json:"unchanged,omitempty"`
	Incomplete int `json:"incomplete,omitempty"` // of those
	Refused    int `json:"refused,omitempty"`

	Before  *time.Time        `json:"before,omitempty"`  // when a file of the same content was written
	Why     string            `json:"why,omitempty"`     // it cannot be read, or written
	Doubts  []Doubtful        `json:"doubts,omitempty"`  // to be asked before it can be written
	Columns map[string]string `json:"columns,omitempty"` // what was answered: field → column
	Correct string            `json:"correct,omitempty"` // where the rows to correct lie in Blobs; empty: there are none
	Size    int64             `json:"size,omitempty"`    // of that file, in bytes
}

// Doubtful is a field of a list that several columns may hold.
type Doubtful struct {
	Field   string   `json:"field"`
	Columns []string `json:"columns"` // letters, with
	Labels  []string `json:"labels"`  // what stands in them
}

// Add adds a column that may hold the field, once.
func (d *Doubtful) Add(letters, label string) {
	if !slices.Contains(d.Columns, letters) {
		d.Columns, d.Labels = append(d.Columns, letters), append(d.Labels, label)
	}
}

const sentColumns = `id, actor, chat, name, sha256, state, counts, at, done`

// Sent returns a list that was sent in. ErrNotFound.
func (r *Reader) Sent(ctx context.Context, id int64) (Sent, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Sent], `select `+sentColumns+` from imports where id = $1`, id)
}

// SentIn returns the list of a chat that its sender is still to say something to, the
// latest. ErrNotFound.
func (r *Reader) SentIn(ctx context.Context, chat string) (Sent, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Sent], `select `+sentColumns+` from imports
		where chat = $1 and chat <> '' and state in ('new', 'read') order by id desc limit 1`, chat)
}

// SentBefore returns the list of the same content that was written last before this
// one. ErrNotFound.
func (r *Reader) SentBefore(ctx context.Context, l Sent) (Sent, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Sent], `select `+sentColumns+` from imports
		where sha256 = $1 and id < $2 and state = 'written' order by id desc limit 1`, l.SHA256, l.ID)
}

// AddSent notes that an officer sends a list in a chat. An earlier one of the chat
// that was not written yet is dropped. ErrNotYours: they are no officer.
func (tx *Tx) AddSent(ctx context.Context, person int64, chat, name string) (Sent, error) {
	rs, err := tx.RolesOf(ctx, person)
	if err != nil {
		return Sent{}, err
	}
	if !rs.Is(RoleOfficer) {
		return Sent{}, ErrNotYours
	}
	if _, err := tx.exec(ctx, `update imports set state = 'dropped', done = $2 where chat = $1 and chat <> '' and state in ('new', 'read')`, chat, tx.now); err != nil {
		return Sent{}, err
	}
	return one(ctx, tx.q, pgx.RowToStructByName[Sent], `insert into imports (actor, chat, name, at) values ($1, $2, $3, $4)
		returning `+sentColumns, PersonActor(person), chat, name, tx.now)
}

// LockSent returns a list and keeps it as it is until the transaction ends. ErrNotFound.
func (tx *Tx) LockSent(ctx context.Context, id int64) (Sent, error) {
	return one(ctx, tx.q, pgx.RowToStructByName[Sent], `select `+sentColumns+` from imports where id = $1 for update`, id)
}

// UpdateSent keeps the state, the content's hash and what a list holds. It is done
// when it is written, refused or dropped. ErrClosed: it was done before.
func (tx *Tx) UpdateSent(ctx context.Context, l Sent) error {
	n, err := tx.exec(ctx, `update imports set state = $2, sha256 = $3, counts = $4, done = case when $2 in ('new', 'read') then null else $5::timestamptz end
		where id = $1 and state in ('new', 'read')`, l.ID, l.State, l.SHA256, l.Holds, tx.now)
	if err == nil && n == 0 {
		err = ErrClosed
	}
	return err
}
