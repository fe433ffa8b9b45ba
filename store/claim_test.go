package store_test

import (
	"errors"
	"testing"

	"lensan/store"
)

// claimed claims a producer and returns the claim; 0: it was accepted at once.
func (r *records) claimed(person, producer int64) int64 {
	r.t.Helper()
	accepted := false
	r.change(func(tx *store.Tx) (err error) { accepted, err = tx.Claim(r.t.Context(), person, producer); return err })
	if accepted {
		return 0
	}
	return int64(r.count(`select id from claims where person = $1 and producer = $2 and state = 'open'`, person, producer))
}

// maker is the producer of a listed product.
func (r *records) maker(product int64) int64 {
	r.t.Helper()
	p, err := r.Read().Product(r.t.Context(), product)
	r.must(err)
	return p.Producer
}

func TestClaim(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	here, boss := r.officer(store.RoleOfficer, "02761"), r.officer(store.RoleOfficer, "15")
	tea := r.maker(r.list("Chè", "HTX Chè", "02761"))
	r.must(r.sql(`update producers set phone = '0987654321' where id = $1`, tea))

	// The list's number, but not verified: an officer decides.
	r.change(func(tx *store.Tx) error {
		_, err := tx.UpdatePerson(ctx, r.lan, func(p *store.Person) { p.Phone = "0987654321" })
		return err
	})
	claim := r.claimed(r.lan, tea)
	if claim == 0 || r.claimed(r.lan, tea) != claim {
		t.Error("one open claim of a producer for a person")
	}
	list, err := r.Read().ClaimsFor(ctx, here)
	if err != nil || len(list) != 1 || list[0].ProducerName != "HTX Chè" || list[0].PersonName != "Lò Thị Lan" || list[0].Phone != "0987654321" || list[0].PhoneVerified {
		t.Errorf("%+v, %v", list, err)
	}
	r.change(func(tx *store.Tx) error {
		c, err := tx.Decide(ctx, here, claim, false)
		if c.State != store.ClaimRefused || c.Decided == nil {
			t.Errorf("%+v", c)
		}
		return err
	})
	r.refused(store.ErrClosed, func(tx *store.Tx) error { _, err := tx.Decide(ctx, boss, claim, true); return err })

	// Verified: at once.
	r.change(func(tx *store.Tx) error {
		_, err := tx.UpdatePerson(ctx, r.lan, func(p *store.Person) { p.PhoneVerified = true })
		return err
	})
	for range 2 { // again, too
		if r.claimed(r.lan, tea) != 0 {
			t.Error("a verified number does not do")
		}
	}
	mine, err := r.Read().ProducersOf(ctx, r.lan)
	if err != nil || len(mine) != 2 || mine[1].ID != tea {
		t.Errorf("%+v, %v", mine, err)
	}
	// Now that somebody speaks for it, its number may be theirs by their own word.
	r.change(func(tx *store.Tx) error {
		_, err := tx.UpdateProducer(ctx, r.lan, tea, func(p *store.Producer) { p.Phone = "0911111111" })
		r.must(err)
		_, err = tx.UpdatePerson(ctx, r.minh, func(p *store.Person) { p.Phone, p.PhoneVerified = "0911111111", true })
		return err
	})
	claim = r.claimed(r.minh, tea)
	if claim == 0 {
		t.Fatal("a producer with members was claimed at once")
	}
	r.change(func(tx *store.Tx) error { _, err := tx.Decide(ctx, boss, claim, true); return err })
	if role, err := query[string](t, r.address, `select role from members where producer = $1 and person = $2`, tea, r.minh); err != nil || role != store.Manager {
		t.Errorf("%s, %v", role, err)
	}
	log, err := r.Read().AuditOf(ctx, r.minh, 10)
	if err != nil || len(log) != 1 || log[0].Act != "accept claim" || log[0].Office != "officer 15" {
		t.Errorf("%+v, %v", log, err)
	}
	if log, err := r.Read().AuditOf(ctx, r.lan, 10); err != nil || len(log) != 1 || log[0].Act != "refuse claim" || log[0].Office != "officer 02761" {
		t.Errorf("%+v, %v", log, err) // not that minh's was accepted, nor what lan did
	}

	// What no list names cannot be claimed, nor a row without a name.
	r.must(r.sql(`insert into producers (kind, name, listed) values ('', '', true)`))
	for _, id := range []int64{r.household, 999, int64(r.count(`select id from producers where name = ''`))} {
		r.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Claim(ctx, r.minh, id); return err })
	}
	// An officer does not decide about themselves.
	own := r.claimed(here, r.maker(r.list("Cốm", "HTX Cốm", "02761")))
	r.refused(store.ErrNotYours, func(tx *store.Tx) error { _, err := tx.Decide(ctx, here, own, true); return err })
	if list, err := r.Read().ClaimsFor(ctx, here); err != nil || len(list) != 0 {
		t.Errorf("sees their own: %+v, %v", list, err)
	}
	// Nobody claims everything.
	err = nil
	for i := 0; i < store.MaxClaims+1 && err == nil; i++ {
		producer := r.maker(r.list("Gạo", "HTX Gạo", "02761"))
		err = r.Change(ctx, func(tx *store.Tx) error { _, err := tx.Claim(ctx, r.minh, producer); return err })
	}
	if !errors.Is(err, store.ErrFull) {
		t.Errorf("all were claimed: %v", err)
	}
}

