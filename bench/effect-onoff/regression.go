package main

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"goalpost/infer"
)

// series is a series with the days on which an activity ran; missing days are left out.
type series struct {
	day     []int // from the first
	y       []float64
	on      []bool
	weekday []int // nil: rows are not days
}

// contrast is what a method says of the activity: more or less a day, with a 95 % interval.
type contrast func(s series) (infer.Estimate, error)

var errUnsolved = errors.New("the regression has no solution")

// means is the difference of the means of days with and without, each day for itself,
// with the interval of Welch (1947), Biometrika 34, 28–35.
func means(s series) (infer.Estimate, error) {
	var n, sum, square [2]float64
	for t, y := range s.y {
		k := 0
		if s.on[t] {
			k = 1
		}
		n[k], sum[k], square[k] = n[k]+1, sum[k]+y, square[k]+y*y
	}
	if n[0] < 2 || n[1] < 2 {
		return infer.Estimate{}, errUnsolved
	}
	var part [2]float64 // variance of each mean
	for k := range part {
		part[k] = (square[k] - sum[k]*sum[k]/n[k]) / (n[k] - 1) / n[k]
	}
	v := part[0] + part[1]
	freedom := v * v / (part[0]*part[0]/(n[0]-1) + part[1]*part[1]/(n[1]-1))
	return around(sum[1]/n[1]-sum[0]/n[0], math.Sqrt(v)*quantile(freedom)), nil
}

func around(value, half float64) infer.Estimate {
	return infer.Estimate{Value: value, Lo: value - half, Hi: value + half, Level: .95, Kind: infer.Confidence}
}

func quantile(freedom float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile(.975)
}

// independent is a regression on the activity and the days of the week that takes days for
// independent of each other.
func independent(s series) (infer.Estimate, error) {
	f, ok := s.whitened(0)
	if !ok {
		return infer.Estimate{}, errUnsolved
	}
	return around(f.value, f.se*quantile(f.freedom)), nil
}

// autoregressive is the same regression with noise of which each day carries on a share of
// the day before; the share by restricted maximum likelihood, then taken for known.
func autoregressive(s series) (infer.Estimate, error) {
	best, found := fit{}, false
	try := func(phi float64) {
		if f, ok := s.whitened(phi); ok && (!found || f.logLik > best.logLik) {
			best, found = f, true
		}
	}
	for phi := -.95; phi < .996; phi += .05 {
		try(phi)
	}
	for step := .025; step > .001; step /= 2 {
		at := best.phi
		try(max(at-step, -.995))
		try(min(at+step, .995))
	}
	if !found {
		return infer.Estimate{}, errUnsolved
	}
	return around(best.value, best.se*infer.Z(.95)), nil
}

// fit is a regression at one share.
type fit struct {
	phi, value, se, freedom, logLik float64
}

// whitened fits by generalised least squares; a gap of g days is bridged by phi to the g.
func (s series) whitened(phi float64) (fit, bool) {
	columns := 2
	if s.weekday != nil {
		columns += 6
	}
	n := len(s.y)
	x, y := mat.NewDense(n, columns, nil), mat.NewVecDense(n, nil)
	logScale := 0.0
	for t := range n {
		carried, scale := 0.0, math.Sqrt(1-phi*phi)
		if t > 0 {
			carried = math.Pow(phi, float64(s.day[t]-s.day[t-1]))
			scale = math.Sqrt((1 - phi*phi) / (1 - carried*carried))
		}
		logScale += math.Log(scale)
		row := s.row(t, columns)
		v := s.y[t]
		if t > 0 {
			v -= carried * s.y[t-1]
			for j, b := range s.row(t-1, columns) {
				row[j] -= carried * b
			}
		}
		y.SetVec(t, v*scale)
		for j := range row {
			x.Set(t, j, row[j]*scale)
		}
	}
	var cross mat.SymDense
	cross.SymOuterK(1, x.T())
	var chol mat.Cholesky
	if n <= columns || !chol.Factorize(&cross) {
		return fit{}, false
	}
	var right, beta, left mat.VecDense
	right.MulVec(x.T(), y)
	if chol.SolveVecTo(&beta, &right) != nil {
		return fit{}, false
	}
	left.MulVec(x, &beta)
	left.SubVec(y, &left)
	rest, freedom := mat.Dot(&left, &left), float64(n-columns)
	var inverse mat.SymDense
	if chol.InverseTo(&inverse) != nil || !(rest > 0) {
		return fit{}, false
	}
	return fit{phi: phi, value: beta.AtVec(1), se: math.Sqrt(rest / freedom * inverse.At(1, 1)), freedom: freedom,
		logLik: logScale - freedom/2*math.Log(rest) - chol.LogDet()/2}, true
}

// row is the intercept, the activity and six days of the week.
func (s series) row(t, columns int) []float64 {
	row := make([]float64, columns)
	row[0] = 1
	if s.on[t] {
		row[1] = 1
	}
	if s.weekday != nil && s.weekday[t] > 0 {
		row[1+s.weekday[t]] = 1
	}
	return row
}

// moved is the share of the other places of the calendar at which a method finds an effect
// of the same pattern of days: over the series without the effect that it found itself, so
// that there is none to find.
func moved(s series, method contrast) (float64, error) {
	found, err := method(s)
	if err != nil {
		return 0, err
	}
	rest := s
	rest.y = append([]float64(nil), s.y...)
	for t := range rest.y {
		if s.on[t] {
			rest.y[t] -= found.Value
		}
	}
	n, alarms := len(s.y), 0
	for by := 1; by < n; by++ {
		rest.on = append(append([]bool(nil), s.on[n-by:]...), s.on[:n-by]...)
		e, err := method(rest)
		if err != nil {
			return 0, err
		}
		if e.Lo > 0 || e.Hi < 0 {
			alarms++
		}
	}
	return float64(alarms) / float64(n-1), nil
}
