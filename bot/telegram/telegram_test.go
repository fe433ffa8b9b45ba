package telegram_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/telegram"
)

// person is who writes and is written to in these tests.
const person = 5550001

// lan is that person's chat, and the beginning of every message from it.
var lan = bot.Chat{Channel: "telegram", Account: "110201543", ID: "5550001"}

func newChannel(t testing.TB) (*telegram.Channel, *bottest.Telegram) {
	t.Helper()
	fake := bottest.NewTelegram(t)
	c, err := telegram.New(telegram.Config{Token: fake.Token, Secret: fake.Secret, APIURL: fake.URL, Open: open})
	if err != nil {
		t.Fatal(err)
	}
	return c, fake
}

// posted is a webhook request as Telegram makes it.
func posted(body []byte, secret string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	return r
}

func TestChannel(t *testing.T) {
	c, fake := newChannel(t)
	fake.Keep("photo1", []byte("a photo"))
	seen, called := 0, 0
	bottest.Suite(t, bottest.Harness{
		Channel: c,
		Chat:    lan,
		Secrets: []string{fake.Token, fake.Secret},
		Request: func(body []byte) *http.Request { return posted(body, fake.Secret) },
		Forge: map[string]func(*http.Request){
			"no secret":      func(r *http.Request) { r.Header.Del("X-Telegram-Bot-Api-Secret-Token") },
			"empty secret":   func(r *http.Request) { r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "") },
			"another secret": func(r *http.Request) { r.Header.Set("X-Telegram-Bot-Api-Secret-Token", fake.Secret+"x") },
			"a GET":          func(r *http.Request) { r.Method = http.MethodGet },
		},
		Reads: reads(t),
		Shown: func() []bot.Reply {
			all := fake.Sent(person)
			defer func() { seen = len(all) }()
			return all[seen:]
		},
		Requests: func() any {
			all := fake.Calls()
			defer func() { called = len(all) }()
			return all[called:]
		},
		Sends: sends,
		Tap: func(o bot.Option) []byte {
			body, err := json.Marshal(fake.Tap(person, o.Data))
			if err != nil {
				t.Error(err)
			}
			return body
		},
		Carried:  map[bot.Attachment][]byte{photo: files[photo.Key], guide: files[guide.Key]},
		Received: func(a bot.Attachment) []byte { return fake.Content(a.Key) },
		Failing:  []bot.Reply{{File: &photo}, {File: &guide}},
		Fail:     func(f bottest.Fault) { fake.Fail(f) },
		Fails:    fails(fake),
		File:     bot.File{Channel: "telegram", ID: "photo1"}, Content: []byte("a photo"),
		Lost: bot.File{Channel: "telegram", ID: "photo2"},
	})
}

