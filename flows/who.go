package flows

import (
	"context"
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
	switch len(mine) {
	case 0:
		return t.newProducer()
	case 1:
		return mine[0]
	}
	names := map[string]store.Producer{}
	var codes []string
	for _, p := range mine {
		code := strconv.FormatInt(p.ID, 10)
		names[code] = p
		codes = append(codes, code)
	}
	return names[t.Choose("who.which", codes, bot.Labels(func(code string) string { return names[code].Name }))]
}

// newProducer asks who the person is and keeps it.
func (t *Talk) newProducer() store.Producer {
	p := store.Producer{Kind: t.Choose("who.kind", store.ProducerKinds)}
	p.Name = t.Text("who.name", 2, 120, bot.With(bot.Vars{"kind": p.Kind}))
	p.Commune = t.Place("who.place", "")
	phone := t.Phone("who.phone", bot.Optional)
	p.Phone = phone.Number
	p.ID = Do(t, "who.save", func(ctx context.Context, tx *store.Tx) (int64, error) {
		_, err := tx.UpdatePerson(ctx, t.Person(), func(me *store.Person) {
			if p.Kind == store.Household {
				me.Name = p.Name
			}
			me.Phone, me.Commune = p.Phone, p.Commune
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
