package main

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goalpost/store"
)

// looked is a copy of the demo's data in which the giveaway was looked into.
func looked(t *testing.T) string {
	t.Helper()
	data := demoCopy(t)
	call(t, "effects", "new", "1", "--kpi", "orders", "--margin", "12", "--confirm", "--data", data).expect(t, 0)
	return data
}

// Activities are added, changed with a reason, removed and brought back.
func TestActivitiesOnTheCommandLine(t *testing.T) {
	data := demoCopy(t)
	args := func(list ...string) []string { return append(list, "--data", data, "--output", "json") }
	type entry struct {
		Activity int
		Name     string
		Runs     []struct{ From, Until string }
		Cost     *float64
		Removed  bool
		History  []struct{ Why string }
	}
	added := read[entry](t, call(t, args("activities", "add", "--name", "Ads", "--run", "2026-03-01..2026-03-07", "--run", "2026-03-15..2026-03-20", "--region", "North", "--cost", "250")...).expect(t, 0))
	if added.Activity != 4 || len(added.Runs) != 2 || added.Runs[1].Until != "2026-03-20" || *added.Cost != 250 {
		t.Errorf("added: %+v", added)
	}
	call(t, "activities", "add", "--name", "Ads", "--run", "2026-03-01..2026-03-07", "--run", "2026-03-05..2026-03-20", "--data", data).expect(t, 2)
	call(t, "activities", "change", "4", "--cost", "300", "--data", data).expect(t, 2) // without a reason
	changed := read[entry](t, call(t, args("activities", "change", "4", "--cost", "300", "--why", "the bill came")...).expect(t, 0))
	if *changed.Cost != 300 || len(changed.Runs) != 2 || len(changed.History) != 2 || changed.History[1].Why != "the bill came" {
		t.Errorf("changed: %+v", changed)
	}
	call(t, "activities", "change", "4", "--remove", "--why", "never ran", "--data", data).expect(t, 0)
	if list := read[[]entry](t, call(t, args("activities")...).expect(t, 0)); len(list) != 3 {
		t.Errorf("removed, and still listed: %+v", list)
	}
	if list := read[[]entry](t, call(t, args("activities", "--removed")...).expect(t, 0)); len(list) != 1 || !list[0].Removed {
		t.Errorf("the removed ones: %+v", list)
	}
	call(t, "activities", "change", "4", "--restore", "--data", data).expect(t, 0)
	if r := call(t, "activities", "--data", data).expect(t, 0); !strings.Contains(r.stdout, "Ads") || !strings.Contains(r.stdout, "2 runs") {
		t.Errorf("the table:\n%s", r.stdout)
	}
	call(t, "activities", "change", "99", "--why", "x", "--data", data).expect(t, 2)
}

// An analysis is proposed without a result, and shown with one once it is confirmed.
func TestEffectsOnTheCommandLine(t *testing.T) {
	data := demoCopy(t)
	if r := call(t, "effects", "new", "1", "--data", data).expect(t, 0); !strings.Contains(r.stdout, "kpi=revenue&region=North") || strings.Contains(r.stdout, "Increase") {
		t.Errorf("the proposal:\n%s", r.stdout)
	}
	type listed []struct{ Analysis, Tried int }
	before := read[listed](t, call(t, "effects", "--data", data, "--output", "json").expect(t, 0))
	data = looked(t)
	after := read[listed](t, call(t, "effects", "--data", data, "--output", "json").expect(t, 0))
	if len(after) != len(before)+1 { // the proposal was none
		t.Fatalf("%d analyses, then %d", len(before), len(after))
	}
	made := after[slices.IndexFunc(after, func(a struct{ Analysis, Tried int }) bool {
		return !slices.ContainsFunc(before, func(b struct{ Analysis, Tried int }) bool { return a.Analysis == b.Analysis })
	})]
	id := plain(made.Analysis)
	type document struct {
		Decision   string
		Tried      int
		Cumulative struct{ Lo, Hi float64 }
		Plans      []struct{ SHA256 string }
		PlanSHA256 string `json:"plan_sha256"`
		Report     struct{ Series []any }
	}
	d := read[document](t, call(t, "effects", "show", id, "--data", data, "--output", "json").expect(t, 0))
	if d.Decision != "increase" || d.Tried != made.Tried || d.Tried < 1 || d.Cumulative.Lo <= 0 || len(d.Plans) != 1 || d.Plans[0].SHA256 != d.PlanSHA256 || len(d.Report.Series) < 300 {
		t.Errorf("%s, tried %d, %+v, %d rows", d.Decision, d.Tried, d.Cumulative, len(d.Report.Series))
	}
	if r := call(t, "effects", "show", id, "--data", data, "--language", "de").expect(t, 0); !strings.Contains(r.stdout, "SHA-256") || !strings.Contains(r.stdout, "Lighthouse giveaway") {
		t.Errorf("shown:\n%s", r.stdout)
	}
	call(t, "effects", "show", "99", "--data", data).expect(t, 2)
	call(t, "effects", "new", "1", "--control", "kpi=sessions", "--confirm", "--data", data).expect(t, 2) // it has gaps
}

// A plan that was changed in the database is refused with a sentence, which the doctor says
// too.
func TestDoctorComparesPlans(t *testing.T) {
	data := looked(t)
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if r := call(t, "doctor", "--data", data).expect(t, 0); !strings.Contains(flat(r.stdout), "plans of analyses are as they were confirmed") {
		t.Errorf("doctor\ngot:  %s", r.stdout)
	}
	db, err := sql.Open("sqlite", filepath.Join(data, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), `UPDATE analysis_plan SET body = REPLACE(body, '"level":0.95', '"level":0.8')`); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "Plan 1 of analysis 1 is no longer the one that was confirmed", "de": "Plan 1 der Auswertung 1 ist nicht mehr der, der bestätigt wurde"} {
		if r := call(t, "doctor", "--data", data, "--language", language); r.code != exitFailed || !strings.Contains(flat(r.stdout), want) {
			t.Errorf("doctor\ngot:  %d %s", r.code, r.stdout)
		}
		if r := call(t, "effects", "show", "1", "--data", data, "--language", language); r.code == 0 || !strings.Contains(flat(r.stderr), want) {
			t.Errorf("effects show\ngot:  %d %s", r.code, r.stderr)
		}
	}
}