// reads are the updates in testdata and what they say.
func reads(t *testing.T) []bottest.ReadCase {
	from := func(delivery string, kind bot.Kind, change func(*bot.Message)) []bot.Message {
		m := bot.Message{Chat: lan, Delivery: delivery, Kind: kind, Lang: "vi"}
		if change != nil {
			change(&m)
		}
		return []bot.Message{m}
	}
	text := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Text = s } }
	data := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Data = s } }
	tap := func(id, s string) func(*bot.Message) { return func(m *bot.Message) { m.Ack, m.Data = id, s } }
	file := func(id, mime string, size int64) func(*bot.Message) {
		return func(m *bot.Message) { m.Files = []bot.File{{Channel: "telegram", ID: id, Type: mime, Size: size}} }
	}
	both := func(a, b func(*bot.Message)) func(*bot.Message) { return func(m *bot.Message) { a(m); b(m) } }

	cases := []bottest.ReadCase{
		{Name: "text", Want: from("700000101", bot.KindText, text("Chào Lên Sàn"))},
		{Name: "text_nfd", Want: from("700000102", bot.KindText, both(text("Gạo Séng Cù"), func(m *bot.Message) { m.Lang = "pt" }))},
		{Name: "text_late", Want: from("700000103", bot.KindText, text("mai em gửi ảnh"))},
		{Name: "start", Want: from("700000104", bot.KindStart, nil)},
		{Name: "start_deep_link", Want: from("700000105", bot.KindStart, data("m_Ab-9"))},
		{Name: "start_nonsense", Want: from("700000106", bot.KindStart, nil)},
		{Name: "command", Want: from("700000107", bot.KindText, text("/menu"))},
		{Name: "tap", Want: from("700000108", bot.KindTap, tap("4382bfdwdsb323b2d9", "t7:yes"))},
		{Name: "tap_old_message", Want: from("700000109", bot.KindTap, tap("4382bfdwdsb323b2da", "t1:a"))},
		{Name: "tap_without_message", Want: from("700000110", bot.KindTap, tap("4382bfdwdsb323b2db", "wish:class 27"))},
		{Name: "photo_album", Want: from("700000111", bot.KindPhoto, both(file("large", "image/jpeg", 98000), func(m *bot.Message) {
			m.Text, m.Album = "Miến đao", "13844215"
		}))},
		{Name: "photo_as_document", Want: from("700000112", bot.KindPhoto, file("doc1", "image/heic", 2400000))},
		{Name: "document", Want: from("700000113", bot.KindFile, func(m *bot.Message) {
			m.Text = "giấy chứng nhận"
			m.Files = []bot.File{{Channel: "telegram", ID: "doc2", Type: "application/pdf", Size: 51000, Name: "ocop.pdf"}}
		})},
		{Name: "contact_own", Want: from("700000114", bot.KindContact, func(m *bot.Message) { m.Phone = "+84912345678" })},
		{Name: "contact_of_another", Want: from("700000115", bot.KindContact, nil)},
		{Name: "contact_without_user", Want: from("700000116", bot.KindContact, nil)},
		{Name: "contact_forwarded", Want: from("700000117", bot.KindContact, nil)},
		{Name: "location", Want: from("700000118", bot.KindLocation, func(m *bot.Message) {
			m.Place = &bot.Location{Latitude: 22.7661, Longitude: 104.0878}
		})},
		{Name: "location_live_moved"},
		{Name: "voice", Want: from("700000120", bot.KindVoice, file("voice1", "audio/ogg", 9000))},
		{Name: "sticker", Want: from("700000121", bot.KindOther, nil)},
		{Name: "edited", Want: from("700000122", bot.KindEdited, text("Gạo Séng Cù Mường Khương"))},
		{Name: "blocked", Want: from("700000123", bot.KindBlocked, nil)},
		{Name: "unblocked", Want: from("700000124", bot.KindUnblocked, nil)},
		{Name: "group"},
		{Name: "from_a_bot"},
		{Name: "pinned"},
		{Name: "unknown_kind"},
		{Name: "unknown_status", Want: from("700000129", bot.KindRaw, func(m *bot.Message) { m.Chat.ID, m.Lang = "raw", "" })},
	}
	for i, c := range cases {
		body, err := os.ReadFile(filepath.Join("testdata", "updates", c.Name+".json"))
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

// sends are replies of every shape; testdata/requests has their calls.
var sends = map[string]bot.Reply{
	"text": {Text: "Xin chào! Em là Lên Sàn.", Question: true},
	"markup_stays_text": {Text: "<b>Gạo</b> *ngon* _lắm_ [rẻ](https://example.com) & 1 < 2", Options: []bot.Option{
		{Number: "1", Label: "<i>Có</i>", Data: "t1:<&>"}}},
	"options_short": {Text: "Đúng chưa ạ?", Options: []bot.Option{
		{Number: "1", Label: "Đúng", Data: "t3:yes"}, {Number: "2", Label: "Sửa", Data: "t3:fix"}, {Number: "3", Label: "Thôi", Data: "t3:no"}}},
	"options_middle": {Text: "Bao giờ?", Options: []bot.Option{
		{Number: "1", Label: "Hôm nay", Data: "t3:a"}, {Number: "2", Label: "Ngày mai", Data: "t3:b"}, {Number: "3", Label: "Tuần sau", Data: "t3:c"}}},
	"options_long": {Text: "Thuộc nhóm nào ạ?", Options: []bot.Option{
		{Number: "1", Label: "Thực phẩm (gạo, thịt, mật ong…)", Data: "t4:food"}, {Number: "2", Label: "Đồ uống", Data: "t4:drink"}, {Label: "Quay lại", Data: "t4:back"}}},
	"contact":              {Text: "Anh/chị cho em số điện thoại nhé?", Contact: "Gửi số của tôi"},
	"contact_with_options": {Text: "Anh/chị cho em số điện thoại nhé?", Contact: "Gửi số của tôi", Options: []bot.Option{{Number: "1", Label: "Bỏ qua", Data: "t5:skip"}}},
	"photo":                {Text: "Gạo Séng Cù", File: &photo, Options: []bot.Option{{Number: "1", Label: "Bổ sung", Data: "wcomplete.1"}}},
	"document":             {Text: "Hướng dẫn đây ạ.", File: &guide},
	"two_parts":            {Text: strings.Repeat("Mường Khương ", 400), Options: []bot.Option{{Number: "1", Label: "Xem tiếp", Data: "t6:more"}}},
}

// fails are Telegram's refusals. Source of the words: tdlib/telegram-bot-api,
// Client.cpp, and reports of other libraries.
func fails(fake *bottest.Telegram) []bottest.FailCase {
	page := func(code int) bottest.Fault { return bottest.Answer(code, "text/html", "<h1>no</h1>") }
	return []bottest.FailCase{
		{Name: "429", Fault: fake.TooMany(14), Want: &bot.Wait{After: 14e9}},
		{Name: "429 without a number", Fault: fake.Refusal(429, "Too Many Requests"), Want: &bot.Wait{After: 1e9}},
		{Name: "429 page", Fault: page(429), Want: &bot.Wait{After: 1e9}},
		{Name: "blocked", Fault: fake.Refusal(403, "Forbidden: bot was blocked by the user"), Want: bot.ErrGone},
		{Name: "deactivated", Fault: fake.Refusal(403, "Forbidden: user is deactivated"), Want: bot.ErrGone},
		{Name: "never started", Fault: fake.Refusal(403, "Forbidden: bot can't initiate conversation with a user"), Want: bot.ErrGone},
		{Name: "blocked as a 400", Fault: fake.Refusal(400, "Bad Request: USER_IS_BLOCKED"), Want: bot.ErrGone},
		{Name: "deactivated as a 400", Fault: fake.Refusal(400, "Bad Request: INPUT_USER_DEACTIVATED"), Want: bot.ErrGone},
		{Name: "chat not found", Fault: fake.Refusal(400, "Bad Request: chat not found"), Want: bot.ErrGone},
		{Name: "too long", Fault: fake.Refusal(400, "Bad Request: message is too long")},
		{Name: "wrong token", Fault: fake.Refusal(401, "Unauthorized")},
		{Name: "no such method", Fault: fake.Refusal(404, "Not Found")},
		{Name: "500", Fault: fake.Refusal(500, "Internal Server Error"), Want: bot.ErrUnknown},
		{Name: "error that repeats our secrets", Fault: fake.Refusal(400, "Bad Request: "+fake.Token+" "+fake.Secret)},
		{Name: "moved", Fault: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fake.URL+r.URL.Path, http.StatusTemporaryRedirect) // followed, it would be sent
		}, Want: bot.ErrUnknown},
	}
}

