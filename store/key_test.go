package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What is no file of its own is refused: a pipe would be waited for, and a link that leads
// nowhere made a panic.
func TestKeyFileIsNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.Symlink(filepath.Join(dir, "nowhere"), link)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{pipe: "error.key.damaged", link: "error.key.unreadable"} {
		db := open(t, Options{KeyFile: path})
		org := asked(t, db)
		said := make(chan error, 1)
		go func() {
			defer func() {
				if fault := recover(); fault != nil {
					said <- fmt.Errorf("panic: %v", fault)
				}
			}()
			_, _, err := db.AddComment(ctx, org, 1, written(t, "ada", "a", "ada@example.com"))
			said <- err
		}()
		select {
		case err := <-said:
			if keyOf(err) != want {
				t.Errorf("%s\ngot:  %v\nwant: %s", path, err, want)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: the comment waits", path)
		}
	}
}

// Nothing is encrypted with a key that is on no disk any more, and a line that is added
// while the store is open is used.
func TestKeyFileChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	db := open(t, Options{KeyFile: path})
	org := asked(t, db)
	add(t, db, org, written(t, "ada", "a", "ada@example.com"))
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.AddComment(ctx, org, 1, written(t, "bob", "b", "bob@example.com")); keyOf(err) != "error.key.unreadable" {
		t.Errorf("without its key an address was kept: %v", err)
	}
	old, err := os.ReadFile(path + ".away")
	if err != nil {
		t.Fatal(err)
	}
	other := keyLine + strings.Repeat("A", 43) + "\n"
	if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	add(t, db, org, written(t, "bob", "b", "bob@example.com"))
	if n, _, err := db.UnreadableEmails(ctx, org); n != 1 || err != nil {
		t.Errorf("%d addresses cannot be read, %v", n, err)
	}
	if err := os.WriteFile(path, append([]byte(other), old...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"ada@example.com", "bob@example.com"} {
		if ids, n, err := db.CommentsOf(ctx, org, address(t, who)); len(ids) != 1 || n != 0 || err != nil {
			t.Errorf("%s: %v %d %v", who, ids, n, err)
		}
	}
}
