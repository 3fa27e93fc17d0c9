package assess

import (
	"errors"
	"testing"

	"goalpost"
)

func TestParseTarget(t *testing.T) {
	count, _ := goalpost.KPIByCode("engagements")
	rate, _ := goalpost.KPIByCode("engagement_rate_by_reach")
	money, _ := goalpost.KPIByCode("revenue")
	for _, c := range []struct {
		name, text string
		kpi        goalpost.KPI
		want       goalpost.Target
		key        string
	}{
		{"a number", "5000", count, goalpost.Target{Kind: goalpost.TargetValue, Value: 5000}, ""},
		{"with a space", "5 000", count, goalpost.Target{Kind: goalpost.TargetValue, Value: 5000}, ""},
		{"money with a comma", "1250,5", money, goalpost.Target{Kind: goalpost.TargetValue, Value: 1250.5}, ""},
		{"a rate", "2.5%", rate, goalpost.Target{Kind: goalpost.TargetValue, Value: 0.025}, ""},
		{"a rate in German", "2,5 %", rate, goalpost.Target{Kind: goalpost.TargetValue, Value: 0.025}, ""},
		{"a change", "+10%", count, goalpost.Target{Kind: goalpost.TargetChange, Value: 0.10}, ""},
		{"a fall", "-10%", count, goalpost.Target{Kind: goalpost.TargetChange, Value: -0.10}, ""},
		{"a fall with a real minus", "−10 %", count, goalpost.Target{Kind: goalpost.TargetChange, Value: -0.10}, ""},
		{"a bare number for a rate", "2.5", rate, goalpost.Target{}, "error.goal.rate-needs-percent"},
		{"per cent of what", "10%", count, goalpost.Target{}, "error.goal.target-unreadable"},
		{"thousand or decimal", "1,234", count, goalpost.Target{}, "error.goal.target-unreadable"},
		{"both signs", "1,234.5", count, goalpost.Target{}, "error.goal.target-unreadable"},
		{"words", "many", count, goalpost.Target{}, "error.goal.target-unreadable"},
		{"infinite", "Inf", count, goalpost.Target{}, "error.goal.target-unreadable"},
		{"not a number", "NaN", count, goalpost.Target{}, "error.goal.target-unreadable"},
		{"empty", "", count, goalpost.Target{}, "error.goal.target-unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseTarget(c.text, c.kpi)
			var e *goalpost.Error
			key := ""
			if errors.As(err, &e) {
				key = e.Key
			}
			if key != c.key || got.Kind != c.want.Kind || abs(got.Value-c.want.Value) > 1e-12 {
				t.Errorf("\ngot:  %+v %q\nwant: %+v %q", got, key, c.want, c.key)
			}
		})
	}
}

func abs(x float64) float64 { return max(x, -x) }

func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"5000", "2.5%", "+10%", "1,234", "−3", "1e309", "%", "+%", ",", "."} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, text string, rate bool) {
		k, _ := goalpost.KPIByCode("engagements")
		if rate {
			k, _ = goalpost.KPIByCode("engagement_rate_by_reach")
		}
		got, err := ParseTarget(text, k)
		if err == nil && (got.Value != got.Value || abs(got.Value) > 1e15) {
			t.Errorf("%q gave %v", text, got.Value)
		}
	})
}

func TestAlign(t *testing.T) {
	kpi := func(c string) goalpost.KPI { k, _ := goalpost.KPIByCode(c); return k }
	goals := []Judged{
		{Goal: goalpost.Goal{ID: 1, Code: "sales"}, Version: goalpost.GoalVersion{KPI: "revenue"}, KPI: kpi("revenue"),
			Verdict: goalpost.Verdict{Substitute: true, BetterKPI: "incremental_revenue"}},
		{Goal: goalpost.Goal{ID: 2, Code: "support"}},
		{Goal: goalpost.Goal{ID: 3, Code: "reach"}, Version: goalpost.GoalVersion{KPI: "reach"}, KPI: kpi("reach")},
	}
	rows := align(goals, []string{"reach", "revenue", "likes", "engagement_rate_by_reach"})
	got := ""
	for _, r := range rows {
		got += r.Problem + ":" + r.KPI + ":" + r.Better + " "
	}
	want := "no-kpi::csat lower-layer:revenue:incremental_revenue ok:reach: no-goal:likes: "
	if got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
}
