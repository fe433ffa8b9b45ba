package bot

import (
	"slices"

	"lensan/bot/vietnamese"
)

// Picked is what somebody picked, or else said.
type Picked struct {
	Code string // of the option; empty: none of them
	Said string // other words
}

// Pick shows some of what there is, to look at. The person picks one, or says
// something else in words: that is the answer then, and no mistake. A wish said here
// leaves the talk for it, unasked: nothing is lost. Records are picked by their number
// or their whole label: words that are only a part of one may mean others, not shown.
func (t *Talk) Pick(name string, codes []string, opts ...Opt) Picked {
	q := question{name: name, codes: codes}
	for _, o := range opts {
		o(&q)
	}
	return ask(t, q, nil, func(in *Input) (Picked, *miss) {
		code, m := t.pick(q, in)
		if m == nil {
			return Picked{Code: code}, nil
		}
		if w, ok := t.script.wish(in.Text); ok {
			t.said = nil
			t.Open(w)
		}
		if !hasLetter(in.Text) || len(m.picks) > 0 {
			return Picked{}, m
		}
		return Picked{Said: in.Text}, nil
	})
}

// pick returns the option that was picked.
func (t *Talk) pick(q question, in *Input) (string, *miss) {
	if label := q.label; label != nil {
		said := vietnamese.Fold(in.Text)
		if i := slices.IndexFunc(t.state.Codes, func(c string) bool {
			return slices.Contains(q.codes, c) && said != "" && vietnamese.Fold(label(c)) == said
		}); i >= 0 {
			return t.state.Codes[i], nil
		}
		q.label = func(string) string { return "" } // the number is left
	}
	return t.choose(&q, in)
}
