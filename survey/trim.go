package survey

import "math"

// maxTrimRounds is how often strict trimming is repeated.
const maxTrimRounds = 20

// Trim clips weights to lo..hi and spreads what was taken, or lacks, in equal parts over the
// respondents whose weights were inside, so that the sum stays. With strict it is repeated
// until no weight is outside, and a weight that was clipped once stays. The variance is that
// of the design before: that weights were clipped is not part of it.
//
// Source: Potter (1990), Proc. Surv. Res. Methods Sect. Am. Stat. Assoc., 225–230.
func (d *Design) Trim(lo, hi float64, strict bool) (*Design, error) {
	if !(lo < hi) {
		return nil, &MarginError{Problem: BadLimit, Margin: -1, Category: -1, Value: lo, Other: hi}
	}
	trim := func(w []float64) ([]float64, error) { return trimmed(w, lo, hi, strict) }
	w, err := trim(d.weight)
	if err != nil {
		return nil, err
	}
	return d.reweighted(w, nil, trim)
}

func trimmed(start []float64, lo, hi float64, strict bool) ([]float64, error) {
	w := append([]float64(nil), start...)
	frozen := make([]bool, len(w))
	for round := 0; ; round++ {
		var moved sum
		clipped, free := 0, 0
		for i, v := range w {
			switch {
			case frozen[i] || v == 0:
			case v < lo || v > hi:
				w[i] = min(max(v, lo), hi)
				moved.add(v - w[i])
				frozen[i] = true
				clipped++
			default:
				free++
			}
		}
		if clipped == 0 || !strict && round > 0 {
			return w, nil
		}
		if free == 0 || round >= maxTrimRounds {
			return nil, &MarginError{Problem: BadLimit, Margin: -1, Category: -1, Value: lo, Other: hi, Rows: clipped}
		}
		part := moved.value() / float64(free)
		for i := range w {
			if !frozen[i] && w[i] != 0 {
				w[i] = math.Max(w[i]+part, 0)
			}
		}
		if !strict {
			return w, nil
		}
	}
}
