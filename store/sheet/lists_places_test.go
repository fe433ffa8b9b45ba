package sheet

import (
	"testing"
)

// placeLists are about where a product is made.
var placeLists = []builder{
	{name: "places", about: "Xã, huyện cũ, cột riêng; xã mới; xã trùng tên; chỉ có huyện; xã không có.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Sản phẩm | Chủ thể | Xã/phường/thị trấn | Huyện/TX/TP
1 | Gạo 1 | HTX A | Bản Phố | Bắc Hà
2 | Gạo 2 | HTX A | Xã Thanh Bình | Mường Khương
3 | Gạo 3 | HTX A | Xã Thanh Bình | Sa Pa
4 | Gạo 4 | HTX A | Thanh Bình |
5 | Gạo 5 | HTX A | Duyên Hải | TP Lào Cai
6 | Gạo 6 | HTX A | | Huyện Bảo Yên
7 | Gạo 7 | HTX A | Xã Không Có | Bắc Hà
8 | Gạo 8 | HTX A | Xã Bắc Hà |
9 | Gạo 9 | HTX A | Xã Quy Mông | Trấn Yên
`).bytes()
	}},
	{name: "elsewhere", about: "Danh sách của tỉnh khác không ghi tên tỉnh: các huyện cho biết.", build: func(*testing.T) []byte {
		return []byte(text(`
Sản phẩm | Chủ thể | Xã | Huyện | Sao
Mật ong Pa Ủ | Hộ kinh doanh Vàng Văn Thiện | Thị trấn Mường Tè | Huyện Mường Tè | 3
Miến dong Bình Lư | HTX A | Xã Bình Lư | Huyện Tam Đường | 3
Lê Giang Ma | HTX A | Xã Giang Ma | Huyện Tam Đường | 3
`, ","))
	}},
	{name: "before_merger", about: "Tiêu đề nói sau hợp nhất nhưng cột xã là xã trước 1/7/2025, có cột huyện, quận: theo xã cũ.", build: func(*testing.T) []byte {
		return []byte(text(`
DANH SÁCH SẢN PHẨM OCOP TỈNH LÀO CAI SAU HỢP NHẤT | | | |
Sản phẩm | Chủ thể | Xã, phường (trước 01/7/2025) | Huyện, quận | Sao
Gạo 1 | HTX A | Thanh Bình | Mường Khương | 3
Gạo 2 | HTX A | Thanh Bình | Sa Pa | 3
Gạo 3 | HTX A | Bản Phố | Bắc Hà | 3
`, ";"))
	}},
	{name: "towns", about: "Thị xã là huyện, không phải xã: địa chỉ có khu phố, phường, thị xã.", build: func(*testing.T) []byte {
		return []byte(text(`
STT | Chủ thể | Sản phẩm | Địa chỉ | Hạng
1 | HTX A | Gạo 1 | KP 2, phường Tam Quan, thị xã Hoài Nhơn, tỉnh Bình Định | 3 sao
2 | HTX A | Gạo 2 | Lô 5 cụm công nghiệp, phường Tam Quan, thị xã Hoài Nhơn, tỉnh Bình Định | 3 sao
3 | HTX A | Gạo 3 | Đường Nguyễn Tất Thành, thị xã Hoài Nhơn, tỉnh Bình Định | 3 sao
| Cộng: 3 sản phẩm | | |
| | Nguồn: Phòng NN&PTNT huyện | |
`, ";"))
	}},
	{name: "csv_sections", about: "csv không có cột STT: huyện viết hoa, có số La Mã, có đếm; xã là đề mục.", build: func(*testing.T) []byte {
		return []byte(text(`
TÊN SẢN PHẨM | CHỦ THỂ | XÃ | SỐ SAO
BẮC HÀ | | |
Rượu ngô | HTX A | Bản Phố | 4
II. Huyện Mường Khương: 2 sản phẩm | | |
Tương ớt | HTX B | Thị trấn Mường Khương | 4
THÀNH PHỐ LÀO CAI (2 SP) | | |
Phở khô | Cty C | Duyên Hải | 3
Xã Cốc San | | |
Rau an toàn | HTX D | | 3
Gạo nương | | |
`, ";"))
	}},
	{name: "of_a_commune", about: "Danh sách của một xã: xã chỉ ghi ở tiêu đề; cột thôn là nơi ở trong xã, không phải xã; dòng ghi xã khác thì theo dòng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
ỦY BAN NHÂN DÂN XÃ BẢO THẮNG | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
DANH SÁCH SẢN PHẨM CHƯƠNG TRÌNH MỖI XÃ MỘT SẢN PHẨM CỦA CÁC HỢP TÁC XÃ TRÊN ĐỊA BÀN XÃ BẢO THẮNG, TỈNH LÀO CAI
STT | Tên sản phẩm | Chủ thể | Thôn/bản | Địa chỉ
1 | Gạo 1 | HTX A | Thôn Múc |
2 | Gạo 2 | HTX A | Bảo Nhai |
3 | Gạo 3 | HTX A | |
4 | Gạo 4 | HTX A | Thôn 2, xã Gia Phú |
5 | Gạo 5 | HTX A | | An Tiến
6 | Gạo 6 | HTX A | | Phố Lu
7 | Gạo 7 | HTX A | | Bảo Nhai
8 | Gạo 8 | HTX A | | Xã Bảo Nhai
9 | Gạo 9 | HTX A | | Huyện Văn Yên
10 | Gạo 10 | HTX A | | Yên Bình, Yên Bái
11 | Gạo 11 | HTX A | | Chợ Mậu A, Văn Yên
12 | Gạo 12 | HTX A | | Tổ 3, khu phố 2
13 | Gạo 13 | HTX A | | Số 25 - đường 19/5
`).bytes()
	}},
	{name: "under_communes", about: "Xã là đề mục, có huyện ở trên: huyện đúng cho cả dòng ghi xã khác.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Địa chỉ
I | HUYỆN MƯỜNG KHƯƠNG | |
1 | Xã Bản Lầu | |
1.1 | Gạo 1 | HTX A | Thôn Na Lốc
1.2 | Gạo 2 | HTX A | Xã Thanh Bình
1.3 | Gạo 3 | HTX A |
`).merge("B2:D2", "B3:D3").bytes()
	}},
	{name: "of_communes", about: "Tiêu đề nêu nhiều xã, hoặc chỉ có chữ xã: không dòng nào được gán xã.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
HỢP TÁC XÃ BẢO NHAI, THỊ XÃ SA PA
DANH SÁCH SẢN PHẨM CỦA XÃ BẢO THẮNG VÀ XÃ GIA PHÚ
STT | Tên sản phẩm | Chủ thể | Thôn
1 | Gạo 1 | HTX A | Thôn Múc
`).bytes()
	}},
	{name: "of_a_sheet", about: "Mỗi trang một huyện hoặc xã: tên trang cho biết huyện, xã nào.", build: func(t *testing.T) []byte {
		b := newBook(t)
		for _, s := range [][2]string{{"Huyện Mường Khương", "Xã Thanh Bình"}, {"TX Sa Pa", "Xã Thanh Bình"}, {"Mường Khương", "Thanh Bình"}, {"Tổng hợp", "Thanh Bình"}, {"Xã Bản Phố", ""}} {
			b.on(s[0]).text("STT | Tên sản phẩm | Chủ thể | Xã\n1 | Gạo | HTX A | " + s[1])
		}
		return b.bytes()
	}},
	{name: "spellings", about: "Tên xã viết khác: có huyện và chỉ một xã đọc như vậy thì nhận, không thì hỏi; viết tắt có chấm; tên bắt đầu bằng Quan không phải quận.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Sản phẩm | Chủ thể | Xã | Huyện
1 | Gạo 1 | HTX A | TT N.T Phong Hải | Bảo Thắng
2 | Gạo 2 | HTX A | Tả Ngài Chồ | H. Mường Khương
3 | Gạo 3 | HTX A | Nàn Sín | Si Ma Cai
4 | Gạo 4 | HTX A | Thẳm Dương | Văn Bàn
5 | Gạo 5 | HTX A | Tả Ngài Chồ |
6 | Gạo 6 | HTX A | Quan Hồ Thẩn | Si Ma Cai
7 | Gạo 7 | HTX A | QUAN HO THAN | SI MA CAI
8 | Gạo 8 | HTX A | Quang Hanh | Cẩm Phả, tỉnh Quảng Ninh
9 | Gạo 9 | HTX A | P. Quang Hanh | T.P Cẩm Phả, tỉnh Quảng Ninh
10 | Gạo 10 | HTX A | Đông Thành | Yên Thành, tỉnh Nghệ An
11 | Gạo 11 | HTX A | TP. Lào Cai |
12 | Gạo 12 | HTX A | Quận Ba Đình |
`).bytes()
	}},
	{name: "same_names", about: "Tên xã trùng: huyện ở tiêu đề hay cột huyện không ghi chữ huyện nói rõ xã cũ nào; đề mục là xã, cột xã mới là xã ngày nay; không có gì thì để trống.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
DANH SÁCH SẢN PHẨM OCOP HUYỆN VĂN CHẤN NĂM 2023
STT | Tên sản phẩm | Chủ thể | Địa chỉ
1 | Chè | HTX A | Thôn 3, xã Tân Thịnh
2 | Măng | HTX B | xã Tân Thịnh
`).on("Cột huyện").text(`
STT | Tên sản phẩm | Chủ thể | Huyện | Xã
1 | Chè | HTX A | Văn Chấn | Tân Thịnh
2 | Chè | HTX B | | xã Tân Thịnh
`).on("Đề mục").text(`
STT | Tên sản phẩm | Chủ thể | Địa chỉ
PHƯỜNG NAM CƯỜNG
1 | Rau | HTX A | Tổ 5
2 | Bún | HTX B |
XÃ BẮC HÀ
3 | Mận | HTX C | Thôn Na Lo
4 | Cá | HTX D | phường Nam Cường
`)
		b.merge("A2:D2", "A5:D5")
		return b.on("Mới").text(`
STT | Tên sản phẩm | Chủ thể | Xã/phường (mới)
1 | Rau | HTX A | phường Nam Cường
2 | Bún | HTX B | Nam Cường
3 | Chè | HTX C | Tân Thịnh
`).bytes()
	}},
}
