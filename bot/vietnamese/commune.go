package vietnamese

import (
	"slices"
	"strings"
)

// maxCandidates is how many communes are offered at most.
const maxCandidates = 8

var (
	placeKinds = readPlaceKinds()
	areaKinds  = phrasesOf("area kinds")
	villages   = phrasesOf("villages")
	wasNamed   = phrasesOf("was named")
	placeTalk  = phrasesOf("place talk")
)

func readPlaceKinds() map[string]phraseSet {
	out := map[string]phraseSet{}
	for _, m := range meanings("commune kinds") {
		out[m.means] = phrases(m.words)
	}
	return out
}

// reading of a text as one place: what is left over when its name and where it
// lies are taken out.
type placed struct {
	*place
	rest       int  // words not understood
	kind       bool // its kind was said
	inArea     bool // said with huyện, tỉnh …: perhaps not a commune at all
	inProvince bool // its province was said
	marks      bool // its marks fit what was typed
	size       int  // words of its name
	areas      int  // words that say where it lies
}

// ReadCommune reads which commune is meant, by its name of today or a former one,
// with or without its kind, its former district and its province. province is the
// code of the office's own province ("" for none), whose names win over the same
// name elsewhere. Uncertain are names that several communes have or had, former
// communes that were divided, near spellings, and names that only another province
// has unless that province was named; at most 8 candidates are returned, told apart
// by Former.
func ReadCommune(s, province string) (found []Commune, r Reading) {
	g := gazetteer()
	for _, text := range []string{s, Unslip(s)} {
		ws := split(text)
		if len(ws) == 0 || len(ws) > 30 {
			return nil, NotUnderstood
		}
		if all := g.read(ws, func(key string) []*place { return g.places[key] }); len(all) > 0 {
			return g.choose(ws, all, province)
		}
	}
	ws := split(Unslip(s))
	if len(ws) > 8 {
		return nil, NotUnderstood
	}
	all := g.read(ws, func(key string) []*place { return g.nearby(key, province) })
	if len(all) == 0 {
		return nil, NotUnderstood
	}
	found, _ = g.choose(ws, all, province)
	return found, Uncertain
}

// choose narrows the places a text may mean down to the communes it means.
func (g *atlas) choose(ws []word, all []placed, province string) ([]Commune, Reading) {
	all = keep(all, func(p placed) bool { return p.marks })
	named := slices.ContainsFunc(all, func(p placed) bool { return p.inProvince })
	if !named {
		all = keep(all, func(p placed) bool { return g.communes[p.codes[0]].ProvinceCode == province })
	}
	all = keep(all, func(p placed) bool { return p.kind })
	if saidFormer(ws) {
		all = keep(all, func(p placed) bool { return p.former })
	}
	all = keepNewest(all, saidFormer(ws))
	first := all[0]
	out := g.candidates(all)
	key := wordsKey(ws)
	switch {
	case len(out) > 1 || first.rest > 0 || first.inArea || g.areas[key]:
		return out, Uncertain
	case !named && out[0].ProvinceCode != province:
		return out, Uncertain
	}
	return out, Understood
}

// read finds the places that leave the fewest words over.
func (g *atlas) read(ws []word, lookup func(key string) []*place) []placed {
	var best []placed
	for i := range ws {
		for j := min(len(ws), i+g.longest); j > i; j-- {
			key := wordsKey(ws[i:j])
			if key == "" {
				continue
			}
			kind, inArea, village := kindBefore(ws, i)
			if village || len(key) < 3 && kind == "" && j-i == 1 {
				continue
			}
			for _, p := range lookup(key) {
				r := placed{place: p, kind: kind == p.kind, inArea: inArea, marks: fits(ws[i:j], p.name), size: j - i}
				g.explain(ws, i, j, &r)
				if r.rest > 0 && (kind == "" || r.rest > 4) {
					continue
				}
				if len(best) > 0 && !better(r, best[0]) {
					if !better(best[0], r) {
						best = append(best, r)
					}
					continue
				}
				best = append(best[:0], r)
			}
		}
	}
	return best
}

// better orders readings: fewer words left over, then more that say where it lies,
// then not said to be a district, then the longer name.
func better(a, b placed) bool {
	switch {
	case a.rest != b.rest:
		return a.rest < b.rest
	case a.areas != b.areas:
		return a.areas > b.areas
	case a.inArea != b.inArea:
		return b.inArea
	}
	return a.size > b.size
}

