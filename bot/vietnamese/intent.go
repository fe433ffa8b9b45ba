package vietnamese

import (
	"fmt"
	"slices"
	"strings"
)

// Match is one wish a text may express.
type Match struct {
	Intent string
	Score  float64 // 0.8 and more: take it; 0.4 to 0.8: offer it
	Rule   string  // the line that matched
	Exact  bool    // the text is nothing but that wish
}

// Scores of a match.
const (
	Take  = 0.8 // from here on a wish is taken
	Offer = 0.4 // from here on it is offered
)

// Matcher finds wishes by rules. It is safe for use by several goroutines.
type Matcher struct {
	rules []rule
	long  phraseSet // the phrases of several words in all rules
}

// rule is one line: all groups must be found, none of the phrases of without.
type rule struct {
	intent  string
	line    string
	groups  []phraseSet
	without phraseSet
	alone   bool // "=": counts only when nothing else is said
	guess   bool // "~": is offered, not taken
	negated bool // a negation belongs to it
}

// NewMatcher reads rules:
//
//	# a remark
//	$shop = shopee | tiktok | vỏ sò        a list to use in rules
//	[open_shop]                            the intent of the rules below
//	mở | tạo + gian hàng | $shop - không   one of each group, in any order; none of the rest
//	= shop                                 only when nothing else is said
//	~ bán hàng                             a guess, to be offered
//
// Words are written with their marks: a person may leave marks off, but not put
// others. A word after "=" may be a digit. The error names the line.
func NewMatcher(rules string) (*Matcher, error) {
	m := &Matcher{}
	lists := map[string]string{}
	intent := ""
	n := 0
	for line := range strings.Lines(rules) {
		n++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			intent = strings.Trim(line, "[] ")
			if intent == "" || !strings.HasSuffix(line, "]") {
				return nil, fmt.Errorf("line %d: %q is not an intent in brackets", n, line)
			}
		case line[0] == '$' && strings.Contains(line, "="):
			name, list, _ := strings.Cut(line, "=")
			name = strings.TrimSpace(name)
			list, err := expand(list, lists)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			lists[name] = list
		case intent == "":
			return nil, fmt.Errorf("line %d: a rule before the first [intent]", n)
		default:
			r, err := newRule(intent, line, lists)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			m.rules = append(m.rules, r)
		}
	}
	if len(m.rules) == 0 {
		return nil, fmt.Errorf("no rules")
	}
	m.long = phraseSet{}
	for _, r := range m.rules {
		for _, g := range r.groups {
			for first, ps := range g {
				for _, p := range ps {
					if len(p) > 1 {
						m.long[first] = append(m.long[first], p)
					}
				}
			}
		}
	}
	return m, nil
}

// expand writes out the lists named in alternatives.
func expand(alternatives string, lists map[string]string) (string, error) {
	parts := strings.Split(alternatives, "|")
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if strings.HasPrefix(p, "$") {
			list, ok := lists[p]
			if !ok {
				return "", fmt.Errorf("%s is not a list above", p)
			}
			p = list
		}
		if len(split(p)) == 0 {
			return "", fmt.Errorf("an empty alternative in %q", strings.TrimSpace(alternatives))
		}
		parts[i] = p
	}
	return strings.Join(parts, "|"), nil
}

func newRule(intent, line string, lists map[string]string) (rule, error) {
	r := rule{intent: intent, line: line}
	body := line
	switch line[0] {
	case '=':
		r.alone, body = true, line[1:]
	case '~':
		r.guess, body = true, line[1:]
	}
	body, without, excludes := strings.Cut(body, " - ")
	for _, g := range strings.Split(body, " + ") {
		list, err := expand(g, lists)
		if err != nil {
			return r, err
		}
		r.groups = append(r.groups, phrases(strings.ReplaceAll(list, "|", ";")))
		r.negated = r.negated || contains(negation, split(list))
	}
	if excludes {
		list, err := expand(without, lists)
		if err != nil {
			return r, err
		}
		r.without = phrases(strings.ReplaceAll(list, "|", ";"))
	}
	return r, nil
}

// longWish is how many words a wish has at most; what is longer is a story, in
// which words of a wish come up by chance.
const longWish = 25

// Match returns the wishes a text may express, likeliest first, one per intent.
// Two that are equally likely are both to be offered, not taken.
func (m *Matcher) Match(s string) []Match {
	ws := read(s)
	if len(ws) == 0 {
		return nil
	}
	best := m.match(ws, ws)
	if len(best) == 0 || best[0].Score < Take {
		for _, b := range m.match(withoutMarks(ws), ws) {
			if b.words < 2 || b.guess {
				continue
			}
			b.Score = min(b.Score, Take-0.05)
			b.Exact = false
			if !slices.ContainsFunc(best, func(o found) bool { return o.Intent == b.Intent }) {
				best = append(best, b)
			}
		}
		slices.SortStableFunc(best, compare)
	}
	if len(best) > 1 && best[0].Score >= Take && best[1].Score >= Take && unlike(best[0], best[1]) {
		for i := range best {
			best[i].Score = min(best[i].Score, Take-0.01)
		}
	}
	out := make([]Match, len(best))
	for i, b := range best {
		out[i] = b.Match
	}
	return out
}

// found is a match and how many words it covers.
type found struct {
	Match
	words   int
	guess   bool
	covered []bool
}

