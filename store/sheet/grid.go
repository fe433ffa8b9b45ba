package sheet

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// grid is a sheet as cells.
type grid struct {
	name  string // of the sheet; empty for csv
	lines []line // those that are not empty
	spans spans
}

// line is a row of cells.
type line struct {
	n      int // as the spreadsheet counts, from 1
	hidden bool
	cells  []cell
}

// cell is what a cell shows, and the number behind it where it shows another: a day
// is kept as the number of days since 1900 (or 1904).
type cell struct {
	text string // cleaned: NFC, single spaces; lines parted by "\n"
	raw  string // the number kept; empty: none, or the same
}

// span are the cells that are merged with another, which shows for all of them.
type span struct{ top, bottom, left, right int } // rows from 1, columns from 0, all inclusive

// spans are the merged cells of a sheet, by the rows they touch.
type spans map[int][]span

// at is the span a cell lies in.
func (s spans) at(row, column int) (span, bool) {
	for _, m := range s[row] {
		if m.left <= column && column <= m.right {
			return m, true
		}
	}
	return span{}, false
}

// add keeps a span. No more than one a column can show in a row.
func (s spans) add(m span) {
	m.right = min(m.right, MaxColumns-1)
	for row := m.top; row <= m.bottom && m.left <= m.right; row++ {
		if len(s[row]) < MaxColumns {
			s[row] = append(s[row], m)
		}
	}
}

// at is the text in a column; empty beyond the last.
func (l line) at(column int) string {
	if column < 0 || column >= len(l.cells) {
		return ""
	}
	return l.cells[column].text
}

// filled are the columns that hold something.
func (l line) filled() []int {
	var columns []int
	for i, c := range l.cells {
		if c.text != "" {
			columns = append(columns, i)
		}
	}
	return columns
}

// joined are all texts of a line.
func (l line) joined() string {
	var texts []string
	for _, c := range l.filled() {
		texts = append(texts, oneLine(l.cells[c].text))
	}
	return strings.Join(texts, " ")
}

// looksLikeList tells whether a sheet has rows of several cells.
func (g grid) looksLikeList() bool {
	wide := 0
	for _, l := range g.lines {
		if len(l.filled()) >= 3 {
			wide++
		}
	}
	return wide >= 3
}

// hideMerged empties the cells that another one shows for: what they hold is not to
// be seen.
func (g grid) hideMerged() {
	for _, l := range g.lines {
		for _, m := range g.spans[l.n] {
			for c := m.left; c <= m.right && c < len(l.cells); c++ {
				if c != m.left || l.n != m.top {
					l.cells[c] = cell{}
				}
			}
		}
	}
}

// clean makes a text comparable: NFC, no signs that cannot be seen, single spaces,
// lines kept, not longer than maxText.
func clean(s string) string {
	if plain(s) {
		return s
	}
	if len(s) > 8*maxText { // before it is walked through
		s = strings.ToValidUTF8(s[:8*maxText], "")
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := byte(0)
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "")) {
		switch {
		case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
			gap = '\n'
		case unicode.IsSpace(r):
			if gap == 0 {
				gap = ' '
			}
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			if gap != 0 && b.Len() > 0 {
				b.WriteByte(gap)
			}
			gap = 0
			b.WriteRune(r)
		}
	}
	return short(b.String(), maxText)
}

// plain tells whether a text is clean as it is, for most are.
func plain(s string) bool {
	if len(s) > maxText || !norm.NFC.IsNormalString(s) {
		return false
	}
	space := true // none at the start
	for _, r := range s {
		if r == ' ' && space || r != ' ' && (unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == unicode.ReplacementChar {
			return false
		}
		space = r == ' '
	}
	return s == "" || !space
}

// short cuts a text after n runes.
func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// oneLine writes the lines of a cell behind each other.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// letters are the letters of a column, from 0: A, B, …, Z, AA.
func letters(column int) string {
	s := ""
	for column++; column > 0; column = (column - 1) / 26 {
		s = string(rune('A'+(column-1)%26)) + s
	}
	return s
}

// columnOf reads letters of a column.
func columnOf(letters string) (int, bool) {
	n := 0
	for _, r := range strings.ToUpper(letters) {
		if r < 'A' || r > 'Z' || n > MaxColumns {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, n > 0 && n <= MaxColumns
}

// columns checks which columns an officer named.
func (o Options) columns() (map[string]int, error) {
	given := map[string]int{}
	for field, letters := range o.Columns {
		known := false
		for _, f := range Fields {
			known = known || f == field
		}
		if !known {
			return nil, fmt.Errorf("sheet: %q is no field: write one of %s", field, strings.Join(Fields, ", "))
		}
		if letters == "-" {
			given[field] = -1
			continue
		}
		column, ok := columnOf(letters)
		if !ok {
			return nil, fmt.Errorf("sheet: %q is no column: write its letters, as in %s=F", letters, field)
		}
		given[field] = column
	}
	return given, nil
}
