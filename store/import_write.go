package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// write writes what the list changed: new records by copy, changed ones by one
// statement a table.
func (im *importer) write(ctx context.Context) error {
	if err := im.writeProducers(ctx); err != nil {
		return err
	}
	if err := im.writeProducts(ctx); err != nil {
		return err
	}
	return im.writePapers(ctx)
}

// numbers gives numbers for n new rows of a table.
func (im *importer) numbers(ctx context.Context, table string, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	return all(ctx, im.tx.q, pgx.RowTo[int64], `select nextval(pg_get_serial_sequence($1, 'id')) from generate_series(1, $2)`, table, n)
}

// add copies new rows into a table.
func (im *importer) add(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := im.tx.tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("store: %w", again(err))
	}
	return nil
}

func (im *importer) writeProducers(ctx context.Context) error {
	var fresh []*importProducer
	var ids []int64
	var kinds, communes, provinces, phones, contacts, places []string
	for _, p := range im.all {
		switch {
		case p.fresh:
			fresh = append(fresh, p)
		case p.dirty:
			ids = append(ids, p.ID)
			kinds, communes, provinces = append(kinds, p.Kind), append(communes, p.Commune), append(provinces, p.Province)
			phones, contacts, places = append(phones, p.Phone), append(contacts, p.Contact), append(places, p.PlaceSaid)
		}
	}
	numbers, err := im.numbers(ctx, "producers", len(fresh))
	if err != nil {
		return err
	}
	rows := make([][]any, len(fresh))
	for i, p := range fresh {
		p.ID = numbers[i]
		rows[i] = []any{p.ID, p.Kind, p.Name, producerKey(p.Name), p.Commune, p.Province, p.PlaceSaid, p.Contact, p.Phone, true, im.tx.now, im.tx.now}
	}
	if err := im.add(ctx, "producers", strings.Fields("id kind name folded commune province place_said contact phone listed created updated"), rows); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = im.tx.exec(ctx, `update producers p set kind = u.kind, commune = u.commune, province = u.province,
			phone = u.phone, contact = u.contact, place_said = u.place, updated = $8
		from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) u(id, kind, commune, province, phone, contact, place)
		where p.id = u.id`, ids, kinds, communes, provinces, phones, contacts, places, im.tx.now)
	return err
}

func (im *importer) writeProducts(ctx context.Context) error {
	var fresh []*importProduct
	var rows [][]any
	var ids []int64
	var names, folded, groups, places, kinds []string
	for _, maker := range im.all {
		for _, p := range maker.products {
			switch {
			case p.fresh:
				fresh = append(fresh, p)
				rows = append(rows, []any{int64(0), maker.ID, p.name, fold(p.name), p.group, p.place, p.state, p.kind, p.listed, im.tx.now, im.tx.now})
			case p.dirty:
				ids, names, folded = append(ids, p.id), append(names, p.name), append(folded, fold(p.name))
				groups, places, kinds = append(groups, p.group), append(places, p.place), append(kinds, p.kind)
			}
		}
	}
	numbers, err := im.numbers(ctx, "products", len(fresh))
	if err != nil {
		return err
	}
	for i, p := range fresh {
		p.id, rows[i][0] = numbers[i], numbers[i]
	}
	if err := im.add(ctx, "products", strings.Fields("id producer name folded product_group place state kind listed created updated"), rows); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = im.tx.exec(ctx, `update products p set name = u.name, folded = u.folded, product_group = u.product_group, place = u.place,
			kind = u.kind, state = $7, listed = true, updated = $8
		from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) u(id, name, folded, product_group, place, kind)
		where p.id = u.id`, ids, names, folded, groups, places, kinds, Certified, im.tx.now)
	return err
}

func (im *importer) writePapers(ctx context.Context) error {
	var fresh []*importPaper
	var rows [][]any
	var ids []int64
	var stars []int
	var decisions, saids, issuers, states []string
	var days []Day
	for _, maker := range im.all {
		for _, p := range maker.products {
			for _, c := range p.papers {
				var n *int // null: not known
				if c.Stars != 0 {
					n = &c.Stars
				}
				switch {
				case c.fresh:
					fresh = append(fresh, c)
					rows = append(rows, []any{int64(0), p.id, n, c.Decision, c.Decided, c.DecidedSaid, c.IssuedBy, c.State, im.tx.now, im.tx.now})
				case c.dirty:
					ids, stars, days = append(ids, c.ID), append(stars, c.Stars), append(days, c.Decided)
					decisions, saids, issuers, states = append(decisions, c.Decision), append(saids, c.DecidedSaid), append(issuers, c.IssuedBy), append(states, c.State)
				}
			}
		}
	}
	numbers, err := im.numbers(ctx, "certificates", len(fresh))
	if err != nil {
		return err
	}
	for i, c := range fresh {
		c.ID, rows[i][0] = numbers[i], numbers[i]
	}
	if err := im.add(ctx, "certificates", strings.Fields("id product stars decision decided decided_said issued_by state created updated"), rows); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = im.tx.exec(ctx, `update certificates c set stars = nullif(u.stars, 0), decision = u.decision, decided = u.decided,
			decided_said = u.said, issued_by = u.issuer, state = u.state, updated = $8
		from unnest($1::bigint[], $2::int[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[]) u(id, stars, decision, decided, said, issuer, state)
		where c.id = u.id`, ids, stars, decisions, days, saids, issuers, states, im.tx.now)
	return err
}

// audit notes every record the list added or changed.
func (im *importer) audit(ctx context.Context, by int64) error {
	var acts, subjects []string
	note := func(fresh, dirty bool, subject string) {
		switch {
		case fresh:
			acts, subjects = append(acts, "import new"), append(subjects, subject)
		case dirty:
			acts, subjects = append(acts, "import change"), append(subjects, subject)
		}
	}
	for _, maker := range im.all {
		note(maker.fresh, maker.dirty, maker.Code())
		for _, p := range maker.products {
			note(p.fresh, p.dirty, code("SP", p.id))
			for _, c := range p.papers {
				note(c.fresh, c.dirty, c.Code())
			}
		}
	}
	if err := im.tx.Audit(ctx, actorOf(by), "import list", actorOf(by)); err != nil {
		return err
	}
	_, err := im.tx.exec(ctx, `insert into audit (actor, act, subject, at, office)
		select a.actor, u.act, u.subject, a.at, a.office from unnest($2::text[], $3::text[]) u(act, subject),
			(select actor, at, office from audit where subject = $1 order by id desc limit 1) a`, actorOf(by), acts, subjects)
	if err != nil {
		return err
	}
	return im.tx.changedCatalogue(ctx)
}
