package survey

import "math"

// RakeOptions say when raking is done and how large a weight may be.
type RakeOptions struct {
	Tolerance float64 // largest relative difference of a group from its target; 0: 1e-6
	Cycles    int     // at most; 0: 1000
	// Cap is the largest weight, in means of all; 0: none. With a cap the targets may be out
	// of reach, which is an error.
	Cap float64
	// KeepMissing keeps the weighted share of those whose group is not known, and weights the
	// others to the targets; without it they are refused.
	KeepMissing bool
}

// Rules of raking.
const (
	rakeTolerance = 1e-6
	rakeCycles    = 1000
	stallCycles   = 50   // cycles over which
	stallGain     = 1e-3 // an improvement smaller than this is none
	sameTotal     = 1e-9 // relative difference up to which two margins are of the same population
	rakeSweeps    = 10   // of the projections that a variance is computed with
)

// Fit says how raking ended.
type Fit struct {
	Cycles int
	Worst  float64 // largest relative difference of a group from its target
	Margin int     // where it is
	Group  int     // len(Target): those whose group is not known
	AtCap  int     // respondents with the largest weight allowed
}

// Rake changes weights, by as little as possible, until each margin has the size that it has
// in the population. It is judged by its margins, never by having come to a standstill:
// where no weights fit, it fails with a *MarginError of NotReachable that names the margin
// which is farthest off. The order of the margins does not matter for the result.
//
// Source: Deming and Stephan (1940), Ann. Math. Stat. 11(4), 427–444; Deville, Särndal and
// Sautory (1993), J. Am. Stat. Assoc. 88(423), 1013–1020.
func (d *Design) Rake(margins []Margin, o RakeOptions) (*Design, Fit, error) {
	r, err := newRaking(d.weight, margins, o)
	if err != nil {
		return nil, Fit{}, err
	}
	w, fit, err := r.run(d.weight)
	if err != nil {
		return nil, fit, err
	}
	out, err := d.reweighted(w, raked{of: r.margins, weight: w}, func(replicate []float64) ([]float64, error) {
		again, _, err := r.run(replicate)
		return again, err
	})
	return out, fit, err
}

// raking is a set of margins that were checked.
type raking struct {
	margins []rakeMargin
	total   float64
	o       RakeOptions
}

// rakeMargin has the unknown as its last group where there are some.
type rakeMargin struct {
	code   []int32
	target []float64
	given  int // its number as the caller counts
}

func newRaking(weight []float64, margins []Margin, o RakeOptions) (*raking, error) {
	if o.Tolerance == 0 {
		o.Tolerance = rakeTolerance
	}
	if o.Cycles == 0 {
		o.Cycles = rakeCycles
	}
	if o.Cap != 0 && !(o.Cap > 1) {
		return nil, &MarginError{Problem: BadLimit, Margin: -1, Category: -1, Value: o.Cap}
	}
	r := &raking{o: o}
	for i, m := range margins {
		if err := m.check(i, weight, o.KeepMissing); err != nil {
			return nil, err
		}
		total := m.total()
		if i == 0 {
			r.total = total
		}
		if math.Abs(total-r.total) > sameTotal*r.total {
			return nil, &MarginError{Problem: TotalsDiffer, Margin: i, Category: -1, Value: total, Other: r.total}
		}
		r.margins = append(r.margins, newRakeMargin(i, m, weight))
	}
	if !(r.total > 0) {
		return nil, &MarginError{Problem: BadTarget, Margin: 0, Category: -1}
	}
	return r, nil
}

func newRakeMargin(index int, m Margin, weight []float64) rakeMargin {
	out := rakeMargin{code: make([]int32, len(m.Code)), target: append([]float64(nil), m.Target...), given: index}
	sums := m.sums(weight)
	unknown, all := sums[len(m.Target)], 0.0
	for _, s := range sums {
		all += s
	}
	if unknown > 0 {
		total := m.total()
		for k := range out.target {
			out.target[k] *= 1 - unknown/all
		}
		out.target = append(out.target, total*unknown/all)
	}
	for i, code := range m.Code {
		if code < 0 {
			code = len(m.Target)
		}
		out.code[i] = int32(code)
	}
	return out
}

// sums adds the weights of each group.
func (m rakeMargin) sums(to, w []float64) []float64 {
	clear(to)
	for i, code := range m.code {
		to[code] += w[i]
	}
	return to
}

// run rakes weights, which are not changed. Only those above 0 are worked on.
func (r *raking) run(start []float64) ([]float64, Fit, error) {
	var at []int32
	for i, w := range start {
		if w > 0 {
			at = append(at, int32(i))
		}
	}
	margins, w := r.margins, []float64(nil)
	if len(at) < len(start) {
		w = make([]float64, len(at))
		for to, from := range at {
			w[to] = start[from]
		}
		margins = make([]rakeMargin, len(r.margins))
		for m, of := range r.margins {
			margins[m] = of.only(at)
		}
	} else {
		w = append([]float64(nil), start...)
	}
	fit, err := r.cycles(w, margins)
	if err != nil {
		return nil, fit, err
	}
	if len(at) == len(start) {
		return w, fit, nil
	}
	out := make([]float64, len(start))
	for from, to := range at {
		out[to] = w[from]
	}
	return out, fit, nil
}

