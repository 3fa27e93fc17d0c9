package effect

import (
	"errors"

	"goalpost/infer"
)

// Errors that say that the data cannot be analysed at all. The caller turns them into an
// answer with a reason.
var (
	ErrTooShort   = errors.New("effect: too few rows before the activity")
	ErrConstant   = errors.New("effect: the series does not vary before the activity")
	ErrNoRows     = errors.New("effect: no known rows during the activity")
	ErrShape      = errors.New("effect: rows, controls and periods do not fit each other")
	ErrNotANumber = errors.New("effect: a value is not a finite number")
)

// Span is a range of rows, [From, Until).
type Span struct{ From, Until int }

// Len is the number of rows.
func (s Span) Len() int { return s.Until - s.From }

// Series is an outcome and its controls on one calendar.
type Series struct {
	Y       []float64   // [T] the outcome; 0 where Missing
	Missing []bool      // [T] rows whose outcome is not known; nil: none
	X       [][]float64 // [T][k] controls, complete; nil: none
	Weekday []int       // [T] 0 Monday to 6 Sunday; nil where rows are not days
	Year    float64     // rows that make a year: 365.25 for days, 52.18 for weeks; 0: its season is not looked for
	Before  Span        // what is learned from
	After   Span        // in which the activity worked; not before Before ends
	// Active marks, for an activity that ran several times, the rows of After in which it
	// ran; nil: all of them.
	Active []bool // [T]
}

// Result is what a method says.
type Result struct {
	Method     string
	Average    infer.Estimate // effect per row of After (per active row where Active is set)
	Narrow     infer.Estimate // the same at level 0.90
	Cumulative infer.Estimate // sum over the known rows of After
	Relative   infer.Estimate // of what was expected, a fraction; Level 0 where that may be 0 or less
	Positive   float64        // probability that the effect is above 0
	Expected   infer.Estimate // mean of After without the activity
	Path       []Point        // [T]
	Covariates []Covariate    // [k]
	Drift      float64        // weight of noise that wanders slowly, 0 to 1; 0 where not known
	Dropped    []int          // rows before that were left out as outlying
	Sampler    *Sampler       // nil for a closed form
	Shifts     *Shifts        // nil but for an activity that ran several times
	Summary    *Summary       // in the words of CausalImpact; nil for other methods
}

// Point is one row of the calendar. Expected, Lo and Hi are those of the outcome without
// the activity; the three of Sum are of the effect added up since the start of After.
type Point struct {
	Modelled          bool // false: the row stands outside Before and After
	Expected, Lo, Hi  float64
	Effect            float64 // observed less expected; 0 where the outcome is missing
	Sum, SumLo, SumHi float64
}

// Covariate is what a control contributed.
type Covariate struct {
	Inclusion float64 // probability that it belongs in the model
	Mean, SD  float64 // of its coefficient per unit of the control, given that it is in
}

// Sampler says how far draws can be trusted.
type Sampler struct {
	Chains, Draws, Burn int     // Draws are those kept, over all chains
	Rhat, ESS           float64 // worst over the reported quantities
}

// Check is one thing that could overturn a result.
type Check struct {
	Name   string
	Passed bool
	Value  float64 // what was measured
	Limit  float64 // from where on it fails
	// Skipped says that the data do not allow this check: it has neither passed nor failed,
	// and Passed is true.
	Skipped bool
}

// Shifts says what the same analysis finds where nothing happened: the pattern of an
// activity is moved along the calendar, round its end, over the series without its effect.
type Shifts struct {
	Tried     int     // patterns that differ from the real one
	AsLarge   float64 // share of them, the real one included, with an effect as large; a p-value
	Excluding float64 // share of them whose interval excluded 0, before it was widened
	Widened   float64 // by this factor, so that at most one in twenty excludes 0; 1: not
}

// Summary is R's summary of CausalImpact 1.4.1, one row for the average and one for the
// sum, under its names.
type Summary struct {
	Average, Cumulative SummaryRow
	Burn                int
	SigmaObsMean        float64
}

// SummaryRow holds the columns of R's summary in their order.
type SummaryRow struct {
	Actual, Pred, PredLower, PredUpper, PredSD             float64
	AbsEffect, AbsEffectLower, AbsEffectUpper, AbsEffectSD float64
	RelEffect, RelEffectLower, RelEffectUpper, RelEffectSD float64
	Alpha, P                                               float64
}
