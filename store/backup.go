package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"goalpost"
)

// Backup writes a consistent copy of everything into a new file, while others read and
// write. The copy is a database of its own, compact and complete; it holds no login
// sessions. It fails with Conflict when the file is there already.
func (db *DB) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.backup.exists", Args: []goalpost.Arg{goalpost.TextArg(path)}}
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return backupError(part, err)
	}
	if err := db.copyInto(ctx, part); err != nil {
		return errors.Join(err, removeQuietly(part))
	}
	if err := withCopy(ctx, part, func(c *sql.DB) error {
		_, err := c.ExecContext(ctx, "DELETE FROM session")
		return storeError(err)
	}); err != nil {
		return errors.Join(err, removeQuietly(part))
	}
	return moveIntoPlace(part, path)
}

// copyInto reads one moment of the database into another file.
func (db *DB) copyInto(ctx context.Context, part string) error {
	if err := touch(part); err != nil { // private before anything is in it
		return backupError(part, err)
	}
	from, err := sql.Open("sqlite", dsn(filepath.Join(db.dir, File), []string{"busy_timeout(10000)"}))
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	_, err = from.ExecContext(ctx, "VACUUM INTO $1", part)
	return errors.Join(storeError(err), from.Close())
}

// Restore puts a backup into a directory that holds no data yet. The backup is checked
// before anything is made. It fails with Conflict when there are data, and with Invalid
// when the file is no sound backup of this program or a newer one.
func Restore(ctx context.Context, backup, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, File)); err == nil {
		return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.backup.data-there", Args: []goalpost.Arg{goalpost.TextArg(dir)}}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.store.unwritable", Args: []goalpost.Arg{goalpost.TextArg(dir)}, Err: err}
	}
	part := filepath.Join(dir, File+".part")
	if err := copyFile(backup, part); err != nil {
		return errors.Join(err, removeQuietly(part))
	}
	if err := withCopy(ctx, part, func(c *sql.DB) error { return sound(ctx, c, backup) }); err != nil {
		if _, said := errors.AsType[*goalpost.Error](err); !said { // the engine cannot read it
			err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.backup.damaged", File: filepath.Base(backup), Err: err}
		}
		return errors.Join(err, removeQuietly(part))
	}
	return moveIntoPlace(part, filepath.Join(dir, File))
}

// withCopy opens a file that nobody else has open, without a write-ahead log beside it.
func withCopy(ctx context.Context, path string, do func(*sql.DB) error) error {
	c, err := sql.Open("sqlite", dsn(path, []string{"journal_mode(DELETE)", "synchronous(FULL)"}))
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	c.SetMaxOpenConns(1)
	if err := c.PingContext(ctx); err != nil {
		return errors.Join(storeError(err), c.Close())
	}
	return errors.Join(do(c), c.Close())
}

// sound reports what is wrong with a backup.
func sound(ctx context.Context, c *sql.DB, name string) error {
	foreign := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.backup.foreign", File: filepath.Base(name)}
	var number int
	if err := c.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM migration").Scan(&number); err != nil {
		foreign.Err = err
		return foreign
	}
	list, err := migrations("")
	if err != nil {
		return err
	}
	if number > list[len(list)-1].number {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.backup.newer", File: filepath.Base(name)}
	}
	var state string
	if err := c.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&state); err != nil || state != "ok" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.backup.damaged", File: filepath.Base(name), Err: err}
	}
	return nil
}

// copyFile copies a file into a private one and waits until it is on disk.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.backup.unreadable", File: filepath.Base(from), Err: err}
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return backupError(to, err)
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(backupError(to, err), out.Close())
	}
	return errors.Join(out.Sync(), out.Close())
}

// moveIntoPlace gives a finished file its name, on disk.
func moveIntoPlace(part, path string) error {
	f, err := os.OpenFile(part, os.O_RDWR, 0o600)
	if err != nil {
		return backupError(part, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return backupError(part, err)
	}
	if err := os.Rename(part, path); err != nil {
		return backupError(path, err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return backupError(path, err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func backupError(path string, err error) error {
	return &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.backup.unwritable", Args: []goalpost.Arg{goalpost.TextArg(path)}, Err: err}
}

// removeQuietly removes a half file; that it was never made is no error.
func removeQuietly(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
