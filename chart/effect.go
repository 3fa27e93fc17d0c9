package chart

import (
	"math"
	"slices"
	"strings"
)

// RangePoint is a day's value with its range; a day without one is a gap.
type RangePoint struct {
	Day         int
	Lo, Mid, Hi float64
	Missing     bool
}

func (p RangePoint) gap() bool {
	sum := p.Lo + p.Mid + p.Hi
	return p.Missing || math.IsNaN(sum) || math.IsInf(sum, 0)
}

// Run is the days from the first to the last on which an activity ran.
type Run struct{ First, Last int }

// EffectData is the chart of an activity's effect on a series: what happened beside what
// was to be expected without it, the difference per day, and the difference added up.
// All panels share one axis of days; a panel without points is not drawn.
type EffectData struct {
	Title, Desc string
	Observed    []Point
	Expected    []RangePoint // before the activity and since
	Effect      []RangePoint
	Sum         []RangePoint
	Runs        []Run // of the activity, shaded
	Start       int   // its first day
	StartLabel  string
	// Rows says that Day counts rows of a table that has no dates.
	Rows bool
	// Zero makes the axis of the first panel begin at zero, as it must for counts.
	Zero   bool
	Number func(float64) string // writes a value
	Change func(float64) string // writes a difference, with its sign
	Day    func(int) string

	ObservedTitle, EffectTitle, SumTitle     string
	ObservedLabel, ExpectedLabel, RangeLabel string // at the ends of the lines; RangeLabel names the interval's level
	EffectLabel                              string
	SumLabel, SumRange                       string // the last sum and its range
	SumLegend                                string // says both below a narrow chart
	RunsLabel                                string // below the chart, what the shading is; empty: nothing is said
}

// effectPanel is one plot: lines in one unit.
type effectPanel struct {
	title    string
	height   float64
	observed []Point
	ranges   []RangePoint
	look     rangeLook
	zero     bool
	number   func(float64) string
	labels   func(f frame) // at the ends of the lines
}

// rangeLook is how a line with its range is drawn.
type rangeLook struct{ line, band, edge, dot Class }

var (
	expectedLook = rangeLook{Expected, Band80, Edge, ExpDot}
	effectLook   = rangeLook{Effect, EffectBand, EffectEdge, EffectDot}
)

// Distances between the panels of an effect, in pixels.
const (
	panelGap  = 14.0
	titleStep = 16.0
	endsApart = 18.0
)

// DrawEffect draws the chart of an effect in a width.
func DrawEffect(d EffectData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	panels := d.panels(&s, narrow)
	span := d.span()
	f := frame{from: span.First, until: span.Last, x0: 30, x1: width - d.right(width, narrow)}
	for _, p := range panels {
		lo, hi := p.limits(d.Start)
		for _, v := range ticksApart(lo, hi, tickCount(narrow), p.number) {
			f.x0 = max(f.x0, textWidth(Text, p.number(v))+14)
		}
	}
	f.x0 = min(f.x0, width/3)
	half := float64(d.step()) / 2
	y, from := 0.0, 0.0
	for i, p := range panels {
		title := wrap(Strong, p.title, width-8)
		f.y1 = y + titleStep*float64(len(title)) + 12
		if i == 0 {
			f.y1 += 14 // for the name of the start
			from = f.y1 - 10
		}
		f.y0 = f.y1 + p.height
		for _, r := range d.Runs {
			a, b := f.within(float64(r.First)-half), f.within(float64(r.Last)+half)
			if b > a {
				s.rect(Shade, a, f.y1, b-a, p.height)
			}
		}
		s.startLine(d, f, half, i == 0, &from, title, y)
		for j, line := range title {
			s.label(Strong, 4, y+titleStep*float64(j+1), start, line)
		}
		s.effectPanel(d, p, &f, narrow)
		y = f.y0 + panelGap
	}
	if len(panels) > 0 {
		s.axisOfDays(d.Rows, d.Day, f, narrow)
		y += 18
	}
	if narrow {
		y = s.effectLegend(d, y)
	}
	y = s.runsLegend(d, y)
	s.H = y + 6
	return s
}

