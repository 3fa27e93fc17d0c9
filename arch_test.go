package goalpost_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "goalpost"

// mayImport is the architecture: which packages of this module a package may
// import. Change it only together with ARCHITECTURE.md, which has the same table.
// The programs in bench/ may import anything and have no line here.
var mayImport = map[string][]string{
	"infer":    {},
	"forecast": {"infer"},
	"survey":   {"infer"},
	"effect":   {"infer"},
	"dataset":  {},
	".":        {"infer"}, // the words of the product
	"store":    {".", "infer"},
	"ingest":   {"."},
	"chart":    {".", "infer"},
	"locale":   {".", "infer"},
	"assess":   {".", "infer", "forecast", "survey", "effect", "dataset", "store", "ingest"},
	"document": {".", "infer", "assess", "locale"},
	"web":      {".", "infer", "dataset", "assess", "store", "chart", "locale", "document"}, // holds the store, computes nothing
	"demo":     {".", "assess", "store"},

	"gptest/need":  {},
	"gptest":       {".", "store", "assess", "demo", "gptest/need"},
	"browsertest":  {"gptest/need"},
	"testsummary":  {},
	"cmd/goalpost": {".", "infer", "forecast", "dataset", "store", "ingest", "chart", "locale", "assess", "document", "web", "demo"},
}

// forTests may be imported by tests only.
var forTests = []string{"gptest", "gptest/need", "browsertest"}

// pure packages compute; they never read a file, a clock or a socket.
var pure = []string{".", "infer", "forecast", "survey", "effect", "dataset"}

// impure are the packages of the standard library that a pure package may not
// import, each with everything below it.
var impure = []string{
	"crypto/rand", "database", "io/fs", "io/ioutil", "log", "math/rand", "net", "os", "path/filepath", "plugin", "runtime",
	"syscall", "testing", "unsafe",
}

// math/rand/v2 has no state that others share once it is made from a seed. Of log/slog
// only the words are used that say how a value is logged.
var pureAfterAll = []string{"math/rand/v2", "log/slog"}

// logWords are what a pure package may use of log/slog: it never logs.
var logWords = []string{"LogValuer", "Value", "StringValue"}

// clock are the functions of package time that read the clock or wait for it.
var clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTicker", "NewTimer"}

// maxLines is where a file of code is too long to be one thing. Tests and
// generated files may be longer.
const maxLines = 600

// longFiles may be longer, each with its reason.
var longFiles = map[string]string{}

// noDrawers are names that say nothing about what is inside.
var noDrawers = []string{"utils", "util", "common", "helpers", "helper", "models", "types", "misc", "services", "pkg"}

// The files are parsed here, not by "go list" in a subprocess, so that the test
// cache sees them and the test runs again when a file is added.
func TestArchitecture(t *testing.T) {
	faults, err := checkArchitecture(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Error(fault)
	}
}

// sourceFile is a parsed Go file of the module.
type sourceFile struct {
	path, dir string // slash-separated, relative to the module
	syntax    *ast.File
	lines     int
}

func (f sourceFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// checkArchitecture returns what is wrong with the module whose root is fsys,
// one sentence a fault.
func checkArchitecture(fsys fs.FS) ([]string, error) {
	files, err := sourceFiles(fsys)
	if err != nil {
		return nil, err
	}
	page, err := fs.ReadFile(fsys, "ARCHITECTURE.md")
	if err != nil {
		page = nil // then every package is missing on it
	}
	var faults []string
	commented := map[string]bool{} // by directory: a package comment was found
	for _, f := range files {
		faults = append(faults, checkImports(f)...)
		faults = append(faults, checkFile(f)...)
		if !f.isTest() {
			commented[f.dir] = commented[f.dir] || f.syntax.Doc.Text() != ""
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(commented)) {
		if !commented[dir] {
			faults = append(faults, fmt.Sprintf("package %q has no package comment", dir))
		}
		faults = append(faults, checkPage(dir, string(page))...)
	}
	return faults, nil
}

// sourceFiles parses all Go files of the module, but not those of testdata, of
// hidden directories and of modules inside it.
func sourceFiles(fsys fs.FS) ([]sourceFile, error) {
	var files []sourceFile
	fset := token.NewFileSet()
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." {
			base := path.Base(name)
			if _, err := fs.Stat(fsys, path.Join(name, "go.mod")); err == nil || base == "testdata" || strings.ContainsAny(base[:1], "._") {
				return fs.SkipDir
			}
		}
		if entry.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, sourceFile{name, path.Dir(name), syntax, bytes.Count(source, []byte("\n"))})
		return nil
	})
	return files, err
}

