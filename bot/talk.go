package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Talk is one run of a flow. The flow is an ordinary function: it is called from
// the top for every message and stops by itself at the first question without
// an answer. Answers are kept by name, so a flow may branch on answers, on
// [Know] and on [Talk.Now], and on nothing else.
type Talk struct {
	Chat Chat      // whom it is held with
	Arg  string    // what the wish that opened it was about
	Now  time.Time // the turn's one time

	ctx      context.Context
	script   *Script
	texts    Texts
	sess     *Session
	state    *State
	in       *Input // the message, until a question has taken it
	begin    func() (Tx, error)
	tx       Tx
	inside   bool                       // in a Do
	done     map[string]json.RawMessage // results of Do, when a turn is repeated as a check
	did      map[string]json.RawMessage // results of Do in this turn
	answered []string                   // questions answered since the last change, in the order met
	used     map[string]bool            // names met in this run
	said     []Reply
	wishes   []Option
	unasked  Unasked        // of a talk that speaks on its own
	shown    []Option       // the options of the question asked
	then     func(*Session) // what to do when the flow has ended
}

// Input is the message as a question sees it.
type Input struct {
	Text  string
	Code  string // of the option that was tapped, or whose number was typed
	Files []File
	Phone string // the person's own number, from the contact button
	Place string // the address that came with it
	Taken bool   // it is meant as an answer, whatever else it could be
}

// Wish is something a person may want: a flow and what it is about. As a button
// it is good at any time.
type Wish struct {
	Flow string
	Arg  string
}

// String is the wish as a button carries it.
func (w Wish) String() string { return "w" + w.Flow + "." + w.Arg }

// parseWish reads what [Wish.String] wrote. The bot's own short talks (patterns.go)
// have a dot in their names.
func parseWish(data string) (Wish, bool) {
	rest, ok := strings.CutPrefix(data, "w")
	own := ""
	if strings.HasPrefix(rest, "bot.") {
		own, rest = rest[:4], rest[4:]
	}
	flow, arg, dot := strings.Cut(rest, ".")
	return Wish{own + flow, arg}, ok && dot && flow != ""
}

// The ways a run of a flow ends before its last line. They are panic
// values so that a flow needs no error handling, as testing.T's FailNow; only
// [Talk.run] catches them.
type (
	stopped struct{}            // at a question
	ended   struct{}            // the flow said End
	failure struct{ err error } // something failed that is not the person's fault
	rerun   struct{}            // answers changed: from the top again
)

// maxReruns bounds how often one message may send a flow back to its top.
const maxReruns = 10

// run runs the flow until it stops at a question (done false) or ends.
func (t *Talk) run(flow func(*Talk)) (done bool, err error) {
	for range maxReruns {
		t.used, t.answered, t.said, t.wishes, t.shown = map[string]bool{}, nil, nil, nil, nil
		again := false
		func() {
			defer func() {
				switch r := recover().(type) {
				case nil, ended:
					done = true
				case stopped:
				case rerun:
					again = true
				case failure:
					err = r.err
				default:
					err = fmt.Errorf("bot: flow %s: panic: %v\n%s", t.state.Flow, r, debug.Stack())
				}
			}()
			flow(t)
		}()
		if !again {
			return done, err
		}
	}
	return false, fmt.Errorf("bot: flow %s does not come to rest", t.state.Flow)
}

func (t *Talk) fail(err error) { panic(failure{err}) }

// End ends the talk here.
func (t *Talk) End() { panic(ended{}) }

// Context is the turn's context, for look-ups.
func (t *Talk) Context() context.Context { return t.ctx }

// Tx is the turn's transaction from the first [Do] on, and nil before it:
// look-ups after a change use it.
func (t *Talk) Tx() Tx { return t.tx }

// Person is the number of the person the chat belongs to; 0: nobody known.
func (t *Talk) Person() int64 { return t.sess.Person }

// Identify makes the chat belong to a person from the end of this turn on.
func (t *Talk) Identify(person int64) { t.sess.Person = person }

// Forget drops what the chat knows of the person: they were deleted.
func (t *Talk) Forget() {
	t.sess.Person, t.sess.Drafts, t.sess.Album = 0, nil, nil
	t.state.Answers, t.state.Title = nil, ""
}

// Speak changes the language of the chat.
func (t *Talk) Speak(lang string) { t.sess.Lang = lang }

// Lang is the language of the chat.
func (t *Talk) Lang() string { return t.sess.Lang }

// Title names what the person is in the middle of, in their words, for the day
// they come back to it.
func (t *Talk) Title(words string) { t.state.Title = words }

// Unfinished tells what half-done talks there are, newest first, as wishes that
// take them up again.
func (t *Talk) Unfinished() []Option {
	var all []Option
	for _, d := range slices.Backward(t.sess.Drafts) {
		all = append(all, Option{Label: t.Phrase("bot.resume_button", Vars{"talk": t.title(&d)}), Data: resume(d).String()})
	}
	return all
}

// Doing names what the person is in the middle of: the open talk, or else the
// last half-done one; empty: nothing. open: it is the open talk.
func (t *Talk) Doing() (title string, open bool) {
	switch n := len(t.sess.Drafts); {
	case t.sess.Talk != nil && len(t.sess.Talk.given()) > 0:
		return t.title(t.sess.Talk), true
	case n > 0:
		return t.title(&t.sess.Drafts[n-1]), false
	}
	return "", false
}

// title is a talk's name: "khai sản phẩm Gạo Séng Cù".
func (t *Talk) title(s *State) string {
	return t.Phrase(s.Flow+".title", Vars{"what": s.Title})
}

