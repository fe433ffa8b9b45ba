package vietnamese

import (
	"strings"
	"testing"
)

// TestPadding says the answers of the corpus politely, loudly and with a prefix: what
// is taken over stays the same.
func TestPadding(t *testing.T) {
	t.Parallel()
	for _, u := range utterances(t, "testdata/numbers.tsv") {
		want := readAs(t, u.kind, u.text)
		for _, said := range []string{
			strings.ToUpper(u.text), "dạ em chào cán bộ ạ, " + u.text, u.text + " ạ em cảm ơn cán bộ", u.text + " nhé chị", "thưa anh " + u.text + " nha",
		} {
			if got := readAs(t, u.kind, said); got != want && !asked(got) {
				t.Errorf("%s %q is %s, and %q is %s", u.kind, u.text, want, said, got)
			}
		}
	}
}

func TestMeant(t *testing.T) {
	t.Parallel()
	clear := func(s string) bool { return strings.Contains(s, "k") }
	for said, want := range map[string]string{
		"50k":                       "50k",
		"50k à nhầm 55k":            "55k",
		"50k nhầm rồi":              "",
		"không phải 50k mà là 55k":  "55k",
		"55k chứ không phải 50k":    "55k ",
		"2 chai, tức là 200k":       "200k",
		"50k tức là 2 chai":         "50k tức là 2 chai",
		"hai mươi nhăm k, hai nham": "hai mươi nhăm k, hai nham",
	} {
		got, ok := meant(said, clear)
		if got != want || ok != (want != "") {
			t.Errorf("meant(%q) = %q %v, want %q", said, got, ok, want)
		}
	}
}
