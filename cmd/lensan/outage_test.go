package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"lensan/bot/bottest"
	"lensan/store"
)

// TestOutagePostgres takes Postgres away under load: frozen, when connections
// hang, and killed, when they break and recovery follows. Every request is
// answered 200 in time all the same, and everything is caught up on after it.
func TestOutagePostgres(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*testing.T, string, *store.Private) (back func()){
		"frozen": func(t *testing.T, dir string, _ *store.Private) func() {
			freeze(t, dir, syscall.SIGSTOP)
			return func() { freeze(t, dir, syscall.SIGCONT) }
		},
		"killed": func(t *testing.T, dir string, p *store.Private) func() {
			p.Kill()
			return func() {
				again, err := store.StartPostgres(context.Background(), dir)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { again.Stop() })
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCopies(t, func(t *testing.T, n int) {
				seed := seed(t)
				dir := filepath.Join(bottest.Dir(t), "postgres")
				p, err := store.StartPostgres(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { p.Stop() })
				migrate(t, p.URL())
				l := outageLoad(t, p.URL(), bottest.Redis(t), seed, n)
				l.during(func() (back func()) { return away(t, dir, p) })
				l.check(p.URL())
			})
		})
	}
}

// TestOutageRedis takes Redis away under load; it comes back empty.
func TestOutageRedis(t *testing.T) {
	t.Parallel()
	eachCopies(t, func(t *testing.T, n int) {
		seed := seed(t)
		dir, postgres := filepath.Join(bottest.Dir(t), "redis"), bottest.Database(t)
		r, err := store.StartRedis(t.Context(), dir, "appendonly=no")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Stop() })
		l := outageLoad(t, postgres, r.URL(), seed, n)
		l.during(func() (back func()) {
			r.Kill()
			return func() {
				again, err := store.StartRedis(context.Background(), dir, "appendonly=no")
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { again.Stop() })
			}
		})
		l.check(postgres)
	})
}

func migrate(t *testing.T, postgres string) {
	t.Helper()
	db, err := store.Open(t.Context(), postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// outageLoad is a load that must not be turned away.
func outageLoad(t *testing.T, postgres, redis string, seed uint64, n int) *load {
	fake := bottest.NewTelegram(t)
	var replicas []*replica
	for range n {
		replicas = append(replicas, newReplica(t, postgres, redis, fake))
	}
	l := newLoad(t, seed, fake, replicas...)
	l.strict, l.patience = true, *outage+2*time.Minute
	return l
}

// during lets households work before, during and after an outage; in it new
// ones keep coming, as those who are there wait.
func (l *load) during(away func() (back func())) {
	l.begin(*households)
	ctx, cancel := context.WithCancel(context.Background())
	l.people.Go(func() { l.arrive(ctx, 200*time.Millisecond) })
	time.Sleep(2 * time.Second)
	back := away()
	time.Sleep(*outage)
	back()
	time.Sleep(2 * time.Second)
	cancel()
	l.end()
}

// freeze stops a private Postgres and all its processes, or lets them go on.
func freeze(t *testing.T, dir string, signal syscall.Signal) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(file), "\n")
	postmaster, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	// First the one that starts others.
	for _, pid := range append([]int{postmaster}, children(postmaster)...) {
		if err := syscall.Kill(pid, signal); err != nil && pid == postmaster {
			t.Fatal(err)
		}
	}
	if signal == syscall.SIGSTOP {
		t.Cleanup(func() { // a frozen server would outlive the test
			for _, pid := range append([]int{postmaster}, children(postmaster)...) {
				_ = syscall.Kill(pid, syscall.SIGCONT)
			}
		})
	}
}

// children are the processes a process has started.
func children(parent int) []int {
	var pids []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// proc(5): pid (name) state ppid …, and a name may hold anything
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pids = append(pids, pid)
		}
	}
	return pids
}
