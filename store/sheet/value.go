package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"lensan/bot/vietnamese"
	"lensan/store"
)

// number is the number of a cell in all its digits, or its text: a long number is
// shown as 9.12E+08.
func (c cell) number() string {
	if _, err := strconv.ParseFloat(c.raw, 64); err == nil {
		return strings.TrimSuffix(c.raw, ".0")
	}
	return c.text
}

// starRunes are the signs that stand for a star; the last is one of Wingdings.
const starRunes = "*★⭐✩✭🌟\uf02a"

var (
	starSigns   = regexp.MustCompile(`^[\s(]*((?:[` + starRunes + `]\x{fe0f}?[\s,.]*)+)(?:☆\s*)*[)\s]*$`)
	starLead    = regexp.MustCompile(`(?i)^\s*(?:(?:hạng|hang|đạt|dat|ocop|xếp\s+hạng)\s*:?\s*)+`)
	starDigit   = regexp.MustCompile(`^[\s(]*([0-9])\s*[` + starRunes + `]\x{fe0f}?\s*[)\s]*$`)
	starAlone   = regexp.MustCompile(`^(?:(?:ocop|hang|dat|muc|loai) )*0?([1-5])(?: 0+)?(?: ocop)?$`)
	starsBeside = regexp.MustCompile(`(?i)\((?:[^)]*\s)?(?:từ|tu|nâng|nang|trước|truoc|đề\s+nghị|de\s+nghi|tiềm\s+năng|tiem\s+nang|năm|nam|lần|lan)\s[^)]*\ssao[^)]*\)`)
	starGlued   = regexp.MustCompile(`\b([1-5])sao\b`)
	starWords   = map[string]int{"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "01": 1, "02": 2, "03": 3, "04": 4, "05": 5,
		"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "three": 3, "four": 4, "five": 5}
)

// readStars reads how many stars a text tells: "4", "4 sao", "4*", "****", "★★★",
// "Ba sao", "OCOP 4 sao". Not ok: something is told that is not one number of one to
// five; 0 and ok: nothing is told.
func readStars(text string) (stars int, ok bool) {
	text = oneLine(text)
	if bare := starsBeside.ReplaceAllString(text, " "); !nothing(bare) { // "4 sao (nâng hạng từ 3 sao)"
		text = strings.TrimSpace(bare)
	}
	if nothing(text) {
		return 0, true
	}
	if m := starSigns.FindStringSubmatch(starLead.ReplaceAllString(text, "")); m != nil {
		for _, r := range m[1] {
			if strings.ContainsRune(starRunes, r) {
				stars++
			}
		}
	} else if m := starDigit.FindStringSubmatch(text); m != nil {
		stars = starWords[m[1]]
	} else if folded := vietnamese.Fold(text); !strings.ContainsAny(text, "/-–%") && starAlone.MatchString(folded) {
		stars = starWords[starAlone.FindStringSubmatch(folded)[1]]
	} else {
		return starsIn(folded)
	}
	if stars > 5 {
		stars = 0
	}
	return stars, stars > 0
}

// starsIn reads the stars of a folded text with other words in it. Two different
// numbers, or one that is only hoped for, are none.
func starsIn(folded string) (stars int, ok bool) {
	ws := strings.Fields(starGlued.ReplaceAllString(folded, "$1 sao"))
	for i, w := range ws {
		if w != "sao" && w != "star" && w != "stars" {
			continue
		}
		n := 0
		if i > 0 {
			n = starWords[ws[i-1]]
		}
		if i > 1 && digits(ws[i-2]) && len(ws[i-2]) < 3 && starWords[ws[i-2]] != n || n == 0 || stars != 0 && stars != n { // "3-4 sao"
			return 0, false
		}
		stars = n
	}
	if _, hoped := contains("hoped", folded); hoped {
		return 0, false
	}
	return stars, stars > 0
}

const (
	starRank = `(?:(?:đạt|dat|hạng|hang|chuẩn|chuan|xếp|xep|ocop|sản\s+phẩm|san\s+pham)[\s:]+)`
	starUnit = `\s*0?([1-5])\s*(?:sao|stars?|[` + starRunes + `]\x{fe0f}?)(?:\s+ocop)?\s*`
)

var (
	nameSigns = regexp.MustCompile(`[\s,;:–—-]*[(\[]?\s*((?:[` + starRunes + `]\x{fe0f}?\s*){3,5})[)\]]?\s*$`)
	nameStars = regexp.MustCompile(`(?i)(?:\s*[,;:–—-]\s*` + starRank + `*|\s` + starRank + `+)` + starUnit + `$`)
	bareStars = regexp.MustCompile(`(?i)\s` + starUnit + `(\(.*)?$`)
)

// starsOfName finds the stars in a product's name, and the name without them: "Nem
// chua (4 sao)", "Bánh dày - OCOP 3 sao", "Tranh thêu ****". apart: they cannot be part
// of the name, as in "Gạo 5 sao".
func starsOfName(name string) (bare string, stars int, apart bool) {
	if lower := strings.ToLower(name); !strings.ContainsAny(name, starRunes) && !strings.Contains(lower, "sao") && !strings.Contains(lower, "star") {
		return name, 0, false
	}
	bare = strings.TrimSpace(brackets.ReplaceAllStringFunc(name, func(in string) string {
		var parts []string
		for p := range strings.FieldsFuncSeq(in[1:len(in)-1], func(r rune) bool { return r == ',' || r == ';' }) {
			n, ok := readStars(p)
			if folded := vietnamese.Fold(p); ok && n > 0 && stars == 0 && onlyGeneric(folded) && (strings.Contains(folded, "sao") || strings.ContainsAny(p, starRunes)) {
				stars = n
			} else {
				parts = append(parts, strings.TrimSpace(p))
			}
		}
		if len(parts) == 0 {
			return ""
		}
		return in[:1] + strings.Join(parts, ", ") + in[len(in)-1:]
	}))
	if stars > 0 && bare != "" {
		return strings.Join(strings.Fields(bare), " "), stars, true
	}
	if m := nameSigns.FindStringSubmatchIndex(name); m != nil && m[0] > 0 {
		stars, _ = readStars(name[m[2]:m[3]])
		return name[:m[0]], stars, true
	}
	if n, ok := starsIn(vietnamese.Fold(starDigits.ReplaceAllString(name, "$1 sao"))); !ok || n == 0 { // "3-4 sao", "tiềm năng 5 sao"
		return name, 0, false
	}
	if m := nameStars.FindStringSubmatchIndex(name); m != nil && m[0] > 0 {
		return name[:m[0]], starWords[name[m[2]:m[3]]], true
	}
	if m := bareStars.FindStringSubmatch(name); m != nil && m[0] != name {
		return strings.TrimSpace(strings.TrimSuffix(name, m[0]) + " " + m[2]), starWords[m[1]], false
	}
	return name, 0, false
}

var starDigits = regexp.MustCompile(`([1-5])\s*[` + starRunes + `]`)

// nothing tells whether a cell says that there is nothing.
func nothing(text string) bool { return strings.Trim(text, "-–—/.… ") == "" }

// Years in which a product can have been certified: the first province began in 2013.
const (
	firstYear = 2013
	lastYear  = 2099
)

var (
	serial    = regexp.MustCompile(`^[0-9]{5}(?:\.[0-9]+)?$`)
	clockTime = regexp.MustCompile(`[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?( ?[AaPp][Mm])?$`)
	dateParts = regexp.MustCompile(`[0-9]+|[A-Za-z]{3,}`)
)

// The numbers Excel keeps for days of 2000 to 2099; with 1904 as the first year it
// is 1,462 less.
const (
	firstSerial = 36526 - 1462
	lastSerial  = 73050
)

// readDay reads the day of a cell. said is what stands there instead, where day,
// month and year are not all told, or not clearly.
func readDay(c cell, from1904 bool) (d store.Day, said string) {
	text := strings.TrimSpace(clockTime.ReplaceAllString(oneLine(c.text), ""))
	if nothing(text) {
		return d, ""
	}
	kept := c.raw
	if kept == "" && serial.MatchString(text) {
		kept = text
	}
	if n, err := strconv.ParseFloat(kept, 64); err == nil && n >= firstSerial && n <= lastSerial {
		// "12/2021" is kept as the first of the month, but tells no day
		if len(dateParts.FindAllString(text, -1)) < 3 && onlyDigits(text) != onlyDigits(kept) {
			return d, text
		}
		if t, err := excelize.ExcelDateToTime(n, from1904); err == nil {
			return sensible(store.Day{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, text)
		}
	}
	return dayIn(text)
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// dayIn reads the one day a text tells.
func dayIn(text string) (d store.Day, said string) {
	for _, layout := range english {
		if t, err := time.Parse(layout, text); err == nil {
			return sensible(store.Day{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, text)
		}
	}
	date, reading := vietnamese.ReadDate(text, reckoned)
	if reading != vietnamese.Understood || date.Year == 0 || date.Month == 0 || date.Day == 0 {
		return d, text
	}
	// a year that was not told, but reckoned ("mai")
	if y := strconv.Itoa(date.Year); !strings.Contains(text, y) && !strings.Contains(text, y[2:]) {
		return d, text
	}
	return sensible(store.Day(date), text)
}

// english are the forms in which an Excel that speaks English shows days.
var english = []string{"2-Jan-2006", "2-Jan-06", "2 Jan 2006", "Jan 2, 2006", "January 2, 2006"}

// reckoned is the day from which "mai" would be counted, and in whose century "21" is.
var reckoned = time.Date(2030, 1, 1, 0, 0, 0, 0, store.Zone)

// sensible takes a day on which a product can have been certified.
func sensible(d store.Day, text string) (store.Day, string) {
	if d.Year < firstYear || d.Year > lastYear {
		return store.Day{}, text
	}
	return d, ""
}

// kindOf is what a producer is, by the words of its name, or of a column about it.
func kindOf(texts ...string) string {
	for _, text := range texts {
		folded := vietnamese.Fold(text)
		best, kind := "", ""
		for _, k := range store.ProducerKinds {
			if phrase, ok := beginsWith(k, folded); ok && len(phrase) > len(best) {
				best, kind = phrase, k
			}
		}
		if kind != "" {
			return kind
		}
	}
	return ""
}

// groupOf is the group of products a text names.
func groupOf(text string) string {
	folded := vietnamese.Fold(numbering.ReplaceAllString(brackets.ReplaceAllString(text, " "), ""))
	if lead, ok := beginsWith("group lead", folded); ok {
		folded = folded[len(lead):]
	}
	folded = strings.TrimLeft(folded, "0123456789 ")
	for _, g := range store.Groups {
		if words[g][folded] {
			return g
		}
	}
	return ""
}

// stateOf is what a remark says about the certificate: that it was withdrawn, or is
// evaluated again. A remark that says it is not so, or was, says nothing.
func stateOf(remark string) string {
	folded := vietnamese.Fold(remark)
	for _, s := range []struct{ section, state string }{
		{"withdrawn", store.CertificateWithdrawn}, {"reevaluation", store.CertificateReevaluation},
	} {
		if before, ok := contains(s.section, folded); ok {
			if words["not"][before[strings.LastIndexByte(before, ' ')+1:]] {
				return ""
			}
			return s.state
		}
	}
	return ""
}
