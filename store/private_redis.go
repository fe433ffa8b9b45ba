package store

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// ErrNoRedis means that this machine has no redis-server.
var ErrNoRedis = errors.New("store: no redis-server on this machine: install it (Debian, Ubuntu: apt-get install redis-server) or set REDIS_URL")

// StartRedis starts a redis-server with its append-only file in dir. Further
// settings are written "name=value", with the names of redis.conf. The context
// bounds the start only. Errors: ErrNoRedis.
func StartRedis(ctx context.Context, dir string, settings ...string) (*Private, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, ErrNoRedis
	}
	h, err := openHome(ctx, dir, "redis")
	if err != nil {
		return nil, fmt.Errorf("store: private Redis: %w", err)
	}
	p, err := h.startRedis(ctx, path, settings)
	if err != nil {
		h.close()
		return nil, fmt.Errorf("store: private Redis: %w", err)
	}
	return p, nil
}

func (h *home) startRedis(ctx context.Context, path string, settings []string) (*Private, error) {
	data, socket := h.path("data"), filepath.Join(h.run, "redis.sock")
	if err := h.own(data); err != nil {
		return nil, err
	}
	args := []string{"--dir", data, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--appendonly", "yes", "--save", ""}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		args = append(args, "--"+name, value)
	}
	address := url.URL{Scheme: "unix", Path: socket}
	return h.start(ctx, address.String(), h.command(syscall.SIGTERM, path, args...), syscall.SIGTERM,
		func(ctx context.Context) error { return pingRedis(ctx, socket) })
}

// pingRedis asks without a client, which would wait between tries.
func pingRedis(ctx context.Context, socket string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(answer, "+PONG") { // -LOADING: it reads its data
		return errors.New(strings.TrimSpace(answer))
	}
	return nil
}

// StartMemoryRedis starts a Redis inside this process, on a free port of the
// loopback interface and with a password. It forgets everything when it stops:
// the demo's last resort.
func StartMemoryRedis() (*Private, error) {
	m, password := miniredis.NewMiniRedis(), rand.Text()
	m.RequireAuth(password)
	m.ClockTTL(true) // by themselves its keys never expire
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("store: Redis in memory: %w", err)
	}
	address := url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: m.Addr()}
	return &Private{
		url:  address.String(),
		stop: func() error { m.Close(); return nil },
		kill: m.Close,
	}, nil
}
