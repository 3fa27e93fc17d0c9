// Package need says what a test needs from the machine (shared data, a browser,
// a PostgreSQL server, a program that reads our files) and skips the test, with
// the reason, where it is missing. It imports nothing of this module, so that the
// tests of every package can use it; it installs and starts nothing, which is the
// job of the script "test".
package need

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The environment variables that the script "test" sets for the tests.
const (
	sharedVar   = "GOALPOST_SHARED"        // directory of the real export files
	chromiumVar = "GOALPOST_CHROMIUM"      // path of a Chromium or Chrome binary
	postgresVar = "GOALPOST_TEST_POSTGRES" // connection string of a PostgreSQL 15 that tests may write to
	requireVar  = "GOALPOST_REQUIRE"       // "all": nothing may be missing
	longVar     = "GOALPOST_LONG"          // "1": simulations and long load tests run
)

// Shared returns the directory with the real export files and the reference
// numbers: $GOALPOST_SHARED, or "../shared" beside the repository. Nothing in it
// belongs to the repository and nothing may be written there. Without it the
// test is skipped, or fails under GOALPOST_REQUIRE=all.
func Shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv(sharedVar)
	if dir == "" {
		dir = filepath.Join(root(t), "..", "shared")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatalf("need: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "data")); err != nil || !info.IsDir() {
		Skip(t, fmt.Sprintf("needs the shared data, and %s/data is no directory: set %s", dir, sharedVar))
	}
	return dir
}

// Chromium returns the path of the browser in $GOALPOST_CHROMIUM. Without it the
// test is skipped, or fails under GOALPOST_REQUIRE=all. Tests that call it are
// named TestBrowser…, which puts them into the browser stage of "./test".
func Chromium(t testing.TB) string {
	t.Helper()
	path := os.Getenv(chromiumVar)
	if path == "" {
		Skip(t, "needs a browser: run ./test, or set "+chromiumVar+" to the path of Chromium")
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("need: %s is set, but there is no browser: %v", chromiumVar, err)
	}
	return path
}

// Postgres returns the connection string in $GOALPOST_TEST_POSTGRES, of a server
// of version 15 and a database that all packages share while they run at the
// same time: a test makes a schema with a name of its own and drops it. Without
// it the test is skipped, or fails under GOALPOST_REQUIRE=all. Tests that call it
// are named TestPostgres…, which puts them into the database stage of "./test".
func Postgres(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(postgresVar)
	if dsn == "" {
		Skip(t, "needs PostgreSQL: run ./test, or set "+postgresVar+" to a connection string of an empty database")
	}
	return dsn
}

// Program returns the path of a program that reads what we write, such as "pspp". Without
// it the test is skipped, or fails under GOALPOST_REQUIRE=all; the script "test" installs it
// where it may.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Skip(t, "needs the program "+name+", which is not in PATH: run ./test, or install the package "+name)
	}
	return path
}

// Long skips the test unless $GOALPOST_LONG is 1, as "./test --long" sets it.
// This skip is never a failure: the fast tier leaves such tests out on purpose.
func Long(t testing.TB) {
	t.Helper()
	if os.Getenv(longVar) != "1" {
		t.Skip("takes long: run ./test --long, or set " + longVar + "=1")
	}
}

// Skip skips a test that cannot run on this machine, and says why. Under
// GOALPOST_REQUIRE=all nothing may be missing, and the test fails instead.
func Skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv(requireVar) == "all" {
		t.Fatalf("%s=all allows no skip: %s", requireVar, reason)
	}
	t.Skip(reason)
}

// Right skips a test for which a right is missing that no installation gives, such as that
// to mount a file system. Containers without it are no broken machines: this skip is never
// a failure, and its reason begins with words that nobody overlooks in the summary.
func Right(t testing.TB, reason string) {
	t.Helper()
	t.Skip("NOT TESTED: " + reason)
}

// root returns the directory with go.mod above the test's working directory.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("need: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("need: no go.mod above the working directory")
		}
		dir = up
	}
}
