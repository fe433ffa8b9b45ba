package vietnamese

import "slices"

// reading of an answer as one place: how its name fits, and what is left over when
// its name and where it lies are taken out.
type reading struct {
	calledPlace
	fit        fit
	rest       int     // words not understood
	size       int     // words of its name
	areas      int     // words that say where it lies
	within     []*area // the areas those words may mean
	kind       bool    // its kind was said
	saidKind   bool    // a kind of commune was said before the name
	inProvince bool    // its province was said
	inDistrict bool    // its former district was said
	spaced     bool    // its words are parted as in the name
	province   bool    // it is the name of a province, too
	saidFormer bool
	heard      bool // near spelling that sounds the same, with the same tones
	doubt      bool // the person is not sure, or something else may be meant
}

// fit is how the marks that were typed are those of a name.
type fit int

const (
	misfit fit = iota // some are other ones
	mayFit            // perhaps some were left off
	fullFit
)

// fitOf compares the marks of words with those of a name; where words were run
// together it is not looked at.
func fitOf(ws, want []word) fit {
	if len(want) != len(ws) {
		return mayFit
	}
	out, drawn := fullFit, false
	for i := range ws {
		if !ws[i].couldBe(want[i]) {
			if ws[i].bare == want[i].bare {
				return misfit
			}
			out = mayFit // spaced in another way
		}
		if ws[i].tone != want[i].tone || ws[i].marks != want[i].marks {
			out = mayFit
		}
		drawn = drawn || ws[i].drawn
	}
	if !drawn {
		return mayFit
	}
	return out
}

// better orders readings: fewer words left over, then more that say where it lies,
// then less doubt, then words
// parted as in the name, then the longer name.
func better(a, b reading) bool {
	switch {
	case a.rest != b.rest:
		return a.rest < b.rest
	case a.areas != b.areas:
		return a.areas > b.areas
	case a.doubt != b.doubt:
		return b.doubt
	case a.spaced != b.spaced:
		return a.spaced
	}
	return a.size > b.size
}

// best keeps the readings none of the others is better than.
func best(all []reading) []reading {
	var out []reading
	for _, r := range all {
		switch {
		case len(out) == 0 || better(r, out[0]):
			out = append(out[:0], r)
		case !better(out[0], r):
			out = append(out, r)
		}
	}
	return out
}

// readings finds the places that leave the fewest words over. Words may be left over
// only where the kind of the commune was said.
func (g *atlas) readings(t *placeText) []reading {
	var all []reading
	for _, s := range t.spots {
		for _, r := range t.readingsOf(s) {
			g.explain(t, s.i, s.j, &r)
			if brief := s.j-s.i == 1 && len(t.ws[s.i].bare) < 3; brief && !r.saidKind && r.areas == 0 {
				continue // "ba", "5"
			}
			if r.rest == 0 || r.saidKind && r.rest <= 4 {
				all = append(all, r)
			}
		}
	}
	return best(all)
}

// readingsOf are the places a name may mean where it stands.
func (t *placeText) readingsOf(s spot) []reading {
	var out []reading
	before := t.before[s.i]
	if before.role == villageRole || before.role == areaRole && len(kindOf(s.areas, before.kind)) > 0 {
		return nil
	}
	said := before.role == communeRole
	for _, p := range s.places {
		out = append(out, reading{
			calledPlace: p, fit: fitOf(t.ws[s.i:s.j], p.words), size: s.j - s.i,
			saidKind: said, kind: said && before.kind == p.kind,
			spaced:   len(p.words) == s.j-s.i,
			doubt:    before.role == areaRole || before.role == personRole && !t.parted[s.i],
			province: !said && slices.ContainsFunc(s.areas, func(a *area) bool { return a.kind == "" }),
		})
	}
	return out
}

// kindOf is the areas that are of a kind: any where none was said. A city is a
// district where there was one of the name, and else one of the provinces.
func kindOf(areas []*area, kind string) []*area {
	is := func(pass func(a *area) bool) []*area {
		var out []*area
		for _, a := range areas {
			if pass(a) {
				out = append(out, a)
			}
		}
		return out
	}
	switch kind {
	case "":
		return areas
	case "tinh":
		return is(func(a *area) bool { return a.kind == "" })
	case "thanh pho":
		if cities := is(func(a *area) bool { return a.kind == kind }); len(cities) > 0 {
			return cities
		}
		return is(func(a *area) bool { return a.kind == "" })
	}
	return is(func(a *area) bool { return a.kind != "" })
}

