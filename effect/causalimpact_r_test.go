package effect

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"goalpost/gptest/need"
)

// rCase is a data set that R's CausalImpact was run on.
type rCase struct {
	name       string
	pre        int // rows
	seasons    int
	iterations int
	slow       bool // mixes slowly: inclusion probabilities differ between runs of R by more than 0.02
}

var rCases = []rCase{
	{"readme", 70, 1, 10000, false},
	{"comparison", 90, 1, 10000, false},
	{"arma", 70, 1, 10000, false},
	{"nocov", 70, 1, 10000, false},
	{"seasonal", 84, 7, 10000, false},
	{"volks", 246, 52, 3000, false},
	{"prop99", 19, 1, 10000, true},
	{"geolift", 90, 1, 10000, true},
}

// moment is a mean over runs with the standard deviation of one run.
type moment struct{ mean, sd float64 }

func momentOf(values []float64) moment {
	mean, sd := meanSD(values)
	return moment{mean, sd}
}

func (m moment) apart(o moment) float64 {
	if math.Abs(m.mean-o.mean) <= 1e-12*math.Abs(o.mean) { // what nobody draws
		return 0
	}
	return math.Abs(m.mean-o.mean) / math.Sqrt(m.sd*m.sd+o.sd*o.sd)
}

// Published values: every statistic of summary(), the mean of sigmaObs and of sigmaLevel
// and the inclusion probabilities of R 4.2.2 with CausalImpact 1.4.1 on bsts 0.9.10, for
// eight data sets. A difference may be four standard deviations of the Monte Carlo errors
// of one run of both.
func TestCausalImpactAgreesWithR(t *testing.T) {
	dir := filepath.Join(need.Shared(t), "data", "effect", "r-causalimpact")
	long := os.Getenv("GOALPOST_LONG") == "1"
	for _, c := range rCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			series := readRInput(t, filepath.Join(dir, c.name+"_input.csv"), c.pre)
			want := readRSummary(t, filepath.Join(dir, "reference_summary.csv"), c.name)
			inclusion := map[string]moment{}
			if len(series.X) > 0 {
				inclusion = readRCoefs(t, filepath.Join(dir, c.name+"_coefs.csv"))
			}
			pathAgainstR(t, c, series, readCSV(t, filepath.Join(dir, c.name+"_long_seed1_series.csv"))[1:])
			got := map[string][]float64{}
			seeds := 4
			if long {
				seeds = 20
			}
			for seed := range seeds {
				runAgainstR(t, c, series, uint64(seed), got)
			}
			for _, name := range sortedKeys(got) {
				w, known := want[name]
				if !known {
					w, known = inclusion[name]
				}
				if !known {
					t.Fatalf("R has no %q", name)
				}
				g := momentOf(got[name])
				apart := g.apart(w)
				_, in := inclusion[name]
				ok := apart <= 4
				switch {
				case in && !c.slow:
					ok = math.Abs(g.mean-w.mean) <= 0.02
				case name == "sigma.obs.mean":
					ok = ok || math.Abs(g.mean/w.mean-1) <= 0.005
				}
				t.Logf("%-20s Go %12.6g ± %-10.3g R %12.6g ± %-10.3g %5.2f", name, g.mean, g.sd, w.mean, w.sd, apart)
				if !ok {
					t.Errorf("%s: %.2f standard deviations apart\ngot:  %.6g ± %.3g\nwant: %.6g ± %.3g", name, apart, g.mean, g.sd, w.mean, w.sd)
				}
			}
		})
	}
}

