package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/BurntSushi/toml"

	"lensan/bot"
)

// house is the service around the channel in miniature: it keeps each message
// once, answers it in a turn, and has the journal and the files.
type house struct {
	*httptest.Server
	channel *Channel
	answer  func(bot.Message) []bot.Reply

	down    atomic.Bool  // no line to the server, but for the page itself
	swallow atomic.Int32 // so many answers to posts are lost, the posts are not

	mu    sync.Mutex
	seen  map[string]bool
	got   []bot.Message
	turns map[bot.Chat][]bot.Past
	files map[string][]byte
}

var secret = []byte("a secret of the web chat tests")

func newHouse(t testing.TB, change ...func(*Config)) *house {
	h := &house{seen: map[string]bool{}, turns: map[bot.Chat][]bot.Past{}, files: map[string][]byte{}}
	h.answer = func(m bot.Message) []bot.Reply { return []bot.Reply{{Text: "Dạ: " + m.Text + m.Data}} }
	config := Config{Secret: secret, History: h, Files: h, Texts: texts(t)}
	for _, f := range change {
		f(&config)
	}
	h.channel = New(config)
	mux := http.NewServeMux()
	h.channel.Routes(mux, http.HandlerFunc(h.receive))
	h.Server = httptest.NewUnstartedServer(h.weather(mux))
	h.Config.RegisterOnShutdown(h.channel.Close)
	h.Start()
	t.Cleanup(func() {
		h.channel.Close()
		h.Close()
	})
	return h
}

// weather is the line between the page and the server.
func (h *house) weather(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.down.Load() && (r.Method == http.MethodPost || r.URL.Path == "/chat/events") {
			panic(http.ErrAbortHandler)
		}
		if r.Method == http.MethodPost && h.swallow.Load() > 0 {
			h.swallow.Add(-1)
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// receive does what the engine does.
func (h *house) receive(w http.ResponseWriter, r *http.Request) {
	messages, err := h.channel.Read(r)
	switch {
	case errors.Is(err, bot.ErrForged):
		w.WriteHeader(http.StatusUnauthorized)
		return
	case errors.Is(err, bot.ErrTooLarge):
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, m := range messages {
		h.handle(m)
	}
}

func (h *house) handle(m bot.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if key := m.Chat.String() + " " + m.Delivery; h.seen[key] {
		return
	} else {
		h.seen[key] = true
	}
	h.got = append(h.got, m)
	p := bot.Past{Delivery: m.Delivery, Said: m.Text, Photos: len(m.Files), Replies: h.answer(m)}
	if m.Kind == bot.KindFile {
		p.Photos, p.File = 0, m.Files[0].Name
	}
	h.add(m.Chat, p)
}

// add commits a turn; the caller holds the lock.
func (h *house) add(chat bot.Chat, p bot.Past) {
	p.Turn = int64(len(h.turns[chat]) + 1)
	h.turns[chat] = append(h.turns[chat], p)
	go h.channel.Send(context.Background(), chat, bot.Reply{})
}

// elsewhere commits a turn as another replica does: nobody here is woken.
func (h *house) elsewhere(chat bot.Chat, p bot.Past) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.Turn = int64(len(h.turns[chat]) + 1)
	h.turns[chat] = append(h.turns[chat], p)
}

func (h *house) After(_ context.Context, chat bot.Chat, turn int64, limit int) ([]bot.Past, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	past := h.turns[chat]
	past = past[min(int(turn), len(past)):]
	return append([]bot.Past(nil), past[:min(limit, len(past))]...), nil
}

func (h *house) Put(_ context.Context, name, _ string, r io.Reader) error {
	b, err := io.ReadAll(r)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files[name] = b
	return err
}

func (h *house) Get(_ context.Context, name string) (io.ReadCloser, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, ok := h.files[name]
	if !ok {
		return nil, fmt.Errorf("file %s: %w", name, fs.ErrNotExist)
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (h *house) messages() []bot.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]bot.Message(nil), h.got...)
}

// request is one a page of the chat would make; id empty: without a cookie.
func (h *house) request(t testing.TB, method, path, id, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, h.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if id != "" {
		r.AddCookie(h.channel.Cookie(id))
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// do sends a request and returns the answer with its body.
func (h *house) do(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := h.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// texts are the real ones of the page.
func texts(t testing.TB) func(lang, id string) string {
	t.Helper()
	all := map[string]string{}
	for _, lang := range []string{"vi", "en"} {
		var file map[string]map[string]string
		if _, err := toml.DecodeFile("../../locales/"+lang+"/web.toml", &file); err != nil {
			t.Fatal(err)
		}
		for name, text := range file["web"] {
			all[lang+" web."+name] = text
		}
	}
	return func(lang, id string) string {
		text, ok := all[lang+" "+id]
		if !ok {
			t.Errorf("locales/%s/web.toml has no %s", lang, id)
		}
		return text
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Demo, c.Secure = true, true })
	for lang, title := range map[string]string{"": "Trợ lý OCOP", "vi": "Trợ lý OCOP", "en": "OCOP Assistant", "xx": "Trợ lý OCOP"} {
		res, body := h.do(t, h.request(t, "GET", "/chat?lang="+lang, "", ""))
		if res.StatusCode != 200 || res.Request.URL.Path != "/chat" {
			t.Errorf("lang %q: status %d at %s, want 200 without a redirect", lang, res.StatusCode, res.Request.URL)
		}
		for _, want := range []string{"<!doctype html>", "<title>" + title + "</title>", "</html>", `class="demo"`} {
			if !strings.Contains(body, want) {
				t.Errorf("lang %q: the page has no %s", lang, want)
			}
		}
		if policy := res.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q is not strict", policy)
		}
		cookie := res.Header.Get("Set-Cookie")
		for _, want := range []string{"HttpOnly", "SameSite=Lax", "Secure", "Path=/chat"} {
			if !strings.Contains(cookie, want) {
				t.Errorf("cookie %q is not %s", cookie, want)
			}
		}
	}
}

func TestPageKeepsTheChat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, _ := h.do(t, h.request(t, "GET", "/chat", "", ""))
	cookie := first.Cookies()[0]
	r := h.request(t, "GET", "/chat", "", "")
	r.AddCookie(cookie)
	if again, _ := h.do(t, r); again.Cookies()[0].Value != cookie.Value {
		t.Error("a second visit is another chat")
	}
	stranger, _ := h.do(t, h.request(t, "GET", "/chat", "", ""))
	if stranger.Cookies()[0].Value == cookie.Value {
		t.Error("two visitors share a chat")
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, contentType := range map[string]string{
		"chat.js": "text/javascript", "photo.js": "text/javascript", "chat.css": "text/css", "icon.svg": "image/svg+xml",
	} {
		res, _ := h.do(t, h.request(t, "GET", "/chat/"+name, "", ""))
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), contentType) {
			t.Errorf("%s: %d %s", name, res.StatusCode, res.Header.Get("Content-Type"))
		}
		again, body := h.do(t, h.request(t, "GET", "/chat/"+name, "", "", "If-None-Match", res.Header.Get("ETag")))
		if again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s again: %d, want 304", name, again.StatusCode)
		}
	}
	if res, _ := h.do(t, h.request(t, "GET", "/chat/page.html", "", "")); res.StatusCode != 404 {
		t.Errorf("the template is served: %d", res.StatusCode)
	}
}

func TestNewRefusesAShortSecret(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a channel with an empty secret was made")
		}
	}()
	New(Config{})
}
