package vietnamese

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// saidPlace is one of the ways in which people write a place.
type saidPlace struct {
	text  string
	codes []string // one of these is meant
	home  bool     // it lies in Lào Cai, and is written with its marks
}

// everyPlace is every commune of today and before in the ways people write it.
func everyPlace() []saidPlace {
	g := gazetteer()
	var out []saidPlace
	seen := map[*place]bool{}
	for _, e := range g.names {
		for _, p := range e.places {
			if seen[p.place] {
				continue
			}
			seen[p.place] = true
			kind := map[string]string{"xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu"}[p.kind]
			brief := map[string]string{"xa": "x.", "phuong": "p.", "thi tran": "tt"}[p.kind]
			province := g.communes[p.codes[0]].Province
			home := g.provinceOf(p.place) == "15"
			full := kind + " " + p.name + ", " + province
			texts := []string{full, Fold(full), strings.ToUpper(full), norm.NFD.String(full), kind + " " + strings.ReplaceAll(Fold(p.name), " ", "") + " " + strings.ReplaceAll(Fold(province), " ", "")}
			if p.former && p.name[0] <= '9' { // Phường 5
				full = fmt.Sprintf("%s %s, %s, tỉnh %s", kind, p.name, strings.ToLower(p.district), province)
				texts = []string{full, Fold(full), strings.ToUpper(full)}
			} else if p.former {
				_, district := cutKind(p.district)
				full = fmt.Sprintf("%s %s, %s, tỉnh %s", kind, p.name, strings.ToLower(p.district), province)
				texts = []string{full, Fold(full), strings.ToUpper(full), norm.NFD.String(full), brief + " " + p.name + " h. " + district + " t. " + province, Fold(p.name + " " + district + " " + province), full + " cũ"}
			}
			for i, text := range texts {
				out = append(out, saidPlace{text, p.codes, home && i == 0})
			}
		}
	}
	return out
}

// TestEveryPlace says every commune of today and before with its province, and former
// ones with their district: it must be taken for what it is, or be among what is
// offered, and inside Lào Cai it must be understood at once.
func TestEveryPlace(t *testing.T) {
	t.Parallel()
	lines, wrong, missed, asked, home, understood := 0, 0, 0, 0, 0, 0
	for _, s := range everyPlace() {
		found, r := ReadCommune(s.text, "15")
		lines++
		if s.home {
			home++
		}
		switch ok := slices.ContainsFunc(found, func(c Commune) bool { return slices.Contains(s.codes, c.Code) }); {
		case r == Understood && !ok:
			if wrong++; wrong < 10 {
				t.Errorf("%q: took %+v, want %v", s.text, found, s.codes)
			}
		case !ok:
			if missed++; missed < 10 {
				t.Errorf("%q: offers %+v, want %v", s.text, found, s.codes)
			}
		case r == Understood && s.home:
			understood++
		case r != Understood:
			asked++
			if s.home {
				t.Logf("%q: asks %+v", s.text, found)
			}
		}
	}
	t.Logf("%d lines: %d wrong, %d missed, %d asked; inside Lào Cai %d of %d understood at once", lines, wrong, missed, asked, understood, home)
	if wrong+missed > 0 || 100*understood < 99*home {
		t.Errorf("%d wrong, %d missed, %d of %d understood", wrong, missed, understood, home)
	}
}

// TestCommuneSlips writes every name of Lào Cai with a slip: it must be offered, and no
// other place may be taken for it unless the slip makes that one's name.
func TestCommuneSlips(t *testing.T) {
	t.Parallel()
	g := gazetteer()
	lines, offered := 0, 0
	for _, n := range g.near["15"] {
		p := n.places[slices.IndexFunc(n.places, func(p calledPlace) bool { return g.provinceOf(p.place) == "15" })]
		name := Fold(p.name)
		for i := range name {
			if name[i] == ' ' || i+1 == len(name) || name[i] == name[i+1] {
				continue
			}
			for _, slip := range []string{name[:i] + name[i+1:], name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:], name[:i] + "u" + name[i+1:],
				name[:i] + strings.NewReplacer("l", "n", "n", "l", "s", "x", "x", "s", "d", "r", "r", "d").Replace(name[i:i+1]) + name[i+1:]} {
				if g.names[nameKey(split(slip))] != nil || g.names[nameKey(split(Unslip(slip)))] != nil {
					continue
				}
				found, r := ReadCommune("xã "+slip, "15")
				lines++
				if slices.ContainsFunc(found, func(c Commune) bool { return slices.Contains(p.codes, c.Code) }) {
					offered++
				} else if lines%200 == 0 {
					t.Logf("%q for %s: %v %v", slip, p.name, found, r)
				}
				if r == Understood && !names("xã "+slip, found[0].Code) {
					t.Errorf("%q for %s: took %+v, which is only near", slip, p.name, found)
				}
			}
		}
	}
	t.Logf("%d slips, %d offered", lines, offered)
	if 100*offered < 85*lines {
		t.Errorf("%d of %d slips offered", offered, lines)
	}
}

// TestDivided: who names the former district of a commune that was divided is asked,
// though a commune of today bears the name.
func TestDivided(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		said  string
		codes []string
	}{
		{"Liên Hòa, TX Quảng Yên", []string{"07168", "07180"}},
		{"dong ngu, tien yen", []string{"06862", "06877"}},
		{"phường Quang Hanh, Cẩm Phả", []string{"06778"}},
	} {
		found, r := ReadCommune(c.said, "22")
		var codes []string
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		if !slices.Equal(codes, c.codes) || (r == Understood) != (len(c.codes) == 1) {
			t.Errorf("%q: %v %v, want %v", c.said, codes, r, c.codes)
		}
	}
}
