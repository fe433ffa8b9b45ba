package vietnamese

import (
	"os"
	"path/filepath"
	"testing"
)

func wishes(t testing.TB) *Matcher {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join("..", "..", "flows", "wishes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMatcher(string(rules))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// testIntents wants the share of lines read right, and never a wish where there is none.
func testIntents(t *testing.T, path string, share float64) {
	m := wishes(t)
	n, right := 0, 0
	for _, u := range utterances(t, path) {
		if u.kind != "intent" {
			continue
		}
		n++
		ms := m.Match(u.text)
		switch {
		case len(ms) == 0 && u.expected == "none":
			right++
		case len(ms) == 0:
			t.Logf("%q: nothing, want %s", u.text, u.expected)
		case u.expected == "none":
			if ms[0].Score >= Take {
				t.Errorf("%q: %+v, want none", u.text, ms[0])
			}
			t.Logf("%q: offers %+v, want none", u.text, ms[0])
		case ms[0].Intent == u.expected && ms[0].Score >= Take:
			right++
		default:
			t.Logf("%q: %+v, want %s", u.text, ms, u.expected)
		}
	}
	t.Logf("%d of %d right in %s", right, n, path)
	if float64(right) < share*float64(n) {
		t.Errorf("%d of %d right in %s, want %.0f %%", right, n, path, share*100)
	}
}

func TestIntents(t *testing.T) {
	t.Parallel()
	testIntents(t, filepath.Join("testdata", "utterances.tsv"), 0.9)
}

func TestSharedIntents(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "shared", "data", "utterances", "utterances.tsv")
	if _, err := os.Stat(path); err != nil {
		return
	}
	testIntents(t, path, 0.9)
}
