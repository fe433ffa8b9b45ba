package vietnamese

import "time"

var (
	monthWord = wordsOf("month")
	weekWord  = wordsOf("week")
	dayWord   = wordsOf("day")
	firstTen  = wordsOf("first ten")
	onDay     = wordsOf("on")
	ordinal   = wordsOf("weekday")
	after     = wordsOf("next")
	before    = wordsOf("last one")
	thisOne   = wordsOf("this one")
	more      = wordsOf("more")
	dayNames  = readDayNames()
	sunday    = phrasesOf("sunday")
)

// dayName names a day by its distance from today; the longest that fits counts.
type dayName struct {
	names phraseSet
	days  int
}

func readDayNames() []dayName {
	var out []dayName
	for _, m := range meanings("day names") {
		out = append(out, dayName{phrases(m.words), int(m.number())})
	}
	return out
}

// numericDate reads 5/3/2024, 05-03-24, 20/12, 12/2023, 2024-03-05, 17012023.
func numericDate(ts []token, today time.Time) (Date, Reading, bool) {
	var found []Date
	reading := Understood
	for i := 0; i < len(ts); i++ {
		if ts[i].num == "" {
			continue
		}
		run := []string{ts[i].num}
		for len(run) < 4 && isDateSign(tokenAt(ts, i+1)) && tokenAt(ts, i+2).num != "" {
			run = append(run, ts[i+2].num)
			i += 2
		}
		if d, r, ok := fromParts(run, today); ok {
			found = append(found, d)
			reading = r
		}
	}
	switch len(found) {
	case 0:
		return Date{}, NotUnderstood, false
	case 1:
		return found[0], reading, true
	}
	return Date{}, Uncertain, true
}

func isDateSign(t token) bool { return t.sign == '/' || t.sign == '-' || t.sign == '–' }

// fromParts reads the numbers of a date written with signs between them, or without.
func fromParts(p []string, today time.Time) (Date, Reading, bool) {
	switch {
	case len(p) == 1 && len(p[0]) == 8:
		n := p[0]
		d := Date{part(n[4:]), part(n[2:4]), part(n[:2])}
		if !d.valid() {
			d = Date{part(n[:4]), part(n[4:6]), part(n[6:])}
		}
		return d, Understood, true
	case len(p) == 3 && len(p[0]) == 4:
		return Date{part(p[0]), part(p[1]), part(p[2])}, Understood, true
	case len(p) == 3:
		return Date{yearOf(p[2], today), part(p[1]), part(p[0])}, Understood, true
	case len(p) == 2 && len(p[1]) == 4:
		return Date{Year: part(p[1]), Month: part(p[0])}, Understood, true
	case len(p) == 2 && len(p[0]) == 4:
		return Date{Year: part(p[0]), Month: part(p[1])}, Understood, true
	case len(p) == 2 && len(p[1]) == 2 && part(p[1]) > 12 && part(p[0]) <= 12: // 5/24: May 2024?
		return Date{Year: yearOf(p[1], today), Month: part(p[0])}, Uncertain, true
	case len(p) == 2:
		return Date{Month: part(p[1]), Day: part(p[0])}, Understood, true
	}
	return Date{}, NotUnderstood, false
}

