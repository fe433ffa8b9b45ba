package store

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
	"lensan/bot/vietnamese"
)

var (
	//go:embed sample/ocop-products.csv
	samplePublished string
	//go:embed sample/readings.csv
	sampleReadings string
	//go:embed sample/example.csv
	sampleExample string
)

// sampleProvince is the code of Lào Cai, which Yên Bái is part of today.
const sampleProvince = "15"

// LoadSample adds the demo's sample data, as far as they are missing: real products of
// Lào Cai and Yên Bái with their certificates, and a made-up cooperative whose
// certificates end soon and late (see sample/README.md). They stand in a list, and
// nobody speaks for their producers yet.
func (db *DB) LoadSample(ctx context.Context) error {
	list, err := readSample()
	if err != nil {
		return err
	}
	return db.Change(ctx, func(tx *Tx) error {
		example, err := readExample(tx.now)
		if err != nil {
			return err
		}
		for _, l := range append(list, example...) {
			if err := tx.addSample(ctx, l); err != nil {
				return err
			}
		}
		return tx.changedCatalogue(ctx)
	})
}

// addSample adds a line of the sample list, unless it is there.
func (tx *Tx) addSample(ctx context.Context, l Listed) error {
	p, c := l.Producer, l.Certificate
	producer, err := one(ctx, tx.q, pgx.RowTo[int64], `insert into producers (kind, name, folded, commune, province, listed, sample, created, updated)
		values ($1, $2, $3, $4, $5, true, true, $6, $6) on conflict (name, commune) where sample do update set name = excluded.name returning id`,
		p.Kind, p.Name, producerKey(p.Name), p.Commune, p.Province, tx.now)
	if err != nil {
		return err
	}
	product, err := one(ctx, tx.q, pgx.RowTo[int64], `insert into products (producer, name, folded, product_group, place, kind, state, listed, created, updated)
		values ($1, $2, $3, $4, $5, $6, $7, true, $8, $8) on conflict (producer, folded) where state <> 'withdrawn' do update set name = excluded.name returning id`,
		producer, l.Name, fold(l.Name), l.Group, l.Place, KindOCOP, Certified, tx.now)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `insert into certificates (product, stars, decision, decided, decided_said, issued_by, created, updated)
		select $1, nullif($2, 0), $3, $4, $5, $6, $7, $7 where not exists (select from certificates where product = $1)`,
		product, c.Stars, c.Decision, c.Decided, c.DecidedSaid, c.IssuedBy, tx.now)
	return err
}

// SampleNames are the names of all products of the sample list, as published
// (sample/README.md), each once.
func SampleNames() ([]string, error) {
	rows, err := sampleRows(samplePublished)
	var names []string
	for _, row := range rows {
		if name := norm.NFC.String(row["name"]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, err
}

// sampleKinds are the kinds of producer as the published list has them.
var sampleKinds = map[string]string{"hop_tac_xa": Cooperative, "to_hop_tac": Group, "doanh_nghiep": Company, "ho_kinh_doanh": Household}

// readSample reads the lines of our province.
func readSample() ([]Listed, error) {
	rows, err := sampleRows(samplePublished)
	if err != nil {
		return nil, err
	}
	readings, err := sampleRows(sampleReadings)
	if err != nil {
		return nil, err
	}
	ours := map[string]map[string]string{}
	for _, row := range readings {
		ours[norm.NFC.String(row["name"])] = row
	}
	var list []Listed
	for _, row := range rows {
		if !slices.ContainsFunc(vietnamese.Provinces(), func(p vietnamese.Province) bool {
			return p.Code == sampleProvince && (p.Name == row["province"] || slices.Contains(p.Former, row["province"]))
		}) {
			continue
		}
		name := norm.NFC.String(row["name"])
		l := Listed{
			Product:     Product{Name: name, Group: cmp.Or(ours[name]["group"], "unknown"), Place: ours[name]["place"]},
			Producer:    Producer{Kind: sampleKinds[row["producer_type"]], Name: norm.NFC.String(row["producer"]), Commune: ours[name]["place"], Province: sampleProvince},
			Certificate: Certificate{Decision: row["decision_no"], IssuedBy: row["issuer"]},
		}
		if l.Certificate.Decided, err = ParseDay(row["decision_date"]); err != nil {
			return nil, err
		}
		if l.Certificate.Decided.IsZero() {
			l.Certificate.DecidedSaid = row["certified_year"]
		}
		_, _ = fmt.Sscan(row["stars"], &l.Certificate.Stars) // empty: not known
		list = append(list, l)
	}
	return list, nil
}

// exampleCommune is the code of Mường Hum, where the made-up cooperative is put.
const exampleCommune = "02728"

// readExample reads the products of the made-up cooperative, whose certificates end so
// many days from now.
func readExample(now time.Time) ([]Listed, error) {
	rows, err := sampleRows(sampleExample)
	var list []Listed
	for i, row := range rows {
		l := Listed{
			Product:     Product{Name: norm.NFC.String(row["name"]), Group: row["group"], Place: exampleCommune},
			Producer:    Producer{Kind: Cooperative, Name: norm.NFC.String(row["producer"]), Commune: exampleCommune, Province: sampleProvince},
			Certificate: Certificate{Decision: fmt.Sprintf("%02d/QĐ-MẪU", i+1), DecidedSaid: row["said"]},
		}
		if days, err := strconv.Atoi(row["ends_in"]); err == nil {
			l.Certificate.Decided = DayOf(now.AddDate(0, 0, days)).AddMonths(-certificateMonths)
		}
		_, _ = fmt.Sscan(row["stars"], &l.Certificate.Stars)
		list = append(list, l)
	}
	return list, err
}

// sampleRows reads a list, each row by the names of its columns.
func sampleRows(text string) ([]map[string]string, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("store: sample: %w", err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, column := range rows[0] {
			named[column] = row[i]
		}
		out = append(out, named)
	}
	return out, nil
}
