package vietnamese

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
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
	lunar   = phrasesOf("lunar")
	roughly = phrasesOf("roughly")

	// the time of the day is not part of the date
	clock = regexp.MustCompile(`(?i)\d{1,2}\s*(?:h|giờ|gio)(?:\s*\d{1,2}(?:\s*(?:phút|phut|p))?)?|\d{1,2}:\d{2}`)
	// 14.10.2024 has its parts parted by points; elsewhere points group thousands
	pointed = regexp.MustCompile(`(\d)\s*\.\s*(\d)`)
)

// dateReader reads one way of saying a date; ok tells whether it was said that way.
type dateReader func(ts []token, today time.Time) (d Date, r Reading, ok bool)

// dateReaders in the order in which they are tried.
var dateReaders = []dateReader{monthDate, numericDate, weekdayDate, relativeDate, yearDate}

// ReadDate reads a date, the day before the month as Vietnamese people write it.
// Uncertain are dates of the lunar calendar, rough ones, and those with two
// meanings or with too little said; the date returned is then what was said. A
// date that does not exist (31/2) is NotUnderstood. today is what "mai" and
// "thứ 5 tuần sau" are counted from; weeks begin on Monday.
func ReadDate(s string, today time.Time) (Date, Reading) {
	s = norm.NFKC.String(valid(s))
	ws := read(s)
	moon, rough := contains(lunar, ws), contains(roughly, ws)
	s = clock.ReplaceAllString(s, " ")
	for range 2 {
		s = pointed.ReplaceAllString(s, "$1/$2")
	}
	ts := scan(s)
	for _, reader := range dateReaders {
		d, r, ok := reader(ts, today)
		switch {
		case !ok:
			continue
		case moon:
			return Date{}, Uncertain
		case !d.valid():
			return Date{}, NotUnderstood
		case rough && r == Understood:
			return d, Uncertain
		}
		return d, r
	}
	if moon {
		return Date{}, Uncertain
	}
	return Date{}, NotUnderstood
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
