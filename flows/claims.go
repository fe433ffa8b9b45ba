package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
	"lensan/store"
)

// Claims goes through the claims an officer may decide, one at a time.
func Claims(t *Talk) {
	t.officersOnly()
	open := Know(t, "claims.open", func(ctx context.Context, r *store.Reader) ([]store.Claim, error) {
		all, err := r.ClaimsFor(ctx, t.Person())
		return all[:min(maxLines, len(all))], err
	})
	if len(open) == 0 {
		t.Say("claims.none")
		t.Next(bot.Wish{Flow: "requests"}, bot.Wish{Flow: "calls"}, bot.Wish{Flow: "menu"})
		return
	}
	for _, c := range open {
		id := strconv.FormatInt(c.ID, 10)
		vars := t.claimVars(c)
		vars["n"] = len(open)
		answer := t.Choose("claims.which/"+id, []string{"yes", "no", "later"}, bot.With(vars))
		if answer == "later" {
			continue
		}
		how := Do(t, "claims.save/"+id, func(ctx context.Context, tx *store.Tx) (string, error) {
			return t.decide(ctx, tx, c.ID, answer == "yes")
		})
		t.Say("claims.done."+how, vars)
	}
	t.Say("claims.end")
	t.Next(bot.Wish{Flow: "claims"}, bot.Wish{Flow: "requests"}, bot.Wish{Flow: "calls"}, bot.Wish{Flow: "menu"})
}

// Decide decides a claim by one tap: Arg is its number and "yes" or "no".
func Decide(t *Talk) {
	id, answer, _ := strings.Cut(t.Arg, ".")
	claim, err := strconv.ParseInt(id, 10, 64)
	how := "not_yours"
	if err == nil && (answer == "yes" || answer == "no") {
		how = Do(t, "decide.save", func(ctx context.Context, tx *store.Tx) (string, error) {
			return t.decide(ctx, tx, claim, answer == "yes")
		})
	}
	t.Say("claims.done." + how)
	t.Next(bot.Wish{Flow: "claims"}, bot.Wish{Flow: "menu"})
}

// decide decides a claim and tells its person. It returns what became of it:
// accepted, refused, closed (somebody did before), not_yours.
func (t *Talk) decide(ctx context.Context, tx *store.Tx, claim int64, accept bool) (string, error) {
	c, err := tx.Decide(ctx, t.Person(), claim, accept)
	if err != nil {
		return refused(err)
	}
	w := bot.Wish{Flow: "decided", Arg: c.State + "." + strconv.FormatInt(c.Producer, 10) + "." + strconv.FormatInt(c.ID, 10)}
	return c.State, tellOnce(ctx, tx, c.Person, w)
}

// Decided tells a person what became of their claim, on the bot's own.
func Decided(t *Talk) {
	state, rest, _ := strings.Cut(t.Arg, ".")
	id, _, _ := strings.Cut(rest, ".")
	name := Know(t, "decided.producer", func(ctx context.Context, r *store.Reader) (string, error) {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return "", nil
		}
		p, err := r.Producer(ctx, n)
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return p.Name, err
	})
	if name == "" || state != store.ClaimAccepted && state != store.ClaimRefused {
		return
	}
	vars := t.office()
	vars["name"] = name
	t.Say("decided."+state, vars)
	if state == store.ClaimAccepted {
		t.Next(bot.Wish{Flow: "certificates"}, bot.Wish{Flow: "products"})
	} else {
		t.Next(bot.Wish{Flow: "officer"})
	}
}

// Asked tells an officer of a claim they may decide, on the bot's own.
func Asked(t *Talk) {
	c := Know(t, "asked.claim", func(ctx context.Context, r *store.Reader) (store.Claim, error) {
		open, err := r.ClaimsFor(ctx, t.Person())
		i := slices.IndexFunc(open, func(c store.Claim) bool { return strconv.FormatInt(c.ID, 10) == t.Arg })
		if i < 0 {
			return store.Claim{}, err // decided by now, or not theirs any more
		}
		return open[i], err
	})
	if c.ID == 0 {
		return
	}
	t.Say("asked.say", t.claimVars(c))
	t.Offer(t.Phrase("asked.yes", nil), bot.Wish{Flow: "decide", Arg: t.Arg + ".yes"})
	t.Offer(t.Phrase("asked.no", nil), bot.Wish{Flow: "decide", Arg: t.Arg + ".no"})
}

// claimVars are what texts say of a claim to the officer who decides it.
func (t *Talk) claimVars(c store.Claim) bot.Vars {
	return bot.Vars{"name": c.ProducerName, "place": commune(c.Place), "person": c.PersonName, "number": c.Phone, "verified": c.PhoneVerified, "at": c.Created}
}

// refused names why the store refused what an officer did; err: it failed otherwise.
func refused(err error) (how string, _ error) {
	switch {
	case errors.Is(err, store.ErrNotYours):
		return "not_yours", nil
	case errors.Is(err, store.ErrClosed):
		return "closed", nil
	}
	return "", err
}

// officersOnly ends the talk with a word to whoever is no officer.
func (t *Talk) officersOnly() {
	if !t.roles().Is(store.RoleOfficer) {
		t.Say("officers_only")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		t.End()
	}
}
