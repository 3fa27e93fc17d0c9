package effect_test

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"goalpost/effect"
	"goalpost/gptest/need"
	"goalpost/infer"
)

// everyFortnight runs three days of fourteen.
func everyFortnight(t int) bool { return t%14 < 3 }

// nineteenRuns runs 19 times in 110 days, one to four days at a time.
func nineteenRuns(t int) bool {
	starts := []int{2, 7, 11, 18, 23, 27, 35, 40, 44, 52, 55, 61, 69, 74, 78, 86, 91, 97, 104}
	for i, s := range starts {
		if t >= s && t <= s+[]int{1, 0, 2, 3, 0, 1}[i%6] {
			return true
		}
	}
	return false
}

// switched returns a series of which all rows but the first twenty belong to After, with an
// effect in the active ones.
func switched(c scenario, pattern func(int) bool, size float64, seed, stream uint64) effect.Series {
	c.n, c.m = 20, 110
	s := c.draw(seed, stream)
	s.Active = make([]bool, len(s.Y))
	for t := range 110 {
		if s.Active[20+t] = pattern(t); s.Active[20+t] {
			s.Y[20+t] += size
		}
	}
	return s
}

func runSwitched(t *testing.T, s effect.Series) effect.Result {
	t.Helper()
	r, err := effect.Switched(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Recovery: an effect of each active day, in units and as a share; the parts fit together.
func TestSwitchedFindsEffect(t *testing.T) {
	for _, k := range []int{0, 1, 3} {
		s := switched(scenario{k: k, phi: .5, after: 1.2}, nineteenRuns, 3, 41, uint64(k))
		s.Missing = make([]bool, len(s.Y))
		s.Missing[22], s.Missing[60] = true, true
		r := runSwitched(t, s)
		if r.Average.Lo < 1 || r.Average.Lo > 3 || r.Average.Hi < 3 || r.Average.Hi > 5 || r.Positive < .999 || r.Shifts.AsLarge > .05 {
			t.Errorf("%d controls, seed 41\ngot: %+v, positive %g, %+v\nwant: 3", k, r.Average, r.Positive, *r.Shifts)
		}
		known := 0.0
		for i, on := range s.Active {
			if on && !s.Missing[i] {
				known++
			}
		}
		last := r.Path[len(r.Path)-1]
		closeTo(t, "sum", r.Cumulative.Value, known*r.Average.Value, 1, 1e-9)
		closeTo(t, "last of the path", last.Sum, r.Cumulative.Value, 1, 1e-9)
		closeTo(t, "last of the path, low", last.SumLo, r.Cumulative.Lo, 1, 1e-9)
		on, off := 0.0, 0.0
		for i, p := range r.Path {
			switch {
			case s.Missing[i]:
			case s.Active[i]:
				on += p.Effect / known
			default:
				off += math.Abs(p.Effect) / (130 - known)
			}
		}
		if on < 1.5 || on > 4.5 || off > 1.5 {
			t.Errorf("%d controls: the path is off by %.2f in active rows, by %.2f in others", k, on, off)
		}
	}
}

// Invariance: units, the same bytes, rows outside; the series is not changed.
func TestSwitchedSameAnswer(t *testing.T) {
	for _, k := range []int{0, 1, 4} {
		s := switched(scenario{k: k, phi: .3, after: 1.2}, everyFortnight, 1, 42, uint64(k))
		before := clone(s)
		before.Active = slices.Clone(s.Active)
		r := runSwitched(t, s)
		if !reflect.DeepEqual(s, before) {
			t.Error("the series was changed")
		}
		if !reflect.DeepEqual(r, runSwitched(t, s)) {
			t.Error("the same series gives two results")
		}
		scaled := clone(s)
		for i := range scaled.Y {
			scaled.Y[i] *= 1000
		}
		for i := range scaled.X {
			for j := range scaled.X[i] {
				scaled.X[i][j] *= 7
			}
		}
		again := runSwitched(t, scaled)
		same(t, "units", r, again, 1000, 1e-6)
		closeTo(t, "widened", again.Shifts.Widened, r.Shifts.Widened, 1, 1e-6)
		closeTo(t, "as large", again.Shifts.AsLarge, r.Shifts.AsLarge, 1, 1e-6)
	}
}

// Limits: each refusal with its error.
func TestSwitchedRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(s *effect.Series)
		want  error
	}{
		{"active before", func(s *effect.Series) { s.Active[3] = true }, effect.ErrShape},
		{"never active", func(s *effect.Series) { clear(s.Active) }, effect.ErrNoRows},
		{"always active", func(s *effect.Series) { s.Before.From, s.Active = 14, nil }, effect.ErrTooShort},
		{"constant", func(s *effect.Series) { clear(s.Y) }, effect.ErrConstant},
		{"NaN", func(s *effect.Series) { s.Y[30] = math.NaN() }, effect.ErrNotANumber},
		{"no rows", func(s *effect.Series) { *s = effect.Series{} }, effect.ErrTooShort},
	} {
		s := switched(scenario{phi: .3}, everyFortnight, 0, 43, 0)
		c.spoil(&s)
		if _, err := effect.Switched(s); !errors.Is(err, c.want) {
			t.Errorf("%s\ngot:  %v\nwant: %v", c.name, err, c.want)
		}
	}
}

