package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Unsent is what the bot had to say and could not, so that an officer can call.
type Unsent struct {
	At     time.Time
	Chat   string // its key
	Person int64  // 0: not known
	Flow   string // what it was about
	Reason string // why, see [Reader.Unsent]
}

// Unsent returns what could not be sent in the last 30 days, latest first. The
// reasons are those of package bot: "window" (the platform lets nobody write so
// long after their last message), "quota" (the office's messages of the month are
// used up), "gone" (they blocked us or left the platform), "unknown" (it is not
// known whether it arrived), "refused" (the platform did not take it).
func (r *Reader) Unsent(ctx context.Context, limit int) ([]Unsent, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Unsent], `
		select t.at, t.chat, coalesce(c.person, 0) as person, t.flow, t.fate as reason
		from turns t left join chats c on c.chat = t.chat
		where t.fate <> '' and t.fate <> 'deleted' and t.at > clock() - interval '30 days'
		order by t.at desc, t.chat, t.turn desc limit $1`, limit)
}
