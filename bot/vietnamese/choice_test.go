package vietnamese

import (
	"slices"
	"testing"
)

var (
	consent = []string{"Đồng ý", "Không đồng ý", "Hỏi cán bộ"}
	groups  = []string{"Thực phẩm (gạo, thịt, mật ong…)", "Đồ uống", "Cây thuốc, tinh dầu", "Đồ thủ công, vải", "Hoa, cây, con cảnh", "Du lịch", "Chưa rõ, cán bộ chọn giúp"}
	hasIt   = []string{"Có", "Chưa", "Không rõ"}
	check   = []string{"Đúng", "Sửa", "Bỏ"}
	stars   = []string{"3 sao", "4 sao", "5 sao"}
	owners  = []string{"Hộ kinh doanh", "Tổ hợp tác", "Hợp tác xã", "Công ty"}
	shops   = []string{"Sàn Bưu điện", "Vỏ Sò (Viettel)", "Shopee", "TikTok Shop", "Chưa biết, hỏi cán bộ"}
)

func TestChoice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		said   string
		labels []string
		want   []int
	}{
		{"2", groups, []int{1}},
		{"số 2", groups, []int{1}},
		{"so 2 a", groups, []int{1}},
		{"2.", groups, []int{1}},
		{"2️⃣", groups, []int{1}},
		{"hai", groups, []int{1}},
		{"ba", groups, []int{2}},
		{"cái thứ ba ạ", groups, []int{2}},
		{"cái thứ hai", groups, []int{1}},
		{"cái đầu tiên", groups, []int{0}},
		{"cai dau tien", groups, []int{0}},
		{"cái cuối cùng", groups, []int{6}},
		{"chọn số 3 nhé em", groups, []int{2}},
		{"0", groups, nil},
		{"8", groups, nil},
		{"99999999999999999999", groups, nil},
		{"do uong", groups, []int{1}},
		{"Đồ uống", groups, []int{1}},
		{"mật ong", groups, []int{0}},
		{"em bán mật ong", groups, []int{0}},
		{"tinh dau", groups, []int{2}},
		{"du lịch", groups, []int{5}},
		{"đồ", groups, []int{1, 3}},
		{"cán bộ chọn giúp", groups, []int{6}},
		{"máy bay", groups, nil},
		{"", groups, nil},
		{"đồng ý", consent, []int{0}},
		{"dong y", consent, []int{0}},
		{"không đồng ý", consent, []int{1}},
		{"khong dong y dau", consent, []int{1}},
		{"ko dong y", consent, []int{1}},
		{"chưa đồng ý", consent, []int{1}},
		{"ừ", consent, []int{0}},
		{"không", consent, []int{1}},
		{"cán bộ", consent, []int{2}},
		{"có", hasIt, []int{0}},
		{"chưa", hasIt, []int{1}},
		{"chua co", hasIt, []int{1}},
		{"không rõ", hasIt, []int{2}},
		{"không", hasIt, []int{1, 2}},
		{"đúng rồi", check, []int{0}},
		{"ok", check, []int{0}},
		{"sửa", check, []int{1}},
		{"sua lai", check, []int{1}},
		{"bỏ đi", check, []int{2}},
		{"4 sao", stars, []int{1}},
		{"3", stars, []int{0, 2}},
		{"1", stars, []int{0}},
		{"hợp tác xã", owners, []int{2}},
		{"htx", owners, []int{2}},
		{"tổ hợp tác", owners, []int{1}},
		{"hkd", owners, []int{0}},
		{"cong ty", owners, []int{3}},
		{"voso", shops, []int{1}},
		{"sốp pi", shops, []int{2}},
		{"buu dien", shops, []int{0}},
		{"tik tok", shops, []int{3}},
		{"chưa biết", shops, []int{4}},
	} {
		if got := Choice(c.said, c.labels); !slices.Equal(got, c.want) {
			t.Errorf("Choice(%q, %q) = %v, want %v", c.said, c.labels, got, c.want)
		}
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	papers := []string{"Phiếu đăng ký", "Phương án kinh doanh", "Giấy đăng ký kinh doanh", "Giấy an toàn thực phẩm", "Sản phẩm mẫu"}
	for _, c := range []struct {
		said string
		want []int
		ok   bool
	}{
		{"1 3 4", []int{0, 2, 3}, true},
		{"1,3", []int{0, 2}, true},
		{"1, 3 và 5", []int{0, 2, 4}, true},
		{"1 va 3", []int{0, 2}, true},
		{"số 2 với số 4", []int{1, 3}, true},
		{"1-3", []int{0, 1, 2}, true},
		{"từ 2 đến 4", []int{1, 2, 3}, true},
		{"3 1 3", []int{0, 2}, true},
		{"một và ba", []int{0, 2}, true},
		{"2", []int{1}, true},
		{"tất cả", []int{0, 1, 2, 3, 4}, true},
		{"tat ca a", []int{0, 1, 2, 3, 4}, true},
		{"có hết rồi", []int{0, 1, 2, 3, 4}, true},
		{"tất cả trừ 2", []int{0, 2, 3, 4}, true},
		{"chưa có gì", nil, true},
		{"không có", nil, true},
		{"giấy an toàn", []int{3}, true},
		{"phiếu đăng ký, sản phẩm mẫu", []int{0, 4}, true},
		{"phuong an va san pham mau", []int{1, 4}, true},
		{"1 7", nil, false},
		{"giấy", nil, false},
		{"con bò", nil, false},
		{"", nil, false},
		{"1.000.000.000", nil, false},
		{"1 - 99999999", nil, false},
	} {
		if got, ok := Choices(c.said, papers); ok != c.ok || !slices.Equal(got, c.want) {
			t.Errorf("Choices(%q) = %v %v, want %v %v", c.said, got, ok, c.want, c.ok)
		}
	}
}
