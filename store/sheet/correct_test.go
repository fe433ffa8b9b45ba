package sheet_test

import (
	"bytes"
	"strings"
	"testing"

	"lensan/locales"
	"lensan/store"
	"lensan/store/sheet"
)

const toCorrect = `Danh sách;;;;;
Tên sản phẩm;Chủ thể;Hạng sao;Số QĐ;Ngày QĐ;Địa chỉ
Quả bưởi Múc;HTX Bưởi Múc;4;4261/QĐ-UBND;15/12/2021;xã Thái Niên
Miến đao;;3;12/QĐ-UBND;2021;
;HTX Không Tên;3;12/QĐ-UBND;15/12/2021;
Gạo Séng Cù;HTX Nơi Khác;;;;xã Bản Vược
`

// What is sent back to be corrected has what is to be done, and is read again as the
// rows it is made of.
func TestToCorrect(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	say := func(id string, vars map[string]any) (string, error) { return texts.Text("vi", id, vars) }
	list, err := sheet.Parse("a.csv", []byte(toCorrect), sheet.Options{Province: "15"})
	if err != nil || len(list.Rows) != 4 || list.Incomplete() != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	lines := make([]store.ImportLine, 4)
	lines[3] = store.ImportLine{Outcome: store.ImportRefused, Reason: store.RefusedArea}
	headings, rows, err := list.ToCorrect(lines, say)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v, %v", rows, err)
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, "x", headings, rows); err != nil {
		t.Fatal(err)
	}
	again, err := sheet.Parse("b.xlsx", b.Bytes(), sheet.Options{Province: "15"})
	if err != nil || len(again.Rows) != 3 || len(again.Doubts) > 0 {
		t.Fatalf("read again: %+v, %v", again, err)
	}
	for i, r := range again.Rows {
		if got, want := r.Record(), list.Rows[i+1].Record(); got != want {
			t.Errorf("read again as\n%+v, was\n%+v", got, want)
		}
	}
	for i, id := range []string{"missing.producer", "refused.no_name", "refused.area"} {
		want, err := say("import."+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		if row := rows[i]; !strings.Contains(row[len(row)-3].(string), want) || row[len(row)-1] != i+4 {
			t.Errorf("row %v: want %q", row, want)
		}
	}
}
