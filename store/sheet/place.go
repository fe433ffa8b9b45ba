package sheet

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"lensan/bot/vietnamese"
)

// whereabouts is what a list says about where a product is made, before it is known
// in which province the list is at home.
type whereabouts struct {
	address, commune, district, province string // of the row
	section                              string // a district or commune the row stands under
	title                                string // a district the title names
}

// written is the place as the list writes it: from the smallest to the largest, each
// once.
func (w whereabouts) written() string {
	var parts []string
	seen := ""
	for _, p := range []string{w.address, w.commune, w.district, w.section, w.province} {
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

// maxPlaces is how many different places are remembered.
const maxPlaces = 20_000

// commune reads which commune of today is meant. Only what is sure is taken.
func (r *reader) commune(w whereabouts, province, provinceSaid string) placeRead {
	key := strings.Join([]string{w.address, w.commune, w.district, w.section, w.title, w.province, province, provinceSaid}, "\x00")
	if known, ok := r.places[key]; ok {
		return known
	}
	read := readPlace(w, province, provinceSaid)
	if len(r.places) < maxPlaces {
		r.places[key] = read
	}
	return read
}

func readPlace(w whereabouts, province, provinceSaid string) placeRead {
	field, said := Commune, w.commune
	if nothing(said) {
		field, said = Address, w.address
	}
	if nothing(said) && (isCommune(w.district) || strings.ContainsAny(w.district, ",;\n")) {
		field, said, w.district = District, w.district, ""
	}
	if nothing(said) && isCommune(w.section) {
		field, said, w.section = "", w.section, ""
	}
	if nothing(said) || isDistrict(said) && !strings.ContainsAny(said, ",;-–\n") {
		return placeRead{} // the list names no commune
	}
	texts := []string{said}
	for _, wider := range []string{w.district, w.section, w.title, w.province, provinceSaid} {
		if !nothing(wider) {
			texts = append(texts, texts[len(texts)-1]+", "+oneLine(wider))
		}
	}
	var several []string
	// what stands in the row itself comes first, with all it says
	for i := range texts {
		if i == 0 && !nothing(w.district) {
			continue
		}
		found, reading := vietnamese.ReadCommune(oneLine(texts[i]), province)
		if reading == vietnamese.Understood {
			return placeRead{commune: found[0].Code}
		}
		if several == nil {
			for _, c := range found {
				several = append(several, c.FullName)
			}
		}
	}
	if len(several) > 1 {
		return placeRead{note: &Note{Code: "commune_several", Field: field, Said: strings.Join(several, ", ")}}
	}
	return placeRead{note: &Note{Code: "commune_unknown", Field: field, Said: oneLine(said)}}
}

var (
	districtWords = regexp.MustCompile(`(?i)^\s*(?:huyện|huyen|thị\s+xã|thi\s+xa|thành\s+phố|thanh\s+pho|quận|quan|tp\.?|tx\.?|h\.)\s*\p{L}`)
	communeWords  = regexp.MustCompile(`(?i)^\s*(?:xã|xa|phường|phuong|thị\s+trấn|thi\s+tran|tt\.?|đặc\s+khu|dac\s+khu)\s+\p{L}`)
)

func isDistrict(s string) bool { return districtWords.MatchString(s) && !communeWords.MatchString(s) }
func isCommune(s string) bool  { return communeWords.MatchString(s) }

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
