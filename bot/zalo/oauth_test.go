package zalo_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

// wire writes down what goes over it, with what makes it a call and no more.
type wire struct{ bytes.Buffer }

// RoundTrip carries a call and its answer.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	form, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(form))
	fmt.Fprintf(w, "%s %s\nContent-Type: %s\nsecret_key: %s\n\n", r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("secret_key"))
	w.values(string(form))
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	fmt.Fprintf(w, "\n%d\n\n%s\n", resp.StatusCode, bytes.TrimSpace(body))
	return resp, nil
}

// values writes the fields of a form, a line each.
func (w *wire) values(form string) {
	fields := strings.Split(form, "&")
	slices.Sort(fields)
	for _, f := range fields {
		plain, _ := url.QueryUnescape(f)
		fmt.Fprintln(w, plain)
	}
}

// TestOAuth is the whole way of a consent: the page, the address it leads to, the
// exchange, a refresh, and the same refresh token again.
func TestOAuth(t *testing.T) {
	t.Parallel()
	fake := bottest.NewZalo(t)
	fake.Redirect = "https://lensan.example.vn/zalo/login"
	var w wire
	o := &zalo.OAuth{AppID: fake.AppID, AppSecret: fake.AppSecret, URL: fake.OAuthURL, HTTPClient: &http.Client{Transport: &w}}
	golden := func(name string) {
		t.Helper()
		bottest.Golden(t, filepath.Join("testdata", "oauth", name+".txt"), w.Bytes())
		w.Reset()
	}

	c := zalo.Consent{Redirect: fake.Redirect, State: "STATE", Verifier: strings.Repeat("v", 43)}
	page := o.ConsentURL(c)
	path, query, _ := strings.Cut(strings.TrimPrefix(page, fake.OAuthURL), "?")
	fmt.Fprintf(&w, "GET %s\n\n", path)
	w.values(query)
	address, err := fake.Approve(page)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&w, "\n302 %s\n", address)
	golden("consent")

	code, oa, err := c.Returned("  " + address + "\r\n")
	if err != nil || oa != fake.OAID {
		t.Fatal(oa, err)
	}
	pair, err := o.Exchange(t.Context(), code, c.Verifier)
	if err != nil || pair.Access != fake.Access() || pair.Refresh != fake.Refresh() || pair.Life != 25*time.Hour {
		t.Fatalf("%+v, %v", pair, err)
	}
	golden("exchange")
	if _, err := o.Exchange(t.Context(), code, c.Verifier); !refusedBy(err, false) || strings.Contains(err.Error(), code) {
		t.Errorf("the code a second time: %v", err)
	}
	golden("exchange_again")

	next, err := o.Refresh(t.Context(), pair.Refresh)
	if err != nil || next.Access != fake.Access() || next.Refresh != fake.Refresh() || next == pair {
		t.Errorf("%+v, %v", next, err)
	}
	golden("refresh")
	if _, err := o.Refresh(t.Context(), pair.Refresh); !refusedBy(err, true) || strings.Contains(err.Error(), pair.Refresh) {
		t.Errorf("the refresh token a second time: %v", err)
	}
	golden("refresh_again")
}

// refusedBy tells whether an error is the OAuth server's.
func refusedBy(err error, spent bool) bool {
	var refused *zalo.OAuthError
	return errors.As(err, &refused) && refused.Spent == spent
}

// TestReturned: what an operator may paste.
func TestReturned(t *testing.T) {
	t.Parallel()
	c := zalo.NewConsent("https://lensan.example.vn/zalo/login", "")
	for address, want := range map[string]string{
		"":                                     "not an address",
		"abc":                                  "not an address",
		"code=1":                               "not an address",
		"https://lensan.example.vn/zalo/login": "no code",
		"https://lensan.example.vn/zalo/login?code=1":                          "another login",
		"https://lensan.example.vn/zalo/login?code=1&state=x":                  "another login",
		"https://lensan.example.vn/zalo/login?error=-14003&state=" + c.State:   "-14003",
		"https://lensan.example.vn/zalo/login?code=1&oa_id=2&state=" + c.State: "",
	} {
		code, oa, err := c.Returned(address)
		if want == "" && (err != nil || code != "1" || oa != "2") || want != "" && (err == nil || !strings.Contains(err.Error(), want) || code != "") {
			t.Errorf("%q: %q, %q, %v", address, code, oa, err)
		}
	}
	if d := zalo.NewConsent(c.Redirect, ""); d.State == c.State || d.Verifier == c.Verifier || len(c.Verifier) != 43 {
		t.Errorf("%+v, %+v", c, d)
	}
	if c = zalo.NewConsent(c.Redirect, "fixed"); c.Verifier != "fixed" {
		t.Errorf("%+v", c)
	}
}