// only is the margin of some respondents.
func (m rakeMargin) only(at []int32) rakeMargin {
	code := make([]int32, len(at))
	for to, from := range at {
		code[to] = m.code[from]
	}
	m.code = code
	return m
}

// nearly is how close to the tolerance a cycle must begin for its end to be measured: a pass
// over all margins for that alone costs half as much as the cycle.
const nearly = 10

// cycles rakes w in place.
func (r *raking) cycles(w []float64, margins []rakeMargin) (Fit, error) {
	scratch, factor := make([][]float64, len(margins)), make([][]float64, len(margins))
	for m := range margins {
		scratch[m] = make([]float64, len(margins[m].target)+1)
		factor[m] = make([]float64, len(margins[m].target)+1)
	}
	var fit Fit
	before := math.Inf(1)
	margins[0].sums(scratch[0], w)
	for fit.Cycles = 1; ; fit.Cycles++ {
		begun := 0.0
		for i, m := range margins {
			for k, target := range m.target {
				factor[i][k] = 1
				if s := scratch[i][k]; s > 0 {
					factor[i][k] = target / s
					begun = max(begun, math.Abs(s-target)/s)
				}
			}
			next := (i + 1) % len(margins)
			m.scale(w, factor[i], margins[next], scratch[next])
		}
		measured := r.o.Cap > 0 || begun <= nearly*r.o.Tolerance || fit.Cycles%stallCycles == 0 || fit.Cycles >= r.o.Cycles
		if !measured {
			continue
		}
		if r.o.Cap > 0 {
			fit.AtCap = r.cap(w)
		}
		misfit(&fit, w, margins, scratch)
		switch {
		case fit.Worst <= r.o.Tolerance:
			return fit, nil
		case fit.Cycles >= r.o.Cycles, fit.Cycles%stallCycles == 0 && !(fit.Worst < before*(1-stallGain)):
			return fit, &MarginError{Problem: NotReachable, Margin: fit.Margin, Category: fit.Group, Value: fit.Worst, Other: r.o.Cap, Rows: fit.AtCap}
		}
		if fit.Cycles%stallCycles == 0 {
			before = fit.Worst
		}
	}
}

// scale multiplies weights by the factor of their group, and adds them up by the groups of
// another margin in the same pass.
func (m rakeMargin) scale(w, factor []float64, next rakeMargin, sums []float64) {
	clear(sums)
	codes, other := m.code, next.code
	for i := range w {
		v := w[i] * factor[codes[i]]
		w[i] = v
		sums[other[i]] += v
	}
}

// cap cuts weights at the cap and scales all back to the total; it returns how many were cut.
func (r *raking) cap(w []float64) int {
	positive := 0
	for _, v := range w {
		if v > 0 {
			positive++
		}
	}
	limit := r.o.Cap * r.total / float64(positive)
	cut := 0
	var all sum
	for i, v := range w {
		if v >= limit*(1-1e-12) {
			w[i] = limit
			cut++
		}
		all.add(w[i])
	}
	scale := r.total / all.value()
	for i := range w {
		w[i] = min(w[i]*scale, limit)
	}
	return cut
}

// misfit finds the group that is farthest from its target.
func misfit(fit *Fit, w []float64, margins []rakeMargin, scratch [][]float64) {
	fit.Worst = 0
	for i, m := range margins {
		m.sums(scratch[i], w)
		for k, target := range m.target {
			if target == 0 {
				continue
			}
			if off := math.Abs(scratch[i][k]-target) / target; off > fit.Worst || math.IsNaN(off) {
				fit.Worst, fit.Margin, fit.Group = off, m.given, k
			}
		}
	}
}

// raked takes out of influences what several margins explain together, by turns.
type raked struct {
	of     []rakeMargin
	weight []float64
}

// residual takes the mean of u/w of each group out, margin by margin, ten times, as R's
// survey package does for raked designs.
func (a raked) residual(u []float64) []float64 {
	x := append([]float64(nil), u...)
	for range rakeSweeps {
		for _, m := range a.of {
			mean, count := make([]float64, len(m.target)+1), make([]float64, len(m.target)+1)
			for i, code := range m.code {
				if a.weight[i] > 0 {
					mean[code] += x[i] / a.weight[i]
					count[code]++
				}
			}
			for i, code := range m.code {
				if a.weight[i] > 0 {
					x[i] -= a.weight[i] * mean[code] / count[code]
				}
			}
		}
	}
	return x
}
