package forecast

import (
	"math"
	"slices"
)

// The grid of cells and its prior weights (forecast.md part 2).
const (
	phi      = 0.97 // growth fades by this factor a week
	forget   = 0.97 // of the likelihood, per observed week
	nu       = 8.0  // degrees of freedom of the likelihood's t
	clipQ    = 25.0 // squared standardised error from which a week is shortened
	headroom = 3.0  // no week above exp(3) ≈ 20 times the best one so far
)

// cell is one set of fixed parameters with its filtered state.
type cell struct {
	sigma, tau, beta float64
	w                float64 // weight, normalised
	m, b             float64 // level and growth now
	aa, ab, bb       float64 // their covariance
}

// model is a history in weeks with every cell filtered through it.
type model struct {
	h        History
	additive bool
	first    int // index of the first day that lies in a block
	weekday  [7]float64
	x        []float64 // [K] weekly totals on the model's scale
	seen     []bool    // [K]
	c, s     float64   // offset of the log scale; scale of the additive one
	top      float64   // largest x
	cells    []cell
	z        []float64 // standardised disturbances of the observed weeks but the first
	zWeek    []int     // week of each z
	lev      []float64 // [K] smoothed level
	mean     cell      // weighted means over the cells
	day      []float64 // one-day window ratios
}

// newModel blocks a history into weeks, filters every cell and smooths the best one.
func newModel(h History, additive bool) (*model, error) {
	mod := &model{h: h, additive: additive, first: len(h.Y) % 7}
	if err := mod.block(nil); err != nil {
		return nil, err
	}
	mod.filter(nil)
	mod.smooth(nil)
	mod.day = mod.window(1)
	return mod, nil
}

// block makes weekday factors and weekly totals.
func (mod *model) block(_ []float64) error {
	h := mod.h
	k := len(h.Y) / 7
	mod.weekdays(k)
	totals := make([]float64, k)
	mod.seen = make([]bool, k)
	for i := range k {
		y, w, n := 0.0, 0.0, 0
		for d := range 7 {
			if j := mod.first + 7*i + d; !h.missing(j) {
				y, w, n = y+h.Y[j], w+mod.weekday[d], n+1
			}
		}
		mod.seen[i] = n >= minWeekDays
		switch {
		case !mod.seen[i]:
		case mod.additive:
			totals[i] = 7 * (y - w) / float64(n)
		default:
			totals[i] = 7 * y / w
		}
	}
	return mod.scale(totals)
}

// weekdays estimates the factors of the positions in a block.
func (mod *model) weekdays(k int) {
	h := mod.h
	var sums [7]float64
	n := 0.0
	for i := range k {
		total, complete := 0.0, true
		for d := range 7 {
			j := mod.first + 7*i + d
			if h.missing(j) {
				complete = false
				break
			}
			total += h.Y[j]
		}
		if !complete || (!mod.additive && total <= 0) {
			continue
		}
		n++
		for d := range 7 {
			y := h.Y[mod.first+7*i+d]
			if mod.additive {
				sums[d] += y - total/7
			} else {
				sums[d] += 7 * y / total
			}
		}
	}
	mean := 0.0
	for d := range 7 {
		if mod.additive {
			mod.weekday[d] = sums[d] / (n + 4)
		} else {
			mod.weekday[d] = (sums[d] + 2) / (n + 2)
		}
		mean += mod.weekday[d] / 7
	}
	for d := range 7 {
		if mod.additive {
			mod.weekday[d] -= mean
		} else {
			mod.weekday[d] /= mean
		}
	}
}

