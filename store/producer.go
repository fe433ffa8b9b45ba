package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
	"lensan/bot"
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
	Kind       string // one of ProducerKinds; empty: its list does not say
	Name       string // as told, NFC; empty: its list names no producer
	Commune    string // code, five digits; empty: not told
	Registered string // RegisteredYes, RegisteredNo, RegisteredUnknown
	Phone      string // national digits; empty: not told
	Sample     bool   // of the demo's sample data
	Created    time.Time
	Updated    time.Time

	// Of one that stands in an officer's list.
	Listed    bool
	Contact   string     // a person the list names; empty: none
	Province  string     // of the list, two digits; counts while Commune is not known
	PlaceSaid string     // as the list writes it
	Called    *time.Time // when an officer called them last, as nobody had claimed them
}

// Code is the producer's code, "CT-000012".
func (p Producer) Code() string { return producerCode(p.ID) }

func producerCode(id int64) string { return code("CT", id) }

// Place is where the producer is, as roles cover it.
func (p Producer) Place() Place { return Place{Commune: p.Commune, Province: p.Province} }

const producerColumns = `p.id, p.kind, p.name, p.commune, p.registered, p.phone, p.sample, p.created, p.updated,
	p.listed, p.contact, p.province, p.place_said, p.called`

// Producer returns a producer. ErrNotFound.
func (r *Reader) Producer(ctx context.Context, id int64) (Producer, error) {
	return one(ctx, r.q, pgx.RowToStructByName[Producer],
		`select `+producerColumns+` from producers p where p.id = $1`, id)
}

// ProducersOf returns the producers a person is a member of, oldest membership
// first.
func (r *Reader) ProducersOf(ctx context.Context, person int64) ([]Producer, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Producer],
		`select `+producerColumns+` from producers p join members m on m.producer = p.id
		where m.person = $1 order by m.since, p.id`, person)
}

// ProducerByCode returns the producer of a code as people type it ("CT-000012",
// "ct 12"). ErrNotFound.
func (r *Reader) ProducerByCode(ctx context.Context, code string) (Producer, error) {
	id, ok := parseCode("CT", code)
	if !ok {
		return Producer{}, ErrNotFound
	}
	return r.Producer(ctx, id)
}

// ListedProducers returns producers of officers' lists that go by a name, whatever
// their kind and marks, in a place: of its commune, and those whose commune is not
// known in its province. The one whose marks are the same comes first.
func (r *Reader) ListedProducers(ctx context.Context, name string, at Place) ([]Producer, error) {
	list, err := all(ctx, r.q, pgx.RowToStructByName[Producer], `select `+producerColumns+` from producers p
		where folded = $1 and folded <> '' and listed and merged_into is null
			and (commune = $2 or (commune = '' or $2 = '') and province = $3) order by id`, producerKey(name), at.Commune, at.province())
	slices.SortStableFunc(list, func(a, b Producer) int {
		same := func(p Producer) int {
			if sameName(p.Name, name) {
				return 0
			}
			return 1
		}
		return same(a) - same(b)
	})
	return list, err
}

// AddProducer adds a producer with the person as its manager. Kind and Name
// must be set.
func (tx *Tx) AddProducer(ctx context.Context, person int64, p Producer) (Producer, error) {
	if p.Registered == "" {
		p.Registered = RegisteredUnknown
	}
	p, err := one(ctx, tx.q, pgx.RowToStructByName[Producer],
		`insert into producers as p (kind, name, commune, registered, phone, created, updated, folded)
		values ($1, $2, $3, $4, $5, $6, $6, $7) returning `+producerColumns,
		p.Kind, norm.NFC.String(p.Name), p.Commune, p.Registered, p.Phone, tx.now, producerKey(p.Name))
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
	p, err = one(ctx, tx.q, pgx.RowToStructByName[Producer],
		`update producers p set kind = $2, name = $3, commune = $4, registered = $5, phone = $6, updated = $7, folded = $8
		where id = $1 returning `+producerColumns,
		id, p.Kind, norm.NFC.String(p.Name), p.Commune, p.Registered, p.Phone, tx.now, producerKey(p.Name))
	if err != nil {
		return p, err
	}
	return p, tx.changedCatalogue(ctx)
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
// no such producer: what is not theirs, nobody needs to know of. [bot.ErrAgain]: it
// was merged while this waited for it.
func (tx *Tx) lockProducer(ctx context.Context, person, id int64) error {
	into, err := one(ctx, tx.q, pgx.RowTo[*int64], `select merged_into from producers join members on producer = id
		where id = $1 and person = $2 for no key update of producers`, id, person)
	switch {
	case errors.Is(err, ErrNotFound):
		return ErrNotYours
	case err == nil && into != nil:
		return bot.ErrAgain
	}
	return err
}
