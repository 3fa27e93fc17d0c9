package assess

import (
	"errors"
	"math"
	"time"

	"goalpost"
	"goalpost/forecast"
	"goalpost/infer"
)

// Level is the level of the range that a verdict states; 80 % is what a reader can
// compare with the goal's own record (forecast.md: 80 % and 95 % were measured).
const Level = 0.80

// Methods that a verdict can carry. Each has a heading in METHODS.md.
const (
	MethodExact   = "exact"          // counted completely
	MethodSum     = "forecast-sum"   // running sums
	MethodLevel   = "forecast-level" // stocks such as followers
	MethodSoFar   = "period-so-far"  // running rates and largest values
	MethodNothing = "none"           // nothing to judge
	MethodEffect  = "effect"         // the estimated effect of an activity
)

// horizonDoubt is the number of days ahead from which real series were covered
// less than promised; missingDoubt the share of realised days from which a note is
// due; wideDoubt the ratio of the 80 % range's ends (all forecast.md parts 6-8).
const (
	horizonDoubt = 30
	missingDoubt = 0.20
	wideDoubt    = 4.0
)

// question is one goal to be judged: pure, so that the rules can be tested without
// a database.
type question struct {
	goal     goalpost.Goal
	version  goalpost.GoalVersion
	kpi      goalpost.KPI
	observed Observed
	asOf     goalpost.Day
	previous goalpost.Decision
	seed     uint64
	location *time.Location // the organisation's zone
	seen     bool           // only what was known on asOf counts
	notThen  bool           // the goal did not exist on asOf
	// incremental is what analyses say of activities in the goal's period.
	incremental []goalpost.Incremental
	survey      surveyFacts // what customers answered
}

func (q question) zone() *time.Location {
	if q.location == nil {
		return time.UTC
	}
	return q.location
}

// judged is the verdict with what a chart needs.
type judged struct {
	verdict goalpost.Verdict
	result  *forecast.Result // nil without a forecast
	from    goalpost.Day     // first forecast day
	base    float64          // what the forecast path adds to: realised sum or last level
}

// judge decides a goal from its observations. What holds only if two names are two
// profiles does not hold for sure.
func judge(q question) (judged, error) {
	j, err := q.judge()
	if err != nil || len(q.observed.twice) == 0 {
		return j, err
	}
	return q.unlessTwice(j)
}

func (q question) judge() (judged, error) {
	v := newVerdict(q)
	if ok := q.incomplete(&v); !ok {
		return judged{verdict: v}, nil
	}
	o := q.observed
	if len(o.Currencies) > 1 {
		text := ""
		for i, c := range o.Currencies {
			if i > 0 {
				text += ", "
			}
			text += c
		}
		return nothing(v, goalpost.CannotTell, goalpost.NewNote("verdict.reason.mixed-currency", goalpost.TextArg(text)), goalpost.NewNote("verdict.settle.one-currency")), nil
	}
	if o.Empty() {
		if q.kpi.Aggregation != goalpost.AggElse && q.asOf <= q.version.Period.Start {
			return q.notYet(v, goalpost.NotMeasured), nil
		}
		return q.unmeasured(v), nil
	}
	v.ObservedAt, v.Sources = o.ObservedAt, o.Sources
	v.Doubts = append(v.Doubts, o.Doubts...)
	if n := q.onlyZeros(); !n.IsZero() {
		v.Doubts = append(v.Doubts, n)
	}
	last := o.Last
	v.LastDay = &last
	target, ok := q.version.Target.Resolve(q.version.Baseline)
	if !ok {
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.no-target"), goalpost.NewNote("verdict.settle.set-target")), nil
	}
	v.Target = &target
	switch q.kpi.Aggregation {
	case goalpost.AggSum, goalpost.AggCount:
		if o.Grain == goalpost.Weekly {
			return q.weekly(v, target), nil
		}
		return q.sum(v, target)
	case goalpost.AggLast, goalpost.AggGrowth:
		return q.stock(v, target)
	case goalpost.AggLargest:
		return q.largest(v, target), nil
	default:
		return q.rate(v, target), nil
	}
}

