package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Unslip repairs words in which the keys of an input method (Telex, VNI) were
// left standing: "ddawng kys" becomes "đăng ký". A word that is already a
// Vietnamese syllable, or that does not become one, is left as it is, and so are
// the shorthand and the foreign words of data/words.txt.
func Unslip(s string) string {
	s = norm.NFC.String(valid(s))
	var b strings.Builder
	for len(s) > 0 {
		if n := wordLen(s); n > 0 {
			b.WriteString(unslipWord(s[:n]))
			s = s[n:]
			continue
		}
		_, n := utf8.DecodeRuneInString(s)
		b.WriteString(s[:n])
		s = s[n:]
	}
	return b.String()
}

// maxSyllable is the longest word worth looking at: "nghieengs" and a key or two.
const maxSyllable = 12

func unslipWord(s string) string {
	w := newWord(s)
	out := w.unslipped()
	switch {
	case out.text == w.text:
		return s
	case s == strings.ToUpper(s):
		return strings.ToUpper(out.text)
	case unicode.IsUpper(rune(s[0])):
		return Capital(out.text)
	}
	return out.text
}

// unslipped is the word with the keys left in it taken for what they mean.
func (w word) unslipped() word {
	if len(w.text) < 2 || len(w.text) > maxSyllable || isSyllable(w.bare) || foreign[w.text] || short[w.text] != nil {
		return w
	}
	if out, ok := decode(w.text); ok {
		return newWord(out)
	}
	return w
}

// keys are what the two input methods mean by a key typed after the vowel.
var keys = map[rune]byte{
	's': sac, 'f': huyen, 'r': 'r', 'x': 'x', 'j': nang, 'w': 'w', 'z': 'z',
	'1': sac, '2': huyen, '3': 'r', '4': 'x', '5': nang, '6': circum, '7': horn, '8': breve, '9': stroke,
}

// decode reads a word as the keys pressed for it and returns it with marks.
func decode(s string) (string, bool) {
	var letters []rune // with hats, breves, horns, strokes, without tone
	var tone byte
	hit, vowel := false, false
	for _, r := range s {
		n := len(letters)
		k, isKey := keys[r]
		switch {
		case r == 'd' && n > 0 && letters[0] == 'd' && (n == 1 || vowel):
			letters[0], hit = 'đ', true
		case strings.ContainsRune("aeo", r) && n > 0 && letters[n-1] == r:
			letters[n-1], hit = hat(r, circum), true
		case r == 'w' && !vowel:
			letters, hit, vowel = append(letters, 'ư'), true, true
		case isKey && (vowel || k == stroke && n == 1):
			hit = true
			switch k {
			case 'w':
				if opensUa(letters) || !wear(letters, breve, "a") {
					k = horn
				}
				if k == horn && !wear(letters, horn, "uo") {
					return "", false
				}
			case circum:
				if !wear(letters, circum, "aeo") {
					return "", false
				}
			case breve:
				if !wear(letters, breve, "a") {
					return "", false
				}
			case horn:
				if !wear(letters, horn, "uo") {
					return "", false
				}
			case stroke:
				if letters[0] != 'd' {
					return "", false
				}
				letters[0] = 'đ'
			default:
				if tone != 0 { // typed twice to get the letter itself; or a number, "A12"
					return "", false
				}
				tone = k
			}
		default:
			letters = append(letters, r)
			vowel = vowel || isVowel(r)
		}
	}
	out := string(letters)
	if !hit || !isSyllable(newWord(out).bare) {
		return "", false
	}
	return putTone(letters, tone), true
}

// wear puts a mark on the vowels it belongs on: on both of "uo", else on the last.
func wear(letters []rune, mark byte, on string) bool {
	done := false
	for i := len(letters) - 1; i >= 0; i-- {
		if strings.ContainsRune(on, letters[i]) {
			letters[i], done = hat(letters[i], mark), true
			if mark != horn || i == 0 || letters[i] != 'ơ' || letters[i-1] != 'u' {
				break
			}
		}
	}
	return done
}

// opensUa reports whether letters have the "ua" of "chưa", in which no ă can stand.
func opensUa(letters []rune) bool {
	n := len(letters)
	return n > 2 && letters[n-1] == 'a' && letters[n-2] == 'u' && letters[n-3] != 'q'
}

func hat(r rune, mark byte) rune {
	m := map[byte]rune{circum: '\u0302', breve: '\u0306', horn: '\u031b'}[mark]
	out, _ := utf8.DecodeRuneInString(norm.NFC.String(string([]rune{r, m})))
	return out
}

func isVowel(r rune) bool { return strings.ContainsRune("aeiouyăâêôơư", r) }

// putTone sets the tone where Vietnamese spelling wants it (the older place).
func putTone(letters []rune, tone byte) string {
	marks := map[byte]rune{sac: '\u0301', huyen: '\u0300', 'r': '\u0309', 'x': '\u0303', nang: '\u0323'}
	from := 0
	if s := string(letters); strings.HasPrefix(s, "qu") || strings.HasPrefix(s, "gi") && len(letters) > 2 && isVowel(letters[2]) {
		from = 2
	}
	var at []int
	pos := -1
	for i := from; i < len(letters); i++ {
		if isVowel(letters[i]) {
			at = append(at, i)
			if strings.ContainsRune("ăâêôơư", letters[i]) {
				pos = i
			}
		}
	}
	switch {
	case marks[tone] == 0 || len(at) == 0:
		return string(letters)
	case pos >= 0:
	case at[len(at)-1] < len(letters)-1: // a consonant closes it
		pos = at[len(at)-1]
	case len(at) == 1:
		pos = at[0]
	default: // two open vowels: the first; three: the middle one
		pos = at[len(at)-2]
	}
	out := append([]rune{}, letters[:pos+1]...)
	out = append(append(out, marks[tone]), letters[pos+1:]...)
	return norm.NFC.String(string(out))
}

// onsets and rimes of Vietnamese syllables without their marks; every pair of
// them passes for a syllable, which is enough to tell keys from letters.
var (
	onsets = set("b c ch d g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x")
	rimes  = set(`a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu
		i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
		o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong op ot
		u ua uan uang uanh uat uau uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu
		uy uya uych uyen uyet uynh uyp uyt uyu y yem yen yeng yet yeu`)
)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// isSyllable reports whether a bare word can be a Vietnamese syllable.
func isSyllable(s string) bool {
	for n := min(3, len(s)-1); n > 0; n-- {
		if onsets[s[:n]] && rimes[s[n:]] {
			return true
		}
	}
	return rimes[s] || s == "gi"
}
