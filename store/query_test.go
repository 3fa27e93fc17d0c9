package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"goalpost/gptest/need"
)

// shortSQL finds the statements that stand in Go: they have to hold on both engines
// like those in files.
func shortSQL(t *testing.T) []string {
	t.Helper()
	var list []string
	pattern := regexp.MustCompile("[\"`]((?:SELECT|INSERT|UPDATE|DELETE) [^`]*?)[\"`][,)]")
	for name, text := range sources(t) {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			if strings.Contains(name, "migrate.go") || strings.Contains(m[1], "%") {
				continue
			}
			list = append(list, m[1])
		}
	}
	if len(list) < 30 {
		t.Fatalf("only %d statements found in Go: the pattern is wrong", len(list))
	}
	return append(list, orgColumns+"ORDER BY org_id", userColumns+"WHERE u.user_id = $1", userColumns+"WHERE u.name_key = $1",
		tokenColumns+"ORDER BY id", tokenColumns+"AND sha256 = $2")
}

// ofTheFile are the statements about SQLite's own file, like its PRAGMAs: they read and
// clean its pages, hold no organisation's rows, and have nothing to speak of in PostgreSQL,
// whose VACUUM removes what rows leave behind.
var ofTheFile = []string{
	"SELECT p.pgno, p.data FROM dbstat s JOIN sqlite_dbpage p ON p.pgno = s.pageno WHERE s.name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1) AND s.pagetype <> 'overflow'",
	"UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2",
}

// withoutFile returns the statements that are about rows.
func withoutFile(t *testing.T, list []string) []string {
	t.Helper()
	rest := slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(ofTheFile, s) })
	if len(list)-len(rest) != len(ofTheFile) {
		t.Errorf("%d of the %d statements about the file are there", len(list)-len(rest), len(ofTheFile))
	}
	return rest
}

// Every query prepares on a fresh SQLite.
func TestQueriesPrepareOnSQLite(t *testing.T) {
	db := open(t, Options{})
	for name, text := range db.queries {
		if strings.HasSuffix(name, "-postgres") {
			continue
		}
		if err := prepares(db, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range shortSQL(t) {
		if err := prepares(db, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Every query prepares on PostgreSQL with the same schema, so that it can follow
// without a rewrite.
func TestPostgresPreparesEveryQuery(t *testing.T) {
	conn, err := pgx.Connect(ctx, need.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	run := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	run("DROP SCHEMA IF EXISTS store_queries CASCADE; CREATE SCHEMA store_queries; SET search_path TO store_queries")
	defer run("DROP SCHEMA store_queries CASCADE")
	list, err := migrations("-postgres")
	if err != nil {
		t.Fatal(err)
	}
	run("CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)") // the program makes it before all others
	for _, m := range list {
		run(m.sql)
	}
	queries, err := readQueries()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range queries {
		if _, twin := queries[name+"-postgres"]; twin {
			continue
		}
		if _, err := conn.Prepare(ctx, name, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i, text := range withoutFile(t, shortSQL(t)) {
		if _, err := conn.Prepare(ctx, fmt.Sprint("short", i), text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Both engines have the same tables and columns in the same order.
func TestSchemasAreTheSame(t *testing.T) {
	lite, err := migrations("")
	if err != nil {
		t.Fatal(err)
	}
	postgres, err := migrations("-postgres")
	if err != nil || len(postgres) != len(lite) {
		t.Fatalf("%d and %d migrations, %v", len(lite), len(postgres), err)
	}
	plain := strings.NewReplacer(" WITHOUT ROWID", "", " BYTEA", " BLOB")
	for i := range lite {
		if got, want := plain.Replace(postgres[i].sql), plain.Replace(lite[i].sql); got != want {
			t.Errorf("%s differs by more than the words of the engine", lite[i].name)
		}
	}
}

// org_id is the first column of every key, and every statement says which
// organisation it means.
func TestEveryStatementNamesTheOrganisation(t *testing.T) {
	list, err := migrations("")
	if err != nil {
		t.Fatal(err)
	}
	without := []string{"\"user\"", "session", "migration"}
	for _, m := range list {
		for _, table := range regexp.MustCompile(`(?s)CREATE TABLE (\S+) \((.*?)\)(?: WITHOUT ROWID)?;`).FindAllStringSubmatch(m.sql, -1) {
			if !slices.Contains(without, table[1]) && !strings.HasPrefix(strings.TrimSpace(table[2]), "org_id") {
				t.Errorf("%s does not begin with org_id", table[1])
			}
			if key := regexp.MustCompile(`PRIMARY KEY \(([^,)]*)`).FindStringSubmatch(table[2]); key != nil && key[1] != "org_id" {
				t.Errorf("the key of %s begins with %s", table[1], key[1])
			}
		}
	}
	db := open(t, Options{})
	statements := withoutFile(t, shortSQL(t))
	for name, text := range db.queries {
		statements = append(statements, "-- "+name+"\n"+text)
	}
	for _, s := range statements {
		if !strings.Contains(s, "org_id") && !strings.Contains(s, "session") && !strings.Contains(s, "\"user\"") && !strings.Contains(s, "FROM migration") && !strings.Contains(s, "slug") {
			t.Errorf("no organisation in: %s", s)
		}
	}
}

func prepares(db *DB, text string) error {
	s, err := db.read.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	return nil
}
