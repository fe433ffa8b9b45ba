package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"lensan/bot"
)

// SampleManaged is the cooperative of the sample data with the most products: the one
// the demo's manager speaks for. ErrNotFound: there are no sample data.
func (r *Reader) SampleManaged(ctx context.Context) (Producer, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Producer], `select `+producerColumns+` from producers p
		where p.sample and p.kind = 'cooperative' and p.merged_into is null
		order by (select count(*) from products where producer = p.id) desc, p.id limit 1`)
}

// SampleCommune is the code of the commune with the most producers of the sample data:
// where the demo's commune officer works. ErrNotFound.
func (r *Reader) SampleCommune(ctx context.Context) (string, error) {
	return one(ctx, r.q, pgx.RowTo[string], `select commune from producers
		where sample and commune <> '' and merged_into is null group by commune order by count(*) desc, commune limit 1`)
}

// SampleTeam are the people of a chat of the demo, and those they invited.
func (r *Reader) SampleTeam(ctx context.Context, chat bot.Chat) ([]int64, error) {
	return all(ctx, r.q, pgx.RowTo[int64], `with own as (select person from speakers where chat = $1
			union select person from chats where chat = $1 and person is not null)
		select person from own
		union select used_by from invitations where by in (select person from own) and used_by is not null`, chat.String())
}
