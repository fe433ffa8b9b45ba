package store_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"lensan/store"
)

// merge merges minh into lan, asked for in a chat.
func (r *records) merge(chat string) {
	r.t.Helper()
	r.change(func(tx *store.Tx) error {
		stays, err := tx.Merge(r.t.Context(), r.minh, r.lan, chat, "person 2")
		if stays != r.lan {
			r.t.Errorf("person %d stays", stays)
		}
		return err
	})
}

// answer notes what a person answered about consent.
func (r *records) answer(person int64, kind string, given bool) {
	r.t.Helper()
	r.change(func(tx *store.Tx) error {
		_, err := tx.AddConsent(r.t.Context(), store.Consent{Person: person, Kind: kind, Version: "1", Lang: "vi", Channel: "zalo", Given: given})
		return err
	})
}

// TestMerge fills every table for two people and makes one of them.
func TestMerge(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.consent(r.lan)
	r.consent(r.minh)
	p := r.add("Gạo Séng Cù")
	r.photo(p.ID, "photos/1.jpg")
	r.change(func(tx *store.Tx) error {
		r.must(tx.AddMember(ctx, r.coop, r.lan, store.Helper)) // minh manages it
		third, err := tx.AddPerson(ctx, store.Person{Name: "Vàng Thị Mai"})
		r.must(err)
		shared, err := tx.AddProducer(ctx, third.ID, store.Producer{Kind: store.Group, Name: "Tổ hợp tác"})
		r.must(err)
		r.must(tx.AddMember(ctx, shared.ID, r.minh, store.Helper))
		_, err = tx.UpdatePerson(ctx, r.lan, func(p *store.Person) { p.Commune = "" })
		r.must(err)
		_, err = tx.UpdatePerson(ctx, r.minh, func(p *store.Person) { p.Phone, p.PhoneVerified = "0987654321", true })
		r.must(err)
		_, err = tx.AddProduct(ctx, r.minh, store.Product{Producer: r.coop, Name: "Miến đao", Group: "food"})
		r.must(err)
		_, err = tx.AddFile(ctx, store.File{Person: r.minh, Channel: "zalo", Ref: "2"})
		r.must(err)
		_, err = tx.AddRequest(ctx, store.Request{Chat: "zalo:1:minh", Person: r.minh, Topic: "menu"})
		return err
	})
	r.words("web::lan", r.lan, time.Hour)
	r.words("zalo:1:minh", r.minh, time.Hour) // where it is asked for
	r.words("web::minh", r.minh, time.Hour)
	r.must(r.sql(`insert into people (name, merged_into) values ('M', $1)`, r.minh)) // merged before

	r.merge("zalo:1:minh")
	got, err := r.Read().MyData(ctx, r.lan)
	r.must(err)
	if me := got.Person; me.Name != "Lò Thị Lan" || me.Phone != "0987654321" || !me.PhoneVerified || me.Commune != "02761" {
		t.Errorf("who stays: %+v", me)
	}
	if len(got.Producers) != 3 || len(got.Products) != 2 || len(got.Files) != 2 || len(got.Requests) != 1 || len(got.Consents) != 1 ||
		!slices.Equal(got.Chats, []string{"web::lan", "web::minh", "zalo:1:minh"}) {
		t.Errorf("%+v", got)
	}
	for sql, want := range map[string]int{
		`select count(*) from members where person = 1 and role = 'manager'`: 2, // of both sides the higher role
		`select count(*) from members where person = 1 and role = 'helper'`:  1,
		`select count(*) from people where merged_into = 1`:                  2, // never one merged itself
		// A turn that is running in the other chats is run again; sessions stay with their chats.
		`select count(*) from chats where chat = 'zalo:1:minh' and turn = 2 and nonce = 'n'`: 1,
		`select count(*) from chats where chat = 'web::lan' and turn = 2 and nonce = 'n'`:    1,
		`select count(*) from chats where chat = 'web::minh' and turn = 3 and nonce <> 'n'`:  1,
		`select count(*) from chats where session ? 'talk'`:                                  3,
		`select count(*) from consents where person = 1 and origin = 2`:                      1,
	} {
		if n := r.count(sql); n != want {
			t.Errorf("%s: %d, want %d", sql, n, want)
		}
	}
	if _, err := r.Read().Person(ctx, r.minh); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who was merged: %v", err)
	}
	r.refusedMerged(func(tx *store.Tx) error { return tx.LockPerson(ctx, r.minh) })
	r.refusedMerged(func(tx *store.Tx) error { _, err := tx.Merge(ctx, r.lan, r.minh, "", "job"); return err })
	r.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Merge(ctx, r.lan, 999, "", "job"); return err })

	// Enough is kept to undo it.
	log, err := r.Read().AuditLog(ctx, "person 2", 1)
	r.must(err)
	want := &store.Moved{Into: 1, Managed: []int64{r.coop}, Helped: []int64{3}, Files: []int64{2}, Requests: []int64{1}, Consents: []int64{2},
		People: []int64{4}, Kept: []store.Member{{Producer: r.coop, Role: store.Helper}}, Taken: []string{"commune", "phone", "verified"}}
	if len(log) != 1 || log[0].Act != "merge person" || log[0].Actor != "person 2" || !reflect.DeepEqual(log[0].Moved, want) {
		raw, _ := json.Marshal(log)
		t.Errorf("audit log: %s", raw)
	}
	if n := r.count(`select cardinality(merged_chats) from people where id = 2`); n != 2 {
		t.Errorf("%d chats can be given back, want 2", n)
	}

	// Nothing of either is left when they are deleted.
	var receipt string
	r.change(func(tx *store.Tx) (err error) {
		receipt, err = tx.DeletePerson(ctx, r.lan, "zalo:1:minh")
		return err
	})
	if n := r.count(`select count(*) from people where id <= 2 or merged_into is not null`); n != 0 {
		t.Errorf("%d people are left", n)
	}
	if n := r.count(`select count(*) from consents where person is null and receipt = $1`, receipt); n != 2 {
		t.Errorf("%d proofs are left, want 2", n)
	}
}

