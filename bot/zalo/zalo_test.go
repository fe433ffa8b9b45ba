package zalo_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

// person is who writes and is written to in these tests.
const person = "4000000000000000001"

// may is that person's chat.
var may = bot.Chat{Channel: "zalo", Account: "4318888888888888881", ID: person}

// sent is when the events in testdata were sent.
var sent = time.UnixMilli(1764000000000).UTC()

// newChannel is a channel whose person wrote just now.
func newChannel(t testing.TB, change ...func(*zalo.Config)) (*zalo.Channel, *bottest.Zalo) {
	t.Helper()
	fake := bottest.NewZalo(t)
	files, err := url.Parse(fake.FilesURL)
	if err != nil {
		t.Fatal(err)
	}
	cfg := zalo.Config{
		AppID: fake.AppID, AppSecret: fake.AppSecret, OASecret: fake.OASecret,
		APIURL: fake.URL, OAuthURL: fake.OAuthURL, TemplateURL: fake.TemplateURL,
		Tokens: fake, Open: open, ContactImage: "https://lensan.example/contact.png",
		FileHosts: []string{files.Host}, FilesPrivate: true,
	}
	for _, c := range change {
		c(&cfg)
	}
	c, err := zalo.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	fake.Wrote(person, fake.Now())
	return c, fake
}

func TestChannel(t *testing.T) {
	c, fake := newChannel(t)
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil { // the channel asks once which account it speaks for
		t.Fatal(err)
	}
	photo := fake.Keep("photo.jpg", []byte("a photo"))
	another := func(key string, body func([]byte) []byte) func(*http.Request) {
		return func(r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			r.Header.Set("X-ZEvent-Signature", signature(fake.AppID, body(b), "1764000000000", key))
			r.Body = io.NopCloser(bytes.NewReader(b))
		}
	}
	seen, called := 0, 0
	bottest.Suite(t, bottest.Harness{
		Channel: c,
		Chat:    may,
		Secrets: []string{fake.AppSecret, fake.OASecret, fake.Access()},
		Request: fake.Request,
		Forge: map[string]func(*http.Request){
			"no signature":    func(r *http.Request) { r.Header.Del("X-ZEvent-Signature") },
			"empty signature": func(r *http.Request) { r.Header.Set("X-ZEvent-Signature", "mac=") },
			"half of it": func(r *http.Request) {
				h := r.Header.Get("X-ZEvent-Signature")
				r.Header.Set("X-ZEvent-Signature", h[:len(h)-2])
			},
			"the app's secret": another(fake.AppSecret, func(b []byte) []byte { return b }),
			"another body":     another(fake.OASecret, func(b []byte) []byte { return append(b, ' ') }),
			"a byte more": func(r *http.Request) {
				r.Body = io.NopCloser(io.MultiReader(r.Body, strings.NewReader(" ")))
			},
			"a GET": func(r *http.Request) { r.Method = http.MethodGet },
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
			return slices.DeleteFunc(slices.Clone(all[called:]), func(call bottest.ZaloCall) bool { // asked once, before the first send
				return call.Path == "/v2.0/oa/getoa"
			})
		},
		Sends: sends,
		Tap:   func(o bot.Option) []byte { return fake.Text(person, o.Data).Body },
		Fail:  func(f bottest.Fault) { fake.Fail(f) },
		Fails: fails(fake),
		File:  bot.File{Channel: "zalo", ID: photo}, Content: []byte("a photo"),
		Lost: bot.File{Channel: "zalo", ID: fake.FilesURL + "/nothing.jpg"},
	})
}

