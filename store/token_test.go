package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lensan/bot/bottest"
	"lensan/store"
)

// TestTokensClaim: of many who want to call with one refresh token one may, and
// the next only when that call has had its time.
func TestTokensClaim(t *testing.T) {
	t.Parallel()
	db := open(t, bottest.Database(t))
	tokens, ctx := db.Tokens(), t.Context()
	if k, err := tokens.Load(ctx, "app"); err != nil || k.Refresh != nil {
		t.Fatalf("%+v, %v", k, err)
	}
	if err := tokens.Seed(ctx, "app", []byte("r1"), []byte("s1")); err != nil {
		t.Fatal(err)
	}
	var may atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			ok, err := tokens.Claim(ctx, "app", []byte("r1"), time.Minute)
			if err != nil {
				t.Error(err)
			}
			if ok {
				may.Add(1)
			}
		})
	}
	wg.Wait()
	k, err := tokens.Load(ctx, "app")
	if err != nil || may.Load() != 1 || !k.Calling || !k.Held || k.Lost || k.Tries != 1 {
		t.Errorf("%d may call: %+v, %v", may.Load(), k, err)
	}
	db.SetClock(db.Now().Add(61 * time.Second))
	if k, err = tokens.Load(ctx, "app"); err != nil || k.Calling || k.Held || !k.Lost {
		t.Errorf("after a crash: %+v, %v", k, err)
	}
	if ok, err := tokens.Claim(ctx, "app", []byte("r1"), time.Minute); !ok || err != nil {
		t.Errorf("after a crash: %v, %v", ok, err)
	}
	if ok, err := tokens.Claim(ctx, "app", []byte("r0"), time.Minute); ok || err != nil {
		t.Errorf("another refresh token: %v, %v", ok, err)
	}
}

// TestTokensSave: what is kept follows the refresh token it was obtained with.
func TestTokensSave(t *testing.T) {
	t.Parallel()
	db := open(t, bottest.Database(t))
	tokens, ctx := db.Tokens(), t.Context()
	at := db.Now().Truncate(time.Microsecond)
	save := func(spent, refresh string, want bool) {
		t.Helper()
		var was []byte
		if spent != "" {
			was = []byte(spent)
		}
		ok, err := tokens.Save(ctx, "app", was, store.Token{Access: []byte("a" + refresh), Refresh: []byte(refresh), Obtained: at, Expires: at.Add(time.Hour), Seed: []byte("login")})
		if err != nil || ok != want {
			t.Errorf("%s for %s: %v, %v", refresh, spent, ok, err)
		}
	}
	is := func(refresh, seed string) store.Token {
		t.Helper()
		k, err := tokens.Load(ctx, "app")
		if err != nil || string(k.Refresh) != refresh || string(k.Seed) != seed {
			t.Errorf("kept: %+v, %v", k, err)
		}
		return k
	}
	save("r0", "r1", false) // nothing is there to be replaced
	is("", "")
	if err := tokens.Seed(ctx, "app", []byte("r1"), []byte("s1")); err != nil {
		t.Fatal(err)
	}
	save("r1", "r2", true)
	if k := is("r2", "s1"); !k.Obtained.Equal(at) || !k.Expires.Equal(at.Add(time.Hour)) || string(k.Access) != "ar2" {
		t.Errorf("%+v", k)
	}
	save("r1", "r3", false)
	is("r2", "s1")
	if err := tokens.Seed(ctx, "app", []byte("r1"), []byte("s1")); err != nil { // another start
		t.Fatal(err)
	}
	is("r2", "s1")

	for _, login := range []bool{true, false} { // only new tokens end the alarm
		if err := tokens.Fail(ctx, "app", []byte("r2"), "refused", time.Hour, login); err != nil {
			t.Fatal(err)
		}
		if k := is("r2", "s1"); k.Login.IsZero() || k.Fault != "refused" || !k.Held || k.Calling || k.Lost {
			t.Errorf("%+v", k)
		}
	}
	save("", "r4", true) // a login
	if k := is("r4", "login"); !k.Login.IsZero() || k.Fault != "" || k.Held {
		t.Errorf("%+v", k)
	}
	if err := tokens.Fail(ctx, "app", []byte("r2"), "refused", time.Hour, true); err != nil { // comes late
		t.Fatal(err)
	}
	if k := is("r4", "login"); !k.Login.IsZero() {
		t.Errorf("%+v", k)
	}
	if err := tokens.Seed(ctx, "app", []byte("r9"), []byte("s2")); err != nil { // another token in the environment
		t.Fatal(err)
	}
	if k := is("r9", "s2"); k.Access != nil || !k.Obtained.IsZero() {
		t.Errorf("%+v", k)
	}
}
