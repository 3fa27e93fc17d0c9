package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/demo"
	"goalpost/store"
)

// today is the day on which the commands of these tests are called.
var today = time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC)

// result is what a call gave.
type result struct {
	code           int
	stdout, stderr string
}

// call runs the program in this process.
func call(t *testing.T, args ...string) result {
	t.Helper()
	return callWith(t, nil, args...)
}

func callWith(t *testing.T, change func(*outside), args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	o := outside{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, env: func(string) string { return "" }, now: func() time.Time { return today },
		userName: "ada", width: 80, progressEvery: time.Hour}
	if change != nil {
		change(&o)
	}
	code := run(t.Context(), args, o)
	return result{code, out.String(), errs.String()}
}

// expect fails unless a call exited with the code and stderr has as many lines as it
// should: none, or exactly one for a refusal.
func (r result) expect(t *testing.T, code int) result {
	t.Helper()
	lines := 0
	if code != exitAnswered {
		lines = 1
	}
	if r.code != code || strings.Count(r.stderr, "\n") != lines {
		t.Fatalf("\ngot:  exit %d, stdout %q, stderr %q\nwant: exit %d, %d lines on stderr", r.code, r.stdout, r.stderr, code, lines)
	}
	return r
}

// fixture writes a file of the test.
func fixture(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read parses a JSON answer.
func read[T any](t *testing.T, r result) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil {
		t.Fatalf("%v\ngot: %q", err, r.stdout)
	}
	return v
}

// company is the demo's data, loaded once for all tests.
type company struct {
	dir   string
	truth demo.Company
	err   error
}

var loaded = sync.OnceValue(func() company {
	root, err := os.MkdirTemp("", "goalpost-test-")
	if err != nil {
		return company{err: err}
	}
	companyRoot = root
	c := company{dir: filepath.Join(root, "data")}
	if c.truth, c.err = demo.Write(root, demo.Seed, goalpost.NewDay(2026, time.November, 24)); c.err != nil {
		return c
	}
	ctx := context.Background()
	db, err := store.Open(ctx, c.dir, store.Options{})
	if err != nil {
		c.err = err
		return c
	}
	if _, c.err = demo.Load(ctx, db, root, c.truth, "en", nil); c.err == nil {
		c.err = db.Close()
	}
	return c
})

// companyRoot is removed when the tests are done.
var companyRoot string

// demoData returns a data directory with the demo. Tests that write take a copy.
func demoData(t *testing.T) company {
	t.Helper()
	c := loaded()
	if c.err != nil {
		t.Fatal(c.err)
	}
	return c
}

func demoCopy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(demoData(t).dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, store.File), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range []string{companyRoot, binaryRoot} {
		if dir != "" {
			_ = os.RemoveAll(dir)
		}
	}
	os.Exit(code)
}

