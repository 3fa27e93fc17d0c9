package chart

import "math"

// WavesData is one KPI in several waves, one row a wave, beside its target.
type WavesData struct {
	Title, Desc string
	Waves       []WaveMark
	Target      float64
	HasTarget   bool
	TargetLabel string
	// Least and Most are what the KPI can be; the axis never goes beyond them.
	Least, Most float64
	Number      func(float64) string
	Level       string // written below the chart
}

// WaveMark is a wave with its estimate.
type WaveMark struct {
	Label         string
	Value, Lo, Hi float64
	HasRange      bool
	Hollow        bool // not the one that decides
}

// DrawWaves draws dots with their intervals, the latest wave last, and the target as a line
// through all of them.
func DrawWaves(d WavesData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	lo, hi := d.span()
	n := 6
	if narrow {
		n = 4
	}
	t := ticksApart(lo, hi, n, d.Number)
	lo, hi = max(d.Least, t[0]), min(d.Most, t[len(t)-1])
	left, right := 14.0, width-30
	if !narrow {
		for _, w := range d.Waves {
			left = max(left, textWidth(Text, w.Label)+26)
		}
		left = min(left, width*0.42)
	}
	x := func(v float64) float64 { return left + (right-left)*min(max((finite(v)-lo)/(hi-lo), 0), 1) }
	top := 34.0
	y := top
	var marks [][2]float64 // from where to where the mark of each wave stands
	for _, w := range d.Waves {
		from, until := s.wave(w, x, y, left, narrow)
		marks, y = append(marks, [2]float64{from, until}), until+rowGap
	}
	bottom := y
	var grid Scene
	grid.W = width
	last := -1e9
	for _, v := range t {
		if v < lo-1e-9 || v > hi+1e-9 {
			continue
		}
		grid.line(Grid, x(v), top-4, x(v), bottom)
		if text := d.Number(v); x(v)-textWidth(Text, text)/2 > last+8 {
			s.label(Text, x(v), bottom+18, middle, text)
			last = x(v) + textWidth(Text, text)/2
		}
	}
	if d.HasTarget {
		at := x(d.Target)
		if !narrow {
			marks = [][2]float64{{top - 8, bottom}}
		}
		for _, m := range marks { // beside the labels of a phone, not through them
			grid.line(Goal, at, m[0], at, m[1])
		}
		half := textWidth(Strong, d.TargetLabel) / 2
		s.label(Strong, min(max(at, half+4), width-half-4), top-14, middle, d.TargetLabel)
	}
	s.nodes = append(grid.nodes, s.nodes...) // behind the marks
	s.H = bottom + 28
	s.caption(d.Level)
	return s
}

// span is from the lowest to the highest number that is drawn, with some air.
func (d WavesData) span() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	add := func(v float64) { lo, hi = min(lo, finite(v)), max(hi, finite(v)) }
	for _, w := range d.Waves {
		add(w.Value)
		if w.HasRange {
			add(w.Lo)
			add(w.Hi)
		}
	}
	if d.HasTarget {
		add(d.Target)
	}
	air := max(hi-lo, (d.Most-d.Least)*0.02) * 0.08
	return max(d.Least, lo-air), min(d.Most, hi+air)
}

// wave draws one wave and returns from where to where its mark stands.
func (s *Scene) wave(w WaveMark, x func(float64) float64, y, left float64, narrow bool) (from, until float64) {
	var lines []string
	if narrow {
		for _, l := range wrap(Text, w.Label, s.W-12) {
			s.label(Text, 4, y+8, start, l)
			y += labelLine
		}
	} else {
		lines = wrap(Text, w.Label, left-22)
	}
	height := max(markStep+4, float64(len(lines))*labelLine)
	for i, l := range lines {
		s.label(Text, left-12, y+height/2-float64(len(lines))*labelLine/2+float64(i)*labelLine+12, end, l)
	}
	class := Dot
	if w.Hollow {
		class = Hope
	}
	s.shareMark(ShareMark{Has: true, Value: w.Value, HasRange: w.HasRange, Lo: w.Lo, Hi: w.Hi}, class, x, y+height/2)
	return y, y + height
}
