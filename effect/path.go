package effect

import "math"

// path returns a point for each row of the series.
//
// Before the start, Expected is the one-step expectation: the coefficients are those of
// all rows before, the noise is followed up to the row before; the band is that of one
// row. In After it is the expectation from the last row before the start, as the average
// is. Between both, and outside, nothing is modelled.
func (a *averaged) path(s Series) []Point {
	out := make([]Point, len(s.Y))
	again := a.mixture(1, nil)
	a.pathBefore(out, again)
	u, first, n := a.cal.unit, a.cal.first, a.cal.n
	var asked []int
	var seen []float64
	for row := s.After.From; row < s.After.Until; row++ {
		pt := &out[row]
		ahead := row - first - n + 1
		pt.band(a.predict([]int{ahead}, 1, again), u)
		if !s.missing(row) {
			pt.Effect = s.Y[row] - pt.Expected
		}
		if s.missing(row) || s.Active != nil && !s.Active[row] {
			if row > s.After.From {
				pt.Sum, pt.SumLo, pt.SumHi = out[row-1].Sum, out[row-1].SumLo, out[row-1].SumHi
			}
			continue
		}
		asked, seen = append(asked, ahead), append(seen, s.Y[row]/u)
		mean, ratio := meanAndRatio(seen)
		m, days := a.predict(asked, ratio, again), float64(len(asked))
		pt.Sum = days * (mean - m.median) * u
		pt.SumLo, pt.SumHi = days*(mean-m.quantile(.975))*u, days*(mean-m.quantile(.025))*u
	}
	return out
}

// band sets what is expected of a row.
func (p *Point) band(m *mixture, unit float64) {
	p.Modelled = true
	p.Expected, p.Lo, p.Hi = m.median*unit, m.quantile(.025)*unit, m.quantile(.975)*unit
}

// pathBefore fills in the rows before the start.
func (a *averaged) pathBefore(out []Point, again *mixture) {
	n := a.cal.n
	loc, scale := make([][]float64, len(a.parts)), make([][]float64, len(a.parts))
	type expected struct {
		y    []float64
		cols [][]float64
	}
	known := map[*white]*expected{}
	for i := range a.parts {
		p := &a.parts[i]
		w := p.d.whiten(p.res, a.residuals)
		e := known[w]
		if e == nil {
			e = &expected{y: w.predictions(p.d.y), cols: make([][]float64, len(p.d.cols))}
			known[w] = e
		}
		l, s := make([]float64, n), make([]float64, n)
		sigma := math.Sqrt(p.fit.ss / float64(p.d.used-1))
		for t := range n {
			l[t], s[t] = p.d.mean+e.y[t], sigma*math.Sqrt(w.ahead[t])
		}
		for j, col := range p.cols {
			if e.cols[col] == nil {
				e.cols[col] = w.predictions(p.d.cols[col])
			}
			for t, v := range e.cols[col] {
				x := p.d.cols[col][t]
				if p.d.on > 0 && col == p.d.on {
					x = 0 // what was to be expected of the row without the activity
				}
				l[t] += p.beta[j] * (x - v)
			}
		}
		loc[i], scale[i] = l, s
	}
	for t := range n {
		for i := range a.parts {
			a.parts[i].loc, a.parts[i].scale = loc[i][t], scale[i][t]
		}
		pt := &out[a.cal.first+t]
		pt.band(a.mixture(1, again), a.cal.unit)
		if !a.cal.missing[t] {
			pt.Effect = a.cal.y[t]*a.cal.unit - pt.Expected
		}
	}
}

// covariates returns what each control contributes: how probable it is that it belongs
// there with a coefficient of its own, and that coefficient given that it does, with its
// share of the common index, per unit of the control (at the means before, where scales
// are logarithmic), as it was at the end of Before.
func (a *averaged) covariates() []Covariate {
	k := len(a.cal.x)
	var out []Covariate
	for j := range k {
		in, mean, square := 0.0, 0.0, 0.0
		for i := range a.parts {
			p := &a.parts[i]
			m, sd, ok := p.coefficient(j)
			if !ok {
				continue
			}
			in += p.weight
			mean += p.weight * m
			square += p.weight * (m*m + sd*sd)
		}
		c := Covariate{Inclusion: min(in, 1)}
		if in > 0 {
			c.Mean = mean / in
			c.SD = math.Sqrt(max(0, square/in-c.Mean*c.Mean))
			perUnit := a.cal.unit / a.cal.units[j]
			c.Mean, c.SD = c.Mean*perUnit, c.SD*perUnit
		}
		out = append(out, c)
	}
	return out
}

// coefficient returns mean and standard deviation of the coefficient of control j in a
// component, and whether it has one.
func (c *component) coefficient(j int) (mean, sd float64, ok bool) {
	d := c.d
	v := make([]float64, len(c.cols))
	for i, col := range c.cols {
		switch {
		case col == d.own+j:
			v[i], ok = 1/d.spread[j], true
		case col == d.index || d.change >= 0 && col >= d.change && col < d.change+changePieces-1:
			v[i] = 1 / d.spread[j] / d.indexSpread / float64(len(d.spread))
		}
	}
	if !ok {
		return 0, 0, false
	}
	for i, b := range c.beta {
		mean += v[i] * b
	}
	c.fit.forward(v)
	n := float64(d.used - 1)
	sd = math.Sqrt(c.fit.ss / n * inner(v, v) * n / (n - 2))
	if d.log {
		f := math.Exp(d.mean)
		if d.logged[j] {
			x := 0.0
			for _, value := range d.cal.x[j][:d.cal.n] {
				x += value / float64(d.cal.n)
			}
			f /= x
		}
		mean, sd = mean*f, sd*f
	}
	return mean, sd, true
}