// explain counts the words around a name at ws[i:j] that say nothing about it. With
// no place in r any area will do.
func (g *atlas) explain(t *placeText, i, j int, r *reading) {
	for k := 0; k < len(t.ws); {
		if k == i {
			k = j
			continue
		}
		end := len(t.ws)
		if k < i {
			end = i
		}
		if n := g.areaAt(t, k, end, "", r); n > 0 {
			k += n
			continue
		}
		m := t.marks[k]
		if k+1 < end && t.marks[k+1].role == villageRole && t.ws[k].numeral() { // "12 ngõ 4"
			k++
			continue
		}
		if m.n == 0 || k+m.n > end || m.loose() && t.namesAt(k, end) {
			r.rest++
			k++
			continue
		}
		k += m.n
		switch m.role {
		case areaRole:
			n := g.areaAt(t, k, end, m.kind, r)
			r.doubt = r.doubt || n == 0
			k += n
		case villageRole:
			n, clear := t.village(k, end)
			r.doubt = r.doubt || !clear
			k += n
		case formerRole:
			r.saidFormer = true
		case doubtRole:
			r.doubt = true
		}
	}
}

// areaAt is how many words from k on name an area of a kind in which the place lies,
// or the commune of today in which a former one does.
func (g *atlas) areaAt(t *placeText, k, end int, kind string, r *reading) int {
	for _, s := range t.spotsAt(k) {
		if s.j > end || r.place == nil && kind == "" && s.j-k == 1 && len(t.ws[k].bare) < 2 { // "1"
			continue
		}
		lies := false
		areas := kindOf(s.areas, kind)
		if r.place == nil && kind == "" { // "Hà Giang" is more than the town
			if provinces := kindOf(areas, "tinh"); len(provinces) > 0 {
				areas = provinces
			}
		}
		for _, a := range areas {
			if r.place == nil {
				r.within, lies = append(r.within, a), true
				continue
			}
			if g.lies(r.place, a) {
				lies = true
				r.inProvince, r.inDistrict = r.inProvince || a.kind == "", r.inDistrict || a.kind != ""
			}
		}
		if !lies && r.place != nil && r.former && kind == "" {
			lies = slices.ContainsFunc(s.places, func(p calledPlace) bool { return !p.former && slices.Contains(r.codes, p.codes[0]) })
		}
		if lies {
			r.areas += s.j - k
			return s.j - k
		}
	}
	return 0
}

// namesAt reports whether a name of several words begins with word k, so that it is no
// talk: "bac ha" is hardly "bác hả".
func (t *placeText) namesAt(k, end int) bool {
	return slices.ContainsFunc(t.spotsAt(k), func(s spot) bool { return s.j > k+t.marks[k].n && s.j <= end })
}

// maxVillage is how many words the name of a village or street has at most.
const maxVillage = 4

// village is how many words from k on are the number or name of a village or street,
// and whether it is clear where it ends: at a comma, at the kind of what follows.
func (t *placeText) village(k, end int) (n int, clear bool) {
	if k < end && t.ws[k].numeral() {
		for n = 1; k+n < end && t.ws[k+n].numeral(); n++ {
		}
		return n, true
	}
	for ; k+n < end && n < maxVillage; n++ {
		r := t.marks[k+n].role
		if n > 0 && (t.parted[k+n] || r == communeRole || r == areaRole || r == villageRole) {
			return n, true
		}
	}
	return n, k+n == len(t.ws) || t.parted[k+n] || t.before[k+n].role == communeRole
}

// numeral reports whether a word is a house's or village's number: 4, 5a, 12.
func (w word) numeral() bool {
	return w.text[0] >= '0' && w.text[0] <= '9' || len(w.text) == 1 && w.text != "a" && w.text != "x" && w.text != "p" && w.text != "h" && w.text != "t"
}
