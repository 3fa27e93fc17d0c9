package survey

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Distance says how far from 1 the factors of calibrated weights are counted.
type Distance string

// Distances.
const (
	Linear   Distance = "linear"   // the regression estimator; factors may be negative unless bounded
	Exponent Distance = "exponent" // factors are positive: raking where all variables are groups
	LogitIn  Distance = "logit"    // factors stay within the bounds smoothly
)

// CalibrateOptions say how weights are calibrated.
type CalibrateOptions struct {
	Distance  Distance // "": Linear
	Lower     float64  // bounds of factors; both 0: none. 0 ≤ Lower < 1 < Upper
	Upper     float64
	Tolerance float64 // of |misfit|/(1+|total|); 0: 1e-9
	Steps     int     // at most; 0: 200
}

// Calibrate changes weights, by as little as possible, until Σwx is the known total of each
// column of x [p][n]. Columns that determine each other are refused. Where no factors within
// the bounds fit it fails with a *MarginError of NotReachable that names the column.
//
// Source: Deville and Särndal (1992), J. Am. Stat. Assoc. 87(418), 376–382.
func (d *Design) Calibrate(x [][]float64, total []float64, o CalibrateOptions) (*Design, error) {
	c, err := newCalibration(d.n, x, total, o)
	if err != nil {
		return nil, err
	}
	g, err := c.factors(d.weight)
	if err != nil {
		return nil, err
	}
	projection, err := newRegression(x, d.weight, g)
	if err != nil {
		return nil, err
	}
	return d.reweighted(times(d.weight, g), projection, func(replicate []float64) ([]float64, error) {
		g, err := c.factors(replicate)
		if err != nil {
			return nil, err
		}
		return times(replicate, g), nil
	})
}

func times(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}

type calibration struct {
	x     [][]float64
	total []float64
	o     CalibrateOptions
}

func newCalibration(n int, x [][]float64, total []float64, o CalibrateOptions) (calibration, error) {
	if o.Distance == "" {
		o.Distance = Linear
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-9
	}
	if o.Steps == 0 {
		o.Steps = 200
	}
	bounded := o.Lower != 0 || o.Upper != 0
	if bounded && !(o.Lower >= 0 && o.Lower < 1 && o.Upper > 1) || !bounded && o.Distance == LogitIn {
		return calibration{}, &MarginError{Problem: BadLimit, Margin: -1, Category: -1, Value: o.Lower, Other: o.Upper}
	}
	if !bounded {
		o.Lower, o.Upper = math.Inf(-1), math.Inf(1)
	}
	if len(x) != len(total) || len(x) > n {
		return calibration{}, &MarginError{Problem: TooManyMargins, Margin: -1, Category: -1, Value: float64(len(x)), Other: float64(len(total))}
	}
	for k, column := range x {
		if len(column) != n {
			return calibration{}, &MarginError{Problem: WrongLength, Margin: k, Category: -1, Value: float64(len(column)), Other: float64(n)}
		}
		for i, v := range column {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return calibration{}, &MarginError{Problem: MarginMissing, Margin: k, Category: -1, Rows: i + 1}
			}
		}
		if math.IsNaN(total[k]) || math.IsInf(total[k], 0) {
			return calibration{}, &MarginError{Problem: BadTarget, Margin: k, Category: -1, Value: total[k]}
		}
	}
	return calibration{x: x, total: total, o: o}, nil
}

// factor is F(u) and its slope.
func (c calibration) factor(u float64) (f, slope float64) {
	l, h := c.o.Lower, c.o.Upper
	switch c.o.Distance {
	case LogitIn:
		a := (h - l) / ((h - 1) * (1 - l))
		e := math.Exp(min(a*u, 700))
		below := h - 1 + (1-l)*e
		f = (l*(h-1) + h*(1-l)*e) / below
		return f, (h - f) * (f - l) / ((h - 1) * (1 - l))
	case Exponent:
		f = math.Exp(min(u, 700))
		slope = f
	default:
		f, slope = 1+u, 1
	}
	if f < l || f > h {
		return min(max(f, l), h), 0
	}
	return f, slope
}

