package chart

import (
	"fmt"
	"slices"
	"strings"
)

const fontFamily = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"

// light and dark are the colours by token (contrast measured in style_test.go).
var (
	light = map[string]string{"surface": "#ffffff", "shade": "#f2f4f6", "text": "#1b2530", "dim": "#4d5a67", "grid": "#e2e7ec", "axis": "#7d8894",
		"obs": "#005f99", "exp": "#a04a00", "track": "#e2e7ec", "edge": "#a04a00", "eff": "#00694c"}
	dark = map[string]string{"surface": "#17202a", "shade": "#1f2a36", "text": "#e8edf2", "dim": "#aab6c2", "grid": "#2c3844", "axis": "#75828f",
		"obs": "#56b4e9", "exp": "#f0a04b", "track": "#2c3844", "edge": "#f0a04b", "eff": "#3fd0a0"}
)

// style is the look of a class; colours are tokens.
type style struct {
	fill, stroke string
	width        float64
	dash         []float64
	opacity      float64 // of the fill; 0 means 1
	size         float64 // of text
	bold         bool
}

var styles = map[Class]style{
	Observed:     {stroke: "obs", width: 2},
	Expected:     {stroke: "exp", width: 2, dash: []float64{6, 4}},
	Band95:       {fill: "exp", opacity: 0.14},
	Band80:       {fill: "exp", opacity: 0.20},
	Edge:         {stroke: "edge", width: 0.8},
	Grid:         {stroke: "grid", width: 1},
	Axis:         {stroke: "axis", width: 1.2},
	Mark:         {stroke: "dim", width: 1.2, dash: []float64{2, 3}},
	Goal:         {stroke: "text", width: 2},
	Moved:        {stroke: "dim", width: 1.4, dash: []float64{7, 3}},
	Shade:        {fill: "shade"},
	Track:        {fill: "track"},
	Range:        {fill: "obs", opacity: 0.38},
	Dot:          {fill: "obs"},
	Ring:         {fill: "surface", stroke: "exp", width: 2.4},
	Hope:         {fill: "surface", stroke: "obs", width: 2.4},
	Whisker:      {stroke: "text", width: 1.6},
	Bound:        {stroke: "dim", width: 2, dash: []float64{2, 4}},
	Joined:       {stroke: "obs", width: 1.6},
	ExpDot:       {fill: "exp"},
	Effect:       {stroke: "eff", width: 2},
	EffectBand:   {fill: "eff", opacity: 0.22},
	EffectEdge:   {stroke: "eff", width: 0.8},
	EffectDot:    {fill: "eff"},
	EffectStroke: {stroke: "eff", width: 3},
	Fake:         {stroke: "dim", width: 1.4},
	FakeDot:      {fill: "surface", stroke: "dim", width: 1.6},
	Alarm:        {stroke: "exp", width: 2},
	AlarmDot:     {fill: "exp"},
	Text:         {fill: "dim", size: 12},
	Small:        {fill: "dim", size: 11},
	Strong:       {fill: "text", size: 13, bold: true},
	ObsText:      {fill: "obs", size: 13, bold: true},
	ExpText:      {fill: "exp", size: 13, bold: true},
	ExpSmall:     {fill: "exp", size: 11},
	EffectText:   {fill: "eff", size: 13, bold: true},
	EffectSmall:  {fill: "eff", size: 11},
	Headline:     {fill: "text", size: 64, bold: true},
	Lead:         {fill: "dim", size: 34},
	Stripe:       {fill: "obs"},
}

func (s style) attributes() string {
	var b strings.Builder
	fill := "none"
	if s.fill != "" {
		fill = light[s.fill]
	}
	fmt.Fprintf(&b, ` fill="%s"`, fill)
	if s.opacity > 0 {
		fmt.Fprintf(&b, ` fill-opacity="%g"`, s.opacity)
	}
	if s.stroke != "" {
		fmt.Fprintf(&b, ` stroke="%s" stroke-width="%g" stroke-linejoin="round"`, light[s.stroke], s.width)
	}
	if len(s.dash) > 0 {
		fmt.Fprintf(&b, ` stroke-dasharray="%g %g"`, s.dash[0], s.dash[1])
	}
	if s.size > 0 {
		fmt.Fprintf(&b, ` font-size="%g"`, s.size)
	}
	if s.bold {
		b.WriteString(` font-weight="600"`)
	}
	return b.String()
}

// CSS returns the style sheet of inline charts: tokens for light, dark and paper,
// then one rule a class. [data-theme] on the root element overrides the system's
// choice.
func CSS() string {
	var b strings.Builder
	tokens := func(m map[string]string) string {
		var t strings.Builder
		for _, k := range sortedKeys(m) {
			fmt.Fprintf(&t, "--chart-%s:%s;", k, m[k])
		}
		return t.String()
	}
	fmt.Fprintf(&b, ":root{%s}\n", tokens(light))
	fmt.Fprintf(&b, "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}\n", tokens(dark))
	fmt.Fprintf(&b, ":root[data-theme=dark]{%s}\n", tokens(dark))
	fmt.Fprintf(&b, "@media print{:root,:root[data-theme],:root:not([data-theme=light]){%s}}\n", tokens(light))
	fmt.Fprintf(&b, ".chart{display:block;width:100%%;height:auto;font-family:%s}\n", fontFamily)
	var classes []Class
	for c := range styles {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	for _, c := range classes {
		b.WriteString(styles[c].rule(c))
	}
	return b.String()
}

func (s style) rule(c Class) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".%s{", c)
	if s.fill == "" {
		b.WriteString("fill:none;")
	} else {
		fmt.Fprintf(&b, "fill:var(--chart-%s);", s.fill)
	}
	if s.opacity > 0 {
		fmt.Fprintf(&b, "fill-opacity:%g;", s.opacity)
	}
	if s.stroke != "" {
		fmt.Fprintf(&b, "stroke:var(--chart-%s);stroke-width:%gpx;stroke-linejoin:round;", s.stroke, s.width)
	}
	if len(s.dash) > 0 {
		fmt.Fprintf(&b, "stroke-dasharray:%g %g;", s.dash[0], s.dash[1])
	}
	if s.size > 0 {
		fmt.Fprintf(&b, "font-size:%gpx;", s.size)
	}
	if s.bold {
		b.WriteString("font-weight:600;")
	}
	b.WriteString("}\n")
	return b.String()
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
