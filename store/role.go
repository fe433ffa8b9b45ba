package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"lensan/bot/vietnamese"
)

// What somebody may be for an area. Each may what those before it may.
const (
	RoleHelper  = "helper"  // community digital team, post office, consultant: one or several communes
	RoleOfficer = "officer" // of communes, or of a province
	RoleAdmin   = "admin"   // everywhere
)

// roleKinds are the kinds of role, the lowest first.
var roleKinds = []string{RoleHelper, RoleOfficer, RoleAdmin}

// Role is what a person is for an area.
type Role struct {
	ID     int64
	Person int64
	Kind   string   // RoleHelper, RoleOfficer, RoleAdmin
	Areas  []string // codes of communes (five digits) and provinces (two); empty for an admin
	Since  time.Time
	Ended  *time.Time // nil: open
}

const roleColumns = `r.id, r.person, r.kind, r.areas, r.since, r.ended`

// Place is where something is.
type Place struct {
	Commune  string // code, five digits; empty: not known
	Province string // code, two digits; counts only while the commune is not known
}

// province is the code of the province a place lies in; empty: not known.
func (p Place) province() string {
	if c, ok := vietnamese.CommuneByCode(p.Commune); ok {
		return c.ProvinceCode
	}
	return p.Province
}

// Roles are the open roles of one person.
type Roles []Role

// RolesOf returns the open roles of a person, oldest first.
func (r *Reader) RolesOf(ctx context.Context, person int64) (Roles, error) {
	return all(ctx, r.q, pgx.RowToStructByName[Role],
		`select `+roleColumns+` from roles r where person = $1 and ended is null order by id`, person)
}

// Is reports whether one of the roles is of a kind, or of a higher one.
func (rs Roles) Is(kind string) bool { return len(rs.from(kind)) > 0 }

// from are the roles of a kind and of higher ones.
func (rs Roles) from(kind string) Roles {
	var out Roles
	for _, r := range rs {
		if slices.Index(roleKinds, r.Kind) >= slices.Index(roleKinds, kind) {
			out = append(out, r)
		}
	}
	return out
}

// Covers reports whether a place lies in the area of one of the roles. What is only
// known to lie in a province is covered by those of the province, what is not known
// at all by an admin.
func (rs Roles) Covers(p Place) bool {
	province := p.province()
	return slices.ContainsFunc(rs, func(r Role) bool {
		return r.Kind == RoleAdmin || p.Commune != "" && slices.Contains(r.Areas, p.Commune) ||
			province != "" && slices.Contains(r.Areas, province)
	})
}

// Officers are the roles that let somebody see and change what is in their area:
// those of officers and admins.
func (rs Roles) Officers() Roles { return rs.from(RoleOfficer) }

// Provinces are the codes of the provinces that are covered as a whole.
func (rs Roles) Provinces() []string {
	var out []string
	for _, p := range vietnamese.Provinces() {
		if rs.Covers(Place{Province: p.Code}) {
			out = append(out, p.Code)
		}
	}
	return out
}

