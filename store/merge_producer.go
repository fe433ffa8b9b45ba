package store

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Same is a producer that was there twice: the products of the one are the other's,
// and its row names the other (merged_into).
type Same struct {
	Producer  int64    `json:"producer"`
	Into      int64    `json:"into"`
	Products  []int64  `json:"products,omitempty"`
	Withdrawn []int64  `json:"withdrawn,omitempty"` // those that gave way to one of the same name
	Members   []Member `json:"members,omitempty"`   // of the one that went
	Kept      []Member `json:"kept,omitempty"`      // those of them who were members of the other, too
	Claims    []int64  `json:"claims,omitempty"`
	Producers []int64  `json:"producers,omitempty"` // that had been merged into it
	Taken     []string `json:"taken,omitempty"`     // what was not known of the other, by column
}

// MergeProducers makes one producer of two that are the same, both in the area of an
// officer: members, products and claims of the first go to the second, which keeps
// what it has and takes what it does not. A product registered from a chat gives way
// to one of the same name. ErrNotYours; ErrClosed: one was merged before, or they are
// one; *ExistsError: both stand in a list with a product of one name; ErrFull.
func (tx *Tx) MergeProducers(ctx context.Context, by, from, into int64) error {
	both, err := all(ctx, tx.q, func(row pgx.CollectableRow) (p struct {
		Place
		Merged bool
	}, err error) {
		return p, row.Scan(&p.Commune, &p.Province, &p.Merged)
	}, `select commune, province, merged_into is not null from producers where id in ($1, $2) and name <> '' order by id for update`, from, into)
	if err != nil {
		return err
	}
	if len(both) < 2 {
		return ErrNotYours
	}
	for _, p := range both {
		if err := tx.officer(ctx, by, p.Place); err != nil {
			return err
		}
	}
	if both[0].Merged || both[1].Merged {
		return ErrClosed
	}
	doubled, err := tx.doubled(ctx, from, into)
	if err != nil {
		return err
	}
	var withdrawn []int64
	for _, d := range doubled {
		i := slices.IndexFunc(d[:], func(p Product) bool { return p.State == Submitted && !p.Listed })
		if i < 0 {
			return &ExistsError{Product: d[1].ID}
		}
		withdrawn = append(withdrawn, d[i].ID)
	}
	same, err := tx.joinProducers(ctx, from, into, withdrawn)
	if err != nil {
		return err
	}
	if err := tx.Audit(ctx, PersonActor(by), actMergeProducers, producerCode(into)); err != nil {
		return err
	}
	return tx.auditMoved(ctx, PersonActor(by), actMergeProducers, producerCode(from), &Moved{Into: into, Same: []Same{*same}})
}

// sameHouseholds makes one of two households of a person that are the same: theirs
// alone, with one name, in one commune. moved are those that came with a merge.
func (tx *Tx) sameHouseholds(ctx context.Context, person int64, moved []int64) ([]Same, error) {
	mine, err := all(ctx, tx.q, pgx.RowToStructByName[Producer], `select `+producerColumns+` from producers p
		where kind = 'household' and exists (select from members where producer = p.id and person = $1)
			and not exists (select from members where producer = p.id and person <> $1)
		order by id for update of p`, person)
	if err != nil {
		return nil, err
	}
	var same []Same
	for _, g := range mine {
		for _, s := range mine {
			if !slices.Contains(moved, g.ID) || slices.Contains(moved, s.ID) || g.Commune != s.Commune || fold(g.Name) != fold(s.Name) {
				continue
			}
			doubled, err := tx.doubled(ctx, g.ID, s.ID)
			if err != nil && !errors.Is(err, ErrFull) {
				return nil, err
			}
			if err == nil && len(doubled) == 0 {
				one, err := tx.joinProducers(ctx, g.ID, s.ID, nil)
				if err != nil {
					return nil, err
				}
				same = append(same, *one)
			}
			break
		}
	}
	return same, nil
}

