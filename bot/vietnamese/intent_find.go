package vietnamese

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxBetween = 9   // words between what stands on the sides of a "+"
	maxOrdered = 4   // and of a ">"
	slipPoints = 2   // that a slip costs
	shortText  = 8   // words
	maxTried   = 300 // ways to put a rule together; nobody's wish has more
)

// data/intents.txt and data/words.txt explain the lists.
var (
	smallWords = phrasesOf("small words")
	dialect    = readDialect()
	dungs      = readDungs()
	plainWords = readPlain()
)

// readPlain is the small words without marks: "cho" is no "chỗ". "dung" may be đừng,
// so it is not dùng.
func readPlain() map[string]bool {
	out := map[string]bool{"dung": true}
	for _, set := range []phraseSet{filler, smallWords} {
		for _, ps := range set {
			for _, p := range ps {
				if len(p) == 1 && !p[0].drawn {
					out[p[0].text] = true
				}
			}
		}
	}
	return out
}

func readDialect() map[string]word {
	out := map[string]word{}
	for _, m := range meanings("dialect") {
		out[m.words] = newWord(m.means)
	}
	return out
}

// dung is what "dung" is before some words.
type dung struct {
	before phraseSet
	is     word
}

func readDungs() (out []dung) {
	for _, m := range meanings("dung") {
		out = append(out, dung{phrases(m.words), newWord(m.means)})
	}
	return out
}

// matching is the work on one text.
type matching struct {
	m        *Matcher
	ws       []word
	marked   bool // the text has marks: a word without any is meant so
	sounds   []string
	clause   []int         // of each word: the number of its clause
	filler   []bool        // carries no wish
	bound    []*rulePhrase // the first phrase of several words it stands in, the longest of these, and
	place    []int         // where in it
	hidden   []int         // 1 + where the refusal begins that reaches it; 0: none
	ends     []int         // of each refusal, by where it begins: where it ends
	tookBack bool          // something was said by mistake
	found    []occurrence
	pieces   [][]piece // of each rule: what was found of it
	groups   []uint    // of each rule: a bit a group found
	touched  []int     // the rules with pieces
	met      []met     // rules that were met
	opened   met       // what a short text opens with: no wish if there is another
}

var scratch = sync.Pool{New: func() any { return new(matching) }}

// occurrence is a phrase found in the text.
type occurrence struct {
	p        *rulePhrase
	from, to int
	slips    int // words that are another word by their marks or spelling
}

// piece is an occurrence as a part of a rule.
type piece struct {
	occurrence
	group int
	by    int // the refusal that reaches it (refusalOf)
}

// met is a rule that was met, with the words it was met by.
type met struct {
	rule, intent, points int
	alone                bool
	words                wordSet
}

// wordSet is a set of words of the text, by place.
type wordSet [2]uint64

