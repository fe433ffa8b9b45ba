package bot

import (
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Session is what the bot remembers of a chat between two turns. It is plain
// data: the committed one lies in Postgres, a live copy in Redis.
type Session struct {
	Turn    int64  `json:"turn"`  // turns committed so far
	Nonce   string `json:"nonce"` // of the commit that made it: a restored or deleted past has another
	Person  int64  `json:"person,omitempty"`
	Lang    string `json:"lang,omitempty"`
	Blocked bool   `json:"blocked,omitempty"` // the person blocked us

	Talk   *State   `json:"talk,omitempty"`   // the open talk
	Over   *State   `json:"over,omitempty"`   // a short question of the bot's own above it (patterns.go)
	Drafts []State  `json:"drafts,omitempty"` // half-done talks, the last put aside last
	Aside  []aside  `json:"aside,omitempty"`  // those of others who speak in this chat (speaker.go)
	Shown  []Option `json:"shown,omitempty"`  // the options of the last reply: "2" means what the person saw
	Misses int      `json:"misses,omitempty"` // messages in a row nobody understood, outside a talk

	Album  []File    `json:"album,omitempty"`  // photos that came in and were not answered yet
	Owed   time.Time `json:"owed,omitzero"`    // when the answer to them is due
	Own    bool      `json:"own,omitempty"`    // the last thing said was said on our own: DỪNG is meant for it
	Wrote  time.Time `json:"wrote,omitzero"`   // when the person last wrote
	Quiet  time.Time `json:"quiet,omitzero"`   // until then an officer talks with the person, and the bot does not
	Later  []Wish    `json:"later,omitempty"`  // what the bot had to say on its own meanwhile
	Again  string    `json:"again,omitempty"`  // words the person says are an answer, to be given to the open question
	Failed string    `json:"failed,omitempty"` // the flow whose turn failed last

	raw []byte // the session as it was kept, or is to be kept; nil while a turn changes it
}

// State is a talk between two turns: the flow and the answers so far, by name.
type State struct {
	ID      int64    `json:"id,omitempty"` // the turn that began it
	Flow    string   `json:"flow"`
	Arg     string   `json:"arg,omitempty"`
	Answers []Answer `json:"answers,omitempty"`
	Asked   string   `json:"asked,omitempty"`  // the question the last reply asked
	Turn    int64    `json:"turn,omitempty"`   // the turn that asked it: its buttons carry this number
	Codes   []string `json:"codes,omitempty"`  // the options it showed, in order
	Picks   []Pick   `json:"picks,omitempty"`  // what it took the last answer for, when several fit
	Takes   takes    `json:"takes,omitzero"`   // what it can be answered with
	Misses  int      `json:"misses,omitempty"` // answers to it that were not understood
	Was     string   `json:"was,omitempty"`    // of a draft: the question that was open
	again   string   // the question to be asked once more in this turn: what stands before it was said already
	Title   string   `json:"title,omitempty"` // what the person is in the middle of, in their words
}

// takes is what the open question can be answered with; the router needs it
// before the flow is run.
type takes struct {
	Digits bool `json:"digits,omitempty"` // a number: 0 and 9 are answers
	Words  bool `json:"words,omitempty"`  // any words
	Prose  bool `json:"prose,omitempty"`  // words that are not looked at
	Agree  bool `json:"agree,omitempty"`  // "đúng": one thing is proposed
	Files  bool `json:"files,omitempty"`  // photos
	File   bool `json:"file,omitempty"`   // a document
}

// Answer is kept by name: an answer of the person, a look-up, or the result of
// a change.
type Answer struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
	From  from            `json:"from,omitempty"`
}

// from is where an answer comes from.
type from string

const (
	fromPerson from = ""
	fromKnow   from = "know"
	fromDo     from = "do"
)

// Pick is one reading of an answer that can be read in several ways.
type Pick struct {
	Label string          `json:"label"`
	Value json.RawMessage `json:"value"`
}

// index returns where the answer called name stands, or -1.
func (s *State) index(name string) int {
	for i := range s.Answers {
		if s.Answers[i].Name == name {
			return i
		}
	}
	return -1
}

