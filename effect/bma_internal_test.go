package effect

import (
	"math"
	"testing"
)

func workedSeries(kind int) Series {
	round := func(v float64) float64 { return math.Round(v*100) / 100 }
	s := Series{Before: Span{0, 70}, After: Span{70, 90}}
	week := []float64{0, 1, 2, 1, 4, 9, -6}
	for t := range 90 {
		a, b, c := float64(37*t%23)-11, float64(53*t%29)-14, 20*math.Sin(float64(t)/9)
		y := 200 + .1*float64(t) + week[t%7] + .5*a
		x := []float64{round(50 + c + .3*b), round(80 + .5*c + b), round(10 + .2*float64(19*t%31))}
		switch kind {
		case 0:
			x = nil
		case 1:
			x = x[:1]
		}
		if kind > 0 {
			y += 1.5 * (c + .3*b)
			s.X = append(s.X, x)
		}
		s.Y = append(s.Y, round(y))
		s.Weekday = append(s.Weekday, t%7)
	}
	return s
}

func TestTry(t *testing.T) {
	for kind := range 3 {
		s := workedSeries(kind)
		c, err := newCalendar(s)
		if err != nil {
			t.Fatal(err)
		}
		a, err := average(c)
		if err != nil {
			t.Fatal(err)
		}
		u := c.unit
		obs, ratio := c.observed()
		best, second := 0, -1
		for i, p := range a.parts {
			if p.weight > a.parts[best].weight {
				best = i
			}
		}
		for i, p := range a.parts {
			if i != best && (second < 0 || p.weight > a.parts[second].weight) {
				second = i
			}
		}
		b, b2 := a.parts[best], a.parts[second]
		trend, lg := 0.0, 0.0
		for _, p := range a.parts {
			if p.d.forms()[p.form].tilted {
				trend += p.weight
			}
			if p.d.log {
				lg += p.weight
			}
		}
		t.Logf("y %v .. %v x %v", s.Y[:5], s.Y[89], len(s.X))
		t.Logf("best log %v phi %g d %+v own %v loc %.5f scale %.6f; second %.4f phi %g log %v", b.d.log, a.residuals[b.res].phi, b.d.forms()[b.form], b.own, b.loc*u, b.scale*u, math.Log(b2.weight/b.weight), a.residuals[b2.res].phi, b2.d.log)
		t.Logf("forms %d cut %d / %d; D %.5f trend %.5f log %.5f obs %.5f R %.8f", a.forms, a.firstCut, len(a.parts), a.drift, trend, lg, obs*u, ratio)
		m := a.mix
		t.Logf("%.4f %.4f %.4f  90: %.4f %.4f", m.quantile(.025)*u, m.median*u, m.quantile(.975)*u, m.quantile(.05)*u, m.quantile(.95)*u)
		t.Log(a.placeboValues(20))
		if kind > 0 {
			t.Log(a.relationChange(s))
		}
		r, err := BMA(s)
		t.Logf("%+v %v", r.Average, err)
		t.Logf("%+v %+v %+v %v", r.Path[0], r.Path[69], r.Path[89], r.Covariates)
		t.Logf("%+v %v", r.Cumulative, r.Relative)
		t.Log(BMAChecks(s, r))
	}
}
