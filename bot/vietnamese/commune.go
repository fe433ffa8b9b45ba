package vietnamese

import (
	"cmp"
	"slices"
)

// maxCandidates is how many communes are offered at most: those of the largest
// former districts of Lào Cai and Yên Bái.
const maxCandidates = 10

// ReadCommune reads which commune is meant, by its name of today or a former one,
// with or without its kind, its former district and its province. province is the
// code of the office's own province ("" for none), whose names win over the same
// name elsewhere. Uncertain are names that several communes have or had, former
// communes that were divided, near spellings (but for one that only sounds like a
// single name: "bản niền"), other marks than those of the name,
// districts (their communes are offered), and names that only another province has
// unless that province was named; at most 10 candidates are returned, told apart by
// Former.
func ReadCommune(s, province string) (found []Commune, r Reading) {
	g := gazetteer()
	s = bounded(s)
	var best *placeText
	left := maxPlaceWords // words the best way of writing it leaves over
	for i, text := range []string{s, Unslip(s), undoubled(s)} {
		if i > 0 && text == s {
			continue
		}
		t, ok := g.takeApart(text)
		if !ok {
			continue
		}
		again, how, rest := g.readExact(t, province)
		if how == Understood {
			return again, how
		}
		if best == nil || how != NotUnderstood && rest < left {
			best, found, r = t, again, how
			if how != NotUnderstood {
				left = rest
			}
		}
		if i == 0 && left == 0 {
			return found, r
		}
	}
	if best == nil {
		return nil, NotUnderstood
	}
	if left > 0 {
		if near := g.readNear(best, province, false); len(near) > 0 {
			nothing := len(found) == 0
			found = g.candidates(near, province)
			if nothing && len(found) == 1 && near[0].heard && !near[0].doubt { // "bản niền"
				return found, Understood
			}
		}
	}
	if len(found) == 0 {
		return nil, NotUnderstood
	}
	return found, Uncertain
}

// readExact reads an answer by names as they are spelt, and tells how many words are
// left over.
func (g *atlas) readExact(t *placeText, province string) (found []Commune, r Reading, rest int) {
	all := g.readings(t)
	home := slices.ContainsFunc(all, func(r reading) bool { return r.inProvince || g.provinceOf(r.place) == province })
	if !home {
		if found, only := g.areaOnly(t, province, len(all) > 0); only {
			if len(found) == 0 { // two districts, by the names of communes in them?
				found = g.candidates(g.several(t, province), province)
			}
			if len(found) == 0 {
				return nil, NotUnderstood, 0
			}
			return found, Uncertain, 0
		}
		// a lone word is more than a place far away: "anh Thắng"
		all = slices.DeleteFunc(all, func(r reading) bool { return r.size == 1 && !r.saidKind })
	}
	if len(all) == 0 || all[0].rest > 0 || all[0].doubt {
		if several := g.several(t, province); len(several) > 0 {
			return g.candidates(several, province), Uncertain, 0
		}
	}
	if len(all) == 0 {
		return nil, NotUnderstood, 0
	}
	all, sure := g.choose(all, province)
	rest = all[0].rest
	if !sure { // perhaps a slip for a name of one's own province
		all = append(all, g.readNear(t, province, true)...)
	}
	if found = g.candidates(all, province); !sure || len(found) > 1 {
		return found, Uncertain, rest
	}
	return found, Understood, 0
}

