package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"lensan/bot"
	"lensan/store"
)

func TestProduct(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	var p store.Product
	r.change(func(tx *store.Tx) (err error) {
		p, err = tx.AddProduct(ctx, r.lan, store.Product{
			Producer: r.household, Name: "Ga\u0323o Se\u0301ng Cu\u0300", Group: "food", Place: "02761",
			Yearly: store.Amount{Text: "2,5 tấn", Value: 2.5, Unit: "tấn"},
		})
		return err
	})
	if p.Code() != "SP-000001" || p.State != store.Submitted || p.Name != "Gạo Séng Cù" || p.Papers != nil {
		t.Errorf("saved: %+v", p)
	}
	r.change(func(tx *store.Tx) (err error) {
		p, err = tx.UpdateProduct(ctx, r.lan, p.ID, func(p *store.Product) {
			p.Papers, p.PriceLow, p.PriceHigh = []string{}, 30_000, 45_000
			p.State, p.Producer = store.Certified, r.coop // not theirs to say
		})
		return err
	})
	if p.State != store.Submitted || p.Producer != r.household || p.Papers == nil || p.Yearly.Value != 2.5 || p.PriceHigh != 45_000 {
		t.Errorf("changed: %+v", p)
	}
	for _, code := range []string{"SP-000001", "sp 1", " Sp1 "} {
		if got, err := r.Read().ProductByCode(ctx, code); err != nil || !cmp.Equal(got, p) {
			t.Errorf("%q: %v %s", code, err, cmp.Diff(p, got))
		}
	}
	for _, code := range []string{"", "SP", "SP-0", "SP-2", "SP-1x", "YC-000001", "SP-99999999999999999999"} {
		if _, err := r.Read().ProductByCode(ctx, code); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v", code, err)
		}
	}
	if code := (store.Product{ID: 1234567}).Code(); code != "SP-1234567" {
		t.Error(code)
	}
}

// TestNotYours: only members of the producer change its products.
func TestNotYours(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	p := r.add("Gạo Séng Cù")
	for name, change := range map[string]func(tx *store.Tx) error{
		"add": func(tx *store.Tx) error {
			_, err := tx.AddProduct(ctx, r.minh, store.Product{Producer: r.household, Name: "Gạo khác", Group: "food"})
			return err
		},
		"update": func(tx *store.Tx) error {
			_, err := tx.UpdateProduct(ctx, r.minh, p.ID, func(p *store.Product) { p.Name = "Gạo khác" })
			return err
		},
		"withdraw": func(tx *store.Tx) error {
			_, err := tx.WithdrawProduct(ctx, r.minh, p.ID)
			return err
		},
		"add a file": func(tx *store.Tx) error {
			_, err := tx.AddFile(ctx, store.File{Person: r.minh, Product: p.ID, Channel: "zalo", Ref: "x"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { r.refused(store.ErrNotYours, change) })
	}
	if got, err := r.Read().Product(ctx, p.ID); err != nil || !cmp.Equal(got, p) {
		t.Errorf("%v %s", err, cmp.Diff(p, got))
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	p := r.add("Gạo Séng Cù")
	withdraw := func(tx *store.Tx) error {
		_, err := tx.WithdrawProduct(ctx, r.lan, p.ID)
		return err
	}
	r.change(withdraw)
	r.refused(store.ErrClosed, withdraw)
	r.refused(store.ErrClosed, func(tx *store.Tx) error {
		_, err := tx.UpdateProduct(ctx, r.lan, p.ID, func(p *store.Product) { p.Story = "…" })
		return err
	})
	if log, err := r.Read().AuditLog(ctx, p.Code(), 10); err != nil || len(log) != 1 {
		t.Errorf("audit log: %+v, %v", log, err)
	}
	again := r.add("Gạo Séng Cù") // the name is free
	list, err := r.Read().ProductsOf(ctx, r.lan)
	if err != nil || len(list) != 1 || list[0].ID != again.ID {
		t.Errorf("products of lan: %+v, %v", list, err)
	}
	r.must(r.sql(`update products set state = 'certified' where id = $1`, again.ID))
	r.refused(store.ErrClosed, func(tx *store.Tx) error {
		_, err := tx.WithdrawProduct(ctx, r.lan, again.ID)
		return err
	})
}

// TestSameName: a household that registers twice by mistake is told, and two
// products that differ in their marks are two.
func TestSameName(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	for _, c := range []struct {
		have, add string
		same      bool
	}{
		{"Gạo Séng Cù", "gạo  séng CÙ", true},
		{"Miến đao Quy Mông", "mien dao quy mong", true},
		{"ruou ngo ban pho", "Rượu ngô Bản Phố", true},
		{"Bánh hoà mạc", "Bánh hòa mạc", true},
		{"Thuỷ tinh", "thủy tinh", true},
		{"Mứt dừa", "Mứt dứa", false},
		{"Gạo nếp", "Gạo nếp cẩm", false},
	} {
		first := r.add(c.have)
		var exists *store.ExistsError
		err := r.Change(ctx, func(tx *store.Tx) error {
			_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.household, Name: c.add, Group: "food"})
			if errors.As(err, &exists) { // the transaction goes on
				r.must(tx.Audit(ctx, "test", "refused", exists.Code()))
			}
			return err
		})
		if got := errors.As(err, &exists); got != c.same || (!got && err != nil) {
			t.Errorf("%s, then %s: %v", c.have, c.add, err)
		} else if got && exists.Product != first.ID {
			t.Errorf("%s: refused for %s", c.add, exists.Code())
		}
	}
	gao := r.add("Gạo tẻ")
	err := r.Change(ctx, func(tx *store.Tx) error {
		_, err := tx.UpdateProduct(ctx, r.lan, gao.ID, func(p *store.Product) { p.Name = "gao nep" })
		return err
	})
	if exists := (*store.ExistsError)(nil); !errors.As(err, &exists) {
		t.Errorf("renamed to one that is there: %v", err)
	}
	r.change(func(tx *store.Tx) error { // to itself, with marks
		_, err := tx.UpdateProduct(ctx, r.lan, gao.ID, func(p *store.Product) { p.Name = "GẠO TẺ" })
		r.must(err)
		_, err = tx.AddProduct(ctx, r.minh, store.Product{Producer: r.coop, Name: "Gạo tẻ", Group: "food"}) // another producer
		return err
	})
}

// TestSameNameAtOnce: two chats of one household save the same product.
func TestSameNameAtOnce(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			errs[i] = r.Change(ctx, func(tx *store.Tx) error {
				name := "Gạo Séng Cù"
				if i%2 == 1 {
					name = "gao seng cu"
				}
				r.must(tx.LockPerson(ctx, r.lan))
				_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.household, Name: name, Group: "food"})
				return err
			})
		})
	}
	wg.Wait()
	saved := 0
	for _, err := range errs {
		var exists *store.ExistsError
		if err == nil {
			saved++
		} else if !errors.As(err, &exists) {
			t.Error(err)
		}
	}
	if n := r.count(`select count(*) from products`); saved != 1 || n != 1 {
		t.Errorf("%d saved, %d there", saved, n)
	}
}

