package sheet

import (
	"regexp"
	"slices"
	"strings"

	"lensan/bot/vietnamese"
)

// What columns hold besides [Fields].
const (
	number = "stt"
	year   = "year"
	ends   = "ends"
	other  = "other"
	marked = "mark" // "mark3": a cross in it means three stars
)

// How sure a heading names a field.
const (
	somewhere = 1 + iota // its words stand in the heading
	begins               // the heading begins with them
	exactly              // they are the heading
)

// meaning is what a heading names.
type meaning struct {
	field string
	sure  int
}

// heading is a phrase of columns.txt.
type heading struct {
	field string
	exact bool // only as a whole heading
}

var headings = func() map[string]heading {
	all := map[string]heading{}
	eachPhrase(columnsFile, func(section, phrase string, exact bool) {
		all[phrase] = heading{section, exact}
	})
	return all
}()

// maxHeading is how long a heading is at most, in bytes: what is longer is a title,
// or content.
const maxHeading = 160

var (
	brackets   = regexp.MustCompile(`[(\[][^)\]]*[)\]]`)
	starColumn = regexp.MustCompile(`^(?:hang |dat |ocop |san pham )*([1-5]) sao$`)
	fillers    = regexp.MustCompile(`^(?:cac|thong tin|danh muc|danh sach|ten cac) `)
)

// meaningOf reads the heading of a column.
func meaningOf(text string) meaning {
	if text == "" || len(text) > maxHeading {
		return meaning{}
	}
	best := meaning{}
	for _, s := range []string{brackets.ReplaceAllString(text, " "), text} {
		folded := vietnamese.Fold(s)
		if m := starColumn.FindStringSubmatch(folded); m != nil {
			return meaning{marked + m[1], exactly}
		}
		for _, f := range []string{folded, fillers.ReplaceAllString(folded, "")} {
			if m := meaningOfWords(f); m.sure > best.sure {
				best = m
			}
		}
		if best.sure >= begins {
			return best
		}
	}
	return best
}

// meaningOfWords looks a folded heading up. The noun that says what it is stands
// first in Vietnamese: "địa chỉ cơ sở sản xuất" is an address.
func meaningOfWords(folded string) meaning {
	if h, ok := headings[folded]; ok {
		return meaning{h.field, exactly}
	}
	for at, sure := 0, begins; at < len(folded); sure = somewhere {
		rest := folded[at:]
		for end := len(rest); end > 0; end = strings.LastIndexByte(rest[:end], ' ') {
			if h, ok := headings[rest[:end]]; ok && !h.exact {
				return meaning{h.field, sure}
			}
		}
		space := strings.IndexByte(rest, ' ')
		if space < 0 {
			break
		}
		at += space + 1
	}
	return meaning{}
}

// meaningBelow reads the heading of a column that stands under another: "Số" under
// "Quyết định", "3 sao" under "Hạng".
func meaningBelow(above, text string) meaning {
	own := meaningOf(text)
	if above == "" || strings.HasPrefix(own.field, marked) {
		return own
	}
	if text == "" {
		return meaningOf(above)
	}
	joined, behind := meaningOf(text+" "+above), meaningOf(above+" "+text)
	switch {
	case joined.sure >= begins:
		return joined
	case own.sure < begins && behind.sure == exactly:
		return behind
	}
	return own
}

// recognized are the fields that a row names for certain.
func recognized(texts []string) map[string]bool {
	fields := map[string]bool{}
	for _, text := range texts {
		if m := meaningOf(clean(text)); m.sure == exactly {
			fields[m.field] = true
		}
	}
	return fields
}

// header are the headings of a table.
type header struct {
	lines  int // of the grid
	texts  []string
	means  []meaning
	titled bool // a producer's column holds its place too
}

// maxHeader is how many rows the headings of a table have at most.
const maxHeader = 3

