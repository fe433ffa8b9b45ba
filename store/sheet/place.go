package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lensan/bot/vietnamese"
)

// whereabouts is what a list says about where a product is made, before it is known
// in which province the list is at home.
type whereabouts struct {
	village                              string // of the row: it lies in its commune, and says nothing about which
	address, commune, district, province string // of the row
	section                              string // a district or commune the row stands under
	title                                string // a district or commune the title names
	today                                bool   // the list says that its communes are those of today
}

// written is the place as the list writes it: from the smallest to the largest, each
// once.
func (w whereabouts) written() string {
	var parts []string
	seen := ""
	for _, p := range []string{w.village, w.address, w.commune, w.district, w.section, w.province} {
		folded := vietnamese.Fold(p)
		if nothing(p) || seen != "" && strings.Contains(seen, " "+folded+" ") {
			continue
		}
		parts = append(parts, oneLine(p))
		seen += " " + folded + " "
	}
	return strings.Join(parts, ", ")
}

// placeRead is what a place was read as.
type placeRead struct {
	commune string
	note    *Note
}

// commune reads which commune of today is meant. Only what is sure is taken.
func (r *reader) commune(w whereabouts, province, provinceSaid string) placeRead {
	key := strings.Join([]string{strconv.FormatBool(w.today), w.address, w.commune, w.district, w.section, w.title, w.province, province, provinceSaid}, "\x00")
	return r.places.of(key, func() placeRead { return readPlace(w, province, provinceSaid) })
}

func readPlace(w whereabouts, province, provinceSaid string) placeRead {
	field, said := Commune, w.commune
	if nothing(said) {
		field, said = Address, w.address
	}
	if nothing(said) && (isCommune(w.district) || strings.ContainsAny(w.district, ",;\n")) {
		field, said, w.district = District, w.district, ""
	}
	wide := whereabouts{district: w.district, section: w.section, title: w.title}
	around := "" // the commune that is meant where the row names none
	switch {
	case isCommune(w.section):
		around, w.section = w.section, ""
	case isCommune(w.title):
		around, w.title = w.title, ""
	}
	if around != "" && field == Address && isWithin(said) {
		// a village in it, or by its bare name another commune?
		own, reading := vietnamese.ReadCommune(oneLine(said), province)
		in := readPlace(wide, province, provinceSaid)
		if c, ok := vietnamese.CommuneByCode(in.commune); ok && reading == vietnamese.Understood && own[0].Code != c.Code {
			return placeRead{note: severalCommunes(field, own[0], c)}
		}
		return in
	}
	if nothing(said) {
		field, said = "", around
	} else if around != "" && (field == Commune || namesCommune(said)) { // with its district
		w.section = strings.Trim(w.section+", "+around, ", ")
	}
	if nothing(said) {
		return placeRead{} // the list names no commune
	}
	said = oneLine(said)
	if district := first(w.district, w.section); townWord.MatchString(said) && !nothing(district) {
		_, name := cutKind(oneLine(district))
		said = "thị trấn " + name // a district's town mostly bears its name, else it is not found
	}
	wider := []string{w.district, w.section, w.title, w.province, provinceSaid}
	texts := within(said, wider)
	if d := w.district; !nothing(d) && !isDistrict(d) && !isCommune(d) && !strings.ContainsAny(d, ",;\n") { // "Đồng Văn" is a commune, too
		wider[0] = "huyện " + d
		texts = append(texts, within(said, wider)[1:]...)
	}
	if at := communesNamed(said); len(at) > 0 && at[len(at)-1] > 0 {
		// at last without the streets and villages before it
		texts = append(texts, strings.TrimLeft(texts[len(texts)-1][at[len(at)-1]:], " ,;(–-"))
	}
	var several []vietnamese.Commune
	// what stands in the row itself comes first, with all it says
	for i := range texts {
		if i == 0 && !nothing(w.district) {
			continue
		}
		found, reading := vietnamese.ReadCommune(texts[i], province)
		if c, ok := spelled(found, texts[i]); ok && reading == vietnamese.Uncertain {
			return placeRead{commune: c.Code}
		}
		if reading == vietnamese.Understood {
			return placeRead{commune: found[0].Code}
		}
		if several == nil {
			several = found
		}
	}
	switch {
	case (w.today || said == wide.section) && nothing(w.district) && !isDistrict(w.title) && ofToday(several, said, province) != "":
		return placeRead{commune: ofToday(several, said, province)}
	case isDistrict(said) && !strings.ContainsAny(said, ",;-–"):
		return placeRead{}
	case len(several) > 0:
		return placeRead{note: severalCommunes(field, several...)}
	}
	return placeRead{note: &Note{Code: "commune_unknown", Field: field, Said: said}}
}

