package bot

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxText is the longest text of a person we keep, in characters; the rest is
// cut off on reading. Telegram sends at most 4,096.
const MaxText = 4096

// Clean makes a text from outside safe to keep and compare: valid UTF-8 in NFC,
// without NUL, control and bidirectional characters and without zero-width ones
// (but for the joiner inside an emoji), line ends as "\n", at most [MaxText]
// characters, no space around it.
func Clean(s string) string {
	if len(s) > 4*MaxText {
		s = s[:4*MaxText]
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	var last rune
	n := 0
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\r':
			r = '\n'
		case r == '\n' || r == '\t':
		case r == '\u200d' && last > utf8.RuneSelf && unicode.IsSymbol(last) || r == '\ufe0f':
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
			continue
		}
		if n++; n > MaxText {
			break
		}
		b.WriteRune(r)
		if r != '\ufe0f' { // which only says how the one before it is drawn
			last = r
		}
	}
	return strings.TrimSpace(b.String())
}

// maxName is the longest name of a file we keep, in characters.
const maxName = 120

// CleanName makes a file's name safe to show and to keep: as [Clean], on one line,
// without folders, at most 120 characters of which its ending is kept.
func CleanName(s string) string {
	s = strings.Join(strings.Fields(Clean(s)), " ")
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	name := []rune(s)
	if over := len(name) - maxName; over > 0 {
		ending := []rune(path.Ext(s))
		if len(ending) > maxName/4 {
			ending = nil
		}
		name = append(name[:maxName-len(ending)], ending...)
	}
	return string(name)
}
