package flows

import (
	"regexp"
	"testing"
)

// words are sections of wishes.txt that no conversation answers: package bot
// knows them as words that work everywhere.
var words = map[string]bool{"cancel": true, "back": true}

// Every section of wishes.txt leads to a conversation that exists, and every
// conversation people may ask for has a section.
func TestIntents(t *testing.T) {
	t.Parallel()
	sections := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\[(\w+)\]`).FindAllStringSubmatch(wishRules, -1) {
		sections[m[1]] = true
		if _, ok := intents[m[1]]; !ok && !words[m[1]] {
			t.Errorf("wishes.txt: [%s] has no entry in intents (flows.go)", m[1])
		}
	}
	for name, w := range intents {
		if !sections[name] {
			t.Errorf("intents: %q is no section of wishes.txt", name)
		}
		if flows[w.Flow] == nil {
			t.Errorf("intents: %q leads to %q, which is no conversation", name, w.Flow)
		}
	}
}
