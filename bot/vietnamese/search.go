package vietnamese

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// The lists are explained in data/search.txt.
var (
	aroundName = phrasesOf("around a name")
	whence     = phrasesOf("whence")
	rather     = phrasesOf("rather")
	ratherNot  = phrasesOf("rather not")
)

// How far a word of a name answers for a word said.
const (
	sameWord   = 1.0
	alikeWord  = 0.9  // the other word for the same thing
	soundsLike = 0.75 // s for x, tr for ch
	oneOff     = 0.6  // a letter wrong, missing, too many, or two swapped
	shortOff   = 0.4  // the same in a word of three letters
	foreignOff = 0.85 // the same in one that is no syllable: it is hardly another word
	otherMarks = 0.7  // a mark that is not the word's: times this
)

// What it takes to be found. Shares are of what the words weigh, and a rare word
// weighs more.
const (
	headWeight   = 2.0  // the word said first is what the thing is, the others say which
	whenceWeight = 0.25 // a place or a producer the name does not have counts little against it
	enough       = 0.55 // share of what was said that a name has, where it is one word or half the name
	enoughOf     = 0.7  // of several words
	enoughAlone  = 0.75 // where only one of several words is in the name
	atLeast      = 0.3  // where the name is said nearly whole, and as much again beside it
	maybeWord    = 0.5  // how far a word must answer for another to count as one more
	partOfName   = 0.3  // share of a name that was said, for words that may be others to count
	halfOfName   = 0.5
	mostOfName   = 0.75
	inOnePiece   = 0.03 // added where the words stand in the name as they were said
	alsoMeant    = 0.75 // share of the best one's score that others need to be named beside it
)

// Search finds the names a person means, by index, the likeliest first, nil when
// none is. It prepares the list each time: for a list that stays use an Index.
func Search(said string, names []string) []int { return NewIndex(names).Search(said, 0) }

// Search finds the names a person means, by index, the likeliest first, at most
// max of them (0: all). Marks, the order of words, slips, one wrong letter a word
// and what is put around a name do not matter. It is nil when no name is meant:
// too much was said that a name does not have.
func (x *Index) Search(said string, max int) []int {
	q := x.ask(x.read(said))
	hits := x.found(q)
	if len(hits) == 0 {
		return nil
	}
	phrase, best := joined(q), 0.0
	for i := range hits {
		h := &hits[i]
		if strings.Contains(x.names[h.name].folded, phrase) {
			h.score += inOnePiece
		}
		best = math.Max(best, h.score)
	}
	hits = slices.DeleteFunc(hits, func(h named) bool { return h.score < alsoMeant*best })
	slices.SortFunc(hits, func(a, b named) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.name, b.name)) })
	if max > 0 && len(hits) > max {
		hits = hits[:max]
	}
	out := make([]int, len(hits))
	for i, h := range hits {
		out[i] = int(h.name)
	}
	return out
}

// wanted is a word looked for.
type wanted struct {
	word
	padding bool    // put around the name: counts where a name has it, never against one
	head    float64 // how much more it counts for where it stands: headWeight or 1
	weight  float64 // what it counts for
	against float64 // what it counts against a name that does not have it
	found   []answer
}

// answer is a word of the names that may be the one asked for.
type answer struct {
	term   int32
	factor float64
}

// ask weighs the words that were said.
func (x *Index) ask(ws []word) []wanted {
	q := make([]wanted, 0, len(ws))
	head, behind := headWeight, false
	for i := 0; i < len(ws); {
		n := max(longest(filler, ws[i:]), longest(aroundName, ws[i:]))
		from := longest(whence, ws[i:])
		if from == 1 && !ws[i].drawn { // "tu" need not be "từ"
			from = 0
		}
		padding := n > 0 || from > 0
		behind = behind || from > 0 && head != headWeight
		for end := i + max(n, from, 1); i < end; i++ {
			if slices.ContainsFunc(q, func(a wanted) bool { return a.bare == ws[i].bare }) {
				continue
			}
			a := wanted{word: ws[i], padding: padding, head: 1, found: x.find(ws[i])}
			if !padding {
				a.head, head = head, 1
			}
			a.weight = a.head * x.weigh(a)
			if a.against = a.weight; behind {
				a.against *= whenceWeight
			}
			q = append(q, a)
		}
	}
	return q
}

// weigh is what a word counts for: the rarer among the names the more, and most
// when no name has it.
func (x *Index) weigh(a wanted) float64 {
	switch {
	case len(a.found) > 0 && a.found[0].factor >= alikeWord:
		return x.weightOf(a.found[0])
	case len(a.bare) == 1:
		return 0
	}
	return rarity(1, len(x.names))
}

// weightOf is what the word of an answer counts for.
func (x *Index) weightOf(a answer) float64 { return x.spellings[x.terms[a.term].spelling].weight }

// rarity is the weight of a word that so many of the names have.
func rarity(have, names int) float64 { return math.Log(1 + float64(names)/float64(have)) }

// named is a name found.
type named struct {
	name  int32
	score float64
}

// tally is what a name has of what was said.
type tally struct {
	has     float64 // weight of what it has, less where a word only may be the one said
	of      float64 // weight of the words it has
	against float64 // what they would count against it, had it not them
	padding float64 // has, of what only stands around names
	words   int16
	sure    int16 // of them, those that are the ones said
	last    int16 // the word counted last, from 1
	term    int32 // what answered it: "pung" is not "lung" and "tung" at once
}

// found are the names that have enough of what was said.
func (x *Index) found(q []wanted) []named {
	tallies := make([]tally, len(x.names))
	var seen []int32
	content, total := 0, 0.0
	for j, a := range q {
		if !a.padding && a.weight > 0 {
			content++
			total += a.against
		}
		for _, f := range a.found {
			t := &x.terms[f.term]
			gain := f.factor * math.Min(a.weight, a.head*x.weightOf(f))
			for _, n := range t.names {
				s := &tallies[n]
				if s.last == int16(j+1) || s.last != 0 && s.term == f.term && f.factor < alikeWord {
					continue // a better answer to the same word, or an answer to another one
				}
				if s.last == 0 {
					seen = append(seen, n)
				}
				s.last, s.term = int16(j+1), f.term
				if a.padding {
					s.padding += gain
					continue
				}
				s.has += gain
				s.of += a.weight
				s.against += a.against
				if f.factor >= maybeWord {
					s.words++
				}
				if f.factor >= alikeWord {
					s.sure++
				}
			}
		}
	}
	var out []named
	for _, n := range seen {
		s := &tallies[n]
		whole := math.Min(1, (s.has+s.padding)/x.names[n].weight)
		share, ok := 0.0, false
		switch {
		case content == 0: // a name made of what stands around others
			share, ok = 1, whole > 0.99
		case s.words > 0:
			share = s.has / (s.of + total - s.against)
			switch {
			case content == 1:
				ok = share >= enough
			case s.words == 1 || s.sure <= 1 && whole < partOfName:
				ok = share >= enoughAlone
			case s.sure == 0: // every word may be another one
				ok = share >= enough && whole >= halfOfName
			default:
				ok = share >= enoughOf || share >= enough && whole >= halfOfName || share >= atLeast && whole >= mostOfName
			}
		}
		if ok {
			out = append(out, named{n, 0.8*share + 0.2*whole})
		}
	}
	return out
}

// joined is what is looked for in one piece, without what stands around it.
func joined(q []wanted) string {
	var b strings.Builder
	for _, a := range q {
		if !a.padding {
			b.WriteByte(' ')
			b.WriteString(a.bare)
		}
	}
	return b.String()
}
