package vietnamese

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds gives a fuzz test the corpus and what readers stumble over.
func seeds(f *testing.F) {
	for _, u := range utterances(f, "testdata/utterances.tsv") {
		f.Add(u.text)
	}
	for _, s := range []string{"", " ", "\xff\xfe", "trăm", "nghìn", "triệu", "tháng", "thứ", "năm", "m", "-", "1-", "/", "1/", "ﬁ½²", strings.Repeat("9", 500), strings.Repeat("một trăm ", 300),
		strings.Repeat("xã ", 200), "e\u0301\u0301\u0301", "W", "dd", "tất cả trừ", "1.2.3.4,5", "9e99", "nửa rưỡi", strings.Repeat("0", 260) + "\xf4Ǖ", "1 +", "2,", "1 :"} {
		f.Add(s)
	}
}

func FuzzFold(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := Fold(s)
		if Fold(got) != got {
			t.Errorf("Fold(%q) = %q, folded again %q", s, got, Fold(got))
		}
		if strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
			t.Errorf("Fold(%q) = %q has spaces", s, got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(Unslip(s)) {
			t.Errorf("Unslip(%q) is not UTF-8", s)
		}
	})
}

func FuzzPhone(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := Phone(s)
		if !ok {
			return
		}
		if again, ok := Phone(FormatPhone(n)); !ok || again != n {
			t.Errorf("Phone(%q) = %q, written and read again %q", s, n, again)
		}
	})
}

func FuzzDate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		d, r := ReadDate(s, sunday0)
		if !d.valid() || r == Understood && d.IsZero() {
			t.Errorf("ReadDate(%q) = %+v %v", s, d, r)
		}
		if r == Understood {
			if again, r := ReadDate(d.String(), sunday0); d.Year > 0 && (again != d || r != Understood) {
				t.Errorf("ReadDate(%q) = %v, read again %v %v", s, d, again, r)
			}
		}
	})
}

func FuzzMoney(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		m, offers, r := ReadMoney(s)
		if r == Understood && (m.Low <= 0 || m.High < m.Low || len(offers) > 0) || r == Uncertain && len(offers) == 0 {
			t.Errorf("ReadMoney(%q) = %+v %v %v", s, m, offers, r)
		}
		if r == Understood && m.Low == m.High && m.Low >= 1000 {
			if again, _, r := ReadMoney(FormatMoney(m.Low)); again != m || r != Understood {
				t.Errorf("ReadMoney(%q) = %v, read again %v %v", s, m, again, r)
			}
		}
		ReadNumber(s)
	})
}

func FuzzQuantity(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		q, r := ReadQuantity(s)
		if r != NotUnderstood && (q.Amount < 0 || math.IsNaN(q.Amount) || math.IsInf(q.Amount, 0)) || r == Understood && q.Unit == "" {
			t.Errorf("ReadQuantity(%q) = %+v %v", s, q, r)
		}
	})
}

func FuzzYesNo(f *testing.F) {
	seeds(f)
	opposite := map[Answer]Answer{Yes: No, No: Yes}
	f.Fuzz(func(t *testing.T, s string) {
		a := YesNo(s)
		if got := YesNo(s + "?"); got != Unclear {
			t.Errorf("YesNo(%q) = %v: it asks", s+"?", got)
		}
		if a == Unclear || strings.ContainsAny(s, "?？") {
			return
		}
		if got := YesNo(s + ", ạ"); got == opposite[a] {
			t.Errorf("YesNo(%q) = %v, politely %v", s, a, got)
		}
		denial := map[Answer]string{Yes: "không đồng ý, ", No: "đồng ý, "}[a]
		if got := YesNo(denial + s); got == a && !contains(retracts, read(s)) {
			t.Errorf("YesNo(%q) = %v, and %v behind %q", s, a, got, denial)
		}
	})
}

func FuzzSearch(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		found := Search(s, groups)
		seen := map[int]bool{}
		for _, i := range found {
			if i < 0 || i >= len(groups) || seen[i] {
				t.Errorf("Search(%q) = %v", s, found)
			}
			seen[i] = true
		}
		if folded := Fold(s); folded != "" && len(s) < 100 {
			if found := Search(s, append([]string{s}, groups...)); len(found) > 0 && !slices.Contains(found, 0) {
				t.Errorf("Search(%q) finds %v and not what was said", s, found)
			}
		}
	})
}

func FuzzChoice(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		one := Choice(s, groups)
		many, _ := Choices(s, groups)
		for _, found := range [][]int{one, many} {
			if !slices.IsSorted(found) || len(found) > 0 && (found[0] < 0 || found[len(found)-1] >= len(groups)) {
				t.Errorf("%q: %v %v", s, one, many)
			}
		}
	})
}

func FuzzCommune(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		found, r := ReadCommune(s, "15")
		if len(found) > maxCandidates || (r == NotUnderstood) != (len(found) == 0) || r == Understood && len(found) != 1 {
			t.Errorf("ReadCommune(%q) = %+v %v", s, found, r)
		}
		if r == Understood && !names(s, found[0].Code) {
			t.Errorf("ReadCommune(%q) takes %+v, which it does not name", s, found)
		}
	})
}

// names reports whether a text, its slips mended, holds a name of a commune.
func names(s, code string) bool {
	for _, text := range []string{s, Unslip(bounded(s)), undoubled(bounded(s))} {
		said := map[string]bool{} // some of its words sound so
		ws := split(text)
		for i := range ws {
			for j := i + 1; j <= min(len(ws), i+gazetteer().longest+1); j++ {
				said[heard(nameKey(ws[i:j]))] = true
			}
		}
		text = nameKey(ws)
		for key, e := range gazetteer().names {
			if (strings.Contains(text, key) || said[heard(key)]) && slices.ContainsFunc(e.places, func(p calledPlace) bool { return slices.Contains(p.codes, code) }) {
				return true
			}
		}
	}
	return false
}

func FuzzMatch(f *testing.F) {
	seeds(f)
	m := wishes(f)
	f.Fuzz(func(t *testing.T, s string) {
		seen := map[string]bool{}
		last := 1.0
		for i, w := range m.Match(s) {
			if w.Score < Offer || w.Score > last || w.Score >= Take && i > 0 || seen[w.Intent] {
				t.Errorf("Match(%q): %+v", s, m.Match(s))
			}
			last, seen[w.Intent] = w.Score, true
		}
	})
}

func FuzzRules(f *testing.F) {
	for _, s := range []string{"", "[a]", "[a]\n6 x", "[a]\n6 x + y > z\n-4 0", "$l = x | y z\n[a]\n6 $l", "[a]\n= 0", "[a]\n~ x", "[*]\n2 x", "[\n6 x", "[a]\n6 | ", "[a]\n6 $x", "6 x", "[a]\n6 x + ", "[a]\n0 x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := NewMatcher(s); err == nil {
			m.Match("x y z 0")
		}
	})
}
