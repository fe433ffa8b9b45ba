package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"lensan/bot/bottest"
	"lensan/store"
)

var invitationCode = regexp.MustCompile(`^MM-[0-9A-Z]{8}\n`)

// TestInvite: a code with the ways to use it, and it does what it says.
func TestInvite(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	database := bottest.Database(t)
	environ := append(telegramEnv(fake), "DATABASE_URL="+database, "LENSAN_DATA="+t.TempDir(),
		"LENSAN_PUBLIC_URL=https://lensan.example.vn", "LENSAN_WEB_CHAT=true", "LENSAN_NOW=2026-11-22T09:00:00+07:00")
	out, err := command(t, "", environ, "invite", "--role", "officer", "--area", "02839", "--area", "02761")
	if err != nil || !invitationCode.MatchString(out) {
		t.Fatalf("%s, %v", out, err)
	}
	code := out[:11]
	for _, want := range []string{"officer for Xã Bắc Hà (02839), Xã Mường Khương (02761)", "once, until 29/11/2026",
		"https://t.me/lensan_bot?start=" + code, "https://lensan.example.vn/chat?start=" + code} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	db := openStore(t, database)
	err = db.Change(t.Context(), func(tx *store.Tx) error {
		p, err := tx.AddPerson(t.Context(), store.Person{Name: "Giàng A Páo"})
		if err != nil {
			return err
		}
		if _, err := tx.Accept(t.Context(), p.ID, code); err != nil {
			return err
		}
		rs, err := tx.RolesOf(t.Context(), p.ID)
		if err != nil || len(rs) != 1 || rs[0].Kind != store.RoleOfficer || len(rs[0].Areas) != 2 {
			t.Errorf("%+v, %v", rs, err)
		}
		_, err = tx.AddProducer(t.Context(), p.ID, store.Producer{Kind: store.Cooperative, Name: "HTX Minh Ngọc"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "", environ, "invite", "--role=manager", "--producer=ct 1"); err != nil || !strings.Contains(out, "manager of HTX Minh Ngọc (CT-000001)") {
		t.Errorf("%s, %v", out, err)
	}
	if out, err := command(t, "", environ, "invite", "--role=admin"); err != nil || !strings.Contains(out, "admin, once") {
		t.Errorf("%s, %v", out, err)
	}
}

// TestInviteRefused: every mistake is refused with what to do.
func TestInviteRefused(t *testing.T) {
	t.Parallel()
	environ := chatEnv(t)
	for args, want := range map[string]string{
		"--role=officer":                                   "add --area",
		"--role=helper":                                    "add --area",
		"--role=manager":                                   "add --producer",
		"--role=manager --producer=CT-000001":              "no \"CT-000001\"",
		"--role=manager --producer=Minh":                   "no \"Minh\"",
		"--role=manager --producer=CT-000001 --area=02839": "leave it out",
		"--role=officer --producer=CT-000001 --area=02839": "leave it out",
		"--role=admin --area=15":                           "leave it out",
		"--role=officer --area=02839,99999":                "\"99999\" is neither",
		"--role=officer --area=150":                        "\"150\" is neither",
		"--role=chief --area=15":                           "--role",
		"--area=15":                                        "--role",
	} {
		if out, err := command(t, "", environ, append([]string{"invite"}, strings.Fields(args)...)...); err == nil || !strings.Contains(err.Error(), want) || out != "" {
			t.Errorf("%s: %s, %v, want %q", args, out, err, want)
		}
	}
}

// TestInviteWithoutTelegram: a Telegram that does not answer delays the code by two
// seconds, and it is printed all the same.
func TestInviteWithoutTelegram(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	t.Cleanup(func() { close(hang); silent.Close() })
	environ := append(chatEnv(t), "TELEGRAM_TOKEN=1:x", "TELEGRAM_WEBHOOK_SECRET=y", "TELEGRAM_API_URL="+silent.URL, "ZALO_APP_ID=1", "ZALO_APP_SECRET=2", "ZALO_OA_SECRET=3")
	began := time.Now()
	out, err := command(t, "", environ, "invite", "--role=helper", "--area=15")
	if err != nil || !invitationCode.MatchString(out) || !strings.Contains(out, "helper for Lào Cai (15)") ||
		!strings.Contains(out, "type the code to the bot") || !strings.Contains(out, "Zalo      type the code") || strings.Contains(out, "Web") {
		t.Errorf("%s, %v", out, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestOpeners: the bot's name is learnt beside, once Telegram calls us.
func TestOpeners(t *testing.T) {
	t.Parallel()
	fake := bottest.NewTelegram(t)
	on := toggle(true)
	c := Config{TelegramToken: secret(fake.Token), TelegramSecret: secret(fake.Secret), TelegramAPI: webURL(fake.URL), PublicURL: "https://lensan.example.vn", WebChat: &on}
	channel, err := newTelegram(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &openers{config: c}
	if got := o.addresses("MM-22222222"); len(got) != 1 || got[0] != "https://lensan.example.vn/chat?start=MM-22222222" {
		t.Errorf("%q", got)
	}
	o.ask = sync.OnceFunc(func() { go o.learn(t.Context(), channel) })
	served := 0
	h := o.before(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
	for range 2 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/telegram", nil))
	}
	eventually(t, "the bot's name", 10*time.Second, func() bool { return len(o.addresses("MM-22222222")) == 2 })
	if got := o.addresses("MM-22222222"); got[0] != "https://t.me/lensan_bot?start=MM-22222222" || served != 2 || len(fake.Calls()) != 1 {
		t.Errorf("%q, %d, %v", got, served, fake.Calls())
	}
}
