package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"goalpost"
)

// maxJobs is how many jobs share one commit (reference: storage, part 2).
const maxJobs = 256

// errClosed is returned to jobs that come after Close.
var errClosed = errors.New("store: closed")

// writer is the one goroutine that writes.
type writer struct {
	conn  *sql.Conn
	jobs  chan job
	quit  chan struct{}
	stmts map[string]*sql.Stmt
}

type job struct {
	ctx  context.Context
	do   func(*tx) error
	done chan error
}

// tx is what a job writes through.
type tx struct {
	ctx context.Context
	w   *writer
	db  *DB
}

func newWriter(conn *sql.Conn) *writer {
	return &writer{conn: conn, jobs: make(chan job, maxJobs), quit: make(chan struct{}), stmts: map[string]*sql.Stmt{}}
}

func (w *writer) stop() { close(w.quit) }

// run takes jobs as they come and commits as many together as are waiting.
func (w *writer) run() {
	for {
		select {
		case <-w.quit:
			w.drain()
			for _, s := range w.stmts {
				_ = s.Close() // the connection closes them as well
			}
			_ = w.conn.Close()
			return
		case j := <-w.jobs:
			batch := []job{j}
		more:
			for len(batch) < maxJobs {
				select {
				case k := <-w.jobs:
					batch = append(batch, k)
				default:
					break more
				}
			}
			w.commit(batch)
		}
	}
}

// drain refuses what came after the stop.
func (w *writer) drain() {
	for {
		select {
		case j := <-w.jobs:
			j.done <- errClosed
		default:
			return
		}
	}
}

// commit runs jobs in one transaction, each behind a savepoint, so that one that
// fails is taken back alone. A job is answered after the commit.
func (w *writer) commit(batch []job) {
	ctx := context.Background() // a commit is not cut off by one job's deadline
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		for _, j := range batch {
			j.done <- storeError(err)
		}
		return
	}
	results := make([]error, len(batch))
	for i, j := range batch {
		results[i] = w.job(ctx, j)
		if lost(results[i]) { // the engine has taken the whole transaction back
			_, _ = w.conn.ExecContext(ctx, "ROLLBACK") // or it has not: then now
			for _, k := range batch {
				k.done <- results[i]
			}
			return
		}
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		_, undo := w.conn.ExecContext(ctx, "ROLLBACK")
		err = storeError(errors.Join(err, undo))
		for i := range results {
			results[i] = err
		}
	}
	for i, j := range batch {
		j.done <- results[i]
	}
}

// lost reports whether an error ends the whole transaction: a full disk does.
func lost(err error) bool {
	var e *goalpost.Error
	return errors.As(err, &e) && e.Key == "error.store.full"
}

func (w *writer) job(ctx context.Context, j job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if _, err := w.conn.ExecContext(ctx, "SAVEPOINT job"); err != nil {
		return storeError(err)
	}
	err := j.do(&tx{ctx: ctx, w: w})
	if lost(err) {
		return err
	}
	if err != nil {
		if _, undo := w.conn.ExecContext(ctx, "ROLLBACK TO job"); undo != nil {
			err = errors.Join(err, undo)
		}
	}
	_, release := w.conn.ExecContext(ctx, "RELEASE job")
	return storeError(errors.Join(err, release))
}

// doUnlessBusy is do for what strangers send: it fails with Unavailable at once when the
// queue is full, instead of holding ever more requests.
func (db *DB) doUnlessBusy(ctx context.Context, f func(*tx) error) error {
	if len(db.writer.jobs) >= cap(db.writer.jobs) {
		return goalpost.Errorf(goalpost.Unavailable, "error.store.busy")
	}
	return db.do(ctx, f)
}

// do runs a job on the writer and waits for its commit: after it returns nil, the
// change is on disk.
func (db *DB) do(ctx context.Context, f func(*tx) error) error {
	j := job{ctx: ctx, do: func(t *tx) error { t.db = db; return f(t) }, done: make(chan error, 1)}
	select {
	case <-db.writer.quit:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	case db.writer.jobs <- j:
	}
	select {
	case err := <-j.done:
		return err
	case <-db.stopped:
		select {
		case err := <-j.done:
			return err
		default:
			return errClosed
		}
	}
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.w.stmts[query]; ok {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(t.ctx, t.db.sql(query)) //nolint:sqlclosecheck // kept until the writer stops
	if err != nil {
		return nil, fmt.Errorf("store: prepare %s: %w", query, err)
	}
	t.w.stmts[query] = s
	return s, nil
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept until the writer stops
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, storeError(err)
	}
	return r.RowsAffected()
}

// row reads one row; found is false when there is none.
func (t *tx) row(query string, args []any, dest ...any) (found bool, err error) {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept until the writer stops
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, storeError(err)
}

// rows reads rows.
func (t *tx) rows(query string, scan func(*sql.Rows) error, args ...any) error {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept until the writer stops
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return storeError(err)
	}
	defer func() { _ = rows.Close() }() // after the last row it is closed already
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return storeError(rows.Err())
}

// next returns the next free id of a table that counts per organisation.
func (t *tx) next(query string, args ...any) (int64, error) {
	var id int64
	_, err := t.row(query, args, &id)
	return id, err
}
