package chart

import (
	"math"
	"time"
)

// ticks returns round numbers that span lo to hi in about n steps.
func ticks(lo, hi float64, n int) []float64 {
	if !(hi > lo) {
		hi = lo + 1
	}
	raw := (hi - lo) / float64(max(n, 1))
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, f := range []float64{1, 2, 2.5, 5, 10} {
		if step*f >= raw {
			step *= f
			break
		}
	}
	var out []float64
	for v := math.Floor(lo/step) * step; ; v += step {
		out = append(out, math.Round(v/step)*step)
		if v >= hi-step*1e-9 || len(out) > 50 {
			return out
		}
	}
}

// ticksApart returns ticks whose labels differ: small counts written without decimals
// need a coarser step.
func ticksApart(lo, hi float64, n int, number func(float64) string) []float64 {
	for ; n > 1; n-- {
		t := ticks(lo, hi, n)
		seen := map[string]bool{}
		for _, v := range t {
			seen[number(v)] = true
		}
		if len(seen) == len(t) {
			return t
		}
	}
	return ticks(lo, hi, 1)
}

// dayTicks returns the days at which a time axis is labelled: every few days, weeks
// or months, so that at most n labels stand on it.
func dayTicks(from, until, n int) []int {
	span := until - from
	for _, step := range []int{1, 2, 7, 14} {
		if span/step < n {
			var out []int
			first := from
			if step >= 7 { // Mondays: 1970-01-05 was one
				first = from + ((4-from)%7+7)%7
			}
			for d := first; d <= until; d += step {
				out = append(out, d)
			}
			return out
		}
	}
	for _, months := range []int{1, 2, 3, 6, 12, 24, 60, 120} {
		if span/(30*months) >= n {
			continue
		}
		t := time.Unix(int64(from)*86400, 0).UTC()
		t = time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		var out []int
		for ; ; t = t.AddDate(0, months, 0) {
			d := int(t.Unix() / 86400)
			if d > until {
				return out
			}
			if d >= from {
				out = append(out, d)
			}
		}
	}
	return []int{from, until}
}
