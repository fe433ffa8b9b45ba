package sheet

import (
	"testing"
)

// columnLists are about which column holds what.
var columnLists = []builder{
	{name: "split_heads", about: "Chữ ở đầu bảng ngắt thành hai dòng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản | Chủ thể | Hạng | Số | Ngày, tháng | Số điện
 | phẩm | sản xuất | sao | quyết định | quyết định | thoại
1 | Gạo | HTX A | 3 | 4261/QĐ-UBND | 15/12/2021 | 0912345678
`).bytes()
	}},
	{name: "doubtful", about: "Hai cột đều có thể là ngày quyết định: để trống và hỏi.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Số QĐ | Ngày ký | Ngày công nhận
1 | Gạo Séng Cù | HTX A | 4 | 4261/QĐ-UBND | 15/12/2021 | 20/12/2021
`).bytes()
	}},
	{name: "decided", about: "Như trên, cán bộ chọn cột G.", options: Options{Columns: map[string]string{DecisionDate: "g"}}, build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Số QĐ | Ngày ký | Ngày công nhận
1 | Gạo Séng Cù | HTX A | 4 | 4261/QĐ-UBND | 15/12/2021 | 20/12/2021
`).bytes()
	}},
	{name: "agreeing", about: "Hai cột ngày giống nhau thì không phải hỏi.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Số QĐ | Ngày ký | Ngày cấp
1 | Gạo Séng Cù | HTX A | 4 | 4261/QĐ-UBND | 15/12/2021 | 15/12/2021
`).bytes()
	}},
	{name: "headless", about: "Không có đầu bảng: cán bộ chỉ cột.", options: Options{Columns: map[string]string{Name: "B", Producer: "C", Stars: "D"}}, build: func(*testing.T) []byte {
		return []byte("1;Gạo Séng Cù;HTX A;4\n2;Mật ong;HTX B;3\n")
	}},
	{name: "unknown", about: "Không có đầu bảng và không chỉ cột: không đọc gì.", build: func(*testing.T) []byte {
		return []byte("1;Gạo Séng Cù;HTX A;4\n2;Mật ong;HTX B;3\n")
	}},
	{name: "english", about: "Đầu bảng tiếng Anh, ngày kiểu Anh, số quyết định viết khác.", build: func(*testing.T) []byte {
		return []byte(text(`
Product name | Producer | Stars | Decision | Decision date | Commune | District | Phone
Rice | HTX A | 3 stars | 4261-QĐ/UBND | 15-Dec-21 | Bản Phố | Bắc Hà | 84912345678
Honey | HTX A | 3* | 4261/QĐ – UBND | Dec 5, 2021 | Bản Phố | Bắc Hà | 912345678
`, ","))
	}},
	{name: "upgrade", about: "Hạn trong danh sách, năm công nhận, điểm, cột không dùng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Mã sản phẩm | Tên sản phẩm | Nhóm | Tên cơ sở | Điểm | Hạng sao | Năm công nhận | Số quyết định | Ngày ban hành | Cơ quan ban hành | Hết hạn | Ghi chú | Tình trạng
1 | LC01 | Gạo | Thực phẩm | HTX A | 75,5 | 4 | 2021 | 4261/QĐ-UBND | 15/12/2021 | UBND tỉnh Lào Cai | 15/12/2024 | |
2 | LC02 | Rượu | Đồ uống | HTX A | 60 | 3 | 2021 | 4261/QĐ-UBND | 15/12/2021 | UBND tỉnh Lào Cai | 31/12/2024 | nâng hạng |
3 | LC03 | Cao | Dược liệu và sản phẩm từ dược liệu | HTX A | 60 | 3 | 2021 | 4261/QĐ-UBND | | UBND tỉnh Lào Cai | 12/2024 | | Thu hồi
4 | LC04 | Khăn | Hàng thủ công mỹ nghệ | HTX A | 60 | 3 | 2021 | 4261/QĐ-UBND | | UBND tỉnh Lào Cai | | chưa thu hồi | đánh giá lại
`).bytes()
	}},
}
