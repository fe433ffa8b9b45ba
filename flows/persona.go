package flows

import (
	"context"
	"errors"
	"slices"

	"lensan/bot"
	"lensan/store"
)

// personas are the sample people of the demo. Every chat has its own of each, made when
// first wished for. Their places and their cooperative are those of all who try the bot
// out, as is what these ask and enter there; their roles are safe from one another
// (ownSamples).
var personas = []string{"household", "manager", "officer", "province"}

// Persona makes the chat that of a sample person, on Arg. In the demo only.
func Persona(t *Talk) {
	if !t.config.Demo {
		t.Say("later.else", t.office())
		t.menu()
		return
	}
	who := t.Arg
	if !slices.Contains(personas, who) {
		who = t.Choose("persona", []string{"household", "manager", "officer", "province"})
	}
	was := t.Person()
	name := t.Phrase("persona.name."+who, nil)
	is := Do(t, "persona.save", func(ctx context.Context, tx *store.Tx) (int64, error) {
		if was != 0 {
			if err := tx.AddSpeaker(ctx, t.Chat.String(), was); err != nil {
				return 0, err
			}
		}
		speakers, err := tx.SpeakersOf(ctx, t.Chat.String())
		if err != nil {
			return 0, err
		}
		for _, s := range speakers {
			if s.Name == name {
				return s.Person, nil
			}
		}
		p, err := t.makePersona(ctx, tx, who, name)
		if err != nil {
			return 0, err
		}
		return p, tx.AddSpeaker(ctx, t.Chat.String(), p)
	})
	if t.Person() == was {
		t.Become(is)
	}
	m := t.me()
	t.Say("persona.hello", bot.Vars{"name": name, "role": m.role(t)})
	t.entries(m)
}

// makePersona adds a sample person with what is theirs.
func (t *Talk) makePersona(ctx context.Context, tx *store.Tx, who, name string) (int64, error) {
	commune, err := tx.SampleCommune(ctx)
	if errors.Is(err, store.ErrNotFound) {
		commune, err = "02761", nil // xã Mường Khương
	}
	if err != nil {
		return 0, err
	}
	p, err := tx.AddPerson(ctx, store.Person{Name: name, Commune: commune, Lang: t.Lang()})
	if err != nil {
		return 0, err
	}
	if _, err := tx.AddConsent(ctx, store.Consent{Person: p.ID, Kind: store.ConsentRecords, Version: t.content().Privacy.Version,
		Lang: t.Lang(), Channel: t.Chat.Channel, Given: true}); err != nil {
		return 0, err
	}
	inv := store.Invitation{By: store.CommandLine}
	switch who {
	case "household":
		mine, err := tx.AddProducer(ctx, p.ID, store.Producer{Kind: store.Household, Name: name, Commune: commune})
		if err == nil {
			_, err = tx.AddProduct(ctx, p.ID, store.Product{Producer: mine.ID, Name: t.Phrase("persona.product", nil), Group: "food", Place: commune})
		}
		return p.ID, err
	case "manager":
		managed, err := tx.SampleManaged(ctx)
		if err != nil {
			return 0, err
		}
		inv.Role, inv.Producer = store.Manager, managed.ID
	case "officer":
		inv.Role, inv.Areas = store.RoleOfficer, []string{commune}
	case "province":
		inv.Role, inv.Areas = store.RoleOfficer, []string{t.content().Office.Province}
	}
	code, err := tx.Invite(ctx, inv)
	if err == nil {
		_, err = tx.Accept(ctx, p.ID, code)
	}
	return p.ID, err
}

// ownSamples are, in the demo, those of some officers who are of this chat, or whom its
// people invited: nobody ends the role of another visitor, or leaves work to it. An
// admin is no sample, and sees all.
func (t *Talk) ownSamples(ctx context.Context, r *store.Reader, list []store.Officer) ([]store.Officer, error) {
	if !t.config.Demo {
		return list, nil
	}
	rs, err := r.RolesOf(ctx, t.Person())
	if err != nil || rs.Is(store.RoleAdmin) {
		return list, err
	}
	own, err := r.SampleTeam(ctx, t.Chat)
	return slices.DeleteFunc(list, func(o store.Officer) bool { return !slices.Contains(own, o.Person) }), err
}
