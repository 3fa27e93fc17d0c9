package chart

// DumbbellData is what was believed beside what was answered, one row an item: a hollow dot
// with the range of the belief, a filled one with the interval of the answer, and the way
// from one to the other.
type DumbbellData struct {
	Title, Desc        string
	Believed, Answered string // legend
	Rows               []DumbbellRow
	Percent            func(float64) string // writes a fraction on the axis
	Level              string               // below the chart
}

// DumbbellRow is one item. Note is how far the two are apart, in words.
type DumbbellRow struct {
	Label, Note        string
	Believed, Answered ShareMark
}

// Distances of a dumbbell, in pixels.
const (
	dumbbellApart = 15.0 // between the two marks of a row
	beliefThick   = 7.0
)

// DrawDumbbell draws the rows on one scale from 0 to 100 %.
func DrawDumbbell(d DumbbellData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	y := s.momentLegend([]Moment{{d.Believed, Ring}, {d.Answered, Dot}}, narrow)
	left, right := 14.0, 24.0
	for _, r := range d.Rows {
		if !narrow {
			left = max(left, textWidth(Text, r.Label)+26)
		}
		right = max(right, textWidth(Strong, r.Note)+16)
	}
	left, right = min(left, width*0.42), min(right, width*0.34)
	x := func(v float64) float64 { return left + (width-right-left)*min(max(finite(v), 0), 1) }
	top := y
	for _, r := range d.Rows {
		y = s.dumbbell(r, x, y, left, narrow)
	}
	bottom := y - rowGap/2
	var grid Scene
	for _, v := range []float64{0, 0.25, 0.5, 0.75, 1} {
		class := Grid
		if v == 0 {
			class = Axis
		}
		grid.W = width
		grid.line(class, x(v), top-4, x(v), bottom)
		if !narrow || v != 0.25 && v != 0.75 {
			s.label(Text, x(v), bottom+18, middle, d.Percent(v))
		}
	}
	s.nodes = append(grid.nodes, s.nodes...) // behind the marks
	s.H = bottom + 28
	s.caption(d.Level)
	return s
}

// dumbbell draws one item and returns where the next begins.
func (s *Scene) dumbbell(r DumbbellRow, x func(float64) float64, y, left float64, narrow bool) float64 {
	var lines []string
	if narrow {
		for _, l := range wrap(Text, r.Label, s.W-12) {
			s.label(Text, 4, y+8, start, l)
			y += labelLine
		}
	} else {
		lines = wrap(Text, r.Label, left-22)
	}
	height := max(2*dumbbellApart, float64(len(lines))*labelLine)
	for i, l := range lines {
		s.label(Text, left-12, y+height/2-float64(len(lines))*labelLine/2+float64(i)*labelLine+12, end, l)
	}
	up, down := y+height/2-dumbbellApart/2, y+height/2+dumbbellApart/2
	b, a := r.Believed, r.Answered
	if b.Has && b.HasRange {
		s.rect(Band80, x(b.Lo), up-beliefThick/2, x(b.Hi)-x(b.Lo), beliefThick)
	}
	if a.Has && a.HasRange {
		s.line(Whisker, x(a.Lo), down, x(a.Hi), down)
	}
	if a.Has && b.Has {
		s.line(Joined, x(b.Value), up, x(a.Value), down)
	}
	if b.Has {
		s.circle(Ring, x(b.Value), up, dotRadius)
	}
	if a.Has {
		s.circle(Dot, x(a.Value), down, dotRadius)
	}
	s.label(Strong, x(1)+10, y+height/2+4, start, r.Note)
	return y + height + rowGap
}
