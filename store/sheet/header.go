package sheet

import "strings"

// header are the headings of a table.
type header struct {
	lines int // of the grid
	texts []string
	means []meaning
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
	for _, l := range g.lines[i+1 : min(i+maxHeader, len(g.lines))] {
		width = max(width, len(l.cells)) // the last heading may stand over several columns
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

// joined are the headings of a line with those above them.
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
	if first := l.at(filled[0]); ordinal.MatchString(first) && !digits(first) || len(filled) == 1 && numbering.MatchString(first) {
		return false // "A", "I. Huyện Bắc Hà"
	}
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
		if digits(text) || len(text) > maxHeading || decisionNumber.MatchString(text) || g.covers(l.n, c, above) {
			return false
		}
		if field, _ := labelled(text); field != "" { // "Chủ thể: HTX Na Lang"
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

// covers tells whether a cell is merged over several headings of the lines above.
func (g grid) covers(row, column int, above []string) bool {
	m, ok := g.spans.at(row, column)
	for c := m.left; ok && c < min(m.right, len(above)-1); c++ {
		if above[c] != above[c+1] {
			return true
		}
	}
	return false
}

// digits tells whether a text is only a number.
func digits(s string) bool {
	return strings.Trim(s, "0123456789.,() ") == ""
}
