package zalo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/bot"
)

const (
	claimTime  = 30 * time.Second // longer than all a call may take: two of oauthTime and the pause between them
	againAfter = 2 * time.Second  // the same refresh token is tried again after a call of unknown outcome
	freshTime  = time.Minute      // a token obtained so lately is not renewed, whatever it is refused for
	margin     = 5 * time.Minute  // before its end a token is not used any more
	lookEvery  = time.Minute      // the row is looked at so often
	waitEvery  = 200 * time.Millisecond
	storeTime  = 5 * time.Second  // of one statement
	saveEvery  = time.Second      // new tokens are saved again and again
	needsWait  = 10 * time.Second // a reply waits so long before it asks again whether a person has logged in
)

// never is how long a refused refresh token is not tried again.
const never = 100 * 365 * 24 * time.Hour

// RefresherConfig is what a [Refresher] is made of.
type RefresherConfig struct {
	OAuth  *OAuth
	Seed   string // a refresh token from outside (ZALO_REFRESH_TOKEN); may be empty
	Store  Store
	Folder string // where new tokens are, sealed, until they are in the store; empty: in memory alone
	Now    func() time.Time
	Log    *slog.Logger
}

// Refresher keeps the tokens of an app alive for all replicas, by the rules of
// reference zalo.md section 12.4: a refresh token is good for one call, and what
// becomes of its answer decides whether the OA can speak.
type Refresher struct {
	RefresherConfig
	app  string
	seal *seal

	turn  chan struct{}       // held by whoever renews in this process
	work  sync.WaitGroup      // calls in hand
	last  atomic.Pointer[Row] // as last read
	ready atomic.Bool         // what there was at the start is in the store
	told  atomic.Int64        // the alarm that was logged last: since when it is needed, in Unix seconds
	share float64             // of a token's life after which this replica renews it
}

var _ Tokens = (*Refresher)(nil)

// NewRefresher returns a refresher. It calls nobody.
func NewRefresher(c RefresherConfig) (*Refresher, error) {
	s, err := newSeal(c.OAuth.AppID, c.OAuth.AppSecret)
	if err != nil {
		return nil, err
	}
	r := &Refresher{RefresherConfig: c, app: c.OAuth.AppID, seal: s, turn: make(chan struct{}, 1), share: 0.78 + 0.04*rand.Float64()}
	r.last.Store(&Row{})
	return r, nil
}

// Register shows the state of the tokens, as last read, in /metrics.
func (r *Refresher) Register(to prometheus.Registerer) {
	gauge := func(name, help string, f func(*Row) float64) {
		to.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return f(r.last.Load()) }))
	}
	unix := func(t time.Time) float64 {
		if t.IsZero() {
			return 0
		}
		return float64(t.Unix())
	}
	gauge("lensan_zalo_login_needed", "1: a person has to run lensan zalo login; until then nothing is sent on Zalo.", func(k *Row) float64 {
		if k.Login.IsZero() {
			return 0
		}
		return 1
	})
	gauge("lensan_zalo_token_obtained_timestamp_seconds", "When the access token was obtained; 0: there is none.", func(k *Row) float64 { return unix(k.Obtained) })
	gauge("lensan_zalo_token_expires_timestamp_seconds", "When the access token ends; 0: there is none.", func(k *Row) float64 { return unix(k.Expires) })
}

// Run renews the tokens well before they end, until ctx does. It returns when no
// call is in hand any more: an answer must not be lost.
func (r *Refresher) Run(ctx context.Context) {
	defer r.work.Wait()
	for {
		if _, err := r.next(ctx, "", r.due); err != nil {
			r.alarm(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery - time.Duration(rand.Int64N(int64(lookEvery/4)))):
		}
	}
}

// alarm logs, once, that a person has to log in.
func (r *Refresher) alarm(err error) {
	k := r.last.Load()
	if since := k.Login.Unix(); (k.Refresh == nil || !k.Login.IsZero()) && r.told.Swap(since) != since {
		r.Log.Error("a person has to run lensan zalo login, or nothing can be sent on Zalo", "error", err)
	}
}

