package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"lensan/store"
)

// Decisions, as they are written.
var (
	decisionNumber = regexp.MustCompile(`(?i)(?:^|[^0-9/])(\d{1,6}[a-z]?\s*[/-]\s*(?:20\d\d\s*/\s*)?Q[ĐDđd]\s*[/\-–—‐‑]?\s*[\p{L}]{2,}(?:\s*[-–—‐‑.]\s*[\p{Lu}]{2,})*)`)
	decisionPlain  = regexp.MustCompile(`(?i)(?:^|\s)(?:quyết\s+định|quyet\s+dinh|qđ|qd|số|so)\s*(?:số|so)?[\s:.]*(\d{1,6})(?:\s|[,;]|$)`)
	decisionAlone  = regexp.MustCompile(`(?i)^\s*(?:quyết\s+định|quyet\s+dinh|qđ|qd)?\s*(?:số|so)?[\s:.]*(\d{1,6}[a-z]?)\s*$`)
	decisionDated  = regexp.MustCompile(`(?i)^\s*(\d{2,6}[a-z]?(?:/[\p{L}-]{2,})?)\s*(?:[,;(]\s*|\s[-–]\s*|\s)(?:(?:ngày|ngay)\s*)?\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}\D*$`)
	decisionLead   = regexp.MustCompile(`(?i)[\s(\[,:;–-]*(?:(?:kèm\s+)?theo\s+)?(?:quyết\s+định|quyet\s+dinh|qđ|qd)?\s*(?:số|so)?[\s:.]*$`)
	bySomebody     = regexp.MustCompile(`(?i)(?:^|[\s,;(])(?:của|cua|do)\s+(.+)$`)
	authority      = regexp.MustCompile(`(?i)(?:^|[\s,;(:])((?:Chủ\s+tịch\s+|Chu\s+tich\s+)?(?:UBND|[ỦU][ỷyỶY]\s+ban\s+nh[âa]n\s+d[âa]n|Bộ\s+N|Bo\s+N|Hội\s+đồng|Sở\s+N)[^;,()\d]*)`)
	untilPurpose   = regexp.MustCompile(`(?i)\s*(?:[();,:]|\bQĐ|\bQD|\bngày\b|\bngay\b|\bsố\b|về\s+việc|ve\s+viec|v/v|\bvề\b|công\s+nhận|phê\s+duyệt|ban\s+hành).*$`)
	spaceAround    = regexp.MustCompile(`\s*([/–—‐‑-])\s*`)
)

// decision is what a text tells about a decision.
type decision struct {
	number, issuer string
	day            store.Day
	said           string // of a day that is not clear
	year           string // for which it was, as a heading tells: "Năm 2021 (QĐ 279/QĐ-UBND ngày 28/01/2022)"
	several        bool   // more than one decision: none is taken
}

// readDecision reads a decision out of a text: its number, and the day and who issued
// it when they stand there too.
func readDecision(text string) (d decision) {
	text = sinceOnly(oneLine(text))
	all := decisionNumber.FindAllStringSubmatchIndex(text, -1)
	rest := text
	switch {
	case len(all) > 1:
		first := tidyNumber(text[all[0][2]:all[0][3]])
		for _, m := range all[1:] {
			if tidyNumber(text[m[2]:m[3]]) != first {
				return decision{several: true}
			}
		}
		fallthrough
	case len(all) == 1:
		m := all[0]
		d.number = tidyNumber(text[m[2]:m[3]])
		rest = text[:m[2]] + " " + text[m[3]:]
	default:
		if m := decisionAlone.FindStringSubmatch(text); m != nil {
			d.number = m[1]
			return d
		}
		m := decisionPlain.FindStringSubmatchIndex(text)
		if m == nil {
			m = decisionDated.FindStringSubmatchIndex(text)
		}
		if m != nil {
			d.number = text[m[2]:m[3]]
			rest = text[:m[2]] + " " + text[m[3]:]
		}
	}
	if m := bySomebody.FindStringSubmatch(rest); m != nil {
		d.issuer = issuer(m[1])
	} else if m := authority.FindStringSubmatch(rest); m != nil {
		d.issuer = issuer(m[1])
	}
	if i := strings.Index(rest, d.issuer); i >= 0 && d.issuer != "" {
		rest = rest[:i] + " " + rest[i+len(d.issuer):]
	}
	d.day, d.said = dateOf(rest)
	return d
}

// on tells whether a decision may be of a day, or of the month or year that is told in
// its place.
func (d decision) on(day store.Day, said string) bool {
	switch {
	case !day.IsZero():
		return d.day.IsZero() || d.day == day
	case said != "" && !d.day.IsZero():
		y := yearOf(said)
		return y == strconv.Itoa(d.day.Year) || y != "" && y == d.year
	}
	return true
}

var yearIn = regexp.MustCompile(`\b20\d\d\b`)

// yearOf is the one year a text tells; empty: none.
func yearOf(text string) string {
	if all := yearIn.FindAllString(text, 2); len(all) == 1 {
		return all[0]
	}
	return ""
}

// issuer is who issued a decision, without what it is about.
func issuer(s string) string { return strings.Trim(untilPurpose.ReplaceAllString(s, ""), " .:-") }

