package vietnamese

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Quantity is an amount and its unit. Weights are in kg, volumes in l; every other
// unit is as said ("sào" and "công" differ by region and are not converted). Said
// is the text it was read from.
type Quantity struct {
	Amount float64
	Unit   string
	Said   string
}

// String is the quantity as people write it: "1.500 kg", "0,3 kg".
func (q Quantity) String() string {
	whole, part, _ := strings.Cut(strconv.FormatFloat(q.Amount, 'f', -1, 64), ".")
	s := groupThousands(whole)
	if part != "" {
		s += "," + part
	}
	if q.Unit != "" {
		s += " " + q.Unit
	}
	return s
}

// unit is a unit of measure: its words, what it is counted in and how many of that.
type unit struct {
	words []word
	in    string
	size  float64
}

var (
	measures   = readMeasures()
	counted    = wordsOf("counted")
	countedBy  = wordsOf("counted with marks")
	twoWords   = readTwoWords()
	shortUnits = readShortUnits()
	vague      = wordsOf("vague")
	perTime    = wordsOf("per time")
	perTimeBy  = wordsOf("per time with marks")
	oldMeasure = wordsOf("old measure")
	everyTime  = wordsOf("every")
)

// unitLike are the words a unit begins with, without their marks: most words are
// none, and are told apart quickly.
var unitLike = func() map[string]bool {
	out := map[string]bool{}
	for _, u := range measures {
		for _, w := range u.words {
			out[w.bare] = true
		}
	}
	for _, u := range twoWords {
		out[u.words[0].bare] = true
	}
	for _, w := range slices.Concat(counted, countedBy) {
		out[w.bare] = true
	}
	for w := range shortUnits {
		out[w] = true
	}
	return out
}()

func readMeasures() []unit {
	var out []unit
	for _, m := range meanings("measures") {
		in, size, _ := strings.Cut(m.means, " ")
		out = append(out, unit{split(m.words), in, meaning{means: size}.number()})
	}
	return out
}

// readTwoWords are units of two words and how they are written.
func readTwoWords() []unit {
	var out []unit
	for _, m := range meanings("two words") {
		out = append(out, unit{split(m.words), m.means, 1})
	}
	return out
}

func readShortUnits() map[string]string {
	out := map[string]string{}
	for _, m := range meanings("short units") {
		for _, w := range strings.Fields(m.words) {
			out[w] = m.means
		}
	}
	return out
}

// unitAt reads the unit at ts[i]: what it is counted in, how many of that, and
// where it ends. known is false where a word merely stands in the place of a unit.
func unitAt(ts []token, i int) (in string, size float64, next int, known bool) {
	if i >= len(ts) || ts[i].bare == "" {
		return "", 1, i, false
	}
	t := ts[i]
	if !unitLike[t.bare] && (t.bare != "m" || !tokenAt(ts, i+1).joined) {
		return t.text, 1, i + 1, false
	}
	for _, l := range twoWords {
		if t.is(l.words[0]) && tokenAt(ts, i+1).is(l.words[1]) {
			next = i + 2
			if l.in == "kg" && tokenAt(ts, next).is(split("gam gram")...) {
				next++
			}
			return l.in, 1, next, true
		}
	}
	if t.bare == "m" && tokenAt(ts, i+1).joined && (ts[i+1].num == "2" || ts[i+1].num == "3") {
		return "m" + ts[i+1].num, 1, i + 2, true
	}
	if in, ok := shortUnits[t.bare]; ok {
		return in, 1, i + 1, true
	}
	for _, m := range measures {
		if t.is(m.words...) {
			return m.in, m.size, i + 1, true
		}
	}
	for _, c := range counted {
		if t.couldBe(c) {
			return c.text, 1, i + 1, true
		}
	}
	for _, c := range countedBy {
		if t.text == c.text {
			return c.text, 1, i + 1, true
		}
	}
	return t.text, 1, i + 1, false
}

// beforeUnit reports whether a unit stands at ts[i], so that the number before it
// counts something.
func beforeUnit(ts []token, i int) bool {
	_, _, _, known := unitAt(ts, i)
	return known
}

// measured is one number with its unit.
type measured struct {
	amount float64
	unit   string
	known  bool
	size   bool // weight or volume
	to     int
}

// ReadQuantity reads how much of something: "3 tạ", "500 chai", "1 cân rưỡi". A
// number without a unit, an unknown unit, a range, several quantities and one per
// month or season are Uncertain; the quantity returned is then the best guess.
func ReadQuantity(s string) (Quantity, Reading) {
	counts, ok := meant(composed(s), func(part string) bool {
		_, r := readQuantity(part)
		return r == Understood
	})
	q, r := readQuantity(counts)
	q.Said = strings.TrimSpace(s)
	if !ok && r == Understood {
		r = Uncertain
	}
	return q, r
}

