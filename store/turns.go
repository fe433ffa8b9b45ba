package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"lensan/bot"
)

var (
	_ bot.Journal = (*DB)(nil)
	_ bot.Outbox  = (*DB)(nil)
	_ bot.Tx      = (*Tx)(nil)
)

// commitTurn is everything an ordinary turn commits. The chat moves from turn
// $2, nonce $3 to turn $4, nonce $5 if the messages $6 are still unhandled;
// otherwise nothing is written. The replies are held for whoever commits them.
// Returns: moved (0 or 1), unhandled messages left (-1: the messages $6 were
// handled already), the chat's latest unsent earlier turn.
const (
	commitTurn = `with moved as (
	update chats set turn = $4, nonce = $5, session = $7::jsonb, person = nullif($8::bigint, 0), owed = $9::timestamptz,
		blocked = case when $10::bool then coalesce(blocked, clock()) end, seen = clock()
	where chat = $1 and turn = $2 and nonce = $3 and not ` + handledAlready + `
	returning 1
)` + andTheRest

	// commitFirst is the same for a chat's first turn: $2 is 0, $3 empty.
	commitFirst = `with moved as (
	insert into chats (chat, turn, nonce, session, person, owed, blocked)
	select $1, $2::bigint + $4::bigint, $3::text || $5::text, $7::jsonb, nullif($8::bigint, 0), $9::timestamptz, case when $10::bool then clock() end
	where not ` + handledAlready + `
	on conflict (chat) do nothing
	returning 1
)` + andTheRest

	handledAlready = `exists (select from messages where id = any($6::bigint[]) and handled is not null)`

	andTheRest = `, handled as (
	update messages set handled = clock() from moved where id = any($6::bigint[])
), said as (
	insert into turns (chat, turn, message, flow, question, outcome, replies, send_until, sent)
	select $1, $4, ($6::bigint[])[1], $11, $12, $13, $14::jsonb, clock() + interval '15 seconds',
		case when $14::jsonb = '[]' then clock() end from moved
)
select (select count(*) from moved),
	case when not exists (select from moved) and ` + handledAlready + ` then -1
	else (select count(*) from (select 1 from messages where chat = $1 and handled is null and not id = any($6::bigint[]) limit 100) m) end,
	coalesce((select max(turn) from turns where chat = $1 and sent is null), 0)::bigint`
)

func commitSQL(t bot.Turn) string {
	if t.Before == 0 {
		return commitFirst
	}
	return commitTurn
}

func commitArgs(t bot.Turn) ([]any, error) {
	session, err := t.Session.JSON()
	if err != nil {
		return nil, err
	}
	replies := []byte("[]")
	if len(t.Replies) > 0 {
		if replies, err = json.Marshal(t.Replies); err != nil {
			return nil, err
		}
	}
	var owed *time.Time
	if !t.Session.Owed.IsZero() {
		owed = &t.Session.Owed
	}
	handled := t.Handled
	if handled == nil {
		handled = []int64{}
	}
	return []any{t.Chat.String(), t.Before, t.Nonce, t.Session.Turn, t.Session.Nonce, handled, session, t.Session.Person, owed,
		t.Session.Blocked, t.Flow, t.Asked, string(t.Outcome), replies}, nil
}

func committed(row [3]int64) (bot.Committed, error) {
	switch {
	case row[1] < 0:
		return bot.Committed{}, bot.ErrHandled
	case row[0] == 0:
		return bot.Committed{}, bot.ErrMoved
	}
	return bot.Committed{More: int(row[1]), Unsent: row[2]}, nil
}

// Session returns the committed session of a chat.
func (db *DB) Session(ctx context.Context, chat bot.Chat) (*bot.Session, error) {
	s := &bot.Session{}
	var raw []byte
	err := db.pool.QueryRow(ctx, `select turn, nonce, coalesce(person, 0), session from chats where chat = $1`, chat.String()).Scan(&s.Turn, &s.Nonce, &s.Person, &raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	decoded, err := bot.DecodeSession(raw)
	if err != nil {
		return s, err
	}
	// The row counts: a restored session, or a person merged or deleted since.
	decoded.Turn, decoded.Nonce, decoded.Person = s.Turn, s.Nonce, s.Person
	return decoded, nil
}

// Commit commits a turn that changed no record, in one statement.
func (db *DB) Commit(ctx context.Context, t bot.Turn) (bot.Committed, error) {
	args, err := commitArgs(t)
	if err != nil {
		return bot.Committed{}, err
	}
	row, err := db.write(ctx, t.Chat.String(), commitSQL(t), args...)
	if err != nil {
		return bot.Committed{}, again(err)
	}
	return committed(row)
}

// Begin opens the transaction of a turn that changes records and takes the
// chat's row.
func (db *DB) Begin(ctx context.Context, chat bot.Chat, turn int64, nonce string) (bot.Tx, error) {
	tx, err := db.pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return nil, err
	}
	t := &Tx{Reader: Reader{q: tx}, db: db, tx: tx, now: db.Now(), turn: turn + 1}
	if turn == 0 {
		return t, nil
	}
	var one int
	err = tx.QueryRow(ctx, `select 1 from chats where chat = $1 and turn = $2 and nonce = $3 for update`, chat.String(), turn, nonce).Scan(&one)
	if err != nil {
		t.Rollback()
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, bot.ErrMoved
		}
		return nil, again(err)
	}
	return t, nil
}

