package chart

import "math"

// PlaceboMark is the effect that was found of an activity, real or fake.
type PlaceboMark struct {
	Day         int // on which it began
	Lo, Mid, Hi float64
}

func (m PlaceboMark) gap() bool {
	sum := m.Lo + m.Mid + m.Hi
	return math.IsNaN(sum) || math.IsInf(sum, 0)
}

// PlaceboData is what the method found where nothing happened, beside what it found of
// the real activity.
type PlaceboData struct {
	Title, Desc string
	Fakes       []PlaceboMark
	Real        PlaceboMark
	HasReal     bool
	Rows        bool // Day counts rows of a table that has no dates
	Change      func(float64) string
	Day         func(int) string

	// QuietLabel and AlarmLabel say what the two marks of fake activities mean: the interval
	// holds zero, or it does not and so was a false alarm. RealLabel names the real one.
	QuietLabel, AlarmLabel, RealLabel string
	RangeLabel                        string // what the strokes are
}

// DrawPlacebo draws the intervals of the fake activities at their days around the zero
// line, then the real one.
func DrawPlacebo(d PlaceboData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	var marks []PlaceboMark
	for _, m := range d.Fakes {
		if !m.gap() {
			marks = append(marks, m)
		}
	}
	d.HasReal = d.HasReal && !d.Real.gap()
	f := frame{x0: 30, x1: width - 16, y1: s.placeboLegend(d, marks) + 12}
	f.y0 = f.y1 + 180
	if narrow {
		f.y0 = f.y1 + 150
	}
	lo, hi := 0.0, 0.0
	f.from, f.until = math.MaxInt, math.MinInt
	all := marks
	if d.HasReal {
		all = append(all[:len(all):len(all)], d.Real)
	}
	for _, m := range all {
		lo, hi = min(lo, finite(m.Lo), finite(m.Mid)), max(hi, finite(m.Hi), finite(m.Mid))
		f.from, f.until = min(f.from, m.Day), max(f.until, m.Day)
	}
	if len(all) == 0 {
		f.from, f.until = 0, 1
	}
	pad := max(1, (f.until-f.from)/25)
	f.from, f.until = f.from-pad, f.until+pad
	if hi <= lo {
		hi = 1
	}
	t := ticksApart(lo, hi, tickCount(narrow), d.Change)
	f.lo, f.hi = t[0], t[len(t)-1]
	for _, v := range t {
		f.x0 = max(f.x0, textWidth(Text, d.Change(v))+14)
	}
	f.x0 = min(f.x0, width/3)
	for _, v := range t {
		c := Grid
		if v == 0 {
			c = Axis
		}
		s.line(c, f.x0, f.y(v), f.x1, f.y(v))
		s.label(Text, f.x0-8, f.y(v)+4, end, d.Change(v))
	}
	for _, m := range marks {
		s.placeboMark(m, f)
	}
	if d.HasReal {
		x := f.x(d.Real.Day)
		s.line(EffectStroke, x, f.y(d.Real.Lo), x, f.y(d.Real.Hi))
		s.circle(EffectDot, x, f.y(d.Real.Mid), 5)
	}
	s.axisOfDays(d.Rows, d.Day, f, narrow)
	s.H = f.y0 + 32
	s.caption(d.RangeLabel)
	s.H += 6
	return s
}

// alarms reports whether the interval leaves zero out.
func (m PlaceboMark) alarms() bool { return m.Lo > 0 || m.Hi < 0 }

func (s *Scene) placeboMark(m PlaceboMark, f frame) {
	stroke, dot := Fake, FakeDot
	if m.alarms() {
		stroke, dot = Alarm, AlarmDot
	}
	x := f.x(m.Day)
	s.line(stroke, x, f.y(m.Lo), x, f.y(m.Hi))
	s.circle(dot, x, f.y(m.Mid), 3.5)
}

// placeboLegend names the marks that stand in the chart and returns where it ends.
func (s *Scene) placeboLegend(d PlaceboData, marks []PlaceboMark) float64 {
	var quiet, alarm bool
	for _, m := range marks {
		quiet, alarm = quiet || !m.alarms(), alarm || m.alarms()
	}
	x, y := 14.0, 18.0
	row := func(show bool, stroke, dot Class, c Class, text string) {
		lines := wrap(c, text, s.W-32)
		if !show || len(lines) == 0 {
			return
		}
		w := textWidth(c, lines[0]) + 44
		if x > 14 && x+w > s.W {
			x, y = 14, y+20
		}
		s.line(stroke, x, y-11, x, y+3)
		s.circle(dot, x, y-4, 3.5)
		for i, l := range lines {
			if i > 0 {
				y += 16
			}
			s.label(c, x+12, y, start, l)
		}
		x += w
	}
	row(quiet, Fake, FakeDot, Text, d.QuietLabel)
	row(alarm, Alarm, AlarmDot, Text, d.AlarmLabel)
	row(d.HasReal, EffectStroke, EffectDot, EffectText, d.RealLabel)
	return y
}
