package zalo_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

// signature is the rule of reference zalo.md section 13.2, by itself.
func signature(app string, body []byte, timestamp, key string) string {
	return "mac=" + hashed(slices.Concat([]byte(app), body, []byte(timestamp), []byte(key)))
}

func hashed(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func request(body, mac string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/zalo", strings.NewReader(body))
	r.Header.Set("X-ZEvent-Signature", mac)
	return r
}

// noTokens is for channels that only read.
type noTokens struct{ zalo.Tokens }

func reader(t testing.TB, change func(*zalo.Config)) *zalo.Channel {
	t.Helper()
	cfg := zalo.Config{AppID: "appID", OASecret: "oaSecret", Tokens: noTokens{}}
	if change != nil {
		change(&cfg)
	}
	c, err := zalo.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPublishedSignature is the test vector that reference zalo.md section 13.2 has.
func TestPublishedSignature(t *testing.T) {
	c := reader(t, nil)
	const body = `{"oa_id":"oa_id","user_id_by_app":"user_id_by_app","event_name":"remove_user_from_tag","tag":{"user_ids":["user_id"],"name":"Hoàn thành"},"app_id":"app_id","timestamp":"1702095007436"}`
	const mac = "315f0bb0c84fa87c816e302a590f5d26e6112a950c81bf28fb6b795130a19d09"
	for _, header := range []string{"mac=" + mac, "mac = " + mac, mac, "mac=" + strings.ToUpper(mac), " mac=" + mac + " "} {
		if _, err := c.Read(request(body, header)); err != nil {
			t.Errorf("%q: %v", header, err)
		}
	}
	for _, header := range []string{"", "mac", "mac=", "mac" + mac, "mac==" + mac, "mac=" + mac[1:], "mac=" + mac + "00", "sha256=" + mac} {
		if got, err := c.Read(request(body, header)); !errors.Is(err, bot.ErrForged) || got != nil {
			t.Errorf("%q: %v, %v", header, got, err)
		}
	}
	for _, changed := range []string{strings.Replace(body, `"app_id":"app_id"`, `"app_id":"appID"`, 1), strings.ReplaceAll(body, ",", ", "), body + "\n"} {
		if _, err := c.Read(request(changed, "mac="+mac)); !errors.Is(err, bot.ErrForged) {
			t.Errorf("%s: %v", changed, err)
		}
	}
}

// TestSignedBodies: the signature is over the bytes and the timestamp as written.
func TestSignedBodies(t *testing.T) {
	c := reader(t, nil)
	const message = `"message":{"msg_id":"m1","text":"Gạo"},"sender":{"id":"1"},"recipient":{"id":"2"},"event_name":"user_send_text"`
	for name, v := range map[string]struct{ body, timestamp string }{
		"a string":              {`{"timestamp":"1764000000000",` + message + `}`, "1764000000000"},
		"a number":              {`{"timestamp":1764000000000,` + message + `}`, "1764000000000"},
		"a number with a point": {`{"timestamp":1.764e12,` + message + `}`, "1.764e12"},
		"no timestamp":          {`{` + message + `}`, ""},
		"null":                  {`{"timestamp":null,` + message + `}`, ""},
		"no number at all":      {`{"timestamp":"hôm qua",` + message + `}`, "hôm qua"},
		"of other letters":      {`{"Timestamp":"1764000000000",` + message + `}`, ""},
		"another app's id":      {`{"app_id":"999","timestamp":"1764000000000",` + message + `}`, "1764000000000"},
		"indented":              {"{\n  \"timestamp\": \"1764000000000\",\n  " + message + "\n}\n", "1764000000000"},
		"escaped":               {`{"timestamp":"1764000000000",` + strings.ReplaceAll(message, "ạ", `\u1ea1`) + `}`, "1764000000000"},
		"decomposed":            {`{"timestamp":"1764000000000",` + strings.ReplaceAll(message, "ạ", "a\u0323") + `}`, "1764000000000"},
	} {
		got, err := c.Read(request(v.body, signature("appID", []byte(v.body), v.timestamp, "oaSecret")))
		if err != nil || len(got) != 1 || got[0].Text != "Gạo" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		for wrong, mac := range map[string]string{
			"another app":       signature("999", []byte(v.body), v.timestamp, "oaSecret"),
			"another timestamp": signature("appID", []byte(v.body), v.timestamp+"0", "oaSecret"),
			"another key":       signature("appID", []byte(v.body), v.timestamp, "oaSecret2"),
		} {
			if _, err := c.Read(request(v.body, mac)); !errors.Is(err, bot.ErrForged) {
				t.Errorf("%s, signed with %s: %v", name, wrong, err)
			}
		}
	}
}

// TestOddBodies are events as other servers of the platform might write them.
func TestOddBodies(t *testing.T) {
	c, fake := newChannel(t)
	e := fake.Text(person, "Gạo Séng Cù / Mường Khương")
	want, err := c.Read(fake.Request(e.Body))
	if err != nil || len(want) != 1 {
		t.Fatal(want, err)
	}
	for _, odd := range e.Odd() {
		got, err := c.Read(fake.Request(odd.Body))
		if err != nil || len(got) != 1 || got[0].Text != want[0].Text || got[0].Delivery != want[0].Delivery || !got[0].At.Equal(want[0].At) {
			t.Errorf("%s\n%+v, %v", odd.Body, got, err)
		}
	}
}

// TestEveryEvent: none of the platform's events is refused, and none but those
// of groups, visitors and the account itself is overlooked.
func TestEveryEvent(t *testing.T) {
	registry := prometheus.NewRegistry()
	c, fake := newChannel(t, func(cfg *zalo.Config) { cfg.Metrics = zalo.NewMetrics(registry) })
	for _, e := range fake.Every(person) {
		got, err := c.Read(fake.Request(e.Body))
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		for _, m := range got {
			bottest.CheckMessage(t, c, m)
			if m.Chat != may || m.Kind == bot.KindRaw {
				t.Errorf("%s: %+v", e.Name, m)
			}
		}
		ours := (strings.HasPrefix(e.Name, "user_send_") || strings.HasPrefix(e.Name, "oa_send_")) &&
			!strings.Contains(e.Name, "_group_") && !strings.Contains(e.Name, "anonymous") && e.Name != "oa_send_consent"
		ours = ours || slices.Contains([]string{"follow", "unfollow", "user_click_chatnow", "user_submit_info", "user_withdraw"}, e.Name)
		if ours != (len(got) > 0) {
			t.Errorf("%s: %d messages", e.Name, len(got))
		}
	}
	text := map[string]float64{}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "lensan_zalo_events_total" {
			for _, m := range f.GetMetric() {
				text[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	if text["unknown"] != 1 || text["user_send_group"] != 3 || text["anonymous_send"] != 4 || text["user_seen_message"] != 2 {
		t.Errorf("counted: %v", text)
	}
	if len(text) > 75 {
		t.Errorf("%d names of events", len(text))
	}
}

// TestProbe: the console tries a new address with an empty object, unsigned.
func TestProbe(t *testing.T) {
	c := reader(t, nil)
	for _, body := range []string{"{}", " {}\n"} {
		if got, err := c.Read(request(body, "")); got != nil || err != nil {
			t.Errorf("%q: %v, %v", body, got, err)
		}
	}
	for _, body := range []string{"", "[]", "{ }x", `{"a":1}`, "null"} {
		if _, err := c.Read(request(body, "")); !errors.Is(err, bot.ErrForged) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// TestNoSecret: without the key nobody can prove to be Zalo.
func TestNoSecret(t *testing.T) {
	c := reader(t, func(cfg *zalo.Config) { cfg.OASecret = "" })
	body := []byte(`{"event_name":"follow"}`)
	if _, err := c.Read(request(string(body), signature("appID", body, "", ""))); !errors.Is(err, bot.ErrForged) {
		t.Error(err)
	}
}

// TestMaxAge: only a numeric timestamp has an age.
func TestMaxAge(t *testing.T) {
	now := time.UnixMilli(1764000000000).Add(3 * time.Hour)
	for _, v := range []struct {
		most      time.Duration
		timestamp string
		late      bool
	}{
		{0, "1", false},
		{3 * time.Hour, "1764000000000", false},
		{3 * time.Hour, "1763999999999", true},
		{3 * time.Hour, "154390853474", true},
		{3 * time.Hour, "1764990000000", false}, // our clock may be slow
		{3 * time.Hour, "", false},
		{3 * time.Hour, "hôm qua", false},
	} {
		c := reader(t, func(cfg *zalo.Config) {
			cfg.MaxAge = v.most
			cfg.Now = func() time.Time { return now }
		})
		body := `{"event_name":"x","timestamp":"` + v.timestamp + `"}`
		_, err := c.Read(request(body, signature("appID", []byte(body), v.timestamp, "oaSecret")))
		if errors.Is(err, bot.ErrForged) != v.late {
			t.Errorf("%+v: %v", v, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	c := reader(f, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		if bytes.Contains(bytes.ToLower(body), []byte(`stamp"`)) {
			body = bytes.ReplaceAll(body, []byte(`stamp"`), []byte(`stump"`)) // so that we can sign it
		}
		got, err := c.Read(request(string(body), signature("appID", body, "", "oaSecret")))
		if err != nil && !bytes.Contains(body, []byte(`\u`)) {
			t.Fatal(err)
		}
		for _, m := range got {
			bottest.CheckMessage(t, c, m)
		}
	})
}
