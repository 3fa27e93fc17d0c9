package effect_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"goalpost/effect"
	"goalpost/gptest/need"
	"goalpost/infer"
)

// scenario is a kind of series whose truth is known.
type scenario struct {
	name     string
	n, m, k  int
	phi      float64 // of the noise, which has sd 1
	drift    float64 // sd of a random walk per row, with white noise of sd 1
	after    float64 // relation to the control after the start; before it is 1.2
	trend    float64
	levelAdd float64
}

// draw returns a series: level 100, autoregressive controls, of which the first two count.
func (c scenario) draw(seed, stream uint64) effect.Series {
	rng := infer.Rand(seed, stream)
	s := effect.Series{Before: effect.Span{From: 0, Until: c.n}, After: effect.Span{From: c.n, Until: c.n + c.m}}
	noise, walk, controls := rng.NormFloat64(), 0.0, make([]float64, c.k)
	for j := range controls {
		controls[j] = 4.6 * rng.NormFloat64()
	}
	for t := range c.n + c.m {
		noise = c.phi*noise + math.Sqrt(1-c.phi*c.phi)*rng.NormFloat64()
		walk += c.drift * rng.NormFloat64()
		y, row := 100+noise+walk+c.trend*float64(t), make([]float64, c.k)
		for j := range c.k {
			controls[j] = .9*controls[j] + 2*rng.NormFloat64()
			row[j] = 100 + controls[j]
			switch {
			case j == 0 && t >= c.n:
				y += c.after * controls[j]
			case j == 0:
				y += 1.2 * controls[j]
			case j == 1:
				y += .8 * controls[j]
			}
		}
		if t >= c.n {
			y += c.levelAdd
		}
		s.Y, s.Weekday = append(s.Y, y), append(s.Weekday, t%7)
		if c.k > 0 {
			s.X = append(s.X, row)
		}
	}
	return s
}

