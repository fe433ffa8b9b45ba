package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"lensan/store"
)

// makeData makes the folder for data. Others may pass through it: the private
// servers run as users of their own. What lies in it is closed to them.
func makeData(dir string) error {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return fmt.Errorf("the folder for data: %w: set LENSAN_DATA to one that can be written", err)
	}
	return nil
}

// openDatabase opens the configured Postgres for a command. Without one it is
// the private one: that of a lensan that is running, else our own for as long as
// the command runs. Closing it ends that, too.
func openDatabase(ctx context.Context, c Config) (db *store.DB, done func() error, err error) {
	address, stop := string(c.DatabaseURL), func() error { return nil }
	if address == "" {
		dir := filepath.Join(c.Data, "postgres")
		running, ok := store.RunningPostgres(ctx, dir)
		address = running
		if !ok {
			if err := makeData(c.Data); err != nil {
				return nil, nil, err
			}
			p, err := store.StartPostgres(ctx, dir)
			if err != nil {
				return nil, nil, err
			}
			address, stop = p.URL(), p.Stop
		}
	}
	if db, err = store.Open(ctx, address); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	if !c.Now.IsZero() {
		db.SetClock(c.Now.Time)
	}
	return db, func() error { db.Close(); return stop() }, nil
}

// withDatabase runs a command on a database whose schema is current.
func (p *program) withDatabase(ctx context.Context, run func(*store.DB) error) (err error) {
	c, err := loadConfig(p.environ)
	if err != nil {
		return err
	}
	db, done, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := db.Ready(ctx); err != nil {
		return err
	}
	return run(db)
}

type migrateCmd struct{}

// Run brings the schema up to this program's.
func (migrateCmd) Run(ctx context.Context, p *program) (err error) {
	c, err := loadConfig(p.environ)
	if err != nil {
		return err
	}
	db, done, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "The schema is current.")
	return err
}

// newLog writes for people on a terminal and as JSON elsewhere.
func newLog(w io.Writer, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
