package bot

import "testing"

// TestCleanEmoji: emoji made of several characters stay one; nothing else keeps
// what joins them.
func TestCleanEmoji(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"❤️‍🔥", "👩‍🌾", "🧑🏽‍🌾", "🏳️‍🌈", "👩‍❤️‍👨", "1️⃣"} {
		if got := Clean(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	for s, want := range map[string]string{"gạo\u200dnếp": "gạonếp", "a\ufe0f\u200db": "a\ufe0fb", "🌾\u200d\u200d🔥": "🌾\u200d🔥", "\u200d🌾": "🌾"} {
		if got := Clean(s); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	}
}
