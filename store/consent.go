package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// The kinds of consent. They are asked apart, each for its own purpose.
const (
	ConsentRecords   = "records"   // keeping records of the person, their producer and products
	ConsentReminders = "reminders" // messages the bot sends on its own
)

// Consent is what a person answered when they were asked for it, or that they
// took it back.
//
// Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (in force since 1 January 2026),
// Article 9: consent is given clearly, for a named purpose, and in a way that
// can be shown later: so the version and language of the text, the channel and
// the time are kept. Silence is no consent; there is no default; it can be
// taken back at any time. Nghị định 356/2025/NĐ-CP allows 2 working days to
// answer that and 15 days to carry it out; here it holds from the next
// statement on. What stays of it after [Tx.DeletePerson] is a proof that names
// nobody.
type Consent struct {
	Person  int64
	Kind    string // ConsentRecords or ConsentReminders
	Version string // of the text that was shown
	Lang    string // it was shown in
	Channel string // it was answered on
	Given   bool   // false: refused, or taken back
	At      time.Time
}

const consentColumns = `person, kind, version, lang, channel, given, at`

// Consent returns the answer that counts now: the last of its kind.
// ErrNotFound: never asked, which is no consent.
func (r *Reader) Consent(ctx context.Context, person int64, kind string) (Consent, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Consent],
		`select `+consentColumns+` from consents where person = $1 and kind = $2 and origin is null order by id desc limit 1`, person, kind)
}

// Consents returns all answers of a person, oldest first, without the proofs of
// what they answered as somebody who was merged into them ([Tx.Merge]).
func (r *Reader) Consents(ctx context.Context, person int64) ([]Consent, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Consent],
		`select `+consentColumns+` from consents where person = $1 and origin is null order by id`, person)
}

// AddConsent notes an answer. It replaces none: the last one of its kind counts.
func (tx *Tx) AddConsent(ctx context.Context, c Consent) (Consent, error) {
	return one(ctx, tx.q, pgx.RowToStructByName[Consent],
		`insert into consents (person, kind, version, lang, channel, given, at)
		values ($1, $2, $3, $4, $5, $6, $7) returning `+consentColumns,
		c.Person, c.Kind, c.Version, c.Lang, c.Channel, c.Given, tx.now)
}