// header reads the headings that begin in a line of the grid. ok: it is a table of
// products.
func (g grid) header(i int) (h header, ok bool) {
	first := g.lines[i]
	width, sure, fields := 0, 0, map[string]bool{}
	for c, cell := range first.cells {
		if cell.text == "" {
			continue
		}
		if digits(cell.text) {
			return h, false
		}
		width = c + 1
		if m := meaningOf(cell.text); m.sure >= begins && !fields[m.field] {
			fields[m.field] = true
			if m.sure == exactly {
				sure++
			}
		}
	}
	if len(fields) < 2 || sure == 0 || sure < 2 && len(fields) < 3 {
		return h, false
	}
	above := g.spread(first, width)
	h = header{lines: 1, texts: make([]string, width), means: make([]meaning, width)}
	for c := range width {
		h.texts[c], h.means[c] = first.at(c), meaningOf(first.at(c))
	}
	for h.lines < maxHeader && i+h.lines < len(g.lines) {
		next := g.lines[i+h.lines]
		if next.n != first.n+h.lines || !g.below(&h, above, next) {
			break
		}
		h.lines++
		above = g.joined(above, next, len(h.means))
	}
	found := map[string]bool{}
	for _, m := range h.means {
		if m.sure >= begins && m.field != other && m.field != number {
			found[m.field] = true
		}
	}
	return h, found[Name] && len(found)+len(fields) > 2 || len(found) >= 3
}

// spread writes a heading over all columns it covers: those it is merged with, or,
// where nothing is merged, the empty ones behind it.
func (g grid) spread(l line, width int) []string {
	texts := make([]string, width)
	last := ""
	for c := range texts {
		texts[c] = l.at(c)
		if m, ok := g.spans.at(l.n, c); ok {
			texts[c] = l.at(m.left)
			last = ""
			continue
		}
		if texts[c] == "" && len(g.spans[l.n]) == 0 {
			texts[c] = last
		}
		last = texts[c]
	}
	return texts
}

func (g grid) joined(above []string, l line, width int) []string {
	own := g.spread(l, width)
	texts := make([]string, width)
	for c := range texts {
		up := ""
		if c < len(above) {
			up = above[c]
		}
		texts[c] = strings.TrimSpace(own[c] + " " + up)
	}
	return texts
}

// below adds a line of headings under the ones above. False: it is none.
func (g grid) below(h *header, above []string, l line) bool {
	filled := l.filled()
	named := 0
	width := max(len(above), filled[len(filled)-1]+1)
	means, texts := make([]meaning, width), make([]string, width)
	copy(means, h.means)
	copy(texts, h.texts)
	for _, c := range filled {
		text, up := l.at(c), ""
		if c < len(above) {
			up = above[c]
		}
		if digits(text) || len(text) > maxHeading {
			return false
		}
		m := meaningBelow(up, text)
		if c < len(h.means) && h.means[c].field == Name && h.texts[c] != "" && m != (meaning{Name, exactly}) {
			return false // a product
		}
		if m.sure >= begins {
			named++
		}
		means[c], texts[c] = m, strings.TrimSpace(text+" "+up)
	}
	if named == 0 || named*2 < len(filled) {
		return false
	}
	h.means, h.texts = means, texts
	return true
}

// digits tells whether a text is only a number.
func digits(s string) bool {
	return strings.Trim(s, "0123456789.,() ") == ""
}

// columns are the columns of a table by what they hold.
type columns struct {
	of      map[string]int // field → column
	marks   map[int]int    // column → stars a cross in it means
	remarks []int          // all columns of remarks
}

