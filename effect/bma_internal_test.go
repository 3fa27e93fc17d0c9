package effect

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"goalpost/infer"
)

// near fails where a number differs by more than a tolerance.
func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s\ngot:  %.8f\nwant: %.8f", name, got, want)
	}
}

// workedSeries returns one of the three series without chance: alone, with one control,
// with three.
func workedSeries(controls int) Series {
	round := func(v float64) float64 { return math.Round(v*100) / 100 }
	s := Series{Before: Span{0, 70}, After: Span{70, 90}}
	week := []float64{0, 1, 2, 1, 4, 9, -6}
	for t := range 90 {
		a, b, c := float64(37*t%23)-11, float64(53*t%29)-14, 20*math.Sin(float64(t)/9)
		y := 200 + .1*float64(t) + week[t%7] + .5*a
		if controls > 0 {
			y += 1.5 * (c + .3*b)
			x := []float64{round(50 + c + .3*b), round(80 + .5*c + b), round(10 + .2*float64(19*t%31))}
			s.X = append(s.X, x[:controls])
		}
		s.Y, s.Weekday = append(s.Y, round(y)), append(s.Weekday, t%7)
	}
	return s
}

// worked is what an independent prototype printed for a series.
type worked struct {
	controls                    int
	phi, trend, control         float64 // of the best component
	loc, scale                  float64
	second, secondPhi           float64
	secondLog                   bool
	secondTrend                 float64
	forms, firstCut, cut, n     int
	drift, trendShare, logShare float64
	observed, ratio             float64
	expected                    [3]float64
	effect                      [5]float64 // value, 95 %, 90 %
	placebo                     [2]float64
	bayes, change               float64
}

var workedNumbers = []worked{
	{0, -.3, 4, 0, 210.01035, 0.938759, -.0396, -.3, true, 4, 10, 45, 44, 69, .02090, .98630, .49261, 210.05, 1.00032512,
		[3]float64{207.6095, 209.8525, 211.8979}, [5]float64{.1975, -1.8479, 2.4405, -1.5065, 2.0060}, [2]float64{.73085, .33294}, 0, 0},
	{1, -.3, 4, 4, 223.89879, 1.027444, -.7468, -.3, false, 1, 9, 36, 32, 69, .07152, .95079, 0, 223.683, 1.00216745,
		[3]float64{220.2187, 223.6409, 225.9580}, [5]float64{.0421, -2.2750, 3.4643, -1.8849, 2.4607}, [2]float64{.87248, .33091}, -.98486, .02151},
	{3, -.3, 4, 3, 224.21844, 0.942822, -1.0889, -.15, false, 4, 10, 145, 135, 69, .07120, .95483, 0, 223.683, 1.00216745,
		[3]float64{221.0745, 223.9799, 226.1123}, [5]float64{-.2969, -2.4293, 2.6085, -2.0678, 1.8514}, [2]float64{.37801, .55076}, 1.06648, .20979},
}

// trendSD returns the prior standard deviation of a component's trend, 0 without one.
func (c *component) trendSD() float64 {
	f := c.d.forms()[c.form]
	if i := slices.Index(f.cols, c.d.trend); i >= 0 {
		return 1 / math.Sqrt(f.lambda[i])
	}
	return 0
}

// Published values: every number that the prototype printed for three series, to the
// printed digit.
func TestBMAWorked(t *testing.T) {
	for _, w := range workedNumbers {
		t.Run(fmt.Sprintf("%d controls", w.controls), func(t *testing.T) {
			s := workedSeries(w.controls)
			c, err := newCalendar(s)
			if err != nil {
				t.Fatal(err)
			}
			c.published = true
			a, err := average(c)
			if err != nil {
				t.Fatal(err)
			}
			u := c.unit
			w.checkParts(t, a)
			observed, ratio := c.observed()
			near(t, "observed mean", observed*u, w.observed, 5e-6)
			near(t, "R", ratio, w.ratio, 5e-9)
			near(t, "drift", a.drift, w.drift, 5e-6)
			for i, p := range []float64{.025, .5, .975} {
				near(t, "expected", a.mix.quantile(p)*u, w.expected[i], 5e-5)
			}
			r := a.result()
			for i, v := range []float64{r.Average.Value, r.Average.Lo, r.Average.Hi, r.Narrow.Lo, r.Narrow.Hi} {
				near(t, "effect", v, w.effect[i], 5.1e-5)
			}
			for i, p := range a.placeboValues(s.After.Len()) {
				near(t, "placebo", p, w.placebo[i], 5e-6)
			}
			if w.controls > 0 {
				bayes, change := a.relationChange(s)
				near(t, "ln Bayes factor", bayes, w.bayes, 5e-6)
				near(t, "change of the relation", change, w.change, 5e-6)
			}
		})
	}
}

