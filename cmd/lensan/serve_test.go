package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lensan/bot/bottest"
	"lensan/store"
)

// lan talks with the bot on the fake Telegram.
type lan struct {
	t     *testing.T
	fake  *bottest.Telegram
	p     *process
	chat  int64
	heard int // messages read so far

	database string
}

// says posts what Lan writes and returns the answer.
func (l *lan) says(text string) string { return l.posts(l.fake.Text(l.chat, text)) }

// taps presses the button with a label under one of the bot's messages.
func (l *lan) taps(label string) string {
	l.t.Helper()
	sent := l.fake.Sent(l.chat)
	for i := len(sent) - 1; i >= 0; i-- {
		for _, o := range sent[i].Options {
			if strings.HasSuffix(o.Label, label) {
				return l.posts(l.fake.Tap(l.chat, o.Data))
			}
		}
	}
	l.t.Fatalf("no button %q: %v", label, sent)
	return ""
}

func (l *lan) posts(u bottest.TelegramUpdate) string {
	l.t.Helper()
	if status := l.fake.Post(l.t, l.p.url+"/telegram", u); status != http.StatusOK {
		l.t.Fatalf("%v: status %d", u, status)
	}
	eventually(l.t, "an answer", 20*time.Second, func() bool { return len(l.fake.Sent(l.chat)) > l.heard })
	sent := l.fake.Sent(l.chat)
	l.heard = len(sent)
	return sent[l.heard-1].Text
}

// registers takes Lan through the first registration of a product, whatever the
// bot asks in between, and returns what it says at the end.
func (l *lan) registers(name string) string {
	answers := map[string]func() string{ // by the name of the question
		"consent":          func() string { return l.taps("Đồng ý") },
		"who.kind":         func() string { return l.says("1") },
		"who.name":         func() string { return l.says("Giàng Thị Lan") },
		"who.phone":        func() string { return l.says("0912 345 678") },
		"who.place":        func() string { return l.says("xa Muong Khuong") },
		"register.name":    func() string { return l.says(name) },
		"register.group":   func() string { return l.says("1") },
		"register.place":   func() string { return l.says("1") },
		"register.yearly":  func() string { return l.says("2 ta") },
		"register.photo":   func() string { return l.posts(l.fake.Photo(l.chat, "", png)) },
		"register.confirm": func() string { return l.taps("Đúng") },
	}
	said := l.says("dang ky san pham")
	for range 30 {
		if strings.Contains(said, "SP-0") {
			return said
		}
		question := l.asked()
		answer := answers[question]
		if answer == nil {
			l.t.Fatalf("the bot asks %s: %s", question, said)
		}
		said = answer()
	}
	l.t.Fatalf("no product after 30 answers: %s", said)
	return ""
}

// asked names the question that is open.
func (l *lan) asked() (name string) {
	l.t.Helper()
	conn, err := pgx.Connect(l.t.Context(), l.database)
	if err != nil {
		l.t.Fatal(err)
	}
	defer conn.Close(l.t.Context())
	if err := conn.QueryRow(l.t.Context(), `select question from turns where chat like '%:' || $1 order by turn desc limit 1`, strconv.FormatInt(l.chat, 10)).Scan(&name); err != nil {
		l.t.Fatal(err)
	}
	return name
}

// png is the smallest thing that is one by its first bytes.
var png = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 64)...)

