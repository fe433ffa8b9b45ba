package bot

// Picked is what somebody picked, or else said.
type Picked struct {
	Code string // of the option; empty: none of them
	Said string // other words
}

// Pick shows some of what there is, to look at. The person picks one by its code, or
// says something else in words: that is the answer then, and no mistake. A wish said
// here leaves the talk for it, unasked: nothing is lost.
func (t *Talk) Pick(name string, codes []string, opts ...Opt) Picked {
	q := question{name: name, codes: codes}
	for _, o := range opts {
		o(&q)
	}
	return ask(t, q, nil, func(in *Input) (Picked, *miss) {
		code, m := t.choose(&q, in)
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
