package effect

import "math"

// Where a series goes by itself: nowhere, along a straight line, or along one that bends;
// and with the seasons. A line with a bend costs hardly anything where there is none, and a
// series that began to grow midway is not taken for one that stands still. Without a control
// nothing else can tell of it, so that bends are likelier there. Chosen in simulations
// (METHODS.md, bma).
const (
	knots    = 3 // bends are tried at the quarters of the period before
	kinkSD   = 1.5
	bentSD   = 2
	yearRows = 60 // rows before, and the share of a year, from which on its season is tried
	yearPart = .8
	yearLong = 1.5 // years from which on it may have more than one wave
)

// courseShares are prior probabilities; they add up to 1.
type courseShares struct {
	level    float64 // no trend
	straight float64 // a trend, half for each of its two widths
	kinked   float64 // level and, from one of the knots on, a trend
	bent     float64 // a trend that changes at every knot
}

var (
	coursesAlone      = courseShares{level: .5, straight: .2, kinked: .2, bent: .1}
	coursesControlled = courseShares{level: .7, straight: .2, bent: .1}
	coursesPublished  = courseShares{level: .7, straight: .3}
)

// yearWaves are the numbers of waves that the season of a year may have.
var yearWaves = []int{1, 3}

// option is one of several things that a structure may have: groups of columns, and its
// prior probability.
type option struct {
	share  float64
	groups []group
	plain  bool // is tried when outlying weeks are looked for
}

// group is neighbouring columns with a prior standard deviation in σ.
type group struct {
	first, count int
	sd           float64
}

// addCourses adds the columns of trend, bends and the season of the year.
func (d *design) addCourses(total int) {
	c := d.cal
	tau, n := make([]float64, total), float64(c.n)
	for t := range tau {
		tau[t] = (float64(t+1) - (n+1)/2) / n
	}
	d.cols = append(d.cols, tau)
	if c.published {
		return
	}
	d.bend = len(d.cols)
	for i := 1; i <= knots; i++ {
		col, knot := make([]float64, total), float64(i)/(knots+1)-.5
		for t, v := range tau {
			col[t] = max(0, v-knot)
		}
		d.cols = append(d.cols, col)
	}
	if n < yearRows || c.year <= 0 || n < yearPart*c.year {
		return
	}
	d.year = len(d.cols)
	for wave := 1; wave <= d.waves(); wave++ {
		sin, cos := make([]float64, total), make([]float64, total)
		for t := range sin {
			sin[t], cos[t] = math.Sincos(2 * math.Pi * float64(wave) * float64(t) / c.year)
		}
		d.cols = append(d.cols, sin, cos)
	}
}

// waves is the largest number of waves that the season of the year may have.
func (d *design) waves() int {
	if float64(d.cal.n) < yearLong*d.cal.year {
		return yearWaves[0]
	}
	return yearWaves[len(yearWaves)-1]
}

// courseOptions returns where the series may go by itself.
func (d *design) courseOptions() []option {
	s := coursesControlled
	switch {
	case d.cal.published:
		s = coursesPublished
	case len(d.cal.x) == 0:
		s = coursesAlone
	}
	list := []option{{share: s.level, plain: true}}
	for i, sd := range wideSDs {
		list = append(list, option{share: s.straight / float64(len(wideSDs)), groups: []group{{d.trend, 1, sd}}, plain: i > 0})
	}
	if s.bent > 0 {
		list = append(list, option{share: s.bent, groups: []group{{d.trend, 1, wideSDs[1]}, {d.bend, knots, bentSD}}})
	}
	if s.kinked > 0 {
		for i := range knots {
			list = append(list, option{share: s.kinked / knots, groups: []group{{d.bend + i, 1, kinkSD}}})
		}
	}
	return list
}

// yearOptions returns what the season of the year may be.
func (d *design) yearOptions() []option {
	if d.year < 0 {
		return []option{{share: 1, plain: true}}
	}
	var counts []int
	for _, waves := range yearWaves {
		if waves <= d.waves() {
			counts = append(counts, waves)
		}
	}
	list := []option{{share: noYear, plain: true}}
	for _, waves := range counts {
		list = append(list, option{share: (1 - noYear) / float64(len(counts)), groups: []group{{d.year, 2 * waves, yearSD}}})
	}
	return list
}

// weekOptions returns what the weekly pattern may be.
func (d *design) weekOptions() []option {
	if d.week < 0 {
		return []option{{share: 1, plain: true}}
	}
	list := []option{{share: noWeekday, plain: true}}
	for _, sd := range wideSDs {
		list = append(list, option{share: (1 - noWeekday) / float64(len(wideSDs)), groups: []group{{d.week, dayColumn, sd}}, plain: true})
	}
	return list
}
