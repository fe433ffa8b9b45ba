package zalo

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"lensan/bot"
)

const (
	oauthTime = 8 * time.Second // of one call of the OAuth server
	tokenLife = 25 * time.Hour  // of an access token; a longer one is not believed
)

// OAuth is a client of Zalo's OAuth v4 for an Official Account (reference
// zalo.md section 12).
type OAuth struct {
	AppID, AppSecret string
	URL              string       // base address; empty: [OfficialOAuth]
	HTTPClient       *http.Client // nil: one that follows no redirect
}

// Pair is what a call of the token endpoint brings. The access token it replaces
// is dead, and so is the refresh token it was called with.
type Pair struct {
	Access, Refresh string
	Life            time.Duration // of the access token
}

// OAuthError is an answer of the OAuth server other than tokens.
type OAuthError struct {
	What  string // in its words, without our secrets
	Spent bool   // it says that the refresh token is not, or no longer, good
}

func (r *OAuthError) Error() string { return "the OAuth server refuses: " + r.What }

// errNotSent is a call that never left us: nothing is spent.
var errNotSent = errors.New("the OAuth server cannot be reached")

// Consent is one way of an OA's admin through Zalo's consent page and back.
type Consent struct {
	Redirect string // address Zalo sends the browser to; registered in the console of the app
	Verifier string // PKCE: 43 to 128 of A-Z a-z 0-9 - . _ ~
	State    string // comes back with the code
}

// NewConsent begins a consent. An empty verifier becomes a random one; one that
// is given belongs to the fixed challenge some consoles keep (disputed).
func NewConsent(redirect, verifier string) Consent {
	if verifier == "" {
		b := make([]byte, 32) // 43 characters
		_, _ = rand.Read(b)
		verifier = base64.RawURLEncoding.EncodeToString(b)
	}
	return Consent{Redirect: redirect, Verifier: verifier, State: rand.Text()}
}

// ConsentURL is the page where the admin lets the app speak for the OA (section
// 12.1).
func (o *OAuth) ConsentURL(c Consent) string {
	challenge := sha256.Sum256([]byte(c.Verifier))
	return o.base() + "/v4/oa/permission?" + url.Values{
		"app_id": {o.AppID}, "redirect_uri": {c.Redirect}, "state": {c.State},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}.Encode()
}

// Returned reads the address the browser ended on. The code works once, for
// about ten minutes.
func (c Consent) Returned(address string) (code, oa string, err error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return "", "", errors.New("that is not an address: copy the whole line, from https:// on")
	}
	q := u.Query()
	switch {
	case q.Get("code") == "" && q.Get("error") != "":
		return "", "", fmt.Errorf("refused by Zalo: %s %s", q.Get("error"), q.Get("error_description"))
	case q.Get("code") == "":
		return "", "", errors.New("the address holds no code: copy it from the page Zalo led to after the consent")
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(c.State)) != 1:
		return "", "", errors.New("the address belongs to another login: open the consent page above, and copy the address it leads to")
	}
	return q.Get("code"), q.Get("oa_id"), nil
}

// Exchange turns a code into tokens (section 12.2).
func (o *OAuth) Exchange(ctx context.Context, code, verifier string) (Pair, error) {
	return o.call(ctx, url.Values{"code": {code}, "app_id": {o.AppID}, "grant_type": {"authorization_code"}, "code_verifier": {verifier}})
}

// Refresh spends a refresh token for new tokens (section 12.2). Errors: a
// *[OAuthError]; [bot.ErrUnknown] when it may have been spent; any other: it was
// not.
func (o *OAuth) Refresh(ctx context.Context, token string) (Pair, error) {
	return o.call(ctx, url.Values{"refresh_token": {token}, "app_id": {o.AppID}, "grant_type": {"refresh_token"}})
}

func (o *OAuth) base() string {
	if o.URL == "" {
		return OfficialOAuth
	}
	return strings.TrimRight(o.URL, "/")
}

// oauthClient is used where none is given.
var oauthClient = bot.NewClient(nil)

func (o *OAuth) client() *http.Client {
	if o.HTTPClient != nil {
		return o.HTTPClient
	}
	return oauthClient
}

func (o *OAuth) call(ctx context.Context, form url.Values) (Pair, error) {
	ctx, cancel := context.WithTimeout(ctx, oauthTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.base()+"/v4/oa/access_token", strings.NewReader(form.Encode()))
	if err != nil {
		return Pair{}, errNotSent
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("secret_key", o.AppSecret)
	got, err := bot.Call(o.client(), req)
	if wait := (*bot.Wait)(nil); errors.As(err, &wait) {
		return Pair{}, errNotSent
	}
	if err != nil {
		return Pair{}, fmt.Errorf("the OAuth server: %w", err)
	}
	return o.read(got.Status, got.Body, form)
}

// read reads an answer. Success is both tokens and nothing else: an error may
// come with status 200 and without a number (section 12.3).
func (o *OAuth) read(status int, body []byte, form url.Values) (Pair, error) {
	var a struct {
		Access  string          `json:"access_token"`
		Refresh string          `json:"refresh_token"`
		Expires json.RawMessage `json:"expires_in"` // a string in practice
		Error   json.RawMessage `json:"error"`
		Name    string          `json:"error_name"`
		Reason  string          `json:"error_reason"`
		What    string          `json:"error_description"`
		Message string          `json:"message"`
	}
	err := json.Unmarshal(body, &a)
	if a.Access != "" && a.Refresh != "" {
		return Pair{a.Access, a.Refresh, life(a.Expires)}, nil
	}
	if err != nil || status == http.StatusTooManyRequests || status >= 500 {
		return Pair{}, fmt.Errorf("%w: the OAuth server answers with status %d and no tokens", bot.ErrUnknown, status)
	}
	if a.Access != "" || a.Refresh != "" {
		return Pair{}, fmt.Errorf("%w: the OAuth server answers with one token instead of two", bot.ErrUnknown)
	}
	var words []string
	for _, w := range []string{string(a.Error), a.Name, a.Reason, a.What, a.Message} {
		if w != "" && w != "null" {
			words = append(words, w)
		}
	}
	what := strings.Join(words, ", ")
	said := strings.ReplaceAll(strings.ToLower(what), "_", " ")
	return Pair{}, &OAuthError{What: bot.NewSecrets(o.AppSecret, form.Get("refresh_token"), form.Get("code"), form.Get("code_verifier")).Short(what), Spent: strings.Contains(said, "refresh token")}
}

// life reads how long an access token is good: seconds, as a number or a string.
func life(expires []byte) time.Duration {
	n, err := strconv.ParseInt(strings.Trim(string(expires), `"`), 10, 32)
	if err != nil || n <= 0 {
		return tokenLife
	}
	return min(time.Duration(n)*time.Second, tokenLife)
}
