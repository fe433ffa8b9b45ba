package sheet

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lensan/store"
)

// FuzzParse reads anything as a list: it ends, and what it finds keeps to its limits.
func FuzzParse(f *testing.F) {
	f.Add([]byte(text(plainList, ";")))
	for _, s := range []string{"", "a,b\n", "Tên sản phẩm,Chủ thể\n\"x", "\xff\xfeT\x00", "sep=;\nTên sản phẩm;Sao\nA;3", "Tên sản phẩm\tSao\n\x00", "PK\x03\x04", "STT|Tên sản phẩm|Chủ thể|Sao\nI|HUYỆN BẮC HÀ\n1|A|HTX|***"} {
		f.Add([]byte(s))
	}
	published, err := os.ReadFile(filepath.Join("..", "sample", "ocop-products.csv"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(published[:4000])
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		list, err := Parse("x", data, Options{Province: "15"})
		if err != nil {
			return
		}
		for _, r := range list.Rows {
			if r.Name == "" != (r.Refused != "") || r.Stars < 0 || r.Stars > 5 || r.Line < 1 {
				t.Errorf("%+v", r)
			}
			for _, s := range []string{r.Name, r.Producer, r.DecisionNumber, r.DateSaid, r.IssuedBy, r.Place, r.Contact, r.Remarks} {
				if !norm.NFC.IsNormalString(s) || !utf8.ValidString(s) {
					t.Errorf("%q", s)
				}
			}
			if r.Phone != "" && (len(r.Phone) < 10 || len(r.Phone) > 11) || r.DecisionDate != (store.Day{}) && r.DecisionDate.Year < firstYear {
				t.Errorf("%+v", r)
			}
		}
	})
}

// FuzzCell reads anything as the content of a cell.
func FuzzCell(f *testing.F) {
	for _, s := range []string{"4 sao", "★★★☆☆", "ngày 15 tháng 12 năm 2021", "44545", "QĐ số 4261/QĐ-UBND ngày 15/12/2021 của UBND tỉnh", "1/QĐ-UBND; 2/QĐ-UBND", "đã thu hồi", "II. HUYỆN BẮC HÀ", "3-4 sao", "Quyết định"} {
		f.Add(s, "")
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, s, raw string) {
		s = clean(s)
		if again := clean(s); again != s {
			t.Errorf("%q is cleaned to %q", s, again)
		}
		if n, ok := readStars(s); n < 0 || n > 5 || n > 0 && !ok {
			t.Errorf("%q: %d, %t", s, n, ok)
		}
		if d, said := readDay(cell{s, raw}, false); !d.IsZero() && (said != "" || d.Year < firstYear || d.Year > lastYear) {
			t.Errorf("%q: %v, %q", s, d, said)
		}
		if d := readDecision(s); d.several && d.number != "" {
			t.Errorf("%q: %+v", s, d)
		}
		kindOf(s)
		groupOf(s)
		stateOf(s)
		provincesIn(s)
		meaningOf(s)
		whereabouts{address: s, section: s}.written()
	})
}