// monthDate reads "ngày 28 tháng 12 năm 2023", "tháng 12/2023", "t3/2025", "tháng sau".
func monthDate(ts []token, today time.Time) (Date, Reading, bool) {
	for i, t := range ts {
		short := t.bare == "t" && tokenAt(ts, i+1).joined && tokenAt(ts, i+1).num != ""
		if !short && !t.is(monthWord...) || i+1 == len(ts) {
			continue
		}
		if d := stepsFrom(ts, i+1); d != none {
			first := time.Date(today.Year(), today.Month()+time.Month(d), 1, 0, 0, 0, 0, time.UTC)
			return Date{Year: first.Year(), Month: int(first.Month())}, Understood, true
		}
		month, next, ok := datePart(ts, i+1)
		if !ok {
			continue
		}
		d := Date{Month: month, Day: dayBefore(ts, i)}
		if next < len(ts) {
			d.Year = yearAt(ts, next, today)
		}
		if d.Year == 0 && d.Day == 0 { // "tháng 5", and "t5" may be a Thursday
			return d, Uncertain, true
		}
		return d, Understood, true
	}
	return Date{}, NotUnderstood, false
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

// dayBefore reads the day that ends before ts[i], 0 if none.
func dayBefore(ts []token, i int) int {
	for j := max(0, i-3); j < i; j++ {
		if n, next, ok := datePart(ts, j); ok && next == i {
			return n
		}
		if n, next, ok := datePart(ts, j); ok && next == i-1 && (isDateSign(ts[i-1]) || ts[i-1].sign == ',') {
			return n
		}
	}
	return 0
}

// yearAt reads "năm 2023", "/2023", "2023" or the year in words, 0 if none.
func yearAt(ts []token, i int, today time.Time) int {
	said := isDateSign(ts[i]) || ts[i].sign == ','
	if said {
		i++
	}
	if tokenAt(ts, i).is(nam...) {
		said = true
		i++
		if d := stepsFrom(ts, i); d != none {
			return today.Year() + d
		}
	}
	switch {
	case i >= len(ts):
	case ts[i].num != "" && (len(ts[i].num) == 4 || said && len(ts[i].num) == 2):
		return yearOf(ts[i].num, today)
	case ts[i].num != "" && said:
		return -1
	case ts[i].num == "":
		if f, ok := numberAt(ts, i, nil); ok && f.value >= firstYear && f.value <= lastYear {
			return int(f.value)
		}
	}
	return 0
}

// none is no step in time.
const none = -1 << 30

// stepsFrom reads which one, counted from this one: "này" is 0, "sau" 1, "trước" -1,
// "sau nữa" 2.
func stepsFrom(ts []token, i int) int {
	t := tokenAt(ts, i)
	again := 0
	if tokenAt(ts, i+1).is(more...) {
		again = 1
	}
	switch {
	case t.is(thisOne...):
		return 0
	case t.is(after...):
		return 1 + again
	case t.is(before...):
		return -1 - again
	}
	return none
}

// weekdayDate reads "thứ 5 tuần sau", "chủ nhật", "thứ hai".
func weekdayDate(ts []token, today time.Time) (Date, Reading, bool) {
	ws := spoken(ts)
	day := -1 // Monday is 0
	for i, t := range ts {
		if t.is(ordinal...) && i+1 < len(ts) {
			if n, _, ok := datePart(ts, i+1); ok && n >= 2 && n <= 7 {
				day = n - 2
				break
			}
		}
	}
	if day < 0 && contains(sunday, ws) {
		day = 6
	}
	if day < 0 {
		return Date{}, NotUnderstood, false
	}
	sinceMonday := (int(today.Weekday()) + 6) % 7
	for i, t := range ts {
		if t.is(weekWord...) {
			if n := stepsFrom(ts, i+1); n != none {
				return dateOf(today.AddDate(0, 0, day-sinceMonday+7*n)), Understood, true
			}
			return Date{}, Uncertain, true
		}
	}
	ahead := (day - sinceMonday + 7) % 7
	if ahead == 0 { // today, or in a week?
		return dateOf(today), Uncertain, true
	}
	return dateOf(today.AddDate(0, 0, ahead)), Understood, true
}

// relativeDate reads "mai", "hôm qua", "3 ngày nữa".
func relativeDate(ts []token, today time.Time) (Date, Reading, bool) {
	for i := range ts {
		if n, next, ok := datePart(ts, i); ok && n > 0 && n < 1000 {
			days := 1
			switch t := tokenAt(ts, next); {
			case t.is(weekWord...):
				days = 7
			case !t.is(dayWord...):
				continue
			}
			switch t := tokenAt(ts, next+1); {
			case t.is(more...) || t.is(after...):
				return dateOf(today.AddDate(0, 0, n*days)), Understood, true
			case t.is(before...):
				return dateOf(today.AddDate(0, 0, -n*days)), Understood, true
			}
		}
	}
	ws := spoken(ts)
	said := map[int]bool{}
	for i := 0; i < len(ws); {
		n, days := 0, 0
		for _, d := range dayNames {
			if l := longest(d.names, ws[i:]); l > n {
				n, days = l, d.days
			}
		}
		if n > 0 {
			said[days] = true
		}
		i += max(n, 1)
	}
	for days := range said {
		if len(said) > 1 {
			return Date{}, Uncertain, true
		}
		return dateOf(today.AddDate(0, 0, days)), Understood, true
	}
	return Date{}, NotUnderstood, false
}

// yearDate reads "năm 2022", "2022", "năm ngoái", and a day without its month.
func yearDate(ts []token, today time.Time) (Date, Reading, bool) {
	for i, t := range ts {
		switch {
		case t.is(nam...) && i+1 < len(ts):
			if y := yearAt(ts, i, today); y > 0 {
				return Date{Year: y}, Understood, true
			}
		case len(t.num) == 4 && part(t.num) >= firstYear && part(t.num) <= lastYear && len(ts) < 8:
			return Date{Year: part(t.num)}, Understood, true
		case (t.is(dayWord...) || t.is(firstTen...) || t.is(onDay...)) && i+1 < len(ts):
			if n, _, ok := datePart(ts, i+1); ok {
				return Date{Day: n}, Uncertain, true
			}
		}
	}
	if f, ok := numberAt(append(ts, token{}), 0, nil); len(ts) > 2 && ok && f.to == len(ts) && f.value >= firstYear && f.value <= lastYear {
		return Date{Year: int(f.value)}, Understood, true
	}
	return Date{}, NotUnderstood, false
}

// spoken is the words among tokens.
func spoken(ts []token) []word {
	var out []word
	for _, t := range ts {
		if t.bare != "" {
			out = append(out, t.word)
		}
	}
	return out
}
