package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// The states of a request.
const (
	RequestOpen = "open"
	RequestDone = "done"
)

// Request is somebody asking for a person. It needs no consent to records: the
// person may have none and be somebody we do not know.
type Request struct {
	ID      int64
	Chat    string // where the answer goes (bot.Chat's key)
	Person  int64  // 0: not known
	Topic   string // what the person was doing, a short code: "register", "menu"
	Text    string // in the person's words; may be empty
	Phone   string // national digits, if they want to be called; else empty
	Commune string // code, five digits; empty: not told
	State   string // RequestOpen or RequestDone
	Officer int64  // to whom it was handed over; 0: for all who are responsible
	Created time.Time
}

// Code is the request's code, "YC-000001".
func (r Request) Code() string { return code("YC", r.ID) }

const requestColumns = `id, chat, coalesce(person, 0) as person, topic, text, phone, commune, state, coalesce(officer, 0) as officer, created`

// AddRequest adds a request. A chat has at most one open request of a topic: a
// second one adds its words and what else is new to the first, which is
// returned.
func (tx *Tx) AddRequest(ctx context.Context, q Request) (Request, error) {
	return one(ctx, tx.q, pgx.RowToStructByName[Request],
		`insert into requests as r (chat, person, topic, text, phone, commune, created)
		values ($1, nullif($2, 0), $3, $4, $5, $6, $7)
		on conflict (chat, topic) where state = 'open' do update set
			person = coalesce(excluded.person, r.person),
			text = left(concat_ws(E'\n', nullif(r.text, ''), nullif(excluded.text, '')), 4000),
			phone = coalesce(nullif(excluded.phone, ''), r.phone),
			commune = coalesce(nullif(excluded.commune, ''), r.commune)
		returning `+requestColumns,
		q.Chat, q.Person, q.Topic, q.Text, q.Phone, q.Commune, tx.now)
}

// OpenRequests returns the requests nobody has dealt with, oldest first.
func (r *Reader) OpenRequests(ctx context.Context, limit int) ([]Request, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Request],
		`select `+requestColumns+` from requests where state = 'open' order by created, id limit $1`, limit)
}

// CloseRequest notes that somebody (actor, as in the audit log) dealt with an
// open request. ErrNotFound.
func (tx *Tx) CloseRequest(ctx context.Context, actor string, id int64) (Request, error) {
	q, err := one(ctx, tx.q, pgx.RowToStructByName[Request],
		`update requests set state = 'done', done = $2 where id = $1 and state = 'open' returning `+requestColumns, id, tx.now)
	if err != nil {
		return q, err
	}
	return q, tx.Audit(ctx, actor, "close request", q.Code())
}

// RequestsFor returns the open requests of an officer's area and those handed over to
// them, which come first, oldest first. Requests of people who have not told their
// commune are an admin's.
func (r *Reader) RequestsFor(ctx context.Context, person int64, limit int) ([]Request, error) {
	rs, err := r.RolesOf(ctx, person)
	if err != nil || !rs.Is(RoleOfficer) {
		return nil, err
	}
	communes := rs.Officers().Communes()
	if rs.Is(RoleAdmin) {
		communes = append(communes, "")
	}
	return all(ctx, r.q, pgx.RowToStructByName[Request], `select `+requestColumns+` from requests
		where state = 'open' and commune = any($2) order by officer is distinct from $1, created, id limit $3`, person, communes, limit)
}

// CloseRequestFor notes that an officer dealt with an open request of their area.
// ErrNotYours; ErrClosed: somebody did before.
func (tx *Tx) CloseRequestFor(ctx context.Context, by, id int64) (Request, error) {
	q, err := one(ctx, tx.q, pgx.RowToStructByName[Request], `select `+requestColumns+` from requests where id = $1`, id)
	if errors.Is(err, ErrNotFound) {
		return q, ErrNotYours
	}
	if err != nil {
		return q, err
	}
	if err := tx.officer(ctx, by, Place{Commune: q.Commune}); err != nil {
		return Request{}, err
	}
	q, err = tx.CloseRequest(ctx, PersonActor(by), id)
	if errors.Is(err, ErrNotFound) {
		err = ErrClosed
	}
	return q, err
}
