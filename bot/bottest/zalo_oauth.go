package bottest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// Lives of reference zalo.md section 12.
const (
	zaloAccessLife  = 90_000 * time.Second
	zaloRefreshLife = 90 * 24 * time.Hour
	zaloCodeLife    = 10 * time.Minute
)

// zaloTokens is what the platform has given out.
type zaloTokens struct {
	access, refresh string
	accessUntil     time.Time
	refreshUntil    time.Time
	codes           map[string]zaloCode
	calls, rotated  int
}

// zaloCode is a consent waiting for its exchange.
type zaloCode struct {
	challenge string
	until     time.Time
}

var (
	challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	verifierForm  = regexp.MustCompile(`^[A-Za-z0-9._~-]{43}$`)
)

// rotate gives out a new pair. The old ones end at once. It is called with the
// lock held, or before there is anybody else.
func (f *Zalo) rotate() {
	n := f.number()
	t := &f.tokens
	t.access, t.refresh = fmt.Sprintf("access-token-%d-for-tests", n), fmt.Sprintf("refresh-token-%d-for-tests", n)
	t.accessUntil, t.refreshUntil = f.Now().Add(zaloAccessLife), f.Now().Add(zaloRefreshLife)
}

// Access is the access token that is valid now.
func (f *Zalo) Access() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens.access
}

// Refresh is the refresh token that is valid now.
func (f *Zalo) Refresh() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens.refresh
}

// Token returns the access token without OAuth, as [Zalo.Renew] does, for tests
// that are about something else.
func (f *Zalo) Token(context.Context) (string, error) { return f.Access(), nil }

// Renew returns a token other than the refused one.
func (f *Zalo) Renew(_ context.Context, refused string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tokens.access == refused {
		f.rotate()
	}
	return f.tokens.access, nil
}

// ExpireAccess ends the access token, as 25 hours do.
func (f *Zalo) ExpireAccess() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens.accessUntil = f.Now()
}

// BurnRefresh uses the refresh token up, as somebody else would who had it: the
// chain is lost until there is a new consent.
func (f *Zalo) BurnRefresh() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rotate()
}

// Refreshes counts how often a refresh token was exchanged.
func (f *Zalo) Refreshes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens.rotated
}

// TokenCalls counts all calls for tokens, the refused too.
func (f *Zalo) TokenCalls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens.calls
}

// FailOAuth makes the next calls of OAuth fail, each like one of these.
func (f *Zalo) FailOAuth(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.oauthFaults = append(f.oauthFaults, faults...)
}

// Approve is an admin of the account agreeing on the consent page: it returns
// the address the browser ends on, with code, oa_id and state. An error is what
// the page shows instead.
func (f *Zalo) Approve(consent string) (string, error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, consent, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		page, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return "", errors.New("zalo: the consent page says: " + string(page))
	}
	return resp.Header.Get("Location"), nil
}

func (f *Zalo) serveOAuth(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /v4/oa/permission":
		f.consent(w, r)
	case "POST /v4/oa/access_token":
		f.exchange(w, r)
	default:
		f.t.Errorf("zalo: OAuth has no %s %s", r.Method, r.URL.Path)
		http.NotFound(w, r)
	}
}

// consent is the page of section 12.1, with an admin who agrees at once.
func (f *Zalo) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	wrong := ""
	switch {
	case q.Get("app_id") != f.AppID:
		wrong = "-14002 app id invalid or inactive"
	case f.Redirect == "" || q.Get("redirect_uri") != f.Redirect:
		wrong = "-14003 redirect URI not registered"
	case !challengeForm.MatchString(q.Get("code_challenge")):
		wrong = "code_challenge is not base64url of SHA-256 without padding"
	case q.Get("state") == "":
		wrong = "no state"
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil && wrong == "" {
		wrong = "-14003 redirect URI not registered"
	}
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	code := fmt.Sprintf("code-%d-for-tests", f.number())
	f.tokens.codes[code] = zaloCode{q.Get("code_challenge"), f.Now().Add(zaloCodeLife)}
	f.mu.Unlock()
	query := back.Query()
	query.Set("code", code)
	query.Set("oa_id", f.OAID)
	query.Set("state", q.Get("state"))
	back.RawQuery = query.Encode()
	w.Header().Set("Location", back.String())
	w.WriteHeader(http.StatusFound)
}

// exchange is the token call of section 12.2. Its refusals have a shape of their
// own, 12.3, and come with HTTP 200.
func (f *Zalo) exchange(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	_ = r.ParseForm()
	form := r.PostForm
	f.mu.Lock()
	defer f.mu.Unlock()
	t := &f.tokens
	t.calls++
	refuse := func(number int, name string) {
		f.calls = append(f.calls, ZaloCall{Host: "oauth", Path: r.URL.Path, Body: form.Get("grant_type"), Error: -1})
		answer := map[string]any{"error_name": name, "error_reason": name, "error_description": name + ", see the documents",
			"ref_doc": "https://developers.zalo.me/docs/social-api/tham-khao/ma-loi"}
		if number != 0 { // it means nothing that could be relied on
			answer["error"] = number
		}
		writeJSON(w, answer)
	}
	bug := func(number int, name string) {
		f.t.Errorf("zalo: the token call is refused: %s", name)
		refuse(number, name)
	}
	switch {
	case kind != "application/x-www-form-urlencoded":
		bug(-14001, "Body is not a form")
		return
	case len(r.URL.RawQuery) > 0:
		bug(-14001, "Parameters stand in the address")
		return
	case form.Get("app_id") != f.AppID:
		refuse(-14002, "Invalid app id")
		return
	case r.Header.Get("secret_key") != f.AppSecret:
		refuse(-14004, "Invalid secret key")
		return
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		code, known := t.codes[form.Get("code")]
		delete(t.codes, form.Get("code")) // works once
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		switch {
		case !known || !f.Now().Before(code.until):
			refuse(-14019, "Invalid authorization code")
			return
		case !verifierForm.MatchString(form.Get("code_verifier")) || base64.RawURLEncoding.EncodeToString(sum[:]) != code.challenge:
			refuse(-14024, "Invalid code verifier")
			return
		}
	case "refresh_token":
		if form.Get("refresh_token") != t.refresh || !f.Now().Before(t.refreshUntil) {
			refuse(0, "Invalid refresh token")
			return
		}
		t.rotated++
	default:
		bug(-14001, "Unknown grant type")
		return
	}
	f.rotate()
	f.calls = append(f.calls, ZaloCall{Host: "oauth", Path: r.URL.Path, Body: form.Get("grant_type")})
	writeJSON(w, map[string]any{"access_token": t.access, "refresh_token": t.refresh, "expires_in": "90000"})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
