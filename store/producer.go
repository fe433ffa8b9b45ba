package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// The kinds of producer, in the order they are offered. Hộ kinh doanh and hộ
// sản xuất are both a household: nobody is turned away for a paper.
const (
	Household   = "household"   // hộ sản xuất, hộ kinh doanh, cơ sở, trang trại
	Group       = "group"       // tổ hợp tác
	Cooperative = "cooperative" // hợp tác xã
	Company     = "company"     // doanh nghiệp
)

// ProducerKinds are all kinds of producer.
var ProducerKinds = []string{Household, Group, Cooperative, Company}

// Whether a producer has a business registration.
const (
	RegisteredYes     = "yes"
	RegisteredNo      = "no"
	RegisteredUnknown = "unknown"
)

// The roles of a producer's members.
const (
	Manager = "manager" // registered the producer, or was named by one who did
	Helper  = "helper"  // helps with its records
)

// Producer is who makes products (chủ thể OCOP).
type Producer struct {
	ID         int64
	Kind       string // one of ProducerKinds
	Name       string // as told, NFC
	Commune    string // code, five digits; empty: not told
	Registered string // RegisteredYes, RegisteredNo, RegisteredUnknown
	Phone      string // national digits; empty: not told
	Sample     bool   // of the demo's sample data
	Created    time.Time
	Updated    time.Time
}

const producerColumns = `id, kind, name, commune, registered, phone, sample, created, updated`

// Producer returns a producer. ErrNotFound.
func (r *Reader) Producer(ctx context.Context, id int64) (Producer, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Producer],
		`select `+producerColumns+` from producers where id = $1`, id)
}

// ProducersOf returns the producers a person is a member of, oldest membership
// first.
func (r *Reader) ProducersOf(ctx context.Context, person int64) ([]Producer, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Producer],
		`select `+producerColumns+` from producers join members on producer = id
		where person = $1 order by since, id`, person)
}

// AddProducer adds a producer with the person as its manager. Kind and Name
// must be set.
func (tx *Tx) AddProducer(ctx context.Context, person int64, p Producer) (Producer, error) {
	if p.Registered == "" {
		p.Registered = RegisteredUnknown
	}
	p, err := one(ctx, tx.q, pgx.RowToStructByName[Producer],
		`insert into producers (kind, name, commune, registered, phone, created, updated)
		values ($1, $2, $3, $4, $5, $6, $6) returning `+producerColumns,
		p.Kind, norm.NFC.String(p.Name), p.Commune, p.Registered, p.Phone, tx.now)
	if err != nil {
		return p, err
	}
	return p, tx.AddMember(ctx, p.ID, person, Manager)
}

// current is the number of a producer, or of the one it was merged into: a talk may
// have begun before that.
func (tx *Tx) current(ctx context.Context, producer int64) (int64, error) {
	id, err := one(ctx, tx.q, pgx.RowTo[int64], `select coalesce(merged_into, id) from producers where id = $1`, producer)
	if errors.Is(err, ErrNotFound) {
		err = ErrNotYours
	}
	return id, err
}

// UpdateProducer changes a producer of the person: change is given the producer
// as it is now and sets what is new. ErrNotYours.
func (tx *Tx) UpdateProducer(ctx context.Context, person, id int64, change func(*Producer)) (Producer, error) {
	id, err := tx.current(ctx, id)
	if err != nil {
		return Producer{}, err
	}
	if err := tx.lockProducer(ctx, person, id); err != nil {
		return Producer{}, err
	}
	p, err := tx.Producer(ctx, id)
	if err != nil {
		return p, err
	}
	change(&p)
	return one(ctx, tx.q, pgx.RowToStructByName[Producer],
		`update producers set kind = $2, name = $3, commune = $4, registered = $5, phone = $6, updated = $7
		where id = $1 returning `+producerColumns,
		id, p.Kind, norm.NFC.String(p.Name), p.Commune, p.Registered, p.Phone, tx.now)
}

// AddMember makes a person a member of a producer, or gives a member another
// role.
func (tx *Tx) AddMember(ctx context.Context, producer, person int64, role string) error {
	_, err := tx.exec(ctx, `insert into members (producer, person, role, since) values ($1, $2, $3, $4)
		on conflict (producer, person) do update set role = excluded.role`, producer, person, role, tx.now)
	return err
}

// lockProducer holds a producer for the rest of the transaction: changes of it
// and of its products come one after the other. ErrNotYours also when there is
// no such producer: what is not theirs, nobody needs to know of.
func (tx *Tx) lockProducer(ctx context.Context, person, id int64) error {
	n, err := tx.exec(ctx, `select from producers join members on producer = id
		where id = $1 and person = $2 for no key update of producers`, id, person)
	if err == nil && n == 0 {
		err = ErrNotYours
	}
	return err
}
