package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// maxTeam is how many people are listed, with inviting one more than that, so that 9 is
// free; of more, those whose name, role or place is typed.
const maxTeam = 7

// Team shows who works in an officer's area, of many those whom Arg names, and ends a
// role: theirs, or one's own. Who may invite others can do so from here.
func Team(t *Talk) {
	found := Know(t, "team.found", func(ctx context.Context, r *store.Reader) (team, error) {
		if t.Person() == 0 {
			return team{}, nil
		}
		list, err := r.Team(ctx, t.Person())
		if err == nil {
			list, err = t.ownSamples(ctx, r, list)
		}
		list = t.named(list)
		return team{list[:min(len(list), maxTeam)], len(list)}, err
	})
	switch {
	case found.All == 0 && t.Arg != "":
		t.Say("team.not_found", bot.Vars{"said": t.Arg})
		t.Next(bot.Wish{Flow: "team"}, bot.Wish{Flow: "menu"})
		return
	case found.All == 0:
		t.Say("team.none")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	codes, label := t.officers(found.Shown)
	all, invite := codes, bot.Wish{Flow: "invite"}
	if len(t.roles().Invitable()) > 0 {
		all = append(slices.Clone(codes), invite.Flow)
	}
	labels := func(code string) string {
		if code == invite.Flow {
			return t.Phrase("wish.invite", nil)
		}
		return label(code)
	}
	var picked bot.Picked
	if vars := (bot.Vars{"n": found.All, "said": t.Arg}); found.All > maxTeam {
		picked = t.Pick("team.which", all, bot.With(vars), bot.Labels(labels))
	} else {
		picked.Code = t.Choose("team.who", all, bot.With(vars), bot.Labels(labels))
	}
	switch picked.Code {
	case "":
		t.Open(bot.Wish{Flow: "team", Arg: picked.Said})
	case invite.Flow:
		t.Open(invite)
	}
	who := found.Shown[slices.Index(codes, picked.Code)]
	vars := t.officerVars(who)
	if t.Choose("team.what", []string{"keep", "end"}, bot.With(vars)) == "keep" {
		t.Say("team.kept")
		t.Next(bot.Wish{Flow: "team"}, bot.Wish{Flow: "invite"}, bot.Wish{Flow: "menu"})
		return
	}
	to := t.successor(who)
	vars["to"], vars["known"] = to.Name, to.ID != 0
	if !t.Yes("team.end", bot.With(vars)) {
		t.Say("team.kept")
		t.Next(bot.Wish{Flow: "team"}, bot.Wish{Flow: "menu"})
		return
	}
	ended := Do(t, "team.save", func(ctx context.Context, tx *store.Tx) (bool, error) {
		err := tx.EndRole(ctx, t.Person(), who.ID, to.Person)
		if errors.Is(err, store.ErrNotYours) {
			return false, nil // somebody was quicker, or it is theirs no more
		}
		if err == nil {
			err = t.tell(ctx, tx, who.Person, bot.Wish{Flow: "role_ended", Arg: strconv.FormatInt(who.ID, 10)})
		}
		return true, err
	})
	if !ended {
		t.Say("team.refused")
	} else {
		t.Say("team.ended", vars)
	}
	t.Next(bot.Wish{Flow: "team"}, bot.Wish{Flow: "menu"})
}

// team is those whose roles a person may end.
type team struct {
	Shown []store.Officer // at most maxTeam
	All   int             // how many there are
}

// named are those of a team whom Arg names, the person's own roles first.
func (t *Talk) named(list []store.Officer) []store.Officer {
	if t.Arg != "" {
		texts := make([]string, len(list))
		for i, o := range list {
			var places []string
			for _, area := range o.Areas {
				places = append(places, t.place(area))
			}
			texts[i] = o.Name + " " + t.Phrase("role.name", bot.Vars{"role": o.Kind, "place": strings.Join(places, ", "), "producer": ""})
		}
		var found []store.Officer
		for _, i := range vietnamese.Search(t.Arg, texts) {
			found = append(found, list[i])
		}
		list = found
	}
	slices.SortStableFunc(list, func(a, b store.Officer) int {
		switch mine := a.Person == t.Person(); {
		case mine == (b.Person == t.Person()):
			return 0
		case mine:
			return -1
		}
		return 1
	})
	return list
}

// officers are people with roles as the options of a question, see [numbered]; the zero one is
// whoever is responsible.
func (t *Talk) officers(list []store.Officer) (codes []string, label func(string) string) {
	return numbered(list, func(o store.Officer) int64 { return o.ID }, func(o store.Officer) string {
		if o.ID == 0 {
			return t.Phrase("team.nobody", nil)
		}
		return vietnamese.Capital(t.Phrase("team.line", t.officerVars(o)))
	})
}

// officerVars are what texts say of somebody with a role.
func (t *Talk) officerVars(o store.Officer) bot.Vars {
	return bot.Vars{"name": o.Name, "role": t.roleName(o.Kind, o.Areas, ""), "number": o.Phone, "since": o.Since, "mine": o.Person == t.Person()}
}

// work is what waits for somebody with a role, and who else may take it.
type work struct {
	Waiting int
	Others  []store.Officer
}

// successor asks who takes over what waits for somebody whose role ends; the zero
// officer: whoever is responsible there.
func (t *Talk) successor(who store.Officer) store.Officer {
	w := Know(t, "team.work", func(ctx context.Context, r *store.Reader) (work, error) {
		waiting, err := r.Waiting(ctx, who.Role)
		if err != nil || waiting == 0 {
			return work{}, err
		}
		others, err := r.Successors(ctx, who.Role)
		if err == nil {
			others, err = t.ownSamples(ctx, r, others)
		}
		return work{waiting, others[:min(len(others), maxTeam)]}, err
	})
	if len(w.Others) == 0 {
		return store.Officer{}
	}
	all := append(w.Others, store.Officer{})
	codes, label := t.officers(all)
	return all[slices.Index(codes, t.Choose("team.hand", codes, bot.Labels(label), bot.With(bot.Vars{"n": w.Waiting, "name": who.Name})))]
}

// RoleEnded tells somebody that a role of theirs, on Arg, ended.
func RoleEnded(t *Talk) {
	role := Know(t, "role_ended.role", func(ctx context.Context, r *store.Reader) (store.Role, error) {
		id, _ := strconv.ParseInt(t.Arg, 10, 64)
		role, err := r.Role(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			err = nil // deleted meanwhile, with its person
		}
		return role, err
	})
	if role.ID == 0 || role.Person != t.Person() {
		return
	}
	vars := t.office()
	vars["role"] = t.roleName(role.Kind, role.Areas, "")
	t.Say("role_ended.say", vars)
}
