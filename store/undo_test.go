package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lensan/store"
)

// snapshot is all that a merge may change, as text, without times and turns.
func (r *records) snapshot() string {
	r.t.Helper()
	s, err := query[string](r.t, r.address, `select concat_ws(E'\n',
		(select string_agg(format('person %s %s %s %s %s into %s', id, name, phone, phone_verified, commune, merged_into), E'\n' order by id) from people),
		(select string_agg(format('chat %s of %s', chat, person), E'\n' order by chat) from chats),
		(select string_agg(format('member %s %s %s', producer, person, role), E'\n' order by producer, person) from members),
		(select string_agg(format('producer %s %s %s %s %s into %s', id, name, phone, registered, listed, merged_into), E'\n' order by id) from producers),
		(select string_agg(format('product %s %s %s %s', id, producer, name, state), E'\n' order by id) from products),
		(select string_agg(format('file %s %s', id, person), E'\n' order by id) from files),
		(select string_agg(format('request %s %s', id, person), E'\n' order by id) from requests),
		(select string_agg(format('role %s %s', id, person), E'\n' order by id) from roles),
		(select string_agg(format('claim %s %s %s', id, person, producer), E'\n' order by id) from claims),
		(select string_agg(format('invitation %s to %s by %s', id, producer, by), E'\n' order by id) from invitations where used is null),
		(select string_agg(format('speaker %s %s', chat, person), E'\n' order by chat, person) from speakers),
		(select string_agg(format('consents %s %s records %s reminders %s', id, name, consented(id, 'records'), consented(id, 'reminders')), E'\n' order by id) from people))`)
	r.must(err)
	return s
}

// last is the number of the last act of a name in the audit log.
func (r *records) last(act string) int64 {
	r.t.Helper()
	return int64(r.count(`select max(id) from audit where act = $1`, act))
}

func (r *records) undo(by, merge int64) {
	r.t.Helper()
	r.change(func(tx *store.Tx) error { return tx.Undo(r.t.Context(), by, merge) })
}

// TestUndo merges two people who have everything, and parts them again: all is as it
// was.
func TestUndo(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	admin := r.officer(store.RoleAdmin)
	r.consent(r.lan)
	r.answer(r.lan, store.ConsentReminders, true)
	r.consent(r.minh)
	r.answer(r.minh, store.ConsentReminders, false)
	r.add("Gạo Séng Cù")
	listed, claimed := r.list("Chè", "HTX Chè", "02761"), r.list("Cốm", "HTX Cốm", "02761")
	r.change(func(tx *store.Tx) error {
		third, err := tx.AddPerson(ctx, store.Person{Name: "M"})
		r.must(err)
		_, err = tx.Merge(ctx, r.minh, third.ID, "", "person 2") // merged before
		r.must(err)
		r.must(tx.AddMember(ctx, r.coop, r.lan, store.Helper)) // minh manages it
		r.must(tx.AddMember(ctx, r.household, r.minh, store.Helper))
		double, err := tx.AddProducer(ctx, r.minh, store.Producer{Kind: store.Household, Name: "Lò Thị Lan", Commune: "02761", Phone: "0987654321", Registered: store.RegisteredYes})
		r.must(err)
		_, err = tx.AddProducer(ctx, r.lan, store.Producer{Kind: store.Household, Name: "lò thị lan", Commune: "02761"})
		r.must(err)
		_, err = tx.AddProduct(ctx, r.minh, store.Product{Producer: double.ID, Name: "Miến đao", Group: "food"})
		r.must(err)
		_, err = tx.UpdatePerson(ctx, r.lan, func(p *store.Person) { p.Name = "" })
		r.must(err)
		_, err = tx.UpdatePerson(ctx, r.minh, func(p *store.Person) { p.Phone, p.PhoneVerified = "0987654321", true })
		r.must(err)
		_, err = tx.AddFile(ctx, store.File{Person: r.minh, Channel: "zalo", Ref: "2"})
		r.must(err)
		_, err = tx.AddRequest(ctx, store.Request{Chat: "zalo:1:minh", Person: r.minh, Topic: "menu"})
		r.must(err)
		for person, products := range map[int64][]int64{r.lan: {listed}, r.minh: {claimed}} {
			for _, id := range products {
				p, err := tx.Product(ctx, id)
				r.must(err)
				_, err = tx.Claim(ctx, person, p.Producer)
				r.must(err)
			}
		}
		code, err := tx.Invite(ctx, store.Invitation{By: store.CommandLine, Role: store.RoleHelper, Areas: []string{"02761"}})
		r.must(err)
		_, err = tx.Accept(ctx, r.minh, code)
		r.must(err)
		_, err = tx.Invite(ctx, store.Invitation{By: admin, Role: store.RoleHelper, Areas: []string{"02761"}})
		return err
	})
	r.must(r.sql(`update invitations set by = $1 where used is null`, r.minh)) // when he was an officer
	r.words("web::lan", r.lan, time.Hour)
	r.words("zalo:1:minh", r.minh, time.Hour)
	r.words("web::minh", r.minh, time.Hour)
	r.must(r.sql(`insert into speakers (chat, person) values ('web::shared', $1), ('web::both', $1), ('web::both', $2)`, r.minh, r.lan))

	before := r.snapshot()
	for range 2 { // and again
		r.merge("zalo:1:minh")
		merge := r.last("merge person")
		if r.snapshot() == before {
			t.Fatal("the merge changed nothing")
		}
		list, err := r.Read().Merges(ctx, admin, 10)
		if err != nil || len(list) != 1 || list[0].ID != merge || list[0].Kind != store.JoinedPeople || list[0].Chats != 2 || list[0].Into != r.lan {
			t.Errorf("%+v, %v", list, err)
		}
		r.undo(admin, merge)
		if after := r.snapshot(); after != before {
			t.Errorf("\n%s\n--- before ---\n%s", after, before)
		}
		r.refused(store.ErrClosed, func(tx *store.Tx) error { return tx.Undo(ctx, admin, merge) })
	}
	if n := r.count(`select turn from chats where chat = 'web::minh'`); n < 5 {
		t.Errorf("a turn that runs there is not run again: %d", n)
	}
	for person, want := range map[int64]int{r.lan: 2, r.minh: 2} {
		log, err := r.Read().AuditOf(ctx, person, 10)
		if err != nil || len(log) != want || log[0].Act != "undo merge" || log[0].Office != "admin" {
			t.Errorf("person %d is told: %+v, %v", person, log, err)
		}
	}
}

