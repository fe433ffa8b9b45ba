package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/store"
)

// records is a database with two people who do not know each other, each with
// a producer of their own.
type records struct {
	*store.DB
	t       *testing.T
	address string

	lan, minh       int64 // people
	household, coop int64 // lan's and minh's producer
}

func newRecords(t *testing.T) *records {
	t.Helper()
	r := &records{t: t, address: bottest.Database(t)}
	r.DB = open(t, r.address)
	r.change(func(tx *store.Tx) (err error) {
		r.lan, r.household = r.member(tx, "Lò Thị Lan", store.Household)
		r.minh, r.coop = r.member(tx, "Minh", store.Cooperative)
		return nil
	})
	return r
}

func (r *records) member(tx *store.Tx, name, kind string) (person, producer int64) {
	p, err := tx.AddPerson(r.t.Context(), store.Person{Name: name, Phone: "0912345678", Commune: "02761"})
	r.must(err)
	h, err := tx.AddProducer(r.t.Context(), p.ID, store.Producer{Kind: kind, Name: "Nhà " + name, Commune: "02761", Phone: "0912345678"})
	r.must(err)
	return p.ID, h.ID
}

func (r *records) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// change commits a change that must succeed.
func (r *records) change(change func(tx *store.Tx) error) {
	r.t.Helper()
	r.must(r.Change(r.t.Context(), change))
}

// refused runs a change that must be refused with want.
func (r *records) refused(want error, change func(tx *store.Tx) error) {
	r.t.Helper()
	if err := r.Change(r.t.Context(), change); !errors.Is(err, want) {
		r.t.Errorf("got %v, want %v", err, want)
	}
}

// sql runs a statement on the database itself.
func (r *records) sql(sql string, args ...any) error {
	r.t.Helper()
	conn, err := pgx.Connect(r.t.Context(), r.address)
	r.must(err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(r.t.Context(), sql, args...)
	return err
}

// count answers a query for one number.
func (r *records) count(sql string, args ...any) int {
	r.t.Helper()
	n, err := query[int](r.t, r.address, sql, args...)
	r.must(err)
	return n
}

// add registers a product of lan's.
func (r *records) add(name string) store.Product {
	r.t.Helper()
	var p store.Product
	r.change(func(tx *store.Tx) (err error) {
		p, err = tx.AddProduct(r.t.Context(), r.lan, store.Product{Producer: r.household, Name: name, Group: "food"})
		return err
	})
	return p
}

func TestPerson(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.change(func(tx *store.Tx) error {
		p, err := tx.UpdatePerson(ctx, r.lan, func(p *store.Person) { p.Phone, p.Lang = "", "en" })
		r.must(err)
		if p.Name != "Lò Thị Lan" || p.Phone != "" || p.Lang != "en" {
			t.Errorf("after the change: %+v", p)
		}
		_, err = tx.UpdatePerson(ctx, 999, func(*store.Person) {})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a stranger: %v", err)
		}
		return nil
	})
	r.must(r.sql(`update people set merged_into = $1 where id = $2`, r.lan, r.minh))
	r.change(func(tx *store.Tx) error {
		var merged *store.MergedError
		if err := tx.LockPerson(ctx, r.minh); !errors.As(err, &merged) || merged.Into != r.lan {
			t.Errorf("lock of a merged person: %v", err)
		}
		if err := tx.LockPerson(ctx, 999); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("lock of nobody: %v", err)
		}
		return tx.LockPerson(ctx, r.lan)
	})
	if _, err := r.Read().Person(ctx, r.minh); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a merged person: %v", err)
	}
}

// TestLockPerson: who is locked cannot be deleted before the change is over.
func TestLockPerson(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	deleted := make(chan error, 1)
	r.change(func(tx *store.Tx) error {
		r.must(tx.LockPerson(ctx, r.lan))
		go func() {
			deleted <- r.Change(ctx, func(tx *store.Tx) error {
				_, err := tx.DeletePerson(ctx, r.lan, "")
				return err
			})
		}()
		for r.count(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 0 {
			select {
			case err := <-deleted:
				t.Fatalf("deleted under the lock: %v", err)
			case <-time.After(5 * time.Millisecond):
			}
		}
		_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.household, Name: "Gạo Séng Cù", Group: "food"})
		return err
	})
	r.must(<-deleted)
	if n := r.count(`select count(*) from products`); n != 0 {
		t.Errorf("%d products left", n)
	}
}

func TestConsent(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	if _, err := r.Read().Consent(ctx, r.lan, store.ConsentReminders); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("never asked: %v", err)
	}
	for _, given := range []bool{true, false, true} {
		r.change(func(tx *store.Tx) error {
			_, err := tx.AddConsent(ctx, store.Consent{Person: r.lan, Kind: store.ConsentReminders,
				Version: "2026-11-01", Lang: "vi", Channel: "zalo", Given: given})
			return err
		})
		c, err := r.Read().Consent(ctx, r.lan, store.ConsentReminders)
		r.must(err)
		p, err := r.Read().Person(ctx, r.lan)
		r.must(err)
		if c.Given != given || p.Reminders != given {
			t.Errorf("given %v: consent says %v, the person %v", given, c.Given, p.Reminders)
		}
	}
	if list, err := r.Read().Consents(ctx, r.lan); err != nil || len(list) != 3 {
		t.Errorf("%d answers kept, %v", len(list), err)
	}
}

