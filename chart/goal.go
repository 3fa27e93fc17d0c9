package chart

import (
	"math"
	"slices"
)

// Point is a day's value; a missing day is a gap, never a zero.
type Point struct {
	Day     int // days since 1970-01-01
	Value   float64
	Missing bool
}

// BandPoint is the range of a coming day.
type BandPoint struct {
	Day                         int
	Lo95, Lo80, Mid, Hi80, Hi95 float64
}

// gap reports whether there is nothing to draw: a missing day, or no number.
func (p Point) gap() bool { return p.Missing || math.IsNaN(p.Value) || math.IsInf(p.Value, 0) }

// Step is a target from one day to another, and its label.
type Step struct {
	From, Until int
	Value       float64
	Label       string
	Former      bool // it was changed later
}

// Panel is one plot with an axis of its own.
type Panel struct {
	Title    string
	Observed []Point
	Ahead    []BandPoint
	Targets  []Step
	// Zero makes the axis begin at zero, as it must for counts.
	Zero bool
	// Number writes a value on this panel's axis.
	Number func(float64) string
	// ObservedLabel and AheadLabel stand at the ends of the lines.
	ObservedLabel, AheadLabel string
}

// GoalData is the chart of a goal: what happened, what is forecast, where the target
// stood. All panels share the days from From to Until.
type GoalData struct {
	Title, Desc string
	Panels      []Panel
	From, Until int
	Today       int // first day of which nothing is known
	TodayLabel  string
	RangeLabel  string           // "80 % and 95 % range"
	Day         func(int) string // writes a day on the axis
}

// frame is where a panel lies.
type frame struct {
	x0, x1, y0, y1 float64 // left, right, bottom, top
	lo, hi         float64
	from, until    int
}

func (f frame) x(day int) float64 {
	return f.x0 + (f.x1-f.x0)*float64(day-f.from)/float64(max(1, f.until-f.from))
}

func (f frame) y(v float64) float64 {
	return f.y0 - (f.y0-f.y1)*(finite(v)-f.lo)/(f.hi-f.lo)
}

// DrawGoal draws the chart of a goal in a width.
func DrawGoal(d GoalData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	height, top := 230.0, 40.0
	if narrow {
		height = 170
	}
	if d.Until <= d.From {
		d.Until = d.From + 1
	}
	left, right := 30.0, 16.0
	for _, p := range d.Panels {
		lo, hi := p.limits(d)
		for _, v := range ticks(lo, hi, tickCount(narrow)) {
			left = max(left, textWidth(Text, p.Number(v))+14)
		}
		if !narrow {
			right = max(right, textWidth(ExpText, p.AheadLabel)+18)
			if d.Today >= d.Until {
				right = max(right, textWidth(ObsText, p.ObservedLabel)+18)
			}
		}
	}
	right = min(right, width/3.5)
	y, first, bottom := 0.0, frame{}, 0.0
	for i, p := range d.Panels {
		lo, hi := p.limits(d)
		t := ticksApart(lo, hi, tickCount(narrow), p.Number)
		f := frame{x0: left, x1: width - right, y1: y + top, y0: y + top + height, lo: t[0], hi: t[len(t)-1], from: d.From, until: d.Until}
		s.panel(d, p, f, t, narrow)
		if i == 0 {
			first = f
		}
		bottom = f.y0
		y = f.y0 + 12
		if i == len(d.Panels)-1 {
			s.days(d, f, narrow)
			y += 22
		}
	}
	if len(d.Panels) > 0 && d.Today < d.Until && d.Today > d.From { // one moment, one line through all panels
		x := first.x(d.Today)
		s.line(Mark, x, bottom, x, first.y1-10)
		s.label(Small, x-5, first.y1-6, end, d.TodayLabel)
	}
	if narrow {
		y = s.legend(d, y+6)
	} else if d.RangeLabel != "" {
		s.label(Small, left, y+10, start, d.RangeLabel)
		y += 18
	}
	s.H = y + 6
	return s
}