func runAgainstR(t *testing.T, c rCase, series Series, seed uint64, got map[string][]float64) {
	t.Helper()
	o := CausalImpactOptions{Iterations: c.iterations, Seasons: c.seasons}.filled()
	d, err := newBSTSData(series)
	if err != nil {
		t.Fatal(err)
	}
	p := posterior{d: d, o: o, draws: runChains(d, o, seed, nil)}
	r := p.result(series)
	add := func(name string, v float64) { got[name] = append(got[name], v) }
	for prefix, row := range map[string]SummaryRow{"": r.Summary.Average, "cum.": r.Summary.Cumulative} {
		add(prefix+"Actual", row.Actual)
		add(prefix+"Pred", row.Pred)
		add(prefix+"Pred.lower", row.PredLower)
		add(prefix+"Pred.upper", row.PredUpper)
		add(prefix+"Pred.sd", row.PredSD)
		add(prefix+"AbsEffect", row.AbsEffect)
		add(prefix+"AbsEffect.lower", row.AbsEffectLower)
		add(prefix+"AbsEffect.upper", row.AbsEffectUpper)
		add(prefix+"AbsEffect.sd", row.AbsEffectSD)
	}
	row := r.Summary.Average
	add("RelEffect", row.RelEffect)
	add("RelEffect.lower", row.RelEffectLower)
	add("RelEffect.upper", row.RelEffectUpper)
	add("RelEffect.sd", row.RelEffectSD)
	add("p", row.P)
	add("sigma.obs.mean", r.Summary.SigmaObsMean)
	level, _ := meanSD(p.draws[0].sigmaLevel[p.draws[0].burn:])
	add("sigma.level.mean", level)
	for j, x := range r.Covariates {
		add(fmt.Sprintf("inclusion %d", j+1), x.Inclusion)
	}
}

// pathAgainstR compares each row with one long run of R. Differences are taken in widths
// of the interval: the limits of 10,000 draws differ by 0.01 of it, where draws are nearly
// independent.
func pathAgainstR(t *testing.T, c rCase, series Series, want [][]string) {
	t.Helper()
	r, err := CausalImpact(series, CausalImpactOptions{Iterations: c.iterations, Seasons: c.seasons}, 99, nil)
	if err != nil {
		t.Fatal(err)
	}
	most, worst, at := 0.05, 0.0, ""
	if c.slow || c.seasons > 1 { // the noise of seasons mixes slowly, in R as well
		most = 0.1
	}
	for i, row := range want {
		p := r.Path[i]
		width, sumWidth := number(t, row[5])-number(t, row[4]), number(t, row[14])-number(t, row[13])
		for _, v := range []struct {
			name             string
			got, want, width float64
		}{
			{"point.pred", p.Expected, number(t, row[3]), width},
			{"point.pred.lower", p.Lo, number(t, row[4]), width},
			{"point.pred.upper", p.Hi, number(t, row[5]), width},
			{"point.effect", p.Effect, number(t, row[9]), width},
			{"cum.effect", p.Sum, number(t, row[12]), sumWidth},
			{"cum.effect.lower", p.SumLo, number(t, row[13]), sumWidth},
			{"cum.effect.upper", p.SumHi, number(t, row[14]), sumWidth},
		} {
			if v.width == 0 { // before the activity nothing is added up
				v.width = 1
			}
			if d := math.Abs(v.got-v.want) / math.Abs(v.width); !(d <= worst) {
				worst, at = d, fmt.Sprintf("%s of row %d\ngot:  %g\nwant: %g", v.name, i+1, v.got, v.want)
			}
		}
	}
	t.Logf("furthest apart, in widths: %.3f, %s", worst, at)
	if !(worst <= most) {
		t.Errorf("%.3f of the width apart: %s", worst, at)
	}
}

func readRInput(t *testing.T, path string, pre int) Series {
	t.Helper()
	rows := readCSV(t, path)[1:]
	s := Series{Before: Span{0, pre}, After: Span{pre, len(rows)}}
	for _, row := range rows {
		var x []float64
		for _, cell := range row[2:] {
			x = append(x, number(t, cell))
		}
		s.Y = append(s.Y, number(t, row[1]))
		if len(x) > 0 {
			s.X = append(s.X, x)
		}
	}
	return s
}

func readRSummary(t *testing.T, path, name string) map[string]moment {
	t.Helper()
	out := map[string]moment{}
	for _, row := range readCSV(t, path) {
		if row[0] == name && row[1] == "long" && row[5] != "NA" {
			out[row[4]] = moment{number(t, row[5]), number(t, row[6])}
		}
	}
	return out
}

// readRCoefs returns the inclusion probabilities, the controls numbered from 1.
func readRCoefs(t *testing.T, path string) map[string]moment {
	t.Helper()
	byRun := map[string]int{}
	values := map[string][]float64{}
	for _, row := range readCSV(t, path)[1:] {
		if row[1] != "long" || row[4] == "(Intercept)" {
			continue
		}
		byRun[row[3]]++
		key := fmt.Sprintf("inclusion %d", byRun[row[3]])
		values[key] = append(values[key], number(t, row[5]))
	}
	out := map[string]moment{}
	for key, v := range values {
		out[key] = momentOf(v)
	}
	return out
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t *testing.T, cell string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
