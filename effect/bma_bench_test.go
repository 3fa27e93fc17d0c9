package effect

import (
	"fmt"
	"testing"

	"goalpost/infer"
)

// noisy is a series of n rows before and m after with k controls, of which two matter;
// noise is an autoregression.
func noisy(seed uint64, n, m, k int, phi float64) Series {
	rng := infer.Rand(seed, 0)
	s := Series{Before: Span{0, n}, After: Span{n, n + m}}
	state, controls := 0.0, make([]float64, k)
	for t := range n + m {
		state = phi*state + rng.NormFloat64()
		y, row := 100+state, make([]float64, k)
		for j := range k {
			controls[j] = .9*controls[j] + 2*rng.NormFloat64()
			row[j] = 100 + controls[j]
			if j < 2 {
				y += 1.2 * controls[j]
			}
		}
		s.Y, s.Weekday = append(s.Y, y), append(s.Weekday, t%7)
		if k > 0 {
			s.X = append(s.X, row)
		}
	}
	return s
}

// Bars on one core, medians: 15 ms for 130 rows with one control, 30 ms with the checks.
func BenchmarkBMA(b *testing.B) {
	for _, size := range []struct{ n, m, k int }{{100, 30, 0}, {100, 30, 1}, {100, 30, 20}, {365, 30, 1}} {
		s := noisy(1, size.n, size.m, size.k, .5)
		b.Run(fmt.Sprintf("%d rows, %d controls", size.n+size.m, size.k), func(b *testing.B) {
			for b.Loop() {
				if _, err := BMA(s); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d rows, %d controls, with checks", size.n+size.m, size.k), func(b *testing.B) {
			for b.Loop() {
				if _, err := BMA(s); err != nil {
					b.Fatal(err)
				}
				if _, err := BMAChecks(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
