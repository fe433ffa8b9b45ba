package store

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// Search finds products by what somebody says of them: the name, the producer, the
// commune of today or before, a decision's number or a code, with or without marks,
// the best first. Found is what everybody may know: what stands in an officer's list
// or was certified. It is safe for concurrent use.
func (db *DB) Search(ctx context.Context, said string, limit int) ([]Listed, error) {
	return db.SearchAs(ctx, 0, said, limit)
}

// SearchAs is [DB.Search] for a person, who also finds what their producers have
// registered, and, as an officer, what was registered in their area.
func (db *DB) SearchAs(ctx context.Context, person int64, said string, limit int) ([]Listed, error) {
	c, err := db.finder.catalogue(ctx, db)
	if err != nil {
		return nil, err
	}
	r := db.Read()
	sees := func(e entry) bool { return e.public }
	if person != 0 {
		if sees, err = r.seesBeyond(ctx, person); err != nil {
			return nil, err
		}
	}
	var ids []int64
	for _, i := range c.find(said) {
		if len(ids) == limit {
			break
		}
		if e := c.entries[i]; sees(e) {
			ids = append(ids, e.id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := r.listed(ctx, `p.id = any($1) and p.state <> 'withdrawn'`, ids)
	slices.SortFunc(list, func(a, b Listed) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	return list, err
}

// Known reports whether something everybody may know of goes by what was said, as far
// as was read for the last search: it asks nobody, so it may be behind.
func (db *DB) Known(said string) bool {
	c := db.finder.read.Load()
	return c != nil && slices.ContainsFunc(c.find(said), func(i int) bool { return c.entries[i].public })
}

// seesBeyond tells of an entry whether a person sees it.
func (r *Reader) seesBeyond(ctx context.Context, person int64) (func(entry) bool, error) {
	mine, err := all(ctx, r.q, pgx.RowTo[int64], `select producer from members where person = $1`, person)
	if err != nil {
		return nil, err
	}
	rs, err := r.RolesOf(ctx, person)
	officer := rs.Officers()
	return func(e entry) bool { return e.public || slices.Contains(mine, e.producer) || officer.Covers(e.place) }, err
}

// changedCatalogue tells that something that can be searched for has changed. It
// comes late in a change: who changes something else waits from here on.
func (tx *Tx) changedCatalogue(ctx context.Context) error {
	_, err := tx.exec(ctx, `update catalogue set version = version + 1 where one`)
	return err
}

// finder keeps the catalogue as it was last read.
type finder struct {
	read    atomic.Pointer[catalogue]
	reading sync.Mutex
}

// catalogue returns the catalogue of today: read again when somebody has changed it,
// by whoever comes first.
func (f *finder) catalogue(ctx context.Context, db *DB) (*catalogue, error) {
	version := func() (int64, error) {
		return one(ctx, db.pool, pgx.RowTo[int64], `select version from catalogue where one`)
	}
	now, err := version()
	if err != nil {
		return nil, err
	}
	if c := f.read.Load(); c != nil && c.version >= now {
		return c, nil
	}
	f.reading.Lock()
	defer f.reading.Unlock()
	if now, err = version(); err != nil {
		return nil, err
	}
	if c := f.read.Load(); c != nil && c.version >= now {
		return c, nil
	}
	entries, err := all(ctx, db.pool, readEntry, catalogueQuery)
	if err != nil {
		return nil, err
	}
	c := newCatalogue(now, entries)
	f.read.Store(c)
	return c, nil
}