// tidyNumber writes the number of a decision without the spaces in it, and with the
// one kind of dash.
func tidyNumber(s string) string {
	s = spaceAround.ReplaceAllString(strings.TrimSpace(s), "$1")
	return dashes.Replace(s)
}

var dashes = strings.NewReplacer("–", "-", "—", "-", "‐", "-", "‑", "-")

var (
	dateForms = regexp.MustCompile(`(?i)(?:(?:ngày|ngay)\s*|\b)\d{1,2}\s*(?:[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}|(?:tháng|thang|thg)\s*\d{1,2}\s*,?\s*(?:năm|nam)?\s*\d{4})|20\d\d-\d\d?-\d\d?`)
	lessForms = regexp.MustCompile(`(?i)(?:(?:tháng|thang)\s*)?\d{1,2}\s*/\s*20\d\d|(?:tháng|thang)\s*\d{1,2}\s*(?:năm|nam)\s*20\d\d|(?:năm|nam)\s*20\d\d|\b20\d\d\b`)
)

var untilDay = regexp.MustCompile(`(?i)[\s,;(–-]*(?:(?:có\s+)?(?:giá\s+trị|hiệu\s+lực|thời\s+hạn|hạn|sử\s+dụng|gia\s+tri|hieu\s+luc|thoi\s+han|han|su\s+dung)[^\d;]{0,20})?(?:đến|den|tới|toi|hết\s+hạn|het\s+han)(?:\s+(?:hết|het))?[\s:]*(?:ngày|ngay)?\s*\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}\s*\)?`)

// sinceOnly is a text without the day until which something counts: "12/QĐ-UBND ngày
// 5/6/2023, có giá trị đến 5/6/2026".
func sinceOnly(text string) string { return untilDay.ReplaceAllString(text, "") }

// dateOf finds the one date in a text about something else.
func dateOf(text string) (d store.Day, said string) {
	found := dateForms.FindAllString(text, -1)
	if len(found) == 0 {
		if less := lessForms.FindAllString(text, -1); len(less) == 1 {
			return d, strings.TrimSpace(less[0])
		}
		return d, ""
	}
	for _, f := range found {
		day, why := dayIn(strings.TrimSpace(f))
		if why != "" || !d.IsZero() && day != d {
			return store.Day{}, strings.TrimSpace(text)
		}
		d = day
	}
	return d, ""
}

// readDecisionOf reads number, day and issuer of the decision: of the row's cells, of
// the heading it stands under, of the title where the table has no column for it.
func (t *table) readDecisionOf(row *Row, get getter, section about, note noter) {
	text, date := get(Decision).text, get(DecisionDate)
	if _, ok := t.columns.of[Decision]; !ok && decisionNumber.MatchString(get(Stars).text) { // "3 sao (QĐ 279/QĐ-UBND)"
		text = get(Stars).text
	}
	d := t.decision(text)
	if d.several {
		note("decisions", Decision, text)
		text = ""
	} else if d.number == "" && text != "" && d.day.IsZero() && d.said == "" && d.issuer == "" {
		if strings.ContainsAny(text, "0123456789") && len(text) <= maxNumber {
			d.number = oneLine(text)
		} else {
			note("decision_unclear", Decision, text)
		}
	}
	day, said := store.Day{}, date.text
	if since := sinceOnly(date.text); since != "" {
		day, said = t.day(cell{text: since, raw: date.raw})
	}
	if in := t.decision(date.text); in.number != "" && !in.several && !digits(date.text) && (d.number == "" || in.number == d.number) {
		d.number, d.issuer = in.number, first(d.issuer, in.issuer)
		day, said = in.day, in.said
	}
	_, column := t.columns.of[Decision]
	_, dated := t.columns.of[DecisionDate]
	around := section.decision
	if around.number == "" && !column {
		around = t.about.decision
	}
	if text == "" && d.number == "" && around.number != "" && around.on(day, said) {
		if d = around; !d.day.IsZero() {
			said = ""
		}
	} else if d.number != "" && d.number == yearOf(said) && day.IsZero() {
		d.number = "" // a year in both cells
	}
	row.DecisionNumber, row.IssuedBy = d.number, d.issuer
	switch {
	case !day.IsZero() && !d.day.IsZero() && day != d.day:
		note("dates_differ", DecisionDate, date.text+" / "+text)
	case !day.IsZero():
		row.DecisionDate = day
	case !d.day.IsZero() && said == "":
		row.DecisionDate = d.day
	default:
		row.DateSaid = oneLine(first(said, d.said, get(year).text, section.year))
	}
	if row.DateSaid != "" {
		field := DecisionDate
		if !dated {
			field = Decision
		}
		note("date_unclear", field, row.DateSaid)
		row.DateSaid = short(row.DateSaid, 100)
	}
	if s := oneLine(get(IssuedBy).text); s != "" {
		row.IssuedBy = s
	}
	if end := get(ends); end.text != "" {
		until, _ := t.day(end)
		if row.DecisionDate.IsZero() {
			note("ends_said", ends, end.text)
		} else if !until.IsZero() && until != row.Ends() {
			note("ends_differs", ends, end.text)
		}
	}
}

// maxNumber is how long the number of a decision is at most, in bytes.
const maxNumber = 80