// doubled are the products of two producers that have one name, those of the first
// before. ErrFull: they have too many for one.
func (r *Reader) doubled(ctx context.Context, from, into int64) ([][2]Product, error) {
	products, err := all(ctx, r.q, readProduct, `select `+productColumns+` from products p where producer in ($1, $2) order by id`, from, into)
	if err != nil {
		return nil, err
	}
	if len(products) > MaxProducts {
		return nil, ErrFull
	}
	var out [][2]Product
	for _, p := range products {
		for _, o := range products {
			if p.Producer == from && o.Producer == into && p.State != Withdrawn && o.State != Withdrawn && sameName(p.Name, o.Name) {
				out = append(out, [2]Product{p, o})
			}
		}
	}
	return out, nil
}

// joinProducers gives all a producer has to another that is the same, whose row is
// held. The withdrawn products give way first.
func (tx *Tx) joinProducers(ctx context.Context, from, into int64, withdrawn []int64) (*Same, error) {
	s := &Same{Producer: from, Into: into, Withdrawn: withdrawn}
	if _, err := tx.exec(ctx, `update products set state = 'withdrawn', updated = $2 where id = any($1)`, withdrawn, tx.now); err != nil {
		return nil, err
	}
	var err error
	if s.Taken, err = one(ctx, tx.q, pgx.RowTo[[]string], `select array_remove(array[
			case when t.phone = '' and f.phone <> '' then 'phone' end,
			case when t.registered = 'unknown' and f.registered <> 'unknown' then 'registered' end,
			case when t.commune = '' and f.commune <> '' then 'commune' end,
			case when t.province = '' and f.province <> '' then 'province' end,
			case when t.contact = '' and f.contact <> '' then 'contact' end,
			case when t.place_said = '' and f.place_said <> '' then 'place_said' end,
			case when not t.listed and f.listed then 'listed' end], null)
		from producers t, producers f where f.id = $1 and t.id = $2`, from, into); err != nil {
		return nil, err
	}
	if _, err := tx.exec(ctx, `update producers t set phone = coalesce(nullif(t.phone, ''), f.phone),
			registered = case t.registered when 'unknown' then f.registered else t.registered end,
			commune = coalesce(nullif(t.commune, ''), f.commune), province = coalesce(nullif(t.province, ''), f.province),
			contact = coalesce(nullif(t.contact, ''), f.contact), place_said = coalesce(nullif(t.place_said, ''), f.place_said),
			listed = t.listed or f.listed, updated = $3
		from producers f where t.id = $2 and f.id = $1`, from, into, tx.now); err != nil {
		return nil, err
	}
	if s.Kept, err = all(ctx, tx.q, readMember, `select 0::bigint, person, role from members
		where producer = $2 and person in (select person from members where producer = $1) order by person`, from, into); err != nil {
		return nil, err
	}
	if s.Members, err = all(ctx, tx.q, readMember, `with gone as (delete from members where producer = $1 returning person, role, since), moved as (
			insert into members as m (producer, person, role, since) select $2, person, role, since from gone order by person
			on conflict (producer, person) do update set since = least(m.since, excluded.since),
				role = case when 'manager' in (m.role, excluded.role) then 'manager' else 'helper' end)
		select 0::bigint, person, role from gone order by person`, from, into); err != nil {
		return nil, err
	}
	if _, err := tx.exec(ctx, `delete from claims c where producer = $1 and state = 'open'
		and exists (select from claims o where o.person = c.person and o.producer = $2 and o.state = 'open')`, from, into); err != nil {
		return nil, err
	}
	for _, move := range []struct {
		ids *[]int64
		sql string
	}{
		{&s.Products, `update products set producer = $2 where producer = $1 returning id`},
		{&s.Claims, `update claims set producer = $2 where producer = $1 returning id`},
		{&s.Producers, `update producers set merged_into = $2 where merged_into = $1 returning id`},
	} {
		if *move.ids, err = all(ctx, tx.q, pgx.RowTo[int64], move.sql, from, into); err != nil {
			return nil, err
		}
	}
	if _, err := tx.exec(ctx, `update producers set merged_into = $2 where id = $1`, from, into); err != nil {
		return nil, err
	}
	return s, tx.changedCatalogue(ctx)
}
