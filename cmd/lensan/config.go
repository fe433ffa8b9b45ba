package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/jackc/pgx/v5"

	"lensan/store"
)

// Config is everything the environment says. Tokens and ids are opaque: of them
// only emptiness is looked at.
type Config struct {
	Addr      string `env:"LENSAN_ADDR" envDefault:"127.0.0.1:8080" help:"where to listen"`
	PublicURL webURL `env:"LENSAN_PUBLIC_URL" help:"the https address the platforms reach us at; without it links are left out"`
	Data      string `env:"LENSAN_DATA" help:"folder of the private servers, the spool and files (default: one for the user)"`
	Files     string `env:"LENSAN_FILES" help:"where photos are kept: file:///folder or s3://bucket?endpoint=… (default: under LENSAN_DATA)"`
	Content   string `env:"LENSAN_CONTENT" help:"folder of what an office may change (default: a sample office)"`
	Now       moment `env:"LENSAN_NOW" help:"the clock's start for tests and demos (RFC 3339)"`

	DatabaseURL secret `env:"DATABASE_URL" help:"Postgres 14 or newer (default: a private one from the installed binaries)"`
	RedisURL    secret `env:"REDIS_URL" help:"Redis 6.2 or newer, or a Cluster (default: a private redis-server)"`

	TelegramToken  secret `env:"TELEGRAM_TOKEN" help:"of the bot, from @BotFather; turns Telegram on"`
	TelegramSecret secret `env:"TELEGRAM_WEBHOOK_SECRET" help:"what Telegram sends along to prove itself: 1-256 of A-Z a-z 0-9 _ -"`
	TelegramAPI    webURL `env:"TELEGRAM_API_URL" help:"base address of the Bot API (default: the official one)"`

	ZaloAppID     string `env:"ZALO_APP_ID" help:"of the Zalo app; turns Zalo on"`
	ZaloAppSecret secret `env:"ZALO_APP_SECRET" help:"of the Zalo app; the tokens are sealed with it too"`
	ZaloOASecret  secret `env:"ZALO_OA_SECRET" help:"the OA secret key on the app's webhook page: with it Zalo signs what it sends"`
	ZaloRefresh   secret `env:"ZALO_REFRESH_TOKEN" help:"a first refresh token, in place of lensan zalo login"`
	ZaloAPI       webURL `env:"ZALO_API_URL" help:"base address of the OA API (default: the official one)"`
	ZaloOAuth     webURL `env:"ZALO_OAUTH_URL" help:"base address of Zalo's OAuth server (default: the official one)"`
	ZaloTemplate  webURL `env:"ZALO_TEMPLATE_URL" help:"base address for templates by phone number (default: the official one)"`
	ZaloMaxAge    span   `env:"ZALO_MAX_AGE" help:"older webhooks are refused, like 3h; Zalo repeats one for two hours (default: 0, any age)"`

	WebChat *toggle `env:"LENSAN_WEB_CHAT" help:"true or false: the page at /chat (default: on in the demo, else off)"`
}

// secret is a value that is never printed.
type secret string

const dots = "•••"

func (s secret) String() string {
	if s == "" {
		return ""
	}
	return dots
}

// GoString hides the value from %#v.
func (s secret) GoString() string { return s.String() }

// MarshalText hides the value from encoders.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the value from logs.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// webURL is an http or https address without a slash at its end.
type webURL string

// UnmarshalText reads an address from the environment.
func (w *webURL) UnmarshalText(text []byte) error {
	u, err := url.Parse(string(text))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("is not a base address: write it like https://lensan.example.vn")
	}
	*w = webURL(strings.TrimRight(string(text), "/"))
	return nil
}

// moment is a point in time; zero: none is said.
type moment struct{ time.Time }

// UnmarshalText reads a time from the environment.
func (m *moment) UnmarshalText(text []byte) (err error) {
	if m.Time, err = time.Parse(time.RFC3339, string(text)); err != nil {
		return fmt.Errorf("%q is not a time: write it like 2026-11-22T09:00:00+07:00", text)
	}
	return nil
}

// span is a length of time, zero or more.
type span time.Duration

// UnmarshalText reads a length of time from the environment.
func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 {
		return fmt.Errorf("%q is not a length of time: write it like 3h, or 0 for any", text)
	}
	*s = span(d)
	return nil
}

// toggle is true or false.
type toggle bool

// UnmarshalText reads true or false from the environment.
func (t *toggle) UnmarshalText(text []byte) error {
	b, err := strconv.ParseBool(string(text))
	if err != nil {
		return fmt.Errorf("%q is neither true nor false: write one of the two", text)
	}
	*t = toggle(b)
	return nil
}

