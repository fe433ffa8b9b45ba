package vietnamese

import (
	"slices"
	"strings"
	"sync"
)

// gathered are the communes by province and the former names by commune, read once.
var gathered = sync.OnceValue(func() (g struct {
	communes map[string][]Commune // by code of province, in the order of codes
	former   map[string][]string  // by code of commune, in the order of letters
}) {
	g.communes, g.former = map[string][]Commune{}, map[string][]string{}
	for _, c := range gazetteer().communes {
		g.communes[c.ProvinceCode] = append(g.communes[c.ProvinceCode], c.Commune)
	}
	for _, list := range g.communes {
		slices.SortFunc(list, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	}
	for _, e := range gazetteer().names {
		for _, p := range e.places {
			if !p.former {
				continue
			}
			for _, code := range p.codes {
				if !slices.Contains(g.former[code], p.name) && p.name != gazetteer().communes[code].Name {
					g.former[code] = append(g.former[code], p.name)
				}
			}
		}
	}
	for _, list := range g.former {
		slices.Sort(list)
	}
	return g
})

// CommunesOf lists the communes of a province by its code, nil when there is no
// such province.
func CommunesOf(province string) []Commune { return slices.Clone(gathered().communes[province]) }

// FormerNames lists the names of former communes that lie, at least partly, in the
// commune with a code, without its own.
func FormerNames(code string) []string { return slices.Clone(gathered().former[code]) }