// Token returns an access token that is good for a while yet.
func (r *Refresher) Token(ctx context.Context) (string, error) {
	if k := r.last.Load(); r.valid(k) {
		return r.access(k)
	}
	return r.next(ctx, "", func(k *Row) bool { return !r.valid(k) })
}

// Renew returns a token other than the one refused, unless that was obtained a
// moment ago: then the fault is another.
func (r *Refresher) Renew(ctx context.Context, refused string) (string, error) {
	return r.next(ctx, refused, func(k *Row) bool {
		return !r.valid(k) || r.Now().Sub(k.Obtained) > freshTime && r.is(k, refused)
	})
}

// valid tells whether the access token may be used.
func (r *Refresher) valid(k *Row) bool {
	return len(k.Access) > 0 && r.Now().Before(k.Expires.Add(-min(margin, k.Expires.Sub(k.Obtained)/10)))
}

// is tells whether the row's access token is this one.
func (r *Refresher) is(k *Row, token string) bool {
	access, err := r.seal.open(k.Access)
	return err == nil && access == token
}

func (r *Refresher) access(k *Row) (string, error) {
	token, err := r.seal.open(k.Access)
	if err != nil {
		return "", r.wait(err, needsWait)
	}
	return token, nil
}

// due tells whether the access token is to be renewed: at about four fifths of
// its life, not all replicas at the same moment.
func (r *Refresher) due(k *Row) bool {
	return len(k.Access) == 0 || !r.Now().Before(k.Obtained.Add(time.Duration(r.share*float64(k.Expires.Sub(k.Obtained)))))
}

// Look reads the row. The first time it puts in what an earlier process left, and
// the token from the environment.
func (r *Refresher) Look(ctx context.Context) (Row, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if !r.ready.Load() {
		if err := r.unspill(ctx); err != nil {
			return Row{}, err
		}
		if r.Seed != "" {
			if err := r.Store.Seed(ctx, r.app, r.seal.close(r.Seed), r.seal.hash(r.Seed)); err != nil {
				return Row{}, err
			}
		}
		r.ready.Store(true)
	}
	k, err := r.Store.Load(ctx, r.app)
	if err == nil {
		r.last.Store(&k)
	}
	return k, err
}

// next returns the access token, renewed first if it is stale. While it cannot be
// renewed it serves all the same, unless the platform has refused it. The work goes
// on when the caller does not wait for it any more.
func (r *Refresher) next(ctx context.Context, refused string, stale func(*Row) bool) (string, error) {
	type result struct {
		token string
		err   error
	}
	done := make(chan result, 1)
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return "", r.wait(ctx.Err(), time.Second)
	}
	r.work.Go(func() {
		defer func() { <-r.turn }()
		token, err := r.renew(context.WithoutCancel(ctx), refused, stale)
		done <- result{token, err}
	})
	select {
	case d := <-done:
		return d.token, d.err
	case <-ctx.Done():
		return "", r.wait(ctx.Err(), time.Second)
	}
}

// wait is an error after which a reply is kept and asks again.
func (r *Refresher) wait(why error, after time.Duration) error {
	return &noToken{why, &bot.Wait{After: after}}
}

func (r *Refresher) renew(ctx context.Context, refused string, stale func(*Row) bool) (string, error) {
	for until := time.Now().Add(claimTime + storeTime); ; time.Sleep(waitEvery) {
		k, err := r.Look(ctx)
		switch {
		case err != nil:
			return "", r.wait(err, time.Second)
		case k.Refresh == nil:
			return "", r.wait(errors.New("there is none yet: run `lensan zalo login`, or set ZALO_REFRESH_TOKEN"), needsWait)
		case !stale(&k):
			return r.access(&k)
		}
		refresh, err := r.seal.open(k.Refresh)
		if err != nil {
			return "", r.wait(err, needsWait)
		}
		mine, err := r.claim(ctx, &k)
		switch {
		case err != nil:
			return "", r.wait(err, time.Second)
		case mine:
			return r.call(ctx, &k, refresh)
		case r.valid(&k) && !r.is(&k, refused):
			return r.access(&k)
		case !k.Login.IsZero():
			return "", r.wait(fmt.Errorf("a person has to run `lensan zalo login`: %s", k.Fault), needsWait)
		case k.Held && !k.Calling:
			return "", r.wait(errors.New(k.Fault), time.Second)
		case time.Now().After(until):
			return "", r.wait(errors.New("another process does not end its call"), time.Second)
		}
	}
}

