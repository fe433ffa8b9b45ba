package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which texts are compared: lower case, without marks, đ as
// d, everything that is neither letter nor digit as one space, none around it.
// It is the same for composed and decomposed text.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFKD.String(valid(s)) {
		switch {
		case unicode.IsMark(r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(bare(r))
	}
	return b.String()
}

// Capital writes the first letter of a text large.
func Capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// valid drops what is not UTF-8, behind which norm would not decompose.
func valid(s string) string { return strings.ToValidUTF8(s, " ") }

// bare is a decomposed letter in lower case, with the stroke of đ taken off.
func bare(r rune) rune {
	if r = unicode.ToLower(r); r == 'đ' {
		return 'd'
	}
	return r
}

// word is one typed word, with its marks beside its letters. A Vietnamese word
// has at most one tone; where in the word it was put says nothing (hoà, hòa).
type word struct {
	text  string // lower case, NFC
	bare  string // as Fold leaves it, but for y and i (sameSpelling)
	marks string // one byte a letter of bare: 0, or which hat, breve, horn or stroke it wears
	tone  byte   // 0: none (or left off)
	drawn bool   // typed with some mark
}

// The tones, as kept in word. Hỏi and ngã are one: half the country writes them
// as it speaks.
const (
	huyen  = 'f'
	sac    = 's'
	hoiNga = 'r'
	nang   = 'j'
	circum = '^'
	breve  = '('
	horn   = '+'
	stroke = '-'
)

// noMarks are the marks of a word typed without any.
var noMarks = strings.Repeat("\x00", 2*maxSyllable)

var combining = map[rune]byte{
	'\u0300': huyen, '\u0301': sac, '\u0303': hoiNga, '\u0309': hoiNga, '\u0323': nang,
	'\u0302': circum, '\u0306': breve, '\u031b': horn,
}

// split parts a text into its words.
func split(s string) []word {
	s = norm.NFKC.String(valid(s))
	var out []word
	for len(s) > 0 {
		n := wordLen(s)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s)
			s = s[n:]
			continue
		}
		if w := newWord(s[:n]); w.bare != "" {
			if out == nil {
				out = make([]word, 0, 2+len(s)/4)
			}
			out = append(out, w)
		}
		s = s[n:]
	}
	return out
}

// wordLen is how many bytes at the start of s are of one word.
func wordLen(s string) int {
	for i, r := range s {
		if !isWordRune(r) {
			return i
		}
	}
	return len(s)
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// letter is a lower-case letter taken apart.
type letter struct {
	bare rune
	mark byte
	tone byte
}

// letters are those of Vietnamese, taken apart once.
var letters = func() map[rune]letter {
	out := map[rune]letter{'đ': {bare: 'd', mark: stroke}}
	for _, r := range "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ" {
		var l letter
		for i, d := range []rune(norm.NFD.String(string(r))) {
			switch m := combining[d]; {
			case i == 0:
				l.bare = d
			case m == circum || m == breve || m == horn:
				l.mark = m
			default:
				l.tone = m
			}
		}
		out[r] = l
	}
	return out
}()

// newWord takes the marks of one word off and keeps them.
func newWord(s string) word {
	w := word{text: strings.ToLower(s)}
	var bares, marks [2 * maxSyllable]byte
	n := 0
	for _, r := range w.text {
		l, known := letter{bare: r}, r < utf8.RuneSelf
		if !known {
			l, known = letters[r]
		}
		if !known || n == len(bares) {
			return newForeign(w)
		}
		bares[n], marks[n] = byte(l.bare), l.mark
		if l.tone != 0 {
			w.tone = l.tone
		}
		w.drawn = w.drawn || l.mark != 0 || l.tone != 0
		n++
	}
	if !w.drawn {
		w.bare = sameSpelling(w.text)
		w.marks = noMarks[:len(w.bare)]
		return w
	}
	w.bare, w.marks = sameSpelling(string(bares[:n])), string(marks[:n])
	return w
}

// newForeign takes any word apart: a long one, one in other letters.
func newForeign(w word) word {
	var bares strings.Builder
	var marks []byte
	for _, r := range norm.NFKD.String(w.text) {
		if unicode.IsMark(r) {
			switch m := combining[r]; {
			case m == circum || m == breve || m == horn:
				if len(marks) > 0 {
					marks[len(marks)-1] = m
				}
			case m != 0:
				w.tone = m
			}
			continue
		}
		bares.WriteRune(bare(r))
		var m byte
		if unicode.ToLower(r) == 'đ' {
			m = stroke
		}
		marks = append(marks, m)
	}
	w.bare, w.marks = sameSpelling(bares.String()), string(marks)
	w.drawn = w.tone != 0 || strings.Trim(w.marks, "\x00") != ""
	return w
}

// couldBe reports whether w is what somebody types who means want: the same
// letters, marks left off perhaps, but no other marks. So "dung" could be "đúng"
// or "đừng", and "đừng" could not be "đúng". Who puts any mark does not forget the
// stroke of đ: "dừng" could not be "đừng".
func (w word) couldBe(want word) bool {
	if w.bare != want.bare {
		return false
	}
	if w.tone != 0 && w.tone != want.tone {
		return false
	}
	for i := 0; i < len(w.marks) && i < len(want.marks); i++ {
		if w.marks[i] != want.marks[i] && (w.marks[i] != 0 || w.drawn && want.marks[i] == stroke) {
			return false
		}
	}
	return true
}

// sameSpelling writes i for a lone final y (ký = kí, tỷ = tỉ, quý = quí), as both are taught.
func sameSpelling(bare string) string {
	if bare == "quy" || len(bare) == 2 && bare[1] == 'y' && strings.IndexByte("hklmst", bare[0]) >= 0 {
		return bare[:len(bare)-1] + "i"
	}
	return bare
}

// foldWords joins the bare words.
func foldWords(ws []word) string {
	var b strings.Builder
	for i, w := range ws {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.bare)
	}
	return b.String()
}