func tickCount(narrow bool) int {
	if narrow {
		return 3
	}
	return 4
}

// limits returns the smallest and the largest value that a panel shows.
func (p Panel) limits(d GoalData) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	grow := func(v float64) {
		v = finite(v)
		lo, hi = min(lo, v), max(hi, v)
	}
	for _, o := range p.Observed {
		if !o.gap() && o.Day >= d.From && o.Day <= d.Until {
			grow(o.Value)
		}
	}
	for _, b := range d.ahead(p) {
		grow(b.Lo95)
		grow(b.Hi95)
	}
	if lo > hi {
		lo, hi = 0, 1
	}
	for _, t := range p.Targets {
		if !math.IsNaN(t.Value) && !math.IsInf(t.Value, 0) {
			lo, hi = min(lo, t.Value), max(hi, t.Value)
		}
	}
	if p.Zero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	if hi <= lo {
		hi = lo + max(1, math.Abs(lo)*0.1)
	}
	return lo, hi
}

// ahead returns the forecast that lies within the chart and is made of numbers.
func (d GoalData) ahead(p Panel) []BandPoint {
	var out []BandPoint
	for _, b := range p.Ahead {
		sum := b.Lo95 + b.Lo80 + b.Mid + b.Hi80 + b.Hi95
		if b.Day >= d.From && b.Day <= d.Until && !math.IsNaN(sum) && !math.IsInf(sum, 0) {
			out = append(out, b)
		}
	}
	return out
}

// panel draws one plot.
func (s *Scene) panel(d GoalData, p Panel, f frame, t []float64, narrow bool) {
	if d.Today < d.Until && d.Today >= d.From {
		s.rect(Shade, f.x(d.Today), f.y1, f.x1-f.x(d.Today), f.y0-f.y1)
	}
	s.label(Strong, 4, f.y1-22, start, p.Title)
	for _, v := range t {
		c := Grid
		if v == 0 || v == t[0] {
			c = Axis
		}
		s.line(c, f.x0, f.y(v), f.x1, f.y(v))
		s.label(Text, f.x0-8, f.y(v)+4, end, p.Number(v))
	}
	p.Ahead = d.ahead(p)
	s.band(Band95, f, p.Ahead, func(b BandPoint) (float64, float64) { return b.Lo95, b.Hi95 })
	s.band(Band80, f, p.Ahead, func(b BandPoint) (float64, float64) { return b.Lo80, b.Hi80 })
	var mid, lo, hi []point
	for _, b := range p.Ahead {
		mid = append(mid, point{f.x(b.Day), f.y(b.Mid)})
		lo = append(lo, point{f.x(b.Day), f.y(b.Lo95)})
		hi = append(hi, point{f.x(b.Day), f.y(b.Hi95)})
	}
	s.path(Edge, lo)
	s.path(Edge, hi)
	s.path(Expected, mid)
	s.observed(f, d, p.Observed)
	s.targets(f, p.Targets)
	if !narrow {
		s.ends(d, p, f)
	}
}

// observed draws what happened, with a gap where a day is missing; a day that stands
// alone is a dot.
func (s *Scene) observed(f frame, d GoalData, list []Point) {
	var run []point
	flush := func() {
		if len(run) == 1 {
			s.circle(Dot, run[0].x, run[0].y, 1.6)
		}
		s.path(Observed, run)
		run = nil
	}
	step := 7 // weeks, or days: whatever is the smallest distance
	for i := 1; i < len(list); i++ {
		step = min(step, max(1, list[i].Day-list[i-1].Day))
	}
	last := 0
	for _, p := range list {
		if p.Day < d.From || p.Day > d.Until {
			continue
		}
		if p.gap() || (len(run) > 0 && p.Day-last > step) {
			flush()
		}
		if !p.gap() {
			run = append(run, point{f.x(p.Day), f.y(p.Value)})
			last = p.Day
		}
	}
	flush()
}

