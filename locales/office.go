package locales

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Office is the office that speaks and answers (office.toml, holidays.toml).
type Office struct {
	Fact
	Name     string
	Address  string
	Phone    string // digits, as dialled inside the country
	Province string // its code in the list of provinces
	Hours    Hours

	holidays map[string]string // name by day (2026-09-02)
}

// Hours are the working hours of each weekday, by time.Weekday (Sunday is 0),
// in order.
type Hours [7][]Span

// Span is a piece of a day, as time since midnight; To is outside it.
type Span struct{ From, To time.Duration }

// Holiday names the holiday a time falls on, "" where it is none.
func (o Office) Holiday(at time.Time) string {
	return o.holidays[at.In(zone).Format(time.DateOnly)]
}

// Open tells whether somebody is in the office: within the hours of the weekday
// and no holiday.
func (o Office) Open(at time.Time) bool {
	at = at.In(zone)
	return o.NextOpen(at).Equal(at)
}

// NextOpen is the first time from at on when the office is open: at itself when
// it is. It is zero when the office does not open within a year.
func (o Office) NextOpen(at time.Time) time.Time {
	at = at.In(zone)
	midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone)
	for range 366 {
		if o.Holiday(midnight) == "" {
			for _, s := range o.Hours[midnight.Weekday()] {
				if from := midnight.Add(s.From); from.After(at) {
					return from
				}
				if midnight.Add(s.To).After(at) {
					return at
				}
			}
		}
		midnight = midnight.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// weekdays are the names of the days in office.toml, by time.Weekday.
var weekdays = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

var (
	phoneForm    = regexp.MustCompile(`^(0\d{9,10}|1[89]00\d{4,6})$`)
	provinceForm = regexp.MustCompile(`^\d{2}$`)
	spanForm     = regexp.MustCompile(`^(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)$`)
)

func readOffice(f *file, c *Content) {
	holidays := c.Office.holidays
	c.Office = Office{
		Fact:     f.fact(),
		Name:     f.text("name", 100),
		Address:  f.text("address", 150),
		Phone:    strings.NewReplacer(" ", "", ".", "", "-", "").Replace(f.text("phone", 20)),
		Province: f.text("province", 2),
		holidays: holidays,
	}
	if c.Office.Phone != "" && !phoneForm.MatchString(c.Office.Phone) {
		f.fault("phone", `%q is not a phone number: write it as dialled, like "0214 3840 123"`, c.Office.Phone)
	}
	if c.Office.Province != "" && !provinceForm.MatchString(c.Office.Province) {
		f.fault("province", `%q is not a province: write its two digits, like "15" for Lào Cai`, c.Office.Province)
	}
	open := false
	days := f.table("hours")
	for weekday, name := range weekdays {
		if !slices.Contains(days, name) {
			continue // closed
		}
		key := "hours." + name
		for _, written := range f.texts(key, 4, 20) {
			span, ok := readSpan(written)
			spans := c.Office.Hours[weekday]
			if !ok || len(spans) > 0 && spans[len(spans)-1].To > span.From {
				f.fault(key, `%q are not hours: write ["07:30-11:30", "13:30-17:00"], earlier ones first`, written)
				continue
			}
			c.Office.Hours[weekday] = append(spans, span)
			open = true
		}
	}
	if !open && len(f.faults) == 0 {
		f.fault("hours", `the office is never open: write monday = ["07:30-11:30", "13:30-17:00"] under [hours]`)
	}
}

// readSpan reads "07:30-11:30".
func readSpan(written string) (Span, bool) {
	m := spanForm.FindStringSubmatch(strings.TrimSpace(written))
	if m == nil {
		return Span{}, false
	}
	from, err := time.Parse("15:04", m[1])
	to, err2 := time.Parse("15:04", m[2])
	if err != nil || err2 != nil || !to.After(from) {
		return Span{}, false
	}
	midnight := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) // where time.Parse puts a time without a day
	return Span{from.Sub(midnight), to.Sub(midnight)}, true
}
