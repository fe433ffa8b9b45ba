package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"lensan/bot"
)

var (
	_ bot.Live  = (*Live)(nil)
	_ bot.Marks = (*Live)(nil)
)

// Times of the live store.
const (
	redisLimit  = 50 * time.Millisecond // of one operation; no retries
	leaseTime   = 3 * time.Second       // a turn that lasts longer may be run twice, and one of the two is thrown away
	sessionTime = 7 * 24 * time.Hour    // the committed one has no end
	markTime    = time.Hour
	breakAfter  = 3           // failures in a row, and Redis is left alone
	breakTime   = time.Second // for so long
)

// Live keeps the live copies of sessions and the leases of chats in Redis. It
// may be emptied or away: nothing is lost, conversations only go slower.
type Live struct {
	Lease time.Duration // how long a chat's lease lasts

	rdb    redis.UniversalClient
	token  string       // of this process's leases
	failed atomic.Int32 // in a row
	until  atomic.Int64 // not asked before this time (Unix nanoseconds)
}

// OpenLive connects to Redis by URL (redis://, rediss://, unix://; several
// addresses with addr= parameters are a Cluster).
func OpenLive(url string) (*Live, error) {
	if strings.Contains(url, "addr=") {
		o, err := redis.ParseClusterURL(url)
		if err != nil {
			return nil, fmt.Errorf("store: REDIS_URL: %w", err)
		}
		o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = redisLimit, redisLimit, redisLimit, redisLimit
		o.MaxRetries = -1
		return &Live{Lease: leaseTime, token: rand.Text(), rdb: redis.NewClusterClient(o)}, nil
	}
	o, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("store: REDIS_URL: %w", err)
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = redisLimit, redisLimit, redisLimit, redisLimit
	o.MaxRetries = -1
	o.DisableIdentity = true
	o.PoolSize = 64
	return &Live{Lease: leaseTime, token: rand.Text(), rdb: redis.NewClient(o)}, nil
}

// Close ends all connections.
func (l *Live) Close() error { return l.rdb.Close() }

// Ready tells whether Redis answers.
func (l *Live) Ready(ctx context.Context) error { return l.rdb.Ping(ctx).Err() }

var errRedisAway = errors.New("store: Redis is away")

// ask runs an operation unless Redis was just found away.
func (l *Live) ask(ctx context.Context, f func(context.Context) error) error {
	if time.Now().UnixNano() < l.until.Load() {
		return errRedisAway
	}
	err := l.insist(ctx, f)
	if err == nil {
		l.failed.Store(0)
		return nil
	}
	if l.failed.Add(1) >= breakAfter {
		l.until.Store(time.Now().Add(breakTime).UnixNano())
	}
	return err
}

// insist runs an operation even when Redis was just found away. It is for the
// marks that keep the order: they are asked only around an outage of Postgres,
// when everything is slow for a moment.
func (l *Live) insist(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, redisLimit)
	defer cancel()
	if err := f(ctx); !errors.Is(err, redis.Nil) {
		return err
	}
	return nil
}

// key of a chat: all of a chat lie in one slot of a Cluster.
func key(chat bot.Chat, what string) string { return "lensan:{" + chat.String() + "}:" + what }

// take gets the lease (KEYS[1]) for a token, or notes (KEYS[2]) that it was asked
// for. Who has it gets it again: in one process the chat's lane keeps order, and
// an answer of Redis may have come too late to be heard.
var take = redis.NewScript(`
if redis.call('get', KEYS[1]) == ARGV[1] or redis.call('set', KEYS[1], ARGV[1], 'nx', 'px', ARGV[2]) then
	redis.call('pexpire', KEYS[1], ARGV[2])
	redis.call('del', KEYS[2])
	return 1
end
redis.call('set', KEYS[2], 1, 'px', ARGV[2])
return 0`)

// put writes a session (ARGV[2]) of turn ARGV[1] unless a later one is there.
var put = redis.NewScript(`
local turn = tonumber(redis.call('hget', KEYS[1], 'turn') or '-1')
if turn > tonumber(ARGV[1]) then return 0 end
redis.call('hset', KEYS[1], 'turn', ARGV[1], 'session', ARGV[2])
redis.call('pexpire', KEYS[1], ARGV[3])
return 1`)

// give lets the lease go by its token and tells whether it was asked for.
var give = redis.NewScript(`
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 1 end
redis.call('del', KEYS[1])
return redis.call('del', KEYS[2])`)

