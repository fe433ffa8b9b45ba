package store

import (
	"context"
	"errors"
	"slices"
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
	Blocked bool   // they blocked us there: nothing can be sent
	Person  int64  // 0: not known
	Name    string // of the person, or else of a producer of theirs; empty: not told
	Topic   string // what the person was doing, a short code: "register", "menu"
	Text    string // in the person's words; may be empty
	Phone   string // national digits, if they want to be called; else empty
	Commune string // code, five digits; empty: not told
	State   string // RequestOpen or RequestDone
	Officer int64  // to whom it was handed over; 0: for all who are responsible
	By      int64  // the officer who dealt with it; 0: nobody yet, or the command line
	Answer  string // what they wrote to the person; empty: they called
	Created time.Time
}

// Code is the request's code, "YC-000001".
func (r Request) Code() string { return code("YC", r.ID) }

// requestColumns are those of requests r.
const requestColumns = `r.id, r.chat, exists (select from chats where chat = r.chat and blocked is not null) as blocked,
	coalesce(r.person, 0) as person, coalesce((select coalesce(nullif(h.name, ''), (select p.name from members m join producers p on p.id = m.producer
		where m.person = h.id and p.name <> '' order by p.id limit 1)) from people h where h.id = r.person), '') as name,
	r.topic, r.text, r.phone, r.commune, r.state, coalesce(r.officer, 0) as officer, coalesce(r.by, 0) as by, r.answer, r.created`

// requests returns those of a condition on r.
func (r *Reader) requests(ctx context.Context, where string, args ...any) ([]Request, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Request], `select `+requestColumns+` from requests r where `+where, args...)
}

// AddRequest adds a request. Everybody who speaks in a chat has at most one open request
// of a topic there: a second one adds its words and what else is new to the first,
// which is returned. So it is with what was asked before we knew who they are. That no
// two are added at once is seen to by the turn, which holds the chat.
func (tx *Tx) AddRequest(ctx context.Context, q Request) (Request, error) {
	added, err := one(ctx, tx.q, pgx.RowToStructByName[Request], `update requests r set
			person = coalesce(nullif($2::bigint, 0), person),
			text = left(concat_ws(E'\n', nullif(text, ''), nullif($4, '')), 4000),
			phone = coalesce(nullif($5, ''), phone),
			commune = coalesce(nullif($6, ''), commune)
		where id = (select id from requests where chat = $1 and topic = $3 and state = 'open' and (person is null or person = $2)
			order by person is null, id limit 1)
		returning `+requestColumns, q.Chat, q.Person, q.Topic, q.Text, q.Phone, q.Commune)
	if !errors.Is(err, ErrNotFound) {
		return added, err
	}
	return one(ctx, tx.q, pgx.RowToStructByName[Request], `insert into requests as r (chat, person, topic, text, phone, commune, created)
		values ($1, nullif($2, 0), $3, $4, $5, $6, $7) returning `+requestColumns,
		q.Chat, q.Person, q.Topic, q.Text, q.Phone, q.Commune, tx.now)
}

// RequestsIn returns what was asked for in a chat, the latest first.
func (r *Reader) RequestsIn(ctx context.Context, chat string) ([]Request, error) {
	return r.requests(ctx, `chat = $1 order by id desc`, chat)
}

// RequestsFor returns the open requests of an officer's area ([CommandLine]: all) and
// those handed over to them, which come first, then the oldest. Their own are not among
// them. Requests of people who have not told their commune are an admin's.
func (r *Reader) RequestsFor(ctx context.Context, by int64, limit int) ([]Request, error) {
	if by == CommandLine {
		return r.requests(ctx, `state = 'open' order by created, id limit $1`, limit)
	}
	rs, err := r.RolesOf(ctx, by)
	if err != nil || !rs.Is(RoleOfficer) {
		return nil, err
	}
	communes := rs.Officers().Communes()
	if rs.Is(RoleAdmin) {
		communes = append(communes, "")
	}
	return r.requests(ctx, `state = 'open' and commune = any($2) and person is distinct from $1
		order by officer is distinct from $1, created, id limit $3`, by, communes, limit)
}