// panels are the plots from top to bottom.
func (d EffectData) panels(s *Scene, narrow bool) []effectPanel {
	list := []effectPanel{
		{title: d.ObservedTitle, height: 220, observed: d.Observed, ranges: d.Expected, look: expectedLook, zero: d.Zero, number: d.Number,
			labels: func(f frame) { s.endsOfLines(d, f, narrow) }},
		{title: d.EffectTitle, height: 110, ranges: d.Effect, look: effectLook, zero: true, number: d.Change,
			labels: func(f frame) { s.endOfEffect(d.Effect, d.EffectLabel, "", f, narrow) }},
		{title: d.SumTitle, height: 140, ranges: d.Sum, look: effectLook, zero: true, number: d.Change,
			labels: func(f frame) { s.endOfEffect(d.Sum, d.SumLabel, d.SumRange, f, narrow) }},
	}
	var out []effectPanel
	for _, p := range list {
		if len(p.observed) == 0 && len(p.ranges) == 0 {
			continue
		}
		if narrow {
			p.height *= 0.75
		}
		out = append(out, p)
	}
	return out
}

// runsLegend says below the chart what its shading is.
func (s *Scene) runsLegend(d EffectData, y float64) float64 {
	if d.RunsLabel == "" || len(d.Runs) == 0 {
		return y
	}
	s.rect(Shade, 8, y+2, 26, 12)
	for _, line := range wrap(Text, d.RunsLabel, s.W-48) {
		s.label(Text, 40, y+12, start, line)
		y += 18
	}
	return y
}

// span is the first and the last day of all lines.
func (d EffectData) span() Run {
	first, last := math.MaxInt, math.MinInt
	grow := func(day int) { first, last = min(first, day), max(last, day) }
	for _, p := range d.Observed {
		grow(p.Day)
	}
	for _, list := range [][]RangePoint{d.Expected, d.Effect, d.Sum} {
		for _, p := range list {
			grow(p.Day)
		}
	}
	if first > last {
		return Run{0, 1}
	}
	return Run{first, max(last, first+1)}
}

// step is the distance between two rows in days: 1, or 7 for weeks.
func (d EffectData) step() int {
	step := 7
	for _, list := range [][]RangePoint{d.Expected, d.Effect} {
		step = min(step, stepOf(list))
	}
	for i := 1; i < len(d.Observed); i++ {
		step = min(step, max(1, d.Observed[i].Day-d.Observed[i-1].Day))
	}
	return step
}

func stepOf(list []RangePoint) int {
	step := 7
	for i := 1; i < len(list); i++ {
		step = min(step, max(1, list[i].Day-list[i-1].Day))
	}
	return step
}

// right is the room for the labels at the ends of the lines.
func (d EffectData) right(width float64, narrow bool) float64 {
	if narrow {
		return 16
	}
	right := max(textWidth(ObsText, d.ObservedLabel), textWidth(ExpText, d.ExpectedLabel), textWidth(ExpSmall, d.RangeLabel),
		textWidth(EffectText, d.EffectLabel), textWidth(EffectText, d.SumLabel), textWidth(EffectSmall, d.SumRange))
	return max(16, min(right+18, width/4.5))
}

// within is where a moment lies on the axis, kept inside the frame.
func (f frame) within(day float64) float64 {
	x := f.x0 + (f.x1-f.x0)*(day-float64(f.from))/float64(max(1, f.until-f.from))
	return min(max(x, f.x0), f.x1)
}

// clip is y kept inside the frame: the range of the first days can be very wide.
func (f frame) clip(v float64) float64 { return min(max(f.y(v), f.y1), f.y0) }

// limits returns the smallest and the largest value that a panel shows. Before the
// activity a range may be so wide that it would press everything else flat: it counts no
// further than one span of the lines beyond them.
func (p effectPanel) limits(begin int) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	grow := func(v float64) { lo, hi = min(lo, finite(v)), max(hi, finite(v)) }
	for _, o := range p.observed {
		if !o.gap() {
			grow(o.Value)
		}
	}
	for _, r := range p.ranges {
		if r.gap() {
			continue
		}
		if r.Day >= begin || len(p.observed) == 0 {
			grow(r.Lo)
			grow(r.Hi)
		}
		if len(p.observed) == 0 {
			grow(r.Mid)
		}
	}
	if lo > hi {
		lo, hi = 0, 1
	}
	least, most := lo-(hi-lo), hi+(hi-lo)
	for _, r := range p.ranges {
		if !r.gap() {
			lo, hi = min(lo, max(r.Lo, least)), max(hi, min(r.Hi, most))
		}
	}
	if p.zero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	if hi <= lo {
		hi = lo + max(1, math.Abs(lo)*0.1)
	}
	return lo, hi
}

