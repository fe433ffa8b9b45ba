package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lensan/store"
)

// speakers are the people who share a chat, by number.
func (r *records) speakers(chat string) []int64 {
	r.t.Helper()
	all, err := r.Read().SpeakersOf(r.t.Context(), chat)
	r.must(err)
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.Person)
	}
	return ids
}

// TestSpeak: only who shares a chat may speak in it, and it has a limit.
func TestSpeak(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	const chat = "zalo:1:lan"
	speak := func(from, to int64) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.Speak(ctx, chat, from, to) }
	}
	if got := r.speakers(chat); len(got) != 0 {
		t.Errorf("%v", got)
	}
	r.change(speak(r.lan, 0))
	r.refused(store.ErrNotYours, speak(0, r.minh))
	r.change(speak(0, r.lan))
	r.change(speak(r.minh, r.lan)) // minh told who they are meanwhile
	if got := r.speakers(chat); !slices.Equal(got, []int64{r.lan, r.minh}) {
		t.Errorf("%v", got)
	}
	if got := r.speakers("zalo:1:other"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	all, err := r.Read().SpeakersOf(ctx, chat)
	r.must(err)
	if all[0].Name != "Lò Thị Lan" || all[0].Since.IsZero() {
		t.Errorf("%+v", all)
	}
	for range store.MaxSpeakers {
		r.change(func(tx *store.Tx) error {
			p, err := tx.AddPerson(ctx, store.Person{})
			if err == nil {
				err = tx.AddSpeaker(ctx, chat, p.ID)
			}
			return err
		})
	}
	r.refused(store.ErrFull, speak(r.lan, 0))
	r.change(speak(r.lan, r.minh))
}

// TestSharedChatForgets: who is deleted, or parts the chat, leaves nothing in it, and
// takes nothing of the others along.
func TestSharedChatForgets(t *testing.T) {
	t.Parallel()
	r, ctx := newRecords(t), t.Context()
	const theirs, shared = "zalo:1:lan", "web::shared"
	r.words(theirs, r.lan, time.Hour)
	r.words(shared, r.minh, time.Hour)
	r.must(r.sql(`insert into speakers (chat, person) values ($1, $2), ($1, $3)`, shared, r.lan, r.minh))
	r.must(r.sql(`update chats set session = session || jsonb_build_object('aside', jsonb_build_array(
		jsonb_build_object('person', $2::bigint, 'drafts', '[{"title": "of lan"}]'::jsonb),
		jsonb_build_object('person', 77, 'drafts', '[{"title": "of another"}]'::jsonb))) where chat = $1`, shared, r.lan))
	session := func() string {
		t.Helper()
		s, err := query[string](t, r.address, `select session::text from chats where chat = $1`, shared)
		r.must(err)
		return s
	}
	before := r.count(`select turn from chats where chat = $1`, shared)
	r.change(func(tx *store.Tx) error {
		_, err := tx.DeletePerson(ctx, r.lan, theirs)
		return err
	})
	if s := session(); strings.Contains(s, "of lan") || !strings.Contains(s, "of another") || r.count(`select turn from chats where chat = $1`, shared) <= before {
		t.Error(s)
	}
	if got := r.speakers(shared); !slices.Equal(got, []int64{r.minh}) {
		t.Errorf("%v", got)
	}
	r.change(func(tx *store.Tx) error { return tx.Part(ctx, r.minh, shared, "") })
	if got := r.speakers(shared); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if s := session(); !strings.Contains(s, "of another") {
		t.Error(s)
	}
}
