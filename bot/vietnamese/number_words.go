package vietnamese

import (
	"math"
	"strconv"
)

var (
	digitWords = readDigits()
	afterTens  = wordsOf("after tens")
	nam        = wordsOf("year")
	muoi       = wordsOf("ten")
	eachWord   = wordsOf("each")
	chuc       = wordsOf("dozen")
	linh       = wordsOf("and ones")
	tram       = wordsOf("hundred")
	ruoi       = wordsOf("and a half")
	nua        = wordsOf("a half")
	point      = wordsOf("point")
	shortTens  = readShortTens()
	slips      = readSlips("slips")
	slipsHalf  = wordsOf("slips of half")
	scales     = readScales()
)

func readDigits() (out [10][]word) {
	for _, m := range meanings("digits") {
		out[int(m.number())] = split(m.words)
	}
	return out
}

func readShortTens() map[string]float64 {
	out := map[string]float64{}
	for _, m := range meanings("short tens") {
		out[split(m.words)[0].bare] = m.number()
	}
	return out
}

func readSlips(list string) map[string]word {
	out := map[string]word{}
	for _, m := range meanings(list) {
		out[m.words] = split(m.means)[0]
	}
	return out
}

// scale is a word for a power of ten.
type scale struct {
	words []word
	value float64
}

func readScales() []scale {
	var out []scale
	for _, m := range meanings("scales") {
		out = append(out, scale{split(m.words), m.number()})
	}
	return out
}

// digitLike are the words of digits without their marks.
var digitLike = func() map[string]bool {
	out := map[string]bool{}
	for _, ws := range digitWords {
		for _, w := range ws {
			out[w.bare] = true
		}
	}
	return out
}()

func digitWord(w word) (int, bool) {
	if !digitLike[w.bare] {
		return 0, false
	}
	for d, ws := range digitWords {
		if (token{word: w}).is(ws...) {
			return d, true
		}
	}
	return 0, false
}

// smallAt reads a number below the scale words: digits, or words below 1,000, with
// decimals as dictated ("một phẩy hai"). lit is the number as written, if it was in
// digits.
func smallAt(ts []token, i int) (n float64, next int, lit string, ok bool) {
	n, next, lit, ok = wholeAt(ts, i)
	if !ok || n != math.Trunc(n) || next+1 >= len(ts) || !ts[next].is(point...) {
		return n, next, lit, ok
	}
	d, after, dlit, ok := wholeAt(ts, next+1)
	if !ok || d != math.Trunc(d) || d >= 100 || len(dlit) > 3 {
		return n, next, lit, true
	}
	digits := len(dlit)
	if dlit == "" {
		digits = len(strconv.Itoa(int(d)))
	}
	return n + d/math.Pow10(digits), after, "", true
}

func wholeAt(ts []token, i int) (n float64, next int, lit string, ok bool) {
	t := ts[i]
	at := func(j int, ws []word) bool { return j < len(ts) && ts[j].is(ws...) }
	if t.num != "" {
		v, _, ok := literal(t.num)
		switch {
		case !ok:
			return 0, i, "", false
		case at(i+1, tram):
			n, next = hundreds(ts, v, i+2)
			return n, next, "", true
		case at(i+1, chuc):
			n, next = half(ts, v*10, 5, i+2)
			return n, next, "", true
		case at(i+1, ruoi):
			return v + 0.5, i + 2, "", true
		}
		return v, i + 1, t.num, true
	}
	if at(i, nua) {
		return 0.5, i + 1, "", true
	}
	if at(i, tram) { // "trăm hai", "trăm rưỡi"; "trăm" alone is too little
		if n, next := hundreds(ts, 1, i+1); next > i+1 {
			return n, next, "", true
		}
		if scaleOf(tokenAt(ts, i+1)) > 0 {
			return 100, i + 1, "", true
		}
		return 0, i, "", false
	}
	if at(i, chuc) {
		n, next := half(ts, 10, 5, i+1)
		return n, next, "", next > i+1 || scaleOf(tokenAt(ts, i+1)) > 0
	}
	if n, next, ok := spelledOut(ts, i); ok {
		return n, next, "", true
	}
	if d, isDigit := digitWord(t.word); isDigit && at(i+1, tram) {
		n, next = hundreds(ts, float64(d), i+2)
		return n, next, "", true
	}
	v, next, ok := tens(ts, i)
	if ok && at(next, ruoi) {
		return v + 0.5, next + 1, "", true
	}
	return v, next, "", ok
}