// Limits: awkward series give finite numbers.
func TestSwitchedAwkward(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(s *effect.Series)
	}{
		{"an effect of a million", func(s *effect.Series) { inActive(s, func(y float64) float64 { return y + 1e6 }) }},
		{"nearly nothing left", func(s *effect.Series) { inActive(s, func(y float64) float64 { return y / 40 }) }},
		{"zero in active rows", func(s *effect.Series) { inActive(s, func(float64) float64 { return 0 }) }},
		{"zero in all others", func(s *effect.Series) {
			for i, on := range s.Active {
				if !on {
					s.Y[i] = 0
				}
			}
		}},
		{"one active row", func(s *effect.Series) { clear(s.Active); s.Active[50] = true }},
		{"one run to the end", func(s *effect.Series) { s.Active, s.After.From = nil, 90; s.Before.Until = 90 }},
		{"a gap", func(s *effect.Series) { s.Active, s.After.From = nil, 90 }},
		{"nothing before", func(s *effect.Series) { s.Before, s.After.From = effect.Span{}, 0 }},
		{"constant control", func(s *effect.Series) { setControl(s, 0, func(int) float64 { return .1 }) }},
		{"the activity as control", func(s *effect.Series) {
			setControl(s, 0, func(i int) float64 {
				if s.Active[i] {
					return 1
				}
				return 0
			})
		}},
		{"negative values", func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] -= 200
			}
		}},
		{"huge values", func(s *effect.Series) {
			for i := range s.Y {
				s.Y[i] *= 1e303
			}
		}},
	} {
		s := switched(scenario{k: 1, phi: .3, after: 1.2}, everyFortnight, 1, 45, 0)
		c.spoil(&s)
		r, err := effect.Switched(s)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if bad := notFinite(reflect.ValueOf(r)); bad != "" {
			t.Errorf("%s: %s is not finite", c.name, bad)
		}
		if bad := notFinite(reflect.ValueOf(*r.Shifts)); bad != "" {
			t.Errorf("%s: %s of the shifts is not finite", c.name, bad)
		}
		if !(r.Average.Lo <= r.Average.Value && r.Average.Value <= r.Average.Hi) || r.Shifts.AsLarge <= 0 || r.Shifts.AsLarge > 1 || r.Shifts.Widened < 1 {
			t.Errorf("%s: %+v %+v", c.name, r.Average, *r.Shifts)
		}
	}
}

func inActive(s *effect.Series, change func(float64) float64) {
	for i, on := range s.Active {
		if on {
			s.Y[i] = change(s.Y[i])
		}
	}
}

// switchedCoverage returns how often the interval held 0 without an effect, and how often
// it excluded 0 with one of one standard deviation.
func switchedCoverage(t *testing.T, c scenario, pattern func(int) bool, seed uint64, runs int) (held, found, width, widened, small float64) {
	t.Helper()
	for i := range runs {
		r := runSwitched(t, switched(c, pattern, 0, seed, uint64(i)))
		if r.Average.Lo <= 0 && r.Average.Hi >= 0 {
			held += 1 / float64(runs)
		}
		if r.Average.Lo > -1 {
			found += 1 / float64(runs)
		}
		if r.Shifts.Widened > 1 {
			widened += 1 / float64(runs)
		}
		if r.Shifts.AsLarge <= .05 {
			small += 1 / float64(runs)
		}
		width += (r.Average.Hi - r.Average.Lo) / float64(runs)
	}
	return held, found, width, widened, small
}

// Coverage: where nothing happens, the interval holds 0.
func TestSwitchedCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	tellSwitched(t, 25)
}

// Coverage, in numbers.
func TestSwitchedCoverageLong(t *testing.T) {
	need.Long(t)
	tellSwitched(t, 1000)
}

func tellSwitched(t *testing.T, runs int) {
	t.Helper()
	const seed = 51
	for _, c := range []scenario{
		{name: "iid", k: 1, after: 1.2}, {name: "AR .5", k: 1, phi: .5, after: 1.2}, {name: "AR .9", k: 1, phi: .9, after: 1.2},
		{name: "drift .1", k: 1, drift: .1, after: 1.2}, {name: "alone, AR .5", phi: .5}, {name: "alone, drift .1", drift: .1},
	} {
		for _, p := range patterns {
			name, pattern := p.name, p.active
			held, found, width, widened, small := switchedCoverage(t, c, pattern, seed, runs)
			t.Logf("%-16s %-14s seed %d, %d runs: held %.3f, width %.2f, one sd found %.2f, widened %.2f, p of shifts at most .05 %.3f", c.name, name, seed, runs, held, width, found, widened, small)
			if limit := .93 - 3*math.Sqrt(.95*.05/float64(runs)); held < limit {
				t.Errorf("%s, %s, seed %d\ngot:  held %.3f\nwant: %.3f", c.name, name, seed, held, limit)
			}
		}
	}
}