// ofToday is the one commune of today that bears a name which former ones have borne, too. Who parts a list by communes and names no district parts it by those
// of today.
func ofToday(found []vietnamese.Commune, name, province string) (code string) {
	named := vietnamese.Fold(name)
	for _, c := range found {
		if c.Former != "" || c.ProvinceCode != province || named != vietnamese.Fold(c.FullName) && named != vietnamese.Fold(c.Name) {
			continue
		}
		if code != "" {
			return ""
		}
		code = c.Code
	}
	return code
}

// within are a place and it with more and more of what lies around it.
func within(place string, wider []string) []string {
	texts := []string{undotted(place)}
	for _, w := range wider {
		if !nothing(w) {
			texts = append(texts, texts[len(texts)-1]+", "+undotted(oneLine(w)))
		}
	}
	return texts
}

// isWithin tells whether an address may lie in a commune that is told elsewhere: it is
// of villages and streets, or one name that is no district's.
func isWithin(address string) bool {
	if nothing(address) || namesCommune(address) {
		return false
	}
	parts := strings.FieldsFunc(address, func(r rune) bool { return strings.ContainsRune(",;–-\n", r) })
	for _, p := range parts {
		if !withinWords.MatchString(p) && (len(parts) > 1 || isDistrict(p)) {
			return false
		}
	}
	return true
}

// severalCommunes notes that one of several communes may be meant.
func severalCommunes(field string, all ...vietnamese.Commune) *Note {
	var names []string
	for _, c := range all {
		names = append(names, c.FullName)
	}
	return &Note{Code: "commune_several", Field: field, Said: strings.Join(names, ", ")}
}

// spelled finds the one former commune of a district that a text means when it names
// that district and spells the commune nearly so: "Tả Ngài Chồ" is Tả Ngải Chồ, "Nàn
// Sín" is Nàn Xín.
func spelled(found []vietnamese.Commune, text string) (one vietnamese.Commune, ok bool) {
	text = " " + sounds(text) + " "
	for _, c := range found {
		name, district, former := strings.Cut(strings.TrimSuffix(c.Former, " cũ"), ", ")
		_, name = cutKind(name)
		if _, bare := cutKind(district); !former {
			name = c.Name
		} else if !strings.Contains(text, " "+sounds(bare)+" ") {
			continue
		}
		switch {
		case !strings.Contains(text, " "+sounds(name)+" "):
		case ok || !former: // another one, or one of today, bears the name as well
			return one, false
		default:
			one, ok = c, true
		}
	}
	return one, ok
}

// sounds writes a name as it is heard, without its tones and marks.
func sounds(s string) string { return heard.Replace(vietnamese.Fold(s)) }

var heard = strings.NewReplacer("x", "s", "tr", "ch", "gi", "d", "r", "d", "y", "i")

// cutKind parts "thị trấn Phố Lu" into its kind and its name.
func cutKind(s string) (kind, name string) {
	m := kindWords.FindString(s)
	return m, s[len(m):]
}