// reads are the events in testdata and what they say.
func reads(t *testing.T) []bottest.ReadCase {
	from := func(delivery string, kind bot.Kind, change ...func(*bot.Message)) []bot.Message {
		m := bot.Message{Chat: may, Delivery: delivery, Kind: kind, At: sent}
		for _, c := range change {
			c(&m)
		}
		return []bot.Message{m}
	}
	text := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Text = s } }
	data := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Data = s } }
	album := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Album = s } }
	at := func(at time.Time) func(*bot.Message) { return func(m *bot.Message) { m.At = at } }
	file := func(link, mime string, size int64) func(*bot.Message) {
		return func(m *bot.Message) { m.Files = []bot.File{{Channel: "zalo", ID: link, Type: mime, Size: size}} }
	}
	photo := func(name string) func(*bot.Message) { return file("https://f1.photo.zdn.vn/"+name, "", 0) }
	place := func(m *bot.Message) { m.Place = &bot.Location{Latitude: 22.7661, Longitude: 104.0878} }
	phone := func(s string) func(*bot.Message) { return func(m *bot.Message) { m.Phone = s } }
	raw := []bot.Message{{Chat: bot.Chat{Channel: "zalo", ID: "raw"}, Kind: bot.KindRaw}}
	none := time.Time{}

	cases := []bottest.ReadCase{
		{Name: "text", Want: from("user_send_text.m1", bot.KindText, text("Chào Lên Sàn"))},
		{Name: "text_quote", Want: from("user_send_text.m2", bot.KindText, text("cái này ạ"))},
		{Name: "text_nfd", Want: from("user_send_text.m3", bot.KindText, text("Gạo Séng Cù"))},
		{Name: "text_ids_as_numbers", Want: from("user_send_text.990000000000000777", bot.KindText, text("mai em gửi ảnh"))},
		{Name: "text_without_timestamp", Want: from("user_send_text.m5", bot.KindText, text("1"), at(none))},
		{Name: "text_old_timestamp", Want: from("user_send_text.m6", bot.KindText, text("2"), at(none))},
		{Name: "tap", Want: from("user_send_text.m7", bot.KindTap, data("a1k.yes"))},
		{Name: "tap_of_a_wish", Want: from("user_send_text.m8", bot.KindTap, data("wclass.27"))},
		{Name: "hash_typed", Want: from("user_send_text.m9", bot.KindText, text("#gạo ngon. Mua đi"))},
		{Name: "image", Want: from("user_send_image.m10", bot.KindPhoto, photo("a.jpg"), text("Miến đao"))},
		{Name: "image_several", Want: append(
			from("user_send_image.m11", bot.KindPhoto, photo("a.jpg"), text("hai ảnh"), album("user_send_image.m11")),
			from("user_send_image.m11+1", bot.KindPhoto, photo("b.jpg"), album("user_send_image.m11"))...)},
		{Name: "image_of_album", Want: from("user_send_image.m12", bot.KindPhoto, photo("c.jpg"), album("77"))},
		{Name: "image_without_address", Want: from("user_send_image.m13", bot.KindOther)},
		{Name: "gif", Want: from("user_send_gif.m14", bot.KindPhoto, photo("g.gif"))},
		{Name: "sticker", Want: from("user_send_sticker.m15", bot.KindOther)},
		{Name: "link", Want: from("user_send_link.m16", bot.KindOther)},
		{Name: "link_with_words", Want: from("user_send_link.m17", bot.KindText, text("trang này đúng không https://example.vn"))},
		{Name: "card", Want: from("user_send_business_card.m18", bot.KindContact)},
		{Name: "card_as_link", Want: from("user_send_link.m19", bot.KindContact)},
		{Name: "audio", Want: from("user_send_audio.m20", bot.KindVoice, file("https://voice.zdn.vn/v.amr", "", 0))},
		{Name: "video", Want: from("user_send_video.m21", bot.KindOther)},
		{Name: "file", Want: from("user_send_file.m22", bot.KindFile, func(m *bot.Message) {
			m.Files = []bot.File{{Channel: "zalo", ID: "https://file.dlmd.me/a.pdf", Type: "application/pdf", Size: 20480, Name: "giay-chung-nhan.pdf"}}
		})},
		{Name: "file_picture", Want: from("user_send_file.m23", bot.KindPhoto, file("https://file.dlmd.me/a.JPG", "image/jpeg", 204800))},
		{Name: "location", Want: from("user_send_location.m24", bot.KindLocation, place, text("Chợ Mường Khương"))},
		{Name: "location_numbers", Want: from("user_send_location.m25", bot.KindLocation, place)},
		{Name: "location_nonsense", Want: from("user_send_location.m26", bot.KindOther)},
		{Name: "echo", Want: from("oa_send_text.m30", bot.KindEcho, text("Xin chào! Em là Lên Sàn."))},
		{Name: "echo_image", Want: from("oa_send_image.m31", bot.KindEcho)},
		{Name: "echo_template", Want: from("oa_send_template.m32", bot.KindEcho)},
		{Name: "operator", Want: from("oa_send_text.m33", bot.KindOperator)},
		{Name: "operator_image", Want: from("oa_send_image.m34", bot.KindOperator)},
		{Name: "follow", Want: from("follow."+person+".1764000000000", bot.KindStart)},
		{Name: "unfollow", Want: from("unfollow."+person+".1764000000000", bot.KindBlocked)},
		{Name: "chat_now", Want: from("user_click_chatnow."+person+".1764000000000", bot.KindStart)},
		{Name: "withdraw", Want: from("user_withdraw."+person+".1764000000000", bot.KindWithdrawn)},
		{Name: "submit_info", Want: from("user_submit_info."+person+".1764000000000", bot.KindContact,
			phone("84912345678"), text("Thôn Na Nối, Xã Mường Khương, Lào Cai"))},
		{Name: "submit_info_old", Want: from("user_submit_info."+person+".1764000000001", bot.KindContact,
			phone("84912345678"), text("Thôn Na Nối, Thị trấn Mường Khương, Mường Khương, Lào Cai"), at(sent.Add(time.Millisecond)))},
		{Name: "submit_info_name_only", Want: from("user_submit_info."+person+".1764000000002", bot.KindOther, at(sent.Add(2*time.Millisecond)))},
		{Name: "received"},
		{Name: "received_template"},
		{Name: "seen"},
		{Name: "reacted"},
		{Name: "tag"},
		{Name: "template_status"},
		{Name: "group_text"},
		{Name: "anonymous_text"},
		{Name: "unknown"},
		{Name: "no_event"},
		{Name: "text_without_sender", Want: raw},
		{Name: "text_of_another_form", Want: raw},
	}
	for i, c := range cases {
		body, err := os.ReadFile(filepath.Join("testdata", "events", c.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		cases[i].Body = body
		if len(c.Want) > 0 && c.Want[0].Kind == bot.KindRaw {
			m := c.Want[0]
			m.Raw, m.Delivery = body, hashed(body)
			cases[i].Want = []bot.Message{m}
		}
	}
	return cases
}

// sends are replies of every shape; testdata/requests has their calls.
var sends = map[string]bot.Reply{
	"text":              {Text: "Xin chào! Em là Lên Sàn.", Question: true},
	"markup_stays_text": {Text: "<b>Gạo</b> *ngon* [@123] & 1 < 2", Options: []bot.Option{{Number: "1", Label: "<i>Có</i>", Data: "a1.<&>"}}},
	"options": {Text: "Thuộc nhóm nào ạ?", Options: []bot.Option{
		{Number: "1", Label: "Thực phẩm (gạo, thịt, mật ong…)", Data: "a4.food"}, {Number: "2", Label: "Đồ uống", Data: "a4.drink"}, {Label: "Quay lại", Data: "a4.back"}}},
	"options_too_many": {Text: "Thuộc nhóm nào ạ?", Options: []bot.Option{
		{Number: "1", Label: "a", Data: "a4.a"}, {Number: "2", Label: "b", Data: "a4.b"}, {Number: "3", Label: "c", Data: "a4.c"},
		{Number: "4", Label: "d", Data: "a4.d"}, {Number: "5", Label: "e", Data: "a4.e"}, {Number: "6", Label: "f", Data: "a4.f"}}},
	"contact":   {Text: "Anh/chị cho em số điện thoại nhé?", Contact: "Gửi số của tôi", Options: []bot.Option{{Number: "1", Label: "Bỏ qua", Data: "a5.skip"}}},
	"two_parts": {Text: strings.Repeat("Mường Khương ", 200), Options: []bot.Option{{Number: "1", Label: "Xem tiếp", Data: "a6.more"}}},
}

// fails are Zalo's refusals, which come with HTTP 200.
func fails(fake *bottest.Zalo) []bottest.FailCase {
	return []bottest.FailCase{
		{Name: "no reason", Fault: fake.Refusal(-200, "Send message failed"), Want: bot.ErrUnknown},
		{Name: "no follower", Fault: fake.Refusal(-213, "x"), Want: bot.ErrGone},
		{Name: "blocked", Fault: fake.Refusal(-217, "x"), Want: bot.ErrGone},
		{Name: "silent", Fault: fake.Refusal(-227, "x"), Want: bot.ErrGone},
		{Name: "restricted", Fault: fake.Refusal(-244, "x"), Want: bot.ErrGone},
		{Name: "out of the window", Fault: fake.Refusal(-230, "x"), Want: bot.ErrWindow},
		{Name: "never interacted", Fault: fake.Refusal(-232, "x"), Want: bot.ErrWindow},
		{Name: "quota", Fault: fake.Refusal(-211, "x"), Want: bot.ErrQuota},
		{Name: "quota of the person", Fault: fake.Refusal(-218, "x"), Want: bot.ErrQuota},
		{Name: "too long", Fault: fake.Refusal(-210, "x")},
		{Name: "not verified: somebody must mend it, and messages wait", Fault: fake.Refusal(-221, "x"), Want: &bot.Wait{After: time.Minute}},
		{Name: "against the policy", Fault: fake.Refusal(-248, "x")},
		{Name: "a number nobody knows", Fault: fake.Refusal(-99999, "x")},
		{Name: "error that repeats our secrets", Fault: fake.Refusal(-201, fake.AppSecret+" "+fake.OASecret+" "+fake.Access())},
		{Name: "no error number", Fault: bottest.Answer(200, "application/json", `{"message":"Success","data":{}}`), Want: bot.ErrUnknown},
		{Name: "another form of error", Fault: bottest.Answer(200, "application/json", `{"error":{"code":0}}`), Want: bot.ErrUnknown},
		{Name: "a page", Fault: bottest.Answer(200, "text/html", "<h1>no</h1>"), Want: bot.ErrUnknown},
		{Name: "HTTP 500 with a code", Fault: bottest.Answer(500, "application/json", `{"error":-230,"message":"x"}`), Want: bot.ErrWindow},
		{Name: "moved", Fault: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fake.URL+r.URL.Path, http.StatusTemporaryRedirect) // followed, it would be sent
		}, Want: bot.ErrUnknown},
	}
}

// open is an empty place for files.
func open(context.Context, string) (io.ReadCloser, error) { return nil, bot.ErrGone }
