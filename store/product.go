package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
	"lensan/bot"
)

// Groups are the codes of the six product groups in the order of Quyết định
// 919/QĐ-TTg (2022), and "unknown" for those who cannot tell.
var Groups = []string{"food", "drink", "herb", "craft", "ornament", "tourism", "unknown"}

// Papers are the codes of the papers a product may have, as they are asked for:
// food safety certificate, self-declaration, VietGAP, HACCP, ISO, barcode,
// tracing stamp.
var Papers = []string{"food_safety", "self_declaration", "vietgap", "haccp", "iso", "barcode", "trace_stamp"}

// The states of a product.
const (
	Submitted = "submitted" // registered here; the commune has not looked at it yet
	Certified = "certified" // a competent body certified it: a public fact, not changed from a chat
	Withdrawn = "withdrawn" // taken back by its producer
)

// The kinds of product.
const (
	KindOCOP          = "ocop"           // certified once
	KindIdea          = "idea"           // registered, not certified yet
	KindRuralIndustry = "rural_industry" // typical product of rural industry
	KindSeasonal      = "seasonal"       // there in some months only
)

// Product is what a producer makes and registers for OCOP.
type Product struct {
	ID       int64
	Producer int64
	Name     string // as typed, NFC
	Group    string // one of Groups
	Place    string // code of the commune it is made in; empty: not told
	Yearly   Amount // made in a year
	State    string // Submitted, Certified, Withdrawn

	// What may be added on any day; empty: not told.
	Ingredients   string
	Origin        string // where they come from
	PriceLow      int64  // đồng for the unit the producer sells; 0: not told
	PriceHigh     int64  // the same as PriceLow for one price
	Packaging     string
	Label         string
	Papers        []string // codes of Papers; nil: not asked, empty: none yet
	PapersUnknown bool     // does not know which papers there are
	Story         string

	Kind     string // KindOCOP, …; empty when it is added: KindIdea
	Subgroup string // as written; empty: not told
	Months   []int  // of a seasonal one, 1 to 12; empty: not told
	Listed   bool   // it stands in an officer's list

	Photos  []int64 // its files in the order they came, without lost ones; kept by [Tx.AddFile]
	Created time.Time
	Updated time.Time
}

// Amount is a quantity as a person said it, and as it was understood.
type Amount struct {
	Text  string  `json:"text"`            // "2 tấn"; empty: not told
	Value float64 `json:"value,omitempty"` // 2; 0: not understood as a number
	Unit  string  `json:"unit,omitempty"`  // "tấn"
}

// Code is the product's code, "SP-000001". It is known once the product is
// saved.
func (p Product) Code() string { return code("SP", p.ID) }

const productColumns = `p.id, p.producer, p.name, p.product_group, p.place, p.yearly_text, p.yearly_value, p.yearly_unit, p.state,
	p.ingredients, p.origin, p.price_low, p.price_high, p.packaging, p.label, p.papers, p.papers_unknown, p.story,
	p.kind, p.subgroup, p.months, p.listed,
	array(select id from files where product = p.id and lost is null order by id), p.created, p.updated`

// readProduct reads a row of productColumns.
func readProduct(row pgx.CollectableRow) (Product, error) {
	var p Product
	err := row.Scan(&p.ID, &p.Producer, &p.Name, &p.Group, &p.Place, &p.Yearly.Text, &p.Yearly.Value, &p.Yearly.Unit, &p.State,
		&p.Ingredients, &p.Origin, &p.PriceLow, &p.PriceHigh, &p.Packaging, &p.Label, &p.Papers, &p.PapersUnknown, &p.Story,
		&p.Kind, &p.Subgroup, &p.Months, &p.Listed, &p.Photos, &p.Created, &p.Updated)
	return p, err
}

// Product returns a product. ErrNotFound.
func (r *Reader) Product(ctx context.Context, id int64) (Product, error) {
	return one(ctx, r.q, readProduct, `select `+productColumns+` from products p where id = $1`, id)
}

// ProductByCode returns the product of a code as people type it ("SP-000001",
// "sp 1"). ErrNotFound.
func (r *Reader) ProductByCode(ctx context.Context, code string) (Product, error) {
	id, ok := parseCode("SP", code)
	if !ok {
		return Product{}, ErrNotFound
	}
	return r.Product(ctx, id)
}

// ProductsOf returns the products of all producers a person is a member of,
// oldest first, without withdrawn ones.
func (r *Reader) ProductsOf(ctx context.Context, person int64) ([]Product, error) {
	return all(ctx, r.q, readProduct, `select `+productColumns+` from products p join members m using (producer)
		where m.person = $1 and p.state <> 'withdrawn' order by p.id`, person)
}

