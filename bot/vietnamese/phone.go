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
	counts, ok := meant(norm.NFKC.String(valid(s)), func(part string) bool {
		_, ok := phone(part)
		return ok
	})
	if !ok {
		return "", false
	}
	return phone(counts)
}

func phone(s string) (national string, ok bool) {
	s = letterDigits(oClock.ReplaceAllString(s, ","))
	if contains(noPhone, split(bounded(s))) || another(scan(s)) {
		return "", false
	}
	if spoken := spokenDigits(s); spoken != "" {
		s = spoken
	}
	found := map[string]bool{}
	for _, run := range digitRuns.FindAllString(s, 20) {
		n, ok := normalPhone(digitsOf(run))
		if international := run[0] == '+' || strings.HasPrefix(run, "84 "); ok && (!international || len(digitsOf(run)) > 10) {
			found[n] = true
			continue
		}
		ns, whole := phonesAmong(someDigits.FindAllString(run, 20))
		if !whole {
			return "", false
		}
		for _, n := range ns {
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

// another reports whether digits stand behind an "or": "0912345678 hay 679".
func another(ts []token) bool {
	for i, t := range ts {
		if t.is(orWord...) && tokenAt(ts, i+1).num != "" {
			return true
		}
	}
	return false
}

var (
	noPhone = phrasesOf("no phone")
	orWord  = wordsOf("or")
	oClock  = regexp.MustCompile(`(?i)\b\d{1,2}\s?(?:h|giờ|gio)(?:\d{1,2})?`)
)

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
	likeDigits = regexp.MustCompile(`(?i)[\p{L}\p{N}]+`)
	zeros      = regexp.MustCompile(`(?i)^o{1,4}$`)
	mixedDigit = regexp.MustCompile(`(?i)^[0-9oil]*[0-9][0-9oil]*$`)
	asDigits   = strings.NewReplacer("o", "0", "O", "0", "i", "1", "I", "1", "l", "1", "L", "1")
)

// letterDigits takes a letter o for a zero, and i or l for a one, inside a number.
func letterDigits(s string) string {
	at := likeDigits.FindAllStringIndex(s, -1)
	isNumber := func(i int) bool { return i >= 0 && i < len(at) && mixedDigit.MatchString(s[at[i][0]:at[i][1]]) }
	var b strings.Builder
	end := 0
	for i, w := range at {
		b.WriteString(s[end:w[0]])
		text := s[w[0]:w[1]]
		if isNumber(i) || zeros.MatchString(text) && isNumber(i+1) || len(text) == 1 && isNumber(i-1) && isNumber(i+1) {
			text = asDigits.Replace(text)
		}
		b.WriteString(text)
		end = w[1]
	}
	return b.String() + s[end:]
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// phonesAmong looks for numbers in neighbouring groups of digits: "số nhà 5
// 0912 345 678". Not whole: digits are left over behind a number, or so many
// before it that one of the two may be cut wrongly.
func phonesAmong(groups []string) (found []string, whole bool) {
	before := 0 // digits left over before a number
	for i := 0; i < len(groups); i++ {
		joined, hit := "", false
		for j := i; j < len(groups) && len(joined) < 14; j++ {
			joined += groups[j]
			if n, ok := normalPhone(joined); ok && (joined[0] == '0' || strings.HasPrefix(joined, "84")) && len(joined) > 9 {
				if before > 3 && j > i {
					return nil, false
				}
				found, hit, i = append(found, n), true, j
				break
			}
		}
		if hit {
			continue
		}
		if before += len(groups[i]); len(found) > 0 {
			return nil, false
		}
	}
	return found, true
}

// spokenDigits reads "không chín một hai …", figures among the words perhaps, at
// least nine digits of it and three words. "ba số không" is 000.
func spokenDigits(s string) string {
	var b strings.Builder
	words := 0
	ws := split(s)
	for i := 0; i < len(ws); i++ {
		d, ok := digitWord(ws[i])
		switch {
		case ok && d > 1 && i+2 < len(ws) && (token{word: ws[i+1]}).is(times...):
			if again, ok := digitWord(ws[i+2]); ok {
				b.WriteString(strings.Repeat(string(rune('0'+again)), d))
				words += 2
				i += 2
				continue
			}
			return ""
		case ok:
			b.WriteByte(byte('0' + d))
			words++
		case digitsOf(ws[i].text) == ws[i].text:
			b.WriteString(ws[i].text)
		case b.Len() < 9 || words < 3:
			b.Reset()
			words = 0
		case (token{word: ws[i]}).is(tram...) || (token{word: ws[i]}).is(muoi...):
			return ""
		default:
			return b.String()
		}
	}
	if b.Len() < 9 || words < 3 {
		return ""
	}
	return b.String()
}

var times = wordsOf("times")

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
	landlineForm = regexp.MustCompile(`^02(?:4[2-9]|8[2-9]|0[3-9]|1[0-689]|2[0-25-9]|3[2-9]|5[124-9]|6[0-39]|7[0-7]|9[0-4679])\d{7}$`)
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
