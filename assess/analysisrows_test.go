package assess

import (
	"slices"
	"testing"

	"goalpost"
)

// observedFrom is a series whose values stand every step days from a day on.
func observedFrom(first goalpost.Day, grain goalpost.Grain, step int, values ...float64) Observed {
	o := Observed{First: first, Grain: grain, Days: make([]ObservedDay, (len(values)-1)*step+1)}
	for i := range o.Days {
		o.Days[i].Missing = true
	}
	for i, v := range values {
		o.Days[i*step] = ObservedDay{Num: v}
	}
	o.Last = first + goalpost.Day(len(o.Days)-1)
	return o
}

// A plan of weeks: the week in which the activity began belongs to it and is no week of
// the time before, days are added to whole weeks, and weeks are never spread over days.
func TestRowsOfWeeks(t *testing.T) {
	monday := goalpost.NewDay(2025, 1, 6)
	y := observedFrom(monday, goalpost.Weekly, 7, 10, 11, 12, 13, 14, 15)
	plan := goalpost.AnalysisPlan{Pre: goalpost.Period{Start: monday - 3, End: monday + 23}, Runs: []goalpost.Period{{Start: monday + 23, End: monday + 30}}}
	r := rowsOf(plan, y)
	if r.first != monday || r.pre != (RowSpan{From: 0, Until: 3}) || r.post != (RowSpan{From: 3, Until: 5}) || r.active() != nil {
		t.Errorf("\ngot:  first %s, before %v, after %v\nwant: %s {0 3} {3 5}", r.first, r.pre, r.post, monday)
	}
	values, missing := r.values(y)
	if missing != 0 || *values[3] != 13 {
		t.Errorf("%d missing, %v", missing, values)
	}
	days := make([]float64, 40)
	for i := range days {
		days[i] = 1
	}
	daily := observedFrom(monday, goalpost.Daily, 1, days...)
	daily.Days[9].Missing = true
	values, missing = r.values(daily)
	if missing != 1 || values[1] != nil || *values[0] != 7 {
		t.Errorf("a week with six known days is missing: %d, %v", missing, values)
	}
	onDays := rowsOf(plan, daily)
	if _, missing := onDays.values(y); missing != onDays.total() {
		t.Errorf("weeks were spread over days: %d of %d missing", missing, onDays.total())
	}
}

// Several runs are one analysis whose rows know when it ran; a lag keeps the days after a
// run; figures that end early end the rows.
func TestRowsOfRuns(t *testing.T) {
	day := goalpost.NewDay(2025, 1, 6)
	values := make([]float64, 34)
	y := observedFrom(day, goalpost.Daily, 1, values...)
	plan := goalpost.AnalysisPlan{Pre: goalpost.Period{Start: day, End: day + 28}, Runs: []goalpost.Period{{Start: day + 28, End: day + 29}, {Start: day + 32, End: day + 40}}, LagDays: 1}
	r := rowsOf(plan, y)
	if r.pre.Len() != 28 || r.post != (RowSpan{From: 28, Until: 34}) {
		t.Errorf("before %v, after %v", r.pre, r.post)
	}
	if got := r.active()[28:]; !slices.Equal(got, []bool{true, true, false, false, true, true}) {
		t.Errorf("\ngot:  %v\nwant: on, the day after, off, off, on, on", got)
	}
	early := rowsOf(plan, observedFrom(day, goalpost.Daily, 1, values[:20]...))
	if early.post.Len() != 0 {
		t.Errorf("figures that end before the activity: %v", early.post)
	}
}
