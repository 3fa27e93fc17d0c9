package infer

import (
	"math"
	"slices"
)

// ESS is how many independent draws the chains are worth: the smaller of the bulk and the
// tail effective sample size. chains [C][M] have the same length; they are not changed.
// The result is NaN where Rhat's would be.
//
// Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16(2),
// 667–718, sections 3.2 and 4.3; the sum of autocorrelations ends by Geyer's (1992)
// initial monotone sequence, as in Stan.
func ESS(chains [][]float64) float64 {
	halves, ok := split(chains)
	if !ok {
		return math.NaN()
	}
	worst := splitESS(rankNormal(halves))
	sorted := slices.Concat(chains...)
	slices.Sort(sorted)
	for _, p := range []float64{0.05, 0.95} {
		worst = min(worst, splitESS(below(halves, Quantile7(sorted, p))))
	}
	return worst
}

// below marks the draws that are not above a limit.
func below(chains [][]float64, limit float64) [][]float64 {
	out := make([][]float64, len(chains))
	for i, c := range chains {
		out[i] = make([]float64, len(c))
		for j, v := range c {
			if v <= limit {
				out[i][j] = 1
			}
		}
	}
	return out
}

// splitESS is the effective sample size of chains of one length. It cannot pass
// n·log10(n): chains that alternate would else look better than any.
func splitESS(chains [][]float64) float64 {
	m := len(chains[0])
	n := float64(m * len(chains))
	within, total := spread(chains)
	if total == 0 {
		return n // nothing varies, so that one draw is as good as all
	}
	centred := make([][]float64, len(chains))
	for i, c := range chains {
		mean, _ := moments(c)
		centred[i] = make([]float64, m)
		for j, v := range c {
			centred[i][j] = v - mean
		}
	}
	rho := func(lag int) float64 { return 1 - (within-autocovariance(centred, lag))/total }
	tau, pair := -1.0, math.Inf(1)
	even, odd := 1.0, rho(1)
	for lag := 2; even+odd > 0 && lag < m-2; lag += 2 {
		pair = min(pair, even+odd)
		tau += 2 * pair
		even, odd = rho(lag), rho(lag+1)
	}
	if even > 0 { // of the pair that ends the sum the even lag still counts: less variance
		tau += even
	}
	return n / max(tau, 1/math.Log10(n))
}

// autocovariance is the mean over chains, with the divisor that Stan uses.
func autocovariance(centred [][]float64, lag int) float64 {
	sum := 0.0
	for _, c := range centred {
		s := 0.0
		for j := lag; j < len(c); j++ {
			s += c[j] * c[j-lag]
		}
		sum += s / float64(len(c))
	}
	return sum / float64(len(centred))
}
