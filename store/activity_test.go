package store

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// campaign is a version of an activity.
func campaign(version int) goalpost.ActivityVersion {
	cost := int64(12000)
	first := goalpost.NewDay(2025, 3, 1)
	return goalpost.ActivityVersion{Version: version, Name: "Tide sale", Runs: []goalpost.Period{{Start: first, End: first + 7}, {Start: first + 14, End: first + 21}}, Network: goalpost.Facebook,
		CostMin: &cost, Currency: "EUR", At: when, By: "Ada", Why: "asked"}
}

// row is a row of a file about an activity.
func row(name string, from goalpost.Day, cost int64) goalpost.ActivityRecord {
	return goalpost.ActivityRecord{Activity: goalpost.Activity{Name: name, Period: goalpost.Period{Start: from, End: from + 3}, Region: "north", CostMin: cost, HasCost: cost > 0, Currency: "EUR"}}
}

func activity(t *testing.T, db *DB, org goalpost.OrgID, name string) (goalpost.Activity, bool) {
	t.Helper()
	list, err := db.Activities(ctx, org)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.Name == name {
			return a, true
		}
	}
	return goalpost.Activity{}, false
}

// Rows with the same name and place are runs of one activity, whose costs are added; it
// goes with its import and comes back under the same id.
func TestImportedRunsAreOneActivity(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	day := goalpost.NewDay(2025, 3, 1)
	b := goalpost.Batch{Activities: []goalpost.ActivityRecord{row("other", day, 0), row("on and off", day, 100), row("on and off", day+10, 50), row("on and off", day+3, 25)}}
	first := load(t, db, org, "a", when, b)
	a, ok := activity(t, db, org, "on and off")
	want := []goalpost.Period{{Start: day, End: day + 6}, {Start: day + 10, End: day + 13}}
	if !ok || len(a.Runs) != 2 || a.Runs[0] != want[0] || a.Runs[1] != want[1] || a.CostMin != 175 || a.CostPartly {
		t.Fatalf("\ngot:  %+v\nwant: %v for 175", a, want)
	}
	again := load(t, db, org, "b", when.Add(time.Hour), b)
	if twice, _ := activity(t, db, org, "on and off"); twice.ID != a.ID || twice.CostMin != 175 || len(twice.Imports) != 2 {
		t.Errorf("the same rows in two files: %+v", twice)
	}
	for _, id := range []goalpost.ImportID{first, again} {
		if err := db.UndoImport(ctx, org, id, "Ada", when); err != nil {
			t.Fatal(err)
		}
	}
	if gone, ok := activity(t, db, org, "on and off"); ok {
		t.Errorf("undone: %+v", gone)
	}
	load(t, db, org, "c", when, goalpost.Batch{Activities: b.Activities[1:]})
	if back, _ := activity(t, db, org, "on and off"); back.ID != a.ID {
		t.Errorf("\ngot:  id %d\nwant: id %d again", back.ID, a.ID)
	}
}

// What a person entered counts before what rows say, and every version stays.
func TestActivityVersions(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	day := goalpost.NewDay(2025, 3, 1)
	load(t, db, org, "a", when, goalpost.Batch{Activities: []goalpost.ActivityRecord{row("imported", day, 100)}})
	a, _ := activity(t, db, org, "imported")
	changed, err := db.AddActivityVersion(ctx, org, a.ID, campaign(1))
	if err != nil || changed.Name != "Tide sale" || len(changed.Runs) != 2 || changed.CostMin != 12000 || len(changed.Imports) != 1 {
		t.Errorf("%v %+v", err, changed)
	}
	var e *goalpost.Error
	if _, err := db.AddActivityVersion(ctx, org, a.ID, campaign(1)); !errors.As(err, &e) || e.Kind != goalpost.Conflict {
		t.Errorf("a version twice: %v", err)
	}
	out := changed.Version()
	out.Removed, out.At = true, when
	if gone, err := db.AddActivityVersion(ctx, org, a.ID, out); err != nil || !gone.Removed() || len(gone.Versions) != 2 {
		t.Errorf("removed: %v %+v", err, gone)
	}
	mine, err := db.CreateActivity(ctx, org, campaign(1))
	if err != nil || mine.ID == a.ID || mine.Period.Days() != 21 {
		t.Errorf("entered: %v %+v", err, mine)
	}
}

