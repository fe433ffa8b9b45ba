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
}
