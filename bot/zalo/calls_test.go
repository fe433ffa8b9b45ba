package zalo_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

func TestNew(t *testing.T) {
	const secret = "very-secret"
	_, err := zalo.New(zalo.Config{
		AppSecret: secret, APIURL: "openapi.zalo.me", OAuthURL: "ftp://" + secret, TemplateURL: "http://", ContactImage: "http://lensan.example/a.png",
	})
	if err == nil || strings.Contains(err.Error(), secret) || strings.Count(err.Error(), "\n") != 5 {
		t.Errorf("not all six faults, each in a line: %v", err)
	}
	for image, asks := range map[string]bool{"": false, "https://lensan.example/a.png": true} {
		can := reader(t, func(c *zalo.Config) { c.ContactImage = image }).Can()
		if can.Contact != asks || can.Alone != asks || !can.Numbered || can.Buttons != 5 || can.Label != 100 || can.Text != 1900 {
			t.Errorf("%q: %+v", image, can)
		}
		if can.Count("a\u0323") != 2 || can.Count("ạ") != 1 || can.Count("🌾") != 2 {
			t.Error("counts otherwise than by the stricter reading")
		}
	}
	large := bot.Attachment{Key: "a", Name: "a.pdf", Type: "application/pdf", Size: 5_000_001}
	c, _ := newChannel(t)
	for a, want := range map[bot.Attachment]bool{
		large: false,
		{Key: "a", Name: "a.pdf", Type: "application/pdf", Size: 5_000_000}: true,
		{Key: "a", Name: "a.csv", Type: "text/csv", Size: 1}:                true,
		{Key: "a", Name: "a.jpg", Type: "image/jpeg", Size: 5_000_001}:      true, // scaled down
		{Key: "a", Name: "a.gif", Type: "image/gif", Size: 5_000_001}:       false,
		{Key: "a", Name: "a.webp", Type: "image/webp", Size: 1}:             false,
		{Key: "a", Name: "a.xlsx", Size: 1}:                                 false,
	} {
		if c.Can().Carries(a) != want {
			t.Errorf("%+v", a)
		}
	}
	if reader(t, nil).Can().Carries(bot.Attachment{Type: "image/png", Size: 1}) {
		t.Error("carries files without a place for files")
	}
}

// alerts are what a person must do.
func alerts(c *zalo.Channel) string {
	what, _ := c.Alert()
	return what
}

func gauge(t *testing.T, r *prometheus.Registry, name string, label ...string) float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if len(label) == 0 || m.GetLabel()[0].GetValue() == label[0] {
				return m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// TestTokenRefused: a refused token is renewed once, and the call made again once.
func TestTokenRefused(t *testing.T) {
	c, fake := newChannel(t)
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil {
		t.Fatal(err)
	}
	for _, code := range []int{-216, -220} {
		before := len(fake.Sent(person))
		fake.Fail(fake.Refusal(code, "Access token is invalid"))
		if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil || len(fake.Sent(person)) != before+1 {
			t.Errorf("%d: %v", code, err)
		}
	}
	fake.ExpireAccess()
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil {
		t.Error(err)
	}
	calls := len(fake.Calls())
	fake.Fail(fake.Refusal(-216, "x"), fake.Refusal(-216, "x"))
	var wait *bot.Wait
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); !errors.As(err, &wait) || len(fake.Calls()) != calls {
		t.Errorf("%v, and %d more calls", err, len(fake.Calls())-calls)
	}
	if !strings.Contains(alerts(c), "lensan zalo login") {
		t.Errorf("the alert is %q", alerts(c))
	}
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil || alerts(c) != "" {
		t.Errorf("%v, alert %q", err, alerts(c))
	}
}

// brokenTokens have none to give.
type brokenTokens struct{ err error }

func (b brokenTokens) Token(context.Context) (string, error)         { return "", b.err }
func (b brokenTokens) Renew(context.Context, string) (string, error) { return "", b.err }

// TestNoToken: what is to be sent waits for a token, as long as they say who give them.
func TestNoToken(t *testing.T) {
	for want, err := range map[time.Duration]error{
		30 * time.Second: errors.New("the database is away"),
		time.Hour:        errors.Join(errors.New("somebody must log in"), &bot.Wait{After: time.Hour}),
	} {
		c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.Tokens = brokenTokens{err} })
		var wait *bot.Wait
		if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); !errors.As(err, &wait) || wait.After != want {
			t.Error(err)
		}
		if len(fake.Calls()) > 0 {
			t.Error("Zalo was called without a token")
		}
	}
}

// TestAlert: what only a person can mend is said, shown and forgotten when mended.
func TestAlert(t *testing.T) {
	registry := prometheus.NewRegistry()
	c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.Metrics = zalo.NewMetrics(registry) })
	fake.SetVerified(false)
	err := c.Send(t.Context(), may, bot.Reply{Text: "a"})
	if err == nil || !strings.Contains(err.Error(), "verify it at oa.zalo.me") || alerts(c) != err.Error() {
		t.Errorf("%v, alert %q", err, alerts(c))
	}
	if gauge(t, registry, "lensan_zalo_alert") != 1 {
		t.Error("the metric shows no alert")
	}
	fake.SetVerified(true)
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil || alerts(c) != "" || gauge(t, registry, "lensan_zalo_alert") != 0 {
		t.Errorf("%v, alert %q", err, alerts(c))
	}
	if gauge(t, registry, "lensan_zalo_sends_total", "free") != 1 {
		t.Error("the send is not counted")
	}
}

