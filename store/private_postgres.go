package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// NoSync are the settings of a Postgres whose data may be lost with the
// machine: for tests.
var NoSync = []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off"}

// minPostgres is the oldest major version we run on.
const minPostgres = 14

// StartPostgres starts a Postgres from the installed binaries with its data in
// dir, which is made on first use. Further settings are written as in
// postgresql.conf: "name=value". Its log keeps no statement and no value, so no
// personal data. The context bounds the start only.
func StartPostgres(ctx context.Context, dir string, settings ...string) (*Private, error) {
	h, err := openHome(ctx, dir, "postgres")
	if err != nil {
		return nil, fmt.Errorf("store: private Postgres: %w", err)
	}
	p, err := h.startPostgres(ctx, settings)
	if err != nil {
		h.close()
		return nil, fmt.Errorf("store: private Postgres: %w", err)
	}
	return p, nil
}

// RunningPostgres returns the URL of the private Postgres that another lensan
// runs in dir; false: none answers.
func RunningPostgres(ctx context.Context, dir string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	at := address(runDir(dir), "lensan")
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return "", false
	}
	return at, conn.Close(ctx) == nil
}

// address is the URL of a database behind the socket in a folder.
func address(run, database string) string {
	query := url.Values{"host": {run}, "port": {"5432"}}
	return "postgres://lensan@/" + database + "?" + query.Encode()
}

func (h *home) startPostgres(ctx context.Context, settings []string) (*Private, error) {
	data := h.path("data")
	bin, err := postgresBin(data)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(data); errors.Is(err, fs.ErrNotExist) {
		if err := h.initdb(bin, data, settings); err != nil {
			return nil, err
		}
	}
	// We hold the lock, so no Postgres of this folder lives and a pid file is
	// left from a killed one. By now its number may be another program's, and
	// Postgres would not start.
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	args := []string{"-D", data, "-k", h.run, "-p", "5432"}
	for _, s := range append([]string{
		"listen_addresses=",
		"unix_socket_permissions=0700",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
	}, settings...) {
		args = append(args, "-c", s)
	}
	return h.start(ctx, address(h.run, "lensan"),
		h.command(syscall.SIGQUIT, filepath.Join(bin, "postgres"), args...),
		syscall.SIGINT, // fast shutdown: open transactions are rolled back
		func(ctx context.Context) error { return createLensan(ctx, address(h.run, "postgres")) })
}

// initdb makes the data folder beside its place and moves it there when it is
// whole, so that a start killed in the middle leaves nothing half made.
func (h *home) initdb(bin, data string, settings []string) error {
	half := h.path("data.new")
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := h.own(half); err != nil {
		return err
	}
	args := []string{"-D", half, "--auth=trust", "--username=lensan", "--encoding=UTF8", "--locale=C.UTF-8"}
	if slices.Contains(settings, "fsync=off") {
		args = append(args, "--no-sync")
	}
	ended, err := spawn(h.command(syscall.SIGKILL, filepath.Join(bin, "initdb"), args...))
	if err != nil {
		return err
	}
	if err := <-ended; err != nil {
		return h.explain(fmt.Errorf("initdb: %w", err))
	}
	return os.Rename(half, data)
}

// createLensan makes the database if the server has none yet.
func createLensan(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = 'lensan')`).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, `create database lensan`)
	return err
}

// postgresBin finds the programs of the version that made the data folder, or
// of the newest version when there is none.
func postgresBin(data string) (string, error) {
	bins := map[int]string{}
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
			continue
		}
		out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
		if err != nil {
			continue
		}
		if v := majorVersion(string(out)); v >= minPostgres {
			bins[v] = dir
		}
	}
	if len(bins) == 0 {
		return "", fmt.Errorf("no Postgres %d or newer on this machine: install it (Debian, Ubuntu: apt-get install postgresql) or set DATABASE_URL", minPostgres)
	}
	versions := make([]int, 0, len(bins))
	for v := range bins {
		versions = append(versions, v)
	}
	newest := slices.Max(versions)
	made, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return bins[newest], nil
	}
	if err != nil {
		return "", err
	}
	v, _ := strconv.Atoi(strings.TrimSpace(string(made)))
	if bins[v] == "" {
		return "", fmt.Errorf("the data in %s was made by Postgres %d, and this machine has %d: install postgresql-%[2]d again, or bring the data over with pg_upgrade, or move the folder away to start anew",
			data, v, newest)
	}
	return bins[v], nil
}

// majorVersion reads "postgres (PostgreSQL) 15.14 (Debian …)" as 15; 0 when it
// reads otherwise.
func majorVersion(line string) int {
	_, rest, _ := strings.Cut(line, ") ")
	digits := strings.IndexFunc(rest+" ", func(r rune) bool { return r < '0' || r > '9' })
	v, _ := strconv.Atoi(rest[:digits])
	return v
}
