package survey

import (
	"math"
	"slices"
)

// Holm adjusts p-values so that the chance of any false finding among all stays below the
// level at which they are read. NaN stays NaN and counts as no test.
//
// Source: Holm (1979), Scand. J. Stat. 6(2), 65–70.
func Holm(p []float64) []float64 {
	return stepped(p, func(rank, m int, p float64) float64 { return float64(m-rank) * p }, false)
}

// BenjaminiHochberg adjusts p-values so that the expected part of false findings among all
// findings stays below the level. NaN stays NaN and counts as no test.
//
// Source: Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57(1), 289–300.
func BenjaminiHochberg(p []float64) []float64 {
	return stepped(p, func(rank, m int, p float64) float64 { return float64(m) * p / float64(rank+1) }, true)
}

// stepped scales p-values by their rank, from 0, among m, and makes them monotone: from the
// largest down, or from the smallest up.
func stepped(p []float64, scale func(rank, m int, p float64) float64, down bool) []float64 {
	out := slices.Clone(p)
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	m := len(order)
	if down {
		least := 1.0
		for rank := m - 1; rank >= 0; rank-- {
			least = min(least, scale(rank, m, p[order[rank]]))
			out[order[rank]] = least
		}
		return out
	}
	most := 0.0
	for rank, i := range order {
		most = max(most, min(1, scale(rank, m, p[i])))
		out[i] = most
	}
	return out
}