// effectPanel draws one plot and sets the limits of its frame.
func (s *Scene) effectPanel(d EffectData, p effectPanel, f *frame, narrow bool) {
	lo, hi := p.limits(d.Start)
	n := tickCount(narrow)
	if p.height < 120 {
		n = 3
	}
	t := ticksApart(lo, hi, n, p.number)
	f.lo, f.hi = t[0], t[len(t)-1]
	for _, v := range t {
		c := Grid
		if v == 0 || (v == t[0] && p.zero && lo >= 0) {
			c = Axis
		}
		s.line(c, f.x0, f.y(v), f.x1, f.y(v))
		s.label(Text, f.x0-8, f.y(v)+4, end, p.number(v))
	}
	s.rangeLine(*f, p.ranges, p.look)
	s.observed(*f, GoalData{From: f.from, Until: f.until}, p.observed)
	p.labels(*f)
}

// rangeLine draws a line with its range, broken where days are missing; a day that
// stands alone is a dot with a stroke.
func (s *Scene) rangeLine(f frame, list []RangePoint, look rangeLook) {
	step := stepOf(list)
	var run []RangePoint
	flush := func() {
		s.rangeRun(f, run, look)
		run = nil
	}
	for _, p := range list {
		if p.gap() || (len(run) > 0 && p.Day-run[len(run)-1].Day > step) {
			flush()
		}
		if !p.gap() {
			run = append(run, p)
		}
	}
	flush()
}

func (s *Scene) rangeRun(f frame, run []RangePoint, look rangeLook) {
	if len(run) == 1 {
		x := f.x(run[0].Day)
		s.line(look.edge, x, f.clip(run[0].Lo), x, f.clip(run[0].Hi))
		s.circle(look.dot, x, f.clip(run[0].Mid), 2.5)
		return
	}
	var mid, lo, hi []point
	for _, p := range run {
		x := f.x(p.Day)
		mid = append(mid, point{x, f.clip(p.Mid)})
		lo = append(lo, point{x, f.clip(p.Lo)})
		hi = append(hi, point{x, f.clip(p.Hi)})
	}
	around := slices.Clone(hi)
	for _, p := range slices.Backward(lo) {
		around = append(around, p)
	}
	s.area(look.band, around)
	s.path(look.edge, lo)
	s.path(look.edge, hi)
	s.path(look.line, mid)
}

// startLine draws the moment at which the activity began through a panel, down from
// where the line ended in the panel above. It leaves out a title that it would cross.
func (s *Scene) startLine(d EffectData, f frame, half float64, first bool, from *float64, title []string, top float64) {
	x := f.x0 + (f.x1-f.x0)*(float64(d.Start)-half-float64(f.from))/float64(max(1, f.until-f.from))
	if x < f.x0-0.5 || x > f.x1+0.5 {
		return
	}
	crossed := slices.ContainsFunc(title, func(line string) bool { return textWidth(Strong, line)+10 > x })
	if !first && crossed {
		s.line(Mark, x, *from, x, top+2)
		*from = f.y1 - 8
	}
	s.line(Mark, x, *from, x, f.y0)
	*from = f.y0
	if !first {
		return
	}
	if x-6-textWidth(Small, d.StartLabel) < 2 {
		s.label(Small, x+6, f.y1-6, start, d.StartLabel)
		return
	}
	s.label(Small, x-6, f.y1-6, end, d.StartLabel)
}