// TestUndoLater: what came since stays with who stays, and what cannot be parted is
// refused.
func TestUndoLater(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	admin := r.officer(store.RoleAdmin)
	r.merge("")
	first := r.last("merge person")
	r.add("Gạo Séng Cù")
	r.change(func(tx *store.Tx) error {
		_, err := tx.UpdatePerson(ctx, r.lan, func(p *store.Person) { p.Phone, p.PhoneVerified = "0912345678", true })
		return err
	})
	r.change(func(tx *store.Tx) error { // merged further
		early, err := tx.AddPerson(ctx, store.Person{Name: "Già"})
		r.must(err)
		_, err = tx.Merge(ctx, r.lan, early.ID, "", "person 1")
		return err
	})
	r.undo(admin, first) // lan stayed again: the later merge is another's
	mine, err := r.Read().ProductsOf(ctx, r.lan)
	if err != nil || len(mine) != 1 {
		t.Errorf("%d products, %v", len(mine), err)
	}

	// The one who stays goes: who was merged into them cannot be parted before.
	r.merge("")
	second := r.last("merge person")
	r.must(r.sql(`update people set merged_into = $1 where id in ($2, $3)`, admin, r.lan, r.minh))
	r.refused(store.ErrClosed, func(tx *store.Tx) error { return tx.Undo(ctx, r.officer(store.RoleAdmin), second) })
	r.must(r.sql(`update people set merged_into = case when id = $1 then null else $1::bigint end where id in ($1, $2)`, r.lan, r.minh))

	// Nobody undoes their own.
	boss := r.officer(store.RoleOfficer, "15")
	r.must(r.sql(`update roles set person = $1 where person = $2`, r.lan, boss))
	r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.Undo(ctx, r.lan, second) })

	// Deleted: there is nothing to part.
	r.change(func(tx *store.Tx) error { _, err := tx.DeletePerson(ctx, r.lan, ""); return err })
	r.refused(store.ErrNotYours, func(tx *store.Tx) error { return tx.Undo(ctx, admin, second) })
}

