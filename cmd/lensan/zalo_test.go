package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lensan/bot"
	"lensan/bot/bottest"
)

// hang is how long Zalo hangs in TestZaloHangs.
var hang = flag.Duration("hang", 6*time.Second, "how long the fake Zalo hangs; the promise is for 30s")

// zaloEnv configures the fake Zalo, with a refresh token that is good.
func zaloEnv(f *bottest.Zalo) []string {
	return []string{"ZALO_APP_ID=" + f.AppID, "ZALO_APP_SECRET=" + f.AppSecret, "ZALO_OA_SECRET=" + f.OASecret, "ZALO_REFRESH_TOKEN=" + f.Refresh(),
		"ZALO_API_URL=" + f.URL, "ZALO_OAUTH_URL=" + f.OAuthURL, "ZALO_TEMPLATE_URL=" + f.TemplateURL}
}

// hoa talks with the bot on the fake Zalo.
type hoa struct {
	t     *testing.T
	fake  *bottest.Zalo
	urls  []string // of the replicas, in turn
	user  string
	heard int // messages read so far
	said  int // and written

	database string
}

// says posts what Hoa writes and returns the answer.
func (h *hoa) says(text string) string {
	h.t.Helper()
	h.posts(h.fake.Text(h.user, text))
	return h.answer()
}

// key is her chat as the database names it.
func (h *hoa) key() string { return "zalo:" + h.fake.OAID + ":" + h.user }

// taps presses the button with a label under one of the bot's messages.
func (h *hoa) taps(label string) string {
	h.t.Helper()
	for _, r := range slices.Backward(h.fake.Sent(h.user)) {
		for _, o := range r.Options {
			if strings.HasSuffix(o.Label, label) {
				return h.says(o.Data)
			}
		}
	}
	h.t.Fatalf("no button %q: %v", label, h.fake.Sent(h.user))
	return ""
}

// sharesPhone fills in the form for her number.
func (h *hoa) sharesPhone() string {
	h.t.Helper()
	if !slices.ContainsFunc(h.fake.Sent(h.user), func(r bot.Reply) bool { return r.Contact != "" }) {
		h.t.Errorf("no form was shown: %v", h.fake.Sent(h.user))
	}
	h.posts(h.fake.SubmitInfo(h.user, "84912345678"))
	return h.answer()
}

func (h *hoa) posts(e bottest.ZaloEvent) {
	h.t.Helper()
	h.said++
	if status := h.fake.Post(h.urls[h.said%len(h.urls)]+"/zalo", e); status != http.StatusOK {
		h.t.Fatalf("%s: status %d", e.Name, status)
	}
}

// answer waits for what the bot says, to its last part.
func (h *hoa) answer() string {
	h.t.Helper()
	eventually(h.t, "an answer", 60*time.Second, func() bool { return len(h.fake.Sent(h.user)) > h.heard && h.unsent() == 0 })
	var parts []string
	for _, r := range h.fake.Sent(h.user)[h.heard:] {
		parts = append(parts, r.Text)
	}
	h.heard += len(parts)
	return strings.Join(parts, "\n")
}

func (h *hoa) unsent() (n int) {
	h.t.Helper()
	h.query(&n, `select (select count(*) from turns where sent is null) + (select count(*) from messages where handled is null)`)
	return n
}

func (h *hoa) query(into any, sql string, args ...any) {
	h.t.Helper()
	conn, err := pgx.Connect(h.t.Context(), h.database)
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close(h.t.Context())
	if err := conn.QueryRow(h.t.Context(), sql, args...).Scan(into); err != nil {
		h.t.Fatal(err)
	}
}

// registers takes Hoa through the first registration of a product, whatever the
// bot asks in between, and returns what it says at the end.
func (h *hoa) registers(name string) string {
	h.t.Helper()
	answers := map[string]func() string{ // by the name of the question
		"consent":          func() string { return h.taps("Đồng ý") },
		"who.kind":         func() string { return h.says("1") },
		"who.name":         func() string { return h.says("Giàng Thị Hoa") },
		"who.phone":        h.sharesPhone,
		"who.place":        func() string { return h.says("xa Muong Khuong") },
		"register.name":    func() string { return h.says(name) },
		"register.group":   func() string { return h.says("1") },
		"register.place":   func() string { return h.says("1") },
		"register.yearly":  func() string { return h.says("2 ta") },
		"register.photo":   func() string { return h.says("bo qua") },
		"register.confirm": func() string { return h.taps("Đúng") },
	}
	said := h.says("dang ky san pham")
	for range 30 {
		if strings.Contains(said, "SP-0") {
			return said
		}
		var question string
		h.query(&question, `select question from turns where chat = $1 order by turn desc limit 1`, h.key())
		answer := answers[question]
		if answer == nil {
			h.t.Fatalf("the bot asks %s: %s", question, said)
		}
		said = answer()
	}
	h.t.Fatalf("no product after 30 answers: %s", said)
	return ""
}

