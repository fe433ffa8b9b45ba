package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"lensan/store"
)

func TestReadInvitation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"MM-7KQ4MX3R": "MM-7KQ4MX3R", "mm 7kq4 mx3r": "MM-7KQ4MX3R", "mã của em là mm-7kq4mx3r ạ": "MM-7KQ4MX3R", "/start MM-7KQ4MX3R": "MM-7KQ4MX3R",
		"MM-7KQ4M": "", "LK-7KQ4MX3R": "", "MM-7KQ4MX3R9": "", "mm": "", "10 mm": "",
	} {
		if got, ok := store.ReadInvitation(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

// invite makes a code that must be good.
func (r *records) invite(inv store.Invitation) (code string) {
	r.t.Helper()
	r.change(func(tx *store.Tx) (err error) { code, err = tx.Invite(r.t.Context(), inv); return err })
	return code
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	code := r.invite(store.Invitation{By: store.CommandLine, Role: store.RoleOfficer, Areas: []string{"02761"}})
	if n := r.count(`select count(*) from invitations where code::text like '%' || $1 || '%'`, code[3:]); n != 0 {
		t.Error("the code itself is kept")
	}
	look := func(chat, code string) (inv store.Invitation, err error) {
		r.change(func(tx *store.Tx) error { inv, err = tx.Invitation(ctx, chat, code); return nil })
		return inv, err
	}
	inv, err := look("web::a", code)
	if err != nil || inv.Role != store.RoleOfficer || len(inv.Areas) != 1 || inv.By != store.CommandLine || inv.Until.Before(r.Now().Add(6*24*time.Hour)) {
		t.Errorf("%+v, %v", inv, err)
	}
	// Wrong codes are counted with those of links.
	for range 5 {
		if _, err := look("web::b", "MM-22222222"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a wrong code: %v", err)
		}
	}
	if _, err := look("web::b", code); !errors.Is(err, store.ErrMisses) {
		t.Errorf("after five wrong ones: %v", err)
	}
	// Two people, one code, at once.
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			errs[i] = r.Change(ctx, func(tx *store.Tx) error {
				_, err := tx.Accept(ctx, []int64{r.lan, r.minh}[i%2], code)
				return err
			})
		})
	}
	wg.Wait()
	taken := 0
	for _, err := range errs {
		switch {
		case err == nil:
			taken++
		case !errors.Is(err, store.ErrNotFound):
			t.Error(err)
		}
	}
	if n := r.count(`select count(*) from roles`); taken != 1 || n != 1 {
		t.Errorf("%d took it, %d roles", taken, n)
	}
	if _, err := look("web::a", code); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a used code: %v", err)
	}

	// Too old.
	code = r.invite(store.Invitation{By: store.CommandLine, Role: store.Manager, Producer: r.household})
	r.must(r.sql(`update invitations set until = clock() - interval '1 second' where used is null`))
	r.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Accept(ctx, r.minh, code); return err })

	// Of a producer: a manager stays one.
	code = r.invite(store.Invitation{By: store.CommandLine, Role: store.Helper, Producer: r.household})
	again := r.invite(store.Invitation{By: store.CommandLine, Role: store.Helper, Producer: r.household})
	r.change(func(tx *store.Tx) error {
		_, err := tx.Accept(ctx, r.minh, code)
		r.must(err)
		_, err = tx.Accept(ctx, r.lan, again)
		return err
	})
	if got := r.count(`select count(*) from members where producer = $1 and (person = $2 and role = 'manager' or person = $3 and role = 'helper')`,
		r.household, r.lan, r.minh); got != 2 {
		t.Errorf("%d members as they should be", got)
	}
	// What goes with no role.
	for _, inv := range []store.Invitation{
		{Role: store.RoleOfficer}, {Role: store.RoleHelper}, {Role: store.RoleAdmin, Areas: []string{"15"}}, {Role: store.RoleOfficer, Areas: []string{"99999"}},
		{Role: store.RoleOfficer, Areas: []string{"99"}}, {Role: store.RoleOfficer, Areas: []string{""}}, {Role: store.Manager, Areas: []string{"02761"}}, {Role: ""},
		{Role: store.RoleOfficer, Producer: r.coop}, {Role: store.Manager, Producer: r.coop, Areas: []string{"02761"}},
	} {
		inv.By = store.CommandLine
		r.refused(store.ErrArea, func(tx *store.Tx) error { _, err := tx.Invite(ctx, inv); return err })
	}
	r.refused(store.ErrNotFound, func(tx *store.Tx) error {
		_, err := tx.Invite(ctx, store.Invitation{By: store.CommandLine, Role: store.Manager, Producer: 999})
		return err
	})
	if log, err := r.Read().AuditLog(ctx, "CT-000001", 10); err != nil || len(log) != 5 || !strings.HasPrefix(log[0].Act, "become ") {
		t.Errorf("%+v, %v", log, err)
	}
}

// TestInviter: whose role has ended invites nobody any more.
func TestInviter(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	boss := r.officer(store.RoleOfficer, "15")
	code := r.invite(store.Invitation{By: boss, Role: store.RoleOfficer, Areas: []string{"02761"}})
	roles, err := r.Read().RolesOf(ctx, boss)
	r.must(err)
	r.change(func(tx *store.Tx) error { return tx.EndRole(ctx, boss, roles[0].ID, 0) })
	r.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.Accept(ctx, r.lan, code); return err })
	r.refused(store.ErrNotYours, func(tx *store.Tx) error {
		_, err := tx.Invite(ctx, store.Invitation{By: boss, Role: store.RoleHelper, Areas: []string{"02761"}})
		return err
	})
}
