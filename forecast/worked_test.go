package forecast

import (
	"math"
	"testing"

	"goalpost/infer"
)

func worked() (y, d []float64) {
	for t := range 60 {
		v := 100 + 4*float64((37*t)%23)
		if t%7 >= 5 {
			v /= 2
		}
		y = append(y, math.Round(v*math.Exp(0.004*float64(t))))
		d = append(d, math.Round(y[t]*(25+float64((11*t)%7))))
	}
	return y, d
}

// Published values: the worked example of the method, before any draw.
func TestWorkedExample(t *testing.T) {
	y, _ := worked()
	mod, err := newModel(History{Y: y}, false)
	if err != nil {
		t.Fatal(err)
	}
	near := func(name string, got, want, tol float64) {
		t.Helper()
		if math.Abs(got-want) > tol {
			t.Errorf("%s\ngot:  %.6f\nwant: %.6f", name, got, want)
		}
	}
	for i, w := range []float64{1.11763, 0.65823, 0.69228, 1.10402, 1.17705, 1.09017, 1.16062} {
		near("weekday", mod.weekday[i], w, 5e-6)
	}
	for i, w := range []float64{852, 931, 965, 949, 981, 1070, 997, 1090} {
		near("week", math.Exp(mod.x[i]), w, 0.5)
	}
	best := 0
	for i := range mod.cells {
		if mod.cells[i].w > mod.cells[best].w {
			best = i
		}
	}
	c := mod.cells[best]
	near("sigma", c.sigma, 0.03, 0)
	near("tau", c.tau, 0.005, 0)
	near("beta", c.beta, 0.02, 0)
	near("weight", c.w, 0.08505, 5e-6)
	near("m", c.m, 6.97652, 5e-6)
	near("b", c.b, 0.025020, 5e-7)
	near("P11", c.aa, 0.000411, 5e-7)
	near("P12", c.ab, 0.000105, 5e-7)
	near("P22", c.bb, 0.000084, 5e-7)
	for i, w := range []float64{0.7824, 1.0155, -0.6160, -0.4003, 1.8292, -1.8197, 0.7879} {
		near("z", mod.z[i], w, 5e-5)
	}
	near("mean m", mod.mean.m, 6.96917, 5e-6)
	near("mean sigma", mod.mean.sigma, 0.04550, 5e-6)
	near("mean tau", mod.mean.tau, 0.02476, 5e-6)
	near("mean beta", mod.mean.beta, 0.02085, 5e-6)
}

// Published values: the quantiles of the worked example, within 1 %.
func TestWorkedExampleQuantiles(t *testing.T) {
	y, _ := worked()
	m := 400000
	if testing.Short() {
		m = 100000
	}
	check := func(name string, r Result, err error, want [5]float64) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range [5]float64{r.Lo95, r.Lo80, r.Value, r.Hi80, r.Hi95} {
			if math.Abs(got/want[i]-1) > 0.01 {
				t.Errorf("%s quantile %d\ngot:  %.1f\nwant: %.1f", name, i, got, want[i])
			}
		}
	}
	for h, want := range map[int][5]float64{3: {304, 329, 379, 423, 450}, 7: {920, 991, 1093, 1190, 1255}, 30: {4006, 4282, 4769, 5249, 5585}, 90: {11570, 12722, 15295, 18459, 20861}} {
		r, err := sum(History{Y: y}, Horizon{Days: h}, Realised{}, m, infer.Rand(1, uint64(h)))
		check("sum", r, err, want)
	}
	ch := make([]float64, len(y))
	for i := range y {
		ch[i] = y[i] - 110
	}
	r, err := level(History{Y: ch}, 0, Horizon{Days: 30}, m, infer.Rand(2, 0))
	check("level", r, err, [5]float64{604, 818, 1198, 1557, 1787})
}