func (s *wordSet) add(from, to int) {
	for i := from; i < to; i++ {
		s[i/64] |= 1 << (i % 64)
	}
}
func (s wordSet) has(i int) bool         { return s[i/64]&(1<<(i%64)) != 0 }
func (s wordSet) with(o wordSet) wordSet { return wordSet{s[0] | o[0], s[1] | o[1]} }
func (s wordSet) meets(o wordSet) bool   { return s[0]&o[0]|s[1]&o[1] != 0 }
func (s wordSet) within(o wordSet) bool  { return s[0]&^o[0]|s[1]&^o[1] == 0 }
func (s wordSet) wider(by int) wordSet {
	out := s
	for i := range 128 {
		if s.has(i) {
			out.add(max(0, i-by), min(128, i+by+1))
		}
	}
	return out
}
func (s wordSet) count() int { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

func (t *matching) reset(m *Matcher) {
	t.m, t.tookBack, t.opened = m, false, met{}
	t.ws, t.sounds, t.clause = t.ws[:0], t.sounds[:0], t.clause[:0]
	t.found, t.met = t.found[:0], t.met[:0]
	if len(t.pieces) < len(m.rules) {
		t.pieces, t.groups = make([][]piece, len(m.rules)), make([]uint, len(m.rules))
	}
}

// read parts the text into clauses and these into words, dialect put into the
// words the rules are written in.
func (t *matching) read(s string) {
	s = bounded(s)
	t.marked = hasMarks(s)
	clause := 0
	for len(s) > 0 && len(t.ws) < maxWords {
		n := strings.IndexAny(s, ",.;:!?\n()…")
		if n < 0 {
			n = len(s)
		}
		if part := read(s[:n]); len(part) > 0 {
			clause++
			for _, w := range part {
				if w.stretched() && strings.ContainsAny(w.bare, "aeiouy") { // "cccd" is short for căn cước
					w = newWord(undoubled(w.text))
				}
				t.ws = append(t.ws, w)
				t.clause = append(t.clause, clause)
			}
		}
		s = strings.TrimLeft(s[n:], ",.;:!?\n()… ")
	}
	t.ws = t.ws[:min(len(t.ws), maxWords)]
	t.standard()
	for _, w := range t.ws {
		t.sounds = append(t.sounds, heard(w.bare))
	}
	t.filler, t.hidden = cleared(t.filler, len(t.ws)), cleared(t.hidden, len(t.ws))
	t.ends = cleared(t.ends, len(t.ws))
	t.bound, t.place = cleared(t.bound, len(t.ws)), cleared(t.place, len(t.ws))
	for i := 0; i < len(t.ws); {
		n := max(fillers(t.ws[i:]), longest(smallWords, t.ws[i:]))
		for k := range n {
			t.filler[i+k] = true
		}
		i += max(n, 1)
	}
}

// standard puts words of a region into those of the rules. One that has no marks
// ("chi": gì) counts only where the others have theirs, or it could be any word. And
// it tells dùng and đúng from đừng where it can.
func (t *matching) standard() {
	for i, w := range t.ws {
		if to, ok := dialect[w.text]; ok && (w.drawn || t.marked) {
			t.ws[i] = to
		}
		for _, d := range dungs {
			if w.text == "dung" && longest(d.before, t.ws[i+1:]) > 0 {
				t.ws[i] = d.is
			}
		}
	}
}

// hasMarks reports whether a text is written with marks: a third of its words are.
func hasMarks(s string) bool {
	words, marked := 0, 0
	for w := range strings.FieldsSeq(s) {
		words++
		if strings.IndexFunc(w, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
			marked++
		}
	}
	return 3*marked >= words
}

func cleared[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n, maxWords)
	}
	b = b[:n]
	clear(b)
	return b
}

// find finds every phrase of the rules, in one pass.
func (t *matching) find() {
	for i := range t.ws {
		for _, p := range t.m.index[t.sounds[i]] {
			if slips, ok := t.stands(p, i); ok {
				n := len(p.words)
				t.found = append(t.found, occurrence{p, i, i + n, slips})
				for k := range p.words {
					if b := t.bound[i+k]; n > 1 && slips == 0 && (b == nil || t.place[i+k] == k && n > len(b.words)) {
						t.bound[i+k], t.place[i+k] = p, k
					}
				}
			}
		}
	}
	t.found = slices.DeleteFunc(t.found, t.bindsOther)
}

// bindsOther reports whether a word stands for another one, with other marks, in a
// longer phrase: in "san pham" there is no "sàn", in "kỹ năng" no "nắng". Of phrases
// that share such a word the one without slips is meant, and the one that begins first:
// in "ho so htx" there is no "số htx".
func (t *matching) bindsOther(o occurrence) bool {
	for k, want := range o.p.words {
		b := t.bound[o.from+k]
		if b == nil || len(o.p.words) > 1 && o.slips == 0 && t.place[o.from+k] <= k {
			continue
		}
		has := &b.words[t.place[o.from+k]]
		if b.opens || has.tone != want.tone || has.marks != want.marks {
			return true
		}
	}
	return false
}

// stands reports whether a phrase stands at a word, and with how many slips: half of
// the words of a phrase may have wrong marks or be spelled as they sound. Who puts no
// marks at all makes no slip, but a small word is nothing else then: "cho" is no "chỗ".
func (t *matching) stands(p *rulePhrase, at int) (slips int, ok bool) {
	n := len(p.words)
	if at+n > len(t.ws) || t.clause[at+n-1] != t.clause[at] {
		return 0, false
	}
	for k := range p.words {
		w, want := &t.ws[at+k], &p.words[k]
		if w.bare == want.bare && (w.tone == want.tone && w.marks == want.marks || !w.drawn && !t.marked && (n > 1 || !plainWords[w.text])) {
			continue
		}
		if slips++; 2*slips > n || p.sounds[k] != t.sounds[at+k] || p.strict[k] || w.bare != want.bare && w.tone != 0 && w.tone != want.tone {
			return 0, false
		}
	}
	return slips, true
}

