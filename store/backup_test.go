package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"goalpost"
)

// A backup that is taken while imports run is a moment: every import is wholly in it or
// not at all, counts and hashes agree, and it opens as a store of its own.
func TestBackupUnderLoad(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	load(t, db, org, "before", when, batch(200, 5))
	stop, ended := make(chan struct{}), sync.WaitGroup{}
	ended.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				load(t, db, org, fmt.Sprint("during-", i), when.Add(time.Duration(i+1)*time.Hour), batch(200, int64(100*i)))
			}
		}
	})
	backup := filepath.Join(t.TempDir(), "goalpost.backup")
	time.Sleep(50 * time.Millisecond)
	err := db.Backup(ctx, backup)
	close(stop)
	ended.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("\ngot:  %v %v\nwant: a file that only its owner can read", info.Mode(), err)
	}
	dir := filepath.Join(t.TempDir(), "again")
	if err := Restore(ctx, backup, dir); err != nil {
		t.Fatal(err)
	}
	again, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if problems, err := again.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("the check finds %v, %v", problems, err)
	}
	theirs, err := db.Imports(ctx, org)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[goalpost.ImportID]goalpost.Import{}
	for _, i := range theirs {
		kept[i.ID] = i
	}
	ours, err := again.Imports(ctx, org)
	if err != nil || len(ours) == 0 {
		t.Fatalf("%d imports, %v", len(ours), err)
	}
	newest := 0.0
	for _, i := range ours {
		if k := kept[i.ID]; i.State != goalpost.ImportDone || k.SHA256 != i.SHA256 || k.File != i.File {
			t.Errorf("\ngot:  %+v\nwant: %+v", i, k)
		}
		var n int
		if _, err := fmt.Sscanf(i.File, "during-%d", &n); err == nil {
			newest = max(newest, float64(200*100*n+200*199/2))
		}
	}
	if newest == 0 {
		newest = 200*5 + 200*199/2
	}
	if got, posts := impressions(t, again, org, time.Time{}); got != newest || posts != 200 {
		t.Errorf("\ngot:  %g of %d posts\nwant: %g of 200", got, posts, newest)
	}
}

// A backup carries no log-ins, overwrites nothing, and is refused where it is none.
func TestBackupRefuses(t *testing.T) {
	db := open(t, Options{})
	organisation(t, db)
	if err := db.SessionStore().CommitCtx(ctx, "token", []byte("x"), when.Add(1e6*time.Hour)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	backup := filepath.Join(dir, "b")
	if err := db.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	kind := func(err error) goalpost.ErrorKind {
		var e *goalpost.Error
		if !errors.As(err, &e) {
			return ""
		}
		return e.Kind
	}
	if got := kind(db.Backup(ctx, backup)); got != goalpost.Conflict {
		t.Errorf("onto a file\ngot:  %s\nwant: conflict", got)
	}
	if got := kind(db.Backup(ctx, filepath.Join(dir, "nowhere", "b"))); got != goalpost.Unavailable {
		t.Errorf("into no folder\ngot:  %s\nwant: unavailable", got)
	}
	if got := kind(Restore(ctx, backup, db.Dir())); got != goalpost.Conflict {
		t.Errorf("over data\ngot:  %s\nwant: conflict", got)
	}
	restored := filepath.Join(dir, "restored")
	if err := Restore(ctx, backup, restored); err != nil {
		t.Fatal(err)
	}
	again, err := Open(ctx, restored, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, found, err := again.SessionStore().FindCtx(ctx, "token"); err != nil || found {
		t.Errorf("a log-in came back: %v %v", found, err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	half := append([]byte(nil), data[:len(data)/2]...)
	scratched := append([]byte(nil), data...)
	page := len(scratched) / 3 / 4096 * 4096 // from where a page begins: what it does not use may be anything
	for i := page; i < page+2000; i++ {
		scratched[i] ^= 0xff
	}
	for name, content := range map[string][]byte{"text": []byte("date,orders\n"), "empty": nil, "half": half, "scratched": scratched} {
		bad, into := filepath.Join(dir, name), filepath.Join(dir, "into-"+name)
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := kind(Restore(ctx, bad, into)); got != goalpost.Invalid {
			t.Errorf("%s\ngot:  %q\nwant: invalid", name, got)
		}
		if left, err := os.ReadDir(into); err != nil || len(left) > 0 {
			t.Errorf("%s left %v, %v", name, left, err)
		}
	}
	if got := kind(Restore(ctx, filepath.Join(dir, "missing"), filepath.Join(dir, "x"))); got != goalpost.Invalid {
		t.Errorf("no file\ngot:  %q\nwant: invalid", got)
	}
}