func readQuantity(s string) (Quantity, Reading) {
	ts := wholeUnits(scanAmounts(s))
	var all []measured
	reading := Understood
	for i := range ts {
		if unclear(ts, i) {
			reading = Uncertain
		}
	}
	if contains(noExact, spoken(ts)) {
		reading = Uncertain
	}
	fs := figures(ts, beforeUnit)
	if len(fs) > 0 && denied(ts, fs[0].from) {
		reading = Uncertain
	}
	for i, f := range fs {
		if f.low > 0 || f.doubtful {
			reading = Uncertain
		}
		if isPeriod(ts, f) {
			if f.value != 1 {
				reading = Uncertain // "2 năm được 3 tạ"
			}
			continue
		}
		if f.value <= 0 || f.value > 1e12 {
			continue
		}
		if i+1 < len(fs) && isRange(ts, f, fs[i+1]) {
			reading = Uncertain
			continue
		}
		if n := len(all); n > 0 && all[n-1].to == f.from && all[n-1].size && f.to == f.from+1 && f.value < 10 && f.value == math.Trunc(f.value) && endsAmount(ts, f.to) && !beforeUnit(ts, f.to) {
			all[n-1].amount += f.value / 10 * all[n-1].perUnit(ts) // "1 tạ 2", "2 lít 5", "một tạ hai"
			all[n-1].to = f.to
			continue
		}
		if n := len(all); n > 0 && f.from < all[n-1].to { // the 2 of "m2"
			continue
		}
		m := measure(ts, f)
		if f.from > 0 && !m.size { // "thùng 24 chai"
			if in, _, _, known := unitAt(ts, f.from-1); known && in != "kg" && in != "l" {
				reading = Uncertain
			}
		}
		if n := len(all); n > 0 && all[n-1].unit == m.unit && all[n-1].to == f.from && m.size && all[n-1].perUnit(ts) > m.perUnit(ts) {
			all[n-1].amount += m.amount // "1 cân 2 lạng"
			all[n-1].to = m.to
			continue
		}
		// "1,500 kg" may have a decimal comma; nobody here has a million kilos
		if m.size && (f.grouped && strings.Contains(ts[f.from].num, ",") || m.amount > 1e6) {
			reading = Uncertain
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		return Quantity{}, NotUnderstood
	}
	m := all[0]
	if len(all) > 1 || !m.known || unmarkedUnit(ts, m) {
		reading = Uncertain
	}
	return Quantity{Amount: math.Round(m.amount*1e6) / 1e6, Unit: m.unit}, reading
}

// unclear reports whether ts[i] makes a quantity uncertain: "vài", a price, one per
// month or per sack, an old measure.
func unclear(ts []token, i int) bool {
	t, next := ts[i], tokenAt(ts, i+1)
	switch {
	case t.is(vague...) || t.sign == '%' || t.is(dong...) && t.text != "dong": // "miến dong 3 tạ"
		return true
	case t.is(perTime...), t.drawn && t.is(perTimeBy...):
		return true
	case t.sign == '/' || t.is(everyTime...):
		return !next.is(nam...) && next.num == ""
	case t.is(oldMeasure...):
		_, _, next, known := unitAt(ts, max(0, i-1))
		return known && next == i
	}
	return false
}

// wholeUnits writes the one that is left out before "tạ rưỡi", "yến hai".
func wholeUnits(ts []token) []token {
	for i := 0; i+1 < len(ts); i++ {
		in, _, next, known := unitAt(ts, i)
		if !known || in != "kg" && in != "l" || i > 0 && (numberlike(ts[i-1]) || scaleOf(ts[i-1]) > 0 || ts[i-1].is(ruoi...) || ts[i-1].is(everyTime...) || ts[i-1].is(vague...)) {
			continue
		}
		_, digit := digitWord(tokenAt(ts, next).word)
		if tokenAt(ts, next).is(ruoi...) || digit && ts[i].drawn && endsAmount(ts, next+1) {
			ts = slices.Insert(ts, i, token{num: "1"})
			i++
		}
	}
	return ts
}

// measure reads the unit behind a number, and a half behind the unit.
func measure(ts []token, f figure) measured {
	in, size, next, known := unitAt(ts, f.to)
	m := measured{amount: f.value * size, unit: in, known: known, to: next}
	m.size = known && (in == "kg" || in == "l")
	if known && next < len(ts) && ts[next].is(ruoi...) {
		m.amount += size / 2
		m.to++
	}
	return m
}

// perUnit is how many kg or l the unit before ts[m.to] holds.
func (m measured) perUnit(ts []token) float64 {
	_, size, _, _ := unitAt(ts, m.to-1)
	return size
}

// isPeriod reports whether a number counts time, as in "3 tạ một năm".
func isPeriod(ts []token, f figure) bool {
	t := tokenAt(ts, f.to)
	return t.is(nam...) || t.is(perTime...)
}

// unmarkedUnit reports whether the unit may be another, for want of marks: "can" is
// cân (1 kg) or can (a canister), "bo" is bó or bộ.
func unmarkedUnit(ts []token, m measured) bool {
	for _, t := range ts {
		if t.drawn {
			if t.couldBe(counted[0]) || m.to > 0 && ts[m.to-1].drawn {
				return false
			}
		}
	}
	if m.to == 0 || m.to > len(ts) {
		return false
	}
	t, n := ts[m.to-1], 0
	if t.text == "can" {
		return true
	}
	for _, c := range counted {
		if t.couldBe(c) {
			n++
		}
	}
	return n > 1
}
