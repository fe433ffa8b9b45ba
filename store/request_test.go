package store_test

import (
	"testing"

	"lensan/store"
)

func TestRequest(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	ask := func(topic, text, phone string) (q store.Request) {
		r.change(func(tx *store.Tx) (err error) {
			q, err = tx.AddRequest(ctx, store.Request{Chat: "zalo:1:2", Topic: topic, Text: text, Phone: phone})
			return err
		})
		return q
	}
	first := ask("menu", "gọi lại giúp", "")
	again := ask("menu", "gấp ạ", "0912345678")
	silent := ask("menu", "", "")
	if first.Code() != "YC-000001" || again.ID != first.ID || silent.ID != first.ID {
		t.Errorf("one open request a topic: %s %s %s", first.Code(), again.Code(), silent.Code())
	}
	if silent.Text != "gọi lại giúp\ngấp ạ" || silent.Phone != "0912345678" {
		t.Errorf("what was added: %+v", silent)
	}
	other := ask("register", "", "")
	list, err := r.Read().RequestsFor(ctx, store.CommandLine, 10)
	r.must(err)
	if len(list) != 2 || list[0].ID != first.ID || list[1].ID != other.ID {
		t.Errorf("open requests: %+v", list)
	}
	r.change(func(tx *store.Tx) error {
		q, err := tx.CloseRequest(ctx, store.CommandLine, first.ID, "")
		if q.State != store.RequestDone || q.By != 0 {
			t.Errorf("closed: %+v", q)
		}
		return err
	})
	for id, want := range map[int64]error{first.ID: store.ErrClosed, 999: store.ErrNotYours} {
		r.refused(want, func(tx *store.Tx) error {
			_, err := tx.CloseRequest(ctx, store.CommandLine, id, "")
			return err
		})
	}
	if log, err := r.Read().AuditLog(ctx, first.Code(), 9); err != nil || len(log) != 1 || log[0].Actor != "command line" {
		t.Errorf("audit log: %+v, %v", log, err)
	}
	if q := ask("menu", "lại hỏi", ""); q.ID == first.ID {
		t.Error("a closed request was opened again")
	}
}

// TestRequestsOfOnePhone: two who share a phone each have their own request; what was
// asked before it was known who they are is theirs.
func TestRequestsOfOnePhone(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	ask := func(person int64, text string) (q store.Request) {
		r.change(func(tx *store.Tx) (err error) {
			q, err = tx.AddRequest(ctx, store.Request{Chat: "zalo:1:2", Topic: "menu", Person: person, Text: text})
			return err
		})
		return q
	}
	unknown, lan, minh, again, somebody := ask(0, "a"), ask(r.lan, "b"), ask(r.minh, "c"), ask(r.lan, "d"), ask(0, "e")
	if lan.ID != unknown.ID || again.ID != lan.ID || again.Text != "a\nb\nd" || again.Person != r.lan {
		t.Errorf("Lan's: %+v", again)
	}
	if minh.ID == lan.ID || minh.Text != "c" || somebody.ID == lan.ID || somebody.ID == minh.ID {
		t.Errorf("of others: %+v, %+v", minh, somebody)
	}
	r.change(func(tx *store.Tx) error {
		_, err := tx.Merge(ctx, r.lan, r.minh, "", "person 1")
		return err
	})
}

// TestAnswerers: a request is for the officers of its commune, then of the province,
// else for the admins; never for who asked.
func TestAnswerers(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	admin, province, here := r.officer(store.RoleAdmin), r.officer(store.RoleOfficer, "15"), r.officer(store.RoleOfficer, "02761")
	r.officer(store.RoleHelper, "02761")
	for _, c := range []struct {
		q    store.Request
		want []int64
	}{
		{store.Request{Commune: "02761"}, []int64{here, province}},
		{store.Request{Commune: "02761", Person: here}, []int64{province}},
		{store.Request{Commune: "02839"}, []int64{province}},
		{store.Request{Commune: "00004"}, []int64{admin}},
		{store.Request{}, []int64{admin}},
		{store.Request{Person: admin}, nil},
	} {
		list, err := r.Read().Answerers(ctx, c.q)
		r.must(err)
		if len(list) != len(c.want) {
			t.Fatalf("%+v: %+v", c.q, list)
		}
		for i, o := range list {
			if o.Person != c.want[i] {
				t.Errorf("%+v: %+v, want %v", c.q, list, c.want)
			}
		}
	}
}

