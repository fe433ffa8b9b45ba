package vietnamese

import "time"

var (
	monthWord  = wordsOf("month")
	shortMonth = wordsOf("short month")
	dayWord    = wordsOf("day")
	firstTen   = wordsOf("first ten")
	onDay      = wordsOf("on")
	after      = wordsOf("next")
	before     = wordsOf("last one")
	thisOne    = wordsOf("this one")
	twoBack    = wordsOf("two back")
	threeBack  = wordsOf("three back")
	comingYear = wordsOf("coming year")
	yearSlips  = wordsOf("year slips")
	several    = wordsOf("several")
	noDate     = wordsOf("no date")
)

// saying is a date, or a part of one, and the tokens it was said with. rough: it may
// be another.
type saying struct {
	Date
	from, to int
	rough    bool
	counts   int // the token before which a number makes it several: "3 tháng trước"
}

// sayer reads one way of saying a part of a date at ts[i]; to is 0 if it is none.
type sayer func(ts []token, i int, today time.Time) saying

// sayers in the order in which they are tried.
var sayers = []sayer{inNumbers, month, distance, dayByName, dayOfMonth, weekday, year}

// inNumbers reads 5/3/2024, 05-03-24, 20/12, 12/2023, 2024-03-05, 17012023, 16 9 2025.
func inNumbers(ts []token, i int, today time.Time) saying {
	if ts[i].num == "" {
		return saying{}
	}
	p, to := run(ts, i)
	if next := tokenAt(ts, to); next.sign == '/' && tokenAt(ts, to+1).bare != "" && next.joined { // "2145/QĐ-UBND"
		return saying{from: i, to: to + 1}
	}
	if len(p) == 1 {
		if a, b := tokenAt(ts, i+1).num, tokenAt(ts, i+2).num; (len(b) == 4 || len(b) == 2 && len(a) == 2 && len(p[0]) == 2) && len(a) <= 2 && len(p[0]) <= 2 && a != "" {
			if tokenAt(ts, i+3).num == "" && !isDateSign(tokenAt(ts, i+3)) {
				return saying{Date: Date{yearOf(b, today), part(a), part(p[0])}, from: i, to: i + 3}
			}
		}
	}
	if t := tokenAt(ts, to); len(p) == 2 && (t.is(dayWord...) || t.is(weekWord...) || t.is(monthWord...)) { // "2-3 ngày nữa"
		return saying{Date{}, i, to, true, 0}
	}
	if len(p) > 1 && i > 0 && ts[i-1].is(noDate...) && len(p) == 2 { // "số 12/2024"
		return saying{from: i, to: to}
	}
	d, rough, ok := fromParts(p, mixed(ts[i:to]), today)
	if !ok {
		return saying{}
	}
	return saying{d, i, to, rough, 0}
}

// run is numbers with the signs of dates between them.
func run(ts []token, i int) (p []string, to int) {
	p, to = []string{ts[i].num}, i+1
	for isDateSign(tokenAt(ts, to)) && tokenAt(ts, to+1).num != "" {
		p = append(p, ts[to+1].num)
		to += 2
	}
	return p, to
}

func isDateSign(t token) bool { return t.sign == '/' || t.sign == '-' || t.sign == '–' }

// mixed reports whether a run has different signs: "3-5/2024" are two months.
func mixed(ts []token) bool {
	for i := 3; i < len(ts); i += 2 {
		if ts[i].sign != ts[1].sign {
			return true
		}
	}
	return false
}

// fromParts reads the numbers of a date written with signs between them, or without.
func fromParts(p []string, mixed bool, today time.Time) (d Date, rough, ok bool) {
	switch {
	case len(p) > 3 || mixed: // two dates
		return Date{}, true, true
	case len(p) == 1 && len(p[0]) == 8:
		n := p[0]
		d := Date{part(n[4:]), part(n[2:4]), part(n[:2])}
		if !d.valid() {
			d = Date{part(n[:4]), part(n[4:6]), part(n[6:])}
		}
		return d, false, true
	case len(p) == 3 && len(p[0]) == 4:
		return Date{part(p[0]), part(p[1]), part(p[2])}, false, true
	case len(p) == 3:
		return Date{yearOf(p[2], today), part(p[1]), part(p[0])}, false, true
	case len(p) == 2 && len(p[1]) == 4:
		return Date{Year: part(p[1]), Month: part(p[0])}, false, true
	case len(p) == 2 && len(p[0]) == 4:
		return Date{Year: part(p[0]), Month: part(p[1])}, false, true
	case len(p) == 2 && len(p[1]) == 2 && part(p[1]) > 12 && part(p[0]) <= 12: // 5/24: May 2024?
		return Date{Year: yearOf(p[1], today), Month: part(p[0])}, true, true
	case len(p) == 2:
		return Date{Month: part(p[1]), Day: part(p[0])}, false, true
	}
	return Date{}, false, false
}

