package main

import (
	"errors"
	"math"

	"goalpost/effect"
	"goalpost/infer"
)

// ar1 is the plain peer: a regression on the controls whose noise is AR(1), by restricted
// maximum likelihood, the estimates plugged in, quantiles of the normal. No trend, no
// weekday. The full likelihood takes too small a phi where controls are many: with 20
// controls and 30 days it raises .23 false alarms instead of .12.
func ar1(s effect.Series) (average, narrow infer.Estimate, err error) {
	fit, err := fitAR1(s)
	if err != nil {
		return average, narrow, err
	}
	effect, se := fit.effect(s)
	at := func(level float64) infer.Estimate {
		z := infer.Z(level)
		return infer.Estimate{Value: effect, Lo: effect - z*se, Hi: effect + z*se, Level: level}
	}
	return at(.95), at(.90), nil
}

// ar1Fit is the fit at one phi.
type ar1Fit struct {
	phi, variance, logLik float64
	beta                  []float64
	inverse               [][]float64 // of the whitened cross products
	last                  int         // row of the last known day before
}

// fitAR1 maximises the exact restricted likelihood over phi, on a grid and then between its points.
func fitAR1(s effect.Series) (ar1Fit, error) {
	var best ar1Fit
	found := false
	try := func(phi float64) {
		fit, ok := whiten(s, phi)
		if ok && (!found || fit.logLik > best.logLik) {
			best, found = fit, true
		}
	}
	for phi := -.95; phi < .996; phi += .05 {
		try(phi)
	}
	for step := .025; step > .0005; step /= 2 {
		at := best.phi
		try(max(at-step, -.995))
		try(min(at+step, .995))
	}
	if !found {
		return best, errors.New("the regression has no solution")
	}
	return best, nil
}

// regressors of a row: the level and the controls.
func regressors(s effect.Series, t int) []float64 {
	row := []float64{1}
	if s.X != nil {
		row = append(row, s.X[t]...)
	}
	return row
}

// known rows of a span.
func known(s effect.Series, span effect.Span) (rows []int) {
	for t := span.From; t < span.Until; t++ {
		if s.Missing == nil || !s.Missing[t] {
			rows = append(rows, t)
		}
	}
	return rows
}

// whiten fits by generalised least squares at one phi. A gap of g days is bridged by phi^g.
func whiten(s effect.Series, phi float64) (fit ar1Fit, ok bool) {
	rows := known(s, s.Before)
	if len(rows) == 0 {
		return fit, false
	}
	p := len(regressors(s, rows[0]))
	gram, cross := make([][]float64, p), make([]float64, p)
	for i := range gram {
		gram[i] = make([]float64, p)
	}
	squares, logDet := 0.0, 0.0
	for i, t := range rows {
		x, y, v := regressors(s, t), s.Y[t], 1/(1-phi*phi)
		if i > 0 {
			r := math.Pow(phi, float64(t-rows[i-1]))
			v *= 1 - r*r
			y -= r * s.Y[rows[i-1]]
			for j, before := range regressors(s, rows[i-1]) {
				x[j] -= r * before
			}
		}
		logDet += math.Log(v)
		squares += y * y / v
		for j := range x {
			cross[j] += x[j] * y / v
			for k := range x {
				gram[j][k] += x[j] * x[k] / v
			}
		}
	}
	inverse, logDetInverse, ok := invert(gram)
	if !ok || len(rows) <= p {
		return fit, false
	}
	beta := make([]float64, p)
	for j := range beta {
		for k := range beta {
			beta[j] += inverse[j][k] * cross[k]
		}
	}
	for j := range beta {
		squares -= beta[j] * cross[j]
	}
	n := float64(len(rows))
	if !(squares > 0) {
		return fit, false
	}
	return ar1Fit{phi, squares / (n - float64(p)), -(n-float64(p))/2*math.Log(squares) - logDet/2 + logDetInverse/2, beta, inverse, rows[len(rows)-1]}, true
}

// effect is the mean of the known days after less what the fit expects, and its standard
// error: of the noise to come, given the last day, and of the coefficients.
func (f ar1Fit) effect(s effect.Series) (effect, se float64) {
	rows := known(s, s.After)
	m := float64(len(rows))
	h, pull, noise := make([]float64, len(f.beta)), 0.0, 0.0
	for _, t := range rows {
		effect += s.Y[t] / m
		for j, x := range regressors(s, t) {
			h[j] += x / m
		}
		ahead := float64(t - f.last)
		pull += math.Pow(f.phi, ahead) / m
		for _, u := range rows {
			apart := math.Abs(float64(t - u))
			noise += (math.Pow(f.phi, apart) - math.Pow(f.phi, ahead+float64(u-f.last))) / (1 - f.phi*f.phi) / m / m
		}
	}
	effect -= pull * s.Y[f.last]
	for j, x := range regressors(s, f.last) {
		h[j] -= pull * x
		effect -= h[j] * f.beta[j]
	}
	for j := range h {
		for k := range h {
			noise += h[j] * f.inverse[j][k] * h[k]
		}
	}
	return effect, math.Sqrt(f.variance * noise)
}

// invert inverts a symmetric positive matrix by elimination, and takes the logarithm of
// the inverse's determinant; not ok where it is singular.
func invert(a [][]float64) (inverse [][]float64, logDet float64, ok bool) {
	n := len(a)
	w := make([][]float64, n)
	for i := range w {
		w[i] = append(append(make([]float64, 0, 2*n), a[i]...), make([]float64, n)...)
		w[i][n+i] = 1
	}
	for i := range n {
		pivot := w[i][i]
		if !(pivot > 1e-10*a[i][i]) {
			return nil, 0, false
		}
		logDet -= math.Log(pivot)
		for k := range w[i] {
			w[i][k] /= pivot
		}
		for r := range n {
			if factor := w[r][i]; r != i && factor != 0 {
				for k := range w[r] {
					w[r][k] -= factor * w[i][k]
				}
			}
		}
	}
	for i := range w {
		w[i] = w[i][n:]
	}
	return w, logDet, true
}
