package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"lensan/bot/bottest"
)

// replica is a running copy of the program, with a folder of its own.
type replica struct {
	t      *testing.T
	binary string
	addr   string
	data   string
	env    []string // of its configuration

	mu  sync.Mutex
	cmd *exec.Cmd // nil: it does not run
}

// newReplica starts a replica. It is stopped in good order when the test ends,
// unless it was killed before.
func newReplica(t *testing.T, postgres, redis string, fake *bottest.Telegram) *replica {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	r := &replica{t: t, binary: path, addr: freeAddr(t), data: bottest.Dir(t)}
	r.env = append(os.Environ(), "LENSAN_ADDR="+r.addr, "LENSAN_DATA="+r.data, "DATABASE_URL="+postgres, "REDIS_URL="+redis,
		"TELEGRAM_TOKEN="+fake.Token, "TELEGRAM_WEBHOOK_SECRET="+fake.Secret, "TELEGRAM_API_URL="+fake.URL)
	r.start()
	t.Cleanup(r.stop)
	t.Cleanup(func() {
		if t.Failed() {
			r.showLog()
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		resp, err := http.Get("http://" + r.addr + "/readyz")
		if err == nil {
			_ = resp.Body.Close()
			return r
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// freeAddr is an address that stays free while the program does not run: its
// port is not among those the system gives to connections (from 32768 on).
func freeAddr(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000))
		if l, err := net.Listen("tcp", addr); err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}

func (r *replica) log() string { return filepath.Join(r.data, "log") }

// start starts the program and does not wait for it.
func (r *replica) start() {
	log, err := os.OpenFile(r.log(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		r.t.Error(err)
		return
	}
	defer log.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cmd = exec.Command(r.binary)
	r.cmd.Env, r.cmd.Stdout, r.cmd.Stderr = r.env, log, log
	if err := r.cmd.Start(); err != nil {
		r.t.Error(err)
		r.cmd = nil
	}
}

// kill ends the program with SIGKILL. It must not have ended by itself.
func (r *replica) kill() { r.end(syscall.SIGKILL) }

// stop ends the program in good order.
func (r *replica) stop() { r.end(syscall.SIGTERM) }

func (r *replica) end(signal syscall.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cmd == nil {
		return
	}
	if err := syscall.Kill(r.cmd.Process.Pid, signal); err != nil {
		r.t.Error(err)
	}
	err := r.cmd.Wait()
	status, _ := r.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if killed := status.Signaled() && status.Signal() == syscall.SIGKILL; killed != (signal == syscall.SIGKILL) || !killed && err != nil {
		r.t.Errorf("the program ended by itself: %s", r.cmd.ProcessState)
	}
	r.cmd = nil
}

// spooled is how many bytes wait in the replica's spool.
func (r *replica) spooled() int64 {
	info, err := os.Stat(filepath.Join(r.data, "spool", "messages.jsonl"))
	if err != nil {
		r.t.Error(err)
		return 0
	}
	return info.Size()
}

// showLog shows the end of what the program logged, without the turns.
func (r *replica) showLog() {
	out, _ := exec.Command("sh", "-c", fmt.Sprintf(`grep -v '"msg":"turn"' %q | cut -c 1-400 | tail -n 60`, r.log())).Output()
	r.t.Logf("%s:\n%s", r.addr, out)
}
