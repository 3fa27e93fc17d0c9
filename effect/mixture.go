package effect

import (
	"math"
	"slices"

	"goalpost/infer"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	screenMargin = 6   // log likelihood below the best structure that is still fitted
	cutMargin    = 9   // log weight below the best component that is still kept
	driftWiden   = .15 // how much farther quantiles lie from the median where all noise wanders
	tStep, tEnd  = .02, 12.0
)

// component is one covariance with one structure and its prediction of the mean that is
// asked for: a Student t in y, or in log y, scaled.
type component struct {
	d          *design
	res        int // covariance
	form       int
	own        []int // controls chosen on a sparse path
	logML      float64
	weight     float64 // log until the mixture is normalised
	loc, scale float64
	cols       []int
	fit        *solved
	beta       []float64 // of the columns
}

// columns returns the columns of a component with their prior precisions.
func (c *component) columns() ([]int, []float64) {
	return c.d.forms()[c.form].columns(c.d, c.own)
}

// averaged is a calendar with all that speaks for it: the weighted components.
type averaged struct {
	cal       *calendar
	residuals []residual
	dropped   []int
	parts     []component
	forms     int // kept by the screen, over all scales; as firstCut only to be compared in tests
	firstCut  int // components after the first cut
	drift     float64
	mix       *mixture
	t         *tTable
}

// average leaves out outlying rows of a calendar, whose used it changes, finds the components
// and their weights, and has them foretell the mean over the asked rows.
func average(c *calendar) (*averaged, error) {
	a := &averaged{cal: c, residuals: residuals()}
	a.dropped = c.dropOutlying(a.residuals)
	if err := c.enough(); err != nil {
		return nil, err
	}
	a.fit(c.scales())
	_, ratio := c.observed()
	a.mix = a.predict(c.horizons(), ratio, nil)
	return a, nil
}

// scales returns the designs of a calendar: that of the unit, and of the logarithm where
// the values allow it.
func (c *calendar) scales() []*design {
	list := []*design{newDesign(c, false, false)}
	if c.logs() {
		list = append(list, newDesign(c, true, false))
	}
	return list
}

// fit finds the components and their weights.
func (a *averaged) fit(scales []*design) {
	a.components(scales, a.screen(scales))
	a.weigh()
	for i := range a.parts {
		p := &a.parts[i]
		cols, lambda := p.columns()
		p.cols, p.fit = cols, p.d.whiten(p.res, a.residuals).solve(p.d, cols, lambda, 0, nil)
		p.beta = p.fit.beta()
	}
	a.t = newTTable(a.cal.usedRows() - 1)
}

// screen returns, for each scale, which structures come near the best with a few of the
// covariances. The trend's prior and the covariance's do not count.
func (a *averaged) screen(scales []*design) [][]int {
	look := lookAll
	if len(a.cal.x) > 1 {
		look = lookSparse
	}
	best, buf := math.Inf(-1), &solved{}
	scores := make([][]float64, len(scales))
	for s, d := range scales {
		forms := d.forms()
		scores[s] = make([]float64, len(forms))
		for i := range forms {
			scores[s][i] = math.Inf(-1)
		}
		for r, res := range a.residuals {
			if res.look&look == 0 {
				continue
			}
			w := d.whiten(r, a.residuals)
			for i, f := range forms {
				w.visit(d, f, buf, func(ml float64, _ []int, _ int) { scores[s][i] = max(scores[s][i], ml) })
			}
		}
		best = max(best, slices.Max(scores[s]))
	}
	kept := make([][]int, len(scales))
	for s := range scales {
		for i, score := range scores[s] {
			if score >= best-screenMargin {
				kept[s] = append(kept[s], i)
				a.forms++
			}
		}
	}
	return kept
}

// components collects what lies within the first cut of the best so far.
func (a *averaged) components(scales []*design, kept [][]int) {
	best, buf := math.Inf(-1), &solved{}
	for s, d := range scales {
		if len(kept[s]) == 0 {
			continue
		}
		forms := d.forms()
		for r := range a.residuals {
			w := d.whiten(r, a.residuals)
			for _, i := range kept[s] {
				w.visit(d, forms[i], buf, func(ml float64, chosen []int, added int) {
					if best = max(best, ml); ml < best-cutMargin {
						return
					}
					var own []int
					if added >= 0 {
						own = append(append(make([]int, 0, len(chosen)+1), chosen...), added)
					}
					a.parts = append(a.parts, component{d: d, res: r, form: i, own: own, logML: ml})
				})
			}
		}
	}
	a.firstCut = len(a.parts)
}

