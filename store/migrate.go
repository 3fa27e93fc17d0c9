package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"goalpost"
)

// migration is one numbered change of the schema.
type migration struct {
	number int
	name   string
	sql    string
}

// migrationTable keeps which changes were made.
const migrationTable = "CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)"

// migrations returns the changes for an engine in order; suffix is "" for SQLite and
// "-postgres" for PostgreSQL, which has a second file where the two differ.
func migrations(suffix string) ([]migration, error) {
	entries, err := migrationFiles.ReadDir("migrate")
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	byNumber := map[int]migration{}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".sql")
		number, err := strconv.Atoi(name[:4])
		if err != nil {
			return nil, fmt.Errorf("store: migration %s has no number", e.Name())
		}
		second := strings.HasSuffix(name, "-postgres")
		if _, there := byNumber[number]; second && suffix == "" || !second && there {
			continue // that of the other engine, or the engine's own was read already
		}
		data, err := migrationFiles.ReadFile(path.Join("migrate", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("store: migration %s: %w", e.Name(), err)
		}
		byNumber[number] = migration{number: number, name: strings.TrimSuffix(name, suffix), sql: string(data)}
	}
	list := slices.Collect(maps.Values(byNumber))
	slices.SortFunc(list, func(a, b migration) int { return a.number - b.number })
	return list, nil
}

// upTo returns the migrations up to a number.
func upTo(list []migration, number int) []migration {
	n := 0
	for n < len(list) && list[n].number <= number {
		n++
	}
	return list[:n]
}

// migrate brings the schema up to date, one transaction for each change.
func (db *DB) migrate(ctx context.Context) error {
	list, err := migrations("")
	if err != nil {
		return err
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return storeError(err)
	}
	defer func() { _ = conn.Close() }()
	var tables, ours int
	if err := conn.QueryRowContext(ctx, "SELECT COUNT(*), COUNT(CASE WHEN name = 'migration' THEN 1 END) FROM sqlite_master").Scan(&tables, &ours); err != nil {
		return storeError(err)
	}
	if tables > 0 && ours == 0 {
		return goalpost.Errorf(goalpost.Invalid, "error.store.foreign", goalpost.TextArg(db.dir))
	}
	for {
		done, err := func() (bool, error) {
			if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
				return false, storeError(err)
			}
			defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }() // after a commit there is nothing to roll back
			if _, err := conn.ExecContext(ctx, migrationTable); err != nil {
				return false, storeError(err)
			}
			var at int
			if err := conn.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM migration").Scan(&at); err != nil {
				return false, storeError(err)
			}
			if at > list[len(list)-1].number {
				return false, goalpost.Errorf(goalpost.Invalid, "error.store.newer", goalpost.TextArg(db.dir))
			}
			next, err := firstMissing(ctx, conn, list)
			if err != nil {
				return false, storeError(err)
			}
			if next < 0 {
				_, err := conn.ExecContext(ctx, "COMMIT")
				return true, storeError(err)
			}
			m := list[next]
			if _, err := conn.ExecContext(ctx, m.sql); err != nil {
				return false, fmt.Errorf("store: migration %s: %w", m.name, err)
			}
			if _, err := conn.ExecContext(ctx, "INSERT INTO migration (number, name) VALUES ($1, $2)", m.number, m.name); err != nil {
				return false, storeError(err)
			}
			_, err = conn.ExecContext(ctx, "COMMIT")
			return false, storeError(err)
		}()
		if err != nil || done {
			return err
		}
	}
}

// firstMissing finds the first change that was not made yet, -1 if all were. Numbers may
// be left out, and a lower one may come later than a higher one.
func firstMissing(ctx context.Context, conn *sql.Conn, list []migration) (int, error) {
	for i, m := range list {
		var made int
		if err := conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM migration WHERE number = $1", m.number).Scan(&made); err != nil {
			return 0, err
		}
		if made == 0 {
			return i, nil
		}
	}
	return -1, nil
}