func TestCallList(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	boss := r.officer(store.RoleOfficer, "15")
	var ids []int64
	for _, commune := range []string{"02761", "", "02923", "02761"} {
		ids = append(ids, r.maker(r.list("Chè", "HTX", commune)))
	}
	r.must(r.sql(`update producers set phone = '0987654321' where id = $1`, ids[0]))
	r.change(func(tx *store.Tx) error {
		r.must(tx.AddMember(ctx, ids[3], r.lan, store.Manager))
		return tx.Call(ctx, boss, ids[1])
	})
	list, err := r.Read().CallList(ctx, boss, 10)
	if err != nil || len(list) != 3 || list[0].ID != ids[2] || list[1].ID != ids[0] || list[2].ID != ids[1] || list[2].Called == nil {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := r.Read().CallList(ctx, boss, 1); err != nil || len(list) != 1 {
		t.Errorf("%d, %v", len(list), err)
	}
}

// TestHandOver ends a role: what waits goes to who takes over.
func TestHandOver(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	leaves, other, boss, away := r.officer(store.RoleOfficer, "02761", "02923"), r.officer(store.RoleOfficer, "02761"),
		r.officer(store.RoleOfficer, "15"), r.officer(store.RoleOfficer, "08")
	claim := r.claimed(r.lan, r.maker(r.list("Chè", "HTX Chè", "02923")))
	theirs, somebody := int64(0), int64(0)
	r.change(func(tx *store.Tx) error {
		q, err := tx.AddRequest(ctx, store.Request{Chat: "web::1", Topic: "menu", Commune: "02761"})
		r.must(err)
		theirs = q.ID
		q, err = tx.AddRequest(ctx, store.Request{Chat: "web::2", Topic: "menu", Commune: "02761"})
		somebody = q.ID
		return err
	})
	r.must(r.sql(`update requests set officer = $1 where id = $2`, leaves, theirs))
	r.must(r.sql(`update requests set officer = $1 where id = $2`, boss, somebody))
	roles, err := r.Read().RolesOf(ctx, leaves)
	r.must(err)
	for _, to := range []int64{leaves, other, away, r.lan, 999} { // not of all of the area
		r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.EndRole(ctx, boss, roles[0].ID, to) })
	}
	r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.EndRole(ctx, other, roles[0].ID, 0) })
	r.change(func(tx *store.Tx) error { return tx.EndRole(ctx, boss, roles[0].ID, boss) })
	r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.EndRole(ctx, boss, roles[0].ID, 0) })
	if roles, err := r.Read().RolesOf(ctx, leaves); err != nil || len(roles) != 0 {
		t.Errorf("%+v, %v", roles, err)
	}
	requests, err := r.Read().RequestsFor(ctx, boss, 10)
	if err != nil || len(requests) != 2 || requests[0].Officer != boss || requests[1].Officer != boss {
		t.Errorf("%+v, %v", requests, err)
	}
	claims, err := r.Read().ClaimsFor(ctx, boss)
	if err != nil || len(claims) != 1 || claims[0].ID != claim || claims[0].Officer != boss {
		t.Errorf("%+v, %v", claims, err)
	}
	log, err := r.Read().AuditOf(ctx, leaves, 10)
	if err != nil || len(log) != 1 || log[0].Act != "end role officer" || log[0].Office != "officer 15" {
		t.Errorf("%+v, %v", log, err)
	}
	// Nobody special: what was handed over is for all again.
	if roles, err = r.Read().RolesOf(ctx, boss); err != nil {
		t.Fatal(err)
	}
	r.change(func(tx *store.Tx) error { return tx.EndRole(ctx, boss, roles[0].ID, 0) })
	if n := r.count(`select count(*) from requests where officer is not null`) + r.count(`select count(*) from claims where officer is not null`); n != 0 {
		t.Errorf("%d wait for one who left", n)
	}
}
