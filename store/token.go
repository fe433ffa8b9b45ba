package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"
)

// Tokens keeps the tokens of Zalo apps for all replicas. What is sealed, and how,
// is the caller's matter. A refresh token is good for one call, so it is also
// what names a state of the row: every change is made only while it is the same.
//
// A call is claimed in a statement of its own, which is committed before the
// call: no connection is held meanwhile, and whoever comes after a crash sees
// that there was one.
type Tokens struct{ db *DB }

// Tokens is where the tokens of Zalo apps are kept.
func (db *DB) Tokens() Tokens { return Tokens{db} }

// Token is what is kept for an app.
type Token struct {
	Access   []byte // sealed; nil: none was obtained yet
	Refresh  []byte // sealed; nil: nothing is kept for the app
	Obtained time.Time
	Expires  time.Time
	Tries    int       // calls begun with this refresh token
	Calling  bool      // a call is under way
	Lost     bool      // a call was begun whose end nobody told
	Held     bool      // no call may begin now
	Fault    string    // why the last call brought nothing
	Login    time.Time // since when a person has to log in again; zero: nobody has to
	Seed     []byte    // keyed hash of the token from the environment that was put in last
}

// Load returns what is kept for an app.
func (s Tokens) Load(ctx context.Context, app string) (Token, error) {
	var t Token
	err := s.db.pool.QueryRow(ctx, `select access, refresh, obtained, expires, tries, fault, login, seed,
			attempt is not null and coalesce(hold > clock(), false), attempt is not null and coalesce(hold <= clock(), true), coalesce(hold > clock(), false)
		from zalo_tokens where app = $1`, app).
		Scan(&t.Access, &t.Refresh, (*zeronull.Timestamptz)(&t.Obtained), (*zeronull.Timestamptz)(&t.Expires), &t.Tries, &t.Fault,
			(*zeronull.Timestamptz)(&t.Login), &t.Seed, &t.Calling, &t.Lost, &t.Held)
	if errors.Is(err, pgx.ErrNoRows) {
		return Token{}, nil
	}
	return t, err
}

// Seed puts in a refresh token from outside, unless the same seed was put in
// last: what came of that one since is newer.
func (s Tokens) Seed(ctx context.Context, app string, refresh, seed []byte) error {
	_, err := s.db.pool.Exec(ctx, `insert into zalo_tokens as z (app, refresh, seed) values ($1, $2, $3)
		on conflict (app) do update set refresh = excluded.refresh, seed = excluded.seed,
			access = null, obtained = null, expires = null, tries = 0, attempt = null, hold = null, fault = '', login = null
		where z.seed is distinct from excluded.seed`, app, refresh, seed)
	return err
}

// Claim notes that a call with this refresh token begins, and holds back all
// others for some time. It tells whether the caller may call.
func (s Tokens) Claim(ctx context.Context, app string, refresh []byte, hold time.Duration) (bool, error) {
	tag, err := s.db.pool.Exec(ctx, `update zalo_tokens set attempt = clock(), hold = clock() + $3, tries = tries + 1
		where app = $1 and refresh = $2 and coalesce(hold <= clock(), true)`, app, refresh, hold)
	return tag.RowsAffected() == 1, err
}

// Save keeps new tokens (Access, Refresh, Obtained, Expires) in place of a spent
// refresh token, and tells whether it was still there. Spent nil: whatever is
// there, as after a login; then Seed is kept too.
func (s Tokens) Save(ctx context.Context, app string, spent []byte, t Token) (bool, error) {
	tag, err := s.db.pool.Exec(ctx, `insert into zalo_tokens as z (app, access, refresh, obtained, expires, seed)
		select $1, $3::bytea, $4::bytea, $5::timestamptz, $6::timestamptz, $7::bytea
			where $2::bytea is null or exists (select from zalo_tokens where app = $1 and refresh = $2)
		on conflict (app) do update set access = excluded.access, refresh = excluded.refresh, obtained = excluded.obtained, expires = excluded.expires,
			seed = case when $2::bytea is null then excluded.seed else z.seed end,
			tries = 0, attempt = null, hold = null, fault = '', login = null
		where $2::bytea is null or z.refresh = $2`, app, spent, t.Access, t.Refresh, t.Obtained, t.Expires, t.Seed)
	return tag.RowsAffected() == 1, err
}

// Fail notes why a call brought nothing, for how long no other may begin, and
// whether a person has to log in again.
func (s Tokens) Fail(ctx context.Context, app string, refresh []byte, fault string, hold time.Duration, login bool) error {
	_, err := s.db.pool.Exec(ctx, `update zalo_tokens set attempt = null, hold = clock() + $4, fault = $3,
			login = case when $5 then coalesce(login, clock()) else login end
		where app = $1 and refresh = $2`, app, refresh, fault, hold, login)
	return err
}
