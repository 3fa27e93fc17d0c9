package assess

import (
	"context"
	"errors"
	"fmt"
	"math"

	"goalpost"
	"goalpost/effect"
	"goalpost/infer"
)

// SamplerOptions are the arguments of CausalImpact's model; the zero value is R's defaults.
type SamplerOptions = effect.CausalImpactOptions

// EffectInput is one question: what did an activity change in a series? Rows are those of
// the calendar; a row without a figure is marked missing, not left out.
type EffectInput struct {
	Outcome  goalpost.Arg // the name of the series; the zero Arg: it has none
	Currency string       // of the series, where it is money
	Activity string       // its name; empty: it has none
	Calendar Calendar
	Y        []float64
	Missing  []bool // nil: none
	Controls []EffectControl
	Pre      RowSpan // what is learned from
	Post     RowSpan // in which the activity worked
	Active   []bool  // for an activity that ran several times, the rows in which it ran; nil: all of Post

	Method  string  // MethodAuto, MethodBMA or MethodCausalImpact; empty: MethodAuto
	Level   float64 // of the intervals; 0: 0.95
	Seed    uint64
	Sampler SamplerOptions // for MethodCausalImpact; its Level is not read

	SmallestEffect *float64 // per row, from which on it would matter; nil: not said
	Worth          *EffectWorth
	Others         []EffectOther // other activities
	Changed        []int         // rows from which on the series counts something else
	// Bare says that nobody looked for other activities, changed definitions and controls that
	// the activity could have changed: a table by itself does not know them.
	Bare  bool
	Notes []goalpost.Note

	Progress func(done float64) // may be nil
}

// EffectControl is a series that the activity cannot have changed, known in every row.
type EffectControl struct {
	Name   string
	Values []float64
	// Movable says that the activity could have changed it after all: it is counted for the
	// same organisation on the same network.
	Movable bool
}

// EffectOther is another activity.
type EffectOther struct {
	Name string
	Rows RowSpan
}

// EffectWorth is what it takes to say whether an activity was worth it.
type EffectWorth struct {
	Margin   float64 // share of revenue, or amount per order
	Cost     float64
	Currency string
}

const (
	effectLevel = 0.95 // at which is decided, whatever level is shown
	placeboPart = 0.25 // share of the work that the fake activities are
)

// Effect says what an activity changed, how sure that is, and what would settle it. It is
// pure: the same input gives the same report, whose Diagnostics.Seconds the caller sets.
//
// Decisions: an increase or decrease when the 95 % interval excludes 0, of the method and
// of the default method, whose intervals are calibrated; negligible when the 90 % interval
// lies within the smallest effect that matters; else "cannot tell". Four checks of the data
// turn every answer into "cannot tell"; all other doubts only take the third dot away.
func Effect(ctx context.Context, in EffectInput) (EffectReport, error) {
	if in.Level == 0 {
		in.Level = effectLevel
	}
	method, choice, err := in.choose()
	if err != nil {
		return EffectReport{}, err
	}
	if err := in.tooMuch(method); err != nil {
		return EffectReport{}, err
	}
	s, err := in.series()
	if err != nil {
		return EffectReport{}, err
	}
	e := effectRun{ctx: ctx, in: in, s: s, method: method}
	if err := e.estimate(); err != nil {
		return EffectReport{}, in.refused(err)
	}
	r := in.report(e.shown)
	r.Method, r.Choice = method, choice
	if r.Placebo, err = e.placebo(); err != nil {
		return EffectReport{}, err
	}
	r.Checks = append(e.dataChecks(), e.doubts(r.Placebo)...)
	e.decide(&r)
	e.sentences(&r)
	if r.Settle, err = e.settle(r); err != nil {
		return EffectReport{}, err
	}
	e.tell(1)
	return r, nil
}

// effectRun is one analysis on its way.
type effectRun struct {
	ctx    context.Context
	in     EffectInput
	s      effect.Series
	method string

	shown      effect.Result // at the level that was asked for
	result     effect.Result // the same at effectLevel
	calibrated *effect.Result
	checked    []effect.Check
}

