package store

import (
	"context"
	"fmt"
	"time"
)

// How long things are kept. No law fixes a time for such a service; these are
// the shortest that still let the service do its work, and the consent text
// says them.
const (
	keepWordsUnasked = 7 * 24 * time.Hour   // words of people without consent to records
	keepWords        = 90 * 24 * time.Hour  // words of people with it; requests that were dealt with
	keepKeys         = 30 * 24 * time.Hour  // keys of messages: a platform delivers again for hours, never for weeks
	keepJournal      = 400 * 24 * time.Hour // turns without their words: one yearly cycle can be compared with the last
)

// Purged counts what [DB.Purge] removed.
type Purged struct {
	Words    int64 // messages whose words were blanked
	Replies  int64 // turns whose words were blanked
	Messages int64 // messages deleted with their keys
	Turns    int64 // turns deleted
	Requests int64 // requests deleted
}

// Purge removes what was kept long enough by the time now. A message nobody
// handled and a reply nobody sent keep their words until the longest time is
// over. It may run at any time, on several replicas at once, and be cut off
// between its steps.
func (db *DB) Purge(ctx context.Context, now time.Time) (Purged, error) {
	var p Purged
	unasked, words := now.Add(-keepWordsUnasked), now.Add(-keepWords)
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
	} {
		tag, err := db.pool.Exec(ctx, step.sql, step.args...)
		if err != nil {
			return p, fmt.Errorf("store: purge: %w", err)
		}
		*step.count = tag.RowsAffected()
	}
	return p, nil
}
