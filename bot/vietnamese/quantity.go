package vietnamese

import (
	"math"
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
	twoWords   = readTwoWords()
	shortUnits = readShortUnits()
	vague      = wordsOf("vague")
	perTime    = wordsOf("per time")
	everyTime  = wordsOf("every")
)

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
	ts := scan(s)
	said := strings.TrimSpace(s)
	var all []measured
	reading := Understood
	for i, t := range ts {
		if t.is(vague...) || t.sign == '%' || t.is(dong...) && t.text != "dong" { // "miến dong 3 tạ"
			reading = Uncertain
		}
		if t.is(perTime...) && (i > 0 && (ts[i-1].sign == '/' || ts[i-1].is(everyTime...) || ts[i-1].num == "1" || ts[i-1].is(digitWords[1]...))) {
			reading = Uncertain
		}
	}
	fs := figures(ts, beforeUnit)
	for i, f := range fs {
		if f.value <= 0 || f.value > 1e12 || isPeriod(ts, f) {
			continue
		}
		if i+1 < len(fs) && isRange(ts, f, fs[i+1]) {
			reading = Uncertain
			continue
		}
		if n := len(all); n > 0 && all[n-1].to == f.from && all[n-1].size && f.digits == 1 && !beforeUnit(ts, f.to) {
			all[n-1].amount += f.value / 10 * all[n-1].perUnit(ts) // "1 tạ 2", "2 lít 5"
			all[n-1].to = f.to
			continue
		}
		if n := len(all); n > 0 && f.from < all[n-1].to { // the 2 of "m2"
			continue
		}
		m := measure(ts, f)
		if n := len(all); n > 0 && all[n-1].unit == m.unit && all[n-1].to == f.from && m.size {
			all[n-1].amount += m.amount // "1 cân 2 lạng"
			all[n-1].to = m.to
			continue
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		return Quantity{}, NotUnderstood
	}
	if len(all) > 1 {
		reading = Uncertain
	}
	m := all[0]
	if !m.known {
		reading = Uncertain
	}
	if unmarkedCan(ts) {
		reading = Uncertain
	}
	return Quantity{Amount: math.Round(m.amount*1e6) / 1e6, Unit: m.unit, Said: said}, reading
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

// unmarkedCan reports whether "can" without marks is the unit: cân (1 kg) or can (a canister).
func unmarkedCan(ts []token) bool {
	can, marked := false, false
	for _, t := range ts {
		can = can || t.text == "can"
		marked = marked || t.drawn
	}
	return can && !marked
}
