package zalo

import (
	"context"
	"time"

	"lensan/bot"
)

// Tokens gives access tokens for calls. Its errors carry a *[bot.Wait]: what was
// to be sent waits for a token.
type Tokens interface {
	// Token returns a valid access token; one about to end is renewed first.
	Token(ctx context.Context) (string, error)
	// Renew returns a token other than the one the platform has just refused.
	Renew(ctx context.Context, refused string) (string, error)
}

// Row is what is kept of an app's tokens for all replicas. The tokens are sealed.
type Row struct {
	Access   []byte // nil: none was obtained yet
	Refresh  []byte // nil: nothing is kept
	Obtained time.Time
	Expires  time.Time
	Tries    int       // calls begun with this refresh token
	Calling  bool      // one is under way
	Lost     bool      // one was begun whose end nobody told: a process died
	Held     bool      // none may begin now
	Fault    string    // why the last one brought nothing
	Login    time.Time // since when a person has to log in again; zero: nobody has to
	Seed     []byte    // keyed hash of the token from the environment that was put in last
}

// Store keeps the row of an app. Every change is made only while the sealed
// refresh token is the one that is named, and is committed when it returns.
type Store interface {
	// Load returns the row; a zero one when nothing is kept.
	Load(ctx context.Context, app string) (Row, error)
	// Seed puts in a refresh token, unless the same seed was put in last.
	Seed(ctx context.Context, app string, refresh, seed []byte) error
	// Claim notes that a call with this refresh token begins, and tells whether
	// it may: no other may begin before hold has passed.
	Claim(ctx context.Context, app string, refresh []byte, hold time.Duration) (bool, error)
	// Save keeps new tokens in place of a spent refresh token, and tells whether
	// that was still there. Spent nil: in place of whatever is there.
	Save(ctx context.Context, app string, spent []byte, r Row) (bool, error)
	// Fail ends a call that brought nothing.
	Fail(ctx context.Context, app string, refresh []byte, fault string, hold time.Duration, login bool) error
}

// noToken is why there is no token, and how long a reply waits before it asks
// again.
type noToken struct {
	why  error
	wait *bot.Wait
}

func (e *noToken) Error() string   { return "zalo: no access token: " + e.why.Error() }
func (e *noToken) Unwrap() []error { return []error{e.why, e.wait} }
