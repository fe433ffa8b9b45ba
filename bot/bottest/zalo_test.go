package bottest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"lensan/bot"
)

const farmer = "4000000000000000001"

// newZalo is a fake whose clock a test can set, with somebody who has just written.
func newZalo(t testing.TB) (f *Zalo, w *witness, set func(time.Duration)) {
	w = &witness{TB: t}
	f = NewZalo(w)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	start := now
	f.Now = func() time.Time { return now }
	f.BurnRefresh() // tokens of this clock
	f.Wrote(farmer, now)
	return f, w, func(later time.Duration) { now = start.Add(later) }
}

// zaloAnswer is an answer of any of the hosts.
type zaloAnswer struct {
	Error   *int
	Message string
	Data    json.RawMessage
}

// ask makes a call as a well-behaved client does and returns the number in the answer.
func (f *Zalo) ask(t testing.TB, method, address, body string, change ...func(*http.Request)) (int, json.RawMessage) {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("access_token", f.Access())
	for _, c := range change {
		c(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK { // an unknown path, and nothing else
		return resp.StatusCode, nil
	}
	var a zaloAnswer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || a.Error == nil || a.Message == "" {
		t.Fatalf("%s: %+v, %v", address, a, err)
	}
	return *a.Error, a.Data
}

func (f *Zalo) askCS(t testing.TB, user, message string) int {
	t.Helper()
	code, _ := f.ask(t, "POST", f.URL+"/v3.0/oa/message/cs", `{"recipient":{"user_id":"`+user+`"},"message":`+message+`}`)
	return code
}

func TestZaloMessages(t *testing.T) {
	t.Parallel()
	f, w, _ := newZalo(t)
	long := func(n int) string { return strings.Repeat("ạ", n) }
	text := func(s string) string { return `{"text":"` + s + `"}` }
	attach := func(payload string) string {
		return `{"text":"a","attachment":{"type":"template","payload":` + payload + `}}`
	}
	button := func(title, typ, payload string) string {
		return `{"title":"` + title + `","type":"` + typ + `","payload":` + payload + `}`
	}
	buttons := func(all ...string) string { return attach(`{"buttons":[` + strings.Join(all, ",") + `]}`) }
	ok := button("1 Có", "oa.query.hide", `"#t1:x"`)
	media := func(element string) string {
		return attach(`{"template_type":"media","elements":[` + element + `]}`)
	}
	info := func(title, subtitle, more string) string {
		return `{"attachment":{"type":"template","payload":{"template_type":"request_user_info","elements":[{"title":"` +
			title + `","subtitle":"` + subtitle + `"` + more + `}]}}}`
	}
	image := `,"image_url":"https://example.vn/a.jpg"`
	for _, c := range []struct {
		message string
		code    int
	}{
		{text(long(2000)), 0},
		{text(strings.Repeat("a\u0323\u0302", 2000)), 0}, // one character each, composed
		{text(strings.Repeat("🌾", 1001)), -210},
		{text(long(2001)), -210},
		{text(""), -201},
		{text(` \n`), -201},
		{`{"text":7}`, -201},
		{`{"Text":"a"}`, -201},
		{`{}`, -201},
		{`null`, -201},
		{`{"text":"a","parse_mode":"html"}`, -201},
		{buttons(ok, ok, ok, ok, ok), 0},
		{buttons(ok, ok, ok, ok, ok, ok), -210},
		{buttons(), -201},
		{strings.Replace(buttons(ok), `"text":"a",`, "", 1), -201},
		{buttons(button(long(100), "oa.query.show", `"`+long(1000)+`"`)), 0},
		{buttons(button(long(101), "oa.query.show", `"a"`)), -210},
		{buttons(button("", "oa.query.show", `"a"`)), -201},
		{buttons(button("a", "oa.query.show", `"`+long(1001)+`"`)), -210},
		{buttons(button("a", "oa.query.show", `""`)), -201},
		{buttons(button("a", "oa.query.show", `{"url":"https://a"}`)), -201},
		{buttons(button("a", "oa.open.url", `{"url":"https://example.vn"}`)), 0},
		{buttons(button("a", "oa.open.url", `"https://example.vn"`)), -201},
		{buttons(button("a", "oa.open.url", `{"url":"example"}`)), -201},
		{buttons(button("a", "oa.open.phone", `{"phone_code":"84912345678"}`)), 0},
		{buttons(button("a", "oa.open.phone", `{"phone_code":"0912345678"}`)), -201},
		{buttons(button("a", "oa.open.sms", `{"phone_code":"84912345678","content":"`+long(161)+`"}`)), -210},
		{buttons(button("a", "callback", `"a"`)), -201},
		{attach(`{"template_type":"list","elements":[]}`), -233},
		{info(long(100), long(500), image), 0},
		{info(long(101), "b", image), -210},
		{info("a", long(501), image), -210},
		{info("a", "b", ""), -201},
		{info("a", "b", `},{"title":"c"`), -201},
		{media(`{"media_type":"image","url":"https://example.vn/a.jpg"}`), 0},
		{media(`{"media_type":"image","url":"https://example.vn/a.jpg","attachment_id":"image-1"}`), -201},
		{media(`{"media_type":"image"}`), -201},
		{media(`{"media_type":"image","attachment_id":"image-1"}`), -100},
		{media(`{"media_type":"gif","url":"https://example.vn/a.gif"}`), -201},
		{media(`{"media_type":"gif","url":"https://example.vn/a.gif","width":1,"height":1}`), 0},
		{media(`{"media_type":"video","url":"https://example.vn/a.mp4"}`), -201},
		{media(`{"media_type":"sticker","attachment_id":"46958"}`), 0},
		{`{"attachment":{"type":"file","payload":{"token":"file-1"}}}`, -100},
		{`{"attachment":{"type":"photo","payload":{}}}`, -201},
	} {
		w.said = nil
		code := f.askCS(t, farmer, c.message)
		if code != c.code {
			t.Errorf("%.90s: %d, want %d", c.message, code, c.code)
		}
		if told := len(w.said) > 0; told != (c.code != 0 && c.code != -100) {
			t.Errorf("%.90s: the test is told %q", c.message, w.said)
		}
	}
	for _, body := range []string{`{`, `[]`, `{}`, `{"recipient":{"user_id":4000000000000000001},"message":{"text":"a"}}`,
		`{"recipient":{"user_id":"may"},"message":{"text":"a"}}`, `{"recipient":{"phone":"84912345678"},"message":{"text":"a"}}`} {
		if code, _ := f.ask(t, "POST", f.URL+"/v3.0/oa/message/cs", body); code != -201 {
			t.Errorf("%s: %d", body, code)
		}
	}
}

// TestZaloCalls: what is wrong with a call as such.
func TestZaloCalls(t *testing.T) {
	t.Parallel()
	f, w, set := newZalo(t)
	body := `{"recipient":{"user_id":"` + farmer + `"},"message":{"text":"a"}}`
	cs := f.URL + "/v3.0/oa/message/cs"
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, c := range []struct {
		name, method, address, body string
		change                      func(*http.Request)
		code                        int
		told                        bool
	}{
		{"right", "POST", cs, body, nil, 0, false},
		{"another token", "POST", cs, body, header("access_token", "x"), -216, false},
		{"no token", "POST", cs, body, header("access_token", ""), -216, true},
		{"token in the address", "POST", cs + "?access_token=" + f.Access(), body, nil, -216, true},
		{"bearer", "POST", cs, body, header("Authorization", "Bearer "+f.Access()), -216, true},
		{"wrong proof", "POST", cs, body, header("appsecret_proof", "x"), -242, true},
		{"a form", "POST", cs, body, header("Content-Type", "application/x-www-form-urlencoded"), -201, true},
		{"v2", "POST", f.URL + "/v2.0/oa/message", body, nil, -240, true},
		{"invented path", "POST", f.URL + "/v3.0/oa/message", body, nil, 404, true},
		{"wrong method", "GET", cs, "", nil, 404, true},
		{"another host's path", "POST", f.URL + "/message/template", body, nil, 404, true},
		{"account", "GET", f.URL + "/v2.0/oa/getoa", "", nil, 0, false},
		{"user", "GET", f.URL + `/v3.0/oa/user/detail?data=%7B%22user_id%22%3A%22` + farmer + `%22%7D`, "", nil, 0, false},
		{"unknown user", "GET", f.URL + `/v3.0/oa/user/detail?data=%7B%22user_id%22%3A%221%22%7D`, "", nil, -213, false},
		{"user without data", "GET", f.URL + `/v3.0/oa/user/detail?user_id=` + farmer, "", nil, -201, true},
		{"a user's quota", "POST", f.URL + "/v3.0/oa/quota/message", `{"user_id":"` + farmer + `"}`, nil, 0, false},
		{"the account's quota", "POST", f.URL + "/v3.0/oa/quota/message", `{"quota_owner":"OA","product_type":"cs","quota_type":"sub_quota"}`, nil, 0, false},
		{"half a quota", "POST", f.URL + "/v3.0/oa/quota/message", `{"quota_owner":"OA"}`, nil, -201, true},
	} {
		w.said = nil
		var change []func(*http.Request)
		if c.change != nil {
			change = append(change, c.change)
		}
		if code, _ := f.ask(t, c.method, c.address, c.body, change...); code != c.code {
			t.Errorf("%s: %d, want %d", c.name, code, c.code)
		}
		if told := len(w.said) > 0; told != c.told {
			t.Errorf("%s: the test is told %q", c.name, w.said)
		}
	}

	old := f.Access()
	if _, err := f.Renew(t.Context(), old); err != nil {
		t.Error(err)
	}
	if code, _ := f.ask(t, "POST", cs, body, header("access_token", old)); code != -216 {
		t.Errorf("a token that was replaced: %d", code)
	}
	set(24 * time.Hour)
	if code := f.askCS(t, farmer, `{"text":"a"}`); code != 0 {
		t.Errorf("after 24 hours: %d", code)
	}
	set(25 * time.Hour)
	if code := f.askCS(t, farmer, `{"text":"a"}`); code != -220 {
		t.Errorf("after 25 hours: %d", code)
	}
	f.BurnRefresh()
	f.SetVerified(false)
	if code := f.askCS(t, farmer, `{"text":"a"}`); code != -221 {
		t.Errorf("not verified: %d", code)
	}
}

// TestZaloWindow: who may be written to, and what it costs.
func TestZaloWindow(t *testing.T) {
	t.Parallel()
	f, _, set := newZalo(t)
	try := func(when string, user string, want int) {
		t.Helper()
		f.BurnRefresh() // a token for today
		if code := f.askCS(t, user, `{"text":"a"}`); code != want {
			t.Errorf("%s: %d, want %d", when, code, want)
		}
	}
	f.SetQuota(1)
	try("at once", farmer, 0)
	set(48 * time.Hour)
	try("48 hours", farmer, 0)
	set(48*time.Hour + time.Second)
	try("the next second", farmer, 0)
	try("no quota", farmer, -211)
	f.SetQuota(9)
	set(7 * 24 * time.Hour)
	try("7 days", farmer, 0)
	set(7*24*time.Hour + time.Second)
	try("the next second", farmer, -230)
	f.Text(farmer, "alo")
	try("wrote again", farmer, 0)
	f.Unfollow(farmer)
	try("unfollowed", farmer, 0)
	f.Block(farmer)
	try("blocked", farmer, -217)

	try("unknown", "4000000000000000002", -213)
	f.Unfollow("4000000000000000002")
	try("never wrote, does not follow", "4000000000000000002", -213)
	f.Follows("4000000000000000003")
	for range 3 {
		try("welcome", "4000000000000000003", 0)
	}
	try("welcomed enough", "4000000000000000003", -232)
	f.ChatNow("4000000000000000003")
	try("interaction", "4000000000000000003", 0)
	if got := len(f.Sent("4000000000000000003")); got != 4 {
		t.Errorf("%d arrived", got)
	}
}

// TestZaloShown: what a person got, and what was called.
func TestZaloShown(t *testing.T) {
	t.Parallel()
	f := NewZalo(t)
	f.Follow(farmer)
	if code := f.askCS(t, farmer, `{"text":"Đúng chưa ạ?","attachment":{"type":"template","payload":{"buttons":[`+
		`{"title":"1 Đúng","type":"oa.query.hide","payload":"#t1:y"}]}}}`); code != 0 {
		t.Error(code)
	}
	want := []bot.Reply{{Text: "Đúng chưa ạ?", Options: []bot.Option{{Label: "1 Đúng", Data: "#t1:y"}}}}
	if got := f.Sent(farmer); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if calls := f.Calls(); len(calls) != 1 || calls[0].Path != "/v3.0/oa/message/cs" || calls[0].Error != 0 {
		t.Errorf("calls %+v", calls)
	}
	if e := f.Echoes(); len(e) != 1 || e[0].Name != "oa_send_text" || !bytes.Contains(e[0].Body, []byte("Đúng chưa ạ?")) || bytes.Contains(e[0].Body, []byte("admin_id")) {
		t.Errorf("echoes %+v", e)
	}
	if e := f.Echoes(); len(e) != 0 {
		t.Errorf("the same echo twice: %+v", e)
	}
}
