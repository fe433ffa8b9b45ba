package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Retention is how long words and records are kept. No law fixes a time for such
// a service: the office sets it (privacy.toml), and the consent text says it.
type Retention struct {
	Refused time.Duration // words of people without consent to records
	Words   time.Duration // words of people with it; requests that were dealt with
	Years   int           // records of a person who has not written for so long
}

// What the office does not set.
const (
	keepKeys    = 30 * 24 * time.Hour  // keys of messages: a platform delivers again for hours, never for weeks
	keepJournal = 400 * 24 * time.Hour // turns without their words: one yearly cycle can be compared with the last
)

// Purged counts what [DB.Purge] removed.
type Purged struct {
	Words    int64 // messages whose words were blanked
	Replies  int64 // turns whose words were blanked
	Messages int64 // messages deleted with their keys
	Turns    int64 // turns deleted
	Requests int64 // requests deleted
	People   int64 // people deleted, with their records
}

// Purge removes what was kept long enough by the time now. A message nobody
// handled and a reply nobody sent keep their words until the longest time is
// over. It may run at any time, on several replicas at once, and be cut off
// between its steps.
func (db *DB) Purge(ctx context.Context, now time.Time, keep Retention) (Purged, error) {
	var p Purged
	unasked, words := now.Add(-keep.Refused), now.Add(-keep.Words)
	const consenting = `exists (select from chats c where c.chat = t.chat and consented(c.person, 'records'))`
	for _, step := range []struct {
		count *int64
		sql   string
		args  []any
	}{
		{&p.Words, `update messages t set chat = null, body = null, raw = null
			where at < $1 and handled is not null and chat is not null and (at < $2 or not ` + consenting + `)`, []any{unasked, words}},
		{&p.Replies, `update turns t set replies = '[]'
			where at < $1 and sent is not null and replies <> '[]' and (at < $2 or not ` + consenting + `)`, []any{unasked, words}},
		{&p.Messages, `delete from messages where at < $1 and (chat is null or at < $2)`, []any{now.Add(-keepKeys), words}},
		{&p.Turns, `delete from turns where at < $1`, []any{now.Add(-keepJournal)}},
		{&p.Requests, `delete from requests where done < $1`, []any{words}},
		{new(int64), `delete from links where until < $1`, []any{now}},
		{new(int64), `delete from invitations where until < $1`, []any{now}},
		{new(int64), `delete from link_misses where at < $1::timestamptz - interval '1 hour'`, []any{now}},
	} {
		tag, err := db.pool.Exec(ctx, step.sql, step.args...)
		if err != nil {
			return p, fmt.Errorf("store: purge: %w", err)
		}
		*step.count = tag.RowsAffected()
	}
	silent, err := all(ctx, db.pool, pgx.RowTo[int64], `select id from people p where merged_into is null and created < $1
		and not exists (select from chats where person = p.id and seen >= $1) order by id limit 1000`, now.AddDate(-keep.Years, 0, 0))
	for _, person := range silent {
		if err == nil {
			err = db.Change(ctx, func(tx *Tx) error {
				_, err := tx.DeletePerson(ctx, person, "")
				return err
			})
			p.People++
		}
	}
	if err != nil {
		return p, fmt.Errorf("store: purge: %w", err)
	}
	return p, nil
}
