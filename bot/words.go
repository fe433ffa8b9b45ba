package bot

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"lensan/bot/vietnamese"
)

// Words that work everywhere, folded (no marks, lower case). They are written
// once, here.

// command is a word that moves in the dialogue.
type command int

const (
	noCommand command = iota
	cmdMenu
	cmdBack
	cmdStop
	cmdHelp
	cmdRepeat
	cmdPerson
	cmdResume
	cmdRemind // reminders on again
	cmdEnglish
	cmdVietnamese
)

const (
	numberMenu   = "0"
	numberPerson = "9"
)

var commands = map[string]command{
	"0": cmdMenu, "menu": cmdMenu, "muc chinh": cmdMenu, "ve muc chinh": cmdMenu, "trang chu": cmdMenu, "ve menu": cmdMenu, "main menu": cmdMenu,
	"quay lai": cmdBack, "tro lai": cmdBack, "lui lai": cmdBack, "quay ve": cmdBack, "cau truoc": cmdBack, "back": cmdBack, "go back": cmdBack,
	"dung": cmdStop, "dung lai": cmdStop, "thoat": cmdStop, "huy": cmdStop, "huy bo": cmdStop, "thoi": cmdStop, "thoi a": cmdStop, "thoi khong lam nua": cmdStop,
	"de sau": cmdStop, "stop": cmdStop, "cancel": cmdStop, "quit": cmdStop,
	"giup": cmdHelp, "giup voi": cmdHelp, "tro giup": cmdHelp, "help": cmdHelp, "huong dan": cmdHelp,
	"nhac lai": cmdRepeat, "noi lai": cmdRepeat, "hoi lai": cmdRepeat, "lap lai": cmdRepeat, "repeat": cmdRepeat,
	"9": cmdPerson, "gap can bo": cmdPerson, "can bo": cmdPerson, "gap nguoi": cmdPerson, "person": cmdPerson,
	"lam tiep": cmdResume, "tiep tuc": cmdResume, "continue": cmdResume,
	"nhac": cmdRemind, "remind": cmdRemind,
	"tieng anh": cmdEnglish, "english": cmdEnglish, "english please": cmdEnglish,
	"tieng viet": cmdVietnamese, "vietnamese": cmdVietnamese,
}

// commandOf returns the command a text is, if it is nothing else.
func commandOf(text string) command {
	return commands[vietnamese.Fold(strings.TrimPrefix(text, "/"))]
}

// soft tells that the word could as well be an answer in words, or a yes or no.
func (c command) soft(text string) bool {
	switch c {
	case cmdStop: // "dung" is also "đúng", "thôi" and "hủy" are also no
		return !strings.EqualFold(norm.NFC.String(strings.TrimSpace(text)), "dừng") && !strings.HasPrefix(text, "/")
	case cmdMenu, cmdPerson:
		return vietnamese.Fold(text) == numberMenu || vietnamese.Fold(text) == numberPerson
	}
	return false
}

func isSkip(text string) bool {
	switch vietnamese.Fold(text) {
	case "bo qua", "bo", "skip", "khong co", "chua co", "chua co gi", "khong ro", "chua ro", "khong biet", "de sau":
		return true
	}
	return false
}

// cutFix returns what stands behind a word for "correct".
func cutFix(text string) (string, bool) {
	folded := vietnamese.Fold(text)
	for _, w := range []string{"sua lai ", "sua ", "sai ", "doi ", "fix ", "change "} {
		if rest, ok := strings.CutPrefix(folded, w); ok {
			return rest, true
		}
	}
	return "", false
}

func hasLetter(s string) bool {
	return strings.IndexFunc(s, unicode.IsLetter) >= 0
}
