package chart

import "math"

// SharesData is shares of answers, one row an answer, one mark a moment. All shares of
// one chart are of one question type: others never stand on one scale.
type SharesData struct {
	Title, Desc string
	Moments     []Moment
	Rows        []ShareRow
	Percent     func(float64) string // writes a fraction on the axis
	// Level is written below the chart: "Lines: 95% interval".
	Level string
}

// Moment is one series of marks: a reference period of a study, a team, a wave.
type Moment struct {
	Label string
	Class Class // Ring for earlier, Dot for now, Hope for expected
}

// ShareRow is an answer with its mark at each moment.
type ShareRow struct {
	Label string
	Marks []ShareMark // [len(Moments)]
	Note  string      // said where there is no mark
}

// ShareMark is a share. Fractions; what is not known is absent.
type ShareMark struct {
	Has      bool
	Value    float64
	HasRange bool
	Lo, Hi   float64
	// Below is true where only an upper bound, Value, is known; Note is written beside
	// such a mark, and beside one that is only about right.
	Below bool
	Note  string
}

// Distances of a chart of shares, in pixels.
const (
	markStep  = 17.0 // between the marks of one row
	rowGap    = 16.0
	labelLine = 17.0
	dotRadius = 5.0
)

// DrawShares draws dots with their intervals on one scale from 0 to 100 %.
func DrawShares(d SharesData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	y := s.momentLegend(d.Moments, narrow)
	left := 14.0
	if !narrow {
		for _, r := range d.Rows {
			left = max(left, textWidth(Text, r.Label)+26)
		}
		left = min(left, width*0.42)
	}
	right := width - 30
	x := func(v float64) float64 { return left + (right-left)*min(max(finite(v), 0), 1) }
	top := y
	for _, r := range d.Rows {
		y = s.shareRow(r, d.Moments, x, y, left, narrow)
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
		s.label(Text, x(v), bottom+18, middle, d.Percent(v))
	}
	s.nodes = append(grid.nodes, s.nodes...) // behind the marks
	s.H = bottom + 28
	s.caption(d.Level)
	return s
}

// caption writes what the marks mean below a chart.
func (s *Scene) caption(text string) {
	for _, l := range wrap(Small, text, s.W-12) {
		s.label(Small, 4, s.H+12, start, l)
		s.H += 18
	}
}

// momentLegend names the marks above the chart and returns where it ends. A single one
// without a name needs none.
func (s *Scene) momentLegend(moments []Moment, narrow bool) float64 {
	if len(moments) == 1 && moments[0].Label == "" {
		return 16
	}
	x, y := 12.0, 16.0
	for _, m := range moments {
		w := textWidth(Text, m.Label) + 34
		if x > 12 && (narrow || x+w > s.W) {
			x, y = 12, y+20
		}
		s.circle(m.Class, x, y-4, dotRadius)
		s.label(Text, x+11, y, start, m.Label)
		x += w
	}
	return y + 26
}

// shareRow draws one answer and returns where the next begins.
func (s *Scene) shareRow(r ShareRow, moments []Moment, x func(float64) float64, y, left float64, narrow bool) float64 {
	var lines []string
	if narrow {
		for _, l := range wrap(Text, r.Label, s.W-12) {
			s.label(Text, 4, y+8, start, l)
			y += labelLine
		}
	} else {
		lines = wrap(Text, r.Label, left-22)
	}
	shown := 0
	for _, m := range r.Marks {
		if m.Has {
			shown++
		}
	}
	height := max(float64(max(shown, 1))*markStep, float64(len(lines))*labelLine)
	for i, l := range lines {
		s.label(Text, left-12, y+height/2-float64(len(lines))*labelLine/2+float64(i)*labelLine+12, end, l)
	}
	if shown == 0 {
		s.label(Small, x(0)+8, y+height/2+4, start, r.Note)
	}
	at := y + (height-float64(shown)*markStep)/2
	for i, m := range r.Marks {
		if !m.Has || i >= len(moments) {
			continue
		}
		s.shareMark(m, moments[i].Class, x, at+markStep/2)
		at += markStep
	}
	return y + height + rowGap
}

func (s *Scene) shareMark(m ShareMark, class Class, x func(float64) float64, y float64) {
	beside := x(m.Value) + dotRadius + 6
	switch {
	case m.Below:
		s.line(Bound, x(0), y, x(m.Value), y)
		s.line(Whisker, x(m.Value), y-5, x(m.Value), y+5)
	default:
		if m.HasRange {
			s.line(Whisker, x(m.Lo), y, x(m.Hi), y)
			beside = max(beside, x(m.Hi)+6)
		}
		s.circle(class, x(m.Value), y, dotRadius)
	}
	if beside+textWidth(Small, m.Note) > s.W-4 {
		beside = x(m.Value) - dotRadius - 6 - textWidth(Small, m.Note)
		if m.HasRange {
			beside = min(beside, x(m.Lo)-6-textWidth(Small, m.Note))
		}
	}
	s.label(Small, beside, y+4, start, m.Note)
}

