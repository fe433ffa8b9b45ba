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

// headings are the phrases of columns.txt; inFull what its short words stand for; and
// asked the words with which a form asks for something.
var headings, inFull, asked = func() (all map[string]heading, full map[string]string, around map[string]bool) {
	all, full, around = map[string]heading{}, map[string]string{}, map[string]bool{}
	eachPhrase(columnsFile, func(section, phrase string, exact bool) {
		switch section {
		case "in full":
			short, words, _ := strings.Cut(phrase, " ")
			full[short] = words
		case "asked":
			around[phrase] = true
		default:
			all[phrase] = heading{section, exact}
		}
	})
	return all, full, around
}()

// maxHeading is how long a heading is at most, in bytes: what is longer is a title,
// or content.
const maxHeading = 160

var (
	brackets     = regexp.MustCompile(`[(\[][^)\]]*[)\]]`)
	starColumn   = regexp.MustCompile(`^(?:hang |dat |ocop |san pham )*([1-5]) sao$`)
	howManyStars = regexp.MustCompile(`\b(?:may|bao nhieu) sao$`)
	ofBefore     = regexp.MustCompile(`\b(?:cu|truoc sap nhap|truoc khi sap nhap|truoc day|truoc(?: \d+)*|lan truoc|dang ky|de nghi|du kien|phan dau|tu danh gia|tu cham|de xuat)$`)
	communeToday = regexp.MustCompile(`\b(?:moi|hien nay|hien tai|nay)$`)
	ofName       = regexp.MustCompile(`^ten(?: |$)`)
	itemNumber   = regexp.MustCompile(`(?i)^\s*(?:câu\s*)?\(?\d{1,2}(?:\.\d{1,2})?\s*[.):/–-]+\s*`) // "1. Tên sản phẩm"
)

// meaningOf reads the heading of a column.
func meaningOf(text string) meaning {
	if text == "" || len(text) > maxHeading {
		return meaning{}
	}
	text = itemNumber.ReplaceAllString(text, "")
	best := meaning{}
	for _, s := range []string{brackets.ReplaceAllString(text, " "), text} {
		folded := vietnamese.Fold(s)
		if n, ok := readStars(text); ok && n > 0 && strings.ContainsAny(text, starRunes) { // "3*"
			return meaning{marked + strconv.Itoa(n), exactly}
		}
		if m := starColumn.FindStringSubmatch(folded); m != nil {
			return meaning{marked + m[1], exactly}
		}
		if howManyStars.MatchString(folded) {
			return meaning{Stars, exactly}
		}
		for _, f := range []string{folded, unasked(folded), written(folded), unasked(written(folded))} {
			if m := meaningOfWords(f); m.sure > best.sure {
				best = m
			}
		}
		if best.sure >= begins {
			return best
		}
	}
	for part := range strings.SplitSeq(text, "/") { // "Đơn vị/Tên sản phẩm"
		if m := (meaning{Name, exactly}); meaningOfWords(vietnamese.Fold(part)) == m {
			return meaning{Name, begins}
		}
	}
	return best
}

// unasked is a folded heading without the words with which a form asks: "xin cho biết
// … của anh chị là gì".
func unasked(folded string) string {
	for {
		lead, ok := longest(asked, folded)
		if !ok || lead == folded {
			break
		}
		folded = folded[len(lead)+1:]
	}
	for at, b := range folded {
		if b == ' ' && onlyAsked(folded[at+1:]) {
			return folded[:at]
		}
	}
	return folded
}

// onlyAsked tells whether a folded text has only such words.
func onlyAsked(folded string) bool {
	for folded != "" {
		lead, ok := longest(asked, folded)
		if !ok {
			return false
		}
		folded = strings.TrimPrefix(folded[len(lead):], " ")
	}
	return true
}

// written is a folded heading with its short words in full: "đơn vị sx".
func written(folded string) string {
	ws := strings.Fields(folded)
	for i, w := range ws {
		if full, ok := inFull[w]; ok && (len(w) > 1 || len(ws) > 1) { // an "x" alone is a cross
			ws[i] = full
		}
	}
	return strings.Join(ws, " ")
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
	if ofName.MatchString(vietnamese.Fold(text)) && (own.sure < exactly || own.field == Name) {
		// "Tên, loại hình" under "Thông tin chủ thể"
		if whole := meaningOf("tên " + unasked(vietnamese.Fold(above))); whole.sure >= begins && whole.field != other {
			return meaning{whole.field, exactly}
		}
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
	first   map[int]int    // column of the decision after → of the first one
}

// choose settles which column holds which field. Where two fit alike and differ, none
// does, and it is noted as a doubt.
func (r *reader) choose(g grid, h header, body []line) columns {
	body = body[:min(len(body), seen)]
	cols := columns{of: map[string]int{}, marks: map[int]int{}, first: map[int]int{}}
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
		} else if first, renewal, ok := h.renewals(all); ok && field != Notes {
			cols.first[renewal], all = first, []int{renewal}
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

// matchesHeading tells whether a heading, or what it says in brackets, ends in such
// words: "Xã, phường (cũ)".
func matchesHeading(words *regexp.Regexp, heading string) bool {
	return slices.ContainsFunc(append(brackets.FindAllString(heading, -1), heading), func(s string) bool { return words.MatchString(vietnamese.Fold(s)) })
}

// renewals parts the columns of a field into those of a product's first decision and of
// the one after. ok: there is one of each.
func (h header) renewals(all []int) (first, renewal int, ok bool) {
	if len(all) != 2 {
		return 0, 0, false
	}
	is := func(section string, c int) bool { _, ok := contains(section, vietnamese.Fold(h.texts[c])); return ok }
	for _, pair := range [][2]int{{all[0], all[1]}, {all[1], all[0]}} {
		first, renewal = pair[0], pair[1]
		if is("of the first", first) && !is("of the renewal", first) && is("of the renewal", renewal) && !is("of the first", renewal) {
			return first, renewal, true
		}
	}
	return 0, 0, false
}

// latest is a line with the decision that counts: where the columns of the renewal are
// all empty, what those of the first decision say stands there.
func (c columns) latest(l line) line {
	for renewal := range c.first {
		if l.at(renewal) != "" {
			return l
		}
	}
	if len(c.first) > 0 {
		l.cells = slices.Clone(l.cells)
	}
	for renewal, first := range c.first {
		if first < len(l.cells) {
			l.cells = append(l.cells, make([]cell, max(0, renewal+1-len(l.cells)))...)
			l.cells[renewal] = l.cells[first]
		}
	}
	return l
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
	keep(func(c int) bool { return !matchesHeading(ofBefore, h.texts[c]) })
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
