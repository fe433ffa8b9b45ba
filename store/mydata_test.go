package store_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"lensan/store"
)

// words gives a chat a session, a handled and an unhandled message, a sent and
// an unsent turn, all of one age.
func (r *records) words(chat string, person int64, age time.Duration) {
	r.t.Helper()
	at := time.Now().Add(-age)
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{`insert into chats (chat, turn, nonce, session, person) values ($1, 2, 'n', '{"turn": 2, "nonce": "n", "lang": "en", "talk": {}}', nullif($2, 0))
			on conflict do nothing`, []any{chat, person}},
		{`insert into messages (key, chat, body, at, handled) values (sha256(random()::text::bytea), $1, '{"text": "words"}', $2, $2)`, []any{chat, at}},
		{`insert into messages (key, chat, body, at) values (sha256(random()::text::bytea), $1, '{"text": "words"}', $2)`, []any{chat, at}},
		{`insert into turns (chat, turn, at, outcome, replies, sent) select $1, coalesce(max(turn), 0) + 1, $2, 'answered', '[{"text": "words"}]', $2
			from turns where chat = $1`, []any{chat, at}},
		{`insert into turns (chat, turn, at, outcome, replies) select $1, coalesce(max(turn), 0) + 1, $2, 'answered', '[{"text": "words"}]'
			from turns where chat = $1`, []any{chat, at}},
	} {
		r.must(r.sql(s.sql, s.args...))
	}
}

// consent notes that a person agreed to records.
func (r *records) consent(person int64) {
	r.t.Helper()
	r.change(func(tx *store.Tx) error {
		_, err := tx.AddConsent(r.t.Context(), store.Consent{Person: person, Kind: store.ConsentRecords,
			Version: "2026-11-01", Lang: "vi", Channel: "zalo", Given: true})
		return err
	})
}

// photo adds a fetched file to a product of lan's.
func (r *records) photo(product int64, key string) {
	r.t.Helper()
	sum := sha256.Sum256([]byte(key))
	r.change(func(tx *store.Tx) error {
		f, err := tx.AddFile(r.t.Context(), store.File{Person: r.lan, Product: product, Channel: "zalo", Ref: key})
		r.must(err)
		f.Key, f.SHA256 = key, sum[:]
		return tx.MarkFetched(r.t.Context(), f)
	})
}

func TestMyData(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.consent(r.lan)
	p := r.add("Gạo Séng Cù")
	r.photo(p.ID, "photos/1.jpg")
	r.change(func(tx *store.Tx) error {
		_, err := tx.AddRequest(ctx, store.Request{Chat: "zalo:1:lan", Topic: "menu"}) // before we knew her
		r.must(err)
		_, err = tx.WithdrawProduct(ctx, r.lan, p.ID)
		return err
	})
	r.words("zalo:1:lan", r.lan, time.Hour)
	r.words("web::minh", r.minh, time.Hour)

	d, err := r.Read().MyData(ctx, r.lan)
	r.must(err)
	if d.Person.Name != "Lò Thị Lan" || len(d.Consents) != 1 || len(d.Producers) != 1 || len(d.Products) != 1 ||
		len(d.Files) != 1 || len(d.Requests) != 1 || !slices.Equal(d.Chats, []string{"zalo:1:lan"}) || d.Messages != 2 || d.Since.IsZero() {
		t.Errorf("%+v", d)
	}
	if d, err := r.Read().MyData(ctx, r.minh); err != nil || len(d.Consents)+len(d.Products)+len(d.Files)+len(d.Requests) != 0 {
		t.Errorf("minh's: %+v, %v", d, err)
	}
	if _, err := r.Read().MyData(ctx, 999); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger's: %v", err)
	}
}

