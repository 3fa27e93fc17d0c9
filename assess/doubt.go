package assess

import (
	"math"
	"slices"

	"goalpost"
)

// incomplete fills the verdict of a goal that lacks a KPI, a target or a period. It
// names everything that is missing, so that nobody has to come back for each.
func (q question) incomplete(v *goalpost.Verdict) bool {
	noKPI, noTarget, noPeriod := q.version.KPI == "", q.version.Target == nil, q.version.Period == nil
	usual := goalpost.WordArg("kpi.")
	if kind, ok := goalpost.GoalKindByCode(q.goal.Code); ok && noKPI {
		usual = goalpost.WordArg("kpi." + kind.KPI)
	}
	reason, settle := "", goalpost.NewNote("verdict.settle.complete", usual)
	switch {
	case noKPI && noTarget && noPeriod:
		reason = "verdict.reason.no-kpi-target-period"
	case noKPI && noTarget:
		reason = "verdict.reason.no-kpi-target"
	case noKPI && noPeriod:
		reason = "verdict.reason.no-kpi-period"
	case noTarget && noPeriod:
		reason = "verdict.reason.no-target-period"
	case noKPI:
		reason, settle = "verdict.reason.no-kpi", goalpost.NewNote("verdict.settle.set-kpi", usual)
	case noTarget:
		reason, settle = "verdict.reason.no-target", goalpost.NewNote("verdict.settle.set-target")
	case noPeriod:
		reason, settle = "verdict.reason.no-period", goalpost.NewNote("verdict.settle.set-period")
	default:
		return true
	}
	v.Decision, v.Reason, v.Settle = goalpost.NotMeasured, goalpost.NewNote(reason), settle
	return false
}

// notYet is the verdict of a period that has not begun, or begins on the as-of day.
func (q question) notYet(v goalpost.Verdict, d goalpost.Decision) judged {
	start := q.version.Period.Start
	if q.asOf < start {
		return nothing(v, d, goalpost.NewNote("verdict.reason.not-started", goalpost.DayArg(start)), q.waitOrImport(v))
	}
	return nothing(v, d, goalpost.NewNote("verdict.reason.just-started", goalpost.DayArg(start)), q.waitOrImport(v))
}

// moved says how the target, or else the period, was last changed up to the version
// judged: a look back does not know what was changed later.
func (q question) moved() goalpost.Note {
	n, note := 0, goalpost.Note{}
	for i := 1; i < len(q.goal.Versions); i++ {
		a, b := q.goal.Versions[i-1], q.goal.Versions[i]
		if b.Version > q.version.Version {
			break
		}
		if a.Target == nil || b.Target == nil {
			continue
		}
		day := goalpost.DayArg(goalpost.DayOf(b.At, q.zone()))
		switch {
		case *a.Target != *b.Target:
			n++
			before, ok := a.Target.Resolve(a.Baseline)
			if k, _ := goalpost.KPIByCode(a.KPI); ok {
				note = goalpost.NewNote("verdict.doubt.target-moved", goalpost.Arg{}, day, q.amountThen(k, before))
			}
		case a.Period != nil && b.Period != nil && *a.Period != *b.Period:
			n++
			note = goalpost.NewNote("verdict.doubt.due-moved", goalpost.Arg{}, day, goalpost.DayArg(a.Period.Last()))
		}
	}
	if !note.IsZero() {
		note.Args[0] = goalpost.NumberArg(float64(n))
	}
	return note
}

// amountThen is a value of the KPI that the goal had before; of the currency only that
// of today's figures is known.
func (q question) amountThen(k goalpost.KPI, x float64) goalpost.Arg {
	if k.Unit == goalpost.UnitMoney {
		return Amount(k, q.observed.Currency, x)
	}
	return Amount(k, "", x)
}

// passedReason says that the target is behind the value, and with how many days missing.
func (q question) passedReason(value float64, c counted) goalpost.Note {
	if c.missing == 0 {
		return goalpost.NewNote("verdict.reason.target-passed", q.amount(value))
	}
	missing := goalpost.NumberArg(float64(c.missing))
	return goalpost.NewNote("verdict.reason.target-passed-missing", goalpost.NumberArg(float64(c.days)), missing, goalpost.NumberArg(float64(c.days)), q.amount(value))
}

