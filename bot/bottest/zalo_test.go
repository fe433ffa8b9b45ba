package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
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

func (f *Zalo) askUpload(t testing.TB, kind, part, name string, content []byte) (int, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	p, err := m.CreateFormFile(part, name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = p.Write(content)
	m.Close()
	code, data := f.ask(t, "POST", f.URL+"/v2.0/oa/upload/"+kind, body.String(), func(r *http.Request) {
		r.Header.Set("Content-Type", m.FormDataContentType())
	})
	var got map[string]string
	_ = json.Unmarshal(data, &got)
	return code, got["attachment_id"] + got["token"]
}

func TestZaloUploads(t *testing.T) {
	t.Parallel()
	f, _, set := newZalo(t)
	sized := func(head string, n int) []byte { return append([]byte(head), make([]byte, n-len(head))...) }
	const jpeg, png, gif, pdf = "\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n", "GIF89a", "%PDF-1.4"
	for _, c := range []struct {
		kind, part, name string
		content          []byte
		code             int
	}{
		{"image", "file", "a.jpg", sized(jpeg, 1<<20), 0},
		{"image", "file", "a.png", sized(png, 100), 0},
		{"image", "file", "a.jpg", sized(jpeg, 1<<20+1), -210},
		{"image", "file", "a.gif", sized(gif, 100), -201},
		{"image", "file", "a.jpg", nil, -201},
		{"image", "image", "a.jpg", sized(jpeg, 100), -201},
		{"gif", "file", "a.gif", sized(gif, 5<<20), 0},
		{"gif", "file", "a.gif", sized(gif, 5<<20+1), -210},
		{"file", "file", "a.pdf", sized(pdf, 100), 0},
		{"file", "file", "a.csv", []byte("a,b"), 0},
		{"file", "file", "a.pdf", []byte("no pdf"), -201},
		{"file", "file", "a.xlsx", sized("PK", 100), -201},
		{"file", "file", "a.pdf", sized(pdf, 5<<20+1), -210},
	} {
		code, id := f.askUpload(t, c.kind, c.part, c.name, c.content)
		if code != c.code || (id != "") != (code == 0) {
			t.Errorf("%s %s of %d bytes: %d %q, want %d", c.kind, c.name, len(c.content), code, id, c.code)
		}
	}
	if code, _ := f.ask(t, "POST", f.URL+"/v2.0/oa/upload/image", `{"file":"a"}`); code != -201 {
		t.Errorf("an upload as JSON: %d", code)
	}

	_, picture := f.askUpload(t, "image", "file", "a.jpg", sized(jpeg, 100))
	_, document := f.askUpload(t, "file", "file", "Mẫu đơn.pdf", sized(pdf, 200))
	image := `{"attachment":{"type":"template","payload":{"template_type":"media","elements":[{"media_type":"image","attachment_id":"` + picture + `"}]}}}`
	file := `{"attachment":{"type":"file","payload":{"token":"` + document + `"}}}`
	for _, m := range []string{image, file} {
		if code := f.askCS(t, farmer, m); code != 0 {
			t.Errorf("%s: %d", m, code)
		}
	}
	if got := f.Sent(farmer); len(got) != 2 || got[0].File.Size != 100 || got[1].File.Name != "Mẫu đơn.pdf" {
		t.Errorf("got %+v", got)
	}
	if code := f.askCS(t, farmer, strings.Replace(image, picture, document, 1)); code != -100 {
		t.Errorf("a file as a picture: %d", code)
	}
	set(7 * 24 * time.Hour)
	f.BurnRefresh()
	for _, m := range []string{image, file} {
		if code := f.askCS(t, farmer, m); code != -100 {
			t.Errorf("after 7 days %s: %d", m, code)
		}
	}
}

func TestZaloTemplates(t *testing.T) {
	t.Parallel()
	f, _, _ := newZalo(t)
	f.AddTemplate("100001", ZaloTemplate{Params: map[string]string{"customer_name": "name", "date": "date"}})
	f.AddTemplate("100002", ZaloTemplate{Params: map[string]string{"otp": "OTP"}, NotByID: true})
	f.AddTemplate("100003", ZaloTemplate{Disabled: true})
	f.AddPhone("84912345678", farmer)
	right := `"template_id":"100001","template_data":{"customer_name":"Lý Thị Mẩy","date":"23/11/2026"}`
	long := strings.Repeat("ạ", 31)
	for _, c := range []struct {
		to, rest       string
		byID, byNumber int
	}{
		{"", right, 0, 0},
		{"", strings.Replace(right, "100001", "100009", 1), -201, -109},
		{"", `"template_id":"100002","template_data":{"otp":"123456"}`, -249, 0},
		{"", `"template_id":"100003","template_data":{}`, -233, -146},
		{"", `"template_id":"100001","template_data":{}`, -201, -111},
		{"", strings.Replace(right, "customer_name", "name", 1), -201, -112},
		{"", `"template_id":"100001","template_data":{"date":"23/11/2026"}`, -201, -1121},
		{"", strings.Replace(right, "Lý Thị Mẩy", long, 1), -210, -1122},
		{"", strings.Replace(right, `"Lý Thị Mẩy"`, "7", 1), -201, -1124},
		{"", right + `,"mode":"production"`, -201, -132},
		{"", right + `,"tracking_id":"` + strings.Repeat("x", 49) + `"`, -201, -132},
		{"x", right, -201, -108},
		{"0912345678", right, -213, -108},
		{"84912345679", right, -213, -118},
	} {
		user, phone := farmer, "84912345678"
		if c.to != "" {
			user, phone = c.to, c.to
		}
		if code, _ := f.ask(t, "POST", f.URL+"/v3.0/oa/message/template", `{"user_id":"`+user+`",`+c.rest+`}`); code != c.byID {
			t.Errorf("by id %s %.80s: %d, want %d", user, c.rest, code, c.byID)
		}
		if code, _ := f.ask(t, "POST", f.TemplateURL+"/message/template", `{"phone":"`+phone+`",`+c.rest+`}`); code != c.byNumber {
			t.Errorf("by phone %s %.80s: %d, want %d", phone, c.rest, code, c.byNumber)
		}
	}
	if got := f.Sent(farmer); len(got) != 3 || got[0].Text != "template 100001\ncustomer_name: Lý Thị Mẩy\ndate: 23/11/2026" {
		t.Errorf("got %+v", got)
	}
	body := `{"phone":"84912345678",` + right + `}`
	if code, _ := f.ask(t, "POST", f.TemplateURL+"/message/template", body, func(r *http.Request) { r.Header.Set("access_token", "x") }); code != -124 {
		t.Errorf("another token: %d", code)
	}
	if code, _ := f.ask(t, "GET", f.TemplateURL+"/message/template", ""); code != -106 {
		t.Errorf("GET: %d", code)
	}
	if code, _ := f.ask(t, "POST", f.TemplateURL+"/v3.0/oa/message/cs", body); code != 404 {
		t.Errorf("another host's path: %d", code)
	}
}

// TestZaloFails: every way of failing does what it says.
func TestZaloFails(t *testing.T) {
	t.Parallel()
	f := NewZalo(t)
	f.Follow(farmer)
	try := func() error {
		body := `{"recipient":{"user_id":"` + farmer + `"},"message":{"text":"a"}}`
		r, _ := http.NewRequestWithContext(t.Context(), "POST", f.URL+"/v3.0/oa/message/cs", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("access_token", f.Access())
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		answer, _ := io.ReadAll(resp.Body)
		if !strings.Contains(string(answer), `"error":0`) {
			return fmt.Errorf("%d %s", resp.StatusCode, answer)
		}
		return nil
	}
	arrived := func(want int) {
		t.Helper()
		if got := len(f.Sent(farmer)); got != want {
			t.Errorf("%d arrived, want %d", got, want)
		}
	}
	f.Fail(f.TooMany(), Reset, f.Lost, f.Late(50*time.Millisecond))
	if err := try(); err == nil || !strings.Contains(err.Error(), "200") || !strings.Contains(err.Error(), "-32") {
		t.Errorf("too many: %v", err)
	}
	if err := try(); err == nil {
		t.Error("a reset goes unnoticed")
	}
	arrived(0)
	if err := try(); err == nil {
		t.Error("a lost answer arrives")
	}
	arrived(1)
	if started := time.Now(); try() != nil || time.Since(started) < 50*time.Millisecond {
		t.Error("not late")
	}
	arrived(2)

	f.Hold()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := try(); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	arrived(2)
	f.Release()
	all.Wait()
	arrived(5)
}

// TestZaloEvents: every event is signed over its bytes, however they are written.
func TestZaloEvents(t *testing.T) {
	t.Parallel()
	f := NewZalo(t)
	f.AppID, f.OASecret = "appID", "oaSecret"
	vector := `{"oa_id":"oa_id","user_id_by_app":"user_id_by_app","event_name":"remove_user_from_tag","tag":{"user_ids":["user_id"],"name":"Hoàn thành"},"app_id":"app_id","timestamp":"1702095007436"}`
	if got := f.Signature([]byte(vector)); got != "mac=315f0bb0c84fa87c816e302a590f5d26e6112a950c81bf28fb6b795130a19d09" {
		t.Errorf("the published vector: %s", got)
	}
	var mu sync.Mutex
	var posted []*http.Request
	var bodies [][]byte
	webhook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		posted, bodies = append(posted, r), append(bodies, body)
	}))
	t.Cleanup(webhook.Close)

	names := map[string]bool{}
	for _, e := range f.Every(farmer) {
		names[e.Name] = true
		for _, e := range append(e.Odd(), e) {
			var o struct {
				Name      string `json:"event_name"`
				Timestamp any
			}
			if err := json.Unmarshal(e.Body, &o); err != nil || o.Name != e.Name || o.Timestamp == nil {
				t.Errorf("%s: %v", e.Body, err)
			}
		}
	}
	if len(names) < 60 {
		t.Errorf("%d names", len(names))
	}
	e := f.Text(farmer, "Gạo/nếp")
	odd := append(e.Odd(), e)
	for i, o := range odd {
		for _, other := range odd[:i] {
			if bytes.Equal(o.Body, other.Body) || f.Signature(o.Body) == f.Signature(other.Body) {
				t.Errorf("twice the same: %s", o.Body)
			}
		}
	}
	if status := f.Post(webhook.URL, e.Again()); status != 200 || posted[0].Header.Get("X-ZEvent-Signature") != f.Signature(bodies[0]) || !slices.Equal(bodies[0], e.Body) {
		t.Errorf("%d %v", status, posted[0].Header)
	}
	if n := posted[0].Header["Num_retry"]; !slices.Equal(n, []string{"1"}) {
		t.Errorf("retry %q", n)
	}
	if status := f.Probe(webhook.URL); status != 200 || string(bodies[1]) != "{}" || posted[1].Header.Get("X-ZEvent-Signature") != "" {
		t.Errorf("probe %d %s", status, bodies[1])
	}
	f.EchoTo(webhook.URL)
	f.askCS(t, farmer, `{"text":"Chào"}`)
	f.echoes.Wait()
	if len(bodies) != 3 || !bytes.Contains(bodies[2], []byte("oa_send_text")) || len(f.Echoes()) != 0 {
		t.Errorf("%s", bodies)
	}
}
