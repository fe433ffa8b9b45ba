package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"lensan/store"
)

// withServers runs a command, such as "go test ./...", while a Postgres and a
// Redis of its own live; it finds them in LENSAN_TEST_POSTGRES and
// LENSAN_TEST_REDIS. What they hold is thrown away. A command that fails is an
// *exec.ExitError with its exit status. When ctx ends, the command is
// interrupted and waited for.
func withServers(ctx context.Context, command []string) (err error) {
	dir, err := os.MkdirTemp("", "lensan-servers-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// The servers run as users of their own when we are root.
	if err := os.Chmod(dir, 0o711); err != nil {
		return err
	}
	// Every test has a pool of connections, and many run at the same time.
	postgres, err := store.StartPostgres(ctx, filepath.Join(dir, "postgres"), slices.Concat(store.NoSync, []string{"max_connections=500"})...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	redis, err := store.StartRedis(ctx, filepath.Join(dir, "redis"), "databases=4096", "appendonly=no")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, redis.Stop()) }()

	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "LENSAN_TEST_POSTGRES="+postgres.URL(), "LENSAN_TEST_REDIS="+redis.URL())
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", command[0], err)
	}
	return nil
}
