package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSummarise(t *testing.T) {
	cases := []struct {
		name, in string
		want     counts
		text     []string // must appear
		absent   []string // must not appear
	}{
		{"nothing", "", counts{}, nil, nil},
		{"package without tests", `{"Action":"start","Package":"a"}
{"Action":"output","Package":"a","Output":"?   \ta\t[no test files]\n"}
{"Action":"skip","Package":"a","Elapsed":0}
`, counts{}, nil, []string{"a"}},
		{"one passes, one is skipped with its reason", `{"Action":"output","Package":"a","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"a","Test":"TestA","Elapsed":0.1}
{"Action":"output","Package":"a","Test":"TestB","Output":"    b_test.go:7: needs a browser: set X\n"}
{"Action":"skip","Package":"a","Test":"TestB","Elapsed":0}
{"Action":"pass","Package":"a","Elapsed":0.2}
`, counts{1, 0, 1}, []string{"ok ", "skipped TestB: needs a browser: set X", "1 passed, 0 failed, 1 skipped"}, []string{"chatter"}},
		{"subtests count, their parent does not", `{"Action":"output","Package":"a","Test":"TestA/x","Output":"x is wrong\n"}
{"Action":"fail","Package":"a","Test":"TestA/x"}
{"Action":"pass","Package":"a","Test":"TestA/y"}
{"Action":"fail","Package":"a","Test":"TestA"}
{"Action":"fail","Package":"a"}
`, counts{1, 1, 0}, []string{"FAIL a", "x is wrong"}, nil},
		{"a parent that fails of its own", `{"Action":"pass","Package":"a","Test":"TestA/y"}
{"Action":"fail","Package":"a","Test":"TestA"}
{"Action":"fail","Package":"a"}
`, counts{1, 1, 0}, nil, nil},
		{"a build that fails", `{"ImportPath":"a [a.test]","Action":"build-output","Output":"a.go:1:1: undefined: x\n"}
{"ImportPath":"a [a.test]","Action":"build-fail"}
{"Action":"fail","Package":"a","Elapsed":0,"FailedBuild":"a [a.test]"}
`, counts{0, 1, 0}, []string{"undefined: x"}, nil},
		{"a package that never ends", `{"Action":"run","Package":"a","Test":"TestA"}
`, counts{0, 1, 0}, []string{"FAIL a"}, nil},
		{"lines that are not JSON are copied", "go: no such module\n", counts{}, []string{"go: no such module"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			got, err := summarise(strings.NewReader(c.in), &out, false)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("\ngot: %+v\nwant: %+v", got, c.want)
			}
			for _, text := range c.text {
				if !strings.Contains(out.String(), text) {
					t.Errorf("\ngot: %s\nwant: %q in it", out.String(), text)
				}
			}
			for _, text := range c.absent {
				if strings.Contains(out.String(), text) {
					t.Errorf("\ngot: %s\nwant: no %q in it", out.String(), text)
				}
			}
		})
	}
}

// Where nothing may be skipped, only the long tier, seeds of fuzz tests and what
// no installation gives a right to are.
func TestStrict(t *testing.T) {
	const in = `{"Action":"output","Package":"a","Test":"TestA","Output":"    a_test.go:7: no file\n"}
{"Action":"skip","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Test":"TestB","Output":"    need.go:9: takes long: run ./test --long\n"}
{"Action":"skip","Package":"a","Test":"TestB"}
{"Action":"skip","Package":"a","Test":"FuzzC/seed#0"}
{"Action":"pass","Package":"a","Test":"FuzzC"}
{"Action":"output","Package":"a","Test":"TestD","Output":"    need.go:9: NOT TESTED: no right to mount\n"}
{"Action":"skip","Package":"a","Test":"TestD"}
{"Action":"pass","Package":"a","Elapsed":0.2}
`
	for strict, want := range map[bool]counts{false: {0, 0, 4}, true: {0, 1, 3}} {
		var out strings.Builder
		got, err := summarise(strings.NewReader(in), &out, strict)
		if err != nil {
			t.Fatal(err)
		}
		if got != want || strings.Contains(out.String(), "allows no skip") != strict {
			t.Errorf("strict %v\ngot: %+v\n%s\nwant: %+v", strict, got, out.String(), want)
		}
	}
}

func TestAppendFigures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures")
	for _, stage := range []string{"unit", "race"} {
		if err := appendFigures(path, stage, counts{3, 2, 1}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "unit 3 2 1\nrace 3 2 1\n"; string(got) != want {
		t.Errorf("\ngot: %s\nwant: %s", got, want)
	}
}
