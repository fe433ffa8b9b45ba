package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Refusals of records. A flow turns them into an answer; anything else that a
// method returns is a fault.
var (
	ErrNotFound = errors.New("store: no such record")
	ErrNotYours = errors.New("store: not the person's, nor in their area")
	ErrClosed   = errors.New("store: it was decided, or changed, meanwhile")
	ErrFull     = errors.New("store: there are as many as there may be") // MaxProducts, MaxPhotos, MaxClaims
)

// What one producer may have, so that nobody fills the database from a chat.
const (
	MaxProducts = 200 // of a producer, without withdrawn ones
	MaxPhotos   = 20  // of a product
	MaxClaims   = 10  // of a person in a month
)

// MergedError tells that a person was found to be another one, who stays.
type MergedError struct{ Into int64 }

func (e *MergedError) Error() string {
	return fmt.Sprintf("store: the person was merged into %d", e.Into)
}

// ExistsError tells that the producer has a product of this name already.
type ExistsError struct{ Product int64 }

func (e *ExistsError) Error() string { return "store: the producer has this product: " + e.Code() }

// Code is the code of the product that is there.
func (e *ExistsError) Code() string { return code("SP", e.Product) }

// Change runs a change that is no turn: of a job, of an officer's list, of the
// demo. It is committed if change returns nil. Turns have a transaction of
// their own.
func (db *DB) Change(ctx context.Context, change func(*Tx) error) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		return change(&Tx{Reader: Reader{q: tx}, db: db, tx: tx, now: db.Now()})
	})
}

// one returns the one row of a query, or ErrNotFound.
func one[T any](ctx context.Context, q querier, read pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var none T
		return none, fmt.Errorf("store: %w", again(err))
	}
	v, err := pgx.CollectOneRow(rows, read)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("store: %w", again(err))
	}
	return v, nil
}

// all returns every row of a query, in its order.
func all[T any](ctx context.Context, q querier, read pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("store: %w", again(err))
	}
	list, err := pgx.CollectRows(rows, read)
	if err != nil {
		return nil, fmt.Errorf("store: %w", again(err))
	}
	return list, nil
}

// exec runs a statement and returns how many rows it touched.
func (tx *Tx) exec(ctx context.Context, sql string, args ...any) (int64, error) {
	tag, err := tx.tx.Exec(ctx, sql, args...)
	if err != nil {
		return 0, fmt.Errorf("store: %w", again(err))
	}
	return tag.RowsAffected(), nil
}

// code writes a record's number as people say it: SP-000001, and more digits
// beyond 999999.
func code(prefix string, id int64) string { return fmt.Sprintf("%s-%06d", prefix, id) }

// parseCode reads what [code] wrote, as people type it: "sp 1", "SP-000001".
func parseCode(prefix, s string) (int64, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	digits, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(strings.TrimLeft(digits, " -"), 10, 64)
	return id, err == nil && id > 0
}