func newVerdict(q question) goalpost.Verdict {
	v := goalpost.Verdict{Goal: q.goal.ID, Version: q.version.Version, KPI: q.version.KPI, Method: MethodNothing,
		Seed: q.seed, AsOf: q.asOf, AtMost: q.kpi.LowerBetter, Previous: q.previous, Compared: []goalpost.Note{}}
	if q.version.Period != nil {
		due := q.version.Period.Last()
		v.Due = &due
	}
	if q.version.Target != nil {
		if t, ok := q.version.Target.Resolve(q.version.Baseline); ok {
			v.Target = &t
		}
	}
	if kind, ok := goalpost.GoalKindByCode(q.goal.Code); ok && q.version.KPI != "" {
		v.Substitute, v.BetterKPI = kind.SubstituteFor(q.kpi)
		if v.Substitute {
			v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.substitute",
				goalpost.WordArg("kpi."+v.KPI), goalpost.WordArg("kpi."+v.BetterKPI)))
		}
	}
	if q.notThen {
		v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.not-then"))
	}
	if n := q.moved(); !n.IsZero() {
		v.Doubts = append(v.Doubts, n)
	}
	return v
}

func nothing(v goalpost.Verdict, d goalpost.Decision, reason, settle goalpost.Note) judged {
	v.Decision, v.Reason, v.Settle = d, reason, settle
	return judged{verdict: v}
}

// unmeasured says why a KPI has no observations.
func (q question) unmeasured(v goalpost.Verdict) judged {
	word := goalpost.WordArg("kpi." + q.kpi.Code)
	if q.kpi.Aggregation == goalpost.AggElse {
		if q.kpi.Code == incrementalKPI && len(q.incremental) > 0 {
			return q.byEffect(v)
		}
		if q.kpi.Code == incrementalKPI {
			return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.needs-effect", word), goalpost.NewNote("verdict.settle.effect"))
		}
		if q.version.Survey != nil && q.kpi.FromSurvey {
			return q.bySurvey(v)
		}
		settle := "verdict.settle.survey"
		if q.kpi.FromSurvey {
			settle = "goalsurvey.settle.name"
		}
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.needs-survey", word), goalpost.NewNote(settle))
	}
	if q.seen {
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.not-known-then", goalpost.DayArg(q.asOf)), goalpost.NewNote("verdict.settle.without-seen"))
	}
	return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.no-data", word), q.importFrom(q.version.Period.Start))
}

// counted is what lies in the goal's period so far.
type counted struct {
	sum      float64 // of every day seen, also of days that may still move
	settled  float64 // of complete days up to the last complete one
	days     int     // of the period up to the last complete day
	missing  int     // of these, without a value
	seen     int     // days of the period with a value
	negative bool
}

func (q question) countPeriod() counted {
	var c counted
	o, p := q.observed, *q.version.Period
	for d := p.Start; d < p.End && d < q.asOf; d++ {
		day := o.At(d)
		if d <= o.Last {
			c.days++
			if day.Missing {
				c.missing++
			} else {
				c.settled += day.Num
			}
		}
		if !day.Missing {
			c.sum += day.Num
			c.seen++
			c.negative = c.negative || day.Num < 0
		}
	}
	return c
}

// sum judges a running sum. A target that is already passed is certain when no day
// can be negative.
func (q question) sum(v goalpost.Verdict, target float64) (judged, error) {
	o, p := q.observed, *q.version.Period
	c := q.countPeriod()
	if c.seen > 0 {
		v.SoFar = &c.sum
	}
	over := o.Last >= p.Last()
	passed := c.sum >= target && !c.negative && !v.AtMost && c.seen > 0
	broken := c.sum > target && !c.negative && v.AtMost
	switch {
	case (passed || broken) && (!over || c.missing > 0):
		return q.certain(v, c.sum, c.seen, q.passedReason(c.sum, c)), nil
	case over && c.missing == 0:
		return q.certain(v, c.sum, c.seen, goalpost.NewNote("verdict.reason.period-over", q.amount(c.sum))), nil
	case over && c.missing == c.days:
		return q.unmeasured(v), nil
	case over:
		v.Reason = goalpost.NewNote("verdict.reason.missing-days", goalpost.NumberArg(float64(c.missing)), goalpost.NumberArg(float64(c.days)))
		v.Settle = q.importFrom(q.firstMissing())
		v.Decision = goalpost.CannotTell
		return judged{verdict: v}, nil
	case q.ended():
		return q.incompleteData(v, c.missing+int(p.Last()-o.Last)), nil
	}
	h := q.history()
	z := forecast.Horizon{Gap: max(0, int(p.Start-o.Last)-1), Days: int(p.Last() - o.Last)}
	if z.Gap > 0 {
		z.Days = p.Days()
	}
	var r forecast.Result
	var err error
	if c.negative || slicesNegative(h) {
		v.Method = MethodLevel
		r, err = forecast.Level(h, c.settled, z, infer.Rand(q.seed, 0))
	} else {
		v.Method = MethodSum
		r, err = forecast.Sum(h, z, forecast.Realised{Days: c.days}, infer.Rand(q.seed, 0))
	}
	if err != nil {
		return q.refused(v, err, z)
	}
	if c.days > 0 && float64(c.missing) > missingDoubt*float64(c.days) {
		v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.missing-in-period", goalpost.RateArg(float64(c.missing)/float64(c.days))))
	}
	q.pace(&v, c, target)
	return q.running(v, r, target, z, c.settled), nil
}

