package chart

import (
	"strings"
	"testing"
)

// someReach has everything that can stand in such a chart.
func someReach() ReachData {
	return ReachData{Title: "Where people break off", Desc: "Three questions", All: "Came to it", Done: "Answered", Rows: []ReachRow{
		{"1. Why do you follow us?", 1200, 1180, "1,180/1,200"},
		{"2. What would you like to see from us more often than you do at the moment?", 1100, 700, "700/1,100"},
		{"3. Anything else?", 0, 0, "0/0"},
	}}
}

func TestGoldenReach(t *testing.T) {
	for name, s := range map[string]Scene{"reach-wide": DrawReach(someReach(), Wide), "reach-narrow": DrawReach(someReach(), Narrow)} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

// Limits: nothing, one question, numbers that cannot be, long words and markup.
func TestReachDrawsAnything(t *testing.T) {
	for name, change := range map[string]func(*ReachData){
		"nothing":  func(d *ReachData) { d.Rows = nil },
		"one":      func(d *ReachData) { d.Rows = d.Rows[:1] },
		"negative": func(d *ReachData) { d.Rows[0].All, d.Rows[0].Done = -3, -4 },
		"long": func(d *ReachData) {
			d.Rows[0].Label, d.All = strings.Repeat("Donaudampfschiff ", 20), strings.Repeat("kamen ", 30)
		},
		"markup": func(d *ReachData) { d.Rows[0].Label, d.Title = `<script>"&`, "\x00]]>" },
	} {
		t.Run(name, func(t *testing.T) {
			for _, width := range []float64{Wide, Narrow} {
				d := someReach()
				change(&d)
				svg := DrawReach(d, width).SVG()
				if strings.Contains(svg, "NaN") || strings.Contains(svg, "<script>") || strings.Contains(svg, "\x00") || !strings.HasSuffix(svg, "</svg>\n") && !strings.HasSuffix(svg, "</svg>") {
					t.Error(svg)
				}
			}
		})
	}
}
