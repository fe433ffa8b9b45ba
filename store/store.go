// Package store keeps what must be kept: messages, chats and the journal of
// turns, and the records of OCOP (people, producers, products …) in Postgres;
// the live copy of sessions in Redis ([Live]). Each noun has a file of its own
// with its rules as methods.
package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Zone is the one time zone of the service: Asia/Ho_Chi_Minh, UTC+7 without
// summer time since 1975.
var Zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// DB is the Postgres side of the store. Its methods are safe for concurrent use.
type DB struct {
	pool   *pgxpool.Pool
	offset atomic.Int64 // nanoseconds the clock is set ahead (LENSAN_NOW), else 0

	queue   chan *statement // to the writers
	closed  chan struct{}
	hashKey atomic.Pointer[[]byte] // of message keys
	finder  finder
}

// Open connects to Postgres (14 or newer) by URL. It returns before the server
// was reached: [DB.Ready] tells.
func Open(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("store: DATABASE_URL: %w", err)
	}
	if cfg.MaxConns < 16 {
		cfg.MaxConns = 16
	}
	db := &DB{queue: make(chan *statement, 1024), closed: make(chan struct{})}
	// The database's clock() follows the offset. It is set on a connection only
	// while a clock was moved (demos and tests), so a pooler sees nothing of it.
	cfg.PrepareConn = db.prepare
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: Zone}})
		if cfg.ConnConfig.DefaultQueryExecMode != pgx.QueryExecModeCacheStatement {
			return nil // behind a pooler nothing is bound to a session
		}
		// All statements look up by key: planning them at every run costs more
		// than the run, and a plan made while a table is new, and small, must not
		// read all of it for ever.
		_, err := c.Exec(ctx, "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off")
		return err
	}
	db.pool, err = pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	for range writers {
		go db.writer()
	}
	return db, nil
}

// prepare gives a connection the clock's offset before it is used.
func (db *DB) prepare(ctx context.Context, conn *pgx.Conn) (bool, error) {
	want := db.offset.Load()
	have, _ := conn.PgConn().CustomData()["offset"].(int64)
	if want == have {
		return true, nil
	}
	if _, err := conn.Exec(ctx, `select set_config('lensan.offset', $1, false)`,
		fmt.Sprintf("%d microseconds", time.Duration(want).Microseconds())); err != nil {
		return false, err
	}
	conn.PgConn().CustomData()["offset"] = want
	return true, nil
}

// Close ends all connections. Nothing may be written any more.
func (db *DB) Close() {
	close(db.closed)
	db.pool.Close()
}

// Now is the time by the service's clock.
func (db *DB) Now() time.Time { return time.Now().Add(time.Duration(db.offset.Load())).In(Zone) }

// SetClock moves the service's clock, in Go and in the database, so that it is
// now t. For LENSAN_NOW and tests.
func (db *DB) SetClock(t time.Time) { db.offset.Store(int64(time.Until(t))) }

// Read returns a reader outside any transaction.
func (db *DB) Read() *Reader { return &Reader{q: db.pool} }

// Reader looks things up. Every look-up of every noun is a method of it, so the
// same look-up works alone and inside a turn's transaction ([Tx]).
type Reader struct{ q querier }

// Tx is the transaction of a turn: all look-ups of [Reader], and every change
// of every noun as a method. It is never kept beyond the function it was given
// to.
type Tx struct {
	Reader
	db   *DB
	tx   pgx.Tx
	now  time.Time // by the service's clock, read once: all rows of one change carry one time
	turn int64     // the one that makes the change; 0: none does
}

// Now is the time of the change.
func (tx *Tx) Now() time.Time { return tx.now }

// querier is what pgx's pool, connection and transaction share.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}
