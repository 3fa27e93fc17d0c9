package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

func day(d int) string { return time.Unix(int64(d)*86400, 0).UTC().Format("2 Jan") }

func count(v float64) string { return fmt.Sprintf("%.0f", v) }

// sample is a goal in the middle of its period, with a gap and a moved target.
func sample() GoalData {
	d := GoalData{Title: "Engagements: what happened and what is forecast", Desc: "So far 3,034, forecast 6,100, target 5,800.", From: 20089, Until: 20453, Today: 20270,
		TodayLabel: "30 Jun", RangeLabel: "80 % and 95 % range", Day: day}
	daily := Panel{Title: "Engagements per day", Zero: true, Number: count, ObservedLabel: "What happened"}
	sum := Panel{Title: "Added up since 1 January", Zero: true, Number: count, ObservedLabel: "What happened", AheadLabel: "Forecast",
		Targets: []Step{{From: 20089, Until: 20150, Value: 4800, Label: "4,800 until 3 Mar", Former: true}, {From: 20150, Until: 20453, Value: 5800, Label: "Target 5,800"}}}
	total := 0.0
	for t := d.From; t < d.Today; t++ {
		v := 16 + 6*math.Sin(float64(t)*2*math.Pi/7) + 3*math.Cos(float64(t*t))
		missing := t > 20170 && t < 20180
		daily.Observed = append(daily.Observed, Point{Day: t, Value: v, Missing: missing})
		if !missing {
			total += v
		}
		sum.Observed = append(sum.Observed, Point{Day: t, Value: total, Missing: missing})
	}
	for t := d.Today; t <= d.Until; t++ {
		h := float64(t - d.Today + 1)
		sum.Ahead = append(sum.Ahead, BandPoint{Day: t, Mid: total + 16*h, Lo80: total + 16*h - 25*math.Sqrt(h), Hi80: total + 16*h + 30*math.Sqrt(h), Lo95: total + 16*h - 40*math.Sqrt(h), Hi95: total + 16*h + 50*math.Sqrt(h)})
	}
	d.Panels = []Panel{daily, sum}
	return d
}

func bar() BarData {
	return BarData{Title: "Forecast", Desc: "6,100, between 5,800 and 6,400", Value: 6100, Lo: 5800, Hi: 6400, HasValue: true, Target: 5000, TargetLabel: "Target 5,000", Number: count}
}

// Golden: the files of testdata are what people see; look at them after -update.
func TestGolden(t *testing.T) {
	for name, s := range map[string]Scene{"goal-wide": DrawGoal(sample(), Wide), "goal-narrow": DrawGoal(sample(), Narrow), "bar-wide": DrawTargetBar(bar(), Wide), "bar-narrow": DrawTargetBar(bar(), Narrow)} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

func golden(t *testing.T, name string, s Scene) {
	t.Helper()
	path := filepath.Join("testdata", name+".svg")
	got := s.SVG()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from the drawing; run with -update and look at it", path)
	}
}

// valid checks that a scene is well-formed, names itself, and that no text leaves it.
func valid(t *testing.T, s Scene) {
	t.Helper()
	for _, text := range []string{s.SVG(), s.Inline("x")} {
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("not a number in %.200s", text)
		}
		if strings.Contains(text, "style=") {
			t.Errorf("a style attribute, which a strict content policy blocks")
		}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("not XML: %v", err)
			}
		}
	}
	for _, n := range s.nodes {
		if n.text == "" {
			continue
		}
		w := textWidth(n.class, n.text)
		lo := n.pts[0].x
		switch n.anchor {
		case middle:
			lo -= w / 2
		case end:
			lo -= w
		case start:
		}
		if w < s.W-4 && (lo < -0.5 || lo+w > s.W+0.5) || n.pts[0].y < 8 || n.pts[0].y > s.H {
			t.Errorf("%q leaves the drawing: %.1f to %.1f of %.0f, y %.1f of %.0f", n.text, lo, lo+w, s.W, n.pts[0].y, s.H)
		}
		if styles[n.class].size < 11 {
			t.Errorf("%q is smaller than 11 pixels", n.text)
		}
	}
}

// Limits: nothing, one point, constants, all missing, huge and impossible values.
func TestDrawsAnything(t *testing.T) {
	inf := math.Inf(1)
	for name, change := range map[string]func(*GoalData){
		"as it is":  func(*GoalData) {},
		"no panel":  func(d *GoalData) { d.Panels = nil },
		"empty":     func(d *GoalData) { d.Panels = []Panel{{Title: "x", Number: count}} },
		"one point": func(d *GoalData) { d.Panels[0].Observed = d.Panels[0].Observed[:1] },
		"one day":   func(d *GoalData) { d.Until = d.From },
		"all missing": func(d *GoalData) {
			for i := range d.Panels[0].Observed {
				d.Panels[0].Observed[i].Missing = true
			}
		},
		"constant": func(d *GoalData) {
			for i := range d.Panels[0].Observed {
				d.Panels[0].Observed[i].Value = 7
			}
		},
		"negative": func(d *GoalData) {
			for i := range d.Panels[0].Observed {
				d.Panels[0].Observed[i].Value = -7
			}
		},
		"huge":         func(d *GoalData) { d.Panels[1].Ahead[3].Hi95 = 1e14 },
		"infinite":     func(d *GoalData) { d.Panels[1].Ahead[3].Hi95, d.Panels[0].Observed[4].Value = inf, math.NaN() },
		"a far target": func(d *GoalData) { d.Panels[1].Targets[1].Value = 1e9 },
		"a long name": func(d *GoalData) {
			d.Panels[1].ObservedLabel = strings.Repeat("Donaudampfschifffahrt ", 4)
			d.Panels[0].Title = "Interaktionsrate nach Reichweite der Beiträge"
		},
		"markup": func(d *GoalData) { d.Panels[0].Title, d.Title = `<script>alert("x")</script>&`, "\x00\x1f]]>" },
	} {
		for _, w := range []float64{Wide, Narrow} {
			t.Run(fmt.Sprint(name, w), func(t *testing.T) {
				d := sample()
				change(&d)
				valid(t, DrawGoal(d, w))
			})
		}
	}
	for name, b := range map[string]BarData{"as it is": bar(), "exact": {Value: 5, HasValue: true, Exact: true, Target: 7, Number: count}, "only a target": {Target: 7, TargetLabel: "Target 7", Number: count},
		"zero": {Number: count}, "negative": {Value: -60, Lo: -200, Hi: 100, HasValue: true, Target: 300, TargetLabel: "Target 300", Number: count},
		"infinite": {Value: inf, Lo: -inf, Hi: math.NaN(), HasValue: true, Target: 3, Number: count}, "far": {Value: 1, HasValue: true, Lo: 0, Hi: 2, Target: 1e12, TargetLabel: "Target", Number: count}} {
		for _, w := range []float64{Wide, Narrow} {
			t.Run(fmt.Sprint("bar ", name, w), func(t *testing.T) { valid(t, DrawTargetBar(b, w)) })
		}
	}
}

