package effect

import "math"

// Names of the checks of the default method.
const (
	CheckTooShort            = "too_short"
	CheckUnpredictableBefore = "unpredictable_before"
	CheckRelationChanged     = "relation_changed"
	CheckOutsideExperience   = "outside_experience"
)

// Limits of the checks, chosen in simulations (METHODS.md, bma).
const (
	shortestBefore  = 21   // rows
	placeboP        = .002 // below it, what happened shortly before was too unlikely
	relationRows    = 7    // after, from which on a relation can be told
	relationBayes   = 3    // log Bayes factor for another relation
	relationShare   = .15  // change of the relation that matters
	relationEffect  = 2    // times the relative effect, which changes the relation too
	stepSD          = 10.0 // of the effect itself, in σ
	relationSD      = 4.0  // of the control or of the index of several, in σ
	outsideRange    = .5   // of the range before
	outsideShare    = .5   // of the rows after
	placeboMaxShare = 4    // a placebo window is at most one in four rows before
)

// BMAChecks looks for signs that what BMA assumes does not hold. s is the series that BMA
// was asked about; it is not changed. There are always four checks, in this order; one
// that cannot be made on these data says Skipped, and has passed.
//
//   - too_short: rows before; it fails below 21 or below the rows after.
//   - unpredictable_before: the last two windows before the start, as long as After but at
//     most a quarter of Before, are each predicted from what precedes them. The value is
//     the smaller p-value; it fails below 0.002.
//   - relation_changed: whether the deviation after the start follows the control. Value is
//     the change of the relation as a share of it, 0 where the data do not speak for one
//     (log Bayes factor of 3 or less). It fails above 0.15, or above twice the relative
//     effect where that is more: an effect by a constant factor changes the relation too.
//   - outside_experience: the share of rows after in which the control, or the index of
//     several, lies farther outside the values before than half their range. It fails
//     above one half.
//
// Fails as BMA does.
func BMAChecks(s Series) ([]Check, error) {
	a, err := averageOf(s)
	if err != nil {
		return nil, err
	}
	n, m := s.Before.Len(), s.After.Len()
	short := Check{Name: CheckTooShort, Value: float64(n), Limit: float64(max(shortestBefore, m))}
	short.Passed = short.Value >= short.Limit
	p, tried := a.placebos(m)
	placebo := Check{Name: CheckUnpredictableBefore, Passed: p >= placeboP, Value: p, Limit: placeboP, Skipped: !tried}
	return []Check{short, placebo, a.relation(s), a.outside(s)}, nil
}

// placebos returns the smaller p-value of the last two windows before the start, and
// whether there was one.
func (a *averaged) placebos(m int) (p float64, tried bool) {
	p = 1
	for _, v := range a.placeboValues(m) {
		if !math.IsNaN(v) {
			p, tried = min(p, v), true
		}
	}
	return p, tried
}

// placeboValues returns the p-value of the last window and of the one before, NaN for one
// that could not be predicted.
func (a *averaged) placeboValues(m int) [2]float64 {
	n := a.cal.n
	h := min(m, n/placeboMaxShare)
	values := [2]float64{math.NaN(), math.NaN()}
	for i := range values {
		until := n - i*h
		from := until - h
		if h < 1 || from < max(shortestBefore, 2*h) || a.droppedIn(from, until) {
			continue
		}
		c := a.cal.placebo(from, until)
		if c.enough() != nil {
			continue
		}
		b, err := average(c)
		if err != nil {
			continue
		}
		observed, _ := c.observed()
		below := b.mix.below(observed)
		values[i] = 2 * min(below, 1-below)
	}
	return values
}

func (a *averaged) droppedIn(from, until int) bool {
	for _, t := range a.dropped {
		if t >= from && t < until {
			return true
		}
	}
	return false
}

// relation checks whether the deviation after the start follows the control.
func (a *averaged) relation(s Series) Check {
	check := Check{Name: CheckRelationChanged, Passed: true, Limit: relationShare}
	if len(a.cal.x) == 0 || len(a.cal.seen) < relationRows {
		check.Skipped = true
		return check
	}
	bayes, change := a.relationChange(s)
	observed, _ := a.cal.observed()
	if relative := math.Abs(observed/a.mix.mean - 1); finite(relative) {
		check.Limit = max(relationShare, relationEffect*relative)
	}
	if bayes > relationBayes {
		check.Value = change
	}
	check.Passed = check.Value <= check.Limit
	return check
}

