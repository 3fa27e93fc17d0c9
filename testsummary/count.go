package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// event is one line of "go test -json", as cmd/test2json documents it.
type event struct {
	Action      string
	Package     string
	Test        string
	Elapsed     float64 // seconds
	Output      string
	ImportPath  string // of a build-output event
	FailedBuild string // the package that could not be built
}

// counts are numbers of tests. A test with subtests is not counted beside them,
// except where it failed and none of them did.
type counts struct{ passed, failed, skipped int }

// pkg is what is known of a package while its tests run.
type pkg struct {
	counts
	output map[string][]string // by test; "" is the package's own
	result map[string]string   // "pass", "fail" or "skip", by test
	ended  bool
}

type summary struct {
	out      io.Writer
	strict   bool // a skip is a failure
	packages map[string]*pkg
	build    map[string][]string // compiler output by import path
	total    counts
	err      error // the first of writing to out
}

func (s *summary) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(s.out, format, args...); s.err == nil {
		s.err = err
	}
}

func (s *summary) add(e event) {
	if e.Action == "build-output" {
		s.build[e.ImportPath] = append(s.build[e.ImportPath], e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := s.packages[e.Package]
	if p == nil {
		p = &pkg{output: map[string][]string{}, result: map[string]string{}}
		s.packages[e.Package] = p
	}
	switch e.Action {
	case "output":
		p.output[e.Test] = append(p.output[e.Test], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.end(e, p)
			return
		}
		p.result[e.Test] = e.Action
		if e.Action == "pass" {
			delete(p.output, e.Test) // a long run keeps only what may be printed
		}
	}
}

// end counts a package when it has ended, and prints it.
func (s *summary) end(e event, p *pkg) {
	p.ended = true
	if s.strict {
		p.forbidSkips()
	}
	count(p)
	if e.Action == "fail" && p.failed == 0 {
		p.failed = 1 // the build, a panic outside the tests, or TestMain
	}
	s.total.passed += p.passed
	s.total.failed += p.failed
	s.total.skipped += p.skipped
	if p.passed+p.failed+p.skipped == 0 {
		return // no test files
	}
	word := "ok  "
	if p.failed > 0 {
		word = "FAIL"
	}
	s.printf("%s %-28s %6.1f s  %d passed, %d failed, %d skipped\n", word, e.Package, e.Elapsed, p.passed, p.failed, p.skipped)
	s.printSkips(p)
	if p.failed > 0 {
		s.printFailure(e, p)
	}
}

// count sets the counts of a package from the results of its tests.
func count(p *pkg) {
	children := map[string]bool{}    // tests that have subtests
	failedBelow := map[string]bool{} // tests with a failed subtest
	for name, result := range p.result {
		for up := parent(name); up != ""; up = parent(up) {
			children[up] = true
			if result == "fail" {
				failedBelow[up] = true
			}
		}
	}
	for name, result := range p.result {
		switch {
		case result == "fail" && !failedBelow[name]:
			p.failed++
		case children[name]:
		case result == "pass":
			p.passed++
		case result == "skip":
			p.skipped++
		}
	}
}

// parent returns the name of the test that a subtest belongs to, else "".
func parent(name string) string {
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return ""
	}
	return name[:i]
}

// forbidSkips turns skips into failures, but for those of the long tier, of rights that no
// installation gives (need.Right), and of
// the seeds of fuzz tests.
func (p *pkg) forbidSkips() {
	for name, result := range p.result {
		if result != "skip" || strings.HasPrefix(name, "Fuzz") || strings.Contains(p.reason(name), "--long") || strings.Contains(p.reason(name), "NOT TESTED: ") {
			continue
		}
		p.result[name] = "fail"
		p.output[name] = append(p.output[name], "GOALPOST_REQUIRE=all allows no skip: use need.Long for a test of ./test --long\n")
	}
}

// reason returns the last words of a skipped test.
func (p *pkg) reason(name string) string {
	reason := ""
	for _, line := range p.output[name] {
		if _, after, found := strings.Cut(strings.TrimSpace(line), ".go:"); found {
			_, reason, _ = strings.Cut(after, ": ")
		}
	}
	return reason
}

func (s *summary) printSkips(p *pkg) {
	for _, name := range slices.Sorted(maps.Keys(p.result)) {
		if p.result[name] == "skip" {
			s.printf("       skipped %s: %s\n", name, p.reason(name))
		}
	}
}

func (s *summary) printFailure(e event, p *pkg) {
	for _, line := range s.build[e.FailedBuild] {
		s.printf("%s", line)
	}
	for _, name := range slices.Sorted(maps.Keys(p.output)) {
		if name != "" && p.result[name] != "fail" {
			continue
		}
		for _, line := range p.output[name] {
			s.printf("%s", line)
		}
	}
}

// unfinished counts packages that never ended, as when "go test" was killed.
func (s *summary) unfinished() {
	for _, name := range slices.Sorted(maps.Keys(s.packages)) {
		if p := s.packages[name]; !p.ended {
			s.end(event{Action: "fail", Package: name}, p)
		}
	}
}
