package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"lensan/bot"
	"lensan/bot/telegram"
)

// witness notes what the fake would fail a test with.
type witness struct {
	testing.TB
	said []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.said = append(w.said, fmt.Sprintf(format, args...))
}
func (w *witness) Error(args ...any) { w.said = append(w.said, fmt.Sprint(args...)) }
func (w *witness) Helper()           {}

// call posts JSON to the fake and returns status and description.
func call(t *testing.T, f *Telegram, path, body string) (int, string) {
	t.Helper()
	return callAs(t, f, path, "application/json", strings.NewReader(body))
}

func callAs(t *testing.T, f *Telegram, path, kind string, body io.Reader) (int, string) {
	t.Helper()
	resp, err := http.Post(f.URL+path, kind, body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var a struct {
		OK          bool
		Description string
	}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || a.OK != (resp.StatusCode == 200) {
		t.Errorf("%s: %+v, %v", path, a, err)
	}
	return resp.StatusCode, a.Description
}

func TestTelegramRefuses(t *testing.T) {
	w := &witness{TB: t}
	f := NewTelegram(w)
	long := func(n int) string { return strings.Repeat("x", n) }
	keyboard := func(data string) string {
		return `{"chat_id":1,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"` + data + `"}]]}}`
	}
	row := strings.TrimSuffix(strings.Repeat(`{"text":"a","callback_data":"b"},`, 9), ",")
	for _, c := range []struct {
		method, body string
		status       int
	}{
		{"getMe", "", 200},
		{"sendMessage", `{"chat_id":1,"text":"` + long(4096) + `"}`, 200},
		{"sendMessage", keyboard(long(64)), 200},
		{"sendMassage", `{}`, 404},
		{"sendMessage", `{"text":"a"}`, 400},
		{"sendMessage", `{"chat_id":1,"text":"a","txet":"b"}`, 400},
		{"sendMessage", `{"chat_id":1,"text":7}`, 400},
		{"sendMessage", `{"chat_id":1,"text":" \n"}`, 400},
		{"sendMessage", `{"chat_id":1,"text":"` + long(4097) + `"}`, 400},
		{"sendMessage", `{"chat_id":1,"text":"` + strings.Repeat("🌾", 2049) + `"}`, 400},
		{"sendMessage", keyboard(long(65)), 400},
		{"sendMessage", keyboard(strings.Repeat("ạ", 22)), 400},
		{"sendMessage", keyboard(""), 400},
		{"sendMessage", `{"chat_id":1,"text":"a","reply_markup":{"inline_keyboard":[[` + row + `]]}}`, 400},
		{"sendMessage", `{"chat_id":1,"text":"a","reply_markup":null}`, 400},
		{"sendMessage", `{"chat_id":1,"text":"<b>a</b>","parse_mode":"HTML"}`, 400},
		{"setWebhook", `{"url":"http://a"}`, 400},
		{"setWebhook", `{"url":"https://a","secret_token":"a b"}`, 400},
		{"setMyCommands", `{"commands":[{"command":"Menu","description":"a"}]}`, 400},
		{"getFile", `{"file_id":"none"}`, 400},
	} {
		w.said = nil
		status, description := call(t, f, "/bot"+f.Token+"/"+c.method, c.body)
		if status != c.status {
			t.Errorf("%s %.60s: %d %s", c.method, c.body, status, description)
		}
		if told := len(w.said) > 0; told != (status != 200 && c.method != "getFile") {
			t.Errorf("%s %.60s: the test is told %q", c.method, c.body, w.said)
		}
	}
	if status, _ := call(t, f, "/bot1:other/getMe", ""); status != 401 {
		t.Errorf("another token: %d", status)
	}
	if status, _ := call(t, f, "/bot"+f.Token+"/sendMessage", "{"); status != 400 {
		t.Errorf("broken JSON: %d", status)
	}
	if status, _ := callAs(t, f, "/bot"+f.Token+"/sendMessage", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nno")); status != 400 {
		t.Errorf("broken multipart: %d", status)
	}
}

// TestTelegramMultipart: chunked multipart, as go-telegram/bot writes it, and
// the empty body of its calls without parameters are read like JSON.
func TestTelegramMultipart(t *testing.T) {
	f := NewTelegram(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range map[string]string{"chat_id": "5", "text": "12", "reply_markup": `{"inline_keyboard":[[{"text":"1 Có","callback_data":"y"}]]}`} {
		if err := form.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	form.Close()
	chunked := io.MultiReader(&body) // of no length net/http would know
	if status, d := callAs(t, f, "/bot"+f.Token+"/sendMessage", form.FormDataContentType(), chunked); status != 200 {
		t.Error(d)
	}
	if status, d := callAs(t, f, "/bot"+f.Token+"/getMe", form.FormDataContentType(), nil); status != 200 {
		t.Error(d)
	}
	want := []bot.Reply{{Text: "12", Options: []bot.Option{{Label: "1 Có", Data: "y"}}}}
	if got := f.Sent(5); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if status, _ := call(t, f, "/bot"+f.Token+"/sendMessage", `{"chat_id":5,"text":"b"}`); status != 200 || len(f.Calls()) != 3 {
		t.Errorf("%d, %d calls", status, len(f.Calls()))
	}
}

// TestTelegramPost: every update the fake makes is read as what it stands for,
// and a tap nobody acknowledged is noticed.
func TestTelegramPost(t *testing.T) {
	f := NewTelegram(t)
	c, err := telegram.New(telegram.Config{Token: f.Token, Secret: f.Secret, APIURL: f.URL})
	if err != nil {
		t.Fatal(err)
	}
	var got []bot.Message
	silent := false
	webhook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ms, err := c.Read(r)
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		got = append(got, ms...)
		if kind, body := c.Acknowledge(ms); len(body) > 0 && !silent {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(body)
		}
	}))
	t.Cleanup(webhook.Close)

	album := f.Album("7", f.Photo(5, "gạo", []byte("a")), f.Photo(5, "", []byte("b")))
	for _, c := range []struct {
		update TelegramUpdate
		want   bot.Message
	}{
		{f.Text(5, "Gạo Séng Cù 🌾"), bot.Message{Kind: bot.KindText, Text: "Gạo Séng Cù 🌾"}},
		{f.Start(5, "abc"), bot.Message{Kind: bot.KindStart, Data: "abc"}},
		{f.Tap(5, "t1:x"), bot.Message{Kind: bot.KindTap, Data: "t1:x"}},
		{album[0], bot.Message{Kind: bot.KindPhoto, Text: "gạo", Album: "7"}},
		{album[1], bot.Message{Kind: bot.KindPhoto, Album: "7"}},
		{f.Contact(5, "+84912345678", 5), bot.Message{Kind: bot.KindContact, Phone: "+84912345678"}},
		{f.Contact(5, "+84912345678", 6), bot.Message{Kind: bot.KindContact}},
		{f.Location(5, 22.5, 104), bot.Message{Kind: bot.KindLocation}},
		{f.Voice(5, []byte("v")), bot.Message{Kind: bot.KindVoice}},
		{f.Document(5, "danh sách", "ds.csv", []byte("a")), bot.Message{Kind: bot.KindFile, Text: "danh sách"}},
		{f.Sticker(5), bot.Message{Kind: bot.KindOther}},
		{f.Edited(5, "b"), bot.Message{Kind: bot.KindEdited, Text: "b"}},
		{f.Blocked(5), bot.Message{Kind: bot.KindBlocked}},
		{f.Unblocked(5), bot.Message{Kind: bot.KindUnblocked}},
	} {
		got = nil
		if status := f.Post(t, webhook.URL, c.update); status != 200 || len(got) != 1 {
			t.Fatalf("%v: status %d, read %v", c.update, status, got)
		}
		m := got[0]
		if m.Chat.ID != "5" || m.Delivery != fmt.Sprint(c.update["update_id"]) {
			t.Errorf("%+v", m)
		}
		m = bot.Message{Kind: m.Kind, Text: m.Text, Data: m.Data, Album: m.Album, Phone: m.Phone}
		if !reflect.DeepEqual(m, c.want) {
			t.Errorf("got %+v, want %+v", m, c.want)
		}
	}

	silent = true
	w := &witness{TB: t}
	f.Post(w, webhook.URL, f.Tap(5, "t1:x"))
	if len(w.said) != 1 {
		t.Errorf("an unacknowledged tap: %q", w.said)
	}
	f.Secret = "another"
	if status := f.Post(t, webhook.URL, f.Text(5, "a")); status != 401 {
		t.Errorf("forged: %d", status)
	}
}

// TestTelegramDescription: the extract says what its source says, where the
// source is at hand.
func TestTelegramDescription(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "telegram", "api.json"))
	if err != nil {
		t.Log("no api.json next to the repository: nothing to compare with")
		return
	}
	var extract, whole botAPI
	if err := json.Unmarshal(telegramAPI, &extract); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(source, &whole); err != nil {
		t.Fatal(err)
	}
	same := func(name string, got, want botType) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\n%v\n%v", name, got, want)
		}
	}
	for name, m := range extract.Methods {
		same(name, m, whole.Methods[name])
	}
	for name, typ := range extract.Types {
		same(name, typ, whole.Types[name])
	}
}
