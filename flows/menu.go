package flows

import (
	"context"
	"slices"

	"lensan/bot"
	"lensan/store"
)

// Hello greets, in a chat that several people share with whom it speaks, and shows
// what can be done.
func Hello(t *Talk) {
	m := t.me()
	vars := t.office()
	vars["role"], vars["name"] = m.role(t), ""
	if m.Shared {
		vars["name"] = m.Name
	}
	t.Say("hello", vars)
	t.entries(m)
}

// Menu shows what can be done.
func Menu(t *Talk) {
	t.Say("menu")
	t.menu()
}

// me is what greeting and menu depend on.
type me struct {
	Name   string // of the person, or of a producer they speak for
	Shared bool   // others use the chat, too
	Roles  store.Roles
	Listed string // the producer of an officer's list that they speak for; empty: none
}

// me looks up who the chat belongs to.
func (t *Talk) me() me {
	return Know(t, "me", func(ctx context.Context, r *store.Reader) (m me, err error) {
		speakers, err := r.SpeakersOf(ctx, t.Chat.String())
		if err != nil {
			return m, err
		}
		m.Shared = slices.ContainsFunc(speakers, func(s store.Speaker) bool { return s.Person != t.Person() })
		if t.Person() == 0 {
			return m, nil
		}
		if m.Roles, err = r.RolesOf(ctx, t.Person()); err != nil {
			return m, err
		}
		mine, err := r.ProducersOf(ctx, t.Person())
		if err != nil {
			return m, err
		}
		for _, p := range mine {
			if p.Listed && m.Listed == "" {
				m.Listed = p.Name
			}
		}
		if !m.Shared && !t.config.Demo {
			return m, nil
		}
		p, err := r.Person(ctx, t.Person())
		if m.Name = p.Name; m.Name == "" && len(mine) > 0 {
			m.Name = mine[0].Name
		}
		return m, err
	})
}

// role names the highest of their roles, or the producer of a list they speak for;
// empty: they have none.
func (m me) role(t *Talk) string {
	for _, kind := range []string{store.RoleAdmin, store.RoleOfficer, store.RoleHelper} {
		var areas []string
		has := false
		for _, r := range m.Roles {
			if r.Kind == kind {
				areas, has = append(areas, r.Areas...), true
			}
		}
		if has {
			return t.roleName(kind, areas, "")
		}
	}
	if m.Listed != "" {
		return t.roleName(store.Manager, nil, m.Listed)
	}
	return ""
}

// menu offers what works, half-done talks first.
func (t *Talk) menu() { t.entries(t.me()) }

// maxEntries of a menu: those behind have the numbers 9 and 0.
const maxEntries = 8

// entries offers what somebody can do, what is used most first.
func (t *Talk) entries(m me) {
	unfinished := t.Unfinished()
	for _, o := range unfinished {
		t.Add(o)
	}
	all, last := m.wishes(), []bot.Wish(nil)
	switch {
	case t.config.Demo:
		for _, who := range personas {
			if t.Phrase("persona.name."+who, nil) != m.Name {
				last = append(last, bot.Wish{Flow: "persona", Arg: who})
			}
		}
	case m.Shared:
		last = []bot.Wish{{Flow: "speaker"}}
	}
	room := max(0, maxEntries-len(unfinished))
	last = last[:min(len(last), room)]
	t.Next(append(all[:min(len(all), room-len(last))], last...)...)
	t.Next(bot.Wish{Flow: "officer"})
}

// wishes are what somebody of these roles may want, what is used most first.
func (m me) wishes() []bot.Wish {
	register, products, mine := bot.Wish{Flow: "register"}, bot.Wish{Flow: "products"}, bot.Wish{Flow: "mydata"}
	certificates, status := bot.Wish{Flow: "certificates"}, bot.Wish{Flow: "status"}
	switch {
	case m.Roles.Is(store.RoleOfficer):
		return []bot.Wish{{Flow: "requests"}, {Flow: "claims"}, {Flow: "calls"}, status, {Flow: "list"}, {Flow: "team"}, {Flow: "merge"}, mine}
	case m.Listed != "":
		return []bot.Wish{certificates, products, register, status, mine}
	}
	return []bot.Wish{register, products, status, mine}
}

// Later answers a wish that is understood and not built yet.
func Later(t *Talk) {
	what := t.Arg
	if !t.Has("later."+what) || what == "officers" && t.roles().Is(store.RoleOfficer) {
		what = "else"
	}
	t.Say("later."+what, t.office())
	if what == "officers" && t.me().Listed != "" { // "gửi tôi file excel"
		t.Next(bot.Wish{Flow: "certificates"})
	}
	t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
}

// Language changes the language of the chat. Other languages than Vietnamese
// and English are offered a call by a person.
func Language(t *Talk) {
	switch t.Choose("language", []string{"vi", "en", "else"}) {
	case "vi":
		t.Speak("vi")
	case "en":
		t.Speak("en")
	case "else":
		t.Say("bot.unsupported_language")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	t.Say("bot.language.changed")
	t.Next(bot.Wish{Flow: "menu"})
}