// choose settles which column holds which field. Where two fit alike, those whose
// cells look like it win; if that does not tell either, none does.
func (r *reader) choose(g grid, h header, body []line) columns {
	cols := columns{of: map[string]int{}, marks: map[int]int{}}
	candidates := map[string][]int{}
	for _, sure := range []int{exactly, begins, somewhere} {
		for c, m := range h.means {
			if m.sure != sure {
				continue
			}
			if n, ok := strings.CutPrefix(m.field, marked); ok {
				cols.marks[c] = int(n[0] - '0')
			} else if all := candidates[m.field]; len(all) == 0 || h.means[all[0]].sure == sure || sure == begins {
				candidates[m.field] = append(all, c)
			}
		}
	}
	for _, field := range append(slices.Clone(Fields), number, year, ends) {
		if c, ok := r.given[field]; ok {
			if c >= 0 {
				cols.of[field] = c
			}
			if c >= 0 && field == Notes {
				cols.remarks = []int{c}
			}
			continue
		}
		all := candidates[field]
		if field == Notes {
			cols.remarks = all
		}
		if len(all) > 1 {
			all = fitting(field, all, body)
		}
		if len(all) > 1 && field != Notes && field != number && field != ends && field != year {
			if best := keepSure(h, all); len(best) == 1 && !testable(field) {
				all = best
			}
		}
		switch {
		case len(all) == 1 && (h.means[all[0]].sure >= begins || field == Notes || looksLike(field, all[0], body)):
			cols.of[field] = all[0]
		case len(all) > 0 && (field == number || field == ends || field == year || field == Notes):
			cols.of[field] = all[0]
		case len(all) > 0, field == Name:
			d := Doubt{Sheet: g.name, Field: field}
			for _, c := range all {
				d.Columns = append(d.Columns, Column{letters(c), oneLine(h.texts[c]), sample(c, body)})
			}
			r.doubt(d)
		}
	}
	if _, ok := r.given[Stars]; ok {
		cols.marks = nil
	}
	return cols
}

// sample is the first text of a column.
func sample(column int, body []line) string {
	for _, l := range body {
		if s := l.at(column); s != "" {
			return oneLine(s)
		}
	}
	return ""
}

// keepSure leaves the columns whose headings are surest.
func keepSure(h header, all []int) []int {
	sure := 0
	for _, c := range all {
		sure = max(sure, h.means[c].sure)
	}
	return slices.DeleteFunc(slices.Clone(all), func(c int) bool { return h.means[c].sure < sure })
}

// testable fields are those whose cells have a form.
func testable(field string) bool { return shapes[field] != nil }

// shapes tell whether a cell can be of a field.
var shapes = map[string]func(cell) bool{
	Stars:        func(c cell) bool { n, ok := readStars(c.text); return ok && n > 0 },
	DecisionDate: func(c cell) bool { d, said := readDay(c, false); return d.Year > 0 || said != "" && len(said) < 30 },
	Decision:     func(c cell) bool { return decisionNumber.MatchString(c.text) },
	Phone: func(c cell) bool {
		_, ok := vietnamese.Phone(c.number())
		return ok
	},
}

// seen is how many cells of a column are looked at to tell columns apart.
const seen = 40

// looksLike tells whether more than half of a column's cells are of a field.
func looksLike(field string, column int, body []line) bool {
	shape := shapes[field]
	if shape == nil {
		return false
	}
	all, like := 0, 0
	for _, l := range body {
		if l.at(column) == "" {
			continue
		}
		if shape(l.cells[column]) {
			like++
		}
		if all++; all == seen {
			break
		}
	}
	return like*2 > all
}

// fitting leaves the columns whose cells look like the field, or all; of several
// columns those with content.
func fitting(field string, all []int, body []line) []int {
	full := slices.DeleteFunc(slices.Clone(all), func(c int) bool {
		return !slices.ContainsFunc(body[:min(len(body), 10*seen)], func(l line) bool { return l.at(c) != "" })
	})
	if len(full) > 0 {
		all = full
	}
	if !testable(field) {
		return all
	}
	like := slices.DeleteFunc(slices.Clone(all), func(c int) bool { return !looksLike(field, c, body) })
	if len(like) > 0 {
		return like
	}
	return all
}

// doubt keeps a doubt once.
func (r *reader) doubt(d Doubt) {
	same := func(o Doubt) bool {
		return o.Sheet == d.Sheet && o.Field == d.Field && slices.Equal(o.Columns, d.Columns)
	}
	if !slices.ContainsFunc(r.list.Doubts, same) {
		r.list.Doubts = append(r.list.Doubts, d)
	}
}
