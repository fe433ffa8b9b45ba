package sheet

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkParse reads a list of 50,000 products: communes with their former
// districts, decisions and days in words.
func BenchmarkParse(b *testing.B) {
	data := manyRows(b, 50_000)
	b.ReportAllocs()
	for b.Loop() {
		list, err := Parse("x.xlsx", data, Options{Province: "15"})
		if err != nil || len(list.Rows) != 50_000 {
			b.Fatal(err)
		}
	}
}

// manyRows is a workbook of n products.
func manyRows(b *testing.B, n int) []byte {
	b.Helper()
	places := []string{"Xã Bản Phố, huyện Bắc Hà", "Thôn Na Lo, xã Tà Chải, huyện Bắc Hà", "Thị trấn Mường Khương, huyện Mường Khương", "Xã Thanh Bình, thị xã Sa Pa", "Phường Duyên Hải, TP Lào Cai"}
	rows := make([][]any, n)
	for i := range rows {
		rows[i] = []any{fmt.Sprint(i + 1), fmt.Sprintf("Gạo Séng Cù số %d", i), fmt.Sprintf("HTX Nông nghiệp số %d", i/3), fmt.Sprintf("Thôn %d, %s", i%50, places[i%len(places)]),
			fmt.Sprintf("%d sao", 3+i%3), fmt.Sprintf("%d/QĐ-UBND ngày %d tháng %d năm 2023", 100+i%40, 1+i%28, 1+i%12), fmt.Sprintf("09%08d", i)}
	}
	var out bytes.Buffer
	if err := Write(&out, "S", []string{"STT", "Tên sản phẩm", "Chủ thể", "Địa chỉ", "Hạng sao", "Quyết định", "Điện thoại"}, rows); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
