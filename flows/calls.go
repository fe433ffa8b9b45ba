package flows

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"lensan/bot"
	"lensan/store"
)

// Calls is an officer's list of producers nobody has claimed, to be called; or one of
// them (Arg), to be marked as called.
func Calls(t *Talk) {
	t.officersOnly()
	if t.Arg != "" {
		t.call(t.Arg)
		return
	}
	list := Know(t, "calls.list", func(ctx context.Context, r *store.Reader) ([]callee, error) {
		all, err := r.CallList(ctx, t.Person(), maxLines+1)
		var list []callee
		for _, p := range all {
			list = append(list, callee{strconv.FormatInt(p.ID, 10), p.Name, placeOf(p), p.Phone != "", p.Called != nil})
		}
		return list, err
	})
	if len(list) == 0 {
		t.Say("calls.none")
		t.Next(bot.Wish{Flow: "claims"}, bot.Wish{Flow: "menu"})
		return
	}
	byCode, codes := map[string]callee{}, []string{}
	for _, c := range list[:min(maxLines, len(list))] {
		byCode[c.Code] = c
		codes = append(codes, c.Code)
	}
	picked := t.Pick("calls.which", codes, bot.With(bot.Vars{"more": len(list) > maxLines}), bot.Labels(func(code string) string {
		c := byCode[code]
		return t.Phrase("calls.line", bot.Vars{"name": c.Name, "place": c.Place, "phone": c.Phone, "rung": c.Called})
	}))
	if picked.Code == "" {
		t.Open(bot.Wish{Flow: "status", Arg: picked.Said})
	}
	t.call(picked.Code)
}

// callee is a line of the call list.
type callee struct {
	Code   string // the producer's number
	Name   string
	Place  string
	Phone  bool // there is a number
	Called bool
}

// call shows whom to call of a producer, and notes that it was done.
func (t *Talk) call(code string) {
	type one struct {
		Name, Place, Contact, Phone, Products, Called string
	}
	c := Know(t, "calls.one", func(ctx context.Context, r *store.Reader) (one, error) {
		id, err := strconv.ParseInt(code, 10, 64)
		if err != nil {
			return one{}, nil
		}
		p, err := r.Producer(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return one{}, nil
		}
		if err != nil {
			return one{}, err
		}
		rs, err := r.RolesOf(ctx, t.Person())
		if err != nil || !p.Listed || !rs.Officers().Covers(p.Place()) {
			return one{}, err
		}
		list, err := r.ListedOf(ctx, id)
		var names []string
		for _, l := range list[:min(maxLines, len(list))] {
			names = append(names, l.Name)
		}
		found := one{p.Name, placeOf(p), p.Contact, p.Phone, strings.Join(names, ", "), ""}
		if p.Called != nil {
			found.Called = store.DayOf(*p.Called).String()
		}
		return found, err
	})
	if c.Name == "" {
		t.Say("calls.not_yours")
		t.Next(bot.Wish{Flow: "calls"}, bot.Wish{Flow: "menu"})
		t.End()
	}
	vars := bot.Vars{"name": c.Name, "place": c.Place, "contact": c.Contact, "number": c.Phone, "products": c.Products, "last": c.Called}
	if t.Choose("calls.what", []string{"yes", "no"}, bot.With(vars)) == "no" {
		t.Open(bot.Wish{Flow: "calls"})
	}
	how := Do(t, "calls.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		id, err := strconv.ParseInt(code, 10, 64)
		if err != nil {
			return "", err
		}
		if err := tx.Call(ctx, t.Person(), id); err != nil {
			return refused(err)
		}
		return "called", nil
	})
	if how == "not_yours" {
		t.Say("calls.not_yours")
	} else {
		t.Say("calls.called", vars)
	}
	t.Next(bot.Wish{Flow: "calls"}, bot.Wish{Flow: "claims"}, bot.Wish{Flow: "menu"})
}
