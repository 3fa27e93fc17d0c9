package forecast

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"goalpost/infer"
)

const (
	draws       = 2000 // futures; P varies by ±0.018 (95 %) between seeds
	minWeeks    = 4    // blocks with enough days; below, the prior carries everything
	minWeekDays = 4    // observed days that make a block usable
	minActive   = 7    // days with a value other than zero
	maxWeeks    = 156  // older weeks are not used
	shownP      = 0.03 // P is shown within [shownP, 1 − shownP]
	maxHorizon  = 2    // times the history
)

// History is a daily series.
type History struct {
	Y       []float64 // [T]; a missing day's value is not read
	Missing []bool    // [T], or nil when no day is missing
}

func (h History) missing(i int) bool { return h.Missing != nil && h.Missing[i] }

// Horizon is what lies ahead of the last complete day: Gap days that do not count,
// then Days that do.
type Horizon struct{ Gap, Days int }

// Realised says how many of the history's last days belong to the period already.
// Their missing days are drawn, not left out.
type Realised struct{ Days int }

// Band is the range of one coming day.
type Band struct{ Lo95, Lo80, Mid, Hi80, Hi95 float64 }

// Result is a forecast of the final value: what the period will have brought, or
// where the level or rate will stand.
type Result struct {
	Value                  float64 // median
	Lo80, Hi80, Lo95, Hi95 float64
	Draws                  []float64 // [M], sorted
	// Path is the range after each counted day: for sums the running total of the
	// whole period, for levels the level. The last one is the final value's.
	Path []Band // [Days]
	// Weekly says the model in three numbers, as means over its cells: the level now
	// and the growth per week (a sum: per week, as a fraction; a level: per week, in
	// units), and by how much a usual week is off.
	Weekly struct{ Level, Growth, Usual float64 }
	// RealisedMissing is the share of the realised days that were drawn.
	RealisedMissing float64
	// FurtherThanHistory is true when more days lie ahead than behind.
	FurtherThanHistory bool
}

// ProbabilityAtLeast returns the share of futures at or above a target, within 0.03
// to 0.97: beyond, the measured reliability ends.
func (r Result) ProbabilityAtLeast(target float64) float64 {
	i, _ := slices.BinarySearch(r.Draws, target)
	return clampP(float64(len(r.Draws)-i) / float64(len(r.Draws)))
}

// ProbabilityAtMost returns the share of futures at or below a target, clamped alike.
func (r Result) ProbabilityAtMost(target float64) float64 {
	i, _ := slices.BinarySearch(r.Draws, math.Nextafter(target, math.Inf(1)))
	return clampP(float64(i) / float64(len(r.Draws)))
}

func clampP(p float64) float64 { return min(max(p, shownP), 1-shownP) }

// ErrTooLittle is what every TooLittleError is.
var ErrTooLittle = errors.New("forecast: too little history")

// Rules of refusal.
const (
	RuleWeeks       = "weeks"         // under 28 days in usable weeks; Have and Need in days
	RuleHorizon     = "horizon"       // beyond twice the history; Have days of history, Need days
	RuleNonZero     = "non-zero-days" // under seven days that are not zero; Have and Need in days
	RuleScale       = "no-scale"      // nothing but zeros in every week
	RuleDenominator = "denominator"   // a rate without a denominator
)

// TooLittleError is a refusal: which rule, what there is and what would do.
type TooLittleError struct {
	Rule       string
	Have, Need int
}

// Error names the rule.
func (e *TooLittleError) Error() string {
	return fmt.Sprintf("forecast: too little history (%s: have %d, need %d)", e.Rule, e.Have, e.Need)
}

// Is reports whether target is ErrTooLittle.
func (e *TooLittleError) Is(target error) bool { return target == ErrTooLittle }

// check refuses data that are no data: NaN, infinities, lengths that differ.
func (h History) check() error {
	if h.Missing != nil && len(h.Missing) != len(h.Y) {
		return fmt.Errorf("forecast: %d values but %d marks of missing days", len(h.Y), len(h.Missing))
	}
	for i, y := range h.Y {
		if !h.missing(i) && (math.IsNaN(y) || math.IsInf(y, 0)) {
			return fmt.Errorf("forecast: day %d is %g", i, y)
		}
	}
	return nil
}

// recent cuts a history to the weeks that are used.
func (h History) recent() History {
	if cut := len(h.Y) - 7*maxWeeks; cut > 0 {
		h.Y = h.Y[cut:]
		if h.Missing != nil {
			h.Missing = h.Missing[cut:]
		}
	}
	return h
}

