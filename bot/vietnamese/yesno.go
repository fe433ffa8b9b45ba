package vietnamese

import "strings"

// Answer is what somebody says to a yes-or-no question.
type Answer int

// The answers.
const (
	Unclear Answer = iota // neither, both, or a question back: ask again
	Yes
	No
)

// String is the answer in English, as tests write it.
func (a Answer) String() string { return [...]string{"unclear", "yes", "no"}[a] }

// The lists are explained in data/answers.txt.
var (
	yesWords  = phrasesOf("yes")
	noWords   = phrasesOf("no")
	openWords = phrasesOf("open")
	courtesy  = phrasesOf("courtesy")
	signs     = signWords()
)

// signWords turns the signs that answer a question into words.
func signWords() *strings.Replacer {
	var pairs []string
	for _, m := range meanings("signs") {
		for _, sign := range strings.Fields(m.words) {
			pairs = append(pairs, sign, " "+m.means+" ")
		}
	}
	return strings.NewReplacer(pairs...)
}

// YesNo reads the answer to a yes-or-no question. It is Unclear unless all that
// was said points one way.
func YesNo(s string) Answer {
	ws := read(signs.Replace(s))
	yes, no, other := false, false, 0
	for i := 0; i < len(ws); {
		y, n, o, c := longest(yesWords, ws[i:]), longest(noWords, ws[i:]), longest(openWords, ws[i:]), longest(courtesy, ws[i:])
		switch {
		case o > 0 && o >= y && o >= n:
			return Unclear
		case c > 0 && c >= y && c >= n && (y == 0 || yes || no):
			i += c
		case n > y || n > 0 && n == y && ws[i].drawn:
			no = true
			i += n
		case y > 0:
			yes = true
			i += y
		default:
			if !yes && !no { // "tôi gửi sau": it did not begin with an answer
				return Unclear
			}
			other++
			i++
		}
	}
	switch {
	case other > 4 || yes && no:
		return Unclear
	case yes:
		return Yes
	case no:
		return No
	}
	for _, w := range ws { // nothing but politeness: "dạ" alone is a yes
		if w.bare == "da" {
			return Yes
		}
	}
	return Unclear
}