// A run of zeros at the end is suspicious when it is at least a week (no weekday
// explains it), more than twice as long as any before (pauses are known), and less
// likely than one in a million if each day were zero as often as before.
const (
	zeroRunDays    = 7
	zeroRunLonger  = 2
	zeroRunChance  = 1e-6
	zeroRunHistory = 28 // days that the history must have
)

// onlyZeros doubts a count that breaks into zeros: a counter that failed looks like a
// bad month.
func (q question) onlyZeros() goalpost.Note {
	switch q.kpi.Aggregation {
	case goalpost.AggSum, goalpost.AggCount, goalpost.AggLast:
	default:
		return goalpost.Note{}
	}
	o := q.observed
	if o.Grain == goalpost.Weekly {
		return goalpost.Note{}
	}
	last := min(o.Last, q.version.Period.Last())
	var days []float64 // of those with a value
	var dates []goalpost.Day
	for d := o.First; d <= last; d++ {
		if day := o.At(d); !day.Missing {
			days, dates = append(days, day.Num), append(dates, d)
		}
	}
	run := zerosAtEnd(days)
	if n := len(days) - run; run == 0 || n < zeroRunHistory || !unlikelyZeros(days[:n], run) {
		return goalpost.Note{}
	}
	before, sum := days[:len(days)-run], 0.0
	before = before[len(before)-zeroRunHistory:]
	for _, x := range before {
		sum += x
	}
	return goalpost.NewNote("verdict.doubt.only-zeros", goalpost.DayArg(dates[len(days)-run]), q.amount(twoDigits(sum/zeroRunHistory)))
}

// zerosAtEnd returns the length of the run of zeros at the end.
func zerosAtEnd(days []float64) int {
	run := 0
	for run < len(days) && days[len(days)-1-run] == 0 {
		run++
	}
	return run
}

// unlikelyZeros reports whether a run of zeros does not fit the days before it.
func unlikelyZeros(before []float64, run int) bool {
	zeros, longest, now := 0, 0, 0
	for _, x := range before {
		now++
		if x != 0 {
			now = 0
			continue
		}
		zeros++
		longest = max(longest, now)
	}
	share := float64(zeros+1) / float64(len(before)+2) // never 0: a first zero must be possible
	return run >= zeroRunDays && run > zeroRunLonger*longest && math.Pow(share, float64(run)) < zeroRunChance
}

// twoDigits rounds to what "about" carries.
func twoDigits(x float64) float64 {
	if x == 0 {
		return 0
	}
	unit := math.Pow10(int(math.Floor(math.Log10(math.Abs(x)))) - 1)
	return math.Round(x/unit) * unit
}

// twin is a pair of accounts that may be one profile under two names, with what the
// KPI would be without the one or the other.
type twin struct {
	daily, posts string
	network      goalpost.Network
	without      []Observed
}

// ofForecasts are the doubts about a range; without one there is nothing to doubt.
var ofForecasts = []string{"verdict.doubt.further-than-history", "verdict.doubt.long-horizon", "verdict.doubt.wide", "verdict.doubt.planned"}

// unlessTwice takes back a verdict that would be another without the suspected double.
func (q question) unlessTwice(j judged) (judged, error) {
	if d := j.verdict.Decision; d != goalpost.Reached && d != goalpost.OnTrack && d != goalpost.Missed {
		return j, nil
	}
	for _, t := range q.observed.twice {
		for _, o := range t.without {
			single := q
			single.observed = o
			other, err := single.judge()
			if err != nil {
				return j, err
			}
			if other.verdict.Decision == j.verdict.Decision {
				continue
			}
			v := j.verdict
			v.Decision, v.Method, v.Probability, v.Estimate = goalpost.CannotTell, MethodNothing, nil, nil
			v.Reason = goalpost.NewNote("verdict.reason.maybe-twice", goalpost.TextArg(t.daily), goalpost.TextArg(t.posts), goalpost.WordArg("network."+string(t.network)))
			v.Settle = goalpost.NewNote("verdict.settle.one-profile")
			v.Doubts = slices.DeleteFunc(slices.Clone(v.Doubts), func(n goalpost.Note) bool { return slices.Contains(ofForecasts, n.Key) })
			return judged{verdict: v}, nil
		}
	}
	return j, nil
}
