package store

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

var (
	//go:embed sample/products.csv
	sampleProducts string
	//go:embed sample/ocop-products.csv
	samplePublished string
)

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

// SampleNames are the names of all products of the sample list, as published
// (sample/README.md), each once.
func SampleNames() ([]string, error) {
	rows, err := csv.NewReader(strings.NewReader(samplePublished)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("store: sample: %w", err)
	}
	var names []string
	for _, row := range rows[1:] {
		if name := norm.NFC.String(row[0]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
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
