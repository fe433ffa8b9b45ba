package store_test

import (
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

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

// TestMigrateOlder: a database of the version before, with what was written in it,
// is taken along, and back.
func TestMigrateOlder(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"as it was": ``,
		"with the columns 00005 had for a while": `alter table requests add by bigint references people on delete set null,
			add answer text not null default ''; create index requests_by on requests (by) where by is not null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := bottest.EmptyDatabase(t)
			conn, err := sql.Open("pgx", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			tables, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("migrations"), goose.WithLogger(goose.NopLogger()))
			if err != nil {
				t.Fatal(err)
			}
			do := func(sql string, args ...any) {
				t.Helper()
				if _, err := conn.ExecContext(t.Context(), sql, args...); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := tables.UpTo(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
			do(before)
			do(`insert into producers (name, kind, folded, listed) values ('HTX Nà Ca', 'cooperative', 'na ca', true)`)
			do(`insert into products (producer, name, folded, product_group) select id, 'Miến dong', 'mien dong', 'food' from producers`)
			do(`insert into certificates (product, decision, decided_said) select id, '279/QĐ-UBND', '2021' from products`)

			db := open(t, address)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := db.Ready(t.Context()); err != nil {
				t.Error(err)
			}
			do(`update producers set name = $1`, strings.Repeat("ạ", 200))
			do(`update products set name = $1`, strings.Repeat("ạ", 200))
			do(`insert into certificates (product, decision, decided_said) select id, '279/QĐ-UBND', '2024' from products`)

			if _, err := tables.DownTo(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
			if n, err := query[int](t, address, `select count(*) from products p join certificates c on c.product = p.id
				join producers r on r.id = p.producer where length(p.name) = 120 and length(r.name) = 160`); n != 1 || err != nil {
				t.Errorf("afterwards %d, %v", n, err)
			}
		})
	}
}
