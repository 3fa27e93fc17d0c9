package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"goalpost"
	"goalpost/document"
)

// The published study is there without any data, under all of its ids, and says what
// its figures are worth.
func TestStudyShow(t *testing.T) {
	d := read[document.Study](t, call(t, "study", "show", "pivot-sosm", "--output", "json").expect(t, 0))
	if d.ID != "pivot-sosm" || d.Version != 1 || len(d.Waves) != 2 || d.Waves[1].FieldFrom != "2012-09-15" {
		t.Errorf("\ngot:  %+v", d)
	}
	for _, q := range d.Questions {
		if q.Code != "understand_social_consumers" {
			continue
		}
		c := q.Changes[0]
		if c.From != "2011" || c.To != "2012" || !c.Comparable || math.Abs(*c.Points+14.92) > 0.005 {
			t.Errorf("\ngot:  %+v\nwant: -14.92", c)
		}
	}
	if d := read[document.Study](t, call(t, "study", "show", "bitkom-2017", "--output", "json").expect(t, 0)); d.ID != "bitkom" {
		t.Errorf("\ngot:  %s\nwant: bitkom", d.ID)
	}
	table := call(t, "study", "show", "pivot-sosm", "--language", "de").expect(t, 0).stdout
	for _, want := range []string{"unter 50 %", "2013 (erwartet)", "Mehr verkaufen", "nicht vergleichbar", "40, 80, 120, 160", "Folien 6 bis 22"} {
		if !strings.Contains(strings.ReplaceAll(table, "\n   ", " "), want) && !strings.Contains(strings.ReplaceAll(table, "\n", " "), want) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
	if list := call(t, "study").expect(t, 0).stdout; !strings.Contains(list, "pivot-sosm") {
		t.Errorf("\ngot:  %s", list)
	}
	call(t, "study", "show", "pivot-sosm", "--output", "csv").expect(t, 0)
}

// A template is filled in, imported, corrected with a reason, and checked.
func TestStudyImport(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "study.csv")
	text := call(t, "study", "template", "--output", "csv").expect(t, 0).stdout
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	type answer struct {
		Version int  `json:"version"`
		Added   bool `json:"added"`
	}
	load := func(args ...string) answer {
		return read[answer](t, call(t, append([]string{"study", "import", file, "--data", data, "--output", "json"}, args...)...).expect(t, 0))
	}
	if a := load(); a != (answer{1, true}) {
		t.Errorf("\ngot:  %+v", a)
	}
	if a := load(); a != (answer{1, false}) {
		t.Errorf("the same again\ngot:  %+v", a)
	}
	write(strings.Replace(text, ",58.3,", ",62.5,", 1))
	if r := call(t, "study", "import", file, "--data", data).expect(t, 2); !strings.Contains(r.stderr, "--why") {
		t.Errorf("\ngot:  %s\nwant: --why", r.stderr)
	}
	if a := load("--why", "misprint"); a != (answer{2, true}) {
		t.Errorf("the correction\ngot:  %+v", a)
	}
	d := read[document.Study](t, call(t, "study", "show", "example-2026", "--data", data, "--output", "json").expect(t, 0))
	if len(d.Versions) != 2 || d.Versions[1].Why != "misprint" || *d.Questions[0].Results[0].Published != 0.625 {
		t.Errorf("\ngot:  %+v", d.Versions)
	}
	old := read[goalpost.Study](t, call(t, "study", "show", "example-2026", "--data", data, "--version", "1", "--raw", "--output", "json").expect(t, 0))
	if old.Figures[0].Percent != "58.3" {
		t.Errorf("the first version\ngot:  %+v", old.Figures[0])
	}
	write(strings.Replace(text, ",58.3,", ",58.37,", 1))
	if r := call(t, "study", "check", file, "--output", "json").expect(t, 0); !strings.Contains(r.stdout, "study.hint.grim") {
		t.Errorf("58.37 of 240\ngot:  %s\nwant: a hint", r.stdout)
	}
	write(strings.Replace(text, ",58.3,", ",583,", 1))
	if r := call(t, "study", "import", file, "--data", data).expect(t, 2); !strings.Contains(r.stderr, "study.csv, line 2") || !strings.Contains(r.stderr, "percent") {
		t.Errorf("\ngot:  %s\nwant: file, line and field", r.stderr)
	}
	if !json.Valid([]byte(call(t, "study", "template", "--output", "json").expect(t, 0).stdout)) {
		t.Error("the template is no JSON")
	}
}

// The report is a folder that needs no server: every file that the page names is there.
func TestStudyReport(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		dir := filepath.Join(t.TempDir(), "report")
		call(t, "study", "report", "pivot-sosm", "--language", language, "--out", dir).expect(t, 0)
		page, err := os.ReadFile(filepath.Join(dir, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		links := regexp.MustCompile(`(?:href|src)="([^"#]+)"`).FindAllStringSubmatch(string(page), -1)
		if len(links) < 30 {
			t.Errorf("\ngot:  %d links", len(links))
		}
		for _, l := range links {
			if strings.HasPrefix(l[1], "http") {
				continue // a source
			}
			if info, err := os.Stat(filepath.Join(dir, l[1])); err != nil || info.Size() == 0 {
				t.Errorf("%s: the page names %s: %v", language, l[1], err)
			}
		}
		if strings.Contains(string(page), "<script") || strings.Contains(string(page), "<form") {
			t.Error("the report needs a server")
		}
	}
	if r := call(t, "study", "report", "pivot-sosm", "--out", "/proc/nowhere").expect(t, 2); r.stderr == "" {
		t.Error("no message")
	}
}
