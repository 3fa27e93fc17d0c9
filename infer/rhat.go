package infer

import (
	"math"
	"slices"
)

// minHalf is how many draws half a chain needs before anything is said about it: with
// fewer a variance means nothing.
const minHalf = 4

// Rhat says whether chains of draws agree: the larger of the rank-normalised split R-hat
// of the draws and of their distances from the median. 1 is best; above 1.01 the draws of
// the authors' rule cannot be trusted. chains [C][M] have the same length; they are not
// changed. One chain is compared with itself, its first half with its second.
//
// The result is NaN where nothing can be said: chains of fewer than 8 draws or of
// different lengths, draws that are all the same or not finite.
//
// Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16(2),
// 667–718, equations 3, 4 and 14 and section 4.
func Rhat(chains [][]float64) float64 {
	halves, ok := split(chains)
	if !ok {
		return math.NaN()
	}
	return max(splitRhat(rankNormal(halves)), splitRhat(rankNormal(folded(halves))))
}

// split cuts every chain into its first and last half; the middle draw of an odd number
// is left out.
func split(chains [][]float64) (halves [][]float64, ok bool) {
	if len(chains) == 0 {
		return nil, false
	}
	m := len(chains[0]) / 2
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, c := range chains {
		if len(c) != len(chains[0]) || m < minHalf {
			return nil, false
		}
		for _, v := range c {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, false
			}
			lo, hi = min(lo, v), max(hi, v)
		}
		halves = append(halves, c[:m], c[len(c)-m:])
	}
	return halves, lo < hi
}

// rankNormal replaces draws by the normal scores of their ranks among all; equal draws
// share the mean of their ranks.
func rankNormal(chains [][]float64) [][]float64 {
	type place struct {
		value       float64
		chain, draw int
	}
	var all []place
	out := make([][]float64, len(chains))
	for i, c := range chains {
		out[i] = make([]float64, len(c))
		for j, v := range c {
			all = append(all, place{v, i, j})
		}
	}
	slices.SortFunc(all, func(a, b place) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		default:
			return 0
		}
	})
	for from := 0; from < len(all); {
		until := from + 1
		for until < len(all) && all[until].value == all[from].value {
			until++
		}
		rank := float64(from+until+1) / 2 // ranks from+1 to until
		z := math.Sqrt2 * math.Erfinv(2*(rank-0.375)/(float64(len(all))+0.25)-1)
		for _, a := range all[from:until] {
			out[a.chain][a.draw] = z
		}
		from = until
	}
	return out
}

// folded returns the distances of draws from the median of all.
func folded(chains [][]float64) [][]float64 {
	all := slices.Concat(chains...)
	slices.Sort(all)
	m := len(all)
	median := (all[(m-1)/2] + all[m/2]) / 2
	out := make([][]float64, len(chains))
	for i, c := range chains {
		out[i] = make([]float64, len(c))
		for j, v := range c {
			out[i][j] = math.Abs(v - median)
		}
	}
	return out
}

// splitRhat is the plain R-hat of chains of one length. Draws that are all the same, as
// distances from the median of two values are, agree.
func splitRhat(chains [][]float64) float64 {
	within, total := spread(chains)
	if within == 0 {
		if total == 0 {
			return 1
		}
		return math.Inf(1)
	}
	return math.Sqrt(total / within)
}

// spread returns the mean variance within chains and the variance that all draws
// together are estimated to have.
func spread(chains [][]float64) (within, total float64) {
	m := float64(len(chains[0]))
	means := make([]float64, len(chains))
	for i, c := range chains {
		mean, variance := moments(c)
		means[i] = mean
		within += variance / float64(len(chains))
	}
	_, between := moments(means) // per draw
	return within, within*(m-1)/m + between
}

// moments returns the mean and the variance with n − 1; the variance of one value is 0.
func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / max(1, float64(len(x)-1))
}
