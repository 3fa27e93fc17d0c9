package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"goalpost"
)

// maxJobs is how many jobs share one commit (reference: storage, part 2).
const maxJobs = 256

// errClosed is returned to jobs that come after Close.
var errClosed = errors.New("store: closed")

// writer is the one goroutine that writes.
type writer struct {
	db     *DB
	conn   *sql.Conn
	jobs   chan job
	quit   chan struct{}
	stmts  map[string]*sql.Stmt
	lately int           // how many jobs shared the commit before
	since  int           // jobs since the log was moved into the file
	full   chan struct{} // asks for that
	batch  answerBatch
}

type job struct {
	ctx    context.Context
	do     func(*tx) error
	done   chan error
	answer bool // it keeps to what the batch knows
}

// linger is how long a commit waits for as many jobs as shared the one before: those who
// were answered together come again together, and one of them alone would cost as much.
const linger = 2 * time.Millisecond

// tx is what a job writes through.
type tx struct {
	ctx context.Context
	w   *writer
	db  *DB
}

func newWriter(db *DB, conn *sql.Conn) *writer {
	return &writer{db: db, conn: conn, jobs: make(chan job, maxJobs), quit: make(chan struct{}), full: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}
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
			w.commit(j)
		}
	}
}

// another returns the next job for a commit of n; false when it is time to commit.
func (w *writer) another(n int, late *time.Timer) (job, bool) {
	if n >= maxJobs {
		return job{}, false
	}
	select {
	case j := <-w.jobs:
		return j, true
	default:
	}
	if n >= w.lately {
		return job{}, false
	}
	select {
	case j := <-w.jobs:
		return j, true
	case <-late.C:
	case <-w.quit:
	}
	return job{}, false
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

// commit runs a job and those that come while it runs in one transaction, each behind a
// savepoint, so that one that fails is taken back alone. A job is answered after the
// commit.
func (w *writer) commit(first job) {
	ctx := context.Background() // a commit is not cut off by one job's deadline
	jobs, results := []job{first}, []error(nil)
	fail := func(err error) {
		w.batch = nil
		for _, j := range jobs {
			j.done <- err
		}
	}
	if err := w.do(ctx, "BEGIN IMMEDIATE"); err != nil {
		fail(err)
		return
	}
	late := time.NewTimer(linger)
	defer late.Stop()
	for j, ok := first, true; ok; j, ok = w.another(len(jobs), late) {
		if len(results) > 0 {
			jobs = append(jobs, j)
		}
		err := w.job(ctx, j)
		if lost(err) { // the engine has taken the whole transaction back
			_ = w.do(ctx, "ROLLBACK") // or it has not: then now
			fail(unwrapped(err))
			return
		}
		results = append(results, err)
	}
	w.lately = len(jobs)
	w.moveLater(len(jobs))
	err := (&tx{ctx: ctx, w: w, db: w.db}).endBatch()
	if err == nil {
		err = w.do(ctx, "COMMIT")
	}
	if err != nil {
		fail(errors.Join(err, w.do(ctx, "ROLLBACK")))
		return
	}
	for i, j := range jobs {
		j.done <- results[i]
	}
}

// How often, and how long each time, it is tried to empty a log that holds what was erased.
const (
	emptyAgain    = 2 * time.Second
	emptyPatience = 20 * time.Millisecond
)

// movedAfter is after how many jobs the write-ahead log is moved into the file.
const movedAfter = 200

// moveLater asks from time to time that the log be moved into the file beside the writing.
func (w *writer) moveLater(n int) {
	if w.since += n; w.since < movedAfter {
		return
	}
	w.since = 0
	select {
	case w.full <- struct{}{}:
	default: // it was asked already
	}
}

// moveLog moves the log into the file whenever it is asked for. When many small jobs come,
// the writer would else stop for it again and again, and all of them wait; what is left for
// it then is little.
// What was erased while somebody read the log is cut off here, too.
func (db *DB) moveLog() {
	again := time.NewTicker(emptyAgain)
	defer again.Stop()
	for {
		select {
		case <-db.stopped:
			return
		case <-again.C:
			if db.emptyLater.Swap(false) && !db.tryEmptyLog(context.Background(), emptyPatience) {
				db.emptyLater.Store(true)
			}
		case <-db.writer.full:
			_, _ = db.read.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)") // the writer does what this does not
		}
	}
}

// do runs a statement without arguments.
func (w *writer) do(ctx context.Context, text string) error {
	_, err := (&tx{ctx: ctx, w: w, db: w.db}).exec(text)
	return err
}

// lostError is an error after which nothing of a transaction can be kept.
type lostError struct{ err error }

func (e lostError) Error() string { return e.err.Error() }
func (e lostError) Unwrap() error { return e.err }

func unwrapped(err error) error {
	if e, ok := errors.AsType[lostError](err); ok {
		return e.err
	}
	return err
}

// lost reports whether an error ends the whole transaction: a full disk does.
func lost(err error) bool {
	if _, ok := errors.AsType[lostError](err); ok {
		return true
	}
	e, ok := errors.AsType[*goalpost.Error](err)
	return ok && e.Key == "error.store.full"
}

func (w *writer) job(ctx context.Context, j job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	t := &tx{ctx: ctx, w: w, db: w.db}
	if !j.answer {
		if err := t.endBatch(); err != nil {
			return lostError{err}
		}
	}
	if err := w.do(ctx, "SAVEPOINT job"); err != nil {
		return err
	}
	err := j.do(t)
	if lost(err) {
		return err
	}
	if err != nil {
		if undo := w.do(ctx, "ROLLBACK TO job"); undo != nil {
			return lostError{errors.Join(err, undo)}
		}
	}
	if release := w.do(ctx, "RELEASE job"); release != nil {
		return lostError{errors.Join(err, release)}
	}
	return storeError(err)
}

// doUnlessBusy is do for what strangers send: it fails with Unavailable at once when the
// queue is full, instead of holding ever more requests.
func (db *DB) doUnlessBusy(ctx context.Context, f func(*tx) error) error {
	if len(db.writer.jobs) >= cap(db.writer.jobs) {
		return goalpost.Errorf(goalpost.Unavailable, "error.store.busy")
	}
	return db.do(ctx, f)
}

// doAnswer is doUnlessBusy for answers, which share what they read and count.
func (db *DB) doAnswer(ctx context.Context, f func(*tx) error) error {
	select {
	case <-db.writer.quit:
		return errClosed
	default:
	}
	j := job{ctx: ctx, do: f, done: make(chan error, 1), answer: true}
	select {
	case db.writer.jobs <- j:
		return db.wait(j)
	default:
		return goalpost.Errorf(goalpost.Unavailable, "error.store.busy")
	}
}

// do runs a job on the writer and waits for its commit: after it returns nil, the
// change is on disk.
func (db *DB) do(ctx context.Context, f func(*tx) error) error {
	j := job{ctx: ctx, do: f, done: make(chan error, 1)}
	select {
	case <-db.writer.quit:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	case db.writer.jobs <- j:
		return db.wait(j)
	}
}

// wait returns what became of a job.
func (db *DB) wait(j job) error {
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
