package effect

import "math"

// Prior standard deviations, in σ, and prior probabilities of the parts of the regression,
// chosen in simulations (METHODS.md, bma).
const (
	noWeekday    = .5 // probability
	noYear       = .7
	yearSD       = 2
	noControl    = .2  // of a single control
	denseShare   = .10 // all of several controls, not a few of them
	changeShare  = .10 // the relation changed
	indexSD      = 3
	changeSD     = .7
	changePieces = 5  // fifths of the period before
	sizeFactor   = .6 // weight of each further control among a few
	maxSize      = 6  // chosen controls
	rowsPerSize  = 6  // used rows for each
)

var (
	wideSDs    = []float64{1, 4}  // straight trend, weekdays
	controlSDs = []float64{.7, 4} // a single control
	denseSDs   = []float64{.5, 2} // all controls, over √k
	slabSDs    = []float64{.7, 3} // chosen controls
)

// design holds the columns of the regression on one scale, and y on that scale.
type design struct {
	cal      *calendar
	log      bool
	y        []float64 // [n] less mean
	mean     float64
	jacobian float64
	used     int         // rows learned from
	cols     [][]float64 // [q][n+ahead]
	on       int         // column of an activity that ran several times, 0 for none
	// The first column of each kind, -1 where there is none. The intercept is column 0.
	trend, year, bend, week, index, own, change int
	logged                                      []bool    // [k] control is on the log scale
	spread                                      []float64 // [k]
	indexSpread                                 float64
	whites                                      map[int]*white // by covariance
	all                                         []form
}

// newDesign standardises over the first n rows. Where span is set, columns of a changing
// relation are left out: it looks at one span, not ahead.
func newDesign(c *calendar, log, span bool) *design {
	d := &design{cal: c, log: log, y: make([]float64, c.n), used: c.usedRows(), trend: 1, year: -1, bend: -1, week: -1, index: -1, own: -1, change: -1, whites: map[int]*white{}}
	d.outcome()
	total := c.rows
	one := make([]float64, total)
	for t := range one {
		one[t] = 1
	}
	d.cols = [][]float64{one}
	d.addCourses(total)
	if c.weekday != nil && c.n >= weekdayN {
		d.week = len(d.cols)
		for w := range dayColumn {
			col := make([]float64, total)
			for t := range col {
				if c.weekday[t] == w {
					col[t] = 1
				}
			}
			d.cols = append(d.cols, col)
		}
	}
	d.addControls(total)
	if d.index >= 0 && !span {
		d.change = len(d.cols)
		for i := 1; i <= changePieces; i++ {
			col := make([]float64, total)
			from := c.n * i / changePieces
			copy(col[from:], d.cols[d.index][from:])
			d.cols = append(d.cols, col)
		}
	}
	return d
}

// outcome sets y, its mean and the Jacobian of its scale.
func (d *design) outcome() {
	sum, logs := 0.0, 0.0
	for t, u := range d.cal.used {
		if !u {
			continue
		}
		d.y[t] = d.cal.y[t]
		if d.log {
			d.y[t] = math.Log(d.cal.y[t])
			logs += d.y[t]
		}
		sum += d.y[t]
	}
	d.mean = sum / float64(d.used)
	for t, u := range d.cal.used {
		if u {
			d.y[t] -= d.mean
		}
	}
	// The flat prior of the intercept takes one degree of freedom: with the whole sum the
	// answer would depend on the unit.
	d.jacobian = -logs * float64(d.used-1) / float64(d.used)
}

// addControls adds the control, or the index of several and the controls themselves.
func (d *design) addControls(total int) {
	k := len(d.cal.x)
	if k == 0 {
		return
	}
	d.logged, d.spread = make([]bool, k), make([]float64, k)
	var own [][]float64
	for j, x := range d.cal.x {
		col := append([]float64(nil), x[:total]...)
		if d.logged[j] = d.log && allPositive(col); d.logged[j] {
			for t, v := range col {
				col[t] = math.Log(v)
			}
		}
		d.spread[j] = standardise(col, d.cal.n)
		own = append(own, col)
	}
	d.index = len(d.cols)
	if k == 1 {
		d.own, d.indexSpread = d.index, 1
		d.cols = append(d.cols, own[0])
		return
	}
	index := make([]float64, total)
	for t := range index {
		for _, col := range own {
			index[t] += col[t] / float64(k)
		}
	}
	d.indexSpread = standardise(index, d.cal.n)
	d.cols = append(d.cols, index)
	d.own = len(d.cols)
	d.cols = append(d.cols, own...)
}

func allPositive(values []float64) bool {
	for _, v := range values {
		if v <= 0 {
			return false
		}
	}
	return true
}

