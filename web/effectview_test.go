package web

import (
	"context"
	"math"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
)

// effectReport works out a simulated activity of four weeks after 150 quiet days: change
// more orders a day, noise their standard deviation. Seed tells reports apart.
func effectReport(t *testing.T, change, noise float64, adjust func(*assess.EffectInput)) assess.EffectReport {
	t.Helper()
	rng := infer.Rand(7, 1)
	in := assess.EffectInput{Outcome: goalpost.WordArg("kpi.orders"), Activity: "Lighthouse giveaway", Calendar: assess.DailyCalendar(goalpost.NewDay(2025, 11, 1)),
		Pre: assess.RowSpan{From: 0, Until: 150}, Post: assess.RowSpan{From: 150, Until: 178}, Missing: make([]bool, 178)}
	control := assess.EffectControl{Name: "Orders, South"}
	for i := range 178 {
		common := 50 + 12*math.Sin(float64(i)*2*math.Pi/7) + 2*rng.NormFloat64()
		y := common + noise*rng.NormFloat64()
		if i >= 150 {
			y += change
		}
		in.Y = append(in.Y, math.Round(y))
		control.Values = append(control.Values, math.Round(2*common))
	}
	in.Missing[20] = true
	in.Controls = []assess.EffectControl{control}
	if adjust != nil {
		adjust(&in)
	}
	r, err := assess.Effect(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// worth gives an activity costs and a margin.
func worth(in *assess.EffectInput) {
	in.Worth = &assess.EffectWorth{Margin: 12, Cost: 400, Currency: "EUR"}
}

var testSubject = effectSubject{Series: "Orders, North", Grain: "day", Unit: goalpost.UnitCount}

// Within a column all numbers have as many decimals, on the page as in the file.
func TestEffectColumnsHaveOnePrecision(t *testing.T) {
	r := effectReport(t, 11, 3, func(in *assess.EffectInput) {
		in.Currency = "EUR"
		for i := range in.Y {
			if in.Y[i] *= 20; i%3 == 0 {
				in.Y[i] += 0.18
			}
		}
	})
	p := Page{printer: printerFor("de", nil)}
	var v EffectView
	p.addEffectTable(&v, r, effectSubject{Series: "Umsatz", Grain: "day", Unit: goalpost.UnitMoney, Currency: "EUR"})
	f := NewEffectFile(p.printer, r, "shop.csv")
	columns := map[string][]string{}
	for _, row := range v.Rows {
		for name, text := range map[string]string{"observed": row.Observed, "expected": row.Expected, "difference": row.Difference, "sum": row.Sum} {
			columns[name] = append(columns[name], text)
		}
	}
	for _, row := range f.Rows {
		columns["file observed"], columns["file expected"] = append(columns["file observed"], row.Observed), append(columns["file expected"], row.Expected)
	}
	for name, column := range columns {
		decimals := map[int]string{}
		for _, text := range column {
			if strings.ContainsAny(text, "0123456789") {
				_, after, _ := strings.Cut(text, ",")
				decimals[len(strings.TrimSuffix(after, "\u00a0€"))] = text
			}
		}
		if len(decimals) != 1 {
			t.Errorf("%s: %v", name, decimals)
		}
	}
}

// The table keeps the sign and the gap: a day that was not measured has a dash, and no
// difference.
func TestEffectTable(t *testing.T) {
	r := effectReport(t, 11, 3, nil)
	var p Page
	p.printer = printerFor("en", nil)
	r.Series[155].Observed = nil
	var v EffectView
	p.addEffectTable(&v, r, testSubject)
	i := 155 - (len(r.Series) - len(v.Rows))
	if len(v.Rows) != tableRows || v.Rows[i].Observed != "–" || v.Rows[i].Difference != "–" || !strings.HasPrefix(v.Rows[i+1].Difference, "+") || v.Rows[3].Difference != "–" {
		t.Errorf("%d rows; day without a value: %+v; the next: %+v", len(v.Rows), v.Rows[i], v.Rows[i+1])
	}
	if csv := EffectCSV(r); len(csv) != len(r.Series)+1 || csv[156][1] != "" || csv[157][9] != "true" {
		t.Errorf("%d lines: %v", len(csv), csv[156:158])
	}
}

// An estimate that a check refused is not put on a bar, and no chance is said of it; checks
// that failed stand first.
func TestEffectRefused(t *testing.T) {
	r := effectReport(t, 11, 3, nil)
	r.Relative = &assess.Range{Value: 0.0088, Lo: -0.0939, Hi: 0.134} // rounded to what the range carries
	p := Page{printer: printerFor("en", nil)}
	if v := p.effectView(r, testSubject); v.Bar == "" || v.Relative != "Against what was to be expected: +1% (−9% to +13%)." || v.BadgeClass != "sure" {
		t.Errorf("a clear effect: bar %t, relative %q, badge %q", v.Bar != "", v.Relative, v.BadgeClass)
	}
	r.ProbabilityPositive, r.Checks[3].Passed, r.Checks[3].Skipped = nil, false, false
	v := p.effectView(r, testSubject)
	if v.Bar != "" || v.Relative != "" || len(v.Checks.Rows) != 1 || len(v.Held.Rows) == 0 || v.Held.Rows[0].Failed {
		t.Errorf("a refused one: bar %t, relative %q, first check %+v", v.Bar != "", v.Relative, v.Checks.Rows[0])
	}
}

// A series of weeks speaks of weeks.
func TestEffectWeeks(t *testing.T) {
	r := effectReport(t, 11, 3, func(in *assess.EffectInput) { in.Calendar = assess.WeeklyCalendar(goalpost.NewDay(2022, 1, 3)) })
	p := Page{printer: printerFor("de", nil)}
	v := p.effectView(r, subjectOf("Bestellungen", r))
	if v.ChartTitle != "Bestellungen pro Woche: was geschah und was zu erwarten war" || v.DayTitle != "Woche ab" {
		t.Errorf("%q, %q", v.ChartTitle, v.DayTitle)
	}
}
