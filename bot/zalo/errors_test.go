package zalo

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lensan/bot"
)

// TestSharedRules compares our table with the reference's, when it is there:
// every code of both hosts stands in ours, with an action that the words allow,
// and ours has no other.
func TestSharedRules(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "reference", "zalo.md"))
	if err != nil {
		t.Skip("the reference is not here")
	}
	allowed := map[string][]action{
		"refresh": {refresh}, "backoff": {slow, again}, "unreachable": {gone, window}, "defer": {quota, window},
		"alert": {human, halt}, "fix": {fix, human}, "upload": {reload}, "mark": {fix},
	}
	number := regexp.MustCompile(`-\d+`)
	seen := 0
	for host, heading := range map[host]string{openAPI: "### 11.1", template: "### 11.2"} {
		_, section, _ := strings.Cut(string(text), heading)
		section, _, _ = strings.Cut(section, "\n### ")
		for line := range strings.Lines(section) {
			cells := strings.Split(line, "|")
			if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "-") {
				continue
			}
			word := regexp.MustCompile(`[a-z]+`).FindString(cells[3])
			for _, s := range number.FindAllString(cells[1], -1) {
				n, err := strconv.ParseInt(s, 10, 64)
				if err != nil || n == 0 {
					continue
				}
				seen++
				r, ok := rules[code{host, n}]
				if !ok || r.what == "" || !slices.Contains(allowed[word], r.do) {
					t.Errorf("%s %d: %q, ours: %+v", heading, n, strings.TrimSpace(cells[3]), r)
				}
			}
		}
	}
	if seen != len(rules) {
		t.Errorf("the reference has %d codes, ours %d", seen, len(rules))
	}
}

// TestOverlap: the same number means something else on the other host.
func TestOverlap(t *testing.T) {
	for k, want := range map[code]error{{openAPI, -100}: nil, {template, -100}: bot.ErrUnknown, {openAPI, -1}: nil} {
		err := error(&refusal{code: k, rule: rules[k]})
		if want == nil && errors.Unwrap(err) != nil || !errors.Is(err, want) && want != nil {
			t.Errorf("%v: %v", k, errors.Unwrap(err))
		}
	}
	if rules[code{openAPI, -100}].do != reload {
		t.Error("-100 of the API is not an upload that has expired")
	}
}