func (w worked) checkParts(t *testing.T, a *averaged) {
	t.Helper()
	if got, want := [4]int{a.forms, a.firstCut, len(a.parts), a.parts[0].d.used - 1}, [4]int{w.forms, w.firstCut, w.cut, w.n}; got != want {
		t.Errorf("structures, components after each cut, N\ngot:  %v\nwant: %v", got, want)
	}
	parts := slices.Clone(a.parts)
	slices.SortStableFunc(parts, func(p, q component) int {
		switch {
		case p.weight > q.weight:
			return -1
		case p.weight < q.weight:
			return 1
		}
		return 0
	})
	best, second := &parts[0], &parts[1]
	f, u := best.d.forms()[best.form], a.cal.unit
	phi := a.residuals[best.res].phi
	if best.d.log || phi != w.phi || best.trendSD() != w.trend || f.change || w.controls == 1 && f.lambda[len(f.lambda)-1] != 1/(w.control*w.control) {
		t.Errorf("best component: log %v, phi %g, trend %g, %+v", best.d.log, phi, best.trendSD(), f)
	}
	if w.controls == 3 && (!slices.Equal(best.own, []int{0}) || !slices.Equal(second.own, []int{0}) || f.slab != w.control) {
		t.Errorf("best components chose %v and %v, slab %g", best.own, second.own, f.slab)
	}
	near(t, "location", best.loc*u, w.loc, 5e-6)
	near(t, "scale", best.scale*u, w.scale, 5e-7)
	near(t, "second", math.Log(second.weight/best.weight), w.second, 5e-5)
	if phi := a.residuals[second.res].phi; second.d.log != w.secondLog || phi != w.secondPhi || second.trendSD() != w.secondTrend {
		t.Errorf("second component: log %v, phi %g, trend %g", second.d.log, phi, second.trendSD())
	}
	trend, log := 0.0, 0.0
	for i := range parts {
		if parts[i].trendSD() > 0 {
			trend += parts[i].weight
		}
		if parts[i].d.log {
			log += parts[i].weight
		}
	}
	near(t, "weight of the trend", trend, w.trendShare, 5e-6)
	near(t, "weight of the log scale", log, w.logShare, 5e-6)
}

// Published values: the prior weights of the covariances, to four digits.
func TestResidualWeights(t *testing.T) {
	want := []float64{.0438, .0500, .2, .0520, .0480, .0438, .0394, .0349, .0300, .0248, .0162, .0088, .0049, .0023, .0011,
		.0302, .0602, .0878, .0961, .0746, .0379, .0095, .0038}
	all := residuals()
	if len(all) != len(want) {
		t.Fatalf("%d covariances", len(all))
	}
	sum := 0.0
	for i, c := range all {
		near(t, fmt.Sprintf("weight %d", i), math.Exp(c.prior), want[i], 5e-5)
		sum += math.Exp(c.prior)
		p, steps := c.first, 2000 // the filter settles at a prediction variance of 1
		for range steps {
			p = c.phi*c.phi*(p-p*p/(p+c.r)) + c.q
		}
		near(t, fmt.Sprintf("steady variance %d", i), p+c.r, 1, 1e-9)
	}
	near(t, "sum", sum, 1, 1e-12)
}

// dense is the same model by covariance matrices: no filter, no Cholesky of normal
// equations, no closed form for coefficients.
type dense struct {
	omega     *mat.SymDense // of the used rows, with the coefficients' priors
	inverse   mat.Dense
	y         *mat.VecDense
	used      []int
	n         float64
	logML, ss float64
	centre    float64 // of the intercept
	ones      *mat.VecDense
	precision float64 // of the intercept
}

// residualCovariance is that of two rows, counted from 1.
func residualCovariance(c residual, i, j int) float64 {
	v := 0.0
	if c.phi == 1 {
		v = c.first + c.q*float64(min(i, j)-1)
	} else {
		v = math.Pow(c.phi, math.Abs(float64(i-j))) * c.q / (1 - c.phi*c.phi)
	}
	if i == j {
		v += c.r
	}
	return v
}

// between is the prior covariance of two rows, with all coefficients but the intercept's.
func (d *design) between(c residual, cols []int, lambda []float64, i, j int) float64 {
	v := residualCovariance(c, i+1, j+1)
	for k, col := range cols {
		if lambda[k] > 0 {
			v += d.cols[col][i] * d.cols[col][j] / lambda[k]
		}
	}
	return v
}

