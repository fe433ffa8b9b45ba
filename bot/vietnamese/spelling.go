package vietnamese

import (
	"iter"
	"strings"
)

// heard writes a syllable as much of the country says it, so that what is mixed up
// in writing comes out alike: s and x, tr and ch, d, gi and r, l and n, i and y, and
// at the end n, ng and nh, c, ch and t. A word that is no syllable stays as it is.
func heard(bare string) string {
	onset := ""
	for n := min(3, len(bare)-1); n > 0 && onset == ""; n-- {
		if onsets[bare[:n]] && rimes[bare[n:]] {
			onset = bare[:n]
		}
	}
	if onset == "" && !rimes[bare] {
		return bare
	}
	rime := strings.ReplaceAll(bare[len(onset):], "y", "i")
	for _, end := range heardEnds {
		if left, ok := strings.CutSuffix(rime, end[0]); ok {
			rime = left + end[1]
			break
		}
	}
	if said, ok := heardOnsets[onset]; ok {
		onset = said
	}
	return onset + rime
}

var (
	heardOnsets = map[string]string{"x": "s", "tr": "ch", "gi": "d", "r": "d", "n": "l", "q": "c", "k": "c", "gh": "g", "ngh": "ng"}
	heardEnds   = [][2]string{{"ng", "n"}, {"nh", "n"}, {"ch", "t"}, {"c", "t"}}
)

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