func TestPNG(t *testing.T) {
	data, err := DrawGoal(sample(), Wide).PNG(2)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string]bool{}
	for x := 0; x < img.Bounds().Dx(); x += 2 {
		for y := 0; y < img.Bounds().Dy(); y += 2 {
			r, g, b, _ := img.At(x, y).RGBA()
			colours[fmt.Sprint(r>>12, g>>12, b>>12)] = true
		}
	}
	if img.Bounds().Dx() != 1800 || len(colours) < 20 {
		t.Errorf("%v with %d colours is a blank image", img.Bounds(), len(colours))
	}
	if dir := os.Getenv("GOALPOST_SCREENSHOTS"); dir != "" {
		for name, s := range map[string]Scene{"chart-wide": DrawGoal(sample(), Wide), "chart-narrow": DrawGoal(sample(), Narrow), "chart-bar": DrawTargetBar(bar(), Wide)} {
			data, err := s.PNG(2)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := (Scene{W: 1e9, H: 10}).PNG(1); err == nil {
		t.Error("an image of a milliard pixels must be refused")
	}
}

func BenchmarkPNG(b *testing.B) {
	s := DrawGoal(sample(), Wide)
	for b.Loop() {
		if _, err := s.PNG(2); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	d := sample()
	for b.Loop() {
		DrawGoal(d, Wide).Inline("x")
	}
}

func FuzzGoal(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 10, "label")
	f.Add(math.Inf(1), math.NaN(), -1e300, -5, "<&\x00")
	f.Fuzz(func(t *testing.T, a, b, target float64, days int, label string) {
		days %= 5000
		d := GoalData{Title: label, Desc: label, From: 20000, Until: 20000 + days, Today: 20000 + days/2, TodayLabel: label, Day: day, Panels: []Panel{{Title: label, Number: count, Zero: days%2 == 0,
			Observed: []Point{{Day: 20000, Value: a}, {Day: 20001, Value: b}}, Ahead: []BandPoint{{Day: 20002, Lo95: a, Lo80: a, Mid: b, Hi80: b, Hi95: target}, {Day: 20003, Mid: a}},
			Targets: []Step{{From: 20000, Until: 20100, Value: target, Label: label}}, ObservedLabel: label, AheadLabel: label}}}
		for _, s := range []Scene{DrawGoal(d, Wide), DrawTargetBar(BarData{Title: label, Value: a, Lo: b, Hi: target, HasValue: true, Target: target, TargetLabel: label, Number: count}, Narrow)} {
			text := s.Inline("x")
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf\"") {
				t.Fatalf("not a number: %.300s", text)
			}
			dec := xml.NewDecoder(strings.NewReader(text))
			for {
				if _, err := dec.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// A value that is no number is a gap and not a zero; days that are not in the list
// are not joined; nothing is drawn outside the days of the chart.
func TestGapsStayGaps(t *testing.T) {
	d := sample()
	d.Panels = d.Panels[:1]
	d.Panels[0].Observed = nil
	for i := range 60 {
		if i >= 4 && i < 6 || i >= 10 && i < 40 {
			continue
		}
		v := 50.0
		if i == 45 {
			v = math.NaN()
		}
		d.Panels[0].Observed = append(d.Panels[0].Observed, Point{Day: d.From + i, Value: v})
	}
	d.Panels[0].Ahead = []BandPoint{{Day: d.Until + 500, Mid: 5}, {Day: d.Until + 501, Mid: 5}}
	s := DrawGoal(d, Wide)
	runs := 0
	for _, n := range s.nodes {
		if n.class == Observed {
			runs++
			for _, p := range n.pts {
				if p.y != n.pts[0].y {
					t.Errorf("50 was drawn at %.1f and %.1f", n.pts[0].y, p.y)
				}
			}
		}
		for _, p := range n.pts {
			if p.x < 0 || p.x > s.W || p.y < 0 || p.y > s.H {
				t.Errorf("%s lies outside at %.0f, %.0f", n.class, p.x, p.y)
			}
		}
	}
	if runs != 4 {
		t.Errorf("%d runs, want 4", runs)
	}
}

// Ticks of small counts have labels that differ.
func TestTicksApart(t *testing.T) {
	got := ticksApart(0, 2, 4, count)
	seen := map[string]bool{}
	for _, v := range got {
		if seen[count(v)] {
			t.Errorf("%v writes %s twice", got, count(v))
		}
		seen[count(v)] = true
	}
}
