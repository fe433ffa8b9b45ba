package sheet

import "testing"

// provinceLists are as offices of several provinces keep theirs, one habit more in
// each.
var provinceLists = []builder{
	{name: "thai_nguyen", about: "Thái Nguyên: hạng là đề mục, chủ thể và địa chỉ một ô nhiều dòng, số và ngày quyết định cách nhau dấu phẩy.", options: Options{Province: "19"}, build: func(t *testing.T) []byte {
		b := newBook(t).text(`
UBND TỈNH THÁI NGUYÊN | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
VĂN PHÒNG ĐIỀU PHỐI NÔNG THÔN MỚI
BIỂU TỔNG HỢP SẢN PHẨM OCOP CÒN HIỆU LỰC TÍNH ĐẾN 31/12/2024
(Kèm theo Báo cáo số 415/BC-VPĐP ngày 05/01/2025)
STT | Tên sản phẩm, nhóm sản phẩm | Chủ thể/địa chỉ/điện thoại | Quyết định công nhận/ngày tháng | Ghi chú
I | SẢN PHẨM HẠNG 5 SAO (01 sản phẩm) | | |
1 | Trà Đinh Hảo Đạt | HTX chè Hảo Đạt\nXóm Cây Thị, xã Tân Cương, TP Thái Nguyên\nĐT: 0912.345.678 | 1206/QĐ-BNN-VPĐP, 30/03/2021 | Hết hạn
II | SẢN PHẨM HẠNG 4 SAO (02 sản phẩm) | | |
2 | Miến dong Việt Cường | HTX miến Việt Cường - xóm Việt Cường, xã Hóa Thượng, huyện Đồng Hỷ | Số 4129/QĐ-UBND, ngày 22.12.2021 | Nâng hạng từ 3 sao
3 | Chè tôm nõn | Công ty TNHH chè La Bằng; địa chỉ: xã La Bằng, huyện Đại Từ | QĐ 4129/QĐ-UBND\n(22/12/2021) |
III | SẢN PHẨM HẠNG 3 SAO | | |
4 | Bưởi Tân Cương | Hộ KD Nguyễn Thị Ngà, phường Đồng Quang, thành phố Thái Nguyên | 22/12/2021 |
 | Cộng | 04 sản phẩm | |
 | | Thái Nguyên, ngày 05 tháng 01 năm 2025 | |
 | NGƯỜI LẬP BIỂU | CHÁNH VĂN PHÒNG | |
`)
		return b.merge("A3:E3", "A4:E4").bytes()
	}},
	{name: "dong_thap", about: "Đồng Tháp: mỗi hạng một cột, có cột tiềm năng; số quyết định kiểu QĐ-UBND-HC; huyện gộp dọc; năm công nhận cột riêng.", options: Options{Province: "82"}, build: func(t *testing.T) []byte {
		b := newBook(t).text(`
DANH MỤC SẢN PHẨM OCOP TỈNH ĐỒNG THÁP
TT | Huyện, thành phố | Tên sản phẩm | Tên chủ thể | Địa chỉ | Hạng sao | | | Năm công nhận | Quyết định số
 | | | | | 3 sao | 4 sao | Tiềm năng 5 sao | |
1 | TP. Sa Đéc | Bột gạo Sa Đéc | Công ty CP Thực phẩm Bích Chi | Số 45X1, đường Nguyễn Sinh Sắc, khóm Hòa Khánh, phường 2 | | x | | 2022 | 1390/QĐ-UBND-HC
2 | | Hủ tiếu khô | Cơ sở Ba Khánh | Ấp Tân Hòa, xã Tân Quy Tây | x | | | 2023 | 77/QĐ-UBND-HC ngày 15/01/2024
3 | Huyện Lai Vung | Nem Giáo Thơ | DNTN Giáo Thơ | Xã Tân Thành | | x | x | 2020 | 1836/QĐ-UBND.HC
4 | | Rượu quýt hồng | HKD Tư Hồng | | x | | | Đợt 2/2021 |
Tổng | | 4 | 4 | | 2 | 2 | 1 | |
`)
		return b.merge("F2:H2", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "I2:I3", "J2:J3", "B4:B5", "B6:B7").bytes()
	}},
	{name: "quang_nam", about: "Quảng Nam cũ: hạng và quyết định chung một ô, công văn ở tiêu đề không phải quyết định, sản phẩm đánh số trong tên.", options: Options{Province: "48"}, build: func(t *testing.T) []byte {
		return newBook(t).text(`
DANH SÁCH SẢN PHẨM OCOP HUYỆN ĐẠI LỘC
(Đính kèm Công văn số 123/UBND-NN ngày 12/3/2024 của UBND huyện Đại Lộc)
Tên sản phẩm | Chủ thể sản xuất | Người đại diện (Số điện thoại) | Xã, thị trấn | Kết quả đánh giá, phân hạng
1. Bánh tráng Đại Lộc | HTX Nông nghiệp Ái Nghĩa | Bà Nguyễn Thị Hoa (0905.123.456) | TT Ái Nghĩa | 3 sao (QĐ số 3456/QĐ-UBND ngày 29/12/2022)
2. Dầu phộng | THT dầu phộng Đại Lãnh | ông Lê Văn Ba, 0935 111 222 | Đại Lãnh | 4 sao - QĐ 1021/QĐ-UBND ngày 24/4/2023
3. Trứng gà thảo mộc | Hộ Trần Văn Sáu | 84905333444 | Đại Hiệp | 3 sao
4. Nếp bầu | HTX Đại Thắng | | Đại Thắng | Không đạt
`).bytes()
	}},
	{name: "son_la", about: "Sơn La: csv không dấu, tiêu đề có ngăn cột, tháng viết thg, xã đứng sau gạch nối.", options: Options{Province: "14"}, build: func(*testing.T) []byte {
		return []byte("\ufeff" + bare(text(`
BIỂU TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP TỈNH SƠN LA;;;;;;;
TT | Tên sản phẩm | Tên chủ thể | Địa điểm SX | Hạng | Số QĐ | Ngày QĐ
1 | Cà phê bột Minh Trí | HTX Cà phê Bích Thao | Bản Củ 4 - xã Phổng Lái - huyện Thuận Châu | 5 sao | 1234/QĐ-BNN-VPĐP | 12-thg 4-21
2 | Chè Shan tuyết Tà Xùa | HTX Trà Shan tuyết Tà Xùa | Bản Tà Xùa - xã Tà Xùa - Bắc Yên | 4 sao | 2890/QĐ-UBND | 24-12-20
3 | Xoài sấy dẻo | Cty CP Nafoods Tây Bắc | TK Nà Sản - thị trấn Hát Lót - Mai Sơn | 3 sao | 2890/QĐ-UBND | 24/12/20
4 | Nhãn sấy | HTX Bảo Minh | xã Chiềng Khoong, huyện Sông Mã (nay là xã Chiềng Khoong) | 3* | 3131/QĐ-UBND | 25/12/2023
`, ";")))
	}},
	{name: "ha_giang", about: "Hà Giang cũ: mỗi huyện một trang, tên trang không có chữ huyện; số giấy chứng nhận không phải số quyết định; thời hạn từ ngày đến ngày.", options: Options{Province: "08"}, build: func(t *testing.T) []byte {
		b := newBook(t)
		for _, name := range []string{"Đồng Văn", "Mèo Vạc"} {
			b.on(name).text(`
SẢN PHẨM OCOP ĐƯỢC CẤP GIẤY CHỨNG NHẬN
STT | Tên SP OCOP | Tên cơ sở | Xã | Xếp hạng (sao) | Số GCN | QĐ cấp số | Thời hạn giấy chứng nhận |
 | | | | | | | Từ ngày | Đến ngày
1 | Mật ong bạc hà | HTX Tuấn Dũng | Lũng Pù | 4 | HG-MV-01 | 2719/QĐ-UBND | 20/12/2021 | 20/12/2024
2 | Rượu ngô men lá | Cơ sở Sùng Thị Mỷ | Thị trấn ` + name + ` | 3 | HG-02 | 2719/QĐ-UBND | 20/12/2021 | 19/12/2024
`).merge("H2:I2")
		}
		return b.bytes()
	}},
	{name: "vinh_long", about: "Phường sau sáp nhập: phường ở tên cơ quan, ấp và khu phố là nơi trong phường, trạng thái ở ghi chú, dòng trống giữa, số điện thoại mất số 0.", options: Options{Province: "86"}, build: func(t *testing.T) []byte {
		b := newBook(t).text(`
ỦY BAN NHÂN DÂN\nPHƯỜNG PHÚ TÂN | | | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc
DANH SÁCH CÁC SẢN PHẨM OCOP CÒN THỜI HẠN
Số TT | Sản phẩm | Đơn vị | Khu phố | Sao | Quyết định | | | Điện thoại | Tình trạng
 | | | | | Số | Ngày | Nơi cấp | |
`).rows(
			[]any{1, "Kẹo dừa Thanh Long", "Cty TNHH SX TM Thanh Long", "KP 3", 4, "2888/QĐ-UBND", day(2023, 11, 30), "UBND tỉnh Bến Tre", 2753822999, "Còn hạn"},
			[]any{2, "Dầu dừa nguyên chất", "HTX NN Phú Nhuận", "ấp Phú Nhơn", 3, 567, "5/6/2024", "UBND TP Bến Tre", 918111222, "Đang lập hồ sơ đánh giá lại"},
			[]any{},
			[]any{3, "Thạch dừa", "Ba Nhàn", nil, 3, "567/QĐ-UBND", "5/6/2024", "nt", nil, "Đã thu hồi theo QĐ 99/QĐ-UBND"},
			[]any{nil, "Tổng cộng: 03 sản phẩm"},
		)
		return b.merge("F3:H3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "I3:I4", "J3:J4").format("G5", "G5", "dd/mm/yyyy").bytes()
	}},
	{name: "renewed", about: "Đề mục không nói gì về sản phẩm (mới, đánh giá lại); số quyết định không có đuôi, ngày đứng ngay sau; Cty viết tắt đủ kiểu.", build: func(*testing.T) []byte {
		return []byte(`DANH SÁCH SẢN PHẨM OCOP TỈNH LÀO CAI
STT;Tên sản phẩm;Chủ thể;Xã cũ;Xã mới;Hạng sao;Quyết định
;* Sản phẩm công nhận mới;;;;;
1;Gạo Séng Cù;HTX A;Bản Phố, Bắc Hà;Bắc Hà;3;"Số QĐ: 1234/QĐ-UBND; ngày: 12/3/2023; UBND huyện Bắc Hà"
2;Mật ong;Ông Lý A Sáng;Tà Chải;Bắc Hà;3;1234 ngày 12/3/2023
;Sản phẩm đánh giá lại;;;;;
3;Rượu;C.ty TNHH Hoa;Bản Liền;Bản Liền;4;1234/UBND ngày 12/3/2023
4;Chè;CT TNHH MTV Chè;;;4;1234 - 12/03/2023
5;Nấm;HTX-DVNN Nấm;;;4;QĐUBND số 1234 ngày 12/03/2023
`)
	}},
	{name: "after_merger", about: "Cột xã cũ và cột xã mới: lấy cột mới; nhiều sản phẩm trong một ô thì ghi chú; ngày tháng năm ba cột thì không ghép.", build: func(*testing.T) []byte {
		return []byte(`TT|Tên sản phẩm|Cơ sở|Địa bàn trước sáp nhập|Địa bàn sau sáp nhập|Hạng|Ngày|Tháng|Năm
1|"1. Trà A
2. Trà B"|Hộ ông Vàng Seo Páo|Xã Bản Phố, huyện Bắc Hà|Xã Bắc Hà|4 sao|15|12|2023
2|"- Gạo nếp
- Gạo tẻ"|Nhóm hộ thôn 1|Xã Tả Van, TX. Sa Pa|Xã Tả Van|4 sao|5|1|2024
3|Mật ong*|Tổ hội nghề nghiệp ong||||||
`)
	}},
	{name: "bat_xat", about: "Đầu bảng dài có ngoặc, căn cứ quyết định, đến ngày, như trên, dòng tổng và chú thích ở cuối.", build: func(*testing.T) []byte {
		return []byte(`"BIỂU 01: THỐNG KÊ SẢN PHẨM OCOP NĂM 2023 - HUYỆN BÁT XÁT"
"Đơn vị tính: sản phẩm"
No.,Sản phẩm OCOP (tên gọi),"Chủ thể (HTX, DN, hộ KD)","Địa chỉ (thôn, xã)","Hạng đạt được năm 2023 (sao)","Căn cứ QĐ số, ngày tháng năm","Giá trị đến ngày","Ghi chú (chuyển đổi số, TMĐT)"
01,Miến đao,HTX Dền Sáng,"Thôn Dền Sáng, Dền Sáng",3,"2345/QĐ-UBND, 30.12.2023","30/12/2026",Postmart
02,Gạo Séng cù Mường Vi,HTX Mường Vi,"Thôn Ná Rin, xã Mường Vi",4,"QĐ: 2345 (30/12/2023)","30/12/2026",
03,Lê Tai nung,Hộ Sùng A Hồ,"Trung Lèng Hồ",3 ,"như trên","30/12/2026",
,,,,,,,
"Tổng cộng: 03 SP (4 sao: 01; 3 sao: 02)",,,,,,,
"Ghi chú: TMĐT là thương mại điện tử",,,,,,,
`)
	}},
	{name: "crossed_stars", about: "Cột sao đề 3*, 4*, 5*; xã là đề mục; dòng cộng ở cột chủ thể.", build: func(*testing.T) []byte {
		return []byte(`STT,Xã,Chủ thể,Sản phẩm,3*,4*,5*,Quyết định,Ngày QĐ
I,Xã Mường Hum,,,,,,,
1,,HTX A,Thảo quả,1,,,55/QĐ-UBND,1/2/2023
2,,,Rượu thóc,,1,,55/QĐ-UBND,1/2/2023
II,Xã Y Tý,,,,,,,
1,,HTX B,Tỏi cô đơn,1,0,0,55/QĐ-UBND,1/2/2023
,Cộng,2,3,2,1,0,,
`)
	}},
	{name: "nghe_an", about: "Nghệ An: quyết định ở đề mục năm; cột thời gian ghi năm, tháng hay ngày của chính quyết định đó.", options: Options{Province: "40"}, build: func(*testing.T) []byte {
		return []byte(`"Biểu số 02","","","","","",""
"TỔNG HỢP SẢN PHẨM OCOP CẤP TỈNH (3 SAO TRỞ LÊN) - TỈNH NGHỆ AN","","","","","",""
"STT","Tên sản phẩm","Tên chủ thể sản xuất","Địa chỉ","Điện thoại","Xếp hạng","Thời gian được công nhận"
"","Tổng cộng toàn tỉnh: 5","","","","",""
"I","NĂM 2021 (QĐ số 279/QĐ-UBND ngày 28/01/2022)","","","","",""
"1","Giò bê Nam Nghĩa","Cơ sở Nam Nghĩa","xóm 3, Nam Nghĩa, Nam Đàn","0983 222 333 - 0912 333 444","4 sao","2021"
"2","Cà pháo Nghi Lộc","HTX DV NN Nghi Hoa","Nghi Hoa, Nghi Lộc","","3 sao","Tháng 01/2022"
"II","NĂM 2023 (QĐ số 88/QĐ-UBND ngày 10/01/2024)","","","","",""
"1","Rượu men lá","Hộ Lô Văn Thắng","bản Na Xá, xã Môn Sơn, Con Cuông","","Ba sao","10/01/2024"
"2","Nước mắm Vạn Phần","Công ty cổ phần Thủy sản Vạn Phần","Diễn Ngọc - Diễn Châu","02383.621.234","5 sao","QĐ 1111/QĐ-BNN-VPĐP ngày 20/5/2024"
"3","Tinh bột nghệ","HTX Xuân Hòa ","Xuân Hòa","","3 sao",""
`)
	}},
	{name: "quang_ninh", about: "Quảng Ninh: ngăn bằng tab, có mã sản phẩm, tỉnh và huyện chung một ô, ngày kiểu máy tính, trạng thái.", options: Options{Province: "22"}, build: func(*testing.T) []byte {
		return []byte(`STT	Mã SP	Tên sản phẩm	Chủ thể	Loại hình	Xã/Phường	Tỉnh/TP	Hạng	Số quyết định	Ngày ban hành	Cơ quan ban hành	Trạng thái
1	QN-001	Chả mực Hạ Long	Công ty TNHH MTV Thoan	Doanh nghiệp	P. Bạch Đằng	TP Hạ Long, Quảng Ninh	5	2222/QĐ-BNN-VPĐP	2023-07-05T00:00:00	Bộ NN&PTNT	Còn hiệu lực
2	QN-002	Rượu ba kích	HKD Bùi Văn Nam	HKD	X.Đạp Thanh	Huyện Ba Chẽ - Quảng Ninh	4	4444/QĐ-UBND	05-Thg7-2023	UBND tỉnh	Hết hiệu lực
3	QN-003	Miến dong Bình Liêu	HTX Đình Trung	HTX	TT Bình Liêu	Bình Liêu - Quảng Ninh	4	4444/QĐ-UBND	7/5/2023	nt	Thu hồi
4	QN-004	Gà Tiên Yên	Tổ HT chăn nuôi	THT	Đặc khu Vân Đồn	Quảng Ninh	3	4444/QĐ-UBND	31/4/2023	UBND tỉnh	Không thu hồi
`)
	}},
	{name: "ham_yen", about: "Danh sách của phòng kinh tế xã: chủ thể đứng trước, một chỗ để trống thì không đoán, hạng và điểm chung một ô, ngày trước số quyết định.", options: Options{Province: "08"}, build: func(*testing.T) []byte {
		return []byte(`PHÒNG KINH TẾ XÃ HÀM YÊN;;;;
DANH SÁCH CHỦ THỂ OCOP XÃ HÀM YÊN NĂM 2025;;;;
Tên chủ thể;Tên sản phẩm;Hạng/Điểm;Ngày, số QĐ;Thôn
HTX Cam sành Hàm Yên;Cam sành Phong Lưu;4 sao/83 điểm;28/12/2023 - 1234/QĐ-UBND;Tân Yên
;Mứt cam;3 sao/75,5 điểm;28/12/2023 - 1234/QĐ-UBND;
HTX Vịt bầu Minh Hương;Vịt bầu;4 sao/80;"28/12/2023
Số 1234/QĐ-UBND";Minh Quang
Hộ bà Nguyễn Thị Tình;Chuối sấy (3 sao);3/70;Chưa có QĐ;
Cộng: 4 SP, 3 chủ thể;;;;
`)
	}},
	{name: "uneven", about: "Mỗi dòng một kiểu: sao ở tên, hai quyết định, ngày viết sai, năm ở cả hai ô.", options: Options{Province: "08"}, build: func(*testing.T) []byte {
		return []byte(`Sản phẩm,Chủ thể,Sao,QĐ,Ngày
"Bưởi Soi Hà (VietGAP, 3 sao)","HTX Xuân Vân",,"QĐ 100/QĐ-UBND","12-2022"
"Hồng không hạt Xuân Vân","HTX Xuân Vân","03 sao","100/QĐ-UBND, QĐ 200/QĐ-UBND","28/12/22"
"Chè Vĩnh Tân","Nguyễn Văn Sơn - HTX Vĩnh Tân","4sao","Số 100/QĐ- UBND  ngày 28 tháng  12 năm 2022","28/12/22"
"  Mắm cá ruộng  ","","Đạt","","28/12/0222"
"Rượu ngô Na Hang","Cty CP Na Hang","5*","2019","2019"
`)
	}},
}
