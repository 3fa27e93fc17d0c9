package forecast

import (
	"math"
	"math/rand/v2"
	"slices"

	"goalpost/infer"
)

// tScale brings a t with five degrees of freedom to variance 1.
var tScale = math.Sqrt(3.0 / 5.0)

// simulation draws futures of a model.
type simulation struct {
	mod     *model
	z       Horizon
	rng     *rand.Rand
	order   []int       // [M] cell of each future, by systematic sampling
	final   []float64   // [M]
	points  []int       // days ahead at which the path is kept: week by week and the end
	paths   [][]float64 // [points][M]
	windows []float64
	start   []float64 // [M] value before the first counted day
}

func newSimulation(mod *model, z Horizon, m int, rng *rand.Rand) *simulation {
	s := &simulation{mod: mod, z: z, rng: rng, final: make([]float64, m), start: make([]float64, m)}
	s.order = systematic(mod.cells, m, rng)
	if r := z.Days % 7; r > 0 {
		s.windows = mod.window(r)
	}
	for d := 7; d <= z.Days; d += 7 {
		s.points = append(s.points, d)
	}
	if z.Days%7 > 0 {
		s.points = append(s.points, z.Days)
	}
	s.paths = make([][]float64, len(s.points))
	for i := range s.paths {
		s.paths[i] = make([]float64, m)
	}
	return s
}

// systematic gives m cells in proportion to their weights, in random order.
func systematic(cells []cell, m int, rng *rand.Rand) []int {
	out := make([]int, 0, m)
	u, sum := rng.Float64(), 0.0
	for i, c := range cells {
		sum += c.w * float64(m)
		for len(out) < m && float64(len(out))+u < sum {
			out = append(out, i)
		}
	}
	for len(out) < m {
		out = append(out, len(cells)-1)
	}
	rng.Shuffle(m, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// state is a level and its growth on their way ahead.
type state struct{ m, b float64 }

// begin draws the state now from a cell.
func (c cell) begin(rng *rand.Rand) state {
	a := math.Sqrt(max(c.aa, 0))
	s := state{m: c.m, b: c.b}
	n0, n1 := rng.NormFloat64(), rng.NormFloat64()
	s.m += a * n0
	cond := max(c.bb, 0)
	if a > 0 {
		s.b += c.ab / a * n0
		cond = max(c.bb-c.ab*c.ab/c.aa, 0)
	}
	s.b += math.Sqrt(cond) * n1
	return s
}

// week moves the state by a fraction f of a week.
func (s *state) week(c cell, f float64, rng *rand.Rand) {
	s.b *= 1 - (1-phi)*f
	s.m += f*s.b + math.Sqrt(f)*c.tau*student5(rng)
	s.b += math.Sqrt(f) * c.beta * math.Sqrt(1-phi*phi) * rng.NormFloat64()
}

// student5 draws a t with five degrees of freedom, scaled to variance 1.
func student5(rng *rand.Rand) float64 {
	chi := 0.0
	for range 5 {
		n := rng.NormFloat64()
		chi += n * n
	}
	return rng.NormFloat64() / math.Sqrt(chi/5) * tScale
}

// noise draws a week's disturbance: one of the history's own, or a normal.
func (mod *model) noise(rng *rand.Rand) float64 {
	n := float64(len(mod.z))
	if rng.Float64() < n/(n+4) {
		return mod.z[rng.IntN(len(mod.z))]
	}
	return rng.NormFloat64()
}

// future draws one future and adds it to what is there.
func (s *simulation) future(i int, start float64) {
	mod, rng := s.mod, s.rng
	c := mod.cells[s.order[i]]
	st := c.begin(rng)
	for range s.z.Gap / 7 {
		st.week(c, 1, rng)
	}
	if f := s.z.Gap % 7; f > 0 {
		st.week(c, float64(f)/7, rng)
	}
	sum := start
	s.start[i] = start
	p := 0
	for range s.z.Days / 7 {
		st.week(c, 1, rng)
		sum += mod.back(st.m + c.sigma*mod.noise(rng))
		s.paths[p][i] = sum
		p++
	}
	if r := s.z.Days % 7; r > 0 {
		st.week(c, 1, rng)
		sum += mod.restOf(st.m, s.z.Gap, r, s.windows, rng)
		s.paths[p][i] = sum
	}
	s.final[i] = sum
}

// restOf draws the last r days of a horizon, whose weekdays begin after the gap.
func (mod *model) restOf(m float64, gap, r int, windows []float64, rng *rand.Rand) float64 {
	week, days := mod.back(m), 0.0
	for d := range r {
		days += mod.weekday[(gap+d)%7]
	}
	if mod.additive {
		x := week/7*float64(r) + days
		if len(windows) > 0 {
			x += windows[rng.IntN(len(windows))]
		}
		return x
	}
	x := week / 7 * days
	if len(windows) > 0 {
		x *= windows[rng.IntN(len(windows))]
	}
	return x
}

// drawDay draws a missing day of the past.
func (mod *model) drawDay(i int, rng *rand.Rand) float64 {
	e := mod.expected(i)
	if len(mod.day) == 0 {
		return e
	}
	return e * mod.day[rng.IntN(len(mod.day))]
}

// result sorts the draws and makes the path, straight between its weeks.
func (s *simulation) result() Result {
	r := Result{Draws: s.final, Path: make([]Band, s.z.Days)}
	mod := s.mod
	r.Weekly.Level = mod.back(mod.mean.m)
	r.Weekly.Growth, r.Weekly.Usual = mod.mean.b, mod.mean.sigma
	if mod.additive {
		r.Weekly.Growth, r.Weekly.Usual = mod.mean.b*mod.s, mod.mean.sigma*mod.s
	}
	before, from := bandOf(s.start), 0
	for p, d := range s.points {
		b := bandOf(s.paths[p])
		for j := from + 1; j <= d; j++ {
			f := float64(j-from) / float64(d-from)
			g := math.Sqrt(f) // spread grows like the root of time at first
			mid := before.Mid + f*(b.Mid-before.Mid)
			edge := func(x, y float64) float64 { return mid + (x-before.Mid)*(1-g) + (y-b.Mid)*g }
			r.Path[j-1] = Band{Lo95: edge(before.Lo95, b.Lo95), Lo80: edge(before.Lo80, b.Lo80), Mid: mid,
				Hi80: edge(before.Hi80, b.Hi80), Hi95: edge(before.Hi95, b.Hi95)}
		}
		before, from = b, d
	}
	r.summary()
	return r
}

// bandOf returns the ranges of some draws, which it sorts.
func bandOf(v []float64) Band {
	slices.Sort(v)
	q := func(p float64) float64 { return infer.Quantile(v, p) }
	return Band{Lo95: q(0.025), Lo80: q(0.10), Mid: q(0.50), Hi80: q(0.90), Hi95: q(0.975)}
}
