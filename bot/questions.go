package bot

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"lensan/bot/vietnamese"
)

// The questions every flow may ask. Each knows how to ask, how to read what
// people really type, and how to ask again (ask.go).

// Text asks for words, between min and max characters.
func (t *Talk) Text(name string, min, max int, opts ...Opt) string {
	return ask(t, question{name: name, words: true}, opts, func(in *Input) (string, *miss) {
		switch n := utf8.RuneCountInString(in.Text); {
		case n == 0:
			return "", &miss{}
		case n < min || !hasLetter(in.Text):
			return "", &miss{id: "bot.too_short"}
		case n > max:
			return "", &miss{id: "bot.too_long", vars: Vars{"max": max, "n": n}}
		}
		return in.Text, nil
	})
}

// Choose asks for one of the options, by their codes.
func (t *Talk) Choose(name string, codes []string, opts ...Opt) string {
	q := question{name: name, codes: codes}
	var read func(in *Input) (string, *miss)
	for _, o := range opts {
		o(&q)
	}
	read = func(in *Input) (string, *miss) { return t.choose(&q, in) }
	return ask(t, q, nil, read)
}

// Yes asks a question that is answered yes or no.
func (t *Talk) Yes(name string, opts ...Opt) bool {
	label := func(code string) string { return t.Phrase("bot."+code, nil) }
	q := question{name: name, codes: []string{"yes", "no"}, label: label}
	return ask(t, q, opts, func(in *Input) (bool, *miss) {
		code, m := t.choose(&q, in)
		return code == "yes", m
	})
}

func (t *Talk) yesNo(in *Input) (bool, *miss) {
	switch vietnamese.YesNo(in.Text) {
	case vietnamese.Yes:
		return true, nil
	case vietnamese.No:
		return false, nil
	}
	return false, &miss{}
}

// Several asks for any number of the options at once ("1 3 4"). none is the
// code of the option that means none of them; it is never mixed with others.
func (t *Talk) Several(name string, codes []string, none string, opts ...Opt) []string {
	q := question{name: name, codes: append(slices.Clone(codes), none)}
	for _, o := range opts {
		o(&q)
	}
	return ask(t, q, nil, func(in *Input) ([]string, *miss) {
		if in.Code == none || slices.Contains(codes, in.Code) {
			return without([]string{in.Code}, none), nil
		}
		shown := t.state.Codes
		labels := make([]string, len(shown))
		for i, c := range shown {
			if slices.Contains(q.codes, c) {
				labels[i] = t.optionLabel(&q, c)
			}
		}
		found, ok := vietnamese.Choices(in.Text, labels)
		if !ok || len(found) == 0 {
			return nil, &miss{}
		}
		var answer []string
		for _, i := range found {
			answer = append(answer, shown[i])
		}
		return without(answer, none), nil
	})
}

// without drops a code; the result is never nil, so that "none of them" is kept
// as an answer.
func without(codes []string, code string) []string {
	kept := []string{}
	for _, c := range codes {
		if c != code {
			kept = append(kept, c)
		}
	}
	return kept
}

// Number asks for a whole number between min and max.
func (t *Talk) Number(name string, min, max int64, opts ...Opt) int64 {
	return ask(t, question{name: name, digits: true}, opts, func(in *Input) (int64, *miss) {
		if n, ok := vietnamese.ReadNumber(in.Text); ok && n >= min && n <= max {
			return n, nil
		}
		return 0, &miss{}
	})
}

// Quantity asks how much of something, with its unit.
func (t *Talk) Quantity(name string, opts ...Opt) vietnamese.Quantity {
	return ask(t, question{name: name, digits: true}, opts, func(in *Input) (vietnamese.Quantity, *miss) {
		q, how := vietnamese.ReadQuantity(in.Text)
		if how == vietnamese.Understood {
			return q, nil
		}
		if _, ok := vietnamese.ReadNumber(in.Text); ok {
			return q, &miss{id: "bot.unit_missing", vars: Vars{"text": in.Text}}
		}
		return q, &miss{}
	})
}

// Money asks for an amount in đồng, or a range of amounts.
func (t *Talk) Money(name string, opts ...Opt) vietnamese.Money {
	return ask(t, question{name: name, digits: true}, opts, func(in *Input) (vietnamese.Money, *miss) {
		m, candidates, how := vietnamese.ReadMoney(in.Text)
		if how == vietnamese.Understood {
			return m, nil
		}
		again := &miss{vars: Vars{"text": in.Text}}
		for _, c := range candidates {
			again.picks = append(again.picks, Pick{vietnamese.FormatMoney(c.Low), encode(c)})
		}
		if len(again.picks) > 0 {
			again.id = "bot.which_money"
		}
		return m, again
	})
}

// Date asks for a day.
func (t *Talk) Date(name string, opts ...Opt) vietnamese.Date {
	return ask(t, question{name: name, digits: true}, opts, func(in *Input) (vietnamese.Date, *miss) {
		d, how := vietnamese.ReadDate(in.Text, t.Now)
		if how == vietnamese.Understood {
			return d, nil
		}
		return d, &miss{}
	})
}

