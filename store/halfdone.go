package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"lensan/bot"
)

// HalfDone is a chat with a talk that was left half done.
type HalfDone struct {
	Chat bot.Chat
	Talk int64 // the talk's number in its chat
}

// HalfDone returns chats whose person left a talk half done between since and
// within ago, agreed to reminders, has not blocked us, and was not spoken to on
// our own in the last day nor three times in the last week.
func (r *Reader) HalfDone(ctx context.Context, since, within time.Duration, limit int) ([]HalfDone, error) {
	return all(ctx, r.q, func(row pgx.CollectableRow) (HalfDone, error) {
		var h HalfDone
		var key string
		if err := row.Scan(&key, &h.Talk); err != nil {
			return h, err
		}
		var err error
		h.Chat, err = bot.ParseChat(key)
		return h, err
	}, `
		select chat, coalesce((session #>> '{drafts,-1,id}')::bigint, (session #>> '{talk,id}')::bigint) as talk
		from chats c
		where seen < clock() - $1::interval and seen > clock() - $2::interval and blocked is null
			and consented(person, 'reminders')
			and (session #> '{talk,answers,0}' is not null or session #> '{drafts,-1}' is not null)
			and not exists (select from turns t join chats o on o.chat = t.chat
				where o.person = c.person and t.outcome = 'spoke' and t.at > clock() - interval '1 day')
			and (select count(*) from turns t join chats o on o.chat = t.chat
				where o.person = c.person and t.outcome = 'spoke' and t.at > clock() - interval '7 days') < 3
		order by seen limit $3`, since, within, limit)
}
