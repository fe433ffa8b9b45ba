package sheet

import (
	"testing"
)

// layoutLists are about how rows stand under each other: titles, headings between rows, merged cells, totals.
var layoutLists = []builder{
	{name: "levels", about: "Đề mục hai cấp: A, B ghi hạng; B.1, B.2 ghi huyện và quyết định, không thay hạng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
DANH SÁCH SẢN PHẨM OCOP TỈNH LÀO CAI
TT | Sản phẩm | Chủ thể | Xã
A. SẢN PHẨM HẠNG 4 SAO (Quyết định số 10/QĐ-UBND ngày 31/12/2024) | | |
1 | Gạo 1 | HTX A | Bản Phố, huyện Bắc Hà
B. SẢN PHẨM HẠNG 3 SAO | | |
B.1. Huyện Bắc Hà (Quyết định số 11/QĐ-UBND ngày 29/02/2024) | | |
2 | Gạo 2 | HTX A | Bản Phố
B.2 Huyện Mường Khương (Quyết định số 12/QĐ-UBND ngày 30/11/2024) | | |
3 | Gạo 3 | HTX A | Thanh Bình
`).bytes()
	}},
	{name: "formal", about: "Danh sách kèm theo quyết định: tiêu đề, hai dòng đầu bảng, ô gộp, huyện xen giữa, dòng tổng, người ký.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
ỦY BAN NHÂN DÂN TỈNH LÀO CAI | | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
DANH SÁCH SẢN PHẨM OCOP ĐƯỢC CÔNG NHẬN NĂM 2021
(Kèm theo Báo cáo số 12/BC-UBND ngày 20/12/2021 của UBND tỉnh)

STT | Tên sản phẩm | Chủ thể sản xuất | Địa chỉ | Hạng sao | Quyết định công nhận |  | Ghi chú
    |              |                  |         |          | Số | Ngày |
(1) | (2) | (3) | (4) | (5) | (6) | (7) | (8)
I. HUYỆN BẮC HÀ
1 | Cải Kale Bắc Hà | HTX Nông nghiệp công nghệ cao Lùng Phình | Xã Lùng Phình | *** | 4261/QĐ-UBND | 15/12/2021 |
2 | Cốm Na Lo | Tổ hợp tác sản xuất Cốm thôn Na Lo | Thôn Na Lo | 3* | 4261/QĐ-UBND | 15/12/2021 | đang đánh giá lại
II. HUYỆN MƯỜNG KHƯƠNG
3 | Khẩu nhục Mường Khương | HTX Sơn Hòa | Thị trấn Mường Khương | Ba sao | 4261/QĐ-UBND | 15/12/2021 |
4 | Ruốc lợn bản | HTX Sơn Hòa | TT Mường Khương | ★★★ | 4261/QĐ-UBND | 15/12/2021 | Đã thu hồi
Tổng cộng: 4 sản phẩm
 | Người lập biểu | | | TM. ỦY BAN NHÂN DÂN
 | Nguyễn Văn Lập | | | KT. CHỦ TỊCH
`)
		return b.merge("A1:D1", "E1:H1", "A2:H2", "A3:H3", "A5:A6", "B5:B6", "C5:C6", "D5:D6", "E5:E6", "F5:G5", "H5:H6", "A8:H8", "A11:H11", "A14:H14").bytes()
	}},
	{name: "attached", about: "Quyết định trong tiêu đề đúng cho mọi dòng; sao là đề mục; tỉnh khác tỉnh của cán bộ.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
PHỤ LỤC
DANH SÁCH SẢN PHẨM OCOP TỈNH NGHỆ AN
(Kèm theo Quyết định số 279/QĐ-UBND ngày 28/01/2022
của UBND tỉnh Nghệ An)
TT | Tên sản phẩm | Tên chủ thể | Huyện, thị xã
A | SẢN PHẨM 4 SAO
1 | Hạt sen sấy | HTX Nông nghiệp Sen quê Bác | Huyện Nam Đàn
2 | Mật ong Bometa | Công ty CP Tập đoàn Bometa |
B | SẢN PHẨM 3 SAO
1 | Hương trầm Hà Loan | Hộ sản xuất Trần Thị Loan | Thị trấn Tân Lạc, huyện Quỳ Châu
`).bytes()
	}},
	{name: "merged", about: "Ô gộp dọc: một chủ thể, một quyết định cho nhiều sản phẩm; giá trị ẩn trong ô gộp không được đọc.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
STT | Chủ thể | Sản phẩm | Hạng sao | Số quyết định | Ngày quyết định | Xã
1 | HTX Thế Tuấn | Tinh dầu Đại Từ Bi | 3 sao | 4261/QĐ-UBND | 15/12/2021 | Xã Bảo Thắng
 | | Tinh dầu quế | 4 sao | | | ẩn
 | HTX ẩn | Tinh dầu sả | 3 sao | | | Xã Bắc Hà
2 | Công ty Phong Hải | Trà sen | 3 sao | 2585/QĐ-UBND | 28/12/2023 | Xã Phong Hải
3 | | Trà nhài | | | |
`)
		return b.merge("A2:A4", "B2:B4", "E2:E4", "F2:F4", "G2:G4", "B5:B6").bytes()
	}},
	{name: "two_rows", about: "Một sản phẩm chiếm hai dòng: chữ xuống dòng bằng tay, hoặc ô gộp.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Địa chỉ | Hạng sao | Quyết định
1 | Mật ong hoa rừng | HTX nông nghiệp | Thôn 1, xã Bản Phố, | 3 sao | 4261/QĐ-UBND
 | nguyên chất | công nghệ cao | huyện Bắc Hà | | ngày 15/12/2021
2 | Gạo nếp | HTX B | Xã Mường Khương | 3 sao | 4261/QĐ-UBND
 | | | | 4 sao | 2585/QĐ-UBND ngày 28/12/2023
3 | Gạo tẻ | HTX C | Xã Mường Khương | 3 sao | 4261/QĐ-UBND
 | | | ĐT: 0912345678 | |
`)
		return b.merge("A4:A5", "B4:B5", "C4:C5", "D4:D5", "B6:B7").bytes()
	}},
	{name: "no_name", about: "Dòng không có tên sản phẩm thì không nhận; thiếu sao hay chủ thể thì vẫn nhận.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Quyết định | Ghi chú
1 | | HTX Mản Thẩn | 3 sao | 4261/QĐ-UBND |
2 | Lê Si Ma Cai | | 3 sao | |
3 | Mận Tả Van | HTX Mản Thẩn | | |
4 | Táo mèo | | | |
5 | | | | |
6 | | | 4 sao | |
7 | - | HTX Mản Thẩn | 3 sao | 4261/QĐ-UBND |
`).bytes()
	}},
	{name: "pages", about: "Đầu bảng lặp lại ở mỗi trang, dòng số thứ tự cột, cộng từng phần.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Sản phẩm | Đơn vị sản xuất | Sao
1 | 2 | 3 | 4
1 | Gạo Séng Cù | HTX A | 4
2 | Mật ong | HTX B | 3
Cộng | | | 2
TT | Sản phẩm | Đơn vị sản xuất | Sao
1 | 2 | 3 | 4
3 | Chè | HTX C | 3
Cộng huyện Bắc Hà | | | 1
TỔNG SỐ | 3 sản phẩm
`).bytes()
	}},
	{name: "sheets", about: "Nhiều trang: hai danh sách khác cột, một trang trống, một trang hướng dẫn, một trang ẩn, một dòng ẩn.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Sao
1 | Gạo Séng Cù | HTX A | 4
2 | Gạo ẩn | HTX A | 3
`)
		b.must(b.SetRowVisible("Sheet1", 3, false))
		b.on("Trống")
		b.on("Năm 2022").text(`
Hạng | Chủ thể | Sản phẩm
3 sao | HTX B | Mật ong
`)
		b.on("Hướng dẫn").text(`
Cách nhập: mỗi sản phẩm một dòng, không để trống tên.
`)
		b.on("Cũ").text(`
STT | Tên sản phẩm | Chủ thể | Sao
1 | Gạo cũ | HTX A | 4
`)
		b.must(b.SetSheetVisible("Cũ", false))
		return b.bytes()
	}},
	{name: "groups", about: "Nhóm sản phẩm xen giữa, chữ số La Mã và chữ cái, huyện rồi đến sao.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Tên sản phẩm | Chủ thể | Hạng sao
A | NHÓM THỰC PHẨM
I | Huyện Bắc Hà
1 | Gạo nương | HTX A | 3
II | Thị xã Sa Pa
1 | Cá hồi | HTX B | 4
B | NHÓM ĐỒ UỐNG
I | Huyện Bắc Hà (1 sản phẩm)
1 | Rượu ngô Bản Phố | HTX C | 4
C | Vải và may mặc
1 | Khăn thổ cẩm | HTX D | 3
D | Sản phẩm khác
1 | Tranh đá | HTX E | 3
`).bytes()
	}},
	{name: "by_producer", about: "Chủ thể là đề mục, sản phẩm ở dưới.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
STT | Tên sản phẩm | Hạng sao | Quyết định
HTX Nông nghiệp Sen Quê Bác
1 | Trà liên tu | 4 sao | 1978/QĐ-UBND ngày 06/8/2024
2 | Trà ướp gạo sen | 4 sao | 1978/QĐ-UBND ngày 06/8/2024
Công ty CP An An Agri
3 | Mỳ rau củ | 4 sao | 1978/QĐ-UBND ngày 06/8/2024
`)
		return b.merge("A2:D2", "A5:D5").bytes()
	}},
	{name: "years", about: "Đợt công nhận xen giữa, mỗi đợt một quyết định.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Sao
Đợt 1 năm 2021 (Quyết định số 1234/QĐ-UBND ngày 5/5/2021 của UBND tỉnh)
1 | Gạo | HTX A | 4
Đợt 2: QĐ số 4261/QĐ-UBND ngày 15/12/2021
2 | Mật ong | HTX A | 3
`)
		return b.merge("A2:D2", "A4:D4").bytes()
	}},
	{name: "totals", about: "Dòng tổng viết đủ kiểu, ở cột nào cũng không phải sản phẩm; tên có chữ cộng, tổng thì vẫn là sản phẩm.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Quyết định
1 | Gạo | HTX A | 3 | 4261/QĐ-UBND
 | Tổng: 45 sản phẩm (5 sao: 1; 4 sao: 10; 3 sao: 34) | | |
 | | Tổng cộng | 12 | 3
Cộng huyện Bắc Hà | 3 | 2 | |
 | CỘNG (I+II) | 8 chủ thể | 12 sản phẩm |
2 | Du lịch cộng đồng Na Lo | HTX A | 4 | 4261/QĐ-UBND
3 | Cộng đồng homestay | HTX A | 4 | 4261/QĐ-UBND
4 | Tổng hợp hạt dinh dưỡng | HTX A | 4 | 4261/QĐ-UBND
Tổng số | 4 | | |
Ghi chú: danh sách cập nhật đến tháng 12/2021
5 | Mật ong | HTX A | 3 | 4261/QĐ-UBND
Bắc Hà, ngày 20 tháng 12 năm 2021 | | | |
 | | GIÁM ĐỐC | |
 | | Nguyễn Văn A | |
`).bytes()
	}},
	{name: "producer_first", about: "Cột chủ thể đứng trước; dòng chỉ có chủ thể: có sản phẩm ở dưới thì là đề mục, không thì không nhận.", build: func(*testing.T) []byte {
		return []byte(text(`
Chủ thể | Sản phẩm | Hạng sao
HTX Sen Quê Bác | |
 | Trà liên tu | 4 sao
 | Trà sen | 4 sao
HTX Hợp Tiến | Mật ong | 3 sao
HTX Không Tên | |
HTX Hợp Tiến | Mật ong sú | 3 sao
`, ","))
	}},
	{name: "two_lists", about: "Hai phụ lục trong một trang, mỗi phụ lục một quyết định; mục huyện của phụ lục trước không lan sang sau; đề mục có cả sao và quyết định.", build: func(t *testing.T) []byte {
		b := newBook(t).text(`
PHỤ LỤC I: DANH SÁCH SẢN PHẨM 4 SAO
(Quyết định số 279/QĐ-UBND ngày 28/01/2022 của UBND tỉnh)
Căn cứ Quyết định số 1048/QĐ-TTg ngày 21/8/2019
STT | Tên sản phẩm | Chủ thể
I. Huyện Bắc Hà
1 | Rượu ngô | HTX A
PHỤ LỤC II: DANH SÁCH SẢN PHẨM 3 SAO
Kèm theo Quyết định số 348/QĐ-UBND ngày 15/02/2023
STT | TÊN SẢN PHẨM | CHỦ THỂ
1 | Chè | HTX B
5 SAO (QĐ số 9/QĐ-BNN ngày 1/3/2023 của Bộ Nông nghiệp và PTNT)
2 | Trà | HTX C
`)
		return b.merge("A1:C1", "A2:C2", "A3:C3", "A5:C5", "A7:C7", "A8:C8", "A11:C11").bytes()
	}},
	{name: "strict_rows", about: "Ô trống đầu trang, bảng không bắt đầu ở cột A, tiêu đề dài.", build: func(t *testing.T) []byte {
		b := newBook(t)
		b.row = 3
		return b.text(`
 | | BIỂU TỔNG HỢP DANH SÁCH CÁC SẢN PHẨM ĐÃ ĐƯỢC ĐÁNH GIÁ, PHÂN HẠNG OCOP ĐẾN HẾT NĂM 2023 TRÊN ĐỊA BÀN HUYỆN BẮC HÀ
 | |
 | | Stt | Tên sản phẩm OCOP | Tên chủ thể OCOP | Xã, thị trấn | Kết quả phân hạng (sao)
 | | 1 | Rượu ngô | HTX A | Bản Phố | 4
 | | 2 | Mận Tam hoa | HTX B | Thị trấn Bắc Hà | 3
 | | | | | |
 | | | Tổng | | | 2
`).bytes()
	}},
	{name: "signed", about: "Nơi ngày, chức vụ, tên người ở dưới danh sách, số trang: không là dòng sản phẩm; dòng có chủ thể mà thiếu tên thì nói.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
Tên sản phẩm | Cơ sở sản xuất | Số sao | Ngày QĐ
Măng sấy | HTX Na Lang | 3 | 05/6/2024
 | | | Trang 1
 | HTX Suối Thầu | |
 | Hội phụ nữ thôn | 3 |
 | | | chưa nộp
Mật ong | HKD Lý Thị Sáy | 4 | 06/7/2024
 | Tổng: 4 sản phẩm | |
 | | Si Ma Cai, ngày 12/8/2024 |
 | | PHÓ TRƯỞNG PHÒNG |
 | | Giàng Seo Páo |
`).on("Đánh số").text(`
STT | Tên sản phẩm | Cơ sở sản xuất | Số sao
1 | Măng sấy | HTX Na Lang | 3
2 | | Giám đốc Lý Thị Sáy |
3 | Mật ong | HKD Lý Thị Sáy | 4
 | NGƯỜI LẬP BIỂU | | CHI CỤC TRƯỞNG
 | Lù Thị Ín | | Giàng Seo Páo
`).bytes()
	}},
	{name: "title_again", about: "Tiêu đề lặp lại ở trang sau không là sản phẩm và không bắt đầu danh sách mới.", build: func(*testing.T) []byte {
		return []byte(text(`
Danh sách sản phẩm OCOP huyện Si Ma Cai | | |
Tên SP | Cơ sở | Xếp loại | QĐ số
Huyện Bắc Hà | | |
Rượu ngô | HTX Bản Phố | 3 SAO | 12/QĐ-UBND
- Trang 1/2 - | | |
Danh sách sản phẩm OCOP huyện Si Ma Cai | | |
Tên SP | Cơ sở | Xếp loại | QĐ số
Mận Tam hoa | HTX Na Lang | 3 SAO | 12/QĐ-UBND
- Trang 2/2 - | | |
`, ";"))
	}},
	{name: "of_a_producer", about: "Danh sách của một chủ thể: tên, địa chỉ, điện thoại ghi trên đầu bảng; hoặc ghi rõ là chủ thể ở đề mục.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
BẢNG KÊ SẢN PHẨM OCOP
Tên chủ thể: HTX Na Lang
Địa chỉ: Thôn 2, xã Bản Phố
Điện thoại: 0912 345 678
STT | Tên sản phẩm | Hạng | Ngày công nhận
1 | Măng sấy | 3 sao | 05/6/2024
2 | Mật ong | 4 sao | 06/7/2024
`).on("Đơn vị báo cáo").text(`
Đơn vị: UBND xã Bản Phố
STT | Tên sản phẩm | Hạng | Ngày công nhận
1 | Mận | 3 sao | 05/6/2024
`).on("Đề mục").text(`
STT | Tên sản phẩm | Hạng | Ngày công nhận
Chủ thể: Vàng Thị Ín
1 | Rượu ngô | 3 sao | 05/6/2024
Chủ thể: HTX Suối Thầu
2 | Chè dây | 4 sao | 06/7/2024
`).bytes()
	}},
	{name: "decision_beside", about: "Đề mục có quyết định ở cột quyết định; sản phẩm mang tên đất có quyết định riêng vẫn là sản phẩm.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Tên sản phẩm | Chủ thể | Hạng | Quyết định
 | ĐỢT 1 NĂM 2024 | | | 88/QĐ-UBND ngày 05/6/2024
1 | Măng sấy | HTX Na Lang | 3 sao |
2 | Mật ong | HTX Na Lang | 3 sao |
 | Huyện Bắc Hà | | | QĐ 91/QĐ-UBND ngày 06/7/2024
3 | Rượu ngô | HKD Vàng A Chúng | 3 sao |
4 | Bản Phố | | | 95/QĐ-UBND ngày 07/8/2024
5 | Mận | HTX Na Lang | 3 sao |
`).bytes()
	}},
	{name: "above_products", about: "Chủ thể là dòng đề mục có địa chỉ, người đại diện, điện thoại; sản phẩm ở dưới, cùng cột hay khác cột.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên chủ thể, tên sản phẩm | Thôn | Xã | Đại diện | SĐT | Số sao | Số QĐ
A | HTX Na Lang | Thôn 2 | Xã Bản Phố | Lý Thị Sáy | 0912345678 | |
1 | Măng sấy | | | | | 3 | 88/QĐ-UBND
2 | Mật ong | | Xã Lùng Phình | | 0987654321 | 4 | 91/QĐ-UBND
B | HKD Vàng A Chúng | | Xã Tả Củ Tỷ | | | |
C | Công ty TNHH Suối Thầu (2 sản phẩm) | | Xã Bắc Hà | | | |
1 | Cơ sở lưu trú Suối Thầu | | | | | 3 | 88/QĐ-UBND
2 | Chè dây | | | | | 3 | 88/QĐ-UBND
Tổng | 3 chủ thể | | | | | |
`).on("Số mục").text(`
TT | Đơn vị/Tên sản phẩm | Địa chỉ | Số sao
1 | HTX Na Lang | Xã Bản Phố |
1.1 | Măng sấy | | 3
1.2 | Mật ong | | 4
2 | HKD Vàng A Chúng | Xã Tả Củ Tỷ |
- | Rượu ngô | | 3
`).on("Khác cột").text(`
TT | Cơ sở | Địa chỉ | Điện thoại | Sản phẩm | Hạng
1 | HTX Na Lang | xã Bản Phố | 0912345678 | |
 | | | | Măng sấy | 3 sao
 | | | | Mật ong | 4 sao
2 | HKD Vàng A Chúng | xã Tả Củ Tỷ | | |
 | | | | Rượu ngô | 3 sao
3 | HTX Bản Liền | xã Bản Liền | | |
4 | HTX Sơn Hà | xã Bắc Hà | | Chè | 3 sao
`).on("Không phải đề mục").text(`
STT | Sản phẩm | Địa chỉ
A | SẢN PHẨM 3 SAO |
1 | Trang trại du lịch Nậm Cang | xã Bản Phố
2 | Cơ sở lưu trú Pả Vi | xã Bản Liền
3 | Mật ong | xã Bắc Hà
`).bytes()
	}},
}
