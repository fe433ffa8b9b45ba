package zalo_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lensan/bot/bottest"
	"lensan/bot/zalo"
)

// TestOneRefresh: two replicas, and many sends in each, find the token expired,
// and then refused; each time it is renewed once.
func TestOneRefresh(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seed := o.fake.Refresh()
	replicas := []*zalo.Refresher{o.replica(seed), o.replica(seed)}
	each := func(f func(*zalo.Refresher) (string, error)) {
		var wg sync.WaitGroup
		for _, r := range replicas {
			for range 10 {
				wg.Go(func() { o.good(f(r)) })
			}
		}
		wg.Wait()
	}
	token := func(r *zalo.Refresher) (string, error) { return r.Token(t.Context()) }
	each(token)
	o.calls(1, 1)
	o.later(25 * time.Hour)
	each(token)
	o.calls(2, 2)

	o.later(2 * time.Minute)
	refused := o.fake.Access()
	o.fake.ExpireAccess()
	each(func(r *zalo.Refresher) (string, error) { return r.Renew(t.Context(), refused) })
	o.calls(3, 3)
	// A token obtained a moment ago is refused for another reason.
	fresh := o.fake.Access()
	each(func(r *zalo.Refresher) (string, error) { return r.Renew(t.Context(), fresh) })
	// Who comes late with one that was replaced long ago gets what there is.
	o.later(2 * time.Minute)
	each(func(r *zalo.Refresher) (string, error) { return r.Renew(t.Context(), refused) })
	o.calls(3, 3)
}

// TestRefreshEarly: at four fifths of its life a token is renewed without being
// asked for, and not before.
func TestRefreshEarly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	run := func() {
		r := o.replica(o.fake.Refresh()) // the seed of the first start is the one that counts
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		time.Sleep(300 * time.Millisecond)
		cancel()
		<-ended
	}
	run()
	o.calls(1, 1)
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{19 * time.Hour, 1}, {2 * time.Hour, 2}, {19 * time.Hour, 2}} {
		o.later(c.after)
		r := o.replica("")
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		r.Run(ctx)
		cancel()
		o.calls(c.want, c.want)
	}
}

// TestRefused: a refused refresh token is an alarm for a person. Nobody calls
// with it again; the login ends it for all replicas.
func TestRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r, other, metrics := o.replica(o.fake.Refresh()), o.replica(""), prometheus.NewRegistry()
	r.Register(metrics)
	o.fake.BurnRefresh()
	alarm := func(want float64) {
		t.Helper()
		all, err := metrics.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.GetName() == "lensan_zalo_login_needed" {
				if got := m.GetMetric()[0].GetGauge().GetValue(); got != want {
					t.Errorf("%s is %v, want %v", m.GetName(), got, want)
				}
				return
			}
		}
		t.Error("no metric of the alarm")
	}
	began := time.Now()
	for range 10 {
		o.none(r.Token(t.Context()))
		o.none(other.Renew(t.Context(), "x"))
		o.later(24 * time.Hour)
	}
	o.calls(0, 1)
	alarm(1)
	if k := o.row(); k.Login.IsZero() || !strings.Contains(k.Fault, "Invalid refresh token") {
		t.Errorf("%+v", k)
	}
	if time.Since(began) > 15*time.Second {
		t.Errorf("it takes %s to say that there is no token", time.Since(began))
	}
	if n := o.log.count(`"level":"ERROR"`); n != 1 {
		t.Errorf("the alarm is logged %d times:\n%s", n, &o.log.b)
	}

	pair, err := o.consent()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.replica("").Login(t.Context(), pair); err != nil {
		t.Fatal(err)
	}
	o.good(r.Token(t.Context()))
	o.good(other.Token(t.Context()))
	alarm(0)
}

// TestRefusedToo: the token is refused because a person has just logged in. What
// came of that is used, and nobody is alarmed.
func TestRefusedToo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.replica(o.fake.Refresh())
	pair, err := o.consent()
	if err != nil {
		t.Fatal(err)
	}
	o.fake.FailOAuth(func(w http.ResponseWriter, q *http.Request) {
		if err := o.replica("").Login(t.Context(), pair); err != nil {
			t.Error(err)
		}
		bottest.Answer(http.StatusOK, "application/json", `{"error_name":"Invalid refresh token"}`)(w, q)
	})
	o.good(r.Token(t.Context()))
	if k := o.row(); !k.Login.IsZero() || o.log.count(`"level":"ERROR"`) > 0 {
		t.Errorf("%+v", k)
	}
}

