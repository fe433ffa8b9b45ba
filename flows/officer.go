package flows

import (
	"context"

	"lensan/bot"
	"lensan/store"
)

// Officer stores that somebody asks for a person, and tells whom they can call
// and when. It needs no consent to records: what is stored is the request.
func Officer(t *Talk) {
	phone := Know(t, "officer.known", func(ctx context.Context, r *store.Reader) (string, error) {
		if t.Person() == 0 {
			return "", nil
		}
		p, err := r.Person(ctx, t.Person())
		return p.Phone, err
	})
	about := t.Text("officer.about", 2, 1000, bot.Optional, bot.Prose, bot.With(t.office()))
	var given bot.Phone
	if phone == "" {
		given = t.Phone("officer.phone", bot.Optional)
		phone = given.Number
	}
	code := Do(t, "officer.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		q := store.Request{Chat: t.Chat.String(), Person: t.Person(), Topic: "menu", Text: about, Phone: phone}
		if q.Person != 0 {
			p, err := tx.Person(ctx, q.Person)
			if err != nil {
				return "", err
			}
			q.Commune = p.Commune // whose officer answers
		}
		saved, err := tx.AddRequest(ctx, q)
		return saved.Code(), err
	})
	o := t.content().Office
	vars := t.office()
	vars["code"], vars["called"], vars["open"], vars["next"] = code, phone, o.Open(t.Now), o.NextOpen(t.Now)
	t.Say("officer.done", vars)
	t.linkByPhone(given)
	for _, o := range t.Unfinished() {
		t.Add(o)
	}
	t.Next(bot.Wish{Flow: "menu"})
}
