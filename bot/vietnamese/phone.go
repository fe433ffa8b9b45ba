package vietnamese

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Phone reads a Vietnamese telephone number out of a text and returns it in its
// national form, digits only: 10 for a mobile, 11 for a landline. The 11-digit
// mobile numbers of before September 2018 are given as they are dialled now;
// +84 and a leading zero lost in a spreadsheet are put right. Not ok: no number,
// a wrong one, or two different ones.
func Phone(s string) (national string, ok bool) {
	s = letterDigits(norm.NFKC.String(valid(s)))
	if spoken := spokenDigits(s); spoken != "" {
		s = spoken
	}
	found := map[string]bool{}
	for _, run := range digitRuns.FindAllString(s, 20) {
		if n, ok := normalPhone(digitsOf(run)); ok {
			found[n] = true
			continue
		}
		for _, n := range phonesAmong(someDigits.FindAllString(run, 20)) {
			found[n] = true
		}
	}
	if len(found) != 1 {
		return "", false
	}
	for n := range found {
		national = n
	}
	return national, true
}

// FormatPhone writes a national number in groups: "0912 345 678".
func FormatPhone(national string) string {
	n := national
	switch {
	case len(n) == 10:
		return n[:4] + " " + n[4:7] + " " + n[7:]
	case len(n) == 11 && (n[:3] == "024" || n[:3] == "028"):
		return n[:3] + " " + n[3:7] + " " + n[7:]
	case len(n) == 11:
		return n[:4] + " " + n[4:8] + " " + n[8:]
	}
	return n
}

var (
	digitRuns  = regexp.MustCompile(`\+?\d(?:[\s.,()\-–_/]{0,3}\d)*`)
	someDigits = regexp.MustCompile(`\d+`)
	oInNumber  = regexp.MustCompile(`(?i)(^|[\s.\-:]|\d)([oil])([\s.\-]?\d)`)
)

// letterDigits takes a letter o for a zero, and i or l for a one, inside a number.
func letterDigits(s string) string {
	for range 3 { // neighbours share a digit
		s = oInNumber.ReplaceAllStringFunc(s, func(m string) string {
			p := oInNumber.FindStringSubmatch(m)
			if strings.EqualFold(p[2], "o") {
				return p[1] + "0" + p[3]
			}
			return p[1] + "1" + p[3]
		})
	}
	return s
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// phonesAmong looks for a number in neighbouring groups of digits: "số nhà 5
// 0912 345 678".
func phonesAmong(groups []string) []string {
	var out []string
	for i := 0; i < len(groups); i++ {
		joined := ""
		for j := i; j < len(groups) && len(joined) < 14; j++ {
			joined += groups[j]
			if n, ok := normalPhone(joined); ok && (joined[0] == '0' || strings.HasPrefix(joined, "84")) {
				out = append(out, n)
				i = j
				break
			}
		}
	}
	return out
}

// spokenDigits reads "không chín một hai …", at least nine words of it.
func spokenDigits(s string) string {
	var b strings.Builder
	n := 0
	for _, w := range split(s) {
		if d, ok := digitWord(w); ok {
			b.WriteByte(byte('0' + d))
			n++
		} else if n < 9 {
			b.Reset()
			n = 0
		} else {
			break
		}
	}
	if n < 9 {
		return ""
	}
	return b.String()
}

// oldMobile are the prefixes of the 11-digit numbers and what they became
// (Ministry of Information and Communications, plan 798/QĐ-BTTTT of 2018).
var oldMobile = map[string]string{
	"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
	"0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
	"0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
	"0186": "056", "0188": "058", "0199": "059",
}

var (
	mobileForm   = regexp.MustCompile(`^0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])\d{7}$`)
	landlineForm = regexp.MustCompile(`^02(?:4\d|8\d|0[3-9]|1[0-689]|2[0-25-9]|3[2-9]|5[124-9]|6[0-39]|7[0-7]|9[0-4679])\d{7}$`)
)

// normalPhone brings digits into the national form, if they are a number.
func normalPhone(d string) (string, bool) {
	d = strings.TrimPrefix(d, "00")
	if strings.HasPrefix(d, "84") && len(d) >= 11 {
		d = "0" + strings.TrimPrefix(d[2:], "0")
	}
	if len(d) > 0 && d[0] != '0' && (len(d) == 9 || len(d) == 10) {
		d = "0" + d
	}
	if len(d) == 11 {
		if now, ok := oldMobile[d[:4]]; ok {
			d = now + d[4:]
		}
	}
	if mobileForm.MatchString(d) || landlineForm.MatchString(d) {
		return d, true
	}
	return "", false
}
