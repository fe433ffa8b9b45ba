package zalo_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

// letter is what the bot says on its own.
func letter(wrote time.Time, change ...func(*bot.Unasked)) bot.Reply {
	u := bot.Unasked{Wrote: wrote}
	for _, c := range change {
		c(&u)
	}
	return bot.Reply{Text: "Lớp học ngày 28/11", Unasked: &u}
}

func templated(u *bot.Unasked) {
	u.Template, u.Values = "class", map[string]string{"customer_name": "Lý Thị Mẩy", "date": "28/11/2026", "of_no_use": "x"}
}

func phone(u *bot.Unasked) { u.Phone = "0912345678" }

// newWindow is a channel with a clock, a template, and a person who wrote a
// while ago; never: 0.
func newWindow(t *testing.T, ago time.Duration) (*zalo.Channel, *bottest.Zalo, *prometheus.Registry) {
	t.Helper()
	now := time.Now()
	registry := prometheus.NewRegistry()
	template := zalo.Template{ID: "100001", Params: map[string]string{"customer_name": "name", "date": "date"}}
	c, fake := newChannel(t, func(cfg *zalo.Config) {
		cfg.Now = func() time.Time { return now }
		cfg.Metrics = zalo.NewMetrics(registry)
		cfg.Template = func(name string) (zalo.Template, bool) { return template, name == "class" }
	})
	fake.Now = func() time.Time { return now }
	fake.AddTemplate("100001", bottest.ZaloTemplate{Params: template.Params})
	fake.Wrote(person, time.Time{})
	if ago > 0 {
		fake.Wrote(person, now.Add(-ago))
	}
	return c, fake, registry
}

func TestRoutes(t *testing.T) {
	const day = 24 * time.Hour
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	never := time.Time{}
	for name, v := range map[string]struct {
		ago    time.Duration // by the platform's clock
		chat   bot.Chat      // empty: may
		part   bot.Reply
		before func(*bottest.Zalo)
		route  string // how it went; empty: not
		want   error  // nil with no route: another error
	}{
		"an answer":                      {ago: 3 * day, part: bot.Reply{Text: "a"}, route: "free"},
		"an answer, too late":            {ago: 8 * day, part: bot.Reply{Text: "a"}, want: bot.ErrWindow},
		"today":                          {ago: day, part: letter(ago(day)), route: "free"},
		"47 hours":                       {ago: 47 * time.Hour, part: letter(ago(47 * time.Hour)), route: "free"},
		"49 hours":                       {ago: 49 * time.Hour, part: letter(ago(49 * time.Hour)), route: "quota"},
		"6 days, with a template":        {ago: 6 * day, part: letter(ago(6*day), templated), route: "quota"},
		"6 days, no quota":               {ago: 6 * day, part: letter(ago(6*day), templated), before: func(f *bottest.Zalo) { f.SetQuota(0) }, want: bot.ErrQuota},
		"8 days":                         {ago: 8 * day, part: letter(ago(8 * day)), want: bot.ErrWindow},
		"8 days, with a template":        {ago: 8 * day, part: letter(ago(8*day), templated), route: "template_uid"},
		"8 days, a template nobody has":  {ago: 8 * day, part: letter(ago(8*day), func(u *bot.Unasked) { u.Template = "other" }), want: bot.ErrWindow},
		"we missed their message":        {ago: time.Hour, part: letter(ago(8 * day)), route: "free"},
		"unknown to us":                  {ago: day, part: letter(never), route: "free"},
		"unknown to us, 3 days":          {ago: 3 * day, part: letter(never), route: "quota"},
		"unknown to all":                 {part: letter(never), want: bot.ErrWindow},
		"unknown to all, with template":  {part: letter(never, templated), route: "template_uid"},
		"unknown to all, with a phone":   {part: letter(never, templated, phone), chat: stranger, route: "template_phone"},
		"unknown, and the number too":    {part: letter(never, templated, func(u *bot.Unasked) { u.Phone = "0987654321" }), chat: stranger, want: bot.ErrGone},
		"unknown, and no number":         {part: letter(never, templated), chat: stranger, want: bot.ErrGone},
		"unknown, and half a number":     {part: letter(never, templated, func(u *bot.Unasked) { u.Phone = "12" }), chat: stranger, want: bot.ErrGone},
		"blocked":                        {ago: 8 * day, part: letter(ago(8*day), templated), before: func(f *bottest.Zalo) { f.Block(person) }, want: bot.ErrGone},
		"a template not for ids":         {ago: 8 * day, part: letter(ago(8*day), templated, phone), before: byPhoneOnly, route: "template_phone"},
		"a template not for ids, no one": {ago: 8 * day, part: letter(ago(8*day), templated), before: byPhoneOnly},
		"no value":                       {ago: 8 * day, part: letter(ago(8*day), templated, func(u *bot.Unasked) { delete(u.Values, "date") })},
		"too long":                       {ago: 8 * day, part: letter(ago(8*day), templated, func(u *bot.Unasked) { u.Values["customer_name"] = strings.Repeat("Mẩy", 11) })},
	} {
		t.Run(name, func(t *testing.T) {
			c, fake, registry := newWindow(t, v.ago)
			if v.before != nil {
				v.before(fake)
			}
			if v.chat.ID == "" {
				v.chat = may
			}
			fake.AddPhone("84912345678", v.chat.ID)
			err := c.Send(t.Context(), v.chat, v.part)
			sent := len(fake.Sent(v.chat.ID))
			if v.route == "" {
				if err == nil || sent > 0 || v.want != nil && !errors.Is(err, v.want) {
					t.Errorf("%v, want %v; %d sent", err, v.want, sent)
				}
				if v.want == nil && (errors.Is(err, bot.ErrWindow) || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrQuota)) {
					t.Errorf("%v, want a refusal for good", err)
				}
				return
			}
			if err != nil || sent != 1 || gauge(t, registry, "lensan_zalo_sends_total", v.route) != 1 {
				t.Errorf("%v; %d sent, not by %s", err, sent, v.route)
			}
		})
	}
}

