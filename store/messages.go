package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"lensan/bot"
)

var _ bot.Inbox = (*DB)(nil)

// addMessage stores a message once. Whoever stored it has two seconds to work on
// it before it is swept. Tries counts the runs after the first: one that has to
// queue begins at -1, because then its first run is counted too. Returns: its
// number (0: stored before), whether the chat has older unhandled ones.
const addMessage = `
with new as (
	insert into messages (key, chat, body, raw, taken, handled, tries)
	values ($1, $2, $3, $4, clock() + interval '2 seconds', case when $4::bytea is not null then clock() end,
		case when exists (select from messages where chat = $2 and handled is null) then -1 else 0 end)
	on conflict (key) do nothing
	returning id
)
select coalesce((select id from new), 0)::bigint,
	(select count(*) from (select 1 from messages where chat = $2 and handled is null limit 1) o), 0::bigint`

// Add stores a message durably, once per chat and delivery.
func (db *DB) Add(ctx context.Context, m bot.Message) (bot.Receipt, error) {
	key, err := db.messageKey(ctx, m.Chat, m.Delivery)
	if err != nil {
		return bot.Receipt{}, err
	}
	chat := m.Chat.String()
	raw := m.Raw
	m.Raw = nil
	body, err := json.Marshal(m)
	if err != nil {
		return bot.Receipt{}, fmt.Errorf("%w: %w", bot.ErrContent, err)
	}
	row, err := db.write(ctx, chat, addMessage, key, chat, body, raw)
	if err != nil {
		return bot.Receipt{}, content(err)
	}
	return bot.Receipt{Seq: row[0], New: row[0] != 0, Older: row[1] != 0}, nil
}

// Say stores, with the transaction, a message that makes the bot speak on its own
// ([bot.Own]). A sweeper takes it up within a second.
func (tx *Tx) Say(ctx context.Context, m bot.Message) error {
	key, err := tx.db.messageKey(ctx, m.Chat, m.Delivery)
	if err != nil {
		return err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `insert into messages (key, chat, body) values ($1, $2, $3) on conflict do nothing`, key, m.Chat.String(), body)
	return err
}

// content tells a refusal of what was to be stored from an outage.
func content(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23") || strings.HasPrefix(pg.Code, "54")) {
		return fmt.Errorf("%w: %w", bot.ErrContent, err)
	}
	return err
}

// messageKey is a keyed hash of chat and delivery, so that the key may outlive
// what it is about.
func (db *DB) messageKey(ctx context.Context, chat bot.Chat, delivery string) ([]byte, error) {
	secret, err := db.secret(ctx)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(chat.String()))
	h.Write([]byte{0})
	h.Write([]byte(delivery))
	return h.Sum(nil)[:16], nil
}

// secret is the key of the message hashes, made once per database.
func (db *DB) secret(ctx context.Context) ([]byte, error) {
	if s := db.hashKey.Load(); s != nil {
		return *s, nil
	}
	s, err := db.Secret(ctx, "messages")
	if err == nil {
		db.hashKey.Store(&s)
	}
	return s, err
}

// Secret returns 32 random bytes that are the same for all replicas and every
// start, made at the first call for a name.
func (db *DB) Secret(ctx context.Context, name string) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh)
	if _, err := db.pool.Exec(ctx, `insert into secrets (name, value) values ($1, $2) on conflict do nothing`, name, fresh); err != nil {
		return nil, err
	}
	var s []byte
	err := db.pool.QueryRow(ctx, `select value from secrets where name = $1`, name).Scan(&s)
	return s, err
}

// Unhandled returns the oldest unhandled messages of a chat, at most limit.
func (db *DB) Unhandled(ctx context.Context, chat bot.Chat, limit int) ([]bot.Incoming, error) {
	rows, err := db.pool.Query(ctx, `select id, tries, body from messages where chat = $1 and handled is null order by id limit $2`, chat.String(), limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (bot.Incoming, error) {
		var in bot.Incoming
		var body []byte
		if err := row.Scan(&in.Seq, &in.Tries, &body); err != nil {
			return in, err
		}
		return in, json.Unmarshal(body, &in.Message)
	})
}

// Retry counts one more run of a message and returns the runs after the first.
func (db *DB) Retry(ctx context.Context, seq int64) (tries int, err error) {
	err = db.pool.QueryRow(ctx, `update messages set tries = tries + 1, taken = clock() + interval '15 seconds'
		where id = $1 and handled is null returning tries`, seq).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, bot.ErrHandled
	}
	return tries, err
}

// Sweep returns chats with messages or owed answers that nobody works on, and
// holds them for a few seconds.
func (db *DB) Sweep(ctx context.Context, limit int) ([]bot.Chat, error) {
	return db.chats(ctx, `
		with waiting as (
			select id from messages where handled is null and coalesce(taken, '-infinity') < clock()
			order by chat, id limit $1 for update skip locked
		), taken as (
			update messages m set taken = clock() + interval '5 seconds' from waiting w where m.id = w.id returning m.chat
		), owing as (
			select chat from chats where owed < clock() - interval '1 second' order by owed limit $1
		)
		select chat from taken union select chat from owing`, limit)
}

// chats runs a query that returns chat keys.
func (db *DB) chats(ctx context.Context, sql string, args ...any) ([]bot.Chat, error) {
	rows, err := db.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (bot.Chat, error) {
		var key string
		if err := row.Scan(&key); err != nil {
			return bot.Chat{}, err
		}
		return bot.ParseChat(key)
	})
}

// Backlog counts unhandled messages (and answers that are due) and unsent replies
// of all replicas.
func (db *DB) Backlog(ctx context.Context) (unhandled, unsent int64, err error) {
	err = db.pool.QueryRow(ctx, `select (select count(*) from messages where handled is null) + (select count(*) from chats where owed <= clock()), (select count(*) from turns where sent is null)`).Scan(&unhandled, &unsent)
	return unhandled, unsent, err
}
