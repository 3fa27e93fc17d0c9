package effect

import (
	"math"
	"slices"
)

// MethodSwitched is the name of the method for activities that ran several times.
const MethodSwitched = "switched"

const (
	shiftsExclude = .05 // share of shifts that may exclude 0
	minOff        = 7   // known rows without the activity
)

// Switched answers, for an activity that was switched on and off: how much higher or lower
// was the outcome, on average over the rows in which it ran, than without it?
//
// s is as for BMA; s.Active [T] marks the rows of After in which the activity ran, nil means
// all of them. All known rows of Before and After are fitted at once, with the models of
// BMA and one more column, 1 where the activity ran, whose coefficient has a prior standard
// deviation of 10 σ. On the logarithmic scale the effect is a factor, and what was expected
// of the active rows is what was observed there, divided by it. No rows are left out as
// outlying: an active one may be so because it worked.
//
// The same analysis is then made with the pattern shifted round the calendar, by every
// number of rows, over the series without the estimated effect. Where more than 5 % of the
// shifts exclude 0, the interval is widened until 5 % do. Shifts looks back on both.
//
// In Path, Expected is the one-step expectation of a row without the activity, from all rows
// before it; Sum adds the effect over the active rows.
//
// Assumes that an active row has the same effect each time, which ends with the row, and
// that it was not switched on because the outcome was about to change.
//
// Fails as BMA does, but needs 7 known rows without the activity, wherever they stand, and
// with ErrShape where Active marks rows before After.
//
// Source of the shifts: Fisher's randomisation, here over the n rotations of the pattern;
// see Bojinov, Simchi-Levi and Zhao (2023), Management Science 69(7), 3759–3777, for
// designs that make such rotations exact.
func Switched(s Series) (Result, error) {
	part, err := readCalendar(s)
	if err != nil {
		return Result{}, err
	}
	all := s
	all.Active = nil
	known, err := readCalendar(all)
	if err != nil {
		return Result{}, err
	}
	c := known.whole()
	on, err := c.switches(s, part)
	if err != nil {
		return Result{}, err
	}
	a := &averaged{cal: c, residuals: residuals()}
	scales := c.scales()
	for _, d := range scales {
		d.on = len(d.cols)
		d.cols = append(d.cols, on)
	}
	a.fit(scales)
	observed, _ := c.observed()
	a.mix = a.without(observed, nil)
	shifts := a.shifts(on)
	a.mix.widen *= shifts.Widened
	r := a.result()
	r.Method, r.Shifts = MethodSwitched, shifts
	r.Path = a.pathSwitched(s, on)
	r.Covariates = a.covariates()
	return r, nil
}

// switches returns the column of the activity [n] and makes its known rows those that are
// asked for. part is the calendar that c was made from.
func (c *calendar) switches(s Series, part *calendar) ([]float64, error) {
	on, off := make([]float64, c.n), 0
	for t := range on {
		row := c.first + t
		active := row >= s.After.From && (s.Active == nil || s.Active[row])
		if row < s.After.From && s.Active != nil && s.Active[row] {
			return nil, ErrShape
		}
		switch {
		case active:
			on[t] = 1
		case c.used[t]:
			off++
		}
	}
	if off < minOff {
		return nil, ErrTooShort
	}
	c.asked, c.seen = part.asked, part.seen
	return on, c.enough()
}

// without predicts the mean of active rows without the activity, where observed is their
// mean with it.
func (a *averaged) without(observed float64, into *mixture) *mixture {
	for i := range a.parts {
		p := &a.parts[i]
		at := slices.Index(p.cols, p.d.on)
		v := make([]float64, len(p.cols))
		v[at] = 1
		p.fit.forward(v)
		p.loc = observed
		if p.d.log {
			p.loc = math.Log(observed)
		}
		p.loc -= p.beta[at]
		p.scale = math.Sqrt(p.fit.ss / float64(p.d.used-1) * inner(v, v))
	}
	return a.mixture(1, into)
}

// pathSwitched returns a point for each row: see Switched.
func (a *averaged) pathSwitched(s Series, on []float64) []Point {
	out := make([]Point, len(s.Y))
	again := a.mixture(1, nil)
	a.pathBefore(out, again)
	var last Point
	sum, rows := 0.0, 0.0
	again.widen = a.mix.widen
	for t := range on {
		row := a.cal.first + t
		pt := &out[row]
		switch {
		case row >= s.Before.Until && row < s.After.From:
			*pt = Point{} // between Before and After
			continue
		case on[t] == 1 && a.cal.used[t]:
			sum, rows = sum+a.cal.y[t], rows+1
			m, u := a.without(sum/rows, again), rows*a.cal.unit
			last.Sum = (sum/rows - m.median) * u
			last.SumLo, last.SumHi = (sum/rows-m.quantile(.975))*u, (sum/rows-m.quantile(.025))*u
		}
		pt.Sum, pt.SumLo, pt.SumHi = last.Sum, last.SumLo, last.SumHi
	}
	return out
}

// shifted is a component over the series without its effect, ready to take the column of a
// shifted activity.
type shifted struct {
	part  *component
	white *white
	base  *solved // without the activity
	cols  []int
	prior float64 // log, up to what is common to all
}

