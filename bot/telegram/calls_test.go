package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/telegram"
)

func TestNew(t *testing.T) {
	const key = "AAH-very-secret"
	for name, cfg := range map[string]telegram.Config{
		"no token":       {},
		"no address":     {Token: "1:" + key, APIURL: "api.telegram.org"},
		"another scheme": {Token: "1:" + key, APIURL: "ftp://" + key},
		"spoilt token":   {Token: "1:" + key + "\n%zz"},
	} {
		_, err := telegram.New(cfg)
		if err == nil || strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := telegram.New(telegram.Config{Token: key, Secret: "s"}) // a token of another form
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Read(posted([]byte("{"), "s"))
	if err != nil || len(got) != 1 || got[0].Chat.Account == "" || strings.Contains(got[0].Chat.String(), key) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestNoSecret: without a secret nobody can prove to be Telegram.
func TestNoSecret(t *testing.T) {
	c, err := telegram.New(telegram.Config{Token: "1:x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(posted([]byte(`{"update_id":1}`), "")); !errors.Is(err, bot.ErrForged) {
		t.Error(err)
	}
}

// TestNobodyThere: a connection that never came about has sent nothing, so the
// part may be sent again.
func TestNobodyThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c, err := telegram.New(telegram.Config{Token: "110201543:x", APIURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	var wait *bot.Wait
	if err := c.Send(t.Context(), lan, bot.Reply{Text: "a"}); !errors.As(err, &wait) || wait.After <= 0 {
		t.Error(err)
	}
	_, err = c.Fetch(t.Context(), bot.File{Channel: "telegram", ID: "a"})
	if err == nil || errors.Is(err, bot.ErrGone) || strings.Contains(err.Error(), ":x") {
		t.Error(err)
	}
}

// TestStopped: a send begun when the program is already stopping.
func TestStopped(t *testing.T) {
	c, fake := newChannel(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var wait *bot.Wait
	if err := c.Send(ctx, lan, bot.Reply{Text: "a"}); !errors.As(err, &wait) {
		t.Error(err)
	}
	if len(fake.Calls()) > 0 {
		t.Error("it was sent")
	}
}

// replayable looks at each request on its way out.
type replayable struct{ t *testing.T }

func (r replayable) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodPost && (req.GetBody == nil || req.ContentLength <= 0) {
		r.t.Errorf("%s: the body cannot be sent again", filepath.Base(req.URL.Path))
	}
	return http.DefaultTransport.RoundTrip(req)
}

// TestReplayable: net/http sends a call again when a kept connection turns out
// closed before anything was written, but only if it can rewind the body.
func TestReplayable(t *testing.T) {
	fake := bottest.NewTelegram(t)
	c, err := telegram.New(telegram.Config{Token: fake.Token, APIURL: fake.URL, HTTPClient: &http.Client{Transport: replayable{t}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(t.Context(), lan, bot.Reply{Text: "a"}); err != nil {
		t.Error(err)
	}
	fake.Keep("f", []byte("a"))
	body, err := c.Fetch(t.Context(), bot.File{Channel: "telegram", ID: "f"})
	if err != nil {
		t.Fatal(err)
	}
	body.Close()
}

func TestWebhook(t *testing.T) {
	c, fake := newChannel(t)
	commands := map[string][]telegram.Command{
		"":   {{Command: "menu", Description: "Các việc em giúp được"}},
		"en": {{Command: "menu", Description: "What I can do"}, {Command: "help", Description: "Help"}},
	}
	if err := c.SetWebhook(t.Context(), "https://lensan.example/telegram", commands); err != nil {
		t.Fatal(err)
	}
	bottest.Golden(t, filepath.Join("testdata", "requests", "webhook.txt"), []byte(calls(fake)))

	status, err := c.WebhookStatus(t.Context())
	want := telegram.Status{URL: "https://lensan.example/telegram", Pending: 3,
		LastError: "Wrong response from the webhook: 503 Service Unavailable", LastErrorAt: time.Unix(1700000000, 0)}
	if err != nil || status != want {
		t.Errorf("%+v, %v", status, err)
	}
}

func calls(fake *bottest.Telegram) string {
	var b strings.Builder
	for _, call := range fake.Calls() {
		fmt.Fprintln(&b, call.Method, call.Params) // fmt sorts the keys
	}
	return b.String()
}

func TestWebhookRefused(t *testing.T) {
	c, fake := newChannel(t)
	for _, address := range []string{"", "http://lensan.example/telegram", "lensan.example", "https://"} {
		if err := c.SetWebhook(t.Context(), address, nil); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
	open, err := telegram.New(telegram.Config{Token: fake.Token, APIURL: fake.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := open.SetWebhook(t.Context(), "https://lensan.example/telegram", nil); err == nil {
		t.Error("a webhook without a secret was set")
	}
	if got := fake.Calls(); len(got) > 0 {
		t.Errorf("Telegram was called: %v", got)
	}
	for _, fault := range []bottest.Fault{bottest.Reset, bottest.BadGateway, fake.TooMany(3), fake.Refusal(401, "Unauthorized"),
		bottest.Answer(200, "text/html", strings.Repeat(fake.Token+fake.Secret, 99))} {
		fake.Fail(fault, fault)
		err := c.SetWebhook(t.Context(), "https://lensan.example/telegram", nil)
		if err == nil || strings.Contains(err.Error(), fake.Token) || strings.Contains(err.Error(), fake.Secret) || len(err.Error()) > 400 {
			t.Errorf("%v", err)
		}
		if _, err := c.WebhookStatus(t.Context()); err == nil || strings.Contains(err.Error(), fake.Token) {
			t.Errorf("%v", err)
		}
	}
}

// TestFetchTooLarge: what getFile refuses, and what turns out larger than told.
func TestFetchTooLarge(t *testing.T) {
	c, fake := newChannel(t)
	fake.Keep("big", make([]byte, telegram.MaxFile+1))
	for _, f := range []bot.File{{Channel: "telegram", ID: "big"}, {Channel: "telegram", ID: "x", Size: telegram.MaxFile + 1}} {
		if _, err := c.Fetch(t.Context(), f); !errors.Is(err, bot.ErrGone) {
			t.Error(err)
		}
	}
	fake.Fail(
		bottest.Answer(200, "application/json", `{"ok":true,"result":{"file_id":"x","file_path":"files/x"}}`),
		func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, io.MultiReader(bytes.NewReader(make([]byte, telegram.MaxFile)), strings.NewReader("x")))
		})
	body, err := c.Fetch(t.Context(), bot.File{Channel: "telegram", ID: "x"})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if n, err := io.Copy(io.Discard, body); err == nil || n > telegram.MaxFile {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

// BenchmarkSend compares our call with the library's of the same message.
func BenchmarkSend(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":1,"date":1700000000,"chat":{"id":1,"type":"private"},"text":"x"}}`)
	}))
	b.Cleanup(server.Close)
	c, err := telegram.New(telegram.Config{Token: "110201543:x", APIURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 256, 256
	lib, err := tg.New("110201543:x", tg.WithSkipGetMe(), tg.WithServerURL(server.URL), tg.WithHTTPClient(0, &http.Client{Transport: transport}))
	if err != nil {
		b.Fatal(err)
	}
	reply := sends["options_long"]
	var rows [][]models.InlineKeyboardButton
	for _, o := range reply.Options {
		rows = append(rows, []models.InlineKeyboardButton{{Text: o.Title(), CallbackData: o.Data}})
	}
	for name, send := range map[string]func() error{
		"ours": func() error { return c.Send(context.Background(), lan, reply) },
		"library": func() error {
			_, err := lib.SendMessage(context.Background(), &tg.SendMessageParams{ChatID: person, Text: reply.Text,
				LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()}, ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: rows}})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := send(); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func BenchmarkRead(b *testing.B) {
	c, err := telegram.New(telegram.Config{Token: "110201543:x", Secret: "s"})
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(`{"update_id":1,"message":{"message_id":1,"from":{"id":5550001,"is_bot":false,"first_name":"Lan","language_code":"vi"},` +
		`"chat":{"id":5550001,"type":"private","first_name":"Lan"},"date":1763785200,"text":"G\u1ea1o S\u00e9ng C\u00f9"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if ms, err := c.Read(posted(body, "s")); err != nil || len(ms) != 1 {
			b.Fatal(ms, err)
		}
	}
}
