package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
	"lensan/store"
)

// claimOf is the wish to say that a producer of the list is one's own.
func claimOf(producer int64) bot.Wish {
	return bot.Wish{Flow: "claim", Arg: strconv.FormatInt(producer, 10)}
}

// surely stands behind the number of a producer where the person has said already that
// it is theirs.
const surely = ".yes"

// claimSurely is claimOf for who has said so.
func claimSurely(producer int64) bot.Wish {
	w := claimOf(producer)
	w.Arg += surely
	return w
}

// Claim notes that a producer of the list, whose number or name is Arg, is the
// person's: at once if their own phone number is the one in the list, else an officer
// is asked.
func Claim(t *Talk) {
	about, sure := strings.CutSuffix(t.Arg, surely)
	p := t.claimed(about)
	vars := bot.Vars{"name": p.Name, "place": p.Place, "count": p.Products}
	if !sure && !t.Yes("claim.confirm", bot.With(vars)) {
		t.Say("claim.dropped")
		t.Next(bot.Wish{Flow: "status"}, bot.Wish{Flow: "register"}, bot.Wish{Flow: "menu"})
		return
	}
	t.Consent()
	me := Know(t, "claim.me", func(ctx context.Context, r *store.Reader) (store.Person, error) { return r.Person(ctx, t.Person()) })
	named := func(*store.Person) {}
	if me.Name == "" {
		name := t.Text("claim.name", 2, 120)
		named = func(p *store.Person) { p.Name = name }
	}
	var phone bot.Phone
	if !me.PhoneVerified {
		phone = t.Phone("claim.phone", bot.Optional)
	}
	t.linkByPhone(phone)
	done := Do(t, "claim.save", func(ctx context.Context, tx *store.Tx) (claimed, error) {
		_, err := tx.UpdatePerson(ctx, t.Person(), func(me *store.Person) {
			named(me)
			if phone.Number != "" {
				me.Phone, me.PhoneVerified = phone.Number, phone.Verified
			}
		})
		if err != nil {
			return claimed{}, err
		}
		return t.claim(ctx, tx, p.ID)
	})
	said := t.office()
	said["name"], said["place"], said["open"], said["next"] = p.Name, p.Place, t.content().Office.Open(t.Now), t.content().Office.NextOpen(t.Now)
	t.Say("claim.done."+done.How, said)
	if done.How == "accepted" {
		t.Next(bot.Wish{Flow: "certificates"}, bot.Wish{Flow: "products"}, bot.Wish{Flow: "reminders", Arg: "on"})
	}
	t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
}

// maker is a producer of the list as everybody may see it.
type maker struct {
	ID       int64
	Name     string
	Place    string
	Products int // in the list
}

// claimed is the producer of the list the talk is about, by its number or its name;
// not one that is the person's already.
func (t *Talk) claimed(about string) maker {
	if about == "" {
		t.askProducer()
	}
	found := Know(t, "claim.found", func(ctx context.Context, r *store.Reader) ([]maker, error) {
		if id, err := strconv.ParseInt(about, 10, 64); err == nil {
			return makers(ctx, r, id)
		}
		list, err := t.search(ctx, r, about)
		var ids []int64
		for _, h := range list.Products {
			if !slices.Contains(ids, h.Maker) {
				ids = append(ids, h.Maker)
			}
		}
		if err != nil {
			return nil, err
		}
		return makers(ctx, r, ids[:min(maxLines, len(ids))]...)
	})
	p := maker{}
	switch len(found) {
	case 0:
		t.Say("claim.not_found", bot.Vars{"name": about})
		t.Next(bot.Wish{Flow: "claim"}, bot.Wish{Flow: "register"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		t.End()
	case 1:
		p = found[0]
	default:
		byCode, codes := map[string]maker{}, []string{}
		for _, m := range found {
			code := strconv.FormatInt(m.ID, 10)
			byCode[code] = m
			codes = append(codes, code)
		}
		picked := t.Pick("claim.which", codes, bot.Labels(func(code string) string {
			return t.Phrase("claim.maker", bot.Vars{"name": byCode[code].Name, "place": byCode[code].Place})
		}))
		if picked.Code == "" {
			t.Open(bot.Wish{Flow: "claim", Arg: picked.Said})
		}
		p = byCode[picked.Code]
	}
	mine := Know(t, "claim.mine", func(ctx context.Context, r *store.Reader) (bool, error) {
		own, err := r.ProducersOf(ctx, t.Person())
		return slices.ContainsFunc(own, func(o store.Producer) bool { return o.ID == p.ID }), err
	})
	if mine {
		t.Say("claim.mine", bot.Vars{"name": p.Name})
		t.Next(bot.Wish{Flow: "certificates"}, bot.Wish{Flow: "products"}, bot.Wish{Flow: "menu"})
		t.End()
	}
	return p
}

// askProducer asks which producer is the person's.
func (t *Talk) askProducer() {
	t.Open(bot.Wish{Flow: "claim", Arg: t.Pick("claim.producer", nil).Said})
}

// makers are the producers of these numbers that the list names.
func makers(ctx context.Context, r *store.Reader, ids ...int64) ([]maker, error) {
	var all []maker
	for _, id := range ids {
		p, err := r.Producer(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (!p.Listed || p.Name == "") {
			continue
		}
		if err != nil {
			return nil, err
		}
		list, err := r.ListedOf(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, maker{p.ID, p.Name, placeOf(p), len(list)})
	}
	return all, nil
}

// placeOf is where a producer is, within a sentence; as the list has it where the
// commune is not known.
func placeOf(p store.Producer) string {
	if name := commune(p.Commune); name != "" {
		return name
	}
	return p.PlaceSaid
}

// claimed is what became of a claim: accepted, asked (an officer is told), waiting
// (there is none to tell), full, gone.
type claimed struct{ How string }

// claim notes the claim and tells the officers who may decide it.
func (t *Talk) claim(ctx context.Context, tx *store.Tx, producer int64) (claimed, error) {
	accepted, err := tx.Claim(ctx, t.Person(), producer)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return claimed{"gone"}, nil
	case errors.Is(err, store.ErrFull):
		return claimed{"full"}, nil
	case err != nil:
		return claimed{}, err
	case accepted:
		return claimed{"accepted"}, nil
	}
	mine, err := tx.ClaimsOf(ctx, t.Person())
	i := slices.IndexFunc(mine, func(c store.Claim) bool { return c.Producer == producer && c.State == store.ClaimOpen })
	if err != nil || i < 0 {
		return claimed{"waiting"}, err
	}
	told, err := tellClaim(ctx, tx, mine[i])
	if told {
		return claimed{"asked"}, err
	}
	return claimed{"waiting"}, err
}
