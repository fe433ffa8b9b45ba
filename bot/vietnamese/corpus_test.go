package vietnamese

import (
	"bufio"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
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

// corpora are our own, and the one beside the repository where there is one.
func corpora(t testing.TB) []string {
	own, err := filepath.Glob(filepath.Join("testdata", "*.tsv"))
	if err != nil || len(own) == 0 {
		t.Fatal("no corpus in testdata", err)
	}
	shared, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "utterances", "*.tsv"))
	return append(own, shared...)
}

// readAs reads a text as one kind of answer and writes it as the corpora do.
func readAs(t testing.TB, kind, s string) string {
	switch kind {
	case "fold":
		return Fold(s)
	case "unslip":
		return Unslip(s)
	case "phone":
		if n, ok := Phone(s); ok {
			return n
		}
		return "invalid"
	case "number":
		if n, ok := ReadNumber(s); ok {
			return strconv.FormatInt(n, 10)
		}
		return "ask"
	case "date":
		d, r := ReadDate(s, sunday0)
		return [...]string{"invalid", d.String(), "ask"}[r]
	case "money":
		m, _, r := ReadMoney(s)
		if r != Understood {
			return [...]string{"invalid", "", "ask"}[r]
		}
		if m.Low != m.High {
			return strconv.FormatInt(m.Low, 10) + "-" + strconv.FormatInt(m.High, 10)
		}
		return strconv.FormatInt(m.Low, 10)
	case "quantity":
		q, r := ReadQuantity(s)
		if r != Understood {
			return "ask"
		}
		return strconv.FormatFloat(q.Amount, 'f', -1, 64) + " " + q.Unit
	case "yesno":
		return YesNo(s).String()
	case "commune":
		found, r := ReadCommune(s, "15")
		var codes []string
		for _, c := range found {
			codes = append(codes, c.Code)
		}
		return [...]string{"none", "", "ask:"}[r] + strings.Join(codes, "|")
	case "intent":
		return wish(wishes(t).Match(s))
	case "product_search":
		names, index := productIndex(t)
		var found []string
		for _, i := range index.Search(s, 5) {
			found = append(found, names[i])
		}
		if len(found) == 0 {
			return "none"
		}
		return strings.Join(found, "|")
	}
	t.Fatalf("%q is no kind", kind)
	return ""
}

// wish is the wish that is taken, or the likeliest three that are offered.
func wish(ms []Match) string {
	var offers []string
	for _, m := range ms {
		if len(offers) == 0 && m.Score >= Take {
			return m.Intent
		}
		if m.Score >= Offer && len(offers) < 3 {
			offers = append(offers, m.Intent)
		}
	}
	if len(offers) == 0 {
		return "none"
	}
	return "offer:" + strings.Join(offers, "|")
}

// asked reports whether a result takes nothing over.
func asked(result string) bool {
	head, _, _ := strings.Cut(result, ":")
	return slices.Contains([]string{"ask", "invalid", "unclear", "none", "offer"}, head)
}

// score is how a reader did over the lines of a kind.
type score struct{ lines, right, asked, wrong int }

// TestScore prints how the readers do over the corpora, and wants: no wrong value
// taken over; at most one line in twenty asked without need; wishes right in 95 of
// 100; an expected product among the first three.
func TestScore(t *testing.T) {
	t.Parallel()
	scores := map[string]*score{}
	for _, path := range corpora(t) {
		for _, u := range utterances(t, path) {
			s := scores[u.kind]
			if s == nil {
				s = &score{}
				scores[u.kind] = s
			}
			s.lines++
			got := readAs(t, u.kind, u.text)
			switch {
			case u.accepts(got):
				s.right++
				continue
			case asked(got):
				s.asked++
			default:
				s.wrong++
			}
			t.Logf("%s: %s %q: got %q, want %q", filepath.Base(path), u.kind, u.text, got, u.expected)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(scores)) {
		s := scores[kind]
		t.Logf("%-15s %4d lines: %4d right, %d asked without need, %d wrong", kind, s.lines, s.right, s.asked, s.wrong)
		switch kind {
		case "intent", "product_search":
			if 100*s.right < 95*s.lines {
				t.Errorf("%s: %d of %d right, want 95 of 100", kind, s.right, s.lines)
			}
		default:
			if s.wrong > 0 {
				t.Errorf("%s: %d wrong values taken over", kind, s.wrong)
			}
			if 20*s.asked > s.lines {
				t.Errorf("%s: %d of %d asked without need, want at most one in twenty", kind, s.asked, s.lines)
			}
		}
	}
}

// accepts reports whether a result is what is expected: the same value, any way of
// asking where asking is expected, a product among the first three.
func (u utterance) accepts(got string) bool {
	switch {
	case norm.NFC.String(got) == norm.NFC.String(u.expected):
		return true
	case u.kind == "product_search" && u.expected != "none":
		found := strings.Split(got, "|")
		return slices.ContainsFunc(strings.Split(u.expected, "|"), func(want string) bool {
			return slices.Contains(found[:min(3, len(found))], want)
		})
	case u.kind == "commune" && strings.HasPrefix(u.expected, "ask:"):
		for code := range strings.SplitSeq(strings.TrimPrefix(u.expected, "ask:"), "|") {
			if !strings.Contains(got, code) {
				return false
			}
		}
		return strings.HasPrefix(got, "ask:")
	case u.kind == "commune" || u.kind == "product_search" || u.kind == "intent":
		return false
	}
	return asked(got) && asked(u.expected)
}