func (e *effectRun) tell(done float64) {
	if e.in.Progress != nil {
		e.in.Progress(done)
	}
}

// estimate runs the method, and the default method beside it, which knows the checks.
func (e *effectRun) estimate() error {
	if e.method == goalpost.MethodSwitched {
		return e.estimateSwitched()
	}
	bma, err := effect.BMA(e.s)
	switch {
	case err == nil:
		e.calibrated = &bma
		if e.checked, err = effect.BMAChecks(e.s); err != nil {
			return err
		}
	case e.method != goalpost.MethodCausalImpact || !errors.Is(err, effect.ErrTooShort):
		return err
	default:
		n := float64(e.s.Before.Len())
		e.checked = []effect.Check{{Name: effect.CheckTooShort, Value: n, Limit: shortestHistory}}
	}
	if e.method != goalpost.MethodCausalImpact {
		e.shown, e.result = bma, bma
		return nil
	}
	progress := func(done float64) { e.tell((1 - placeboPart) * done) }
	if e.result, err = e.sample(e.s, effectLevel, progress); err != nil {
		return err
	}
	if e.shown = e.result; e.in.Level != effectLevel {
		e.shown, err = e.sample(e.s, e.in.Level, nil)
	}
	return err
}

// estimateSwitched learns from all rows without the activity, wherever they stand: what
// the other checks look for before and after a start has no place there.
func (e *effectRun) estimateSwitched() error {
	r, err := effect.Switched(e.s)
	if err != nil {
		return err
	}
	e.shown, e.result, e.calibrated = r, r, &r
	off := e.rowsOff()
	e.checked = []effect.Check{{Name: effect.CheckTooShort, Value: off, Limit: shortestHistory, Passed: off >= shortestHistory}}
	return nil
}

// rowsOff counts the known rows of both periods in which an activity that ran several times
// was off.
func (e *effectRun) rowsOff() float64 {
	off := 0.0
	for t := e.in.Pre.From; t < e.in.Post.Until; t++ {
		if e.in.known(t) && (t < e.in.Pre.Until || t >= e.in.Post.From && !e.in.Active[t]) {
			off++
		}
	}
	return off
}

// sample runs CausalImpact's model.
func (e *effectRun) sample(s effect.Series, level float64, progress func(float64)) (effect.Result, error) {
	if err := e.ctx.Err(); err != nil {
		return effect.Result{}, err
	}
	o := e.in.Sampler
	o.Level = level
	return effect.CausalImpact(s, o, e.in.Seed, progress)
}

// again is the method on other rows; nobody looks at their path.
func (e *effectRun) again(s effect.Series) (effect.Result, error) {
	if err := e.ctx.Err(); err != nil {
		return effect.Result{}, err
	}
	if e.method == goalpost.MethodCausalImpact {
		return e.sample(s, effectLevel, nil)
	}
	return effect.BMAInterval(s)
}

// choose names the method and why it was taken.
func (in EffectInput) choose() (string, goalpost.Note, error) {
	method := in.Method
	switch method {
	case "", goalpost.MethodAuto:
		method = goalpost.MethodBMA
		if in.Sampler.Seasons > 1 {
			return goalpost.MethodCausalImpact, goalpost.NewNote("effect.choice.seasons", goalpost.NumberArg(float64(in.Sampler.Seasons))), nil
		}
	case goalpost.MethodBMA, goalpost.MethodCausalImpact:
		return method, goalpost.NewNote("effect.choice.asked"), in.checkLevel(method)
	default:
		return "", goalpost.Note{}, goalpost.Errorf(goalpost.Invalid, "error.effect.method", goalpost.TextArg(method))
	}
	key := "effect.choice.alone"
	switch {
	case in.runs() >= leastRuns:
		return goalpost.MethodSwitched, goalpost.NewNote("effect.choice.switched", goalpost.NumberArg(float64(in.runs()))), in.checkLevel(method)
	case in.switched():
		key = "effect.choice.paused"
	case len(in.Controls) > 0:
		key = "effect.choice.controls"
	}
	return method, goalpost.NewNote(key, goalpost.NumberArg(float64(len(in.Controls)))), in.checkLevel(method)
}

