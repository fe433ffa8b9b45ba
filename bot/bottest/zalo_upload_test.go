package bottest

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

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
