package chart

import "math"

// BarData is a value on a bar with its range and the target.
type BarData struct {
	Title, Desc   string
	Value, Lo, Hi float64
	HasValue      bool // false: only the target is known
	Exact         bool // no range
	Target        float64
	TargetLabel   string
	Number        func(float64) string
}

// DrawTargetBar draws a track, the range, a dot at the value and a tick at the
// target; whatever lies far apart is still inside.
func DrawTargetBar(d BarData, width float64) Scene {
	s := Scene{W: width, H: 74, Title: d.Title, Desc: d.Desc}
	lo, hi := 0.0, finite(d.Target)
	if d.HasValue {
		lo, hi = min(lo, finite(d.Value)), max(hi, finite(d.Value))
		if !d.Exact {
			lo, hi = min(lo, finite(d.Lo)), max(hi, finite(d.Hi))
		}
	}
	lo = min(lo, finite(d.Target))
	if hi <= lo {
		hi = lo + max(1, math.Abs(lo))
	}
	n := 6
	if width < 600 {
		n = 4
	}
	hi += (hi - lo) * 0.06
	t := ticksApart(lo, hi, n, d.Number)
	lo, hi = t[0], max(hi, t[len(t)-1])
	const pad, top, thick = 14.0, 28.0, 16.0
	x := func(v float64) float64 { return pad + (width-2*pad)*(finite(v)-lo)/(hi-lo) }
	s.rect(Track, pad, top+3, width-2*pad, thick-6)
	if d.HasValue && !d.Exact {
		s.rect(Range, x(d.Lo), top, max(1, x(d.Hi)-x(d.Lo)), thick)
		s.line(Goal, x(d.Lo), top-1, x(d.Lo), top+thick+1)
		s.line(Goal, x(d.Hi), top-1, x(d.Hi), top+thick+1)
	}
	s.line(Goal, x(d.Target), top-7, x(d.Target), top+thick+7)
	s.line(Goal, x(d.Target)+1, top-7, x(d.Target)+1, top+thick+7)
	s.label(Strong, x(d.Target), top-12, middle, d.TargetLabel)
	if d.HasValue {
		s.circle(Dot, x(d.Value), top+thick/2, 7)
	}
	last := -1e9
	for _, v := range t {
		text := d.Number(v)
		w := textWidth(Text, text)
		if x(v)-w/2 < last+8 || x(v)+w/2 > width {
			continue
		}
		s.label(Text, x(v), top+thick+24, middle, text)
		last = x(v) + w/2
	}
	return s
}
