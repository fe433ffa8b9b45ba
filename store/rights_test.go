package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"lensan/bot/vietnamese"
	"lensan/store"
)

// site is a place with something of every kind that officers deal with.
type site struct {
	name              string
	place             store.Place
	producer, doubled int64 // listed, claimed by nobody; another of the same
	claim, request    int64
	people, producers int64 // merges, in the audit log
	helper, officer   int64 // roles there; 0: there can be none
}

// areas are those of a role for the site.
func (s site) areas() []string {
	switch {
	case s.place.Commune != "":
		return []string{s.place.Commune}
	case s.place.Province != "":
		return []string{s.place.Province}
	}
	return nil
}

func (r *records) site(name string, place store.Place) site {
	r.t.Helper()
	ctx, s := r.t.Context(), site{name: name, place: place}
	listed := func(name string) (id int64) {
		id, err := query[int64](r.t, r.address, `insert into producers (kind, name, commune, province, listed)
			values ('cooperative', $1, $2, $3, true) returning id`, name, place.Commune, place.Province)
		r.must(err)
		return id
	}
	s.producer, s.doubled = listed("HTX "+name), listed("HTX "+name+" hai")
	from, into := listed("HTX "+name+" ba"), listed("HTX "+name+" bốn")
	admin := r.officer(store.RoleAdmin)
	r.change(func(tx *store.Tx) error {
		person := func(commune string) int64 {
			p, err := tx.AddPerson(ctx, store.Person{Name: "Người " + name, Commune: commune})
			r.must(err)
			return p.ID
		}
		claimant := person("")
		_, err := tx.Claim(ctx, claimant, s.producer)
		r.must(err)
		q, err := tx.AddRequest(ctx, store.Request{Chat: "web::" + name, Topic: "menu", Commune: place.Commune})
		r.must(err)
		s.request = q.ID
		one, other := person(place.Commune), person("")
		if place.Commune == "" { // where their producer is
			_, err := tx.AddProducer(ctx, one, store.Producer{Kind: store.Household, Name: "Nhà " + name})
			r.must(err)
		}
		_, err = tx.Merge(ctx, one, other, "", "person 1")
		r.must(err)
		return tx.MergeProducers(ctx, admin, from, into)
	})
	r.must(r.sql(`update producers set province = $1 where name = $2`, place.Province, "Nhà "+name))
	s.claim = int64(r.count(`select max(id) from claims`))
	s.people = int64(r.count(`select max(id) from audit where act = 'merge person'`))
	s.producers = int64(r.count(`select max(id) from audit where act = 'merge producers'`))
	if areas := s.areas(); areas != nil {
		role := func(kind string) int64 {
			roles, err := r.Read().RolesOf(ctx, r.officer(kind, areas...))
			r.must(err)
			return roles[0].ID
		}
		s.helper, s.officer = role(store.RoleHelper), role(store.RoleOfficer)
	}
	return s
}

var errUndo = errors.New("undo what the test did")

// TestRights tries everything an officer can do, in every role, in every place.
func TestRights(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	elsewhere := vietnamese.CommunesOf("08")[0].Code
	sites := []site{
		r.site("own", store.Place{Commune: "02761", Province: "15"}),
		r.site("neighbour", store.Place{Commune: "02923", Province: "15"}),
		r.site("away", store.Place{Commune: elsewhere, Province: "08"}),
		r.site("somewhere", store.Place{Province: "15"}),
		r.site("nowhere", store.Place{}),
	}
	people := []struct {
		name   string
		id     int64
		covers []string // sites
	}{
		{"nobody", 0, nil},
		{"member", r.lan, nil},
		{"helper", r.officer(store.RoleHelper, "02761"), nil},
		{"commune officer", r.officer(store.RoleOfficer, "02761"), []string{"own"}},
		{"province officer", r.officer(store.RoleOfficer, "15"), []string{"own", "neighbour", "somewhere"}},
		{"admin", r.officer(store.RoleAdmin), []string{"own", "neighbour", "away", "somewhere", "nowhere"}},
		{"former admin", r.former(), nil},
	}
	for _, who := range people {
		for _, s := range sites {
			for _, act := range acts {
				want := slices.Contains(who.covers, s.name)
				if act.may != nil {
					want = act.may(who.name, s, want)
				}
				err := r.Change(t.Context(), func(tx *store.Tx) error {
					if err := act.do(t.Context(), tx, who.id, s); err != nil {
						return err
					}
					return errUndo
				})
				switch {
				case want && !errors.Is(err, errUndo):
					t.Errorf("%s, %s: %s: %v", who.name, s.name, act.name, err)
				case !want && !errors.Is(err, store.ErrNotYours):
					t.Errorf("%s, %s: %s is allowed (%v)", who.name, s.name, act.name, err)
				}
			}
		}
	}
	// A number that is nothing's tells no more than one that is another's.
	for _, who := range people[:len(people)-2] {
		for _, act := range acts {
			err := r.Change(t.Context(), func(tx *store.Tx) error { return act.do(t.Context(), tx, who.id, site{name: "none"}) })
			if !errors.Is(err, store.ErrNotYours) {
				t.Errorf("%s, nothing: %s: %v", who.name, act.name, err)
			}
		}
	}
}

