package flows

import (
	"context"
	"slices"
	"strings"

	"lensan/bot"
	"lensan/bot/vietnamese"
	"lensan/store"
)

// roles are the person's open roles.
func (t *Talk) roles() store.Roles {
	return Know(t, "roles", func(ctx context.Context, r *store.Reader) (store.Roles, error) {
		if t.Person() == 0 {
			return nil, nil
		}
		return r.RolesOf(ctx, t.Person())
	})
}

// roleName names a role within a sentence: "cán bộ OCOP xã Bắc Hà"; producer is the
// name of the one it is for, empty: it is for areas.
func (t *Talk) roleName(kind string, areas []string, producer string) string {
	return t.Phrase("role.name", bot.Vars{"role": kind, "place": t.places(areas), "producer": producer})
}

// places names communes and provinces within a sentence, of many how many more there
// are.
func (t *Talk) places(codes []string) string {
	const most = 3
	var names []string
	for _, code := range codes[:min(most, len(codes))] {
		names = append(names, t.place(code))
	}
	all := strings.Join(names, ", ")
	if more := len(codes) - most; more > 0 {
		return t.Phrase("role.more", bot.Vars{"places": all, "n": more})
	}
	return all
}

// cities are the codes of the provinces that are cities.
var cities = []string{"01", "31", "46", "48", "79", "92"}

// place is the name of a commune or a province within a sentence.
func (t *Talk) place(code string) string {
	for _, p := range vietnamese.Provinces() {
		if p.Code == code {
			return t.Phrase("role.province", bot.Vars{"name": p.Name, "city": slices.Contains(cities, code)})
		}
	}
	return commune(code)
}