// TestProductConstraints: the database refuses what no flow may write.
func TestProductConstraints(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	for name, spoil := range map[string]func(p *store.Product){
		"short name":    func(p *store.Product) { p.Name = "G" },
		"long name":     func(p *store.Product) { p.Name = strings.Repeat("ạ", 201) },
		"unknown group": func(p *store.Product) { p.Group = "weapons" },
		"place":         func(p *store.Product) { p.Place = "Mường Khương" },
		"negative":      func(p *store.Product) { p.Yearly.Value = -1 },
		"prices":        func(p *store.Product) { p.PriceLow, p.PriceHigh = 2, 1 },
		"unknown paper": func(p *store.Product) { p.Papers = []string{"permit"} },
		"long story":    func(p *store.Product) { p.Story = strings.Repeat("a", 4001) },
	} {
		p := store.Product{Producer: r.household, Name: "Gạo", Group: "food"}
		spoil(&p)
		var refused *pgconn.PgError
		err := r.Change(ctx, func(tx *store.Tx) error {
			_, err := tx.AddProduct(ctx, r.lan, p)
			return err
		})
		if !errors.As(err, &refused) || refused.Code != "23514" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, group := range store.Groups {
		r.change(func(tx *store.Tx) error {
			_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.household, Name: "Một " + group, Group: group, Papers: store.Papers})
			return err
		})
	}
}

func TestMaxProducts(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.must(r.sql(`insert into products (producer, name, folded, product_group)
		select $1, 'Gạo ' || i, 'gạo ' || i, 'food' from generate_series(1, $2::int) i`, r.household, store.MaxProducts))
	r.refused(store.ErrFull, func(tx *store.Tx) error {
		_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.household, Name: "Một nữa", Group: "food"})
		return err
	})
	r.change(func(tx *store.Tx) error { // what is there can still be renamed
		_, err := tx.UpdateProduct(ctx, r.lan, 1, func(p *store.Product) { p.Name = "Một nữa" })
		return err
	})
}

// TestProductMoves: who waits for a producer that is merged, or parted, meanwhile begins
// again: nothing comes to one that went, or is kept under the lock of another.
func TestProductMoves(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	boss := r.officer(store.RoleOfficer, "15")
	p := r.add("Gạo Séng Cù")
	r.change(func(tx *store.Tx) error { return tx.AddMember(ctx, r.coop, r.lan, store.Manager) })
	withdraw := func(tx *store.Tx) error { _, err := tx.WithdrawProduct(ctx, r.lan, p.ID); return err }
	add := func(tx *store.Tx) error {
		_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.household, Name: "Miến đao", Group: "food"})
		return err
	}
	during := func(move func(tx *store.Tx) error, changes ...func(tx *store.Tx) error) {
		t.Helper()
		waits := make(chan error, len(changes))
		r.change(func(tx *store.Tx) error {
			r.must(move(tx))
			for _, change := range changes {
				go func() { waits <- r.Change(ctx, change) }()
			}
			for r.count(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) < len(changes) {
				time.Sleep(5 * time.Millisecond)
			}
			return nil
		})
		for range changes {
			if err := <-waits; !errors.Is(err, bot.ErrAgain) {
				t.Errorf("got %v", err)
			}
		}
	}
	during(func(tx *store.Tx) error { return tx.MergeProducers(ctx, boss, r.household, r.coop) }, withdraw, add)
	during(func(tx *store.Tx) error { return tx.Undo(ctx, boss, r.last("merge producers")) }, withdraw)
}