// checkImports returns the imports of a file that the architecture forbids. A
// test may import any package of the module: it is no part of the program.
func checkImports(f sourceFile) []string {
	if f.isTest() {
		return nil
	}
	var faults []string
	fault := func(format string, args ...any) {
		faults = append(faults, f.path+": "+fmt.Sprintf(format, args...))
	}
	for _, spec := range f.syntax.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		inside, internal := insideModule(imported)
		switch {
		case internal && slices.Contains(forTests, inside) && !slices.Contains(forTests, f.dir):
			fault("package %q may not import %q, which is for tests", f.dir, inside)
		case internal && !strings.HasPrefix(f.dir, "bench/") && !slices.Contains(mayImport[f.dir], inside):
			fault("package %q may not import %q", f.dir, inside)
		case !internal && slices.Contains(pure, f.dir) && !isPure(imported):
			fault("package %q is pure and may not import %q", f.dir, imported)
		case imported == "time" && slices.Contains(pure, f.dir):
			for _, call := range clockCalls(f.syntax, spec) {
				fault("package %q is pure and may not call %s", f.dir, call)
			}
		case imported == "log/slog" && slices.Contains(pure, f.dir):
			for _, call := range usesOf(f.syntax, spec, "slog", func(name string) bool { return !slices.Contains(logWords, name) }) {
				fault("package %q is pure and may not call %s", f.dir, call)
			}
		}
	}
	return faults
}

// insideModule returns the directory of a package of this module.
func insideModule(imported string) (dir string, internal bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// isPure says whether a pure package may import a package of another module.
func isPure(imported string) bool {
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		return imported == "gonum.org/v1/gonum" || strings.HasPrefix(imported, "gonum.org/v1/gonum/")
	}
	if slices.Contains(pureAfterAll, imported) {
		return true
	}
	for _, p := range impure {
		if imported == p || strings.HasPrefix(imported, p+"/") {
			return false
		}
	}
	return true
}

// clockCalls returns where a file that imports package time uses the clock.
func clockCalls(file *ast.File, spec *ast.ImportSpec) []string {
	return usesOf(file, spec, "time", func(name string) bool { return slices.Contains(clock, name) })
}

// usesOf returns what a file uses of a package that it may not.
func usesOf(file *ast.File, spec *ast.ImportSpec, of string, forbidden func(string) bool) []string {
	name := of
	if spec.Name != nil {
		name = spec.Name.Name
	}
	if name == "." {
		return []string{"package " + of + " without its name"}
	}
	var calls []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == name && forbidden(s.Sel.Name) {
				calls = append(calls, of+"."+s.Sel.Name)
			}
		}
		return true
	})
	return calls
}

// checkFile returns what is wrong with a file by itself.
func checkFile(f sourceFile) []string {
	var faults []string
	base := strings.TrimSuffix(strings.TrimSuffix(path.Base(f.path), ".go"), "_test")
	if slices.Contains(noDrawers, base) || slices.Contains(noDrawers, path.Base(f.dir)) {
		faults = append(faults, f.path+": the name says nothing about what is inside")
	}
	if f.isTest() {
		return faults
	}
	for _, d := range f.syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			faults = append(faults, f.path+": has an init function: what a package needs is passed in")
		}
	}
	_, listed := longFiles[f.path]
	switch long := f.lines > maxLines && !ast.IsGenerated(f.syntax); {
	case long && !listed:
		faults = append(faults, fmt.Sprintf("%s: has %d lines, more than %d: split it, or give it a reason in longFiles", f.path, f.lines, maxLines))
	case listed && !long:
		faults = append(faults, fmt.Sprintf("%s: stands in longFiles, but is not too long", f.path))
	}
	return faults
}

// checkPage returns what ARCHITECTURE.md does not say about a package. Its table
// has a row for each, which names it and what it may import in backticks in the
// first two cells; the root is "goalpost":
//
//	| `store` | `goalpost` `infer` | everything kept |
func checkPage(dir, page string) []string {
	if strings.HasPrefix(dir, "bench/") {
		return nil
	}
	allowed, known := mayImport[dir]
	if !known {
		return []string{fmt.Sprintf("new package %q: give it a line in mayImport and in ARCHITECTURE.md", dir)}
	}
	want := slices.Sorted(slices.Values(allowed))
	for line := range strings.Lines(page) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !slices.Equal(quoted(cells[1]), []string{dir}) {
			continue
		}
		if got := slices.Sorted(slices.Values(quoted(cells[2]))); !slices.Equal(got, want) {
			return []string{fmt.Sprintf("ARCHITECTURE.md: the row of package %q\ngot: %v\nwant: %v", dir, got, want)}
		}
		return nil
	}
	return []string{fmt.Sprintf("ARCHITECTURE.md: no row \"| `%s` | `what` `it` `imports` | …\" in the table of packages", strings.Replace(dir, ".", module, 1))}
}

var backticks = regexp.MustCompile("`([^`]+)`")

// quoted returns the directories that a cell of the table names in backticks.
func quoted(cell string) []string {
	var dirs []string
	for _, m := range backticks.FindAllStringSubmatch(cell, -1) {
		if m[1] == module {
			m[1] = "."
		}
		dirs = append(dirs, m[1])
	}
	return dirs
}

