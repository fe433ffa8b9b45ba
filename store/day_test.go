package store_test

import (
	"testing"
	"time"

	"lensan/store"
)

func day(t *testing.T, iso string) store.Day {
	t.Helper()
	d, err := store.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEnds: 36 months by the calendar, in Go and in the database.
func TestEnds(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	product := r.list("Gạo", "HTX", "02761")
	for decided, ends := range map[string]string{
		"2021-12-15": "2024-12-15",
		"2021-12-31": "2024-12-31",
		"2021-01-01": "2024-01-01",
		"2020-02-29": "2023-02-28", // no 29 February there
		"2021-02-28": "2024-02-28", // though there is a 29
		"2024-02-29": "2027-02-28",
		"2023-08-31": "2026-08-31",
		"2023-12-28": "2026-12-28",
		"":           "",
	} {
		c := store.Certificate{Decided: day(t, decided)}
		if got := c.Ends().String(); got != ends {
			t.Errorf("decided %s: ends %s, want %s", decided, got, ends)
		}
		got, err := query[string](t, r.address, `insert into certificates (product, decision, decided)
			values ($1, $2, nullif($2, '')::date) returning coalesce(ends::text, '')`, product, decided)
		if err != nil || got != ends {
			t.Errorf("decided %s: the database says %s, %v", decided, got, err)
		}
	}
	all, err := r.Read().Certificates(t.Context(), product)
	if err != nil || len(all) != 9 {
		t.Fatalf("%d, %v", len(all), err)
	}
	for _, c := range all {
		if c.Decided.String() != c.Decision {
			t.Errorf("%s read as %s", c.Decision, c.Decided)
		}
	}
}

func TestAddMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2026-03-31", 1, "2026-04-30"}, {"2026-11-30", 3, "2027-02-28"},
		{"2026-12-31", 1, "2027-01-31"}, {"2026-01-15", -1, "2025-12-15"}, {"2026-03-31", -1, "2026-02-28"}, {"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"}, {"", 36, ""},
	} {
		if got := day(t, c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	d := store.DayOf(time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)) // 3:00 of the next day here
	if d.String() != "2026-11-23" || d.Vietnamese() != "23/11/2026" {
		t.Errorf("%s, %s", d, d.Vietnamese())
	}
	for to, want := range map[string]int{"2026-11-23": 0, "2026-11-24": 1, "2026-11-22": -1, "2027-11-23": 365, "2029-11-23": 1096} {
		if got := d.DaysUntil(day(t, to)); got != want {
			t.Errorf("until %s: %d days, want %d", to, got, want)
		}
	}
	if _, err := store.ParseDay("2026-02-30"); err == nil {
		t.Error("30 February is a day")
	}
	if none := (store.Day{}); none.String() != "" || none.Vietnamese() != "" || !none.IsZero() {
		t.Errorf("not known: %q, %q", none.String(), none.Vietnamese())
	}
}

func TestStateOn(t *testing.T) {
	t.Parallel()
	const ends = "2026-12-28"
	decided := day(t, "2023-12-28")
	for _, c := range []struct {
		state   string
		decided store.Day
		today   string
		want    string
	}{
		{store.CertificateValid, decided, "2026-12-27", store.CertificateValid},
		{store.CertificateValid, decided, ends, store.CertificateValid}, // to the end of the day
		{store.CertificateValid, decided, "2026-12-29", store.CertificateExpired},
		{store.CertificateReevaluation, decided, ends, store.CertificateReevaluation},
		{store.CertificateReevaluation, decided, "2026-12-29", store.CertificateExpired},
		{store.CertificateReplaced, decided, ends, store.CertificateReplaced},
		{store.CertificateWithdrawn, decided, "2027-01-01", store.CertificateWithdrawn},
		{store.CertificateValid, store.Day{}, ends, store.CertificateUnknown},
		{store.CertificateReevaluation, store.Day{}, ends, store.CertificateUnknown},
		{store.CertificateWithdrawn, store.Day{}, ends, store.CertificateWithdrawn},
	} {
		if got := (store.Certificate{State: c.state, Decided: c.decided}).StateOn(day(t, c.today)); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// TestCertificatesOf: a member sees what counts of their producers, by its last day.
func TestCertificatesOf(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	const add = `insert into certificates (product, stars, decision, decided, state) values `
	for _, c := range []struct{ name, sql string }{
		{"Chè", add + `($1, 3, '1', '2023-12-28', 'valid')`},
		{"Gạo", add + `($1, 4, '2', '2024-05-01', 'valid'), ($1, 3, '3', '2021-05-01', 'replaced')`},
		{"Mật ong", add + `($1, 3, '4', null, 'valid')`},
		{"Cốm", `select $1::bigint`},
	} {
		id := r.list(c.name, "HTX", "02761", c.sql)
		r.must(r.sql(`update products set producer = $1 where id = $2`, r.coop, id))
	}
	r.list("Của người khác", "HTX", "02761", add+`($1, 3, '1', '2023-12-28', 'valid')`)
	list, err := r.Read().CertificatesOf(ctx, r.minh)
	r.must(err)
	got := ""
	for _, l := range list {
		got += l.Name + " " + l.Certificate.Ends().String() + " " + l.Producer.Name + "; "
	}
	if got != "Mật ong  Nhà Minh; Chè 2026-12-28 Nhà Minh; Gạo 2027-05-01 Nhà Minh; " {
		t.Error(got)
	}
	if list, err := r.Read().CertificatesOf(ctx, r.lan); err != nil || len(list) != 0 {
		t.Errorf("another's: %d, %v", len(list), err)
	}
}