var patterns = []struct {
	name   string
	active func(day int) bool
}{{"3 of 14 days", everyFortnight}, {"19 runs of 110", nineteenRuns}}

// The factor and the shares of shifts are those of an analysis of each shifted series by
// itself, as far as both use the same components.
func TestShiftsAgreeWithAnalyses(t *testing.T) {
	s := switched(scenario{k: 1, phi: .3, after: 1.2}, nineteenRuns, 0, 44, 0)
	r := runSwitched(t, s)
	clean := clone(s)
	for i, on := range s.Active {
		if on {
			clean.Y[i] -= r.Average.Value
		}
	}
	excluding, large, tried := 0.0, 1.0, 0.0
	rng := infer.Rand(44, 1)
	for range 40 {
		k := 1 + rng.IntN(129)
		moved := clean
		moved.Before, moved.After = effect.Span{}, effect.Span{From: 0, Until: 130}
		moved.Active = make([]bool, 130)
		for i := range moved.Active {
			moved.Active[i] = s.Active[(i-k+130)%130]
		}
		got := runSwitched(t, moved)
		tried++
		half := got.Average.Value - got.Average.Lo
		if got.Average.Value < 0 {
			half = got.Average.Hi - got.Average.Value
		}
		if math.Abs(got.Average.Value) > half/got.Shifts.Widened {
			excluding++
		}
		if math.Abs(got.Average.Value) >= math.Abs(r.Average.Value) {
			large++
		}
	}
	if d := math.Abs(excluding/tried - r.Shifts.Excluding); d > .12 {
		t.Errorf("excluding\ngot:  %.3f of all shifts\nwant: %.3f of 40 (seed 44)", r.Shifts.Excluding, excluding/tried)
	}
	if d := math.Abs(large/(tried+1) - r.Shifts.AsLarge); d > .25 {
		t.Errorf("as large\ngot:  %.3f of all shifts\nwant: %.3f of 40 (seed 44)", r.Shifts.AsLarge, large/(tried+1))
	}
}

// Limits: small series of every sort, with missing rows, ties, gaps and controls without
// meaning, give finite numbers or one of the errors.
func TestEffectAtRandom(t *testing.T) {
	rng := infer.Rand(77, 0)
	refused, answered := map[string]int{}, 0
	for i := range 60 {
		n, m, k, gap := rng.IntN(60), rng.IntN(25), rng.IntN(5), rng.IntN(3)
		s := effect.Series{Before: effect.Span{From: 0, Until: n}, After: effect.Span{From: n + gap, Until: n + gap + m}}
		kind := rng.IntN(5)
		for j := range n + gap + m {
			y := rng.NormFloat64()
			switch kind {
			case 0:
				y = float64(rng.IntN(2))
			case 1:
				y = float64(rng.IntN(20) / 19)
			case 2:
				y = 100 + float64(j)
			case 3:
				y = 1e6 + float64(rng.IntN(3))
			}
			s.Y = append(s.Y, y)
			s.Missing = append(s.Missing, rng.IntN(8) == 0)
			s.Weekday = append(s.Weekday, j%7)
			s.Active = append(s.Active, j >= n+gap && rng.IntN(2) == 0)
			if k > 0 {
				row := make([]float64, k)
				for a := range row {
					row[a] = float64(rng.IntN(1 + rng.IntN(10)))
				}
				s.X = append(s.X, row)
			}
		}
		r, err := effect.BMA(s)
		if err != nil {
			refused[err.Error()]++
		} else {
			answered++
			if bad := notFinite(reflect.ValueOf(r)); bad != "" {
				t.Errorf("seed 77, %d kind %d n %d m %d k %d: %s", i, kind, n, m, k, bad)
			}
			c, err := effect.BMAChecks(s)
			if bad := notFinite(reflect.ValueOf(c)); bad != "" || err != nil {
				t.Errorf("seed 77, %d kind %d n %d m %d k %d: %s %v", i, kind, n, m, k, bad, err)
			}
		}
		r, err = effect.Switched(s)
		if err != nil {
			refused[err.Error()]++
			continue
		}
		answered++
		if bad := notFinite(reflect.ValueOf(r)); bad != "" {
			t.Errorf("switched, seed 77, %d kind %d n %d m %d k %d: %s", i, kind, n, m, k, bad)
		}
	}
	if answered < 60 {
		t.Errorf("only %d answers to 60 series by two methods: %v", answered, refused)
	}
}
