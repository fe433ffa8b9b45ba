package vietnamese

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed data/communes.csv.gz
var communesFile []byte

// Commune is a commune, ward or special zone of Viet Nam as it is since 1 July 2025.
type Commune struct {
	Code         string // of the General Statistics Office, with its leading zeros
	Name         string // "Bắc Hà"
	FullName     string // "Xã Bắc Hà"
	ProvinceCode string
	Province     string // "Lào Cai"
	Former       string // the former name that was meant: "Thanh Bình, huyện Mường Khương cũ"; empty for the name of today
}

// Province is one of the 34 provinces and cities.
type Province struct {
	Code   string
	Name   string
	Former []string // the provinces it was made from
}

// Provinces lists the provinces by code.
func Provinces() []Province { return slices.Clone(gazetteer().provinces) }

// CommuneByCode is the commune with a code.
func CommuneByCode(code string) (Commune, bool) {
	c, ok := gazetteer().communes[code]
	if !ok {
		return Commune{}, false
	}
	return c.Commune, true
}

// commune is a commune with where it lies, as keys of names.
type commune struct {
	Commune
	key       string   // of its name
	areas     []string // former districts
	provinces []string // its province and the former ones
}

// place is a name a commune goes by, or went by.
type place struct {
	name     string
	kind     string // folded: "xa", "phuong", "thi tran", "dac khu"
	former   bool
	district string   // of a former one, in full
	inside   string   // key of its district
	province string   // key of its province
	codes    []string // the communes it is now: several where it was divided
}

// atlas holds data/communes.csv.gz.
type atlas struct {
	provinces []Province
	communes  map[string]*commune
	places    map[string][]*place // by placeKey
	areas     map[string]bool     // keys of provinces, now and before
	keys      map[string]string   // of districts and provinces, while reading
	longest   int                 // words of the longest name
}

// gazetteer is the embedded list, read once.
var gazetteer = sync.OnceValue(readGazetteer)

func readGazetteer() *atlas {
	g := &atlas{communes: map[string]*commune{}, places: map[string][]*place{}, areas: map[string]bool{}, keys: map[string]string{}}
	names := map[string]*Province{}
	z, err := gzip.NewReader(bytes.NewReader(communesFile))
	if err != nil {
		panic(fmt.Sprintf("vietnamese: data/communes.csv.gz: %v", err))
	}
	r := csv.NewReader(z)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	for {
		line, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			panic(fmt.Sprintf("vietnamese: data/communes.csv.gz: %v", err))
		}
		switch line[0] {
		case "p":
			g.provinces = append(g.provinces, Province{Code: line[1], Name: line[2]})
		case "n":
			if len(names) == 0 {
				for i := range g.provinces {
					names[g.provinces[i].Code] = &g.provinces[i]
				}
			}
			g.addCommune(line[1], line[2], names[line[3]])
		case "o":
			g.addFormer(line[1], line[2], line[3], strings.Split(line[4], ";"), names)
		}
	}
	for _, p := range g.provinces {
		g.areas[placeKey(p.Name)] = true
		for _, f := range p.Former {
			g.areas[placeKey(f)] = true
		}
	}
	g.keys = nil
	return g
}

func (g *atlas) addCommune(code, full string, p *Province) {
	kind, name := cutKind(full)
	c := &commune{key: placeKey(name), Commune: Commune{Code: code, Name: name, FullName: full, ProvinceCode: p.Code, Province: p.Name}}
	c.provinces = append(c.provinces, g.areaKey(p.Name))
	c.provinces = append(c.provinces, provinceAliases[p.Code]...)
	g.communes[code] = c
	g.addPlace(&place{name: name, kind: kind, codes: []string{code}})
}

func (g *atlas) addFormer(full, district, province string, codes []string, names map[string]*Province) {
	kind, name := cutKind(full)
	dk, pk := g.areaKey(district), g.areaKey(province)
	g.addPlace(&place{name: name, kind: kind, former: true, district: district, inside: dk, province: pk, codes: codes})
	for _, code := range codes {
		c := g.communes[code]
		if !slices.Contains(c.areas, dk) {
			c.areas = append(c.areas, dk)
		}
		if !slices.Contains(c.provinces, pk) {
			c.provinces = append(c.provinces, pk)
		}
		if p := names[c.ProvinceCode]; !slices.Contains(p.Former, province) {
			p.Former = append(p.Former, province)
		}
	}
}

// areaKey is the key of a district or province, which come up again and again.
func (g *atlas) areaKey(full string) string {
	key, ok := g.keys[full]
	if !ok {
		_, name := cutKind(full)
		key = placeKey(name)
		g.keys[full] = key
	}
	return key
}

func (g *atlas) addPlace(p *place) {
	k := placeKey(p.name)
	g.places[k] = append(g.places[k], p)
	g.longest = max(g.longest, strings.Count(p.name, " ")+1)
}

// provinceAliases are everyday names of provinces, as keys, by code.
var provinceAliases = func() map[string][]string {
	out := map[string][]string{}
	for _, m := range meanings("province names") {
		for name := range strings.SplitSeq(m.words, ";") {
			out[m.means] = append(out[m.means], placeKey(name))
		}
	}
	return out
}()

// unitKinds are the kinds of units as they stand before a name, and folded.
var unitKinds = [][2]string{
	{"Xã ", "xa"}, {"Phường ", "phuong"}, {"Thị trấn ", "thi tran"}, {"Đặc khu ", "dac khu"},
	{"Huyện ", "huyen"}, {"Quận ", "quan"}, {"Thị xã ", "thi xa"}, {"Thành phố ", "thanh pho"},
}

// cutKind parts "Thị trấn Phố Lu" into its folded kind and its name.
func cutKind(full string) (kind, name string) {
	for _, k := range unitKinds {
		if rest, ok := strings.CutPrefix(full, k[0]); ok {
			rest = strings.TrimPrefix(strings.TrimPrefix(rest, "N.T "), "NT ") // state farm towns
			return k[1], rest
		}
	}
	return "", full
}

// placeKey is a name without marks, spaces and the choice between i and y.
func placeKey(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(Fold(name), " ", ""), "y", "i")
}

// wordsKey is the placeKey of words.
func wordsKey(ws []word) string {
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(w.bare)
	}
	return strings.ReplaceAll(b.String(), "y", "i")
}

// label is how a former place is told apart: "Thanh Bình, huyện Mường Khương cũ".
func (p *place) label() string {
	if !p.former {
		return ""
	}
	name := p.name
	if p.kind == "thi tran" {
		name = "thị trấn " + name
	}
	kind, rest, _ := strings.Cut(p.district, " ")
	return name + ", " + strings.ToLower(kind) + " " + rest + " cũ"
}
