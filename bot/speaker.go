package bot

import "slices"

// aside is what somebody has half done who shares this chat and does not speak now.
type aside struct {
	Person int64   `json:"person"`
	Drafts []State `json:"drafts"`
}

// Become makes the chat from the end of this turn on that of another person who
// shares it (0: somebody not known yet). Half-done talks stay with whoever began
// them, who finds them again; those of somebody not known are dropped.
func (t *Talk) Become(person int64) { t.sess.become(person) }

func (s *Session) become(person int64) {
	if person == s.Person {
		return
	}
	of := func(who int64) func(aside) bool {
		return func(a aside) bool { return a.Person == who }
	}
	all := slices.DeleteFunc(s.Aside, of(s.Person))
	if s.Person != 0 && len(s.Drafts) > 0 {
		all = append(all, aside{s.Person, s.Drafts})
	}
	s.Drafts = nil
	if i := slices.IndexFunc(all, of(person)); i >= 0 {
		s.Drafts = all[i].Drafts
		all = slices.Delete(all, i, i+1)
	}
	s.Aside, s.Album, s.Person = all, nil, person
}