func TestMergeProducers(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	boss := r.officer(store.RoleOfficer, "15")
	r.add("Gạo Séng Cù")
	r.add("Miến đao")
	product := r.list("Gạo Séng Cù", "HTX Lan", "02761", `insert into certificates (product, stars, decision) values ($1, 3, '1/QĐ')`)
	p, err := r.Read().Product(ctx, product)
	r.must(err)
	listed := p.Producer
	r.change(func(tx *store.Tx) error {
		r.must(tx.AddMember(ctx, r.household, r.minh, store.Helper))
		r.must(tx.AddMember(ctx, listed, r.minh, store.Manager))
		_, err := tx.Claim(ctx, r.lan, listed)
		return err
	})
	code := func() (code string) {
		r.change(func(tx *store.Tx) error {
			code, err = tx.Invite(ctx, store.Invitation{By: boss, Role: store.Manager, Producer: r.household})
			return err
		})
		return code
	}
	early, late := code(), code()
	before := r.snapshot()
	for _, order := range [][2]int64{{r.household, listed}, {listed, r.household}} {
		from, into := order[0], order[1]
		r.change(func(tx *store.Tx) error { return tx.MergeProducers(ctx, boss, from, into) })
		merge := r.last("merge producers")
		mine, err := r.Read().ListedOf(ctx, into)
		r.must(err)
		var names []string
		for _, l := range mine {
			names = append(names, l.Name+" "+l.Certificate.Decision)
		}
		slices.Sort(names)
		if !slices.Equal(names, []string{"Gạo Séng Cù 1/QĐ", "Miến đao "}) || !mine[0].Producer.Listed || len(mine) > 0 && mine[0].Producer.Phone == "" {
			t.Errorf("%q, %+v", names, mine)
		}
		for person, want := range map[int64]string{r.lan: store.Manager, r.minh: store.Manager} {
			if got, err := query[string](t, r.address, `select role from members where producer = $1 and person = $2`, into, person); err != nil || got != want {
				t.Errorf("person %d: %s, %v", person, got, err)
			}
		}
		r.refused(store.ErrClosed, func(tx *store.Tx) error { return tx.MergeProducers(ctx, boss, from, into) })
		for _, person := range []int64{r.lan, r.minh} { // are told what was done to both
			log, err := r.Read().AuditOf(ctx, person, 10)
			r.must(err)
			for _, id := range order {
				if code := fmt.Sprintf("CT-%06d", id); !slices.ContainsFunc(log, func(e store.AuditEntry) bool { return e.ID >= merge-1 && e.Subject == code }) {
					t.Errorf("person %d is not told of %s: %+v", person, code, log)
				}
			}
		}
		r.undo(boss, merge)
		if after := r.snapshot(); after != before {
			t.Errorf("\n%s\n--- before ---\n%s", after, before)
		}
	}

	// An invitation is for the producer it was made for, and for the one it is part of.
	accept := func(code string, want int64) {
		t.Helper()
		r.change(func(tx *store.Tx) error {
			look, err := tx.Invitation(ctx, "web::new", code)
			r.must(err)
			p, err := tx.AddPerson(ctx, store.Person{Name: "Mới"})
			r.must(err)
			inv, err := tx.Accept(ctx, p.ID, code)
			if look.Producer != want || inv.Producer != want {
				t.Errorf("for producer %d, and then %d; want %d", look.Producer, inv.Producer, want)
			}
			return err
		})
	}
	accept(early, r.household)

	// Both stand in a list with it: nobody can tell which counts.
	other := r.list("Gao seng cu", "HTX Lan", "02761")
	o, err := r.Read().Product(ctx, other)
	r.must(err)
	var exists *store.ExistsError
	if err := r.Change(ctx, func(tx *store.Tx) error { return tx.MergeProducers(ctx, boss, o.Producer, listed) }); !errors.As(err, &exists) {
		t.Errorf("got %v", err)
	}
	// Parted no more once the one that went has a product of the name.
	r.change(func(tx *store.Tx) error { return tx.MergeProducers(ctx, boss, r.household, listed) })
	merge := r.last("merge producers")
	accept(late, listed)
	r.must(r.sql(`insert into products (producer, name, folded, product_group) select $1, name, folded, product_group from products where id = 2`, r.household))
	r.refused(store.ErrClosed, func(tx *store.Tx) error { return tx.Undo(ctx, boss, merge) })
}
