package flows

import (
	"context"
	"errors"

	"lensan/bot"
	"lensan/store"
)

// offer is what the code of an invitation offers.
type offer struct {
	Refused  string // why it offers nothing, as the text of it is called; empty: it does
	Role     string
	Areas    []string
	Producer string // its name, if the role is one of a producer
}

// Accept shows what a code, on Arg, offers, and gives it to the person when they say
// that it is for them.
func Accept(t *Talk) {
	code, _ := store.ReadInvitation(t.Arg)
	o := Do(t, "accept.look", func(ctx context.Context, tx *store.Tx) (offer, error) {
		inv, err := tx.Invitation(ctx, t.Chat.String(), code)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return offer{Refused: "wrong"}, nil
		case errors.Is(err, store.ErrMisses):
			return offer{Refused: "misses"}, nil
		case err != nil || inv.Producer == 0:
			return offer{Role: inv.Role, Areas: inv.Areas}, err
		}
		p, err := tx.Producer(ctx, inv.Producer)
		return offer{Role: inv.Role, Producer: p.Name}, err
	})
	if o.Refused != "" {
		t.Say("accept.refused." + o.Refused)
		t.onward()
		return
	}
	what := bot.Vars{"what": t.roleName(o.Role, o.Areas, o.Producer)}
	if !t.Yes("accept.confirm", bot.With(what)) {
		t.Say("accept.dropped")
		t.onward()
		return
	}
	t.Consent()
	me := Know(t, "accept.me", func(ctx context.Context, r *store.Reader) (store.Person, error) { return r.Person(ctx, t.Person()) })
	var name string
	if me.Name == "" {
		name = t.Text("accept.name", 2, 120)
	}
	var phone bot.Phone
	if me.Phone == "" {
		phone = t.Phone("accept.phone", bot.Optional)
		t.linkByPhone(phone)
	}
	done := Do(t, "accept.save", func(ctx context.Context, tx *store.Tx) (bool, error) {
		_, err := tx.Accept(ctx, t.Person(), code)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil // somebody was quicker
		}
		if err != nil {
			return false, err
		}
		_, err = tx.UpdatePerson(ctx, t.Person(), func(p *store.Person) {
			if p.Name == "" {
				p.Name = name
			}
			if p.Phone == "" {
				p.Phone, p.PhoneVerified = phone.Number, phone.Verified
			}
		})
		return true, err
	})
	if !done {
		t.Say("accept.refused.wrong")
		t.onward()
		return
	}
	t.Say("accept.done", what)
	t.menu()
}