// TestAppendOnly: what must be provable later cannot be changed by anybody.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.change(func(tx *store.Tx) error {
		_, err := tx.AddConsent(ctx, store.Consent{Person: r.lan, Kind: store.ConsentRecords, Version: "1", Lang: "vi", Channel: "web", Given: false})
		r.must(err)
		return tx.Audit(ctx, "officer 3", "close request", "YC-000001")
	})
	for _, sql := range []string{
		`update audit set act = 'nothing'`,
		`delete from audit`,
		`truncate audit`,
		`update consents set given = true`,
		`update consents set person = null, receipt = 'XOA-1', given = true`,
		`update consents set person = ` + "(select max(id) from people)",
		`delete from consents`,
		`truncate consents`,
	} {
		var refused *pgconn.PgError
		if err := r.sql(sql); !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	log, err := r.Read().AuditLog(ctx, "YC-000001", 10)
	if err != nil || len(log) != 1 || log[0].Actor != "officer 3" || log[0].Act != "close request" {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestProducer(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.change(func(tx *store.Tx) error {
		p, err := tx.UpdateProducer(ctx, r.lan, r.household, func(p *store.Producer) { p.Registered = store.RegisteredYes })
		if p.Registered != store.RegisteredYes || p.Kind != store.Household || p.Name != "Nhà Lò Thị Lan" {
			t.Errorf("after the change: %+v", p)
		}
		return err
	})
	for _, id := range []int64{r.household, 999} {
		r.refused(store.ErrNotYours, func(tx *store.Tx) error {
			_, err := tx.UpdateProducer(ctx, r.minh, id, func(p *store.Producer) { p.Name = "Của tôi" })
			return err
		})
	}
	r.change(func(tx *store.Tx) error { return tx.AddMember(ctx, r.household, r.minh, store.Helper) })
	list, err := r.Read().ProducersOf(ctx, r.minh)
	r.must(err)
	if len(list) != 2 || list[0].ID != r.coop || list[1].ID != r.household {
		t.Errorf("minh's producers: %+v", list)
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	address := bottest.Database(t)
	db := open(t, address)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := db.LoadSample(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	// Another day: the made-up ones would end another day.
	if _, err := query[int](t, address, `with other as (update certificates set decided = decided - 1 returning 1) select count(*) from other`); err != nil {
		t.Fatal(err)
	}
	if err := db.LoadSample(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := query[int](t, address, `with other as (update certificates set decided = decided + 1 returning 1) select count(*) from other`); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{"products": 44, "producers": 23, "certificates": 44, "people": 0} {
		if n, err := query[int](t, address, `select count(*) from `+table); err != nil || n != want {
			t.Errorf("%d %s, want %d, %v", n, table, want, err)
		}
	}
	for said, want := range map[string]string{
		"bưởi múc":            "Quả bưởi Múc, food, Hợp tác xã Bưởi Múc Thái Niên, cooperative, 02905: 4 sao, 4261/QĐ-UBND, , 2021, UBND tỉnh Lào Cai, ",
		"miến đao quy mông":   "Miến đao xã Quy Mông, food, , , 04531: 4 sao, 2585/QĐ-UBND, 2023-12-28, , UBND tỉnh Yên Bái, 2026-12-28",
		"cao actiso":          "Cao mềm actiso Sa Pa, herb, Công ty TNHH Một thành viên Traphaco Sa Pa, company, : 5 sao, , , 2024, Bộ Nông nghiệp và Phát triển nông thôn, ",
		"nhút bà quế nghệ an": "",
	} {
		list, err := db.Search(t.Context(), said, 1)
		got := ""
		for _, l := range list {
			c := l.Certificate
			got = fmt.Sprintf("%s, %s, %s, %s, %s: %d sao, %s, %s, %s, %s, %s", l.Name, l.Group, l.Producer.Name, l.Producer.Kind, l.Producer.Commune,
				c.Stars, c.Decision, c.Decided, c.DecidedSaid, c.IssuedBy, c.Ends())
		}
		if err != nil || got != want {
			t.Errorf("%s: %s, %v", said, got, err)
		}
	}
}

// TestDeadlock: a deadlock is told as what it is, so that the turn is run again.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	rename := func(p *store.Person) { p.Name = "Lan" }
	var both, wg sync.WaitGroup
	both.Add(2)
	errs := make([]error, 2)
	for i, order := range [][2]int64{{r.lan, r.minh}, {r.minh, r.lan}} {
		wg.Go(func() {
			errs[i] = r.Change(ctx, func(tx *store.Tx) error {
				_, err := tx.UpdatePerson(ctx, order[0], rename)
				both.Done()
				both.Wait()
				if err == nil {
					_, err = tx.UpdatePerson(ctx, order[1], rename)
				}
				return err
			})
		})
	}
	wg.Wait()
	if a, b := errors.Is(errs[0], bot.ErrAgain), errors.Is(errs[1], bot.ErrAgain); a == b {
		t.Errorf("got %v and %v, want one to be run again", errs[0], errs[1])
	}
}
