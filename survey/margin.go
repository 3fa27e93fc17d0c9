package survey

import (
	"errors"
	"fmt"
	"math"
)

// ErrMargins is what every error of a weighting to known totals wraps.
var ErrMargins = errors.New("survey: the margins do not fit the sample")

// Problems of margins.
const (
	BadTarget       Problem = "bad-target"        // not positive or no number
	TotalsDiffer    Problem = "totals-differ"     // two margins add up to different populations
	NobodyAnswered  Problem = "nobody-answered"   // a group of the population without respondents
	NotInPopulation Problem = "not-in-population" // respondents in a group that the population lacks
	MarginMissing   Problem = "margin-missing"    // a respondent's group is not known
	NotReachable    Problem = "not-reachable"     // no weights within the limits fit
	TooManyMargins  Problem = "too-many-margins"  // the totals determine each other, or more totals than respondents
	BadLimit        Problem = "bad-limit"         // a bound or cap that no weights can keep
)

// MarginError says which margin does not fit, and how.
type MarginError struct {
	Problem          Problem
	Margin, Category int     // from 0; -1 where none is meant
	Value, Other     float64 // what was found, and what it was held against
	Rows             int     // respondents concerned
}

func (e *MarginError) Error() string {
	return fmt.Sprintf("survey: margins: %s (margin %d, category %d: %g, %g, %d respondents)", e.Problem, e.Margin+1, e.Category+1, e.Value, e.Other, e.Rows)
}

// Unwrap makes errors.Is(err, ErrMargins) true.
func (e *MarginError) Unwrap() error { return ErrMargins }

// Margin is the known size of each group of the population.
type Margin struct {
	Code   []int     // [n] the group of each respondent, from 0; -1 where it is not known
	Target []float64 // [groups] how many of the population are in it
}

// check holds a margin against the sample before anything is weighted. Weights of 0 count
// as nobody.
func (m Margin) check(index int, weight []float64, keepMissing bool) error {
	if len(m.Code) != len(weight) {
		return &MarginError{Problem: WrongLength, Margin: index, Category: -1, Value: float64(len(m.Code)), Other: float64(len(weight))}
	}
	count := make([]int, len(m.Target))
	missing, outside := 0, 0
	for i, code := range m.Code {
		switch {
		case weight[i] == 0:
		case code < 0:
			missing++
		case code >= len(count):
			outside++
		default:
			count[code]++
		}
	}
	if missing > 0 && !keepMissing {
		return &MarginError{Problem: MarginMissing, Margin: index, Category: -1, Rows: missing}
	}
	if outside > 0 {
		return &MarginError{Problem: NotInPopulation, Margin: index, Category: len(count), Rows: outside}
	}
	for k, target := range m.Target {
		fault := &MarginError{Margin: index, Category: k, Value: target, Rows: count[k]}
		switch {
		case math.IsNaN(target) || math.IsInf(target, 0) || target < 0:
			fault.Problem = BadTarget
		case target == 0 && count[k] > 0:
			fault.Problem = NotInPopulation
		case target > 0 && count[k] == 0:
			fault.Problem = NobodyAnswered
		default:
			continue
		}
		return fault
	}
	return nil
}

func (m Margin) total() float64 {
	var t sum
	for _, v := range m.Target {
		t.add(v)
	}
	return t.value()
}

// sums are the weights of each group; the last is that of the unknown.
func (m Margin) sums(weight []float64) []float64 {
	out := make([]float64, len(m.Target)+1)
	for i, code := range m.Code {
		if code < 0 {
			code = len(m.Target)
		}
		out[code] += weight[i]
	}
	return out
}

// PostStratify gives each group the weight that it has in the population. With partial,
// groups of the population in which nobody answered are left out, so that the weights add
// up to less; without, they are refused. Every error is a *MarginError.
//
// Source: Holt and Smith (1979), J. R. Stat. Soc. A 142(1), 33–46.
func (d *Design) PostStratify(m Margin, partial bool) (*Design, error) {
	if err := m.check(0, d.weight, false); err != nil {
		var e *MarginError
		if !partial || !errors.As(err, &e) || e.Problem != NobodyAnswered {
			return nil, err
		}
		reduced := Margin{Code: m.Code, Target: append([]float64(nil), m.Target...)}
		for k, s := range m.sums(d.weight)[:len(m.Target)] {
			if s == 0 {
				reduced.Target[k] = 0
			}
		}
		m = reduced
		if err := m.check(0, d.weight, false); err != nil {
			return nil, err
		}
	}
	stratify := func(w []float64) ([]float64, error) {
		sums := m.sums(w)
		out := make([]float64, len(w))
		for i, code := range m.Code {
			if w[i] == 0 {
				continue
			}
			out[i] = w[i] * m.Target[code] / sums[code]
		}
		for k, target := range m.Target {
			if target > 0 && sums[k] == 0 {
				return nil, &MarginError{Problem: NobodyAnswered, Margin: 0, Category: k, Value: target}
			}
		}
		return out, nil
	}
	w, err := stratify(d.weight)
	if err != nil {
		return nil, err
	}
	return d.reweighted(w, cells{code: m.Code, n: len(m.Target), before: d.weight, after: w}, stratify)
}

// reweighted is the design with other weights, in which each replicate is weighted to the
// same totals.
func (d *Design) reweighted(w []float64, a adjustment, again func([]float64) ([]float64, error)) (*Design, error) {
	out := d.with(w, a)
	if d.replica == nil {
		return out, nil
	}
	r := *d.replica
	r.Weight = make([][]float64, len(d.replica.Weight))
	for i, replicate := range d.replica.Weight {
		var err error
		if r.Weight[i], err = again(replicate); err != nil {
			return nil, err
		}
	}
	out.replica = &r
	return out, nil
}

// cells takes the mean of each cell out of influences: the weights fix the cells' sizes.
type cells struct {
	code          []int
	n             int
	before, after []float64
}

func (c cells) residual(u []float64) []float64 {
	num, den := make([]float64, c.n), make([]float64, c.n)
	for i, code := range c.code {
		if c.after[i] == 0 {
			continue
		}
		num[code] += u[i] * c.before[i] / c.after[i]
		den[code] += c.before[i]
	}
	out := make([]float64, len(u))
	for i, code := range c.code {
		if c.after[i] == 0 {
			continue
		}
		out[i] = u[i] - c.after[i]*num[code]/den[code]
	}
	return out
}
