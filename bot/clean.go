package bot

import (
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
		last = r
	}
	return strings.TrimSpace(b.String())
}
