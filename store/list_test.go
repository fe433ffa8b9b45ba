package store

import "testing"

func TestIsCode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"SP-000012": true, "sp 12": true, "4261/QĐ-UBND": true, "4261/qd-ubnd": true, "QĐ số 4261/QĐ-UBND": true, "số 279/2022/QĐ-UBND": true,
		"12": false, "2026": false, "CT-000003": false, "SP-000012 của ai": false, "gạo": false, "": false, "sp": false, "4261/QĐ-UBND ngày 15/12/2021": false,
	} {
		if got := IsCode(text); got != want {
			t.Errorf("IsCode(%q) = %v", text, got)
		}
	}
}
