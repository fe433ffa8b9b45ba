package sheet

import (
	_ "embed"
	"strings"

	"lensan/bot/vietnamese"
)

var (
	//go:embed columns.txt
	columnsFile string
	//go:embed words.txt
	wordsFile string
)

// words are the sections of words.txt, folded.
var words = func() map[string]map[string]bool {
	sections := map[string]map[string]bool{}
	eachPhrase(wordsFile, func(section, phrase string, _ bool) {
		if sections[section] == nil {
			sections[section] = map[string]bool{}
		}
		sections[section][phrase] = true
	})
	return sections
}()

// eachPhrase reads a file of words: sections of phrases, which are folded.
func eachPhrase(file string, phrase func(section, phrase string, exact bool)) {
	section := ""
	for text := range strings.Lines(file) {
		text = strings.TrimSpace(text)
		if strings.HasPrefix(text, "#") || text == "" {
			continue
		}
		if strings.HasPrefix(text, "[") {
			section = strings.Trim(text, "[]")
			continue
		}
		list, exact := strings.CutPrefix(text, "= ")
		for p := range strings.SplitSeq(list, ";") {
			phrase(section, vietnamese.Fold(p), exact)
		}
	}
}

// beginsWith is the longest phrase of a section that a folded text begins with, in
// whole words.
func beginsWith(section, folded string) (string, bool) { return longest(words[section], folded) }

// longest is the longest of phrases that a folded text begins with, in whole words.
func longest(phrases map[string]bool, folded string) (string, bool) {
	for end := len(folded); end > 0; end = strings.LastIndexByte(folded[:end], ' ') {
		if phrases[folded[:end]] {
			return folded[:end], true
		}
	}
	return "", false
}

// contains finds the first phrase of a section in a folded text, in whole words, and
// what stands before it.
func contains(section, folded string) (before string, ok bool) {
	for at := 0; at < len(folded); {
		if _, ok := beginsWith(section, folded[at:]); ok {
			return strings.TrimSpace(folded[:at]), true
		}
		space := strings.IndexByte(folded[at:], ' ')
		if space < 0 {
			break
		}
		at += space + 1
	}
	return "", false
}