func (r *Refresher) claim(ctx context.Context, k *Row) (bool, error) {
	if k.Held {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	return r.Store.Claim(ctx, r.app, k.Refresh, claimTime)
}

// call spends a refresh token that was claimed. One whose fate is unknown, here
// or before a crash, is tried once more: the platform may not have seen it.
func (r *Refresher) call(ctx context.Context, k *Row, refresh string) (string, error) {
	began := r.Now()
	pair, err := r.OAuth.Refresh(ctx, refresh)
	lost := k.Lost
	if errors.Is(err, bot.ErrUnknown) && !lost {
		r.Log.Warn("the answer to a token refresh is lost: the same token once more", "error", err)
		time.Sleep(againAfter)
		began, lost = r.Now(), true
		pair, err = r.OAuth.Refresh(ctx, refresh)
	}
	if err == nil {
		return r.keep(ctx, k, pair, began)
	}
	var refused *OAuthError
	spent := errors.As(err, &refused) && refused.Spent
	if spent && lost {
		err = fmt.Errorf("%w (the answer to an earlier call with this token was lost)", err)
	}
	if spent {
		now, err := r.Look(ctx)
		if err == nil && !bytes.Equal(now.Refresh, k.Refresh) && r.valid(&now) { // somebody else had spent it, and has kept what came of it
			return r.access(&now)
		}
	}
	hold := min(time.Second<<min(k.Tries, 12), time.Hour)
	if spent {
		hold = never
	}
	sctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if failed := r.Store.Fail(sctx, r.app, k.Refresh, err.Error(), hold, refused != nil); failed != nil {
		err = errors.Join(err, failed)
	}
	if spent {
		hold = needsWait
	} else {
		r.Log.Warn("the access token of Zalo is not renewed", "error", err, "again_in", hold.String())
	}
	if now, looked := r.Look(ctx); looked == nil && !now.Login.IsZero() {
		r.alarm(err)
	}
	return "", r.wait(err, min(hold, needsWait))
}

// keep saves new tokens before anybody uses them. They are all there is: they go to
// disk first, and while the database is away it tries again as long as the process
// lives.
func (r *Refresher) keep(ctx context.Context, k *Row, p Pair, began time.Time) (string, error) {
	row := r.row(p, began)
	if err := r.spill(k.Refresh, row); err != nil {
		r.Log.Error("new tokens of Zalo are not on disk before they are in the database", "error", err)
	}
	for {
		sctx, cancel := context.WithTimeout(ctx, storeTime)
		saved, err := r.Store.Save(sctx, r.app, k.Refresh, row)
		cancel()
		if err != nil {
			r.Log.Error("new tokens of Zalo are not in the database yet", "error", err)
			time.Sleep(saveEvery)
			continue
		}
		if err := r.despill(); err != nil {
			r.Log.Warn("old tokens of Zalo stay on disk", "error", err)
		}
		if saved {
			r.last.Store(&row)
			r.Log.Info("the access token of Zalo is renewed", "expires", row.Expires)
			return p.Access, nil
		}
		// They were saved at a try that seemed to fail, or a person has logged in meanwhile.
		now, err := r.Look(ctx)
		if err != nil {
			return "", r.wait(err, time.Second)
		}
		return r.access(&now)
	}
}

// Login keeps tokens that a person has just obtained. A token in the environment
// is older than these.
func (r *Refresher) Login(ctx context.Context, p Pair) error {
	row := r.row(p, r.Now())
	if r.Seed != "" {
		row.Seed = r.seal.hash(r.Seed)
	}
	_, err := r.Store.Save(ctx, r.app, nil, row)
	return err
}

func (r *Refresher) row(p Pair, at time.Time) Row {
	return Row{Access: r.seal.close(p.Access), Refresh: r.seal.close(p.Refresh), Obtained: at, Expires: at.Add(p.Life)}
}