// TestOAuthAnswers: only both tokens are success, whatever the status says.
func TestOAuthAnswers(t *testing.T) {
	t.Parallel()
	fake := bottest.NewZalo(t)
	o := &zalo.OAuth{AppID: fake.AppID, AppSecret: fake.AppSecret, URL: fake.OAuthURL}
	for _, c := range []struct {
		status int
		body   string
		life   time.Duration // 0: an error
		spent  bool
		want   error
	}{
		{200, `{"access_token":"a","refresh_token":"r","expires_in":"90000"}`, 25 * time.Hour, false, nil},
		{200, `{"access_token":"a","refresh_token":"r","expires_in":3600}`, time.Hour, false, nil},
		{200, `{"access_token":"a","refresh_token":"r","expires_in":"soon"}`, 25 * time.Hour, false, nil},
		{200, `{"access_token":"a","refresh_token":"r","expires_in":-1,"error":0}`, 25 * time.Hour, false, nil},
		{200, `{"access_token":"a","refresh_token":"r","expires_in":99999999}`, 25 * time.Hour, false, nil},
		{200, `{"access_token":"","refresh_token":""}`, 0, false, &zalo.OAuthError{}},
		{200, `{"access_token":"a"}`, 0, false, bot.ErrUnknown},
		{200, `{"refresh_token":"r"}`, 0, false, bot.ErrUnknown},
		{200, `null`, 0, false, &zalo.OAuthError{}},
		{200, `[]`, 0, false, bot.ErrUnknown},
		{200, ``, 0, false, bot.ErrUnknown},
		{200, `{"error_name":"Invalid refresh token","error_description":"x"}`, 0, true, &zalo.OAuthError{}},
		{400, `{"error":-14014,"message":"refresh_token is expired"}`, 0, true, &zalo.OAuthError{}},
		{200, `{"error":-14002,"error_name":"Invalid app id"}`, 0, false, &zalo.OAuthError{}},
		{500, `{"error_name":"Invalid refresh token"}`, 0, false, bot.ErrUnknown},
		{429, `{"error":-32}`, 0, false, bot.ErrUnknown},
	} {
		fake.FailOAuth(bottest.Answer(c.status, "application/json", c.body))
		pair, err := o.Refresh(t.Context(), "spent-token")
		var refused *zalo.OAuthError
		switch {
		case c.life != 0:
			if err != nil || pair.Life != c.life {
				t.Errorf("%d %s: %+v, %v", c.status, c.body, pair, err)
			}
		case errors.As(c.want, &refused):
			if !refusedBy(err, c.spent) {
				t.Errorf("%d %s: %v", c.status, c.body, err)
			}
		case !errors.Is(err, c.want):
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
	}
	fake.FailOAuth(bottest.Answer(200, "application/json", `{"error":1,"message":"spent-token an-app-secret-for-tests `+strings.Repeat("ạ", 999)+`"}`))
	if _, err := o.Refresh(t.Context(), "spent-token"); err == nil || strings.Contains(err.Error(), "spent-token") || strings.Contains(err.Error(), fake.AppSecret) || len(err.Error()) > 300 {
		t.Errorf("secrets, or all of a long text: %v", err)
	}
	fake.FailOAuth(bottest.Reset)
	if _, err := o.Refresh(t.Context(), "x"); !errors.Is(err, bot.ErrUnknown) || strings.Contains(err.Error(), "access_token") {
		t.Errorf("reset: %v", err)
	}
	o.URL = "http://127.0.0.1:1"
	if _, err := o.Refresh(t.Context(), "x"); err == nil || errors.Is(err, bot.ErrUnknown) {
		t.Errorf("nobody there: %v", err)
	}
}
