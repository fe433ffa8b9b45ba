package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"lensan/bot/vietnamese"
)

// What columns hold besides [Fields].
const (
	number  = "stt"
	village = "village" // it lies inside a commune, and is none
	year    = "year"
	ends    = "ends"
	other   = "other"
	marked  = "mark" // "mark3": a cross in it means three stars
)

// besides are those of them that are looked up. Where several columns hold one, the
// first will do, as for remarks.
var besides = []string{number, village, year, ends}

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
	ofBefore   = regexp.MustCompile(`\b(?:cu|truoc sap nhap|truoc khi sap nhap|truoc day|truoc)$`)
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
		if n, ok := readStars(text); ok && n > 0 && strings.ContainsAny(text, starRunes) { // "3*"
			return meaning{marked + strconv.Itoa(n), exactly}
		}
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
	wrapped := unicode.IsLower([]rune(text)[0])
	switch {
	case wrapped && behind.sure == exactly: // "Ngày, tháng" and below it "quyết định"
		return behind
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

// columns are the columns of a table by what they hold.
type columns struct {
	of      map[string]int // field → column
	marks   map[int]int    // column → stars a cross in it means
	remarks []int          // all columns of remarks
}

// choose settles which column holds which field. Where two fit alike and differ, none
// does, and it is noted as a doubt.
func (r *reader) choose(g grid, h header, body []line) columns {
	body = body[:min(len(body), seen)]
	cols := columns{of: map[string]int{}, marks: map[int]int{}}
	named := map[string][]int{}
	for c, m := range h.means {
		if stars, ok := strings.CutPrefix(m.field, marked); ok {
			cols.marks[c] = int(stars[0] - '0')
		} else if m.field != "" {
			named[m.field] = append(named[m.field], c)
		}
	}
	if _, ok := r.given[Stars]; ok {
		cols.marks = nil
	}
	for _, field := range append(slices.Clone(Fields), besides...) {
		all := named[field]
		if c, ok := r.given[field]; ok {
			all = nil
			if c >= 0 {
				cols.of[field], all = c, []int{c}
			}
		} else if field != Notes && !slices.Contains(besides, field) {
			fit := h.fitting(field, all, body)
			if len(fit) > 1 {
				all = fit
			}
			if len(fit) != 1 && (field == Name || len(all) > 0) {
				d := Doubt{Sheet: g.name, Field: field}
				for _, c := range all {
					d.Columns = append(d.Columns, Column{letters(c), oneLine(h.texts[c]), sample(c, body)})
				}
				r.doubt(d)
			}
			if all = fit; len(all) > 1 {
				all = nil
			}
		}
		if len(all) > 0 {
			cols.of[field] = all[0]
		}
		if field == Notes {
			cols.remarks = all
		}
	}
	return cols
}

// fitting are the columns that may hold a field, as far as heading and cells tell. One
// is enough; several that say the same are one.
func (h header) fitting(field string, all []int, body []line) []int {
	keep := func(pass func(c int) bool) {
		if some := slices.DeleteFunc(slices.Clone(all), func(c int) bool { return !pass(c) }); len(some) > 0 {
			all = some
		}
	}
	keep(func(c int) bool { return h.means[c].sure >= begins })
	keep(func(c int) bool { return !ofBefore.MatchString(vietnamese.Fold(h.texts[c])) })
	if shapes[field] != nil {
		keep(func(c int) bool { return looksLike(field, c, body) })
	}
	if len(all) > 0 && h.means[all[0]].sure == somewhere && !looksLike(field, all[0], body) {
		return nil // its words stand somewhere in a heading of something else
	}
	keep(func(c int) bool { return slices.ContainsFunc(body, func(l line) bool { return l.at(c) != "" }) })
	if field != Decision && field != DecisionDate { // there a wrong one does most harm
		keep(func(c int) bool { return h.means[c].sure == exactly })
	}
	same := func(c int) bool {
		return !slices.ContainsFunc(body, func(l line) bool { return l.at(c) != l.at(all[0]) })
	}
	if len(all) > 1 && !slices.ContainsFunc(all, func(c int) bool { return !same(c) }) {
		all = all[:1]
	}
	return all
}

// shapes tell whether a cell can be of a field.
var shapes = map[string]func(cell) bool{
	Stars:        func(c cell) bool { n, ok := readStars(c.text); return ok && n > 0 },
	DecisionDate: func(c cell) bool { d, said := readDay(c, false); return d.Year > 0 || said != "" && len(said) < 30 },
	Decision:     func(c cell) bool { return readDecision(c.text).number != "" && !digits(c.text) },
	Phone: func(c cell) bool {
		_, ok := vietnamese.Phone(c.number())
		return ok
	},
}

// seen is how many rows of a table are looked at to tell columns apart.
const seen = 400

// sample is the first text of a column.
func sample(column int, body []line) string {
	for _, l := range body {
		if s := l.at(column); s != "" {
			return oneLine(s)
		}
	}
	return ""
}

// looksLike tells whether more than half of a column's cells are of a field.
func looksLike(field string, column int, body []line) bool {
	shape := shapes[field]
	if shape == nil {
		return false
	}
	all, like := 0, 0
	for _, l := range body {
		if s := l.at(column); s == "" || isDitto(s) {
			continue
		}
		if all++; shape(l.cells[column]) {
			like++
		}
	}
	return like*2 > all
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