var (
	// without marks only where nothing has any: "Quan Sơn" is no quận
	districtWords = regexp.MustCompile(`(?i)^\s*(?:(?:huyện|thị\s+xã|thành\s+phố|quận|t\.?p|t\.?x|h)\s+|(?:t\.?p|t\.?x|h|q)\.\s*)[\p{L}\d]`)
	withinWords   = regexp.MustCompile(`(?i)^[\s(]*(?:\d|(?:thôn|thon|bản|ban|xóm|xom|tổ|to|tdp|khu|kp|ấp|ap|khối|khoi|khóm|khom|buôn|buon|làng|lang|tiểu|tieu|số|so|đường|duong|phố|pho|ngõ|ngo|sn|đội|doi)\s)`)
	districtBare  = regexp.MustCompile(`(?i)^\s*(?:huyen|thi\s+xa|thanh\s+pho|quan)\s+[a-z0-9 .-]+$`)
	communeWords  = regexp.MustCompile(`(?i)^\s*(?:(?:xã|xa|phường|phuong|thị\s+trấn|thi\s+tran|t\.?t\.?|đặc\s+khu|dac\s+khu)\s+|p\.\s*)[\p{L}\d]`)
	communeKinds  = regexp.MustCompile(`(?i)(?:^|[\s,;(–-])(th[ịi]\s+)?(?:(?:xã|xa|phường|phuong|thị\s+trấn|thi\s+tran|t\.?t\.?|đặc\s+khu|dac\s+khu)\s+|[xp]\.\s*)[\p{L}\d]`)
	townWord      = regexp.MustCompile(`(?i)^\s*(?:thị\s+trấn|thi\s+tran|t\.?t\.?)(?:\s+huyện(?:\s+lỵ)?)?\s*$`)
	kindWords     = regexp.MustCompile(`(?i)^\s*(?:xã|phường|thị\s+trấn|đặc\s+khu|huyện|quận|thị\s+xã|thành\s+phố)\s+`)
	dotted        = regexp.MustCompile(`(?i)(^|[\s,;])([tn])\.([tpx])\.?\s`)
)

// undotted writes "T.P Cẩm Phả", "TT N.T Phong Hải" as "TP Cẩm Phả", "TT NT Phong Hải".
func undotted(s string) string { return dotted.ReplaceAllString(s, "$1$2$3 ") }

func isDistrict(s string) bool {
	return (districtWords.MatchString(s) || districtBare.MatchString(s)) && !communeWords.MatchString(s)
}

// communesNamed are where a text names communes by their kind: "thị xã" is none.
func communesNamed(s string) (at []int) {
	for _, m := range communeKinds.FindAllStringSubmatchIndex(s, -1) {
		if m[2] < 0 {
			at = append(at, m[0])
		}
	}
	return at
}

func namesCommune(s string) bool { return len(communesNamed(s)) > 0 }
func isCommune(s string) bool    { return communeWords.MatchString(s) }

// provinceNames are the folded names of the provinces of today and before, with the
// code of today's.
var provinceNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, p := range vietnamese.Provinces() {
		for _, name := range append(slices.Clone(p.Former), p.Name) {
			names[vietnamese.Fold(name)] = p.Code
		}
	}
	return names
})

// municipal are the provinces that are called cities. Other cities were districts.
var municipal = []string{"ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue"}

// provincesIn finds the provinces that a text names as such, and how it writes them.
func provincesIn(text string) (codes []string, said string) {
	ws := strings.Fields(vietnamese.Fold(text))
	for i := range ws {
		from := i + 1
		city := false
		switch {
		case ws[i] == "tinh":
		case ws[i] == "tp":
			city = true
		case ws[i] == "thanh" && i+1 < len(ws) && ws[i+1] == "pho":
			from, city = i+2, true
		default:
			continue
		}
		for n := min(4, len(ws)-from); n > 0; n-- {
			name := strings.Join(ws[from:from+n], " ")
			if code, ok := provinceNames()[name]; ok && (!city || slices.Contains(municipal, name)) {
				if !slices.Contains(codes, code) {
					codes = append(codes, code)
				}
				said = name
				break
			}
		}
	}
	return codes, said
}

// provinceOf is the province a cell names, with or without the word for it.
func provinceOf(text string) string {
	if code, ok := provinceNames()[vietnamese.Fold(text)]; ok {
		return code
	}
	if codes, _ := provincesIn(text); len(codes) == 1 {
		return codes[0]
	}
	return ""
}

// provinceOfDistricts is the one province in which all districts of a list lie, or
// lay.
func provinceOfDistricts(districts map[string]bool) string {
	all := ""
	for d := range districts {
		found, _ := vietnamese.ReadCommune(d, "")
		for _, c := range found {
			if all == "" {
				all = c.ProvinceCode
			}
			if c.ProvinceCode != all {
				return ""
			}
		}
	}
	return all
}
