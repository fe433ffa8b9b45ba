package flows

import (
	"context"
	"strings"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// Complete adds what a product's file still lacks: all of it optional, one
// question at a time, each answer saved at once, so that it can be done on as
// many days as it takes.
func Complete(t *Talk) {
	p := t.openProduct()
	t.Title(p.Name)
	asked := 0
	for _, part := range parts {
		if !part.missing(p) {
			continue
		}
		if asked == 0 {
			t.Say("complete.begin", bot.Vars{"name": p.Name, "code": p.Code()})
		}
		asked++
		part.ask(t, &p)
	}
	if asked == 0 {
		t.Say("complete.full", bot.Vars{"name": p.Name, "code": p.Code()})
	} else {
		t.Say("complete.done", bot.Vars{"name": p.Name, "code": p.Code()})
	}
	t.Next(bot.Wish{Flow: "products"}, bot.Wish{Flow: "menu"})
}

// part is one thing that can be told of a product later.
type part struct {
	name    string
	missing func(store.Product) bool
	ask     func(*Talk, *store.Product)
}

// parts are what Complete asks for, in order.
var parts = []part{
	{"made_of", func(p store.Product) bool { return p.Ingredients == "" }, func(t *Talk, p *store.Product) {
		text := t.Text("complete.made_of", 2, 500, bot.Prose, bot.Optional)
		t.set("complete.made_of.save", p, text != "", func(p *store.Product) { p.Ingredients = text })
	}},
	{"origin", func(p store.Product) bool { return p.Origin == "" }, func(t *Talk, p *store.Product) {
		text := t.Text("complete.origin", 2, 300, bot.Prose, bot.Optional)
		t.set("complete.origin.save", p, text != "", func(p *store.Product) { p.Origin = text })
	}},
	{"price", func(p store.Product) bool { return p.PriceLow == 0 }, func(t *Talk, p *store.Product) {
		m := t.Money("complete.price", bot.Optional)
		t.set("complete.price.save", p, m.Low > 0, func(p *store.Product) { p.PriceLow, p.PriceHigh = m.Low, m.High })
	}},
	{"packaging", func(p store.Product) bool { return p.Packaging == "" }, func(t *Talk, p *store.Product) {
		text := t.Text("complete.packaging", 2, 300, bot.Prose, bot.Optional)
		t.set("complete.packaging.save", p, text != "", func(p *store.Product) { p.Packaging = text })
	}},
	{"papers", func(p store.Product) bool { return p.Papers == nil && !p.PapersUnknown }, func(t *Talk, p *store.Product) {
		have := t.Several("complete.papers", store.Papers, "none", bot.Optional)
		t.set("complete.papers.save", p, true, func(p *store.Product) { p.Papers, p.PapersUnknown = have, have == nil })
	}},
	{"photos", func(p store.Product) bool { return len(p.Photos) < maxPhotos }, func(t *Talk, p *store.Product) {
		photos := t.Photos("complete.photos", maxPhotos-len(p.Photos), bot.Optional)
		if len(photos) > 0 {
			t.update("complete.photos.save", func(ctx context.Context, tx *store.Tx) error {
				return addPhotos(ctx, tx, t.Person(), p.ID, photos)
			})
		}
	}},
	{"story", func(p store.Product) bool { return p.Story == "" }, func(t *Talk, p *store.Product) {
		text := t.Text("complete.story", 10, 2000, bot.Prose, bot.Optional)
		t.set("complete.story.save", p, text != "", func(p *store.Product) { p.Story = text })
	}},
}

// set saves a change of a product, if there is one.
func (t *Talk) set(name string, p *store.Product, changed bool, change func(*store.Product)) {
	if !changed {
		return
	}
	t.update(name, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.UpdateProduct(ctx, t.Person(), p.ID, change)
		return err
	})
}

// price is a price as it is shown.
func price(p store.Product) string {
	switch p.PriceLow {
	case 0:
		return ""
	case p.PriceHigh:
		return vietnamese.FormatMoney(p.PriceLow)
	}
	return vietnamese.FormatMoney(p.PriceLow) + " – " + vietnamese.FormatMoney(p.PriceHigh)
}

// papers are a product's papers in words.
func (t *Talk) papers(p store.Product) string {
	var all []string
	for _, c := range p.Papers {
		all = append(all, t.Phrase("complete.papers.options."+c, nil))
	}
	return strings.Join(all, ", ")
}
