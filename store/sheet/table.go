package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"lensan/bot/vietnamese"
)

// reader reads one file.
type reader struct {
	list     *List
	opt      Options
	given    map[string]int // field → column an officer named; -1: none
	from1904 bool
	rows     int // that are not empty, so far

	// what was read of a text, for lists say the same in row after row
	places    memo[placeRead]
	decisions memo[decision]
	days      memo[dayRead]

	found []found // parallel to list.Rows
}

// found is what must be known of all rows before their places can be read.
type found struct {
	where    whereabouts
	province string // code the row, or its table, names
	said     string
}

// grid reads all tables of a sheet.
func (r *reader) grid(g grid) {
	g.hideMerged()
	var t *table
	var titles []string
	r.list.Rows, r.found = slices.Grow(r.list.Rows, len(g.lines)), slices.Grow(r.found, len(g.lines))
	for i := 0; i < len(g.lines); i++ {
		if pageNumber.MatchString(g.lines[i].joined()) {
			continue
		}
		if h, ok := g.header(i); ok {
			if t != nil {
				t.flush()
			}
			body := g.lines[i+h.lines:]
			again := t != nil && (len(titles) == 0 || slices.Equal(titles, t.titles)) && slices.Equal(t.header.means, h.means)
			i += h.lines - 1
			if again {
				t.ended, titles = false, nil
				continue // repeated on the next page
			}
			t = &table{reader: r, grid: g, header: h, titles: titles, columns: r.choose(g, h, body), held: map[span]cell{}}
			t.shared = t.sharesProducers(body)
			t.title(titles)
			titles = nil
			continue
		}
		switch {
		case t != nil && !t.apart(g.lines[i], len(titles) > 0):
			titles = nil
			t.line(g.lines[i])
		default:
			titles = append(titles, g.lines[i].joined())
			if t != nil && !g.aboveHeadings(i) {
				t.line(g.lines[i])
			}
		}
	}
	if t == nil && len(g.lines) > 0 {
		t = r.headless(g, titles)
	}
	if t != nil {
		t.flush()
	}
}

// aboveHeadings tells whether nothing but lines of one cell stand between a line and
// headings: it is of their title.
func (g grid) aboveHeadings(i int) bool {
	for j := i + 1; j < min(len(g.lines), i+1+maxTitle); j++ {
		if _, ok := g.header(j); ok {
			return true
		}
		if len(g.lines[j].filled()) > 1 {
			break
		}
	}
	return false
}

// headless reads a sheet without headings by the columns an officer named.
func (r *reader) headless(g grid, titles []string) *table {
	if c, ok := r.given[Name]; !ok || c < 0 {
		if g.looksLikeList() || g.name == "" {
			r.doubt(Doubt{Sheet: g.name, Field: Name})
		}
		return nil
	}
	t := &table{reader: r, grid: g, columns: r.choose(g, header{}, nil), held: map[span]cell{}}
	t.shared = t.sharesProducers(g.lines)
	t.title(titles[:min(len(titles), maxTitle)])
	for _, l := range g.lines {
		t.line(l)
	}
	return t
}

// maxTitle is how many lines above headings, or of a sheet without them, may be a title.
const maxTitle = 5

// table is a table of products while it is read.
type table struct {
	*reader
	grid    grid
	header  header
	titles  []string
	columns columns
	about   about // what the title says of all rows
	stack   stack // of the headings a row stands under
	held    map[span]cell
	above   []cell // of the last product, for "như trên"
	last    Row    // the last product
	letter  byte   // of the last heading numbered with one
	today   bool   // title or heading say that the communes are those of today
	shared  bool   // an empty producer is that of the row above
	open    *item  // a product whose next line may belong to it
	ended   bool
}

// item is a product with its lines.
type item struct {
	line   line
	joined bool
}

// titled finds the titles of further lists in a sheet.
var titled = regexp.MustCompile(`^(?:phu luc|danh sach|bieu|bang)(?: |$)`)

// apart tells whether a line may be a title of the next table, or goes on with one.
func (t *table) apart(l line, begun bool) bool {
	return len(l.filled()) == 1 && (begun || t.ended || titled.MatchString(vietnamese.Fold(l.joined())))
}

var (
	numbering = regexp.MustCompile(`^\s*(?:(?:([IVXLC]+)|([A-ZĐa-zđ]))((?:\.\d{1,2})+)[.):]?\s+|(?:([IVXLC]+)|([A-ZĐa-zđ])|(\d{1,3}(?:\.\d{1,3})*))\s*(?:[.):/–-]+\s*|\s+[-–]\s*))`)
	ordinal   = regexp.MustCompile(`^\(?(?:(?:([IVXLC]+)|([A-ZĐa-zđ]))((?:\.\d{1,2})+)|([IVXLC]+)|([A-ZĐa-zđ])|(\d{1,6}(?:\.\d{1,3})*))\s*[.)]?$`)
)

// style tells roman, lettered and counted numbering apart, and "B.1" from "B"; 0: none.
// C is the letter behind B, else a hundred.
func (t *table) style(m []string) byte {
	switch {
	case m == nil:
		return 0
	case m[3] != "":
		return 'b'
	case m[4] != "" && (len(m[4]) > 1 || t.letter == 0 || m[4][0] != t.letter+1):
		return 'I'
	case m[4] != "" || m[5] != "":
		t.letter = (m[4] + m[5])[0]
		return 'a'
	case strings.Contains(m[6], "."):
		return '.'
	}
	return '1'
}

