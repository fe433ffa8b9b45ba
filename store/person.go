package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// Person is somebody we talk to and who agreed that we keep records
// ([ConsentRecords]). Which chats are theirs stands in the chats' rows.
type Person struct {
	ID        int64
	Name      string // as told, NFC; empty until told
	Phone     string // national digits ("0912345678"); empty: not told
	Commune   string // code of the statistics office, five digits; empty: not told
	Lang      string // "vi" or "en"
	Reminders bool   // agreed to be reminded ([ConsentReminders]); changed by AddConsent only
	Created   time.Time

	PhoneVerified bool // Phone was sent with the platform's own button: it is theirs, and nobody else's
}

const personColumns = `id, name, phone, commune, lang, consented(id, 'reminders') as reminders, created, phone_verified`

// Person returns a person. ErrNotFound: deleted, or merged into another one.
func (r *Reader) Person(ctx context.Context, id int64) (Person, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Person],
		`select `+personColumns+` from people where id = $1 and merged_into is null`, id)
}

// AddPerson adds a person. They must have agreed: add their consent in the same
// turn.
func (tx *Tx) AddPerson(ctx context.Context, p Person) (Person, error) {
	if p.Lang == "" {
		p.Lang = "vi"
	}
	return one(ctx, tx.q, pgx.RowToStructByName[Person],
		`insert into people (name, phone, commune, lang, created) values ($1, $2, $3, $4, $5) returning `+personColumns,
		norm.NFC.String(p.Name), p.Phone, p.Commune, p.Lang, tx.now)
}

// PersonByPhone returns who has sent this number with their platform's own
// button. ErrNotFound.
func (r *Reader) PersonByPhone(ctx context.Context, phone string) (Person, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Person],
		`select `+personColumns+` from people where phone = $1 and phone_verified and merged_into is null`, phone)
}

// UpdatePerson changes a person: change is given the person as they are now and
// sets what is new. A verified number is not verified for anybody else any more:
// numbers are given up and sold again. ErrNotFound.
func (tx *Tx) UpdatePerson(ctx context.Context, id int64, change func(*Person)) (Person, error) {
	p, err := one(ctx, tx.q, pgx.RowToStructByName[Person],
		`select `+personColumns+` from people where id = $1 and merged_into is null for no key update`, id)
	if err != nil {
		return p, err
	}
	change(&p)
	if p.PhoneVerified {
		if _, err := tx.exec(ctx, `update people set phone_verified = false
			where phone = $2 and phone_verified and merged_into is null and id <> $1`, id, p.Phone); err != nil {
			return p, err
		}
	}
	return one(ctx, tx.q, pgx.RowToStructByName[Person],
		`update people set name = $2, phone = $3, commune = $4, lang = $5, phone_verified = $6 where id = $1 returning `+personColumns,
		id, norm.NFC.String(p.Name), p.Phone, p.Commune, p.Lang, p.PhoneVerified)
}

// LockPerson holds a person for the rest of the transaction, so that they are
// neither merged nor deleted under a change that is theirs. It comes before the
// locks of producers and products. *MergedError: go on with the one who stays.
// ErrNotFound.
func (tx *Tx) LockPerson(ctx context.Context, id int64) error {
	into, err := one(ctx, tx.q, pgx.RowTo[*int64], `select merged_into from people where id = $1 for share`, id)
	if err == nil && into != nil {
		return &MergedError{Into: *into}
	}
	return err
}
