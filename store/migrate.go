package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the key of the advisory lock that lets one replica migrate
// at a time: "lensan" in ASCII.
const migrationLock = 0x6c656e73616e

// Migrate brings the schema up to this binary's: our tables and those of the
// job queue. Replicas that start together may all call it: one works, the
// others wait. A schema that is current or newer stays as it is.
func (db *DB) Migrate(ctx context.Context) error {
	// The lock belongs to a transaction, not to a session, so it also holds
	// behind a pooler; goose's own needs a session.
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(migrationLock)); err != nil {
			return err
		}
		if err := db.migrateTables(ctx); err != nil {
			return err
		}
		return db.migrateJobs(ctx)
	})
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

func (db *DB) migrateTables(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	conn := stdlib.OpenDBFromPool(db.pool)
	defer conn.Close() // gives back to the pool what it took; the pool stays open
	goose, err := goose.NewProvider(goose.DialectPostgres, conn, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	_, err = goose.Up(ctx)
	return err
}

func (db *DB) migrateJobs(ctx context.Context) error {
	river, err := newRiver(db.pool)
	if err != nil {
		return err
	}
	_, err = river.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func newRiver(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	return rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
}

// jobMigrations are the job queue's own, oldest first.
var jobMigrations = sync.OnceValues(func() ([]rivermigrate.Migration, error) {
	river, err := newRiver(nil)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return river.AllVersions(), nil
})

// errSchema says what to do about a schema older than this binary.
var errSchema = errors.New("store: the database's schema is older than this program: run `lensan migrate`")

// Ready tells whether Postgres can be reached and its schema is at least this
// binary's; during a rolling deploy it may be newer.
func (db *DB) Ready(ctx context.Context) error {
	jobs, err := jobMigrations()
	if err != nil {
		return err
	}
	var current bool
	err = db.pool.QueryRow(ctx, `
		select coalesce((select max(version_id) from goose_db_version where is_applied), 0) >= $1
		   and coalesce((select max(version) from river_migration where line = 'main'), 0) >= $2`,
		newestMigration(), jobs[len(jobs)-1].Version).Scan(&current)
	if refused := new(pgconn.PgError); errors.As(err, &refused) && refused.Code == "42P01" {
		return errSchema // no such table: never migrated
	}
	if err != nil {
		return fmt.Errorf("store: Postgres cannot be reached: %w", err)
	}
	if !current {
		return errSchema
	}
	return nil
}

// newestMigration is the highest number of our files: 2 for 00002_records.sql.
func newestMigration() int64 {
	var newest int64
	files, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is right, so no error
	for _, f := range files {
		number, _, _ := strings.Cut(path.Base(f), "_")
		n, _ := strconv.ParseInt(number, 10, 64)
		newest = max(newest, n)
	}
	return newest
}

// SchemaID names the schema this binary migrates to; it changes with every
// change of a migration. Tests keep a migrated template under it.
func SchemaID() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := migrations.ReadFile(name)
		fmt.Fprintf(sum, "%s\n%s\n", name, text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	jobs, err := jobMigrations()
	if err != nil {
		return "", err
	}
	for _, m := range jobs {
		fmt.Fprintf(sum, "%d\n%s\n", m.Version, m.SQLUp)
	}
	return fmt.Sprintf("%.6x", sum.Sum(nil)), nil
}
