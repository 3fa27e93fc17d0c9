package assess

import (
	"math"
	"testing"
	"time"

	"goalpost"
	"goalpost/infer"
)

// observedOf is a KPI that was counted completely.
func observedOf(first goalpost.Day, values []float64) Observed {
	o := Observed{Grain: goalpost.Daily, First: first, Last: first + goalpost.Day(len(values)) - 1}
	for _, x := range values {
		o.Days = append(o.Days, ObservedDay{Num: x, Largest: x})
	}
	return o
}

func zeroQuestion(values []float64) question {
	first := goalpost.NewDay(2025, time.January, 1)
	kpi, _ := goalpost.KPIByCode("leads")
	p := goalpost.Period{Start: first, End: first + goalpost.Day(len(values)) + 30}
	return question{kpi: kpi, version: goalpost.GoalVersion{KPI: "leads", Period: &p}, observed: observedOf(first, values)}
}

// repeat puts a pattern and then zeros.
func repeat(days int, pattern []float64, zeros int) []float64 {
	out := make([]float64, days+zeros)
	for i := range days {
		out[i] = pattern[i%len(pattern)]
	}
	return out
}

func TestOnlyZeros(t *testing.T) {
	steady, weekdays, rare := []float64{90, 100, 110}, []float64{5, 4, 6, 5, 7, 0, 0}, []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 3}
	for _, c := range []struct {
		name   string
		values []float64
		want   bool
	}{
		{"a hundred a day, then 24 zeros", repeat(180, steady, 24), true},
		{"a week of zeros", repeat(180, steady, 7), true},
		{"six days: no whole week", repeat(180, steady, 6), false},
		{"too little before", repeat(27, steady, 24), false},
		{"weekends are zero anyway", repeat(182, weekdays, 0), false},
		{"weekends, then three weeks", repeat(182, weekdays, 21), true},
		{"one sale in ten days, then a month of none", repeat(180, rare, 30), false},
		{"no zeros at the end", repeat(180, steady, 0), false},
		{"only zeros, ever", repeat(0, steady, 90), false},
	} {
		q := zeroQuestion(c.values)
		n := q.onlyZeros()
		if n.IsZero() == c.want {
			t.Errorf("%s\ngot:  %v", c.name, n)
		}
		if c.name == "a hundred a day, then 24 zeros" && (n.Args[0].Day != q.observed.First+180 || n.Args[1].Number != 100) {
			t.Errorf("since when, and how many before\ngot:  %+v", n.Args)
		}
	}
}

// False alarms: series with many zeros and nothing wrong, judged at each of their days
// that ends a run of zeros long enough to be looked at, and those with zeros in clusters.
func TestOnlyZerosKeepsQuietOnSparseSeries(t *testing.T) {
	const series = 400
	rng := infer.Rand(2026, 0)
	judged, alarms := 0, 0
	for range series {
		share, stay := 0.3+0.55*rng.Float64(), 0.0
		if rng.IntN(2) == 0 { // clusters: a pause goes on with this probability
			stay = 0.5 + 0.4*rng.Float64()
		}
		var values []float64
		off := false
		for range 200 {
			if stay > 0 {
				change := 1 - stay
				if !off {
					change *= share / (1 - share)
				}
				if rng.Float64() < change {
					off = !off
				}
			} else {
				off = rng.Float64() < share
			}
			x := 0.0
			if !off {
				x = 1 + math.Floor(20*rng.ExpFloat64())
			}
			values = append(values, x)
		}
		judged++
		for end := 60; end <= len(values); end += 20 {
			if !zeroQuestion(values[:end]).onlyZeros().IsZero() {
				alarms++
				break
			}
		}
	}
	t.Logf("%d of %d", alarms, judged)
	// 2 % of the series in eight looks each: most are short histories with one long pause.
	if alarms > judged/50 {
		t.Errorf("false alarms in %d of %d sparse series", alarms, judged)
	}
	if zeroQuestion(repeat(180, []float64{100}, 24)).onlyZeros().IsZero() {
		t.Error("nothing is ever found: this test shows nothing")
	}
}

// What is reached only because one profile may count twice is not reached for sure; what
// is reached with either of the two alone is.
func TestUnlessTwice(t *testing.T) {
	first := goalpost.NewDay(2025, time.January, 1)
	kpi, _ := goalpost.KPIByCode("engagements")
	p := goalpost.Period{Start: first, End: first + 30}
	at := func(perDay float64) Observed { return observedOf(first, repeat(30, []float64{perDay}, 0)) }
	for _, c := range []struct {
		name   string
		target float64
		alone  [2]float64
		want   goalpost.Decision
	}{
		{"only both together reach it", 4000, [2]float64{100, 90}, goalpost.CannotTell},
		{"one of the two alone does not", 2800, [2]float64{100, 90}, goalpost.CannotTell},
		{"each alone reaches it", 2000, [2]float64{100, 90}, goalpost.Reached},
		{"missed even with both", 9000, [2]float64{100, 90}, goalpost.Missed},
	} {
		both := at(c.alone[0] + c.alone[1])
		both.twice = []twin{{"Harbour", "harbour.official", goalpost.Facebook, []Observed{at(c.alone[0]), at(c.alone[1])}}}
		v := goalpost.GoalVersion{Version: 1, KPI: "engagements", Target: &goalpost.Target{Kind: goalpost.TargetValue, Value: c.target}, Period: &p}
		q := question{goal: goalpost.Goal{ID: 1, Code: "engagement", Versions: []goalpost.GoalVersion{v}}, version: v, kpi: kpi, observed: both, asOf: first + 60, seed: 1}
		j, err := judge(q)
		if err != nil {
			t.Fatal(err)
		}
		if j.verdict.Decision != c.want || (c.want == goalpost.CannotTell) != (j.verdict.Reason.Key == "verdict.reason.maybe-twice") {
			t.Errorf("%s\ngot:  %s %v\nwant: %s", c.name, j.verdict.Decision, j.verdict.Reason, c.want)
		}
		if j.verdict.SoFar == nil || *j.verdict.SoFar != 30*(c.alone[0]+c.alone[1]) {
			t.Errorf("%s: what was counted is lost: %v", c.name, j.verdict.SoFar)
		}
	}
}
