package assess

import (
	"goalpost"
	"goalpost/forecast"
	"goalpost/infer"
)

// stock judges a level (followers) or its growth: what counts is the value on the
// due date; a touch on the way is shown but not counted.
func (q question) stock(v goalpost.Verdict, target float64) (judged, error) {
	o, p := q.observed, *q.version.Period
	for o.Last > o.First && o.At(o.Last).Missing {
		o.Last--
	}
	q.observed = o
	start := 1.0
	transform := func(x float64) float64 { return x }
	if q.kpi.Aggregation == goalpost.AggGrowth {
		var ok bool
		if start, ok = q.levelAtStart(); !ok || start <= 0 {
			return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.no-data", goalpost.WordArg("kpi."+q.kpi.Code)),
				q.importFrom(p.Start)), nil
		}
		transform = func(x float64) float64 { return x/start - 1 }
	}
	if due := o.At(p.Last()); !due.Missing && p.Last() <= o.Last {
		return q.certain(v, transform(due.Num), 1, goalpost.NewNote("verdict.reason.period-over", q.amount(transform(due.Num)))), nil
	}
	if p.Last() <= o.Last { // the due day itself has a gap
		v.Decision = goalpost.CannotTell
		v.Reason = goalpost.NewNote("verdict.reason.due-day-missing", goalpost.DayArg(p.Last()))
		v.Settle = q.importFrom(p.Last())
		return judged{verdict: v}, nil
	}
	if q.ended() {
		return q.incompleteData(v, int(p.Last()-max(o.Last, p.Start-1))), nil
	}
	last := o.At(o.Last).Num
	if o.Last >= p.Start {
		now := transform(last)
		v.SoFar = &now
	}
	h := q.history()
	z := forecast.Horizon{Days: int(p.Last() - o.Last)}
	r, err := forecast.Level(forecast.Changes(h.Y, h.Missing), last, z, infer.Rand(q.seed, 0))
	v.Method = MethodLevel
	if err != nil {
		return q.refused(v, err, z)
	}
	if q.kpi.Aggregation == goalpost.AggGrowth {
		r = grown(r, transform)
	}
	return q.running(v, r, target, z, 0), nil
}

// levelAtStart returns the last level before the period, or the first one in it.
func (q question) levelAtStart() (float64, bool) {
	for d := q.version.Period.Start - 1; d >= q.observed.First; d-- {
		if day := q.observed.At(d); !day.Missing {
			return day.Num, true
		}
	}
	for d := q.version.Period.Start; d <= q.observed.Last; d++ {
		if day := q.observed.At(d); !day.Missing {
			return day.Num, true
		}
	}
	return 0, false
}

// grown puts a forecast on another scale; f must not fall.
func grown(r forecast.Result, f func(float64) float64) forecast.Result {
	r.Value, r.Lo80, r.Hi80, r.Lo95, r.Hi95 = f(r.Value), f(r.Lo80), f(r.Hi80), f(r.Lo95), f(r.Hi95)
	draws := make([]float64, len(r.Draws))
	for i, d := range r.Draws {
		draws[i] = f(d)
	}
	r.Draws = draws
	path := make([]forecast.Band, len(r.Path))
	for i, b := range r.Path {
		path[i] = forecast.Band{Lo95: f(b.Lo95), Lo80: f(b.Lo80), Mid: f(b.Mid), Hi80: f(b.Hi80), Hi95: f(b.Hi95)}
	}
	r.Path = path
	return r
}

// largest judges a quantity that may never be added, such as people reached: the
// largest single day or post counts.
func (q question) largest(v goalpost.Verdict, target float64) judged {
	o, p := q.observed, *q.version.Period
	best, on, n := 0.0, p.Start, 0
	for d := p.Start; d < p.End && d < q.asOf; d++ {
		if day := o.At(d); !day.Missing {
			n++
			if day.Largest > best {
				best, on = day.Largest, d
			}
		}
	}
	if n > 0 {
		v.SoFar = &best
		key := "verdict.source.largest-post"
		if o.fromSeries() {
			key = "verdict.source.largest-day"
		}
		v.Sources = append(v.Sources, goalpost.NewNote(key, goalpost.DayArg(on)))
	}
	c := q.countPeriod()
	switch {
	case n > 0 && best >= target && !v.AtMost:
		return q.certain(v, best, n, q.passedReason(best, c))
	case n == 0:
		return q.notBegun(v)
	case o.Last >= p.Last() && c.missing > 0: // any of these days may have been larger
		return q.incompleteData(v, c.missing)
	case o.Last >= p.Last():
		return q.certain(v, best, n, goalpost.NewNote("verdict.reason.period-over", q.amount(best)))
	}
	v.Method = MethodSoFar
	return nothing(v, goalpost.CannotTell, goalpost.NewNote("verdict.reason.largest-so-far", q.amount(best)), q.waitOrImport(v))
}

