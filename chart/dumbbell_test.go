package chart

import (
	"math"
	"strings"
	"testing"
)

func someDumbbell() DumbbellData {
	return DumbbellData{Title: "What the team believed", Desc: "Offers: believed 75%, answered 52%.", Believed: "believed", Answered: "answered", Percent: perCent, Level: "Bar: 80% range. Line: 95% interval",
		Rows: []DumbbellRow{
			{"How to repair and care for lamps", "−31 pts", share(0.12, 0.05, 0.2), share(0.43, 0.36, 0.5)},
			{"Offers and discounts", "+23 pts", share(0.75, 0.7, 0.8), share(0.52, 0.45, 0.59)},
			{"Something that is much longer than what stands in the rows above it, and still to be read", "+1 pts", share(0.01, 0, 0.02), share(0, 0, 0.02)},
			{"Nobody has an idea", "no idea", ShareMark{}, share(1, 0.98, 1)},
		}}
}

func TestGoldenDumbbell(t *testing.T) {
	for name, width := range map[string]float64{"dumbbell-wide": Wide, "dumbbell-narrow": Narrow} {
		t.Run(name, func(t *testing.T) { golden(t, name, DrawDumbbell(someDumbbell(), width)) })
	}
}

func TestDumbbellDrawsAnything(t *testing.T) {
	for name, change := range map[string]func(*DumbbellData){
		"nothing":   func(d *DumbbellData) { d.Rows = nil },
		"no number": func(d *DumbbellData) { d.Rows[0].Believed = share(math.NaN(), math.Inf(-1), math.Inf(1)) },
		"outside":   func(d *DumbbellData) { d.Rows[0].Answered = share(7, -7, 70) },
		"long":      func(d *DumbbellData) { d.Rows[0].Note = strings.Repeat("much ", 30) },
	} {
		t.Run(name, func(t *testing.T) {
			d := someDumbbell()
			change(&d)
			for _, w := range []float64{Wide, Narrow} {
				if svg := DrawDumbbell(d, w).SVG(); strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") || !strings.HasSuffix(strings.TrimSpace(svg), "</svg>") {
					t.Errorf("%v: %s", w, svg)
				}
			}
		})
	}
}