func bma(t *testing.T, s effect.Series) effect.Result {
	t.Helper()
	r, err := effect.BMA(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func checks(t *testing.T, s effect.Series) []effect.Check {
	t.Helper()
	list, err := effect.BMAChecks(s)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// closeTo fails where a number differs by more than a share of a size.
func closeTo(t *testing.T, name string, got, want, size, share float64) {
	t.Helper()
	if !(math.Abs(got-want) <= share*size) {
		t.Errorf("%s\ngot:  %.12g\nwant: %.12g", name, got, want)
	}
}

// same fails where two results differ, the second in units that are factor times larger.
func same(t *testing.T, name string, a, b effect.Result, factor, share float64) {
	t.Helper()
	width := factor * (a.Average.Hi - a.Average.Lo)
	for i, p := range [][2]infer.Estimate{{a.Average, b.Average}, {a.Narrow, b.Narrow}, {a.Expected, b.Expected}, {a.Cumulative, b.Cumulative}} {
		size := width
		if i == 3 {
			size = factor * (a.Cumulative.Hi - a.Cumulative.Lo)
		}
		closeTo(t, name+", value", p[1].Value, factor*p[0].Value, size, share)
		closeTo(t, name+", low", p[1].Lo, factor*p[0].Lo, size, share)
		closeTo(t, name+", high", p[1].Hi, factor*p[0].Hi, size, share)
	}
	closeTo(t, name+", relative", b.Relative.Lo, a.Relative.Lo, a.Relative.Hi-a.Relative.Lo, share)
	closeTo(t, name+", positive", b.Positive, a.Positive, 1, share)
	closeTo(t, name+", drift", b.Drift, a.Drift, 1, share)
	if !slices.Equal(a.Dropped, b.Dropped) {
		t.Errorf("%s: left out %v and %v", name, a.Dropped, b.Dropped)
	}
}

// families are the scenarios that the invariances are tried on.
var families = []scenario{
	{name: "alone", n: 60, m: 20, phi: .5},
	{name: "one control", n: 100, m: 30, k: 1, phi: .3, after: 1.2},
	{name: "drift", n: 80, m: 14, k: 1, drift: .3, after: 1.2},
	{name: "five controls", n: 60, m: 20, k: 5, phi: .5, after: 1.2},
}

// Agreement: an interval asked for alone is that of the whole answer.
func TestBMAIntervalAgrees(t *testing.T) {
	for _, c := range families {
		s := c.draw(5, 0)
		whole := bma(t, s)
		r, err := effect.BMAInterval(s)
		if err != nil {
			t.Fatal(err)
		}
		whole.Path, whole.Covariates = nil, nil
		if !reflect.DeepEqual(r, whole) {
			t.Errorf("%s\ngot:  %+v\nwant: %+v", c.name, r, whole)
		}
	}
}

// Invariance: units of outcome and controls change nothing but the unit of the answer.
func TestBMAUnits(t *testing.T) {
	for _, c := range families {
		for stream := range uint64(3) {
			s := c.draw(21, stream)
			scaled := s
			scaled.Y, scaled.X = slices.Clone(s.Y), nil
			for i := range scaled.Y {
				scaled.Y[i] *= 1000
			}
			for _, row := range s.X {
				row = slices.Clone(row)
				for j := range row {
					row[j] *= 7
				}
				scaled.X = append(scaled.X, row)
			}
			a, b := bma(t, s), bma(t, scaled)
			name := fmt.Sprintf("%s, seed 21, %d", c.name, stream)
			same(t, name, a, b, 1000, 1e-6)
			for i := range a.Path {
				closeTo(t, name+", path", b.Path[i].Expected, 1000*a.Path[i].Expected, 1000*(a.Path[i].Hi-a.Path[i].Lo), 1e-6)
				closeTo(t, name+", sum", b.Path[i].SumLo, 1000*a.Path[i].SumLo, 1000*(a.Cumulative.Hi-a.Cumulative.Lo), 1e-6)
			}
			for j := range a.Covariates {
				closeTo(t, name+", coefficient", b.Covariates[j].Mean, 1000./7*a.Covariates[j].Mean, 1000./7, 1e-6)
			}
			checked, again := checks(t, s), checks(t, scaled)
			for i := range checked {
				closeTo(t, name+", "+checked[i].Name, again[i].Value, checked[i].Value, 1, 1e-6)
				if checked[i].Passed != again[i].Passed {
					t.Errorf("%s: %s passed %v and %v", name, checked[i].Name, checked[i].Passed, again[i].Passed)
				}
			}
		}
	}
}

// Invariance: the same series gives the same bytes and is not changed; rows outside, values
// of missing rows and the order of controls do not matter.
func TestBMASameAnswer(t *testing.T) {
	c := families[3]
	s := c.draw(22, 0)
	s.Missing = make([]bool, len(s.Y))
	s.Missing[17], s.Missing[70] = true, true
	s.Y[17], s.Y[70] = 0, 0
	before := clone(s)
	r := bma(t, s)
	list := checks(t, s)
	if !reflect.DeepEqual(s, before) {
		t.Error("the series was changed")
	}
	if again := bma(t, s); !reflect.DeepEqual(r, again) || !reflect.DeepEqual(list, checks(t, s)) {
		t.Error("the same series gives two results")
	}

	other := clone(s)
	other.Y[17], other.Y[70] = math.NaN(), 1e9
	if got := bma(t, other); !reflect.DeepEqual(got, r) {
		t.Error("the value of a missing row is read")
	}

	shifted := effect.Series{Before: effect.Span{From: 5, Until: 65}, After: effect.Span{From: 65, Until: 85}}
	for i := range 90 { // five rows before and after, which do not count
		at := min(max(i-5, 0), 79)
		shifted.Y, shifted.X = append(shifted.Y, s.Y[at]), append(shifted.X, s.X[at])
		shifted.Weekday, shifted.Missing = append(shifted.Weekday, s.Weekday[at]), append(shifted.Missing, s.Missing[at])
	}
	shifted.Y[2], shifted.Y[87] = -1e6, 1e6
	moved := bma(t, shifted)
	same(t, "moved by five rows", r, moved, 1, 0)
	if !reflect.DeepEqual(moved.Path[5:85], r.Path) || moved.Path[4].Modelled || moved.Path[85].Modelled {
		t.Error("the path does not move with the rows")
	}

	turned := clone(s)
	for i, row := range s.X {
		turned.X[i] = []float64{row[4], row[2], row[0], row[1], row[3]}
	}
	got := bma(t, turned)
	same(t, "other order of controls", r, got, 1, 1e-9)
	closeTo(t, "coefficient", got.Covariates[2].Mean, r.Covariates[0].Mean, 1, 1e-9)
}

func clone(s effect.Series) effect.Series {
	s.Y, s.Missing, s.Weekday, s.X = slices.Clone(s.Y), slices.Clone(s.Missing), slices.Clone(s.Weekday), slices.Clone(s.X)
	for i := range s.X {
		s.X[i] = slices.Clone(s.X[i])
	}
	return s
}

// The parts of a result fit each other.
func TestBMAFitsTogether(t *testing.T) {
	for _, c := range families {
		s := c.draw(23, 0)
		s.Missing = make([]bool, len(s.Y))
		s.Missing[c.n+3] = true
		r := bma(t, s)
		known := float64(c.m - 1)
		last := r.Path[len(r.Path)-1]
		closeTo(t, "last of the path", last.Sum, r.Cumulative.Value, 1, 1e-9)
		closeTo(t, "last of the path, low", last.SumLo, r.Cumulative.Lo, 1, 1e-9)
		closeTo(t, "last of the path, high", last.SumHi, r.Cumulative.Hi, 1, 1e-9)
		closeTo(t, "sum", r.Cumulative.Value, known*r.Average.Value, 1, 1e-9)
		if !(r.Average.Lo < r.Narrow.Lo && r.Narrow.Lo < r.Average.Value && r.Average.Value < r.Narrow.Hi && r.Narrow.Hi < r.Average.Hi) {
			t.Errorf("%s: intervals do not nest: %+v %+v", c.name, r.Average, r.Narrow)
		}
		closeTo(t, "relative", r.Relative.Value, r.Average.Value/r.Expected.Value, 1, 1e-9)
		missing := r.Path[c.n+3]
		if missing.Effect != 0 || !missing.Modelled || missing.Sum != r.Path[c.n+2].Sum || !(missing.Lo < missing.Expected && missing.Expected < missing.Hi) {
			t.Errorf("%s: a missing row: %+v", c.name, missing)
		}
		inside := 0
		for i := range c.n {
			if p := r.Path[i]; p.Lo <= s.Y[i] && s.Y[i] <= p.Hi {
				inside++
			}
			closeTo(t, "effect before", r.Path[i].Effect, s.Y[i]-r.Path[i].Expected, 1, 1e-12)
		}
		if share := float64(inside) / float64(c.n); share < .9 {
			t.Errorf("%s: %.2f of the rows before lie within their bands", c.name, share)
		}
		zero := r.Average.Lo > 0
		if sure := r.Positive > .975; sure != zero {
			t.Errorf("%s: positive %.4f, low %.4f", c.name, r.Positive, r.Average.Lo)
		}
	}
}

// Recovery: the coefficients, and which controls belong in.
func TestBMACovariates(t *testing.T) {
	r := bma(t, scenario{n: 200, m: 20, k: 6, phi: .2, after: 1.2}.draw(24, 0))
	for j, want := range []float64{1.2, .8} {
		c := r.Covariates[j]
		closeTo(t, fmt.Sprintf("control %d", j), c.Mean, want, c.SD, 3.5)
		if c.Inclusion < .99 || c.SD > .1 || c.SD <= 0 {
			t.Errorf("control %d: %+v", j, c)
		}
	}
	for j := 2; j < 6; j++ {
		if c := r.Covariates[j]; c.Inclusion > .6 {
			t.Errorf("control %d, which does nothing: %+v", j, c)
		}
	}
	one := bma(t, families[1].draw(24, 0)).Covariates
	if len(one) != 1 || one[0].Inclusion < .999 || math.Abs(one[0].Mean-1.2) > 4*one[0].SD {
		t.Errorf("one control: %+v", one)
	}
}

// Limits: each refusal with its error.
func TestBMARefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(s *effect.Series)
		want  error
	}{
		{"no rows", func(s *effect.Series) { *s = effect.Series{} }, effect.ErrTooShort},
		{"one row", func(s *effect.Series) {
			*s = effect.Series{Y: []float64{1}, Before: effect.Span{Until: 1}, After: effect.Span{From: 1, Until: 1}}
		}, effect.ErrTooShort},
		{"six rows before", func(s *effect.Series) { s.Before.From = 54 }, effect.ErrTooShort},
		{"all missing", func(s *effect.Series) {
			for i := range s.Missing {
				s.Missing[i] = true
			}
		}, effect.ErrTooShort},
		{"nothing known after", func(s *effect.Series) {
			for i := 60; i < 80; i++ {
				s.Missing[i] = true
			}
		}, effect.ErrNoRows},
		{"never active", func(s *effect.Series) { s.Active = make([]bool, 80) }, effect.ErrNoRows},
		{"constant", func(s *effect.Series) {
			for i := range 60 {
				s.Y[i] = .1 + .2
			}
		}, effect.ErrConstant},
		{"NaN", func(s *effect.Series) { s.Y[30] = math.NaN() }, effect.ErrNotANumber},
		{"Inf after", func(s *effect.Series) { s.Y[70] = math.Inf(1) }, effect.ErrNotANumber},
		{"NaN in a control", func(s *effect.Series) { s.X[79][0] = math.NaN() }, effect.ErrNotANumber},
		{"a control too few", func(s *effect.Series) { s.X[5] = nil }, effect.ErrShape},
		{"controls of fewer rows", func(s *effect.Series) { s.X = s.X[:79] }, effect.ErrShape},
		{"a year of less than no rows", func(s *effect.Series) { s.Year = -1 }, effect.ErrShape},
		{"weekday 7", func(s *effect.Series) { s.Weekday[3] = 7 }, effect.ErrShape},
		{"after before before", func(s *effect.Series) { s.After.From = 59 }, effect.ErrShape},
		{"after the end", func(s *effect.Series) { s.After.Until = 81 }, effect.ErrShape},
		{"active of fewer rows", func(s *effect.Series) { s.Active = make([]bool, 3) }, effect.ErrShape},
	} {
		s := scenario{n: 60, m: 20, k: 1, phi: .5, after: 1.2}.draw(25, 0)
		s.Missing = make([]bool, 80)
		c.spoil(&s)
		_, err := effect.BMA(s)
		_, checkErr := effect.BMAChecks(s)
		if !errors.Is(err, c.want) || !errors.Is(checkErr, c.want) {
			t.Errorf("%s\ngot:  %v, %v\nwant: %v", c.name, err, checkErr, c.want)
		}
	}
}

// Limits: awkward series give finite numbers.
func TestBMAAwkward(t *testing.T) {
	for _, c := range []struct {
		name  string
		k     int
		spoil func(s *effect.Series)
	}{
		{"constant control", 1, func(s *effect.Series) { setControl(s, 0, func(int) float64 { return .1 }) }},
		{"two constant controls", 2, func(s *effect.Series) {
			setControl(s, 0, func(int) float64 { return 3 })
			setControl(s, 1, func(int) float64 { return 0 })
		}},
		{"the same control twice", 2, func(s *effect.Series) { setControl(s, 1, func(i int) float64 { return 2 * s.X[i][0] }) }},
		{"three that add to nothing", 3, func(s *effect.Series) { setControl(s, 2, func(i int) float64 { return -s.X[i][0] - s.X[i][1] }) }},
		{"the outcome as control", 1, func(s *effect.Series) { setControl(s, 0, func(i int) float64 { return s.Y[i] }) }},
		{"more controls than rows", 70, func(*effect.Series) {}},
		{"no weekdays", 1, func(s *effect.Series) { s.Weekday = nil }},
		{"one row after", 1, func(s *effect.Series) { s.After.Until = 61 }},
		{"seven rows before", 1, func(s *effect.Series) { s.Before.From = 53 }},
		{"negative values", 1, func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] -= 200
			}
		}},
		{"huge values", 1, func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] *= 1e303
			}
		}},
		{"tiny values", 1, func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] *= 1e-290
			}
		}},
		{"a line", 1, func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] = 5 + float64(i)
			}
		}},
		{"zeros and one spike", 1, func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] = 0
			}
			s.Y[59] = 1
		}},
		{"a jump by a million", 1, func(s *effect.Series) {
			for i := 60; i < 80; i++ {
				s.Y[i] += 1e6
			}
		}},
	} {
		s := scenario{n: 60, m: 20, k: c.k, phi: .5, after: 1.2}.draw(26, 0)
		c.spoil(&s)
		r, err := effect.BMA(s)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if bad := notFinite(reflect.ValueOf(r)); bad != "" {
			t.Errorf("%s: %s is not finite", c.name, bad)
		}
		if !(r.Average.Lo <= r.Average.Value && r.Average.Value <= r.Average.Hi) {
			t.Errorf("%s: %+v", c.name, r.Average)
		}
		if bad := notFinite(reflect.ValueOf(checks(t, s))); bad != "" {
			t.Errorf("%s: %s of the checks is not finite", c.name, bad)
		}
	}
}

