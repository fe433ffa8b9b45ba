package bot

import "slices"

// Script is what a bot says and does: its flows, and which of them belong to the
// words that work everywhere. Package flows writes it.
type Script struct {
	Flows     map[string]func(*Talk)         // by name; a name is never reused for something else
	Own       []string                       // flows that the bot opens on its own alone: no button and no link asks for them
	Hello     Wish                           // what a chat begins with
	Menu      Wish                           // 0
	Person    Wish                           // 9
	Quiet     Wish                           // DỪNG outside a talk: no more messages of our own
	Withdrawn Wish                           // the person took back their consent with the platform's own form
	Remind    Wish                           // NHẮC: messages of our own again
	Wishes    func(text string) []Match      // what a text may ask for, best first
	Code      func(text string) (Wish, bool) // what a code asks for, in whatever talk it is typed; nil: there are no codes
	File      func(File) (Wish, bool)        // what a document is for that nobody asked for: a talk that begins by asking for one; nil: for nothing
	Province  func() string                  // code of the province whose places are meant when nothing else is said
}

// Match is a wish that a text may express.
type Match struct {
	Wish  Wish
	Score float64 // from 0.8 on it is taken, from 0.4 on it is offered
}

const (
	takeScore  = 0.8
	offerScore = 0.4
)

// asked returns the wish that a button or a link carries. They can be forged: false
// also for what the bot opens on its own alone.
func (s *Script) asked(data string) (Wish, bool) {
	w, ok := parseWish(data)
	_, known := s.Flows[w.Flow]
	return w, ok && (known || w.Flow == flowResume) && !slices.Contains(s.Own, w.Flow)
}

// wish returns what a text certainly asks for.
func (s *Script) wish(text string) (Wish, bool) {
	if all := s.Wishes(text); len(all) > 0 && all[0].Score >= takeScore {
		return all[0].Wish, true
	}
	return Wish{}, false
}

// Heard is what typed words are for where no talk is open and no numbers are shown.
// The first that is not empty counts; all empty: they were not understood.
type Heard struct {
	Command string // a word that works everywhere: "menu", "person", "back"
	Wish    Wish   // begun at once
	Offered []Wish // asked back
}

// Hear tells what typed words are for at the menu.
func (s *Script) Hear(text string) Heard {
	if s.Code != nil {
		if w, ok := s.Code(text); ok {
			return Heard{Wish: w}
		}
	}
	if c := commandOf(text); c != noCommand {
		if (takes{}).doubtful(text) {
			return Heard{Offered: []Wish{s.Quiet, s.Menu}}
		}
		return Heard{Command: c.String()}
	}
	if w, ok := s.wish(text); ok {
		return Heard{Wish: w}
	}
	return Heard{Offered: s.guesses(text)}
}

// wanted returns what documents are for that nobody asked for.
func (s *Script) wanted(files []File) (Wish, bool) {
	if s.File == nil || len(files) == 0 {
		return Wish{}, false
	}
	return s.File(files[0])
}

// guesses returns up to three wishes that a text may be near to.
func (s *Script) guesses(text string) []Wish {
	var near []Wish
	for _, m := range s.Wishes(text) {
		if m.Score >= offerScore && len(near) < 3 {
			near = append(near, m.Wish)
		}
	}
	return near
}
