package sheet

import (
	"regexp"
	"slices"
	"strings"

	"lensan/bot/vietnamese"
	"lensan/store"
)

// about is what a title, or a heading between rows, says of the rows below.
type about struct {
	style    byte // of its numbering
	place    string
	province string // code
	said     string // the province as written, folded
	stars    int
	decision decision
	group    string
	producer string
	cells    map[string]cell // what a producer's heading tells of it besides: field → cell
	year     string
}

// kinds are what a heading tells, to find the one it takes the place of.
func (a about) kinds() (kinds []string) {
	for kind, has := range map[string]bool{
		"place": a.place != "" && !isCommune(a.place), "commune": a.place != "" && isCommune(a.place), "province": a.province != "",
		"stars": a.stars != 0, "decision": a.decision.number != "", "group": a.group != "", "producer": a.producer != "", "year": a.year != "",
	} {
		if has {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// stack are the headings a row stands under, the widest first.
type stack []about

// push puts a heading under those it belongs to: it ends the one of its kind, or of
// its numbering, and all below that.
func (s stack) push(a about) stack {
	kinds := a.kinds()
	for i, o := range s {
		if a.style != 0 && o.style == a.style || slices.ContainsFunc(o.kinds(), func(k string) bool { return slices.Contains(kinds, k) }) {
			s = s[:i]
			break
		}
	}
	return append(slices.Clone(s), a)
}

// all is what a row stands under, put together; places from the smallest.
func (s stack) all() about {
	var sum about
	for _, a := range s {
		if a.place != "" && sum.place != "" {
			sum.place = a.place + ", " + sum.place
		} else if a.place != "" {
			sum.place = a.place
		}
		if a.province != "" {
			sum.province, sum.said = a.province, a.said
		}
		if a.stars != 0 {
			sum.stars = a.stars
		}
		if a.decision.number != "" {
			sum.decision = a.decision
		}
		if a.group != "" {
			sum.group = a.group
		}
		if a.producer != "" {
			sum.producer, sum.cells = a.producer, a.cells
		}
		if a.year != "" {
			sum.year = a.year
		}
	}
	return sum
}

var (
	attached  = regexp.MustCompile(`(?i)(?:quyết\s+định|quyet\s+dinh|qđ|qd)\s*(?:số|so)?[\s:]*\d[^;)]*`)
	basis     = regexp.MustCompile(`(?i)căn\s+cứ|can\s+cu|QĐ-TTg|QD-TTg`)
	starTitle = regexp.MustCompile(`(?i)(?:sản\s+phẩm|san\s+pham|hạng|hang|đạt|dat|ocop)`)
	yearTitle = regexp.MustCompile(`(?i)^(?:(?:đợt|dot|lần|lan)\s*\w+\s*[-–,/]?\s*)?(?:năm|nam)?\s*(20\d\d)$`)
)

// title reads what the lines above the headings say of all rows.
func (t *table) title(lines []string) {
	text := strings.Join(lines, " ")
	folded := vietnamese.Fold(text)
	codes, said := provincesIn(text)
	if len(codes) == 1 {
		t.about.province, t.about.said = codes[0], "tỉnh "+said
	}
	if n, ok := starsIn(folded); ok && starTitle.MatchString(text) {
		t.about.stars = n
	}
	t.titleProducer(lines)
	var decided []string // all but what a decision is based on
	for _, l := range lines {
		if !basis.MatchString(l) {
			decided = append(decided, l)
		}
	}
	if all := strings.Join(decided, " "); !readDecision(all).several {
		t.about.decision = readDecision(attached.FindString(all))
	}
	headed := t.headed(Commune)
	_, before := contains("of before", vietnamese.Fold(headed))
	_, t.today = contains("of today", vietnamese.Fold(headed)+" "+folded)
	t.today = (t.today || matchesHeading(communeToday, headed)) && !before
	t.about.place = t.placeIn(text)
	if t.about.place == "" { // a sheet for each district
		t.about.place = first(t.placeIn(t.grid.name), t.placeIn("huyện "+t.grid.name))
	}
}

// headed is the heading of the column of a field; empty: there is none.
func (t *table) headed(field string) string {
	if c, ok := t.columns.of[field]; ok && c < len(t.header.texts) {
		return t.header.texts[c]
	}
	return ""
}

// heading reads a line that is a heading of the rows below. False: it is none.
func (t *table) heading(l line, filled []int) bool {
	if a, ok := t.producerLine(l, filled); ok {
		t.flush()
		t.stack = t.stack.push(a)
		return true
	}
	text, a, ok := t.headingText(l, filled)
	if !ok {
		return false
	}
	if a.decision.number != "" && !t.headsDecision(l, text, a) {
		return false
	}
	column := filled[0]
	if len(filled) > 1 && ordinal.MatchString(l.at(column)) {
		column = filled[1]
	}
	apart := t.isWide(l, column) || a.style == 'I' || a.style == 'a' || a.style == 'b'
	name, ok := t.columns.of[Name]
	if ok && !apart && column > name {
		if !t.producerHeading(l, text, column, apart, &a) {
			return false // of a product without a name
		}
	} else if !t.readHeading(text, apart, &a) {
		switch {
		case t.producerHeading(l, text, column, apart, &a):
		case saysNothing(text):
		case ok && column == name && !apart:
			return false // a product of which only the name is told
		case t.isContent(l) && !apart:
			return false
		}
	}
	t.flush()
	if a.style != 0 || len(a.kinds()) > 0 {
		t.stack = t.stack.push(a)
	}
	return true
}

// headsDecision tells whether a line with a decision in its column is a heading, and no
// product: it is not counted with them, says what headings say, and the next line has no
// decision.
func (t *table) headsDecision(l line, text string, a about) bool {
	next, ok := t.after(l)
	said := about{}
	return ok && a.style != '1' && a.style != '.' && t.own(next, Name) && !t.own(next, Decision) && (t.readHeading(text, true, &said) || saysNothing(text))
}

// headingText is the one text of a line, without its numbering and what it counts.
func (t *table) headingText(l line, filled []int) (text string, a about, ok bool) {
	for i, c := range filled {
		s := l.at(c)
		switch {
		case text == "" && i == 0 && len(filled) > 1 && ordinal.MatchString(s):
			a.style = t.style(ordinal.FindStringSubmatch(s))
		case text == "":
			text = oneLine(s)
		case countWords.MatchString(vietnamese.Fold(s)) && !t.holds(c, Stars):
		case t.holds(c, Decision) && decisionNumber.MatchString(s) && a.decision.number == "":
			a.decision = readDecision(s)
		default:
			return "", a, false
		}
	}
	if m := numbering.FindStringSubmatch(text); m != nil {
		if a.style == 0 {
			a.style = t.style(m)
		}
		text = text[len(m[0]):]
	}
	text = strings.TrimLeft(text, "-+*•# ")
	return text, a, !digits(text)
}

func (t *table) holds(column int, field string) bool {
	c, ok := t.columns.of[field]
	return ok && c == column
}

// isWide tells whether a text stands over the columns of the table, not in one.
func (t *table) isWide(l line, column int) bool {
	if m, ok := t.grid.spans.at(l.n, column); ok && m.right-m.left >= 2 {
		return true
	}
	name, ok := t.columns.of[Name]
	return ok && column < name && !t.isField(column)
}

// isField tells whether a column holds something of the products.
func (t *table) isField(column int) bool {
	return slices.ContainsFunc(Fields, func(f string) bool { return t.holds(column, f) })
}

var counted = regexp.MustCompile(`(?i)\s*(?:\([^)]*\)|[:–-]\s*\d+\s*(?:sản\s+phẩm|sp|san\s+pham)?.*|\s\d+\s*(?:sản\s+phẩm|sp|san\s+pham))\s*[:.]?$`)

// readHeading reads what a heading says.
func (t *table) readHeading(text string, apart bool, a *about) bool {
	if m := decisionNumber.FindString(text); m != "" && !basis.MatchString(text) {
		if d := readDecision(text); !d.several {
			a.decision = d
			text = decisionLead.ReplaceAllString(text[:strings.Index(text, m)], "")
			a.decision.year = yearOf(text)
		}
	}
	bare := strings.TrimRight(counted.ReplaceAllString(text, ""), " :.;,")
	folded := vietnamese.Fold(bare)
	if n, ok := starsIn(folded); ok && onlyGeneric(folded) {
		a.stars = n
	} else if n, ok := readStars(bare); ok && n > 0 && strings.ContainsAny(bare, starRunes) {
		a.stars = n
	}
	if m := yearTitle.FindStringSubmatch(bare); m != nil && apart {
		a.year = m[1]
	}
	switch {
	case (isDistrict(bare) || isCommune(bare)) && len(strings.Fields(bare)) <= 7:
		a.place = bare
	case (apart || bare == strings.ToUpper(bare)) && isPlaceName(bare, t.opt.Province):
		a.place = bare
	}
	if codes, said := provincesIn(bare); len(codes) == 1 && a.place == "" && (apart || strings.HasPrefix(folded, "tinh ")) {
		a.province, a.said = codes[0], "tỉnh "+said
	}
	if g := groupOf(bare); g != "" && (apart || groupLead.MatchString(folded)) {
		a.group = g
	} else if groupLead.MatchString(folded) && apart {
		a.group = store.Groups[len(store.Groups)-1]
	}
	return len(a.kinds()) > 0
}

var groupLead = regexp.MustCompile(`^(?:nhom|nganh|phan nhom|bo san pham|linh vuc) `)

// onlyGeneric tells whether a folded text says no more than how many stars.
func onlyGeneric(folded string) bool {
	for _, w := range strings.Fields(folded) {
		if !words["of stars"][w] && starWords[w] == 0 && !digits(w) {
			return false
		}
	}
	return true
}

var (
	aboutProducts = regexp.MustCompile(`\b(?:san pham|cong nhan|danh gia|nang hang)\b`)
	ofHeadings    = regexp.MustCompile(`^(?:\d+|[ivx]+)$`)
)

// saysNothing tells whether a text is a heading that says nothing of the rows below
// it that is kept: "Sản phẩm đánh giá lại".
func saysNothing(text string) bool {
	folded := vietnamese.Fold(counted.ReplaceAllString(text, ""))
	for _, w := range strings.Fields(folded) {
		if !words["of stars"][w] && !words["of headings"][w] && !ofHeadings.MatchString(w) {
			return false
		}
	}
	return aboutProducts.MatchString(folded)
}
