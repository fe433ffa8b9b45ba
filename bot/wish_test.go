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
