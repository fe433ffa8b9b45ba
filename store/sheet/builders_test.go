package sheet

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// builder makes a list as officers keep it.
type builder struct {
	name    string
	about   string
	options Options
	build   func(*testing.T) []byte
}

// book is a workbook under construction.
type book struct {
	*testing.T
	*excelize.File
	sheet string
	row   int
}

func newBook(t *testing.T) *book { return &book{t, excelize.NewFile(), "Sheet1", 0} }

func (b *book) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// rows adds rows of cells; a nil row is empty.
func (b *book) rows(rows ...[]any) *book {
	for _, r := range rows {
		b.row++
		cell, _ := excelize.CoordinatesToCellName(1, b.row)
		b.must(b.SetSheetRow(b.sheet, cell, &r))
	}
	return b
}

// text adds rows as text, cells parted by "|", empty ones left empty.
func (b *book) text(lines string) *book {
	for line := range strings.SplitSeq(strings.Trim(lines, "\n"), "\n") {
		var r []any
		for c := range strings.SplitSeq(line, "|") {
			if c = strings.TrimSpace(c); c == "" {
				r = append(r, nil)
			} else {
				r = append(r, strings.ReplaceAll(c, `\n`, "\n"))
			}
		}
		b.rows(r)
	}
	return b
}

func (b *book) merge(cells ...string) *book {
	for _, c := range cells {
		from, to, _ := strings.Cut(c, ":")
		b.must(b.MergeCell(b.sheet, from, to))
	}
	return b
}

func (b *book) on(sheet string) *book {
	_, err := b.NewSheet(sheet)
	b.must(err)
	b.sheet, b.row = sheet, 0
	return b
}

// format gives cells a number format.
func (b *book) format(from, to, format string) *book {
	style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
	b.must(err)
	b.must(b.SetCellStyle(b.sheet, from, to, style))
	return b
}

func (b *book) bytes() []byte {
	var out bytes.Buffer
	b.must(b.Write(&out))
	return out.Bytes()
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// text is a csv with a delimiter.
func text(lines, delimiter string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.Trim(lines, "\n"), "\n") {
		var cells []string
		for c := range strings.SplitSeq(line, "|") {
			c = strings.TrimSpace(c)
			if strings.ContainsAny(c, delimiter+"\"") || strings.Contains(c, `\n`) {
				c = `"` + strings.ReplaceAll(strings.ReplaceAll(c, `"`, `""`), `\n`, "\n") + `"`
			}
			cells = append(cells, c)
		}
		b.WriteString(strings.Join(cells, delimiter) + "\r\n")
	}
	return b.String()
}

func bare(s string) string {
	s = strings.NewReplacer("đ", "d", "Đ", "D").Replace(norm.NFD.String(s))
	return strings.Map(func(r rune) rune {
		if 0x300 <= r && r < 0x370 {
			return -1
		}
		return r
	}, s)
}

const plainList = `
STT | Tên sản phẩm | Chủ thể | Địa chỉ | Hạng sao | Quyết định | Ngày ban hành
1 | Gạo Séng Cù | HTX Mường Khương | Xã Mường Khương | 4 sao | 4261/QĐ-UBND | 15/12/2021
2 | Mật ong, hoa rừng | HKD Lý A Sáng | Xã Bản Phố, huyện Bắc Hà | 3 sao | 4261/QĐ-UBND | 15/12/2021
3 | Chè "Shan" tuyết | Cty TNHH chè Bản Liền | xã Bản Liền | 3 sao | 4261/QĐ-UBND | 15/12/2021
`

