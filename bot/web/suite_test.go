package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/tmaxmax/go-sse"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/web"
)

const (
	secret = "a secret of the web chat tests" // the photo in testdata is named with it
	person = "AN2KX7Q5W3J4T6M2BCDEFGHIJK"
	other  = "B7MZ2QK4X5T3WJ6NCDEFGHAPRL"
)

// lan is the chat of that person.
var lan = bot.Chat{Channel: "web", ID: person}

// journal is where turns and files are kept.
type journal struct {
	mu    sync.Mutex
	turns map[bot.Chat][]bot.Past
	files map[string][]byte
}

func (j *journal) commit(chat bot.Chat, part bot.Reply) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.turns[chat] = append(j.turns[chat], bot.Past{Turn: int64(len(j.turns[chat]) + 1), Replies: []bot.Reply{part}})
}

func (j *journal) After(_ context.Context, chat bot.Chat, turn int64, limit int) ([]bot.Past, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	past := j.turns[chat]
	past = past[min(int(turn), len(past)):]
	return append([]bot.Past(nil), past[:min(limit, len(past))]...), nil
}

func (j *journal) Put(_ context.Context, name, _ string, r io.Reader) error {
	content, err := io.ReadAll(r)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.files[name] = content
	return err
}

func (j *journal) Get(_ context.Context, name string) (io.ReadCloser, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	content, ok := j.files[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// committed is the channel as the engine uses it: a reply stands in the journal
// before it is sent.
type committed struct {
	*web.Channel
	journal *journal
}

func (c committed) Send(ctx context.Context, chat bot.Chat, part bot.Reply) error {
	c.journal.commit(chat, part)
	return c.Channel.Send(ctx, chat, part)
}

// browser has a person's page open.
type browser struct {
	t      *testing.T
	url    string
	cookie *http.Cookie
	turn   int64 // the last that was shown
}

// request is one the page makes.
func (b *browser) request(method, path string, body []byte) *http.Request {
	r := httptest.NewRequest(method, b.url+path, bytes.NewReader(body))
	r.RequestURI = "" // it is a client's
	r.AddCookie(b.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		r.Header.Set("Origin", b.url)
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// do makes a request and returns the body of the answer; nil: not found.
func (b *browser) do(method, path string, body []byte) []byte {
	res, err := http.DefaultClient.Do(b.request(method, path, body))
	if err != nil {
		b.t.Error(err)
		return nil
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNotFound {
		b.t.Errorf("%s %s: status %d, %v", method, path, res.StatusCode, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil
	}
	return answer
}

// shown reads the event stream from the last turn that was shown up to the end
// of the past.
func (b *browser) shown() []bot.Reply {
	r := b.request(http.MethodGet, "/chat/events?after=0", nil)
	r.Header.Set("Last-Event-ID", strconv.FormatInt(b.turn, 10))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Error(err)
		return nil
	}
	defer res.Body.Close()
	var replies []bot.Reply
	for e, err := range sse.Read(res.Body, &sse.ReadConfig{MaxEventSize: 1 << 20}) {
		if err != nil {
			b.t.Errorf("status %d, after turn %d: %v", res.StatusCode, b.turn, err)
			return replies
		}
		if e.Type == "ready" {
			return replies
		}
		var p bot.Past
		if err := json.Unmarshal([]byte(e.Data), &p); err != nil || p.Turn != b.turn+1 || e.LastEventID != strconv.FormatInt(p.Turn, 10) {
			b.t.Errorf("event %+v after turn %d: %v", e, b.turn, err)
		}
		b.turn = p.Turn
		replies = append(replies, p.Replies...)
	}
	b.t.Errorf("status %d: the stream ended after turn %d before it was ready", res.StatusCode, b.turn)
	return replies
}

func TestChannel(t *testing.T) {
	j := &journal{turns: map[bot.Chat][]bot.Past{}, files: map[string][]byte{
		"photos/1.jpg":   []byte("\xff\xd8\xff a picture"),
		"guides/ocop.md": []byte("# Hướng dẫn OCOP\n"),
	}}
	c := web.New(web.Config{Secret: []byte(secret), History: j, Files: j})
	mux := http.NewServeMux()
	c.Routes(mux, http.NotFoundHandler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(c.Close)
	page := &browser{t: t, url: server.URL, cookie: c.Cookie(person)}

	photo := []byte("\xff\xd8\xff a photo")
	var uploaded struct{ ID string }
	if err := json.Unmarshal(page.do(http.MethodPost, "/chat/photo", photo), &uploaded); err != nil {
		t.Fatal(err)
	}
	signature := func(id string) string { return strings.TrimPrefix(c.Cookie(id).Value, id+".") }
	cookie := func(value string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Del("Cookie")
			r.AddCookie(&http.Cookie{Name: page.cookie.Name, Value: value})
		}
	}
	bottest.Suite(t, bottest.Harness{
		Channel: committed{c, j},
		Chat:    lan,
		Journal: true,
		Secrets: []string{secret, signature(person)},
		Request: func(body []byte) *http.Request { return page.request(http.MethodPost, "/chat/messages", body) },
		Forge: map[string]func(*http.Request){
			"no cookie":                  func(r *http.Request) { r.Header.Del("Cookie") },
			"empty cookie":               cookie(""),
			"no signature":               cookie(person),
			"another person's signature": cookie(person + "." + signature(other)),
			"a changed id":               cookie(person[1:] + "." + signature(person)),
			"another site's": func(r *http.Request) {
				r.Header.Set("Sec-Fetch-Site", "cross-site")
				r.Header.Set("Origin", "https://evil.example")
			},
			"another site's, old browser": func(r *http.Request) {
				r.Header.Del("Sec-Fetch-Site")
				r.Header.Set("Origin", "https://evil.example")
			},
			"a GET": func(r *http.Request) { r.Method = http.MethodGet },
		},
		Reads: reads(t, uploaded.ID),
		Shown: page.shown,
		Sends: sends,
		Tap: func(o bot.Option) []byte {
			body, err := json.Marshal(map[string]string{"id": "tap", "tap": o.Data, "label": o.Label})
			if err != nil {
				t.Error(err)
			}
			return body
		},
		Carried: map[bot.Attachment][]byte{
			attachment(j, "photos/1.jpg", "gao-seng-cu.jpg", "image/jpeg"):          j.files["photos/1.jpg"],
			attachment(j, "guides/ocop.md", `hướng dẫn "OCOP".md`, "text/markdown"): j.files["guides/ocop.md"],
		},
		Received: func(a bot.Attachment) []byte { return page.do(http.MethodGet, a.Link, nil) },
		File:     bot.File{Channel: "web", ID: uploaded.ID}, Content: photo,
		Lost: bot.File{Channel: "web", ID: strings.Replace(uploaded.ID, ".jpg", ".png", 1)},
	})
	if got := (&browser{t: t, url: server.URL, cookie: c.Cookie(other)}).shown(); len(got) > 0 {
		t.Errorf("another person's page shows %+v", got)
	}
}

func attachment(j *journal, key, name, contentType string) bot.Attachment {
	return bot.Attachment{Key: key, Name: name, Type: contentType, Size: int64(len(j.files[key]))}
}

// reads are the posts in testdata and what they say.
func reads(t *testing.T, photo string) []bottest.ReadCase {
	from := func(delivery string, kind bot.Kind, change func(*bot.Message)) []bot.Message {
		m := bot.Message{Chat: lan, Delivery: delivery, Kind: kind, Lang: "vi"}
		change(&m)
		return []bot.Message{m}
	}
	text := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Text = s } }
	data := func(s, label string) func(*bot.Message) {
		return func(m *bot.Message) { m.Data, m.Text = s, label }
	}
	file := func(caption, album string) func(*bot.Message) {
		return func(m *bot.Message) {
			m.Files = []bot.File{{Channel: "web", ID: photo, Type: "image/jpeg"}}
			m.Text, m.Album = caption, album
		}
	}
	raw := func(sum string) []bot.Message {
		return []bot.Message{{Chat: lan, Delivery: "sha256:" + sum, Kind: bot.KindRaw}}
	}

	cases := []bottest.ReadCase{
		{Name: "text", Want: from("mmi9q0c1s.1a2b", bot.KindText, text("Chào Lên Sàn"))},
		{Name: "text_nfd", Want: from("mmi9q0c1t.1a2b", bot.KindText, text("Gạo Séng Cù"))},
		{Name: "text_english", Want: from("mmi9q0c1u.1a2b", bot.KindText, func(m *bot.Message) { m.Text, m.Lang = "Good morning", "en" })},
		{Name: "text_unknown_language", Want: from("mmi9q0c1v.1a2b", bot.KindText, func(m *bot.Message) { m.Text, m.Lang = "สวัสดี", "" })},
		{Name: "text_unknown_field", Want: from("mmi9q0c1w.1a2b", bot.KindText, text("mai em gửi ảnh"))},
		{Name: "text_empty"},
		{Name: "tap", Want: from("mmi9q0c1x.1a2b", bot.KindTap, data("t4:drink", "Đồ uống"))},
		{Name: "start", Want: from("start", bot.KindStart, data("", ""))},
		{Name: "start_deep_link", Want: from("start.m_Ab-9", bot.KindStart, data("m_Ab-9", ""))},
		{Name: "photo", Want: from("mmi9q0c1y.1a2b", bot.KindPhoto, file("Miến đao", ""))},
		{Name: "photo_album", Want: from("mmi9q0c1z.1a2b", bot.KindPhoto, file("", "mmi9q0c20.1a2b"))},
		{Name: "photo_of_another", Want: raw("65d3e6352a5c079031bdf7a02fd24cf5")},
		{Name: "document", Want: from("mmi9q0c21.1a2b", bot.KindFile, func(m *bot.Message) {
			m.Text = "danh sách năm 2025"
			m.Files = []bot.File{{Channel: "web", ID: "web/8jP2sAKttmCbJQAjCOAYIF/0123456789abcdef0123456789abcdef.xlsx",
				Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Name: "Danh sách 2025.xlsx"}}
		})},
		{Name: "document_of_another", Want: raw("619a1abfad90a5ec7019e6a1e6b2fd9f")},
		{Name: "no_id", Want: raw("764f00ec04406e39a42a8eac858629dd")},
		{Name: "unknown_kind", Want: raw("275e4ca399b56cf36e6d8629e3334b59")},
	}
	for i, c := range cases {
		body, err := os.ReadFile(filepath.Join("testdata", "messages", c.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		cases[i].Body = body
		if len(c.Want) > 0 && c.Want[0].Kind == bot.KindRaw {
			c.Want[0].Raw = body
		}
	}
	return cases
}

// sends are replies of every shape; the page must show them as they are.
var sends = map[string]bot.Reply{
	"text":              {ID: "greeting", Text: "Xin chào! Em là Lên Sàn.\n\nAnh/chị cần gì ạ?", Question: true},
	"markup_stays_text": {Text: "<b>Gạo</b> *ngon* & 1 < 2\u2028</script>", Options: []bot.Option{{Number: "1", Label: "<i>Có</i>", Data: "t1:<&>"}}},
	"options": {Text: "Thuộc nhóm nào ạ?", Question: true, Options: []bot.Option{
		{Number: "1", Label: "Thực phẩm (gạo, thịt, mật ong…)", Data: "t4:food"}, {Number: "2", Label: "Đồ uống", Data: "t4:drink"}, {Label: "Quay lại", Data: "t4:back"}}},
	"two_parts": {Text: strings.Repeat("Mường Khương ", 1000), Options: []bot.Option{{Number: "1", Label: "Xem tiếp", Data: "t6:more"}}},
}