func (r *records) refusedMerged(change func(tx *store.Tx) error) {
	r.t.Helper()
	var merged *store.MergedError
	if err := r.Change(r.t.Context(), change); !errors.As(err, &merged) || merged.Into != r.lan {
		r.t.Errorf("got %v, want merged into %d", err, r.lan)
	}
}

// TestMergeHouseholds: a household that registered on both channels is one
// afterwards, with the products of both; but two products of one name stay apart.
func TestMergeHouseholds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		household store.Producer
		product   string
		shared    bool
		producers int
	}{
		"the same":                   {store.Producer{Name: "nhà lò thị lan"}, "Tinh dầu quế", false, 2},
		"another name":               {store.Producer{Name: "Nhà Lò Thị Lam"}, "Tinh dầu quế", false, 3},
		"another commune":            {store.Producer{Name: "Nhà Lò Thị Lan", Commune: "02728"}, "Tinh dầu quế", false, 3},
		"one product's name":         {store.Producer{Name: "Nhà Lò Thị Lan"}, "gao seng cu", false, 3},
		"it is somebody else's, too": {store.Producer{Name: "Nhà Lò Thị Lan"}, "Tinh dầu quế", true, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, ctx := newRecords(t), t.Context()
			r.add("Gạo Séng Cù")
			var double store.Producer
			r.change(func(tx *store.Tx) (err error) {
				c.household.Kind = store.Household
				if c.household.Commune == "" {
					c.household.Commune = "02761"
				}
				double, err = tx.AddProducer(ctx, r.minh, c.household)
				r.must(err)
				_, err = tx.AddProduct(ctx, r.minh, store.Product{Producer: double.ID, Name: c.product, Group: "food"})
				r.must(err)
				if c.shared {
					p, err := tx.AddPerson(ctx, store.Person{Name: "Vàng Thị Mai"})
					r.must(err)
					r.must(tx.AddMember(ctx, double.ID, p.ID, store.Helper))
				}
				return nil
			})
			r.merge("")
			mine, err := r.Read().ProducersOf(ctx, r.lan)
			r.must(err)
			products, err := r.Read().ProductsOf(ctx, r.lan)
			if err != nil || len(mine) != c.producers || len(products) != 2 {
				t.Errorf("%d producers, want %d; %d products, %v", len(mine), c.producers, len(products), err)
			}
			log, err := r.Read().AuditLog(ctx, "person 2", 1)
			r.must(err)
			want := []store.Same{{Producer: double.ID, Into: r.household, Products: []int64{2},
				Members: []store.Member{{Person: r.lan, Role: store.Manager}}, Kept: []store.Member{{Person: r.lan, Role: store.Manager}}}}
			if c.producers == 3 {
				want = nil
			}
			if !reflect.DeepEqual(log[0].Moved.Same, want) {
				t.Errorf("audit log: %+v", log[0].Moved)
			}
			r.change(func(tx *store.Tx) error { // of a talk that was open
				p, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: double.ID, Name: "Mắc ca", Group: "food"})
				if want != nil && p.Producer != r.household || want == nil && p.Producer != double.ID {
					t.Errorf("a product for the other goes to %d", p.Producer)
				}
				r.must(err)
				_, err = tx.DeletePerson(ctx, r.lan, "")
				return err
			})
			if n := r.count(`select count(*) from producers where name ilike 'nhà lò%'`); (n != 0) != c.shared {
				t.Errorf("%d producers are left of hers", n)
			}
		})
	}
}

