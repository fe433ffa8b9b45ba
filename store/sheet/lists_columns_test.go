package sheet

import (
	"strings"
	"testing"
)

// columnLists are about which column holds what.
var columnLists = []builder{
	{name: "renewals", about: "Hai lần công nhận, mỗi lần một cặp cột: lần sau là lần đang tính, chưa có thì lấy lần đầu, không ghép lẫn.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Chủ thể | Sản phẩm | Xã | Huyện | Hạng | Công nhận lần đầu | | Đánh giá lại |
 | | | | | | Số QĐ | Ngày QĐ | Số QĐ | Ngày QĐ
1 | HTX A | Gạo 1 | Bản Phố | Bắc Hà | 4 sao | 10/QĐ-UBND | 13/12/2021 | 20/QĐ-UBND | 31/12/2024
2 | HTX A | Gạo 2 | Bản Phố | Bắc Hà | 3 sao | 11/QĐ-UBND | 29/02/2024 | |
3 | HTX A | Gạo 3 | Thị trấn | Bắc Hà | 3 sao | 11/QĐ-UBND | 29/02/2024 | 21/QĐ-UBND |
 | Cộng khu vực A: 03 sản phẩm | | | | | | | |
`).merge("G1:H1", "I1:J1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:F2").bytes()
	}},
	{name: "old_and_new", about: "Xã cũ, huyện cũ, xã mới cạnh nhau dưới một tiêu đề: theo xã mới.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Sản phẩm | Chủ thể | Địa chỉ | | | Hạng
 | | | Xã, phường (cũ) | Quận, huyện (cũ) | Xã, phường (mới) |
1 | Gạo 1 | HTX A | Bản Phố | Bắc Hà | Bắc Hà | 4 sao
2 | Gạo 2 | HTX A | Thanh Bình | Mường Khương | Mường Khương | 3 sao
3 | Gạo 3 | HTX A | Liên Mạc | Thanh Hà | Hà Nam | 3 sao
`).merge("D1:F1", "A1:A2", "B1:B2", "C1:C2", "G1:G2").bytes()
	}},
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
	{name: "short_heads", about: "Đầu bảng viết tắt.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Tên SP | CSSX | ĐC | Xã, TT | SĐT | Danh hiệu | QĐ CN | Ngày BH | CQ cấp | Ghi chú
1 | Mật ong hoa nhãn | HTX Na Lang | Thôn 2 | Xã Bản Phố | 0912345678 | OCOP 3 sao | 88/QĐ-UBND | 5/6/2024 | UBND huyện Bắc Hà |
2 | Miến đao | HKD Lý Thị Sáy | | TT Bắc Hà | | đạt OCOP 4 sao | 91/QĐ-UBND | 6/7/2024 | UBND tỉnh |
`).on("ĐV").text(`
STT | SP | ĐV SXKD | Họ tên chủ CS | XL | Số, ngày QĐ CN
1 | Chè dây | Công ty TNHH Lùng Vai | Vàng Thị Ín | 3 sao | 88/QĐ-UBND ngày 05/6/2024
`).bytes()
	}},
	{name: "registered", about: "Tên, sao và ngày đăng ký đứng cạnh tên, sao và ngày được công nhận; xã ghi sau tên chủ thể khi không có cột nào cho nơi.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên cơ sở | Sản phẩm đăng ký | Sản phẩm được công nhận | Số sao đăng ký | Số sao được công nhận | Ngày đăng ký | Ngày được cấp GCN | Số GCN
1 | HTX Na Lang, xã Bản Phố | Gạo | Gạo tẻ Bản Phố | 4 | 3 | 01/02/2024 | 05/06/2024 | 12
2 | Công ty TNHH Thương mại - Dịch vụ Suối Thầu (thôn 2, xã Bản Liền) | Thịt | Thịt bò khô | 4 | 4 | 01/02/2024 | 05/06/2024 | 13
`).bytes()
	}},
	{name: "asked", about: "Câu trả lời của một biểu mẫu trực tuyến: câu hỏi là đầu bảng.", build: func(*testing.T) []byte {
		return []byte(text(`
Timestamp | Địa chỉ email | Câu 1: Anh/chị cho biết tên sản phẩm là gì? | Câu 2: Sản phẩm đạt mấy sao? | 3) Vui lòng ghi rõ tên cơ sở sản xuất (bắt buộc) | 4) Số điện thoại của anh/chị | 5) Xã/phường nào? | 6. Số quyết định (nếu có) | 7. Ngày ký quyết định là ngày nào?
3/14/2026 9:05:11 | a@vidu.vn | Rượu thóc | 3 | HTX Nậm Cang | 0912345678 | Xã Bản Phố | 88/QĐ-UBND | 05/06/2024
3/14/2026 10:22:40 | | Chè dây | bốn sao | | | | |
`, ","))
	}},
	{name: "under_groups", about: "Đầu bảng hai dòng: dòng dưới nói rõ nhờ dòng trên; đầu bảng lặp lại sau chữ Trang 2.", build: func(t *testing.T) []byte {
		heads := `
Đơn vị | | | Sản phẩm OCOP | | Công nhận |
Tên, địa chỉ | Người đại diện | Số ĐT | Tên | Nhóm | Sao | Số QĐ, ngày
`
		return newBook(t).text(heads+`
HTX Na Lang, xã Bản Phố | Lý Thị Sáy | 0912345678 | Mật ong hoa nhãn | Thực phẩm | 3 | 88/QĐ-UBND, 05/6/2024
HKD Vàng A Chúng, xã Lùng Phình | | | Rượu thóc | Đồ uống | 4 | 91/QĐ-UBND, 06/7/2024
 | | | Trang 2/2 | | |
`+strings.Trim(heads, "\n")+`
HTX Na Lang, xã Bản Phố | Lý Thị Sáy | 0912345678 | Sáp ong | Thực phẩm | 3 | 88/QĐ-UBND, 05/6/2024
`).merge("A1:C1", "D1:E1", "F1:G1", "A6:C6", "D6:E6", "F6:G6").bytes()
	}},
	{name: "decision_sections", about: "Quyết định là đề mục ngay dưới đầu bảng, ở cột chủ thể.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
TT | Chủ thể SX | Tên SP | Kết quả phân hạng
I | Quyết định 88/QĐ-UBND ngày 05/6/2024 của UBND huyện Bắc Hà | |
1 | HTX Na Lang | Mật ong hoa nhãn | Đạt 3 sao
II | Công nhận theo QĐ số 91/QĐ-UBND ngày 06 tháng 7 năm 2024 của Chủ tịch UBND tỉnh Lào Cai | |
1 | HKD Vàng A Chúng | Rượu thóc | Đạt 4 sao
`)
		return b.merge("B2:D2", "B4:D4").bytes()
	}},
}
