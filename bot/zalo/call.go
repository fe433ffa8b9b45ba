package zalo

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lensan/bot"
)

// callTimeout bounds every call, also when the caller sets no deadline.
const callTimeout = 10 * time.Second

// request is a call before it has a token.
type request struct {
	host        host
	method      string
	path        string
	contentType string
	body        []byte
}

// post is a call with a JSON body.
func post(h host, path string, body any) (request, error) {
	b, err := encode(body)
	return request{h, http.MethodPost, path, "application/json", b}, err
}

// call makes a call and decodes the data of its answer. With a token that the
// platform refuses it is made once more with another (section 12.4, rule 7).
// Errors: *bot.Wait when nothing can have gone out, bot.ErrUnknown, *refusal.
func (c *Channel) call(ctx context.Context, r request, data any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	token, err := c.cfg.Tokens.Token(ctx)
	if err != nil {
		return c.noToken(err)
	}
	err = c.once(ctx, r, token, data)
	if !refused(err, refresh) {
		return err
	}
	if token, err = c.cfg.Tokens.Renew(ctx, token); err != nil {
		return c.noToken(err)
	}
	if err = c.once(ctx, r, token, data); refused(err, refresh) {
		err = fmt.Errorf("%w, also a new one: run lensan zalo login", err)
		c.raise(r.path, err)
		return &bot.Wait{After: tokenPause}
	}
	return err
}

// tokenPause is how long a reply waits for a token: a person may have to log in.
const tokenPause = 30 * time.Second

// noToken keeps what was to be sent: nothing has gone out, and a token will
// come. Who gives tokens raises the alarm.
func (c *Channel) noToken(err error) error {
	wait := (*bot.Wait)(nil)
	if !errors.As(err, &wait) {
		wait = &bot.Wait{After: tokenPause}
	}
	return wait
}

// once makes a call with a token.
func (c *Channel) once(ctx context.Context, r request, token string, data any) error {
	base := c.cfg.APIURL
	if r.host == template {
		base = c.cfg.TemplateURL
	}
	req, err := http.NewRequestWithContext(ctx, r.method, base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return errors.New("zalo: the address of the call is not one")
	}
	req.Header.Set("access_token", token) // section 2: not a Bearer
	if c.cfg.AppSecret != "" {
		req.Header.Set("appsecret_proof", proof(c.cfg.AppSecret, token))
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	got, err := bot.Call(c.http, req)
	if errors.Is(err, bot.ErrUnknown) {
		c.pace.doubt()
	}
	if err != nil {
		return err
	}
	return c.answered(r, got, token, data)
}

// proof ties a token to the app (section 2).
func proof(secret, token string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}

// answered reads an answer. Errors come with HTTP 200; a body that is not JSON
// or has no error number is not the platform's (section 2).
func (c *Channel) answered(r request, got bot.Response, token string, data any) error {
	var a struct {
		Error   number          `json:"error"`
		Message json.RawMessage `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if json.Unmarshal(got.Body, &a) != nil || !a.Error.told {
		if got.Status == http.StatusTooManyRequests {
			return c.pace.slow()
		}
		c.pace.doubt()
		return fmt.Errorf("%w: an answer that is not Zalo's, status %d", bot.ErrUnknown, got.Status)
	}
	if a.Error.n == 0 {
		c.pace.well()
		c.calm(r.path)
		if data == nil || len(a.Data) == 0 {
			return nil
		}
		if err := json.Unmarshal(a.Data, data); err != nil {
			return errors.New("zalo: the answer has another form than documented")
		}
		return nil
	}
	k := code{r.host, a.Error.n}
	said := strings.ReplaceAll(string(bytes.Trim(a.Message, `"`)), token, "•••")
	err := &refusal{k, rules[k], c.secrets.Short(said)}
	switch err.do {
	case slow:
		return c.pace.slow()
	case human, halt:
		c.raise(r.path, err)
	}
	return err
}
