package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Private is a database server of our own: a child process, for the demo and
// for tests. Nobody else can reach it, and it never outlives this program, not
// even when the program is killed.
//
// A server has a folder: data/ (its files), run/ (its Unix socket), log (what it
// says) and lock (held while any process of it lives).
type Private struct {
	url  string
	stop func() error
	kill func()
}

// URL is the address in the form of DATABASE_URL or REDIS_URL.
func (p *Private) URL() string { return p.url }

// Stop ends the server in good order and returns when it is gone. Stopping it
// twice does no harm.
func (p *Private) Stop() error { return p.stop() }

// Kill ends the server as a power cut would (SIGKILL) and returns when it is
// gone. Starting again on the same folder brings it back under the same URL.
func (p *Private) Kill() { p.kill() }

const (
	startTime = time.Minute      // a server recovering after a crash included
	stopTime  = 20 * time.Second // then it is killed
	lockTime  = 6 * time.Second  // a server whose program was killed needs up to 5 s to end
	maxSocket = 107              // bytes of a Unix socket's path (unix(7): sun_path)
	maxLog    = 1 << 20          // bytes; a longer log is begun anew at the next start
)

// home is a server's folder while it is locked.
type home struct {
	dir       string
	run       string // where the socket is
	log, lock *os.File
	uid, gid  int // who the server runs as
}

// openHome makes and locks a server's folder. As root the server runs as the
// system user of that name, else as nobody: Postgres refuses to run as root.
func openHome(ctx context.Context, dir, name string) (*home, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	h := &home{dir: dir, uid: os.Getuid(), gid: os.Getgid()}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return nil, err
	}
	if h.uid == 0 {
		if err := h.drop(name); err != nil {
			return nil, err
		}
	}
	if h.lock, err = lockFile(ctx, h.path("lock")); err != nil {
		return nil, err
	}
	if err := h.open(); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

func (h *home) close() {
	_ = h.lock.Close()
	if h.log != nil {
		_ = h.log.Close()
	}
}

// drop chooses the user to run as instead of root, who must be able to reach
// the folder.
func (h *home) drop(name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return fmt.Errorf("a server must not run as root, and there is no user %s or nobody to run it: %w", name, err)
		}
	}
	if h.uid, err = strconv.Atoi(u.Uid); err != nil {
		return err
	}
	if h.gid, err = strconv.Atoi(u.Gid); err != nil {
		return err
	}
	info, err := os.Stat(h.dir)
	if err != nil {
		return err
	}
	if err := os.Chmod(h.dir, info.Mode().Perm()|0o011); err != nil {
		return err
	}
	for dir := filepath.Dir(h.dir); dir != "/"; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil {
			return err
		} else if info.Mode().Perm()&0o001 == 0 {
			return fmt.Errorf("the server runs as user %s, who may not enter %s: choose a folder elsewhere (LENSAN_DATA), such as /var/lib/lensan", u.Username, dir)
		}
	}
	return nil
}

// open makes what the folder needs: the socket's folder and the log.
func (h *home) open() error {
	h.run = runDir(h.dir)
	if err := h.own(h.run); err != nil {
		return err
	}
	mode := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(h.path("log")); err == nil && info.Size() > maxLog {
		mode |= os.O_TRUNC
	}
	var err error
	h.log, err = os.OpenFile(h.path("log"), mode, 0o600)
	return err
}

// runDir is where the socket of a server's folder is: in it, unless its path is
// too long for one.
func runDir(dir string) string {
	run := filepath.Join(dir, "run")
	if len(run)+len("/.s.PGSQL.5432") > maxSocket {
		run = filepath.Join(os.TempDir(), fmt.Sprintf("lensan-%.6x", sha256.Sum256([]byte(dir))))
	}
	return run
}

// own makes a folder that only the server's user can enter: whoever reaches the
// socket is let in without a password.
func (h *home) own(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || owner != h.uid && owner != os.Getuid() {
		return fmt.Errorf("%s belongs to another user: remove it or choose another folder (LENSAN_DATA)", path)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		return err
	}
	return os.Lchown(path, h.uid, h.gid)
}

// lockFile takes the lock. Every process of the server inherits it, so it is
// free only when the last one is gone, even after the program was killed.
func lockFile(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lockTime)
	defer cancel()
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			break
		}
		select {
		case <-time.After(20 * time.Millisecond):
			continue
		case <-ctx.Done():
			err = errors.New("in use by another lensan: stop that one, or choose another folder (LENSAN_DATA)")
		}
		break
	}
	_ = f.Close()
	return nil, fmt.Errorf("%s: %w", filepath.Dir(path), err)
}

// command prepares a program of the server: with its user, its log and the
// lock, and with nothing of our environment, which holds secrets. It gets the
// signal death when this program dies.
func (h *home) command(death syscall.Signal, path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir = h.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	cmd.Stdout, cmd.Stderr = h.log, h.log
	cmd.ExtraFiles = []*os.File{h.lock}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Pdeathsig: death,
		Setpgid:   true, // Ctrl-C is for us: the server ends after the last turn is committed
	}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(h.uid), Gid: uint32(h.gid)}
	}
	return cmd
}

// spawn starts a command and returns a channel that gives its end.
func spawn(cmd *exec.Cmd) (<-chan error, error) {
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		// The kernel sends Pdeathsig when the thread that started the child
		// ends, so this thread stays with it.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	return ended, <-started
}

// start starts the server and waits until it answers the probe. The signal quit
// ends it in good order.
func (h *home) start(ctx context.Context, url string, cmd *exec.Cmd, quit syscall.Signal, probe func(context.Context) error) (*Private, error) {
	ended, err := spawn(cmd)
	if err != nil {
		return nil, err
	}
	done := make(chan struct{})
	var end error // how it ended, when done
	go func() {
		end = <-ended
		_ = os.RemoveAll(h.run)
		h.close()
		close(done)
	}()
	name := filepath.Base(cmd.Path)
	p := &Private{url: url}
	p.kill = func() {
		_ = cmd.Process.Kill()
		<-done
	}
	p.stop = func() error {
		select {
		case <-done:
			return nil
		default:
		}
		_ = cmd.Process.Signal(quit)
		select {
		case <-done:
			return end
		case <-time.After(stopTime):
			p.kill()
			return fmt.Errorf("store: %s did not stop within %s and was killed", name, stopTime)
		}
	}

	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if err = probe(ctx); err == nil {
			return p, nil
		}
		select {
		case <-time.After(5 * time.Millisecond):
			continue
		case <-ctx.Done():
			p.kill()
		case <-done:
			err = cmp.Or(end, errors.New("it ended"))
		}
		return nil, h.explain(fmt.Errorf("%s did not start: %w", name, err))
	}
}

// explain adds the end of the server's log to an error.
func (h *home) explain(err error) error {
	f, openErr := os.Open(h.path("log"))
	if openErr != nil {
		return err
	}
	defer f.Close()
	_, _ = f.Seek(-500, io.SeekEnd) // a shorter log is read whole
	tail, _ := io.ReadAll(f)
	return fmt.Errorf("%w; the end of %s:\n%s", err, f.Name(), strings.TrimSpace(string(tail)))
}