func tokenAt(ts []token, i int) token {
	if i < len(ts) {
		return ts[i]
	}
	return token{}
}

// spelledOut reads three or more digit words in a row: "hai không hai bốn" is 2024.
func spelledOut(ts []token, i int) (n float64, next int, ok bool) {
	next = i
	for next < len(ts) && next-i < 12 {
		d, isDigit := digitWord(ts[next].word)
		if !isDigit {
			break
		}
		n = n*10 + float64(d)
		next++
	}
	if next-i >= 3 && next < len(ts) && (ts[next].is(tram...) || ts[next].is(muoi...)) {
		return 0, i, false
	}
	return n, next, next-i >= 3
}

// hundreds adds what stands behind "trăm".
func hundreds(ts []token, h float64, i int) (float64, int) {
	if i < len(ts) && ts[i].is(linh...) && i+1 < len(ts) {
		if d, ok := digitWord(ts[i+1].word); ok {
			return h*100 + float64(d), i + 2
		}
		if v, _, ok := literal(ts[i+1].num); ok && v < 10 {
			return h*100 + v, i + 2
		}
	}
	if n, digits := plain(tokenAt(ts, i)); digits == 2 || digits == 1 && !beforeUnit(ts, i+1) { // "1 trăm 20", "2 trăm 5"
		return h*100 + float64(n)*math.Pow10(2-digits), i + 1
	}
	if i < len(ts) && ts[i].is(ruoi...) {
		return h*100 + 50, i + 1
	}
	if i < len(ts) {
		if v, next, ok := tens(ts, i); ok {
			if next == i+1 && v < 10 { // "hai trăm ba": thirty
				if v == 0 {
					return h * 100, i
				}
				v *= 10
			}
			return h*100 + v, next
		}
	}
	return h * 100, i
}

// plain is the value of a whole number in digits and how many there are, 0 if it is none.
func plain(t token) (n, digits int) {
	n, err := strconv.Atoi(t.num)
	if err != nil {
		return 0, 0
	}
	return n, len(t.num)
}

// tens reads words below 100.
func tens(ts []token, i int) (float64, int, bool) {
	if ts[i].is(muoi...) {
		if i+1 < len(ts) {
			if d, ok := digitWord(ts[i+1].word); ok && d > 0 && !isTens(ts, i+2) {
				return float64(10 + d), i + 2, true
			}
		}
		return 10, i + 1, true
	}
	if n := shortTens[ts[i].bare]; n > 0 && i+1 < len(ts) {
		if d, ok := digitWord(ts[i+1].word); ok && d > 0 {
			return n + float64(d), i + 2, true
		}
	}
	d, ok := digitWord(ts[i].word)
	if !ok {
		return 0, i, false
	}
	n := float64(d)
	switch {
	case isTens(ts, i+1) && ts[i+1].is(chuc...):
		n, i := half(ts, n*10, 5, i+2)
		return n, i, true
	case isTens(ts, i+1):
		if i+2 < len(ts) {
			if e, ok := digitWord(ts[i+2].word); ok && e > 0 {
				return n*10 + float64(e), i + 3, true
			}
		}
		return n * 10, i + 2, true
	case d > 1 && i+1 < len(ts) && ts[i+1].is(afterTens...) && ts[i+1].bare != "nam":
		e, _ := digitWord(ts[i+1].word)
		return n*10 + float64(e), i + 2, true
	}
	return n, i + 1, true
}

func isTens(ts []token, i int) bool { return i < len(ts) && (ts[i].is(muoi...) || ts[i].is(chuc...)) }

// half adds h if "rưỡi" comes next.
func half(ts []token, n, h float64, i int) (float64, int) {
	if i < len(ts) && ts[i].is(ruoi...) {
		return n + h, i + 1
	}
	return n, i
}
