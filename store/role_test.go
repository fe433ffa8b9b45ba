package store_test

import (
	"slices"
	"testing"

	"lensan/bot/vietnamese"
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

func TestCovers(t *testing.T) {
	t.Parallel()
	commune, province := store.Roles{{Kind: store.RoleOfficer, Areas: []string{"02761"}}}, store.Roles{{Kind: store.RoleOfficer, Areas: []string{"15"}}}
	admin, none := store.Roles{{Kind: store.RoleAdmin}}, store.Roles(nil)
	two := store.Roles{{Kind: store.RoleHelper, Areas: []string{"02923"}}, {Kind: store.RoleOfficer, Areas: []string{"02761"}}}
	here, near, away := store.Place{Commune: "02761"}, store.Place{Commune: "02923", Province: "08"}, store.Place{Commune: vietnamese.CommunesOf("08")[0].Code}
	for _, c := range []struct {
		name string
		rs   store.Roles
		at   store.Place
		want bool
	}{
		{"commune, here", commune, here, true}, {"commune, near", commune, near, false}, {"commune, away", commune, away, false},
		{"commune, the province's", commune, store.Place{Province: "15"}, false}, {"commune, nowhere", commune, store.Place{}, false},
		{"province, here", province, here, true}, {"province, near: the commune says where it is", province, near, true},
		{"province, away", province, away, false}, {"province, the province's", province, store.Place{Province: "15"}, true},
		{"province, another's", province, store.Place{Province: "08"}, false}, {"province, nowhere", province, store.Place{}, false},
		{"admin, away", admin, away, true}, {"admin, nowhere", admin, store.Place{}, true}, {"none", none, here, false},
		{"a helper's", two, near, true}, {"a helper's, for an officer", two.Officers(), near, false}, {"an officer's", two.Officers(), here, true},
	} {
		if got := c.rs.Covers(c.at); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if n := len(province.Communes()); n != len(vietnamese.CommunesOf("15")) {
		t.Errorf("%d communes of a province", n)
	}
	if n := len(admin.Communes()); n != 3321 {
		t.Errorf("%d communes of all", n)
	}
	if !admin.Is(store.RoleHelper) || two.Is(store.RoleAdmin) || none.Is(store.RoleHelper) || !two.Is(store.RoleOfficer) {
		t.Error("an admin is an officer is a helper")
	}
}

func TestOfficersOf(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	boss, here := r.officer(store.RoleOfficer, "15"), r.officer(store.RoleOfficer, "02923", "02761")
	r.officer(store.RoleHelper, "02761")
	r.officer(store.RoleOfficer, "08")
	for _, c := range []struct {
		at   store.Place
		want []int64
	}{
		{store.Place{Commune: "02761"}, []int64{here, boss}}, {store.Place{Commune: "02728"}, []int64{boss}},
		{store.Place{Province: "15"}, []int64{boss}}, {store.Place{}, nil},
	} {
		list, err := r.Read().OfficersOf(ctx, c.at)
		r.must(err)
		var got []int64
		for _, o := range list {
			got = append(got, o.Person)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.at, got, c.want)
		}
	}
	// The same role twice is one.
	r.change(func(tx *store.Tx) error {
		code, err := tx.Invite(ctx, store.Invitation{By: store.CommandLine, Role: store.RoleOfficer, Areas: []string{"02761"}})
		r.must(err)
		_, err = tx.Accept(ctx, here, code)
		return err
	})
	if roles, err := r.Read().RolesOf(ctx, here); err != nil || len(roles) != 1 {
		t.Errorf("%+v, %v", roles, err)
	}
}
