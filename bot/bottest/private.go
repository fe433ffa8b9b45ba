package bottest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"

	"lensan/store"
)

// The servers all tests of this process share.
var (
	postgresURL = sync.OnceValues(func() (string, error) {
		return shared("LENSAN_TEST_POSTGRES", "postgres", store.StartPostgres, slices.Concat(store.NoSync, []string{"max_connections=500"})...)
	})
	redisURL = sync.OnceValues(func() (string, error) {
		return shared("LENSAN_TEST_REDIS", "redis", store.StartRedis, "databases=4096", "appendonly=no")
	})
)

// shared returns the URL of the server the environment names, or starts one
// that ends with this process.
func shared(variable, name string, start func(context.Context, string, ...string) (*store.Private, error), settings ...string) (string, error) {
	if address := os.Getenv(variable); address != "" {
		return address, nil
	}
	dir, err := processDir()
	if err != nil {
		return "", err
	}
	p, err := start(context.Background(), filepath.Join(dir, name), settings...)
	if err != nil {
		return "", err
	}
	return p.URL(), nil
}

// processDir is a temporary folder that goes with this process. There is no
// hook at the end of a test process, and none when it is killed; so a shell
// waits for the end of a pipe, which closes with us, and removes the folder.
var processDir = sync.OnceValues(func() (string, error) {
	dir, err := serverDir("")
	if err != nil {
		return "", err
	}
	var pipe [2]int // plain descriptors: an os.File is closed when nobody holds it
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		return "", err
	}
	// The servers write on for a moment, and rm fails while they do.
	sweep := exec.Command("sh", "-c", `cat; for try in 1 2 3 4 5 6 7 8 9; do rm -rf "$0" && exit; sleep 1; done`, dir)
	sweep.Stdin = os.NewFile(uintptr(pipe[0]), "end")
	sweep.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	return dir, sweep.Start()
})

// Dir returns a temporary folder for a test's own servers (store.StartPostgres);
// it is removed when the test ends. Unlike t.TempDir it can be entered by the
// user a server runs as when the tests run as root.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := processDir()
	if err == nil {
		dir, err = serverDir(dir)
	}
	if err != nil {
		t.Fatalf("bottest: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("bottest: %v", err)
		}
	})
	return dir
}

func serverDir(parent string) (string, error) {
	dir, err := os.MkdirTemp(parent, "lensan-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}