// month reads "tháng 12", "tháng 12/2023", "tháng mười năm 2024", "t9/2025", "tháng sau".
func month(ts []token, i int, today time.Time) saying {
	t, next := ts[i], tokenAt(ts, i+1)
	short := t.is(shortMonth...) && next.joined && next.num != ""
	if !short && !t.is(monthWord...) || i+1 >= len(ts) {
		return saying{}
	}
	if n, to := stepsFrom(ts, i+1); to > 0 {
		first := time.Date(today.Year(), today.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		return saying{Date{Year: first.Year(), Month: int(first.Month())}, i, to, false, i}
	}
	if next.num == "" {
		n, to, ok := datePart(ts, i+1)
		if ok && n == 15 && ts[to-1].bare == "nam" { // "tháng mười năm 2024"
			n, to = 10, to-1
		}
		if !ok || n > 12 && !short {
			return saying{}
		}
		return withYear(ts, saying{Date{Month: n}, i, to, false, 0}, today)
	}
	if t.bare == "t" && tokenAt(ts, i+2).is(weekWord...) { // a weekday
		return saying{}
	}
	p, to := run(ts, i+1)
	m := saying{Date{Month: part(p[0])}, i, to, false, 0}
	switch {
	case len(p) == 1:
		return withYear(ts, m, today)
	case len(p) == 2 && (len(p[1]) == 4 || part(p[1]) > 12):
		m.Year = yearOf(p[1], today)
	default: // "tháng 5-6"
		m.rough = true
	}
	return m
}

// withYear adds a bare year right behind a month: "tháng 12 2023", "tháng năm/2024".
func withYear(ts []token, m saying, today time.Time) saying {
	to := m.to
	if t := tokenAt(ts, to); isDateSign(t) || t.sign == ',' {
		to++
	}
	switch y := tokenAt(ts, to).num; {
	case len(y) == 4 && !isDateSign(tokenAt(ts, to+1)):
		m.Year, m.to = yearOf(y, today), to+1
	case y != "" && to > m.to: // "tháng 5, 6"
		m.rough = true
	}
	return m
}

// dayOfMonth reads "ngày 5", "mùng năm", "hôm 23", and a number before a month.
func dayOfMonth(ts []token, i int, today time.Time) saying {
	from := i
	led := ts[i].is(dayWord...) || ts[i].is(firstTen...) || ts[i].is(onDay...)
	for i < len(ts) && (ts[i].is(dayWord...) || ts[i].is(firstTen...) || ts[i].is(onDay...)) {
		i++
	}
	if i >= len(ts) {
		return saying{}
	}
	n, to, ok := datePart(ts, i)
	if !ok || isDateSign(tokenAt(ts, to)) && tokenAt(ts, to+1).num != "" && ts[i].num != "" || tokenAt(ts, to).is(dayWord...) || tokenAt(ts, to).is(weekWord...) {
		return saying{}
	}
	next := to
	if t := tokenAt(ts, to); isDateSign(t) || t.sign == ',' {
		next++
	}
	ahead := saying{}
	if next < len(ts) {
		ahead = month(ts, next, today)
	}
	switch {
	case led && ts[i].num != "" && tokenAt(ts, i+1).num != "" && !ts[i+1].joined: // "ngày 16 9 2025"
		return saying{}
	case led:
		return saying{Date{Day: n}, from, to, false, 0}
	case from > 0 && ts[from-1].is(noDate...) && ahead.to > 0: // "lớp 5 tháng 3"
		return saying{Date{}, from, to, true, 0}
	case ahead.to > 0 && ahead.Year > 0 && tokenAt(ts, next+1).num == "" && !ts[next+1].is(muoi...) && stepped(ts, next+1): // "6 tháng sau"
		return saying{Date{}, from, ahead.to, true, 0}
	case ahead.to > 0:
		return saying{Date{Day: n}, from, to, i > 0 && (isDateSign(ts[i-1]) || numberlike(ts[i-1])), 0}
	}
	return saying{}
}

func stepped(ts []token, i int) bool {
	_, to := stepsFrom(ts, i)
	return to > 0
}

// datePart reads the number of a day or month, in digits or words.
func datePart(ts []token, i int) (n, next int, ok bool) {
	if ts[i].num != "" {
		return part(ts[i].num), i + 1, true
	}
	v, next, ok := tens(ts, i)
	if !ok || v == 0 {
		return 0, i, false
	}
	return int(v), next, true
}

// year reads "năm 2023", "năm 24", "năm ngoái", "sang năm", a bare 2024, 2k24, and
// a year in words.
func year(ts []token, i int, today time.Time) saying {
	t := ts[i]
	switch {
	case t.is(comingYear...) && tokenAt(ts, i+1).is(nam...) && (i == 0 || !ts[i-1].is(onDay...)):
		return saying{Date{Year: today.Year() + 1}, i, i + 2, false, 0}
	case t.is(nam...) || t.is(yearSlips...) && stepped(ts, i+1):
		if n, to := stepsFrom(ts, i+1); to > 0 {
			return saying{Date{Year: today.Year() + n}, i, to, false, i}
		}
		if y, to := yearNumber(ts, i+1, today); to > 0 {
			return saying{Date{Year: y}, i, to, false, 0}
		}
		if next := tokenAt(ts, i+1); next.num != "" { // "năm 2 nghìn mấy"
			return saying{Date{}, i, i + 2, true, 0}
		}
	case i > 0 && ts[i-1].is(noDate...):
	case len(t.num) == 4 && len(ts) < 16 && !beforeUnit(ts, i+1):
		if y := part(t.num); y >= firstYear && y <= lastYear {
			return saying{Date{Year: y}, i, i + 1, false, 0}
		}
	case t.num == "":
		if f, ok := numberAt(ts, i, nil); ok && f.to > i+2 && f.value >= firstYear && f.value <= lastYear {
			return saying{Date{Year: int(f.value)}, i, f.to, false, 0}
		}
	}
	return saying{}
}

// yearNumber reads the number behind "năm": 2023, 24, hai bốn, hai nghìn …
func yearNumber(ts []token, i int, today time.Time) (y, to int) {
	if i >= len(ts) {
		return 0, 0
	}
	if n := tokenAt(ts, i).num; n != "" {
		if len(n) == 4 || len(n) == 2 && !isDateSign(tokenAt(ts, i+1)) && scaleOf(tokenAt(ts, i+1)) == 0 {
			return yearOf(n, today), i + 1
		}
		return 0, 0
	}
	two := i // "năm hai bốn", "năm hai nghìn hai bốn"
	if scaleOf(tokenAt(ts, i+1)) == 1000 {
		two = i + 2
	}
	a, ok := digitWord(tokenAt(ts, two).word)
	b, ok2 := digitWord(tokenAt(ts, two+1).word)
	if ok && ok2 && a == 2 && !numberlike(tokenAt(ts, two+2)) && scaleOf(tokenAt(ts, two+2)) == 0 {
		return 2000 + 10*a + b, two + 2
	}
	f, ok := numberAt(ts, i, nil)
	switch {
	case !ok:
		return 0, 0
	case f.value >= 20 && f.value < 100 && f.to > i+1: // "năm hai mươi tư"
		return 2000 + int(f.value), f.to
	case f.value >= firstYear && f.value <= lastYear:
		return int(f.value), f.to
	}
	return 0, 0
}

// stepsFrom reads which one, counted from this one: "này" is 0, "sau" 1, "trước" -1,
// "sau nữa" 2; to is 0 if it is not said.
func stepsFrom(ts []token, i int) (n, to int) {
	t := tokenAt(ts, i)
	again := 0
	to = i + 1
	if tokenAt(ts, to).is(more...) {
		again, to = 1, to+1
	}
	switch {
	case t.is(thisOne...):
		return 0, i + 1
	case t.is(after...):
		return 1 + again, to
	case t.is(before...):
		return -1 - again, to
	case t.text == threeBack[0].text:
		return -3, i + 1
	case t.is(twoBack...):
		return -2, i + 1
	}
	return 0, 0
}

// afterCount reports whether a number or "several" stands before ts[i]: "3 tháng
// trước" is no month before this one.
func afterCount(ts []token, i int) bool {
	return i > 0 && (numberlike(ts[i-1]) || ts[i-1].is(several...) || isDateSign(ts[i-1]))
}

// spoken is the words among tokens.
func spoken(ts []token) []word {
	out := make([]word, 0, len(ts))
	for _, t := range ts {
		if t.bare != "" {
			out = append(out, t.word)
		}
	}
	return out
}
