package vietnamese

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Date is a day, a month, a year, or a day of a month without its year, in the
// solar calendar. Zero fields were not said.
type Date struct{ Year, Month, Day int }

// String is the date in the forms of ISO 8601: 2024-03-05, 2024-03, 2024, --03-05.
func (d Date) String() string {
	switch {
	case d.Year > 0 && d.Month > 0 && d.Day > 0:
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	case d.Year > 0 && d.Month > 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	case d.Year > 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Month > 0 && d.Day > 0:
		return fmt.Sprintf("--%02d-%02d", d.Month, d.Day)
	case d.Month > 0:
		return fmt.Sprintf("--%02d", d.Month)
	case d.Day > 0:
		return fmt.Sprintf("---%02d", d.Day)
	}
	return ""
}

// Vietnamese is the date as people write it: 5/3/2026, 3/2026, 2026, 5/3.
func (d Date) Vietnamese() string {
	var parts []string
	for _, n := range []int{d.Day, d.Month, d.Year} {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n))
		}
	}
	return strings.Join(parts, "/")
}

// IsZero reports whether nothing was said.
func (d Date) IsZero() bool { return d == Date{} }

// dateOf is the day of a time.
func dateOf(t time.Time) Date { return Date{t.Year(), int(t.Month()), t.Day()} }

// Years believed; others are slips of the finger.
const (
	firstYear = 1900
	lastYear  = 2100
)

