package sheet

import (
	"slices"
	"strings"

	"lensan/bot/vietnamese"
)

// placeIn is the one commune and the one district that a title names: a list of
// several is a list of neither.
func (t *table) placeIn(text string) string {
	province := first(t.about.province, t.opt.Province)
	communes, districts := map[string]string{}, map[string]string{} // by folded name
	ws := strings.Fields(text)
	for i, left := 0, maxTitleKinds; i < len(ws) && left > 0; i++ {
		n := kindAt(ws[i:])
		if n == 0 || i > 0 && words["no kind"][vietnamese.Fold(ws[i-1])] {
			continue
		}
		left--
		name, size := nameAt(ws[i:], n, province)
		if size == 0 {
			continue
		}
		all := communes
		if isDistrict(name) {
			if codes, _ := provincesIn(name); len(codes) > 0 {
				continue // "thành phố Hải Phòng" is a province
			}
			all = districts
		}
		all[vietnamese.Fold(name)] = name
		if i+size < len(ws) && vietnamese.Fold(ws[i+size]) == "va" {
			all["va"] = "" // and another one
		}
	}
	var parts []string
	for _, all := range []map[string]string{communes, districts} {
		if len(all) > 1 {
			return ""
		}
		for _, name := range all {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, ", ")
}

// maxTitleKinds is how many communes and districts of a title are looked at.
const maxTitleKinds = 20

// kindAt is how many words say the kind of a commune or district at the start of
// words; 0: none.
func kindAt(ws []string) int {
	for n := min(2, len(ws)-1); n > 0; n-- {
		if words["place kinds"][vietnamese.Fold(strings.Join(ws[:n], " "))] {
			return n
		}
	}
	return 0
}

// maxPlaceName is how many words the name of a commune has at most.
const maxPlaceName = 5

// nameAt finds the commune or district that words begin with, of which the first n
// say its kind; size is how many words it takes.
func nameAt(ws []string, n int, province string) (name string, size int) {
	end := n
	for end < min(len(ws), n+maxPlaceName) {
		end++
		if strings.ContainsAny(ws[end-1][len(ws[end-1])-1:], ",;:.()") {
			break
		}
	}
	for ; end > n; end-- {
		name = strings.Trim(strings.Join(ws[:end], " "), " ,;:.()")
		found, _ := vietnamese.ReadCommune(name, province)
		if isDistrict(name) && len(found) > 1 {
			for end > n+1 { // "huyện Hàm Yên năm" reads as "huyện Hàm Yên" does
				less := strings.Join(ws[:end-1], " ")
				if same, _ := vietnamese.ReadCommune(less, province); !slices.Equal(same, found) {
					break
				}
				name, end = less, end-1
			}
			return name, end
		}
		_, bare := cutKind(name)
		if isCommune(name) && slices.ContainsFunc(found, func(c vietnamese.Commune) bool { return bears(c, bare) }) {
			return name, end
		}
	}
	return "", 0
}

// bears tells whether a commune has, or as a former one had, a name.
func bears(c vietnamese.Commune, name string) bool {
	former, _, _ := strings.Cut(c.Former, ",")
	_, former = cutKind(former)
	folded := vietnamese.Fold(name)
	return vietnamese.Fold(c.Name) == folded || vietnamese.Fold(former) == folded
}

// isPlaceName tells whether a text is the name of a commune or district, no more.
func isPlaceName(text, province string) bool {
	folded := vietnamese.Fold(text)
	found, _ := vietnamese.ReadCommune(text, province)
	for _, c := range found {
		if bears(c, text) {
			return true
		}
		_, district, _ := strings.Cut(strings.TrimSuffix(c.Former, " cũ"), ", ")
		if _, name := cutKind(district); name != "" && vietnamese.Fold(name) == folded {
			return true
		}
	}
	found, _ = vietnamese.ReadCommune("huyện "+text, province)
	return len(found) > 1 && len(strings.Fields(text)) <= 3
}
