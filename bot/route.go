package bot

import (
	"slices"
	"strconv"
	"time"

	"lensan/bot/vietnamese"
)

// albumPause is how long after its last photo an album is answered; platforms
// do not say when one ends.
const albumPause = 1500 * time.Millisecond

// route decides what a message is for (a word that works everywhere, a button,
// a wish, an answer) and runs the talk it belongs to.
func (r *run) route(m *Message) error {
	s := r.sess
	if s.Lang == "" {
		s.Lang = r.bot.lang(m.Lang)
	}
	switch m.Kind {
	case KindOwn:
		return r.own(m.Data)
	case KindOperator:
		s.Quiet = r.now.Add(operatorPause)
		return nil
	}
	if m.Kind != KindBlocked {
		s.Wrote = later(s.Wrote, m.At, r.now)
	}
	if quiet, err := r.quiet(m); quiet || err != nil {
		return err
	}
	own := s.Own
	s.Own = false
	if m.Kind != KindBlocked {
		s.Blocked = false
	}
	if own && m.Kind == KindText && commandOf(m.Text) == cmdStop {
		return r.begin(r.bot.script.Quiet)
	}
	if m.Kind == KindPhoto && (m.Album != "" || len(s.Album) > 0 || !r.takes().Files) {
		r.collect(m.Files)
		return nil
	}
	if m.Kind != KindPhoto && m.Kind != KindBlocked && len(s.Album) > 0 {
		asked, said := r.takes().Files, len(r.replies)
		if err := r.album(); err != nil {
			return err
		}
		if asked && m.Kind == KindText && commandOf(m.Text) == noCommand {
			return nil // "xong" behind the photos; the next question was not seen yet
		}
		if !asked {
			r.replies = r.replies[:said+1] // the word about the photos; the message answers the question
		}
	}
	switch m.Kind {
	case KindText:
		return r.text(m.Text)
	case KindTap:
		return r.tap(m.Data)
	case KindPhoto:
		return r.talk(&Input{Files: m.Files, Text: m.Text})
	case KindFile:
		return r.file(m)
	case KindContact:
		if m.Phone == "" && m.Text == "" {
			return r.notice("bot.contact_foreign")
		}
		return r.talk(&Input{Phone: m.Phone, Place: m.Text})
	case KindStart, KindUnblocked:
		return r.start(m.Data)
	case KindBlocked:
		s.Blocked = true
		return nil
	case KindWithdrawn:
		return r.begin(r.bot.script.Withdrawn)
	case KindVoice:
		return r.notice("bot.voice")
	case KindLocation:
		return r.notice("bot.location_unasked")
	case KindEdited:
		return r.notice("bot.edited")
	default:
		return r.notice("bot.sticker")
	}
}

// takes is what the open question can be answered with.
func (r *run) takes() takes {
	if s := r.open(); s != nil {
		return s.Takes
	}
	return takes{}
}

// collect keeps a photo until the others of its album are here. It is a silent
// turn of its own; the answer is owed.
func (r *run) collect(files []File) {
	const most = 20
	if s := r.sess; len(s.Album) < most {
		s.Album = append(s.Album, files...)
	}
	r.sess.Owed = r.now.Add(albumPause)
}

// album gives the collected photos to the open question, as one answer.
func (r *run) album() error {
	files := r.sess.Album
	r.sess.Album, r.sess.Owed = nil, time.Time{}
	if !r.takes().Files {
		return r.notice("bot.photo_unasked")
	}
	return r.talk(&Input{Files: files})
}

// file gives a document to the open question. One that nobody asked for begins
// the talk it is for, if that takes it from this person; else the open talk stays
// as it is.
func (r *run) file(m *Message) error {
	in := &Input{Files: m.Files, Text: m.Text}
	if r.takes().File {
		return r.talk(in)
	}
	if w, ok := r.bot.script.wanted(m.Files); ok {
		before, err := r.sess.clone()
		if err != nil {
			return err
		}
		said := len(r.replies)
		if r.sess.Talk != nil && r.sess.Talk.Flow == w.Flow {
			r.sess.Talk = nil // this document instead of that
		}
		r.sess.begin(w)
		if err := r.talk(nil); err != nil {
			return err
		}
		r.replies = r.replies[:said] // the question need not be asked
		if r.takes().File {
			return r.talk(in)
		}
		r.sess = before
	}
	return r.notice("bot.file_unasked")
}

