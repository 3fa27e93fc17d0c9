package effect

import (
	"math"
)

const (
	minUsed   = 7     // known rows before; with fewer the priors carry everything
	flatSD    = 1e-12 // a spread below this share of the largest value is rounding
	weekdayN  = 21    // rows before, from which on a weekly pattern can be told from chance
	logFloor  = 0.02  // of the mean: the log scale needs all values above
	dayColumn = 7     // columns of the weekly pattern
)

// calendar is what one fit sees: n rows to learn from and, after them, the rows whose mean
// is asked for. Values are divided by powers of two, so that nothing overflows and no digit
// is lost.
type calendar struct {
	n, rows int         // rows to learn from, and all of them with those after
	y       []float64   // [n]
	missing []bool      // [n] as given
	used    []bool      // [n] neither missing nor dropped
	x       [][]float64 // [k][rows]
	weekday []int       // [rows], nil: none
	year    float64     // rows that make a year, 0: none
	// published leaves out bends and the season of the year: the model as it was first
	// published, whose worked examples the tests repeat.
	published bool
	asked     []int     // rows, each ≥ n, upwards
	seen      []float64 // [asked] what was observed there
	unit      float64   // of y
	units     []float64 // [k] of the controls
	first     int       // row of the series that is row 0 here
}

// binaryUnit returns the power of two at or below the largest absolute value, 1 for none.
func binaryUnit(values func(yield func(float64) bool)) float64 {
	largest := 0.0
	for v := range values {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 1
	}
	_, e := math.Frexp(largest)
	return math.Ldexp(1, e-1)
}

// newCalendar returns the rows from the first of Before to the last of After. Rows between
// both are not asked for and not learned from. The mean is asked over the known rows of
// After, where Active is set over those of them in which the activity ran.
func newCalendar(s Series) (*calendar, error) {
	c, err := readCalendar(s)
	if err != nil {
		return nil, err
	}
	return c, c.enough()
}

// readCalendar is newCalendar for rows that may be too few to learn from.
func readCalendar(s Series) (*calendar, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	from, n, total := s.Before.From, s.Before.Len(), s.After.Until-s.Before.From
	c := &calendar{n: n, rows: total, first: from, year: s.Year, y: make([]float64, n), missing: make([]bool, n), used: make([]bool, n)}
	c.unit = binaryUnit(func(yield func(float64) bool) {
		for i := from; i < from+total; i++ {
			if !s.missing(i) && !yield(s.Y[i]) {
				return
			}
		}
	})
	for i := range n {
		c.missing[i] = s.missing(from + i)
		if c.used[i] = !c.missing[i]; c.used[i] {
			c.y[i] = s.Y[from+i] / c.unit
		}
	}
	for i := s.After.From; i < s.After.Until; i++ {
		if !s.missing(i) && (s.Active == nil || s.Active[i]) {
			c.asked, c.seen = append(c.asked, i-from), append(c.seen, s.Y[i]/c.unit)
		}
	}
	for j := range s.controls() {
		unit := binaryUnit(func(yield func(float64) bool) {
			for i := range total {
				if !yield(s.X[from+i][j]) {
					return
				}
			}
		})
		x := make([]float64, total)
		for i := range x {
			x[i] = s.X[from+i][j] / unit
		}
		c.x, c.units = append(c.x, x), append(c.units, unit)
	}
	if s.Weekday != nil {
		c.weekday = s.Weekday[from : from+total]
	}
	return c, nil
}

// enough returns the error of a calendar that nothing can be learned from.
func (c *calendar) enough() error {
	used, lo, hi := 0, math.Inf(1), math.Inf(-1)
	for i, u := range c.used {
		if u {
			used, lo, hi = used+1, min(lo, c.y[i]), max(hi, c.y[i])
		}
	}
	switch {
	case used < minUsed:
		return ErrTooShort
	case len(c.asked) == 0:
		return ErrNoRows
	case hi-lo <= flatSD*max(math.Abs(lo), math.Abs(hi)):
		return ErrConstant
	}
	return nil
}

// usedRows counts the rows that are learned from.
func (c *calendar) usedRows() int {
	k := 0
	for _, u := range c.used {
		if u {
			k++
		}
	}
	return k
}

// horizons returns how many rows ahead of the last row before the asked ones lie.
func (c *calendar) horizons() []int {
	h := make([]int, len(c.asked))
	for i, row := range c.asked {
		h[i] = row - c.n + 1
	}
	return h
}

// logs says whether the log scale can be tried: every value is clearly above zero.
func (c *calendar) logs() bool {
	lowest, sum, k := math.Inf(1), 0.0, 0
	for i, m := range c.missing {
		if !m {
			lowest, sum, k = min(lowest, c.y[i]), sum+c.y[i], k+1
		}
	}
	if c.n < c.rows { // else what was seen stands among the rows that are learned from
		for _, v := range c.seen {
			lowest, sum, k = min(lowest, v), sum+v, k+1
		}
	}
	return lowest > logFloor*sum/float64(k)
}

// observed is the mean of what was seen in the asked rows, ratio its relation to their
// geometric mean (1 where that does not exist).
func (c *calendar) observed() (mean, ratio float64) { return meanAndRatio(c.seen) }

func meanAndRatio(seen []float64) (mean, ratio float64) {
	logs, positive := 0.0, true
	for _, v := range seen {
		mean += v
		if positive = positive && v > 0; positive {
			logs += math.Log(v)
		}
	}
	m := float64(len(seen))
	mean /= m
	if !positive {
		return mean, 1
	}
	return mean, mean / math.Exp(logs/m)
}

// placebo returns a calendar that ends before the start: rows [from, until) take the place
// of the rows after.
func (c *calendar) placebo(from, until int) *calendar {
	p := *c
	p.n, p.rows, p.y, p.missing = from, until, c.y[:from], c.missing[:from]
	p.used = make([]bool, from)
	for i := range p.used {
		p.used[i] = !p.missing[i]
	}
	p.asked, p.seen = nil, nil
	for i := from; i < until; i++ {
		if !c.missing[i] {
			p.asked, p.seen = append(p.asked, i), append(p.seen, c.y[i])
		}
	}
	p.x = nil
	for _, x := range c.x {
		p.x = append(p.x, x[:until])
	}
	if c.weekday != nil {
		p.weekday = c.weekday[:until]
	}
	return &p
}