// line reads a line below the headings.
func (t *table) line(l line) {
	l = t.columns.latest(l)
	t.hold(l)
	filled := l.filled()
	if len(filled) == 0 || t.isNumbering(l, filled) {
		return
	}
	if t.ended && !t.isProduct(l) {
		return
	}
	t.ended = false
	if t.isTotal(l, filled) {
		t.flush()
		return
	}
	if t.isEnd(l, filled) {
		t.flush()
		t.ended = true
		return
	}
	if t.heading(l, filled) {
		return
	}
	if t.open != nil && t.continues(l, filled) {
		t.join(l, filled)
		return
	}
	t.flush()
	if t.isContent(l) && !t.isLone(l, filled) {
		t.open = &item{line: l}
	}
}

// hold keeps what merged cells show for the lines below.
func (t *table) hold(l line) {
	for _, m := range t.grid.spans[l.n] {
		if m.top == l.n && m.bottom > m.top && m.left < len(l.cells) {
			t.held[m] = l.cells[m.left]
		}
	}
}

// value is what a column shows in a line, merged cells seen; under says that it is
// that of a line above.
func (t *table) value(l line, column int) (c cell, under bool) {
	if column < len(l.cells) && l.cells[column].text != "" {
		return l.cells[column], false
	}
	if m, ok := t.grid.spans.at(l.n, column); ok && m.left == column && m.top < l.n {
		return t.held[m], t.held[m].text != ""
	}
	return cell{}, false
}

// own tells whether a line has something of its own in a field's column.
func (t *table) own(l line, field string) bool {
	c, ok := t.columns.of[field]
	return ok && !nothing(l.at(c))
}

// isProduct tells whether a line is surely one of the list: named and numbered, or,
// where nothing is numbered, with something else.
func (t *table) isProduct(l line) bool {
	if !t.own(l, Name) {
		return false
	}
	if c, ok := t.columns.of[number]; ok {
		return l.at(c) != "" && digits(l.at(c))
	}
	for _, f := range []string{Producer, Stars, Decision, DecisionDate, Commune, District, Address} {
		if t.own(l, f) {
			return true
		}
	}
	return false
}

// isContent tells whether a line tells of a product at all.
func (t *table) isContent(l line) bool {
	for _, f := range []string{Name, Producer, Stars, Decision, DecisionDate} {
		if t.own(l, f) {
			return true
		}
	}
	for c := range t.columns.marks {
		if l.at(c) != "" {
			return true
		}
	}
	return false
}

// continues tells whether a line goes on with the open product: a cell was wrapped
// by hand, or the name is merged over both.
func (t *table) continues(l line, filled []int) bool {
	if l.n != t.open.line.n+1 && !t.open.joined || t.own(l, number) {
		return false
	}
	nameColumn, named := t.columns.of[Name]
	if !named {
		return false
	}
	if _, under := t.value(l, nameColumn); under {
		return !t.again(l) // the same product with another decision is a row of its own
	}
	numbered, ok := t.columns.of[number]
	if !ok || t.open.line.at(numbered) == "" && !t.open.joined {
		return false // nothing tells where a product ends
	}
	if _, under := t.value(l, numbered); under && t.own(l, Name) {
		return false
	}
	if !t.own(l, Name) {
		return !t.again(l)
	}
	if t.open.line.at(nameColumn) == "" {
		return !t.again(l)
	}
	if t.own(l, Stars) || t.own(l, Phone) || t.own(l, Decision) && decisionNumber.MatchString(l.at(t.columns.of[Decision])) {
		return false
	}
	return goesOn(t.open.line.at(nameColumn), l.at(nameColumn))
}

// again tells whether a line has what the open product has already, and which no
// wrapped cell could be.
func (t *table) again(l line) bool {
	both := func(f string) bool { return t.own(l, f) && t.own(t.open.line, f) }
	if both(Decision) && decisionNumber.MatchString(l.at(t.columns.of[Decision])) && decisionNumber.MatchString(t.open.line.at(t.columns.of[Decision])) {
		return true
	}
	if both(Producer) && kindOf(l.at(t.columns.of[Producer])) != "" {
		return true
	}
	return both(Stars) || both(DecisionDate) && both(Decision)
}

// goesOn tells whether a text is the rest of another: it begins small, or the other
// is not at its end.
func goesOn(text, rest string) bool {
	first := []rune(rest)[0]
	return unicode.IsLower(first) || strings.ContainsRune(")],;", first) ||
		strings.HasSuffix(text, ",") || strings.HasSuffix(text, "-") || strings.HasSuffix(text, "–") ||
		strings.Count(text, "(") > strings.Count(text, ")")
}

// join adds a line to the open product.
func (t *table) join(l line, filled []int) {
	open := &t.open.line
	open.cells = slices.Clone(open.cells)
	for _, c := range filled {
		for len(open.cells) <= c {
			open.cells = append(open.cells, cell{})
		}
		to, _ := t.value(*open, c)
		if to.text == "" {
			open.cells[c] = l.cells[c]
		} else if to.text != l.at(c) {
			open.cells[c] = cell{text: to.text + " " + l.at(c)}
		}
	}
	t.open.joined = true
}

// flush takes the open product into the list.
func (t *table) flush() {
	if t.open != nil {
		t.take(*t.open)
		t.open = nil
	}
}