// standardise takes mean and standard deviation over the first n values and returns the
// latter, 1 for a column that does not vary.
func standardise(col []float64, n int) float64 {
	mean, ss := 0.0, 0.0
	for _, v := range col[:n] {
		mean += v / float64(n)
	}
	for _, v := range col[:n] {
		ss += (v - mean) * (v - mean)
	}
	sd := math.Sqrt(ss / float64(n-1))
	if !(sd >= flatSD) {
		sd = 1
	}
	for t := range col {
		col[t] = (col[t] - mean) / sd
	}
	return sd
}

// form is a structure of the regression: which columns are in, with which prior.
type form struct {
	cols   []int
	lambda []float64 // prior precision in 1/σ², 0 for the intercept
	prior  float64   // log, of weekday, year and controls
	trend  float64   // log prior of the course
	slab   float64   // prior sd of chosen controls; 0: none are chosen
	change bool      // the relation to the control changes
	plain  bool      // is tried when outlying weeks are looked for
}

// forms returns all structures in their order: weekday, year, course, controls, changing
// relation.
func (d *design) forms() []form {
	if d.all != nil {
		return d.all
	}
	controls := d.controlForms()
	for _, week := range d.weekOptions() {
		for _, year := range d.yearOptions() {
			for _, course := range d.courseOptions() {
				for _, c := range controls {
					d.all = append(d.all, d.form(week, year, course, c))
				}
			}
		}
	}
	return d.all
}

// form puts a structure together.
func (d *design) form(week, year, course option, c form) form {
	f := c
	f.cols, f.lambda = []int{0}, []float64{0}
	f.prior += math.Log(week.share) + math.Log(year.share)
	f.trend = math.Log(course.share)
	f.plain = c.plain && week.plain && year.plain && course.plain
	for _, o := range []option{course, year, week} {
		for _, g := range o.groups {
			f.add(g.first, g.count, g.sd)
		}
	}
	f.cols, f.lambda = append(f.cols, c.cols...), append(f.lambda, c.lambda...)
	if d.on > 0 {
		f.add(d.on, 1, stepSD)
	}
	return f
}

// add puts count columns from first on into a form, with a prior standard deviation.
func (f *form) add(first, count int, sd float64) {
	for i := range count {
		f.cols, f.lambda = append(f.cols, first+i), append(f.lambda, 1/(sd*sd))
	}
}

// changing returns a form without and one with the changing relation.
func (d *design) changing(f form) []form {
	with := f
	with.cols, with.lambda = append([]int(nil), f.cols...), append([]float64(nil), f.lambda...)
	with.add(d.change, changePieces, changeSD)
	with.prior += math.Log(changeShare)
	with.change, with.slab, with.plain = true, 0, false // a sparse part becomes the index and the five columns alone
	f.prior += math.Log(1 - changeShare)
	return []form{f, with}
}

// controlForms returns what the controls add to a structure.
func (d *design) controlForms() []form {
	k := len(d.cal.x)
	switch k {
	case 0:
		return []form{{plain: true}}
	case 1:
		list := []form{{prior: math.Log(noControl), plain: true}}
		for _, sd := range controlSDs {
			f := form{prior: math.Log((1 - noControl) / 2), plain: true}
			f.add(d.index, 1, sd)
			list = append(list, d.changing(f)...)
		}
		return list
	}
	var list []form
	for _, index := range []bool{false, true} {
		var base form
		if index {
			base.add(d.index, 1, indexSD)
		}
		for _, sd := range denseSDs {
			f := base
			f.cols, f.lambda = append([]int(nil), base.cols...), append([]float64(nil), base.lambda...)
			f.prior = math.Log(denseShare / 4)
			f.plain = index && sd == denseSDs[0]
			f.add(d.own, k, sd/math.Sqrt(float64(k)))
			if index {
				list = append(list, d.changing(f)...)
			} else {
				list = append(list, f)
			}
		}
		for _, sd := range slabSDs {
			f := base
			f.prior, f.slab = math.Log((1-denseShare)/4), sd
			f.plain = index && sd == slabSDs[0]
			if index {
				list = append(list, d.changing(f)...)
			} else {
				list = append(list, f)
			}
		}
	}
	return list
}

// plainForms returns the structures that are tried when outlying weeks are looked for.
func (d *design) plainForms() []form {
	var list []form
	for _, f := range d.forms() {
		if !f.plain {
			continue
		}
		if d.cal.published {
			f.slab = 0 // the index alone stands for the sparse part
		}
		list = append(list, f)
	}
	return list
}

// columns returns the columns of a form, with those of chosen controls, and their prior
// precisions.
func (f form) columns(d *design, own []int) ([]int, []float64) {
	cols, lambda := f.cols, f.lambda
	for _, j := range own {
		cols = append(cols[:len(cols):len(cols)], d.own+j)
		lambda = append(lambda[:len(lambda):len(lambda)], 1/(f.slab*f.slab))
	}
	return cols, lambda
}