// stranger is somebody whom the platform does not know by their id.
var stranger = bot.Chat{Channel: "zalo", Account: may.Account, ID: "4000000000000000002"}

func byPhoneOnly(f *bottest.Zalo) {
	f.AddTemplate("100001", bottest.ZaloTemplate{Params: map[string]string{"customer_name": "name", "date": "date"}, NotByID: true})
}

// TestRefusedValue: the error names the parameter and not what stands in it.
func TestRefusedValue(t *testing.T) {
	c, fake, _ := newWindow(t, 0)
	long := strings.Repeat("Mẩy", 11)
	err := c.Send(t.Context(), may, letter(time.Time{}, templated, func(u *bot.Unasked) { u.Values["customer_name"] = long }))
	if err == nil || !strings.Contains(err.Error(), "customer_name") || strings.Contains(err.Error(), "Mẩy") {
		t.Error(err)
	}
	if len(fake.Sent(person)) > 0 {
		t.Error("it was sent")
	}
}

// TestWindowClosedMeanwhile: the platform is believed when it says that the
// window is closed.
func TestWindowClosedMeanwhile(t *testing.T) {
	for _, code := range []int{-230, -232} {
		c, fake, registry := newWindow(t, time.Hour)
		if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil {
			t.Fatal(err)
		}
		fake.Fail(fake.Refusal(code, "x"))
		if err := c.Send(t.Context(), may, letter(fake.Now().Add(-time.Hour), templated)); err != nil || gauge(t, registry, "lensan_zalo_sends_total", "template_uid") != 1 {
			t.Errorf("%d: %v", code, err)
		}
		fake.Fail(fake.Refusal(code, "x"))
		if err := c.Send(t.Context(), may, letter(fake.Now().Add(-time.Hour))); !errors.Is(err, bot.ErrWindow) {
			t.Errorf("%d, no template: %v", code, err)
		}
	}
}

// TestOneTemplate: a template stands for all parts of a reply, and is paid once.
func TestOneTemplate(t *testing.T) {
	c, fake, _ := newWindow(t, 0)
	r := letter(time.Time{}, templated)
	r.Text = strings.Repeat("Mường Khương ", 300)
	r.File = &bot.Attachment{Key: "a", Name: "a.pdf", Type: "application/pdf", Size: 10}
	parts := bot.Parts(r, c.Can())
	if len(parts) < 3 {
		t.Fatal(len(parts))
	}
	for _, p := range parts {
		if err := c.Send(t.Context(), may, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Send(t.Context(), may, letter(time.Time{}, templated, func(u *bot.Unasked) { u.Values["date"] = "29/11/2026" })); err != nil {
		t.Fatal(err)
	}
	if got := fake.Sent(person); len(got) != 2 {
		t.Errorf("the person got %+v", got)
	}
}

// TestQuotaRead: the account's quota is read once for many letters, and again
// when it is refused.
func TestQuotaRead(t *testing.T) {
	c, fake, registry := newWindow(t, 72*time.Hour)
	fake.SetQuota(2)
	l := letter(fake.Now().Add(-72 * time.Hour))
	reads := func() (n int) {
		for _, call := range fake.Calls() {
			if body, ok := call.Body.(map[string]any); ok && body["quota_type"] == "sub_quota" {
				n++
			}
		}
		return n
	}
	for range 2 {
		if err := c.Send(t.Context(), may, l); err != nil {
			t.Fatal(err)
		}
	}
	if reads() != 1 || gauge(t, registry, "lensan_zalo_quota_remaining") != 2 {
		t.Errorf("read %d times", reads())
	}
	calls := len(fake.Calls())
	for range 3 { // the first is refused by the platform, the others by what we know then
		if err := c.Send(t.Context(), may, l); !errors.Is(err, bot.ErrQuota) {
			t.Error(err)
		}
	}
	refused := 0
	for _, call := range fake.Calls()[calls:] {
		if call.Error == -211 {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("refused %d times", refused)
	}
}

// TestUnknownQuota: what cannot be read counts as left.
func TestUnknownQuota(t *testing.T) {
	c, fake, _ := newWindow(t, 72*time.Hour)
	if err := c.Send(t.Context(), may, bot.Reply{Text: "a"}); err != nil {
		t.Fatal(err)
	}
	quota := fake.Refusal(-212, "x")
	fake.Fail(quota, quota) // the person's and the account's
	if err := c.Send(t.Context(), may, letter(fake.Now().Add(-72*time.Hour))); err != nil {
		t.Error(err)
	}
	fake.Fail(bottest.BadGateway) // nothing has gone out: the letter waits
	var wait *bot.Wait
	if err := c.Send(t.Context(), may, letter(fake.Now().Add(-72*time.Hour))); !errors.As(err, &wait) {
		t.Error(err)
	}
}

// TestTemplateRequests keeps the calls of both kinds of templates as files.
func TestTemplateRequests(t *testing.T) {
	for name, before := range map[string]func(*bottest.Zalo){"template_by_id": nil, "template_by_phone": byPhoneOnly} {
		c, fake, _ := newWindow(t, 8*24*time.Hour)
		if before != nil {
			before(fake)
		}
		fake.AddPhone("84912345678", person)
		if err := c.Send(t.Context(), may, letter(time.Time{}, templated, phone)); err != nil {
			t.Fatal(err)
		}
		bottest.Golden(t, filepath.Join("testdata", "requests", name+".json"), asJSON(t, fake.Calls()))
	}
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
