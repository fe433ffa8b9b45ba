package bot

import (
	"slices"
	"strconv"
	"strings"

	"lensan/bot/vietnamese"
)

// Opt changes a question.
type Opt func(*question)

// Optional lets a question be skipped; its answer is then the zero value.
func Optional(q *question) { q.optional = true }

// Prose takes the words as they are: no wish is looked for in them.
func Prose(q *question) { q.prose = true }

// With fills the question's texts with values.
func With(vars Vars) Opt {
	return func(q *question) { q.vars = vars }
}

// Labels names options that are not in locales, such as records.
func Labels(label func(code string) string) Opt {
	return func(q *question) { q.label = label }
}

// question is what the engine knows of an open question. Its texts are
// <name>.ask, .again, .short (for corrections) and .options.<code>; a name's
// part after "/" is the key of a loop and not part of the texts' names.
type question struct {
	name     string
	text     string // id of the text, if not <name>.ask
	vars     Vars
	codes    []string            // options, in the order shown
	label    func(string) string // of an option; nil: from locales
	optional bool
	digits   bool // takes digits, so options have no numbers and 0 and 9 are answers
	words    bool // takes any words, so a wish may be meant as an answer
	prose    bool // and the words are not looked at
	agree    bool // "đúng" is an answer: one thing is proposed
	contact  bool // shows the button that sends the person's own number
	files    bool // takes photos
	file     bool // takes a document
}

// codeSkip is the option that skips an optional question.
const codeSkip = "skip"

func (q *question) id() string {
	id, _, _ := strings.Cut(q.name, "/")
	return id
}

// askID is the id of the text that asks.
func (q *question) askID() string {
	if q.text != "" {
		return q.text
	}
	return q.id() + ".ask"
}

// miss is an answer that was not understood.
type miss struct {
	id    string // what to say; empty: <name>.again
	vars  Vars
	picks []Pick // it fits several: which?
}

// ask returns the answer to a question: the one kept, or the one read from the
// message if this question was asked last. Otherwise it asks and stops.
func ask[T any](t *Talk, q question, opts []Opt, read func(*Input) (T, *miss)) T {
	for _, o := range opts {
		o(&q)
	}
	t.once(q.name)
	if v, ok := kept[T](t, q.name); ok {
		t.answered = append(t.answered, q.name)
		return v
	}
	// The message goes only to the question the last reply asked.
	if t.in == nil || t.state.Asked != q.name {
		t.ask(&q)
	}
	in := t.in
	t.in = nil
	var value T
	switch pick, none := t.picked(in); {
	case none:
		t.state.Picks = nil
		t.ask(&q)
	case pick != nil:
		if err := decode(pick.Value, &value); err != nil {
			t.fail(err)
		}
	case q.optional && (in.Code == codeSkip || q.words && isSkip(in.Text)):
	default:
		v, m := read(in)
		switch {
		case m == nil:
			value = v
		case q.optional && isSkip(in.Text): // "chưa có" may also be one of the options
		default:
			t.missed(&q, in, m)
		}
	}
	t.keep(q.name, value, fromPerson)
	t.answered = append(t.answered, q.name)
	t.said = nil
	return value
}

// picked is the reading the person chose when an answer fitted several; none:
// they chose none of them.
func (t *Talk) picked(in *Input) (pick *Pick, none bool) {
	if len(t.state.Picks) == 0 {
		return nil, false
	}
	if in.Code == "p-" {
		return nil, true
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(in.Code, "p")); err == nil && strings.HasPrefix(in.Code, "p") && n < len(t.state.Picks) {
		return &t.state.Picks[n], false
	}
	labels := make([]string, len(t.state.Picks))
	for i, p := range t.state.Picks {
		labels[i] = p.Label
	}
	labels = append(labels, t.Phrase("bot.else", nil))
	switch found := vietnamese.Choice(in.Text, labels); {
	case len(found) == 1 && found[0] == len(t.state.Picks):
		return nil, true
	case len(found) == 1:
		return &t.state.Picks[found[0]], false
	}
	return nil, false
}

// ask asks the question and stops.
func (t *Talk) ask(q *question) {
	t.question(q, t.Phrase(q.askID(), q.vars), t.options(q))
}

// question says the question with its options and stops the run.
func (t *Talk) question(q *question, text string, options []Option) {
	r := Reply{ID: q.askID(), Text: text, Options: options, Question: true}
	if q.contact {
		r.Contact = t.Phrase("bot.contact_button", nil)
	}
	if t.state.again == q.name {
		t.said = nil
	}
	t.said = append(t.said, r)
	t.shown = options
	t.state.asked(q.name, t.sess.Turn+1)
	t.state.Codes = q.codes
	t.noteTakes(q)
	panic(stopped{})
}

// noteTakes notes in the state what the router must know of the open question.
func (t *Talk) noteTakes(q *question) {
	t.state.Takes = takes{Digits: q.digits, Words: q.words, Prose: q.prose, Agree: q.agree, Files: q.files, File: q.file}
}

