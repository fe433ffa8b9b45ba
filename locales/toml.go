package locales

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/unicode/norm"
)

// file is a content file being read. Its methods take the value of a dotted
// key; what is wrong with one is noted and reading goes on, so that an officer
// sees all faults at once.
type file struct {
	name   string
	lines  keyLines
	meta   toml.MetaData
	values map[string]any
	used   map[string]bool // keys asked for, and the tables they stand in
	faults []error
	broken bool // not TOML: nothing can be read
}

func openFile(name string, data []byte) *file {
	f := &file{name: name, lines: linesOf(data), used: map[string]bool{}}
	var err error
	if f.meta, err = toml.Decode(string(data), &f.values); err != nil {
		f.faults, f.broken = append(f.faults, syntax(name, err)), true
	}
	return f
}

// fault notes what is wrong with the value of a key, and what to do.
func (f *file) fault(key, format string, args ...any) {
	f.faults = append(f.faults, fmt.Errorf("%s:%d: %s: %s", f.name, f.lines.of(key), key, fmt.Sprintf(format, args...)))
}

// value is the value of a key, nil where it is not set.
func (f *file) value(key string) any {
	var v any = f.values
	words := strings.Split(key, ".")
	for i, word := range words {
		f.used[strings.Join(words[:i+1], ".")] = true
		table, _ := v.(map[string]any)
		v = table[word]
	}
	return v
}

// text is a string of at most max characters, without space around it.
func (f *file) text(key string, max int) string {
	v := f.value(key)
	s, ok := v.(string)
	s = norm.NFC.String(strings.TrimSpace(s))
	switch {
	case v == nil:
		f.fault(key, `is missing: write %s = "…"`, key)
	case !ok:
		f.fault(key, "is not a text: put it in quotes")
	case s == "":
		f.fault(key, "is empty: fill it in")
	case utf8.RuneCountInString(s) > max:
		f.fault(key, "has %d characters: at most %d", utf8.RuneCountInString(s), max)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }):
		f.fault(key, "has more than one line: make it one")
	default:
		return s
	}
	return ""
}

// texts is a list of at most n strings of at most max characters.
func (f *file) texts(key string, n, max int) []string {
	list, ok := f.value(key).([]any)
	if !ok || len(list) > n {
		f.fault(key, `is not a list of at most %d texts: write %s = ["…", "…"]`, n, key[strings.LastIndex(key, ".")+1:])
		return nil
	}
	var texts []string
	for _, v := range list {
		s, ok := v.(string)
		if !ok || utf8.RuneCountInString(s) > max {
			f.fault(key, "%v is not a text of at most %d characters: put it in quotes", v, max)
			continue
		}
		texts = append(texts, s)
	}
	return texts
}

// number is a whole number from min to max.
func (f *file) number(key string, min, max int64) int {
	v := f.value(key)
	n, ok := v.(int64)
	switch {
	case v == nil:
		f.fault(key, "is missing: write a number from %d to %d", min, max)
	case !ok || n < min || n > max:
		f.fault(key, "%v is not a whole number from %d to %d", v, min, max)
	}
	return int(n)
}

// date is a day, with or without quotes.
func (f *file) date(key string) Date {
	switch v := f.value(key).(type) {
	case nil:
		f.fault(key, "is missing: write %s = 2026-11-20", key)
	case time.Time:
		return Date{time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, zone)}
	case string:
		t, err := time.ParseInLocation(time.DateOnly, v, zone)
		if err == nil {
			return Date{t}
		}
		f.fault(key, "%q is not a day: write 2026-11-20", v)
	default:
		f.fault(key, "%v is not a day: write 2026-11-20", v)
	}
	return Date{}
}

// table lists the keys of a table, in the order of the file.
func (f *file) table(key string) []string {
	table, ok := f.value(key).(map[string]any)
	if !ok {
		f.fault(key, "is missing: write [%s] and its lines below it", key)
	}
	var words []string
	for _, k := range f.meta.Keys() {
		if len(k) > 1 && strings.Join(k[:len(k)-1], ".") == key && table[k[len(k)-1]] != nil {
			words = append(words, k[len(k)-1])
		}
	}
	return words
}

// fact is where the file's facts come from and when that was last looked at.
func (f *file) fact() Fact {
	return Fact{Source: f.text("source", 500), Checked: f.date("checked")}
}

// refuseUnknown notes the keys nobody asked for: most likely misspelled ones.
func (f *file) refuseUnknown() {
	for _, k := range f.meta.Keys() {
		if key := strings.Join(k, "."); !f.used[key] {
			f.fault(key, "is not known here: correct its name or take it away")
		}
	}
	slices.SortStableFunc(f.faults, func(a, b error) int { return lineIn(a) - lineIn(b) })
}

// lineIn is the line a fault stands in, as its message begins (file:line: …).
func lineIn(fault error) int {
	line, err := strconv.Atoi(strings.Split(fault.Error(), ":")[1])
	if err != nil { // a fault of the whole file
		return 0
	}
	return line
}

// syntax is a TOML error with the file and line it stands in.
func syntax(name string, err error) error {
	var at toml.ParseError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d: cannot be read: %s", name, at.Position.Line, at.Message)
	}
	return fmt.Errorf("%s: cannot be read: %w", name, err)
}

// keyLines tells on which line, from 1, each key and table of a TOML file is
// set. The toml package knows the lines of its own errors only.
type keyLines map[string]int

func linesOf(data []byte) keyLines {
	lines, table, n := keyLines{}, "", 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		key := ""
		if strings.HasPrefix(line, "[") {
			key, _, _ = strings.Cut(strings.TrimLeft(line, "["), "]")
			key = plainKey(key)
			table = key + "."
		} else if left, _, ok := strings.Cut(line, "="); ok {
			key = table + plainKey(left)
		}
		if lines[key] == 0 {
			lines[key] = n
		}
	}
	return lines
}

// of is the line of a dotted key; where it has none of its own the line of the
// table it belongs in, else 1.
func (l keyLines) of(key string) int {
	for key != "" {
		if n := l[key]; n > 0 {
			return n
		}
		key = key[:max(0, strings.LastIndex(key, "."))]
	}
	return 1
}

// plainKey is a key as written, without its quotes and spaces.
func plainKey(written string) string {
	return strings.NewReplacer(`"`, "", "'", "", " ", "").Replace(written)
}