func openStore(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// TestServe is the program from outside: a product registered through Telegram,
// and what the program says of itself.
func TestServe(t *testing.T) {
	t.Parallel()
	fake, database := bottest.NewTelegram(t), bottest.Database(t)
	environ := append(telegramEnv(fake), "DATABASE_URL="+database, "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+bottest.Dir(t), "LENSAN_WEB_CHAT=true")
	p := start(t, environ...)
	if len(fake.Calls()) > 0 {
		t.Errorf("Telegram was called at the start: %v", fake.Calls())
	}

	l := &lan{t: t, fake: fake, p: p, chat: 5550001, database: database}
	l.registers("Gạo Séng Cù")
	product, err := openStore(t, database).Read().ProductByCode(t.Context(), "SP-000001")
	if err != nil || product.Name != "Gạo Séng Cù" {
		t.Errorf("%+v, %v", product, err)
	}
	fake.Secret = "forged"
	if status := fake.Post(t, p.url+"/telegram", fake.Text(5550001, "a")); status != http.StatusUnauthorized {
		t.Errorf("forged: %d", status)
	}

	if status, body := p.get("/healthz"); status != 200 || !json.Valid([]byte(body)) {
		t.Errorf("/healthz: %d %s", status, body)
	}
	if status, body := p.get("/readyz"); status != 200 || !strings.Contains(body, `"redis":"ok"`) || strings.Contains(body, "warnings") {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if status, body := p.get("/chat"); status != 200 || !strings.Contains(body, "<html") {
		t.Errorf("/chat: %d %s", status, body)
	}
	eventually(t, "a job", 20*time.Second, func() bool {
		_, metrics := p.get("/metrics")
		return strings.Contains(metrics, `lensan_jobs_total{job="fetch_photos",outcome="done"}`)
	})
	status, metrics := p.get("/metrics")
	for _, name := range []string{"lensan_unhandled_messages 0", "lensan_unsent_replies ", `lensan_turns_total{channel="telegram",outcome="answered"}`,
		`lensan_webhook_messages_total{channel="telegram",kind="forged"} 1`, "go_goroutines"} {
		if status != 200 || !strings.Contains(metrics, name) {
			t.Errorf("/metrics: %d, no %s", status, name)
		}
	}
	for path, want := range map[string]int{"/": 404, "/zalo": 404, "/telegram": 405, "/nothing": 404} {
		if status, _ := p.get(path); status != want {
			t.Errorf("GET %s: %d, want %d", path, status, want)
		}
	}

	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Errorf("ended with %v\n%s", err, p.errors)
	}
	for _, word := range []string{fake.Token, "telegram-secret_1", "Séng", "Giàng", "0912", "345678", "5550001"} {
		if strings.Contains(p.errors.String(), word) {
			t.Errorf("the log has %q:\n%s", word, p.errors)
		}
	}
}

// TestStopInFlight: whatever was answered 200 is answered to the person, by the
// next process if this one is told to stop.
func TestStopInFlight(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	environ := append(telegramEnv(fake), "DATABASE_URL="+bottest.Database(t), "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+bottest.Dir(t))
	p := start(t, environ...)
	const people = 60
	var stored sync.Map
	var count atomic.Int32
	var posting sync.WaitGroup
	for chat := int64(1); chat <= people; chat++ {
		u, _ := json.Marshal(fake.Text(chat, "xin chao"))
		posting.Go(func() {
			req, _ := http.NewRequest(http.MethodPost, p.url+"/telegram", bytes.NewReader(u))
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", fake.Secret)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return // it has stopped: Telegram would deliver again
			}
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				stored.Store(chat, true)
				count.Add(1)
			}
		})
	}
	eventually(t, "a few messages", 10*time.Second, func() bool { return count.Load() >= 5 })
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Errorf("ended with %v\n%s", err, p.errors)
	}
	posting.Wait()
	t.Logf("%d of %d stored when it stopped", count.Load(), people)
	start(t, environ...)
	stored.Range(func(chat, _ any) bool {
		eventually(t, fmt.Sprintf("an answer to %d", chat), 30*time.Second, func() bool { return len(fake.Sent(chat.(int64))) > 0 })
		if sent := fake.Sent(chat.(int64)); len(sent) > 1 {
			t.Errorf("%d was answered %d times", chat, len(sent))
		}
		return true
	})
}

// TestRedisAway: the program starts, answers, and says so.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	p := start(t, append(telegramEnv(fake), "DATABASE_URL="+bottest.Database(t), "REDIS_URL=redis://"+nobody(t), "LENSAN_DATA="+bottest.Dir(t))...)
	if status, body := p.get("/readyz"); status != 200 || !strings.Contains(body, "warnings") {
		t.Errorf("/readyz: %d %s", status, body)
	}
	l := &lan{t: t, fake: fake, p: p, chat: 7}
	l.says("xin chao")
}