// checkLevel refuses levels at which nobody measured whether intervals keep their word.
func (in EffectInput) checkLevel(method string) error {
	switch {
	case !(in.Level > 0 && in.Level < 1):
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect.level", Flag: "--level"}
	case method != goalpost.MethodCausalImpact && in.Level != effectLevel:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect.level-bma", Flag: "--level"}
	}
	return nil
}

// switched says whether the activity paused within Post.
func (in EffectInput) switched() bool {
	for t := in.Post.From; in.Active != nil && t < min(in.Post.Until, len(in.Active)); t++ {
		if !in.Active[t] {
			return true
		}
	}
	return false
}

// leastRuns is how often an activity must have run for its pattern to be told from chance.
const leastRuns = 3

// runs is how often the activity was switched on within Post.
func (in EffectInput) runs() int {
	n, on := 0, false
	for t := in.Post.From; in.Active != nil && t < min(in.Post.Until, len(in.Active)); t++ {
		if in.Active[t] && !on {
			n++
		}
		on = in.Active[t]
	}
	return n
}

// series checks the periods and makes the estimators' series.
func (in EffectInput) series() (effect.Series, error) {
	rows := len(in.Y)
	pre, post := in.Pre, in.Post
	switch {
	case pre.From < 0 || post.Until > rows || pre.Len() < 1 || post.Len() < 1:
		return effect.Series{}, goalpost.Errorf(goalpost.Invalid, "error.effect.period-empty")
	case post.From < pre.Until:
		return effect.Series{}, goalpost.Errorf(goalpost.Invalid, "error.effect.periods-overlap", in.Calendar.Arg(pre.Until-1), in.Calendar.Arg(post.From))
	}
	if !in.computable() {
		return effect.Series{}, in.refused(effect.ErrNotANumber)
	}
	s := effect.Series{Y: in.Y, Missing: in.Missing, Weekday: in.Calendar.weekdays(rows), Year: in.Calendar.perYear(), Before: pre, After: post}
	if in.switched() {
		s.Active = in.Active
	}
	if len(in.Controls) > 0 {
		s.X = make([][]float64, rows)
		for t := range s.X {
			s.X[t] = make([]float64, len(in.Controls))
			for j, c := range in.Controls {
				if len(c.Values) != rows {
					return effect.Series{}, fmt.Errorf("assess effect: control %q has %d rows, the series %d", c.Name, len(c.Values), rows)
				}
				s.X[t][j] = c.Values[t]
			}
		}
	}
	return s, nil
}

// known says whether a row has a figure.
func (in EffectInput) known(row int) bool { return in.Missing == nil || !in.Missing[row] }

// mostValue is the largest figure that is computed with: squares, and sums of them, must
// stay numbers.
const mostValue = 1e100

// computable says whether all figures are numbers of a size that can be computed with.
func (in EffectInput) computable() bool {
	for t, y := range in.Y {
		if in.known(t) && !(math.Abs(y) <= mostValue) {
			return false
		}
	}
	for _, c := range in.Controls {
		for _, x := range c.Values {
			if !(math.Abs(x) <= mostValue) {
				return false
			}
		}
	}
	return true
}

// refused turns what an estimator cannot work with into a sentence.
func (in EffectInput) refused(err error) error {
	key := ""
	switch {
	case errors.Is(err, effect.ErrTooShort):
		key = "error.effect.too-short"
	case errors.Is(err, effect.ErrConstant):
		key = "error.effect.constant"
	case errors.Is(err, effect.ErrNoRows):
		key = "error.effect.no-rows"
	case errors.Is(err, effect.ErrNotANumber):
		key = "error.effect.too-large"
	default:
		return fmt.Errorf("assess effect: %w", err)
	}
	known := 0
	for t := in.Pre.From; t < in.Pre.Until; t++ {
		if in.known(t) {
			known++
		}
	}
	e := goalpost.Errorf(goalpost.Invalid, key, goalpost.NumberArg(float64(known)), in.Calendar.Arg(in.Pre.From), in.Calendar.Arg(in.Pre.Until-1))
	e.Err = err
	return e
}

