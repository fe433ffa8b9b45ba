package vietnamese

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sunday0 is the day the corpora call today.
var sunday0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("ICT", 7*3600))

type utterance struct{ text, kind, expected string }

// utterances reads a corpus: text, kind and expected, parted by tabs.
func utterances(t testing.TB, path string) []utterance {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []utterance
	for sc := bufio.NewScanner(f); sc.Scan(); {
		p := strings.Split(sc.Text(), "\t")
		if len(p) != 3 || p[1] == "kind" || strings.HasPrefix(p[0], "# ") {
			continue
		}
		out = append(out, utterance{p[0], p[1], p[2]})
	}
	return out
}

// readAs reads a text as one kind of answer and writes it as the corpora do.
func readAs(kind, s string) (string, bool) {
	switch kind {
	case "fold":
		return Fold(s), true
	case "unslip":
		return Unslip(s), true
	case "phone":
		if n, ok := Phone(s); ok {
			return n, true
		}
		return "invalid", true
	case "number":
		if n, ok := ReadNumber(s); ok {
			return strconv.FormatInt(n, 10), true
		}
		return "ask", true
	case "date":
		d, r := ReadDate(s, sunday0)
		return [...]string{"invalid", d.String(), "ask"}[r], true
	case "money":
		m, _, r := ReadMoney(s)
		if r != Understood {
			return [...]string{"invalid", "", "ask"}[r], true
		}
		if m.Low != m.High {
			return strconv.FormatInt(m.Low, 10) + "-" + strconv.FormatInt(m.High, 10), true
		}
		return strconv.FormatInt(m.Low, 10), true
	case "quantity":
		q, r := ReadQuantity(s)
		if r != Understood {
			return "ask", true
		}
		return strconv.FormatFloat(q.Amount, 'f', -1, 64) + " " + q.Unit, true
	case "yesno":
		return YesNo(s).String(), true
	case "commune":
		found, r := ReadCommune(s, "15")
		var codes []string
		for _, c := range found {
			codes = append(codes, c.Code)
		}
		return [...]string{"none", "", "ask:"}[r] + strings.Join(codes, "|"), true
	}
	return "", false
}

func testCorpus(t *testing.T, path string) {
	n := 0
	for _, u := range utterances(t, path) {
		got, ok := readAs(u.kind, u.text)
		if !ok {
			continue
		}
		n++
		if got != u.expected {
			t.Errorf("%s %q: got %q, want %q", u.kind, u.text, got, u.expected)
		}
	}
	t.Logf("%d lines of %s", n, path)
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	testCorpus(t, filepath.Join("testdata", "utterances.tsv"))
}

// TestSharedCorpus runs over the corpus beside the repository, where there is one.
func TestSharedCorpus(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "shared", "data", "utterances", "utterances.tsv")
	if _, err := os.Stat(path); err != nil {
		return // the repository stands alone
	}
	testCorpus(t, path)
}
