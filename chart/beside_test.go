package chart

import (
	"math"
	"strings"
	"testing"
)

func someBeside() BesideData {
	none := ShareMark{}
	return BesideData{Title: "Your goals and the trade's", Desc: "Sell more: declared, operational; 100%, below 50%, 58%.", Percent: perCent, OwnTitle: "You, one organisation", TradeTitle: "The trade: of 181 asked",
		Level: "Not one scale. Lines: 95% interval", OwnMoments: []string{"2025-Q3", "2025-Q4", "2026-Q1"}, States: []Stage{{"Wish", 1}, {"Declared", 2}, {"Operational", 3}},
		Moments: []Moment{{"2011", Ring}, {"2012", Dot}, {"2013 (expected)", Hope}},
		Rows: []BesideRow{
			{"Sell more", []int{0, 2, 3}, []ShareMark{share(1, 0.979, 1), {Has: true, Value: 0.5, Below: true, Note: "below 50%"}, share(0.58, 0.51, 0.65)}},
			{"Engage people, talk with them", []int{1, 3, 0}, []ShareMark{none, none, share(0.67, 0.6, 0.73)}},
			{"Improve customer support", []int{3, 3, 3}, []ShareMark{none, none, none}},
		}}
}

func TestGoldenBeside(t *testing.T) {
	for name, s := range map[string]Scene{"beside-wide": DrawBeside(someBeside(), Wide), "beside-narrow": DrawBeside(someBeside(), Narrow)} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

// Limits: nothing, numbers that are none, more than fits; the labels of the axis never
// overlap, and all that is drawn stays inside.
func TestBesideDrawsAnything(t *testing.T) {
	for name, change := range map[string]func(*BesideData){
		"as it is":  func(*BesideData) {},
		"nothing":   func(d *BesideData) { *d = BesideData{Percent: perCent} },
		"no trade":  func(d *BesideData) { d.Moments = nil },
		"no own":    func(d *BesideData) { d.OwnMoments = nil },
		"no number": func(d *BesideData) { d.Rows[0].Marks[2] = share(math.NaN(), math.Inf(-1), math.Inf(1)) },
		"too many":  func(d *BesideData) { d.Rows[0].Own = []int{1, 2, 3, 4, 5, 6, 7} },
		"long": func(d *BesideData) {
			d.Rows[0].Label = strings.Repeat("Donaudampfschifffahrtsgesellschaft ", 6)
		},
		"twelve years": func(d *BesideData) {
			d.OwnMoments = strings.Fields("2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026")
		},
	} {
		for _, width := range []float64{Wide, Narrow} {
			d := someBeside()
			change(&d)
			s := DrawBeside(d, width)
			axis := map[float64]float64{} // right end of the last label by line
			for _, n := range s.nodes {
				for _, p := range n.pts {
					if math.IsNaN(p.x) || p.x < -1 || p.x > width+1 || p.y < -1 || p.y > s.H+1 {
						t.Fatalf("%s, %g: a mark at %v outside %g × %g", name, width, p, width, s.H)
					}
				}
			}
			for _, m := range d.OwnMoments {
				for _, n := range s.nodes {
					if n.text == m && n.anchor == middle {
						half := textWidth(Text, m) / 2
						if end, ok := axis[n.pts[0].y]; ok && n.pts[0].x-half < end {
							t.Errorf("%s, %g: %s overlaps", name, width, m)
						}
						axis[n.pts[0].y] = n.pts[0].x + half
					}
				}
			}
		}
	}
}
