// Package zalo is the Zalo channel: an Official Account on OpenAPI v3. Signed
// webhook events become messages; replies become consultation messages, and
// outside the platform's window template messages. Everything it says about the
// platform is from reference zalo.md, by section.
package zalo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"lensan/bot"
)

// Name is the channel's name in [bot.Chat].
const Name = "zalo"

// The platform's hosts unless [Config] says otherwise (reference zalo.md section 2).
const (
	OfficialAPI      = "https://openapi.zalo.me"
	OfficialOAuth    = "https://oauth.zaloapp.com"
	OfficialTemplate = "https://business.openapi.zalo.me"
)

// Config is what the channel needs to know.
type Config struct {
	AppID     string
	AppSecret string // proves each call's token; empty: no proof is sent (section 2)
	OASecret  string // signs webhooks; empty: every request is refused (section 13.2)

	APIURL      string // base addresses; empty: the official ones
	OAuthURL    string
	TemplateURL string

	// MaxAge is the greatest age of a webhook with a numeric timestamp; 0: any.
	// The platform repeats an event for two hours, so less than three loses some.
	MaxAge time.Duration

	Tokens   Tokens
	Open     func(ctx context.Context, key string) (io.ReadCloser, error) // a file to be sent; nil: none is
	Template func(name string) (Template, bool)                           // nil: there are none
	Metrics  *Metrics                                                     // nil: nothing is counted

	// ContactImage is the https address of the picture that the request for a
	// phone number must carry (section 3.6). Empty: people type their number.
	ContactImage string

	// What public texts disagree on (section 16); the zero values are the safe choice.
	ButtonTemplate bool   // messages with buttons name the template "button"
	UploadPath     string // empty: /v2.0/oa/upload
	TemplatePath   string // of a template by user id; empty: /v3.0/oa/message/template

	Now        func() time.Time // nil: time.Now
	HTTPClient *http.Client     // of calls; nil: one with a large pool of connections

	// FileHosts are the hosts files are fetched from, with all hosts below them;
	// one with a port is that host alone. Nil: those of section 13.7.
	FileHosts    []string
	FilesPrivate bool // files may lie at private addresses: for tests
}

// Template is an approved message template as the office configured it.
type Template struct {
	ID     string
	Params map[string]string // name of the parameter -> its type (section 9.1: "name", "date" …), which bounds its length
}

// Channel is an Official Account. It is safe for concurrent use.
type Channel struct {
	cfg     Config
	http    *http.Client // calls
	files   *http.Client // downloads
	secrets bot.Secrets
	upload  *uploads

	pace    pace
	alert   alert
	account account
	left    left
	said    said
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Fetcher = (*Channel)(nil)
)

// New checks the form of the addresses and returns the channel. It calls
// nobody, so the program starts also when Zalo cannot be reached.
func New(cfg Config) (*Channel, error) {
	var faults []error
	base := func(address *string, official, what string) {
		if *address == "" {
			*address = official
		}
		*address = strings.TrimRight(*address, "/")
		if u, err := url.Parse(*address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			faults = append(faults, fmt.Errorf("zalo: the %s address is not an http(s) address", what))
		}
	}
	base(&cfg.APIURL, OfficialAPI, "API")
	base(&cfg.OAuthURL, OfficialOAuth, "OAuth")
	base(&cfg.TemplateURL, OfficialTemplate, "template")
	if u, err := url.Parse(cfg.ContactImage); cfg.ContactImage != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		faults = append(faults, errors.New("zalo: the picture for the request for a phone number is not an https address"))
	}
	if cfg.AppID == "" {
		faults = append(faults, errors.New("zalo: the app id is empty"))
	}
	if cfg.Tokens == nil {
		faults = append(faults, errors.New("zalo: nothing gives access tokens"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if cfg.UploadPath == "" {
		cfg.UploadPath = "/v2.0/oa/upload"
	}
	if cfg.TemplatePath == "" {
		cfg.TemplatePath = "/v3.0/oa/message/template"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Template == nil {
		cfg.Template = func(string) (Template, bool) { return Template{}, false }
	}
	if cfg.FileHosts == nil {
		cfg.FileHosts = fileHosts
	}
	return &Channel{
		cfg:     cfg,
		http:    bot.NewClient(cfg.HTTPClient),
		files:   fileClient(cfg.FileHosts, cfg.FilesPrivate),
		secrets: bot.NewSecrets(cfg.AppSecret, cfg.OASecret),
		upload:  newUploads(),
	}, nil
}

// Name is "zalo".
func (c *Channel) Name() string { return Name }

// Can tells Zalo's limits: texts of 2,000 characters, less 5 % because nothing
// public says how they are counted (section 16), and 5 buttons of 100 (section
// 4). No source promises that every app draws the buttons, so the options stand
// in the text too.
func (c *Channel) Can() bot.Abilities {
	contact := c.cfg.ContactImage != ""
	return bot.Abilities{
		Buttons: 5, Label: 100, Text: 1900, Count: count, Numbered: true,
		Contact: contact, Alone: contact,
		Carries: func(a bot.Attachment) bool { return c.cfg.Open != nil && carries(a) },
	}
}

// count is the length of a text by the strictest reading: in UTF-16 units, as
// it is and in NFC (section 3.2).
func count(s string) int { return max(bot.UTF16Len(s), bot.UTF16Len(norm.NFC.String(s))) }
