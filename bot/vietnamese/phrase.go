package vietnamese

import "strings"

// phraseSet finds phrases by their first word.
type phraseSet map[string][][]word

// phrases reads phrases parted by semicolons, written with marks.
func phrases(list string) phraseSet {
	set := phraseSet{}
	for p := range strings.SplitSeq(list, ";") {
		if ws := split(p); len(ws) > 0 {
			set[ws[0].bare] = append(set[ws[0].bare], ws)
		}
	}
	return set
}

// longest is the length in words of the longest phrase ws begins with, 0 if none.
func longest(set phraseSet, ws []word) int {
	if len(ws) == 0 {
		return 0
	}
	best := 0
	for _, p := range set[ws[0].bare] {
		if len(p) > best && startsWith(ws, p) {
			best = len(p)
		}
	}
	return best
}

// startsWith reports whether the words begin with what could be the phrase.
func startsWith(ws, phrase []word) bool {
	if len(ws) < len(phrase) {
		return false
	}
	for i := range phrase {
		if !ws[i].couldBe(phrase[i]) {
			return false
		}
	}
	return true
}

// contains reports whether any phrase of the set stands in ws.
func contains(set phraseSet, ws []word) bool {
	for i := range ws {
		if longest(set, ws[i:]) > 0 {
			return true
		}
	}
	return false
}

// Phrases are things people say that mean one thing, such as a command.
type Phrases struct{ set phraseSet }

// NewPhrases makes phrases of a list parted by semicolons, written with marks.
func NewPhrases(list string) Phrases { return Phrases{phrases(list)} }

// Is reports whether a text is one of the phrases, marks left off perhaps, with
// nothing but politeness around it.
func (p Phrases) Is(text string) bool {
	ws := read(text)
	for i := 0; i < len(ws); {
		if n := longest(p.set, ws[i:]); n > 0 && len(content(ws[i+n:])) == 0 {
			return true
		}
		n := fillers(ws[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return false
}

// Cut returns what stands behind a phrase at the start of a text, folded; not ok:
// none stands there, or nothing behind it.
func (p Phrases) Cut(text string) (rest string, ok bool) {
	ws := read(text)
	n := longest(p.set, ws)
	if n == 0 || n == len(ws) {
		return "", false
	}
	return foldWords(ws[n:]), true
}
