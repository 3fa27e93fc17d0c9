package need

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// recorder is a test that remembers how it ended instead of ending ours.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Skip(args ...any) {
	r.skipped = args[0].(string)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = format
	for _, a := range args {
		if s, ok := a.(string); ok {
			r.failed += " " + s
		}
	}
	runtime.Goexit()
}

// record runs f as a test of its own and says how it ended.
func record(t *testing.T, f func(testing.TB)) *recorder {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r
}

func TestMissingSkipsOrFails(t *testing.T) {
	empty := t.TempDir()
	cases := []struct {
		name, variable, value string
		need                  func(testing.TB)
	}{
		{"shared data", sharedVar, empty, func(t testing.TB) { Shared(t) }},
		{"browser", chromiumVar, "", func(t testing.TB) { Chromium(t) }},
		{"PostgreSQL", postgresVar, "", func(t testing.TB) { Postgres(t) }},
		{"program", "PATH", empty, func(t testing.TB) { Program(t, "pspp") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(c.variable, c.value)
			t.Setenv(requireVar, "")
			r := record(t, c.need)
			if !strings.Contains(r.skipped, c.variable) || r.failed != "" {
				t.Errorf("without %s=all\ngot: skipped %q, failed %q\nwant: skipped, naming %s", requireVar, r.skipped, r.failed, c.variable)
			}
			t.Setenv(requireVar, "all")
			r = record(t, c.need)
			if r.skipped != "" || !strings.Contains(r.failed, c.variable) {
				t.Errorf("with %s=all\ngot: skipped %q, failed %q\nwant: failed, naming %s", requireVar, r.skipped, r.failed, c.variable)
			}
		})
	}
}

func TestPresentIsReturned(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	browser := filepath.Join(dir, "chromium")
	if err := os.WriteFile(browser, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv(sharedVar, dir)
	t.Setenv(chromiumVar, browser)
	t.Setenv(postgresVar, "host=nowhere")
	if got := Shared(t); got != dir {
		t.Errorf("Shared\ngot: %s\nwant: %s", got, dir)
	}
	if got := Chromium(t); got != browser {
		t.Errorf("Chromium\ngot: %s\nwant: %s", got, browser)
	}
	if got := Postgres(t); got != "host=nowhere" {
		t.Errorf("Postgres\ngot: %s\nwant: host=nowhere", got)
	}
}

// A browser that was named but is not there is a mistake, not a reason to skip.
func TestWrongBrowserFails(t *testing.T) {
	t.Setenv(requireVar, "")
	t.Setenv(chromiumVar, filepath.Join(t.TempDir(), "no-such-browser"))
	r := record(t, func(t testing.TB) { Chromium(t) })
	if r.failed == "" {
		t.Errorf("got: skipped %q, failed %q\nwant: failed", r.skipped, r.failed)
	}
}

func TestLongIsNeverRequired(t *testing.T) {
	t.Setenv(requireVar, "all")
	t.Setenv(longVar, "")
	if r := record(t, func(t testing.TB) { Long(t) }); r.skipped == "" || r.failed != "" {
		t.Errorf("got: skipped %q, failed %q\nwant: skipped", r.skipped, r.failed)
	}
	t.Setenv(longVar, "1")
	if r := record(t, func(t testing.TB) { Long(t) }); r.skipped != "" || r.failed != "" {
		t.Errorf("with %s=1\ngot: skipped %q, failed %q\nwant: neither", longVar, r.skipped, r.failed)
	}
}

// The server that the script "test" starts is of the version we support, and a
// test can make a schema of its own in it.
func TestPostgresServer(t *testing.T) {
	dsn := Postgres(t)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var version, encoding string
	if err := conn.QueryRow(ctx, "SELECT current_setting('server_version_num'), current_setting('server_encoding')").Scan(&version, &encoding); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(version, "15") || encoding != "UTF8" {
		t.Errorf("got: version %s, encoding %s\nwant: version 15…, encoding UTF8", version, encoding)
	}
	if _, err := conn.Exec(ctx, "CREATE SCHEMA need_test; CREATE TABLE need_test.one (org_id BIGINT); DROP SCHEMA need_test CASCADE"); err != nil {
		t.Error(err)
	}
}

// The browser that the script "test" finds starts.
func TestBrowserStarts(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), Chromium(t), "--version").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Errorf("got: %s %v\nwant: a version of Chromium or Chrome", out, err)
	}
}

// A missing right is never a failure, but said so that nobody overlooks it.
func TestRightIsNeverRequired(t *testing.T) {
	t.Setenv(requireVar, "all")
	if r := record(t, func(t testing.TB) { Right(t, "no mount") }); r.skipped != "NOT TESTED: no mount" || r.failed != "" {
		t.Errorf("got: skipped %q, failed %q\nwant: skipped", r.skipped, r.failed)
	}
}
