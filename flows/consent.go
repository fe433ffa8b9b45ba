package flows

import (
	"context"
	"errors"

	"lensan/bot"
	"lensan/store"
)

// Consent asks, once, whether records may be kept, before anything is asked that
// would be one. The talk goes on only with a yes. What the law wants of the
// question stands in [store.Consent].
func (t *Talk) Consent() {
	c := t.content()
	given := Know(t, "consent.given", func(ctx context.Context, r *store.Reader) (bool, error) {
		if t.Person() == 0 {
			return false, nil
		}
		last, err := r.Consent(ctx, t.Person(), store.ConsentRecords)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return last.Given && last.Version == c.Privacy.Version, err
	})
	if given {
		return
	}
	vars := t.office()
	vars["purpose"], vars["readers"] = c.Privacy.Purpose, c.Privacy.Readers
	vars["days"], vars["years"] = c.Privacy.MessageDays, c.Privacy.RecordYears
	t.Say("consent.about", vars)
	switch t.Choose("consent", []string{"yes", "no", "officer"}, bot.With(vars)) {
	case "no":
		t.Say("consent.refused", bot.Vars{"days": c.Privacy.RefusedDays})
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		t.End()
	case "officer":
		t.Open(bot.Wish{Flow: "officer"})
	}
	person := Do(t, "consent.save", func(ctx context.Context, tx *store.Tx) (int64, error) {
		person := t.Person()
		if person == 0 {
			p, err := tx.AddPerson(ctx, store.Person{Lang: t.Lang()})
			if err != nil {
				return 0, err
			}
			person = p.ID
		}
		_, err := tx.AddConsent(ctx, store.Consent{Person: person, Kind: store.ConsentRecords, Version: c.Privacy.Version,
			Lang: t.Lang(), Channel: t.Chat.Channel, Given: true})
		return person, err
	})
	if t.Person() == 0 { // later in the talk they may be somebody else: merged
		t.Identify(person)
	}
	t.Say("consent.thanks")
}

// Reminders switches the messages that the bot sends on its own on or off. They
// are a consent of their own.
func Reminders(t *Talk) {
	on := t.Arg != "off"
	if on {
		t.Consent()
	}
	if t.Person() != 0 {
		Do(t, "reminders.save", func(ctx context.Context, tx *store.Tx) (bool, error) {
			_, err := tx.AddConsent(ctx, store.Consent{Person: t.Person(), Kind: store.ConsentReminders, Version: t.content().Privacy.Version,
				Lang: t.Lang(), Channel: t.Chat.Channel, Given: on})
			return on, err
		})
	}
	if on {
		t.Say("bot.optin")
	} else {
		t.Say("bot.optout")
	}
	t.Next(bot.Wish{Flow: "menu"})
}
