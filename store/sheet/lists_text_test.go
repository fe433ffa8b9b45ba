package sheet

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const plainList = `
STT | Tên sản phẩm | Chủ thể | Địa chỉ | Hạng sao | Quyết định | Ngày ban hành
1 | Gạo Séng Cù | HTX Mường Khương | Xã Mường Khương | 4 sao | 4261/QĐ-UBND | 15/12/2021
2 | Mật ong, hoa rừng | HKD Lý A Sáng | Xã Bản Phố, huyện Bắc Hà | 3 sao | 4261/QĐ-UBND | 15/12/2021
3 | Chè "Shan" tuyết | Cty TNHH chè Bản Liền | xã Bản Liền | 3 sao | 4261/QĐ-UBND | 15/12/2021
`

// textLists are about csv as programs write it.
var textLists = []builder{
	{name: "unmerged", about: "csv từ bảng có ô gộp: STT và chủ thể để trống ở hai chỗ là của dòng trên; có STT mà trống chủ thể thì không đoán.", build: func(*testing.T) []byte {
		return []byte(text(`
STT | Chủ thể | Sản phẩm | Hạng sao
1 | HTX Thế Tuấn | Tinh dầu Đại Từ Bi | 3 sao
 | | Tinh dầu quế | 4 sao
2 | Công ty Phong Hải | Trà sen | 3 sao
3 | | Trà nhài | 3 sao
4 | HTX Nậm Cang | Rượu ngô | 3 sao
 | | Rượu thóc | 3 sao
 | | Rượu sắn | 3 sao
`, ","))
	}},
	{name: "not_above", about: "Trống chủ thể một chỗ, hoặc vẫn có địa chỉ, điện thoại riêng: thiếu thì để thiếu.", build: func(*testing.T) []byte {
		return []byte(text(`
Chủ thể | Điện thoại | Địa chỉ | Sản phẩm | Hạng sao
HTX Thế Tuấn | 0912345678 | xã Bản Phố | Tinh dầu Đại Từ Bi | 3 sao
 | | | Tinh dầu quế | 4 sao
Công ty Phong Hải | | xã Bắc Hà | Trà sen | 3 sao
 | 0987654321 | | Trà nhài | 3 sao
HTX Nậm Cang | | xã Bản Liền | Rượu ngô | 3 sao
 | | xã Tả Củ Tỷ | Rượu thóc | 3 sao
`, ","))
	}},
	{name: "habit", about: "Chủ thể để trống cùng mọi cột của chủ thể, ở nhiều chỗ: của dòng trên.", build: func(*testing.T) []byte {
		return []byte(text(`
Chủ thể | Điện thoại | Địa chỉ | Sản phẩm | Hạng sao
HTX Thế Tuấn | 0912345678 | xã Bản Phố | Tinh dầu Đại Từ Bi | 3 sao
 | | | Tinh dầu quế | 4 sao
Công ty Phong Hải | | xã Bắc Hà | Trà sen | 3 sao
 | | | Trà nhài | 3 sao
 | | xã Tả Củ Tỷ | Rượu thóc | 3 sao
 | | | Rượu ngô | 3 sao
`, ","))
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
