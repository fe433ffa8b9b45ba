package vietnamese

import (
	"slices"
	"strings"
)

// sounds writes sounds many people write for one another as one.
var sounds = func() *strings.Replacer {
	var pairs []string
	for _, m := range meanings("same sound") {
		for s := range strings.SplitSeq(m.words, ";") {
			pairs = append(pairs, strings.TrimSpace(s), m.means)
		}
	}
	return strings.NewReplacer(pairs...)
}()

func soundKey(key string) string { return sounds.Replace(key) }

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
	heard := soundKey(key)
	for _, code := range provinces {
		for _, n := range g.near[code] {
			near := n.sound == heard || !alike && max(len(key), len(n.key)) >= 5 && oneApart(n.key, key)
			if !near && !strings.HasPrefix(n.key, key) {
				continue
			}
			for _, p := range n.places {
				if g.provinceOf(p.place) != code || !near && !begins(p.words, t.ws[i:j]) {
					continue
				}
				r := reading{calledPlace: p, size: j - i, saidKind: t.before[i].role == communeRole, heard: n.sound == heard && sameTones(p.words, t.ws[i:j])}
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

// sameTones reports whether a name can have been said with these tones.
func sameTones(name, said []word) bool {
	if len(name) != len(said) {
		return false
	}
	for i, w := range said {
		if w.tone != 0 && w.tone != name[i].tone {
			return false
		}
	}
	return true
}

// oneApart reports whether a becomes b by changing, adding or dropping one letter, or
// by changing two places of neighbours.
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		return i == len(a) || a[i+1:] == b[i+1:] || swapped
	}
	return a[i:] == b[i+1:]
}
