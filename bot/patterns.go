package bot

import "strconv"

// Patterns are what every conversation needs and no flow should have to know:
// another wish in the middle, an answer that sounds like a wish, and taking up a
// half-done talk. They are short talks held above the open one.

const (
	flowSwitch = "bot.switch"
	flowAnswer = "bot.answer_or_wish"
	flowStop   = "bot.stop_or_answer"
	flowResume = "bot.resume"
)

// flow returns a flow by name: one of the script's, or a pattern.
func (s *Script) flow(name string) (func(*Talk), bool) {
	switch name {
	case flowSwitch:
		return switchTalk, true
	case flowAnswer:
		return answerOrWish, true
	case flowStop:
		return stopOrAnswer, true
	case flowResume:
		return resumeTalk, true
	}
	f, ok := s.Flows[name]
	return f, ok
}

// switchTalk asks whether another wish is to come first. The open talk is kept.
func switchTalk(t *Talk) {
	w, _ := parseWish(t.Arg)
	if t.Choose(flowSwitch, []string{"yes", "no"}, With(Vars{"talk": t.talkBelow(), "wish": t.label(w)})) == "yes" {
		t.then = func(s *Session) { s.begin(w) }
	}
}

// answerOrWish asks whether words that sound like a wish are the answer to the
// open question.
func answerOrWish(t *Talk) {
	w, _ := parseWish(t.Arg)
	text := t.state.Title
	switch t.Choose(flowAnswer, []string{"answer", "wish"}, With(Vars{"text": text, "wish": t.label(w)})) {
	case "answer":
		t.then = func(s *Session) { s.Again = text }
	case "wish":
		t.then = func(s *Session) { s.begin(w) }
	}
}

// stopOrAnswer asks whether a word that may mean "stop" does.
func stopOrAnswer(t *Talk) {
	text, talk := t.state.Title, t.talkBelow()
	switch t.Choose(flowStop, []string{"stop", "answer"}, With(Vars{"text": text, "talk": talk})) {
	case "stop":
		t.Say("bot.stopped", Vars{"talk": talk})
		t.then = func(s *Session) { s.park() }
	case "answer":
		t.then = func(s *Session) { s.Again = text }
	}
}

// resumeTalk offers to take up a half-done talk again.
func resumeTalk(t *Talk) {
	id, _ := strconv.ParseInt(t.Arg, 10, 64)
	i := t.sess.draft(func(d State) bool { return d.ID == id })
	if i < 0 {
		t.then = func(s *Session) { s.begin(t.script.Menu) }
		return
	}
	d := &t.sess.Drafts[i]
	at := ""
	if d.Was != "" {
		was := question{name: d.Was}
		at = t.Phrase(was.id()+".short", nil)
	}
	switch t.Choose(flowResume, []string{"resume", "restart", "drop"}, With(Vars{"talk": t.title(d), "question": at})) {
	case "resume":
		t.then = func(s *Session) {
			again := s.takeDraft(id)
			s.park()
			s.Talk = again
		}
	case "restart":
		t.then = func(s *Session) {
			old := s.takeDraft(id)
			s.begin(Wish{old.Flow, old.Arg})
		}
	case "drop":
		t.Say("bot.dropped")
		t.then = func(s *Session) { s.takeDraft(id) }
	}
}

// resume is the wish to take up a draft.
func resume(d State) Wish { return Wish{flowResume, strconv.FormatInt(d.ID, 10)} }

// talkBelow names the open talk under a pattern.
func (t *Talk) talkBelow() string {
	if t.sess.Talk == nil {
		return ""
	}
	return t.title(t.sess.Talk)
}
