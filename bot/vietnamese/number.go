package vietnamese

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a piece of a text with figures in it: a number in digits, a word or a sign.
type token struct {
	word          // of a word
	num    string // of a number: "1.200.000", "05"
	sign   rune   // of anything else
	joined bool   // no space before it: "5kg", "1tr2"
}

// scan parts a text into tokens.
func scan(s string) []token {
	s = norm.NFKC.String(bounded(s))
	out := make([]token, 0, 4+len(s)/4)
	joined := false
	for len(s) > 0 && len(out) < 2*maxWords {
		t, n := tokenOf(s, joined && out[len(out)-1].num != "")
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s)
			joined = false
		} else {
			t.joined, joined = joined, true
			out = append(out, t)
		}
		s = s[n:]
	}
	return out
}

// tokenOf is the token a text begins with and its length in bytes, 0 for a space.
// A word right behind a number has no keys left in it: "1ty5".
func tokenOf(s string, behindNumber bool) (token, int) {
	if n := numberLen(s); n > 0 {
		return token{num: s[:n]}, n
	}
	if n := wordLen(s); n > 0 {
		typed := newWord(s[:n])
		if w := typed.unslipped(); w.text != typed.text && !behindNumber { // "d9ay6"
			return token{word: w}, n
		}
		if n := lettersLen(s); n > 0 {
			if w := newWord(s[:n]); w.bare != "" {
				return token{word: w}, n
			}
		}
	}
	r, n := utf8.DecodeRuneInString(s)
	if unicode.IsSpace(r) {
		return token{}, 0
	}
	return token{sign: r}, n
}

// scanAmounts parts a text with amounts in it: spaces that group thousands
// ("95 000") are closed, and slips in words of number and measure are repaired.
func scanAmounts(s string) []token {
	for range 2 { // neighbours share a space
		s = spaced.ReplaceAllString(s, "$1.$2$3")
	}
	ts := scan(s)
	for i := range ts {
		if right, ok := slips[ts[i].text]; ok && i > 0 && (numberlike(ts[i-1]) || scaleOf(ts[i-1]) > 0 || beforeUnit(ts, i-1)) {
			ts[i].word = right
		}
		if ts[i].drawn && ts[i].is(slipsHalf...) && beforeUnit(ts, i+1) {
			ts[i].word = nua[0]
		}
	}
	return ts
}

var spaced = regexp.MustCompile(`(\b[1-9]\d{0,2}(?:\.000)?) (000)(\D|$)`)

// numberlike reports whether a token is a number or a word of one.
func numberlike(t token) bool {
	if t.num != "" || t.is(muoi...) || t.is(chuc...) || t.is(tram...) || t.is(nua...) {
		return true
	}
	_, ok := digitWord(t.word)
	return ok
}

// numberLen is how many bytes at the start of s are a number in digits: figures,
// with points or commas between.
func numberLen(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch {
		case isDigit(s[i]):
			n = i + 1
		case (s[i] == '.' || s[i] == ',') && n == i && n > 0:
		default:
			return n
		}
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// lettersLen is how many bytes at the start of s are letters.
func lettersLen(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return i
		}
	}
	return len(s)
}

// is reports whether the token is a word that could be one of these.
func (t token) is(words ...word) bool {
	if t.bare == "" {
		return false
	}
	for _, w := range words {
		if t.couldBe(w) {
			return true
		}
	}
	return false
}