func setControl(s *effect.Series, j int, value func(i int) float64) {
	for i := range s.X {
		s.X[i][j] = value(i)
	}
}

// notFinite returns where a value holds a NaN or an infinity.
func notFinite(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Sprint(f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if bad := notFinite(v.Field(i)); bad != "" {
				return v.Type().Field(i).Name + " " + bad
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if bad := notFinite(v.Index(i)); bad != "" {
				return fmt.Sprintf("[%d] %s", i, bad)
			}
		}
	}
	return ""
}

// Checks: each fails where it should, alone, and by its name.
func TestBMAChecks(t *testing.T) {
	benign := scenario{n: 100, m: 30, k: 1, phi: .3, after: 1.2}
	for _, c := range []struct {
		name, fails string
		scenario    scenario
		spoil       func(s *effect.Series)
	}{
		{"benign", "", benign, nil},
		{"short", effect.CheckTooShort, benign, func(s *effect.Series) { s.Before.From = 80 }},
		{"shorter than after", effect.CheckTooShort, benign, func(s *effect.Series) { s.Before.From = 71 }},
		{"jump before", effect.CheckUnpredictableBefore, benign, func(s *effect.Series) {
			for i := 50; i < 130; i++ {
				s.Y[i] += 12
			}
		}},
		{"no relation after", effect.CheckRelationChanged, scenario{n: 100, m: 30, k: 1, phi: .3}, nil},
		{"control elsewhere", effect.CheckOutsideExperience, benign, func(s *effect.Series) {
			for i := 100; i < 130; i++ {
				s.X[i][0] += 60
				s.Y[i] += 72
			}
		}},
	} {
		s := c.scenario.draw(27, 1)
		if c.spoil != nil {
			c.spoil(&s)
		}
		failed := ""
		list := checks(t, s)
		for _, check := range list {
			if !check.Passed {
				failed += check.Name
			}
		}
		if failed != c.fails {
			t.Errorf("%s\ngot:  %q %+v\nwant: %q", c.name, failed, list, c.fails)
		}
	}
	alone := scenario{n: 30, m: 5, phi: .3}.draw(27, 1)
	alone.Before.Until, alone.After.From = 25, 25
	for i, skipped := range []bool{false, true, true, true} {
		if check := checks(t, alone)[i]; i > 1 && check.Skipped != skipped || !check.Passed {
			t.Errorf("without control: %+v", check)
		}
	}
}