func (s *Scene) band(c Class, f frame, list []BandPoint, ends func(BandPoint) (lo, hi float64)) {
	if len(list) < 2 {
		return
	}
	var pts []point
	for _, b := range list {
		_, hi := ends(b)
		pts = append(pts, point{f.x(b.Day), f.y(hi)})
	}
	for _, b := range slices.Backward(list) {
		lo, _ := ends(b)
		pts = append(pts, point{f.x(b.Day), f.y(lo)})
	}
	s.area(c, pts)
}

// targets draws where the target stood: the one in force strong, former ones dashed.
func (s *Scene) targets(f frame, list []Step) {
	var prev *Step
	used, usedTo := -1e9, -1e9
	for i, t := range list {
		from, until := max(t.From, f.from), min(t.Until, f.until)
		if until <= from {
			continue
		}
		c := Goal
		if t.Former {
			c = Moved
		}
		y := f.y(t.Value)
		s.line(c, f.x(from), y, f.x(until), y)
		if prev != nil {
			s.line(Moved, f.x(from), f.y(prev.Value), f.x(from), y)
		}
		prev = &list[i]
		if t.Former && textWidth(Small, t.Label) > f.x(until)-f.x(from)-6 {
			continue // no room beside the next target; the page lists all of them
		}
		x := f.x(from) + 4 // at its beginning, where no range lies
		ly := y - 6
		if ly < f.y1+10 {
			ly = y + 15
		}
		if math.Abs(ly-used) < 13 && x < usedTo {
			if t.Former {
				continue
			}
			ly = y + 15
		}
		used, usedTo = ly, x+textWidth(Small, t.Label)
		s.label(Small, x, ly, start, t.Label)
	}
}

// ends writes the names of the lines at their ends, apart from each other.
func (s *Scene) ends(d GoalData, p Panel, f frame) {
	if len(p.Ahead) > 0 {
		s.label(ExpText, f.x1+8, f.y(p.Ahead[len(p.Ahead)-1].Mid)+4, start, p.AheadLabel)
	}
	for _, o := range slices.Backward(p.Observed) {
		if o.gap() || o.Day > d.Until {
			continue
		}
		x, y := f.x(o.Day)+8, f.y(o.Value)+4
		if d.Today > o.Day && d.Today < d.Until { // right of the line that marks the moment
			x = f.x(d.Today) + 8
		}
		if len(p.Ahead) > 0 { // the forecast begins here: stand below it, or above where it falls
			y += 20
			if p.Ahead[len(p.Ahead)-1].Mid < o.Value {
				y -= 38
			}
		}
		s.label(ObsText, x, min(max(y, f.y1+10), f.y0-4), start, p.ObservedLabel)
		return
	}
}

// days labels the time axis.
func (s *Scene) days(d GoalData, f frame, narrow bool) {
	n := 8
	if narrow {
		n = 4
	}
	end := -1e9
	for _, day := range dayTicks(d.From, d.Until, n) {
		x := f.x(day)
		text := d.Day(day)
		w := textWidth(Text, text)
		if x-w/2 < end+6 || x+w/2 > s.W {
			continue
		}
		s.line(Axis, x, f.y0, x, f.y0+5)
		s.label(Text, x, f.y0+20, middle, text)
		end = x + w/2
	}
}

// legend explains the lines below a narrow chart.
func (s *Scene) legend(d GoalData, y float64) float64 {
	var o, a string
	for _, p := range d.Panels {
		if o == "" {
			o = p.ObservedLabel
		}
		if len(p.Ahead) > 0 {
			a = p.AheadLabel
		}
	}
	row := func(c Class, text string) {
		if text == "" {
			return
		}
		s.line(c, 8, y+8, 34, y+8)
		s.label(Text, 40, y+12, start, text)
		y += 18
	}
	row(Observed, o)
	row(Expected, a)
	if a != "" && d.RangeLabel != "" {
		s.rect(Band80, 8, y+2, 26, 11)
		s.label(Text, 40, y+12, start, d.RangeLabel)
		y += 18
	}
	return y
}
