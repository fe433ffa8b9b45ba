package vietnamese

import (
	"cmp"
	"slices"
)

// Index is a list of names prepared to be searched. It does not change and may be
// used by several goroutines.
type Index struct {
	names     []indexed
	terms     []term
	spellings []spelling
	bare      map[string]int32   // a spelling by its letters
	heard     map[string][]int32 // those that sound alike
	near      map[string][]int32 // those of which this is left, whole or with a letter taken out
	beside    map[[2]int32]bool  // those that stand side by side in some name
}

// indexed is a name.
type indexed struct {
	folded string  // its words as word.bare has them, a space before each
	weight float64 // of its words together
}

// term is a word of names, with its marks.
type term struct {
	word
	alike    bool // not in the name: another word for what is
	spelling int32
	names    []int32
}

// spelling is the letters that terms share.
type spelling struct {
	bare   string
	weight float64 // what a word counts for, the rarer the more
	terms  []int32
	names  int // that have it
}

// NewIndex prepares names to be searched.
func NewIndex(names []string) *Index {
	x := &Index{names: make([]indexed, len(names)), bare: map[string]int32{}, heard: map[string][]int32{},
		near: map[string][]int32{}, beside: map[[2]int32]bool{}}
	known := map[termKey]int32{}
	own := make([][]int32, len(names)) // the spellings of a name
	for i, name := range names {
		ws := nameWords(name)
		for _, w := range ws {
			own[i] = append(own[i], x.add(known, w, false, int32(i)))
		}
		for j := range own[i][min(1, len(ws)):] {
			x.beside[[2]int32{own[i][j], own[i][j+1]}] = true
		}
		for _, w := range otherWords(ws) {
			x.add(known, w, true, int32(i))
		}
		x.names[i].folded = " " + foldWords(ws)
	}
	for _, t := range x.terms { // the range is over what there was: parts are added to it
		for _, part := range x.parts(t.word) {
			for _, n := range t.names {
				x.add(known, part, true, n)
			}
		}
	}
	for i := range x.spellings {
		s := &x.spellings[i]
		s.weight = rarity(s.names, len(names))
		x.heard[heard(s.bare)] = append(x.heard[heard(s.bare)], int32(i))
		if len(s.bare) >= 3 && len(s.bare) <= 2*maxSyllable {
			for left := range shorter(s.bare) {
				x.near[left] = append(x.near[left], int32(i))
			}
		}
	}
	for i, spellings := range own {
		slices.Sort(spellings)
		for _, s := range slices.Compact(spellings) {
			x.names[i].weight += x.spellings[s].weight
		}
	}
	return x
}

// termKey tells terms apart.
type termKey struct {
	text  string
	alike bool
}

// add notes that a name has a word and returns its spelling.
func (x *Index) add(known map[termKey]int32, w word, alike bool, name int32) int32 {
	key := termKey{w.text, alike}
	id, ok := known[key]
	if !ok {
		sp, ok := x.bare[w.bare]
		if !ok {
			sp = int32(len(x.spellings))
			x.bare[w.bare] = sp
			x.spellings = append(x.spellings, spelling{bare: w.bare})
		}
		id = int32(len(x.terms))
		known[key] = id
		x.terms = append(x.terms, term{word: w, alike: alike, spelling: sp})
		x.spellings[sp].terms = append(x.spellings[sp].terms, id)
	}
	t := &x.terms[id]
	if len(t.names) == 0 || t.names[len(t.names)-1] != name {
		t.names = append(t.names, name)
		x.spellings[t.spelling].names++
	}
	return t.spelling
}

// nameWords parts a name; abbreviations that are no syllables are written out.
func nameWords(name string) []word {
	ws := split(bounded(name))
	if len(ws) > maxWords {
		ws = ws[:maxWords]
	}
	var out []word
	for _, w := range ws {
		if long := short[w.text]; long != nil && !isSyllable(w.bare) {
			out = append(out, long...)
		} else {
			out = append(out, w)
		}
	}
	return out
}

// alikeWords are the other ways to say what the words of [alike] say, by the first of them.
var alikeWords = func() map[string][][2][]word {
	out := map[string][][2][]word{}
	for _, m := range meanings("alike") {
		one, other := split(m.words), split(m.means)
		out[one[0].text] = append(out[one[0].text], [2][]word{one, other})
		out[other[0].text] = append(out[other[0].text], [2][]word{other, one})
	}
	return out
}()

// otherWords are those that say the same as some of a name's.
func otherWords(ws []word) []word {
	var out []word
	for i := range ws {
		for _, a := range alikeWords[ws[i].text] {
			if from, to := a[0], a[1]; startsWith(ws[i:], from) {
				out = append(out, to...)
			}
		}
	}
	return out
}

// parts takes a word that is no syllable apart where some name has its parts side
// by side: "sapa" where one has "Sa Pa".
func (x *Index) parts(w word) []word {
	if len(w.bare) < 4 || len(w.bare) > 2*maxSyllable || isSyllable(w.bare) {
		return nil
	}
	return x.partsFrom(w.bare, -1)
}

