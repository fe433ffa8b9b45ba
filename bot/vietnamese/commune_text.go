package vietnamese

import (
	"slices"
	"strings"
)

// role is what a phrase around the name of a place does.
type role int

const (
	noRole      role = iota
	talkRole         // says nothing
	communeRole      // the kind of a commune
	areaRole         // the kind of an area above it
	villageRole      // begins what lies inside a commune
	formerRole       // a former name is meant
	personRole       // the name of a person or a house may follow
	doubtRole        // the person is not sure
)

// mark is a phrase around the names of places.
type mark struct {
	role role
	kind string
	n    int // words
}

// loose reports whether a phrase is of everyday words, which may as well begin a name.
func (m mark) loose() bool { return m.role == talkRole || m.role == personRole || m.role == doubtRole }

// placeMarks are the phrases of data/places.txt by their first word.
var placeMarks = readPlaceMarks()

type markedPhrase struct {
	words []word
	mark
}

func readPlaceMarks() map[string][]markedPhrase {
	out := map[string][]markedPhrase{}
	add := func(words, kind string, r role) {
		for p := range strings.SplitSeq(words, ";") {
			ws := split(p)
			out[ws[0].bare] = append(out[ws[0].bare], markedPhrase{ws, mark{r, kind, len(ws)}})
		}
	}
	// of two readings of a phrase the first counts
	for _, m := range meanings("commune kinds") {
		add(m.words, m.means, communeRole)
	}
	for _, m := range meanings("area kinds") {
		add(m.words, m.means, areaRole)
	}
	for _, l := range []struct {
		list string
		role role
	}{{"villages", villageRole}, {"was named", formerRole}, {"place doubt", doubtRole}, {"whose name follows", personRole}, {"place talk", talkRole}, {"filler", talkRole}} {
		for _, line := range lines(l.list) {
			add(line, "", l.role)
		}
	}
	return out
}

// markAt is the longest phrase the words begin with.
func markAt(ws []word) (best mark) {
	for _, p := range placeMarks[ws[0].bare] {
		if p.n > best.n && startsWith(ws, p.words) {
			best = p.mark
		}
	}
	return best
}

var (
	slipOfTongue = phrasesOf("slip of the tongue")
	noThen       = phrasesOf("no, then")
	notThat      = phrasesOf("not that")
)

// counting is what part of an answer, from word to word, still counts where people
// correct themselves: "Cốc Ly à nhầm Cốc Lầu", "không phải Bắc Hà mà là Bảo Hà", "Bảo
// Hà chứ không phải Bắc Hà". Of what is only denied nothing is left.
func (t *placeText) counting() (from, to int) {
	for i := range t.ws {
		if n := longest(slipOfTongue, t.ws[i:]); n > 0 && !t.inName(i) {
			from = i + n
		}
		if n := longest(noThen, t.ws[i:]); n > 0 && i+n < len(t.ws) && t.parted[i+n] && !t.inName(i) {
			from = i + n
		}
	}
	for i := from; i < len(t.ws); i++ {
		if longest(notThat, t.ws[i:]) == 0 || t.inName(i) {
			continue
		}
		next := slices.Index(t.parted[i+1:], true)
		if i > from || next < 0 {
			return from, i
		}
		i += next // "không phải Bắc Hà, Bảo Hà cơ"
		from = i + 1
	}
	return from, len(t.ws)
}

// inName reports whether a word is one of several of a name.
func (t *placeText) inName(i int) bool {
	return slices.ContainsFunc(t.spots, func(s spot) bool { return s.i <= i && i < s.j && s.j-s.i > 1 })
}

// inside reports whether a name begins before a word and goes on with it.
func (t *placeText) inside(i int) bool {
	return slices.ContainsFunc(t.spots, func(s spot) bool { return s.i < i && i < s.j })
}

// spot is a name that stands in a text at ws[i:j].
type spot struct {
	i, j int
	*entry
}

// placeText is an answer taken apart to read a place from it.
type placeText struct {
	ws     []word
	parted []bool // a comma or the like stands before the word
	marks  []mark // the phrase that begins with the word
	before []mark // the phrase that ends before the word
	spots  []spot // by their first word, the longest first
}

// maxPlaceWords is how many words may stand in an answer that is a place.
const maxPlaceWords = 30

// takeApart finds the words, phrases and names of an answer; false: there is no use
// in reading it.
func (g *atlas) takeApart(s string) (*placeText, bool) {
	t := &placeText{}
	for len(s) > 0 {
		part := s
		if i := strings.IndexAny(s, ",;\n()–"); i >= 0 {
			part, s = s[:i], strings.TrimLeft(s[i:], ",;\n()–")
		} else {
			s = ""
		}
		first := len(t.ws)
		if ws := split(part); first == 0 {
			t.ws = ws
		} else {
			t.ws = append(t.ws, ws...)
		}
		for i := first; i < len(t.ws); i++ {
			t.parted = append(t.parted, i == first && i > 0)
		}
	}
	if len(t.ws) == 0 || len(t.ws) > maxPlaceWords {
		return nil, false
	}
	t.findSpots(g)
	if from, to := t.counting(); from > 0 || to < len(t.ws) {
		t.ws, t.parted, t.spots = t.ws[from:to], t.parted[from:to], nil
		t.findSpots(g)
	}
	t.findMarks()
	return t, len(t.ws) > 0
}

func (t *placeText) findMarks() {
	both := make([]mark, 2*len(t.ws)+1)
	t.marks, t.before = both[:len(t.ws)], both[len(t.ws):]
	inside := 0 // words up to here belong to a longer phrase
	for i := range t.ws {
		m := markAt(t.ws[i:])
		t.marks[i] = m
		if m.role == villageRole && t.inside(i) { // "Cam Đường" is no street
			continue
		}
		if m.n > 0 && i >= inside {
			inside = i + m.n
			t.before[inside] = m
		}
	}
}

func (t *placeText) findSpots(g *atlas) {
	for i := range t.ws {
		var buf [maxKey]byte
		key, first := buf[:0], len(t.spots)
		for j := i; j < min(len(t.ws), i+g.longest) && len(key)+len(t.ws[j].bare) <= maxKey; j++ {
			key = appendKey(key, t.ws[j])
			if e := g.names[string(key)]; e != nil {
				t.spots = append(t.spots, spot{i, j + 1, e})
			}
		}
		slices.Reverse(t.spots[first:])
	}
}

// spotsAt are the names that begin with a word, the longest first.
func (t *placeText) spotsAt(i int) []spot {
	from := 0
	for from < len(t.spots) && t.spots[from].i < i {
		from++
	}
	to := from
	for to < len(t.spots) && t.spots[to].i == i {
		to++
	}
	return t.spots[from:to]
}
