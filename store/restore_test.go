package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"goalpost"
)

// copyOf copies a file.
func copyOf(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// alter opens a file of the engine and changes it.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	c, err := sql.Open("sqlite", dsn(path, []string{"journal_mode(DELETE)"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := c.ExecContext(ctx, s); err != nil {
			t.Fatal(s, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// Whoever deletes goalpost.db and not the log beside it would get the old data under the
// name of the backup: the engine reads the log into whatever file has that name.
func TestRestoreBesideOldLog(t *testing.T) {
	db := open(t, Options{})
	organisation(t, db)
	backup := filepath.Join(t.TempDir(), "b")
	if err := db.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-journal"} {
		dir := t.TempDir()
		left := filepath.Join(dir, File+suffix)
		copyOf(t, filepath.Join(db.Dir(), File+"-wal"), left)
		e, ok := errors.AsType[*goalpost.Error](Restore(ctx, backup, dir))
		if !ok || e.Key != "error.backup.data-there" {
			t.Errorf("%s\ngot:  %v\nwant: a refusal, there are data", suffix, e)
		}
		if _, err := os.Stat(left); err != nil {
			t.Errorf("%s: what was there must stay: %v", suffix, err)
		}
		if err := os.Remove(left); err != nil {
			t.Fatal(err)
		}
		if err := Restore(ctx, backup, dir); err != nil {
			t.Errorf("without the log: %v", err)
		}
	}
}

// A file that has our table of migrations and not our tables, or more than ours, is no
// backup: it is refused before the folder holds data.
func TestRestoreForeignSchema(t *testing.T) {
	db := open(t, Options{})
	organisation(t, db)
	dir := t.TempDir()
	backup := filepath.Join(dir, "b")
	if err := db.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	for name, statements := range map[string][]string{
		"a table is missing":  {"DROP TABLE vote"},
		"a trigger of others": {"CREATE TRIGGER spy AFTER INSERT ON session BEGIN DELETE FROM verdict; END"},
		"a view of others":    {"CREATE VIEW everything AS SELECT * FROM session"},
	} {
		bad, into := filepath.Join(dir, name), filepath.Join(dir, "into "+name)
		copyOf(t, backup, bad)
		alter(t, bad, statements...)
		e, ok := errors.AsType[*goalpost.Error](Restore(ctx, bad, into))
		if !ok || e.Key != "error.backup.foreign" {
			t.Errorf("%s\ngot:  %v\nwant: no backup of Goalpost", name, e)
		}
		if left, err := os.ReadDir(into); err != nil || len(left) > 0 {
			t.Errorf("%s left %v, %v", name, left, err)
		}
	}
	only := filepath.Join(dir, "only migrations")
	alter(t, only, "CREATE TABLE migration (number INTEGER)", "INSERT INTO migration VALUES (5)")
	if e, ok := errors.AsType[*goalpost.Error](Restore(ctx, only, filepath.Join(dir, "x"))); !ok || e.Key != "error.backup.foreign" {
		t.Errorf("\ngot:  %v\nwant: no backup of Goalpost", e)
	}
}
