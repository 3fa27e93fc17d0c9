package effect

import "math"

// white is y and all columns of a design, seen through the filter of one covariance: the
// one-step innovations over the root of their variance, which are independent with
// variance σ².
//
// Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman
// Filter, section 3.4.
type white struct {
	res    residual
	gain   []float64   // [n] 0 where the row is not used
	root   []float64   // [n] 1/√F, 0 where the row is not used
	y      []float64   // [n]
	cols   [][]float64 // [q][n]
	gram   [][]float64 // [q][q] W'W
	cross  []float64   // [q] W'y
	yy     float64
	logF   float64   // sum
	state  []float64 // [q] last filtered state of each column
	stateY float64
	p      float64   // its variance in σ²
	ahead  []float64 // [n] F, the variance of the prediction of a row, in σ²
}

// whiten returns the design through one covariance. It is kept: screen, fit and search for
// outlying weeks look at the same ones.
func (d *design) whiten(i int, all []residual) *white {
	if w := d.whites[i]; w != nil {
		return w
	}
	n, q := d.cal.n, len(d.cols)
	w := &white{res: all[i], gain: make([]float64, n), root: make([]float64, n), y: make([]float64, n),
		cols: make([][]float64, q), gram: make([][]float64, q), cross: make([]float64, q), state: make([]float64, q)}
	w.ahead = make([]float64, n)
	p := w.res.first
	for t, used := range d.cal.used {
		w.ahead[t] = p + w.res.r
		if used {
			f := w.ahead[t]
			w.gain[t], w.root[t] = p/f, 1/math.Sqrt(f)
			w.logF += math.Log(f)
			p *= w.res.r / f // p·(1 − gain), without cancellation
		}
		w.p = p
		p = w.res.phi*w.res.phi*p + w.res.q
	}
	store := make([]float64, n*q)
	for j, col := range d.cols {
		w.cols[j] = store[j*n : (j+1)*n : (j+1)*n]
		w.state[j] = w.filter(col, w.cols[j])
	}
	w.stateY = w.filter(d.y, w.y)
	for i := range q {
		w.gram[i] = make([]float64, q)
		for j := range i + 1 {
			w.gram[i][j] = inner(w.cols[i], w.cols[j])
			w.gram[j][i] = w.gram[i][j]
		}
		w.cross[i] = inner(w.cols[i], w.y)
	}
	w.yy = inner(w.y, w.y)
	d.whites[i] = w
	return w
}

// predictions returns what the filter expects of each row of x from those before it.
func (w *white) predictions(x []float64) []float64 {
	out := make([]float64, len(w.gain))
	z := 0.0
	for t := range out {
		out[t] = w.res.phi * z
		z = out[t] + w.gain[t]*(x[t]-out[t])
	}
	return out
}

// filter writes the whitened rows of x to out and returns the last filtered state.
func (w *white) filter(x, out []float64) float64 {
	predicted, z, phi := 0.0, 0.0, w.res.phi
	for t := range out {
		v := x[t] - predicted
		out[t] = v * w.root[t]
		z = predicted + w.gain[t]*v
		predicted = phi * z
	}
	return z
}

