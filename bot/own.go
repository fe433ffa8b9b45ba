package bot

import (
	"fmt"
	"time"
)

// own says something on our own. It never pushes the person out of a talk: the
// open question is repeated below. Its options have no numbers, which belong to
// that question. A flow that opens another talk goes on with it at once when the
// person is in none, and otherwise offers it.
func (r *run) own(data string) error {
	w, _ := parseWish(data)
	if r.now.Before(r.sess.Quiet) {
		r.sess.Later = append(r.sess.Later, w) // owed, see [run.handle]
		return nil
	}
	flow, ok := r.bot.script.Flows[w.Flow]
	if !ok || r.sess.Blocked {
		return nil
	}
	t := r.newTalk(&State{Flow: w.Flow, Arg: w.Arg}, nil)
	done, err := t.run(flow)
	if err != nil {
		return err
	}
	if !done {
		return fmt.Errorf("bot: %s asks a question on its own", w.Flow)
	}
	goesOn := t.then != nil && r.open() == nil
	if goesOn {
		t.wishes = nil
	}
	for i := range t.wishes {
		t.wishes[i].Number = ""
	}
	r.say(t)
	if goesOn {
		t.then(r.sess)
		if err := r.talk(nil); err != nil {
			return err
		}
	}
	if len(r.replies) == 0 {
		return nil
	}
	t.unasked.Wrote = r.sess.Wrote
	for i := range r.replies {
		r.replies[i].Unasked = &t.unasked
	}
	r.outcome, r.spoke = Spoke, w.Flow
	r.sess.Own = !goesOn // DỪNG is for the talk then
	if r.open() != nil && !goesOn {
		return r.talk(nil)
	}
	return nil
}

// owed says what is owed: the answer to an album, or what the bot kept to itself
// while an officer talked with the person.
func (r *run) owed() error {
	s := r.sess
	s.Owed = time.Time{}
	switch {
	case r.now.Before(s.Quiet): // still owed, see [run.handle]
		return nil
	case len(s.Album) > 0:
		return r.album()
	case len(s.Later) > 0:
		w := s.Later[0]
		s.Later = s.Later[1:]
		return r.own(w.String())
	}
	return nil
}

// operatorPause is how long the bot is quiet after an officer wrote to the person
// by hand: long enough for both to finish, and not for the person to be forgotten.
const operatorPause = 30 * time.Minute

// quiet tells whether an officer talks with the person: then their message is
// not ours to answer. The menu, asked for, brings the bot back at once. When it
// comes back it says so.
func (r *run) quiet(m *Message) (bool, error) {
	s := r.sess
	if s.Quiet.IsZero() || m.Kind == KindBlocked || m.Kind == KindUnblocked || m.Kind == KindWithdrawn {
		return false, nil
	}
	asked := m.Kind == KindStart || m.Kind == KindText && commandOf(m.Text) == cmdMenu
	if r.now.Before(s.Quiet) && !asked {
		return true, nil
	}
	s.Quiet = time.Time{}
	return false, r.speak("bot.back", nil)
}

// later is the later of a time and what a platform says, which is never believed
// beyond now and is now when it says nothing.
func later(before, told, now time.Time) time.Time {
	if told.IsZero() || told.After(now) {
		told = now
	}
	if told.Before(before) {
		return before
	}
	return told
}