func (x *Index) partsFrom(rest string, before int32) []word {
	for n := len(rest); n > 1; n-- {
		sp, ok := x.bare[rest[:n]]
		if !ok || before < 0 && n == len(rest) || before >= 0 && !x.beside[[2]int32{before, sp}] {
			continue
		}
		if n == len(rest) {
			return []word{newWord(rest)}
		}
		if behind := x.partsFrom(rest[n:], sp); behind != nil {
			return append([]word{newWord(rest[:n])}, behind...)
		}
	}
	return nil
}

// whole joins words to one that is no syllable and stands in a name: "lien shan"
// where one has "LienShan". It returns how many words it took.
func (x *Index) whole(ws []word) (word, int) {
	for n := min(3, len(ws)); n > 1; n-- {
		bare := ""
		for _, w := range ws[:n] {
			bare += w.bare
		}
		if len(bare) < 5 || len(bare) > 2*maxSyllable || isSyllable(bare) {
			continue
		}
		if _, ok := x.bare[bare]; ok {
			return newWord(bare), n
		}
		if slices.ContainsFunc(ws[:n], func(w word) bool { return !x.knows(w) }) && slices.ContainsFunc(x.offByOne(bare), func(sp int32) bool { return !isSyllable(x.spellings[sp].bare) }) {
			return newWord(bare), n
		}
	}
	return word{}, 0
}

// knows reports whether a word stands in a name as it was typed.
func (x *Index) knows(w word) bool {
	sp, ok := x.bare[w.bare]
	return ok && slices.ContainsFunc(x.spellings[sp].terms, func(t int32) bool { return w.couldBe(x.terms[t].word) })
}

// find is the words of names that may be the one said, the likeliest first.
func (x *Index) find(w word) []answer {
	var out []answer
	own, known := x.bare[w.bare]
	if known {
		out = x.answers(out, own, w, sameWord)
	}
	for _, sp := range x.heard[heard(w.bare)] {
		if !known || sp != own {
			out = x.answers(out, sp, w, soundsLike)
		}
	}
	for _, sp := range x.offByOne(w.bare) {
		off, s := oneOff, x.spellings[sp].bare
		switch {
		case min(len(s), len(w.bare)) < 4:
			off = shortOff
		case len(s) > 4 && !isSyllable(s):
			off = foreignOff
		}
		out = x.answers(out, sp, w, off)
	}
	slices.SortStableFunc(out, func(a, b answer) int { return cmp.Compare(b.factor, a.factor) })
	return out
}

// offByOne are the spellings a letter away.
func (x *Index) offByOne(bare string) []int32 {
	if len(bare) < 3 || len(bare) > 2*maxSyllable {
		return nil
	}
	var out []int32
	for left := range shorter(bare) {
		for _, sp := range x.near[left] {
			if s := x.spellings[sp].bare; s != bare && !slices.Contains(out, sp) && offByOne(bare, s) {
				out = append(out, sp)
			}
		}
	}
	return out
}

// answers adds the terms of a spelling.
func (x *Index) answers(to []answer, sp int32, w word, factor float64) []answer {
	for _, id := range x.spellings[sp].terms {
		t, f := &x.terms[id], factor
		if t.alike {
			f *= alikeWord
		}
		if differentMarks(w, t.word) {
			f *= otherMarks
		}
		to = append(to, answer{id, f})
	}
	return to
}

// read takes a text apart into the words to look for: slips repaired and shorthand
// written out unless a name has it so, corrections followed, words that names write
// together joined and the reverse.
func (x *Index) read(said string) []word {
	in := split(bounded(said))
	if len(in) > maxWords {
		in = in[:maxWords]
	}
	var ws []word
	for i := 0; i < len(in); {
		if x.knows(in[i]) {
			ws = append(ws, in[i])
			i++
			continue
		}
		in[i] = in[i].unslipped()
		n, long := shortAt(in[i:])
		if n == 0 {
			n, long = 1, in[i:i+1]
		}
		ws = append(ws, long...)
		i += n
	}
	var out []word
	for ws = corrected(ws); len(ws) > 0; {
		if w, n := x.whole(ws); n > 0 {
			out, ws = append(out, w), ws[n:]
			continue
		}
		if parts := x.parts(ws[0]); parts != nil {
			out = append(out, parts...)
		} else {
			out = append(out, ws[0])
		}
		ws = ws[1:]
	}
	return out
}

// corrected leaves of two things said the one that counts.
func corrected(ws []word) []word {
	for i := len(ws) - 1; i >= 0; i-- {
		if n := longest(rather, ws[i:]); (n > 1 || n == 1 && ws[i].drawn) && len(content(ws[i+n:])) > 0 {
			ws = ws[i+n:]
			break
		}
	}
	for i := range ws {
		if n := longest(ratherNot, ws[i:]); n > 0 && len(content(ws[:i])) > 0 {
			return ws[:i]
		}
	}
	return ws
}
