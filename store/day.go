package store

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"lensan/bot/vietnamese"
)

// Day is a day of the calendar, without a time or a zone. Zero: not known.
type Day struct{ Year, Month, Day int }

// DayOf is the day of a time where we are ([Zone]).
func DayOf(t time.Time) Day { return dayOf(t.In(Zone)) }

func dayOf(t time.Time) Day { return Day{t.Year(), int(t.Month()), t.Day()} }

// ParseDay reads what [Day.String] wrote.
func ParseDay(iso string) (Day, error) {
	if iso == "" {
		return Day{}, nil
	}
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return Day{}, fmt.Errorf("store: not a day: %q", iso)
	}
	return dayOf(t), nil
}

// IsZero reports whether the day is not known.
func (d Day) IsZero() bool { return d == Day{} }

// String is the day as ISO 8601 has it, "2023-12-28"; empty when it is not known.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Vietnamese is the day as people write it: "28/12/2023", "5/3/2026"; empty when it
// is not known.
func (d Day) Vietnamese() string { return vietnamese.Date(d).Vietnamese() }

// AddMonths is the same day so many calendar months later, or the last day of that
// month where it is shorter: a month after 31 January is 28 or 29 February. Not
// known stays not known.
func (d Day) AddMonths(n int) Day {
	if d.IsZero() {
		return d
	}
	first := time.Date(d.Year, time.Month(d.Month+n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Day{first.Year(), int(first.Month()), min(d.Day, last)}
}

// Before reports whether the day comes before another.
func (d Day) Before(other Day) bool { return d.DaysUntil(other) > 0 }

// DaysUntil counts the days to another day: 0 on the day itself, less once it is over.
func (d Day) DaysUntil(other Day) int { return int(other.utc().Sub(d.utc()).Hours() / 24) }

func (d Day) utc() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}

// ScanDate reads a date of the database.
func (d *Day) ScanDate(v pgtype.Date) error {
	if *d = (Day{}); v.Valid && v.InfinityModifier == pgtype.Finite {
		*d = dayOf(v.Time)
	}
	return nil
}

// DateValue is the day for the database: null when it is not known.
func (d Day) DateValue() (pgtype.Date, error) {
	return pgtype.Date{Time: d.utc(), Valid: !d.IsZero()}, nil
}