// OpenRequests returns the requests made since then that nobody has dealt with, oldest
// first.
func (r *Reader) OpenRequests(ctx context.Context, since time.Time) ([]Request, error) {
	return r.requests(ctx, `state = 'open' and created >= $1 order by created, id`, since)
}

// Answerers returns who may answer a request, the nearest first: the officers of its
// commune and of the province; where there are none, or the commune is not told, the
// admins. Who asked is not among them.
func (r *Reader) Answerers(ctx context.Context, q Request) ([]Officer, error) {
	list, err := r.OfficersOf(ctx, Place{Commune: q.Commune})
	if err == nil && len(list) == 0 {
		list, err = all(ctx, r.q, pgx.RowToStructByName[Officer], `select `+officerColumns+` from roles r join people h on h.id = r.person
			where r.ended is null and r.kind = 'admin' order by r.since, r.id`)
	}
	return slices.DeleteFunc(list, func(o Officer) bool { return o.Person == q.Person }), err
}

// RequestFor returns a request that an officer may deal with, or might have: also one
// that was dealt with. ErrNotYours: so it is when there is none, too.
func (r *Reader) RequestFor(ctx context.Context, by, id int64) (Request, error) {
	list, err := r.requests(ctx, `id = $1`, id)
	if err != nil {
		return Request{}, err
	}
	if len(list) == 0 || list[0].Person == by {
		return Request{}, ErrNotYours
	}
	if by != CommandLine {
		err = r.officer(ctx, by, Place{Commune: list[0].Commune})
	}
	if err != nil {
		return Request{}, err
	}
	return list[0], nil
}

// CloseRequest notes that an officer (or [CommandLine]) dealt with an open request, by
// an answer of at most 1000 characters or (empty) by a call. ErrNotYours; ErrClosed:
// somebody did before.
func (tx *Tx) CloseRequest(ctx context.Context, by, id int64, answer string) (Request, error) {
	if _, err := tx.RequestFor(ctx, by, id); err != nil {
		return Request{}, err
	}
	q, err := one(ctx, tx.q, pgx.RowToStructByName[Request], `update requests r set state = 'done', done = $2, by = nullif($3::bigint, $4), answer = $5
		where id = $1 and state = 'open' returning `+requestColumns, id, tx.now, by, CommandLine, answer)
	if errors.Is(err, ErrNotFound) {
		return q, ErrClosed
	}
	if err != nil {
		return q, err
	}
	return q, tx.Audit(ctx, actorOf(by), "close request", q.Code())
}

// SayAnswer notes that this turn tells the person what became of a request.
func (tx *Tx) SayAnswer(ctx context.Context, id int64) error {
	_, err := tx.exec(ctx, `update requests set said = $2 where id = $1`, id, tx.turn)
	return err
}

// ReopenUnsent opens the requests again whose answer, of the last two days, could not
// be sent, or was not said within 40 minutes: longer than the bot keeps quiet while an
// officer writes by hand. They are handed to who wrote it, with the answer. Where the
// person has asked anew, that stays the open one.
func (tx *Tx) ReopenUnsent(ctx context.Context) ([]Request, error) {
	list, err := all(ctx, tx.q, pgx.RowToStructByName[Request], `update requests r set state = 'open', done = null, officer = r.by, by = null, said = null
		where state = 'done' and answer <> '' and by is not null and done > clock() - interval '2 days'
			and not exists (select from requests o where o.chat = r.chat and o.topic = r.topic and o.state = 'open'
				and o.person is not distinct from r.person)
			and case when said is null
				then done < clock() - interval '40 minutes' or exists (select from chats where chat = r.chat and blocked is not null)
				else (select fate from turns where chat = r.chat and turn = r.said) not in ('', 'deleted') end
		returning `+requestColumns)
	for _, q := range list {
		if err == nil {
			err = tx.Audit(ctx, "job reopen", "reopen request", q.Code())
		}
	}
	return list, err
}