// TestTooMany: the whole account pauses, and calls nobody meanwhile.
func TestTooMany(t *testing.T) {
	for name, fault := range map[string]func(*bottest.Zalo) bottest.Fault{
		"-32": (*bottest.Zalo).TooMany,
		"429": func(*bottest.Zalo) bottest.Fault { return bottest.Answer(429, "text/html", "slow down") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, fake := newChannel(t)
			if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil {
				t.Fatal(err)
			}
			calls := len(fake.Calls())
			last := time.Duration(0)
			for range 2 {
				fake.Fail(fault(fake))
				var wait *bot.Wait
				err := c.Send(t.Context(), may, bot.Reply{Text: "a"})
				if !errors.As(err, &wait) || wait.After <= last || wait.After > 4*time.Second {
					t.Fatalf("%v after %v", err, last)
				}
				last = wait.After
				if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); !errors.As(err, &wait) || wait.After > last {
					t.Errorf("not held back: %v", err)
				}
				time.Sleep(last)
			}
			if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil || len(fake.Calls()) != calls+1 {
				t.Errorf("%v, and %d more calls", err, len(fake.Calls())-calls)
			}
		})
	}
}

// TestHanging: after a call without an answer no message is tried before the
// platform answers something harmless.
func TestHanging(t *testing.T) {
	t.Parallel()
	c, fake := newChannel(t)
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil {
		t.Fatal(err)
	}
	fake.Hold()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := c.Send(ctx, may, bot.Reply{Text: "b"}); !errors.Is(err, bot.ErrUnknown) {
		t.Fatal(err)
	}
	var wait *bot.Wait
	for range 2 {
		if err := c.Send(t.Context(), may, bot.Reply{Text: "b"}); !errors.As(err, &wait) {
			t.Fatal(err)
		}
	}
	fake.Release()
	time.Sleep(wait.After + 50*time.Millisecond)
	if err := c.Send(t.Context(), may, bot.Reply{Text: "b"}); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, r := range fake.Sent(person) {
		said = append(said, r.Text)
	}
	if !slices.Equal(said, []string{"a", "b"}) {
		t.Errorf("the person got %q", said)
	}
}

// TestTooManyAndHanging: a pause that the platform asks for is kept, also when it
// asks for it while we find out whether it answers at all.
func TestTooManyAndHanging(t *testing.T) {
	t.Parallel()
	held := func(t *testing.T, c *zalo.Channel, least time.Duration) {
		t.Helper()
		var wait *bot.Wait
		if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); !errors.As(err, &wait) || wait.After < least {
			t.Errorf("not held back for %v: %v", least, err)
		}
	}
	t.Run("as the answer", func(t *testing.T) {
		t.Parallel()
		c, fake := newChannel(t)
		fake.Fail(fake.TooMany(), fake.TooMany(), bottest.BadGateway, fake.TooMany())
		for range 3 {
			_, _ = c.OA(t.Context())
		}
		time.Sleep(3100 * time.Millisecond) // longer than the second pause
		held(t, c, 4*time.Second)           // the third
		held(t, c, 3500*time.Millisecond)
	})
	t.Run("beside it", func(t *testing.T) {
		t.Parallel()
		c, fake := newChannel(t)
		fake.Fail(bottest.BadGateway, func(w http.ResponseWriter, r *http.Request) {
			fake.Fail(fake.TooMany())
			_, _ = c.OA(t.Context())
			bottest.Answer(200, "application/json", `{"error":0,"data":{"oaid":"4318888888888888881"}}`)(w, r)
		})
		_, _ = c.OA(t.Context())
		held(t, c, 500*time.Millisecond)
		held(t, c, 500*time.Millisecond)
	})
}

// TestNobodyThere: a connection that never came about has sent nothing, so the
// part may be sent again.
func TestNobodyThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c, _ := newChannel(t, func(cfg *zalo.Config) { cfg.APIURL = server.URL })
	var wait *bot.Wait
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); !errors.As(err, &wait) || wait.After <= 0 {
		t.Error(err)
	}
}

// TestAccount: the token's own account, which lensan doctor shows.
func TestAccount(t *testing.T) {
	c, fake := newChannel(t)
	got, err := c.OA(t.Context())
	want := zalo.OA{ID: fake.OAID, Name: "Văn phòng OCOP (dữ liệu mẫu)", Verified: true, Package: "Nâng cao"}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	fake.SetQuota(41)
	quotas, err := c.Quotas(t.Context())
	if err != nil || len(quotas) != 1 || quotas[0] != (zalo.Quota{Type: "sub_quota", Total: 500, Remain: 41, Until: "30/11/2026"}) {
		t.Errorf("%+v, %v", quotas, err)
	}
}

// TestButtonTemplate is the other reading of what buttons need.
func TestButtonTemplate(t *testing.T) {
	for _, named := range []bool{false, true} {
		c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.ButtonTemplate = named })
		if err := c.Send(t.Context(), may, bot.Reply{Text: "a", Options: []bot.Option{{Label: "b", Data: "wb."}}}); err != nil {
			t.Fatal(err)
		}
		calls := fake.Calls()
		body := calls[len(calls)-1].Body.(map[string]any)["message"].(map[string]any)["attachment"].(map[string]any)["payload"].(map[string]any)
		if (body["template_type"] == "button") != named {
			t.Errorf("%v: %v", named, body)
		}
	}
}
