package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func signed(v float64) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%+.0f", v)
}

// someEffect is a campaign of five weeks after twelve quiet ones; three days before it are
// missing.
func someEffect() EffectData {
	d := EffectData{Title: "Demo requests per day: what happened and what was to be expected", Desc: "About 320 more, 180 to 460.", Start: 20240, StartLabel: "Start 2 Jun", Zero: true,
		Number: count, Change: signed, Day: day, Runs: []Run{{20240, 20274}},
		ObservedTitle: "Demo requests per day", EffectTitle: "Difference per day", SumTitle: "Extra demo requests, added up since the start",
		ObservedLabel: "What happened", ExpectedLabel: "Expected without", RangeLabel: "the campaign (95% range)", EffectLabel: "Difference", SumLabel: "+320", SumRange: "+180 to +460", SumLegend: "Extra since the start: +320 (+180 to +460)"}
	total := 0.0
	for i := range 120 {
		t := 20155 + i
		expected := 45 + 14*math.Sin(float64(t)*2*math.Pi/7)
		y := expected + 4*math.Cos(float64(t*t))
		after := t >= d.Start
		if after {
			y += 9
		}
		d.Observed = append(d.Observed, Point{Day: t, Value: y, Missing: i > 40 && i < 44})
		d.Expected = append(d.Expected, RangePoint{Day: t, Lo: expected - 9, Mid: expected, Hi: expected + 9})
		if after {
			total += y - expected
			n := float64(t - d.Start + 1)
			d.Effect = append(d.Effect, RangePoint{Day: t, Lo: y - expected - 9, Mid: y - expected, Hi: y - expected + 9})
			d.Sum = append(d.Sum, RangePoint{Day: t, Lo: total - 24*math.Sqrt(n), Mid: total, Hi: total + 24*math.Sqrt(n)})
		}
	}
	return d
}

// switched is the same activity run on some weeks only.
func switched() EffectData {
	d := someEffect()
	d.Runs = []Run{{20240, 20244}, {20251, 20251}, {20260, 20266}}
	return d
}

func somePlacebo() PlaceboData {
	d := PlaceboData{Title: "Where nothing happened", Desc: "1 of 14 fake activities looked like an effect.", Day: day, Change: signed, HasReal: true, Real: PlaceboMark{20240, 180, 320, 460},
		QuietLabel: "Fake activity: range holds zero", AlarmLabel: "False alarm", RealLabel: "The real activity", RangeLabel: "Strokes: 95% range"}
	for i := range 14 {
		m := 60 * math.Sin(float64(i*i))
		if i == 9 {
			m = 190
		}
		d.Fakes = append(d.Fakes, PlaceboMark{20040 + 14*i, m - 130, m, m + 130})
	}
	return d
}

