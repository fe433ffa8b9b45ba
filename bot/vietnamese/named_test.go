package vietnamese

import "testing"

func TestNamed(t *testing.T) {
	for said, want := range map[string]string{
		"kiểm tra hồ sơ bưởi Múc": "bưởi Múc",
		"kiem tra ho so buoi muc": "buoi muc",
		"cho em hỏi sản phẩm Quả bưởi Múc được mấy sao rồi ạ": "Quả bưởi Múc",
		"Miến đao Quy Mông hết hạn chưa":                      "Miến đao Quy Mông",
		"giấy OCOP của HTX Minh Ngọc còn hạn không ạ?":        "HTX Minh Ngọc",
		"hồ sơ của em tới bước nào rồi ạ":                     "",
		"kết quả":         "",
		"bưởi Múc":        "bưởi Múc",
		"4261/QĐ-UBND":    "4261/QĐ-UBND",
		"tra SP-000012":   "SP-000012",
		"xã Bắc Hà":       "xã Bắc Hà",
		"":                "",
		"\xff kiểm tra ?": "",
	} {
		if got := Named(said); got != want {
			t.Errorf("Named(%q) = %q, want %q", said, got, want)
		}
	}
}