// factors solves Σ w x F(x'η) = T by Newton's method, with steps halved where the misfit
// would grow.
func (c calibration) factors(w []float64) ([]float64, error) {
	p := len(c.x)
	eta := make([]float64, p)
	g, slope := c.at(eta, w)
	off, worst, size := c.misfit(w, g)
	for step := 0; size > c.o.Tolerance; step++ {
		if step >= c.o.Steps {
			return nil, &MarginError{Problem: NotReachable, Margin: worst, Category: -1, Value: size, Other: c.total[worst]}
		}
		var direction mat.VecDense
		if err := direction.SolveVec(c.information(w, slope), mat.NewVecDense(p, off)); err != nil {
			problem := TooManyMargins
			if step > 0 {
				problem = NotReachable // all factors are at their bounds
			}
			return nil, &MarginError{Problem: problem, Margin: worst, Category: -1, Value: size, Other: c.total[worst]}
		}
		length := 1.0
		for {
			next := make([]float64, p)
			for k := range next {
				next[k] = eta[k] + length*direction.AtVec(k)
			}
			gNext, slopeNext := c.at(next, w)
			offNext, worstNext, sizeNext := c.misfit(w, gNext)
			if sizeNext < size || length < 1e-6 {
				if !(sizeNext < size) {
					return nil, &MarginError{Problem: NotReachable, Margin: worst, Category: -1, Value: size, Other: c.total[worst]}
				}
				eta, g, slope, off, worst, size = next, gNext, slopeNext, offNext, worstNext, sizeNext
				break
			}
			length /= 2
		}
	}
	return g, nil
}

func (c calibration) at(eta, w []float64) (g, slope []float64) {
	g, slope = make([]float64, len(w)), make([]float64, len(w))
	for i := range w {
		u := 0.0
		for k, x := range c.x {
			u += eta[k] * x[i]
		}
		g[i], slope[i] = c.factor(u)
	}
	return g, slope
}

// misfit is T − Σwgx, where it is worst, and how large there, relative to 1+|T|.
func (c calibration) misfit(w, g []float64) (off []float64, worst int, size float64) {
	off = make([]float64, len(c.x))
	for k, x := range c.x {
		var s sum
		for i, v := range x {
			s.add(w[i] * g[i] * v)
		}
		off[k] = c.total[k] - s.value()
		if relative := math.Abs(off[k]) / (1 + math.Abs(c.total[k])); relative > size || math.IsNaN(relative) {
			worst, size = k, relative
		}
	}
	return off, worst, size
}

func (c calibration) information(w, slope []float64) *mat.SymDense {
	out := mat.NewSymDense(len(c.x), nil)
	for a := range c.x {
		for b := a; b < len(c.x); b++ {
			var s sum
			for i := range w {
				if slope[i] != 0 {
					s.add(w[i] * slope[i] * c.x[a][i] * c.x[b][i])
				}
			}
			out.SetSym(a, b, s.value())
		}
	}
	return out
}

// regression takes out of influences what a regression on the calibrated variables explains.
type regression struct {
	x      *mat.Dense // [n][p], times the root of the first weights
	qr     *mat.QR
	weight []float64 // factor × root of the first weight
}

func newRegression(x [][]float64, w, g []float64) (regression, error) {
	n, p := len(w), len(x)
	r := regression{x: mat.NewDense(n, p, nil), qr: &mat.QR{}, weight: make([]float64, n)}
	for i := range n {
		root := math.Sqrt(w[i])
		r.weight[i] = g[i] * root
		for k := range x {
			r.x.Set(i, k, x[k][i]*root)
		}
	}
	r.qr.Factorize(r.x)
	if r.qr.Cond() > 1e12 {
		return regression{}, &MarginError{Problem: TooManyMargins, Margin: -1, Category: -1, Value: float64(p)}
	}
	return r, nil
}

func (r regression) residual(u []float64) []float64 {
	y := mat.NewVecDense(len(u), nil)
	for i := range u {
		if r.weight[i] != 0 {
			y.SetVec(i, u[i]/r.weight[i])
		}
	}
	var beta, fitted mat.VecDense
	if err := r.qr.SolveVecTo(&beta, false, y); err != nil {
		return u // cannot be: the condition was checked
	}
	fitted.MulVec(r.x, &beta)
	out := make([]float64, len(u))
	for i := range u {
		out[i] = (y.AtVec(i) - fitted.AtVec(i)) * r.weight[i]
	}
	return out
}
