package forecast

import (
	"errors"
	"math"
	"slices"
	"testing"

	"goalpost/infer"
)

// pattern makes n days that repeat seven values.
func pattern(n int, w ...float64) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = w[i%len(w)]
	}
	return y
}

// Limits: each refusal names its rule; there is never a number (bar 8).
func TestRefusals(t *testing.T) {
	week := []float64{18, 20, 22, 19, 21, 9, 8}
	sparse := make([]float64, 60)
	for i := range 6 {
		sparse[i*9] = 5
	}
	missing := make([]bool, 60)
	for i := range missing {
		missing[i] = i%7 < 4
	}
	for _, c := range []struct {
		name       string
		h          History
		z          Horizon
		rule       string
		have, need int
	}{
		{"seven rows", History{Y: pattern(7, week...)}, Horizon{Days: 7}, RuleWeeks, 7, 28},
		{"27 days", History{Y: pattern(27, week...)}, Horizon{Days: 7}, RuleWeeks, 27, 28},
		{"nothing", History{}, Horizon{Days: 7}, RuleWeeks, 0, 28},
		{"28 days and 90 ahead", History{Y: pattern(28, week...)}, Horizon{Days: 90}, RuleHorizon, 28, 45},
		{"a gap counts as well", History{Y: pattern(28, week...)}, Horizon{Gap: 50, Days: 7}, RuleHorizon, 28, 29},
		{"six days that are not zero", History{Y: sparse}, Horizon{Days: 7}, RuleNonZero, 6, 7},
		{"nothing but zeros", History{Y: make([]float64, 60)}, Horizon{Days: 7}, RuleScale, 0, 7},
		{"weeks with three days each", History{Y: pattern(60, week...), Missing: missing}, Horizon{Days: 7}, RuleWeeks, 0, 28},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Sum(c.h, c.z, Realised{}, infer.Rand(1, 1))
			var e *TooLittleError
			if !errors.As(err, &e) || !errors.Is(err, ErrTooLittle) || e.Rule != c.rule || e.Have != c.have || e.Need != c.need {
				t.Errorf("\ngot:  %v\nwant: %s, have %d, need %d", err, c.rule, c.have, c.need)
			}
		})
	}
	for name, h := range map[string]History{"not a number": {Y: append(pattern(40, week...), math.NaN())}, "infinite": {Y: append(pattern(40, week...), math.Inf(1))}, "marks of another length": {Y: pattern(40, week...), Missing: make([]bool, 3)}} {
		if _, err := Sum(h, Horizon{Days: 7}, Realised{}, infer.Rand(1, 1)); err == nil || errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Sum(History{Y: pattern(60, week...)}, Horizon{}, Realised{}, infer.Rand(1, 1)); err == nil {
		t.Error("a horizon of no days must be refused")
	}
	if _, err := Level(History{Y: make([]float64, 60)}, 5, Horizon{Days: 7}, infer.Rand(1, 1)); !errors.Is(err, ErrTooLittle) {
		t.Errorf("a level that never moved: %v", err)
	}
}

// Invariance: the unit changes nothing but the unit; the same input gives the same
// bytes; a higher target is never likelier; ranges are nested; sums are at least what
// is realised.
func TestInvariances(t *testing.T) {
	y, _ := worked()
	base, err := Sum(History{Y: y}, Horizon{Days: 30}, Realised{Days: 20}, infer.Rand(3, 4))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Sum(History{Y: y}, Horizon{Days: 30}, Realised{Days: 20}, infer.Rand(3, 4))
	if err != nil || !slices.Equal(again.Draws, base.Draws) || !slices.Equal(again.Path, base.Path) {
		t.Error("the same input gave other digits")
	}
	thousand := make([]float64, len(y))
	for i := range y {
		thousand[i] = 1000 * y[i]
	}
	scaled, err := Sum(History{Y: thousand}, Horizon{Days: 30}, Realised{Days: 20}, infer.Rand(3, 4))
	if err != nil || math.Abs(scaled.Value/base.Value-1000) > 1e-6 || math.Abs(scaled.Hi95/base.Hi95-1000) > 1e-6 {
		t.Errorf("in thousandths: %v %g, before %g", err, scaled.Value, base.Value)
	}
	realised := 0.0
	for _, v := range y[40:] {
		realised += v
	}
	if base.Draws[0] < realised {
		t.Errorf("a future of %g is less than the %g that are there", base.Draws[0], realised)
	}
	if !(base.Lo95 <= base.Lo80 && base.Lo80 <= base.Value && base.Value <= base.Hi80 && base.Hi80 <= base.Hi95) {
		t.Errorf("not nested: %+v", base)
	}
	last := 2.0
	for target := realised; target < 4*base.Value; target *= 1.05 {
		p := base.ProbabilityAtLeast(target)
		if p > last || p < .03 || p > .97 {
			t.Errorf("P(≥ %g) = %g after %g", target, p, last)
		}
		last = p
	}
	if p := base.ProbabilityAtMost(base.Value); math.Abs(p-.5) > .01 {
		t.Errorf("P(≤ median) = %g", p)
	}
}