// TestNoRedisServer: a machine without redis-server runs the demo all the same.
func TestNoRedisServer(t *testing.T) {
	t.Parallel()
	p := start(t, "LENSAN_DATA="+bottest.Dir(t), "PATH=/nowhere")
	if status, body := p.get("/readyz"); status != 200 || !strings.Contains(body, `"redis":"ok"`) {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if !strings.Contains(p.errors.String(), "no redis-server on this machine") {
		t.Errorf("no warning:\n%s", p.errors)
	}
}

// nobody is an address where nobody answers.
func nobody(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr().String()
}

// TestTelegramAway: Telegram fails for a while, and the answer goes out later.
func TestTelegramAway(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	fake.Fail(fake.TooMany(1), bottest.BadGateway)
	p := start(t, append(telegramEnv(fake), "DATABASE_URL="+bottest.Database(t), "LENSAN_DATA="+bottest.Dir(t))...)
	l := &lan{t: t, fake: fake, p: p, chat: 7}
	l.says("xin chao")
}

// TestSchema: a database that was never migrated is told about, with what to do.
func TestSchema(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	environ := append(telegramEnv(fake), "DATABASE_URL="+bottest.EmptyDatabase(t), "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+bottest.Dir(t), "LENSAN_ADDR=127.0.0.1:0")
	for _, args := range [][]string{{}, {"serve"}, {"requests"}} {
		if _, err := command(t, "", environ, args...); err == nil || !strings.Contains(err.Error(), "lensan migrate") {
			t.Errorf("%v: %v", args, err)
		}
	}
	if out, err := command(t, "", environ, "migrate"); err != nil || !strings.Contains(out, "current") {
		t.Errorf("%s, %v", out, err)
	}
	if out, err := command(t, "", environ, "requests"); err != nil {
		t.Errorf("%s, %v", out, err)
	}
}

// TestNotStarted: what was running is stopped when a later part fails.
func TestNotStarted(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	data := bottest.Dir(t)
	for name, c := range map[string]struct {
		environ []string
		says    string
	}{
		"the port is taken": {[]string{"LENSAN_DATA=" + data, "LENSAN_ADDR=" + taken.Addr().String()}, "LENSAN_ADDR"},
		"no channel":        {[]string{"LENSAN_DATA=" + data, "DATABASE_URL=" + bottest.Database(t)}, "TELEGRAM_TOKEN"},
		"Postgres away":     {[]string{"LENSAN_DATA=" + data, "LENSAN_WEB_CHAT=1", "DATABASE_URL=postgres://u@" + nobody(t) + "/d"}, "Postgres"},
		"no configuration":  {[]string{"LENSAN_DATA=" + data, "LENSAN_ADDR=x"}, "LENSAN_ADDR"},
	} {
		if _, err := command(t, "", c.environ, "serve"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		// Nothing of ours is left in the folder's way.
		if p, err := store.StartPostgres(t.Context(), data+"/postgres"); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// TestDemo: nothing configured, and there is a page to talk on; a second start
// finds what the first left.
func TestDemo(t *testing.T) {
	t.Parallel()
	environ := []string{"LENSAN_DATA=" + bottest.Dir(t)}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		p := start(t, environ...)
		resp, err := http.Get(p.url + "/chat")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || resp.Request.URL.Path != "/chat" {
			t.Errorf("%d %v", resp.StatusCode, resp.Header)
		}
		post, _ := http.NewRequest(http.MethodPost, p.url+"/chat/messages", strings.NewReader(`{"id":"1","text":"gap can bo"}`))
		post.AddCookie(resp.Cookies()[0])
		if resp, err = http.DefaultClient.Do(post); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("POST /chat/messages: %d", resp.StatusCode)
		}
		if out, err := command(t, "", environ, "requests"); err != nil || !strings.Contains(out, "Nobody") {
			t.Errorf("beside the running demo: %s, %v", out, err)
		}
		if out, err := command(t, "", environ, "doctor"); err != nil {
			t.Errorf("beside the running demo: %s, %v", out, err)
		}
		if err := p.stop(signal); err != nil {
			t.Errorf("ended with %v\n%s", err, p.errors)
		}
	}
}
