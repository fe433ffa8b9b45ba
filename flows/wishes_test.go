package flows

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// What is told to a chat is said by a talk that nobody else can open.
func TestOwnTalks(t *testing.T) {
	t.Parallel()
	for _, name := range ownTalks {
		if flows[name] == nil {
			t.Errorf("ownTalks: %q is no conversation", name)
		}
	}
	told := regexp.MustCompile(`(?:\btell\(|tellOnce\(|tellOfficers\(|tellChat\(|bot\.Own\().*Flow: "(\w+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range told.FindAllStringSubmatch(string(source), -1) {
			if found++; !slices.Contains(ownTalks, m[1]) {
				t.Errorf("%s tells %q, which is not among ownTalks", file, m[1])
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d found: the search is broken", found)
	}
}
