package bottest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"lensan/store"
)

// Database returns the URL of a database of the test's own with the current
// schema and no rows; it is dropped when the test ends. The server is
// LENSAN_TEST_POSTGRES, which `make test` sets, else one that lives as long as
// the test process.
func Database(t testing.TB) string {
	t.Helper()
	server := must(t, postgresURL)
	template, err := template(t.Context(), server)
	if err != nil {
		t.Fatalf("bottest: template: %v", err)
	}
	return newDatabase(t, server, " template "+template)
}

// EmptyDatabase is like [Database], without the schema.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	return newDatabase(t, must(t, postgresURL), "")
}

func newDatabase(t testing.TB, server, from string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	if err := onPostgres(t.Context(), server, "create database "+name+from); err != nil {
		t.Fatalf("bottest: %v", err)
	}
	t.Cleanup(func() {
		if err := onPostgres(context.Background(), server, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("bottest: %v", err)
		}
	})
	return database(server, name)
}

// template returns the name of a migrated database, made once per server and
// schema.
func template(ctx context.Context, server string) (string, error) {
	id, err := store.SchemaID()
	if err != nil {
		return "", err
	}
	name := "template_" + id
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx) // gives the lock back too
	// The packages' tests run at the same time: one makes it, the others wait.
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtext($1))`, name); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	half := name + "_half" // renamed when whole: a test run may be killed at any time
	for _, sql := range []string{"drop database if exists " + half, "create database " + half} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	db, err := store.Open(ctx, database(server, half))
	if err != nil {
		return "", err
	}
	err = db.Migrate(ctx)
	db.Close()
	if err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "alter database "+half+" rename to "+name)
	return name, err
}

// onPostgres runs one statement.
func onPostgres(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// database is the URL of another database of a server.
func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // pgx has read it
	}
	u.Path = "/" + name
	return u.String()
}

// Redis returns the URL of an empty Redis of the test's own (a database number);
// it is emptied again when the test ends. The server is LENSAN_TEST_REDIS, which
// `make test` sets, else one that lives as long as the test process.
func Redis(t testing.TB) string {
	t.Helper()
	o, err := redis.ParseURL(must(t, redisURL))
	if err != nil {
		t.Fatalf("bottest: LENSAN_TEST_REDIS: %v", err)
	}
	number, err := claimNumber(t.Context(), o)
	if err != nil {
		t.Fatalf("bottest: Redis: %v", err)
	}
	t.Cleanup(func() {
		if err := freeNumber(context.Background(), o, number); err != nil {
			t.Errorf("bottest: Redis: %v", err)
		}
	})
	u, err := url.Parse(must(t, redisURL))
	if err != nil {
		t.Fatalf("bottest: LENSAN_TEST_REDIS: %v", err)
	}
	u.RawQuery = url.Values{"db": {strconv.Itoa(number)}}.Encode()
	return u.String()
}

// claimed is the key, in database 0, that says that a number is taken. It
// expires, should a test be killed.
func claimed(number int) string { return "lensan:test:" + strconv.Itoa(number) }

// claimNumber finds a free database number and empties it.
func claimNumber(ctx context.Context, o *redis.Options) (int, error) {
	zero := redis.NewClient(o)
	defer zero.Close()
	config, err := zero.ConfigGet(ctx, "databases").Result()
	if err != nil {
		return 0, err
	}
	count, err := strconv.Atoi(config["databases"])
	if err != nil || count < 2 {
		return 0, fmt.Errorf("it has %q databases: start it with --databases 4096", config["databases"])
	}
	for range count {
		next, err := zero.Incr(ctx, "lensan:test:next").Result()
		if err != nil {
			return 0, err
		}
		number := 1 + int(next%int64(count-1))
		free, err := zero.SetNX(ctx, claimed(number), "", time.Hour).Result()
		if err != nil {
			return 0, err
		}
		if free {
			return number, flush(ctx, o, number)
		}
	}
	return 0, fmt.Errorf("all %d databases are taken: start it with --databases 4096", count)
}

// freeNumber empties a database and lets others have it.
func freeNumber(ctx context.Context, o *redis.Options, number int) error {
	if err := flush(ctx, o, number); err != nil {
		return err
	}
	zero := redis.NewClient(o)
	defer zero.Close()
	return zero.Del(ctx, claimed(number)).Err()
}

func flush(ctx context.Context, o *redis.Options, number int) error {
	own := *o
	own.DB = number
	client := redis.NewClient(&own)
	defer client.Close()
	return client.FlushDB(ctx).Err()
}

// must returns the URL of a server, or fails the test: none is ever skipped for
// want of a server.
func must(t testing.TB, server func() (string, error)) string {
	t.Helper()
	address, err := server()
	if err != nil {
		t.Fatalf("bottest: %v", err)
	}
	return address
}
