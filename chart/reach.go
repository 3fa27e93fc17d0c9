package chart

// ReachData is how far people came through something that has steps, one bar a step.
type ReachData struct {
	Title, Desc string
	All         string // legend of the light part of a bar
	Done        string // legend of its dark part
	Rows        []ReachRow
}

// ReachRow is one step: how many came to it and how many did it.
type ReachRow struct {
	Label     string
	All, Done int
	Text      string // beside the bar
}

// DrawReach draws the bars on one scale, from nothing to the largest.
func DrawReach(d ReachData, width float64) Scene {
	const thick, gap, pad = 14.0, 12.0, 4.0
	s := Scene{W: width, Title: d.Title, Desc: d.Desc}
	narrow := width < 600
	most, text := 1, 0.0
	left := pad
	for _, r := range d.Rows {
		most = max(most, r.All)
		text = max(text, textWidth(Text, r.Text))
		if !narrow {
			left = max(left, textWidth(Text, r.Label)+16)
		}
	}
	left = min(left, width*0.45)
	right := width - text - 14
	y := s.reachLegend(d, width)
	x := func(n int) float64 { return left + (right-left)*float64(max(n, 0))/float64(most) }
	for _, r := range d.Rows {
		room := left - 12
		if narrow {
			room = width - 2*pad
		}
		lines := wrap(Text, r.Label, room)
		top := y
		if narrow {
			for i, l := range lines {
				s.label(Text, pad, y+12+float64(i)*labelLine, start, l)
			}
			top = y + float64(len(lines))*labelLine
		} else {
			for i, l := range lines {
				s.label(Text, pad, y+11+float64(i)*labelLine, start, l)
			}
		}
		s.rect(Track, left, top, right-left, thick)
		if r.All > 0 {
			s.rect(Range, left, top, x(r.All)-left, thick)
		}
		if r.Done > 0 {
			s.rect(Dot, left, top, x(r.Done)-left, thick)
		}
		s.label(Text, right+8, top+11, start, r.Text)
		y = top + thick + gap
		if !narrow {
			y = max(y, top+float64(len(lines))*labelLine+gap/2)
		}
	}
	s.H = y
	return s
}

// reachLegend names both parts of the bars and returns where it ends.
func (s *Scene) reachLegend(d ReachData, width float64) float64 {
	const box = 12.0
	x, y := 4.0, 4.0
	for _, part := range []struct {
		class Class
		text  string
	}{{Dot, d.Done}, {Range, d.All}} {
		if w := textWidth(Text, part.text) + box + 26; x > 4 && x+w > width {
			x, y = 4, y+20
		}
		s.rect(part.class, x, y, box, box)
		s.label(Text, x+box+7, y+11, start, part.text)
		x += textWidth(Text, part.text) + box + 26
	}
	return y + 28
}