// TestMergeConsents: the answers of who stays count; but a no is a no.
func TestMergeConsents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lan, minh, want any }{
		"the other agreed":          {nil, true, false},
		"who stays agreed":          {true, nil, true},
		"both":                      {true, true, true},
		"who stays took it back":    {false, true, false},
		"the other took it back":    {true, false, false},
		"neither was asked":         {nil, nil, false},
		"the other said no, lately": {nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecords(t)
			for person, given := range map[int64]any{r.lan: c.lan, r.minh: c.minh} {
				if given != nil {
					r.answer(person, store.ConsentReminders, !given.(bool)) // the last one counts
					r.answer(person, store.ConsentReminders, given.(bool))
				}
			}
			r.merge("")
			p, err := r.Read().Person(t.Context(), r.lan)
			if err != nil || p.Reminders != c.want {
				t.Errorf("reminders: %v, %v", p.Reminders, err)
			}
			if c.minh != nil {
				if n := r.count(`select count(*) from consents where person = 1 and origin = 2`); n != 2 {
					t.Errorf("%d proofs, want 2", n)
				}
			}
		})
	}
}

// TestConsentsKept: an answer is moved by a merge and by nothing else.
func TestConsentsKept(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	r.consent(r.minh)
	for _, sql := range []string{
		`update consents set person = 1`,
		`update consents set person = 1, origin = 2`,
		`update consents set origin = 2`,
		`update consents set given = false`,
		`delete from consents`,
	} {
		if err := r.sql(sql); err == nil {
			t.Errorf("%s: allowed", sql)
		}
	}
	r.merge("")
	for _, sql := range []string{
		`update consents set person = 2`, // only with who gave it, as when the merge is undone
		`update consents set person = 2, origin = null, given = false`,
		`update consents set person = 2, origin = 1`,
		`update consents set origin = null`,
		`update consents set origin = 1`,
		`update consents set person = null, receipt = 'XOA-1', origin = null`,
	} {
		if err := r.sql(sql); err == nil {
			t.Errorf("%s: allowed", sql)
		}
	}
}

// TestMergeBothWays: two chats that merge the same two at once, each holding its
// own person already, make one of them, once.
func TestMergeBothWays(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	done := make(chan error, 2)
	for _, person := range []int64{r.lan, r.minh} {
		go func() {
			done <- r.Change(ctx, func(tx *store.Tx) error {
				if err := tx.LockPerson(ctx, person); err != nil {
					return err
				}
				time.Sleep(50 * time.Millisecond)
				_, err := tx.Merge(ctx, r.lan, r.minh, "", "job")
				return err
			})
		}()
	}
	var good int
	for range 2 {
		if err := <-done; err == nil {
			good++
		}
	}
	if good != 1 || r.count(`select count(*) from people where merged_into is null`) != 1 {
		t.Errorf("%d merges of two", good)
	}
}