// enough applies the rules of refusal that look at the history alone.
func (h History) enough(z Horizon) error {
	weeks, active := 0, 0
	n := len(h.Y)
	for k := range n / 7 {
		seen := 0
		for d := range 7 {
			if !h.missing(n - 7*(k+1) + d) {
				seen++
			}
		}
		if seen >= minWeekDays {
			weeks++
		}
	}
	for i, y := range h.Y {
		if !h.missing(i) && y != 0 {
			active++
		}
	}
	switch {
	case z.Days < 1 || z.Gap < 0:
		return fmt.Errorf("forecast: a horizon of %d days after %d is none", z.Days, z.Gap)
	case weeks < minWeeks:
		have := 7 * weeks
		if weeks == n/7 {
			have = min(n, 7*minWeeks-1)
		}
		return &TooLittleError{Rule: RuleWeeks, Have: have, Need: 7 * minWeeks}
	case z.Gap+z.Days > maxHorizon*n:
		return &TooLittleError{Rule: RuleHorizon, Have: n, Need: (z.Gap + z.Days + maxHorizon - 1) / maxHorizon}
	case active == 0:
		return &TooLittleError{Rule: RuleScale, Have: 0, Need: minActive}
	case active < minActive:
		return &TooLittleError{Rule: RuleNonZero, Have: active, Need: minActive}
	}
	return nil
}

// Sum forecasts what a period will have brought in all: what it brought so far plus
// the days ahead. y ≥ 0 in units a day. See model.go for the model.
//
// Assumes that the level wanders as it did, without holidays, yearly seasons or
// planned activity. Fails with TooLittleError.
func Sum(h History, z Horizon, realised Realised, rng *rand.Rand) (Result, error) {
	return sum(h, z, realised, draws, rng)
}

func sum(h History, z Horizon, realised Realised, m int, rng *rand.Rand) (Result, error) {
	if err := h.check(); err != nil {
		return Result{}, err
	}
	inPeriod := min(realised.Days, len(h.Y))
	base := 0.0
	var gaps []int // missing days of the period, by index
	full := h
	h = h.recent()
	for i := len(full.Y) - inPeriod; i < len(full.Y); i++ {
		if full.missing(i) {
			if j := i - (len(full.Y) - len(h.Y)); j >= 0 {
				gaps = append(gaps, j)
			}
			continue
		}
		base += full.Y[i]
	}
	if err := h.enough(z); err != nil {
		return Result{}, err
	}
	mod, err := newModel(h, false)
	if err != nil {
		return Result{}, err
	}
	s := newSimulation(mod, z, m, rng)
	for i := range m {
		start := base
		for _, g := range gaps {
			start += mod.drawDay(g, rng)
		}
		s.future(i, start)
	}
	r := s.result()
	r.FurtherThanHistory = z.Gap+z.Days > len(h.Y)
	if inPeriod > 0 {
		r.RealisedMissing = float64(len(gaps)) / float64(inPeriod)
	}
	return r, nil
}

// Level forecasts a level such as followers from its daily changes, which may be
// negative: last known level plus the changes ahead.
func Level(h History, last float64, z Horizon, rng *rand.Rand) (Result, error) {
	return level(h, last, z, draws, rng)
}

func level(h History, last float64, z Horizon, m int, rng *rand.Rand) (Result, error) {
	if err := h.check(); err != nil {
		return Result{}, err
	}
	h = h.recent()
	if err := h.enough(z); err != nil {
		return Result{}, err
	}
	mod, err := newModel(h, true)
	if err != nil {
		return Result{}, err
	}
	s := newSimulation(mod, z, m, rng)
	for i := range m {
		s.future(i, last)
	}
	r := s.result()
	r.FurtherThanHistory = z.Gap+z.Days > len(h.Y)
	return r, nil
}

// Changes returns the daily changes [T−1] of a level [T]. A gap between two known
// levels is spread evenly over its days (forecast.md part 1: not measured).
func Changes(levels []float64, missing []bool) History {
	n := len(levels)
	if n < 2 {
		return History{}
	}
	h := History{Y: make([]float64, n-1), Missing: make([]bool, n-1)}
	known := -1
	for i := range n {
		if missing != nil && missing[i] {
			continue
		}
		for j := max(known, 0); j < i; j++ {
			if known < 0 {
				h.Missing[j] = true
				continue
			}
			h.Y[j] = (levels[i] - levels[known]) / float64(i-known)
		}
		known = i
	}
	for j := max(known, 0); j < n-1; j++ {
		h.Missing[j] = true
	}
	return h
}

// summary fills median and ranges from the draws.
func (r *Result) summary() {
	slices.Sort(r.Draws)
	q := func(p float64) float64 { return infer.Quantile(r.Draws, p) }
	r.Lo95, r.Lo80, r.Value, r.Hi80, r.Hi95 = q(0.025), q(0.10), q(0.50), q(0.90), q(0.975)
}
