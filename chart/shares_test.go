package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func perCent(v float64) string { return fmt.Sprintf("%.0f%%", 100*v) }

func share(v, lo, hi float64) ShareMark {
	return ShareMark{Has: true, Value: v, HasRange: true, Lo: lo, Hi: hi}
}

// someShares has everything that can stand in such a chart.
func someShares() SharesData {
	about := ShareMark{Has: true, Value: 0.5, Note: "about 50%"}
	below := ShareMark{Has: true, Value: 0.5, Below: true, Note: "below 50%"}
	none := ShareMark{}
	return SharesData{Title: "Goals on social media", Desc: "Sell more: 100%, below 50%, 58%.", Percent: perCent, Level: "Lines: 95% interval",
		Moments: []Moment{{"2011", Ring}, {"2012", Dot}, {"2013 (expected)", Hope}},
		Rows: []ShareRow{
			{"Engage people, talk with them", []ShareMark{about, none, share(0.67, 0.6, 0.73)}, ""},
			{"Strengthen the brand", []ShareMark{about, none, share(0.67, 0.6, 0.73)}, ""},
			{"Sell more", []ShareMark{share(1, 0.979, 1), below, share(0.58, 0.51, 0.65)}, ""},
			{"Lower risks, keep freedom of action in everything that the company does", []ShareMark{none, none, share(0.02, 0, 0.06)}, ""},
			{"Nobody asked", []ShareMark{none, none, none}, "too uncertain"},
		}}
}

// What is said instead of a mark stands in the row, and a share at the right end has its number
// on the left of its line.
func TestSharesSayWhatIsMissing(t *testing.T) {
	d := someShares()
	d.Rows = append(d.Rows, ShareRow{Label: "Everybody", Marks: []ShareMark{{Has: true, Value: 1, HasRange: true, Lo: 0.9, Hi: 1, Note: "100% of all"}}})
	s := DrawShares(d, Wide)
	at := map[string]float64{}
	for _, n := range s.nodes {
		if n.text != "" {
			at[n.text] = n.pts[0].x
		}
	}
	x, ok := at["too uncertain"]
	end, there := at["100% of all"]
	if !ok || !there || end+textWidth(Small, "100% of all") > at["75%"]+0.6*(at["100%"]-at["75%"]) || x < 100 {
		t.Errorf("%v", at)
	}
}

func someTrend() TrendData {
	return TrendData{Title: "Goals over time", Desc: "Two lines", Percent: perCent, Level: "Lines: 95% interval", BreakLabel: "not comparable",
		Moments: []string{"2011", "2012", "2013 (expected)"},
		Lines: []TrendLine{
			{"Sell more", []ShareMark{share(1, 0.979, 1), {Has: true, Value: 0.5, Below: true, Note: "below 50%"}, share(0.58, 0.51, 0.65)}, []bool{false, false, false}, []string{"1", "2", ""}},
			{"Understand our customers", []ShareMark{share(0.768, 0.70, 0.82), share(0.619, 0.55, 0.69), {}}, []bool{true, false, false}, []string{"", "", ""}},
			{"Engage people", []ShareMark{{Has: true, Value: 0.5, Note: "about 50%"}, {}, share(0.6, 0.53, 0.68)}, []bool{false, false, false}, []string{"1", "", ""}},
		}}
}

func TestGoldenShares(t *testing.T) {
	for name, s := range map[string]Scene{"shares-wide": DrawShares(someShares(), Wide), "shares-narrow": DrawShares(someShares(), Narrow), "trend-wide": DrawTrend(someTrend(), Wide), "trend-narrow": DrawTrend(someTrend(), Narrow)} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

func TestSharesDrawAnything(t *testing.T) {
	for name, change := range map[string]func(*SharesData){
		"as it is":   func(*SharesData) {},
		"nothing":    func(d *SharesData) { d.Rows, d.Moments = nil, nil },
		"no number":  func(d *SharesData) { d.Rows[0].Marks[2] = share(math.NaN(), math.Inf(-1), math.Inf(1)) },
		"outside":    func(d *SharesData) { d.Rows[0].Marks[2] = share(7, -7, 70) },
		"one moment": func(d *SharesData) { d.Moments = d.Moments[:1] },
		"long": func(d *SharesData) {
			d.Rows[0].Label = strings.Repeat("Donaudampfschifffahrtsgesellschaft ", 6)
			d.Moments[0].Label = strings.Repeat("eine Welle ", 5)
		},
		"markup": func(d *SharesData) { d.Rows[0].Label, d.Title = `<script>"&`, "\x00]]>" },
	} {
		for _, w := range []float64{Wide, Narrow} {
			t.Run(fmt.Sprint(name, w), func(t *testing.T) {
				d := someShares()
				change(&d)
				valid(t, DrawShares(d, w))
			})
		}
	}
	for name, change := range map[string]func(*TrendData){
		"as it is": func(*TrendData) {},
		"nothing":  func(d *TrendData) { d.Lines, d.Moments = nil, nil },
		"one moment": func(d *TrendData) {
			d.Moments = d.Moments[:1]
			d.Lines = d.Lines[:1]
			d.Lines[0].Marks = d.Lines[0].Marks[:1]
		},
		"no number": func(d *TrendData) { d.Lines[0].Marks[0] = share(math.NaN(), math.Inf(-1), math.Inf(1)) },
		"many lines": func(d *TrendData) {
			for range 4 {
				d.Lines = append(d.Lines, d.Lines[0])
			}
		},
	} {
		for _, w := range []float64{Wide, Narrow} {
			t.Run(fmt.Sprint("trend ", name, w), func(t *testing.T) {
				d := someTrend()
				change(&d)
				valid(t, DrawTrend(d, w))
			})
		}
	}
}

// A line is drawn between two marks only where they can be compared; elsewhere stands
// the break with its number.
func TestTrendBreaks(t *testing.T) {
	s := DrawTrend(someTrend(), Wide)
	joined, numbers := 0, ""
	for _, n := range s.nodes {
		if n.class == Joined {
			joined++
		}
		if n.text == "1" || n.text == "2" {
			numbers += n.text
		}
	}
	if joined != 1 || numbers != "121" {
		t.Errorf("\ngot:  %d lines, reasons %q\nwant: 1 line, reasons \"121\"", joined, numbers)
	}
}
