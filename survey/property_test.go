package survey

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"goalpost/infer"
)

// randomSpec draws a sample with strata, clusters, weights and answers.
func randomSpec(random *rand.Rand) (Spec, []float64, []Margin) {
	n := 20 + random.IntN(200)
	strata, units := 1+random.IntN(4), 8+random.IntN(20)
	s := Spec{N: n, Nested: true, Weight: make([]float64, n)}
	stage := Stage{Unit: make([]int, n), Stratum: make([]int, n)}
	y := make([]float64, n)
	margins := []Margin{{Target: make([]float64, 2)}, {Target: make([]float64, 3)}}
	for i := range n {
		stage.Stratum[i], stage.Unit[i] = i%strata, (i/strata)%units
		s.Weight[i] = 0.2 + 3*random.Float64()
		if random.Float64() < 0.3+0.4*float64(i%3)/3 {
			y[i] = 1
		}
		if random.Float64() < 0.05 {
			y[i] = math.NaN()
		}
		for m := range margins {
			code := random.IntN(len(margins[m].Target))
			if i < 6 {
				code = i % len(margins[m].Target)
			}
			margins[m].Code = append(margins[m].Code, code)
		}
	}
	share := 0.3 + 0.4*random.Float64()
	margins[0].Target[0], margins[0].Target[1] = 1000*share, 1000*(1-share)
	margins[1].Target[0], margins[1].Target[1], margins[1].Target[2] = 250, 450, 300
	s.Stages = []Stage{stage}
	return s, y, margins
}

// The order of the respondents changes nothing, nor does the unit in which weights are
// counted; a share stays in 0..1 within its interval; weights stay positive and meet their
// margins.
func TestSurveyProperties(t *testing.T) {
	random := infer.Rand(11, 3)
	for range 300 {
		spec, y, margins := randomSpec(random)
		order := random.Perm(spec.N)
		shuffled, scaled := spec, spec
		shuffled.Weight, scaled.Weight = make([]float64, spec.N), make([]float64, spec.N)
		stage, answers := Stage{Unit: make([]int, spec.N), Stratum: make([]int, spec.N)}, make([]float64, spec.N)
		for to, from := range order {
			shuffled.Weight[to], answers[to] = spec.Weight[from], y[from]
			stage.Unit[to], stage.Stratum[to] = spec.Stages[0].Unit[from], spec.Stages[0].Stratum[from]
			scaled.Weight[to] = 1e6 * spec.Weight[to]
		}
		shuffled.Stages = []Stage{stage}
		share := func(s Spec, y []float64) ShareEstimate {
			d, err := NewDesign(s)
			if err != nil {
				t.Fatal(err)
			}
			e, err := d.Share(y, nil, ShareOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		a, b, c := share(spec, y), share(shuffled, answers), share(scaled, y)
		for _, other := range []ShareEstimate{b, c} {
			same(t, "share", other.Value, a.Value, 1e-11)
			same(t, "standard error", other.SE, a.SE, 1e-9)
			same(t, "lower limit", other.Lo, a.Lo, 1e-9)
			same(t, "upper limit", other.Hi, a.Hi, 1e-9)
			same(t, "design effect", other.DesignEffect, a.DesignEffect, 1e-9)
		}
		if !(a.Lo >= 0 && a.Lo <= a.Value && a.Value <= a.Hi && a.Hi <= 1) {
			t.Errorf("\ngot:  %v in %v to %v", a.Value, a.Lo, a.Hi)
		}
		checkRaked(t, spec, margins)
	}
}

func checkRaked(t *testing.T, spec Spec, margins []Margin) {
	t.Helper()
	d, err := NewDesign(spec)
	if err != nil {
		t.Fatal(err)
	}
	raked, _, err := d.Rake(margins, RakeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	turned, _, err := d.Rake([]Margin{margins[1], margins[0]}, RakeOptions{Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range raked.Weights() {
		if !(w > 0) {
			t.Errorf("weight %d is %v", i, w)
		}
		if other := turned.Weights()[i]; math.Abs(other-w) > 1e-4*w {
			t.Errorf("the order of margins changes weight %d: %v, %v", i, w, other)
		}
	}
	for _, m := range margins {
		for k, s := range m.sums(raked.Weights())[:len(m.Target)] {
			if math.Abs(s-m.Target[k]) > rakeTolerance*m.Target[k] {
				t.Errorf("\ngot:  %v\nwant: %v", s, m.Target[k])
			}
		}
	}
}

// Raking says what keeps it from fitting instead of coming to a standstill.
func TestRakingRefuses(t *testing.T) {
	d, err := NewDesign(Spec{N: 8})
	if err != nil {
		t.Fatal(err)
	}
	a := []int{0, 0, 0, 0, 0, 0, 0, 1}
	for name, c := range map[string]struct {
		margins []Margin
		o       RakeOptions
		want    MarginError
	}{
		"totals": {[]Margin{{a, []float64{50, 50}}, {a, []float64{60, 50}}}, RakeOptions{}, MarginError{Problem: TotalsDiffer, Margin: 1, Category: -1, Value: 110, Other: 100}},
		"cap":    {[]Margin{{a, []float64{50, 50}}}, RakeOptions{Cap: 3}, MarginError{Problem: NotReachable, Margin: 0, Category: 1, Other: 3, Rows: 1}},
		"empty":  {[]Margin{{a, []float64{50, 30, 20}}}, RakeOptions{}, MarginError{Problem: NobodyAnswered, Margin: 0, Category: 2, Value: 20}},
		"absent": {[]Margin{{a, []float64{100, 0}}}, RakeOptions{}, MarginError{Problem: NotInPopulation, Margin: 0, Category: 1, Rows: 1}},
		"below":  {[]Margin{{a, []float64{110, -10}}}, RakeOptions{}, MarginError{Problem: BadTarget, Margin: 0, Category: 1, Value: -10, Rows: 1}},
		"gap":    {[]Margin{{[]int{0, 1, 0, 1, 0, 1, 0, -1}, []float64{50, 50}}}, RakeOptions{}, MarginError{Problem: MarginMissing, Margin: 0, Category: -1, Rows: 1}},
		// Two margins that no weights can meet together: who is in the first group of one is
		// in the first of the other.
		"contradiction": {[]Margin{{a, []float64{50, 50}}, {a, []float64{60, 40}}}, RakeOptions{}, MarginError{Problem: NotReachable}},
	} {
		_, _, err := d.Rake(c.margins, c.o)
		var e *MarginError
		if !errors.As(err, &e) || e.Problem != c.want.Problem {
			t.Errorf("%s\ngot:  %v\nwant: %v", name, err, &c.want)
			continue
		}
		if c.want.Value != 0 && *e != c.want || c.want.Rows != 0 && e.Rows != c.want.Rows {
			t.Errorf("%s\ngot:  %+v\nwant: %+v", name, *e, c.want)
		}
	}
	missing := Margin{[]int{0, 1, 0, 1, 0, 1, 0, -1}, []float64{25, 75}}
	raked, _, err := d.Rake([]Margin{missing}, RakeOptions{KeepMissing: true})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{25 * 7.0 / 8, 75 * 7.0 / 8, 100.0 / 8} {
		if got := missing.sums(raked.Weights())[k]; math.Abs(got-want) > 1e-9 {
			t.Errorf("group %d\ngot:  %v\nwant: %v", k, got, want)
		}
	}
}