// Golden: the files of testdata are what people see; look at them after -update.
func TestEffectGolden(t *testing.T) {
	for name, s := range map[string]Scene{"effect-wide": DrawEffect(someEffect(), Wide), "effect-narrow": DrawEffect(someEffect(), Narrow), "effect-switched": DrawEffect(switched(), Wide),
		"placebo-wide": DrawPlacebo(somePlacebo(), Wide), "placebo-narrow": DrawPlacebo(somePlacebo(), Narrow)} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, s)
			if dir := os.Getenv("GOALPOST_SCREENSHOTS"); dir != "" {
				data, err := s.PNG(2)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// Limits: nothing, one day, gaps, constants, rows without dates, impossible values.
func TestEffectDrawsAnything(t *testing.T) {
	for name, change := range map[string]func(*EffectData){
		"as it is":    func(*EffectData) {},
		"nothing":     func(d *EffectData) { d.Observed, d.Expected, d.Effect, d.Sum, d.Runs = nil, nil, nil, nil, nil },
		"no estimate": func(d *EffectData) { d.Expected, d.Effect, d.Sum = nil, nil, nil },
		"one day":     func(d *EffectData) { d.Effect, d.Sum = d.Effect[:1], d.Sum[:1] },
		"first day":   func(d *EffectData) { d.Start, d.Runs = 20155, []Run{{20155, 20155}} },
		"outside":     func(d *EffectData) { d.Start, d.Runs = 19000, []Run{{19000, 19010}, {30000, 30001}} },
		"rows":        func(d *EffectData) { d.Rows, d.Day = true, func(i int) string { return fmt.Sprint(i) } },
		"no number": func(d *EffectData) {
			d.Effect[3].Hi, d.Observed[2].Value, d.Sum[1].Mid = math.Inf(1), math.NaN(), math.NaN()
		},
		"huge":         func(d *EffectData) { d.Sum[3].Hi, d.Expected[0].Hi = 1e14, 1e13 },
		"long names":   func(d *EffectData) { long(d) },
		"markup":       func(d *EffectData) { d.SumTitle, d.Title = `<script>alert("x")</script>&`, "\x00\x1f]]>" },
		"constant":     func(d *EffectData) { flat(d) },
		"only missing": func(d *EffectData) { hide(d) },
	} {
		for _, w := range []float64{Wide, Narrow} {
			t.Run(fmt.Sprint(name, w), func(t *testing.T) {
				d := someEffect()
				change(&d)
				s := DrawEffect(d, w)
				valid(t, s)
				inside(t, s)
			})
		}
	}
	for name, change := range map[string]func(*PlaceboData){
		"as it is":  func(*PlaceboData) {},
		"nothing":   func(d *PlaceboData) { d.Fakes, d.HasReal = nil, false },
		"only real": func(d *PlaceboData) { d.Fakes = nil },
		"one":       func(d *PlaceboData) { d.Fakes, d.HasReal = d.Fakes[:1], false },
		"no number": func(d *PlaceboData) { d.Fakes[0].Lo, d.Real.Hi = math.NaN(), math.Inf(1) },
		"no width": func(d *PlaceboData) {
			for i := range d.Fakes {
				d.Fakes[i].Lo, d.Fakes[i].Mid, d.Fakes[i].Hi = 0, 0, 0
			}
			d.HasReal = false
		},
		"long names": func(d *PlaceboData) { d.QuietLabel = strings.Repeat("Donaudampfschifffahrt ", 6) },
	} {
		for _, w := range []float64{Wide, Narrow} {
			t.Run(fmt.Sprint("placebo ", name, w), func(t *testing.T) {
				d := somePlacebo()
				change(&d)
				s := DrawPlacebo(d, w)
				valid(t, s)
				inside(t, s)
			})
		}
	}
}

func long(d *EffectData) {
	d.ObservedLabel, d.ExpectedLabel = strings.Repeat("Donaudampfschifffahrt ", 4), strings.Repeat("Erwartet ohne ", 5)
	d.SumTitle, d.SumRange = strings.Repeat("Zusätzliche Anfragen seit dem Beginn ", 4), strings.Repeat("+184 bis +457 ", 4)
}

func flat(d *EffectData) {
	for i := range d.Observed {
		d.Observed[i].Value = 7
		d.Expected[i] = RangePoint{Day: d.Observed[i].Day, Lo: 7, Mid: 7, Hi: 7}
	}
	for i := range d.Sum {
		d.Effect[i] = RangePoint{Day: d.Sum[i].Day}
		d.Sum[i] = RangePoint{Day: d.Sum[i].Day}
	}
}

func hide(d *EffectData) {
	for i := range d.Observed {
		d.Observed[i].Missing, d.Expected[i].Missing = true, true
	}
	for i := range d.Sum {
		d.Effect[i].Missing, d.Sum[i].Missing = true, true
	}
}

// inside checks that no mark leaves the drawing.
func inside(t *testing.T, s Scene) {
	t.Helper()
	for _, n := range s.nodes {
		for _, p := range n.pts {
			if n.text == "" && (p.x < 0 || p.x > s.W || p.y < 0 || p.y > s.H) {
				t.Errorf("%s lies outside at %.0f, %.0f", n.class, p.x, p.y)
			}
		}
	}
}

// One line marks the start through all panels, and every run of the activity is shaded in
// each of them.
func TestEffectStartAndRuns(t *testing.T) {
	s := DrawEffect(switched(), Wide)
	shades, lowest, highest := 0, 0.0, math.Inf(1)
	at := map[float64]bool{}
	for _, n := range s.nodes {
		switch n.class {
		case Shade:
			shades++
		case Mark:
			at[n.pts[0].x] = true
			for _, p := range n.pts {
				lowest, highest = max(lowest, p.y), min(highest, p.y)
			}
		}
	}
	if shades != 9 || len(at) != 1 || lowest-highest < 450 {
		t.Errorf("\ngot:  %d shades, lines at %v, from %.0f to %.0f\nwant: 9 shades, one line through three panels", shades, at, highest, lowest)
	}
}

// words are all texts of a drawing.
func words(s Scene) string {
	var list []string
	for _, n := range s.nodes {
		if n.text != "" {
			list = append(list, n.text)
		}
	}
	return strings.Join(list, " ")
}

// What the shading is stands below the chart, wide and narrow, and nowhere where nothing is
// shaded.
func TestEffectSaysWhatIsShaded(t *testing.T) {
	for _, width := range []float64{Wide, Narrow} {
		d := switched()
		d.RunsLabel = "Shaded: days with the activity"
		if got := words(DrawEffect(d, width)); !strings.Contains(got, d.RunsLabel) {
			t.Errorf("%v: %q", width, got)
		}
		d.Runs = nil
		if got := words(DrawEffect(d, width)); strings.Contains(got, "Shaded") {
			t.Errorf("%v, nothing is shaded: %q", width, got)
		}
	}
}

// The axis of effects holds zero, and the first panel's begins there, whatever the values.
func TestEffectZero(t *testing.T) {
	d := someEffect()
	for i := range d.Sum {
		d.Sum[i].Lo, d.Sum[i].Mid, d.Sum[i].Hi = 100, 200, 300
	}
	zeros := 0
	for _, n := range DrawEffect(d, Wide).nodes {
		if n.class == Text && n.text == "0" {
			zeros++
		}
	}
	if zeros != 3 {
		t.Errorf("%d axes with a zero, want 3", zeros)
	}
}

// A missing day breaks both lines, and a range that is wide before the activity does not
// press the rest flat.
func TestEffectGapsAndWideRanges(t *testing.T) {
	d := someEffect()
	d.Expected[0].Lo, d.Expected[0].Hi = -1e6, 1e6
	d.Expected[60].Missing = true
	lines := map[Class]int{}
	tall := 0.0
	for _, n := range DrawEffect(d, Wide).nodes {
		lines[n.class]++
		if n.class == Observed {
			lo, hi := math.Inf(1), 0.0
			for _, p := range n.pts {
				lo, hi = min(lo, p.y), max(hi, p.y)
			}
			tall = max(tall, hi-lo)
		}
	}
	if lines[Observed] != 2 || lines[Expected] != 2 || tall < 40 {
		t.Errorf("\ngot:  %d and %d lines, %.0f pixels tall\nwant: 2 and 2 lines, at least 40 pixels", lines[Observed], lines[Expected], tall)
	}
}

// A fake activity whose interval leaves zero out is drawn as a false alarm; there is one
// real activity.
func TestPlaceboAlarms(t *testing.T) {
	marks := map[Class]int{}
	for _, n := range DrawPlacebo(somePlacebo(), Wide).nodes {
		marks[n.class]++
	}
	if marks[AlarmDot] != 2 || marks[FakeDot] != 14 || marks[EffectDot] != 2 { // one of each is in the legend
		t.Errorf("\ngot:  %d alarms, %d quiet, %d real\nwant: 2, 14, 2", marks[AlarmDot], marks[FakeDot], marks[EffectDot])
	}
}

func FuzzEffect(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 10, "label")
	f.Add(math.Inf(1), math.NaN(), -1e300, -5, "<&\x00")
	f.Fuzz(func(t *testing.T, a, b, c float64, days int, label string) {
		days %= 5000
		points := []RangePoint{{Day: 20000, Lo: a, Mid: b, Hi: c}, {Day: 20000 + days, Lo: b, Mid: c, Hi: a}, {Day: 20002, Mid: a, Missing: true}}
		d := EffectData{Title: label, Desc: label, Start: 20000 + days/2, StartLabel: label, Rows: days%2 == 0, Zero: days%3 == 0, Number: count, Change: signed, Day: day,
			Observed: []Point{{Day: 20000, Value: a}, {Day: 20000 + days, Value: b}}, Expected: points, Effect: points, Sum: points[1:], Runs: []Run{{20000, 20000 + days}},
			ObservedTitle: label, EffectTitle: label, SumTitle: label, ObservedLabel: label, ExpectedLabel: label, RangeLabel: label, EffectLabel: label, SumLabel: label, SumRange: label, SumLegend: label}
		p := PlaceboData{Title: label, Fakes: []PlaceboMark{{20000, a, b, c}, {20000 + days, c, b, a}}, Real: PlaceboMark{20100, b, a, c}, HasReal: true, Change: signed, Day: day,
			QuietLabel: label, AlarmLabel: label, RealLabel: label, RangeLabel: label}
		for _, s := range []Scene{DrawEffect(d, Wide), DrawEffect(d, Narrow), DrawPlacebo(p, Narrow)} {
			dec := xml.NewDecoder(strings.NewReader(s.Inline("x")))
			for {
				if _, err := dec.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
			for _, n := range s.nodes {
				for _, p := range n.pts {
					if math.IsNaN(p.x) || math.IsNaN(p.y) || math.IsInf(p.x+p.y, 0) {
						t.Fatalf("%s is drawn at %g, %g", n.class, p.x, p.y)
					}
				}
			}
		}
	})
}