// loadConfig reads the environment. The error has a line for every variable
// that is wrong, each with what to do.
func loadConfig(environ []string) (Config, error) {
	given := env.ToMap(environ)
	for name, value := range given {
		if strings.TrimSpace(value) == "" { // as a compose file leaves them
			delete(given, name)
		}
	}
	var c Config
	var faults []error
	err := env.ParseWithOptions(&c, env.Options{Environment: given})
	var all env.AggregateError
	if errors.As(err, &all) {
		for _, e := range all.Errors {
			var p env.ParseError
			if errors.As(e, &p) {
				field, _ := reflect.TypeFor[Config]().FieldByName(p.Name)
				e = fmt.Errorf("%s: %w", field.Tag.Get("env"), p.Err)
			}
			faults = append(faults, e)
		}
	} else if err != nil {
		faults = append(faults, err)
	}
	faults = append(faults, c.check()...)
	if len(faults) > 0 {
		return c, fmt.Errorf("the configuration is wrong:\n%w", errors.Join(faults...))
	}
	if c.Data == "" {
		c.Data, err = defaultData()
	}
	if err == nil {
		c.Data, err = filepath.Abs(c.Data)
	}
	if err != nil {
		return c, fmt.Errorf("no folder for data: set LENSAN_DATA: %w", err)
	}
	if c.Files == "" {
		c.Files = (&url.URL{Scheme: "file", Path: filepath.Join(c.Data, "files")}).String()
	}
	return c, nil
}

// check finds what is wrong in form, or missing beside something else. Values
// that may hold a password are not repeated.
func (c Config) check() []error {
	var faults []error
	fault := func(name, what string) { faults = append(faults, fmt.Errorf("%s: %s", name, what)) }
	if host, port, err := net.SplitHostPort(c.Addr); err != nil || !isPort(port) || strings.ContainsAny(host, "/ ") {
		fault("LENSAN_ADDR", fmt.Sprintf("%q is not an address to listen at: write it like 127.0.0.1:8080 or :8080", c.Addr))
	}
	if c.DatabaseURL != "" {
		if _, err := pgx.ParseConfig(string(c.DatabaseURL)); err != nil {
			fault("DATABASE_URL", "is not the address of a Postgres: write it like postgres://user:password@host:5432/lensan")
		}
	}
	if c.RedisURL != "" {
		live, err := store.OpenLive(string(c.RedisURL)) // connects to nobody
		if err != nil {
			fault("REDIS_URL", "is not the address of a Redis: write it like redis://:password@host:6379/0; of a Cluster, redis://host:6379?addr=host2:6379")
		} else if err := live.Close(); err != nil {
			fault("REDIS_URL", err.Error())
		}
	}
	if u, err := url.Parse(c.Files); c.Files != "" && (err != nil || !isFiles(u)) {
		fault("LENSAN_FILES", "is no place for files: write file:///folder or s3://bucket?endpoint=https://…")
	}
	if info, err := os.Stat(c.Content); c.Content != "" && (err != nil || !info.IsDir()) {
		fault("LENSAN_CONTENT", fmt.Sprintf("%q is not a folder that can be read: name one, or leave it out for the sample office", c.Content))
	}
	if c.TelegramToken != "" && c.TelegramSecret == "" {
		fault("TELEGRAM_WEBHOOK_SECRET", "is empty, but TELEGRAM_TOKEN is set: without it anybody could write in a person's name. Choose 32 random letters and digits, then run `lensan webhook set`")
	}
	if c.ZaloAppID != "" && c.ZaloAppSecret == "" {
		fault("ZALO_APP_SECRET", "is empty, but ZALO_APP_ID is set: copy the app's secret key from its page at developers.zalo.me")
	}
	if c.ZaloAppID != "" && c.ZaloOASecret == "" {
		fault("ZALO_OA_SECRET", "is empty, but ZALO_APP_ID is set: without it anybody could write in a person's name. Copy the OA secret key from the webhook page of the app")
	}
	return faults
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 65535
}

func isFiles(u *url.URL) bool {
	return u.Scheme == "file" && u.Host == "" && filepath.IsAbs(u.Path) || u.Scheme == "s3" && u.Host != ""
}

// Demo tells whether nothing is configured: private servers, sample data and the
// web chat.
func (c Config) Demo() bool {
	return c.DatabaseURL == "" && c.RedisURL == "" && c.TelegramToken == "" && c.ZaloAppID == ""
}

// webChat tells whether the page at /chat is on.
func (c Config) webChat() bool {
	if c.WebChat != nil {
		return bool(*c.WebChat)
	}
	return c.Demo()
}

// defaultData is a folder for the user. Root's home is mostly closed to the
// users the private servers run as, so root has one elsewhere.
func defaultData() (string, error) {
	if os.Getuid() == 0 {
		if err := os.MkdirAll("/var/lib/lensan", 0o711); err == nil {
			return "/var/lib/lensan", nil
		}
		return "/var/tmp/lensan", nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "lensan"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "lensan"), err
}

// environmentHelp lists every variable.
func environmentHelp() string {
	var b strings.Builder
	for field := range reflect.TypeFor[Config]().Fields() {
		help := field.Tag.Get("help")
		if value := field.Tag.Get("envDefault"); value != "" {
			help += " (default: " + value + ")"
		}
		fmt.Fprintf(&b, "  %-24s %s\n", field.Tag.Get("env"), help)
	}
	return b.String()
}
