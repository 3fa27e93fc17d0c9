package assess

import (
	"context"
	"fmt"
	"slices"

	"goalpost"
	"goalpost/store"
)

// GoalDetail judges one goal and gives everything that its page shows.
func GoalDetail(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.GoalID, o GoalsOptions) (Detail, error) {
	if err := o.check(org); err != nil {
		return Detail{}, err
	}
	g, err := db.Goal(ctx, org.ID, id)
	if err != nil {
		return Detail{}, fmt.Errorf("assess goal %d: %w", id, err)
	}
	before, err := db.VerdictHistory(ctx, org.ID, id)
	if err != nil {
		return Detail{}, fmt.Errorf("assess goal %d: %w", id, err)
	}
	d, ok, err := judgeGoal(ctx, db, org, g, o, before)
	if err != nil {
		return Detail{}, fmt.Errorf("assess goal %d: %w", id, err)
	}
	if !ok {
		return Detail{}, goalpost.Errorf(goalpost.NotFound, "error.goal.not-yet", goalpost.DayArg(o.AsOf))
	}
	return d, nil
}

// detail fills the series of the page from the observations and the forecast.
func (q question) detail(d *Detail, j judged) {
	o := q.observed
	d.Grain = o.Grain
	d.History = q.points()
	d.Targets = q.targets()
	if q.version.Period == nil {
		d.Table = q.table(d)
		return
	}
	p := *q.version.Period
	sums := q.kpi.Aggregation == goalpost.AggSum || q.kpi.Aggregation == goalpost.AggCount
	if sums {
		d.Cumulative = q.cumulative(p)
	}
	if j.result != nil {
		for i, b := range j.result.Path {
			day := j.from + goalpost.Day(i)
			d.Ahead = append(d.Ahead, BandPoint{Day: day, Lo95: b.Lo95, Lo80: b.Lo80, Mid: b.Mid, Hi80: b.Hi80, Hi95: b.Hi95})
		}
	}
	d.Table = q.table(d)
}

// points is the KPI per day before the as-of day; a ratio of a day without a
// denominator is missing.
func (q question) points() []Point {
	o := q.observed
	var out []Point
	for i, day := range o.Days {
		p := Point{Day: o.First + goalpost.Day(i), Value: day.Num, Missing: day.Missing}
		switch q.kpi.Aggregation {
		case goalpost.AggRatio:
			p.Missing = p.Missing || day.Den <= 0
			if !p.Missing {
				p.Value = day.Num / day.Den
			}
		case goalpost.AggMean:
			p.Missing = p.Missing || day.Posts == 0
			if !p.Missing {
				p.Value = day.RatioSum / float64(day.Posts)
			}
		case goalpost.AggLargest:
			p.Value = day.Largest
		default:
		}
		if o.Grain == goalpost.Weekly && p.Missing {
			continue
		}
		out = append(out, p)
	}
	return out
}

// cumulative is the running sum within a period, up to the last day seen.
func (q question) cumulative(p goalpost.Period) []Point {
	var out []Point
	sum := 0.0
	for d := p.Start; d < p.End && d < q.asOf; d++ {
		day := q.observed.At(d)
		if d > q.observed.First+goalpost.Day(len(q.observed.Days))-1 {
			break
		}
		if !day.Missing {
			sum += day.Num
		}
		out = append(out, Point{Day: d, Value: sum, Missing: day.Missing})
	}
	return out
}

// targets is how the target moved, oldest first.
func (q question) targets() []TargetStep {
	var out []TargetStep
	for _, v := range q.goal.Versions {
		if v.Target == nil || v.Period == nil || v.Version > q.version.Version {
			continue
		}
		t, ok := v.Target.Resolve(v.Baseline)
		if !ok {
			continue
		}
		s := TargetStep{From: goalpost.DayOf(v.At, q.zone()), Target: t, Due: v.Period.Last(), Why: v.Why, By: v.By}
		if n := len(out); n > 0 && out[n-1].Target == s.Target && out[n-1].Due == s.Due {
			continue
		}
		out = append(out, s)
	}
	return out
}

// table joins history, running sum and forecast by day.
func (q question) table(d *Detail) []TableRow {
	rows := map[goalpost.Day]*TableRow{}
	row := func(day goalpost.Day) *TableRow {
		if rows[day] == nil {
			rows[day] = &TableRow{Day: day}
		}
		return rows[day]
	}
	for _, p := range d.History {
		r := row(p.Day)
		if !p.Missing {
			r.Value = &p.Value
		}
	}
	for _, p := range d.Cumulative {
		row(p.Day).Cumulative = &p.Value
	}
	for _, b := range d.Ahead {
		r := row(b.Day)
		r.Forecast, r.Lo80, r.Hi80 = &b.Mid, &b.Lo80, &b.Hi80
	}
	out := make([]TableRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b TableRow) int { return int(a.Day - b.Day) })
	return out
}
