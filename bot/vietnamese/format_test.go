package vietnamese

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{FormatPhone("0912345678"), "0912 345 678"},
		{FormatPhone("02438251234"), "024 3825 1234"},
		{FormatPhone("02143822999"), "0214 3822 999"},
		{FormatMoney(1200000), "1.200.000 đ"},
		{FormatMoney(500), "500 đ"},
		{FormatMoney(0), "0 đ"},
		{Money{45000, 50000}.String(), "45.000–50.000 đ"},
		{Quantity{Amount: 1500, Unit: "kg"}.String(), "1.500 kg"},
		{Quantity{Amount: 0.3, Unit: "kg"}.String(), "0,3 kg"},
		{Quantity{Amount: 500, Unit: "chai"}.String(), "500 chai"},
		{Date{2026, 3, 5}.Vietnamese(), "5/3/2026"},
		{Date{Year: 2026, Month: 3}.Vietnamese(), "3/2026"},
		{Date{Month: 3, Day: 5}.Vietnamese(), "5/3"},
		{Date{Year: 2026}.Vietnamese(), "2026"},
		{Date{}.Vietnamese(), ""},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

// TestDecomposed reads both forms of Unicode alike.
func TestDecomposed(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Đường Nguyễn Huệ", "hòa thủy khỏe", "ưỡn ẹo"} {
		if Fold(s) != Fold(norm.NFD.String(s)) {
			t.Errorf("Fold(%q) differs for decomposed text", s)
		}
		if Unslip(norm.NFD.String(s)) != s {
			t.Errorf("Unslip(%q) = %q", s, Unslip(norm.NFD.String(s)))
		}
	}
	if YesNo(norm.NFD.String("không đồng ý")) != No {
		t.Error("decomposed no is not understood")
	}
}

func TestMoneyCandidates(t *testing.T) {
	t.Parallel()
	for said, want := range map[string][]Money{
		"85":               {{85000, 85000}, {85, 85}},
		"45-50":            {{45000, 50000}, {45, 50}},
		"hơn 50k":          {{50000, 50000}},
		"lớn 50k nhỏ 30k":  {{50000, 50000}, {30000, 30000}},
		"3 cân 100 nghìn":  {{100000, 100000}},
		"không biết nữa":   nil,
		"một hai ba":       {{123000, 123000}, {123, 123}},
		"85 nghìn một cân": nil,
	} {
		if _, got, _ := ReadMoney(said); !slices.Equal(got, want) {
			t.Errorf("ReadMoney(%q) offers %v, want %v", said, got, want)
		}
	}
}

func TestCommuneCandidates(t *testing.T) {
	t.Parallel()
	found, r := ReadCommune("thanh bình", "15")
	if r != Uncertain || len(found) != 2 || found[0].Former != "Thanh Bình, huyện Mường Khương cũ" || found[1].Former != "Thanh Bình, thị xã Sa Pa cũ" {
		t.Errorf("thanh bình: %+v %v", found, r)
	}
	found, r = ReadCommune("thị trấn Phố Lu cũ", "15")
	if r != Understood || found[0].FullName != "Xã Bảo Thắng" || found[0].Former != "thị trấn Phố Lu, huyện Bảo Thắng cũ" || found[0].Province != "Lào Cai" {
		t.Errorf("phố lu: %+v %v", found, r)
	}
	// elsewhere the same name belongs to somebody else
	if found, r = ReadCommune("xã Kim Liên", "40"); r != Understood || found[0].Code != "17971" {
		t.Errorf("kim liên in Nghệ An: %+v %v", found, r)
	}
	if found, _ = ReadCommune("tân thành", ""); len(found) != maxCandidates {
		t.Errorf("tân thành: %d candidates", len(found))
	}
	if c, ok := CommuneByCode("02839"); !ok || c.FullName != "Xã Bắc Hà" {
		t.Errorf("02839: %+v %v", c, ok)
	}
	if _, ok := CommuneByCode("x"); ok {
		t.Error("x is a commune")
	}
	ps := Provinces()
	if len(ps) != 34 || len(gazetteer().communes) != 3321 {
		t.Errorf("%d provinces, %d communes", len(ps), len(gazetteer().communes))
	}
	i := slices.IndexFunc(ps, func(p Province) bool { return p.Code == "15" })
	if slices.Sort(ps[i].Former); !slices.Equal(ps[i].Former, []string{"Lào Cai", "Yên Bái"}) {
		t.Errorf("Lào Cai was %q", ps[i].Former)
	}
}

// TestEveryCommune asks for every commune by its full name and province.
func TestEveryCommune(t *testing.T) {
	t.Parallel()
	wrong := 0
	for code, c := range gazetteer().communes {
		for _, s := range []string{c.FullName + ", " + c.Province, strings.ToLower(Fold(c.FullName + " " + c.Province))} {
			found, _ := ReadCommune(s, "15")
			if !slices.ContainsFunc(found, func(f Commune) bool { return f.Code == code }) {
				if wrong++; wrong < 10 {
					t.Errorf("%q: got %+v, want %s", s, found, code)
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d not found", wrong)
	}
}

func TestDateMethods(t *testing.T) {
	t.Parallel()
	if !(Date{}).IsZero() || (Date{Year: 1}).IsZero() {
		t.Error("IsZero")
	}
	// weeks begin on Monday, also when asked on a Monday
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for said, want := range map[string]string{"thứ 5 tuần này": "2026-11-26", "thứ 5 tuần sau": "2026-12-03", "mai": "2026-11-24", "5/3/98": "1998-03-05"} {
		if d, r := ReadDate(said, monday); d.String() != want || r != Understood {
			t.Errorf("%q on a Monday: %v %v, want %s", said, d, r, want)
		}
	}
}
