package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// The states of a certificate. Expired and unknown are not stored: the day says them
// ([Certificate.StateOn]).
const (
	CertificateValid        = "valid"
	CertificateReevaluation = "reevaluation" // handed in to be evaluated again
	CertificateReplaced     = "replaced"     // a later decision counts
	CertificateWithdrawn    = "withdrawn"    // by who issued it
	CertificateExpired      = "expired"
	CertificateUnknown      = "unknown" // the day of the decision is not known
)

// certificateMonths is how long a certificate is good: 36 months from the day it was
// issued, Quyết định 148/QĐ-TTg (24 February 2023), Article 1, which the decisions of
// provinces repeat.
const certificateMonths = 36

// Certificate is what a competent body decided about a product. What is not known
// stays empty: nothing is guessed.
type Certificate struct {
	ID          int64
	Product     int64
	Stars       int    // 1 to 5; 0: not known
	Decision    string // its number as written: "4261/QĐ-UBND"; empty: not known
	Decided     Day    // zero: not known
	DecidedSaid string // as written, where no day is known: "2021", "12/2021"
	IssuedBy    string // as written: "UBND tỉnh Lào Cai"; empty: not known
	State       string // as stored: CertificateValid, …Reevaluation, …Replaced, …Withdrawn
	Created     time.Time
	Updated     time.Time
}

// Code is the certificate's code in the audit log, "GC-000001".
func (c Certificate) Code() string { return code("GC", c.ID) }

// Ends is the last day the certificate can be used on; zero when the day of the
// decision is not known.
func (c Certificate) Ends() Day { return c.Decided.AddMonths(certificateMonths) }

// StateOn is the state on a day. Replaced and withdrawn ones stay so; without the day
// of the decision it is not known whether it is good.
func (c Certificate) StateOn(today Day) string {
	switch {
	case c.State == CertificateReplaced || c.State == CertificateWithdrawn:
		return c.State
	case c.Decided.IsZero():
		return CertificateUnknown
	case c.Ends().Before(today):
		return CertificateExpired
	}
	return c.State
}

const certificateColumns = `c.id, c.product, coalesce(c.stars, 0)::int as stars, c.decision, c.decided, c.decided_said, c.issued_by, c.state, c.created, c.updated`

// Certificates returns all certificates of a product, the one that counts first, then
// the latest.
func (r *Reader) Certificates(ctx context.Context, product int64) ([]Certificate, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Certificate], `select `+certificateColumns+` from certificates c
		where product = $1 order by `+certificateOrder, product)
}

// certificateOrder brings the one that counts first.
const certificateOrder = `c.state = 'replaced', c.decided desc nulls last, c.id desc`

// Listed is a product with its producer and the certificate that counts, as a line of
// the province's list. Certificate.ID is 0 when there is none.
type Listed struct {
	Product
	Producer    Producer
	Certificate Certificate
}

// CertificatesOf returns the certificates that count of all producers a person is a
// member of, by their last day, those without one first.
func (r *Reader) CertificatesOf(ctx context.Context, person int64) ([]Listed, error) {
	list, err := r.listed(ctx, `p.id in (select p.id from members m join products p using (producer)
		where m.person = $1 and p.state <> 'withdrawn')`, person)
	list = slices.DeleteFunc(list, func(l Listed) bool { return l.Certificate.ID == 0 })
	slices.SortStableFunc(list, func(a, b Listed) int {
		return cmp.Or(cmp.Compare(a.Certificate.Ends().String(), b.Certificate.Ends().String()), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// ListedOf returns the products of a producer that are not withdrawn, each with the
// certificate that counts, oldest first.
func (r *Reader) ListedOf(ctx context.Context, producer int64) ([]Listed, error) {
	return r.listed(ctx, `p.producer = $1 and p.state <> 'withdrawn'`, producer)
}

// listed returns the products (p) of a condition, by number.
func (r *Reader) listed(ctx context.Context, where string, args ...any) ([]Listed, error) {
	list, err := all(ctx, r.q, func(row pgx.CollectableRow) (l Listed, err error) {
		l.Product, err = readProduct(row)
		return l, err
	}, `select `+productColumns+` from products p where `+where+` order by p.id`, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var products, producers []int64
	for _, l := range list {
		products, producers = append(products, l.ID), append(producers, l.Product.Producer)
	}
	makers, err := all(ctx, r.q, pgx.RowToStructByName[Producer], `select `+producerColumns+` from producers p where id = any($1)`, producers)
	if err != nil {
		return nil, err
	}
	papers, err := all(ctx, r.q, pgx.RowToStructByName[Certificate], `select distinct on (c.product) `+certificateColumns+` from certificates c
		where product = any($1) order by c.product, `+certificateOrder, products)
	if err != nil {
		return nil, err
	}
	maker, paper := map[int64]Producer{}, map[int64]Certificate{}
	for _, p := range makers {
		maker[p.ID] = p
	}
	for _, c := range papers {
		paper[c.Product] = c
	}
	for i := range list {
		list[i].Producer, list[i].Certificate = maker[list[i].Product.Producer], paper[list[i].ID]
	}
	return list, nil
}