// Communes are the codes of every commune that is covered, those of a province, too.
func (rs Roles) Communes() []string {
	var out []string
	for _, r := range rs {
		areas := r.Areas
		if r.Kind == RoleAdmin {
			areas = rs.Provinces()
		}
		for _, area := range areas {
			if len(area) == 5 {
				out = append(out, area)
				continue
			}
			for _, c := range vietnamese.CommunesOf(area) {
				out = append(out, c.Code)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// places are the communes and provinces of officers' roles as statements compare
// them: a place is theirs if its commune is among the first, or it has none and its
// province is among the second. Whose province is not known either is an admin's.
func (rs Roles) places() (communes, provinces []string) {
	rs = rs.Officers()
	communes, provinces = rs.Communes(), rs.Provinces()
	if rs.Is(RoleAdmin) {
		provinces = append(provinces, "")
	}
	return communes, provinces
}

// inPlaces is the condition that goes with places: of a producer p, the communes
// being $1 and the provinces $2.
const inPlaces = `(p.commune = any($1) or p.commune = '' and p.province = any($2))`

// officer returns the roles with which a person may do something to what is in a
// place. ErrNotYours.
func (r *Reader) officer(ctx context.Context, person int64, p Place) error {
	rs, err := r.RolesOf(ctx, person)
	if err == nil && !rs.Officers().Covers(p) {
		err = ErrNotYours
	}
	return err
}

// Act notes in the audit log that an officer did something to a record in a place, or
// looked at it. ErrNotYours: it is not in their area.
func (tx *Tx) Act(ctx context.Context, by int64, p Place, act, subject string) error {
	if err := tx.officer(ctx, by, p); err != nil {
		return err
	}
	return tx.Audit(ctx, PersonActor(by), act, subject)
}

// Offer is what somebody may invite others to.
type Offer struct {
	Role  string   // Manager (of a producer there), RoleHelper, RoleOfficer, RoleAdmin
	Areas []string // codes of the communes and provinces it may be for; nil: of any, or of none
}

// Invitable returns what a person of these roles may invite others to: an admin to
// everything; an officer of a province to officer in its communes, and every officer
// to helper, and to manager of a producer, in their communes; others to nothing.
func (rs Roles) Invitable() []Offer {
	if rs.Is(RoleAdmin) {
		return []Offer{{Manager, nil}, {RoleHelper, nil}, {RoleOfficer, nil}, {RoleAdmin, nil}}
	}
	officer := rs.Officers()
	if len(officer) == 0 {
		return nil
	}
	offers := []Offer{{Manager, officer.Communes()}, {RoleHelper, officer.Communes()}}
	if under := officer.under(); len(under) > 0 {
		offers = append(offers, Offer{RoleOfficer, under})
	}
	return offers
}

// under are the communes whose officers are under these roles: those of provinces.
func (rs Roles) under() []string {
	var out []string
	for _, p := range rs.Provinces() {
		for _, c := range vietnamese.CommunesOf(p) {
			out = append(out, c.Code)
		}
	}
	return out
}

// mayGive reports whether somebody of these roles may give, or end, one of a kind for
// these areas.
func (rs Roles) mayGive(kind string, areas []string) bool {
	if rs.Is(RoleAdmin) {
		return true
	}
	for _, offer := range rs.Invitable() {
		if offer.Role == kind {
			return len(areas) > 0 && !slices.ContainsFunc(areas, func(a string) bool { return !slices.Contains(offer.Areas, a) })
		}
	}
	return false
}

// addRole gives a person a role, unless an open one of the same kind covers its areas.
func (tx *Tx) addRole(ctx context.Context, person int64, kind string, areas []string) error {
	rs, err := tx.RolesOf(ctx, person)
	if err != nil {
		return err
	}
	has := func(area string) bool {
		return slices.ContainsFunc(rs, func(r Role) bool { return r.Kind == kind && slices.Contains(r.Areas, area) })
	}
	if kind == RoleAdmin && rs.Is(RoleAdmin) || len(areas) > 0 && !slices.ContainsFunc(areas, func(a string) bool { return !has(a) }) {
		return nil
	}
	if areas == nil {
		areas = []string{}
	}
	_, err = tx.exec(ctx, `insert into roles (person, kind, areas, since) values ($1, $2, $3, $4)`, person, kind, areas, tx.now)
	return err
}

// Officer is somebody with a role.
type Officer struct {
	Role
	Name  string
	Phone string // national digits; empty: not told
}

const officerColumns = roleColumns + `, h.name, h.phone`

// OfficersOf returns the officers who are responsible in a place, those of the
// commune before those of the province.
func (r *Reader) OfficersOf(ctx context.Context, p Place) ([]Officer, error) {
	list, err := all(ctx, r.q, pgx.RowToStructByName[Officer], `select `+officerColumns+` from roles r join people h on h.id = r.person
		where r.ended is null and r.kind = 'officer' and r.areas && array[$1, $2]::text[] order by r.id`, p.Commune, p.province())
	near, far := []Officer{}, []Officer{}
	for _, o := range list {
		if slices.Contains(o.Areas, p.Commune) {
			near = append(near, o)
		} else {
			far = append(far, o)
		}
	}
	return append(near, far...), err
}

// Team returns the open roles a person may end: their own, and those under them.
func (r *Reader) Team(ctx context.Context, person int64) ([]Officer, error) {
	rs, err := r.RolesOf(ctx, person)
	if err != nil || len(rs) == 0 {
		return nil, err
	}
	read := pgx.RowToStructByName[Officer]
	if rs.Is(RoleAdmin) {
		return all(ctx, r.q, read, `select `+officerColumns+` from roles r join people h on h.id = r.person
			where r.ended is null order by r.id`)
	}
	list, err := all(ctx, r.q, read, `select `+officerColumns+` from roles r join people h on h.id = r.person
		where r.ended is null and (r.person = $1 or r.areas && $2) order by r.id`, person, rs.Officers().Communes())
	return slices.DeleteFunc(list, func(o Officer) bool { return o.Person != person && !rs.mayGive(o.Kind, o.Areas) }), err
}
