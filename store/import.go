package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"goalpost"
)

type importKey struct {
	org goalpost.OrgID
	id  goalpost.ImportID
}

// importing is what the writer remembers of an import while it runs.
type importing struct {
	accounts map[goalpost.AccountRef]goalpost.AccountID
	networks map[goalpost.AccountID]goalpost.Network
	series   map[goalpost.SeriesKey]*loadingSeries
	// twin is true when another finished import has the same observed_at, so that a
	// post's counts may be known already.
	twin     bool
	nextPost int64
	// Lines with a value that another import said, and with one that none said.
	known, fresh lineSet
}

// lockFile is held by the import that runs.
const lockFile = "imports-lock"

// lockPoll is how often a waiting import asks again.
const lockPoll = 100 * time.Millisecond

// LockImports lets one import run at a time, over all processes of the directory.
// It calls wait once if it has to queue. Whoever gets the lock first removes what a
// killed import left half.
func (db *DB) LockImports(ctx context.Context, wait func()) (unlock func(), err error) {
	lock := flock.New(filepath.Join(db.dir, lockFile), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.store.unwritable", Args: []goalpost.Arg{goalpost.TextArg(db.dir)}, Err: err}
	}
	if !got {
		wait()
		if got, err = lock.TryLockContext(ctx, lockPoll); err != nil || !got {
			return nil, errors.Join(ctx.Err(), err)
		}
	}
	unlock = func() { _ = lock.Unlock() } // the end of the process unlocks as well
	if err := db.recoverImports(ctx); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// recoverAfterKill removes a half import, and ends a half undo, when the store is opened, unless an import is
// running right now in another process.
func (db *DB) recoverAfterKill(ctx context.Context) error {
	var half int
	if err := db.row(ctx, "SELECT COUNT(org_id) FROM import WHERE state IN ('loading', 'undoing')", "import", nil, &half); err != nil || half == 0 {
		return err
	}
	lock := flock.New(filepath.Join(db.dir, lockFile), flock.SetPermissions(0o600))
	if got, err := lock.TryLock(); err != nil || !got {
		return nil //nolint:nilerr // whoever holds the lock is importing, or the next import will say what is wrong
	}
	defer func() { _ = lock.Unlock() }()
	return db.recoverImports(ctx)
}

// recoverImports removes imports that were loading when their process ended, and
// takes out the rest of those that were being undone.
func (db *DB) recoverImports(ctx context.Context) error {
	type cutOff struct {
		importKey
		state goalpost.ImportState
	}
	var cut []cutOff
	err := db.rows(ctx, "SELECT org_id, id, state FROM import WHERE state IN ('loading', 'undoing')", func(r *sql.Rows) error {
		var c cutOff
		err := r.Scan(&c.org, &c.id, &c.state)
		cut = append(cut, c)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range cut {
		end := db.AbandonImport
		if c.state == goalpost.ImportUndoing {
			end = db.finishUndo
		}
		if err := end(ctx, c.org, c.id); err != nil {
			return fmt.Errorf("store: clean up after import %d, which was cut off: %w", c.id, err)
		}
	}
	return nil
}

// BeginImport puts an import on the ledger, as loading. Its Answers carry the moment
// at which the counts were seen.
func (db *DB) BeginImport(ctx context.Context, org goalpost.OrgID, imp goalpost.Import) (goalpost.ImportID, error) {
	answers, err := json.Marshal(imp.Answers)
	if err != nil {
		return 0, fmt.Errorf("store: import: %w", err)
	}
	var id int64
	err = db.do(ctx, func(t *tx) error {
		var there int64
		if found, err := t.row("SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil || !found {
			return errors.Join(err, notFound("organisation"))
		}
		if id, err = t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM import WHERE org_id = $1", org); err != nil {
			return err
		}
		_, err = t.exec("import.Add", org, id, string(goalpost.ImportLoading), imp.File, imp.Dialect, imp.SHA256, string(answers), string(imp.Map),
			toMicros(imp.Answers.ObservedAt), toMicros(imp.StartedAt), imp.By)
		return err
	})
	return goalpost.ImportID(id), err
}

// FinishImport ends the load: from now on its rows count.
func (db *DB) FinishImport(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID, report goalpost.FileReport, at time.Time) error {
	body, err := json.Marshal(report)
	if err != nil {
		return fmt.Errorf("store: import report: %w", err)
	}
	defer db.forget(org, id)
	return db.do(ctx, func(t *tx) error {
		for _, c := range report.Coverage {
			account, err := t.account(org, c.Account)
			if err != nil {
				return err
			}
			if _, err := t.exec("INSERT INTO import_coverage (org_id, import_id, account_id, start_day, end_day) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, import_id, account_id, start_day) DO NOTHING",
				org, id, account, c.Period.Start, c.Period.End); err != nil {
				return err
			}
		}
		n, err := t.exec("UPDATE import SET state = 'done', finished_at = $3, report = $4 WHERE org_id = $1 AND id = $2 AND state IN ('loading', 'rebuild')",
			org, id, at.UnixMicro(), string(body))
		if err == nil && n == 0 {
			return notFound("import")
		}
		return err
	})
}

func (db *DB) forget(org goalpost.OrgID, id goalpost.ImportID) {
	db.mu.Lock()
	defer db.mu.Unlock()
	delete(db.imports, importKey{org, id})
}

// Imports returns the ledger, newest first.
func (db *DB) Imports(ctx context.Context, org goalpost.OrgID) ([]goalpost.Import, error) {
	return db.importList(ctx, org, 0)
}

// Import returns one row of the ledger.
func (db *DB) Import(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) (goalpost.Import, error) {
	if id <= 0 {
		return goalpost.Import{}, notFound("import")
	}
	list, err := db.importList(ctx, org, id)
	if err != nil {
		return goalpost.Import{}, err
	}
	if len(list) == 0 {
		return goalpost.Import{}, notFound("import")
	}
	return list[0], nil
}

// DoneImportsByHash returns the finished imports of the same bytes, newest first: more
// than one where several sheets of a workbook were imported.
func (db *DB) DoneImportsByHash(ctx context.Context, org goalpost.OrgID, sha256 string) ([]goalpost.Import, error) {
	var ids []goalpost.ImportID
	err := db.rows(ctx, "SELECT id FROM import WHERE org_id = $1 AND sha256 = $2 AND state = 'done' ORDER BY id DESC", func(r *sql.Rows) error {
		var id goalpost.ImportID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, org, sha256)
	if err != nil {
		return nil, err
	}
	var list []goalpost.Import
	for _, id := range ids {
		imp, err := db.Import(ctx, org, id)
		if err != nil {
			return nil, err
		}
		list = append(list, imp)
	}
	return list, nil
}

func (db *DB) importList(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) ([]goalpost.Import, error) {
	var list []goalpost.Import
	err := db.rows(ctx, "import.List", func(r *sql.Rows) error {
		var i goalpost.Import
		var answers, m, report string
		var started, finished, undone int64
		if err := r.Scan(&i.ID, &i.State, &i.File, &i.Dialect, &i.SHA256, &answers, &m, &started, &finished, &undone, &i.UndoneBy, &i.By, &report); err != nil {
			return err
		}
		i.StartedAt, i.FinishedAt, i.UndoneAt = micros(started), micros(finished), micros(undone)
		if m != "" {
			i.Map = []byte(m)
		}
		err := json.Unmarshal([]byte(answers), &i.Answers)
		if report != "" {
			err = errors.Join(err, json.Unmarshal([]byte(report), &i.Report))
		}
		list = append(list, i)
		return err
	}, org, id)
	return list, err
}

// Unsettled reports whether rows are being stored, taken out or computed again: until
// that ends, figures show a part of them.
func (db *DB) Unsettled(ctx context.Context, org goalpost.OrgID) (bool, error) {
	var n int
	err := db.row(ctx, "SELECT COUNT(*) FROM import WHERE org_id = $1 AND state IN ('loading', 'undoing', 'rebuild')", "import", []any{org}, &n)
	return n > 0, err
}

// AccountCoverage is a period in which an import holds every post of an account.
type AccountCoverage struct {
	Account    goalpost.AccountID
	Period     goalpost.Period
	ObservedAt time.Time
	Import     goalpost.ImportID
}

// Coverage returns the covered periods of the finished imports.
func (db *DB) Coverage(ctx context.Context, org goalpost.OrgID) ([]AccountCoverage, error) {
	var list []AccountCoverage
	err := db.rows(ctx, "import.Coverage", func(r *sql.Rows) error {
		var c AccountCoverage
		var at int64
		err := r.Scan(&c.Account, &c.Period.Start, &c.Period.End, &at, &c.Import)
		c.ObservedAt = micros(at)
		list = append(list, c)
		return err
	}, org)
	return list, err
}

// ColumnMap returns the map that was confirmed for tables with this header.
func (db *DB) ColumnMap(ctx context.Context, org goalpost.OrgID, fingerprint string) ([]byte, error) {
	var m string
	err := db.row(ctx, "SELECT map FROM column_map WHERE org_id = $1 AND fingerprint = $2", "column map", []any{org, fingerprint}, &m)
	return []byte(m), err
}

// SaveColumnMap remembers a map for tables with this header.
func (db *DB) SaveColumnMap(ctx context.Context, org goalpost.OrgID, fingerprint string, m []byte, id goalpost.ImportID) error {
	return db.do(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO column_map (org_id, fingerprint, map, import_id) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id, fingerprint) DO UPDATE SET map = excluded.map, import_id = excluded.import_id",
			org, fingerprint, string(m), id)
		return err
	})
}