// literal is the value of a number in digits. Points or commas before every three
// digits group thousands; any other single one is the decimal sign.
func literal(s string) (value float64, grouped, ok bool) {
	if len(s) > 24 {
		return 0, false, false
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	seps := strings.Map(func(r rune) rune {
		if r == '.' || r == ',' {
			return r
		}
		return -1
	}, s)
	decimal := ""
	switch {
	case seps == "":
	case strings.Trim(seps, seps[:1]) == "" && threes(parts):
		grouped = true
	case strings.Trim(seps[:len(seps)-1], seps[:1]) == "" && (len(seps) == 1 || seps[len(seps)-1] != seps[0] && threes(parts[:len(parts)-1])):
		decimal = "." + parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		grouped = len(parts) > 1
	default:
		return 0, false, false
	}
	v, err := strconv.ParseFloat(strings.Join(parts, "")+decimal, 64)
	return v, grouped, err == nil
}

// threes reports whether every part but the first has three digits, and the first
// no more and no leading zero.
func threes(parts []string) bool {
	if len(parts[0]) > 3 || parts[0][0] == '0' {
		return false
	}
	for _, p := range parts[1:] {
		if len(p) != 3 {
			return false
		}
	}
	return true
}

// figure is a number found in a text.
type figure struct {
	value    float64
	from, to int     // tokens
	first    float64 // the number before the first scale word: 45 in "45 nghìn"
	scale    float64 // the first scale word's value: 1 if none
	grouped  bool    // thousands were written out: 50.000
	digits   int     // how many digits, if it was written in digits without a scale
	low      float64 // of "hai ba trăm" 200: it is a range up to value; 0 if none
	times    float64 // 10 or 100 behind the number before the scale: "2-3 trăm nghìn"
	doubtful bool    // it may be read in two ways
}

// numberAt reads the number that starts at ts[i]. stop tells where a number behind
// a scale word is not its shorthand but something else ("120 nghìn 1 ký").
func numberAt(ts []token, i int, stop func(ts []token, i int) bool) (figure, bool) {
	if f, ok := roughAt(ts, i, stop); ok {
		return f, true
	}
	f := figure{from: i, scale: 1, times: 1}
	n, next, lit, ok := smallAt(ts, i)
	s := scaleOf(tokenAt(ts, next)) // next is i if there was no number
	f.doubtful = ts[i].text == "mươi"
	for _, t := range ts[i:next] {
		f.doubtful = f.doubtful || t.text == "cham" // chấm, or a slip of trăm
	}
	if ok && lit == "" && next > i+1 {
		f.times = timesOf(ts[next-1])
		f.doubtful = f.doubtful || f.times > 1 && strings.ContainsAny(ts[i].num, ".,") // "2,3 trăm"
	}
	switch {
	case ok && s == 0:
		f.value, f.first, f.to = n, n, next
		if lit != "" {
			_, f.grouped, _ = literal(lit)
			f.digits = len(digitsOf(lit))
		}
		return f, true
	case !ok && (s == 0 || !opensNumber(ts, i)):
		return f, false
	case !ok:
		n = 1 // "triệu hai"
	}
	if _, grouped, _ := literal(lit); grouped && s >= 1e6 { // "1.200 triệu": 1.2 or 1,200?
		f.doubtful = true
	}
	f.first, f.scale, f.value, f.to = n, s, n*s, next+1
	for last := s; f.to < len(ts); {
		i = f.to
		if ts[i].is(ruoi...) {
			f.value += last / 2
			f.to++
			break
		}
		if ts[i].is(linh...) && i+1 < len(ts) {
			i++ // "hai triệu lẻ năm nghìn"
		}
		n, next, lit, ok := smallAt(ts, i)
		s := scaleOf(tokenAt(ts, next))
		if ok && s > 0 && s < last {
			f.value += n * s
			last, f.to = s, next+1
			continue
		}
		hundreds := lit == "" && n >= 100 && last == 1e3 // "một nghìn hai trăm chai"
		if ok && s == 0 && (stop == nil || hundreds || !stop(ts, next)) {
			if add, fits := shorthand(n, lit, last, f.first, ts[i].joined); fits && i == f.to {
				dozens := lit == "" && 10 <= n && n < 100 && last == 1e3 // "40k 1 chục"
				if stop != nil && (dozens || !hundreds && !ts[i].joined && !endsAmount(ts, next)) {
					f.doubtful = f.doubtful || n != 1
					break // "2 triệu 1 đêm"
				}
				f.value += add
				f.to = next
			}
		}
		break
	}
	return f, true
}

// roughAt reads two digits that follow each other before a ten or a hundred: "năm
// sáu chục", "hai ba trăm nghìn".
func roughAt(ts []token, i int, stop func([]token, int) bool) (figure, bool) {
	a, ok := digitWord(ts[i].word)
	b, ok2 := digitWord(tokenAt(ts, i+1).word)
	if !ok || !ok2 || a < 1 || b <= a || timesOf(tokenAt(ts, i+2)) == 1 || ts[i+1].is(afterTens...) && ts[i+1].bare != "nam" {
		return figure{}, false
	}
	f, ok := numberAt(ts, i+1, stop)
	f.from, f.low = i, f.value*float64(a)/float64(b)
	f.doubtful = f.doubtful || f.value != float64(b)*f.times*f.scale
	return f, ok
}

// timesOf is 10 for "chục" and "mươi", 100 for "trăm", else 1.
func timesOf(t token) float64 {
	switch {
	case t.is(tram...):
		return 100
	case t.is(chuc...) || t.text == "mươi":
		return 10
	}
	return 1
}

var afterAmount = wordsOf("after amount")

// endsAmount reports whether an amount may end before ts[i]: nothing stands there
// that the number before it could count.
func endsAmount(ts []token, i int) bool {
	t := tokenAt(ts, i)
	return t.bare == "" || t.is(afterAmount...) || t.is(dong...) || fillers(spoken(ts[i:min(len(ts), i+4)])) > 0
}

// shorthand is what a bare number behind a scale word adds: "1 triệu 2" is
// 1,200,000; "3tr05" is 3,050,000; "hai nghìn hai mươi" is 2,020.
func shorthand(n float64, lit string, scale, first float64, joined bool) (float64, bool) {
	switch {
	case strings.ContainsAny(lit, ".,"):
		return 0, false
	case lit != "" && len(lit) <= 3 && (scale > 1e3 || joined || first < 10 || len(lit) == 3):
		return n * scale / math.Pow10(len(lit)), true
	case lit != "" || n <= 0:
		return 0, lit == "" && n == 0
	case n < 10:
		return n * scale / 10, true
	case scale <= 1e3:
		return n, n < scale
	case n >= 100:
		return n * scale / 1e3, true
	}
	return n * scale / 100, true
}

// opensNumber reports whether a scale word without a number before it begins one:
// "triệu hai", "nghìn rưỡi".
func opensNumber(ts []token, i int) bool {
	if scaleOf(ts[i]) < 1e3 || len(ts[i].bare) < 4 || i+1 >= len(ts) {
		return false
	}
	if ts[i+1].is(ruoi...) {
		return true
	}
	_, _, lit, ok := smallAt(ts, i+1)
	return ok && (lit == "" || len(lit) <= 3)
}

func scaleOf(t token) float64 {
	for _, s := range scales {
		if t.is(s.words...) {
			return s.value
		}
	}
	return 0
}

// figures finds all the numbers of a text, left to right.
func figures(ts []token, stop func([]token, int) bool) []figure {
	var out []figure
	for i := 0; i < len(ts); {
		if ts[i].is(nam...) && isYearWord(ts, i) {
			i++
			continue
		}
		if noDigit[ts[i].text] && tokenAt(ts, i+1).num != "" { // "tu 60 den 75", "tam 5 ta"
			i++
			continue
		}
		f, ok := numberAt(ts, i, stop)
		if !ok || ts[i].num == "" && f.value == 0 { // "không" alone is a no
			i++
			continue
		}
		out = append(out, f)
		i = f.to
		if i < len(ts) && ts[i].is(nam...) { // "5 năm": years, not another five
			i++
		}
	}
	return out
}

// noDigit are words without marks that are no digits before figures: từ, tầm.
var noDigit = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range wordsOf("no digits before figures") {
		out[w.text] = true
	}
	return out
}()

// isYearWord reports whether "năm" at ts[i] is a year and not five.
func isYearWord(ts []token, i int) bool {
	if i > 0 && (ts[i-1].sign == '/' || ts[i-1].is(eachWord...)) {
		return true
	}
	next := tokenAt(ts, i+1)
	if _, digit := digitWord(next.word); digit && (timesOf(tokenAt(ts, i+2)) > 1 || scaleOf(tokenAt(ts, i+2)) > 0 || beforeUnit(ts, i+2)) { // "nam sau chuc"
		return false
	}
	return len(next.num) == 4 || next.is(thisOne...) || next.is(before...) || next.is(after...) || next.is(twoBack...)
}

// ReadNumber reads the one whole number a text holds, in digits or words.
func ReadNumber(s string) (int64, bool) {
	ts := scanAmounts(s)
	fs := figures(ts, nil)
	if len(fs) == 0 && len(ts) == 1 && ts[0].is(digitWords[0]...) {
		return 0, true
	}
	if len(fs) != 1 || fs[0].low > 0 || fs[0].doubtful {
		return 0, false
	}
	v := fs[0].value
	if v != math.Trunc(v) || v < 0 || v > 1e15 {
		return 0, false
	}
	return int64(v), true
}
