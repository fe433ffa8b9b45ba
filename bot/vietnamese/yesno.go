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
	yesWords   = phrasesOf("yes")
	yesAlone   = phrasesOf("yes alone")
	noWords    = phrasesOf("no")
	noAlone    = phrasesOf("no alone")
	denying    = phrasesOf("denying")
	deniable   = phrasesOf("denied")
	openWords  = phrasesOf("open")
	openMarked = phrasesOf("open marked")
	openAtEnd  = phrasesOf("open at the end")
	openSoFar  = phrasesOf("open so far")
	amends     = phrasesOf("amends")
	retracts   = phrasesOf("retracts")
	besides    = phrasesOf("aside")
	courtesy   = phrasesOf("courtesy")
	signs      = signWords()
)

// signWords turns the signs that answer a question into words.
func signWords() *strings.Replacer {
	var pairs []string
	for _, m := range meanings("signs") {
		for sign := range strings.FieldsSeq(m.words) {
			pairs = append(pairs, sign, ", "+m.means+", ")
		}
	}
	return strings.NewReplacer(pairs...)
}

// YesNo reads the answer to a yes-or-no question. It is Unclear unless all that
// was said points one way: a question back, a condition, an answer in a clause whose
// other words are not known, leave it open.
func YesNo(s string) Answer {
	s = signs.Replace(released(bounded(s)))
	if strings.ContainsAny(s, "?？") {
		return Unclear
	}
	var ws []word
	for clause := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(",.;!:…\n()", r) }) {
		ws = append(append(ws, read(clause)...), word{})
	}
	for i := len(ws) - 1; i > 0; i-- {
		if n := longest(retracts, ws[i:]); n > 0 && (ws[i].drawn || len(ws[i].bare) > 1) && said(ws[:i]) && said(ws[i+n:]) {
			ws = ws[i+n:]
			break
		}
	}
	var a answerer
	for len(ws) > 0 && !a.open {
		ws = ws[a.next(ws):]
	}
	return a.answer()
}

// released writes a letter whose key was held down once: "cóooo". "kkk" is laughter.
func released(s string) string {
	rs := []rune(s)
	out := rs[:0]
	for i := 0; i < len(rs); {
		n := 1
		for i+n < len(rs) && rs[i+n] == rs[i] {
			n++
		}
		kept := rs[i : i+n]
		if n > 2 && i > 0 && isWordRune(rs[i-1]) {
			kept = kept[:1]
		}
		out = append(out, kept...)
		i += n
	}
	return string(out)
}

// said reports whether there is more than politeness.
func said(ws []word) bool {
	for i := 0; i < len(ws); {
		n := max(longest(courtesy, ws[i:]), longest(besides, ws[i:]))
		if ws[i].bare == "" {
			n = 1
		}
		if n == 0 || longest(yesAlone, ws[i:]) > 0 {
			return true
		}
		i += n
	}
	return false
}

// answerer reads an answer phrase by phrase.
type answerer struct {
	yes, no bool
	open    bool // whatever follows
	polite  bool // "dạ" was said
	beside  bool // something was said that is no answer and no courtesy
	alone   bool // the answer of this clause bears no other words in it
	closed  bool // the clause of the answer is over
	denies  bool // the yes is a denial: "không sai"
	weak    bool // "mà": what follows takes something back
	amended bool
	other   int // words without a meaning here
}

// What may stand beside an answer: words of the same clause, and of all.
const (
	maxBeside = 4
	maxBehind = 12
)

// next reads the phrase the words begin with and returns its length.
func (a *answerer) next(ws []word) int {
	if ws[0].bare == "" { // the end of a clause
		a.closed = a.closed || a.yes || a.no
		a.alone, a.weak = false, false
		return 1
	}
	yes, yesOnly := longest(yesWords, ws), longest(yesAlone, ws)
	no, noOnly := longest(noWords, ws), longest(noAlone, ws)
	y, n := max(yes, yesOnly), max(no, noOnly)
	c, by := longest(courtesy, ws), longest(besides, ws)
	answered := a.yes || a.no
	if o := longest(openWords, ws); o > 0 && o >= max(y, n, by) && (o > c || ws[0].drawn) || a.leavesOpen(ws) {
		a.open = true
		return len(ws)
	}
	if soFar := longest(openSoFar, ws); soFar > max(y, n) {
		*a = answerer{beside: true}
		return soFar
	}
	if d := longest(denying, ws); d > 0 && d >= by { // "không đồng ý", "chưa ưng"
		behind := ws[d:]
		if m := max(longest(yesWords, behind), longest(yesAlone, behind), longest(deniable, behind)); m > 0 && d+m > y && d+m >= n && d+m >= by {
			a.no = true
			return d + m
		}
	}
	switch {
	case by > 0 && by >= max(y, n, c):
		a.beside = true
		return by
	case a.yes && !a.no && !a.denies && ws[0].bare == "dau" && y == 0 && n == 0: // "có giấy đâu"
		a.yes, a.no, a.open = false, true, a.alone || !ws[0].drawn || said(ws[1:])
		return 1
	case c > 0 && c >= max(y, n) && (y == 0 || answered):
		a.polite = a.polite || ws[0].bare == "da"
		a.weak = a.weak || ws[0].bare == "ma"
		a.open = answered && !a.closed && ws[0].bare == "thi" // "được thì làm"
		return c
	case n > y || n > 0 && n == y && ws[0].drawn:
		a.no, a.alone = true, a.alone || noOnly > no
		return n
	case y > 0 && (!a.yes || yes >= yesOnly || a.alone):
		a.yes, a.alone, a.denies = true, a.alone || yesOnly > yes, a.denies || longest(negation, ws) > 0
		return y
	}
	a.other++
	a.amended = a.amended || longest(amends, ws) > 0
	a.open = !answered || a.alone || a.weak
	return 1
}

// leavesOpen reports whether what is typed with its marks leaves the answer open.
func (a *answerer) leavesOpen(ws []word) bool {
	if !ws[0].drawn {
		return false
	}
	if longest(openMarked, ws) > 0 {
		return true
	}
	n := longest(openAtEnd, ws)
	return n > 0 && (a.yes || a.no) && !said(ws[n:])
}

// answer is what everything said comes to.
func (a *answerer) answer() Answer {
	switch {
	case a.open, a.yes && a.no, a.yes && a.amended, a.other > maxBehind, a.other > maxBeside && !a.closed:
		return Unclear
	case a.yes:
		return Yes
	case a.no:
		return No
	case a.polite && !a.beside: // nothing but politeness: "dạ" alone is a yes
		return Yes
	}
	return Unclear
}