// TestDeletePerson fills every table, deletes lan and looks for what is left of
// her in the whole database.
func TestDeletePerson(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	r.consent(r.lan)
	rice, oil := r.add("Gạo Séng Cù"), r.add("Tinh dầu quế")
	r.photo(rice.ID, "photos/1.jpg")
	r.change(func(tx *store.Tx) error { // what she does for minh's cooperative
		r.must(tx.AddMember(ctx, r.coop, r.lan, store.Helper))
		_, err := tx.AddProduct(ctx, r.lan, store.Product{Producer: r.coop, Name: "Miến đao", Group: "food"})
		r.must(err)
		_, err = tx.AddRequest(ctx, store.Request{Chat: "zalo:1:lan", Topic: "menu", Text: "gọi Lan"})
		r.must(err)
		_, err = tx.AddRequest(ctx, store.Request{Chat: "web::lan", Person: r.lan, Topic: "menu", Text: "gọi Lan"})
		return err
	})
	r.words("zalo:1:lan", r.lan, time.Hour)
	r.words("web::lan", r.lan, time.Hour)
	r.words("web::minh", r.minh, time.Hour)
	r.must(r.sql(`insert into people (name, merged_into) values ('Lan', $1)`, r.lan))

	var receipt string
	r.change(func(tx *store.Tx) (err error) {
		receipt, err = tx.DeletePerson(ctx, r.lan, "zalo:1:lan")
		return err
	})
	if !strings.HasPrefix(receipt, "XOA-") || len(receipt) != 14 {
		t.Errorf("receipt %q", receipt)
	}
	r.refused(store.ErrNotFound, func(tx *store.Tx) error {
		_, err := tx.DeletePerson(ctx, r.lan, "zalo:1:lan")
		return err
	})
	for sql, want := range map[string]int{
		`select count(*) from people`:                                                1,
		`select count(*) from producers`:                                             1,
		`select count(*) from products where name = 'Miến đao'`:                      1,
		`select count(*) from products`:                                              1,
		`select count(*) from members`:                                               1,
		`select count(*) from files`:                                                 0,
		`select count(*) from requests`:                                              0,
		`select count(*) from deleted_files where key = 'photos/1.jpg'`:              1,
		`select count(*) from consents where person is null and receipt is not null`: 1,
		`select count(*) from audit where act = 'delete person'`:                     1,
		// Her handled messages keep their key only; the unhandled are run first.
		`select count(*) from messages where chat is null and body is null`: 2,
		`select count(*) from messages where body is not null`:              4,
		// Nothing she was told is left, and nothing of it goes out any more.
		`select count(*) from turns where replies = '[]' and sent is not null`: 4,
		`select count(*) from turns where replies <> '[]'`:                     2,
		// The chat she writes in is left to the turn, the other begins afresh.
		`select count(*) from chats where chat = 'zalo:1:lan' and turn = 2 and nonce = 'n'`: 1,
		`select count(*) from chats where chat = 'web::minh' and turn = 2 and nonce = 'n'`:  1,
		`select count(*) from chats where chat = 'web::lan' and turn = 3 and nonce <> 'n'`:  1,
	} {
		if n := r.count(sql); n != want {
			t.Errorf("%s: %d, want %d", sql, n, want)
		}
	}
	session, err := query[json.RawMessage](t, r.address, `select session from chats where chat = 'web::lan'`)
	var s map[string]any
	if err := errors.Join(err, json.Unmarshal(session, &s)); err != nil {
		t.Fatal(err)
	}
	if s["turn"] != 3.0 || s["nonce"] == "n" || s["lang"] != "en" || len(s) != 3 {
		t.Errorf("the other chat's session: %s", session)
	}
	if _, err := r.Read().Product(ctx, oil.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("her other product: %v", err)
	}
	if log, err := r.Read().AuditLog(ctx, receipt, 1); err != nil || len(log) != 1 {
		t.Errorf("audit log: %+v, %v", log, err)
	}
}

