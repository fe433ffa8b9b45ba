package bot_test

import (
	"io"
	"net"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/redis/go-redis/v9"
)

// proxy stands between a replica and a server: it can listen, take the server
// away, and make it hang.
type proxy struct {
	listener net.Listener
	network  string // of the server
	address  string

	mu    sync.Mutex
	tap   func() (up, down func([]byte)) // of each connection: sees what is asked and answered
	away  bool
	still bool
	moved *sync.Cond
	conns map[net.Conn]bool
}

// postgresProxy returns a proxy to the database and the URL it is reached by.
func postgresProxy(t *testing.T, address string) (*proxy, string) {
	t.Helper()
	c, err := pgconn.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	network, server := pgconn.NetworkAddress(c.Host, c.Port)
	p := newProxy(t, network, server)
	u := url.URL{Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Host: p.listener.Addr().String(), Path: c.Database, RawQuery: "sslmode=disable"}
	return p, u.String()
}

// redisProxy is the same for Redis.
func redisProxy(t *testing.T, address string) (*proxy, string) {
	t.Helper()
	o, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, o.Network, o.Addr)
	u := url.URL{Scheme: "redis", User: url.UserPassword(o.Username, o.Password), Host: p.listener.Addr().String(), Path: "/" + strconv.Itoa(o.DB)}
	return p, u.String()
}

func newProxy(t *testing.T, network, address string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, network: network, address: address, conns: map[net.Conn]bool{}}
	p.moved = sync.NewCond(&p.mu)
	go p.serve()
	t.Cleanup(func() { l.Close(); p.takeAway(); p.hang(false) })
	return p
}

func (p *proxy) serve() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.connect(c)
	}
}

func (p *proxy) connect(client net.Conn) {
	defer client.Close()
	server, err := net.Dial(p.network, p.address)
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	if p.away {
		p.mu.Unlock()
		return
	}
	p.conns[client], p.conns[server] = true, true
	up, down := func([]byte) {}, func([]byte) {}
	if p.tap != nil {
		up, down = p.tap()
	}
	p.mu.Unlock()
	go func() {
		defer client.Close()
		p.copy(client, server, down)
	}()
	p.copy(server, client, up)
	p.mu.Lock()
	delete(p.conns, client)
	delete(p.conns, server)
	p.mu.Unlock()
}

func (p *proxy) copy(to io.Writer, from io.Reader, see func([]byte)) {
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			p.mu.Lock()
			for p.still {
				p.moved.Wait()
			}
			p.mu.Unlock()
			see(buf[:n])
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// listen makes a tap for each new connection.
func (p *proxy) listen(tap func() (up, down func([]byte))) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tap = tap
}

// takeAway ends all connections and lets no new one through.
func (p *proxy) takeAway() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = true
	for c := range p.conns {
		c.Close()
	}
}

// giveBack lets connections through again.
func (p *proxy) giveBack() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = false
}

// hang lets connections stand, but nothing passes.
func (p *proxy) hang(still bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.still = still
	p.moved.Broadcast()
}
