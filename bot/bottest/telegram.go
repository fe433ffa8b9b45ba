package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"lensan/bot"
)

// Telegram is a fake Bot API server. It refuses what the platform refuses
// (unknown methods and parameters, texts and keyboards past their limits), can
// fail in every documented way, and posts updates to a webhook as the platform
// does.
type Telegram struct {
	URL    string // for TELEGRAM_API_URL
	Token  string
	Secret string // that Post sends along

	t   testing.TB
	api botAPI

	mu      sync.Mutex
	calls   []TelegramCall
	sent    map[int64][]bot.Reply
	faults  []Fault
	blocked map[int64]bool
	files   map[string][]byte
	acked   map[string]bool
	webhook map[string]any
	lastID  int
}

// TelegramCall is a call the fake has accepted, however it was encoded.
type TelegramCall struct {
	Method string
	Params map[string]any
}

// NewTelegram starts a fake that ends with the test.
func NewTelegram(t testing.TB) *Telegram {
	t.Helper()
	f := &Telegram{
		Token: "110201543:a-token-for-tests-only", Secret: "telegram-secret_1", t: t,
		sent: map[int64][]bot.Reply{}, blocked: map[int64]bool{}, files: map[string][]byte{}, acked: map[string]bool{},
		lastID: 1000,
	}
	if err := json.Unmarshal(telegramAPI, &f.api); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(server.Close)
	f.URL = server.URL
	return f
}

// Fail makes the next calls fail, each like one of these.
func (f *Telegram) Fail(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, faults...)
}

// Refusal is an answer of the Bot API other than ok.
func (f *Telegram) Refusal(code int, description string) Fault {
	return Answer(code, "application/json", fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, description))
}

// TooMany is the answer to too many calls.
func (f *Telegram) TooMany(seconds int) Fault {
	return Answer(429, "application/json", fmt.Sprintf(
		`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d","parameters":{"retry_after":%[1]d}}`, seconds))
}

// Calls are the accepted calls, in order.
func (f *Telegram) Calls() []TelegramCall {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]TelegramCall(nil), f.calls...)
}

// Sent are the messages a chat got, in order, with what can be pressed under
// them. A text button, which sends its label, has no Data. What is in a file
// tells [Telegram.Content] by its Key.
func (f *Telegram) Sent(chat int64) []bot.Reply {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]bot.Reply(nil), f.sent[chat]...)
}

// Webhook is what setWebhook was last called with.
func (f *Telegram) Webhook() map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.webhook
}

// Keep makes content fetchable under a file id.
func (f *Telegram) Keep(id string, content []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[id] = content
}