// choose narrows the places an answer may mean down, and tells whether nothing but
// their number speaks against taking them.
func (g *atlas) choose(all []reading, province string) (out []reading, sure bool) {
	fits := func(r reading) bool { return r.fit > misfit }
	home := func(r reading) bool { return r.inProvince }
	if !slices.ContainsFunc(all, home) {
		home = func(r reading) bool { return g.provinceOf(r.place) == province }
	}
	here, there := sift(all, home)
	switch {
	case slices.ContainsFunc(here, fits):
		here = keep(here, fits)
		// the marks are all there, and those of a place elsewhere
		exact := func(r reading) bool { return r.fit == fullFit }
		sure = slices.ContainsFunc(here, exact) || slices.ContainsFunc(here, func(r reading) bool { return r.inProvince }) || !slices.ContainsFunc(there, exact)
		if all = here; !sure {
			all = append(all, keep(there, exact)...)
		}
	case slices.ContainsFunc(there, fits):
		all = append(here, keep(there, fits)...)
	}
	all = keep(all, func(r reading) bool { return r.kind })
	former := all[0].saidFormer
	if former {
		all = keep(all, func(r reading) bool { return r.former })
	} else {
		all = keepNewest(all)
	}
	first := all[0]
	return all, sure && first.rest == 0 && !first.doubt && (!first.province || first.areas > 0)
}

// sift parts those that pass from the others.
func sift(all []reading, pass func(reading) bool) (yes, no []reading) {
	for _, r := range all {
		if pass(r) {
			yes = append(yes, r)
		} else {
			no = append(no, r)
		}
	}
	return yes, no
}

// keep leaves those that pass, or all if none does.
func keep(all []reading, pass func(reading) bool) []reading {
	if yes, _ := sift(all, pass); len(yes) > 0 {
		return yes
	}
	return all
}

// keepNewest drops the former places that lie (partly) in a commune which bears
// the same name today. Who names the former district of one that was divided means
// the former one.
func keepNewest(all []reading) []reading {
	return keep(all, func(p reading) bool {
		divided := len(p.codes) > 1 && p.inDistrict
		return !p.former || divided || !slices.ContainsFunc(all, func(q reading) bool { return !q.former && slices.Contains(p.codes, q.codes[0]) })
	})
}

// several reads an answer that names more than one place of one's own province, each
// for itself.
func (g *atlas) several(t *placeText, province string) []reading {
	var all []reading
	names := 0
	for k := 0; k < len(t.ws); {
		n := t.marks[k].n
		for _, s := range t.spotsAt(k) {
			own, _ := sift(t.readingsOf(s), func(r reading) bool { return r.fit > misfit && g.provinceOf(r.place) == province })
			if len(own) > 0 {
				all, names, n = append(all, own...), names+1, s.j-k
				break
			}
		}
		if n == 0 {
			return nil
		}
		k += n
	}
	if names < 2 {
		return nil
	}
	return all
}

// areaOnly reads an answer that names a district or a province and no commune. The
// communes of a district are candidates, unless several provinces had such a one; a
// province says nothing. Where a commune may be meant as well (other), only districts
// of one's own province and provinces count.
func (g *atlas) areaOnly(t *placeText, province string, other bool) (found []Commune, only bool) {
	r := reading{}
	g.explain(t, -1, -1, &r)
	if r.rest > 0 || len(r.within) == 0 {
		return nil, false
	}
	var own, districts []*area
	for _, a := range r.within {
		switch {
		case a.kind == "":
			other = false
		case a.province == province:
			own = append(own, a)
		}
		if a.kind != "" {
			districts = append(districts, a)
		}
	}
	if len(own) > 0 {
		districts, other = own, false
	}
	if other || len(districts) != 1 {
		return nil, !other
	}
	for _, code := range districts[0].codes {
		found = append(found, g.communes[code].Commune)
	}
	slices.SortFunc(found, func(a, b Commune) int { return cmp.Compare(a.Code, b.Code) })
	return found[:min(len(found), maxCandidates)], true
}

// candidates are the communes meant, each once: when there are too many those of
// one's own province come first, and then names of today; the rest is left off.
func (g *atlas) candidates(all []reading, province string) []Commune {
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
	byCode := func(a, b Commune) int { return cmp.Compare(a.Code, b.Code) }
	if len(out) > maxCandidates {
		rank := func(c Commune) int {
			n := 0
			if c.ProvinceCode != province {
				n = 2
			}
			if c.Former != "" {
				n++
			}
			return n
		}
		slices.SortFunc(out, func(a, b Commune) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), byCode(a, b)) })
		out = out[:maxCandidates]
	}
	slices.SortFunc(out, byCode)
	return out
}