// A plan that is no longer the one that was confirmed is not read as if it were.
func TestAnalysisPlanIsCompared(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	a, err := db.CreateActivity(ctx, org, campaign(1))
	if err != nil {
		t.Fatal(err)
	}
	plan := goalpost.AnalysisPlan{Version: 1, Activity: a.ID, Runs: a.Runs, Series: goalpost.SeriesRef{KPI: "revenue"}, Controls: []goalpost.AnalysisControl{}, Level: 0.95, At: when.Add(7).In(time.FixedZone("", 3600)), By: "Ada"}
	x, err := db.CreateAnalysis(ctx, org, plan)
	if err != nil {
		t.Fatal(err)
	}
	if y, err := db.Analysis(ctx, org, x.ID); err != nil || y.Plan().Hash() != plan.Hash() {
		t.Fatalf("as it was confirmed: %v", err)
	}
	for _, change := range []string{`"level":0.95`, `"by":"Ada"`} {
		other := strings.NewReplacer("0.95", "0.80", "Ada", "Bob").Replace(change)
		swap := func(from, to string) {
			t.Helper()
			if err := db.do(ctx, func(t *tx) error {
				n, err := t.exec("UPDATE analysis_plan SET body = REPLACE(body, $1, $2) WHERE org_id = $3 AND body LIKE '%' || $1 || '%'", from, to, org)
				if err == nil && n != 1 {
					return fmt.Errorf("%d plans have %s", n, from)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		swap(change, other)
		_, one := db.Analysis(ctx, org, x.ID)
		_, all := db.Analyses(ctx, org)
		for _, err := range []error{one, all} {
			if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.analysis.plan-damaged" || e.Args[0].Number != 1 || e.Args[1].Number != float64(x.ID) {
				t.Errorf("%s became %s: %v", change, other, err)
			}
		}
		swap(other, change)
		if _, err := db.Analysis(ctx, org, x.ID); err != nil {
			t.Error(err)
		}
	}
}

// Results are only added, and two that compute the same leave one.
func TestAnalysisResultsAreKept(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	a, err := db.CreateActivity(ctx, org, campaign(1))
	if err != nil {
		t.Fatal(err)
	}
	plan := goalpost.AnalysisPlan{Version: 1, Activity: a.ID, Runs: a.Runs, Series: goalpost.SeriesRef{KPI: "revenue"}, Controls: []goalpost.AnalysisControl{}, At: when, By: "Ada"}
	x, err := db.CreateAnalysis(ctx, org, plan)
	if err != nil {
		t.Fatal(err)
	}
	save := func(plan int, data string, want int) {
		t.Helper()
		r, err := db.SaveAnalysisResult(ctx, org, x.ID, goalpost.AnalysisResult{Plan: plan, DataHash: data, Seed: 1<<63 + 7, Decision: goalpost.Increase, ComputedAt: when, Report: []byte(`{"a":1}`)})
		list, err2 := db.AnalysisResults(ctx, org, x.ID)
		if err != nil || err2 != nil || r.ID != want || len(list) != want || list[0].Seed != 1<<63+7 || string(list[0].Report) != `{"a":1}` {
			t.Errorf("\ngot:  %v %v, result %d of %d\nwant: %d", err, err2, r.ID, len(list), want)
		}
	}
	save(1, "d", 1)
	save(1, "d", 1)
	save(1, "e", 2)
	second := plan
	second.Version = 2
	if x, err = db.AddAnalysisPlan(ctx, org, x.ID, second); err != nil || len(x.Plans) != 2 || x.Plans[0].Hash() != plan.Hash() || x.Plan().Hash() == plan.Hash() {
		t.Errorf("%v %+v", err, x)
	}
	save(2, "e", 3)
	second.Version, second.Series.KPI = 3, "orders"
	var e *goalpost.Error
	if _, err := db.AddAnalysisPlan(ctx, org, x.ID, second); !errors.As(err, &e) || e.Kind != goalpost.Conflict {
		t.Errorf("another series is another analysis: %v", err)
	}
}

// Costs whose sum would be no number are not added: what is there is a part of them.
func TestCostsDoNotOverflow(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	day := goalpost.NewDay(2025, 3, 1)
	load(t, db, org, "a", when, goalpost.Batch{Activities: []goalpost.ActivityRecord{row("dear", day, math.MaxInt64-5), row("dear", day+10, 50)}})
	if a, ok := activity(t, db, org, "dear"); !ok || a.CostMin != math.MaxInt64-5 || !a.CostPartly {
		t.Errorf("%+v", a)
	}
}

// Whether another file has a run is found by an index: else every row of a file would read
// all rows of all files, and thirty thousand took half a minute in which nobody could write.
func TestTwinsAreFoundByAnIndex(t *testing.T) {
	db := open(t, Options{})
	var id, parent, unused int
	var detail string
	if err := db.read.QueryRowContext(ctx, "EXPLAIN QUERY PLAN "+db.queries["activity.Twins"], 1, 1, "a", 1, 2, "", "", "").Scan(&id, &parent, &unused, &detail); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(detail, "activity_run") {
		t.Errorf("the plan: %s", detail)
	}
}