func TestCalls(t *testing.T) {
	data := demoData(t).dir
	missing := filepath.Join(t.TempDir(), "nothing")
	cases := []struct {
		name   string
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{"help", []string{"--help"}, 0, "goalpost <command>", ""},
		{"help of a command", []string{"import", "--help"}, 0, "--observed-at", ""},
		{"German help", []string{"--language", "de", "--help"}, 0, "Ordner der Daten", ""},
		{"version", []string{"version"}, 0, "goalpost ", ""},
		{"no command", nil, 2, "", "expected one of"},
		{"unknown command", []string{"gaols"}, 2, "", "gaols"},
		{"unknown flag", []string{"posts", "--nonsense"}, 2, "", "--nonsense"},
		{"unknown output", []string{"posts", "--output", "xml"}, 2, "", "--output"},
		{"no data", []string{"posts"}, 2, "", "--data"},
		{"empty data", []string{"posts", "--data", missing}, 2, "", missing},
		{"empty data in German", []string{"posts", "--data", missing, "--language", "de"}, 2, "", "keine Daten"},
		{"unknown organisation", []string{"posts", "--data", data, "--org", "7"}, 2, "", "1 Hafenlicht"},
		{"organisation by name", []string{"imports", "--data", data, "--org", "hafenlicht"}, 0, "sales.csv", ""},
		{"date", []string{"posts", "--data", data, "--from", "1/2/2026"}, 2, "", "--from"},
		{"days backwards", []string{"posts", "--data", data, "--from", "2026-02-01", "--until", "2026-01-01"}, 2, "", "--until"},
		{"network", []string{"posts", "--data", data, "--network", "friendster"}, 2, "", "friendster"},
		{"account", []string{"posts", "--data", data, "--account", "nobody"}, 2, "", "nobody"},
		{"sort", []string{"posts", "--data", data, "--sort", "luck"}, 2, "", "luck"},
		{"limit", []string{"posts", "--data", data, "--limit", "3"}, 0, "more posts", ""},
		{"seen alone", []string{"goals", "--data", data, "--seen"}, 2, "", "--as-of"},
		{"as of no date", []string{"goals", "--data", data, "--as-of", "soon"}, 2, "", "--as-of"},
		{"unknown KPI", []string{"kpi", "luck", "--data", data}, 2, "", "luck"},
		{"unknown goal", []string{"goals", "history", "77", "--data", data}, 2, "", "77"},
		{"goal that is no number", []string{"goals", "history", "x", "--data", data}, 2, "", "x"},
		{"no schema", []string{"schema", "weather"}, 2, "", "goals, import, kpi, posts"},
		{"schema", []string{"schema", "goals"}, 0, "compared_with", ""},
		{"undo with files", []string{"import", "--undo", "1", "x.csv", "--data", data}, 2, "", "--undo"},
		{"no file", []string{"import", "--data", data}, 2, "", "FILE"},
		{"missing file", []string{"import", "--data", data, "/no/such.csv"}, 2, "", "such.csv: There is no such file"},
		{"folder", []string{"import", "--data", data, os.TempDir()}, 2, "", "folder"},
		{"time zone", []string{"import", "--data", data, "--org-time-zone", "Mars/Base", "x.csv"}, 2, "", "--org-time-zone"},
		{"missing map", []string{"import", "--data", data, "--map", "/no/map.json", "x.csv"}, 2, "", "map.json"},
		{"unknown undo", []string{"import", "--data", data, "--undo", "99"}, 2, "", "99"},
		{"address", []string{"serve", "--data", data, "--listen", "nowhere:x"}, 2, "", "--listen"},
		{"public address", []string{"serve", "--data", data, "--public-url", "goals.example"}, 2, "", "--public-url"},
		{"proxy", []string{"serve", "--data", data, "--trusted-proxy", "10.0.0.0/99"}, 2, "", "--trusted-proxy: “10.0.0.0/99” is no network of proxies"},
		{"day of the demo", []string{"demo", "--today", "yesterday"}, 2, "", "--today"},
		{"unknown study", []string{"study", "show", "nothing"}, 2, "", "goalpost study list"},
		{"unknown version of a study", []string{"study", "show", "pivot-sosm", "--version", "9"}, 2, "", "9"},
		{"missing file of a study", []string{"study", "import", "/no/study.csv", "--data", data}, 2, "", "study.csv"},
		{"unknown user", []string{"user", "password", "nobody", "--data", data}, 2, "", "nobody"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := call(t, c.args...).expect(t, c.code)
			if !strings.Contains(r.stdout, c.stdout) || !strings.Contains(r.stderr, c.stderr) {
				t.Errorf("\ngot:  %q, %q\nwant: %q, %q", r.stdout, r.stderr, c.stdout, c.stderr)
			}
		})
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a question about a directory without data must not make it")
	}
}

func TestLanguageOfTheEnvironment(t *testing.T) {
	german := func(o *outside) {
		o.env = func(name string) string { return map[string]string{"LANG": "de_DE.UTF-8"}[name] }
	}
	if r := callWith(t, german, "posts", "--data", "/nowhere").expect(t, 2); !strings.Contains(r.stderr, "keine Daten") {
		t.Errorf("\ngot:  %q\nwant: German", r.stderr)
	}
	if r := callWith(t, german, "posts", "--data", "/nowhere", "--language=en").expect(t, 2); !strings.Contains(r.stderr, "no data") {
		t.Errorf("\ngot:  %q\nwant: English", r.stderr)
	}
}

// Tables keep to the width of the screen, and no text of a post can move its cursor.
func TestTablesFit(t *testing.T) {
	data := demoData(t).dir
	for _, args := range [][]string{{"posts", "--limit", "40"}, {"goals"}, {"imports"}, {"kpi"}, {"kpi", "revenue", "engagements"}, {"goals", "history", "1"}, {"goals", "alignment"}, {"study", "own", "pivot-sosm"}} {
		r := call(t, append(args, "--data", data)...).expect(t, 0)
		for line := range strings.Lines(r.stdout) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
				t.Errorf("%v: %d columns: %q", args, n, line)
			}
			if strings.ContainsAny(line, "\x1b\r\t") {
				t.Errorf("%v: control signs in %q", args, line)
			}
		}
	}
}