// TestSharedUpdates reads every update of the collection, when it is there.
func TestSharedUpdates(t *testing.T) {
	c, fake := newChannel(t)
	for _, dir := range []string{"updates", "updates-made", "messages"} {
		files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "telegram", dir, "*.json"))
		for _, name := range files {
			t.Run(filepath.Base(name), func(t *testing.T) {
				body, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				if dir == "messages" {
					body = []byte(`{"update_id":1,"message":` + string(body) + `}`)
				}
				got, err := c.Read(posted(body, fake.Secret))
				if err != nil {
					t.Fatal(err)
				}
				var chat struct {
					Message struct{ Chat struct{ Type string } }
				}
				_ = json.Unmarshal(body, &chat)
				if typ := chat.Message.Chat.Type; typ != "" && typ != "private" && len(got) > 0 {
					t.Errorf("read from a %s: %+v", typ, got)
				}
				for _, m := range got {
					bottest.CheckMessage(t, c, m)
					// The two that the library cannot decode: an id that is a number, and a made-up status.
					undecodable := strings.Contains(name, "tgdocs_inline_query") || strings.Contains(name, "unknown_status")
					if (m.Kind == bot.KindRaw) != undecodable {
						t.Errorf("kind %s", m.Kind)
					}
				}
			})
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "updates", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	c, err := telegram.New(telegram.Config{Token: "110201543:x", Secret: "s"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := c.Read(posted(body, "s"))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got {
			bottest.CheckMessage(t, c, m)
		}
	})
}
