package bot

import "testing"

// TestWish: what a button carries is read again, the bot's own talks, too.
func TestWish(t *testing.T) {
	t.Parallel()
	for _, w := range []Wish{{"register", ""}, {"products", "12"}, {"status", "QĐ 4261. v.v"}, resume(State{ID: 7})} {
		if got, ok := parseWish(w.String()); !ok || got != w {
			t.Errorf("%q: %+v, %v", w, got, ok)
		}
	}
	for _, data := range []string{"", "w", "w.", "w.x", "wregister", "wbot.", "wbot..1", "a1.yes", "register."} {
		if w, ok := parseWish(data); ok {
			t.Errorf("%q is read as %+v", data, w)
		}
	}
}

// TestForged: neither a button nor a link opens what the bot says on its own alone, or
// a short talk of its own above none; a link opens a talk, and not what it is about.
func TestForged(t *testing.T) {
	t.Parallel()
	s := &Script{Flows: map[string]func(*Talk){"order": nil, "told": nil}, Own: []string{"told"}}
	for data, want := range map[string]bool{
		"worder.": true, "worder.5": true, "wbot.resume.7": true, "wtold.": false, "wtold.5": false, "wbot.switch.worder.": false,
		"wbot.stop_or_answer.": false, "wnone.": false, "a1.yes": false, "": false,
	} {
		if _, ok := s.asked(data); ok != want {
			t.Errorf("%q: %v", data, ok)
		}
	}
}
