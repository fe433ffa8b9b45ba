package flows

import (
	"context"
	"slices"
	"strings"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// MyData shows a person what is stored about them.
func MyData(t *Talk) {
	if t.Person() == 0 {
		t.Say("mydata.none")
		t.Next(bot.Wish{Flow: "menu"})
		return
	}
	d := Know(t, "mydata.all", func(ctx context.Context, r *store.Reader) (store.MyData, error) { return r.MyData(ctx, t.Person()) })
	vars := t.mydataVars(d)
	var roles []string
	for _, r := range t.roles() {
		roles = append(roles, t.roleName(r.Kind, r.Areas, ""))
	}
	vars["role"] = strings.Join(roles, "; ")
	t.Say("mydata.say", vars)
	t.Next(bot.Wish{Flow: "correct"}, bot.Wish{Flow: "forget"}, bot.Wish{Flow: "audited"}, bot.Wish{Flow: "link"})
	if len(d.Chats) > 1 {
		t.Next(bot.Wish{Flow: "unlink"})
	}
	t.Next(bot.Wish{Flow: "menu"})
}

func (t *Talk) mydataVars(d store.MyData) bot.Vars {
	var names, products, channels []string
	if len(d.Chats) > 1 {
		for _, key := range d.Chats {
			channels = append(channels, t.channelOf(key))
		}
	}
	for _, p := range d.Producers {
		names = append(names, p.Name)
	}
	for _, p := range d.Products {
		products = append(products, p.Name)
	}
	vars := bot.Vars{
		"name": d.Person.Name, "number": d.Person.Phone, "place": commune(d.Person.Commune), "producers": strings.Join(names, ", "),
		"products": strings.Join(products, ", "), "channels": strings.Join(slices.Compact(channels), ", "), "files": len(d.Files), "requests": len(d.Requests), "messages": d.Messages, "consent": "", "reminders": false,
	}
	for _, c := range d.Consents {
		switch {
		case c.Kind == store.ConsentRecords && c.Given:
			vars["consent"] = c.At.In(store.Zone).Format("2006-01-02")
		case c.Kind == store.ConsentReminders:
			vars["reminders"] = c.Given
		}
	}
	return vars
}

// CorrectMe corrects what is stored about a person.
func CorrectMe(t *Talk) {
	t.Consent()
	who := t.Producer()
	var change func(*store.Person, *store.Producer)
	var phone bot.Phone
	switch t.Choose("correct.what", []string{"name", "place", "phone"}) {
	case "name":
		name := t.Text("who.name", 2, 120, bot.With(bot.Vars{"kind": who.Kind}))
		change = func(me *store.Person, p *store.Producer) {
			p.Name = name
			if p.Kind == store.Household {
				me.Name = name
			}
		}
	case "place":
		place := t.Place("who.place", "")
		change = func(me *store.Person, p *store.Producer) { me.Commune, p.Commune = place, place }
	case "phone":
		phone = t.Phone("who.phone")
		change = func(me *store.Person, p *store.Producer) {
			me.Phone, me.PhoneVerified, p.Phone = phone.Number, phone.Verified, phone.Number
		}
	}
	after := who
	change(&store.Person{}, &after)
	if !t.Confirm("correct.confirm", bot.Vars{"name": after.Name, "place": commune(after.Commune), "number": after.Phone}) {
		t.Say("change.dropped")
		t.Next(bot.Wish{Flow: "menu"})
		return
	}
	t.linkByPhone(phone) // before the number is theirs here
	Do(t, "correct.save", func(ctx context.Context, tx *store.Tx) (int64, error) {
		p := who
		if _, err := tx.UpdatePerson(ctx, t.Person(), func(me *store.Person) { change(me, &p) }); err != nil {
			return 0, err
		}
		saved, err := tx.UpdateProducer(ctx, t.Person(), who.ID, func(p *store.Producer) { change(&store.Person{}, p) })
		return saved.ID, err
	})
	t.Say("correct.done")
	t.Next(bot.Wish{Flow: "mydata"}, bot.Wish{Flow: "menu"})
}

// deleteWord is what a person types to have everything deleted.
var deleteWord = vietnamese.NewPhrases("xóa")

// Forget deletes what is stored about a person, when they type the word.
func Forget(t *Talk) {
	known := Know(t, "forget.person", func(context.Context, *store.Reader) (int64, error) { return t.Person(), nil })
	if known == 0 {
		t.Say("mydata.none")
		t.Next(bot.Wish{Flow: "menu"})
		return
	}
	if !deleteWord.Is(t.Text("forget", 1, 40, bot.Prose)) {
		t.Say("forget.kept")
		t.Next(bot.Wish{Flow: "mydata"}, bot.Wish{Flow: "menu"})
		return
	}
	t.forget("forget.save")
}

// Withdrawn deletes what is stored about a person who took back their consent with
// the platform's own form: at once, there is nothing to ask.
func Withdrawn(t *Talk) {
	if t.Person() == 0 {
		t.Say("mydata.none")
		t.Next(bot.Wish{Flow: "menu"})
		return
	}
	t.Say("withdrawn.heard")
	t.forget("withdrawn.save")
}

// forget deletes what is stored about the person and says so.
func (t *Talk) forget(name string) {
	receipt := Do(t, name, func(ctx context.Context, tx *store.Tx) (string, error) {
		return tx.DeletePerson(ctx, t.Person(), t.Chat.String())
	})
	t.Forget()
	t.Say("forget.done", bot.Vars{"receipt": receipt, "at": t.Now})
	t.Next(bot.Wish{Flow: "menu"})
}