// kindBefore tells what stands before a name at ws[i].
func kindBefore(ws []word, i int) (kind string, area, village bool) {
	for n := min(3, i); n > 0; n-- {
		before := ws[i-n : i]
		for k, set := range placeKinds {
			if longest(set, before) == n {
				return k, false, false
			}
		}
		if longest(areaKinds, before) == n {
			return "", true, false
		}
		if longest(villages, before) == n {
			return "", false, true
		}
	}
	return "", false, false
}

// explain counts the words around a name at ws[i:j] that say nothing about it.
func (g *atlas) explain(ws []word, i, j int, r *placed) {
	for k := 0; k < len(ws); {
		if k == i {
			k = j
			continue
		}
		end := len(ws)
		if k < i {
			end = i
		}
		span := ws[k:end]
		if n := g.areaAt(span, r); n > 0 {
			k += n
			continue
		}
		n := max(longest(areaKinds, span), longest(placeTalk, span), fillers(span))
		for _, set := range placeKinds {
			n = max(n, longest(set, span))
		}
		if n > 0 {
			k += min(n, len(span))
			continue
		}
		if longest(villages, span) > 0 { // up to the kind of the commune
			if kind, _, _ := kindBefore(ws, i); kind != "" && k < i {
				k = i
				continue
			}
		}
		r.rest++
		k++
	}
}

// areaAt is how many words name an area the place lies in.
func (g *atlas) areaAt(ws []word, r *placed) int {
	for n := min(len(ws), 5); n > 0; n-- {
		key := wordsKey(ws[:n])
		for _, code := range r.codes {
			c := g.communes[code]
			switch {
			case key == c.provinces[0], r.former && key == r.province, !r.former && slices.Contains(c.provinces, key):
				r.inProvince = true
				r.areas += n
				return n
			case r.former && (key == r.inside || key == c.key), !r.former && slices.Contains(c.areas, key):
				r.areas += n
				return n
			}
		}
	}
	return 0
}

// fits reports whether the marks that were typed are those of the name.
func fits(ws []word, name string) bool {
	want := split(name)
	if len(want) != len(ws) {
		return true
	}
	for i := range ws {
		if !ws[i].couldBe(want[i]) {
			return false
		}
	}
	return true
}

func saidFormer(ws []word) bool {
	for i := range ws {
		if i > 0 && longest(wasNamed, ws[i:]) > 0 {
			return true
		}
	}
	return false
}

// keep leaves those that pass, or all if none does.
func keep(all []placed, pass func(placed) bool) []placed {
	var out []placed
	for _, p := range all {
		if pass(p) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// keepNewest drops the former places that lie (partly) in a commune which bears
// the same name today, unless the former one was asked for.
func keepNewest(all []placed, former bool) []placed {
	if former {
		return all
	}
	today := map[string]bool{}
	for _, p := range all {
		if !p.former {
			today[p.codes[0]] = true
		}
	}
	return keep(all, func(p placed) bool {
		return !p.former || !slices.ContainsFunc(p.codes, func(c string) bool { return today[c] })
	})
}

// candidates are the communes meant, each once, by code.
func (g *atlas) candidates(all []placed) []Commune {
	var out []Commune
	for _, p := range all {
		for _, code := range p.codes {
			c := g.communes[code].Commune
			c.Former = p.label()
			if i := slices.IndexFunc(out, func(o Commune) bool { return o.Code == code }); i < 0 {
				out = append(out, c)
			} else if c.Former == "" || out[i].Former != "" && c.Former < out[i].Former {
				out[i] = c
			}
		}
	}
	slices.SortFunc(out, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	return out[:min(len(out), maxCandidates)]
}

// nearby finds names of a province that differ from a key in one letter.
func (g *atlas) nearby(key, province string) []*place {
	if len(key) < 5 {
		return nil
	}
	var out []*place
	for k, ps := range g.places {
		if len(k)-len(key) > 1 || len(key)-len(k) > 1 || !oneApart(k, key) {
			continue
		}
		for _, p := range ps {
			if g.communes[p.codes[0]].ProvinceCode == province {
				out = append(out, p)
			}
		}
	}
	return out
}

// oneApart reports whether a becomes b by changing, adding or dropping one letter.
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
