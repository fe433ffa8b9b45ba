package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lensan/bot"
	"lensan/store"
)

// inviteProvince is what an admin invites to beside the roles of [store.Offer]: to be
// an officer of the whole province.
const inviteProvince = "province"

// Invite makes a code with which somebody else gets a role, or becomes the manager
// of a producer, in the area of an officer.
func Invite(t *Talk) {
	rs := t.roles()
	offers := rs.Invitable()
	if len(offers) == 0 {
		t.Say("invite.none")
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		return
	}
	var kinds []string
	for _, o := range offers {
		kinds = append(kinds, o.Role)
	}
	if rs.Is(store.RoleAdmin) {
		kinds = append(kinds, inviteProvince)
	}
	inv := store.Invitation{By: t.Person(), Role: t.Arg}
	if !slices.Contains(kinds, inv.Role) {
		inv.Role = t.Choose("invite.role", kinds, bot.Labels(func(kind string) string { return t.Phrase("invite.role.options."+kind, nil) }))
	}
	producer := ""
	switch inv.Role {
	case store.Manager:
		p := t.producerThere("invite", rs)
		inv.Producer, producer = p.ID, p.Name
	case store.RoleHelper, store.RoleOfficer:
		areas := offers[slices.IndexFunc(offers, func(o store.Offer) bool { return o.Role == inv.Role })].Areas
		inv.Areas = []string{t.communeOf(areas)}
	case inviteProvince:
		inv.Role, inv.Areas = store.RoleOfficer, []string{t.content().Office.Province}
	}
	code := Do(t, "invite.save", func(ctx context.Context, tx *store.Tx) (string, error) {
		code, err := tx.Invite(ctx, inv)
		if errors.Is(err, store.ErrNotYours) || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrArea) {
			return "", nil // it is in their area no more
		}
		return code, err
	})
	if code == "" {
		t.Say("invite.refused")
		t.Next(bot.Wish{Flow: "invite"}, bot.Wish{Flow: "menu"})
		return
	}
	links := ""
	if t.config.Invited != nil {
		links = strings.Join(t.config.Invited(code), "\n")
	}
	t.Say("invite.code", bot.Vars{"code": code, "what": t.roleName(inv.Role, inv.Areas, producer),
		"until": t.Now.Add(store.InvitationLasts), "links": links})
	t.Next(bot.Wish{Flow: "invite"}, bot.Wish{Flow: "team"}, bot.Wish{Flow: "menu"})
}

// communeOf is the commune somebody is invited for: of these, or any if there are
// none.
func (t *Talk) communeOf(areas []string) string {
	if len(areas) == 1 {
		return areas[0]
	}
	code := t.Place("invite.area", "")
	if len(areas) > 0 && !slices.Contains(areas, code) {
		t.Say("invite.elsewhere", bot.Vars{"place": commune(code)})
		t.Next(bot.Wish{Flow: "invite"}, bot.Wish{Flow: "menu"})
		t.End()
	}
	return code
}

// producerThere asks for a producer in the area of an officer's roles, by its name or
// code; part tells what for, the same talk may ask twice. It ends where there is none:
// of one elsewhere nobody is told.
func (t *Talk) producerThere(part string, rs store.Roles) store.Producer {
	said := t.Text("there.said/"+part, 2, 120, bot.With(bot.Vars{"part": part}))
	found := Know(t, "there.found/"+part, func(ctx context.Context, r *store.Reader) ([]store.Producer, error) {
		return t.producersThere(ctx, r, rs.Officers(), said)
	})
	switch len(found) {
	case 0:
		t.Say("there.none", bot.Vars{"name": said})
		t.Next(bot.Wish{Flow: "officer"}, bot.Wish{Flow: "menu"})
		t.End()
	case 1:
		return found[0]
	}
	codes, label := numbered(found, func(p store.Producer) int64 { return p.ID },
		func(p store.Producer) string { return p.Name + " (" + p.Code() + ")" })
	return found[slices.Index(codes, t.Choose("there.which/"+part, codes, bot.Labels(label)))]
}

// producersThere are the producers of a name or code that lie in the area of roles,
// the likeliest first.
func (t *Talk) producersThere(ctx context.Context, r *store.Reader, rs store.Roles, said string) ([]store.Producer, error) {
	if p, err := r.ProducerByCode(ctx, said); err == nil && rs.Covers(p.Place()) {
		return []store.Producer{p}, nil
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	const most = 6
	lines, err := t.config.DB.SearchAs(ctx, t.Person(), said, 40)
	var found []store.Producer
	for _, l := range lines {
		p := l.Producer
		if len(found) < most && p.Name != "" && rs.Covers(p.Place()) && !slices.ContainsFunc(found, func(f store.Producer) bool { return f.ID == p.ID }) {
			found = append(found, p)
		}
	}
	return found, err
}