// TestMergeUnderTurn: a change that holds its person is over before they are
// merged, and its record is the other's then.
func TestMergeUnderTurn(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	merged := make(chan error, 1)
	r.change(func(tx *store.Tx) error {
		r.must(tx.LockPerson(ctx, r.minh))
		go func() {
			merged <- r.Change(ctx, func(tx *store.Tx) error {
				_, err := tx.Merge(ctx, r.lan, r.minh, "", "job")
				return err
			})
		}()
		for r.count(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 0 {
			select {
			case err := <-merged:
				t.Fatalf("merged under the lock: %v", err)
			case <-time.After(5 * time.Millisecond):
			}
		}
		_, err := tx.AddProduct(ctx, r.minh, store.Product{Producer: r.coop, Name: "Miến đao", Group: "food"})
		return err
	})
	r.must(<-merged)
	if all, err := r.Read().ProductsOf(ctx, r.lan); err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}
}

func TestJoinAndPart(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.words("zalo:1:lan", r.lan, time.Hour)
	r.words("web::new", 0, time.Hour)
	r.change(func(tx *store.Tx) error { return tx.Join(ctx, "web::new", r.lan) })
	r.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.Join(ctx, "web::new", r.minh) })
	r.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.Join(ctx, "web::nobody", r.minh) })
	if chats, err := r.Read().ChatsOf(ctx, r.lan); err != nil || len(chats) != 2 || chats[0].Seen.IsZero() {
		t.Errorf("%v, %v", chats, err)
	}
	if n := r.count(`select count(*) from chats where chat = 'web::new' and turn = 3 and nonce <> 'n' and session ? 'talk'`); n != 1 {
		t.Error("a turn that is running there is not run again")
	}

	r.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.Part(ctx, r.minh, "web::new", "") })
	r.change(func(tx *store.Tx) error { return tx.Part(ctx, r.lan, "web::new", "zalo:1:lan") })
	r.change(func(tx *store.Tx) error { return tx.Part(ctx, r.lan, "zalo:1:lan", "zalo:1:lan") })
	if chats, err := r.Read().ChatsOf(ctx, r.lan); err != nil || len(chats) != 0 {
		t.Errorf("%v, %v", chats, err)
	}
	if n := r.count(`select count(*) from chats where turn = case chat when 'web::new' then 4 else 2 end
		and session->>'lang' = 'en' and not session ? 'talk'`); n != 2 {
		t.Error("a session went with its chat")
	}
	if products, err := r.Read().ProducersOf(ctx, r.lan); err != nil || len(products) != 1 {
		t.Errorf("the records went with the chat: %v, %v", products, err)
	}
	if log, err := r.Read().AuditLog(ctx, "person 1", 9); err != nil || len(log) != 3 {
		t.Errorf("audit log: %v, %v", log, err)
	}
}

// TestPhoneVerified: a number belongs to who sent it last.
func TestPhoneVerified(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	if _, err := r.Read().PersonByPhone(ctx, "0912345678"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a typed number: %v", err)
	}
	for _, id := range []int64{r.lan, r.minh} {
		r.change(func(tx *store.Tx) error {
			_, err := tx.UpdatePerson(ctx, id, func(p *store.Person) { p.Phone, p.PhoneVerified = "0912345678", true })
			return err
		})
		if p, err := r.Read().PersonByPhone(ctx, "0912345678"); err != nil || p.ID != id {
			t.Errorf("%d: %+v, %v", id, p, err)
		}
	}
	if p, err := r.Read().Person(ctx, r.lan); err != nil || p.PhoneVerified || p.Phone == "" {
		t.Errorf("who had it before: %+v, %v", p, err)
	}
}