// text finds out what typed words are for.
func (r *run) text(text string) error {
	if text == "" { // nothing readable was left of it
		return r.notice("bot.sticker")
	}
	if code := r.bot.script.Code; code != nil {
		if w, ok := code(text); ok {
			return r.begin(w)
		}
	}
	if r.aside(text) {
		r.sess.Over = nil
	}
	open, takes := r.open(), r.takes()
	if n, err := strconv.Atoi(text); err == nil {
		for _, o := range r.sess.Shown {
			if o.Number == strconv.Itoa(n) {
				return r.tap(o.Data)
			}
		}
	}
	if c := commandOf(text); c != noCommand && !r.answers(open, text) {
		switch {
		case r.sess.Over != nil || !takes.doubtful(text):
			return r.command(c)
		case open == nil:
			return r.speak("bot.guess", nil, r.bot.script.Quiet, r.bot.script.Menu)
		case c == cmdMenu:
			r.sess.Over = &State{Flow: flowAnswer, Arg: r.bot.script.Menu.String(), Title: text}
		default:
			r.sess.Over = &State{Flow: flowStop, Title: text}
		}
		return r.talk(nil)
	}
	if open == nil {
		return r.wish(text)
	}
	if takes.Words && !takes.Prose && r.sess.Over == nil {
		if w, ok := r.bot.script.wish(text); ok {
			r.sess.Over = &State{Flow: flowAnswer, Arg: w.String(), Title: text}
			return r.talk(nil)
		}
	}
	return r.talk(&Input{Text: text})
}

// aside tells that a text does not answer the short question above the open talk:
// who answers the talk's own question after all is not asked twice.
func (r *run) aside(text string) bool {
	s := r.sess
	if s.Over == nil || s.Talk == nil || s.Over.Flow == flowResume || !hasLetter(text) || commandOf(text) != noCommand || vietnamese.YesNo(text) != vietnamese.Unclear {
		return false
	}
	t := r.newTalk(s.Over, nil)
	labels := make([]string, len(s.Over.Codes))
	for i, code := range s.Over.Codes {
		labels[i] = t.Phrase(s.Over.Flow+".options."+code, nil)
	}
	return len(vietnamese.Choice(text, labels)) == 0
}

// answers tells that the words of a command answer the open question: 0 and 9
// where it takes digits; at a yes or no "dung" is "đúng", and "thôi" is no.
func (r *run) answers(open *State, text string) bool {
	if open == nil {
		return false
	}
	if !hasLetter(text) {
		return open.Takes.Digits
	}
	yesNo := slices.Contains(open.Codes, "yes") || slices.Contains(open.Codes, "right")
	switch vietnamese.YesNo(text) {
	case vietnamese.Yes:
		return yesNo || open.Takes.Agree
	case vietnamese.No:
		return yesNo
	}
	return false
}

// labelled is the option of the last reply that the words are the label of.
func (r *run) labelled(text string) (Option, bool) {
	t := r.newTalk(&State{}, nil)
	for _, o := range r.sess.Shown {
		label := o.Label
		if w, ok := parseWish(o.Data); ok && label == "" && t.Has("wish."+w.Flow) {
			label = t.label(w)
		}
		if label != "" && vietnamese.Fold(label) == vietnamese.Fold(text) {
			return o, true
		}
	}
	return Option{}, false
}

// wish opens what the words ask for, offers what they may ask for, or says that
// they were not understood.
func (r *run) wish(text string) error {
	if o, ok := r.labelled(text); ok {
		return r.tap(o.Data)
	}
	if w, ok := r.bot.script.wish(text); ok {
		return r.begin(w)
	}
	s := r.sess
	s.Misses++
	script := r.bot.script
	near := script.guesses(text)
	switch {
	case len(near) > 0:
		return r.speak("bot.guess", nil, append(near, script.Person, script.Menu)...)
	case s.Misses%3 == 1:
		return r.speak("bot.unknown", nil, script.Person, script.Menu)
	case s.Misses%3 == 2:
		if err := r.speak("bot.unknown2", nil); err != nil {
			return err
		}
		misses := s.Misses
		defer func() { s.Misses = misses }()
		return r.begin(script.Menu)
	}
	return r.speak("bot.unknown3", nil, script.Person, script.Menu)
}