func inner(a, b []float64) float64 {
	s := 0.0
	b = b[:len(a)]
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

// solved is a regression with a conjugate prior: A = G + Λ = LL'.
type solved struct {
	p     int
	chol  []float64 // [p][p] L, by rows
	half  []float64 // [p] L⁻¹g
	ss    float64   // y'y − g'A⁻¹g
	logML float64   // without the number of rows' constants
}

// solve fits the columns of a form. into is used again where it has room.
func (w *white) solve(d *design, cols []int, lambda []float64, prior float64, into *solved) *solved {
	p := len(cols)
	s := into
	if s == nil {
		s = &solved{}
	}
	if cap(s.chol) < p*p {
		s.chol, s.half = make([]float64, p*p), make([]float64, p)
	}
	s.p, s.chol, s.half = p, s.chol[:p*p], s.half[:p]
	s.ss = w.yy
	det, lam := 0.0, 0.0
	for i, ci := range cols {
		row, g := s.chol[i*p:i*p+i+1], w.gram[ci]
		for j := range i {
			other := s.chol[j*p : j*p+j+1]
			v := g[cols[j]]
			for k := range j {
				v -= row[k] * other[k]
			}
			row[j] = v / other[j]
		}
		v, r := g[ci]+lambda[i], w.cross[ci]
		for k := range i {
			v -= row[k] * row[k]
			r -= row[k] * s.half[k]
		}
		row[i] = math.Sqrt(v)
		s.half[i] = r / row[i]
		s.ss -= s.half[i] * s.half[i]
		det += math.Log(v)
		if lambda[i] > 0 {
			lam += math.Log(lambda[i])
		}
	}
	s.ss = max(s.ss, tinySS*w.yy)
	s.logML = -.5*(w.logF+det-lam) - .5*float64(d.used-1)*math.Log(s.ss) + prior + d.jacobian
	return s
}

// tinySS is what a fit leaves at least, as a share of the whole: below is rounding.
const tinySS = 1e-13

// forward solves L·out = v in place.
func (s *solved) forward(v []float64) {
	for i := range v {
		row := s.chol[i*s.p : i*s.p+i+1]
		x := v[i]
		for k := range i {
			x -= row[k] * v[k]
		}
		v[i] = x / row[i]
	}
}

// beta returns the coefficients A⁻¹g.
func (s *solved) beta() []float64 {
	b := append([]float64(nil), s.half...)
	for i := s.p - 1; i >= 0; i-- {
		for k := i + 1; k < s.p; k++ {
			b[i] -= s.chol[k*s.p+i] * b[k]
		}
		b[i] /= s.chol[i*s.p+i]
	}
	return b
}

// visit calls yield with the log marginal likelihood of a form, or of every subset of
// controls on its greedy path: chosen are those of the sizes before, added is the one that
// this subset has besides, -1 for none.
func (w *white) visit(d *design, f form, buf *solved, yield func(logML float64, chosen []int, added int)) {
	s := w.solve(d, f.cols, f.lambda, f.prior, buf)
	if f.slab == 0 {
		yield(s.logML, nil, -1)
		return
	}
	k := len(d.cal.x)
	sizes := sizePriors(k, d.used)
	yield(s.logML+sizes[0], nil, -1)
	c := w.candidates(d, f, s)
	n, lam := float64(d.used-1), 2*math.Log(1/f.slab)
	base, ss := s.logML+.5*n*math.Log(s.ss), s.ss
	var chosen []int
	for size := 1; size < len(sizes); size++ {
		best, bestML := -1, math.Inf(-1)
		for j := range k {
			if c.in[j] {
				continue
			}
			left := max(ss-c.r[j]*c.r[j]/c.s[j*k+j], tinySS*w.yy)
			ml := base + .5*(lam-math.Log(c.s[j*k+j])) - .5*n*math.Log(left) + sizes[size]
			yield(ml, chosen, j)
			if ml > bestML {
				best, bestML = j, ml
			}
		}
		base += .5 * (lam - math.Log(c.s[best*k+best]))
		ss = max(ss-c.r[best]*c.r[best]/c.s[best*k+best], tinySS*w.yy)
		c.take(best)
		chosen = append(chosen[:len(chosen):len(chosen)], best)
	}
}

// sizePriors returns the log prior of each subset of a size, from none to the largest.
func sizePriors(k, used int) []float64 {
	largest := min(k, maxSize, used/rowsPerSize)
	total, p, subsets := 0.0, 1.0, 1.0
	out := make([]float64, largest+1)
	for j := range out {
		out[j] = math.Log(p / subsets)
		total += p
		p *= sizeFactor
		subsets *= float64(k-j) / float64(j+1)
	}
	for j := range out {
		out[j] -= math.Log(total)
	}
	return out
}

// candidates are the controls less what the columns that are in explain of them (Schur
// complements), so that trying one costs a few operations.
type candidates struct {
	k  int
	s  []float64 // [k][k]
	r  []float64 // [k]
	in []bool
}

func (w *white) candidates(d *design, f form, s *solved) *candidates {
	k, p := len(d.cal.x), s.p
	c := &candidates{k: k, s: make([]float64, k*k), r: make([]float64, k), in: make([]bool, k)}
	v := make([]float64, k*p)
	for j := range k {
		row, own := v[j*p:(j+1)*p], d.own+j
		for i, ci := range f.cols {
			row[i] = w.gram[own][ci]
		}
		s.forward(row)
		c.r[j] = w.cross[own] - inner(row, s.half)
		for i := range j + 1 {
			c.s[j*k+i] = w.gram[own][d.own+i] - inner(row, v[i*p:(i+1)*p])
			c.s[i*k+j] = c.s[j*k+i]
		}
		c.s[j*k+j] += 1 / (f.slab * f.slab)
	}
	return c
}

// take puts a candidate in.
func (c *candidates) take(b int) {
	k, pivot := c.k, c.s[b*c.k+b]
	for i := range k {
		if c.in[i] || i == b {
			continue
		}
		f := c.s[i*k+b] / pivot
		c.r[i] -= f * c.r[b]
		for j := range k {
			c.s[i*k+j] -= f * c.s[b*k+j]
		}
	}
	c.in[b] = true
}