// scale puts weekly totals on the log scale, or divides them by a typical size.
func (mod *model) scale(totals []float64) error {
	var w []float64
	for i, t := range totals {
		if mod.seen[i] {
			w = append(w, t)
		}
	}
	mod.x = make([]float64, len(totals))
	if mod.additive {
		step := 0.0
		abs := make([]float64, len(w))
		for i, t := range w {
			abs[i] = math.Abs(t)
			if i > 0 {
				step += math.Abs(t - w[i-1])
			}
		}
		mod.s = max(upperMedian(abs), 1.5*step/float64(max(1, len(w)-1)))
		if mod.s == 0 {
			return &TooLittleError{Rule: RuleScale, Need: minActive}
		}
	} else {
		low, mean := slices.Min(w), 0.0
		for _, t := range w {
			mean += t / float64(len(w))
		}
		if mean <= 0 {
			return &TooLittleError{Rule: RuleScale, Need: minActive}
		}
		if low <= 0 || low < 0.1*upperMedian(w) {
			mod.c = 0.1 * mean
		}
	}
	mod.top = math.Inf(-1)
	for i, t := range totals {
		if !mod.seen[i] {
			continue
		}
		if mod.additive {
			mod.x[i] = t / mod.s
		} else {
			mod.x[i] = math.Log(t + mod.c)
		}
		mod.top = max(mod.top, mod.x[i])
	}
	return nil
}

