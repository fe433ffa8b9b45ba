package sheet

import (
	"strings"
	"testing"
)

// cellLists are about what stands in a cell.
var cellLists = []builder{
	{name: "one_cell", about: "Số, ngày và cơ quan của quyết định nằm trong một ô, viết đủ kiểu.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
Tên sản phẩm | Cơ sở sản xuất | Xếp hạng | Quyết định công nhận
Gạo Séng Cù | HTX A | OCOP 4 sao | QĐ số 4261/QĐ-UBND ngày 15/12/2021 của UBND tỉnh
Mật ong | HTX A | 3 sao | Quyết định số: 4261/QĐ-UBND, ngày 15 tháng 12 năm 2021 của Chủ tịch UBND tỉnh Lào Cai về việc công nhận sản phẩm OCOP
Miến đao | HTX A | 3 | 2585/QĐ-UBND\nngày 28/12/2023
Trà hoa | HTX A | 3.0 | 4261/ QĐ – UBND (15/12/2021)
Rượu ngô | HTX A | **** | QĐ 4261/QĐ-UBND năm 2021
Rượu thóc | HTX A | 04 | 4261/QĐ-UBND ngày 15/12/2021; 2585/QĐ-UBND ngày 28/12/2023
Ba kích | HTX A | | UBND huyện Bắc Hà: QĐ 77/QĐ-UBND ngày 5-3-24
Nấm | HTX A | 3 sao | đang trình
Măng | HTX A | 3 sao | QĐ 1162/QĐ-VPĐP-OCOP ngày 17/9/2020
Lạc | HTX A | 3 sao | 348
`).bytes()
	}},
	{name: "dates", about: "Ngày viết đủ kiểu: ô ngày thật, số của Excel, chữ, chỉ tháng hoặc năm, ngày không có.", build: func(t *testing.T) []byte {
		b := newBook(t).rows([]any{"STT", "Sản phẩm", "Đơn vị", "Số sao", "Số QĐ", "Ngày QĐ"})
		for i, v := range []any{day(2021, 12, 15), 44545, "15/12/2021", "15-12-21", "ngày 15 tháng 12 năm 2021", "2021-12-15", "15.12.2021", "2021-12-15 00:00:00",
			"12/2021", "2021", 2021, "năm 2021", "31/02/2021", "12/15/2021", "29/02/2024", "15/12", "15/12/2021 và 20/12/2021", "mai", "15/12/1921", day(2021, 12, 15), day(2021, 12, 1), "44545", "Quý IV/2021"} {
			b.rows([]any{i + 1, "Gạo " + letters(i), "HTX A", 3, "1/QĐ-UBND", v})
		}
		return b.format("F2", "F2", "d/m/yyyy").format("F21", "F21", "m/d/yyyy").format("F22", "F22", "mm/yyyy").bytes()
	}},
	{name: "stars", about: "Hạng sao viết đủ kiểu; điều không rõ để trống.", build: func(t *testing.T) []byte {
		b := newBook(t).rows([]any{"STT", "Tên SP", "Chủ thể", "Kết quả phân hạng"})
		for i, v := range []any{"***", "4*", "3 sao", "★★★", "Ba sao", "OCOP 4 sao", 4, "4", "04 sao", "* * * *", "★★★☆☆", "Đạt 3 sao", "5 SAO", "bốn sao", "hạng 3", "3-4 sao", "4/5", "6 sao", "tiềm năng 5 sao",
			"3 sao trở lên", "không đạt", "75,5", "-", "3 sao (2019), 4 sao (2022)", "3 sao (2019)", "ba", "4 ⭐", "******", "0", "Năm sao", "★★★★ (4 sao)", "4sao", "đạt 4 sao cấp tỉnh", "hạng 4 sao OCOP", "4 sao (nâng hạng từ 3 sao)", "3 sao (tiềm năng 4 sao)", "4 sao (dự kiến)", "3 sao (88,5 điểm)", "Bốn (04) sao", "3 sao (QĐ 279/QĐ-UBND ngày 28/01/2022)", "QĐ 279/QĐ-UBND ngày 28/01/2022: 3 sao"} {
			b.rows([]any{i + 1, "Gạo " + letters(i), "HTX A", v})
		}
		return b.bytes()
	}},
	{name: "kinds", about: "Loại hình đọc từ đầu tên, hoặc từ cột riêng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
Sản phẩm | Tên chủ thể | Loại hình
A1 | HTX Mản Thẩn |
A2 | Hợp tác xã nông nghiệp Bắc Hà |
A3 | HKD Nguyễn Thị Hoa |
A4 | Hộ kinh doanh Lý A Sáng |
A5 | CSSX Miến đao Quy Mông |
A6 | Cơ sở Tám Rượu |
A7 | THT Cốm Na Lo |
A8 | Tổ hợp tác chè |
A9 | Cty TNHH MTV Hoa Lợi |
B1 | CTCP Trà Phong Hải |
B2 | DN tư nhân Thu Hà |
B3 | DNTN Thu Hà |
B4 | Nguyễn Văn Tám | Hộ SXKD
B5 | Nguyễn Văn Chín | Hợp tác xã
B6 | Nguyễn Văn Mười |
B7 | Hội nông dân xã Bản Phố |
B8 | Liên hiệp HTX Tây Bắc |
B9 | hop tac xa Sơn Hòa |
C1 | Hợp Thành | doanh_nghiep
C2 | Trang trại Cá hồi Sa Pa |
`).bytes()
	}},
	{name: "contacts", about: "Người đại diện và số điện thoại: Excel bỏ số 0, số viết kiểu khoa học, hai số, ô lẫn cả tên và số.", build: func(t *testing.T) []byte {
		b := newBook(t).rows([]any{"TT", "Tên sản phẩm", "Cơ sở", "Người đại diện", "SĐT"},
			[]any{1, "Gạo 1", "HTX A", "Lý A Sáng", 912345678},
			[]any{2, "Gạo 2", "HTX A", "Lý A Sáng", "0912.345.678"},
			[]any{3, "Gạo 3", "HTX A", "Bà Vàng Thị Mai - 0987654321", nil},
			[]any{4, "Gạo 4", "HTX A", "Lý A Sáng", "0912345678 / 0987654321"},
			[]any{5, "Gạo 5", "HTX A", "Lý A Sáng", "12345"},
			[]any{6, "Gạo 6", "HTX A", "Lý A Sáng", "+84 912 345 678"},
			[]any{7, "Gạo 7", "HTX A", "Lý A Sáng", 912345678})
		return b.format("E8", "E8", "0.00E+00").bytes()
	}},
	{name: "in_producer", about: "Tên, địa chỉ, điện thoại của chủ thể trong một ô.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Sản phẩm | Tên, địa chỉ chủ thể | Hạng
1 | Gạo | HTX Mường Khương\nĐịa chỉ: Thị trấn Mường Khương, huyện Mường Khương\nĐT: 0912 345 678 | 3 sao
2 | Mật ong | HTX Bản Phố, xã Bản Phố, huyện Bắc Hà | 3 sao
3 | Chè | HTX Chè (thôn 2, xã Bản Liền, huyện Bắc Hà) | 3 sao
4 | Nấm | HTX Nấm Tây Bắc | 3 sao
`).bytes()
	}},
	{name: "in_name", about: "Không có cột sao: sao ghi sau tên.", build: func(*testing.T) []byte {
		return []byte(text(`
TT | Sản phẩm | Chủ thể
1 | Gạo Séng Cù (OCOP 4 sao) | HTX A
2 | Mật ong - 3 sao | HTX A
3 | Rượu ngô | HTX A
`, ";"))
	}},
	{name: "until", about: "Ngày hết hạn ghi trong ô quyết định hay ô ngày không phải là ngày quyết định.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Sao | Quyết định | Ngày | Hiệu lực
1 | Chè | HTX A | 3 | 88/QĐ-UBND ngày 05/6/2024, có giá trị đến ngày 05/6/2027 | |
2 | Măng | HTX A | 3 | 88/QĐ-UBND (hiệu lực đến hết 05/6/2027) | |
3 | Mận | HTX A | 3 | 88/QĐ-UBND | 05/6/2024 đến 05/6/2027 | đến hết ngày 05/6/2027
4 | Lê | HTX A | 3 | 88/QĐ-UBND | đến 05/6/2027 |
`).bytes()
	}},
	{name: "in_names", about: "Sao ghi trong tên thì bỏ khỏi tên, cả khi cột sao nói như vậy; tiềm năng, nhãn hiệu, chú thích thì giữ.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng
1 | Cốm khô (3 sao) | HTX A | 3 sao
2 | Cốm khô – đạt 4 sao | HTX A |
3 | Cốm khô (gói 500g, OCOP 4*) | HTX A | ****
4 | Cốm khô ★★★ | HTX A |
5 | Gạo 5 sao | HTX A | 3
6 | Cốm khô (4 sao) | HTX A | 3
7 | Cốm khô (tiềm năng 5 sao) | HTX A | 4
8 | Cốm khô, 3-4 sao | HTX A |
9 | Cốm khô * | HTX A | 4
10 | (3 sao) | HTX A | 3
`).on("Không có cột").text(`
STT | Tên sản phẩm | Chủ thể | Ghi chú
1 | Gạo nếp 3 sao (túi 5kg) | HTX A |
2 | Gạo tẻ hạng 4 sao | HTX A | tiềm năng 5 sao
3 | Gạo lứt (OCOP 3 sao năm 2023) | HTX A |
`).bytes()
	}},
	{name: "crossed", about: "Mỗi hạng sao một cột, đánh dấu x.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
TT | Tên sản phẩm | Chủ thể | Kết quả phân hạng | | | Quyết định
 | | | 3 sao | 4 sao | 5 sao |
1 | Gạo | HTX A | x | | | 4261/QĐ-UBND ngày 15/12/2021
2 | Mật ong | HTX A | | X | |
3 | Chè | HTX A | | | 1 |
4 | Nấm | HTX A | x | x | |
5 | Măng | HTX A | | | |
`)
		return b.merge("D1:F1", "A1:A2", "B1:B2", "C1:C2", "G1:G2").bytes()
	}},
	{name: "ditto", about: "Dấu \" và nt là như dòng trên.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Quyết định
1 | Gạo Séng Cù | HTX Mường Khương | 4 sao | 4261/QĐ-UBND ngày 15/12/2021
2 | Gạo nếp | " | nt | Như trên
3 | Gạo lứt | -nt- | 3 sao | "
`).bytes()
	}},
	{name: "formulas", about: "Công thức: chỉ lấy giá trị đã lưu; ô lỗi coi như trống; công thức không có giá trị thì trống.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao
1 | =1+1 | HTX A | #REF!
2 | Mật ong | #N/A | 3 sao
3 | Chè | |
`)
		b.must(b.SetCellValue("Sheet1", "D4", 3))
		b.must(b.SetCellFormula("Sheet1", "C4", `CONCATENATE("HTX ","B")`))
		b.must(b.SetCellFormula("Sheet1", "D4", `1+2`))
		return b.bytes()
	}},
	{name: "year_of_decision", about: "Cột ngày chỉ có năm hay một số: không phải số quyết định, cũng không phải ngày; có cả số và ngày thì đọc cả hai.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Sao | Số QĐ | Ngày, tháng công nhận
1 | Gạo 1 | HTX A | 3 | | 2023
2 | Gạo 2 | HTX A | 3 | 279/QĐ-UBND | 2023
3 | Gạo 3 | HTX A | 3 | | năm 2023
4 | Gạo 4 | HTX A | 3 | | 348
5 | Gạo 5 | HTX A | 3 | | QĐ số 348 ngày 15/02/2023
6 | Gạo 6 | HTX A | 3 | 2023 | 15/02/2023
`).bytes()
	}},
	{name: "long_names", about: "Tên dài đến 200 chữ giữ nguyên; dài hơn thì có ghi chú.", build: func(t *testing.T) []byte {
		return newBook(t).rows(
			[]any{"STT", "Tên sản phẩm", "Chủ thể"},
			[]any{1, "Gạo" + strings.Repeat(" dài", 49), "HTX" + strings.Repeat(" xa", 65)},
			[]any{2, "Gạo" + strings.Repeat(" dài", 50), "HTX" + strings.Repeat(" xa", 66)},
		).bytes()
	}},
}
