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
	huyen   = 'f'
	sac     = 's'
	hoiNga  = 'r'
	nang    = 'j'
	circum  = '^'
	breve   = '('
	horn    = '+'
	stroke  = '-'
	noMarks = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
)

var combining = map[rune]byte{
	'\u0300': huyen, '\u0301': sac, '\u0303': hoiNga, '\u0309': hoiNga, '\u0323': nang,
	'\u0302': circum, '\u0306': breve, '\u031b': horn,
}

// split parts a text into its words.
func split(s string) []word {
	var out []word
	for _, f := range strings.FieldsFunc(norm.NFKC.String(valid(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	}) {
		if w := newWord(f); w.bare != "" {
			out = append(out, w)
		}
	}
	return out
}

// newWord takes the marks of one word off and keeps them.
func newWord(s string) word {
	w := word{text: strings.ToLower(s)}
	plain := true
	for i := 0; i < len(w.text) && plain; i++ {
		plain = w.text[i] < utf8.RuneSelf
	}
	if plain {
		w.bare = sameSpelling(w.text)
		w.marks = noMarks
		if len(w.bare) <= len(noMarks) {
			w.marks = noMarks[:len(w.bare)]
		}
		return w
	}
	var letters strings.Builder
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
		letters.WriteRune(bare(r))
		var m byte
		if unicode.ToLower(r) == 'đ' {
			m = stroke
		}
		marks = append(marks, m)
	}
	w.bare, w.marks = sameSpelling(letters.String()), string(marks)
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