// relationChange fits all rows with a step at the start, with and without a relation of
// its own after it. It returns the log Bayes factor and the change of the relation as a
// share of it, in the best model with one.
func (a *averaged) relationChange(s Series) (bayes, change float64) {
	logWeight := 0.0
	for i := range a.parts {
		if a.parts[i].d.log {
			logWeight += a.parts[i].weight
		}
	}
	d := newDesign(a.cal.whole(), logWeight > .5, true)
	step, turned := make([]float64, d.cal.n), make([]float64, d.cal.n)
	index, mean, rows := d.cols[d.index], 0.0, 0.0
	for t := a.cal.n; t < d.cal.n; t++ {
		if d.cal.used[t] {
			mean, rows = mean+index[t], rows+1
		}
	}
	for t := s.After.From - a.cal.first; t < d.cal.n; t++ {
		step[t], turned[t] = 1, index[t]-mean/rows
	}
	first := len(d.cols)
	d.cols = append(d.cols, step, turned)

	base := form{cols: []int{0}, lambda: []float64{0}}
	base.add(first, 1, stepSD)
	base.add(d.index, 1, relationSD)
	if k := len(a.cal.x); k > 1 {
		base.add(d.own, k, 1/math.Sqrt(float64(k)))
	}
	var with, without []float64
	best, buf := math.Inf(-1), &solved{}
	for r, res := range a.residuals {
		if res.look&lookAll == 0 {
			continue
		}
		w := d.whiten(r, a.residuals)
		for _, f := range d.spans(base) {
			without = append(without, w.solve(d, f.cols, f.lambda, 0, buf).logML)
			f.add(first+1, 1, 1)
			fit := w.solve(d, f.cols, f.lambda, 0, buf)
			with = append(with, fit.logML)
			if fit.logML > best {
				best = fit.logML
				beta := fit.beta()
				change = math.Abs(beta[len(beta)-1] / beta[2])
			}
		}
	}
	return logSum(with) - logSum(without), change
}

// spans returns a form with and without trend and weekly pattern.
func (d *design) spans(base form) []form {
	var list []form
	for _, trend := range []bool{false, true} {
		for _, week := range []bool{false, true} {
			if week && d.week < 0 {
				continue
			}
			f := base
			f.cols, f.lambda = append([]int(nil), base.cols...), append([]float64(nil), base.lambda...)
			if trend {
				f.add(d.trend, 1, wideSDs[1])
			}
			if week {
				f.add(d.week, dayColumn, wideSDs[0])
			}
			list = append(list, f)
		}
	}
	return list
}

func logSum(values []float64) float64 {
	top, sum := math.Inf(-1), 0.0
	for _, v := range values {
		top = max(top, v)
	}
	for _, v := range values {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}

// whole returns a calendar that learns from the asked rows as well. Dropped rows stay out.
func (c *calendar) whole() *calendar {
	w := *c
	w.n, w.asked, w.seen = c.rows, nil, nil
	w.y, w.missing, w.used = make([]float64, c.rows), make([]bool, c.rows), make([]bool, c.rows)
	copy(w.y, c.y)
	copy(w.used, c.used)
	for i, row := range c.asked {
		w.y[row], w.used[row] = c.seen[i], true
	}
	for t := range w.missing {
		w.missing[t] = !w.used[t]
	}
	return &w
}

// outside checks whether the control after lies where nothing was learned.
func (a *averaged) outside(s Series) Check {
	check := Check{Name: CheckOutsideExperience, Passed: true, Limit: outsideShare}
	if len(a.cal.x) == 0 {
		check.Skipped = true
		return check
	}
	d := newDesign(a.cal, false, false)
	index := d.cols[d.index]
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range index[:a.cal.n] {
		lo, hi = min(lo, v), max(hi, v)
	}
	room := outsideRange * (hi - lo)
	from := s.After.From - a.cal.first
	for _, v := range index[from:] {
		if v < lo-room || v > hi+room {
			check.Value += 1 / float64(len(index)-from)
		}
	}
	check.Passed = check.Value <= check.Limit
	return check
}