// The path ends in the final value's range and never narrows for sums.
func TestPath(t *testing.T) {
	y, _ := worked()
	for _, days := range []int{1, 3, 7, 10, 30} {
		r, err := Sum(History{Y: y}, Horizon{Days: days}, Realised{}, infer.Rand(5, uint64(days)))
		if err != nil || len(r.Path) != days {
			t.Fatalf("%d days: %v, %d in the path", days, err, len(r.Path))
		}
		if end := r.Path[days-1]; math.Abs(end.Mid-r.Value) > 1e-9*r.Value || math.Abs(end.Hi95-r.Hi95) > 1e-9*r.Hi95 {
			t.Errorf("%d days: the path ends at %+v, the value is %g", days, end, r.Value)
		}
		for i, b := range r.Path {
			if !(b.Lo95 <= b.Lo80 && b.Lo80 <= b.Mid && b.Mid <= b.Hi80 && b.Hi80 <= b.Hi95) || i > 0 && b.Mid < r.Path[i-1].Mid {
				t.Errorf("day %d: %+v", i, b)
			}
		}
	}
}

func TestChanges(t *testing.T) {
	h := Changes([]float64{100, 0, 0, 106, 107}, []bool{false, true, true, false, false})
	if !slices.Equal(h.Y, []float64{2, 2, 2, 1}) || slices.Contains(h.Missing, true) {
		t.Errorf("a gap between known levels: %+v", h)
	}
	h = Changes([]float64{0, 100, 101, 0}, []bool{true, false, false, true})
	if !slices.Equal(h.Missing, []bool{true, false, true}) || h.Y[1] != 1 {
		t.Errorf("gaps at the ends: %+v", h)
	}
	if h := Changes([]float64{1}, nil); len(h.Y) != 0 {
		t.Errorf("one level: %+v", h)
	}
}

// Reference: z equals a plain leave-one-out of each week, by running the filter over
// the others from both sides with brute force.
func TestDisturbancesAgreeWithLeaveOneOut(t *testing.T) {
	y, _ := worked()
	mod, err := newModel(History{Y: y}, false)
	if err != nil {
		t.Fatal(err)
	}
	best := 0
	for i := range mod.cells {
		if mod.cells[i].w > mod.cells[best].w {
			best = i
		}
	}
	c := mod.cells[best]
	for i, k := range mod.zWeek {
		mean, variance := leaveOneOut(mod.x, k, c)
		want := (mod.x[k] - mean) / math.Sqrt(variance)
		if math.Abs(mod.z[i]-want) > 1e-3 {
			t.Errorf("week %d\ngot:  %.5f\nwant: %.5f", k, mod.z[i], want)
		}
	}
}

// leaveOneOut predicts week k from all others by the joint normal distribution of the
// state space model, given the first week as the filter takes it.
func leaveOneOut(x []float64, k int, c cell) (mean, variance float64) {
	n := len(x)
	// Covariance of the levels: m_0 has variance sigma², b_0 beta², as the filter starts.
	type row = []float64
	cov := make([]row, n)
	for i := range cov {
		cov[i] = make(row, n)
	}
	// Each level is linear in independent shocks; collect the coefficients.
	var shocks []row
	add := func(from int, level, slope, sd float64) {
		r := make(row, n)
		m, b := level, slope
		for i := from; i < n; i++ {
			if i > from {
				m += phi * b
				b *= phi
			}
			r[i] = m * sd
		}
		shocks = append(shocks, r)
	}
	add(0, 1, 0, c.sigma)
	add(0, 0, 1, c.beta)
	for i := 1; i < n; i++ {
		add(i, 1, 0, c.tau)
		add(i, 0, 1, c.beta*math.Sqrt(1-phi*phi))
	}
	for _, s := range shocks {
		for i := range n {
			for j := range n {
				cov[i][j] += s[i] * s[j]
			}
		}
	}
	for i := 1; i < n; i++ {
		cov[i][i] += c.sigma * c.sigma
	}
	// The filter takes the first week as the level's mean; condition on the others.
	var idx []int
	for i := 1; i < n; i++ {
		if i != k {
			idx = append(idx, i)
		}
	}
	a := make([]row, len(idx))
	for i, p := range idx {
		a[i] = make(row, len(idx)+2)
		for j, q := range idx {
			a[i][j] = cov[p][q]
		}
		a[i][len(idx)] = cov[p][k]
		a[i][len(idx)+1] = x[p] - x[0]
	}
	for i := range a { // elimination
		for j := range a {
			if j == i {
				continue
			}
			f := a[j][i] / a[i][i]
			for l := i; l < len(a[j]); l++ {
				a[j][l] -= f * a[i][l]
			}
		}
	}
	mean, variance = x[0], cov[k][k]
	for i, p := range idx {
		w := a[i][len(idx)] / a[i][i]
		mean += w * (x[p] - x[0])
		variance -= w * cov[p][k]
	}
	return mean, variance
}

func BenchmarkSum(b *testing.B) {
	g := gen{infer.Rand(1, 1)}
	h := History{Y: tuned["weekday"](g, 1095, 1095)}
	for b.Loop() {
		if _, err := Sum(h, Horizon{Days: 90}, Realised{Days: 30}, infer.Rand(1, 2)); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte{1, 2, 3, 200, 0, 0, 5}, 40, 7, 0)
	f.Add([]byte{255}, 400, 30, 10)
	f.Fuzz(func(t *testing.T, data []byte, n, days, gap int) {
		n, days, gap = n%500, days%100, gap%50
		if n < 0 || len(data) == 0 {
			return
		}
		h := History{Y: make([]float64, n), Missing: make([]bool, n)}
		for i := range n {
			d := data[i%len(data)]
			h.Y[i], h.Missing[i] = math.Exp(float64(d)/10)-1, d%11 == 5
		}
		r, err := Sum(h, Horizon{Gap: gap, Days: days}, Realised{Days: n / 2}, infer.Rand(1, 2))
		if err != nil {
			return
		}
		for _, x := range []float64{r.Lo95, r.Lo80, r.Value, r.Hi80, r.Hi95, r.Weekly.Level, r.Weekly.Growth, r.Weekly.Usual} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
