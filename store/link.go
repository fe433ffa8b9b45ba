package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"lensan/bot"
)

// A code links two chats of one person: it is said in one and typed in the other.
// It has five of 25 signs that are not taken for one another (no 0 O, no 1 I L)
// and that a Vietnamese keyboard makes no accent of: no vowels, D or W. There are
// 9.7 million codes: who guesses for an hour, up to the limits below, finds one of
// a dozen that are in use with a chance of one in four thousand. Those they belong
// to are told, and can part the chats again.
const (
	linkSigns  = "23456789BCFGHJKMNPQRSTVXZ"
	linkLength = 5
	linkPrefix = "LK"

	// LinkLasts is how long a code can be used, once.
	LinkLasts = 15 * time.Minute

	maxLinkMisses    = 5   // wrong codes of a chat in an hour
	maxAllLinkMisses = 200 // and of all chats: whoever guesses may open many
)

// Refusals of codes, beside ErrNotFound: wrong, too old or used.
var (
	ErrMisses = errors.New("store: too many wrong codes; try again in an hour")
	ErrOwn    = errors.New("store: the code was made in this chat")
)

var linkForm = codeForm(linkPrefix, linkLength)

// codeForm finds a code as people type it: "lk 7kq4m", "LK-7KQ 4M", alone or within
// a sentence.
func codeForm(prefix string, length int) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(?i)(?:^|[^\pL\pN])%s[\s–-]*((?:[%s][\s–-]*){%d}[%s])(?:$|[^\pL\pN])`,
		prefix, linkSigns, length-1, linkSigns))
}

// ReadLink finds a code in what somebody typed and returns it as it is written,
// "LK-7KQ4M". It may be wrong.
func ReadLink(text string) (code string, ok bool) { return readCode(linkForm, linkPrefix, text) }

// readCode finds a code of a form and returns it as it is written.
func readCode(form *regexp.Regexp, prefix, text string) (code string, ok bool) {
	m := form.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return prefix + "-" + strings.Map(func(r rune) rune {
		if !strings.ContainsRune(linkSigns, r) {
			return -1
		}
		return r
	}, strings.ToUpper(m[1])), true
}

// AddLink makes a code for a chat, good for LinkLasts. An earlier one of the chat
// is not good any more.
func (tx *Tx) AddLink(ctx context.Context, chat string) (code string, err error) {
	for range 5 {
		code = drawCode(linkPrefix, linkLength)
		hash, err := tx.codeHash(ctx, code)
		if err != nil {
			return "", err
		}
		// A code that somebody else has is left to them.
		n, err := tx.exec(ctx, `insert into links (chat, code, until) select $1, $2, clock() + $3::interval
			where not exists (select from links where code = $2 and chat <> $1)
			on conflict (chat) do update set code = excluded.code, until = excluded.until`, chat, hash, LinkLasts)
		if err != nil || n > 0 {
			return code, err
		}
	}
	return "", fmt.Errorf("store: no free code")
}

// drawCode draws a code by lot.
func drawCode(prefix string, length int) string {
	signs := make([]byte, length)
	for i := range signs {
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(linkSigns)))) // never fails
		signs[i] = linkSigns[n.Int64()]
	}
	return prefix + "-" + string(signs)
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

// mayTry refuses another code when too many were wrong: ErrMisses.
func (tx *Tx) mayTry(ctx context.Context, chat string) error {
	var here, everywhere int
	err := tx.tx.QueryRow(ctx, `select (select count(*) from link_misses where chat = $1 and at > clock() - interval '1 hour'),
		(select count(*) from link_misses where at > clock() - interval '1 hour')`, chat).Scan(&here, &everywhere)
	if err != nil {
		return fmt.Errorf("store: %w", again(err))
	}
	if here >= maxLinkMisses || everywhere >= maxAllLinkMisses {
		return ErrMisses
	}
	return nil
}

// missed counts a wrong code.
func (tx *Tx) missed(ctx context.Context, chat string) error {
	_, err := tx.exec(ctx, `insert into link_misses (chat) values ($1)`, chat)
	return err
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

// codeHash is what is kept of a code.
func (tx *Tx) codeHash(ctx context.Context, code string) ([]byte, error) {
	secret, err := tx.db.secret(ctx)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("link\x00" + code))
	return h.Sum(nil)[:16], nil
}

// Owner returns the person a chat belongs to; 0: nobody, or there is no such chat.
func (r *Reader) Owner(ctx context.Context, chat bot.Chat) (int64, error) {
	owner, err := one(ctx, r.q, pgx.RowTo[int64], `select coalesce(person, 0) from chats where chat = $1`, chat.String())
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return owner, err
}
