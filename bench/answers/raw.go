package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the same engine as the program's

	"goalpost/store"
)

// rawInserts writes the rows of complete answers into the program's own tables with
// prepared statements of the plain driver, group answers a commit, and returns how many a
// second reach the disk.
func rawInserts(ctx context.Context, dir string, group int, for_ time.Duration) (perSecond float64, err error) {
	empty, _, err := prepare(ctx, dir)
	if err != nil {
		return 0, err
	}
	if err := empty.Close(); err != nil {
		return 0, fmt.Errorf("answers: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.File)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-32768)&_pragma=wal_autocheckpoint(4000)")
	if err != nil {
		return 0, fmt.Errorf("answers: %w", err)
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	texts := []string{
		"INSERT INTO answer_event (org_id, survey_id, id, rid, at, kind, rev, sha256, body) VALUES (1, 1, ?, ?, ?, 'done', 1, ?, ?)",
		"INSERT INTO answer (org_id, survey_id, rid, seq, change, rev, version, state, channel, campaign, language, device, begun_at, changed_at, seconds, flags, network, secret, sha256, body) " +
			"VALUES (1, 1, ?, ?2, ?2, 1, 1, 'complete', '', '', 'en', 'phone', ?3, ?3, 60, '', ?, ?, ?, ?)",
		"INSERT INTO survey_count (org_id, survey_id, question, option, n) VALUES (1, 1, '', '', 1) ON CONFLICT (org_id, survey_id, question, option) DO UPDATE SET n = survey_count.n + excluded.n",
	}
	prepared := make([]*sql.Stmt, len(texts))
	for i, text := range texts {
		if prepared[i], err = db.PrepareContext(ctx, text); err != nil {
			return 0, fmt.Errorf("answers: %w", err)
		}
		defer func() { err = errors.Join(err, prepared[i].Close()) }()
	}
	began, n := time.Now(), 0
	for time.Since(began) < for_ {
		if err := rawGroup(ctx, db, prepared, n, group); err != nil {
			return 0, fmt.Errorf("answers: %w", err)
		}
		n += group
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

func rawGroup(ctx context.Context, db *sql.DB, prepared []*sql.Stmt, n, group int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after the commit it does nothing
	at := time.Now().UnixMicro()
	in := make([]*sql.Stmt, len(prepared))
	for i, s := range prepared {
		in[i] = tx.StmtContext(ctx, s)
		defer func() { _ = in[i].Close() }() // the commit closes it as well
	}
	for i := range group {
		id, rid, body := n+i+1, newID(), replies()
		hash := fmt.Sprintf("%016x%016x%016x%016x", rand.Uint64(), rand.Uint64(), rand.Uint64(), rand.Uint64()) //nolint:gosec // not a secret
		if _, err := in[0].ExecContext(ctx, id, rid, at, hash, body); err != nil {
			return err
		}
		if _, err := in[1].ExecContext(ctx, rid, id, at, hash[:24], hash, hash, body); err != nil {
			return err
		}
		if _, err := in[2].ExecContext(ctx); err != nil {
			return err
		}
	}
	return tx.Commit()
}
