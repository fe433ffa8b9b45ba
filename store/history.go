package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"lensan/bot"
)

// After returns the turns of a chat with a greater number than turn, in order,
// at most limit of them, each with the message it answered. Words that were
// purged are empty.
func (db *DB) After(ctx context.Context, chat bot.Chat, turn int64, limit int) ([]bot.Past, error) {
	return all(ctx, db.pool, readPast, `
		select t.turn, coalesce(m.body ->> 'delivery', ''), coalesce(m.body ->> 'text', ''),
			case when m.body ->> 'kind' <> 'file' and jsonb_typeof(m.body -> 'files') = 'array' then jsonb_array_length(m.body -> 'files') else 0 end,
			case when m.body ->> 'kind' = 'file' then coalesce(nullif(m.body #>> '{files,0,name}', ''), '…') else '' end, t.replies
		from turns t left join messages m on m.id = t.message
		where t.chat = $1 and t.turn > $2 order by t.turn limit $3`, chat.String(), turn, limit)
}

func readPast(row pgx.CollectableRow) (bot.Past, error) {
	var p bot.Past
	var replies []byte
	if err := row.Scan(&p.Turn, &p.Delivery, &p.Said, &p.Photos, &p.File, &replies); err != nil {
		return p, err
	}
	if err := json.Unmarshal(replies, &p.Replies); err != nil {
		return p, fmt.Errorf("replies of turn %d: %w", p.Turn, err)
	}
	return p, nil
}