// Phone asks for a telephone number, with a button that sends the person's own
// where the channel has one. The answer is the national number, digits only;
// verified tells that the platform vouches for it.
func (t *Talk) Phone(name string, opts ...Opt) Phone {
	return ask(t, question{name: name, digits: true, contact: true}, opts, func(in *Input) (Phone, *miss) {
		if in.Phone != "" {
			if n, ok := vietnamese.Phone(in.Phone); ok {
				return Phone{n, true}, nil
			}
		}
		if n, ok := vietnamese.Phone(in.Text); ok {
			return Phone{n, false}, nil
		}
		return Phone{}, &miss{}
	})
}

// Phone is a telephone number a person gave.
type Phone struct {
	Number   string // national, digits only
	Verified bool   // sent with the platform's contact button, so it is their own
}

// Place asks for a commune, by its new or former name, and returns its code. near is the
// code of the commune proposed first; empty: none.
func (t *Talk) Place(name, near string, opts ...Opt) string {
	q := question{name: name, words: true, label: func(code string) string {
		c, _ := vietnamese.CommuneByCode(code)
		return c.FullName
	}}
	if c, ok := vietnamese.CommuneByCode(near); ok {
		q.codes, q.words, q.agree = []string{c.Code}, false, true
	}
	return ask(t, q, opts, func(in *Input) (string, *miss) {
		if near != "" && (in.Code == near || vietnamese.YesNo(in.Text) == vietnamese.Yes) {
			return near, nil
		}
		found, how := vietnamese.ReadCommune(cmp.Or(in.Text, in.Place), t.script.Province())
		switch {
		case how == vietnamese.Understood && len(found) == 1:
			return found[0].Code, nil
		case how == vietnamese.Uncertain && len(found) > 0:
			m := &miss{id: "bot.which_place"}
			for _, c := range found {
				m.picks = append(m.picks, Pick{placeLabel(c), encode(c.Code)})
			}
			return "", m
		}
		return "", &miss{}
	})
}

// placeLabel tells communes of one name apart.
func placeLabel(c vietnamese.Commune) string {
	label := c.FullName + ", " + c.Province
	if c.Former != "" {
		label += " (" + c.Former + ")"
	}
	return label
}

// Photos asks for photos; those of one album are one answer. More than max are
// cut off.
func (t *Talk) Photos(name string, max int, opts ...Opt) []File {
	return ask(t, question{name: name, files: true}, opts, func(in *Input) ([]File, *miss) {
		if len(in.Files) == 0 {
			return nil, &miss{}
		}
		return in.Files[:min(max, len(in.Files))], nil
	})
}

// File asks for a document.
func (t *Talk) File(name string, opts ...Opt) File {
	return ask(t, question{name: name, file: true}, opts, func(in *Input) (File, *miss) {
		if len(in.Files) == 0 {
			return File{}, &miss{}
		}
		return in.Files[0], nil
	})
}

// Confirm shows a summary and asks whether it is right. Any single answer given
// since the last change can be corrected from here. False: the person gives it
// up.
func (t *Talk) Confirm(name string, vars Vars) bool {
	const right, fix, drop = "right", "fix", "drop"
	fixable := slices.Clone(t.answered)
	label := func(code string) string { return t.Phrase("bot.confirm.options."+code, nil) }
	q := question{name: name, vars: vars, codes: []string{right, fix, drop}, label: label}
	which := question{name: name + ".which", codes: fixable, label: func(code string) string {
		if code == codeKeep {
			return t.Phrase("bot.confirm.keep", nil)
		}
		q := question{name: code}
		return vietnamese.Capital(t.Phrase(q.id()+".short", nil))
	}}
	answer := ask(t, q, nil, func(in *Input) (string, *miss) {
		if target, ok := t.correction(&which, in.Text); ok {
			return target, nil
		}
		switch code, m := t.choose(&q, in); {
		case m == nil:
			return code, nil
		case in.Text == "":
			return "", m
		}
		yes, m := t.yesNo(in)
		if m != nil {
			return "", m
		}
		if yes {
			return right, nil
		}
		return fix, nil
	})
	switch answer {
	case right:
		return true
	case drop:
		return false
	case fix:
		which.codes = append(slices.Clone(fixable), codeKeep)
		answer = ask(t, which, []Opt{func(q *question) { q.text = "bot.confirm.which" }}, func(in *Input) (string, *miss) { return t.choose(&which, in) })
	}
	t.state.forget(name)
	t.state.forget(which.name)
	t.state.forget(answer)
	panic(rerun{})
}

// codeKeep is the option that leaves a summary as it is.
const codeKeep = "keep"

// correction reads "sửa giá": a wish to correct one answer, said in one go.
func (t *Talk) correction(which *question, text string) (string, bool) {
	rest, ok := cutFix(text)
	if !ok {
		return "", false
	}
	labels := make([]string, len(which.codes))
	for i, c := range which.codes {
		labels[i] = which.label(c)
	}
	if found := vietnamese.Choice(rest, labels); len(found) == 1 {
		return which.codes[found[0]], true
	}
	return "", false
}