// keep puts an answer at the end of the list, or in place of the one of the
// same name (a type changed by a deploy).
func (s *State) keep(name string, value any, from from) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	a := Answer{Name: name, Value: raw, From: from}
	if i := s.index(name); i >= 0 {
		s.Answers[i] = a
	} else {
		s.Answers = append(s.Answers, a)
	}
	return nil
}

// forget drops an answer and every look-up made after it, which may have
// depended on it.
func (s *State) forget(name string) {
	i := s.index(name)
	if i < 0 {
		return
	}
	kept := s.Answers[:i:i]
	for _, a := range s.Answers[i+1:] {
		if a.From != fromKnow {
			kept = append(kept, a)
		}
	}
	s.Answers = kept
	s.asked("", 0)
	s.again = name
}

// back forgets the last answer of the person, unless a change was made after it.
func (s *State) back() bool {
	for i := len(s.Answers) - 1; i >= 0 && s.Answers[i].From != fromDo; i-- {
		if s.Answers[i].From == fromPerson {
			s.again = s.Answers[i].Name
			s.Answers = s.Answers[:i]
			s.asked("", 0)
			return true
		}
	}
	return false
}

// given returns the names of the person's answers since the last change, in the
// order they were given.
func (s *State) given() []string {
	var names []string
	for _, a := range s.Answers {
		switch a.From {
		case fromDo:
			names = nil
		case fromPerson:
			names = append(names, a.Name)
		}
	}
	return names
}

// asked notes the question that is open now.
func (s *State) asked(name string, turn int64) {
	if s.Asked != name {
		s.Misses, s.Picks = 0, nil
	}
	s.Asked, s.Turn = name, turn
}

// maxDrafts bounds the half-done talks of a chat; the oldest goes.
const maxDrafts = 5

// park puts the open talk aside as a draft, if it has an answer worth keeping.
func (s *Session) park() {
	if s.Talk != nil && len(s.Talk.given()) > 0 {
		d := *s.Talk
		d.Was = d.Asked
		d.asked("", 0)
		s.Drafts = append(s.Drafts, d)
		if len(s.Drafts) > maxDrafts {
			s.Drafts = s.Drafts[1:]
		}
	}
	s.Talk, s.Over = nil, nil
}

// draft returns the number of a draft in the list, or -1.
func (s *Session) draft(is func(State) bool) int {
	for i, d := range slices.Backward(s.Drafts) {
		if is(d) {
			return i
		}
	}
	return -1
}

// takeDraft takes a draft off the list; nil: it is gone.
func (s *Session) takeDraft(id int64) *State {
	i := s.draft(func(d State) bool { return d.ID == id })
	if i < 0 {
		return nil
	}
	d := s.Drafts[i]
	s.Drafts = slices.Delete(slices.Clone(s.Drafts), i, i+1)
	return &d
}

// begin begins a talk; the one that was open becomes a draft.
func (s *Session) begin(w Wish) {
	s.park()
	s.Talk = &State{ID: s.Turn + 1, Flow: w.Flow, Arg: w.Arg}
	s.Misses = 0
}

// JSON is the session as it is kept. What does not survive it does not survive a
// turn.
func (s *Session) JSON() ([]byte, error) {
	if s.raw != nil {
		return s.raw, nil
	}
	return json.Marshal(s)
}

// clone returns a copy to be changed.
func (s *Session) clone() (*Session, error) {
	raw, err := s.JSON()
	if err != nil {
		return nil, err
	}
	c, err := DecodeSession(raw)
	if err != nil {
		return nil, err
	}
	c.Turn, c.Nonce, c.Person, c.raw = s.Turn, s.Nonce, s.Person, nil // the row's, not those that were kept
	return c, nil
}

// ErrSession is a session that cannot be decoded.
var ErrSession = errors.New("bot: the session cannot be decoded")

// DecodeSession reads a session as it was kept.
func DecodeSession(raw []byte) (*Session, error) {
	s := &Session{}
	if err := json.Unmarshal(raw, s); err != nil {
		return nil, errors.Join(ErrSession, err)
	}
	s.raw = raw
	return s, nil
}