// valid reports whether the parts that were said can be a date. Without a year
// the 29th of February can.
func (d Date) valid() bool {
	if d.Year != 0 && (d.Year < firstYear || d.Year > lastYear) || d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Day > 31 {
		return false
	}
	if d.Day == 0 || d.Month == 0 {
		return true
	}
	year := d.Year
	if year == 0 {
		year = 2024
	}
	return d.Day <= time.Date(year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

var (
	lunar         = phrasesOf("lunar")
	roughly       = phrasesOf("roughly")
	roughlyBefore = wordsOf("roughly before")
	ourCalendar   = wordsOf("our calendar")
	soon          = phrasesOf("soon")

	// 14.10.2024 has its parts parted by points; elsewhere points group thousands
	pointed = regexp.MustCompile(`(\d)\s*\.\s*(\d)`)
	twoK    = regexp.MustCompile(`(?i)\b2k(\d\d)\b`)
	hour    = wordsOf("hour")
	minute  = wordsOf("minute")
)

// ReadDate reads a date, the day before the month as Vietnamese people write it.
// Uncertain are dates of the lunar calendar, rough ones, and those with two
// meanings or with too little said; the date returned is then what was said. A
// date that does not exist (31/2) is NotUnderstood. today is what "mai" and
// "thứ 5 tuần sau" are counted from; weeks begin on Monday.
func ReadDate(s string, today time.Time) (Date, Reading) {
	s = composed(s)
	counts, ok := meant(s, func(part string) bool {
		_, r := readDate(part, today)
		return r == Understood
	})
	d, r := readDate(counts, today)
	if len(counts) < len(s) { // "14/3/2023 à nhầm 2024" leaves too much to guess
		if whole, _ := readDate(s[:len(s)-len(counts)], today); whole.Day > 0 && d.Day == 0 || whole.Month > 0 && d.Month == 0 || whole.Year > 0 && d.Year == 0 {
			ok = false
		}
	}
	if !ok && r == Understood {
		return d, Uncertain
	}
	return d, r
}

// readDate puts together what is said of one date. What contradicts itself ("từ
// 3/2024 đến 5/2024") are two.
func readDate(s string, today time.Time) (Date, Reading) {
	for range 2 {
		s = pointed.ReplaceAllString(s, "$1/$2")
	}
	s = twoK.ReplaceAllString(s, "20$1")
	ts := scan(s)
	ws := read(s)
	moon, rough := contains(lunar, ws), contains(roughly, ws)
	var d Date
	first, last := -1, 0
	for i := 0; i < len(ts); {
		m := saidAt(ts, i, today)
		if m.to == 0 {
			i++
			continue
		}
		i = m.to
		if m.IsZero() && !m.rough { // passed over: an hour, the number of a paper
			continue
		}
		if !m.valid() {
			return Date{}, NotUnderstood
		}
		if first < 0 {
			first = m.from
		}
		before := last
		rough = rough || m.counts > last && afterCount(ts, m.counts)
		last = m.to
		one := d.join(m.Date)
		rough = rough || m.rough || !one || nearly(ts[before:], m.from-before)
		moon = moon || tokenAt(ts, m.to).is(ourCalendar...)
	}
	switch {
	case moon:
		return Date{}, Uncertain
	case first < 0:
		return Date{}, NotUnderstood
	case rough || denied(ts, first):
		return d, Uncertain
	}
	d = d.nearest(ts, last, today)
	switch {
	case !d.valid():
		return Date{}, NotUnderstood
	case d.Year == 0 && (d.Month == 0 || d.Day == 0), d.Month == 0 && d.Day > 0: // "tháng 5", "ngày 15"
		return d, Uncertain
	}
	return d, Understood
}

// saidAt reads what is said of a date at ts[i]. The time of the day is passed over.
func saidAt(ts []token, i int, today time.Time) saying {
	if to := clockAt(ts, i); to > 0 {
		return saying{from: i, to: to}
	}
	for _, reads := range sayers {
		if m := reads(ts, i, today); m.to > 0 {
			return m
		}
	}
	return saying{}
}

// clockAt is where a time of the day ends that begins at ts[i]: "8h30", "14:00",
// "8 giờ 15 phút", 0 if none does.
func clockAt(ts []token, i int) int {
	next := tokenAt(ts, i+1)
	minutes := tokenAt(ts, i+2).num != "" && len(ts[i+2].num) <= 2
	switch {
	case ts[i].num == "" || len(ts[i].num) > 2:
		return 0
	case next.sign == ':' && minutes:
		return i + 3
	case !next.is(hour...):
		return 0
	case !minutes || isDateSign(tokenAt(ts, i+3)) || tokenAt(ts, i+3).is(monthWord...): // "8h 5/3"
		return i + 2
	case tokenAt(ts, i+3).is(minute...):
		return i + 4
	}
	return i + 3
}

// join adds what another part says; false if it says something else.
func (d *Date) join(o Date) bool {
	same := true
	add := func(to *int, n int) {
		if n == 0 {
			return
		}
		same = same && (*to == 0 || *to == n)
		if *to == 0 {
			*to = n
		}
	}
	add(&d.Year, o.Year)
	add(&d.Month, o.Month)
	add(&d.Day, o.Day)
	return same
}

// nearest gives a date without its year the one that is meant by "vừa rồi" and "tới"
// behind it.
func (d Date) nearest(ts []token, last int, today time.Time) Date {
	if d.Year > 0 || d.Month == 0 || last >= len(ts) {
		return d
	}
	ws := spoken(ts[last:])
	past, next := longest(justPast, ws) > 0, longest(soon, ws) > 0
	if !past && !next {
		return d
	}
	now := dateOf(today)
	order := d.Month - now.Month
	if order == 0 && d.Day > 0 {
		order = d.Day - now.Day
	}
	d.Year = now.Year
	switch {
	case past && order > 0:
		d.Year--
	case next && order < 0:
		d.Year++
	}
	return d
}

// nearly reports whether a word before ts[i] makes what follows rough: "khoảng",
// "cuối", "trước ngày".
func nearly(ts []token, i int) bool {
	for range 2 {
		if i == 0 {
			return false
		}
		i--
		if ts[i].is(roughlyBefore...) {
			return true
		}
		if !ts[i].is(dayWord...) && !ts[i].is(onDay...) {
			return false
		}
	}
	return false
}

// part is a number of a date; -1, which no date has, for one that cannot be.
func part(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && len(s) <= 4 {
		return n
	}
	return -1
}

// yearOf is a year as written, two digits put into the century that brings them
// no more than ten years ahead of today; -1 if it cannot be one.
func yearOf(s string, today time.Time) int {
	switch y, err := strconv.Atoi(s); {
	case err != nil || len(s) != 2 && len(s) != 4:
		return -1
	case len(s) == 4:
		return y
	default:
		y += today.Year() / 100 * 100
		if y > today.Year()+10 {
			y -= 100
		}
		return y
	}
}
