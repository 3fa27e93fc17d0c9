package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite" // the engine, in Go

	"goalpost"
)

//go:embed query/*.sql
var queryFiles embed.FS

//go:embed migrate/*.sql
var migrationFiles embed.FS

// File is the name of the database in the data directory.
const File = "goalpost.db"

// Options of Open. The zero value is what a server uses.
type Options struct {
	// MaxPages limits the file to so many pages of 4 KiB, for tests of a full disk.
	MaxPages int
	// KeyFile holds the key for personal data; empty: beside the directory, with the
	// ending .key.
	KeyFile string
}

// DB is the store of one data directory.
type DB struct {
	dir    string
	write  *sql.DB
	read   *sql.DB
	writer *writer

	keyFile *keyFile

	mu       sync.Mutex
	stmts    map[string]*sql.Stmt // prepared reads
	imports  map[importKey]*importing
	queries  map[string]string
	stopped  chan struct{}
	stopOnce sync.Once
	moving   sync.WaitGroup // of the log into the file

	emptyLater atomic.Bool // the log still holds what was erased
}

// Open opens the store of a directory and makes it if there is none. It fails with
// Unavailable when the directory cannot be written, and with Invalid when the file
// belongs to another program or to a newer version of this one.
func Open(ctx context.Context, dir string, o Options) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.store.unwritable", Args: []goalpost.Arg{goalpost.TextArg(dir)}, Err: err}
	}
	queries, err := readQueries()
	if err != nil {
		return nil, err
	}
	key, err := newKeyFile(dir, o.KeyFile)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, File)
	if err := touch(path); err != nil {
		return nil, &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.store.unwritable", Args: []goalpost.Arg{goalpost.TextArg(dir)}, Err: err}
	}
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(2)",
		"cache_size(-32768)", "wal_autocheckpoint(4000)", "secure_delete(1)"} // zeros over what is removed or moved: what is erased is gone; 32 MB; 16 MB between checkpoints, so that pages which change often are written once
	write, err := sql.Open("sqlite", dsn(path, pragmas))
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path, []string{"busy_timeout(10000)", "query_only(1)", "temp_store(2)"}))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: open: %w", err), write.Close())
	}
	read.SetMaxOpenConns(8)
	db := &DB{dir: dir, write: write, read: read, keyFile: key, stmts: map[string]*sql.Stmt{}, imports: map[importKey]*importing{}, queries: queries, stopped: make(chan struct{})}
	if err := db.startPatiently(ctx, o); err != nil {
		return nil, errors.Join(err, write.Close(), read.Close())
	}
	if err := db.recoverAfterKill(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// touch makes the file private before the engine opens it.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path string, pragmas []string) string {
	v := url.Values{}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: v.Encode()}).String()
}

// Patience with another program that begins at the same moment: while it turns the file to
// its write-ahead log the engine refuses at once, whatever its busy_timeout is.
const (
	startPatience = 10 * time.Second
	startPause    = 50 * time.Millisecond
)

// startPatiently is start, again and again for a while when another program has the file.
func (db *DB) startPatiently(ctx context.Context, o Options) error {
	patience, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		err := db.start(ctx, o)
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.store.locked" {
			return err
		}
		select {
		case <-patience.Done():
			return err
		case <-time.After(startPause):
		}
	}
}

func (db *DB) start(ctx context.Context, o Options) error {
	if err := db.migrate(ctx); err != nil {
		return err
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return storeError(err)
	}
	if o.MaxPages > 0 {
		if _, err := conn.ExecContext(ctx, "PRAGMA max_page_count = "+strconv.Itoa(o.MaxPages)); err != nil {
			return errors.Join(storeError(err), conn.Close())
		}
	}
	db.writer = newWriter(db, conn)
	go func() {
		db.writer.run()
		close(db.stopped)
	}()
	db.moving.Go(db.moveLog)
	return nil
}

// Close waits for what is being written and closes the file.
func (db *DB) Close() error {
	db.stopOnce.Do(func() { db.writer.stop() })
	<-db.stopped
	db.moving.Wait()
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, s := range db.stmts {
		_ = s.Close() // the pool closes them as well
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Dir returns the data directory.
func (db *DB) Dir() string { return db.dir }

func readQueries() (map[string]string, error) {
	out := map[string]string{}
	err := fs.WalkDir(queryFiles, "query", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := queryFiles.ReadFile(path)
		out[strings.TrimSuffix(filepath.Base(path), ".sql")] = string(data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: queries: %w", err)
	}
	return out, nil
}

// sql returns the text of a query: a name of query/, or SQL itself when it is short.
func (db *DB) sql(query string) string {
	if text, ok := db.queries[query]; ok {
		return text
	}
	return query
}

// stmt returns a prepared read.
func (db *DB) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	if s, ok := db.stmts[query]; ok {
		return s, nil
	}
	s, err := db.read.PrepareContext(ctx, db.sql(query)) //nolint:sqlclosecheck // kept until Close
	if err != nil {
		return nil, fmt.Errorf("store: prepare %s: %w", query, err)
	}
	db.stmts[query] = s
	return s, nil
}

// rows runs a read and hands each row to scan.
func (db *DB) rows(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) error {
	s, err := db.stmt(ctx, query) //nolint:sqlclosecheck // kept until Close
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return storeError(err)
	}
	defer func() { _ = rows.Close() }() // after the last row it is closed already
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	}
	return storeError(rows.Err())
}

// row runs a read of one row; nothing found is NotFound with the key of what was
// looked for.
func (db *DB) row(ctx context.Context, query, missing string, args []any, dest ...any) error {
	s, err := db.stmt(ctx, query) //nolint:sqlclosecheck // kept until Close
	if err != nil {
		return err
	}
	err = s.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(missing)
	}
	return storeError(err)
}

func notFound(what string) error {
	return goalpost.Errorf(goalpost.NotFound, "error.not-found", goalpost.TextArg(what))
}

// Codes of SQLite's results (sqlite.org/rescode.html).
const (
	codeBusy     = 5
	codeIOErr    = 10
	codeFull     = 13
	codeReadonly = 8
	codeNotADB   = 26
)

// storeError says what a user can do about an error of the engine.
func storeError(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	key := ""
	switch e.Code() & 0xff {
	case codeBusy:
		key = "error.store.locked"
	case codeFull, codeIOErr:
		key = "error.store.full"
	case codeReadonly:
		key = "error.store.unwritable"
	case codeNotADB:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.store.foreign", Err: err}
	default:
		return fmt.Errorf("store: %w", err)
	}
	return &goalpost.Error{Kind: goalpost.Unavailable, Key: key, Err: err}
}
