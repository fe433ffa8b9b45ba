package sheet_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"lensan/store"
	"lensan/store/sheet"
)

// What is written can be read again as a list, is the same every time, and a text
// that looks like a formula stays a text.
func TestWrite(t *testing.T) {
	t.Parallel()
	headings := []string{"Tên sản phẩm", "Chủ thể", "Hạng sao", "Số quyết định", "Ngày quyết định"}
	rows := [][]any{
		{"Quả bưởi Múc", "Hợp tác xã Bưởi Múc Thái Niên", 4, "4261/QĐ-UBND", store.Day{Year: 2021, Month: 12, Day: 15}},
		{"=1+1", "@cmd", 0, "", store.Day{}},
	}
	write := func() []byte {
		var b bytes.Buffer
		if err := sheet.Write(&b, "Giấy chứng nhận", headings, rows); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	content := write()
	if !bytes.Equal(content, write()) {
		t.Error("the same table is written in two ways")
	}
	path := filepath.Join(t.TempDir(), "list.xlsx")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := sheet.Read(path, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Rows) != 2 {
		t.Fatalf("%d rows, want 2: %+v", len(list.Rows), list)
	}
	first, second := list.Rows[0], list.Rows[1]
	if first.Name != "Quả bưởi Múc" || first.Stars != 4 || first.DecisionNumber != "4261/QĐ-UBND" || first.DecisionDate != (store.Day{Year: 2021, Month: 12, Day: 15}) {
		t.Errorf("read again: %+v", first)
	}
	if second.Name != "=1+1" || second.Producer != "@cmd" || second.Stars != 0 || !second.DecisionDate.IsZero() {
		t.Errorf("read again: %+v", second)
	}
}