// shifts analyses every rotation of the pattern that differs from it. The components and
// their structures are those of the real pattern, their weights and coefficients are new.
func (a *averaged) shifts(on []float64) *Shifts {
	mean, _ := a.cal.observed()
	effect := mean - a.mix.median
	clean, logEffect := a.cleaned(mean, on)
	parts := a.withoutEffect(effect, logEffect, on)
	n := len(on)
	column := make([]float64, n)
	m := &mixture{weight: make([]float64, len(parts)), loc: make([]float64, len(parts)), inverse: make([]float64, len(parts)), logs: a.mix.logs, ratio: 1, t: a.t, widen: a.mix.widen}
	s := &Shifts{AsLarge: 1, Widened: 1}
	var factors []float64 // by which an interval must grow to reach 0
	for k := 1; k < n; k++ {
		differs := false
		for t := range column {
			column[t] = on[(t-k+n)%n]
			differs = differs || column[t] != on[t]
		}
		seen := meanAt(column, clean, a.cal.used)
		if !differs || math.IsNaN(seen) || seen <= 0 && m.logs < len(parts) {
			continue
		}
		a.shift(parts, column, seen, m)
		s.Tried++
		off := seen - m.median
		if math.Abs(off) >= math.Abs(effect) {
			s.AsLarge++
		}
		reach := m.median - m.quantile(.025)
		if off > 0 {
			reach = m.quantile(.975) - m.median
		}
		f := math.Abs(off) / reach
		if f > 1 {
			s.Excluding++
		}
		factors = append(factors, f)
	}
	s.AsLarge /= float64(s.Tried + 1)
	if s.Tried == 0 {
		return s
	}
	s.Excluding /= float64(s.Tried)
	if s.Excluding > shiftsExclude {
		slices.Sort(factors)
		s.Widened = factors[int(math.Ceil((1-shiftsExclude)*float64(s.Tried)))-1]
	}
	return s
}

// meanAt returns the mean of the used rows that a column marks, NaN where there is none.
func meanAt(column, y []float64, used []bool) float64 {
	sum, rows := 0.0, 0.0
	for t, c := range column {
		if c == 1 && used[t] {
			sum, rows = sum+y[t], rows+1
		}
	}
	return sum / rows
}

// cleaned returns y without the estimated effect: less its size, or divided by it where the
// scale of the logarithm weighs more than half. logEffect is the effect on that scale.
func (a *averaged) cleaned(mean float64, on []float64) (y []float64, logEffect float64) {
	weight, loc := 0.0, 0.0
	for i := a.mix.logs; i < len(a.mix.weight); i++ {
		weight += a.mix.weight[i]
		loc += a.mix.weight[i] * a.mix.loc[i]
	}
	if weight > 0 {
		logEffect = math.Log(mean) - loc/weight
	}
	y = slices.Clone(a.cal.y)
	for t, v := range on {
		switch {
		case v == 0:
		case weight > .5:
			y[t] *= math.Exp(-logEffect)
		default:
			y[t] -= mean - a.mix.median
		}
	}
	return y, logEffect
}

// withoutEffect takes the estimated effect out of y on the scale of each component. The
// filter is linear, so that nothing is filtered again.
func (a *averaged) withoutEffect(size, logSize float64, on []float64) []shifted {
	clean := map[*white]*white{}
	var list []shifted
	for i := range a.parts {
		p := &a.parts[i]
		d, w := p.d, p.d.whiten(p.res, a.residuals)
		effect, jacobian := size, 0.0
		if d.log {
			effect = logSize
			for t, v := range on {
				if v == 1 && a.cal.used[t] {
					jacobian += effect * float64(d.used-1) / float64(d.used)
				}
			}
		}
		c := clean[w]
		if c == nil {
			copied := *w
			c = &copied
			c.y, c.cross = slices.Clone(w.y), slices.Clone(w.cross)
			for t, v := range w.cols[d.on] {
				c.y[t] -= effect * v
			}
			for j := range c.cross {
				c.cross[j] -= effect * w.gram[d.on][j]
			}
			c.yy = inner(c.y, c.y)
			clean[w] = c
		}
		q := shifted{part: p, white: c, prior: math.Log(p.weight) - p.fit.logML + jacobian}
		_, lambda := p.columns()
		var kept []float64
		for j, col := range p.cols {
			if col != d.on {
				q.cols, kept = append(q.cols, col), append(kept, lambda[j])
			}
		}
		q.base = c.solve(d, q.cols, kept, 0, nil)
		list = append(list, q)
	}
	return list
}

// shift fits the column of a shifted activity and puts the prediction of its rows' mean
// without it into m. seen is their mean.
func (a *averaged) shift(parts []shifted, column []float64, seen float64, m *mixture) {
	type met struct {
		cross   []float64 // [q] with the columns
		y, self float64
	}
	known := map[*white]*met{}
	best := math.Inf(-1)
	out, h := make([]float64, len(column)), []float64(nil)
	for i, q := range parts {
		w, d := q.white, q.part.d
		k := known[w]
		if k == nil {
			w.filter(column, out)
			k = &met{cross: make([]float64, len(w.cols)), y: inner(out, w.y), self: inner(out, out)}
			for j, col := range w.cols {
				k.cross[j] = inner(out, col)
			}
			known[w] = k
		}
		h = h[:0]
		for _, col := range q.cols {
			h = append(h, k.cross[col])
		}
		q.base.forward(h)
		square := k.self + 1/(stepSD*stepSD) - inner(h, h)
		r := k.y - inner(h, q.base.half)
		ss := max(q.base.ss-r*r/square, tinySS*w.yy)
		n := float64(d.used - 1)
		m.weight[i] = q.prior + q.base.logML - .5*math.Log(square) - .5*n*math.Log(ss/q.base.ss)
		best = max(best, m.weight[i])
		m.loc[i] = seen - r/square
		if d.log {
			m.loc[i] = math.Log(seen) - r/square
		}
		m.inverse[i] = 1 / math.Sqrt(ss/n/square)
	}
	sum := 0.0
	for i, w := range m.weight {
		m.weight[i] = math.Exp(w - best)
		sum += m.weight[i]
	}
	for i := range m.weight {
		m.weight[i] /= sum
	}
	m.summarise()
	m.median = m.solve(.5, m.mean)
}