// AddProduct adds a product to p.Producer, whose member the person must be. The
// result has the number the code is made of. ErrNotYours; ErrFull;
// *ExistsError: the producer has a product of that name that was not withdrawn.
func (tx *Tx) AddProduct(ctx context.Context, person int64, p Product) (Product, error) {
	var err error
	if p.Producer, err = tx.current(ctx, p.Producer); err != nil {
		return Product{}, err
	}
	if err := tx.lockProducer(ctx, person, p.Producer); err != nil {
		return Product{}, err
	}
	p.Name = norm.NFC.String(p.Name)
	if err := tx.unique(ctx, p); err != nil {
		return Product{}, err
	}
	id, err := one(ctx, tx.q, pgx.RowTo[int64], `insert into products (producer, name, folded, product_group, created)
		values ($1, $2, $3, $4, $5) returning id`, p.Producer, p.Name, fold(p.Name), p.Group, tx.now)
	if err != nil {
		return Product{}, err
	}
	p.ID, p.State = id, Submitted
	if p.Kind == "" {
		p.Kind = KindIdea
	}
	return tx.saveProduct(ctx, p)
}

// UpdateProduct changes a product of the person: change is given the product as
// it is now and sets what is new; its producer, state and photos stay.
// ErrNotFound, ErrNotYours, ErrClosed, *ExistsError (a new name that another
// product has).
func (tx *Tx) UpdateProduct(ctx context.Context, person, id int64, change func(*Product)) (Product, error) {
	p, err := tx.lockProduct(ctx, person, id)
	if err != nil {
		return Product{}, err
	}
	changed := p
	change(&changed)
	changed.ID, changed.Producer, changed.State = p.ID, p.Producer, p.State
	changed.Name = norm.NFC.String(changed.Name)
	if fold(changed.Name) != fold(p.Name) {
		if err := tx.unique(ctx, changed); err != nil {
			return Product{}, err
		}
	}
	return tx.saveProduct(ctx, changed)
}

// WithdrawProduct takes a product of the person back. Its record stays, its
// name is free again. ErrNotFound, ErrNotYours, ErrClosed.
func (tx *Tx) WithdrawProduct(ctx context.Context, person, id int64) (Product, error) {
	p, err := tx.lockProduct(ctx, person, id)
	if err != nil {
		return Product{}, err
	}
	p.State = Withdrawn
	if p, err = tx.saveProduct(ctx, p); err != nil {
		return Product{}, err
	}
	return p, tx.Audit(ctx, PersonActor(person), "withdraw product", p.Code())
}

// lockProduct holds a product and its producer for the rest of the transaction,
// for a change by the person. [bot.ErrAgain]: merging producers, or parting them,
// moved it to another one meanwhile.
func (tx *Tx) lockProduct(ctx context.Context, person, id int64) (Product, error) {
	p, err := tx.Product(ctx, id)
	if err != nil {
		return p, err
	}
	producer := p.Producer
	if err := tx.lockProducer(ctx, person, producer); err != nil {
		return p, err
	}
	p, err = one(ctx, tx.q, readProduct, `select `+productColumns+` from products p where id = $1 for no key update`, id)
	switch {
	case err == nil && p.Producer != producer:
		err = bot.ErrAgain
	case err == nil && p.State != Submitted:
		err = ErrClosed
	}
	return p, err
}

// unique refuses a name that another product of the producer has, and a new
// product when there are too many. The producer is locked, so the answer holds
// until the product is saved.
func (tx *Tx) unique(ctx context.Context, p Product) error {
	others, err := all(ctx, tx.q, pgx.RowToStructByPos[struct {
		ID   int64
		Name string
	}], `select id, name from products where producer = $1 and id <> $2 and state <> 'withdrawn' order by id`, p.Producer, p.ID)
	if err != nil {
		return err
	}
	if p.ID == 0 && len(others) >= MaxProducts {
		return ErrFull
	}
	for _, o := range others {
		if sameName(o.Name, p.Name) {
			return &ExistsError{Product: o.ID}
		}
	}
	return nil
}

// saveProduct writes all of a product that can change.
func (tx *Tx) saveProduct(ctx context.Context, p Product) (Product, error) {
	if p.Months == nil {
		p.Months = []int{}
	}
	p, err := one(ctx, tx.q, readProduct, `update products p set name = $2, folded = $3, product_group = $4, place = $5,
		yearly_text = $6, yearly_value = $7, yearly_unit = $8, ingredients = $9, origin = $10, price_low = $11, price_high = $12,
		packaging = $13, label = $14, papers = $15, papers_unknown = $16, story = $17, state = $18, updated = $19,
		kind = $20, subgroup = $21, months = $22
		where id = $1 returning `+productColumns,
		p.ID, p.Name, fold(p.Name), p.Group, p.Place,
		p.Yearly.Text, p.Yearly.Value, p.Yearly.Unit, p.Ingredients, p.Origin, p.PriceLow, p.PriceHigh,
		p.Packaging, p.Label, p.Papers, p.PapersUnknown, p.Story, p.State, tx.now, p.Kind, p.Subgroup, p.Months)
	if err != nil {
		return p, err
	}
	return p, tx.changedCatalogue(ctx)
}
