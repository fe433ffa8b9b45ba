// Package telegram is the Telegram channel: webhook updates become messages,
// replies become sendMessage, sendPhoto and sendDocument calls. It has its own webhook reading, because
// go-telegram/bot answers 200 before anything is kept and to forged requests
// too; of the library we use the types and the client.
package telegram

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"golang.org/x/sync/semaphore"

	"lensan/bot"
)

// Name is the channel's name in [bot.Chat].
const Name = "telegram"

// OfficialAPI is where the Bot API is unless [Config] says otherwise.
const OfficialAPI = "https://api.telegram.org"

// callTimeout bounds every call of the Bot API, also when the caller sets no
// deadline. An ordinary one takes a tenth of a second.
const callTimeout = 10 * time.Second

// Config is what the channel needs to know.
type Config struct {
	Token      string       // from @BotFather: "<bot id>:<key>"
	Secret     string       // of the webhook; empty: every request is refused
	APIURL     string       // base address of the Bot API; empty: [OfficialAPI]
	HTTPClient *http.Client // nil: one with a large pool of connections

	// Open opens a file to be sent, by its key. Nil: no file is sent, only its link.
	Open func(ctx context.Context, key string) (io.ReadCloser, error)
}

// Channel is a Telegram bot. It is safe for concurrent use.
type Channel struct {
	account string // the bot's id
	secret  string
	base    string // APIURL/botTOKEN/
	http    *http.Client
	api     *tg.Bot // for everything but sending, see [Channel.Send]
	secrets bot.Secrets
	open    func(ctx context.Context, key string) (io.ReadCloser, error)
	held    *semaphore.Weighted // bytes of files in memory
}

var (
	_ bot.Channel      = (*Channel)(nil)
	_ bot.Acknowledger = (*Channel)(nil)
	_ bot.Fetcher      = (*Channel)(nil)
)

// New checks the configuration and returns the channel. It calls nobody, so
// the program starts also when Telegram cannot be reached.
func New(cfg Config) (*Channel, error) {
	if cfg.Token == "" {
		return nil, errors.New("telegram: the token is empty")
	}
	base := strings.TrimRight(cfg.APIURL, "/")
	if base == "" {
		base = OfficialAPI
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("telegram: the API address is not an http(s) address")
	}
	if _, err := url.Parse(base + "/bot" + cfg.Token); err != nil { // its text would show the token
		return nil, errors.New("telegram: the token has characters that cannot stand in an address")
	}
	c := &Channel{
		account: account(cfg.Token),
		secret:  cfg.Secret,
		base:    base + "/bot" + cfg.Token + "/",
		http:    bot.NewClient(cfg.HTTPClient),
		secrets: bot.NewSecrets(cfg.Token, cfg.Secret),
		open:    cfg.Open,
		held:    semaphore.NewWeighted(maxHeld),
	}
	c.api, err = tg.New(cfg.Token,
		tg.WithSkipGetMe(),
		tg.WithServerURL(base),
		tg.WithHTTPClient(callTimeout, buffered{c.http}),
		tg.WithErrorsHandler(func(error) {}), // its default prints; errors are returned as well
	)
	if err != nil {
		return nil, c.redact(err)
	}
	return c, nil
}

// Name is "telegram".
func (c *Channel) Name() string { return Name }

// Can tells Telegram's limits. A message may have 100 buttons; 24 is what
// people can look through on a small phone.
// Source: Bot API, sendMessage (text 1-4096 characters).
func (c *Channel) Can() bot.Abilities {
	return bot.Abilities{Buttons: 24, Label: 64, Text: 4096, Count: bot.UTF16Len, Contact: true, Carries: c.carries}
}

// account is the bot's id: what stands before the colon of its token. A token
// of another form must not end up in keys, so it is hashed.
func account(token string) string {
	if id, _, ok := strings.Cut(token, ":"); ok && id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:6])
}

// buffered gives the library's requests a body that can be sent again. The
// library writes them through a pipe; with that, a kept connection that the
// server has closed meanwhile is an error instead of a second try.
type buffered struct{ *http.Client }

func (b buffered) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	again, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	again.Header = r.Header
	return b.Client.Do(again)
}

// redact makes an error fit for logs: without our secrets, and short, because
// the library puts whole answers into its errors. Nothing can be unwrapped from
// it: an inner *url.Error would bring the token back.
func (c *Channel) redact(err error) error {
	return fmt.Errorf("telegram: %s", c.secrets.Short(err.Error()))
}
