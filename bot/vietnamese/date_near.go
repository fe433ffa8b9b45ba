package vietnamese

import "time"

// Dates said by their distance from today.
var (
	weekWord   = wordsOf("week")
	ordinal    = wordsOf("weekday")
	more       = wordsOf("more")
	nameBearer = wordsOf("bearers of names")
	since      = phrasesOf("since")
	past       = phrasesOf("past")
	justPast   = phrasesOf("just past")
	dayNames   = readDayNames()
	sunday     = phrasesOf("sunday")
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

// weekday reads "thứ 5 tuần sau", "chủ nhật", "thứ hai", "t7 tuần sau".
func weekday(ts []token, i int, today time.Time) saying {
	day, to := -1, 0 // Monday is 0
	switch t, next := ts[i], tokenAt(ts, i+1); {
	case t.is(ordinal...) && i+1 < len(ts) && (i == 0 || !ts[i-1].is(noDate...)):
		if n, next, ok := datePart(ts, i+1); ok && n >= 2 && n <= 7 {
			day, to = n-2, next
		}
	case t.bare == "t" && next.joined && next.num >= "2" && next.num <= "7" && len(next.num) == 1 && tokenAt(ts, i+2).is(weekWord...):
		day, to = part(next.num)-2, i+2
	default:
		if n := longest(sunday, spoken(ts[i:min(len(ts), i+2)])); n > 0 && t.bare != "" {
			day, to = 6, i+n
		}
	}
	if day < 0 {
		return saying{}
	}
	day -= (int(today.Weekday()) + 6) % 7 // from today, this week
	for j, t := range ts {
		if t.is(weekWord...) {
			n, end := stepsFrom(ts, j+1)
			counts := j
			if j == to {
				counts = 0
			}
			return saying{dateOf(today.AddDate(0, 0, day+7*n)), i, max(to, end), end == 0, counts}
		}
	}
	ahead := (day + 7) % 7
	ws := spoken(ts)
	if contains(justPast, ws) {
		return saying{dateOf(today.AddDate(0, 0, (ahead+6)%7-6)), i, to, false, 0}
	}
	// today, or in a week? and may it be past?
	return saying{dateOf(today.AddDate(0, 0, ahead)), i, to, ahead == 0 || contains(past, ws), 0}
}

// distance reads "3 ngày nữa", "2 tuần trước", "cách đây 10 ngày".
func distance(ts []token, i int, today time.Time) saying {
	from := i
	ago := longest(since, spoken(ts[i:min(len(ts), i+2)]))
	if ago > 0 {
		i += ago
	}
	if i >= len(ts) {
		return saying{}
	}
	n, to, ok := datePart(ts, i)
	if !ok || n < 1 || n >= 1000 {
		return saying{}
	}
	days := 1
	switch t := tokenAt(ts, to); {
	case t.is(weekWord...):
		days = 7
	case !t.is(dayWord...):
		return saying{}
	}
	switch t := tokenAt(ts, to+1); {
	case ago > 0:
		return saying{dateOf(today.AddDate(0, 0, -n*days)), from, to + 1, false, from}
	case t.is(more...) || t.is(after...):
		return saying{dateOf(today.AddDate(0, 0, n*days)), from, to + 2, false, from}
	case t.is(before...):
		return saying{dateOf(today.AddDate(0, 0, -n*days)), from, to + 2, false, from}
	}
	return saying{}
}

// dayByName reads "mai", "hôm qua", "bữa nay".
func dayByName(ts []token, i int, today time.Time) saying {
	if ts[i].bare == "" {
		return saying{}
	}
	ws := spoken(ts[i:min(len(ts), i+4)])
	n, days := 0, 0
	for _, d := range dayNames {
		if l := longest(d.names, ws); l > n || l == n && l > 0 && ws[l-1].text == "kia" {
			n, days = l, d.days
		}
	}
	if n == 0 || n == 1 && (ts[i].text == "mot" || ts[i].text == "moi") { // một, mới
		return saying{}
	}
	if tokenAt(ts, i+n).is(monthWord...) { // "ngay mot thang 5"
		return saying{}
	}
	return saying{dateOf(today.AddDate(0, 0, days)), i, i + n, n == 1 && i > 0 && ts[i-1].is(nameBearer...), 0}
}
