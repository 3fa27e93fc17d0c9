package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A backup beside a running server, restored elsewhere, gives the same figures and the
// same verdicts to the digit.
func TestBackupRestore(t *testing.T) {
	binary, data := build(t), demoCopy(t)
	s := start(t, binary, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	file := filepath.Join(t.TempDir(), "backup")
	call(t, "backup", file, "--data", data).expect(t, 0)
	if err := s.end(t, syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	again := filepath.Join(t.TempDir(), "again")
	call(t, "restore", file, "--data", again).expect(t, 0)
	for _, args := range [][]string{{"goals", "--as-of", "2026-10-01", "--output", "json"}, {"kpi", "--from", "2026-01-01", "--until", "2026-06-30", "--output", "csv"}, {"imports", "--output", "csv"}, {"posts", "--output", "csv"}} {
		want, got := call(t, append(args, "--data", data)...).expect(t, 0).stdout, call(t, append(args, "--data", again)...).expect(t, 0).stdout
		if got != want || len(got) < 100 {
			t.Errorf("%v\ngot:  %.300s\nwant: %.300s", args, got, want)
		}
	}
	call(t, "doctor", "--data", again).expect(t, 0)
	for name, args := range map[string][]string{"onto the backup": {"backup", file, "--data", data}, "over data": {"restore", file, "--data", data}, "no backup": {"restore", binary, "--data", filepath.Join(t.TempDir(), "x")}} {
		if r := call(t, args...).expect(t, 2); strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s\ngot:  %s", name, r.stderr)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("\ngot:  %v %v\nwant: private", info.Mode(), err)
	}
}
