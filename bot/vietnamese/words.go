package vietnamese

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed data/*.txt
var wordFiles embed.FS

// lexicon holds the lists of data/*.txt by name, line by line.
var lexicon = readLists()

func readLists() map[string][]string {
	lists := map[string][]string{}
	files, err := wordFiles.ReadDir("data")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		text, err := wordFiles.ReadFile("data/" + f.Name())
		if err != nil {
			panic(err)
		}
		name := ""
		for line := range strings.Lines(string(text)) {
			switch line = strings.TrimSpace(line); {
			case line == "" || line[0] == '#':
			case line[0] == '[':
				if name = strings.Trim(line, "[]"); lists[name] != nil {
					panic(fmt.Sprintf("vietnamese: %s: a second list [%s]", f.Name(), name))
				}
			default:
				lists[name] = append(lists[name], line)
			}
		}
	}
	return lists
}

// lines is a list of data/*.txt, line by line.
func lines(list string) []string {
	if len(lexicon[list]) == 0 {
		panic(fmt.Sprintf("vietnamese: no list [%s] in data", list))
	}
	return lexicon[list]
}

// phrasesOf is a list of phrases.
func phrasesOf(list string) phraseSet { return phrases(strings.Join(lines(list), ";")) }

// wordsOf is a list of single words.
func wordsOf(list string) []word { return split(strings.Join(lines(list), " ")) }

// meaning is a line "words = meaning".
type meaning struct{ words, means string }

// meanings is a list of such lines.
func meanings(list string) []meaning {
	var out []meaning
	for _, l := range lines(list) {
		from, to, ok := strings.Cut(l, "=")
		if !ok {
			panic(fmt.Sprintf("vietnamese: [%s]: no = in %q", list, l))
		}
		out = append(out, meaning{strings.TrimSpace(from), strings.TrimSpace(to)})
	}
	return out
}

// number is a meaning that is one.
func (m meaning) number() float64 {
	v, err := strconv.ParseFloat(m.means, 64)
	if err != nil {
		panic(fmt.Sprintf("vietnamese: %q is no number", m.means))
	}
	return v
}

var (
	short   = readShort()
	foreign = foreignWords()
	filler  = phrasesOf("filler")
)

// readShort is the shorthand by its text: up to maxShort words with a space between.
func readShort() map[string][]word {
	out := map[string][]word{}
	for _, m := range meanings("short") {
		if strings.Count(m.words, " ") >= maxShort {
			panic(fmt.Sprintf("vietnamese: [short]: too many words in %q", m.words))
		}
		out[m.words] = split(m.means)
	}
	return out
}

func foreignWords() map[string]bool {
	out := map[string]bool{}
	for _, w := range wordsOf("foreign") {
		out[w.text] = true
	}
	return out
}

const (
	maxWords = 100 // looked at of a text: nobody's answer is longer
	maxShort = 3   // words of a shorthand
)

// bounded cuts a text that is far longer than any answer.
func bounded(s string) string {
	if len(s) > 40*maxWords {
		s = s[:40*maxWords]
	}
	return valid(s)
}

// read parts a text into words with slips repaired and shorthand written out.
func read(s string) []word {
	in := split(bounded(s))
	for i := range in {
		in[i] = in[i].unslipped()
	}
	if len(in) > maxWords {
		in = in[:maxWords]
	}
	return written(in)
}

// written writes shorthand out, the longest first.
func written(in []word) []word {
	out := make([]word, 0, len(in)+4)
	for i := 0; i < len(in); {
		n, long := shortAt(in[i:])
		if n == 0 {
			out = append(out, in[i])
			i++
			continue
		}
		out = append(out, long...)
		i += n
	}
	return out
}

// shortAt is the shorthand the words begin with, and how many words it has.
func shortAt(ws []word) (int, []word) {
	if !opensShort[ws[0].text] {
		long := short[ws[0].text]
		return min(len(long), 1), long
	}
	for n := min(maxShort, len(ws)); n > 0; n-- {
		key := ws[0].text
		for _, w := range ws[1:n] {
			key += " " + w.text
		}
		if long, ok := short[key]; ok {
			return n, long
		}
	}
	return 0, nil
}

// opensShort are the first words of shorthand of several.
var opensShort = func() map[string]bool {
	out := map[string]bool{}
	for text := range short {
		if first, _, several := strings.Cut(text, " "); several {
			out[first] = true
		}
	}
	return out
}()

// fillers counts the words at the start of ws that carry no meaning of their own.
func fillers(ws []word) int { return longest(filler, ws) }

// content is the words without those that carry no meaning of their own.
func content(ws []word) []word {
	var out []word
	for i := 0; i < len(ws); {
		if n := fillers(ws[i:]); n > 0 {
			i += n
			continue
		}
		out = append(out, ws[i])
		i++
	}
	return out
}