func newDense(d *design, c residual, cols []int, lambda []float64) *dense {
	var e dense
	for t, u := range d.cal.used {
		if u {
			e.used = append(e.used, t)
		}
	}
	k := len(e.used)
	e.n = float64(k - 1)
	e.omega, e.y, e.ones = mat.NewSymDense(k, nil), mat.NewVecDense(k, nil), mat.NewVecDense(k, nil)
	for a, i := range e.used {
		e.y.SetVec(a, d.y[i])
		e.ones.SetVec(a, 1)
		for b, j := range e.used[:a+1] {
			e.omega.SetSym(a, b, d.between(c, cols, lambda, i, j))
		}
	}
	if err := e.inverse.Inverse(e.omega); err != nil {
		panic(err)
	}
	e.precision = mat.Inner(e.ones, &e.inverse, e.ones)
	e.centre = mat.Inner(e.ones, &e.inverse, e.y) / e.precision
	e.ss = mat.Inner(e.y, &e.inverse, e.y) - e.centre*e.centre*e.precision
	det, _ := mat.LogDet(e.omega)
	e.logML = -.5*det - .5*math.Log(e.precision) - .5*e.n*math.Log(e.ss)
	return &e
}

// predict returns location and scale of a mean over rows.
func (e *dense) predict(d *design, c residual, cols []int, lambda []float64, rows []int) (loc, scale float64) {
	m := float64(len(rows))
	cross, own := mat.NewVecDense(len(e.used), nil), 0.0
	for _, r := range rows {
		for a, i := range e.used {
			cross.SetVec(a, cross.AtVec(a)+d.between(c, cols, lambda, i, r)/m)
		}
		for _, q := range rows {
			own += d.between(c, cols, lambda, q, r) / (m * m)
		}
	}
	loc = d.mean + e.centre + mat.Inner(cross, &e.inverse, e.y) - e.centre*mat.Inner(cross, &e.inverse, e.ones)
	left := 1 - mat.Inner(cross, &e.inverse, e.ones)
	v := own - mat.Inner(cross, &e.inverse, cross) + left*left/e.precision
	return loc, math.Sqrt(e.ss / e.n * v)
}

// patchy is a short series with missing rows before and after, and a gap between.
func patchy(controls int) Series {
	s := noisy(3, 24, 9, controls, .6)
	s.After.From += 2
	s.Missing = make([]bool, len(s.Y))
	for _, t := range []int{0, 7, 8, 23, 29} {
		s.Missing[t] = true
	}
	return s
}

