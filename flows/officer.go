package flows

import (
	"cmp"
	"context"

	"lensan/bot"
	"lensan/store"
)

// Officer stores that somebody asks for a person, and tells whom they can call
// and when. It needs no consent to records: what is stored is the request.
func Officer(t *Talk) {
	known := Know(t, "officer.known", func(ctx context.Context, r *store.Reader) (reach, error) { return t.reach(ctx, r) })
	about := t.Text("officer.about", 2, 1000, bot.Optional, bot.Prose, bot.With(t.office()))
	asked := store.Request{Chat: t.Chat.String(), Person: t.Person(), Topic: topicMenu, Text: about, Phone: known.Phone, Commune: known.Commune}
	if known.Commune == "" || known.Phone == "" { // who does not answer the rest has asked all the same
		asked = Do(t, "officer.asked", func(ctx context.Context, tx *store.Tx) (store.Request, error) {
			q, err := tx.AddRequest(ctx, asked)
			if err != nil || q.Commune == "" { // whose it is may be told yet
				return q, err
			}
			return q, tellRequest(ctx, tx, q)
		})
		asked.Text = "" // it stands there
	}
	if known.Commune == "" {
		known.Commune = t.Place("officer.place", "", bot.Optional)
	}
	var given bot.Phone
	if known.Phone == "" {
		given = t.Phone("officer.phone", bot.Optional)
		known.Phone = given.Number
	}
	code := Do(t, "officer.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		asked.Phone, asked.Commune = known.Phone, known.Commune
		q, err := tx.AddRequest(ctx, asked)
		if err != nil {
			return "", err
		}
		return q.Code(), tellRequest(ctx, tx, q)
	})
	o := t.content().Office
	vars := t.office()
	vars["code"], vars["called"], vars["open"], vars["next"] = code, known.Phone, o.Open(t.Now), o.NextOpen(t.Now)
	t.Say("officer.done", vars)
	t.linkByPhone(given)
	for _, o := range t.Unfinished() {
		t.Add(o)
	}
	t.Next(bot.Wish{Flow: "menu"})
}

// topicMenu is what somebody was doing who asks for a person from anywhere.
const topicMenu = "menu"

// reach is what an officer needs to know of who asks: it is asked for where it is not
// known.
type reach struct {
	Phone   string // national digits
	Commune string // code: whose officers answer
}

// reach looks up what is known of who asks: of the person, or else of a producer of
// theirs, or else what they told when they asked before and nobody has answered.
func (t *Talk) reach(ctx context.Context, r *store.Reader) (reach, error) {
	var known reach
	if t.Person() != 0 {
		p, err := r.Person(ctx, t.Person())
		if err != nil {
			return known, err
		}
		mine, err := r.ProducersOf(ctx, t.Person())
		if err != nil {
			return known, err
		}
		known = reach{p.Phone, p.Commune}
		for _, p := range mine {
			known.Commune = cmp.Or(known.Commune, p.Commune)
		}
	}
	asked, err := r.RequestsIn(ctx, t.Chat.String())
	for _, q := range asked {
		if q.State == store.RequestOpen && q.Person == t.Person() {
			known = reach{cmp.Or(known.Phone, q.Phone), cmp.Or(known.Commune, q.Commune)}
		}
	}
	return known, err
}
