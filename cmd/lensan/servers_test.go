package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lensan/bot/bottest"
)

func TestWithServers(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	tmp := bottest.Dir(t)
	t.Setenv("TMPDIR", tmp)
	err := withServers(t.Context(), []string{"sh", "-c", `echo "$LENSAN_TEST_POSTGRES $LENSAN_TEST_REDIS" > "$0"; exit 3`, out})
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("exit status 3 became %v", err)
	}
	saw, err := os.ReadFile(out)
	if err != nil || !strings.HasPrefix(string(saw), "postgres://") || !strings.Contains(string(saw), " unix://") {
		t.Errorf("the command saw %q, %v", saw, err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestWithServersInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running := filepath.Join(t.TempDir(), "running")
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(running); err == nil {
				cancel()
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	began := time.Now()
	if err := withServers(ctx, []string{"sh", "-c", `touch "$0"; exec sleep 60`, running}); err == nil || time.Since(began) > 50*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
}
