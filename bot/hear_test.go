package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"lensan/bot"
)

// TestHear: what is told of a text is what the conversation does with it.
func TestHear(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]func(*bot.Talk){"tell": func(t *bot.Talk) { t.Say("tell" + t.Arg) }})
	w.script.Code = func(text string) (bot.Wish, bool) {
		code, ok := strings.CutPrefix(text, "MM-")
		return bot.Wish{Flow: "tell", Arg: code}, ok
	}
	b := w.start()
	quiet, menu := bot.Wish{Flow: "quiet", Arg: "off"}, bot.Wish{Flow: "menu"}
	for i, c := range []struct {
		text  string
		heard bot.Heard
		said  string
	}{
		{"0", bot.Heard{Command: "menu"}, "menu"},
		{"cho gap can bo", bot.Heard{Command: "person"}, "person"},
		{"thôi", bot.Heard{Command: "stop"}, "quietoff"},
		{"nhắc", bot.Heard{Command: "remind"}, "quieton"},
		{"giúp", bot.Heard{Command: "help"}, "bot.help"},
		{"tiếng anh", bot.Heard{Command: "english"}, "en:bot.language.changed"},
		{"tiếng việt", bot.Heard{Command: "vietnamese"}, "bot.language.changed"},
		{"quay lại", bot.Heard{Command: "back"}, "bot.nothing_back"},
		{"dung", bot.Heard{Offered: []bot.Wish{quiet, menu}}, "bot.guess"},
		{"MM-7", bot.Heard{Wish: bot.Wish{Flow: "tell", Arg: "7"}}, "tell7"},
		{"go tell 5", bot.Heard{Wish: bot.Wish{Flow: "tell", Arg: "5"}}, "tell5"},
		{"perhaps tell", bot.Heard{Offered: []bot.Wish{{Flow: "tell"}}}, "bot.guess"},
		{"nice weather", bot.Heard{}, "bot.unknown"},
	} {
		equal(t, c.text, w.script.Hear(c.text), c.heard)
		equal(t, c.text, w.ask(b, fmt.Sprint("chat", i), c.text), c.said)
	}
}
