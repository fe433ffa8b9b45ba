package store

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"lensan/bot/vietnamese"
)

// ListUpdated is when something of the officers' list last came in or changed; zero:
// there is no list.
func (r *Reader) ListUpdated(ctx context.Context) (time.Time, error) {
	at, err := one(ctx, r.q, pgx.RowTo[*time.Time], `select greatest((select max(updated) from certificates),
		(select max(done) from imports where state = 'written'))`)
	if at == nil {
		return time.Time{}, err
	}
	return *at, err
}

// ListedLike returns the products of officers' lists that go by a name, made by the
// producers of a commune. A name typed without marks is any it could stand for.
func (r *Reader) ListedLike(ctx context.Context, name, commune string) ([]Listed, error) {
	list, err := r.listed(ctx, `p.listed and p.state <> 'withdrawn'
		and p.producer in (select id from producers where commune = $1 and merged_into is null)`, commune)
	return slices.DeleteFunc(list, func(l Listed) bool { return !sameName(l.Name, name) }), err
}

// codeAlone is a product's code, or the number of a decision, folded, and nothing else.
var codeAlone = regexp.MustCompile(`^(?:sp ?[0-9]{1,9}|(?:so |quyet dinh |qd )*[0-9]{1,6} (?:[0-9]{4} )?qd(?: [a-z]+){0,2})$`)

// IsCode reports whether a text is nothing but a code by which products are found:
// "SP-000012", "4261/QĐ-UBND".
func IsCode(text string) bool { return codeAlone.MatchString(vietnamese.Fold(text)) }