// notBegun is the verdict of a period without anything to judge: it has hardly begun, or
// nothing of it was imported, and that is not zero.
func (q question) notBegun(v goalpost.Verdict) judged {
	p := *q.version.Period
	if q.countPeriod().seen == 0 && q.asOf > p.Start+settlingDays {
		return q.unmeasured(v)
	}
	return q.notYet(v, goalpost.CannotTell)
}

// fromSeries reports whether any value comes from a series and not from posts.
func (o Observed) fromSeries() bool { return o.Posts == 0 }

// rate judges a ratio. Rates are not forecast yet: a running one is judged on the
// period so far, without a probability, and says so.
func (q question) rate(v goalpost.Verdict, target float64) judged {
	o, p := q.observed, *q.version.Period
	value, posts, ok := ratioOf(q.kpi, o, p, q.asOf)
	c := q.countPeriod()
	if !ok {
		if q.asOf > p.Last() {
			return q.unmeasured(v)
		}
		return q.notBegun(v)
	}
	v.SoFar = &value
	if q.ended() {
		return q.incompleteData(v, c.missing+int(p.Last()-max(o.Last, p.Start-1)))
	}
	if o.Last >= p.Last() {
		if c.missing > 0 { // what these days had may move it either way
			return q.incompleteData(v, c.missing)
		}
		return q.certain(v, value, posts, goalpost.NewNote("verdict.reason.period-over", q.amount(value)))
	}
	e := infer.Counted(value, posts)
	v.Estimate, v.Method = &e, MethodSoFar
	v.Decision = goalpost.AtRisk
	if goalpost.JudgeCertain(value, target, v.AtMost) == goalpost.Reached {
		v.Decision = goalpost.OnTrack
	}
	v.Reason = goalpost.NewNote("verdict.reason.rate-so-far", q.amount(value))
	v.Settle = q.waitOrImport(v)
	return judged{verdict: v}
}

// ratioOf returns a ratio over the days of a period before a day; ok is false
// without a denominator.
func ratioOf(k goalpost.KPI, o Observed, p goalpost.Period, before goalpost.Day) (value float64, posts int, ok bool) {
	num, den, ratios := 0.0, 0.0, 0.0
	for d := p.Start; d < p.End && d < before; d++ {
		day := o.At(d)
		num, den, ratios, posts = num+day.Num, den+day.Den, ratios+day.RatioSum, posts+day.Posts
	}
	if k.Aggregation == goalpost.AggMean {
		if posts == 0 {
			return 0, 0, false
		}
		return ratios / float64(posts), posts, true
	}
	if den <= 0 {
		return 0, 0, false
	}
	return num / den, posts, true
}

// waitOrImport says that time will tell, or that data are missing for it.
func (q question) waitOrImport(v goalpost.Verdict) goalpost.Note {
	if q.asOf > *v.Due+settlingDays {
		return q.importFrom(q.observed.Last + 1)
	}
	return goalpost.NewNote("verdict.settle.due", goalpost.DayArg(*v.Due))
}

// weekly judges a sum of weeks. Weeks are never spread over days: those that begin
// in the period count. They are not forecast yet.
func (q question) weekly(v goalpost.Verdict, target float64) judged {
	o, p := q.observed, *q.version.Period
	sum, n, negative := 0.0, 0, false
	for d := p.Start; d < p.End && d < q.asOf; d++ {
		if day := o.At(d); !day.Missing {
			sum, n, negative = sum+day.Num, n+1, negative || day.Num < 0
		}
	}
	if n > 0 {
		v.SoFar = &sum
	}
	over := o.Last+7 >= p.End // the next week begins after the period
	passed, broken := sum >= target && !negative && !v.AtMost, sum > target && !negative && v.AtMost
	switch missing, from := q.missingWeeks(); {
	case n == 0 && over:
		return q.unmeasured(v)
	case n > 0 && passed, over && broken:
		return q.certain(v, sum, n, goalpost.NewNote("verdict.reason.target-passed", q.amount(sum)))
	case over && missing > 0:
		return nothing(v, goalpost.CannotTell, goalpost.NewNote("verdict.reason.missing-days", goalpost.NumberArg(float64(min(7*missing, p.Days()))), goalpost.NumberArg(float64(p.Days()))), q.importFrom(from))
	case over:
		return q.certain(v, sum, n, goalpost.NewNote("verdict.reason.period-over", q.amount(sum)))
	}
	v.Method = MethodSoFar
	return nothing(v, goalpost.CannotTell, goalpost.NewNote("verdict.reason.weekly", goalpost.WordArg("kpi."+q.kpi.Code)), goalpost.NewNote("verdict.settle.daily-data"))
}

// missingWeeks counts the whole weeks of the period that have no figure before the last
// one that has; from is the first of them.
func (q question) missingWeeks() (missing int, from goalpost.Day) {
	o, p := q.observed, *q.version.Period
	next := p.Start + 6 // a week that began before the period may reach this far
	for d := p.Start; d < p.End && d <= o.Last; d++ {
		if o.At(d).Missing {
			continue
		}
		if d > next {
			if missing == 0 {
				from = next
			}
			missing += int(d-next+6) / 7
		}
		next = d + 7
	}
	return missing, from
}
