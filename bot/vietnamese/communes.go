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

// commune is a commune with where it lies.
type commune struct {
	Commune
	areas []*area // its former districts, its province and the former ones
}

// area is a district of before, or a province of today or before.
type area struct {
	kind     string // folded: "huyen", "thi xa", "thanh pho", "quan"; empty for a province
	province string // code of the province it is, or lies in, today
	codes    []string
}

// place is a name a commune goes by, or went by.
type place struct {
	name     string
	kind     string // folded: "xa", "phuong", "thi tran", "dac khu"
	former   bool
	district string   // of a former one, in full
	areas    []*area  // of a former one: its district and province
	codes    []string // the communes it is now: several where it was divided
}

// calledPlace is a place with one of the spellings of its name.
type calledPlace struct {
	*place
	words []word
}

// entry is all that goes by one name.
type entry struct {
	places []calledPlace
	areas  []*area
}

// nearName is a name of one province, to compare slips with.
type nearName struct {
	key, sound string
	*entry
}

// atlas holds data/communes.csv.gz.
type atlas struct {
	provinces []Province
	communes  map[string]*commune
	names     map[string]*entry     // by nameKey
	near      map[string][]nearName // by code of province
	longest   int                   // words of the longest name
}

// gazetteer is the embedded list, read once.
var gazetteer = sync.OnceValue(readGazetteer)

// survey is what is needed only while the list is read.
type survey struct {
	*atlas
	areas  map[string]*area     // by full name and province
	byCode map[string]*Province // by code
	own    map[string]*area     // provinces of today by code
}

func readGazetteer() *atlas {
	g := &atlas{communes: map[string]*commune{}, names: map[string]*entry{}, near: map[string][]nearName{}}
	s := survey{g, map[string]*area{}, map[string]*Province{}, map[string]*area{}}
	z, err := gzip.NewReader(bytes.NewReader(communesFile))
	if err != nil {
		panic(fmt.Sprintf("vietnamese: data/communes.csv.gz: %v", err))
	}
	g.provinces = make([]Province, 0, 34) // pointed into by byCode
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
			s.addProvince(line[1], line[2])
		case "n":
			s.addCommune(line[1], line[2], line[3])
		case "o":
			s.addFormer(line[1], line[2], line[3], strings.Split(line[4], ";"))
		}
	}
	s.addSpellings()
	g.addNear()
	return g
}

func (s survey) addProvince(code, name string) {
	s.provinces = append(s.provinces, Province{Code: code, Name: name})
	s.byCode[code] = &s.provinces[len(s.provinces)-1]
	s.own[code] = s.area(name, name, code)
}

func (s survey) addCommune(code, full, province string) {
	p := s.byCode[province]
	kind, name := cutKind(full)
	s.communes[code] = &commune{Commune{Code: code, Name: name, FullName: full, ProvinceCode: p.Code, Province: p.Name}, []*area{s.own[province]}}
	s.addPlace(&place{name: name, kind: kind, codes: []string{code}})
}

func (s survey) addFormer(full, district, province string, codes []string) {
	kind, name := cutKind(full)
	now := s.communes[codes[0]].ProvinceCode
	d, p := s.area(district, province, now), s.area(province, province, now)
	s.addPlace(&place{name: name, kind: kind, former: true, district: district, areas: []*area{d, p}, codes: codes})
	for _, code := range codes {
		c := s.communes[code]
		for _, a := range []*area{d, p} {
			if !slices.Contains(c.areas, a) {
				c.areas = append(c.areas, a)
			}
		}
		if !slices.Contains(d.codes, code) {
			d.codes = append(d.codes, code)
		}
		if p := s.byCode[c.ProvinceCode]; !slices.Contains(p.Former, province) {
			p.Former = append(p.Former, province)
		}
	}
}

// area is the district or province of a name, each one once.
func (s survey) area(full, province, now string) *area {
	id := full + "," + province
	a := s.areas[id]
	if a == nil {
		kind, name := cutKind(full)
		a = &area{kind: kind, province: now}
		s.areas[id] = a
		e := s.entry(nameKey(split(name)))
		e.areas = append(e.areas, a)
	}
	return a
}

func (g *atlas) entry(key string) *entry {
	e := g.names[key]
	if e == nil {
		e = &entry{}
		g.names[key] = e
	}
	return e
}

func (g *atlas) addPlace(p *place) {
	ws := split(p.name)
	e := g.entry(nameKey(ws))
	e.places = append(e.places, calledPlace{p, ws})
	g.longest = max(g.longest, len(ws))
}

// addSpellings adds everyday names of provinces and other spellings of communes.
func (s survey) addSpellings() {
	for _, m := range meanings("province names") {
		for name := range strings.SplitSeq(m.words, ";") {
			e := s.entry(nameKey(split(name)))
			e.areas = append(e.areas, s.own[m.means])
		}
	}
	for _, m := range meanings("also written") {
		for name := range strings.SplitSeq(m.words, ";") {
			ws := split(name)
			for _, p := range s.names[nameKey(split(m.means))].places {
				if p.name == m.means {
					e := s.entry(nameKey(ws))
					e.places = append(e.places, calledPlace{p.place, ws})
				}
			}
		}
	}
}

// addNear sorts the names by the provinces in which communes bear or bore them.
func (g *atlas) addNear() {
	for key, e := range g.names {
		n := nearName{key, heard(key), e}
		seen := map[string]bool{}
		for _, p := range e.places {
			if code := g.provinceOf(p.place); !seen[code] {
				seen[code] = true
				g.near[code] = append(g.near[code], n)
			}
		}
	}
}

func (g *atlas) provinceOf(p *place) string { return g.communes[p.codes[0]].ProvinceCode }

// lies reports whether a place lies in an area.
func (g *atlas) lies(p *place, a *area) bool {
	if !p.former {
		return slices.Contains(g.communes[p.codes[0]].areas, a)
	}
	return slices.Contains(p.areas, a) || g.communes[p.codes[0]].areas[0] == a
}

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

// maxKey is the longest key of a name, in bytes.
const maxKey = 64

// appendKey adds a word to the key of a name: without marks, spaces and the choice
// between i and y.
func appendKey(key []byte, w word) []byte {
	for _, c := range []byte(w.bare) {
		if c == 'y' {
			c = 'i'
		}
		key = append(key, c)
	}
	return key
}

// nameKey is what names are found by.
func nameKey(ws []word) string {
	var key []byte
	for _, w := range ws {
		key = appendKey(key, w)
	}
	return string(key)
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