// TestAnswer: what an officer answered is kept, with who did; an answer that could not
// be sent opens the request again, for them.
func TestAnswer(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	officer, other := r.officer(store.RoleOfficer, "02761"), r.officer(store.RoleOfficer, "02761")
	ask := func(q store.Request) store.Request {
		q.Topic, q.Commune = "menu", "02761"
		r.change(func(tx *store.Tx) (err error) {
			q, err = tx.AddRequest(ctx, q)
			return err
		})
		return q
	}
	q, own, called := ask(store.Request{Chat: "zalo:1:minh", Person: r.minh}), ask(store.Request{Chat: "zalo:1:o", Person: officer}), ask(store.Request{Chat: "zalo:1:x"})
	if q.Name != "Minh" || called.Name != "" {
		t.Errorf("names: %q, %q", q.Name, called.Name)
	}
	r.must(r.sql(`update people set name = '' where id = $1`, r.minh))
	if list, err := r.Read().RequestsFor(ctx, officer, 9); err != nil || len(list) != 2 || list[0].Name != "Nhà Minh" {
		t.Errorf("%+v, %v", list, err)
	}
	r.refused(store.ErrNotYours, func(tx *store.Tx) error {
		_, err := tx.CloseRequest(ctx, officer, own.ID, "tự trả lời")
		return err
	})
	r.change(func(tx *store.Tx) error {
		_, err := tx.CloseRequest(ctx, officer, called.ID, "")
		r.must(err)
		done, err := tx.CloseRequest(ctx, officer, q.ID, "Mang giấy lên xã nhé")
		if done.Answer != "Mang giấy lên xã nhé" || done.By != officer || done.State != store.RequestDone {
			t.Errorf("%+v", done)
		}
		return err
	})
	r.refused(store.ErrClosed, func(tx *store.Tx) error {
		_, err := tx.CloseRequest(ctx, other, q.ID, "")
		return err
	})
	if seen, err := r.Read().RequestFor(ctx, other, q.ID); err != nil || seen.By != officer {
		t.Errorf("%+v, %v", seen, err)
	}
	reopened := func() (list []store.Request) {
		r.change(func(tx *store.Tx) (err error) {
			list, err = tx.ReopenUnsent(ctx)
			return err
		})
		return list
	}
	if list := reopened(); len(list) != 0 {
		t.Errorf("not sent yet: %+v", list)
	}
	said := func(q store.Request, turn int64, fate string) {
		r.must(r.sql(`insert into turns (chat, turn, flow, outcome, fate, sent) values ($1, $2, 'answered', 'spoke', $3, clock())`, q.Chat, turn, fate))
		r.must(r.sql(`update requests set said = $2 where id = $1`, q.ID, turn))
	}
	said(called, 7, "window") // who was called is not written to
	said(q, 6, "")            // another answer, a moment before
	if list := reopened(); len(list) != 0 {
		t.Errorf("sent: %+v", list)
	}
	said(q, 7, "window")
	list := reopened()
	if len(list) != 1 || list[0].ID != q.ID || list[0].State != store.RequestOpen || list[0].Officer != officer || list[0].By != 0 || list[0].Answer == "" {
		t.Errorf("%+v", list)
	}
	if list := reopened(); len(list) != 0 {
		t.Errorf("twice: %+v", list)
	}
	if log, err := r.Read().AuditLog(ctx, q.Code(), 9); err != nil || len(log) != 2 || log[0].Act != "reopen request" {
		t.Errorf("%+v, %v", log, err)
	}
	// Nobody ever said it: the bot had to be quiet, and then they blocked it.
	again := func() {
		r.change(func(tx *store.Tx) error {
			_, err := tx.CloseRequest(ctx, officer, q.ID, "Mang giấy lên xã nhé")
			return err
		})
	}
	again()
	if list := reopened(); len(list) != 0 {
		t.Errorf("to be said yet: %+v", list)
	}
	r.must(r.sql(`update requests set done = done - interval '41 minutes' where id = $1`, q.ID))
	if list := reopened(); len(list) != 1 {
		t.Errorf("never said: %+v", list)
	}
	// Who has asked anew has an open one already.
	again()
	ask(store.Request{Chat: q.Chat, Person: r.minh})
	if list := reopened(); len(list) != 0 {
		t.Errorf("beside an open one: %+v", list)
	}
	if in, err := r.Read().RequestsIn(ctx, q.Chat); err != nil || len(in) != 2 || in[1].ID != q.ID {
		t.Errorf("%+v, %v", in, err)
	}
}
