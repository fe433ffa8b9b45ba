package flows

import (
	"context"
	"errors"
	"strconv"

	"lensan/bot"
	"lensan/store"
)

// Products shows a person their products, one at a time, and what can be done
// with it.
func Products(t *Talk) {
	p := t.product()
	vars := t.summary(p, len(p.Photos))
	vars["code"], vars["state"], vars["updated"] = p.Code(), p.State, p.Updated
	vars["price"], vars["papers"], vars["story"] = price(p), t.papers(p), p.Story != ""
	vars["made_of"], vars["origin"], vars["packaging"] = p.Ingredients, p.Origin, p.Packaging
	t.showPhoto(p)
	t.Say("products.single", vars)
	id := strconv.FormatInt(p.ID, 10)
	if p.State == store.Submitted {
		t.Next(bot.Wish{Flow: "complete", Arg: id}, bot.Wish{Flow: "change", Arg: id}, bot.Wish{Flow: "withdraw", Arg: id})
	}
	t.Next(bot.Wish{Flow: "menu"})
}

// Change corrects one thing of a product.
func Change(t *Talk) {
	p := t.openProduct()
	t.Title(p.Name)
	var change func(*store.Product)
	switch t.Choose("change.what", []string{"name", "group", "place", "yearly", "price", "made_of", "packaging", "story"}, bot.With(bot.Vars{"name": p.Name})) {
	case "name":
		name := t.Text("register.name", 2, 120)
		change = func(p *store.Product) { p.Name = name }
	case "group":
		group := t.Choose("register.group", store.Groups)
		change = func(p *store.Product) { p.Group = group }
	case "place":
		place := t.Place("register.place", "")
		change = func(p *store.Product) { p.Place = place }
	case "yearly":
		yearly := amount(t.Quantity("register.yearly"))
		change = func(p *store.Product) { p.Yearly = yearly }
	case "price":
		m := t.Money("complete.price")
		change = func(p *store.Product) { p.PriceLow, p.PriceHigh = m.Low, m.High }
	case "made_of":
		text := t.Text("complete.made_of", 2, 500, bot.Prose)
		change = func(p *store.Product) { p.Ingredients = text }
	case "packaging":
		text := t.Text("complete.packaging", 2, 300, bot.Prose)
		change = func(p *store.Product) { p.Packaging = text }
	case "story":
		text := t.Text("complete.story", 10, 2000, bot.Prose)
		change = func(p *store.Product) { p.Story = text }
	}
	after := p
	change(&after)
	if !t.Confirm("change.confirm", t.changed(after)) {
		t.Say("change.dropped")
		t.Next(bot.Wish{Flow: "products", Arg: t.Arg}, bot.Wish{Flow: "menu"})
		return
	}
	t.update("change.save", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.UpdateProduct(ctx, t.Person(), p.ID, change)
		return err
	})
	t.Say("change.done", bot.Vars{"name": after.Name, "code": p.Code()})
	t.Next(bot.Wish{Flow: "products"}, bot.Wish{Flow: "menu"})
}

// changed is the summary of a product with all that can be changed.
func (t *Talk) changed(p store.Product) bot.Vars {
	vars := t.summary(p, len(p.Photos))
	vars["price"], vars["made_of"], vars["packaging"], vars["story"] = price(p), p.Ingredients, p.Packaging, p.Story
	return vars
}

// Withdraw takes a product back.
func Withdraw(t *Talk) {
	p := t.openProduct()
	vars := bot.Vars{"name": p.Name, "code": p.Code()}
	if !t.Yes("withdraw", bot.With(vars)) {
		t.Say("withdraw.kept", vars)
		t.Next(bot.Wish{Flow: "products"}, bot.Wish{Flow: "menu"})
		return
	}
	t.update("withdraw.save", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.WithdrawProduct(ctx, t.Person(), p.ID)
		return err
	})
	t.Say("withdraw.done", vars)
	t.Next(bot.Wish{Flow: "products"}, bot.Wish{Flow: "menu"})
}

// openProduct is the product the talk is about, if it can still be changed from
// a chat: a certified one is a public fact.
func (t *Talk) openProduct() store.Product {
	p := t.product()
	if p.State != store.Submitted {
		t.refuse("closed", p.Name)
	}
	return p
}

// update changes a product. An expected refusal ends the talk with a word about
// it: somebody closed the product or took the person off its producer meanwhile,
// it has all the photos it can have, or another one has the name.
func (t *Talk) update(name string, change func(context.Context, *store.Tx) error) {
	refused := Do(t, name, func(ctx context.Context, tx *store.Tx) (string, error) { return refusal(change(ctx, tx)) })
	if refused != "" {
		t.refuse(refused, "")
	}
}

// refusal is the name of an expected refusal; empty: none.
func refusal(err error) (string, error) {
	var exists *store.ExistsError
	switch {
	case errors.As(err, &exists):
		return "exists", nil
	case errors.Is(err, store.ErrFull):
		return "full", nil
	case errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrNotYours), errors.Is(err, store.ErrNotFound):
		return "closed", nil
	}
	return "", err
}

// refuse says why something was not saved, and ends the talk.
func (t *Talk) refuse(why, name string) {
	t.Say("product.refused."+why, bot.Vars{"name": name})
	t.Next(bot.Wish{Flow: "products"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
	t.End()
}

// product is the product the talk is about: the one the wish named, if it is the
// person's, their only one, or the one they choose. Who has none is told so.
func (t *Talk) product() store.Product {
	mine := Know(t, "product.mine", func(ctx context.Context, r *store.Reader) ([]store.Product, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		return r.ProductsOf(ctx, t.Person())
	})
	byCode := map[string]store.Product{}
	var codes []string
	for _, p := range mine {
		id := strconv.FormatInt(p.ID, 10)
		if id == t.Arg {
			return p
		}
		byCode[id] = p
		codes = append(codes, id)
	}
	switch len(codes) {
	case 0:
		t.Say("products.none")
		t.Next(bot.Wish{Flow: "register"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		t.End()
	case 1:
		return mine[0]
	}
	chosen := t.Choose("product", codes, bot.Labels(func(id string) string { return byCode[id].Name }), bot.With(bot.Vars{"n": len(codes)}))
	return byCode[chosen]
}
