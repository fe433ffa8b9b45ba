package store

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Jobs is where the job queue (River) keeps its jobs: in this database.
func (db *DB) Jobs() *riverpgxv5.Driver { return riverpgxv5.New(db.pool) }

// AddJob puts a job into the queue. It is there once the transaction is committed.
func (tx *Tx) AddJob(ctx context.Context, args river.JobArgs) error {
	queue, err := river.NewClient[pgx.Tx](tx.db.Jobs(), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = queue.InsertTx(ctx, tx.tx, args, nil)
	}
	if err != nil {
		return fmt.Errorf("store: %w", again(err))
	}
	return nil
}
