package bottest

import (
	"slices"
	"testing"

	"lensan/bot"
	"lensan/locales"
	"lensan/store"
)

// TestFailedTurn: a transcript is not taken for well because it has the words in
// which the bot owns up to a failure.
func TestFailedTurn(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	menu := bot.Wish{Flow: "menu"}
	p := newPlayer(t, World{Texts: texts, Script: func(*store.DB) (*bot.Script, error) {
		return &bot.Script{
			Flows: map[string]func(*bot.Talk){
				"menu":   func(t *bot.Talk) { t.Say("bot.back") },
				"broken": func(*bot.Talk) { panic("broken") },
			},
			Hello: menu, Menu: menu, Person: menu, Quiet: menu, Remind: menu, Province: func() string { return "" },
			Wishes: func(text string) []bot.Match { return []bot.Match{{Wish: bot.Wish{Flow: text}, Score: 1}} },
		}, nil
	}}, "")
	p.play([]string{"> menu", "> broken", "> menu"})
	if !slices.Equal(p.failed, []string{"> broken"}) {
		t.Errorf("failed at %q", p.failed)
	}
}
