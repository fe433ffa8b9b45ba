package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Statements of different chats share a commit: writers take whatever waits, in
// one pipeline. Under load this halves the syncs to disk; alone, a statement
// waits for nobody.
const (
	writers    = 2
	maxBatch   = 64
	writeLimit = 5 * time.Second
)

// statement is one statement waiting for a writer. It returns one row of three
// numbers.
type statement struct {
	ctx  context.Context // the caller's
	chat string          // statements are sorted by it, so that two batches lock rows in one order
	sql  string
	args []any
	done chan written
}

// written is what became of a statement.
type written struct {
	row [3]int64
	err error
}

// write runs a statement together with others. When the caller's time ends while
// it is on its way it may be committed all the same: what is written has a key
// that makes a repetition harmless.
func (db *DB) write(ctx context.Context, chat, sql string, args ...any) ([3]int64, error) {
	s := &statement{ctx, chat, sql, args, make(chan written, 1)}
	select {
	case db.queue <- s:
	case <-ctx.Done():
		return [3]int64{}, ctx.Err()
	}
	select {
	case w := <-s.done:
		return w.row, w.err
	case <-ctx.Done():
		return [3]int64{}, ctx.Err()
	}
}

func (db *DB) writer() {
	for {
		var all []*statement
		select {
		case s := <-db.queue:
			all = append(all, s)
		case <-db.closed:
			return
		}
	fill:
		for len(all) < maxBatch {
			select {
			case s := <-db.queue:
				all = append(all, s)
			default:
				break fill
			}
		}
		db.writeAll(all)
	}
}

// writeAll runs a batch as one transaction. When Postgres refuses one statement
// all are rolled back, and each is run alone. Statements nobody waits for any
// more are left out: after an outage a turn would be committed that nobody sends.
func (db *DB) writeAll(all []*statement) {
	all = slices.DeleteFunc(all, func(s *statement) bool { return s.ctx.Err() != nil })
	if len(all) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	slices.SortStableFunc(all, func(a, b *statement) int { return strings.Compare(a.chat, b.chat) })
	results := make([]written, len(all))
	err := db.batch(ctx, all, results)
	var refused *pgconn.PgError
	alone := len(all) > 1 && errors.As(err, &refused)
	for i, s := range all {
		switch {
		case alone:
			r := &results[i].row
			results[i].err = db.pool.QueryRow(ctx, s.sql, s.args...).Scan(&r[0], &r[1], &r[2])
		case err != nil:
			results[i].err = err
		}
		s.done <- results[i]
	}
}

func (db *DB) batch(ctx context.Context, all []*statement, results []written) error {
	b := &pgx.Batch{}
	for _, s := range all {
		b.Queue(s.sql, s.args...)
	}
	rows := db.pool.SendBatch(ctx, b)
	for i := range all {
		r := &results[i].row
		if err := rows.QueryRow().Scan(&r[0], &r[1], &r[2]); err != nil {
			_ = rows.Close()
			return err
		}
	}
	return rows.Close()
}
