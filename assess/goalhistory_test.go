package assess_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// A goal from wish to operational, moved, given up and taken up again; another one whose
// period ends by itself.
func TestHistoryOfGoals(t *testing.T) {
	org := goalpost.Organisation{TimeZone: "Europe/Berlin", Currency: "EUR"}
	at := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 8, 0, 0, 0, org.Zone()) }
	target := func(v float64) *goalpost.Target { return &goalpost.Target{Kind: goalpost.TargetValue, Value: v} }
	period := func(end goalpost.Day) *goalpost.Period {
		return &goalpost.Period{Start: goalpost.NewDay(2025, time.July, 1), End: end}
	}
	due, later := goalpost.NewDay(2026, time.July, 1), goalpost.NewDay(2026, time.October, 1)
	sold := goalpost.Goal{ID: 1, Code: "sales", Versions: []goalpost.GoalVersion{
		{Version: 1, At: at(2025, 2, 3), By: "Ada"},
		{Version: 2, At: at(2025, 5, 3), By: "Ada", KPI: "revenue", Why: "chosen"},
		{Version: 3, At: at(2025, 8, 3), By: "Ada", KPI: "revenue", Target: target(1000), Period: period(due), Owner: "Ada"},
		{Version: 4, At: at(2025, 11, 3), By: "Eve", KPI: "revenue", Target: target(1200), Period: period(later), Owner: "Ada", Why: "more money"},
		{Version: 5, At: at(2026, 1, 3), By: "Eve", KPI: "revenue", Target: target(1200), Period: period(later), Owner: "Ada", Retired: true, Why: "out of money"},
		{Version: 6, At: at(2026, 4, 3), By: "Eve", KPI: "orders", Target: target(50), Period: period(later), Owner: "Eve"},
		{Version: 7, At: at(2026, 4, 4), By: "Eve", KPI: "orders", Target: target(50), Period: period(later), Owner: "Bob"},
	}}
	visits := goalpost.Goal{ID: 2, Code: "traffic", Versions: []goalpost.GoalVersion{
		{Version: 1, At: at(2025, 6, 30), By: "Ada", KPI: "sessions_social", Target: target(10), Period: period(goalpost.NewDay(2025, time.October, 15)), Owner: "Ada"}}}
	h := assess.HistoryOfGoals([]goalpost.Goal{sold, visits}, org, at(2026, 5, 10))
	var labels []string
	for _, m := range h.Moments {
		labels = append(labels, m.Label)
	}
	if got := strings.Join(labels, " "); got != "2025-Q1 2025-Q2 2025-Q3 2025-Q4 2026-Q1 2026-Q2" {
		t.Errorf("moments\ngot:  %s", got)
	}
	if last := h.Moments[5].Last; last != goalpost.NewDay(2026, time.May, 10) {
		t.Errorf("the last moment is today\ngot:  %s", last)
	}
	got := map[string]string{}
	for _, k := range h.Kinds {
		got[k.Kind] = fmt.Sprintf("%q", k.States)
	}
	if got["sales"] != `["wish" "declared" "operational" "operational" "" "operational"]` || got["traffic"] != `["" "operational" "operational" "operational" "" ""]` {
		t.Errorf("\ngot:  %v", got)
	}
	if !slices.Equal(h.Dropped, []string{"traffic"}) || len(h.Added) != 0 || h.Shifted != 1 || !slices.Equal(h.KPIs, []string{"orders"}) {
		t.Errorf("\ngot:  added %v, dropped %v, moved %d, KPIs %v", h.Added, h.Dropped, h.Shifted, h.KPIs)
	}
	p := locale.New(locale.English, "")
	p.Missing = func(key string) { t.Errorf("no text %s", key) }
	var moves []string
	for _, m := range h.Moves {
		moves = append(moves, fmt.Sprintf("%s %s: %s (%s)", m.Day, p.Arg(m.Name), strings.Join(p.Notes(m.What), "; "), m.By))
	}
	want := []string{"2026-04-04 Sell more: changed, but not its target (Eve)", "2026-04-03 Sell more: taken up again (operational); measured by Orders instead of Revenue (Eve)", "2026-01-03 Sell more: given up (Eve)",
		"2025-11-03 Sell more: target moved from €1,000 to €1,200; due date moved from 30 June 2026 to 30 September 2026 (Eve)", "2025-08-03 Sell more: was declared, now operational (Ada)",
		"2025-06-30 Bring people to the website: set as a goal (operational) (Ada)", "2025-05-03 Sell more: was a wish, now declared (Ada)", "2025-02-03 Sell more: set as a goal (a wish) (Ada)"}
	if !slices.Equal(moves, want) {
		t.Errorf("\ngot:  %s\nwant: %s", strings.Join(moves, "\n      "), strings.Join(want, "\n      "))
	}
}

// Limits: no goals, a goal of this moment, quarters that become years, a clock that runs
// behind.
func TestHistoryOfGoalsLimits(t *testing.T) {
	org := goalpost.Organisation{TimeZone: "UTC"}
	now := time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)
	goal := func(at time.Time) []goalpost.Goal {
		return []goalpost.Goal{{ID: 1, Code: "sales", Versions: []goalpost.GoalVersion{{Version: 1, At: at}}}}
	}
	if h := assess.HistoryOfGoals(nil, org, now); len(h.Moments) != 0 || len(h.Moves) != 0 {
		t.Errorf("nothing\ngot:  %+v", h)
	}
	if h := assess.HistoryOfGoals(goal(now), org, now); len(h.Moments) != 1 || h.Today("sales") != goalpost.Wish || h.Today("brand") != "" {
		t.Errorf("this moment\ngot:  %+v", h)
	}
	if h := assess.HistoryOfGoals(goal(now.AddDate(0, 0, 40)), org, now); len(h.Moments) != 1 {
		t.Errorf("a clock that runs behind\ngot:  %+v", h)
	}
	if h := assess.HistoryOfGoals(goal(now.AddDate(-3, 0, 0)), org, now); len(h.Moments) != 4 || h.Moments[0].Label != "2023" || h.Moments[3].Last != goalpost.NewDay(2026, time.May, 10) {
		t.Errorf("years\ngot:  %+v", h.Moments)
	}
	if h := assess.HistoryOfGoals(goal(now.AddDate(-40, 0, 0)), org, now); len(h.Moments) != 12 || h.Moments[11].Label != "2026" {
		t.Errorf("many years\ngot:  %+v", h.Moments)
	}
	if h := assess.HistoryOfGoals(goal(now.AddDate(-2, 0, 0).AddDate(0, 2, 0)), org, now); len(h.Moments) != 8 || h.Moments[0].Label != "2024-Q3" {
		t.Errorf("as many quarters as fit\ngot:  %+v", h.Moments)
	}
}