// Phrase returns a text of locales in the chat's language.
func (t *Talk) Phrase(id string, vars Vars) string {
	s, err := t.texts.Text(t.sess.Lang, id, vars)
	if err != nil {
		t.fail(err)
	}
	return s
}

// Has tells whether locales has a text.
func (t *Talk) Has(id string) bool { return t.texts.Has(id) }

// Say says a text. What stands before the question now answered was said
// already and is dropped.
func (t *Talk) Say(id string, vars ...Vars) {
	t.said = append(t.said, Reply{ID: id, Text: t.Phrase(id, merge(vars))})
}

// Show shows a picture or document before what the turn says; one a turn. It is
// made of answers and look-ups alone, as everything said: its key, its link.
func (t *Talk) Show(a Attachment) {
	t.said = append(t.said, Reply{File: &a})
}

// Template names a template that says the same as this talk, for people who cannot
// be written to freely any more: what it is called in the content folder, its
// values, and the person's number (national digits) in case the platform does not
// know them otherwise. It counts only where the bot speaks on its own.
func (t *Talk) Template(name, phone string, values map[string]string) {
	t.unasked = Unasked{Template: name, Phone: phone, Values: values}
}

// Next offers wishes under what the talk says last. They are numbered, and
// their labels are the texts wish.<flow>.
func (t *Talk) Next(wishes ...Wish) {
	for _, w := range wishes {
		t.Offer(t.label(w), w)
	}
}

// label is the name of a wish on a button: wish.<flow>_<arg>, or else wish.<flow>.
func (t *Talk) label(w Wish) string {
	if id := "wish." + w.Flow + "_" + w.Arg; w.Arg != "" && t.Has(id) {
		return t.Phrase(id, nil)
	}
	return t.Phrase("wish."+w.Flow, nil)
}

// Offer is Next with a label of its own.
func (t *Talk) Offer(label string, w Wish) { t.Add(Option{Label: label, Data: w.String()}) }

// Add offers an option. The menu and the person have numbers of their own, the
// others are numbered in order.
func (t *Talk) Add(o Option) {
	switch o.Data {
	case t.script.Menu.String():
		o.Number = numberMenu
	case t.script.Person.String():
		o.Number = numberPerson
	default:
		n := 1
		for _, other := range t.wishes {
			if other.Number != numberMenu && other.Number != numberPerson {
				n++
			}
		}
		o.Number = strconv.Itoa(n)
	}
	t.wishes = append(t.wishes, o)
}

// Open leaves this talk and begins another when the flow has ended. Where the bot
// speaks on its own to somebody in the middle of a talk, it begins none: what is
// offered by [Talk.Next] stands for it.
func (t *Talk) Open(w Wish) {
	t.then = func(s *Session) { s.begin(w) }
	t.End()
}

// once holds that a name is met once in a run.
func (t *Talk) once(name string) {
	if t.inside {
		t.fail(fmt.Errorf("bot: %q is asked inside a Do", name))
	}
	if t.used[name] {
		t.fail(fmt.Errorf("bot: the name %q is used twice in one run", name))
	}
	t.used[name] = true
}

// kept returns the answer kept under a name. An answer of another type counts
// as none. What was said before it was said in an earlier turn.
func kept[T any](t *Talk, name string) (value T, ok bool) {
	i := t.state.index(name)
	if i < 0 {
		return value, false
	}
	if err := json.Unmarshal(t.state.Answers[i].Value, &value); err != nil {
		return *new(T), false
	}
	t.said = nil
	return value, true
}

func (t *Talk) keep(name string, value any, from from) {
	if err := t.state.keep(name, value, from); err != nil {
		t.fail(fmt.Errorf("bot: keeping %q: %w", name, err))
	}
}

// Know looks something up once and keeps it like an answer, so that the talk
// goes the same way when the world changes.
func Know[T any](t *Talk, name string, look func() (T, error)) T {
	t.once(name)
	if v, ok := kept[T](t, name); ok {
		return v
	}
	v, err := look()
	if err != nil {
		t.fail(fmt.Errorf("bot: looking up %q: %w", name, err))
	}
	t.keep(name, v, fromKnow)
	return v
}

// Do changes something, in the turn's transaction, and keeps the result like an
// answer (ids, not records). It is the only place where something changes. The
// function may run several times and be rolled back: it touches only tx and
// returns a fresh value. An expected refusal is a value; an error fails the
// turn. Above a finished Do nothing is asked again.
func Do[T any](t *Talk, name string, change func(Tx) (T, error)) T {
	t.once(name)
	defer func() { t.answered = nil }()
	if v, ok := kept[T](t, name); ok {
		return v
	}
	if raw, ok := t.done[t.state.Flow+" "+name]; ok {
		var v T
		if err := decode(raw, &v); err != nil {
			t.fail(err)
		}
		t.keep(name, v, fromDo)
		return v
	}
	if t.tx == nil {
		tx, err := t.begin()
		if err != nil {
			t.fail(err)
		}
		t.tx = tx
	}
	t.inside = true
	v, err := change(t.tx)
	t.inside = false
	if err != nil {
		t.fail(fmt.Errorf("bot: %q: %w", name, err))
	}
	t.keep(name, v, fromDo)
	t.did[t.state.Flow+" "+name] = encode(v)
	return v
}

func merge(vars []Vars) Vars {
	if len(vars) == 1 {
		return vars[0]
	}
	all := Vars{}
	for _, v := range vars {
		for k, x := range v {
			all[k] = x
		}
	}
	return all
}
