package store_test

import (
	"strings"
	"sync"
	"testing"

	"lensan/bot/bottest"
	"lensan/store"
)

func open(t *testing.T, address string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// TestMigrate starts several replicas at once on an empty database.
func TestMigrate(t *testing.T) {
	t.Parallel()
	address := bottest.EmptyDatabase(t)
	if err := open(t, address).Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "lensan migrate") {
		t.Fatalf("ready without a schema: %v", err)
	}
	var wg sync.WaitGroup
	for range 4 {
		db := open(t, address)
		wg.Go(func() {
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
			if err := db.Ready(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()

	if n, err := query[int](t, address, `select count(*) from chats, river_job`); err != nil {
		t.Errorf("%d, %v", n, err)
	}
	// A rolling deploy: the schema of a newer binary.
	if _, err := query[int](t, address, `insert into goose_db_version (version_id, is_applied) values (99999, true) returning id`); err != nil {
		t.Fatal(err)
	}
	if err := open(t, address).Ready(t.Context()); err != nil {
		t.Error(err)
	}
	// A new binary on an old schema, ours and the job queue's.
	for _, sql := range []string{
		`delete from river_migration where version = (select max(version) from river_migration) returning version`,
		`with gone as (delete from goose_db_version where version_id > 0 returning 1) select count(*) from gone`,
	} {
		if _, err := query[int](t, address, sql); err != nil {
			t.Fatal(err)
		}
		if err := open(t, address).Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "lensan migrate") {
			t.Errorf("ready on an old schema: %v", err)
		}
	}
}

func TestReadyWithoutPostgres(t *testing.T) {
	t.Parallel()
	err := open(t, "postgres://lensan@/lensan?host=/nowhere").Ready(t.Context())
	if err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("got %v", err)
	}
}

func TestTemplateIsMigrated(t *testing.T) {
	t.Parallel()
	if err := open(t, bottest.Database(t)).Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
