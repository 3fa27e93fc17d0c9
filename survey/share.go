package survey

import (
	"errors"
	"math"

	"goalpost/infer"
)

// ErrNobody is returned where nobody answered, or all weights are zero.
var ErrNobody = errors.New("survey: nobody answered")

// ErrWeight is returned for a weight that is negative, infinite or no number.
var ErrWeight = errors.New("survey: a weight is negative or no number")

// ErrEmptyStratum is returned where a group has a share of the population, and nobody
// of it answered.
var ErrEmptyStratum = errors.New("survey: a group of the population has no respondent")

// Weighted is a share with the effective number of respondents behind its interval.
type Weighted struct {
	infer.Estimate         // N is the unweighted number who answered
	EffectiveN     float64 // Kish; N with equal weights
}

// Share is the weighted share of respondents who gave an answer, with Wilson's interval
// on Kish's effective number. hit [n] says who gave it, weight [n] is nil for equal
// weights; level is that of the interval. Clusters and strata of a design are not known
// here: the interval is for independent respondents.
func Share(hit []bool, weight []float64, level float64) (Weighted, error) {
	if weight == nil {
		weight = ones(len(hit))
	}
	sum, given := 0.0, 0.0
	for i, w := range weight {
		if !(w >= 0) || math.IsInf(w, 0) {
			return Weighted{}, ErrWeight
		}
		sum += w
		if hit[i] {
			given += w
		}
	}
	if sum == 0 {
		return Weighted{}, ErrNobody
	}
	n := infer.EffectiveN(weight)
	e := infer.Share(min(given/sum, 1)*n, n, level)
	e.N = len(hit)
	return Weighted{Estimate: e, EffectiveN: n}, nil
}

// PostStratified is the share that would be seen if the groups of respondents had the
// sizes of target: Σ W_h p_h with variance Σ W_h² p_h(1−p_h)/n_h. stratum [n] is the
// group of each respondent, 0 ≤ stratum < len(target); target adds up to 1. n_h is the
// effective number of a group. The interval is Wilson's on the number of respondents
// that gives this variance; a group in which all agree counts with the share that its
// Wilson interval is centred on, so that it does not pretend to be certain. What the
// groups explain makes the interval narrower than that of the plain share; it covers
// 0.947 to 0.999 for 30 to 1,000 respondents (measured, see METHODS.md).
//
// It fails with ErrEmptyStratum where a group with a target has nobody.
//
// Source: Holt and Smith (1979), J. R. Stat. Soc. A 142(1), 33–46; the conditional
// variance.
func PostStratified(hit []bool, weight []float64, stratum []int, target []float64, level float64) (Weighted, error) {
	if weight == nil {
		weight = ones(len(hit))
	}
	groups := make([]group, len(target))
	for i, w := range weight {
		if !(w >= 0) || math.IsInf(w, 0) {
			return Weighted{}, ErrWeight
		}
		g := &groups[stratum[i]]
		g.sum, g.squares = g.sum+w, g.squares+w*w
		if hit[i] {
			g.given += w
		}
	}
	z := infer.Z(level)
	p, variance := 0.0, 0.0
	for h, w := range target {
		if w == 0 {
			continue
		}
		g := groups[h]
		if g.sum == 0 {
			return Weighted{}, ErrEmptyStratum
		}
		n := g.sum * g.sum / g.squares
		ph := min(g.given/g.sum, 1)
		centre := (ph*n + z*z/2) / (n + z*z)
		p += w * ph
		variance += w * w * centre * (1 - centre) / n
	}
	p = min(max(p, 0), 1)
	n := float64(len(hit))
	middle := min(max(p, 0.5/n), 1-0.5/n) // at 0 and 1 the variance of the groups alone decides
	n = middle * (1 - middle) / variance
	e := infer.Share(p*n, n, level)
	e.N = len(hit)
	return Weighted{Estimate: e, EffectiveN: n}, nil
}

// group is what is known of the respondents of one stratum.
type group struct{ sum, squares, given float64 }

func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}
