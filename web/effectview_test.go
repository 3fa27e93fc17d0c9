package web

import (
	"bytes"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// effectReport is an answer as the methods give it: 84 quiet days, then 28 with change
// more orders a day.
func effectReport(change, half float64) assess.EffectReport {
	r := assess.EffectReport{Method: goalpost.MethodBMA, Level: 0.95, Dots: 3, Decision: goalpost.Increase}
	from := goalpost.NewDay(2026, 1, 5)
	pointer := func(x float64) *float64 { return &x }
	sum := 0.0
	for i := range 112 {
		expected := 50 + 12*math.Sin(float64(i)*2*math.Pi/7)
		y := math.Round(expected + 3*math.Cos(float64(i*i)))
		d := assess.EffectDay{Date: (from + goalpost.Day(i)).String(), Expected: pointer(expected), Lo: pointer(expected - 8), Hi: pointer(expected + 8)}
		if i >= 84 {
			y = math.Round(y + change)
			n := float64(i - 83)
			sum += change
			d.Post, d.Active, d.Sum, d.SumLo, d.SumHi = true, true, pointer(sum), pointer(sum-half*n), pointer(sum+half*n)
		}
		if i != 20 {
			d.Observed = pointer(y)
		}
		r.Series = append(r.Series, d)
	}
	r.Pre = assess.EffectPeriod{From: from.String(), Until: (from + 83).String(), Rows: 83, Missing: 1}
	r.Post = assess.EffectPeriod{From: (from + 84).String(), Until: (from + 111).String(), Rows: 28}
	r.Average = assess.Range{Value: change, Lo: change - half, Hi: change + half}
	r.Cumulative = assess.Range{Value: 28 * change, Lo: 28 * (change - half), Hi: 28 * (change + half)}
	r.Relative = &assess.Range{Value: change / 50, Lo: (change - half) / 50, Hi: (change + half) / 50}
	r.Expected = assess.Range{Value: 50, Lo: 50 - half, Hi: 50 + half}
	r.ProbabilityPositive = pointer(0.999)
	r.Placebo = &assess.EffectPlacebo{Windows: 6, Alarms: 1, Covered: 5.0 / 6}
	for i := range 6 {
		m := 2 * math.Sin(float64(i*i))
		r.Placebo.List = append(r.Placebo.List, assess.EffectPlaceboWindow{From: (from + goalpost.Day(10*i)).String(), Until: (from + goalpost.Day(10*i+9)).String(),
			Range: assess.Range{Value: m, Lo: m - 4, Hi: m + 4}})
	}
	r.Placebo.List[4].Range = assess.Range{Value: 6, Lo: 2, Hi: 10}
	r.Covariates = []assess.EffectCovariate{{Name: "Orders, South", Inclusion: 0.92, Mean: 0.41, SD: 0.06}}
	r.Checks = []assess.EffectCheck{{Name: "too-short", Passed: true, Value: 83, Limit: 42, Refuses: true}, {Name: "drift", Passed: true, Value: 0.1, Limit: 0.4}}
	r.Money = &assess.EffectMoney{Currency: "EUR", Cost: 400, Margin: 12, Gain: assess.Range{Value: 2300, Lo: 1300, Hi: 3300}, Worth: pointer(0.9999)}
	r.Diagnostics.Seconds = 0.012
	return r
}

var testSubject = effectSubject{Activity: "Lighthouse giveaway", KPI: "orders", Scope: "North", Grain: goalpost.Daily, Unit: goalpost.UnitCount}

// effectPage renders an answer in a language.
func effectPage(t *testing.T, lang string, r assess.EffectReport) string {
	t.Helper()
	s := newSite(t, nil)
	q := httptest.NewRequest("GET", "/"+lang+"/effects/1", nil)
	q.SetPathValue("lang", lang)
	p := EffectPage{Page: s.server.newPage(q, nil, ""), Self: "/" + lang + "/effects/1", Sub: "Orders, North", Tried: "x"}
	p.Title = testSubject.Activity
	p.addEffect(r, testSubject)
	var b bytes.Buffer
	if err := s.server.templates.pages["effect"].ExecuteTemplate(&b, "layout", p); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("GOALPOST_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("effect-%s-%s.html", lang, r.Decision)), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return textOf(b.String())
}

// Each kind of answer is said with its number and its range, in both languages; nothing
// is said that the data do not carry.
func TestEffectPageSaysEachAnswer(t *testing.T) {
	sure := effectReport(11, 4)
	null := effectReport(0.4, 4)
	null.Decision, null.Dots = goalpost.EffectCannotTell, 1
	small, less := effectReport(0.1, 0.8), effectReport(-6, 4)
	null.Money.Gain = assess.Range{Value: -260, Lo: -1600, Hi: 1100}
	probably := effectReport(4.2, 4.4)
	probably.Decision, probably.Dots, probably.Probably = goalpost.EffectCannotTell, 2, true
	less.Decision = goalpost.Decrease
	size := 3.0
	small.Decision, small.SmallestEffect = goalpost.Negligible, &size
	for _, c := range []struct {
		name         string
		lang         string
		r            assess.EffectReport
		want, absent []string
	}{
		{"sure", "en", sure, []string{"“Lighthouse giveaway” very likely brought about 310 more orders.", "as few as 200 or as many as 420 (95% interval)", "●●●", "over 99%", "One was taken for an effect",
			"after costs", "6 fake activities"}, []string{"significant", "cannot tell", "web.effect"}},
		{"sure", "de", sure, []string{"„Lighthouse giveaway“ hat sehr wahrscheinlich rund 310 mehr Bestellungen gebracht.", "auch nur 200 oder bis zu 420", "über 99 %", "falschen Alarm", "Hat es sich gelohnt?"},
			[]string{"signifikant", "web.effect"}},
		{"null", "en", null, []string{"We cannot tell whether “Lighthouse giveaway” had an effect.", "Anything from −100 to +120 orders fits the data", "●○○", "We cannot tell yet"}, []string{"likely brought", "web.effect"}},
		{"null", "de", null, []string{"Ob „Lighthouse giveaway“ gewirkt hat, lässt sich nicht sagen.", "alles von −100 bis +120 Bestellungen"}, []string{"wahrscheinlich rund", "web.effect"}},
		{"probably", "en", probably, []string{"probably brought more orders, but we cannot tell for sure", "●●○"}, []string{"very likely brought"}},
		{"less", "en", less, []string{"very likely cost about 170 orders.", "as few as 60 or as many as 280"}, []string{"brought about"}},
		{"less", "de", less, []string{"rund 170 Bestellungen gekostet", "nur 60 oder bis zu 280"}, nil},
		{"small", "en", small, []string{"No effect worth mentioning", "smaller than 3 orders"}, []string{"brought about"}},
	} {
		t.Run(c.lang+" "+c.name, func(t *testing.T) {
			text := effectPage(t, c.lang, c.r)
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("%q is missing in\n%.900s", w, text)
				}
			}
			for _, a := range c.absent {
				if strings.Contains(text, a) {
					t.Errorf("%q must not stand in\n%.900s", a, text)
				}
			}
		})
	}
}

