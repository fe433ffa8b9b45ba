package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// maxPhotos is how many photos of a product are kept at a time.
const maxPhotos = 10

// Register takes a household through entering a product.
func Register(t *Talk) {
	t.Consent()
	who := t.Producer()

	p := store.Product{Producer: who.ID}
	p.Name = t.Text("register.name", 2, 120)
	t.Title(p.Name)
	t.listedProduct(who, p)
	p.Group = t.Choose("register.group", store.Groups)
	p.Place = t.Place("register.place", who.Commune)
	yearly := t.Quantity("register.yearly", bot.Optional)
	p.Yearly = amount(yearly)
	photos := t.Photos("register.photo", maxPhotos, bot.Optional)

	if !t.Confirm("register.confirm", t.summary(p, len(photos))) {
		t.Say("register.dropped")
		t.Next(bot.Wish{Flow: "register"}, bot.Wish{Flow: "menu"})
		return
	}
	saved := Do(t, "register.save", func(ctx context.Context, tx *store.Tx) (registered, error) {
		return addProduct(ctx, tx, t.Person(), p, photos)
	})
	if saved.Refused != "" {
		t.refuse(saved.Refused, p.Name)
	}
	product := bot.Wish{Flow: "complete", Arg: strconv.FormatInt(saved.ID, 10)}
	if saved.Exists {
		t.Say("register.exists", bot.Vars{"name": p.Name, "code": saved.Code})
		if !saved.Closed {
			t.Next(product)
		}
		t.Next(bot.Wish{Flow: "products"}, bot.Wish{Flow: "menu"})
		return
	}
	t.Say("register.done", bot.Vars{"name": p.Name, "code": saved.Code})
	t.Next(product, bot.Wish{Flow: "register"}, bot.Wish{Flow: "reminders", Arg: "on"}, bot.Wish{Flow: "menu"})
}

// listedProduct asks whether a product of that name in the list, from the same commune,
// is theirs; then its producer is claimed instead.
func (t *Talk) listedProduct(who store.Producer, p store.Product) {
	listed := Know(t, "register.listed", func(ctx context.Context, r *store.Reader) (*maker, error) {
		if who.Commune == "" {
			return nil, nil
		}
		found, err := r.ListedLike(ctx, p.Name, who.Commune)
		found = slices.DeleteFunc(found, func(l store.Listed) bool { return l.Producer.ID == who.ID })
		if err != nil || len(found) == 0 {
			return nil, err
		}
		all, err := makers(ctx, r, found[0].Producer.ID)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		return &all[0], nil
	})
	if listed != nil && t.Yes("register.same", bot.With(bot.Vars{"product": p.Name, "name": listed.Name, "place": listed.Place})) {
		t.Open(claimSurely(listed.ID))
	}
}

// registered is what became of a registration.
type registered struct {
	ID      int64
	Code    string
	Exists  bool   // the producer has a product of this name
	Closed  bool   // and nothing can be added to that: it is certified
	Refused string // why nothing was saved, as refusal names it
}

func addProduct(ctx context.Context, tx *store.Tx, person int64, p store.Product, photos []bot.File) (registered, error) {
	saved, err := tx.AddProduct(ctx, person, p)
	var exists *store.ExistsError
	if errors.As(err, &exists) {
		has, err := tx.Product(ctx, exists.Product)
		return registered{ID: has.ID, Code: has.Code(), Exists: true, Closed: has.State != store.Submitted}, err
	}
	if err != nil {
		refused, err := refusal(err)
		return registered{Refused: refused}, err
	}
	return registered{ID: saved.ID, Code: saved.Code()}, addPhotos(ctx, tx, person, saved.ID, photos)
}

func addPhotos(ctx context.Context, tx *store.Tx, person, product int64, photos []bot.File) error {
	for _, f := range photos {
		if _, err := tx.AddFile(ctx, store.File{Person: person, Product: product, Channel: f.Channel, Ref: f.ID, Type: f.Type, Size: f.Size}); err != nil {
			return err
		}
	}
	return nil
}

// amount is a quantity as we keep it.
func amount(q vietnamese.Quantity) store.Amount {
	if q.Unit == "" {
		return store.Amount{}
	}
	return store.Amount{Text: q.String(), Value: q.Amount, Unit: q.Unit}
}

// summary is what the person is shown of a product before it is saved.
func (t *Talk) summary(p store.Product, photos int) bot.Vars {
	return bot.Vars{
		"name": p.Name, "group": t.Phrase("group."+p.Group, nil), "place": commune(p.Place),
		"yearly": p.Yearly.Text, "photos": photos,
	}
}
