package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lensan/bot/bottest"
)

// built is where the real program lies once a test has built it.
var built string

// binary builds the real program, once.
var binary = sync.OnceValues(func() (string, error) {
	var err error
	if built, err = os.MkdirTemp("", "lensan-binary-"); err != nil {
		return "", err
	}
	path := filepath.Join(built, "lensan")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// process is the program as it runs.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string // where it serves
	errors *buffer
	ended  chan error
}

// buffer is written by a process and read by a test.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var announced = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start starts the program and waits until it serves: on a free port, or where
// LENSAN_ADDR says.
func start(t *testing.T, environ ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(path), errors: &buffer{}, ended: make(chan error, 1)}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LENSAN_ADDR=127.0.0.1:0"}, environ...)
	p.cmd.Stderr = p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		first <- line
		_, _ = io.Copy(io.Discard, out)
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(func() { p.stop(syscall.SIGKILL) })
	select {
	case line := <-first:
		p.url = announced.FindString(line)
		for _, v := range environ {
			if addr, ok := strings.CutPrefix(v, "LENSAN_ADDR="); ok {
				p.url = "http://" + addr
			}
		}
		if p.url == "" || line == "" {
			t.Fatalf("it says %q\n%s", line, p.errors)
		}
	case <-time.After(time.Minute):
		t.Fatalf("it does not start\n%s", p.errors)
	}
	return p
}

// stop sends a signal and returns how the program ended.
func (p *process) stop(signal os.Signal) error {
	_ = p.cmd.Process.Signal(signal)
	select {
	case err := <-p.ended:
		p.ended <- err
		return err
	case <-time.After(40 * time.Second):
		_ = p.cmd.Process.Kill()
		p.t.Errorf("it does not end\n%s", p.errors)
		return <-p.ended
	}
}

// get asks for a page.
func (p *process) get(path string) (status int, body string) {
	p.t.Helper()
	resp, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// command runs a command of the program in this process and returns what it
// prints.
func command(t *testing.T, input string, environ []string, args ...string) (string, error) {
	t.Helper()
	var out, errs buffer
	p := &program{environ: environ, in: strings.NewReader(input), out: &out, err: &errs}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := p.run(ctx, args)
	if s := errs.String(); s != "" {
		t.Log(s)
	}
	return out.String(), err
}

// telegramEnv configures the fake Telegram.
func telegramEnv(f *bottest.Telegram) []string {
	return []string{"TELEGRAM_TOKEN=" + f.Token, "TELEGRAM_WEBHOOK_SECRET=" + f.Secret, "TELEGRAM_API_URL=" + f.URL}
}

// eventually waits for something that happens soon.
func eventually(t *testing.T, what string, limit time.Duration, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, limit)
		}
	}
}
