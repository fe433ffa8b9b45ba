package sheet

// Producers that stand as a heading above their products.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lensan/bot/vietnamese"
)

// producerHeading reads a producer that stands above its products.
func (t *table) producerHeading(l line, text string, column int, apart bool, a *about) bool {
	if field, value := labelled(text); field == Producer {
		text = value
	} else if kindOf(text) == "" {
		return false
	}
	if _, ok := t.columns.of[Producer]; ok && !apart && !t.holds(column, Producer) {
		return false
	}
	if t.holds(column, Producer) && !t.nextWithout(l) || t.holds(column, Name) && !apart && !t.standsAbove(l) {
		return false
	}
	a.producer = howMany.ReplaceAllString(text, "")
	return true
}

// labelled parts "Tên chủ thể: HTX Mường Hum" into the field it is headed as and what it
// says.
func labelled(text string) (field, value string) {
	label, value, ok := strings.Cut(text, ":")
	value = strings.TrimSpace(value)
	m := meaningOf(label)
	if !ok || m.sure < exactly || value == "" {
		return "", ""
	}
	if m.field == Producer && kindOf(value) == "" && !strings.Contains(vietnamese.Fold(label), "chu the") {
		return "", "" // "Đơn vị: UBND huyện Bắc Hà"
	}
	return m.field, value
}

// titleProducer reads the producer of all rows, and what is told of it, in the lines
// above the headings, where there is no column of producers.
func (t *table) titleProducer(lines []string) {
	if _, ok := t.columns.of[Producer]; ok {
		return
	}
	cells := map[string]cell{}
	for _, l := range lines {
		if field, value := labelled(l); field == Producer || slices.Contains(ofProducers, field) {
			cells[field] = cell{text: value}
		}
	}
	if name := cells[Producer].text; name != "" {
		t.stack = t.stack.push(about{producer: name, cells: cells})
	}
}

// howMany says behind a producer how many products follow.
var howMany = regexp.MustCompile(`(?i)\s*[(:–-]\s*\d+\s*(?:sản\s+phẩm|san\s+pham|sp)\s*[).:]*$`)

// ofProducers are the fields a producer's heading may tell besides its name.
var ofProducers = []string{Kind, Commune, District, Province, Address, village, Contact, Phone}

// producerLine reads a line of a producer and what is told of it, above its products:
// "II | HTX Quang Tom | Xã Bắc Hà | 0912 345 678".
func (t *table) producerLine(l line, filled []int) (a about, ok bool) {
	column, has := t.columns.of[Producer]
	if !has {
		column, has = t.columns.of[Name]
	}
	text := oneLine(l.at(column))
	if m := numbering.FindStringSubmatch(text); m != nil {
		a.style, text = t.style(m), text[len(m[0]):]
	}
	if !has || kindOf(text) == "" || len(filled) < 2 {
		return a, false
	}
	a.producer, a.cells = howMany.ReplaceAllString(text, ""), map[string]cell{}
	for _, c := range filled {
		field := t.fieldOf(c, ofProducers)
		switch s := l.at(c); {
		case c == column:
		case field != "":
			a.cells[field] = l.cells[c]
		case c == filled[0] && ordinal.MatchString(s):
			a.style = t.style(ordinal.FindStringSubmatch(s))
		case !countWords.MatchString(vietnamese.Fold(s)) || t.holds(c, Stars):
			return a, false
		}
	}
	if t.holds(column, Producer) {
		return a, t.nextWithout(l)
	}
	return a, len(a.cells) > 0 && (a.style == 'I' || a.style == 'a' || t.standsAbove(l))
}

// standsAbove tells whether a line with a producer where products are named is not one
// of them, but the heading of the next: that is numbered anew, or tells what this one
// does not.
func (t *table) standsAbove(l line) bool {
	next, ok := t.after(l)
	if !ok || !t.own(next, Name) || kindOf(next.at(t.columns.of[Name])) != "" {
		return false
	}
	if c, ok := t.columns.of[number]; ok {
		this, that := strings.Trim(l.at(c), "(). "), strings.Trim(next.at(c), "(). ")
		n, above := strconv.Atoi(this)
		switch m, below := strconv.Atoi(that); {
		case below == nil:
			return above != nil || m != n+1
		case this != "" && strings.HasPrefix(that, this+"."):
			return true
		}
	}
	return t.own(next, Stars) || t.own(next, Decision) || t.own(next, DecisionDate)
}

// behind gets what the row says, and of its producer what the heading does where the row
// says nothing; of places the row's or the heading's.
func (a about) behind(row getter) getter {
	placed := false
	for _, f := range []string{Commune, District, Address} {
		placed = placed || row(f).text != ""
	}
	return func(field string) cell {
		own := row(field)
		if own.text != "" || placed && field != Kind && field != Contact && field != Phone {
			return own
		}
		return a.cells[field]
	}
}

// fieldOf is which of some fields a column holds; empty: none.
func (t *table) fieldOf(column int, fields []string) string {
	for _, f := range fields {
		if t.holds(column, f) {
			return f
		}
	}
	return ""
}

// after is the line right below a line.
func (t *table) after(l line) (line, bool) {
	i, ok := slices.BinarySearchFunc(t.grid.lines, l.n+1, func(l line, n int) int { return l.n - n })
	if !ok {
		return line{}, false
	}
	return t.grid.lines[i], true
}

// nextWithout tells whether the next line has a name and no producer.
func (t *table) nextWithout(l line) bool {
	next, ok := t.after(l)
	return ok && t.own(next, Name) && !t.own(next, Producer)
}

// sharesProducers tells whether a list without merged cells leaves the producer empty
// where it is that of the row above, as a csv of merged cells does: it does so in two
// places at least.
func (t *table) sharesProducers(body []line) bool {
	if len(t.grid.spans) > 0 {
		return false
	}
	places, above, under := 0, false, false
	for _, l := range body[:min(len(body), seen)] {
		switch {
		case !t.own(l, Name):
			continue
		case t.own(l, Producer):
			above, under = true, false
		case !t.underProducer(l):
			above, under = false, false
		case above && !under:
			under = true
			places++
		}
	}
	return places > 1
}

// underProducer tells whether an empty producer may be that of the row above: number and
// all else that is about the producer are empty, too. Where nothing is numbered, the
// producer stands before the name.
func (t *table) underProducer(l line) bool {
	empty := 0
	for _, f := range []string{number, Kind, Commune, Address, village, Contact, Phone} {
		if _, ok := t.columns.of[f]; ok {
			empty++
		}
		if t.own(l, f) {
			return false
		}
	}
	producer, ok := t.columns.of[Producer]
	_, numbered := t.columns.of[number]
	return ok && empty > 0 && !t.own(l, Producer) && (numbered || producer < t.columns.of[Name])
}
