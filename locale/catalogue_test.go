package locale

import (
	"encoding/csv"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/feature/plural"

	"goalpost"
)

func TestFragmentsAreSound(t *testing.T) {
	all, problems := load(fragments)
	for _, p := range problems {
		t.Error(p)
	}
	for _, lang := range Languages() {
		if len(all[lang]) < 400 {
			t.Errorf("%s: only %d texts", lang, len(all[lang]))
		}
	}
}

// Limits: what a broken fragment is told.
func TestLoadFindsProblems(t *testing.T) {
	tests := []struct{ name, a, b, want string }{
		{"twice in two files", `{"x":"1"}`, `{"x":"2"}`, "text/en/b.json: x occurs twice"},
		{"twice in one file", `{"x":"1","x":"2"}`, `{}`, "text/en/a.json: x occurs twice"},
		{"no object", `[]`, `{}`, "text/en/a.json: is not a JSON object"},
		{"no text", `{"x":1}`, `{}`, "text/en/a.json: x: a text is a string or an object of plural forms"},
		{"unknown form", `{"x":{"single":"1","other":"2"}}`, `{}`, `text/en/a.json: x: "single" is no plural form`},
		{"no other", `{"x":{"one":"1"}}`, `{}`, `text/en/a.json: x: the plural form "other" is missing`},
		{"cut off", `{"x":"1"`, `{}`, "text/en/a.json: EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, problems := load(fstest.MapFS{
				"text/en/a.json": &fstest.MapFile{Data: []byte(test.a)},
				"text/en/b.json": &fstest.MapFile{Data: []byte(test.b)},
			})
			if len(problems) == 0 || !strings.Contains(strings.Join(problems, "\n"), test.want) {
				t.Errorf("\ngot:  %q\nwant: %q", problems, test.want)
			}
		})
	}
}

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	en, de := texts()[English], texts()[German]
	for _, k := range Keys(English) {
		if _, ok := de[k]; !ok {
			t.Errorf("de has no %s", k)
		}
	}
	for _, k := range Keys(German) {
		if _, ok := en[k]; !ok {
			t.Errorf("en has no %s", k)
		}
	}
	for _, area := range areas(t, English) {
		if !slices.Contains(areas(t, German), area) {
			t.Errorf("de has no file %s", area)
		}
	}
}

func areas(t *testing.T, lang Language) []string {
	t.Helper()
	names, err := fs.Glob(fragments, "text/"+string(lang)+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		names[i] = filepath.Base(names[i])
	}
	return names
}

var (
	argument    = regexp.MustCompile(`\{(\d+)\}`)
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
	wellFormed  = regexp.MustCompile(`^\{\d+(:[^|{}]*\|[^|{}]*|\?[^{}]*)?\}$`)
)

