package effect

import (
	"math"
	"slices"

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
	fit        *solved
	cols       []int
}

// columns returns the columns of a component with their prior precisions.
func (c *component) columns() ([]int, []float64) {
	f := c.d.forms()[c.form]
	if len(c.own) == 0 {
		return f.cols, f.lambda
	}
	for _, j := range c.own {
		f.cols = append(f.cols[:len(f.cols):len(f.cols)], c.d.own+j)
		f.lambda = append(f.lambda[:len(f.lambda):len(f.lambda)], 1/(f.slab*f.slab))
	}
	return f.cols, f.lambda
}

// averaged is a calendar with all that speaks for it: the weighted components.
type averaged struct {
	cal       *calendar
	residuals []residual
	dropped   []int
	parts     []component
	forms     int // kept by the screen
	firstCut  int // components after the first cut
	drift     float64
	mix       *mixture
	t         *tTable
}

// average runs steps 1 to 8 on a calendar, whose used rows it changes.
func average(c *calendar) (*averaged, error) {
	a := &averaged{cal: c, residuals: residuals()}
	a.dropped = c.dropOutlying(a.residuals)
	if err := c.enough(); err != nil {
		return nil, err
	}
	scales := []*design{newDesign(c, false, false)}
	if c.logs() {
		scales = append(scales, newDesign(c, true, false))
	}
	a.components(scales, a.screen(scales))
	a.weigh()
	for i := range a.parts {
		p := &a.parts[i]
		cols, lambda := p.columns()
		p.cols, p.fit = cols, p.d.whiten(p.res, a.residuals).solve(p.d, cols, lambda, 0, nil)
	}
	a.t = newTTable(c.usedRows() - 1)
	_, ratio := c.observed()
	a.mix = a.predict(c.horizons(), ratio)
	return a, nil
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
// ahead, and returns their mixture. ratio is R, from the log scale to units.
func (a *averaged) predict(asked []int, ratio float64) *mixture {
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
		p.loc = p.d.mean + o.factor*w.stateY + dot(h, p.fit.half)
		p.scale = math.Sqrt(p.fit.ss / float64(p.d.used-1) * (o.spread + dot(h, h)))
	}
	return newMixture(a.parts, ratio, a.drift, a.t)
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
	weight, loc, scale []float64 // [c] of the unit first, then of the logarithm
	logs               int       // from here on of the logarithm
	ratio              float64   // R, from exp(log scale) to the mean in units
	t                  *tTable
	median, widen      float64
}

func newMixture(parts []component, ratio, drift float64, t *tTable) *mixture {
	m := &mixture{ratio: ratio, t: t, widen: 1 + driftWiden*drift}
	for _, log := range []bool{false, true} {
		if log {
			m.logs = len(m.weight)
		}
		for i := range parts {
			if p := &parts[i]; p.d.log == log {
				m.weight, m.loc, m.scale = append(m.weight, p.weight), append(m.loc, p.loc), append(m.scale, p.scale)
			}
		}
	}
	m.median = m.solve(.5)
	return m
}

// cdf is the distribution before it is widened.
func (m *mixture) cdf(u float64) float64 {
	sum := 0.0
	for i, w := range m.weight[:m.logs] {
		sum += w * m.t.cdf((u-m.loc[i])/m.scale[i])
	}
	if m.logs == len(m.weight) || u <= 0 {
		return sum
	}
	u = math.Log(u / m.ratio)
	for i := m.logs; i < len(m.weight); i++ {
		sum += m.weight[i] * m.t.cdf((u-m.loc[i])/m.scale[i])
	}
	return sum
}

// below is the probability of at most u, pulled back to the median as far as quantiles are
// moved away from it.
func (m *mixture) below(u float64) float64 {
	return min(1, max(0, m.cdf(m.median+(u-m.median)/m.widen)))
}

// quantile is that of the mixture, moved away from the median for drift.
func (m *mixture) quantile(p float64) float64 {
	return m.median + (m.solve(p)-m.median)*m.widen
}

// centre returns the location of a component in units.
func (m *mixture) centre(i int) float64 {
	if i >= m.logs {
		return m.ratio * math.Exp(m.loc[i])
	}
	return m.loc[i]
}

// mean is the weighted mean of the centres.
func (m *mixture) mean() float64 {
	sum := 0.0
	for i, w := range m.weight {
		sum += w * m.centre(i)
	}
	return sum
}

// solve returns the p-quantile before widening: false position that never keeps one end
// twice (Dowell and Jarratt (1971), BIT 11, 168–174), with a bisection where it crawls.
func (m *mixture) solve(p float64) float64 {
	centre := m.mean()
	spread := 0.0
	for i, w := range m.weight {
		s := m.scale[i]
		if i >= m.logs {
			s *= m.centre(i)
		}
		spread += w * (s + math.Abs(m.centre(i)-centre))
	}
	lo, hi := centre-4*spread, centre+4*spread
	fl, fh := m.cdf(lo)-p, m.cdf(hi)-p
	for step := 8 * spread; fl > 0; step *= 2 {
		lo -= step
		fl = m.cdf(lo) - p
	}
	for step := 8 * spread; fh < 0; step *= 2 {
		hi += step
		fh = m.cdf(hi) - p
	}
	for i := range 200 {
		x := (lo + hi) / 2
		if i%4 != 3 && fh > fl {
			x = hi - fh*(hi-lo)/(fh-fl)
		}
		f := m.cdf(x) - p
		if f == 0 || hi-lo < 1e-12*spread || math.Abs(f) < 1e-15 {
			return x
		}
		if (f > 0) == (fh > 0) {
			fl *= shrink(f, fh)
			hi, fh = x, f
		} else {
			fh *= shrink(f, fl)
			lo, fl = x, f
		}
	}
	return (lo + hi) / 2
}

// shrink is the factor of the end that stays (the Pegasus rule keeps the sign).
func shrink(f, replaced float64) float64 { return replaced / (replaced + f) }

// tTable is the distribution function of Student t, tabulated: a mixture asks it thousands
// of times. Between entries it is linear, which moves a quantile in the sixth digit.
type tTable struct {
	dist  distuv.StudentsT
	lower []float64 // at 0, tStep, … tEnd: 1 − F
}

func newTTable(freedom int) *tTable {
	t := &tTable{dist: distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}}
	steps := int(math.Round(tEnd / tStep))
	t.lower = make([]float64, steps+2)
	for i := range t.lower {
		t.lower[i] = t.dist.CDF(-float64(i) * tStep)
	}
	return t
}

func (t *tTable) cdf(x float64) float64 {
	if !(math.Abs(x) < tEnd) {
		return t.dist.CDF(x)
	}
	at := math.Abs(x) / tStep
	i := int(at)
	tail := t.lower[i] + (at-float64(i))*(t.lower[i+1]-t.lower[i])
	if x > 0 {
		return 1 - tail
	}
	return tail
}