// TestDeletePersonCertified: a certified product is a public fact and stays, but
// not the phone number.
func TestDeletePersonCertified(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	p := r.add("Gạo Séng Cù")
	r.photo(p.ID, "photos/1.jpg")
	r.must(r.sql(`update products set state = 'certified'`))
	r.change(func(tx *store.Tx) error {
		_, err := tx.DeletePerson(ctx, r.lan, "")
		return err
	})
	producer, err := r.Read().Producer(ctx, r.household)
	if err != nil || producer.Phone != "" {
		t.Errorf("%+v, %v", producer, err)
	}
	if got, err := r.Read().Product(ctx, p.ID); err != nil || len(got.Photos) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestDeleteOfficer deletes somebody with a role, claims and a shared chat: nothing of
// them stays but what the list says.
func TestDeleteOfficer(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	who := r.officer(store.RoleOfficer, "15")
	tea, rice := r.maker(r.list("Chè", "HTX Chè", "02761")), r.maker(r.list("Gạo", "HTX Gạo", "02761"))
	open := r.claimed(r.lan, tea)
	r.claimed(who, rice)
	r.invite(store.Invitation{By: who, Role: store.RoleHelper, Areas: []string{"02761"}})
	r.must(r.sql(`update claims set officer = $1 where id = $2`, who, open))
	r.must(r.sql(`insert into speakers (chat, person) values ('web::shared', $1), ('web::shared', $2)`, who, r.lan))
	r.must(r.sql(`update producers set phone = '0987654321', contact = 'Cán bộ' where id = $1`, tea))
	r.change(func(tx *store.Tx) error { return tx.AddMember(ctx, tea, who, store.Manager) })
	d, err := r.Read().MyData(ctx, who)
	if err != nil || len(d.Roles) != 1 || len(d.Claims) != 1 || d.Claims[0].ProducerName != "HTX Gạo" || len(d.Producers) != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	r.change(func(tx *store.Tx) error { _, err := tx.DeletePerson(ctx, who, ""); return err })
	for sql, want := range map[string]int{
		`select count(*) from roles`: 0,
		`select count(*) from invitations where by is not null or used_by is not null`: 0,
		`select count(*) from claims`:                                                           1, // lan's
		`select count(*) from claims where officer is not null`:                                 0,
		`select count(*) from speakers`:                                                         1,
		`select count(*) from producers where name = 'HTX Chè' and phone = '' and contact = ''`: 1,
		`select count(*) from products where listed`:                                            2,
	} {
		if n := r.count(sql); n != want {
			t.Errorf("%s: %d, want %d", sql, n, want)
		}
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	r, ctx := newRecords(t), t.Context()
	r.consent(r.lan)
	for _, age := range []time.Duration{6 * day, 8 * day, 31 * day, 91 * day, 401 * day} {
		r.words("zalo:1:lan", r.lan, age)   // agreed
		r.words("zalo:1:minh", r.minh, age) // known, but took no consent
		r.words("zalo:1:stranger", 0, age)  // unknown
	}
	r.must(r.sql(`insert into requests (chat, topic, state, done) values ('c', 'old', 'done', now() - interval '91 days'),
		('c', 'new', 'done', now() - interval '89 days')`))
	r.must(r.sql(`insert into requests (chat, topic, created) values ('c', 'open', now() - interval '1 year')`))

	got, err := r.Purge(ctx, time.Now(), store.Retention{Refused: 7 * 24 * time.Hour, Words: 90 * 24 * time.Hour, Years: 3})
	r.must(err)
	// Words are blanked at 7 days (two chats, four ages) and 90 (one chat, two
	// ages), and the blank ones then deleted at 30; what nobody handled goes at
	// 90 only.
	want := store.Purged{Words: 2*4 + 2, Replies: 2*4 + 2, Messages: 2*3 + 2 + 3*2, Turns: 3 * 2, Requests: 1}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for chat, words := range map[string]int{"zalo:1:lan": 3, "zalo:1:minh": 1, "zalo:1:stranger": 1} {
		if n := r.count(`select count(*) from messages where chat = $1 and handled is not null`, chat); n != words {
			t.Errorf("%s: %d messages left with words, want %d", chat, n, words)
		}
		if n := r.count(`select count(*) from messages where chat = $1 and handled is null`, chat); n != 3 {
			t.Errorf("%s: %d unhandled messages left, want 3", chat, n)
		}
		if n := r.count(`select count(*) from turns where chat = $1 and sent is not null and replies <> '[]'`, chat); n != words {
			t.Errorf("%s: %d turns left with words, want %d", chat, n, words)
		}
	}
	if got, err := r.Purge(ctx, time.Now(), store.Retention{Refused: 7 * 24 * time.Hour, Words: 90 * 24 * time.Hour, Years: 3}); err != nil || got != (store.Purged{}) {
		t.Errorf("again: %+v, %v", got, err)
	}

	// Whoever has not written for three years is deleted with their records.
	r.must(r.sql(`update people set created = now() - interval '4 years'`))
	if n := r.count(`select count(*) from people`); n == 0 {
		t.Fatal("nobody to forget")
	}
	r.must(r.sql(`update chats set seen = now() - interval '3 years 1 day' where chat = 'zalo:1:lan'`))
	r.must(r.sql(`update chats set seen = now() - interval '2 years 11 months' where chat = 'zalo:1:minh'`))
	got, err = r.Purge(ctx, time.Now(), store.Retention{Refused: 7 * day, Words: 90 * day, Years: 3})
	if err != nil || r.count(`select count(*) from people where id = $1`, r.lan) != 0 || r.count(`select count(*) from people where id = $1`, r.minh) != 1 {
		t.Errorf("%+v, %v: want Lan forgotten and Minh kept", got, err)
	}
}
