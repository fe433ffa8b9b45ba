package store_test

import (
	"context"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"lensan/bot"
	"lensan/bot/bottest"
	"lensan/store"
)

func openLive(t *testing.T, address string) *store.Live {
	t.Helper()
	l, err := store.OpenLive(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func mustTake(t *testing.T, l *store.Live, chat bot.Chat) bot.Lease {
	t.Helper()
	lease, err := l.Take(t.Context(), chat)
	if err != nil {
		t.Fatal(err)
	}
	return lease
}

func mustGive(t *testing.T, l *store.Live, lease bot.Lease, s *bot.Session) (asked bool) {
	t.Helper()
	asked, err := l.Give(t.Context(), lease, s)
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

var lan = bot.Chat{Channel: "test", Account: "1", ID: "lan"}

// The tests of the live store run alone: its operations have 50 ms.

// TestLiveNeverGoesBack: the live session is never replaced by one of an earlier
// turn, whatever order the replicas write in (R4).
func TestLiveNeverGoesBack(t *testing.T) {
	address := bottest.Redis(t)
	l := openLive(t, address)
	if lease := mustTake(t, l, lan); lease.Session != nil {
		t.Fatal("a session nobody wrote")
	} else {
		mustGive(t, l, lease, &bot.Session{Turn: 5, Nonce: "five", Lang: "vi"})
	}
	for _, c := range []struct {
		turn int64
		want string
	}{{4, "five"}, {6, "6"}, {5, "6"}, {1, "6"}, {7, "7"}} {
		lease := mustTake(t, l, lan)
		mustGive(t, l, lease, &bot.Session{Turn: c.turn, Nonce: strconv.FormatInt(c.turn, 10)})
		lease = mustTake(t, l, lan)
		if lease.Session == nil || lease.Session.Nonce != c.want {
			t.Errorf("after turn %d: %+v, want %s", c.turn, lease.Session, c.want)
		}
		mustGive(t, l, lease, nil) // nothing is written
	}

	var writing sync.WaitGroup
	for i := range 50 {
		writing.Go(func() {
			for range 100 { // 50 ms may be short when so many dial
				_, err := l.Give(t.Context(), bot.Lease{Chat: lan, Token: "x"}, &bot.Session{Turn: int64(100 + i), Nonce: "n"})
				if err == nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Errorf("turn %d was not written", 100+i)
		})
	}
	writing.Wait()
	if lease := mustTake(t, l, lan); lease.Session.Turn != 149 {
		t.Errorf("turn %d, want the highest, 149", lease.Session.Turn)
	}
}

// TestLease: one at a time, let go by its token only, told when it was asked
// for (R3, R4).
func TestLease(t *testing.T) {
	address := bottest.Redis(t)
	one, two := openLive(t, address), openLive(t, address)
	first := mustTake(t, one, lan)
	if first.Token == "" {
		t.Fatal("no lease")
	}
	if mustGive(t, one, first, nil) {
		t.Error("asked for, but nobody has")
	}
	first = mustTake(t, one, lan)
	if second := mustTake(t, two, lan); second.Token != "" {
		t.Error("two leases at a time")
	}
	if other := mustTake(t, two, bot.Chat{Channel: "test", ID: "minh"}); other.Token == "" {
		t.Error("the lease of another chat was refused")
	}
	if !mustGive(t, two, bot.Lease{Chat: lan, Token: "forged"}, nil) {
		t.Error("a lease that is not ours was let go as if nobody had asked")
	}
	if second := mustTake(t, two, lan); second.Token != "" {
		t.Error("a lease was let go by another token")
	}
	if !mustGive(t, one, first, nil) {
		t.Error("not told that it was asked for")
	}
	second := mustTake(t, two, lan)
	if second.Token == "" || second.Token == first.Token {
		t.Errorf("token %q after %q", second.Token, first.Token)
	}
	if mustGive(t, two, second, nil) {
		t.Error("told of an old question")
	}
}

// TestLeaseRunsOut: a lease that ran out is somebody else's; who had it finds
// that out.
func TestLeaseRunsOut(t *testing.T) {
	address := bottest.Redis(t)
	one, two := openLive(t, address), openLive(t, address)
	one.Lease = 20 * time.Millisecond
	first := mustTake(t, one, lan)
	second := bot.Lease{}
	for deadline := time.Now().Add(5 * time.Second); second.Token == ""; second = mustTake(t, two, lan) {
		if time.Now().After(deadline) {
			t.Fatal("it does not run out")
		}
	}
	if !mustGive(t, one, first, nil) {
		t.Error("it was lost, and its holder was not told")
	}
	if third := mustTake(t, one, lan); third.Token != "" {
		t.Error("the loser let go of the other's lease")
	}
}

// TestLiveEmptied: an emptied Redis has forgotten scripts, leases and sessions;
// the next operation works.
func TestLiveEmptied(t *testing.T) {
	address := bottest.Redis(t)
	l := openLive(t, address)
	first := mustTake(t, l, lan)
	o, _ := redis.ParseURL(address)
	c := redis.NewClient(o)
	t.Cleanup(func() { c.Close() })
	if err := c.FlushDB(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.ScriptFlush(t.Context()).Err(); err != nil { // of all tests on this server: each loads its own again
		t.Fatal(err)
	}
	if !mustGive(t, l, first, &bot.Session{Turn: 1}) {
		t.Error("the lease is gone, and its holder was not told")
	}
	if lease := mustTake(t, l, lan); lease.Token == "" || lease.Session == nil || lease.Session.Turn != 1 {
		t.Errorf("%+v", lease)
	}
}

// TestMarks: the marks of spooled chats.
func TestMarks(t *testing.T) {
	address := bottest.Redis(t)
	one, two := openLive(t, address), openLive(t, address)
	state := func(chat bot.Chat) [2]bool {
		t.Helper()
		has, err := two.Has(t.Context(), chat)
		some, err2 := two.Any(t.Context())
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return [2]bool{has, some}
	}
	minh := bot.Chat{Channel: "test", ID: "minh"}
	if got := state(lan); got != [2]bool{} {
		t.Errorf("at first: %v", got)
	}
	// One's first, the other's second, and the first once more.
	for i, l := range []*store.Live{one, two, two} {
		if err := l.Set(t.Context(), lan, []string{"1", "2", "1"}[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := state(lan); got != [2]bool{true, true} {
		t.Errorf("marked: %v", got)
	}
	if got := state(minh); got != [2]bool{false, true} {
		t.Errorf("another chat: %v", got)
	}
	first := func(delivery string) bool {
		t.Helper()
		is, err := two.First(t.Context(), lan, delivery)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	mustClear := func(delivery string) {
		t.Helper()
		if err := one.Clear(t.Context(), lan, delivery); err != nil {
			t.Fatal(err)
		}
	}
	if !first("1") || first("2") || !first("of an emptied Redis") {
		t.Error("the order is not the one in which they were set")
	}
	mustClear("1")
	if !first("2") || !state(lan)[0] {
		t.Error("only the first should be gone")
	}
	if err := one.Set(t.Context(), lan, "3"); err != nil {
		t.Fatal(err)
	}
	mustClear("3") // and what stood before it
	if state(lan)[0] {
		t.Error("still marked")
	}
}

// silent is a server that takes connections and, while it is silent, answers
// nothing; otherwise it passes everything on to Redis. It counts what it was
// asked.
type silent struct {
	net.Listener
	network, address string
	still            atomic.Bool
	asked            atomic.Int32
}

func newSilent(t *testing.T, address string) (*silent, string) {
	t.Helper()
	o, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &silent{Listener: l, network: o.Network, address: o.Addr}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s, "redis://" + l.Addr().String() + "/" + strconv.Itoa(o.DB)
}

func (s *silent) serve(c net.Conn) {
	defer c.Close()
	server, err := net.Dial(s.network, s.address)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer c.Close()
		_, _ = io.Copy(c, server)
	}()
	buf := make([]byte, 1<<16)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		s.asked.Add(1)
		if s.still.Load() {
			continue
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// TestLiveHangs: an operation has 50 ms and is not repeated; after three
// failures Redis is left alone for a second, and then asked again (R12).
func TestLiveHangs(t *testing.T) {
	proxy, address := newSilent(t, bottest.Redis(t))
	l := openLive(t, address)
	mustGive(t, l, mustTake(t, l, lan), nil) // the scripts are loaded
	proxy.still.Store(true)
	fails := func() time.Duration {
		t.Helper()
		began := time.Now()
		if _, err := l.Take(context.Background(), lan); err == nil {
			t.Fatal("a server that says nothing gave a lease")
		}
		return time.Since(began)
	}
	broken := time.Now()
	for range 3 {
		if took := fails(); took < 40*time.Millisecond || took > 400*time.Millisecond {
			t.Errorf("given up after %v, want 50ms", took)
		}
	}
	asked := proxy.asked.Load()
	calls := 0
	for failed := time.Now(); time.Since(failed) < 300*time.Millisecond; calls++ {
		fails()
		time.Sleep(time.Millisecond)
	}
	if calls < 20 { // six, had each waited its 50 ms
		t.Errorf("with the breaker open there was time for %d calls only", calls)
	}
	if n := proxy.asked.Load(); n != asked {
		t.Errorf("with the breaker open it was asked %d times", n-asked)
	}
	proxy.still.Store(false)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if lease, err := l.Take(context.Background(), lan); err == nil && lease.Token != "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the breaker does not close")
		}
	}
	if open := time.Since(broken); open < time.Second {
		t.Errorf("the breaker was open for %v only", open)
	}
}

// TestLiveAway: no server at all is an error at once, and no more.
func TestLiveAway(t *testing.T) {
	t.Parallel()
	l := openLive(t, "redis://127.0.0.1:1/0")
	began := time.Now()
	for range 10 {
		if _, err := l.Take(t.Context(), lan); err == nil {
			t.Fatal("a lease of nobody")
		}
		if err := l.Set(t.Context(), lan, "1"); err == nil {
			t.Fatal("a mark of nobody")
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("20 operations took %v", took)
	}
}
