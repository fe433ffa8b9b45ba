package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lensan/store"
)

func TestReadLink(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"LK-7KQ4M":                 "LK-7KQ4M",
		"lk 7kq4m":                 "LK-7KQ4M",
		"lk7kq4m":                  "LK-7KQ4M",
		" Lk - 7 k q 4 m ":         "LK-7KQ4M",
		"LK–7KQ-4M.":               "LK-7KQ4M", // a phone makes a dash of it
		"mã của tôi là lk-7kq4m ạ": "LK-7KQ4M",
		"7KQ4M":                    "",
		"LK-7KQ4":                  "",
		"LK-7KQ4MM":                "",
		"LK-7KQ0M":                 "",
		"LK thanh":                 "",
		"lk-mới":                   "",
		"alk-7kq4m":                "",
		"":                         "",
	} {
		got, ok := store.ReadLink(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, ok, want)
		}
	}
}

// link makes a code for a chat.
func (r *records) link(chat string) (code string) {
	r.t.Helper()
	r.change(func(tx *store.Tx) (err error) {
		code, err = tx.AddLink(r.t.Context(), chat)
		return err
	})
	if got, ok := store.ReadLink(code); !ok || got != code {
		r.t.Errorf("%q cannot be read", code)
	}
	return code
}

// linked types a code in a chat, as a turn does: what was counted is kept.
func (r *records) linked(chat, code string) (other string, refused error) {
	r.t.Helper()
	r.change(func(tx *store.Tx) error {
		other, refused = tx.Linked(r.t.Context(), chat, code)
		return nil
	})
	return other, refused
}

func (r *records) use(code string) (chat string, err error) {
	r.t.Helper()
	err = r.Change(r.t.Context(), func(tx *store.Tx) (err error) {
		chat, err = tx.UseLink(r.t.Context(), code)
		return err
	})
	return chat, err
}

func TestLink(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	first := r.link("zalo:1:lan")
	code := r.link("zalo:1:lan")
	if n := r.count(`select count(*) from links where position($1 in encode(code, 'escape')) > 0`, strings.TrimPrefix(code, "LK-")); n != 0 {
		t.Error("the code lies there as it is")
	}
	for _, c := range []struct {
		chat, code string
		want       error
	}{
		{"web::x", first, store.ErrNotFound}, // the later one counts
		{"zalo:1:lan", code, store.ErrOwn},
		{"web::x", code, nil},
		{"web::y", code, nil}, // looking does not use it up
	} {
		if other, err := r.linked(c.chat, c.code); !errors.Is(err, c.want) || err == nil && other != "zalo:1:lan" {
			t.Errorf("%s types %s: %q, %v", c.chat, c.code, other, err)
		}
	}
	if chat, err := r.use(code); err != nil || chat != "zalo:1:lan" {
		t.Errorf("%q, %v", chat, err)
	}
	if _, err := r.use(code); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("used twice: %v", err)
	}
	if _, err := r.linked("web::y", code); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("typed again: %v", err)
	}

	code = r.link("zalo:1:lan")
	r.SetClock(r.Now().Add(store.LinkLasts + time.Second))
	if _, err := r.linked("web::z", code); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("too old: %v", err)
	}
	if _, err := r.use(code); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("too old: %v", err)
	}
}

// TestLinkMisses: who guesses is stopped, in one chat and in many.
func TestLinkMisses(t *testing.T) {
	t.Parallel()
	r := newRecords(t)
	code := r.link("zalo:1:lan")
	for n := range 5 {
		if _, err := r.linked("web::x", "LK-22222"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("try %d: %v", n, err)
		}
	}
	if _, err := r.linked("web::x", code); !errors.Is(err, store.ErrMisses) {
		t.Errorf("the right one after five wrong ones: %v", err)
	}
	if _, err := r.linked("web::y", code); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	for n := range 195 {
		if _, err := r.linked(fmt.Sprint("web::", n), "LK-22222"); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("chat %d: %v", n, err)
		}
	}
	if _, err := r.linked("web::y", code); !errors.Is(err, store.ErrMisses) {
		t.Errorf("after 200 wrong ones of all chats: %v", err)
	}
	r.SetClock(r.Now().Add(time.Hour + time.Second))
	code = r.link("zalo:1:lan")
	if _, err := r.linked("web::x", code); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	if _, err := r.Purge(t.Context(), r.Now().Add(24*time.Hour), store.Retention{Refused: time.Hour, Words: time.Hour, Years: 3}); err != nil {
		t.Fatal(err)
	}
	if n := r.count(`select (select count(*) from links) + (select count(*) from link_misses)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
