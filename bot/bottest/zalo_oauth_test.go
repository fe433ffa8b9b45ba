package bottest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// exchangeFor asks for tokens and returns the answer.
func (f *Zalo) exchangeFor(t testing.TB, values url.Values, change ...func(*http.Request)) map[string]any {
	t.Helper()
	answer, err := f.tryExchange(values, change...)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func (f *Zalo) tryExchange(values url.Values, change ...func(*http.Request)) (answer map[string]any, err error) {
	r, err := http.NewRequest("POST", f.OAuthURL+"/v4/oa/access_token", strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("secret_key", f.AppSecret)
	for _, c := range change {
		c(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return answer, json.NewDecoder(resp.Body).Decode(&answer)
}

func granted(answer map[string]any) bool {
	return answer["access_token"] != nil && answer["refresh_token"] != nil && answer["expires_in"] == "90000" && answer["error_name"] == nil
}

func TestZaloConsent(t *testing.T) {
	t.Parallel()
	f, _, set := newZalo(t)
	f.Redirect = "https://example.vn/zalo/login?a=b"
	const verifier = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM-._~"
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	page := func(change func(url.Values)) string {
		q := url.Values{"app_id": {f.AppID}, "redirect_uri": {f.Redirect}, "code_challenge": {challenge}, "state": {"s"}}
		if change != nil {
			change(q)
		}
		return f.OAuthURL + "/v4/oa/permission?" + q.Encode()
	}
	for name, change := range map[string]func(url.Values){
		"another app":          func(q url.Values) { q.Set("app_id", "1") },
		"unregistered address": func(q url.Values) { q.Set("redirect_uri", "https://example.vn/") },
		"no challenge":         func(q url.Values) { q.Del("code_challenge") },
		"padded challenge":     func(q url.Values) { q.Set("code_challenge", challenge+"=") },
		"no state":             func(q url.Values) { q.Del("state") },
	} {
		if back, err := f.Approve(page(change)); err == nil {
			t.Errorf("%s: %s", name, back)
		}
	}
	grant := func(change func(url.Values)) map[string]any {
		t.Helper()
		back, err := f.Approve(page(nil))
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(back)
		if err != nil || u.Query().Get("state") != "s" || u.Query().Get("oa_id") != f.OAID || u.Query().Get("a") != "b" {
			t.Fatalf("%s, %v", back, err)
		}
		q := url.Values{"code": {u.Query().Get("code")}, "app_id": {f.AppID}, "grant_type": {"authorization_code"}, "code_verifier": {verifier}}
		if change != nil {
			change(q)
		}
		answer := f.exchangeFor(t, q)
		if granted(f.exchangeFor(t, q)) {
			t.Error("a code works twice")
		}
		return answer
	}
	old := f.Access()
	if answer := grant(nil); !granted(answer) || answer["access_token"] != f.Access() || f.Access() == old {
		t.Errorf("%v", answer)
	}
	for name, change := range map[string]func(url.Values){
		"another code":     func(q url.Values) { q.Set("code", "x") },
		"another verifier": func(q url.Values) { q.Set("code_verifier", strings.ToUpper(verifier)) },
		"no verifier":      func(q url.Values) { q.Del("code_verifier") },
		"another app":      func(q url.Values) { q.Set("app_id", "1") },
		"late":             func(url.Values) { set(10 * time.Minute) },
	} {
		if answer := grant(change); granted(answer) || answer["error_name"] == "" || answer["ref_doc"] == "" {
			t.Errorf("%s: %v", name, answer)
		}
	}
}

func TestZaloRefresh(t *testing.T) {
	t.Parallel()
	f, w, set := newZalo(t)
	form := func() url.Values {
		return url.Values{"refresh_token": {f.Refresh()}, "app_id": {f.AppID}, "grant_type": {"refresh_token"}}
	}
	first, access := form(), f.Access()
	if answer := f.exchangeFor(t, first); !granted(answer) || f.Access() == access {
		t.Errorf("%v", answer)
	}
	if answer := f.exchangeFor(t, first); granted(answer) || answer["error"] != nil || answer["error_name"] != "Invalid refresh token" {
		t.Errorf("the same token again: %v", answer)
	}
	if f.Refreshes() != 1 || f.TokenCalls() != 2 || len(w.said) > 0 {
		t.Errorf("%d refreshes, %d calls, %q", f.Refreshes(), f.TokenCalls(), w.said)
	}
	for name, change := range map[string]func(*http.Request){
		"JSON":             func(r *http.Request) { r.Header.Set("Content-Type", "application/json") },
		"another secret":   func(r *http.Request) { r.Header.Set("secret_key", "x") },
		"no secret":        func(r *http.Request) { r.Header.Del("secret_key") },
		"in the address":   func(r *http.Request) { r.URL.RawQuery = form().Encode() },
		"an unknown grant": func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 },
	} {
		if answer := f.exchangeFor(t, form(), change); granted(answer) {
			t.Errorf("%s: granted", name)
		}
	}
	set(90 * 24 * time.Hour)
	if granted(f.exchangeFor(t, form())) {
		t.Error("a refresh token works after 90 days")
	}
	f.BurnRefresh()
	burnt := form()
	f.BurnRefresh()
	if granted(f.exchangeFor(t, burnt)) {
		t.Error("a burnt token works")
	}
	f.FailOAuth(f.Lost) // the crash between the call and the commit
	stale, before := form(), f.Access()
	if answer, err := f.tryExchange(stale); err == nil {
		t.Errorf("a lost answer arrives: %v", answer)
	}
	if f.Access() == before || granted(f.exchangeFor(t, stale)) || !granted(f.exchangeFor(t, form())) {
		t.Error("a lost answer leaves things as they were")
	}
}
