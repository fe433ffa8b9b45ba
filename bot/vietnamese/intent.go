package vietnamese

import (
	"cmp"
	"slices"
	"strconv"
)

// Match is one wish a text may express.
type Match struct {
	Intent string
	Score  float64 // Take and more: take it; Offer to Take: offer it
	Rule   string  // what was found, with its points and the line of its rule, strongest first
	Exact  bool    // the text is nothing but that wish
}

// Scores of a match.
const (
	Take  = 0.8 // from here on a wish is taken
	Offer = 0.4 // from here on it is offered
)

// Points, as lines of rules give them. NewMatcher tells their meaning.
const (
	takePoints  = 6
	offerPoints = 3
	alonePoints = 9  // for a line with "="
	exactPoints = 2  // for a wish beside which nothing else is said
	mostMore    = 2  // that a second rule of the same intent can add
	mostCommon  = 3  // that the lines for every wish can add
	nearWords   = 10 // so near they must be
	margin      = 2  // by which a wish must lead to be taken
	longText    = 200
	longStep    = 15 // words over longText that cost a point: in a story they come up by chance
)

// Match returns the wishes a text may express, likeliest first, one per intent. At
// most the first has a score to be taken.
func (m *Matcher) Match(s string) []Match {
	t := scratch.Get().(*matching)
	defer scratch.Put(t)
	t.reset(m)
	t.read(s)
	if len(t.ws) == 0 {
		return nil
	}
	t.find()
	t.refuse()
	t.meet()
	out := t.decide()
	if len(out) == 0 && t.tookBack { // "đăng ký nấm hương à nhầm nấm rơm": the wish stays
		clear(t.hidden)
		t.met = t.met[:0]
		t.meet()
		out = t.decide()
	}
	return out
}

// claim is an intent and what speaks for it.
type claim struct {
	intent int
	points int
	exact  bool
	words  wordSet // that count
	rules  []met
}

// decide weighs what was met.
func (t *matching) decide() []Match {
	slices.SortFunc(t.met, func(a, b met) int {
		return cmp.Or(a.intent-b.intent, compareAlone(a, b), b.points-a.points, a.rule-b.rule)
	})
	var common []met
	var wishes []claim
	for i := 0; i < len(t.met); {
		end := i + 1
		for end < len(t.met) && t.met[end].intent == t.met[i].intent {
			end++
		}
		if t.met[i].intent == everyWish {
			common = t.met[i:end]
		} else if w := t.claim(t.met[i:end], common); w.points >= offerPoints {
			wishes = append(wishes, w)
		}
		i = end
	}
	slices.SortStableFunc(wishes, func(a, b claim) int { return b.points - a.points })
	if t.opened.points > 0 && len(common) == 0 && (len(wishes) == 0 || wishes[0].points <= offerPoints) {
		wishes = []claim{{intent: t.opened.intent, points: t.opened.points, words: t.opened.words, rules: []met{t.opened}}}
	}
	return t.matches(wishes)
}

func compareAlone(a, b met) int {
	switch {
	case a.alone == b.alone:
		return 0
	case a.alone:
		return -1
	}
	return 1
}

// claim weighs the met rules of one intent, the strongest first. common are those for
// every wish.
func (t *matching) claim(all, common []met) claim {
	c := claim{intent: all[0].intent}
	n := 0
	c.points = alonePoints
	for ; n < len(all) && all[n].alone; n++ {
		c.words = c.words.with(all[n].words)
		c.points -= alonePoints - all[n].points
	}
	if c.exact = n > 0 && t.nothingBut(c.words); c.exact {
		c.rules = append(c.rules, all[:n]...)
		for _, f := range slices.Concat(all[n:], common) {
			if f.points < 0 {
				c.points += f.points
				c.rules = append(c.rules, f)
			}
		}
		return c
	}
	c.words, c.points = wordSet{}, 0
	if c.add(all[n:], mostMore); c.points <= 0 {
		return c
	}
	c.exact = t.nothingBut(c.words)
	if c.exact {
		c.points += exactPoints
	}
	c.points -= max(0, len(t.ws)-longText) / longStep
	around := c.words.wider(nearWords)
	more := mostCommon
	for _, f := range common {
		if f.words.meets(around) && !f.words.within(c.words) {
			c.points += min(f.points, more)
			more -= max(0, min(f.points, more))
			c.rules = append(c.rules, f)
		}
	}
	return c
}

// add adds the points of rules, at most more for each that speaks for it behind the
// first. One that is met only by words that counted already adds none; what speaks
// against must stand near.
func (c *claim) add(rules []met, more int) {
	for i, f := range rules {
		if f.points > 0 && f.words.within(c.words) || f.points < 0 && !f.words.meets(c.words.wider(nearWords)) {
			continue
		}
		if f.points > 0 {
			c.words = c.words.with(f.words)
		}
		if i > 0 {
			f.points = min(f.points, more)
		}
		c.points += f.points
		c.rules = append(c.rules, f)
	}
}

// nothingBut reports whether beside these words only words stand that carry no wish.
func (t *matching) nothingBut(words wordSet) bool {
	for i := range t.ws {
		if !t.filler[i] && !words.has(i) {
			return false
		}
	}
	return true
}

// matches turns wishes, the likeliest first, into what the caller is told: the first
// is to be taken if it has the points and leads, else those near to it are offered.
func (t *matching) matches(wishes []claim) []Match {
	if len(wishes) == 0 {
		return nil
	}
	top := wishes[0].points
	taken := top >= takePoints && (len(wishes) == 1 || top-wishes[1].points >= margin)
	out := make([]Match, 0, len(wishes))
	for i, w := range wishes {
		score := min(1, Offer+(Take-Offer)*float64(w.points-offerPoints)/(takePoints-offerPoints))
		if !taken || i > 0 {
			score = min(score, Take-0.01)
		}
		out = append(out, Match{Intent: t.m.intents[w.intent], Score: score, Rule: t.evidence(w.rules), Exact: w.exact})
	}
	return out
}

// evidence tells what was found, by which rule: "7 xin lớp (line 90), 2 muốn (line 300)".
func (t *matching) evidence(rules []met) string {
	b := make([]byte, 0, 40*len(rules))
	for i, f := range rules {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(b, int64(f.points), 10)
		for k := range t.ws {
			if f.words.has(k) {
				b = append(append(b, ' '), t.ws[k].text...)
			}
		}
		b = append(b, " (line "...)
		b = append(strconv.AppendInt(b, int64(t.m.rules[f.rule].line), 10), ')')
	}
	return string(b)
}