// report copies an estimator's numbers.
func (in EffectInput) report(r effect.Result) EffectReport {
	out := EffectReport{Seed: 0, Level: in.Level, Pre: in.period(in.Pre), Post: in.period(in.Post), Outcome: in.Outcome, Activity: in.Activity, Currency: in.Currency,
		Grain: in.Calendar.Grain, Average: rangeOf(r.Average), Cumulative: rangeOf(r.Cumulative), Expected: rangeOf(r.Expected),
		HalfWidth: (r.Average.Hi - r.Average.Lo) / 2, SmallestEffect: in.SmallestEffect, Notes: in.Notes, Covariates: []EffectCovariate{}, Series: []EffectDay{}, Result: r}
	if r.Relative.Level != 0 {
		relative := rangeOf(r.Relative)
		out.Relative = &relative
	}
	if d := r.Drift; r.Sampler == nil {
		out.Diagnostics.Drift = &d
	}
	if x := r.Sampler; x != nil {
		out.Seed = in.Seed
		out.Diagnostics = EffectDiagnostics{Chains: x.Chains, Draws: x.Draws, Burn: x.Burn, Rhat: finitePointer(x.Rhat), ESS: finitePointer(x.ESS)}
	}
	for j, c := range r.Covariates {
		out.Covariates = append(out.Covariates, EffectCovariate{Name: in.Controls[j].Name, Inclusion: c.Inclusion, Mean: c.Mean, SD: c.SD})
	}
	for t := range in.Y {
		out.Series = append(out.Series, in.day(r, t))
	}
	if r.Summary != nil {
		out.Summary = summaryOf(*r.Summary)
	}
	return out
}

func rangeOf(e infer.Estimate) Range { return Range{Value: e.Value, Lo: e.Lo, Hi: e.Hi} }

func finitePointer(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func (in EffectInput) period(s RowSpan) EffectPeriod {
	p := EffectPeriod{From: in.Calendar.Label(s.From), Until: in.Calendar.Label(s.Until - 1), Rows: s.Len()}
	for t := s.From; t < s.Until; t++ {
		if !in.known(t) {
			p.Missing++
		}
	}
	return p
}

func (in EffectInput) day(r effect.Result, t int) EffectDay {
	d := EffectDay{Date: in.Calendar.Label(t), Post: t >= in.Post.From && t < in.Post.Until}
	d.Active = d.Post && (in.Active == nil || in.Active[t])
	if in.known(t) {
		d.Observed = &in.Y[t]
	}
	if t < len(r.Path) && r.Path[t].Modelled {
		p := r.Path[t]
		d.Expected, d.Lo, d.Hi = finitePointer(p.Expected), finitePointer(p.Lo), finitePointer(p.Hi)
		if d.Post {
			d.Sum, d.SumLo, d.SumHi = finitePointer(p.Sum), finitePointer(p.SumLo), finitePointer(p.SumHi)
		}
	}
	return d
}

// summaryOf writes R's table as R's users know it: the row of sums has "cum." before each
// name.
func summaryOf(s effect.Summary) map[string]float64 {
	m := map[string]float64{"burn": float64(s.Burn), "sigma.obs.mean": s.SigmaObsMean, "alpha": s.Average.Alpha, "p": s.Average.P}
	for prefix, r := range map[string]effect.SummaryRow{"": s.Average, "cum.": s.Cumulative} {
		for name, v := range map[string]float64{"Actual": r.Actual, "Pred": r.Pred, "Pred.lower": r.PredLower, "Pred.upper": r.PredUpper, "Pred.sd": r.PredSD,
			"AbsEffect": r.AbsEffect, "AbsEffect.lower": r.AbsEffectLower, "AbsEffect.upper": r.AbsEffectUpper, "AbsEffect.sd": r.AbsEffectSD,
			"RelEffect": r.RelEffect, "RelEffect.lower": r.RelEffectLower, "RelEffect.upper": r.RelEffectUpper, "RelEffect.sd": r.RelEffectSD} {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				m[prefix+name] = v
			}
		}
	}
	return m
}