// Reference: marginal likelihood and prediction by dense covariance matrices agree with
// the filter, for all covariances and structures, over missing rows and a gap.
func TestFilterAgreesWithDense(t *testing.T) {
	for _, controls := range []int{0, 1, 3} {
		c, err := newCalendar(patchy(controls))
		if err != nil {
			t.Fatal(err)
		}
		all := residuals()
		for _, log := range []bool{false, true} {
			d := newDesign(c, log, false)
			for r, res := range all {
				w := d.whiten(r, all)
				for i, f := range d.forms() {
					if controls == 3 && (i+r)%7 != 0 {
						continue // each structure and each covariance, not each pair
					}
					e := newDense(d, res, f.cols, f.lambda)
					s := w.solve(d, f.cols, f.lambda, 0, nil)
					near(t, "log ML", s.logML-d.jacobian, e.logML, 1e-7)
					near(t, "SS", s.ss/e.ss, 1, 1e-8)
					a := averaged{cal: c, residuals: all, t: newTTable(d.used - 1), parts: []component{{d: d, res: r, form: i, weight: 1, cols: f.cols, fit: s}}}
					a.predict(c.horizons(), 1, nil)
					loc, scale := e.predict(d, res, f.cols, f.lambda, c.asked)
					near(t, "location", a.parts[0].loc, loc, 1e-7*(1+math.Abs(loc)))
					near(t, "scale", a.parts[0].scale/scale, 1, 1e-7)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

// Reference: every subset on a sparse path has the likelihood of a fit of its own, and its
// prior; the path follows the best.
func TestSparsePath(t *testing.T) {
	c, err := newCalendar(noisy(5, 60, 20, 8, .5))
	if err != nil {
		t.Fatal(err)
	}
	all := residuals()
	d := newDesign(c, false, false)
	for _, f := range d.forms() {
		if f.slab == 0 {
			continue
		}
		w := d.whiten(7, all)
		sizes := sizePriors(8, d.used)
		subsets := 0
		w.visit(d, f, nil, func(ml float64, chosen []int, added int) {
			p, size := component{d: d, own: chosen}, len(chosen)
			if added >= 0 {
				p.own, size = append(slices.Clone(chosen), added), size+1
			}
			cols, lambda := slices.Clone(f.cols), slices.Clone(f.lambda)
			for _, j := range p.own {
				cols, lambda = append(cols, d.own+j), append(lambda, 1/(f.slab*f.slab))
			}
			near(t, fmt.Sprintf("subset %v", p.own), ml, w.solve(d, cols, lambda, f.prior, nil).logML+sizes[size], 1e-9)
			subsets++
		})
		if want := 1 + 8 + 7 + 6 + 5 + 4 + 3; subsets != want {
			t.Errorf("got: %d subsets\nwant: %d", subsets, want)
		}
	}
	total, ways := 0.0, 1.0
	for j, p := range sizePriors(8, 60) {
		total += ways * math.Exp(p)
		ways *= float64(8-j) / float64(j+1)
	}
	near(t, "prior of all subsets", total, 1, 1e-12)
}

// Reference: the gain of a window is that of a fit with its dummy as one more free column.
func TestWindowGain(t *testing.T) {
	s := noisy(11, 40, 10, 1, .3)
	for i := 20; i < 23; i++ {
		s.Y[i] += 6
	}
	s.Missing = make([]bool, 50)
	s.Missing[12] = true
	c, err := newCalendar(s)
	if err != nil {
		t.Fatal(err)
	}
	all := residuals()
	for r, res := range all {
		if res.look&lookAll == 0 {
			continue
		}
		d := newDesign(c, false, false)
		w := d.whiten(r, all)
		f, fit := w.bestPlain(d)
		gain, from, rows := w.bestWindow(d, f, fit, 5)
		best := math.Inf(-1)
		for _, length := range []int{1, 2, 3, 5} {
			for start := 0; start+length <= 38; start++ {
				dummy := make([]float64, c.rows)
				for i := range length {
					dummy[start+i] = 1
				}
				e := newDesign(c, false, false)
				e.cols = append(e.cols, dummy)
				cols, lambda := append(slices.Clone(f.cols), len(e.cols)-1), append(slices.Clone(f.lambda), 0)
				if start == 12 && length == 1 {
					continue // a missing row: no column
				}
				ss := e.whiten(r, all).solve(e, cols, lambda, 0, nil).ss
				best = max(best, -.5*float64(d.used-1)*math.Log(ss/fit.ss))
			}
		}
		near(t, fmt.Sprintf("gain with covariance %d", r), gain, best, 1e-7)
		if from != 20 || rows != 3 {
			t.Errorf("got: rows %d to %d\nwant: 20 to 23", from, from+rows)
		}
	}
}

// Recovery: an outlying week before the start is left out, and ordinary noise is not.
func TestOutlyingWeek(t *testing.T) {
	dropped := 0
	for seed := range uint64(10) {
		s := noisy(100+seed, 100, 30, 1, .3)
		clean, err := BMA(s)
		if err != nil {
			t.Fatal(err)
		}
		dropped += len(clean.Dropped)
		for i := 50; i < 57; i++ {
			s.Y[i] += 6
		}
		r, err := BMA(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Dropped) < 7 || r.Dropped[0] < 48 || slices.Max(r.Dropped) > 58 {
			t.Errorf("seed %d\ngot:  %v\nwant: rows 50 to 56", 100+seed, r.Dropped)
		}
	}
	if dropped > 0 {
		t.Errorf("%d rows of plain noise were left out", dropped)
	}
}

// The quantiles of a mixture are those of its distribution.
func TestMixtureQuantiles(t *testing.T) {
	rng := infer.Rand(9, 0)
	for range 200 {
		c := 1 + rng.IntN(6)
		m := &mixture{t: newTTable(6 + rng.IntN(90)), ratio: 1.1, widen: 1, logs: rng.IntN(c + 1)}
		for i := range c {
			loc, scale := 10*rng.Float64(), .01+3*rng.Float64()
			if i >= m.logs {
				loc, scale = math.Log(1+loc), scale/10
			}
			m.weight, m.loc, m.inverse = append(m.weight, 1/float64(c)), append(m.loc, loc), append(m.inverse, 1/scale)
		}
		m.summarise()
		m.median = m.solve(.5, m.mean)
		for _, p := range []float64{.001, .025, .05, .5, .95, .975, .999} {
			near(t, fmt.Sprintf("quantile %g of %+v", p, m), m.cdf(m.quantile(p)), p, 1e-9)
		}
	}
}
