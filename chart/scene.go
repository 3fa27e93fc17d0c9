package chart

import (
	"math"
	"strconv"
	"strings"
)

// Widths of a chart. Text is never smaller than 11 pixels in either.
const (
	Wide   = 900.0
	Narrow = 360.0
)

// Class says what a mark means. One table gives each its look on screen, in a file
// and on paper.
type Class string

// Classes.
const (
	Observed Class = "c-obs"    // what happened
	Expected Class = "c-exp"    // what is forecast
	Band95   Class = "c-band"   // its 95 % range
	Band80   Class = "c-band80" // its 80 % range
	Edge     Class = "c-edge"   // of a range
	Grid     Class = "c-grid"
	Axis     Class = "c-axis"
	Mark     Class = "c-mark"  // a moment
	Goal     Class = "c-goal"  // a target
	Moved    Class = "c-moved" // a former target
	Shade    Class = "c-shade" // the time ahead
	Track    Class = "c-track" // of a bar
	Range    Class = "c-range" // interval on a bar
	Dot      Class = "c-dot"
	Ring     Class = "c-ring"    // an earlier share
	Hope     Class = "c-hope"    // an expected share
	Whisker  Class = "c-whisker" // interval of a share
	Bound    Class = "c-bound"   // a share of which only a bound is known
	Joined   Class = "c-joined"  // from a share to one that it can be compared with
	ExpDot   Class = "c-exp-dot" // a single expected day
	// An effect is what was observed less what was expected.
	Effect       Class = "c-eff"
	EffectBand   Class = "c-eff-band"
	EffectEdge   Class = "c-eff-edge"
	EffectDot    Class = "c-eff-dot"
	EffectStroke Class = "c-eff-stroke"
	// Effects of activities that never were.
	Fake        Class = "c-fake"
	FakeDot     Class = "c-fake-dot"
	Alarm       Class = "c-alarm" // found where there was nothing
	AlarmDot    Class = "c-alarm-dot"
	ExpSmall    Class = "c-exp-small"
	EffectText  Class = "c-eff-text"
	EffectSmall Class = "c-eff-small"
	Text        Class = "c-text"
	Small       Class = "c-small"
	Strong      Class = "c-strong"
	ObsText     Class = "c-obs-text"
	ExpText     Class = "c-exp-text"
	// A picture that stands for a page.
	Headline Class = "c-headline"
	Lead     Class = "c-lead"
	Stripe   Class = "c-stripe"
)

// Scene is a drawing.
type Scene struct {
	W, H  float64
	Title string // what it shows, for people who cannot see it
	Desc  string // what it says
	nodes []node
}

type point struct{ x, y float64 }

type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

// node is a mark: a polyline (or area, if closed), a circle (r > 0) or a text.
type node struct {
	class  Class
	pts    []point
	closed bool
	r      float64
	text   string
	anchor anchor
}

func (s *Scene) line(c Class, x1, y1, x2, y2 float64) { s.path(c, []point{{x1, y1}, {x2, y2}}) }

func (s *Scene) path(c Class, pts []point) {
	if len(pts) > 1 {
		s.nodes = append(s.nodes, node{class: c, pts: pts})
	}
}

func (s *Scene) area(c Class, pts []point) {
	if len(pts) > 2 {
		s.nodes = append(s.nodes, node{class: c, pts: pts, closed: true})
	}
}

func (s *Scene) rect(c Class, x, y, w, h float64) {
	s.area(c, []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}})
}

func (s *Scene) circle(c Class, x, y, r float64) {
	s.nodes = append(s.nodes, node{class: c, pts: []point{{x, y}}, r: r})
}

// label writes text and keeps it inside the scene.
func (s *Scene) label(c Class, x, y float64, a anchor, text string) {
	if text == "" {
		return
	}
	w := textWidth(c, text)
	lo, hi := x, x+w
	switch a {
	case middle:
		lo, hi = x-w/2, x+w/2
	case end:
		lo, hi = x-w, x
	case start:
	}
	if lo < 1 {
		x += 1 - lo
	} else if hi > s.W-1 {
		x -= min(hi-s.W+1, lo-1)
	}
	s.nodes = append(s.nodes, node{class: c, pts: []point{{x, y}}, text: text, anchor: a})
}

// finite replaces what no drawing can show.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return min(max(x, -1e15), 1e15)
}

func num(x float64) string { return strconv.FormatFloat(math.Round(finite(x)*10)/10, 'f', -1, 64) }

// Inline returns the scene as an element of a page: no style attributes, so that a
// strict content policy holds. id must be unique on the page.
func (s Scene) Inline(id string) string { return s.svg(id, false) }

// SVG returns the scene as a file of its own, in light colours.
func (s Scene) SVG() string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + s.svg("chart", true)
}

func (s Scene) svg(id string, file bool) string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 ` + num(s.W) + " " + num(s.H) + `"`)
	if file {
		b.WriteString(` width="` + num(s.W) + `" height="` + num(s.H) + `" font-family="` + fontFamily + `"`)
	}
	b.WriteString(` aria-labelledby="` + id + `-title ` + id + `-desc"><title id="` + id + `-title">` + escape(s.Title) + `</title><desc id="` + id + `-desc">` + escape(s.Desc) + `</desc>`)
	if file {
		b.WriteString(`<rect width="` + num(s.W) + `" height="` + num(s.H) + `" fill="` + light["surface"] + `"/>`)
	}
	for _, n := range s.nodes {
		n.write(&b, file)
	}
	b.WriteString("</svg>")
	return b.String()
}

func (n node) write(b *strings.Builder, file bool) {
	attr := ` class="` + string(n.class) + `"`
	if file {
		attr = styles[n.class].attributes()
	}
	switch {
	case n.text != "":
		b.WriteString(`<text x="` + num(n.pts[0].x) + `" y="` + num(n.pts[0].y) + `"`)
		if n.anchor != start {
			b.WriteString(` text-anchor="` + string(n.anchor) + `"`)
		}
		b.WriteString(attr + `>` + escape(n.text) + `</text>`)
	case n.r > 0:
		b.WriteString(`<circle cx="` + num(n.pts[0].x) + `" cy="` + num(n.pts[0].y) + `" r="` + num(n.r) + `"` + attr + `/>`)
	default:
		b.WriteString(`<path d="M`)
		for i, p := range n.pts {
			if i > 0 {
				b.WriteString("L")
			}
			b.WriteString(num(p.x) + " " + num(p.y))
		}
		if n.closed {
			b.WriteString("Z")
		}
		b.WriteString(`"` + attr + `/>`)
	}
}

// escape makes text safe in SVG and drops what XML cannot hold.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == 0xFFFD || r == 0xFFFE || r == 0xFFFF || (r < 0x20 && r != '\t' && r != '\n') {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;").Replace(s)
}