// ended reports whether the period is over, for so long that its figures would have
// settled, while data are missing: nothing is on track any more, and nothing is ahead.
func (q question) ended() bool {
	return q.asOf > q.version.Period.Last()+settlingDays && q.observed.Last < q.version.Period.Last()
}

// incompleteData is the verdict of a period that is over with days missing.
func (q question) incompleteData(v goalpost.Verdict, missing int) judged {
	p := q.version.Period
	from := max(q.observed.Last+1, p.Start)
	key := "verdict.reason.missing-days-open"
	switch q.kpi.Aggregation {
	case goalpost.AggSum, goalpost.AggCount, goalpost.AggLargest: // more days can only raise these
		key = "verdict.reason.missing-days"
	default:
	}
	return nothing(v, goalpost.CannotTell, goalpost.NewNote(key, goalpost.NumberArg(float64(min(missing, p.Days()))), goalpost.NumberArg(float64(p.Days()))),
		q.importFrom(min(from, q.firstMissing())))
}

// importFrom says what to import, and from which day on. A rate is not imported: the
// posts are from which it is made.
func (q question) importFrom(from goalpost.Day) goalpost.Note {
	if q.kpi.FromPosts && (q.kpi.Aggregation == goalpost.AggRatio || q.kpi.Aggregation == goalpost.AggMean || !q.kpi.FromSeries) {
		return goalpost.NewNote("verdict.settle.import-posts", goalpost.DayArg(from))
	}
	return goalpost.NewNote("verdict.settle.import", goalpost.WordArg("kpi."+q.kpi.Code), goalpost.DayArg(from))
}

func slicesNegative(h forecast.History) bool {
	for i, y := range h.Y {
		if y < 0 && (h.Missing == nil || !h.Missing[i]) {
			return true
		}
	}
	return false
}

// history returns the complete days up to the last one, with their gaps.
func (q question) history() forecast.History {
	o := q.observed
	n := int(o.Last-o.First) + 1
	h := forecast.History{Y: make([]float64, n), Missing: make([]bool, n)}
	for i := range n {
		h.Y[i], h.Missing[i] = o.Days[i].Num, o.Days[i].Missing
		if h.Missing[i] {
			h.Y[i] = 0
		}
	}
	return h
}

func (q question) firstMissing() goalpost.Day {
	for d := q.version.Period.Start; d < q.version.Period.End; d++ {
		if q.observed.At(d).Missing {
			return d
		}
	}
	return q.version.Period.Start
}

// amount is a value of the KPI as an argument of a sentence.
func (q question) amount(x float64) goalpost.Arg { return Amount(q.kpi, q.observed.Currency, x) }

// Amount makes a value of a KPI an argument of a sentence, by the KPI's unit.
func Amount(k goalpost.KPI, currency string, x float64) goalpost.Arg {
	switch {
	case currency != "":
		return goalpost.MoneyArg(x, currency)
	case k.Unit == goalpost.UnitRate:
		return goalpost.RateArg(x)
	case k.Unit == goalpost.UnitPerPost:
		return goalpost.Arg{Type: goalpost.ArgPerPost, Number: x}
	}
	return goalpost.NumberArg(x)
}

