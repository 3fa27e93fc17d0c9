package assess

import (
	"goalpost"
	"goalpost/effect"
)

// EffectReport is the answer to "did it change anything?": the JSON of goalpost effect.
// Effects are observed less expected, in the series' unit; relative effects and
// probabilities are fractions.
type EffectReport struct {
	Outcome             goalpost.Arg            `json:"-"`
	Activity            string                  `json:"activity"`
	Currency            string                  `json:"currency"` // of the series; empty: it is not money
	Grain               string                  `json:"grain"`    // of the rows: day, week, month or row
	Method              string                  `json:"method"`
	Seed                uint64                  `json:"seed"` // 0 for methods that draw nothing
	Level               float64                 `json:"level"`
	Pre                 EffectPeriod            `json:"pre"`
	Post                EffectPeriod            `json:"post"`
	Average             Range                   `json:"average"`
	Cumulative          Range                   `json:"cumulative"`
	Relative            *Range                  `json:"relative"` // nil where what was expected may be 0 or less
	Expected            Range                   `json:"expected"` // mean of the post period without the activity
	ProbabilityPositive *float64                `json:"probability_positive"`
	Decision            goalpost.EffectDecision `json:"decision"`
	Probably            bool                    `json:"probably"` // the effect has its sign with 90 % or more, but the 95 % interval includes 0
	Dots                int                     `json:"dots"`     // of the badge, 0 to 3
	Headline            goalpost.Note           `json:"headline"`
	Span                goalpost.Note           `json:"span"`     // the interval in words
	Chance              goalpost.Note           `json:"chance"`   // that the effect is above 0
	Compared            goalpost.Note           `json:"compared"` // with what
	Reason              goalpost.Note           `json:"reason"`
	Choice              goalpost.Note           `json:"choice"` // why this method
	Settle              []goalpost.Note         `json:"settle"`
	Placebo             *EffectPlacebo          `json:"placebo"`
	Checks              []EffectCheck           `json:"checks"`
	Diagnostics         EffectDiagnostics       `json:"diagnostics"`
	HalfWidth           float64                 `json:"half_width"` // of the average's interval
	SmallestEffect      *float64                `json:"smallest_effect"`
	Covariates          []EffectCovariate       `json:"covariates"`
	Notes               []goalpost.Note         `json:"notes,omitempty"` // what was done to the data: gaps, dropped weeks
	Money               *EffectMoney            `json:"money,omitempty"`
	Series              []EffectDay             `json:"series"`
	Summary             map[string]float64      `json:"summary,omitempty"` // R's names, with causalimpact

	Result effect.Result `json:"-"`
}

// Range is a value with its interval.
type Range struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
}

// EffectPeriod is a period of the analysis; dates are days, or row numbers where a table
// has none.
type EffectPeriod struct {
	From    string `json:"from"`
	Until   string `json:"until"` // the last one
	Rows    int    `json:"rows"`
	Missing int    `json:"missing"`
}

// EffectPlacebo is how often the method would have cried wolf in the past.
type EffectPlacebo struct {
	Windows  int                   `json:"windows"` // fake activities before the real one
	Alarms   int                   `json:"alarms"`  // how many of them excluded 0
	Covered  float64               `json:"covered"` // share of them whose interval held 0
	List     []EffectPlaceboWindow `json:"list"`
	Sentence goalpost.Note         `json:"sentence"`
}

// EffectPlaceboWindow is one fake activity.
type EffectPlaceboWindow struct {
	From  string `json:"from"`
	Until string `json:"until"`
	Range
}

// EffectCheck is a check that could overturn the answer, in words.
type EffectCheck struct {
	Name     string        `json:"name"`
	Passed   bool          `json:"passed"`
	Skipped  bool          `json:"skipped"` // the data do not allow it
	Value    float64       `json:"value"`
	Limit    float64       `json:"limit"`
	Sentence goalpost.Note `json:"sentence"`
	Refuses  bool          `json:"refuses"` // when it fails the answer is cannot_tell; else it caps the badge
}

// EffectDiagnostics say how the computation went.
type EffectDiagnostics struct {
	Seconds float64  `json:"seconds"`
	Chains  int      `json:"chains,omitempty"`
	Draws   int      `json:"draws,omitempty"`
	Burn    int      `json:"burn,omitempty"`
	Rhat    *float64 `json:"rhat,omitempty"`
	ESS     *float64 `json:"ess,omitempty"`
	Drift   *float64 `json:"drift,omitempty"`
}

// EffectCovariate is a control and what it contributed.
type EffectCovariate struct {
	Name      string  `json:"name"`
	Inclusion float64 `json:"inclusion"`
	Mean      float64 `json:"mean"`
	SD        float64 `json:"sd"`
}

// EffectDay is one row. Values are nil where there are none.
type EffectDay struct {
	Date     string   `json:"date"`
	Observed *float64 `json:"observed"`
	Expected *float64 `json:"expected"`
	Lo       *float64 `json:"lo"`
	Hi       *float64 `json:"hi"`
	Sum      *float64 `json:"cumulative,omitempty"` // effect since the start
	SumLo    *float64 `json:"cumulative_lo,omitempty"`
	SumHi    *float64 `json:"cumulative_hi,omitempty"`
	Post     bool     `json:"post"`
	Active   bool     `json:"active"`
}

// Difference is what was observed less what was expected, with its range; ok is false
// where one of them is not known.
func (d EffectDay) Difference() (r Range, ok bool) {
	if d.Observed == nil || d.Expected == nil || d.Lo == nil || d.Hi == nil {
		return Range{}, false
	}
	return Range{Value: *d.Observed - *d.Expected, Lo: *d.Observed - *d.Hi, Hi: *d.Observed - *d.Lo}, true
}

// EffectMoney answers "was it worth it?" in one currency: what the effect brought at the
// margin, less the cost.
type EffectMoney struct {
	Currency string        `json:"currency"`
	Cost     float64       `json:"cost"`
	Margin   float64       `json:"margin"` // share of revenue, or amount per order
	Gain     Range         `json:"gain"`   // margin times the cumulative effect, less the cost
	Sentence goalpost.Note `json:"sentence"`
	Worth    *float64      `json:"probability_worth"` // that Gain is above 0
}
