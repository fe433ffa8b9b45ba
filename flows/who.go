package flows

import (
	"context"
	"fmt"
	"strconv"

	"lensan/bot"
	"lensan/store"
)

// Producer returns the producer the person speaks for. Who has told none yet is
// asked who they are; who speaks for several is asked for which.
func (t *Talk) Producer() store.Producer {
	mine := Know(t, "who.producers", func(ctx context.Context, r *store.Reader) ([]store.Producer, error) {
		return r.ProducersOf(ctx, t.Person())
	})
	if len(mine) == 0 {
		return t.newProducer()
	}
	return t.which(mine)
}

// which asks for which of the producers, if there are several.
func (t *Talk) which(mine []store.Producer) store.Producer {
	if len(mine) == 1 {
		return mine[0]
	}
	byCode, labels, named := map[string]store.Producer{}, map[string]string{}, map[string]int{}
	var codes []string
	for _, p := range mine {
		code := strconv.FormatInt(p.ID, 10)
		byCode[code], labels[code] = p, p.Name
		if named[p.Name]++; named[p.Name] > 1 {
			labels[code] += fmt.Sprintf(" (%d)", named[p.Name])
		}
		codes = append(codes, code)
	}
	return byCode[t.Choose("who.which", codes, bot.Labels(func(code string) string { return labels[code] }))]
}

// newProducer asks who the person is and keeps it.
func (t *Talk) newProducer() store.Producer {
	p := store.Producer{Kind: t.Choose("who.kind", store.ProducerKinds)}
	p.Name = t.Text("who.name", 2, 120, bot.With(bot.Vars{"kind": p.Kind}))
	p.Commune = t.Place("who.place", "")
	t.listedAs(p)
	phone := t.Phone("who.phone", bot.Optional)
	p.Phone = phone.Number
	if t.linkByPhone(phone) { // they told all this before, on another channel
		mine := Know(t, "who.linked", func(ctx context.Context, r *store.Reader) ([]store.Producer, error) {
			return r.ProducersOf(ctx, t.Person())
		})
		if len(mine) > 0 {
			return t.which(mine)
		}
	}
	p.ID = Do(t, "who.save", func(ctx context.Context, tx *store.Tx) (int64, error) {
		_, err := tx.UpdatePerson(ctx, t.Person(), func(me *store.Person) {
			// Who told it before may enter this for others.
			if me.Name == "" && p.Kind == store.Household {
				me.Name = p.Name
			}
			if me.Commune == "" {
				me.Commune = p.Commune
			}
			if me.Phone == "" || phone.Verified {
				me.Phone, me.PhoneVerified = phone.Number, phone.Verified
			}
		})
		if err != nil {
			return 0, err
		}
		saved, err := tx.AddProducer(ctx, t.Person(), p)
		return saved.ID, err
	})
	t.Say("who.done", bot.Vars{"name": p.Name, "place": commune(p.Commune), "number": phone.Number})
	return p
}

// listedAs asks whether a producer of that name in the list is theirs; then it is
// claimed instead of being entered a second time.
func (t *Talk) listedAs(p store.Producer) {
	listed := Know(t, "who.listed", func(ctx context.Context, r *store.Reader) (*maker, error) {
		found, err := r.ListedProducers(ctx, p.Name, p.Place())
		if err != nil || len(found) == 0 {
			return nil, err
		}
		all, err := makers(ctx, r, found[0].ID)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		return &all[0], nil
	})
	if listed != nil && t.Yes("who.same", bot.With(bot.Vars{"name": listed.Name, "place": listed.Place, "count": listed.Products})) {
		t.Open(claimSurely(listed.ID))
	}
}
