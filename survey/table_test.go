package survey

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestTablesAgreeWithR(t *testing.T) {
	type rCase struct {
		ID, Stat string
		Design   rDesign
		Result   struct {
			Statistic float64
			Parameter json.RawMessage
			P         float64
		}
	}
	for _, c := range reference[rCase](t, "r-survey/chisq.json") {
		data := inputs(t, c.Design.Data)
		d := c.Design.design(t, data, LonelyFail)
		if strings.Contains(c.ID, "gof") {
			code, _ := data.codes("stype")
			g, err := d.Fit(code, []float64{4421.0 / 6194, 755.0 / 6194, 1018.0 / 6194})
			if err != nil {
				t.Fatal(err)
			}
			var want struct{ Scale, DF float64 }
			if err := json.Unmarshal(c.Result.Parameter, &want); err != nil {
				t.Fatal(err)
			}
			same(t, c.ID, g.Statistic, c.Result.Statistic, asR)
			same(t, c.ID, g.Scale, want.Scale, asR)
			same(t, c.ID, g.DF, want.DF, asR)
			same(t, c.ID, g.P, c.Result.P, asR)
			continue
		}
		if strings.Contains(c.ID, "raked") {
			margin := func(name string, target ...float64) Margin {
				code, _ := data.codes(name)
				return Margin{Code: code, Target: target}
			}
			var err error
			if d, _, err = d.Rake([]Margin{margin("stype", 4421, 755, 1018), margin("sch.wide", 1072, 5122)}, RakeOptions{Tolerance: 1e-13}); err != nil {
				t.Fatal(err)
			}
		}
		formula := strings.TrimPrefix(c.Stat, "svychisq(~")
		row, rest, _ := strings.Cut(formula, " + ")
		column, _, _ := strings.Cut(rest, ",")
		rows, _ := data.codes(row)
		columns, _ := data.codes(column)
		table, err := d.Crosstab(rows, columns, nil)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		var got Test
		tolerance := asR
		switch {
		case strings.HasSuffix(c.ID, " F"):
			got = table.RaoScott()
		case strings.HasSuffix(c.ID, " Chisq"):
			got = table.Pearson()
		case strings.HasSuffix(c.ID, " adjWald"):
			got, err = table.AdjustedWald()
		case strings.HasSuffix(c.ID, " Wald"):
			got, err = table.Wald()
		default: // lincom falls back to the saddlepoint in this R, whose root is found to 1e-8 only
			got, tolerance = table.Saddlepoint(), 1e-6
		}
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		same(t, c.ID+" statistic", got.Statistic, c.Result.Statistic, asR)
		if !(math.Abs(got.P-c.Result.P) <= tolerance*c.Result.P) {
			t.Errorf("%s p\ngot:  %.12g\nwant: %.12g", c.ID, got.P, c.Result.P)
		}
		var want struct{ DF, NDF, DDF float64 }
		if json.Unmarshal(c.Result.Parameter, &want) == nil && (want.NDF != 0 || want.DF != 0) {
			same(t, c.ID+" first degrees", got.DF1, want.NDF+want.DF, asR)
			if want.DDF != 0 {
				same(t, c.ID+" second degrees", got.DF2, want.DDF, asR)
			}
		}
	}
}

func TestMultiplicityAgreesWithR(t *testing.T) {
	type rCase struct{ P, Holm, BH vector }
	for _, c := range reference[rCase](t, "r-survey/p_adjust.json") {
		holm, bh := Holm(c.P), BenjaminiHochberg(c.P)
		for i := range c.P {
			same(t, "Holm", holm[i], c.Holm[i], asR)
			same(t, "Benjamini-Hochberg", bh[i], c.BH[i], asR)
		}
	}
}

func TestDomainsAgreeWithR(t *testing.T) {
	type rCase struct {
		ID     string
		Design rDesign
		Result json.RawMessage
	}
	for _, c := range reference[rCase](t, "r-survey/domains.json") {
		data := inputs(t, c.Design.Data)
		d := c.Design.design(t, data, LonelyFail)
		in := func(name, value string) []bool {
			out := make([]bool, data.n)
			for i, v := range data.text(name) {
				out[i] = v == value
			}
			return out
		}
		estimate := func(stats ...Statistic) Estimates {
			e, err := d.Estimate(stats...)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		var want rStat
		api := data.number("api00")
		types := func() Estimates {
			return estimate(Mean(api, in("stype", "E")), Mean(api, in("stype", "H")), Mean(api, in("stype", "M")))
		}
		if err := json.Unmarshal(c.Result, &want); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(c.ID, "/by stype"):
			want.check(t, c.ID, types(), false)
		case strings.HasSuffix(c.ID, "/contrast stype"):
			want.check(t, c.ID, types().Contrasts([]float64{1, -1, 0}, []float64{1, 0, -1}), false)
		case strings.HasSuffix(c.ID, "/share awards by sch.wide"):
			no, yes := data.is("awards", "No"), data.is("awards", "Yes")
			want.check(t, c.ID, estimate(Mean(no, in("sch.wide", "No")), Mean(no, in("sch.wide", "Yes")), Mean(yes, in("sch.wide", "No")), Mean(yes, in("sch.wide", "Yes"))), false)
		case strings.HasSuffix(c.ID, "/subset comp.imp==Yes"):
			want.check(t, c.ID, estimate(Mean(api, in("comp.imp", "Yes"))), false)
		default:
			var r struct {
				T, DF, Estimate, P float64
				CI95               vector
			}
			if err := json.Unmarshal(c.Result, &r); err != nil {
				t.Fatal(err)
			}
			change, err := d.GroupDifference(api, in("awards", "No"), in("awards", "Yes"), 0.95)
			if err != nil {
				t.Fatal(err)
			}
			same(t, c.ID+" difference", change.Value, r.Estimate, asR)
			same(t, c.ID+" degrees", change.DF, r.DF, 0)
			same(t, c.ID+" t", change.T, r.T, asR)
			same(t, c.ID+" p", change.P, r.P, asR)
			same(t, c.ID+" lower limit", change.Lo, r.CI95[0], asR)
			same(t, c.ID+" upper limit", change.Hi, r.CI95[1], asR)
		}
	}
}