// tap does what a button says: an answer if it is the open question's own, a
// wish at any time.
func (r *run) tap(data string) error {
	if w, ok := r.bot.script.asked(data); ok {
		return r.begin(w)
	}
	turn, code, ok := parseAnswer(data)
	if open := r.open(); ok && open != nil && open.Turn == turn {
		return r.talk(&Input{Code: code})
	}
	return r.notice("bot.stale_button")
}

// start greets; a half-done talk is named first. The parameter of a link may be a code,
// or a wish for a talk: anybody can make a link, and who follows it has not read what
// it says, so what a talk is about is not taken from it.
func (r *run) start(data string) error {
	if code := r.bot.script.Code; code != nil {
		if w, ok := code(data); ok {
			return r.begin(w)
		}
	}
	if w, ok := r.bot.script.asked(data); ok && w.Arg == "" {
		return r.begin(w)
	}
	return r.begin(r.bot.script.Hello)
}

// begin opens the talk of a wish. What was open becomes a draft; a draft of the
// same wish is offered.
func (r *run) begin(w Wish) error {
	s := r.sess
	s.Over = nil
	same := s.draft(func(d State) bool { return d.Flow == w.Flow && d.Arg == w.Arg })
	switch {
	case w.Flow == flowResume: // the open talk is put aside when the other is taken up
		s.Over = &State{Flow: flowResume, Arg: w.Arg}
	case w == r.bot.script.Hello && (s.Talk != nil && len(s.Talk.given()) > 0 || len(s.Drafts) > 0):
		s.park()
		s.Over = &State{Flow: flowResume, Arg: resume(s.Drafts[len(s.Drafts)-1]).Arg}
	case s.Talk != nil && s.Talk.Flow == w.Flow && s.Talk.Arg == w.Arg:
		// asked for again: the open question is repeated
	case same >= 0:
		s.Over = &State{Flow: flowResume, Arg: resume(s.Drafts[same]).Arg}
	default:
		s.begin(w)
	}
	return r.talk(nil)
}

// command does what a word that works everywhere says.
func (r *run) command(c command) error {
	s := r.sess
	script := r.bot.script
	switch c {
	case cmdMenu:
		return r.begin(script.Menu)
	case cmdPerson:
		return r.begin(script.Person)
	case cmdResume:
		if n := len(s.Drafts); s.Talk == nil && n > 0 {
			return r.begin(resume(s.Drafts[n-1]))
		}
		return r.begin(script.Hello)
	case cmdRemind:
		return r.begin(script.Remind)
	case cmdBack:
		if s.Over != nil {
			s.Over = nil
		} else if s.Talk == nil || !s.Talk.back() {
			return r.notice("bot.nothing_back")
		}
		return r.talk(nil)
	case cmdStop:
		if s.Talk == nil && s.Over == nil {
			return r.begin(script.Quiet)
		}
		return r.stop()
	case cmdHelp:
		return r.notice("bot.help")
	case cmdEnglish, cmdVietnamese:
		s.Lang = "vi"
		if c == cmdEnglish {
			s.Lang = "en"
		}
		return r.notice("bot.language.changed")
	default: // cmdRepeat
		return r.talk(nil)
	}
}

// stop leaves the open talk; what was said in it is kept as a draft.
func (r *run) stop() error {
	s := r.sess
	below := s.Talk
	if below == nil {
		below = s.Over
	}
	state := *below
	s.park()
	name := ""
	if r.bot.texts.Has(state.Flow + ".title") {
		t := r.newTalk(&state, nil)
		if _, err := t.run(func(t *Talk) { name = t.title(&state) }); err != nil {
			return err
		}
	}
	return r.speak("bot.stopped", Vars{"talk": name})
}

// notice says something beside the talk and repeats the open question.
func (r *run) notice(id string, vars ...Vars) error {
	open := r.open()
	if err := r.speak(id, merge(vars)); err != nil || open == nil {
		return err
	}
	open.again = open.Asked
	return r.talk(nil)
}
