package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"lensan/bot"
)

const person = "AN2KX7Q5W3J4T6M2BCDEFGHIJK"

var chat = bot.Chat{Channel: "web", ID: person}

func TestRead(t *testing.T) {
	t.Parallel()
	c := New(Config{Secret: secret})
	photo := c.folder(chat) + strings.Repeat("ab", 16) + ".jpg"
	list := c.folder(chat) + strings.Repeat("cd", 16) + ".xlsx"
	file := []bot.File{{Channel: "web", ID: photo, Type: "image/jpeg"}}
	for name, tt := range map[string]struct {
		body string
		want *bot.Message // without chat; nil: nothing for us
	}{
		"text":           {`{"id":"m1","text":" Gao\u0323 Se\u0301ng Cu\u0300\u0000 ","lang":"vi"}`, &bot.Message{Delivery: "m1", Kind: bot.KindText, Text: "Gaọ Séng Cù", Lang: "vi"}},
		"text, language": {`{"id":"m1","text":"hi","lang":"de"}`, &bot.Message{Delivery: "m1", Kind: bot.KindText, Text: "hi"}},
		"nothing left":   {`{"id":"m1","text":" \u200b "}`, nil},
		"tap":            {`{"id":"m2","tap":"7:2","label":"Đồ uống"}`, &bot.Message{Delivery: "m2", Kind: bot.KindTap, Data: "7:2", Text: "Đồ uống"}},
		"tap, long label": {`{"id":"m2","tap":"7:2","label":"` + strings.Repeat("ồ", 200) + `"}`,
			&bot.Message{Delivery: "m2", Kind: bot.KindTap, Data: "7:2", Text: strings.Repeat("ồ", 80)}},
		"start":           {`{"id":"start","start":""}`, &bot.Message{Delivery: "start", Kind: bot.KindStart}},
		"start by a link": {`{"id":"start.K7","start":"K7"}`, &bot.Message{Delivery: "start.K7", Kind: bot.KindStart, Data: "K7"}},
		"photo":           {`{"id":"m3","photo":"` + photo + `","album":"a1","text":"đây ạ"}`, &bot.Message{Delivery: "m3", Kind: bot.KindPhoto, Files: file, Album: "a1", Text: "đây ạ"}},
		"document": {`{"id":"m3","file":"` + list + `","name":"C:\\Tài liệu\\Danh sách\u202e.xlsx","text":"đây ạ"}`, &bot.Message{Delivery: "m3", Kind: bot.KindFile, Text: "đây ạ",
			Files: []bot.File{{Channel: "web", ID: list, Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Name: "Danh sách.xlsx"}}}},
		"a photo as a document": {`{"id":"m3","file":"` + photo + `"}`, &bot.Message{Kind: bot.KindRaw}},
		"a document as a photo": {`{"id":"m3","photo":"` + list + `"}`, &bot.Message{Kind: bot.KindRaw}},
		"another's document":    {`{"id":"m3","file":"web/` + strings.Repeat("x", 22) + `/` + strings.Repeat("ab", 16) + `.xlsx"}`, &bot.Message{Kind: bot.KindRaw}},
		"another's photo":       {`{"id":"m3","photo":"web/` + strings.Repeat("x", 22) + `/` + strings.Repeat("ab", 16) + `.jpg"}`, &bot.Message{Kind: bot.KindRaw}},
		"a path":                {`{"id":"m3","photo":"` + c.folder(chat) + `../../secrets.jpg"}`, &bot.Message{Kind: bot.KindRaw}},
		"no id":                 {`{"text":"hi"}`, &bot.Message{Kind: bot.KindRaw}},
		"bad id":                {`{"id":"a b","text":"hi"}`, &bot.Message{Kind: bot.KindRaw}},
		"no kind":               {`{"id":"m4"}`, &bot.Message{Kind: bot.KindRaw}},
		"long tap":              {`{"id":"m4","tap":"` + strings.Repeat("x", 65) + `"}`, &bot.Message{Kind: bot.KindRaw}},
		"NUL in a tap":          {`{"id":"m4","tap":"\u0000"}`, &bot.Message{Kind: bot.KindRaw}},
		"not JSON":              {`%`, &bot.Message{Kind: bot.KindRaw}},
		"empty":                 {``, &bot.Message{Kind: bot.KindRaw}},
		"of another shape":      {`{"id":"m4","text":7}`, &bot.Message{Kind: bot.KindRaw}},
	} {
		r := httptest.NewRequest("POST", "/chat/messages", strings.NewReader(tt.body))
		r.AddCookie(c.Cookie(person))
		got, err := c.Read(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var want []bot.Message
		if m := tt.want; m != nil {
			m.Chat = chat
			if m.Kind == bot.KindRaw { // named by its content
				m.Raw = []byte(tt.body)
				m.Delivery = got[0].Delivery
				if !strings.HasPrefix(m.Delivery, "sha256:") {
					t.Errorf("%s: delivery %q", name, m.Delivery)
				}
			}
			want = []bot.Message{*m}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadForged(t *testing.T) {
	t.Parallel()
	c := New(Config{Secret: secret})
	other := New(Config{Secret: []byte("the secret of somebody else")})
	mine := c.Cookie(person).Value
	request := func(cookie string, headers ...string) *http.Request {
		r := httptest.NewRequest("POST", "http://lensan.example/chat/messages", strings.NewReader(`{"id":"m1","text":"hi"}`))
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: cookieName, Value: cookie})
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return r
	}
	for name, r := range map[string]*http.Request{
		"no cookie":            request(""),
		"no signature":         request(person),
		"empty signature":      request(person + "."),
		"no id":                request("." + c.sign("cookie", "")),
		"another id":           request("B" + mine),
		"another secret":       request(other.Cookie(person).Value),
		"signature of photos":  request(person + "." + c.sign("photos", person)),
		"from another site":    request(mine, "Sec-Fetch-Site", "cross-site"),
		"from another origin":  request(mine, "Origin", "https://evil.example"),
		"from a neighbour":     request(mine, "Sec-Fetch-Site", "same-site"),
		"from a sandboxed one": request(mine, "Origin", "null"),
	} {
		if m, err := c.Read(r); !errors.Is(err, bot.ErrForged) || m != nil {
			t.Errorf("%s: %v, %v, want ErrForged", name, m, err)
		}
	}
	two := request("A" + mine) // left by an earlier secret
	two.AddCookie(c.Cookie(person))
	for name, r := range map[string]*http.Request{
		"old browser": request(mine, "Origin", "http://lensan.example"),
		"new browser": request(mine, "Sec-Fetch-Site", "same-origin", "Origin", "http://lensan.example"),
		"two cookies": two,
	} {
		if m, err := c.Read(r); err != nil || len(m) != 1 {
			t.Errorf("%s: %v, %v, want one message", name, m, err)
		}
	}
}

func TestReadTooLarge(t *testing.T) {
	t.Parallel()
	c := New(Config{Secret: secret})
	for name, length := range map[string]int64{"told": bot.MaxBody + 1, "not told": -1} {
		r := httptest.NewRequest("POST", "/chat/messages", strings.NewReader(strings.Repeat(" ", bot.MaxBody+1)))
		r.ContentLength = length
		r.AddCookie(c.Cookie(person))
		if _, err := c.Read(r); !errors.Is(err, bot.ErrTooLarge) {
			t.Errorf("length %s: %v, want ErrTooLarge", name, err)
		}
	}
}

func TestMessagesOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := `{"id":"m1","text":"xin chào"}`
	for range 3 { // the page did not hear the answer
		if res, _ := h.do(t, h.request(t, "POST", "/chat/messages", person, body)); res.StatusCode != 200 {
			t.Errorf("status %d", res.StatusCode)
		}
	}
	if got := h.messages(); len(got) != 1 || got[0].Text != "xin chào" {
		t.Errorf("stored %v, want the message once", got)
	}
	if res, _ := h.do(t, h.request(t, "POST", "/chat/messages", "", body)); res.StatusCode != 401 {
		t.Errorf("without a cookie: %d, want 401", res.StatusCode)
	}
	if res, _ := h.do(t, h.request(t, "POST", "/chat/messages", person, strings.Repeat(" ", bot.MaxBody+1))); res.StatusCode != 413 {
		t.Errorf("too large: %d, want 413", res.StatusCode)
	}
}

func FuzzRead(f *testing.F) {
	c := New(Config{Secret: secret})
	f.Add(`{"id":"m1","text":"xin chào"}`)
	f.Add(`{"id":"m2","tap":"7:2","label":"Đồ uống","lang":"vi"}`)
	f.Add(`{"id":"m3","photo":"` + c.folder(chat) + strings.Repeat("ab", 16) + `.webp","album":"a"}`)
	f.Add(`{"id":"start","start":"x"}`)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/chat/messages", strings.NewReader(body))
		r.AddCookie(c.Cookie(person))
		messages, err := c.Read(r)
		if err != nil {
			t.Fatal(err) // authentic and small
		}
		for _, m := range messages {
			if m.Chat != chat || m.Delivery == "" || m.Kind == "" {
				t.Errorf("incomplete: %+v", m)
			}
			if m.Kind != bot.KindRaw && (!utf8.ValidString(m.Text+m.Data+m.Album) || strings.ContainsRune(m.Text+m.Data, 0) || len(m.Data) > bot.MaxData) {
				t.Errorf("unsafe to keep: %+v", m)
			}
			for _, file := range m.Files {
				if !c.ours(chat, file.ID) {
					t.Errorf("another's photo: %s", file.ID)
				}
			}
		}
	})
}
