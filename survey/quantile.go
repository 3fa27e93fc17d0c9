package survey

import (
	"cmp"
	"math"
	"slices"

	"goalpost/infer"
)

// Rule says which number a quantile is where none cuts the weights exactly.
type Rule string

// Rules. Hyndman and Fan (1996), Am. Stat. 50(4), 361–365, number them 1, 2 and 7.
const (
	Lowest  Rule = "lowest"  // the smallest answer with at least that share at or below it
	Middle  Rule = "middle"  // the same, and halfway to the next where the share is met exactly
	Between Rule = "between" // interpolated between answers
)

// Quantile is the p-quantile of y [n], NaN where there is no answer, in a domain, nil for
// all: 0.5 is the median. The interval is Woodruff's: where the interval of the share at or
// below the quantile begins and ends.
//
// Source: Woodruff (1952), J. Am. Stat. Assoc. 47(260), 635–646.
func (d *Design) Quantile(y []float64, in []bool, p, level float64, rule Rule) (infer.Estimate, error) {
	return d.woodruff(y, in, p, level, rule.at)
}

func (d *Design) woodruff(y []float64, in []bool, p, level float64, at func([]weighed, float64) float64) (infer.Estimate, error) {
	if len(y) != d.n {
		return infer.Estimate{}, ErrLength
	}
	var sorted []weighed
	below := make([]float64, d.n)
	answered := Mean(y, in)
	for i, w := range d.weight {
		below[i] = math.NaN()
		if w > 0 && answered.counts(i) {
			sorted = append(sorted, weighed{y[i], w})
		}
	}
	if len(sorted) == 0 {
		return infer.Estimate{}, ErrNobody
	}
	slices.SortStableFunc(sorted, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
	out := infer.Estimate{Value: at(sorted, p), Level: level, Kind: infer.Confidence, N: len(sorted)}
	for i := range below {
		if answered.counts(i) {
			below[i] = 0
			if y[i] <= out.Value {
				below[i] = 1
			}
		}
	}
	e, err := d.Estimate(Mean(below, in))
	if err != nil {
		return infer.Estimate{}, err
	}
	share := e.Interval(0, level)
	out.Lo, out.Hi = sorted[0].value, sorted[len(sorted)-1].value
	if share.Lo >= 0 {
		out.Lo = at(sorted, share.Lo)
	}
	if share.Hi <= 1 {
		out.Hi = at(sorted, share.Hi)
	}
	return out, nil
}

// weighed is an answer with its weight.
type weighed struct{ value, weight float64 }

// at finds a quantile among sorted answers.
func (r Rule) at(sorted []weighed, p float64) float64 {
	total := 0.0
	for _, v := range sorted {
		total += v.weight
	}
	last := sorted[len(sorted)-1]
	if r == Between {
		return between(sorted, total-last.weight, p)
	}
	cut, reached := p*total, 0.0
	for i, v := range sorted {
		reached += v.weight
		if i+1 < len(sorted) && sorted[i+1].value == v.value {
			continue
		}
		if reached < cut*(1-1e-14) {
			continue
		}
		if r == Middle && reached <= cut*(1+1e-14) && i+1 < len(sorted) {
			return (v.value + sorted[i+1].value) / 2
		}
		return v.value
	}
	return last.value
}

// between interpolates: the first answer is at 0, the last at 1.
func between(sorted []weighed, total, p float64) float64 {
	if len(sorted) == 1 {
		return sorted[0].value
	}
	before := 0.0
	for i, v := range sorted[:len(sorted)-1] {
		next := before + v.weight/total
		if p <= next {
			share := (p - before) / (next - before)
			return v.value + min(max(share, 0), 1)*(sorted[i+1].value-v.value)
		}
		before = next
	}
	return sorted[len(sorted)-1].value
}