// former is somebody whose role has ended.
func (r *records) former() int64 {
	id := r.officer(store.RoleAdmin)
	roles, err := r.Read().RolesOf(r.t.Context(), id)
	r.must(err)
	r.change(func(tx *store.Tx) error { return tx.EndRole(r.t.Context(), id, roles[0].ID, 0) })
	return id
}

// acts are all things an officer can do; may says who may where it is not who covers
// the place.
var acts = []struct {
	name string
	do   func(context.Context, *store.Tx, int64, site) error
	may  func(who string, s site, covers bool) bool
}{
	{name: "Decide", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.Decide(ctx, by, s.claim, true)
		return err
	}},
	{name: "Decide no", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.Decide(ctx, by, s.claim, false)
		return err
	}},
	{name: "Call", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error { return tx.Call(ctx, by, s.producer) }},
	{name: "Act", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		return tx.Act(ctx, by, s.place, "look", "CT-000001")
	}},
	{name: "CloseRequest", may: toldCommunes, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.CloseRequest(ctx, by, s.request, "")
		return err
	}},
	{name: "RequestFor", may: toldCommunes, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.RequestFor(ctx, by, s.request)
		return err
	}},
	{name: "MergeProducers", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		return tx.MergeProducers(ctx, by, s.doubled, s.producer)
	}},
	{name: "Undo people", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error { return tx.Undo(ctx, by, s.people) }},
	{name: "Undo producers", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error { return tx.Undo(ctx, by, s.producers) }},
	{name: "Invite manager", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.Invite(ctx, store.Invitation{By: by, Role: store.Manager, Producer: cmp.Or(s.producer, 999)})
		return err
	}},
	{name: "Invite helper of a producer", do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.Invite(ctx, store.Invitation{By: by, Role: store.Helper, Producer: cmp.Or(s.producer, 999)})
		return err
	}},
	{name: "Invite helper", may: communesOnly, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		return invite(ctx, tx, by, store.RoleHelper, s)
	}},
	{name: "Invite officer", may: higher, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		return invite(ctx, tx, by, store.RoleOfficer, s)
	}},
	{name: "Invite admin", may: func(who string, _ site, _ bool) bool { return who == "admin" }, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		_, err := tx.Invite(ctx, store.Invitation{By: by, Role: store.RoleAdmin})
		return err
	}},
	{name: "EndRole helper", may: communesOnly, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		return tx.EndRole(ctx, by, s.helper, 0)
	}},
	{name: "EndRole officer", may: higher, do: func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		return tx.EndRole(ctx, by, s.officer, 0)
	}},
	{name: "ClaimsFor", do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Claim, error) {
		return r.ClaimsFor(ctx, by)
	},
		func(c store.Claim, s site) bool { return c.ID == s.claim })},
	{name: "CallList", do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Producer, error) {
		return r.CallList(ctx, by, 100)
	},
		func(p store.Producer, s site) bool { return p.ID == s.producer })},
	{name: "RequestsFor", may: toldCommunes, do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Request, error) {
		return r.RequestsFor(ctx, by, 100)
	},
		func(q store.Request, s site) bool { return q.ID == s.request })},
	{name: "Merges people", do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Joined, error) {
		return r.Merges(ctx, by, 100)
	},
		func(j store.Joined, s site) bool { return j.ID == s.people })},
	{name: "Merges producers", do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Joined, error) {
		return r.Merges(ctx, by, 100)
	},
		func(j store.Joined, s site) bool { return j.ID == s.producers })},
	{name: "Team helper", may: communesOnly, do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Officer, error) { return r.Team(ctx, by) },
		func(o store.Officer, s site) bool { return s.helper != 0 && o.ID == s.helper })},
	{name: "Team officer", may: higher, do: sees(func(ctx context.Context, r *store.Reader, by int64) ([]store.Officer, error) { return r.Team(ctx, by) },
		func(o store.Officer, s site) bool { return s.officer != 0 && o.ID == s.officer })},
}

// communesOnly: helpers are of communes, except an admin's.
func communesOnly(who string, s site, covers bool) bool {
	return covers && s.helper != 0 && (s.place.Commune != "" || who == "admin")
}

// toldCommunes: requests of people who have not told their commune are an admin's.
func toldCommunes(who string, s site, covers bool) bool {
	return covers && (s.place.Commune != "" || who == "admin")
}

// higher: officers are under those of their province.
func higher(who string, s site, covers bool) bool {
	return covers && s.officer != 0 && (who == "admin" || who == "province officer" && s.place.Commune != "")
}

// sees makes an act of a look-up: refused where the site's record is not among what is
// found.
func sees[T any](look func(context.Context, *store.Reader, int64) ([]T, error), is func(T, site) bool) func(context.Context, *store.Tx, int64, site) error {
	return func(ctx context.Context, tx *store.Tx, by int64, s site) error {
		list, err := look(ctx, &tx.Reader, by)
		if err == nil && !slices.ContainsFunc(list, func(v T) bool { return is(v, s) }) {
			err = fmt.Errorf("not seen: %w", store.ErrNotYours)
		}
		return err
	}
}

func invite(ctx context.Context, tx *store.Tx, by int64, role string, s site) error {
	areas := s.areas()
	if areas == nil {
		return store.ErrNotYours // there is no role for it
	}
	_, err := tx.Invite(ctx, store.Invitation{By: by, Role: role, Areas: areas})
	return err
}
