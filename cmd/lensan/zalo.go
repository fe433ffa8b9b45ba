package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"lensan/bot/zalo"
	"lensan/store"
)

// zaloTokens keeps the channel's tokens in our database.
type zaloTokens struct{ store.Tokens }

var _ zalo.Store = zaloTokens{}

// Load returns what is kept for an app.
func (s zaloTokens) Load(ctx context.Context, app string) (zalo.Row, error) {
	t, err := s.Tokens.Load(ctx, app)
	return zalo.Row(t), err
}

// Save keeps new tokens.
func (s zaloTokens) Save(ctx context.Context, app string, spent []byte, r zalo.Row) (bool, error) {
	return s.Tokens.Save(ctx, app, spent, store.Token(r))
}

func newRefresher(c Config, db *store.DB, log *slog.Logger) (*zalo.Refresher, error) {
	return zalo.NewRefresher(zalo.RefresherConfig{
		OAuth: &zalo.OAuth{AppID: c.ZaloAppID, AppSecret: string(c.ZaloAppSecret), URL: string(c.ZaloOAuth)},
		Seed:  string(c.ZaloRefresh), Store: zaloTokens{db.Tokens()}, Folder: c.Data, Now: db.Now, Log: log,
	})
}

// newZalo is the configured channel, with what only a running service has.
func newZalo(c Config, tokens zalo.Tokens, with func(*zalo.Config)) (*zalo.Channel, error) {
	zc := zalo.Config{
		AppID: c.ZaloAppID, AppSecret: string(c.ZaloAppSecret), OASecret: string(c.ZaloOASecret),
		APIURL: string(c.ZaloAPI), OAuthURL: string(c.ZaloOAuth), TemplateURL: string(c.ZaloTemplate),
		MaxAge: time.Duration(c.ZaloMaxAge), Tokens: tokens, ContactImage: zaloContactImage(c),
	}
	with(&zc)
	return zalo.New(zc)
}

type zaloCmd struct {
	Login zaloLoginCmd `cmd:"" help:"Let an administrator of the Official Account give us the right to speak for it."`
}

type zaloLoginCmd struct {
	Verifier string `help:"PKCE code verifier, where the app's console keeps a fixed challenge (default: a new one)."`
	Redirect string `help:"Callback address registered in the app's console (default: LENSAN_PUBLIC_URL and /zalo/login)."`
}

// Run walks through the consent: the page at Zalo, the address it leads back to,
// the tokens.
func (l *zaloLoginCmd) Run(ctx context.Context, p *program) error {
	c, err := loadConfig(p.environ)
	switch {
	case err != nil:
		return err
	case c.ZaloAppID == "":
		return errors.New("ZALO_APP_ID: is empty: set it to the id of the app at developers.zalo.me")
	case l.Redirect == "" && c.PublicURL == "":
		return errors.New("LENSAN_PUBLIC_URL: is empty: set it, or say --redirect with the callback address of the app")
	case l.Redirect == "":
		l.Redirect = string(c.PublicURL) + zaloLoginPath
	}
	return p.withDatabase(ctx, func(db *store.DB) error {
		tokens, err := newRefresher(c, db, newLog(p.err, slog.LevelWarn))
		if err != nil {
			return err
		}
		consent := zalo.NewConsent(l.Redirect, l.Verifier)
		fmt.Fprintf(p.out, `1. In the console of the app (developers.zalo.me, Official Account, Callback Url) enter:
   %s
2. As an administrator of the Official Account open this page and agree:
   %s
3. Copy the address of the page you are led to, paste it here and press Enter. It works for ten minutes.
`, l.Redirect, tokens.OAuth.ConsentURL(consent))
		code, oa, err := p.pasted(consent)
		if err != nil {
			return err
		}
		pair, err := tokens.OAuth.Exchange(ctx, code, consent.Verifier)
		if err != nil {
			return fmt.Errorf("no tokens: %w: begin again with `lensan zalo login`", err)
		}
		if err := tokens.Login(ctx, pair); err != nil {
			return fmt.Errorf("the tokens could not be kept: %w: begin again with `lensan zalo login`", err)
		}
		fmt.Fprintln(p.out, "Logged in to the Official Account "+printable(describeOA(ctx, c, tokens, oa))+".")
		return nil
	})
}

// pasted asks until an address is one that Zalo led to.
func (p *program) pasted(consent zalo.Consent) (code, oa string, err error) {
	lines := bufio.NewScanner(io.LimitReader(p.in, 1<<20))
	for lines.Scan() {
		if lines.Text() == "" {
			continue
		}
		if code, oa, err = consent.Returned(lines.Text()); err == nil {
			return code, oa, nil
		}
		fmt.Fprintln(p.out, printable(err.Error())+".")
	}
	return "", "", errors.Join(errors.New("no address was pasted: begin again with `lensan zalo login`"), lines.Err())
}

// describeOA is the account's id, and its name where Zalo tells it.
func describeOA(ctx context.Context, c Config, tokens zalo.Tokens, id string) string {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	channel, err := newZalo(c, tokens, func(*zalo.Config) {})
	if err != nil {
		return id
	}
	oa, err := channel.OA(ctx)
	if err != nil {
		return fmt.Sprintf("%s (its name is not known: %v)", id, err)
	}
	return oa.ID + " " + oa.Name
}
