package store_test

import (
	"errors"
	"testing"

	"lensan/store"
)

// TestSent: only officers send lists; of a chat one is under way at a time; what is
// done does not change any more.
func TestSent(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	officer := r.officer(store.RoleOfficer, "02839")
	add := func(chat string) (l store.Sent) {
		t.Helper()
		r.change(func(tx *store.Tx) (err error) {
			l, err = tx.AddSent(ctx, officer, chat, "ds.xlsx")
			return err
		})
		return l
	}
	state := func(l store.Sent) string {
		t.Helper()
		now, err := r.Read().Sent(ctx, l.ID)
		r.must(err)
		if (now.Done == nil) != (now.State == store.SentNew || now.State == store.SentRead) {
			t.Errorf("%s, done %v", now.State, now.Done)
		}
		return now.State
	}
	for name, person := range map[string]int64{"household": r.lan, "nobody": 0, "helper": r.officer(store.RoleHelper, "02839")} {
		r.refused(store.ErrNotYours, func(tx *store.Tx) error {
			_, err := tx.AddSent(ctx, person, "web::a", name)
			return err
		})
	}

	first, other := add("zalo:1:a"), add("zalo:1:b")
	second := add("zalo:1:a")
	if state(first) != store.SentDropped || state(other) != store.SentNew || state(second) != store.SentNew {
		t.Errorf("%s, %s, %s", state(first), state(other), state(second))
	}
	if l, err := r.Read().SentIn(ctx, "zalo:1:a"); err != nil || l.ID != second.ID {
		t.Errorf("under way: %+v, %v", l, err)
	}
	sum := make([]byte, 32)
	save := func(l *store.Sent, to string) error {
		l.State, l.SHA256 = to, sum
		return r.Change(ctx, func(tx *store.Tx) error { return tx.UpdateSent(ctx, *l) })
	}
	second.Holds = store.Holding{Rows: 3, New: 2, Doubts: []store.Doubtful{{Field: "stars", Columns: []string{"F"}, Labels: []string{"Hạng"}}}, Columns: map[string]string{"name": "B"}}
	r.must(save(&second, store.SentRead))
	if l, err := r.Read().Sent(ctx, second.ID); err != nil || l.Holds.New != 2 || l.Holds.Doubts[0].Labels[0] != "Hạng" || l.Holds.Columns["name"] != "B" || len(l.SHA256) != 32 {
		t.Errorf("%+v, %v", l, err)
	}
	r.must(save(&second, store.SentWritten))
	if err := save(&second, store.SentRead); !errors.Is(err, store.ErrClosed) || state(second) != store.SentWritten {
		t.Errorf("written, and then %s: %v", state(second), err)
	}
	if err := save(&first, store.SentRead); !errors.Is(err, store.ErrClosed) {
		t.Errorf("dropped, and read: %v", err)
	}
	if _, err := r.Read().SentIn(ctx, "zalo:1:a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("still under way: %v", err)
	}

	r.must(save(&other, store.SentRead))
	if before, err := r.Read().SentBefore(ctx, other); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was written later counts as before: %+v, %v", before, err)
	}
	again := add("zalo:1:b")
	r.must(save(&again, store.SentRead))
	if before, err := r.Read().SentBefore(ctx, again); err != nil || before.ID != second.ID {
		t.Errorf("written before: %+v, %v", before, err)
	}
}