// weigh adds the priors of trend and covariance, cuts a second time and normalises.
func (a *averaged) weigh() {
	best := math.Inf(-1)
	for i := range a.parts {
		p := &a.parts[i]
		p.weight = p.logML + p.d.forms()[p.form].trend + a.residuals[p.res].prior
		best = max(best, p.weight)
	}
	a.parts = slices.DeleteFunc(a.parts, func(p component) bool { return p.weight < best-cutMargin })
	sum := 0.0
	for i := range a.parts {
		a.parts[i].weight = math.Exp(a.parts[i].weight - best)
		sum += a.parts[i].weight
	}
	for i := range a.parts {
		a.parts[i].weight /= sum
		if a.residuals[a.parts[i].res].wanders {
			a.drift += a.parts[i].weight
		}
	}
}

// predict fills in where each component expects the mean over the rows that lie asked rows
// ahead, and returns their mixture, in the place of into where that is not nil. ratio is
// R, from the log scale to units.
func (a *averaged) predict(asked []int, ratio float64, into *mixture) *mixture {
	type outlook struct {
		h              []float64
		factor, spread float64
	}
	seen := map[*white]outlook{}
	var h []float64
	for i := range a.parts {
		p := &a.parts[i]
		w := p.d.whiten(p.res, a.residuals)
		o, ok := seen[w]
		if !ok {
			o.factor, o.spread = w.res.ahead(asked, w.p)
			o.h = p.d.meansAhead(asked)
			for j := range o.h {
				o.h[j] -= o.factor * w.state[j]
			}
			seen[w] = o
		}
		h = h[:0]
		for _, col := range p.cols {
			h = append(h, o.h[col])
		}
		p.fit.forward(h)
		p.loc = p.d.mean + o.factor*w.stateY + inner(h, p.fit.half)
		p.scale = math.Sqrt(p.fit.ss / float64(p.d.used-1) * (o.spread + inner(h, h)))
	}
	return a.mixture(ratio, into)
}

// meansAhead returns the mean of each column over rows that lie ahead.
func (d *design) meansAhead(asked []int) []float64 {
	h := make([]float64, len(d.cols))
	for j, col := range d.cols {
		for _, ahead := range asked {
			h[j] += col[d.cal.n-1+ahead] / float64(len(asked))
		}
	}
	return h
}

// mixture is a distribution of Student t of the same degrees of freedom, some of them of
// the logarithm of what is asked.
type mixture struct {
	// inverse is 1 over the scale.
	weight, loc, inverse []float64 // [c] of the unit first, then of the logarithm
	logs                 int       // from here on of the logarithm
	ratio                float64   // R, from exp(log scale) to the mean in units
	t                    *tTable
	median, widen        float64
	mean, spread         float64 // of the centres; of a component and the centres
}

// mixture returns that of the components as they predict now. into is used again where it
// is not nil.
func (a *averaged) mixture(ratio float64, into *mixture) *mixture {
	m := into
	if m == nil {
		c := len(a.parts)
		m = &mixture{weight: make([]float64, c), loc: make([]float64, c), inverse: make([]float64, c), t: a.t, widen: 1 + driftWiden*a.drift}
		for i := range a.parts { // components of the unit come first
			if m.weight[i] = a.parts[i].weight; !a.parts[i].d.log {
				m.logs = i + 1
			}
		}
	}
	m.ratio = ratio
	for i := range a.parts {
		m.loc[i], m.inverse[i] = a.parts[i].loc, 1/a.parts[i].scale
	}
	m.summarise()
	m.median = m.solve(.5, m.mean)
	return m
}

// cdf is the distribution before it is widened.
func (m *mixture) cdf(u float64) float64 {
	f, _ := m.cdfSlope(u)
	return f
}

