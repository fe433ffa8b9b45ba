package zalo_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/bot/zalo"
	"lensan/store"
)

// kept is the tokens' place in a real database, as cmd/lensan has it.
type kept struct {
	store.Tokens
	away atomic.Int32 // so many saves fail
}

func (k *kept) Load(ctx context.Context, app string) (zalo.Row, error) {
	t, err := k.Tokens.Load(ctx, app)
	return zalo.Row(t), err
}

func (k *kept) Save(ctx context.Context, app string, spent []byte, r zalo.Row) (bool, error) {
	if k.away.Add(-1) >= 0 {
		return false, errors.New("the database is away")
	}
	return k.Tokens.Save(ctx, app, spent, store.Token(r))
}

// office is an Official Account with replicas of ours.
type office struct {
	t    *testing.T
	fake *bottest.Zalo
	url  string
	db   *store.DB // of the clock
	kept *kept
	log  lines
	data string // folder of the replicas
}

// lines is a log that several write.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) count(word string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), word)
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, fake: bottest.NewZalo(t), url: bottest.Database(t), data: t.TempDir()}
	o.db = o.open()
	o.kept = &kept{Tokens: o.db.Tokens()}
	o.fake.Now = o.db.Now
	return o
}

func (o *office) open() *store.DB {
	db, err := store.Open(o.t.Context(), o.url)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(db.Close)
	return db
}

// replica is a process that is given a refresh token in its environment.
func (o *office) replica(seed string) *zalo.Refresher {
	o.t.Helper()
	r, err := zalo.NewRefresher(zalo.RefresherConfig{
		OAuth: &zalo.OAuth{AppID: o.fake.AppID, AppSecret: o.fake.AppSecret, URL: o.fake.OAuthURL},
		Seed:  seed, Store: o.kept, Folder: o.data, Now: o.db.Now, Log: slog.New(slog.NewJSONHandler(&o.log, nil)),
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// good expects a token that the platform takes.
func (o *office) good(token string, err error) {
	o.t.Helper()
	if err != nil || token != o.fake.Access() {
		o.t.Errorf("token %q, %v; the platform takes %q", token, err, o.fake.Access())
	}
}

// none expects an error that lets a reply wait.
func (o *office) none(token string, err error) {
	o.t.Helper()
	var wait *bot.Wait
	if token != "" || !errors.As(err, &wait) || wait.After <= 0 {
		o.t.Errorf("token %q, %v", token, err)
	}
}

func (o *office) calls(refreshes, calls int) {
	o.t.Helper()
	if o.fake.Refreshes() != refreshes || o.fake.TokenCalls() != calls {
		o.t.Errorf("%d refreshes in %d calls, want %d in %d", o.fake.Refreshes(), o.fake.TokenCalls(), refreshes, calls)
	}
}

func (o *office) row() zalo.Row {
	o.t.Helper()
	k, err := o.kept.Load(o.t.Context(), o.fake.AppID)
	if err != nil {
		o.t.Fatal(err)
	}
	return k
}

func (o *office) later(d time.Duration) { o.db.SetClock(o.db.Now().Add(d)) }

// consent is an administrator who goes through the login.
func (o *office) consent() (zalo.Pair, error) {
	o.fake.Redirect = "https://lensan.example.vn/zalo/login"
	auth := &zalo.OAuth{AppID: o.fake.AppID, AppSecret: o.fake.AppSecret, URL: o.fake.OAuthURL}
	c := zalo.NewConsent(o.fake.Redirect, "")
	address, err := o.fake.Approve(auth.ConsentURL(c))
	if err != nil {
		return zalo.Pair{}, err
	}
	code, _, err := c.Returned(address)
	if err != nil {
		return zalo.Pair{}, err
	}
	return auth.Exchange(o.t.Context(), code, c.Verifier)
}
