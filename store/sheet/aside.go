package sheet

// Lines that are neither products nor headings of them.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lensan/bot/vietnamese"
)

var (
	shortMark  = regexp.MustCompile(`^[(\[]?(?:(\d{1,2})|[A-Za-z])[)\]]?(?:\s*=.*)?$`)
	countWords = regexp.MustCompile(`^\d+(?: (?:sp|san pham|chu the|sao|ho|htx|co so))?(?: ocop)?$`)
	signedAt   = regexp.MustCompile(`(?i)^[\p{L} .-]+,\s*ng[àa]y\s*(?:[\d.…_\s]*th[áa]ng[\d.…_\s]*n[ăa]m|\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}\s*$)`)
	pageNumber = regexp.MustCompile(`(?i)^[\s–-]*(?:trang|page)[\s:]*\d+(?:\s*[/-]\s*\d+)?[\s–-]*$`)
)

// isNumbering finds the line "(1) (2) (3)" under the headings.
func (t *table) isNumbering(l line, filled []int) bool {
	next := 0 // the number that must follow
	for _, c := range filled {
		m := shortMark.FindStringSubmatch(l.at(c))
		if m == nil {
			return false
		}
		if m[1] == "" {
			continue // A, B before 1, 2
		}
		n, _ := strconv.Atoi(m[1])
		if next == 0 && n > 1 || next > 0 && n != next {
			return false
		}
		next = n + 1
	}
	name, ok := t.columns.of[Name]
	return ok && l.at(name) != "" && next > 2
}

// isTotal finds lines that count others.
func (t *table) isTotal(l line, filled []int) bool {
	for i, c := range filled {
		folded := vietnamese.Fold(l.at(c))
		phrase, ok := beginsWith("total", folded)
		if !ok {
			if i == 0 && ordinal.MatchString(l.at(c)) {
				continue
			}
			return false
		}
		rest := strings.TrimSpace(folded[len(phrase):])
		if _, of := beginsWith("counted", rest); rest != "" && (rest[0] < '0' || rest[0] > '9') && !of {
			return false
		}
		for _, c := range filled[i+1:] {
			if s := l.at(c); kindOf(s) != "" && !countWords.MatchString(vietnamese.Fold(s)) || decisionNumber.MatchString(s) {
				return false
			}
		}
		return true
	}
	return false
}

// isEnd finds a line behind the list: who drew it up, where and when, who signs.
func (t *table) isEnd(l line, filled []int) bool {
	if len(filled) > 3 || t.isProduct(l) {
		return false
	}
	maker, ok := t.columns.of[Producer]
	numbered := t.own(l, number) || ok && kindOf(l.at(maker)) != ""
	for _, c := range filled {
		if c != filled[0] && (numbered || slices.Contains(t.columns.remarks, c)) {
			continue
		}
		if _, end := beginsWith("end of list", vietnamese.Fold(l.at(c))); end || signedAt.MatchString(oneLine(l.at(c))) {
			return true
		}
	}
	return false
}

// isLone tells whether a line without a product's name says one thing only, and that
// is not who makes one: a place and a day, somebody's name.
func (t *table) isLone(l line, filled []int) bool {
	return len(filled) == 1 && !t.own(l, Name) && (!t.own(l, Producer) || kindOf(l.at(filled[0])) == "")
}
