package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goalpost/demo"
	"goalpost/document"
)

// Three waves go in by the maps that the program proposes: a person only names the study
// and the wave. What changed, what is mix and what cannot be compared comes out as with
// maps written by hand.
func TestStudyWavesByProposal(t *testing.T) {
	for _, n := range []int{181, 5000} {
		dir := t.TempDir()
		data := filepath.Join(dir, "data")
		truth, err := demo.WriteStudy(dir, 11, n)
		if err != nil {
			t.Fatal(err)
		}
		for i, table := range truth.Tables {
			file, plan := filepath.Join(dir, table), filepath.Join(dir, "proposed.json")
			args := []string{"study", "import", file, "--dry-run", "--study", "trade"}
			if i > 0 {
				args = append(args, "--data", data)
			}
			m := read[map[string]any](t, call(t, args...).expect(t, 0))
			m["wave"] = map[string]any{"id": truth.Waves[i], "fielded_from": truth.Waves[i] + "-09", "fielded_to": "", "n": 0, "sample_kind": "self_selected"}
			m["reference"] = map[string]any{"id": truth.Waves[i], "wave": truth.Waves[i], "kind": "current"}
			m["pairs"] = []any{map[string]any{"goals": "goal", "metrics": "metrics", "measures": map[string][]string{"sales": {"revenue"}}}}
			if i == 2 { // one more metric could be ticked; nobody did, so only a person knows
				for _, x := range m["questions"].([]any) {
					if q := x.(map[string]any); q["code"] == "metrics" {
						q["version"], q["options"] = 2, append(q["options"].([]any), map[string]any{"code": "sentiment", "label": map[string]string{"en": "Sentiment"}})
					}
				}
			}
			text, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(plan, text, 0o600); err != nil {
				t.Fatal(err)
			}
			dry := call(t, "study", "import", file, "--map", plan, "--dry-run").expect(t, 0)
			if !strings.Contains(dry.stdout, "Nothing was kept") {
				t.Errorf("\ngot:  %s", dry.stdout)
			}
			call(t, "study", "import", file, "--map", plan, "--data", data).expect(t, 0)
		}
		d := read[document.Study](t, call(t, "study", "show", "trade", "--data", data, "--output", "json").expect(t, 0))
		if d.Version != 3 || len(d.Waves) != 3 || len(d.Questions) != 4 {
			t.Fatalf("\ngot:  %d versions, %d waves, %d questions", d.Version, len(d.Waves), len(d.Questions))
		}
		sales := changeOf(t, d, "goal", "2024", "2025", "sales")
		if !sales.Comparable || sales.SameMix == nil || sales.SameMix.Question != "business" || sales.SameMix.Lo > -20 || sales.SameMix.Hi < -20 {
			t.Errorf("n = %d, sales fell by 20 points\ngot:  %+v", n, sales.SameMix)
		}
		engagement := changeOf(t, d, "goal", "2024", "2026", "engagement")
		if engagement.SameMix == nil || engagement.SameMix.Lo > 0 || engagement.SameMix.Hi < 0 {
			t.Errorf("n = %d, engagement is only mix\ngot:  %+v", n, engagement.SameMix)
		}
		if n == 5000 && math.Abs(engagement.SameMix.Mix-7.7) > 2.5 {
			t.Errorf("the mix makes 7.7 points\ngot:  %.2f", engagement.SameMix.Mix)
		}
		if c := changeOf(t, d, "metrics", "2024", "2026", "revenue"); c.Comparable || !slices.Contains(c.ReasonCodes, "study.break.options") {
			t.Errorf("the options changed\ngot:  %+v", c)
		}
		if c := changeOf(t, d, "metrics", "2024", "2025", "revenue"); !c.Comparable {
			t.Errorf("the same options\ngot:  %+v", c)
		}
	}
}

// A dry run of published figures says what speaks against them and keeps nothing.
func TestStudyImportDryRun(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	text := call(t, "study", "template", "--output", "csv").expect(t, 0).stdout
	good := fixture(t, "study.csv", text)
	if r := call(t, "study", "import", good, "--dry-run", "--data", data).expect(t, 0); !strings.Contains(r.stdout, "5 figures") {
		t.Errorf("\ngot:  %s", r.stdout)
	}
	if _, err := os.Stat(filepath.Join(data, "goalpost.db")); err == nil {
		t.Error("a dry run made a store")
	}
	bad := fixture(t, "bad.csv", strings.Replace(text, ",58.3,", ",583,", 1))
	if r := call(t, "study", "import", bad, "--dry-run").expect(t, 2); !strings.Contains(r.stderr, "bad.csv, line 2") {
		t.Errorf("\ngot:  %s", r.stderr)
	}
}
