package vietnamese

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Matcher finds wishes by rules. It is safe for use by several goroutines.
type Matcher struct {
	intents []string // by number; everyWish is none of them
	rules   []rule
	index   map[string][]*rulePhrase // the phrases of all rules, by the sound of their first word (heard)
}

// maxGroups is how many groups a rule may have.
const maxGroups = 8

// everyWish is the number of [*], whose rules speak for or against every wish.
const everyWish = 0

// rule is one line. It is met when a phrase of each group is found.
type rule struct {
	intent  int
	points  int
	line    int // in which it stands
	groups  int
	ordered []bool // of each group: it stands behind the one before it
	alone   bool   // "=" or "~": counts only when nothing else is said
	opens   bool   // "~": but a few words that are no wish may follow
	denies  bool   // a refusal belongs to it
}

// rulePhrase is a phrase with the places in rules where it stands.
type rulePhrase struct {
	words  []word
	sounds []string
	strict []bool // of each word: it denies, so that no other will do for it
	wish   bool   // speaks for an intent
	opens  bool   // opens a text: of "xin chào" no other rule has the "xin"
	refs   []ref
}

// ref is a group of a rule.
type ref struct{ rule, group int }

// NewMatcher reads rules:
//
//	# a remark
//	$shop = shopee | tiktok | vỏ sò      a list to use in rules
//	  | sendo                            a line that begins so goes on with the one above
//	[open_shop]                          the intent of the rules below
//	6 mở | tạo + gian hàng | $shop       one phrase of each group, near to each other
//	6 đưa > $shop                        the second behind the first
//	3 gian hàng                          a hint
//	-4 học | lớp                         speaks against it
//	= shop                               only when nothing else is said
//	~ chào                               only when a short text opens so and wishes nothing
//	[*]                                  the rules below speak for, or against, any wish
//	2 muốn | làm sao
//
// The number is what a rule adds to its intent. What adds up to 6 is taken if it
// leads by 2, what has 3 is offered. The strongest rule counts in full, each further
// one 2 at most, and nothing if it is met only by words that counted already. 2 are
// added when nothing else is said; [*] adds 3 at most. What speaks against counts
// within ten words. Between what "+" joins nine words may stand, four where it is ">".
// Lines with "=" may follow one another in a text: "thôi", "thôi dừng lại".
//
// What is refused ("đừng …", "không … nữa", "không phải … mà") is not seen, but by
// rules that deny themselves ("không đi học").
//
// Words are written with their marks: a person may leave marks off. In a phrase of
// several words half of them may have other marks or be spelled as they sound, which
// costs 2 each. Words of regions and shorthand are put into the standard ones before (data/words.txt,
// data/intents.txt). The error names the line.
func NewMatcher(rules string) (*Matcher, error) {
	b := builder{
		m:       &Matcher{intents: []string{"*"}, index: map[string][]*rulePhrase{}},
		lists:   map[string]string{},
		phrases: map[string]*rulePhrase{},
		intent:  -1,
	}
	lines := strings.Split(rules, "\n")
	for i := len(lines) - 1; i > 0; i-- {
		if more := strings.TrimSpace(lines[i]); strings.HasPrefix(more, "|") {
			lines[i-1], lines[i] = strings.TrimSpace(lines[i-1])+" "+more, ""
		}
	}
	for _, line := range lines {
		b.at++
		if err := b.line(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", b.at, err)
		}
	}
	if len(b.m.rules) == 0 {
		return nil, fmt.Errorf("no rules")
	}
	return b.m, nil
}

// builder makes a matcher line by line.
type builder struct {
	m       *Matcher
	lists   map[string]string
	phrases map[string]*rulePhrase // by its words with their marks
	intent  int
	at      int // the line
}

func (b *builder) line(line string) error {
	switch {
	case line == "" || line[0] == '#':
		return nil
	case line[0] == '[':
		name := strings.Trim(line, "[] ")
		if name == "" || !strings.HasSuffix(line, "]") {
			return fmt.Errorf("%q is not an intent in brackets", line)
		}
		if b.intent = slices.Index(b.m.intents, name); b.intent < 0 {
			b.intent = len(b.m.intents)
			b.m.intents = append(b.m.intents, name)
		}
		return nil
	case line[0] == '$' && strings.Contains(line, "="):
		name, list, _ := strings.Cut(line, "=")
		list, err := b.expand(list)
		b.lists[strings.TrimSpace(name)] = list
		return err
	case b.intent < 0:
		return fmt.Errorf("a rule before the first [intent]")
	}
	return b.rule(line)
}

// expand writes out the lists named in alternatives.
func (b *builder) expand(alternatives string) (string, error) {
	parts := strings.Split(alternatives, "|")
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if strings.HasPrefix(p, "$") {
			list, ok := b.lists[p]
			if !ok {
				return "", fmt.Errorf("%s is not a list above", p)
			}
			p = list
		}
		if len(split(p)) == 0 {
			return "", fmt.Errorf("an empty alternative in %q", strings.TrimSpace(alternatives))
		}
		parts[i] = p
	}
	return strings.Join(parts, "|"), nil
}

func (b *builder) rule(line string) error {
	r := rule{intent: b.intent, line: b.at}
	points, body, _ := strings.Cut(line, " ")
	r.opens = points == "~"
	if r.alone = points == "=" || r.opens; r.alone {
		r.points = alonePoints
	} else {
		var err error
		if r.points, err = strconv.Atoi(points); err != nil || r.points == 0 || max(r.points, -r.points) > 20 {
			return fmt.Errorf("%q begins with neither points nor = nor ~", line)
		}
	}
	ordered := false
	for body != "" || r.groups == 0 {
		n := strings.IndexAny(body, "+>")
		group, rest := body, ""
		next := false
		if n >= 0 {
			group, rest, next = body[:n], body[n+1:], body[n] == '>'
			if rest == "" {
				return fmt.Errorf("nothing behind the last sign of %q", line)
			}
		}
		list, err := b.expand(group)
		if err != nil {
			return err
		}
		for p := range strings.SplitSeq(list, "|") {
			ws := split(p)
			p := b.phrase(ws)
			p.refs = append(p.refs, ref{len(b.m.rules), r.groups})
			p.wish = p.wish || r.points > 0 && r.intent != everyWish
			p.opens = p.opens || r.opens
			r.denies = r.denies || longest(refusal, ws) > 0 || longest(notYet, ws) > 0
		}
		r.ordered = append(r.ordered, ordered)
		r.groups++
		body, ordered = rest, next
	}
	if r.groups > maxGroups || r.alone && r.groups > 1 {
		return fmt.Errorf("%q has too many groups", line)
	}
	b.m.rules = append(b.m.rules, r)
	return nil
}

// phrase is the phrase of these words in the index.
func (b *builder) phrase(ws []word) *rulePhrase {
	var key strings.Builder
	for _, w := range ws {
		key.WriteString(w.text + " ")
	}
	if p := b.phrases[key.String()]; p != nil {
		return p
	}
	p := &rulePhrase{words: ws}
	for i, w := range ws {
		p.sounds = append(p.sounds, heard(w.bare))
		p.strict = append(p.strict, w.bare == "dung" || max(longest(refusal, ws[i:]), longest(notYet, ws[i:])) > 0)
	}
	b.phrases[key.String()] = p
	b.m.index[p.sounds[0]] = append(b.m.index[p.sounds[0]], p)
	return p
}