// wrap breaks a text into lines of a width; a word that is longer stays whole.
func wrap(c Class, text string, width float64) []string {
	var lines []string
	line := ""
	word := ""
	flush := func() {
		switch {
		case line == "":
			line = word
		case textWidth(c, line+" "+word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
		word = ""
	}
	for _, r := range text {
		if r == ' ' {
			flush()
			continue
		}
		word += string(r)
	}
	flush()
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// TrendData is how shares of one question moved over moments, one line an answer.
type TrendData struct {
	Title, Desc string
	Moments     []string // names on the axis, in order
	Lines       []TrendLine
	Percent     func(float64) string
	Level       string
	BreakLabel  string // "not comparable"
}

// TrendLine is one answer. Joined[i] says whether the mark of moment i can be compared
// with the next one that the line has; where it cannot, the line breaks and
// Breaks[i] is the number of the reason that the page gives.
type TrendLine struct {
	Label  string
	Marks  []ShareMark // [len(Moments)]
	Joined []bool      // [len(Moments)]
	Breaks []string    // [len(Moments)]
}

// DrawTrend draws the lines, broken where two figures cannot be compared.
func DrawTrend(d TrendData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	left, right, top, height := 46.0, 16.0, 20.0, 250.0
	if narrow {
		height = 210
	}
	for _, l := range d.Lines {
		right = max(right, min(textWidth(ObsText, l.Label)+26, width*0.34))
	}
	bottom := top + height
	s.H = bottom + 14
	y := func(v float64) float64 { return bottom - height*min(max(finite(v), 0), 1) }
	for _, v := range []float64{0, 0.25, 0.5, 0.75, 1} {
		class := Grid
		if v == 0 {
			class = Axis
		}
		s.line(class, left, y(v), width-right, y(v))
		s.label(Text, left-8, y(v)+4, end, d.Percent(v))
	}
	inner := 34.0
	x := func(i int) float64 {
		if len(d.Moments) == 1 {
			return (left + width - right) / 2
		}
		return left + inner + (width-right-left-2*inner)*float64(i)/float64(len(d.Moments)-1)
	}
	for i, m := range d.Moments {
		for j, l := range wrap(Text, m, max(50, (width-right-left)/float64(len(d.Moments))-8)) {
			s.label(Text, x(i), bottom+20+float64(j)*14, middle, l)
			s.H = max(s.H, bottom+28+float64(j)*14)
		}
	}
	ends := labelPlaces(d.Lines, y, top+6, bottom-2)
	for i, l := range d.Lines {
		s.trendLine(l, x, y)
		for j, text := range wrap(ObsText, l.Label, right-20) {
			s.label(ObsText, width-right+10, ends[i]+4+float64(j)*14, start, text)
		}
	}
	s.caption(d.Level)
	return s
}

// trendLine draws the marks of one answer and what joins them.
func (s *Scene) trendLine(l TrendLine, x func(int) float64, y func(float64) float64) {
	last := -1
	for i, m := range l.Marks {
		if !m.Has {
			continue
		}
		if last >= 0 {
			a, b := point{x(last), y(l.Marks[last].Value)}, point{x(i), y(m.Value)}
			if l.Joined[last] {
				s.path(Joined, []point{a, b})
			} else {
				s.breakMark(a, b, l.Breaks[last])
			}
		}
		last = i
	}
	for i, m := range l.Marks {
		switch {
		case !m.Has:
			continue
		case m.Below:
			s.line(Bound, x(i), y(0), x(i), y(m.Value))
			s.line(Whisker, x(i)-6, y(m.Value), x(i)+6, y(m.Value))
		default:
			if m.HasRange {
				s.line(Whisker, x(i), y(m.Lo), x(i), y(m.Hi))
			}
			class := Dot
			if m.Note != "" {
				class = Ring
			}
			s.circle(class, x(i), y(m.Value), dotRadius)
		}
		switch {
		case s.W < 600 && m.Below && i > 0: // under it runs the line of the bound, beside it the next break
			s.label(Small, x(i)-6, y(m.Value)+34, end, m.Note)
			continue
		case s.W < 600:
			s.label(Small, x(i), y(m.Value)+19, middle, m.Note)
			continue
		}
		s.label(Small, x(i)+9, y(m.Value)+4, start, m.Note)
	}
}

// breakMark draws two short strokes half way between two marks, and the number of the
// reason.
func (s *Scene) breakMark(a, b point, number string) {
	mx, my := (a.x+b.x)/2, (a.y+b.y)/2
	for _, dx := range []float64{-3, 3} {
		s.line(Whisker, mx+dx-3, my+7, mx+dx+3, my-7)
	}
	s.label(Small, mx, my-12, middle, number)
}

// labelPlaces puts the names of the lines beside their last marks, apart from each other.
func labelPlaces(lines []TrendLine, y func(float64) float64, top, bottom float64) []float64 {
	const apart = 30.0
	places := make([]float64, len(lines))
	order := make([]int, len(lines))
	for i, l := range lines {
		order[i] = i
		places[i] = bottom
		for _, m := range l.Marks {
			if m.Has {
				places[i] = y(m.Value)
			}
		}
	}
	for i := range order { // few lines: insertion sort from top to bottom
		for j := i; j > 0 && places[order[j]] < places[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	last := math.Inf(-1)
	for _, i := range order {
		places[i] = max(places[i], last+apart, top)
		last = places[i]
	}
	over := last - bottom
	for k := len(order) - 1; k >= 0 && over > 0; k-- { // push back up what ran out below
		limit := bottom
		if k+1 < len(order) {
			limit = places[order[k+1]] - apart
		}
		places[order[k]] = max(top, min(places[order[k]], limit))
	}
	return places
}
