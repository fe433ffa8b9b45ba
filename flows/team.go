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

// maxTeam is how many people are listed; of more only those of one commune.
const maxTeam = 12

// Team shows who works in an officer's area, and ends a role: theirs, or one's own. Who
// may invite others can do so from here.
func Team(t *Talk) {
	team := Know(t, "team.all", func(ctx context.Context, r *store.Reader) ([]store.Officer, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		return r.Team(ctx, t.Person())
	})
	if len(team) > maxTeam {
		code := t.Place("team.place", "")
		team = slices.DeleteFunc(slices.Clone(team), func(o store.Officer) bool { return !slices.Contains(o.Areas, code) })
		team = team[:min(len(team), maxTeam)]
	}
	if len(team) == 0 {
		t.Say("team.none")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	codes, label := t.officers(team)
	all, invite := codes, bot.Wish{Flow: "invite"}
	if len(t.roles().Invitable()) > 0 {
		all = append(slices.Clone(codes), invite.Flow)
	}
	picked := t.Choose("team.who", all, bot.With(bot.Vars{"n": len(codes)}), bot.Labels(func(code string) string {
		if code == invite.Flow {
			return t.Phrase("wish.invite", nil)
		}
		return label(code)
	}))
	if picked == invite.Flow {
		t.Open(invite)
	}
	who := team[slices.Index(codes, picked)]
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
		return work{waiting, others}, err
	})
	if len(w.Others) == 0 {
		return store.Officer{}
	}
	all := append(w.Others[:min(len(w.Others), maxTeam)], store.Officer{})
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
