package locales

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// zone is the one time zone of the service: UTC+7 without summer time.
var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// words are how a language writes days, times and money.
type words struct {
	weekdays  [7]string // from Sunday, as time.Weekday counts
	date, day string    // layouts; day follows the weekday
	hour      func(time.Time) string
	currency  string
	to, and   string // between the first and last weekday, the two spans of a day
}

var speech = map[string]words{
	"vi": {
		weekdays: [7]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"},
		date:     "2/1/2006", day: "2/1", hour: vietnameseHour,
		currency: "đ", to: "đến", and: "và",
	},
	"en": {
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		date:     "2 Jan 2006", day: "2 Jan", hour: func(t time.Time) string { return t.Format("3:04 pm") },
		currency: "VND", to: "to", and: "and",
	},
}

// functions are what a text may call:
//
//	date    a day: 5/3/2026
//	day     a weekday and day: thứ Hai 5/3
//	hour    a time of day: 8 giờ sáng
//	hours   an office's [Hours]: thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00
//	money   whole đồng: 1.200.000 đ
//	number  at most two decimals: 1.234,5
//	phone   a Vietnamese number in groups: 0912 345 678
//
// Days and times are time.Time, a [Date] or a string (2026-03-05), shown in
// the zone of the service. Anything else is an error.
func functions(lang string) map[string]any {
	w := speech[lang]
	printer := message.NewPrinter(language.MustParse(lang))
	timely := func(say func(time.Time) string) func(any) (string, error) {
		return func(v any) (string, error) {
			t, err := asTime(v)
			if err != nil {
				return "", err
			}
			return say(t), nil
		}
	}
	return map[string]any{
		"date":  timely(func(t time.Time) string { return t.Format(w.date) }),
		"day":   timely(func(t time.Time) string { return w.weekdays[t.Weekday()] + " " + t.Format(w.day) }),
		"hour":  timely(w.hour),
		"hours": w.hours,
		"phone": phone,
		"money": func(v any) (string, error) {
			if r := reflect.ValueOf(v); !r.CanInt() && !r.CanUint() {
				return "", fmt.Errorf("money wants whole đồng, not %T", v)
			}
			return printer.Sprint(number.Decimal(v)) + " " + w.currency, nil
		},
		"number": func(v any) (string, error) {
			if r := reflect.ValueOf(v); !r.CanInt() && !r.CanUint() && !r.CanFloat() {
				return "", fmt.Errorf("number wants a number, not %T", v)
			}
			return printer.Sprint(number.Decimal(v, number.MaxFractionDigits(2))), nil
		},
	}
}

// asTime reads what a text may hand to date, day and hour.
func asTime(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		if !v.IsZero() {
			return v.In(zone), nil
		}
	case Date:
		return asTime(v.Time)
	case string:
		return time.ParseInLocation(time.DateOnly, v, zone)
	}
	return time.Time{}, fmt.Errorf("%T %v is not a day", v, v)
}

// vietnameseHour says a time as people do: 8 giờ sáng, 1 giờ 30 chiều.
func vietnameseHour(t time.Time) string {
	h, m := t.Hour(), t.Minute()
	part := "sáng"
	switch {
	case h >= 22 || h == 0:
		part = "đêm"
	case h >= 18:
		part = "tối"
	case h >= 13:
		part = "chiều"
	case h >= 11:
		part = "trưa"
	}
	if h = h % 12; h == 0 {
		h = 12
	}
	if m == 0 {
		return fmt.Sprintf("%d giờ %s", h, part)
	}
	return fmt.Sprintf("%d giờ %02d %s", h, m, part)
}

// hours says an office's hours, weekdays with the same hours together.
func (w words) hours(h Hours) string {
	var said []string
	for from := 1; from <= 7; { // Monday first, Sunday last
		spans := h[from%7]
		to := from
		for to < 7 && slices.Equal(h[(to+1)%7], spans) {
			to++
		}
		if len(spans) > 0 {
			days := w.weekdays[from%7]
			if to > from {
				days += " " + w.to + " " + w.weekdays[to%7]
			}
			var times []string
			for _, s := range spans {
				times = append(times, clock(s.From)+"–"+clock(s.To))
			}
			said = append(said, days+", "+strings.Join(times, " "+w.and+" "))
		}
		from = to + 1
	}
	return strings.Join(said, "; ")
}

// clock is a time since midnight as 7:30.
func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// phone writes a Vietnamese number in groups as people read it: mobile 0912 345
// 678, landline 0214 3840 123, service number 1900 1234. +84 and 84 become 0;
// what is none of these stays as it is.
func phone(v string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, v)
	if rest, ok := strings.CutPrefix(digits, "84"); ok && len(rest) >= 9 {
		digits = "0" + strings.TrimPrefix(rest, "0")
	}
	switch {
	case len(digits) == 10 && digits[0] == '0':
		return digits[:4] + " " + digits[4:7] + " " + digits[7:]
	case len(digits) == 11 && digits[0] == '0':
		return digits[:4] + " " + digits[4:8] + " " + digits[8:]
	case len(digits) == 8 && digits[0] == '1':
		return digits[:4] + " " + digits[4:]
	}
	return v
}