// certain fills a verdict whose value can no longer change sides.
func (q question) certain(v goalpost.Verdict, value float64, n int, reason goalpost.Note) judged {
	e := infer.Counted(value, n)
	v.Method, v.Estimate, v.SoFar = MethodExact, &e, &value
	v.Decision = goalpost.JudgeCertain(value, *v.Target, v.AtMost)
	v.Reason = reason
	return judged{verdict: v}
}

// running fills a verdict from a forecast.
func (q question) running(v goalpost.Verdict, r forecast.Result, target float64, z forecast.Horizon, base float64) judged {
	p := r.ProbabilityAtLeast(target)
	if v.AtMost {
		p = r.ProbabilityAtMost(target)
	}
	v.Probability = &p
	v.Decision = goalpost.JudgeRunning(p, q.previous)
	v.Estimate = &infer.Estimate{Value: r.Value, Lo: r.Lo80, Hi: r.Hi80, Level: Level, Kind: infer.Prediction, N: int(q.observed.Last-q.observed.First) + 1}
	v.Reason = goalpost.NewNote("verdict.reason.forecast", goalpost.NumberArg(float64(z.Days)), goalpost.DayArg(q.observed.Last))
	if q.observed.Last >= *v.Due {
		v.Reason = goalpost.NewNote("verdict.reason.unsettled", goalpost.DayArg(*v.Due+1+settlingDays))
	}
	v.Settle = goalpost.NewNote("verdict.settle.due", goalpost.DayArg(*v.Due))
	if r.FurtherThanHistory {
		v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.further-than-history"))
	}
	if z.Gap+z.Days > horizonDoubt {
		v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.long-horizon"))
	}
	if v.Decision == goalpost.AtRisk && r.Lo80 >= 0 && r.Hi80 > wideDoubt*r.Lo80 {
		v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.wide"))
	}
	v.Doubts = append(v.Doubts, goalpost.NewNote("verdict.doubt.planned"))
	from := q.observed.Last + 1 + goalpost.Day(z.Gap)
	return judged{verdict: v, result: &r, from: from, base: base}
}

// refused turns a forecast's refusal into "cannot tell" with what would settle it.
func (q question) refused(v goalpost.Verdict, err error, z forecast.Horizon) (judged, error) {
	var t *forecast.TooLittleError
	if !errors.As(err, &t) {
		return judged{}, err
	}
	v.Decision = goalpost.CannotTell
	have, need := float64(t.Have), float64(t.Need)
	from := q.asOf + goalpost.Day(max(1, t.Need-t.Have))
	switch t.Rule {
	case "horizon":
		from = q.observed.Last + 1 + goalpost.Day(math.Ceil(float64(z.Gap+z.Days-2*t.Have)/3)) // h falls by one and 2T grows by two a day
		v.Reason = goalpost.NewNote("verdict.reason.too-far", goalpost.NumberArg(float64(z.Gap+z.Days)), goalpost.NumberArg(have))
	case "non-zero-days":
		v.Reason = goalpost.NewNote("verdict.reason.mostly-zero", goalpost.NumberArg(have), goalpost.NumberArg(need))
	case "weeks":
		v.Reason = goalpost.NewNote("verdict.reason.too-few-weeks", goalpost.NumberArg(have), goalpost.NumberArg(need), goalpost.DayArg(from))
	default:
		v.Reason = goalpost.NewNote("verdict.reason.no-scale")
	}
	v.Settle = goalpost.NewNote("verdict.settle.more-history", goalpost.DayArg(from))
	if from <= q.asOf { // the data stopped: nothing is settled by waiting
		v.Settle = q.importFrom(q.observed.Last + 1)
	}
	return judged{verdict: v}, nil
}

// pace says what is needed per day against what came per day so far.
func (q question) pace(v *goalpost.Verdict, c counted, target float64) {
	left := int(*v.Due - q.observed.Last)
	if c.days-c.missing < 1 || left < 1 || v.AtMost {
		return
	}
	need := max(0, (target-c.settled)/float64(left))
	have := c.settled / float64(c.days-c.missing)
	v.Compared = append(v.Compared, goalpost.NewNote("verdict.compared.pace", q.amount(threeDigits(need)), q.amount(threeDigits(have))))
}

// threeDigits rounds to what a pace carries.
func threeDigits(x float64) float64 {
	if x == 0 {
		return 0
	}
	unit := math.Pow10(int(math.Floor(math.Log10(math.Abs(x)))) - 2)
	return math.Round(x/unit) * unit
}
