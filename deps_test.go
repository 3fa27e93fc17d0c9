package goalpost_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// maxDependencies is how many modules of others we import ourselves.
const maxDependencies = 30

// testModules may be imported by tests and by packages for tests only: they are
// no part of the binary.
var testModules = []string{"github.com/jackc/pgx/v5", "github.com/chromedp/chromedp", "github.com/chromedp/cdproto", "github.com/jba/templatecheck", "github.com/makiuchi-d/gozxing"}

func TestDependencies(t *testing.T) {
	faults, err := checkDependencies(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Error(fault)
	}
}

// checkDependencies returns what is wrong with the modules that the files below
// fsys import, or that go.mod calls direct: more than 30, one that
// ARCHITECTURE.md does not name, one for tests in the program, and, once "go mod
// tidy" has run, one that go.mod calls indirect although we import it.
func checkDependencies(fsys fs.FS) ([]string, error) {
	gomod, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, err
	}
	files, err := sourceFiles(fsys)
	if err != nil {
		return nil, err
	}
	page, err := fs.ReadFile(fsys, "ARCHITECTURE.md")
	if err != nil {
		page = nil
	}
	required := requirements(string(gomod))
	direct := map[string]bool{}
	for name, isDirect := range required {
		if isDirect {
			direct[name] = true
		}
	}
	tidied := len(direct) > 0
	var faults []string
	for _, f := range files {
		for _, spec := range f.syntax.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			name := moduleOf(imported, required)
			if name == "" {
				continue
			}
			if tidied && !required[name] {
				faults = append(faults, fmt.Sprintf("%s: imports %s, which go.mod calls indirect: run go mod tidy", f.path, name))
			}
			if slices.Contains(testModules, name) && !f.isTest() && !slices.Contains(forTests, f.dir) && !strings.HasPrefix(f.dir, "bench/") {
				faults = append(faults, fmt.Sprintf("%s: imports %s, which is for tests", f.path, name))
			}
			direct[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(direct)) {
		if !bytes.Contains(page, []byte("`"+name+"`")) {
			faults = append(faults, fmt.Sprintf("ARCHITECTURE.md: does not name the dependency `%s` and its reason", name))
		}
	}
	if len(direct) > maxDependencies {
		faults = append(faults, fmt.Sprintf("go.mod: %d direct dependencies, more than %d", len(direct), maxDependencies))
	}
	return faults, nil
}

// requirements returns the modules that a go.mod requires, and whether it calls
// them direct.
func requirements(gomod string) map[string]bool {
	required := map[string]bool{}
	inBlock := false
	for line := range strings.Lines(gomod) {
		line, comment, _ := strings.Cut(strings.TrimSpace(line), "//")
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "require" && fields[1] == "(":
			inBlock = true
			continue
		case len(fields) == 1 && fields[0] == ")":
			inBlock = false
		case len(fields) == 3 && fields[0] == "require":
			fields = fields[1:]
		case !inBlock:
			continue
		}
		if len(fields) == 2 {
			required[fields[0]] = strings.TrimSpace(comment) != "indirect"
		}
	}
	return required
}

// moduleOf returns the required module that holds a package: the longest one
// whose path begins the package's. It is "" for the standard library and us.
func moduleOf(imported string, required map[string]bool) string {
	for p := imported; p != "." && p != "/"; p = path.Dir(p) {
		if _, ok := required[p]; ok {
			return p
		}
	}
	return ""
}