// covered counts how often an interval holds the truth, how wide it is, and how often a
// shift of one standard deviation would be found; naive is an interval that takes the rows
// for independent.
type covered struct{ runs, held, naive, found, refused, width float64 }

func (c scenario) cover(t *testing.T, seed uint64, runs int, withChecks bool) covered {
	t.Helper()
	out := covered{runs: float64(runs)}
	for i := range runs {
		s := c.draw(seed, uint64(i))
		r := bma(t, s)
		if r.Average.Lo <= 0 && r.Average.Hi >= 0 {
			out.held++
		}
		if r.Average.Lo > -1 {
			out.found++
		}
		out.width += r.Average.Hi - r.Average.Lo
		ss, before := 0.0, 0.0
		for j := range c.n {
			before += (s.Y[j] - 1.2*(s.X[j][0]-100)) / float64(c.n)
		}
		after := 0.0
		for j := c.n; j < c.n+c.m; j++ {
			after += (s.Y[j] - c.after*(s.X[j][0]-100)) / float64(c.m)
		}
		for j := range c.n {
			e := s.Y[j] - 1.2*(s.X[j][0]-100) - before
			ss += e * e / float64(c.n-1)
		}
		if math.Abs(after-before) < 1.96*math.Sqrt(ss*(1/float64(c.n)+1/float64(c.m))) {
			out.naive++
		}
		if withChecks {
			for _, check := range checks(t, s) {
				if !check.Passed {
					out.refused++
					break
				}
			}
		}
	}
	return out
}

