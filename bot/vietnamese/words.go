package vietnamese

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed data/words.txt
var wordsFile string

// words holds data/words.txt.
type words struct {
	short   map[string][]word // by text, one word or two with a space between
	foreign map[string]bool
	filler  phraseSet
}

var lexicon = sync.OnceValue(func() *words {
	l := &words{short: map[string][]word{}, foreign: map[string]bool{}, filler: phraseSet{}}
	section := ""
	for line := range strings.Lines(wordsFile) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		switch section {
		case "short":
			from, to, _ := strings.Cut(line, "=")
			l.short[strings.TrimSpace(from)] = split(to)
		case "foreign":
			l.foreign[line] = true
		case "filler":
			p := split(line)
			l.filler[p[0].bare] = append(l.filler[p[0].bare], p)
		}
	}
	return l
})

// maxWords bounds how much of a text is looked at: nobody's answer is longer.
const maxWords = 100

// read parts a text into words with slips repaired and shorthand written out.
func read(s string) []word {
	if len(s) > 40*maxWords {
		s = strings.ToValidUTF8(s[:40*maxWords], "")
	}
	in := split(Unslip(s))
	if len(in) > maxWords {
		in = in[:maxWords]
	}
	short := lexicon().short
	out := make([]word, 0, len(in)+4)
	for i := 0; i < len(in); i++ {
		if i+1 < len(in) {
			if long, ok := short[in[i].text+" "+in[i+1].text]; ok {
				out = append(out, long...)
				i++
				continue
			}
		}
		if long, ok := short[in[i].text]; ok {
			out = append(out, long...)
			continue
		}
		out = append(out, in[i])
	}
	return out
}

// fillers counts the words at the start of ws that carry no meaning of their own.
func fillers(ws []word) int { return longest(lexicon().filler, ws) }

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