func TestDependenciesFindsFaults(t *testing.T) {
	const gomod = "module goalpost\n\ngo 1.26.0\n\nrequire modernc.org/sqlite v1.62.0\n\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.12.0\n\tgolang.org/x/text v0.43.0 // indirect\n)\n"
	const page = "`modernc.org/sqlite` `github.com/jackc/pgx/v5`"
	var many strings.Builder
	many.WriteString("require (\n")
	for i := range maxDependencies + 1 {
		fmt.Fprintf(&many, "\texample.org/m%d v1.0.0\n", i)
	}
	many.WriteString(")\n")
	manyPage := regexp.MustCompile(`example\S+`).ReplaceAllString(many.String(), "`$0`")
	cases := []struct{ name, gomod, page, file, source, want string }{
		{"sound", gomod, page, "store/store.go", "package store\nimport _ \"modernc.org/sqlite/lib\"\n", ""},
		{"sound test", gomod, page, "store/store_test.go", "package store\nimport _ \"github.com/jackc/pgx/v5/stdlib\"\n", ""},
		{"not on the page", gomod, "`modernc.org/sqlite`", "a.go", "package goalpost\n", "ARCHITECTURE.md: does not name the dependency `github.com/jackc/pgx/v5` and its reason"},
		{"indirect and imported by nobody", strings.ReplaceAll(gomod, "v5.12.0", "v5.12.0 // indirect"), "`modernc.org/sqlite`", "store/a_test.go", "package store\nimport _ \"modernc.org/sqlite\"\n", ""},
		{"test module in the program", gomod, page, "store/store.go", "package store\nimport _ \"github.com/jackc/pgx/v5\"\n", "store/store.go: imports github.com/jackc/pgx/v5, which is for tests"},
		{"not tidy", gomod, page + "`golang.org/x/text`", "a.go", "package goalpost\nimport _ \"golang.org/x/text/language\"\n", "a.go: imports golang.org/x/text, which go.mod calls indirect: run go mod tidy"},
		{"never tidied", strings.ReplaceAll(many.String(), "v1.0.0", "v1.0.0 // indirect"), "", "a.go", "package goalpost\nimport _ \"example.org/m1/x\"\n", "ARCHITECTURE.md: does not name the dependency `example.org/m1` and its reason"},
		{"too many", many.String(), manyPage, "a.go", "package goalpost\n", "go.mod: 31 direct dependencies, more than 30"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			faults, err := checkDependencies(fstest.MapFS{
				"go.mod":          {Data: []byte(c.gomod)},
				"ARCHITECTURE.md": {Data: []byte(c.page)},
				c.file:            {Data: []byte(c.source)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(faults, "\n"); got != c.want {
				t.Errorf("\ngot: %s\nwant: %s", got, c.want)
			}
		})
	}
}

// onlyHere are texts that make sense on the machine of one developer only: paths
// below a home directory, and addresses of private package mirrors. They are
// written in pieces, so that this file does not match itself.
var onlyHere = regexp.MustCompile(`(^|[\s"'` + "`" + `(=:])/(wo` + `rk|ro` + `ot|ho` + `me/[a-z]+|Us` + `ers/[A-Za-z]+|tmp/ba` + `sh_jobs|tmp/cla` + `ude)(/|$|[\s"'` + "`" + `)])|https?://[^\s/]*(artifac` + `tory|nex` + `us|go` + `proxy|pypi-mi` + `rror|:80` + `81)`)

// vendored are files of others, kept as they were published.
var vendored = []string{"browsertest/testdata/axe.min.js"}

// No file of the repository names a directory of one machine or a private mirror.
func TestRepositoryHasNoLocalPaths(t *testing.T) {
	if _, err := os.Stat(".git"); err != nil {
		t.Skip("not a git repository: there is no list of its files")
	}
	list, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("git cannot list the files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		if slices.Contains(vendored, name) {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			continue // deleted, but not yet committed
		}
		for _, fault := range localPaths(name, content) {
			t.Error(fault)
		}
	}
}

// localPaths returns where a file names what exists on one machine only.
func localPaths(name string, content []byte) []string {
	if bytes.IndexByte(content, 0) >= 0 {
		return nil // no text
	}
	var faults []string
	number := 0
	for line := range bytes.Lines(content) {
		number++
		if m := onlyHere.Find(bytes.TrimRight(line, "\r\n")); m != nil {
			faults = append(faults, fmt.Sprintf("%s:%d: %q exists on one machine only", name, number, m))
		}
	}
	return faults
}

func TestLocalPathsFindsFaults(t *testing.T) {
	cases := []struct {
		line string
		want bool
	}{
		{"see /wo" + "rk/shared/x.md", true},
		{"cd /wo" + "rk", true},
		{`dir := "/ro` + `ot/go"`, true},
		{"GOPATH=/ho" + "me/anna/go", true},
		{"https://artifac" + "tory.example.org/go", true},
		{"a homework/work/x path", false},
		{"GET /api/v1/work/7", false},
		{"https://proxy.golang.org", false},
		{"the root of /tmp", false},
	}
	for _, c := range cases {
		if got := localPaths("f", []byte("first\n"+c.line+"\n")); (len(got) == 1) != c.want {
			t.Errorf("%s\ngot: %v\nwant: a fault: %v", c.line, got, c.want)
		}
	}
}
