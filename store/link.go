package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"lensan/bot"
)

// A code links two chats of one person: it is said in one and typed in the other.
// With five signs there are 9.7 million: who guesses for an hour, up to the limits of
// code.go, finds one of a dozen that are in use with a chance of one in four thousand.
// Those they belong to are told, and can part the chats again.
const (
	linkPrefix = "LK"
	linkLength = 5

	// LinkLasts is how long a code can be used, once.
	LinkLasts = 15 * time.Minute
)

// ErrOwn refuses a code in the chat it was made in.
var ErrOwn = errors.New("store: the code was made in this chat")

var linkForm = codeForm(linkPrefix, linkLength)

// ReadLink finds a code in what somebody typed and returns it as it is written,
// "LK-7KQ4M". It may be wrong.
func ReadLink(text string) (code string, ok bool) { return readCode(linkForm, linkPrefix, text) }

// AddLink makes a code for a chat, good for LinkLasts. An earlier one of the chat
// is not good any more.
func (tx *Tx) AddLink(ctx context.Context, chat string) (code string, err error) {
	return tx.newCode(ctx, linkPrefix, linkLength, func(hash []byte) (int64, error) {
		// A code that somebody else has is left to them.
		return tx.exec(ctx, `insert into links (chat, code, until) select $1, $2, clock() + $3::interval
			where not exists (select from links where code = $2 and chat <> $1)
			on conflict (chat) do update set code = excluded.code, until = excluded.until`, chat, hash, LinkLasts)
	})
}

// Linked returns the key of the chat a code was made in, to somebody in another
// chat. A wrong code is counted, so the transaction must be committed whatever the
// answer is. ErrNotFound; ErrOwn; ErrMisses.
func (tx *Tx) Linked(ctx context.Context, chat, code string) (string, error) {
	if err := tx.mayTry(ctx, chat); err != nil {
		return "", err
	}
	hash, err := tx.codeHash(ctx, code)
	if err != nil {
		return "", err
	}
	other, err := one(ctx, tx.q, pgx.RowTo[string], `select chat from links where code = $1 and until > clock()`, hash)
	switch {
	case err == nil && other == chat:
		return "", ErrOwn
	case errors.Is(err, ErrNotFound):
		if missed := tx.missed(ctx, chat); missed != nil {
			return "", missed
		}
	}
	return other, err
}

// UseLink uses a code up and returns the key of the chat it was made in.
// ErrNotFound: it is too old, or used.
func (tx *Tx) UseLink(ctx context.Context, code string) (string, error) {
	hash, err := tx.codeHash(ctx, code)
	if err != nil {
		return "", err
	}
	return one(ctx, tx.q, pgx.RowTo[string], `with used as (delete from links where code = $1 returning chat, until)
		select chat from used where until > clock()`, hash)
}

// Owner returns the person a chat belongs to; 0: nobody, or there is no such chat.
func (r *Reader) Owner(ctx context.Context, chat bot.Chat) (int64, error) {
	owner, err := one(ctx, r.q, pgx.RowTo[int64], `select coalesce(person, 0) from chats where chat = $1`, chat.String())
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return owner, err
}
