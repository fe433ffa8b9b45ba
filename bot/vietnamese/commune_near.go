package vietnamese

import (
	"slices"
	"strings"
)

// readNear reads an answer by names that are nearly spelt so: that sound alike, that
// it is the beginning of, or, unless only those are wanted, that differ in one letter; names of the province that was said, or else of one's own.
func (g *atlas) readNear(t *placeText, province string, alike bool) []reading {
	if _, only := g.areaOnly(t, province, false); only {
		return nil
	}
	var all []reading
	for i := range t.ws {
		var buf [maxKey]byte
		key := buf[:0]
		for j := i + 1; j <= min(len(t.ws), i+g.longest+1); j++ {
			if len(key)+len(t.ws[j-1].bare) > maxKey {
				break
			}
			if key = appendKey(key, t.ws[j-1]); len(key) >= 4 && !t.known(i, j) {
				all = append(all, g.nearAt(t, i, j, string(key), province, alike)...)
			}
		}
	}
	return best(all)
}

// known reports whether words are nothing but phrases around names.
func (t *placeText) known(i, j int) bool {
	for i < j && t.marks[i].n > 0 {
		i += t.marks[i].n
	}
	return i >= j
}

func (g *atlas) nearAt(t *placeText, i, j int, key, province string, alike bool) (out []reading) {
	if t.before[i].role == villageRole {
		return nil
	}
	around := reading{}
	if g.explain(t, i, j, &around); around.rest > 0 {
		return nil
	}
	provinces := []string{province}
	if named := kindOf(around.within, "tinh"); len(named) > 0 {
		provinces = provinces[:0]
		for _, a := range named {
			if !slices.Contains(provinces, a.province) {
				provinces = append(provinces, a.province)
			}
		}
	}
	sound := heard(key)
	for _, code := range provinces {
		for _, n := range g.near[code] {
			near := n.sound == sound || !alike && max(len(key), len(n.key)) >= 5 && offByOne(n.key, key)
			if !near && !strings.HasPrefix(n.key, key) {
				continue
			}
			for _, p := range n.places {
				if g.provinceOf(p.place) != code || !near && !begins(p.words, t.ws[i:j]) {
					continue
				}
				r := reading{calledPlace: p, size: j - i, saidKind: t.before[i].role == communeRole, heard: n.sound == sound && saidSo(p.words, t.ws[i:j])}
				if g.explain(t, i, j, &r); r.rest == 0 {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// begins reports whether a name begins with two words or more that were said: "Phong
// Dụ" of Phong Dụ Hạ and Phong Dụ Thượng.
func begins(name, said []word) bool {
	return len(said) > 1 && len(said) < len(name) && startsWith(said, name[:len(said)])
}

// saidSo reports whether a name that sounds alike is what was said, not only offered:
// each word may have these tones and ends in the same letter. Vượt is no Vược.
func saidSo(name, said []word) bool {
	if len(name) != len(said) {
		return false
	}
	for i, w := range said {
		of := name[i]
		if w.tone != 0 && w.tone != of.tone || w.bare[len(w.bare)-1] != of.bare[len(of.bare)-1] {
			return false
		}
	}
	return true
}
