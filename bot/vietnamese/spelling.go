package vietnamese

import (
	"bytes"
	"iter"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// heard writes a word, or a name of several without the spaces, as much of the country
// says it, so that what is mixed up in writing comes out alike: s and x, tr and ch,
// and in the end n, ng and nh ([same sound] and [same end]).
func heard(bare string) string {
	var buf [maxKey]byte
	said := buf[:0]
	for i := 0; i < len(bare); {
		written, sound := bare[i:i+1], bare[i:i+1]
		for _, m := range sameSounds[bare[i]] {
			if strings.HasPrefix(bare[i:], m.words) {
				written, sound = m.words, m.means
				break
			}
		}
		said = append(said, sound...)
		i += len(written)
	}
	for _, end := range sameEnds {
		if left, ok := bytes.CutSuffix(said, []byte(end.words)); ok && len(left) > 0 {
			said = append(left, end.means...)
			break
		}
	}
	if string(said) == bare {
		return bare
	}
	return string(said)
}

var (
	sameSounds = func() (by [256][]meaning) { // by their first letter
		for _, m := range alikeIn("same sound") {
			by[m.words[0]] = append(by[m.words[0]], m)
		}
		return by
	}()
	sameEnds = alikeIn("same end")
)

// alikeIn is a list of lines "one; other = as both are said", one each.
func alikeIn(list string) []meaning {
	var out []meaning
	for _, m := range meanings(list) {
		for s := range strings.SplitSeq(m.words, ";") {
			out = append(out, meaning{strings.TrimSpace(s), m.means})
		}
	}
	return out
}

// undoubled writes every letter once, for what has a letter held down: "bắc hàaa", "bac haa".
func undoubled(s string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range norm.NFC.String(s) {
		letter := r
		if l, ok := letters[r]; ok {
			letter = l.bare
		}
		if letter != last || '0' <= r && r <= '9' {
			b.WriteRune(r)
		}
		last = letter
	}
	return b.String()
}

// stretched reports whether a letter of a word was held down: "chàooo", "alooo".
func (w word) stretched() bool {
	for i := 2; i < len(w.bare); i++ {
		if c := w.bare[i]; 'a' <= c && c <= 'z' && c == w.bare[i-1] && c == w.bare[i-2] {
			return true
		}
	}
	return false
}

// shorter yields a word and what it is with any one letter taken out.
func shorter(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(s) {
			return
		}
		for i := range s {
			if i > 0 && s[i] == s[i-1] {
				continue
			}
			if !yield(s[:i] + s[i+1:]) {
				return
			}
		}
	}
}

// offByOne reports whether two words differ by one letter: another, one more, one
// less, or two side by side swapped.
func offByOne(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i < len(a) && (a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}

// differentMarks reports whether two words were both written with marks, and not
// with the same.
func differentMarks(a, b word) bool {
	return a.drawn && b.drawn && !a.couldBe(b) && !b.couldBe(a)
}
