package vietnamese

import "testing"

func TestNamed(t *testing.T) {
	for said, want := range map[string]struct {
		name string
		sure bool
	}{
		"kiểm tra hồ sơ bưởi Múc":         {"bưởi Múc", true},
		"kiem tra ho so buoi muc":         {"buoi muc", true},
		"kieemr tra hoof sow buwowir Muc": {"buwowir Muc", true},
		"kiểm tra mật ong":                {"mật ong", true},
		"cho em hỏi sản phẩm Quả bưởi Múc được mấy sao rồi ạ": {"Quả bưởi Múc", false},
		"Miến đao Quy Mông hết hạn chưa":                      {"Miến đao Quy Mông", true},
		"giấy OCOP của HTX Minh Ngọc còn hạn không ạ?":        {"HTX Minh Ngọc", false},
		"hồ sơ của em tới bước nào rồi ạ":                     {},
		"tra cuu mat ong":                 {"mat ong", true},
		"tra cứu mật ong ông":             {"mật ong", true},
		"kết quả":                         {},
		"bưởi Múc":                        {"bưởi Múc", true},
		"bưởi Múc ạ":                      {"bưởi Múc", true},
		"4261/QĐ-UBND":                    {"4261/QĐ-UBND", true},
		"tra SP-000012":                   {"SP-000012", true},
		"xã Bắc Hà":                       {"xã Bắc Hà", true},
		"mien dong nha em dc may sao vay": {"mien dong", true},
		"":                                {},
		"\xff kiểm tra ?":                 {},
	} {
		if name, sure := Named(said); name != want.name || sure != want.sure {
			t.Errorf("Named(%q) = %q, %v, want %q, %v", said, name, sure, want.name, want.sure)
		}
	}
}
