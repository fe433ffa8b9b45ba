package bot

import "testing"

// TestBecome: half-done talks stay with whoever began them.
func TestBecome(t *testing.T) {
	t.Parallel()
	s := &Session{Person: 1, Drafts: []State{{ID: 5, Flow: "register"}}, Album: []File{{ID: "x"}}}
	is := func(person int64, drafts ...int64) {
		t.Helper()
		s.become(person)
		if s.Person != person || len(s.Drafts) != len(drafts) || len(s.Album) != 0 {
			t.Fatalf("%+v", s)
		}
		for i, id := range drafts {
			if s.Drafts[i].ID != id {
				t.Errorf("person %d finds %v", person, s.Drafts)
			}
		}
	}
	is(0)
	s.Drafts = []State{{ID: 6, Flow: "change"}}
	is(2) // nobody takes up what somebody not known began
	s.Drafts = []State{{ID: 7, Flow: "change"}, {ID: 8, Flow: "link"}}
	is(1, 5)
	is(1, 5)
	is(2, 7, 8)
	if len(s.Aside) != 1 || s.Aside[0].Person != 1 {
		t.Errorf("%+v", s.Aside)
	}
	raw, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if s, err = DecodeSession(raw); err != nil {
		t.Fatal(err)
	}
	is(1, 5)
	is(0)
	is(0)
}