// withoutMarks is what a text looks like when its marks are not believed: many
// write the wrong ones. What denies keeps its marks.
func withoutMarks(ws []word) []word {
	out := make([]word, len(ws))
	for i, w := range ws {
		out[i] = word{text: w.bare, bare: w.bare}
		if longest(negation, ws[i:]) > 0 {
			out[i] = w
		}
	}
	return out
}

func compare(a, b found) int {
	switch {
	case a.Score > b.Score:
		return -1
	case a.Score < b.Score:
		return 1
	}
	return 0
}

// unlike reports whether two matches are two wishes: each told in two words or
// more that the other does not use ("đăng ký sản phẩm và học livestream"), or in
// the same words and equally strong.
func unlike(a, b found) bool {
	if a.Exact != b.Exact {
		return false
	}
	onlyA, onlyB := 0, 0
	for i := range a.covered {
		switch {
		case a.covered[i] && !b.covered[i]:
			onlyA++
		case b.covered[i] && !a.covered[i]:
			onlyB++
		}
	}
	return onlyA > 1 && onlyB > 1 || a.words <= b.words && a.Score-b.Score < 0.05
}

// match tries every rule. said is the words as typed, where ws has lost its marks.
func (m *Matcher) match(ws, said []word) []found {
	filler := make([]bool, len(ws))
	for i := 0; i < len(ws); {
		n := fillers(ws[i:])
		for k := range n {
			filler[i+k] = true
		}
		i += max(n, 1)
	}
	bound := make([]bool, len(ws)) // in a phrase of several words
	for i := range ws {
		if n := longest(m.long, ws[i:]); n > 1 {
			for k := range n {
				bound[i+k] = true
			}
		}
	}
	var best []found
	for i := range m.rules {
		r := &m.rules[i]
		f, ok := r.match(ws, said, filler, bound)
		if !ok {
			continue
		}
		if at := slices.IndexFunc(best, func(o found) bool { return o.Intent == f.Intent }); at < 0 {
			best = append(best, f)
		} else if f.Score > best[at].Score {
			best[at] = f
		}
	}
	slices.SortStableFunc(best, compare)
	return best
}

func (r *rule) match(ws, said []word, filler, bound []bool) (found, bool) {
	var f found
	covered := make([]bool, len(ws))
	for _, g := range r.groups {
		at, n := findFree(g, ws, covered, bound)
		if n == 0 {
			return f, false
		}
		for n > 0 {
			for k := at; k < at+n; k++ {
				covered[k] = true
			}
			if !r.alone {
				break
			}
			at, n = findFree(g, ws, covered, bound) // "alo alo"
		}
	}
	if _, n := findFree(r.without, ws, make([]bool, len(ws)), bound); n > 0 {
		return f, false
	}
	left := 0
	for i := range ws {
		switch {
		case covered[i]:
			f.words++
		case !filler[i]:
			left++
		}
	}
	f.guess, f.covered = r.guess, covered
	f.Match = Match{Intent: r.intent, Rule: r.line, Exact: left == 0}
	if r.alone && !f.Exact {
		return f, false
	}
	share := float64(f.words) / float64(f.words+left)
	switch {
	case r.guess:
		f.Score = 0.5 + 0.2*share
	default:
		f.Score = Take + 0.2*share*float64(min(f.words, 6))/6
		if f.Exact {
			f.Score = min(1, f.Score+0.05)
		}
		if f.words <= 2 && share < 0.3 { // two words of a longer story
			f.Score = Take - 0.1
		}
	}
	if n := len(ws) - longWish; n > 0 {
		f.Score -= 0.3 + 0.005*float64(n)
		f.Exact = false
	}
	if !r.negated {
		f.Score -= denied(said, covered)
	}
	return f, f.Score >= Offer
}

// findFree finds the longest phrase of a group among the words not covered yet. A
// word without marks that is bound into a longer phrase stands for no other one:
// in "san pham" there is no "sàn", in "ban hang" no "bận".
func findFree(g phraseSet, ws []word, covered, bound []bool) (at, n int) {
	for i, w := range ws {
		if covered[i] || len(g[w.bare]) == 0 {
			continue
		}
		l := longest(g, ws[i:])
		if l == 1 && bound[i] && !w.drawn && !slices.ContainsFunc(g[w.bare], func(p []word) bool { return len(p) == 1 && !p[0].drawn }) {
			continue
		}
		if l > n && !slices.Contains(covered[i:i+l], true) {
			at, n = i, l
		}
	}
	return at, n
}

var (
	refusal = phrasesOf("refusal")
	notYet  = phrasesOf("not yet")
	anyMore = phrasesOf("any more")
)

// denied is what a wish loses when it is refused: all if "đừng" or "không muốn"
// stands right before its words, or "không … nữa" around them; some after a mere
// "không" or "chưa".
func denied(ws []word, covered []bool) float64 {
	for i := range ws {
		if covered[i] {
			continue
		}
		if n := longest(refusal, ws[i:]); n > 0 && anyOf(covered, i+n, i+n+2) {
			if ws[i].text == "dung" { // đừng, or dùng, or đúng
				return 0.3
			}
			return 1
		}
		if n := longest(notYet, ws[i:]); n > 0 && anyOf(covered, i+n, i+n+1) {
			if contains(anyMore, ws[i+n:]) {
				return 1
			}
			return 0.3
		}
	}
	return 0
}

func anyOf(covered []bool, from, to int) bool {
	for i := from; i < min(to, len(covered)); i++ {
		if covered[i] {
			return true
		}
	}
	return false
}
