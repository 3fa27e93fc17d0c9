package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goalpost/demo"
	"goalpost/document"
)

// A simulated study of 181 and of 5,000 respondents in three waves: the report says what
// changed, what is only mix, and what cannot be compared; of the tables only the mapped
// columns are kept.
func TestStudyWaves(t *testing.T) {
	for _, n := range []int{181, 5000} {
		dir := t.TempDir()
		data := filepath.Join(dir, "data")
		truth, err := demo.WriteStudy(dir, 11, n)
		if err != nil {
			t.Fatal(err)
		}
		for i, table := range truth.Tables {
			call(t, "study", "import", filepath.Join(dir, table), "--map", filepath.Join(dir, truth.Maps[i]), "--data", data).expect(t, 0)
		}
		d := read[document.Study](t, call(t, "study", "show", "own-trade", "--data", data, "--output", "json").expect(t, 0))
		if len(d.Waves) != 3 || d.Waves[0].N != n || d.Version != 3 {
			t.Fatalf("\ngot:  %+v", d.Waves)
		}
		sales := changeOf(t, d, "goals", "2024", "2025", "sales")
		if !sales.Comparable || sales.SameMix == nil || sales.SameMix.Lo > -20 || sales.SameMix.Hi < -20 || sales.SameMix.Hi >= 0 {
			t.Errorf("n = %d, sales fell by 20 points\ngot:  %+v", n, sales.SameMix)
		}
		engagement := changeOf(t, d, "goals", "2024", "2026", "engagement")
		if engagement.SameMix == nil || engagement.SameMix.Lo > 0 || engagement.SameMix.Hi < 0 {
			t.Errorf("n = %d, engagement did not change within the groups\ngot:  %+v", n, engagement.SameMix)
		}
		if n == 5000 && (*engagement.Lo < 0 || math.Abs(engagement.SameMix.Mix-7.7) > 2.5) {
			t.Errorf("the plain change is the mix alone\ngot:  %+v %+v\nwant: about 7.7 points of mix", engagement.Change, engagement.SameMix)
		}
		if c := changeOf(t, d, "metrics", "2024", "2026", "revenue"); c.Comparable || !slices.Contains(c.ReasonCodes, "study.break.options") {
			t.Errorf("the options of the metrics changed\ngot:  %+v", c)
		}
		if c := changeOf(t, d, "metrics", "2024", "2025", "revenue"); !c.Comparable {
			t.Errorf("the metrics of the first two waves\ngot:  %+v", c)
		}
		for _, q := range d.Questions {
			for _, u := range q.Unserved {
				if u.Goal == "sales" && (u.Share.Lo > 1-truth.Measured || u.Share.Hi < 1-truth.Measured) {
					t.Errorf("n = %d, sales without revenue\ngot:  %+v\nwant: %.2f inside", n, u.Share, 1-truth.Measured)
				}
			}
			for _, r := range q.Results {
				if r.EffectiveN == nil || *r.EffectiveN >= float64(*r.Base) || *r.EffectiveN < 0.9*float64(*r.Base) {
					t.Errorf("%s: effective number %v of %d", q.Code, r.EffectiveN, *r.Base)
				}
			}
		}
		file, err := os.ReadFile(filepath.Join(data, "goalpost.db"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(file), "@example.org") {
			t.Error("a column that the map does not name was kept")
		}
		table := strings.ReplaceAll(call(t, "study", "show", "own-trade", "--data", data).expect(t, 0).stdout, "\n   ", " ")
		for _, want := range []string{"With the same mix of respondents", "The list of answers changed", "measure it by none of their metrics"} {
			if !strings.Contains(table, want) {
				t.Errorf("no %q in\n%s", want, table)
			}
		}
		if r := call(t, "study", "import", filepath.Join(dir, truth.Tables[0]), "--map", filepath.Join(dir, truth.Maps[0]), "--data", data).expect(t, 2); !strings.Contains(r.stderr, "--why") {
			t.Errorf("the same wave again\ngot:  %s", r.stderr)
		}
	}
}

func changeOf(t *testing.T, d document.Study, question, from, to, option string) document.StudyChange {
	t.Helper()
	for _, q := range d.Questions {
		for _, c := range q.Changes {
			if q.Code == question && c.From == from && c.To == to && c.Option == option {
				return c
			}
		}
	}
	t.Fatalf("no change of %s %s from %s to %s", question, option, from, to)
	return document.StudyChange{}
}

// What is wrong with a map or a table is said with its place; what can be kept is kept.
func TestStudyWaveProblems(t *testing.T) {
	dir := t.TempDir()
	truth, err := demo.WriteStudy(dir, 11, 40)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := os.ReadFile(filepath.Join(dir, truth.Maps[0]))
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(filepath.Join(dir, truth.Tables[0]))
	if err != nil {
		t.Fatal(err)
	}
	try := func(plan, table string, code int) result {
		t.Helper()
		m, f := fixture(t, "map.json", plan), fixture(t, "wave.csv", table)
		return call(t, "study", "import", f, "--map", m, "--data", filepath.Join(t.TempDir(), "data")).expect(t, code)
	}
	for name, c := range map[string]struct{ plan, table, want string }{
		"column":  {strings.Replace(string(plan), `"column": "metrics"`, `"column": "kpis"`, 1), string(table), "kpis"},
		"type":    {strings.Replace(string(plan), `"single"`, `"number"`, 1), string(table), "number"},
		"option":  {strings.Replace(string(plan), `"sales": "goal_sales"`, `"selling": "goal_sales"`, 1), string(table), "selling"},
		"field":   {strings.Replace(string(plan), `"weight"`, `"weights"`, 1), string(table), "weights"},
		"broken":  {string(plan[:len(plan)/2]), string(table), "map.json, line"},
		"no rows": {string(plan), strings.SplitAfter(string(table), "\n")[0], "wave.csv"},
	} {
		if r := try(c.plan, c.table, 2); !strings.Contains(r.stderr, c.want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s\ngot:  %s\nwant: %s in one line", name, r.stderr, c.want)
		}
	}
	lines := strings.Split(string(table), "\n")
	lines[1] = strings.Replace(lines[1], ",Brand,", ",Museum,", 1)
	lines[1] = strings.Replace(lines[1], ",Agency,", ",Museum,", 1)
	cells := strings.Split(lines[2], ",")
	cells[1] = "heavy"
	lines[2] = strings.Join(cells, ",")
	r := try(string(plan), strings.Join(lines, "\n"), 0)
	for _, want := range []string{"39 respondents", "1 row left out", "Museum", "heavy", "line 3"} {
		if !strings.Contains(strings.ReplaceAll(r.stdout, "\n", " "), want) {
			t.Errorf("\ngot:  %s\nwant: %s", r.stdout, want)
		}
	}
}