// TestOutcomeUnknown: a call without an answer is made once more with the same
// token.
func TestOutcomeUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults []bottest.Fault
		works  bool // at once
		calls  int  // that reached the platform
		login  bool
	}{
		"not carried out":     {[]bottest.Fault{bottest.BadGateway}, true, 1, false},
		"reset":               {[]bottest.Fault{bottest.Reset}, true, 1, false},
		"one token only":      {[]bottest.Fault{bottest.Answer(200, "application/json", `{"access_token":"a"}`)}, true, 1, false},
		"not JSON":            {[]bottest.Fault{bottest.Answer(200, "text/html", `<html>`)}, true, 1, false},
		"twice":               {[]bottest.Fault{bottest.BadGateway, bottest.Reset}, false, 0, false},
		"another refusal":     {[]bottest.Fault{bottest.Answer(200, "application/json", `{"error":-14002,"error_name":"Invalid app id"}`)}, false, 0, true},
		"a refusal in number": {[]bottest.Fault{bottest.Answer(200, "application/json", `{"error":-14004}`)}, false, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			r := o.replica(o.fake.Refresh())
			o.fake.FailOAuth(c.faults...)
			token, err := r.Token(t.Context())
			if c.works {
				o.good(token, err)
			} else {
				o.none(token, err)
			}
			if o.calls(min(c.calls, 1), c.calls); o.row().Login.IsZero() == c.login {
				t.Errorf("%+v", o.row())
			}
			// It is not tried again at once, and works when it is.
			if !c.works {
				o.none(r.Token(t.Context()))
				o.calls(0, 0)
				o.later(time.Hour)
				o.good(r.Token(t.Context()))
				if !o.row().Login.IsZero() {
					t.Errorf("%+v", o.row())
				}
			}
		})
	}
}

// TestAnswerLost: the platform carried the call out, and we never hear of it. One
// more try tells, and then a person has to log in.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.replica(o.fake.Refresh())
	o.fake.FailOAuth(o.fake.Lost)
	o.none(r.Token(t.Context()))
	o.none(r.Token(t.Context()))
	o.calls(1, 2)
	if k := o.row(); k.Login.IsZero() || !strings.Contains(k.Fault, "was lost") {
		t.Errorf("%+v", k)
	}
}

// TestCrash: a process died in its call. The next one waits until that cannot be
// under way any more and tries the same token once.
func TestCrash(t *testing.T) {
	t.Parallel()
	for _, spent := range []bool{false, true} {
		t.Run(fmt.Sprintf("spent %v", spent), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			r := o.replica(o.fake.Refresh())
			k, err := r.Look(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if ok, err := o.kept.Claim(t.Context(), o.fake.AppID, k.Refresh, 2*time.Second); !ok || err != nil {
				t.Fatal(ok, err)
			}
			if spent {
				o.fake.BurnRefresh()
			}
			token, err := r.Token(t.Context())
			if time.Since(began) < 2*time.Second {
				t.Error("it did not wait for the other call")
			}
			if spent {
				o.none(token, err)
				o.none(r.Token(t.Context()))
				o.calls(0, 1)
				if k := o.row(); k.Login.IsZero() || !strings.Contains(k.Fault, "was lost") {
					t.Errorf("%+v", k)
				}
				return
			}
			o.good(token, err)
			o.calls(1, 1)
		})
	}
}

// TestSavedLate: the database is away when the answer comes. Nobody uses the new
// token before it is kept, and the caller who gave up does not end the work.
func TestSavedLate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.replica(o.fake.Refresh())
	o.kept.away.Store(2)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	o.none(r.Token(ctx))
	o.good(r.Token(t.Context()))
	o.calls(1, 1)
}

