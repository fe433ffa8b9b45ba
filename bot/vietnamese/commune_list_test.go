package vietnamese

import (
	"slices"
	"testing"
)

func TestCommunesOf(t *testing.T) {
	t.Parallel()
	all := 0
	for _, p := range Provinces() {
		list := CommunesOf(p.Code)
		all += len(list)
		if !slices.IsSortedFunc(list, func(a, b Commune) int {
			if a.Code < b.Code {
				return -1
			}
			return 1
		}) {
			t.Errorf("%s: not in order", p.Name)
		}
		for _, c := range list {
			if c.ProvinceCode != p.Code {
				t.Errorf("%s lies in %s, not in %s", c.Name, c.Province, p.Name)
			}
		}
	}
	if all != 3321 {
		t.Errorf("%d communes", all)
	}
	if CommunesOf("99") != nil {
		t.Error("communes of no province")
	}
}

func TestFormerNames(t *testing.T) {
	t.Parallel()
	got := FormerNames("02923") // Gia Phú
	if !slices.Equal(got, []string{"Thống Nhất", "Xuân Giao"}) || FormerNames("00000") != nil {
		t.Errorf("%v, and of no commune %v", got, FormerNames("00000"))
	}
}