// cdfSlope returns the distribution before it is widened, and its slope.
func (m *mixture) cdfSlope(u float64) (f, slope float64) {
	for i, w := range m.weight[:m.logs] {
		p, s := m.t.at((u - m.loc[i]) * m.inverse[i])
		f += w * p
		slope += w * s * m.inverse[i]
	}
	if m.logs == len(m.weight) || u <= 0 {
		return f, slope
	}
	l, rise := math.Log(u/m.ratio), 0.0
	for i := m.logs; i < len(m.weight); i++ {
		p, s := m.t.at((l - m.loc[i]) * m.inverse[i])
		f += m.weight[i] * p
		rise += m.weight[i] * s * m.inverse[i]
	}
	return f, slope + rise/u
}

// below is the probability of at most u, pulled back to the median as far as quantiles are
// moved away from it.
func (m *mixture) below(u float64) float64 {
	return min(1, max(0, m.cdf(m.median+(u-m.median)/m.widen)))
}

// quantile is that of the mixture, moved away from the median for drift.
func (m *mixture) quantile(p float64) float64 {
	return m.median + (m.solve(p, m.median+infer.Z(2*p-1)*m.spread)-m.median)*m.widen
}

// centre returns the location of a component in units.
func (m *mixture) centre(i int) float64 {
	if i >= m.logs {
		return m.ratio * math.Exp(m.loc[i])
	}
	return m.loc[i]
}

// summarise sets the weighted mean of the centres, and how far the components spread.
func (m *mixture) summarise() {
	square, size := 0.0, 0.0
	m.mean = 0
	for i, w := range m.weight {
		c, s := m.centre(i), 1/m.inverse[i]
		if i >= m.logs {
			s *= c
		}
		m.mean += w * c
		size += w * s
		square += w * c * c
	}
	m.spread = math.Sqrt(size*size + max(0, square-m.mean*m.mean))
}

// solve returns the p-quantile before widening: Newton's steps from a guess, each kept
// within what is known to hold it, and halves of that where they leave it.
func (m *mixture) solve(p, guess float64) float64 {
	lo, hi, x := math.Inf(-1), math.Inf(1), guess
	for range 300 {
		f, slope := m.cdfSlope(x)
		f -= p
		switch {
		case f == 0:
			return x
		case f > 0:
			hi = x
		default:
			lo = x
		}
		step := -f / slope
		step = max(-4*m.spread, min(4*m.spread, step)) // a NaN goes on to the test below
		next := x + step
		if math.Abs(step) < 1e-13*m.spread {
			return next
		}
		if !(next > lo && next < hi) {
			switch {
			case math.IsInf(lo, -1):
				next = x - 4*m.spread
			case math.IsInf(hi, 1):
				next = x + 4*m.spread
			default:
				next = (lo + hi) / 2
			}
		}
		if next == x || hi-lo < 1e-13*m.spread {
			return next
		}
		x = next
	}
	return x
}

// tTable is the distribution function of Student t, tabulated: a mixture asks it thousands
// of times. Between entries it is linear, which moves a quantile in the sixth digit.
type tTable struct {
	dist  distuv.StudentsT
	value []float64 // at −tEnd, tStep farther, … tEnd
	rise  []float64 // to the next
}

func newTTable(freedom int) *tTable {
	t := &tTable{dist: distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}}
	half := int(math.Round(tEnd / tStep))
	t.value, t.rise = make([]float64, 2*half+1), make([]float64, 2*half+1)
	for i := range half + 1 {
		tail := t.dist.CDF(-float64(i) * tStep)
		t.value[half-i], t.value[half+i] = tail, 1-tail
	}
	for i := range 2 * half {
		t.rise[i] = t.value[i+1] - t.value[i]
	}
	return t
}

// at returns the distribution function and its slope.
func (t *tTable) at(x float64) (f, slope float64) {
	at := (x + tEnd) * (1 / tStep)
	if !(at >= 0 && at < float64(len(t.value)-1)) {
		return t.dist.CDF(x), t.dist.Prob(x)
	}
	i := int(at)
	rise := t.rise[i]
	return t.value[i] + (at-float64(i))*rise, rise * (1 / tStep)
}