// Every language must write the same arguments. A plural form may leave out the
// number that chose it ("changed once").
func TestPlaceholdersAgree(t *testing.T) {
	used := func(s string) []string {
		var out []string
		for _, m := range argument.FindAllStringSubmatch(s, -1) {
			out = append(out, m[1])
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for key, en := range texts()[English] {
		de := texts()[German][key]
		if got, want := used(de[plural.Other]), used(en[plural.Other]); !slices.Equal(got, want) {
			t.Errorf("%s\ngot:  %v\nwant: %v", key, got, want)
		}
		for _, language := range []text{en, de} {
			for _, s := range language {
				for _, m := range placeholder.FindAllString(s, -1) {
					if !wellFormed.MatchString(m) {
						t.Errorf("%s: %s cannot be read", key, m)
					}
				}
				if strings.Count(s, "{") != len(placeholder.FindAllString(s, -1)) || strings.Count(s, "}") != strings.Count(s, "{") {
					t.Errorf("%s: braces of %q", key, s)
				}
			}
		}
	}
}

// Typography that a keyboard does not give: real quotation marks, the space that
// does not break before a German per cent sign, no double spaces.
func TestTypography(t *testing.T) {
	for _, lang := range Languages() {
		for key, forms := range texts()[lang] {
			for _, s := range forms {
				switch {
				case s != strings.TrimSpace(s) || strings.Contains(s, "  "):
					t.Errorf("%s %s: spaces of %q", lang, key, s)
				case strings.ContainsAny(s, `"`):
					t.Errorf("%s %s: straight quotation marks in %q", lang, key, s)
				case lang == German && strings.Contains(s, " %"):
					t.Errorf("%s %s: breakable space before %% in %q", lang, key, s)
				case lang == German && strings.ContainsAny(s, "”"), lang == English && strings.ContainsAny(s, "„"):
					t.Errorf("%s %s: quotation marks of the other language in %q", lang, key, s)
				}
			}
		}
	}
}

func TestEveryCodeHasAWord(t *testing.T) {
	var want []string
	for _, k := range goalpost.KPIs() {
		want = append(want, "kpi."+k.Code, "unit."+string(k.Unit), "layer."+strconv.Itoa(int(k.Layer)))
		if k.Aggregation != goalpost.AggElse {
			want = append(want, "kpi."+k.Code+".definition", "metric."+string(k.Numerator))
		}
		if k.Denominator != "" {
			want = append(want, "metric."+string(k.Denominator))
		}
	}
	for _, g := range goalpost.GoalKinds() {
		want = append(want, "goal."+g.Code, "layer."+strconv.Itoa(int(g.Layer)))
		if g.Dimension != "" {
			want = append(want, "dimension."+g.Dimension)
		}
	}
	for _, m := range goalpost.PostMetrics() {
		want = append(want, "metric."+string(m))
	}
	for _, n := range goalpost.Networks() {
		want = append(want, "network."+string(n))
	}
	for _, d := range []goalpost.Decision{goalpost.Reached, goalpost.OnTrack, goalpost.AtRisk, goalpost.Missed, goalpost.CannotTell, goalpost.NotMeasured} {
		want = append(want, "decision."+string(d))
	}
	for _, d := range []string{"unlikely", "will_miss", "increase", "decrease", "negligible"} {
		want = append(want, "decision."+d)
	}
	for _, s := range []goalpost.GoalState{goalpost.Wish, goalpost.Declared, goalpost.Operational} {
		want = append(want, "state."+string(s))
	}
	for _, l := range Languages() {
		p := New(l, "")
		for _, key := range want {
			if !p.Has(key) {
				t.Errorf("%s has no %s", l, key)
			}
		}
	}
}

// Published value: the names of the catalogue, as decided, in testdata/catalogue.csv.
func TestNamesOfTheCatalogue(t *testing.T) {
	f, err := os.Open("testdata/catalogue.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 60 {
		t.Fatalf("only %d names", len(rows))
	}
	en, de := New(English, ""), New(German, "")
	for _, r := range rows[1:] {
		if got := []string{en.T(r[0]), de.T(r[0])}; got[0] != r[1] || got[1] != r[2] {
			t.Errorf("%s\ngot:  %q\nwant: %q", r[0], got, r[1:])
		}
	}
}

// keyUse are calls whose literal argument is a key of the catalogue.
var keyUse = regexp.MustCompile(`^((verdict|error|import|cli)\.[a-z0-9-]+|web\.[a-z0-9-]+\.[a-z0-9-]+)(\.[a-z0-9-]+)*$`)

// templateKey is a text that a page template names.
var templateKey = regexp.MustCompile(`\.T "([^"]+)"`)

func eachTemplateKey(path string, do func(key string)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, m := range templateKey.FindAllSubmatch(data, -1) {
		do(string(m[1]))
	}
	return nil
}

// TestKeysOfTheProgramExist reads the sources of the module: every sentence that a
// package names must exist. Whole literals only; keys that are put together at run
// time are tested where they are.
func TestKeysOfTheProgramExist(t *testing.T) {
	p, files := New(English, ""), 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "locale" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".gohtml") {
			files++
			return eachTemplateKey(path, func(key string) {
				if !p.Has(key) {
					t.Errorf("%s: there is no text for %s", path, key)
				}
			})
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for key, at := range literalKeys(file) {
			if !p.Has(key) {
				t.Errorf("%s: there is no text for %s", set.Position(at), key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("only %d files read", files)
	}
}

func literalKeys(file *ast.File) map[string]token.Pos {
	keys := map[string]token.Pos{}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if s, err := strconv.Unquote(lit.Value); err == nil && keyUse.MatchString(s) {
			keys[s] = lit.Pos()
		}
		return true
	})
	return keys
}