// A planted fault is found, each by its message; a module without one passes.
func TestArchitectureFindsFaults(t *testing.T) {
	const page = "| `goalpost` | `infer` | words |\n| `infer` | – | intervals |\n| `store` | `goalpost` `infer` | kept |\n| `web` | `goalpost` `infer` `dataset` `assess` `store` `chart` `locale` `document` | pages |\n"
	sound := map[string]string{
		"ARCHITECTURE.md":       page,
		"doc.go":                "// Package goalpost holds words.\npackage goalpost\nimport (\"errors\"; \"time\"; \"goalpost/infer\")\nvar _ time.Time; var _ = errors.New; var _ infer.Estimate\n",
		"infer/a.go":            "// Package infer estimates.\npackage infer\nimport (\"math/rand/v2\"; \"gonum.org/v1/gonum/stat\")\nvar _ *rand.Rand; var _ = stat.Mean\n",
		"store/store.go":        "// Package store keeps.\npackage store\nimport (\"os\"; \"goalpost\")\n",
		"store/store_test.go":   "package store\nimport (\"goalpost/gptest/need\")\n",
		"bench/import/main.go":  "// Command import measures.\npackage main\nimport (\"goalpost/web\"; \"time\")\nvar _ = time.Now()\n",
		"web/testdata/x/bad.go": "package nothing_reads_this\nimport \"os\"\n",
	}
	cases := []struct{ name, file, source, want string }{
		{"sound", "doc.go", sound["doc.go"], ""},
		{"forbidden import", "store/bad.go", "package store\nimport \"goalpost/assess\"\n", `store/bad.go: package "store" may not import "assess"`},
		{"test package", "web/web.go", "// Package web shows.\npackage web\nimport \"goalpost/gptest/need\"\n", `web/web.go: package "web" may not import "gptest/need", which is for tests`},
		{"file in a pure package", "infer/bad.go", "package infer\nimport \"os\"\n", `infer/bad.go: package "infer" is pure and may not import "os"`},
		{"below an impure package", "infer/bad.go", "package infer\nimport \"net/http\"\n", `infer/bad.go: package "infer" is pure and may not import "net/http"`},
		{"shared random source", "infer/bad.go", "package infer\nimport \"math/rand\"\n", `infer/bad.go: package "infer" is pure and may not import "math/rand"`},
		{"other module", "infer/bad.go", "package infer\nimport \"modernc.org/sqlite\"\n", `infer/bad.go: package "infer" is pure and may not import "modernc.org/sqlite"`},
		{"clock", "bad.go", "package goalpost\nimport \"time\"\nvar now = time.Now\n", `bad.go: package "." is pure and may not call time.Now`},
		{"clock by another name", "bad.go", "package goalpost\nimport clock \"time\"\nfunc f(t clock.Time) { _ = clock.Since(t) }\n", `bad.go: package "." is pure and may not call time.Since`},
		{"clock without a name", "bad.go", "package goalpost\nimport . \"time\"\nvar _ = Now()\n", `bad.go: package "." is pure and may not call package time without its name`},
		{"log", "bad.go", "package goalpost\nimport \"log/slog\"\nvar v slog.Value\nfunc f() { slog.Info(\"x\") }\n", `bad.go: package "." is pure and may not call slog.Info`},
		{"no package comment", "infer/a.go", "package infer\n", `package "infer" has no package comment`},
		{"new package", "zz/zz.go", "// Package zz is new.\npackage zz\n", `new package "zz": give it a line in mayImport and in ARCHITECTURE.md`},
		{"page without a package", "chart/chart.go", "// Package chart draws.\npackage chart\n", "ARCHITECTURE.md: no row \"| `chart` | `what` `it` `imports` | …\" in the table of packages"},
		{"page with other imports", "ARCHITECTURE.md", strings.Replace(page, "| `infer` | –", "| `infer` | `store`", 1), "ARCHITECTURE.md: the row of package \"infer\"\ngot: [store]\nwant: []"},
		{"init", "store/bad.go", "package store\nfunc init() {}\n", "store/bad.go: has an init function: what a package needs is passed in"},
		{"long file", "store/long.go", "package store\n" + strings.Repeat("\n", maxLines), "store/long.go: has 601 lines, more than 600: split it, or give it a reason in longFiles"},
		{"long generated file", "store/long.go", "// Code generated by a test. DO NOT EDIT.\npackage store\n" + strings.Repeat("\n", maxLines), ""},
		{"drawer", "store/helpers.go", "package store\n", "store/helpers.go: the name says nothing about what is inside"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, source := range sound {
				fsys[name] = &fstest.MapFile{Data: []byte(source)}
			}
			fsys[c.file] = &fstest.MapFile{Data: []byte(c.source)}
			faults, err := checkArchitecture(fsys)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(faults, "\n"); got != c.want {
				t.Errorf("\ngot: %s\nwant: %s", got, c.want)
			}
		})
	}
}
