package chart

// BesideData is two pictures in one frame, row by row: what one organisation had over
// time, as squares, and the shares of many, as dots with their intervals. They have no
// scale in common, and the drawing says so.
type BesideData struct {
	Title, Desc string
	OwnTitle    string   // above the squares
	TradeTitle  string   // above the shares
	OwnMoments  []string // names on the axis of the squares, in order
	States      []Stage  // legend of the squares, from nothing to all
	Moments     []Moment // legend of the shares
	Rows        []BesideRow
	Percent     func(float64) string
	Level       string // below the chart
}

// Stage is how far something has come: Size from 1 to 3.
type Stage struct {
	Label string
	Size  int
}

// BesideRow is one kind of goal.
type BesideRow struct {
	Label string
	Own   []int       // [len(OwnMoments)] sizes of stages, 0 for nothing
	Marks []ShareMark // [len(Moments)]
}

// besidePlan is where the parts of the drawing stand.
type besidePlan struct {
	narrow              bool
	label               float64 // right end of the labels
	ownLeft, ownRight   float64
	shareLeft, shareEnd float64
}

func planBeside(d BesideData, width float64) besidePlan {
	p := besidePlan{narrow: width < 600, shareEnd: width - 30}
	if p.narrow {
		p.ownLeft, p.ownRight, p.shareLeft = 8, width*0.4, width*0.4+32
		return p
	}
	p.label = 100
	for _, r := range d.Rows {
		p.label = max(p.label, textWidth(Text, r.Label)+8)
	}
	p.label = min(p.label, width*0.28)
	const perMoment = 44
	p.ownLeft = p.label + 16
	p.ownRight = p.ownLeft + min(max(float64(len(d.OwnMoments))*perMoment, 130), width*0.3)
	p.shareLeft = p.ownRight + 44
	return p
}

func (p besidePlan) own(i, n int) float64 {
	return p.ownLeft + (p.ownRight-p.ownLeft)*(float64(i)+0.5)/float64(max(n, 1))
}

func (p besidePlan) share(v float64) float64 {
	return p.shareLeft + (p.shareEnd-p.shareLeft)*min(max(finite(v), 0), 1)
}

// DrawBeside draws both.
func DrawBeside(d BesideData, width float64) Scene {
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	p := planBeside(d, width)
	y := s.stageLegend(d.States)
	if len(d.Moments) > 0 {
		var legend Scene
		legend.W = width
		h := legend.momentLegend(d.Moments, p.narrow)
		for _, n := range legend.nodes {
			for i := range n.pts {
				n.pts[i].y += y
			}
			s.nodes = append(s.nodes, n)
		}
		y += h
	}
	y = s.besideTitles(d, p, y)
	for _, r := range d.Rows {
		y = s.besideRow(r, d, p, y)
	}
	bottom := y - rowGap/2
	for _, v := range []float64{0, 0.5, 1} {
		s.label(Text, p.share(v), bottom+18, middle, d.Percent(v))
	}
	s.ownAxis(d.OwnMoments, p, bottom+18)
	s.H = bottom + 28
	s.caption(d.Level)
	return s
}

// stageLegend names the squares and returns where it ends.
func (s *Scene) stageLegend(stages []Stage) float64 {
	x, y := 12.0, 16.0
	for _, stage := range stages {
		w := textWidth(Text, stage.Label) + 34
		if x > 12 && x+w > s.W {
			x, y = 12, y+20
		}
		s.stage(stage.Size, x, y-4)
		s.label(Text, x+13, y, start, stage.Label)
		x += w
	}
	return y + 8
}

// stage draws a square: larger and fuller the further something has come.
func (s *Scene) stage(size int, x, y float64) {
	switch {
	case size <= 0:
		s.line(Grid, x-4, y, x+4, y)
	case size == 1:
		s.rect(Whisker, x-3, y-3, 6, 6)
	case size == 2:
		s.rect(Hope, x-5.5, y-5.5, 11, 11)
	default:
		s.rect(Dot, x-6.5, y-6.5, 13, 13)
	}
}

// besideTitles names the two pictures above each of them.
func (s *Scene) besideTitles(d BesideData, p besidePlan, y float64) float64 {
	last := y
	for _, t := range []struct {
		text     string
		from, to float64
	}{{d.OwnTitle, p.ownLeft - 4, p.shareLeft - 12}, {d.TradeTitle, p.shareLeft, s.W - 4}} {
		at := y
		for _, l := range wrap(Strong, t.text, t.to-t.from) {
			s.label(Strong, t.from, at+8, start, l)
			at += labelLine
		}
		last = max(last, at)
	}
	return last + 12
}

func (s *Scene) besideRow(r BesideRow, d BesideData, p besidePlan, y float64) float64 {
	var lines []string
	if p.narrow {
		for _, l := range wrap(Text, r.Label, s.W-12) {
			s.label(Text, 4, y+8, start, l)
			y += labelLine
		}
	} else {
		lines = wrap(Text, r.Label, p.label-4)
	}
	shown := 0
	for _, m := range r.Marks {
		if m.Has {
			shown++
		}
	}
	height := max(float64(max(shown, 1))*markStep, float64(len(lines))*labelLine, 18)
	for _, v := range []float64{0, 0.5, 1} { // row by row, so that no line runs through a label
		class := Grid
		if v == 0 {
			class = Axis
		}
		s.line(class, p.share(v), y-rowGap/2, p.share(v), y+height+rowGap/2)
	}
	for i, l := range lines {
		s.label(Text, p.label, y+height/2-float64(len(lines))*labelLine/2+float64(i)*labelLine+12, end, l)
	}
	for i := range min(len(r.Own), len(d.OwnMoments)) {
		s.stage(r.Own[i], p.own(i, len(d.OwnMoments)), y+height/2)
	}
	at := y + (height-float64(shown)*markStep)/2
	for i, m := range r.Marks {
		if m.Has && i < len(d.Moments) {
			s.shareMark(m, d.Moments[i].Class, p.share, at+markStep/2)
			at += markStep
		}
	}
	return y + height + rowGap
}

// ownAxis names the moments below the squares: the first and the last, and between them
// those that fit.
func (s *Scene) ownAxis(moments []string, p besidePlan, y float64) {
	n := len(moments)
	if n == 0 {
		return
	}
	half := func(i int) float64 { return textWidth(Text, moments[i])/2 + 4 }
	end := p.own(n-1, n) - half(n-1)
	if n == 1 || p.own(0, n)+half(0) <= end {
		s.label(Text, p.own(0, n), y, middle, moments[0])
	}
	if n > 1 {
		s.label(Text, p.own(n-1, n), y, middle, moments[n-1])
	}
	last := p.own(0, n) + half(0)
	for i := 1; i < n-1; i++ {
		if x := p.own(i, n); x-half(i) >= last && x+half(i) <= end {
			s.label(Text, x, y, middle, moments[i])
			last = x + half(i)
		}
	}
}