// TestServeZalo is the program from outside: a product registered through Zalo by
// two replicas, which need one token between them, and an officer who takes over.
func TestServeZalo(t *testing.T) {
	t.Parallel()
	fake, database, redis := bottest.NewZalo(t), bottest.Database(t), bottest.Redis(t)
	environ := append(zaloEnv(fake), "DATABASE_URL="+database, "REDIS_URL="+redis, "LENSAN_PUBLIC_URL=https://lensan.example.vn")
	one := start(t, append(slices.Clip(environ), "LENSAN_DATA="+bottest.Dir(t), "LENSAN_ADDR="+freeAddr(t))...)
	two := start(t, append(slices.Clip(environ), "LENSAN_DATA="+bottest.Dir(t), "LENSAN_ADDR="+freeAddr(t))...)
	fake.EchoTo(one.url + "/zalo")
	secrets := []string{fake.AppSecret, fake.OASecret, fake.Access(), fake.Refresh()}

	h := &hoa{t: t, fake: fake, urls: []string{one.url, two.url}, user: "4000000000000000001", database: database}
	h.registers("Gạo Séng Cù")
	product, err := openStore(t, database).Read().ProductByCode(t.Context(), "SP-000001")
	if err != nil || product.Name != "Gạo Séng Cù" {
		t.Errorf("%+v, %v", product, err)
	}
	if fake.Refreshes() != 1 {
		t.Errorf("%d refreshes by two replicas", fake.Refreshes())
	}
	// The token ends while people write to both.
	ageToken(t, database, 26*time.Hour)
	fake.ExpireAccess()
	h.says("0")
	h.says("0")
	if fake.Refreshes() != 2 {
		t.Errorf("%d refreshes after the token ended", fake.Refreshes())
	}

	h.posts(fake.Operator(h.user, "Chào chị, em là cán bộ xã."))
	h.posts(fake.Text(h.user, "chào em"))
	eventually(t, "the message handled", 10*time.Second, func() bool { return h.unsent() == 0 })
	time.Sleep(200 * time.Millisecond)
	if sent := fake.Sent(h.user); len(sent) != h.heard {
		t.Errorf("the bot talks while an officer does: %v", sent[h.heard:])
	}

	forged := fake.Text(h.user, "a")
	forged.Body = []byte(strings.Replace(string(forged.Body), `"a"`, `"b"`, 1))
	was := h.said
	if status := postAs(t, one.url+"/zalo", fake, forged.Body, fake.Text(h.user, "a").Body); status != http.StatusUnauthorized || was != h.said {
		t.Errorf("forged: %d", status)
	}
	if status := fake.Probe(one.url + "/zalo"); status != http.StatusOK {
		t.Errorf("the console's probe: %d", status)
	}
	if status, page := one.get("/zalo/login?code=1&oa_id=2&state=%3Cscript%3E"); status != 200 || !strings.Contains(page, "https://lensan.example.vn/zalo/login?code=1") || strings.Contains(page, "<script") {
		t.Errorf("/zalo/login: %d %s", status, page)
	}
	if status, picture := one.get("/zalo/contact.png"); status != 200 || !strings.HasPrefix(picture, "\x89PNG") {
		t.Errorf("/zalo/contact.png: %d", status)
	}
	_, metrics := one.get("/metrics")
	for _, name := range []string{"lensan_zalo_login_needed 0", "lensan_zalo_token_expires_timestamp_seconds 1", `lensan_turns_total{channel="zalo",outcome="answered"}`, `lensan_webhook_messages_total{channel="zalo",kind="forged"} 1`} {
		if !strings.Contains(metrics, name) {
			t.Errorf("/metrics: no %s", name)
		}
	}

	fake.SetVerified(false)
	h.posts(fake.Text(h.user, "0"))
	eventually(t, "a warning", 20*time.Second, func() bool {
		_, first := one.get("/readyz")
		_, second := two.get("/readyz")
		return strings.Contains(first+second, "Zalo refuses our calls")
	})

	secrets = append(secrets, fake.Access(), fake.Refresh(), "Séng", "Giàng", "0912", "345678", h.user)
	for _, p := range []*process{one, two} {
		if err := p.stop(syscall.SIGTERM); err != nil {
			t.Errorf("ended with %v\n%s", err, p.errors)
		}
		for _, word := range secrets {
			if strings.Contains(p.errors.String(), word) {
				t.Errorf("the log has %q:\n%s", word, p.errors)
			}
		}
	}
}