// Commit commits the turn with everything done in the transaction.
func (tx *Tx) Commit(ctx context.Context, t bot.Turn) (bot.Committed, error) {
	args, err := commitArgs(t)
	if err != nil {
		return bot.Committed{}, err
	}
	var row [3]int64
	if err := tx.tx.QueryRow(ctx, commitSQL(t), args...).Scan(&row[0], &row[1], &row[2]); err != nil {
		return bot.Committed{}, again(err)
	}
	done, err := committed(row)
	if err != nil {
		return done, err
	}
	return done, again(tx.tx.Commit(ctx))
}

// Rollback ends the transaction; after Commit it does nothing.
func (tx *Tx) Rollback() {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	_ = tx.tx.Rollback(ctx)
}

// again marks what is cured by running the turn once more: serialization
// failure, deadlock (SQLSTATE 40001, 40P01).
func again(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") {
		return fmt.Errorf("%w: %w", bot.ErrAgain, err)
	}
	return err
}

// Away tells whether an error means that the database cannot be reached: no
// connection, a broken one, one that does not answer in time, or a server that
// is starting or stopping.
func (db *DB) Away(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53")
	}
	var connect *pgconn.ConnectError
	var netErr net.Error
	return errors.As(err, &connect) || errors.As(err, &netErr) && !errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) ||
		err != nil && strings.Contains(err.Error(), "unexpected EOF")
}

// Claim holds the chat's unsent turns up to and including turn for this caller.
func (db *DB) Claim(ctx context.Context, chat bot.Chat, turn int64) (unsent []bot.Unsent, busy bool, err error) {
	rows, err := db.pool.Query(ctx, `
		with mine as (
			update turns set send_until = clock() + interval '15 seconds'
			where chat = $1 and turn <= $2 and sent is null and coalesce(send_until, '-infinity') < clock()
			returning turn, replies, parts, at
		)
		select turn, replies, parts, at, turn = (select turn from chats where chat = $1), false from mine
		union all
		select turn, '[]', 0, at, false, true from turns
		where chat = $1 and turn <= $2 and sent is null and send_until >= clock()
		order by 1`, chat.String(), turn)
	if err != nil {
		return nil, false, err
	}
	var u bot.Unsent
	var held, last *bool
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&u.Turn, &raw, &u.Parts, &u.At, &last, &held}, func() error {
		if *held {
			busy = true
			return nil
		}
		u.Last, u.Replies = last != nil && *last, nil
		if err := json.Unmarshal(raw, &u.Replies); err != nil {
			return err
		}
		unsent = append(unsent, u)
		return nil
	})
	return unsent, busy, err
}

// Mark notes what was sent or given up. A person who cannot be reached is marked
// as blocked.
func (db *DB) Mark(ctx context.Context, marks []bot.Mark) error {
	n := len(marks)
	chats, turns, parts, done, fates, holds := make([]string, n), make([]int64, n), make([]int32, n), make([]bool, n), make([]string, n), make([]time.Duration, n)
	for i, m := range marks {
		chats[i], turns[i], parts[i], done[i], fates[i], holds[i] = m.Chat.String(), m.Turn, int32(m.Parts), m.Done, m.Fate, m.Hold
	}
	_, err := db.pool.Exec(ctx, `
		with m as (
			select distinct on (chat, turn) * -- the last word on each
			from unnest($1::text[], $2::bigint[], $3::int[], $4::bool[], $5::text[], $6::interval[])
				with ordinality m (chat, turn, parts, done, fate, hold, n)
			order by chat, turn, n desc
		), gone as (
			update chats set blocked = coalesce(blocked, clock()) from m where m.fate = 'gone' and chats.chat = m.chat
		)
		update turns t set parts = m.parts, sent = case when m.done then clock() end, fate = m.fate,
			send_until = case when m.done then t.send_until else clock() + m.hold end
		from m where t.chat = m.chat and t.turn = m.turn and t.sent is null`, chats, turns, parts, done, fates, holds)
	return err
}

// Waiting returns chats of the channels with unsent replies that nobody holds.
func (db *DB) Waiting(ctx context.Context, channels []string, limit int) ([]bot.Chat, error) {
	return db.chats(ctx, `select distinct chat from (
		select chat from turns where sent is null and coalesce(send_until, '-infinity') < clock() and split_part(chat, ':', 1) = any($1)
		order by chat, turn limit $2) w`, channels, limit)
}