// TestDied: a process ends while it has new tokens that the database does not
// take. The next one on that machine takes them up, also when another replica has
// given up meanwhile.
func TestDied(t *testing.T) {
	t.Parallel()
	for _, refused := range []bool{false, true} {
		t.Run(fmt.Sprintf("refused meanwhile %v", refused), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			first := o.replica(o.fake.Refresh())
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			o.kept.away.Store(1 << 30)
			o.none(first.Token(ctx)) // and it goes on trying, as a process that died would not
			file := filepath.Join(o.data, "zalo-tokens.json")
			for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
				if _, err := os.Stat(file); err == nil {
					break
				}
			}
			dead := o.kept
			o.kept = &kept{Tokens: o.db.Tokens()}
			t.Cleanup(func() { dead.away.Store(0); _, _ = first.Token(context.Background()) })
			o.later(time.Minute)
			if refused {
				folder := o.data
				o.data = t.TempDir()
				o.none(o.replica("").Token(t.Context()))
				o.data = folder
			}
			left, err := os.ReadFile(file)
			if err != nil || bytes.Contains(left, []byte(o.fake.Access())) || bytes.Contains(left, []byte(o.fake.Refresh())) {
				t.Errorf("on disk: %s, %v", left, err)
			}
			calls := o.fake.TokenCalls()
			next := o.replica("")
			o.good(next.Token(t.Context()))
			o.calls(1, calls)
			if _, err := os.Stat(file); err == nil || !o.row().Login.IsZero() {
				t.Errorf("the file stays, or the alarm: %+v", o.row())
			}
		})
	}
}

// TestSlow: with a token that is good for a while yet nobody waits for a call
// that hangs.
func TestSlow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.replica(o.fake.Refresh())
	o.good(r.Token(t.Context()))
	was := o.fake.Access()
	o.later(21 * time.Hour)
	o.fake.FailOAuth(bottest.Hang)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	time.Sleep(200 * time.Millisecond)
	began := time.Now()
	if token, err := r.Token(t.Context()); err != nil || token != was || time.Since(began) > time.Second {
		t.Errorf("%q, %v after %s", token, err, time.Since(began))
	}
	cancel()
	<-ended
	o.good(r.Token(t.Context()))
	o.calls(2, 2)
}

// TestSeed: a token in the environment counts when it is put there, not at every
// start.
func TestSeed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.none(o.replica("").Token(t.Context()))
	first := o.fake.Refresh()
	o.good(o.replica(first).Token(t.Context()))
	o.good(o.replica(first).Token(t.Context()))
	o.calls(1, 1)

	o.fake.BurnRefresh() // somebody made a new one by hand
	o.later(26 * time.Hour)
	o.none(o.replica(first).Token(t.Context()))
	second := o.fake.Refresh()
	o.good(o.replica(second).Token(t.Context()))
	o.calls(2, 3)

	pair, err := o.consent()
	if err != nil {
		t.Fatal(err)
	}
	third := o.replica("put there before the login")
	if err := third.Login(t.Context(), pair); err != nil {
		t.Fatal(err)
	}
	o.good(third.Token(t.Context()))
	o.good(o.replica("put there before the login").Token(t.Context()))
}

// TestSealed: the database, and who has a copy of it, cannot read the tokens.
func TestSealed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	seed := o.fake.Refresh()
	o.good(o.replica(seed).Token(t.Context()))
	k := o.row()
	for _, secret := range []string{o.fake.Access(), o.fake.Refresh(), seed, o.fake.AppSecret} {
		if strings.Contains(fmt.Sprintf("%s%s%s", k.Access, k.Refresh, k.Seed), secret) {
			t.Errorf("%q is kept as it is", secret)
		}
		if o.log.count(secret) > 0 {
			t.Errorf("%q is logged", secret)
		}
	}
	other, err := zalo.NewRefresher(zalo.RefresherConfig{
		OAuth: &zalo.OAuth{AppID: o.fake.AppID, AppSecret: "another", URL: o.fake.OAuthURL}, Store: o.kept, Now: o.db.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := other.Token(t.Context())
	if o.none(token, err); !strings.Contains(err.Error(), "ZALO_APP_SECRET") {
		t.Error(err)
	}
}