// postAs posts a body with the signature of another.
func postAs(t *testing.T, url string, fake *bottest.Zalo, body, signed []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = fake.Request(signed).Header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// ageToken makes the kept access token older than it is.
func ageToken(t *testing.T, database string, by time.Duration) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `update zalo_tokens set obtained = obtained - $1::interval, expires = expires - $1::interval`, by); err != nil {
		t.Fatal(err)
	}
}

// TestZaloRefused: the refresh token is refused. The program starts and answers
// webhooks, a person is told, nobody calls again; after the login what waits is
// said.
func TestZaloRefused(t *testing.T) {
	t.Parallel()
	fake, database := bottest.NewZalo(t), bottest.Database(t)
	environ := append(zaloEnv(fake), "DATABASE_URL="+database, "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+bottest.Dir(t), "LENSAN_PUBLIC_URL=https://lensan.example.vn", "LENSAN_ADDR="+freeAddr(t))
	fake.BurnRefresh()
	p := start(t, environ...)
	h := &hoa{t: t, fake: fake, urls: []string{p.url}, user: "4000000000000000001", database: database}
	h.posts(fake.Text(h.user, "0"))
	eventually(t, "the alarm", 20*time.Second, func() bool {
		_, metrics := p.get("/metrics")
		return strings.Contains(metrics, "lensan_zalo_login_needed 1")
	})
	h.posts(fake.Text(h.user, "0"))
	time.Sleep(3 * time.Second)
	if fake.TokenCalls() != 1 {
		t.Errorf("%d calls with a refused token", fake.TokenCalls())
	}
	if n := strings.Count(p.errors.String(), "lensan zalo login"); n == 0 || n > 3 {
		t.Errorf("a person is told %d times:\n%s", n, p.errors)
	}
	if out, err := command(t, "", environ, "doctor"); err == nil || !strings.Contains(out, "WRONG  Zalo tokens") || !strings.Contains(out, "lensan zalo login") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := zaloLogin(t, fake, environ); err != nil || !strings.Contains(out, fake.OAID) {
		t.Fatalf("%v\n%s", err, out)
	}
	h.answer()
	if fake.TokenCalls() != 2 || fake.Refreshes() != 0 {
		t.Errorf("%d calls, %d refreshes: the login's token is not used", fake.TokenCalls(), fake.Refreshes())
	}
	out, err := command(t, "", environ, "doctor")
	for _, says := range []string{"ok     Zalo tokens: obtained ", "ok     Zalo: " + fake.OAID, "quota", "https://lensan.example.vn/zalo,", "user_send_text", "oa_send_text"} {
		if err != nil || !strings.Contains(out, says) {
			t.Errorf("no %q, %v\n%s", says, err, out)
		}
	}
	for _, secret := range []string{fake.AppSecret, fake.OASecret, fake.Access(), fake.Refresh()} {
		if strings.Contains(out, secret) {
			t.Errorf("the doctor shows %q", secret)
		}
	}
}

// zaloLogin is an administrator at the terminal and in the browser.
func zaloLogin(t *testing.T, fake *bottest.Zalo, environ []string, args ...string) (string, error) {
	t.Helper()
	fake.Redirect = "https://lensan.example.vn/zalo/login"
	in, typed := io.Pipe()
	seen, out := io.Pipe()
	p := &program{environ: environ, in: in, out: out, err: io.Discard}
	ended := make(chan error, 1)
	go func() {
		err := p.run(t.Context(), append([]string{"zalo", "login"}, args...))
		out.Close()
		ended <- err
	}()
	var all strings.Builder
	var wrote sync.Once
	buf := make([]byte, 4096)
	for {
		n, err := seen.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			return all.String(), <-ended
		}
		if page := consentPage(all.String(), fake.OAuthURL); page != "" {
			wrote.Do(func() {
				address, err := fake.Approve(page)
				go fmt.Fprintf(typed, "\nnonsense\n%s&state=x\n%s\n", strings.Split(address, "&state=")[0], address)
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// consentPage finds the address of the page in what was printed.
func consentPage(out, host string) string {
	for line := range strings.Lines(out) {
		if line = strings.TrimRight(line, "\n"); strings.HasPrefix(strings.TrimSpace(line), host) && len(line) < len(out) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// TestZaloLogin: what an operator may do wrong.
func TestZaloLogin(t *testing.T) {
	t.Parallel()
	fake := bottest.NewZalo(t)
	environ := append(zaloEnv(fake), "DATABASE_URL="+bottest.Database(t), "LENSAN_DATA="+t.TempDir())
	public := append(slices.Clip(environ), "LENSAN_PUBLIC_URL=https://lensan.example.vn")
	for name, c := range map[string]struct {
		input   string
		environ []string
		args    []string
		says    string
	}{
		"no Zalo":      {"", []string{"LENSAN_DATA=" + t.TempDir()}, nil, "ZALO_APP_ID"},
		"no address":   {"", environ, nil, "LENSAN_PUBLIC_URL"},
		"nothing":      {"", public, nil, "no address was pasted"},
		"only faults":  {"x\nhttps://lensan.example.vn/zalo/login?code=1&state=2\n", public, nil, "no address was pasted"},
		"own redirect": {"", environ, []string{"--redirect", "https://a.vn/back"}, "no address was pasted"},
	} {
		out, err := command(t, c.input, c.environ, append([]string{"zalo", "login"}, c.args...)...)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if len(c.args) > 0 && !strings.Contains(out, "redirect_uri=https%3A%2F%2Fa.vn%2Fback") {
			t.Errorf("%s:\n%s", name, out)
		}
	}
	verifier := strings.Repeat("v", 43)
	out, err := zaloLogin(t, fake, public, "--verifier", verifier)
	for _, says := range []string{"https://lensan.example.vn/zalo/login\n", "code_challenge=", "is not an address", "another login", fake.OAID} {
		if err != nil || !strings.Contains(out, says) {
			t.Errorf("no %q, %v\n%s", says, err, out)
		}
	}
	if strings.Contains(out, verifier) || strings.Contains(out, fake.Access()) || strings.Contains(out, fake.Refresh()) {
		t.Errorf("secrets are shown:\n%s", out)
	}
}

// TestZaloHangs: for a while Zalo takes calls and answers none. Webhooks are
// answered as fast as ever, and everybody gets what they were owed: once, in order.
func TestZaloHangs(t *testing.T) {
	t.Parallel()
	fake, database := bottest.NewZalo(t), bottest.Database(t)
	p := start(t, append(zaloEnv(fake), "DATABASE_URL="+database, "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+bottest.Dir(t))...)
	fake.EchoTo(p.url + "/zalo")
	const people = 20
	var all []*hoa
	for n := range people {
		h := &hoa{t: t, fake: fake, urls: []string{p.url}, user: fmt.Sprintf("40000000000000001%02d", n), database: database}
		all = append(all, h)
		h.posts(fake.Text(h.user, "0"))
	}
	for _, h := range all {
		h.answer()
	}

	// post lets everybody write at once, and returns how long the slowest in a
	// hundred webhooks took.
	post := func(words []string, pause time.Duration) time.Duration {
		var took []time.Duration
		var mu sync.Mutex
		var posting sync.WaitGroup
		for _, h := range all {
			posting.Go(func() {
				for _, word := range words {
					began := time.Now()
					h.posts(fake.Text(h.user, word))
					mu.Lock()
					took = append(took, time.Since(began))
					mu.Unlock()
					time.Sleep(pause)
				}
			})
		}
		posting.Wait()
		slices.Sort(took)
		return took[len(took)*99/100]
	}
	words := []string{"xin chao", "9", "0912345678", "giup", "0"} // each is answered otherwise
	before := post(words, 100*time.Millisecond)
	turns := make([]int, people) // so far
	for n, h := range all {
		h.answer()
		h.query(&turns[n], `select max(turn) from turns where chat = $1`, h.key())
	}
	fake.Hold()
	during := post(words, *hang/time.Duration(len(words)))
	t.Logf("p99 of the webhooks: %s, and %s while Zalo hung for %s", before, during, *hang)
	if limit := max(200*time.Millisecond, 3*before); during > limit { // other tests may have the machine
		t.Errorf("p99 is %s, not %s", during, limit)
	}
	fake.Release()
	eventually(t, "all said", *hang+90*time.Second, func() bool { return all[0].unsent() == 0 })

	for n, h := range all {
		var owed []bot.Reply // by turn
		h.query(&owed, `select jsonb_agg(replies->0 order by turn) from turns where chat = $1 and turn > $2 and replies <> '[]'`, h.key(), turns[n])
		var given int
		h.query(&given, `select count(*) from turns where chat = $1 and fate <> ''`, h.key())
		sent := h.fake.Sent(h.user)[h.heard:]
		seen, right := 0, given == 0 && len(owed) >= len(words)-1
		for _, o := range owed {
			if seen < len(sent) && strings.HasPrefix(sent[seen].Text, firstLine(o.Text)) {
				seen++
			} else {
				right = right && o.Question // answered meanwhile: it is not said late
			}
		}
		right = right && seen == len(sent) && seen > 0
		if !right {
			t.Errorf("%s: %d given up; owed %v; Zalo shows %v", h.user, given, owed, sent)
		}
	}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// TestDoctorZalo: what may be wrong with an Official Account, and what to do.
func TestDoctorZalo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environ []string
		before  func(*bottest.Zalo)
		good    bool
		says    []string
	}{
		"all is well":     {nil, func(*bottest.Zalo) {}, true, []string{"ok     Zalo tokens", "ok     Zalo: 4318888888888888881", "ok     Zalo quota", "ok     Zalo webhook"}},
		"no token":        {[]string{"ZALO_REFRESH_TOKEN="}, func(*bottest.Zalo) {}, false, []string{"WRONG  Zalo tokens", "lensan zalo login"}},
		"refused":         {nil, (*bottest.Zalo).BurnRefresh, false, []string{"WRONG  Zalo tokens", "lensan zalo login"}},
		"not verified":    {nil, func(f *bottest.Zalo) { f.SetVerified(false) }, false, []string{"ok     Zalo tokens", "WRONG  Zalo", "oa.zalo.me"}},
		"wrong secret":    {[]string{"ZALO_APP_SECRET=hunter2"}, func(*bottest.Zalo) {}, false, []string{"WRONG  Zalo tokens", "ZALO_APP_SECRET"}},
		"OAuth away":      {[]string{"ZALO_OAUTH_URL=http://" + nobody(t)}, func(*bottest.Zalo) {}, false, []string{"WRONG  Zalo tokens", "reaches Zalo"}},
		"API away":        {[]string{"ZALO_API_URL=http://" + nobody(t)}, func(*bottest.Zalo) {}, false, []string{"WRONG  Zalo: "}},
		"no https":        {[]string{"LENSAN_PUBLIC_URL=http://lensan.example.vn"}, func(*bottest.Zalo) {}, false, []string{"WRONG  Zalo webhook"}},
		"quota not told":  {nil, func(f *bottest.Zalo) { f.Fail(nil, f.Refusal(-403, "no")) }, true, []string{"ok     Zalo: ", "warn   Zalo quota"}},
		"schema too old":  {[]string{"DATABASE_URL=" + bottest.EmptyDatabase(t)}, func(*bottest.Zalo) {}, false, []string{"WRONG  Postgres", "lensan migrate"}},
		"secrets missing": {[]string{"ZALO_APP_SECRET=", "ZALO_OA_SECRET="}, func(*bottest.Zalo) {}, false, []string{"WRONG  configuration", "ZALO_APP_SECRET", "ZALO_OA_SECRET"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := bottest.NewZalo(t)
			environ := append(zaloEnv(fake), "DATABASE_URL="+bottest.Database(t), "REDIS_URL="+bottest.Redis(t), "LENSAN_DATA="+t.TempDir(), "LENSAN_PUBLIC_URL=https://lensan.example.vn")
			c.before(fake)
			out, err := command(t, "", append(environ, c.environ...), "doctor")
			for _, says := range c.says {
				if !strings.Contains(out, says) {
					t.Errorf("no %q:\n%s", says, out)
				}
			}
			if (err == nil) != c.good || strings.Contains(out, "WRONG") == c.good {
				t.Errorf("%v\n%s", err, out)
			}
			for _, secret := range []string{fake.AppSecret, fake.OASecret, fake.Access(), fake.Refresh(), "hunter2"} {
				if strings.Contains(out, secret) {
					t.Errorf("%q is shown:\n%s", secret, out)
				}
			}
			for _, call := range fake.Calls() {
				if strings.Contains(call.Path, "/message/") || call.Path == "/v2.0/oa/message" {
					if call.Path != "/v3.0/oa/quota/message" {
						t.Errorf("%s was called", call.Path)
					}
				}
			}
		})
	}
}
