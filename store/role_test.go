package store_test

import (
	"lensan/store"
)

// officer is a new person with a role.
func (r *records) officer(kind string, areas ...string) int64 {
	r.t.Helper()
	ctx := r.t.Context()
	var id int64
	r.change(func(tx *store.Tx) error {
		p, err := tx.AddPerson(ctx, store.Person{Name: "Cán bộ " + kind})
		r.must(err)
		code, err := tx.Invite(ctx, store.Invitation{By: store.CommandLine, Role: kind, Areas: areas})
		r.must(err)
		_, err = tx.Accept(ctx, p.ID, code)
		id = p.ID
		return err
	})
	return id
}
