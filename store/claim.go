package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// The states of a claim.
const (
	ClaimOpen     = "open"
	ClaimAccepted = "accepted"
	ClaimRefused  = "refused"
)

// Claim is a person's word that a producer of an officer's list is theirs.
type Claim struct {
	ID            int64
	Producer      int64
	ProducerName  string
	Place         string // code of the producer's commune; empty: not known
	Person        int64
	PersonName    string // as told; empty: not told
	Phone         string // the person's, national digits; empty: not told
	PhoneVerified bool
	State         string // ClaimOpen, ClaimAccepted, ClaimRefused
	Officer       int64  // to whom it was handed over; 0: for all who are responsible
	Created       time.Time
	Decided       *time.Time // nil: open
}

// Code is the claim's code in the audit log, "NC-000001".
func (c Claim) Code() string { return code("NC", c.ID) }

const claimColumns = `c.id, c.producer, p.name as producer_name, p.commune as place, c.person, h.name as person_name, h.phone, h.phone_verified,
	c.state, coalesce(c.officer, 0) as officer, c.created, c.decided`

// claims returns those of a condition on c, its producer p and its person h.
func (r *Reader) claims(ctx context.Context, where string, args ...any) ([]Claim, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Claim], `select `+claimColumns+` from claims c
		join producers p on p.id = c.producer join people h on h.id = c.person where `+where, args...)
}

// Claim notes that a person says a producer of an officer's list is theirs. At once
// they are its manager if nobody is a member yet and their verified phone number is
// the one in the list; else an officer decides. A member's claim is accepted already.
// ErrNotFound: no list names it; ErrFull.
func (tx *Tx) Claim(ctx context.Context, person, producer int64) (accepted bool, err error) {
	id, err := tx.current(ctx, producer)
	if err != nil {
		return false, ErrNotFound
	}
	p, err := one(ctx, tx.q, pgx.RowToStructByName[Producer], `select `+producerColumns+` from producers p
		where id = $1 and listed and name <> '' for no key update`, id)
	if err != nil {
		return false, err
	}
	me, err := tx.Person(ctx, person)
	if err != nil {
		return false, err
	}
	members, err := all(ctx, tx.q, pgx.RowTo[int64], `select person from members where producer = $1 order by person`, id)
	if err != nil {
		return false, err
	}
	for _, m := range members {
		if m == person {
			return true, nil
		}
	}
	if len(members) == 0 && me.PhoneVerified && me.Phone == p.Phone {
		if err := tx.AddMember(ctx, id, person, Manager); err != nil {
			return false, err
		}
		if _, err := tx.exec(ctx, `update claims set state = 'accepted', decided = $3, decided_by = $4
			where producer = $1 and person = $2 and state = 'open'`, id, person, tx.now, PersonActor(person)); err != nil {
			return false, err
		}
		return true, tx.Audit(ctx, PersonActor(person), "claim producer", p.Code())
	}
	n, err := one(ctx, tx.q, pgx.RowTo[int], `select count(*)::int from claims where person = $1 and created > clock() - interval '30 days'`, person)
	if err != nil {
		return false, err
	}
	if n >= MaxClaims {
		return false, ErrFull
	}
	_, err = tx.exec(ctx, `insert into claims (producer, person, created) values ($1, $2, $3) on conflict do nothing`, id, person, tx.now)
	return false, err
}

// ClaimsFor returns the open claims an officer may decide, those handed over to them
// first, then the oldest. Their own are not among them.
func (r *Reader) ClaimsFor(ctx context.Context, person int64) ([]Claim, error) {
	rs, err := r.RolesOf(ctx, person)
	if err != nil || !rs.Is(RoleOfficer) {
		return nil, err
	}
	communes, provinces := rs.places()
	return r.claims(ctx, inPlaces+` and c.state = 'open' and c.person <> $3
		order by c.officer is distinct from $3, c.created, c.id`, communes, provinces, person)
}

// ClaimsOf returns the claims a person has made.
func (r *Reader) ClaimsOf(ctx context.Context, person int64) ([]Claim, error) {
	return r.claims(ctx, `c.person = $1`, person)
}

// OpenClaims returns the claims made since then that nobody has decided, oldest first.
func (r *Reader) OpenClaims(ctx context.Context, since time.Time) ([]Claim, error) {
	return r.claims(ctx, `c.state = 'open' and c.created >= $1 order by c.created, c.id`, since)
}

// Decide accepts a claim, which makes its person a manager of the producer, or refuses
// it. ErrNotYours: the producer is not in the officer's area, or the claim is their
// own; ErrClosed: it was decided.
func (tx *Tx) Decide(ctx context.Context, by, claim int64, accept bool) (Claim, error) {
	list, err := tx.claims(ctx, `c.id = $1`, claim)
	if err != nil {
		return Claim{}, err
	}
	if len(list) == 0 || list[0].Person == by {
		return Claim{}, ErrNotYours
	}
	c := list[0]
	p, err := tx.Producer(ctx, c.Producer)
	if err != nil {
		return Claim{}, err
	}
	if err := tx.officer(ctx, by, p.Place()); err != nil {
		return Claim{}, err
	}
	if err := tx.LockPerson(ctx, c.Person); err != nil {
		var merged *MergedError
		if errors.As(err, &merged) { // just now: their claims went with them
			err = ErrClosed
		}
		return Claim{}, err
	}
	c.State = ClaimRefused
	if accept {
		c.State = ClaimAccepted
	}
	n, err := tx.exec(ctx, `update claims set state = $2, decided = $3, decided_by = $4 where id = $1 and state = 'open' and person = $5`,
		claim, c.State, tx.now, PersonActor(by), c.Person)
	if err != nil {
		return Claim{}, err
	}
	if n == 0 {
		return Claim{}, ErrClosed
	}
	c.Decided = &tx.now
	if accept {
		if err := tx.AddMember(ctx, c.Producer, c.Person, Manager); err != nil {
			return Claim{}, err
		}
		return c, tx.Audit(ctx, PersonActor(by), "accept claim", c.Code())
	}
	return c, tx.Audit(ctx, PersonActor(by), "refuse claim", c.Code())
}

// CallList returns the producers of an officer's area that nobody has claimed: those
// without a phone number first, those called already last, then by number.
func (r *Reader) CallList(ctx context.Context, person int64, limit int) ([]Producer, error) {
	rs, err := r.RolesOf(ctx, person)
	if err != nil || !rs.Is(RoleOfficer) {
		return nil, err
	}
	communes, provinces := rs.places()
	return all(ctx, r.q, pgx.RowToStructByName[Producer], `select `+producerColumns+` from producers p
		where `+inPlaces+` and listed and name <> '' and merged_into is null and not exists (select from members where producer = p.id)
		order by called nulls first, phone <> '', id limit $3`, communes, provinces, limit)
}

// Call notes that an officer called a producer of their call list. ErrNotYours.
func (tx *Tx) Call(ctx context.Context, by, producer int64) error {
	p, err := tx.Producer(ctx, producer)
	if errors.Is(err, ErrNotFound) {
		return ErrNotYours
	}
	if err != nil {
		return err
	}
	if err := tx.Act(ctx, by, p.Place(), "call producer", p.Code()); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `update producers set called = $2 where id = $1`, producer, tx.now)
	return err
}
