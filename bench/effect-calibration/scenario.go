package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"goalpost/effect"
	"goalpost/infer"
)

// scenario is a kind of series whose truth is known: nothing happened at its start. Its set
// is "T" of the kinds that the method was tuned on, "H" of its published held-out ones,
// "own" of ours, "several" of those that it left open, or "sealed" of a second lot of ours, committed before any method ran on it.
type scenario struct {
	set  string
	name string
	draw func(rng *rand.Rand) sample
}

// sample is one series and the standard deviation of its noise in units of the outcome.
type sample struct {
	series effect.Series
	sd     float64
}

// all returns every scenario in the order of the tables.
func all() []scenario {
	var list []scenario
	list = append(list, tuned()...)
	list = append(list, heldOut()...)
	list = append(list, own()...)
	list = append(list, severalControls()...)
	return append(list, sealed()...)
}

// at draws replication i of a scenario. Every scenario has a stream of its own, so that a
// run of one alone gives the series of a run of all.
func (s scenario) at(seed uint64, i int) sample {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %s %d", s.set, s.name, i)
	return s.draw(infer.Rand(seed, h.Sum64()))
}

// grown returns the same series as if the activity had multiplied its outcome.
func (s sample) grown(factor float64) effect.Series {
	out := s.series
	out.Y = append([]float64(nil), out.Y...)
	for t := out.After.From; t < out.After.Until; t++ {
		out.Y[t] *= factor
	}
	return out
}

// table lays out rows before and after as a series of days, the first a Monday.
func table(y []float64, before int, controls ...[]float64) effect.Series {
	s := effect.Series{Y: y, Before: effect.Span{Until: before}, After: effect.Span{From: before, Until: len(y)}}
	s.Weekday, s.Year = make([]int, len(y)), 365.25
	for t := range y {
		s.Weekday[t] = t % 7
		if len(controls) > 0 {
			row := make([]float64, len(controls))
			for j, c := range controls {
				row[j] = c[t]
			}
			s.X = append(s.X, row)
		}
	}
	return s
}

// weeks says that the rows are weeks.
func weeks(s effect.Series) effect.Series {
	s.Weekday, s.Year = nil, 365.25/7
	return s
}

// white is n independent draws of the standard normal.
func white(rng *rand.Rand, n int) []float64 {
	u := make([]float64, n)
	for t := range u {
		u[t] = rng.NormFloat64()
	}
	return u
}

// autoregressive is n rows of a stationary AR(1) with standard deviation 1.
func autoregressive(rng *rand.Rand, n int, phi float64) []float64 {
	u := white(rng, n)
	for t := 1; t < n; t++ {
		u[t] = phi*u[t-1] + math.Sqrt(1-phi*phi)*u[t]
	}
	return u
}

// wander is a random walk with steps of d.
func wander(rng *rand.Rand, n int, d float64) []float64 {
	u := white(rng, n)
	for t := range u {
		u[t] *= d
		if t > 0 {
			u[t] += u[t-1]
		}
	}
	return u
}

// linear adds up terms with their coefficients on top of a level.
func linear(level float64, terms ...term) []float64 {
	out := make([]float64, len(terms[0].of))
	for t := range out {
		out[t] = level
		for _, x := range terms {
			out[t] += x.times * x.of[t]
		}
	}
	return out
}

type term struct {
	times float64
	of    []float64
}

// wave is the sine with a period, n rows.
func wave(n int, period float64) []float64 {
	out := make([]float64, n)
	for t := range out {
		out[t] = math.Sin(2 * math.Pi * float64(t) / period)
	}
	return out
}

// poisson draws a count; around its mean with the normal above 500.
func poisson(rng *rand.Rand, mean float64) float64 {
	if mean > 500 {
		return max(0, math.Round(mean+math.Sqrt(mean)*rng.NormFloat64()))
	}
	limit, product, k := math.Exp(-mean), rng.Float64(), 0.0
	for product > limit {
		product *= rng.Float64()
		k++
	}
	return k
}

// overdispersed draws a count with variance mean + mean²/size, size a whole number.
func overdispersed(rng *rand.Rand, mean float64, size int) float64 {
	g := 0.0 // gamma of shape size and mean 1
	for range size {
		g += rng.ExpFloat64() / float64(size)
	}
	return poisson(rng, mean*g)
}
