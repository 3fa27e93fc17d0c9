package store

import (
	"context"
	"database/sql"
	"time"

	"goalpost"
)

// undoPosts and undoDays are how much one step of an undo looks at, so that pages
// and answers go on meanwhile.
const (
	undoPosts = 500
	undoDays  = 1000
)

// UndoImport takes the rows of a finished import out again; its map is forgotten,
// the raw file and the ledger's row stay. It fails with Conflict when the import is
// undone already.
func (db *DB) UndoImport(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID, by string, at time.Time) error {
	imp, err := db.Import(ctx, org, id)
	if err != nil {
		return err
	}
	if imp.State == goalpost.ImportUndone || imp.State == goalpost.ImportUndoing {
		return goalpost.Errorf(goalpost.Conflict, "error.import.undone-already", goalpost.PlainArg(int(id)))
	}
	err = db.do(ctx, func(t *tx) error {
		if _, err := t.exec("DELETE FROM column_map WHERE org_id = $1 AND import_id = $2", org, id); err != nil {
			return err
		}
		_, err := t.exec("UPDATE import SET state = 'undoing', undone_at = $3, undone_by = $4 WHERE org_id = $1 AND id = $2", org, id, at.UnixMicro(), by)
		return err
	})
	if err != nil {
		return err
	}
	return db.finishUndo(ctx, org, id)
}

// finishUndo deletes the rows of an import that is being undone. A kill in between
// leaves it for whoever opens the store next.
func (db *DB) finishUndo(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) error {
	if err := db.deleteRows(ctx, org, id); err != nil {
		return err
	}
	return db.do(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE import SET state = 'undone' WHERE org_id = $1 AND id = $2", org, id)
		return err
	})
}

// AbandonImport removes an import that did not come to its end, with everything that
// it wrote.
func (db *DB) AbandonImport(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) error {
	db.forget(org, id)
	imp, err := db.Import(ctx, org, id)
	if err != nil {
		return err
	}
	if err := db.deleteRows(ctx, org, id); err != nil {
		return err
	}
	return db.do(ctx, func(t *tx) error {
		if _, err := t.exec("DELETE FROM import WHERE org_id = $1 AND id = $2", org, id); err != nil {
			return err
		}
		var others int64
		if _, err := t.row("SELECT COUNT(*) FROM import WHERE org_id = $1 AND sha256 = $2", []any{org, imp.SHA256}, &others); err != nil || others > 0 {
			return err
		}
		if _, err := t.exec("DELETE FROM raw_chunk WHERE org_id = $1 AND sha256 = $2", org, imp.SHA256); err != nil {
			return err
		}
		_, err := t.exec("DELETE FROM raw_file WHERE org_id = $1 AND sha256 = $2", org, imp.SHA256)
		return err
	})
}

// ResetImport takes the rows of an import out to compute them again from the raw
// file; a rebuild that is cut off finds it in state rebuild.
func (db *DB) ResetImport(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) error {
	db.forget(org, id)
	err := db.do(ctx, func(t *tx) error {
		n, err := t.exec("UPDATE import SET state = 'rebuild' WHERE org_id = $1 AND id = $2 AND state IN ('done', 'rebuild')", org, id)
		if err == nil && n == 0 {
			return notFound("import")
		}
		return err
	})
	if err != nil {
		return err
	}
	return db.deleteRows(ctx, org, id)
}

// deleteRows deletes what an import wrote, in short transactions.
func (db *DB) deleteRows(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) error {
	if err := db.deleteSnapshots(ctx, org, id); err != nil {
		return err
	}
	if err := db.deleteValues(ctx, org, id); err != nil {
		return err
	}
	return db.do(ctx, func(t *tx) error {
		if _, err := t.exec("DELETE FROM activity WHERE org_id = $1 AND import_id = $2", org, id); err != nil {
			return err
		}
		_, err := t.exec("DELETE FROM import_coverage WHERE org_id = $1 AND import_id = $2", org, id)
		return err
	})
}

func (db *DB) deleteSnapshots(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) error {
	var last int64
	if err := db.row(ctx, "SELECT COALESCE(MAX(id), 0) FROM post WHERE org_id = $1", "post", []any{org}, &last); err != nil {
		return err
	}
	for from := int64(0); from <= last; from += undoPosts {
		err := db.do(ctx, func(t *tx) error {
			var posts []int64
			if err := t.rows("SELECT DISTINCT post_id FROM snapshot WHERE org_id = $1 AND post_id >= $2 AND post_id < $3 AND import_id = $4", func(r *sql.Rows) error {
				var p int64
				err := r.Scan(&p)
				posts = append(posts, p)
				return err
			}, org, from, from+undoPosts, id); err != nil || len(posts) == 0 {
				return err
			}
			if _, err := t.exec("DELETE FROM snapshot WHERE org_id = $1 AND post_id >= $2 AND post_id < $3 AND import_id = $4", org, from, from+undoPosts, id); err != nil {
				return err
			}
			if _, err := t.exec("DELETE FROM post_said WHERE org_id = $1 AND post_id >= $2 AND post_id < $3 AND import_id = $4", org, from, from+undoPosts, id); err != nil {
				return err
			}
			for _, p := range posts {
				if err := t.refold(org, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) deleteValues(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID) error {
	type span struct{ series, first, last int64 }
	var spans []span
	if err := db.rows(ctx, "SELECT series_id, MIN(day), MAX(day) FROM series_value WHERE org_id = $1 AND import_id = $2 GROUP BY series_id", func(r *sql.Rows) error {
		var s span
		err := r.Scan(&s.series, &s.first, &s.last)
		spans = append(spans, s)
		return err
	}, org, id); err != nil {
		return err
	}
	for _, s := range spans {
		for day := s.first; day <= s.last; day += undoDays {
			if err := db.do(ctx, func(t *tx) error {
				_, err := t.exec("DELETE FROM series_value WHERE org_id = $1 AND series_id = $2 AND day >= $3 AND day < $4 AND import_id = $5", org, s.series, day, day+undoDays, id)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
