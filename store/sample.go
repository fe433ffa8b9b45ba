package store

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed sample/products.csv
var sampleProducts string

// LoadSample adds the demo's sample data, real products of Lào Cai (see
// sample/README.md), as far as they are missing. They are certified and have no
// members: nobody can change them from a chat.
func (db *DB) LoadSample(ctx context.Context) error {
	rows, err := sampleRows()
	if err != nil {
		return err
	}
	return db.Change(ctx, func(tx *Tx) error {
		for _, row := range rows {
			name, group, place, producer, kind := row[0], row[1], row[2], row[3], row[4]
			id, err := one(ctx, tx.q, pgx.RowTo[int64], `insert into producers (kind, name, registered, sample, created, updated)
				values ($1, $2, $3, true, $4, $4) on conflict (name) where sample do update set name = excluded.name returning id`,
				kind, producer, RegisteredUnknown, tx.now)
			if err != nil {
				return err
			}
			if _, err := tx.exec(ctx, `insert into products (producer, name, folded, product_group, place, state, created, updated)
				values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing`,
				id, name, fold(name), group, place, Certified, tx.now); err != nil {
				return err
			}
		}
		return nil
	})
}

// SampleNames are the names of the sample's products.
func SampleNames() ([]string, error) {
	rows, err := sampleRows()
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row[0]
	}
	return names, err
}

// sampleRows are the sample's products: name, group, place, producer, kind of
// producer, source.
func sampleRows() ([][]string, error) {
	rows, err := csv.NewReader(strings.NewReader(sampleProducts)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("store: sample: %w", err)
	}
	return rows[1:], nil
}
