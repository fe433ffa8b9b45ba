package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"lensan/bot/bottest"
	"lensan/store"
)

// query answers one question to a Postgres.
func query[T any](t *testing.T, address, sql string, args ...any) (T, error) {
	t.Helper()
	var v T
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		return v, err
	}
	defer conn.Close(t.Context())
	err = conn.QueryRow(t.Context(), sql, args...).Scan(&v)
	return v, err
}

func startPostgres(t *testing.T, dir string, settings ...string) *store.Private {
	t.Helper()
	p, err := store.StartPostgres(t.Context(), dir, settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func startRedis(t *testing.T, dir string) (*store.Private, *redis.Client) {
	t.Helper()
	p, err := store.StartRedis(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p, redisClient(t, p.URL())
}

func redisClient(t *testing.T, address string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestPrivatePostgres(t *testing.T) {
	t.Parallel()
	dir := bottest.Dir(t)
	p := startPostgres(t, dir)
	if got, err := query[string](t, p.URL(), `show fsync`); got != "on" {
		t.Errorf("fsync is %q, %v: data could be lost", got, err)
	}
	if got, err := query[string](t, p.URL(), `select lower('ĐẶC SẢN')`); got != "đặc sản" {
		t.Errorf("lower case: %q, %v", got, err)
	}
	if _, err := query[int](t, p.URL(), `select length('0901234567') / 0`); err == nil {
		t.Fatal("division by zero went well")
	}
	if log, _ := os.ReadFile(filepath.Join(dir, "log")); strings.Contains(string(log), "0901234567") || !strings.Contains(string(log), "division by zero") {
		t.Errorf("the log must hold the error and no value:\n%s", log)
	}

	// A second program must not use the folder.
	soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := store.StartPostgres(soon, dir); err == nil || !strings.Contains(err.Error(), "in use by another lensan") {
		t.Errorf("second start: %v", err)
	}

	url := p.URL()
	for _, end := range []func(){p.Kill, func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), `create table if not exists kept (n int); insert into kept values (7)`); err != nil {
			t.Fatal(err)
		}
		end() // with a connection open
		if _, err := query[int](t, url, `select 1`); err == nil {
			t.Error("it still answers")
		}
		_ = conn.Close(t.Context())
		p = startPostgres(t, dir)
		if p.URL() != url {
			t.Errorf("the address moved from %s to %s", url, p.URL())
		}
	}
	if n, err := query[int](t, url, `select count(*) from kept`); n != 2 {
		t.Errorf("%d of 2 rows kept, %v", n, err)
	}
	if err := errors.Join(p.Stop(), p.Stop()); err != nil {
		t.Error(err)
	}
}

func TestPrivatePostgresLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(bottest.Dir(t), strings.Repeat("x", 100))
	p := startPostgres(t, dir, append([]string{"max_connections=7"}, store.NoSync...)...)
	if got, err := query[string](t, p.URL(), `select current_setting('max_connections') || current_setting('fsync')`); got != "7off" {
		t.Errorf("got %q, %v", got, err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

func TestPrivatePostgresRefuses(t *testing.T) {
	t.Parallel()
	other := bottest.Dir(t)
	write(t, filepath.Join(other, "data", "PG_VERSION"), "9\n")
	for name, c := range map[string]struct{ dir, want string }{
		"data of another version": {other, "was made by Postgres 9, and this machine has"},
		"a file in the way":       {"/dev/null/x", "not a directory"},
	} {
		if _, err := store.StartPostgres(t.Context(), c.dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := store.StartPostgres(t.Context(), bottest.Dir(t), "no_such_setting=1"); err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("the error must show the server's log: %v", err)
	}
	if os.Getuid() != 0 {
		return
	}
	closed := bottest.Dir(t)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.StartPostgres(t.Context(), filepath.Join(closed, "pg")); err == nil || !strings.Contains(err.Error(), "may not enter "+closed) {
		t.Errorf("under a closed folder: %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPrivateRedis(t *testing.T) {
	t.Parallel()
	dir := bottest.Dir(t)
	p, c := startRedis(t, dir)
	if err := c.Set(t.Context(), "a", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	p, c = startRedis(t, dir)
	if got := c.Get(t.Context(), "a").Val(); got != "1" {
		t.Errorf("a restart kept %q", got)
	}
	p.Kill()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("it still answers")
	}
	_, c = startRedis(t, dir)
	if got := c.Get(t.Context(), "a").Val(); got != "1" {
		t.Errorf("a kill kept %q", got)
	}
}

func TestNoRedis(t *testing.T) {
	t.Setenv("PATH", "/nowhere")
	if _, err := store.StartRedis(t.Context(), t.TempDir()); !errors.Is(err, store.ErrNoRedis) {
		t.Error(err)
	}
}

func TestMemoryRedis(t *testing.T) {
	t.Parallel()
	p, err := store.StartMemoryRedis()
	if err != nil {
		t.Fatal(err)
	}
	c := redisClient(t, p.URL())
	if err := c.Set(t.Context(), "a", "1", 30*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	if !within(time.Second, func() bool { return c.Exists(t.Context(), "a").Val() == 0 }) {
		t.Error("a key did not expire by itself")
	}
	if err := redis.NewClient(&redis.Options{Addr: c.Options().Addr}).Ping(t.Context()).Err(); err == nil {
		t.Error("let in without the password")
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

// within waits until something holds.
func within(d time.Duration, holds func() bool) bool {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return true
		}
	}
	return holds()
}

// TestPrivateOutlivesNothing kills a program that has servers: they end, and
// the next program starts on the same folders.
func TestPrivateOutlivesNothing(t *testing.T) {
	t.Parallel()
	dir := bottest.Dir(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestOwnServers$")
	cmd.Env = append(os.Environ(), "LENSAN_TEST_OWN_SERVERS="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var postgres, redis string
	if _, err := fmt.Fscanln(bufio.NewReader(out), &postgres, &redis); err != nil {
		t.Fatal(err)
	}
	if n, err := query[int](t, postgres, `select 1`); n != 1 {
		t.Fatal(err)
	}
	rc := redisClient(t, redis)
	if err := rc.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if !within(10*time.Second, func() bool {
		_, err := query[int](t, postgres, `select 1`)
		return err != nil && rc.Ping(t.Context()).Err() != nil
	}) {
		t.Fatal("the servers outlived their program")
	}
	if p := startPostgres(t, filepath.Join(dir, "postgres")); p.URL() != postgres {
		t.Errorf("the address moved from %s to %s", postgres, p.URL())
	}
	startRedis(t, filepath.Join(dir, "redis"))
}

// TestOwnServers is the program that TestPrivateOutlivesNothing kills.
func TestOwnServers(t *testing.T) {
	dir := os.Getenv("LENSAN_TEST_OWN_SERVERS")
	if dir == "" {
		return
	}
	p := startPostgres(t, filepath.Join(dir, "postgres"))
	r, _ := startRedis(t, filepath.Join(dir, "redis"))
	fmt.Println(p.URL(), r.URL())
	time.Sleep(time.Minute)
}

func TestPrivateStartGivesUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := bottest.Dir(t)
	if _, err := store.StartPostgres(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	startPostgres(t, dir)
}
