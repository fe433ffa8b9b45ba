package store_test

import (
	"testing"

	"lensan/store"
)

// TestSuccessors: what waits for an officer is counted and goes to whom it is given; who
// may take it is found.
func TestSuccessors(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	officer := func(area string) (person int64) {
		r.change(func(tx *store.Tx) error {
			p, err := tx.AddPerson(ctx, store.Person{Name: "Officer of " + area})
			r.must(err)
			code, err := tx.Invite(ctx, store.Invitation{By: store.CommandLine, Role: store.RoleOfficer, Areas: []string{area}})
			r.must(err)
			person = p.ID
			_, err = tx.Accept(ctx, p.ID, code)
			return err
		})
		return person
	}
	leaves, stays, province, elsewhere := officer("02761"), officer("02761"), officer("15"), officer("02839")
	r.change(func(tx *store.Tx) error {
		for _, commune := range []string{"02761", "02761", "02839", ""} {
			_, err := tx.AddRequest(ctx, store.Request{Chat: "web::" + commune, Topic: "menu", Commune: commune})
			r.must(err)
			_, err = tx.AddRequest(ctx, store.Request{Chat: "web::more" + commune, Topic: "menu", Commune: commune})
			r.must(err)
		}
		return nil
	})
	roles, err := r.Read().RolesOf(ctx, leaves)
	r.must(err)
	waiting := func(role store.Role) int {
		n, err := r.Read().Waiting(ctx, role)
		r.must(err)
		return n
	}
	if n := waiting(roles[0]); n != 2 {
		t.Errorf("%d wait, want 2", n)
	}
	may, err := r.Read().Successors(ctx, roles[0])
	if err != nil || len(may) != 2 || may[0].Person != stays || may[1].Person != province {
		t.Errorf("%+v, %v", may, err)
	}
	if may, err := r.Read().Successors(ctx, store.Role{Kind: store.RoleAdmin, Person: leaves}); err != nil || len(may) != 0 {
		t.Errorf("of an admin: %+v, %v", may, err)
	}
	r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.EndRole(ctx, province, roles[0].ID, elsewhere) })
	r.change(func(tx *store.Tx) error { return tx.EndRole(ctx, province, roles[0].ID, stays) })
	if n := r.count(`select count(*) from requests where officer = $1`, stays); n != 2 {
		t.Errorf("%d handed over, want 2", n)
	}
	if role, err := r.Read().Role(ctx, roles[0].ID); err != nil || role.Ended == nil || role.Person != leaves {
		t.Errorf("%+v, %v", role, err)
	}
	mine, err := r.Read().RolesOf(ctx, stays)
	r.must(err)
	if n := waiting(mine[0]); n != 2 {
		t.Errorf("%d wait for the one who stays, want 2", n)
	}
	mine, err = r.Read().RolesOf(ctx, province)
	r.must(err)
	if n := waiting(mine[0]); n != 2 { // 02839's: the others are somebody's
		t.Errorf("%d wait for the province, want 2", n)
	}
}

// TestSuccessorOfAdmin: what waited for an admin is an admin's.
func TestSuccessorOfAdmin(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	leaves, admin := r.officer(store.RoleAdmin), r.officer(store.RoleAdmin)
	commune, province := r.officer(store.RoleOfficer, "02761"), r.officer(store.RoleOfficer, "15")
	roles, err := r.Read().RolesOf(ctx, leaves)
	r.must(err)
	for _, to := range []int64{leaves, commune, province, r.lan} {
		r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.EndRole(ctx, admin, roles[0].ID, to) })
	}
	r.change(func(tx *store.Tx) error { return tx.EndRole(ctx, leaves, roles[0].ID, admin) })
}
