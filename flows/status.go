package flows

import (
	"context"
	"slices"
	"strings"
	"time"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// Limits of what is shown at once, for an old phone.
const (
	maxLines = 8  // products in a message
	maxFound = 60 // products that are counted
)

// Status tells anybody what the list of the province says of the product, producer,
// commune, code or decision that Arg names, and the person of what they registered.
// Who names none is shown their own products, or asked.
func Status(t *Talk) { t.lookUp(false) }

// Expiry is Status for who asks how long a certificate can be used: who names none is
// shown their own certificates, or asked.
func Expiry(t *Talk) { t.lookUp(true) }

// lookUp looks up what Arg names.
func (t *Talk) lookUp(expiry bool) {
	name, sure := vietnamese.Named(t.Arg)
	if name == "" {
		t.noName(expiry)
	}
	found := Know(t, "status.found", func(ctx context.Context, r *store.Reader) (found, error) { return t.search(ctx, r, t.Arg) })
	switch {
	case len(found.Products) == 1:
		t.status(found.Products[0].Code)
		return
	case len(found.Products) == 0 && sure:
		t.Say("status.not_found", bot.Vars{"name": name, "updated": found.Updated})
		t.Next(bot.Wish{Flow: "status"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	case len(found.Products) == 0:
		t.noName(expiry)
	}
	codes, labels := found.shown()
	picked := t.Pick("status.which", codes, bot.Labels(func(code string) string { return labels[code] }),
		bot.With(bot.Vars{"name": name, "n": len(found.Products), "more": len(found.Products) - len(codes), "many": len(found.Products) >= maxFound}))
	if picked.Code == "" {
		t.Open(bot.Wish{Flow: "status", Arg: picked.Said})
	}
	t.status(picked.Code)
}

// noName shows who named nothing what is theirs, or else asks for a name.
func (t *Talk) noName(expiry bool) {
	own := t.Arg != "" && Know(t, "status.own", func(ctx context.Context, r *store.Reader) (bool, error) {
		if expiry {
			list, err := r.CertificatesOf(ctx, t.Person())
			return len(list) > 0, err
		}
		list, err := r.ProductsOf(ctx, t.Person())
		return len(list) > 0, err
	})
	switch {
	case own && expiry:
		t.Open(bot.Wish{Flow: "certificates"})
	case own:
		t.Open(bot.Wish{Flow: "products"})
	}
	t.askName(expiry)
}

// askName asks what is to be looked up, and opens the look-up.
func (t *Talk) askName(expiry bool) {
	t.Open(bot.Wish{Flow: "status", Arg: t.Pick("status.name", nil, bot.With(bot.Vars{"expiry": expiry})).Said})
}

// found is what a look-up found.
type found struct {
	Products []hit
	Updated  time.Time // when the list was, if nothing was found; zero: there is no list
}

// hit is a product found.
type hit struct {
	Code     string
	Name     string
	Producer string
	Maker    int64 // the producer's number
}

// shown are the first products by code, and what they are called.
func (f found) shown() (codes []string, labels map[string]string) {
	labels = map[string]string{}
	for _, h := range f.Products[:min(maxLines, len(f.Products))] {
		codes = append(codes, h.Code)
		labels[h.Code] = h.Name
		if h.Producer != "" {
			labels[h.Code] += " – " + h.Producer
		}
	}
	return codes, labels
}

// search looks for products as the person may see them: those of the list, and their
// own, which come first.
func (t *Talk) search(ctx context.Context, r *store.Reader, said string) (found, error) {
	own, err := r.ProducersOf(ctx, t.Person())
	if err != nil {
		return found{}, err
	}
	mine := func(l store.Listed) bool {
		return slices.ContainsFunc(own, func(p store.Producer) bool { return p.ID == l.Producer.ID })
	}
	list, err := t.config.DB.SearchAs(ctx, t.Person(), said, maxFound)
	if name, _ := vietnamese.Named(said); err == nil && len(list) == 0 && name != "" {
		list, err = t.config.DB.SearchAs(ctx, t.Person(), name, maxFound)
	}
	if err != nil {
		return found{}, err
	}
	var f found
	for _, first := range []bool{true, false} {
		for _, l := range list {
			if mine(l) == first {
				f.Products = append(f.Products, hit{l.Code(), l.Name, l.Producer.Name, l.Producer.ID})
			}
		}
	}
	if len(list) == 0 {
		f.Updated, err = r.ListUpdated(ctx)
	}
	return f, err
}

// status says what the list says of one product, and what can be done with it.
func (t *Talk) status(code string) {
	type one struct {
		Found bool
		Mine  bool
		store.Listed
	}
	l := Know(t, "status.one", func(ctx context.Context, r *store.Reader) (one, error) {
		list, err := t.config.DB.SearchAs(ctx, t.Person(), code, 1)
		if err != nil || len(list) == 0 { // withdrawn this minute
			return one{}, err
		}
		own, err := r.ProducersOf(ctx, t.Person())
		mine := slices.ContainsFunc(own, func(p store.Producer) bool { return p.ID == list[0].Producer.ID })
		return one{true, mine, list[0]}, err
	})
	if !l.Found {
		t.Say("status.gone")
		t.Next(bot.Wish{Flow: "status"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	vars := t.certificateVars(l.Listed)
	t.Say("status.say."+stateOf(l.Listed, store.DayOf(t.Now)), vars)
	switch {
	case l.Mine && l.State == store.Submitted:
		t.Next(bot.Wish{Flow: "products"})
	case l.Mine:
		t.Next(bot.Wish{Flow: "certificates"})
	case l.Producer.Listed && l.Producer.Name != "" && !t.roles().Is(store.RoleOfficer):
		t.Next(claimOf(l.Producer.ID))
	}
	t.Next(bot.Wish{Flow: "status"}, bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
}

// certificateVars are what texts say of a product and the certificate that counts.
func (t *Talk) certificateVars(l store.Listed) bot.Vars {
	c, today := l.Certificate, store.DayOf(t.Now)
	vars := t.office()
	vars["name"], vars["producer"], vars["code"] = l.Name, l.Producer.Name, l.Code()
	vars["what"] = t.Phrase("status.what", vars)
	vars["stars"], vars["decision"], vars["decided"], vars["said"] = c.Stars, c.Decision, c.Decided.String(), c.DecidedSaid
	vars["paper"] = t.Phrase("status.paper", vars)
	vars["ends"], vars["days"], vars["updated"] = c.Ends().String(), today.DaysUntil(c.Ends()), l.Updated
	if c.ID != 0 {
		vars["updated"] = c.Updated
	}
	var missing []string
	for _, part := range []struct {
		name string
		told bool
	}{{"stars", c.Stars != 0}, {"decision", c.Decision != ""}, {"producer", l.Producer.Name != ""}} {
		if !part.told {
			missing = append(missing, t.Phrase("status.missing."+part.name, nil))
		}
	}
	vars["missing"] = strings.Join(missing, ", ")
	return vars
}

// stateOf is the state of a product's certificate on a day, or of the product where
// there is none: "none" in the list, "submitted" here.
func stateOf(l store.Listed, today store.Day) string {
	switch {
	case l.Certificate.ID != 0:
		return l.Certificate.StateOn(today)
	case l.Listed || l.State == store.Certified:
		return "none"
	}
	return l.State
}