// Take tries to get the chat's lease and reads its live session, in one pipeline.
func (l *Live) Take(ctx context.Context, chat bot.Chat) (bot.Lease, error) {
	var got *redis.Cmd
	var raw *redis.StringCmd
	err := l.script(ctx, func(ctx context.Context) error {
		p := l.rdb.Pipeline()
		got = take.EvalSha(ctx, p, []string{key(chat, "lease"), key(chat, "asked")}, l.token, l.Lease.Milliseconds())
		raw = p.HGet(ctx, key(chat, "session"), "session")
		_, err := p.Exec(ctx)
		return err
	})
	if err != nil {
		return bot.Lease{}, err
	}
	lease := bot.Lease{Chat: chat}
	if n, _ := got.Int(); n == 1 {
		lease.Token = l.token
	}
	if b, err := raw.Bytes(); err == nil {
		if s, err := bot.DecodeSession(b); err == nil {
			lease.Session = s
		}
	}
	return lease, nil
}

// Give writes the session, never over a later turn, and gives the lease back, in
// one pipeline.
func (l *Live) Give(ctx context.Context, lease bot.Lease, s *bot.Session) (asked bool, err error) {
	var session []byte
	if s != nil {
		if session, err = s.JSON(); err != nil {
			return false, err
		}
	}
	var gave *redis.Cmd
	err = l.script(ctx, func(ctx context.Context) error {
		p := l.rdb.Pipeline()
		if s != nil {
			put.EvalSha(ctx, p, []string{key(lease.Chat, "session")}, s.Turn, session, sessionTime.Milliseconds())
		}
		gave = give.EvalSha(ctx, p, []string{key(lease.Chat, "lease"), key(lease.Chat, "asked")}, lease.Token)
		_, err := p.Exec(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	n, _ := gave.Int()
	return n == 1, nil
}

// script runs a pipeline of scripts, and loads them first where Redis does not
// have them (a new or emptied server).
func (l *Live) script(ctx context.Context, f func(context.Context) error) error {
	return l.ask(ctx, l.loaded(f))
}

func (l *Live) loaded(f func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := f(ctx)
		if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") {
			for _, s := range []*redis.Script{take, put, give, addMark, dropMark} {
				if err := s.Load(ctx, l.rdb).Err(); err != nil {
					return err
				}
			}
			err = f(ctx)
		}
		return err
	}
}

const anySpool = "lensan:spooling"

// spooled is the list of a chat's deliveries in some replica's spool, in the
// order they came.
func spooled(chat bot.Chat) string { return key(chat, "spool") }

// addMark puts a delivery behind the others, once.
var addMark = redis.NewScript(`
if not redis.call('lpos', KEYS[1], ARGV[1]) then redis.call('rpush', KEYS[1], ARGV[1]) end
redis.call('pexpire', KEYS[1], ARGV[2])
return 1`)

// dropMark takes a delivery away, and those before it.
var dropMark = redis.NewScript(`
local at = redis.call('lpos', KEYS[1], ARGV[1])
if at then redis.call('ltrim', KEYS[1], at + 1, -1) end
return 1`)

// Set puts a delivery behind the others of its chat in all replicas' spools.
func (l *Live) Set(ctx context.Context, chat bot.Chat, delivery string) error {
	return l.insist(ctx, l.loaded(func(ctx context.Context) error {
		p := l.rdb.Pipeline()
		addMark.EvalSha(ctx, p, []string{spooled(chat)}, delivery, markTime.Milliseconds())
		p.Set(ctx, anySpool, 1, markTime)
		_, err := p.Exec(ctx)
		return err
	}))
}

// Clear takes a delivery away, and those before it. The general mark ends by
// itself.
func (l *Live) Clear(ctx context.Context, chat bot.Chat, delivery string) error {
	return l.insist(ctx, l.loaded(func(ctx context.Context) error {
		return dropMark.EvalSha(ctx, l.rdb, []string{spooled(chat)}, delivery).Err()
	}))
}

// First tells whether no other delivery of the chat waits before this one.
func (l *Live) First(ctx context.Context, chat bot.Chat, delivery string) (first bool, err error) {
	err = l.insist(ctx, func(ctx context.Context) error {
		at, err := l.rdb.LPos(ctx, spooled(chat), delivery, redis.LPosArgs{}).Result()
		first = err != nil || at == 0
		return err
	})
	return first, err
}

// Has tells whether a delivery of the chat waits.
func (l *Live) Has(ctx context.Context, chat bot.Chat) (has bool, err error) {
	err = l.ask(ctx, func(ctx context.Context) error {
		n, err := l.rdb.Exists(ctx, spooled(chat)).Result()
		has = n > 0
		return err
	})
	return has, err
}

// Any tells whether some chat may have waiting deliveries.
func (l *Live) Any(ctx context.Context) (any bool, err error) {
	err = l.ask(ctx, func(ctx context.Context) error {
		n, err := l.rdb.Exists(ctx, anySpool).Result()
		any = n > 0
		return err
	})
	return any, err
}