func (f *Telegram) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	var fault Fault
	if len(f.faults) > 0 {
		fault, f.faults = f.faults[0], f.faults[1:]
	}
	f.mu.Unlock()
	if fault != nil {
		fault(w, r)
		return
	}
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+f.Token+"/files/"); ok {
		f.mu.Lock()
		content, known := f.files[path]
		f.mu.Unlock()
		if !known {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	token, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if token != f.Token {
		refuseTelegram(w, 401, "Unauthorized")
		return
	}
	params, err := f.api.params(method, r)
	if err != nil {
		refuseTelegram(w, 400, "Bad Request: "+err.Error())
		return
	}
	result, code, err := f.call(method, params)
	if err != nil {
		refuseTelegram(w, code, err.Error())
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

func refuseTelegram(w http.ResponseWriter, code int, description string) {
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error_code": code, "description": description})
}

// call checks a call and carries it out. What the platform would never accept
// from us fails the test as well: nobody reads the log of a bot that works.
func (f *Telegram) call(method string, p map[string]any) (result any, code int, err error) {
	described, ok := f.api.Methods[method]
	if !ok {
		f.t.Errorf("telegram: unknown method %q", method)
		return nil, 404, fmt.Errorf("Not Found: method not found")
	}
	if err = f.api.check(method, described.Fields, p); err == nil {
		err = checkLimits(method, p)
	}
	if err == nil && (p["parse_mode"] != nil || p["entities"] != nil) {
		err = fmt.Errorf("%s is sent with markup: what people typed must stay plain text", method)
	}
	if err != nil {
		f.t.Errorf("telegram: refused: %v", err)
		return nil, 400, fmt.Errorf("Bad Request: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	result = true
	switch method {
	case "sendMessage", "sendPhoto", "sendDocument":
		id := chatNumber(p["chat_id"])
		if f.blocked[id] {
			return nil, 403, fmt.Errorf("Forbidden: bot was blocked by the user")
		}
		f.lastID++
		reply := telegramReply(p)
		if file, ok := fileOf(p); ok {
			key := fmt.Sprintf("sent-%d", f.lastID)
			f.files[key] = file.content
			reply.File = &bot.Attachment{Key: key, Name: file.Name, Type: file.Type, Size: int64(file.Size)}
		}
		f.sent[id] = append(f.sent[id], reply)
		result = map[string]any{"message_id": f.lastID, "date": time.Now().Unix(), "text": p["text"],
			"chat": map[string]any{"id": id, "type": "private", "first_name": "Lan"}}
	case "answerCallbackQuery":
		f.acked[p["callback_query_id"].(string)] = true
	case "getMe":
		id, _, _ := strings.Cut(f.Token, ":")
		result = map[string]any{"id": json.Number(id), "is_bot": true, "first_name": "Lên Sàn", "username": "lensan_bot"}
	case "setWebhook":
		f.webhook = p
	case "getWebhookInfo":
		result = map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": 3,
			"last_error_date": 1700000000, "last_error_message": "Wrong response from the webhook: 503 Service Unavailable"}
		if f.webhook != nil {
			result.(map[string]any)["url"] = f.webhook["url"]
		}
	case "getFile":
		id := p["file_id"].(string)
		content, known := f.files[id]
		if !known {
			return nil, 400, fmt.Errorf("Bad Request: wrong file_id or the file is temporarily unavailable")
		}
		if len(content) > 20<<20 {
			return nil, 400, fmt.Errorf("Bad Request: file is too big")
		}
		result = map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": len(content), "file_path": "files/" + id}
	}
	f.calls = append(f.calls, TelegramCall{method, p})
	return result, 200, nil
}

// chatNumber reads a chat_id; the platform takes the number as a string too.
func chatNumber(v any) int64 {
	id, _ := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	return id
}

// telegramReply is what was sent as the person sees it, without the file.
func telegramReply(p map[string]any) bot.Reply {
	var r bot.Reply
	for _, field := range []string{"text", "caption"} {
		if text, ok := p[field].(string); ok {
			r.Text = text
		}
	}
	markup, _ := p["reply_markup"].(map[string]any)
	for _, kind := range []string{"inline_keyboard", "keyboard"} {
		rows, _ := markup[kind].([]any)
		for _, row := range rows {
			for _, e := range row.([]any) {
				b := e.(map[string]any)
				if b["request_contact"] == true {
					r.Contact = b["text"].(string)
					continue
				}
				data, _ := b["callback_data"].(string)
				r.Options = append(r.Options, bot.Option{Label: b["text"].(string), Data: data})
			}
		}
	}
	return r
}

// Post delivers an update to a webhook as Telegram does, carries out the method
// in the answer's body and returns the status. A tap that was taken but not
// acknowledged fails the test: its button would spin. Posting the same update
// again is Telegram repeating a delivery.
func (f *Telegram) Post(t testing.TB, webhook string, u TelegramUpdate) int {
	t.Helper()
	body, err := json.Marshal(u)
	if err != nil {
		t.Error(err)
		return 0
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, webhook, bytes.NewReader(escapeJSON(body)))
	if err != nil {
		t.Error(err)
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", f.Secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer resp.Body.Close()
	var method struct {
		Method string `json:"method"`
	}
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(resp.Body); err != nil {
		t.Error(err)
	}
	if resp.StatusCode/100 != 2 {
		return resp.StatusCode
	}
	if json.Unmarshal(answer.Bytes(), &method) == nil && method.Method != "" {
		params := map[string]any{}
		d := json.NewDecoder(&answer)
		d.UseNumber()
		_ = d.Decode(&params)
		delete(params, "method")
		_, _, _ = f.call(method.Method, params) // nobody hears of a refusal here, but the fake reports it
	}
	if q, ok := u["callback_query"].(map[string]any); ok {
		f.mu.Lock()
		acked := f.acked[q["id"].(string)]
		f.mu.Unlock()
		if !acked {
			t.Errorf("telegram: tap %v was not acknowledged", q["id"])
		}
	}
	return resp.StatusCode
}

// escapeJSON writes everything beyond ASCII as \uXXXX, as Telegram does.
func escapeJSON(b []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(b) {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, u)
		}
	}
	return out.Bytes()
}