var builders = []builder{
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
			"3 sao trở lên", "không đạt", "75,5", "-", "3 sao (2019), 4 sao (2022)", "3 sao (2019)", "ba", "4 ⭐", "******", "0", "Năm sao", "★★★★ (4 sao)", "4sao", "đạt 4 sao cấp tỉnh", "hạng 4 sao OCOP"} {
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
	{name: "unmerged", about: "csv từ bảng có ô gộp: STT và chủ thể để trống là của dòng trên; có STT mà trống chủ thể thì không đoán.", build: func(*testing.T) []byte {
		return []byte(text(`
STT | Chủ thể | Sản phẩm | Hạng sao
1 | HTX Thế Tuấn | Tinh dầu Đại Từ Bi | 3 sao
 | | Tinh dầu quế | 4 sao
2 | Công ty Phong Hải | Trà sen | 3 sao
3 | | Trà nhài | 3 sao
`, ","))
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
	{name: "bare", about: "Không dấu, chữ hoa, đầu bảng viết tắt.", build: func(*testing.T) []byte {
		return []byte(bare(text(`
DANH SÁCH SẢN PHẨM OCOP
STT | TÊN SẢN PHẨM | CHỦ THỂ | ĐỊA CHỈ | XẾP HẠNG | SỐ QĐ | NGÀY CẤP
1 | Gạo Séng Cù | HTX Mường Khương | Xã Mường Khương | 4 sao | 4261/QĐ-UBND | 15/12/2021
2 | Mật ong | Hộ kinh doanh Lý A Sáng | Bản Phố, Bắc Hà | ba sao | 4261/QĐ-UBND | ngày 15 tháng 12 năm 2021
`, ";")))
	}},
	{name: "comma", about: "csv dấu phẩy, có BOM, ô có ngoặc kép.", build: func(*testing.T) []byte { return []byte("\ufeff" + text(plainList, ",")) }},
	{name: "semicolon", about: "csv dấu chấm phẩy.", build: func(*testing.T) []byte { return []byte(text(plainList, ";")) }},
	{name: "tab", about: "Chữ Việt tổ hợp (NFD), dấu tab.", build: func(*testing.T) []byte { return []byte(norm.NFD.String(text(plainList, "\t"))) }},
	{name: "pipe", about: "Dấu gạch đứng, xuống dòng kiểu cũ.", build: func(*testing.T) []byte { return []byte(strings.ReplaceAll(text(plainList, "|"), "\r\n", "\r")) }},
	{name: "utf16", about: "UTF-16 của Excel (Unicode Text).", build: func(t *testing.T) []byte {
		data, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text(plainList, "\t")))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}},
	{name: "utf16be", about: "UTF-16 không có BOM.", build: func(t *testing.T) []byte {
		data, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text(plainList, ";")))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}},
	{name: "cp1258", about: "Windows-1258.", build: func(t *testing.T) []byte {
		data, err := charmap.Windows1258.NewEncoder().Bytes([]byte(to1258(text(plainList, ";"))))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}},
	{name: "multiline", about: "csv có ô nhiều dòng và dòng trống: số dòng như trong bảng tính.", build: func(*testing.T) []byte {
		return []byte("Danh sách\n\nSTT,Tên sản phẩm,Chủ thể,Hạng sao\n1,\"Gạo\nSéng Cù\",HTX A,4\n\n2,Mật ong,\"HTX B\nXã Bản Phố, huyện Bắc Hà\",3\n")
	}},
	{name: "open_quote", about: "csv có ngoặc kép không đóng.", build: func(*testing.T) []byte {
		return []byte("STT;Tên sản phẩm;Chủ thể;Hạng sao\n1;\"Gạo Séng Cù;HTX A;4\n" + strings.Repeat("2;Mật ong;HTX B;3\n", 35))
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
	{name: "headless", about: "Không có đầu bảng: cán bộ chỉ cột.", options: Options{Columns: map[string]string{Name: "B", Producer: "C", Stars: "D"}}, build: func(*testing.T) []byte {
		return []byte("1;Gạo Séng Cù;HTX A;4\n2;Mật ong;HTX B;3\n")
	}},
	{name: "unknown", about: "Không có đầu bảng và không chỉ cột: không đọc gì.", build: func(*testing.T) []byte {
		return []byte("1;Gạo Séng Cù;HTX A;4\n2;Mật ong;HTX B;3\n")
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
	{name: "upgrade", about: "Hạn trong danh sách, năm công nhận, điểm, cột không dùng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
TT | Mã sản phẩm | Tên sản phẩm | Nhóm | Tên cơ sở | Điểm | Hạng sao | Năm công nhận | Số quyết định | Ngày ban hành | Cơ quan ban hành | Hết hạn | Ghi chú | Tình trạng
1 | LC01 | Gạo | Thực phẩm | HTX A | 75,5 | 4 | 2021 | 4261/QĐ-UBND | 15/12/2021 | UBND tỉnh Lào Cai | 15/12/2024 | |
2 | LC02 | Rượu | Đồ uống | HTX A | 60 | 3 | 2021 | 4261/QĐ-UBND | 15/12/2021 | UBND tỉnh Lào Cai | 31/12/2024 | nâng hạng |
3 | LC03 | Cao | Dược liệu và sản phẩm từ dược liệu | HTX A | 60 | 3 | 2021 | 4261/QĐ-UBND | | UBND tỉnh Lào Cai | 12/2024 | | Thu hồi
4 | LC04 | Khăn | Hàng thủ công mỹ nghệ | HTX A | 60 | 3 | 2021 | 4261/QĐ-UBND | | UBND tỉnh Lào Cai | | chưa thu hồi | đánh giá lại
`).bytes()
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
	{name: "split_heads", about: "Chữ ở đầu bảng ngắt thành hai dòng.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản | Chủ thể | Hạng | Số | Ngày, tháng | Số điện
 | phẩm | sản xuất | sao | quyết định | quyết định | thoại
1 | Gạo | HTX A | 3 | 4261/QĐ-UBND | 15/12/2021 | 0912345678
`).bytes()
	}},
	{name: "english", about: "Đầu bảng tiếng Anh, ngày kiểu Anh, số quyết định viết khác.", build: func(*testing.T) []byte {
		return []byte(text(`
Product name | Producer | Stars | Decision | Decision date | Commune | District | Phone
Rice | HTX A | 3 stars | 4261-QĐ/UBND | 15-Dec-21 | Bản Phố | Bắc Hà | 84912345678
Honey | HTX A | 3* | 4261/QĐ – UBND | Dec 5, 2021 | Bản Phố | Bắc Hà | 912345678
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
	{name: "in_name", about: "Không có cột sao: sao ghi sau tên.", build: func(*testing.T) []byte {
		return []byte(text(`
TT | Sản phẩm | Chủ thể
1 | Gạo Séng Cù (OCOP 4 sao) | HTX A
2 | Mật ong - 3 sao | HTX A
3 | Rượu ngô | HTX A
`, ";"))
	}},
	{name: "agreeing", about: "Hai cột ngày giống nhau thì không phải hỏi.", build: func(t *testing.T) []byte {
		return newBook(t).text(`
STT | Tên sản phẩm | Chủ thể | Hạng sao | Số QĐ | Ngày ký | Ngày cấp
1 | Gạo Séng Cù | HTX A | 4 | 4261/QĐ-UBND | 15/12/2021 | 15/12/2021
`).bytes()
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
}

// to1258 writes letters as Windows-1258 has them: the tone behind the letter.
func to1258(s string) string {
	var b strings.Builder
	for _, r := range s {
		if _, ok := charmap.Windows1258.EncodeRune(r); ok {
			b.WriteRune(r)
			continue
		}
		parts := []rune(norm.NFD.String(string(r)))
		letter, tone := parts[:1], []rune{}
		for _, p := range parts[1:] {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", p) {
				tone = append(tone, p)
			} else {
				letter = append(letter, p)
			}
		}
		b.WriteString(norm.NFC.String(string(letter)) + string(tone))
	}
	return b.String()
}