// options are the question's options as the person sees them.
func (t *Talk) options(q *question) []Option {
	var all []Option
	add := func(code, label string) {
		o := Option{Label: label, Data: answerData(t.sess.Turn+1, code)}
		if !q.digits && !q.words {
			o.Number = strconv.Itoa(len(all) + 1)
		}
		all = append(all, o)
	}
	for _, c := range q.codes {
		add(c, t.optionLabel(q, c))
	}
	if q.optional {
		add(codeSkip, t.Phrase("bot.skip", nil))
	}
	return all
}

func (t *Talk) optionLabel(q *question, code string) string {
	if q.label != nil {
		return q.label(code)
	}
	return t.Phrase(q.id()+".options."+code, q.vars)
}

// missed asks again, kindly and never twice in the same words: first with an
// example, then in other words with the way out, then with the offer of a
// person. Several readings are offered as options. What reads like another wish
// is offered as that.
func (t *Talk) missed(q *question, in *Input, m *miss) {
	t.said = nil // what stands before the question was said with it
	if len(m.picks) > 0 {
		t.which(q, m)
	}
	if !in.Taken && in.Text != "" && t.sess.Over == nil {
		if w, ok := t.script.wish(in.Text); ok {
			if len(t.state.given()) == 0 { // nothing is left half-done
				t.Open(w)
			}
			t.then = func(s *Session) { s.Over = &State{Flow: flowSwitch, Arg: w.String()} }
			panic(stopped{})
		}
	}
	t.state.Misses++
	options := t.options(q)
	var said string
	switch id := q.id() + ".again"; {
	case t.state.Misses%3 == 0:
		said = t.Phrase("bot.again_contact_person", Vars{"digits": q.digits}) + "\n" + t.Phrase(q.askID(), q.vars)
		number := numberPerson
		if q.digits {
			number = "" // 9 is an answer
		}
		options = append(options, Option{Number: number, Label: t.Phrase("bot.person_button", nil), Data: t.script.Person.String()})
	case m.id != "":
		said = t.Phrase(m.id, m.vars)
	case t.state.Misses%3 == 1 && t.Has(id):
		said = t.Phrase(id, q.vars)
	default:
		said = t.Phrase("bot.again", nil) + "\n" + t.Phrase(q.askID(), q.vars)
	}
	if t.state.Misses%3 == 2 {
		said += "\n" + t.Phrase("bot.back_hint", Vars{"digits": q.digits})
	}
	misses := t.state.Misses
	t.state.Asked = q.name
	defer func() { t.state.Misses = misses }()
	t.question(q, said, options)
}

// which asks which of several readings is meant.
func (t *Talk) which(q *question, m *miss) {
	id := m.id
	if id == "" {
		id = "bot.which"
	}
	var options []Option
	for i, p := range m.picks {
		options = append(options, Option{Number: strconv.Itoa(i + 1), Label: p.Label, Data: answerData(t.sess.Turn+1, "p"+strconv.Itoa(i))})
	}
	options = append(options, Option{Number: strconv.Itoa(len(m.picks) + 1), Label: t.Phrase("bot.else", nil), Data: answerData(t.sess.Turn+1, "p-")})
	which := *q
	which.codes = nil
	defer func() { t.state.Picks = m.picks }()
	t.question(&which, t.Phrase(id, m.vars), options)
}

// answerData is what an answer button carries: the turn that showed it, and the
// option's code.
func answerData(turn int64, code string) string {
	return "a" + strconv.FormatInt(turn, 36) + "." + code
}

// parseAnswer reads what answerData wrote.
func parseAnswer(data string) (turn int64, code string, ok bool) {
	t, code, ok := strings.Cut(strings.TrimPrefix(data, "a"), ".")
	if !ok || !strings.HasPrefix(data, "a") {
		return 0, "", false
	}
	turn, err := strconv.ParseInt(t, 36, 64)
	return turn, code, err == nil
}

// choose reads one of the question's options.
func (t *Talk) choose(q *question, in *Input) (string, *miss) {
	codes := t.state.Codes // what the person saw
	if slices.Contains(q.codes, in.Code) {
		return in.Code, nil
	}
	labels := make([]string, len(codes))
	for i, c := range codes {
		if slices.Contains(q.codes, c) {
			labels[i] = t.optionLabel(q, c)
		}
	}
	found := vietnamese.Choice(in.Text, labels)
	if len(found) != 1 && slices.Contains(codes, "yes") && slices.Contains(codes, "no") {
		switch vietnamese.YesNo(in.Text) {
		case vietnamese.Yes:
			return "yes", nil
		case vietnamese.No:
			return "no", nil
		}
	}
	switch {
	case in.Text == "" || len(found) == 0 || len(found) > 5:
		return "", &miss{}
	case len(found) == 1:
		return codes[found[0]], nil
	}
	m := &miss{}
	for _, i := range found {
		m.picks = append(m.picks, Pick{labels[i], encode(codes[i])})
	}
	return "", m
}
