package vietnamese

import "testing"

// TestUnslip: tone, hat, horn and stroke are typed in any order, at once or at the end.
func TestUnslip(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ho62": "hồ", "ho26": "hồ", "ho6n62": "ho6n62", "hoof": "hồ", "hofo": "hồ",
		"so7": "sơ", "minh2": "mình", "mi2nh": "mình",
		"duyet65": "duyệt", "duyet56": "duyệt", "duye65t": "duyệt", "duye56t": "duyệt", "duyeetj": "duyệt",
		"chua7": "chưa", "chu7a": "chưa", "chuwa": "chưa", "chuaw": "chưa", "quaw": "quă", "thuawf": "thừa",
		"duoc975": "được", "d9uoc75": "được", "d9u7o75c": "được", "dduwowcj": "được", "duocdwj": "được",
		"d9ang8": "đăng", "dang98": "đăng", "dang89": "đăng", "dawngd": "đăng",
		"nuoc71": "nước", "nuoc17": "nước", "Hop57": "Hợp", "HOP75": "HỢP", "hop57": "hợp",
		"3kg": "3kg", "50k": "50k", "A12": "A12", "b52": "b52", "web": "web", "sp2": "sp2",
	} {
		if got := Unslip(typed); got != want {
			t.Errorf("Unslip(%q) = %q, want %q", typed, got, want)
		}
	}
}
