package flows

import (
	"fmt"
	"strings"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// Wishes finds what people ask for, by the rules of wishes.txt.
func Wishes() (*vietnamese.Matcher, error) {
	m, err := vietnamese.NewMatcher(wishRules)
	if err != nil {
		return nil, fmt.Errorf("flows: wishes.txt: %w", err)
	}
	return m, nil
}

// maxArg is how much of a text a button can carry beside the name of its flow, in
// bytes: it has 64.
const maxArg = 48

// about makes what was typed the argument of a wish that looks something up by its
// name. A wish that is only offered is a button: it carries the name, cut at a word.
func about(w bot.Wish, text string, score float64) bot.Wish {
	switch w.Flow {
	case "status", "expiry":
		w.Arg = text
	case "claim":
		w.Arg, _ = vietnamese.Named(text)
	default:
		return w
	}
	if score < vietnamese.Take && len(w.Arg) > maxArg {
		name, _ := vietnamese.Named(text)
		w.Arg = ""
		for word := range strings.FieldsSeq(name) {
			if len(w.Arg)+1+len(word) > maxArg {
				break
			}
			w.Arg = strings.TrimSpace(w.Arg + " " + word)
		}
	}
	return w
}

// named finds who says nothing but the name or code of a product: a code is surely
// looked up; a name may be, if nothing else is surely wished for.
func named(known func(string) bool, text string, unsure bool) []bot.Match {
	w := bot.Wish{Flow: "status"}
	if store.IsCode(text) {
		w.Arg = text
		return []bot.Match{{Wish: w, Score: 1}}
	}
	if _, sure := vietnamese.Named(text); !unsure || !sure || !known(text) {
		return nil
	}
	const offered = (vietnamese.Offer + vietnamese.Take) / 2
	return []bot.Match{{Wish: about(w, text, offered), Score: offered}}
}