// Coverage: 95 % intervals hold the truth where there is no effect; those that take rows
// for independent do not, or these series would show nothing. Limits are the prototype's
// share less three standard errors of the run.
func TestBMACoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	coverage(t, 100, false)
}

// Coverage, in numbers.
func TestBMACoverageLong(t *testing.T) {
	need.Long(t)
	coverage(t, 1000, true)
}

func coverage(t *testing.T, runs int, withChecks bool) {
	t.Helper()
	const seed = 31
	for _, c := range []struct {
		scenario
		prototype, naive float64
	}{
		{scenario{name: "iid", n: 100, m: 30, k: 1, after: 1.2}, .985, 1},
		{scenario{name: "AR .5", n: 100, m: 30, k: 1, phi: .5, after: 1.2}, .974, .9},
		{scenario{name: "AR .9", n: 100, m: 30, k: 1, phi: .9, after: 1.2}, .949, .6},
		{scenario{name: "drift .1", n: 100, m: 30, k: 1, drift: .1, after: 1.2}, .929, .75},
	} {
		got := c.cover(t, seed, runs, withChecks)
		held, naive := got.held/got.runs, got.naive/got.runs
		t.Logf("%-9s seed %d, %d runs: held %.3f (prototype %.3f, independent rows %.3f), width %.2f, one sd found %.2f, refused %.3f",
			c.name, seed, runs, held, c.prototype, naive, got.width/got.runs, got.found/got.runs, got.refused/got.runs)
		if held < c.prototype-3*math.Sqrt(c.prototype*(1-c.prototype)/got.runs) || naive > c.naive {
			t.Errorf("%s, seed %d\ngot:  held %.3f, independent rows %.3f\nwant: %.3f, at most %.2f", c.name, seed, held, naive, c.prototype, c.naive)
		}
	}
}

// Recovery: an effect is found, with its size and share.
func TestBMAFindsEffect(t *testing.T) {
	s := scenario{n: 100, m: 30, k: 1, phi: .3, after: 1.2, levelAdd: 8}.draw(32, 0)
	r := bma(t, s)
	if r.Average.Lo < 5 || r.Average.Hi > 11 || r.Positive < .999 || math.Abs(r.Relative.Value-.08) > .03 || r.Cumulative.Lo < 150 {
		t.Errorf("seed 32\ngot: %+v %v %+v\nwant: 8, 8 %%", r.Average, r.Positive, r.Relative)
	}
}