// A failed check stands beside the answer as the strongest doubt, one that refuses an
// answer before one that only weakens it.
func TestEffectDoubt(t *testing.T) {
	r := effectReport(11, 4)
	if _, ok := r.Doubt(); ok {
		t.Error("nothing failed")
	}
	r.Checks = []assess.EffectCheck{{Name: "drift", Value: 1}, {Name: "outside", Refuses: true, Value: 2}}
	if c, ok := r.Doubt(); !ok || c.Name != "outside" {
		t.Errorf("the strongest doubt is %q", c.Name)
	}
}

// The table keeps the sign and the gap: a day that was not measured has a dash, and no
// difference.
func TestEffectTable(t *testing.T) {
	r := effectReport(11, 4)
	r.Series[90].Observed = nil
	var p Page
	p.printer = printerFor("en", nil)
	var v EffectView
	p.addEffectTable(&v, r, testSubject)
	i := 90 - (len(r.Series) - len(v.Rows))
	if len(v.Rows) != len(r.Series) || v.Rows[i].Observed != "–" || v.Rows[i].Difference != "–" || !strings.HasPrefix(v.Rows[i+1].Difference, "+") || v.Rows[3].Difference != "–" {
		t.Errorf("%d rows; day without a value: %+v; the next: %+v", len(v.Rows), v.Rows[i], v.Rows[i+1])
	}
	if csv := effectCSV(r); len(csv) != len(r.Series)+1 || csv[91][1] != "" || csv[92][8] != "true" {
		t.Errorf("%d lines: %v", len(csv), csv[91:93])
	}
}
