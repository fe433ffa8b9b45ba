package bot

import (
	"strings"
	"unicode"

	"lensan/bot/vietnamese"
)

// Words that work everywhere. They are written once, here, with their marks.

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

// String is the command's name, for who looks at how a text is read.
func (c command) String() string {
	return [...]string{"", "menu", "back", "stop", "help", "repeat", "person", "resume", "remind", "english", "vietnamese"}[c]
}

const (
	numberMenu   = "0"
	numberPerson = "9"
)

// commands in the order in which they are tried: "nhắc lại" is no "nhắc".
var commands = []struct {
	command
	words vietnamese.Phrases
}{
	{cmdMenu, vietnamese.NewPhrases(`0; menu; mục chính; về mục chính; trang chủ; về menu; main menu`)},
	{cmdBack, vietnamese.NewPhrases(`quay lại; trở lại; lùi lại; quay về; câu trước; back; go back`)},
	{cmdStop, vietnamese.NewPhrases(`dừng; dừng lại; thoát; hủy; hủy bỏ; thôi; thôi không làm nữa; để sau; stop; cancel; quit`)},
	{cmdHelp, vietnamese.NewPhrases(`giúp; giúp với; trợ giúp; help; hướng dẫn`)},
	{cmdRepeat, vietnamese.NewPhrases(`nhắc lại; nói lại; hỏi lại; lặp lại; repeat`)},
	{cmdPerson, vietnamese.NewPhrases(`9; gặp cán bộ; cán bộ; gặp người; person`)},
	{cmdResume, vietnamese.NewPhrases(`làm tiếp; tiếp tục; continue`)},
	{cmdRemind, vietnamese.NewPhrases(`nhắc; remind`)},
	{cmdEnglish, vietnamese.NewPhrases(`tiếng anh; english; english please`)},
	{cmdVietnamese, vietnamese.NewPhrases(`tiếng việt; vietnamese`)},
}

var (
	skipWords = vietnamese.NewPhrases(`bỏ qua; bỏ; skip; không có; chưa có; chưa có gì; không rõ; chưa rõ; không biết; để sau; không; chưa; không cần; khỏi`)
	fixWords  = vietnamese.NewPhrases(`sửa lại; sửa; sai; đổi; fix; change`)
	// as typed without marks: dừng or đúng; names of people and products
	stopOrYes = vietnamese.NewPhrases(`dung`)
	names     = vietnamese.NewPhrases(`huy; menu`)
)

// commandOf returns the command a text is, if it is nothing else.
func commandOf(text string) command {
	for _, c := range commands {
		if c.words.Is(text) {
			return c.command
		}
	}
	return noCommand
}

// doubtful tells that the words of a command may be an answer to a question that
// takes this: a name at one that takes words, "đúng" at any. /dung is a command.
func (t takes) doubtful(text string) bool {
	return !strings.HasPrefix(text, "/") && (stopOrYes.Is(text) || t.Words && !t.Prose && names.Is(text))
}

func isSkip(text string) bool { return skipWords.Is(text) }

// cutFix returns what stands behind a word for "correct".
func cutFix(text string) (string, bool) { return fixWords.Cut(text) }

func hasLetter(s string) bool {
	return strings.IndexFunc(s, unicode.IsLetter) >= 0
}