// meet finds the rules of which every group was found.
func (t *matching) meet() {
	for _, o := range t.found {
		by := t.refusalOf(o)
		for _, r := range o.p.refs {
			if by != 0 && !t.m.rules[r.rule].denies {
				continue
			}
			if len(t.pieces[r.rule]) == 0 {
				t.touched = append(t.touched, r.rule)
				t.groups[r.rule] = 0
			}
			t.pieces[r.rule] = append(t.pieces[r.rule], piece{o, r.group, by})
			t.groups[r.rule] |= 1 << r.group
		}
	}
	for _, r := range t.touched {
		if t.groups[r] == 1<<t.m.rules[r].groups-1 {
			t.try(r)
		}
		t.pieces[r] = t.pieces[r][:0]
	}
	t.touched = t.touched[:0]
}

// try notes a rule all groups of which were found, if they belong together.
func (t *matching) try(rule int) {
	r := &t.m.rules[rule]
	f := met{rule: rule, intent: r.intent, points: r.points, alone: r.alone}
	if r.alone {
		t.alone(f, r.opens)
		return
	}
	best := side{slips: maxWords}
	t.combine(r, t.pieces[rule], side{}, &best)
	if best.group == 0 {
		return
	}
	f.words = best.words
	if f.points > 0 {
		f.points = max(1, f.points-slipPoints*best.slips)
	}
	t.met = append(t.met, f)
}

// alone notes a rule of what is said alone. Where words fit it only with slips, that
// costs points.
func (t *matching) alone(f met, opens bool) {
	for slips := range 2 {
		for _, p := range t.pieces[f.rule] {
			var own wordSet
			own.add(p.from, p.to)
			if min(p.slips, 1) != slips || own.within(f.words) || p.by != 0 && !t.owns(p.occurrence, p.by) || opens && !t.opensShort(p.occurrence) {
				continue
			}
			f.words = f.words.with(own)
			f.points -= slipPoints * p.slips
		}
	}
	switch {
	case f.words.count() == 0:
	case opens:
		t.opened = f
	default:
		t.met = append(t.met, f)
	}
}

// opensShort reports whether a phrase opens a short text of one clause.
func (t *matching) opensShort(o occurrence) bool {
	return len(t.ws) <= shortText && t.clause[len(t.ws)-1] == 1 && !slices.Contains(t.filler[:o.from], false)
}

// side is the groups of a rule for which occurrences were chosen.
type side struct {
	group   int
	last    occurrence
	words   wordSet
	slips   int
	refused int // by which refusal some are reached
	owned   int // which is a part of one
	tried   int
}

// combine finds occurrences of all groups near to each other, those with the fewest
// slips and most words.
func (t *matching) combine(r *rule, pieces []piece, s side, best *side) {
	if s.group == r.groups {
		if s.refused != 0 && s.refused != s.owned {
			return
		}
		if s.slips < best.slips || s.slips == best.slips && s.words.count() > best.words.count() {
			s.tried = best.tried
			*best = s
		}
		return
	}
	for _, p := range pieces {
		if p.group != s.group || best.tried > maxTried {
			continue
		}
		best.tried++
		var own wordSet
		own.add(p.from, p.to)
		if own.meets(s.words) || s.group > 0 && !near(s.last, p.occurrence, r.ordered[s.group]) {
			continue
		}
		next := s
		next.group, next.last, next.words, next.slips = s.group+1, p.occurrence, s.words.with(own), s.slips+p.slips
		if t.owns(p.occurrence, p.by) {
			next.owned = p.by
		} else if p.by != 0 {
			next.refused = p.by
		}
		t.combine(r, pieces, next, best)
	}
}

// near reports whether two phrases may belong to one rule.
func near(a, b occurrence, ordered bool) bool {
	if ordered {
		return b.from >= a.to && b.from-a.to <= maxOrdered
	}
	return max(b.from-a.to, a.from-b.to) <= maxBetween
}
