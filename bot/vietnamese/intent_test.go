package vietnamese

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// wishes are the rules of the flows.
func wishes(t testing.TB) *Matcher {
	t.Helper()
	m, err := flowWishes()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var flowWishes = sync.OnceValues(func() (*Matcher, error) {
	rules, err := os.ReadFile(filepath.Join("..", "..", "flows", "wishes.txt"))
	if err != nil {
		return nil, err
	}
	return NewMatcher(string(rules))
})

// refusals stand before a wish, or before and behind it.
var refusals = []string{
	"đừng %s", "xin đừng %s", "đừng có %s nhé", "thôi đừng %s", "tôi không muốn %s", "em không cần %s đâu", "không %s nữa", "không %s nữa đâu",
	"thôi không %s nữa", "chưa muốn %s", "chưa cần %s", "khỏi cần %s", "khỏi phải %s", "không phải %s", "tôi không định %s", "em chưa muốn %s đâu ạ",
	"ko muốn %s", "k cần %s", "hông muốn %s", "hổng cần %s nghen", "nỏ muốn %s mô", "nỏ %s mô", "chẳng muốn %s", "tui không có muốn %s", "đâu có muốn %s",
	"em có nghĩ rồi không %s nữa", "nhà có việc nên không muốn %s", "em có hỏi rồi, không phải %s", "cảm ơn em không cần %s",
}

// refusable are wishes and the intents that fulfil them.
var refusable = map[string]string{
	"xóa dữ liệu của tôi": "delete_data", "xóa thông tin": "delete_data", "xóa hết": "delete_data", "rút lại đồng ý": "delete_data",
	"hủy lớp": "cancel_booking", "hủy đăng ký lớp tập huấn": "cancel_booking", "rút tên khỏi lớp": "cancel_booking", "nghỉ học": "cancel_booking",
	"đăng ký sản phẩm": "register_product", "khai sản phẩm mới": "register_product", "làm hồ sơ ocop": "register_product",
	"đăng ký lớp tập huấn": "book_training", "đi học livestream": "book_training",
	"mở gian hàng": "open_shop", "bán hàng trên shopee": "open_shop", "mở tài khoản ngân hàng": "open_payment", "mở ví": "open_payment",
	"gọi cho tôi": "help_human", "gặp cán bộ": "help_human", "đổi sang tiếng anh": "language", "gửi thông báo cho các hộ": "broadcast",
	"nhắn tin cho bà con": "broadcast", "rút sản phẩm": "withdraw_product", "bỏ liên kết": "unlink", "liên kết zalo": "link",
	"sửa số điện thoại": "my_data", "gia hạn giấy chứng nhận": "expiry",
}

// refusedIs is the wish that the refusal of another one is.
var refusedIs = map[string]string{"book_training": "cancel_booking"}

// TestRefused: what is refused is never taken, with and without marks.
func TestRefused(t *testing.T) {
	t.Parallel()
	m := wishes(t)
	for wish, intent := range refusable {
		if got := m.Match(wish); len(got) == 0 || got[0].Intent != intent || got[0].Score < Take {
			t.Errorf("%q: got %+v, want %s", wish, got, intent)
		}
		for _, refusal := range refusals {
			said := fmt.Sprintf(refusal, wish)
			for _, s := range []string{said, Fold(said), strings.ToUpper(said), "dạ chào cán bộ, " + said + " ạ"} {
				if got := m.Match(s); len(got) > 0 && got[0].Score >= Take && !slices.Contains([]string{"cancel", refusedIs[intent]}, got[0].Intent) {
					t.Errorf("%q: got %+v", s, got[0])
				}
			}
		}
	}
}

// TestOpposites: two that differ in a word are two wishes, or one and its refusal.
func TestOpposites(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ one, is, other, isNot string }{
		{"hủy lớp tập huấn", "cancel_booking", "không hủy lớp tập huấn", "none"},
		{"đăng ký lớp tập huấn", "book_training", "hủy đăng ký lớp tập huấn", "cancel_booking"},
		{"đi học livestream", "book_training", "không đi học livestream", "cancel_booking"},
		{"tôi đi tập huấn", "book_training", "tôi không đi tập huấn", "cancel_booking"},
		{"đừng lưu thông tin của tôi", "delete_data", "đừng xóa thông tin của tôi", "none"},
		{"không muốn lưu số điện thoại nữa", "delete_data", "không muốn xóa số điện thoại nữa", "none"},
		{"xóa dữ liệu", "delete_data", "xem dữ liệu", "my_data"},
		{"liên kết zalo", "link", "bỏ liên kết zalo", "unlink"},
		{"mở gian hàng", "open_shop", "đừng mở gian hàng", "none"},
		{"không phải hủy lớp mà đăng ký lớp", "book_training", "không phải đăng ký lớp mà hủy lớp", "cancel_booking"},
		{"đừng xóa mà xem thông tin thôi", "my_data", "đừng xem mà xóa thông tin đi", "delete_data"},
		{"đăng ký sản phẩm chứ không phải mở gian hàng", "register_product", "mở gian hàng chứ không phải đăng ký sản phẩm", "open_shop"},
		{"không biết đăng ký sản phẩm thế nào", "register_product", "không đăng ký sản phẩm nữa đâu", "none"},
		{"rút sản phẩm", "withdraw_product", "không rút sản phẩm nữa", "none"},
		{"hồ sơ duyệt chưa", "check_status", "giấy hết hạn chưa", "expiry"},
		{"không mở được gian hàng", "open_shop", "không mở gian hàng đâu", "none"},
		{"có mở lớp không đăng ký ở đâu", "book_training", "không có ý định đăng ký lớp", "none"},
	} {
		for _, p := range [][2]string{{c.one, c.is}, {c.other, c.isNot}} {
			for _, s := range []string{p[0], Fold(p[0])} {
				if got := wish(wishes(t).Match(s)); got != p[1] {
					t.Errorf("%q: got %s, want %s", s, got, p[1])
				}
			}
		}
	}
}

// TestSharedWord: of phrases that share a word but not its marks one is meant.
func TestSharedWord(t *testing.T) {
	t.Parallel()
	m, err := NewMatcher("[a]\n8 hồ sơ\n[b]\n12 số hộ\n  | số nhà\n8 sàn")
	if err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{
		"hồ sơ hộ tôi": "a", "ho so ho toi": "a", "số hộ": "b", "so ho": "b", "tinh so nha": "b", "sàn": "b",
	} {
		if got := wish(m.Match(said)); got != want {
			t.Errorf("%q: got %s, want %s", said, got, want)
		}
	}
	for _, rules := range []string{"", "| a", "[a]\n\n| b", "[a]\n6 b |\n| c"} {
		if _, err := NewMatcher(rules); err == nil {
			t.Errorf("NewMatcher(%q) has no error", rules)
		}
	}
}
