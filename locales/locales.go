// Package locales holds every text a person reads. The texts stand in vi/ (the
// original) and en/, one TOML file per conversation; [Load] reads them. What an
// office may change (its name, hours, holidays …) stands in a content folder;
// content/ is a sample of one, [LoadContent] reads it and [Watch] keeps it new.
//
// A text is a Go template. A question named "register.name" has its sentence in
// register.name.ask, the kinder repeat in register.name.again, its short label
// in register.name.short and its options in register.name.options.CODE.
package locales

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"lensan/bot"
)

//go:embed vi/*.toml en/*.toml
var files embed.FS

// langs are the languages we speak; the first is the original.
var langs = []string{"vi", "en"}

// Texts are all texts in all languages. Its methods are safe for concurrent use.
type Texts struct {
	ids     []string // of the original, sorted
	has     map[string]bool
	voices  map[string]voice // by language
	matcher language.Matcher
}

var _ bot.Texts = (*Texts)(nil)

// voice is how one language speaks: its texts, and the functions used in them.
type voice struct {
	texts  *i18n.Localizer
	parser template.Parser
}

// strict parses a text as go-i18n does, but a value that is not there is an
// error, and the parsed text is kept though it uses functions: those of a
// language never change.
type strict struct{ *template.TextParser }

func (strict) Cacheable() bool { return true }

// Load reads the texts built into the program. The error names every fault with
// its file.
func Load() (*Texts, error) { return load(files) }

func load(dir fs.FS) (*Texts, error) {
	var tags []language.Tag
	for _, lang := range langs {
		tags = append(tags, language.MustParse(lang))
	}
	t := &Texts{has: map[string]bool{}, voices: map[string]voice{}, matcher: language.NewMatcher(tags)}
	bundle := i18n.NewBundle(tags[0])
	var faults []error
	for n, lang := range langs {
		parser := strict{&template.TextParser{Funcs: functions(lang), Option: "missingkey=error"}}
		where := map[string]string{} // the file of each id
		entries, err := fs.ReadDir(dir, lang)
		if err != nil {
			return nil, fmt.Errorf("locales: %w", err)
		}
		for _, e := range entries {
			name := path.Join(lang, e.Name())
			data, err := fs.ReadFile(dir, name)
			if err != nil {
				return nil, fmt.Errorf("locales: %w", err)
			}
			if err := checkFile(name, data); err != nil {
				faults = append(faults, err)
				continue
			}
			messages, err := bundle.ParseMessageBytes(tags[n], data, toml.Unmarshal)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", name, err))
				continue
			}
			for _, m := range messages {
				if other, twice := where[m.ID]; twice {
					faults = append(faults, fmt.Errorf("%s: %s stands in %s too", name, m.ID, other))
				}
				where[m.ID] = name
				if _, err := parser.Parse(m.Other, "", ""); err != nil {
					faults = append(faults, fmt.Errorf("%s: %s: %w", name, m.ID, err))
				}
			}
		}
		faults = append(faults, checkParents(where)...)
		t.voices[lang] = voice{i18n.NewLocalizer(bundle, lang), parser}
		if n == 0 {
			t.ids = slices.Sorted(maps.Keys(where))
			for _, id := range t.ids {
				t.has[id] = true
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("locales:\n%w", err)
	}
	return t, nil
}

// Text says the text id in a language, with the values its template names. It
// speaks the original where the language is not one of ours. An unknown id, a
// text the language lacks and a missing value are errors, never blanks. Values
// are inserted as they are: texts are plain.
func (t *Texts) Text(lang, id string, vars map[string]any) (string, error) {
	for name, v := range vars {
		if v == nil { // a template would write "<no value>"
			return "", fmt.Errorf("locales: %s %s: the value of %s is nil", lang, id, name)
		}
	}
	v := t.voice(lang)
	s, err := v.texts.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: vars, TemplateParser: v.parser})
	if err != nil {
		return "", fmt.Errorf("locales: %s %s: %w", lang, id, err)
	}
	return s, nil
}

// voice finds the voice that fits a language best: "en-GB" speaks English.
func (t *Texts) voice(lang string) voice {
	if v, ok := t.voices[lang]; ok {
		return v
	}
	_, n := language.MatchStrings(t.matcher, lang)
	return t.voices[langs[n]]
}

// Has tells whether there is a text named id.
func (t *Texts) Has(id string) bool { return t.has[id] }

// IDs lists the names of all texts, sorted.
func (t *Texts) IDs() []string { return slices.Clone(t.ids) }

// Langs lists the languages, the original first.
func (t *Texts) Langs() []string { return slices.Clone(langs) }

// reserved are the words go-i18n takes for the parts of one text, so they
// cannot be names of ours.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim",
	"zero", "one", "two", "few", "many", "other", "translation"}

// markup is what looks like HTML or one of its entities.
var markup = regexp.MustCompile(`</?[a-zA-Z!][^>]*>|&#?\w+;`)

// checkFile finds what is wrong with a file of texts, whatever go-i18n would
// make of it.
func checkFile(name string, data []byte) error {
	var tables map[string]any
	if _, err := toml.Decode(string(data), &tables); err != nil {
		return syntax(name, err)
	}
	lines := linesOf(data)
	var faults []error
	var walk func(at toml.Key, table map[string]any)
	walk = func(at toml.Key, table map[string]any) {
		for _, word := range slices.Sorted(maps.Keys(table)) {
			key := append(slices.Clone(at), word)
			fault := ""
			if slices.Contains(reserved, strings.ToLower(word)) {
				fault = fmt.Sprintf("%q is a word of go-i18n: use another name", word)
			} else if strings.Contains(word, ".") {
				fault = "a name has no dot in it"
			} else {
				switch v := table[word].(type) {
				case map[string]any:
					walk(key, v)
				case string:
					if strings.TrimSpace(v) != v || v == "" {
						fault = "a text is not empty and has no space around it"
					} else if m := markup.FindString(v); m != "" {
						fault = fmt.Sprintf("%s: texts are plain, without HTML", m)
					}
				default:
					fault = "a text is a string in quotes"
				}
			}
			if fault != "" {
				faults = append(faults, fmt.Errorf("%s:%d: %s: %s", name, lines.of(strings.Join(key, ".")), key, fault))
			}
		}
	}
	walk(nil, tables)
	return errors.Join(faults...)
}

// checkParents finds the names that are a text and a table of texts at once.
func checkParents(where map[string]string) []error {
	var faults []error
	for _, id := range slices.Sorted(maps.Keys(where)) {
		for i, r := range id {
			if other, both := where[id[:i]]; r == '.' && both {
				faults = append(faults, fmt.Errorf("%s: %s is a text in %s and cannot be a table too", where[id], id[:i], other))
			}
		}
	}
	return faults
}