func upperMedian(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

// back returns the weekly total of a value on the model's scale.
func (mod *model) back(x float64) float64 {
	if mod.additive {
		return x * mod.s
	}
	return max(0, math.Exp(min(x, mod.top+headroom))-mod.c)
}

// grid returns the 234 cells with the logarithms of their prior weights in w.
func grid() []cell {
	taus, tauW := []float64{0.005, 0.02, 0.04, 0.08, 0.16, 0.32}, []float64{3, 3, 2.5, 1.5, 0.75, 0.3}
	betas, betaW := []float64{0, 0.02, 0.04}, []float64{3, 2, 1}
	cells := make([]cell, 0, 13*6*3)
	for j := range 13 {
		for t := range taus {
			for b := range betas {
				cells = append(cells, cell{sigma: 0.03 * math.Exp2(float64(j)/2), tau: taus[t], beta: betas[b], w: math.Log(tauW[t] * betaW[b])})
			}
		}
	}
	return cells
}

// filter runs every cell through the weeks and weighs it by how well it foretold
// them. extra [K] is a known variance of each week's value, or nil.
func (mod *model) filter(extra []float64) {
	mod.cells = grid()
	best := math.Inf(-1)
	for i := range mod.cells {
		c := &mod.cells[i]
		c.w += mod.run(c, extra, nil)
		best = max(best, c.w)
	}
	total := 0.0
	for i := range mod.cells {
		mod.cells[i].w = math.Exp(mod.cells[i].w - best)
		total += mod.cells[i].w
	}
	for i := range mod.cells {
		c := &mod.cells[i]
		c.w /= total
		mod.mean.m += c.w * c.m
		mod.mean.b += c.w * c.b
		mod.mean.sigma += c.w * c.sigma
		mod.mean.tau += c.w * c.tau
		mod.mean.beta += c.w * c.beta
	}
}

// step is what the smoother needs of one week of a filter's run.
type step struct {
	f, e, raw, g0, g1 float64
	m, aa, ab         float64 // predicted
	observed          bool    // and not the first
}

// run filters one cell and returns its log likelihood. trace [K], if not nil, keeps
// the steps.
func (mod *model) run(c *cell, extra []float64, trace []step) float64 {
	s2, t2, b2 := c.sigma*c.sigma, c.tau*c.tau, c.beta*c.beta*(1-phi*phi)
	l, started := 0.0, false
	for k, seen := range mod.seen {
		o := 0.0
		if extra != nil {
			o = extra[k]
		}
		if !started {
			if seen {
				c.m, c.b, c.aa, c.ab, c.bb = mod.x[k], 0, s2+o, 0, c.beta*c.beta
				started = true
			}
			continue
		}
		c.m += phi * c.b
		c.b *= phi
		c.aa += 2*phi*c.ab + phi*phi*c.bb + t2
		c.ab = phi*c.ab + phi*phi*c.bb
		c.bb = phi*phi*c.bb + b2
		if trace != nil {
			trace[k] = step{m: c.m, aa: c.aa, ab: c.ab}
		}
		if !seen {
			continue
		}
		f := c.aa + s2 + o
		raw := mod.x[k] - c.m
		e := raw
		q := e * e / f
		l = forget*l - math.Log(f)/2 - (nu+1)/2*math.Log(1+q/nu)
		if q > clipQ {
			e = math.Copysign(5*math.Sqrt(f), e)
		}
		g0, g1 := c.aa/f, c.ab/f
		if trace != nil {
			trace[k] = step{f: f, e: e, raw: raw, g0: g0, g1: g1, m: c.m, aa: c.aa, ab: c.ab, observed: true}
		}
		c.m += g0 * e
		c.b += g1 * e
		c.bb -= g1 * c.ab
		c.ab -= g0 * c.ab
		c.aa -= g0 * c.aa
	}
	return l
}

// smooth runs the disturbance smoother over the cell with the greatest weight: z is
// how many standard deviations a week was off the level that the other weeks imply.
func (mod *model) smooth(extra []float64) {
	best := 0
	for i := range mod.cells {
		if mod.cells[i].w > mod.cells[best].w {
			best = i
		}
	}
	c := mod.cells[best]
	trace := make([]step, len(mod.x))
	mod.run(&c, extra, trace)
	mod.lev = make([]float64, len(mod.x))
	var r0, r1, n00, n01, n11 float64
	first := slices.Index(mod.seen, true)
	var z []float64
	var weeks []int
	for k := len(mod.x) - 1; k > first; k-- {
		t := trace[k]
		if t.observed {
			u := t.e/t.f - (t.g0*r0 + t.g1*r1)
			d := 1/t.f + t.g0*t.g0*n00 + 2*t.g0*t.g1*n01 + t.g1*t.g1*n11
			z = append(z, (u+(t.raw-t.e)/t.f)/math.Sqrt(d))
			weeks = append(weeks, k)
			// N = M'N M + diag(1/F, 0), M = [[1−g0, 0], [−g1, 1]]
			a, b := 1-t.g0, -t.g1
			m00 := a*a*n00 + 2*a*b*n01 + b*b*n11 + 1/t.f
			m01 := a*n01 + b*n11
			n00, n01 = m00, m01
			r0 += u
		}
		mod.lev[k] = t.m + t.aa*r0 + t.ab*r1
		// r = T'r, N = T'N T with T = [[1, φ], [0, φ]]
		r1 = phi*r0 + phi*r1
		n11 = phi * phi * (n00 + 2*n01 + n11)
		n01 = phi * (n00 + n01)
	}
	for k := first; k >= 0; k-- {
		mod.lev[k] = mod.lev[min(k+1, len(mod.lev)-1)]
	}
	slices.Reverse(z)
	slices.Reverse(weeks)
	mod.z, mod.zWeek = z, weeks
}

// expected is what the smoothed level of its week lets one expect of a day.
func (mod *model) expected(i int) float64 {
	k := max(0, (i-mod.first)/7)
	if i < mod.first {
		k = 0
	}
	d := ((i-mod.first)%7 + 7) % 7
	if mod.additive {
		return mod.back(mod.lev[k])/7 + mod.weekday[d]
	}
	return mod.back(mod.lev[k]) / 7 * mod.weekday[d]
}

// window returns, over all runs of r observed days, what they brought against what
// was expected: a ratio, or for levels a difference.
func (mod *model) window(r int) []float64 {
	var out []float64
	h := mod.h
	run := 0
	for i := range h.Y {
		if h.missing(i) {
			run = 0
			continue
		}
		if run++; run < r {
			continue
		}
		y, e := 0.0, 0.0
		for j := i - r + 1; j <= i; j++ {
			y, e = y+h.Y[j], e+mod.expected(j)
		}
		switch {
		case mod.additive:
			out = append(out, y-e)
		case e > 0:
			out = append(out, y/e)
		}
	}
	return out
}
