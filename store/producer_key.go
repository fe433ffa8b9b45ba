package store

import (
	"slices"
	"strings"

	"lensan/bot/vietnamese"
)

// Words at the start of a producer's name that tell its kind, folded, and short forms
// within names.
var (
	producerWords = strings.Split("lien hiep;hop tac xa;htx;to hop tac;tht;cong ty;cty;co phan;cp;trach nhiem huu han;tnhh;mot thanh vien;mtv;"+
		"doanh nghiep tu nhan;dntn;doanh nghiep;ho kinh doanh;hkd;co so san xuat;cssx;co so;ho san xuat;ho gia dinh;trang trai", ";")
	producerShort = map[string]string{"nn": "nong nghiep", "dv": "dich vu", "tm": "thuong mai", "sx": "san xuat", "kd": "kinh doanh", "va": ""}
)

// producerKey is the name as producers are looked up by it: without marks and the
// words of its kind, so that "HTX NN Nậm Đét" and "Hợp tác xã nông nghiệp Nam Det"
// are one. Names of one key may still differ by their marks ([sameName]).
func producerKey(name string) string {
	key := vietnamese.Fold(name)
	for {
		i := slices.IndexFunc(producerWords, func(w string) bool { return strings.HasPrefix(key, w+" ") })
		if i < 0 {
			break
		}
		key = key[len(producerWords[i])+1:]
	}
	var words []string
	for _, w := range strings.Fields(key) {
		if long, ok := producerShort[w]; ok {
			w = long
		}
		if w != "" {
			words = append(words, w)
		}
	}
	if key = strings.Join(words, " "); len(key) > 200 {
		key = key[:200] // of letters a to z, nearly always
	}
	return strings.ToValidUTF8(key, "")
}