// endsOfLines names the lines of the first panel at their ends, apart from each other.
func (s *Scene) endsOfLines(d EffectData, f frame, narrow bool) {
	if narrow {
		return
	}
	room := s.W - f.x1 - 12
	observed, expected := wrap(ObsText, d.ObservedLabel, room), wrap(ExpText, d.ExpectedLabel, room)
	ranged := wrap(ExpSmall, d.RangeLabel, room)
	yo, ye := math.NaN(), math.NaN()
	for _, o := range slices.Backward(d.Observed) {
		if !o.gap() {
			yo = f.clip(o.Value) + 4
			break
		}
	}
	for _, r := range slices.Backward(d.Expected) {
		if !r.gap() {
			ye = f.clip(r.Mid) + 4
			break
		}
	}
	below := float64(len(expected)-1)*15 + float64(len(ranged))*15
	if !math.IsNaN(ye) {
		ye = min(max(ye, f.y1+10), f.y0-below-2)
	}
	if !math.IsNaN(yo) && !math.IsNaN(ye) {
		high := float64(len(observed)-1) * 15
		if yo <= ye {
			yo = min(yo, ye-endsApart-high)
			if yo < f.y1+10 {
				yo = f.y1 + 10
				ye = max(ye, yo+high+endsApart)
			}
		} else {
			yo = max(yo, ye+below+endsApart)
			if yo > f.y0-2 {
				yo = f.y0 - 2
				ye = min(ye, yo-below-endsApart)
			}
		}
	}
	if !math.IsNaN(yo) {
		s.lines(ObsText, f.x1+8, yo, observed)
	}
	if !math.IsNaN(ye) {
		s.lines(ExpText, f.x1+8, ye, expected)
		s.lines(ExpSmall, f.x1+8, ye+float64(len(expected))*15, ranged)
	}
}

// lines writes lines of text below each other.
func (s *Scene) lines(c Class, x, y float64, list []string) {
	for i, l := range list {
		s.label(c, x, y+float64(i)*15, start, l)
	}
}

// endOfEffect writes the last value and its range at the end of an effect's line.
func (s *Scene) endOfEffect(list []RangePoint, text, ranged string, f frame, narrow bool) {
	for _, p := range slices.Backward(list) {
		if p.gap() {
			continue
		}
		x, y := f.x(p.Day), f.clip(p.Mid)
		if ranged != "" {
			s.circle(EffectDot, x, y, 4)
		}
		if narrow {
			if ranged != "" {
				s.label(EffectText, x-8, min(max(y-8, f.y1+12), f.y0-4), end, text)
			}
			return
		}
		room := s.W - f.x1 - 12
		above, under := wrap(EffectText, text, room), wrap(EffectSmall, ranged, room)
		y = min(max(y+4, f.y1+10), f.y0-float64(len(above)+len(under)-1)*15)
		s.lines(EffectText, f.x1+8, y, above)
		s.lines(EffectSmall, f.x1+8, y+float64(len(above))*15, under)
		return
	}
}

// axisOfDays labels the time axis, by days or by rows.
func (s *Scene) axisOfDays(rows bool, day func(int) string, f frame, narrow bool) {
	if !rows {
		s.days(GoalData{From: f.from, Until: f.until, Day: day}, f, narrow)
		return
	}
	n := 8
	if narrow {
		n = 4
	}
	last := -1e9
	for _, v := range ticks(float64(f.from), float64(f.until), n) {
		if v != math.Round(v) || v < float64(f.from) || v > float64(f.until) {
			continue
		}
		x, text := f.x(int(v)), day(int(v))
		w := textWidth(Text, text)
		if x-w/2 < last+6 || x+w/2 > s.W {
			continue
		}
		s.line(Axis, x, f.y0, x, f.y0+5)
		s.label(Text, x, f.y0+20, middle, text)
		last = x + w/2
	}
}

// effectLegend explains the lines below a narrow chart.
func (s *Scene) effectLegend(d EffectData, y float64) float64 {
	row := func(line, band Class, text string) {
		if text == "" {
			return
		}
		if band != "" {
			s.rect(band, 8, y+2, 26, 12)
		}
		s.line(line, 8, y+8, 34, y+8)
		for _, l := range wrap(Text, text, s.W-48) {
			s.label(Text, 40, y+12, start, l)
			y += 18
		}
	}
	if len(d.Observed) > 0 {
		row(Observed, "", d.ObservedLabel)
	}
	if len(d.Expected) > 0 {
		row(Expected, Band80, strings.TrimSpace(d.ExpectedLabel+" "+d.RangeLabel))
	}
	if len(d.Sum) > 0 {
		row(Effect, EffectBand, d.SumLegend)
	}
	return y
}
