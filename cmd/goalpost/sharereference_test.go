package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"goalpost/assess"
	"goalpost/document"
	"goalpost/gptest/need"
	"goalpost/survey"
)

// asReference is how close the command must come to R, relative to the number.
const asReference = 1e-7

// surveyData is the folder with the data that R estimated from, and what it found.
func surveyData(t *testing.T) string {
	t.Helper()
	return filepath.Join(need.Shared(t), "data", "survey")
}

func inputOf(t *testing.T, name string) string {
	return filepath.Join(surveyData(t), "inputs", name+".csv")
}

// referenceCases are cases of a file by their id.
func referenceCases[T any](t *testing.T, path string) map[string]T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(surveyData(t), path))
	if err != nil {
		t.Fatal(err)
	}
	var list []json.RawMessage
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(data, &file); err == nil && file.Cases != nil {
		list = file.Cases
	} else if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	out := map[string]T{}
	for _, raw := range list {
		var id struct {
			ID     string
			Lonely string `json:"lonely.psu"`
		}
		var v T
		if json.Unmarshal(raw, &id) != nil || json.Unmarshal(raw, &v) != nil {
			continue // a case of another shape than the one that is asked for
		}
		out[id.ID+id.Lonely] = v
	}
	return out
}

// numbers are one number or several.
type numbers []float64

func (v *numbers) UnmarshalJSON(data []byte) error {
	var one float64
	if json.Unmarshal(data, &one) == nil {
		*v = numbers{one}
		return nil
	}
	return json.Unmarshal(data, (*[]float64)(v))
}

type coefficients struct {
	Coef, SE, Deff numbers
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= asReference*math.Max(1e-3, math.Abs(want))) {
		t.Errorf("%s\ngot:  %.12g\nwant: %.12g", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got []float64, want numbers) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s\ngot:  %v\nwant: %v", what, got, want)
	}
	for i := range got {
		near(t, fmt.Sprintf("%s %d", what, i), got[i], want[i])
	}
}

func shareCall(t *testing.T, args ...string) document.Share {
	t.Helper()
	return read[document.Share](t, call(t, append([]string{"share", "--output", "json"}, args...)...).expect(t, 0))
}

func sharesOf(d assess.ShareDomain) (share, se, n []float64) {
	for _, o := range d.Options {
		share, se, n = append(share, *o.Share), append(se, *o.SE), append(n, float64(*o.N))
	}
	return share, se, n
}

// designs are the flags of the designs that R names.
func designFlags(t *testing.T, name string) []string {
	t.Helper()
	return map[string][]string{
		"srs":         {inputOf(t, "apisrs"), "--fpc", "fpc"},
		"srs_nofpc":   {inputOf(t, "apisrs"), "--weight", "pw"},
		"strat":       {inputOf(t, "apistrat"), "--strata", "stype", "--weight", "pw", "--fpc", "fpc"},
		"strat_nofpc": {inputOf(t, "apistrat"), "--strata", "stype", "--weight", "pw"},
		"clus1":       {inputOf(t, "apiclus1"), "--cluster", "dnum", "--weight", "pw", "--fpc", "fpc"},
		"clus1_nofpc": {inputOf(t, "apiclus1"), "--cluster", "dnum", "--weight", "pw"},
		"clus2":       {inputOf(t, "apiclus2"), "--cluster", "dnum+snum", "--fpc", "fpc1+fpc2"},
	}[name]
}

// Shares with standard errors, design effects and intervals of every method, for samples with
// and without strata, clusters and a finite population.
func TestShareAgreesWithR(t *testing.T) {
	means := referenceCases[struct{ Result coefficients }](t, "r-survey/means_totals.json")
	intervals := referenceCases[struct {
		Result struct {
			P, SE float64
			CI    numbers
		}
	}](t, "r-survey/ciprop.json")
	compared := 0
	for _, design := range []string{"srs", "srs_nofpc", "strat", "strat_nofpc", "clus1", "clus1_nofpc"} {
		for _, question := range []string{"awards", "stype"} {
			want, ok := means[design+"/shares "+question]
			if !ok {
				t.Fatalf("no reference for %s %s", design, question)
			}
			d := shareCall(t, append(designFlags(t, design), "--question", question)...)
			share, se, _ := sharesOf(d.ShareDomain)
			nearAll(t, design+" "+question, share, want.Result.Coef)
			for i := range se {
				if want.Result.SE[i] < 1e-9 { // the strata themselves: R's rounding
					want.Result.SE[i] = 0
				}
			}
			nearAll(t, design+" "+question+" standard error", se, want.Result.SE)
		}
		for _, method := range []string{"wilson", "beta", "asin", "logit"} {
			id := design + "/awards " + method + " 0.95"
			if method == "logit" {
				id = design + "/awards xlogit 0.95"
			}
			want, ok := intervals[id]
			if !ok {
				continue
			}
			d := shareCall(t, append(designFlags(t, design), "--question", "awards", "--interval", method)...)
			yes := d.Options[1]
			if yes.Key != "Yes" || yes.Method != method {
				t.Fatalf("%s: %+v", id, yes)
			}
			near(t, id+" lower", *yes.Lo, want.Result.CI[0])
			near(t, id+" upper", *yes.Hi, want.Result.CI[1])
			compared++
		}
	}
	if compared < 12 {
		t.Errorf("only %d intervals were compared", compared)
	}
}

// Two stages: the variance of the second is there.
func TestShareOfTwoStages(t *testing.T) {
	d := shareCall(t, append(designFlags(t, "clus2"), "--question", "awards")...)
	one := shareCall(t, inputOf(t, "apiclus2"), "--cluster", "dnum", "--fpc", "fpc1", "--weight", "pw", "--question", "awards")
	if d.Base != 126 || *d.DF != 39 || !(*d.Options[0].SE > *one.Options[0].SE) {
		t.Errorf("\ngot:  base %d, df %v, se %v over one stage's %v", d.Base, *d.DF, *d.Options[0].SE, *one.Options[0].SE)
	}
}

// Groups of a domain, a domain alone, means and medians.
func TestShareDomainsAgreeWithR(t *testing.T) {
	domains := referenceCases[struct{ Result coefficients }](t, "r-survey/domains.json")
	want := domains["strat/subset comp.imp==Yes"].Result
	d := shareCall(t, append(designFlags(t, "strat"), "--question", "api00", "--mean", "--domain", "comp.imp=Yes")...)
	nearAll(t, "mean of a domain", []float64{d.Mean.Value, *d.Mean.SE}, numbers{want.Coef[0], want.SE[0]})
	for _, design := range []string{"strat", "clus1"} {
		want := domains[design+"/by stype"].Result
		d := shareCall(t, append(designFlags(t, design), "--question", "api00", "--mean", "--by", "stype")...)
		var value, se []float64
		for _, g := range d.Groups {
			value, se = append(value, g.Mean.Value), append(se, *g.Mean.SE)
		}
		nearAll(t, design+" means by stype", value, want.Coef)
		nearAll(t, design+" errors by stype", se, want.SE)
		rows := referenceCases[struct{ Result []numbers }](t, "r-survey/quantiles.json")[design+" math"].Result
		nearAll(t, design+" median", []float64{d.Median.Value, d.Median.Lo, d.Median.Hi}, rows[1][:3])
	}
}

// Margins: raking, post-stratification of one margin and of combinations, trimming, and
// margins that contradict each other.
func TestShareMarginsAgreeWithR(t *testing.T) {
	cases := referenceCases[struct {
		Weights struct {
			Sum, Min, Max float64
			Kish          float64 `json:"kish_deff"`
			NEff          float64 `json:"n_eff"`
		}
		Mean       coefficients `json:"mean_api00"`
		Population struct{ Upper float64 }
	}](t, "r-survey/calibration.json")
	rake := fixture(t, "rake.csv", "margin,group,size\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,5122\n")
	three := fixture(t, "three.csv", "margin,group,size\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,5122\ncomp.imp,No,1712\ncomp.imp,Yes,4482\n")
	one := fixture(t, "one.csv", "variable;category;count\nstype;E;4421\nstype;H;755\nstype;M;1018\n")
	crossed := crossedMargins(t)
	for _, design := range []string{"clus1", "clus1_nofpc", "strat"} {
		for id, flags := range map[string][]string{
			"rake tight":                    {"--margins", rake},
			"rake 3 margins tight":          {"--margins", three},
			"postStratify stype":            {"--margins", one, "--poststratify"},
			"postStratify stype x sch.wide": {"--margins", crossed, "--poststratify"},
		} {
			want, ok := cases[design+" "+id]
			if !ok {
				t.Fatalf("no reference for %s %s", design, id)
			}
			what := design + " " + id
			d := shareCall(t, slices.Concat(designFlags(t, design), []string{"--question", "api00", "--mean"}, flags)...)
			near(t, what+" mean", d.Mean.Value, want.Mean.Coef[0])
			near(t, what+" standard error", *d.Mean.SE, want.Mean.SE[0])
			w := d.Weights
			nearAll(t, what+" weights", []float64{w.Sum, w.Min, w.Max, w.DeffKish, w.NEffKish}, numbers{want.Weights.Sum, want.Weights.Min, want.Weights.Max, want.Weights.Kish, want.Weights.NEff})
			if w.Worst > 1e-9 {
				t.Errorf("%s is off its margins by %v", what, w.Worst)
			}
		}
	}
	r := call(t, append(append([]string{"share"}, designFlags(t, "clus1")...), "--question", "stype", "--margins",
		fixture(t, "wrong.csv", "margin,group,size\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,6000\n"))...).expect(t, 2)
	if !strings.Contains(r.stderr, "6,194") || !strings.Contains(r.stderr, "7,072") || !strings.Contains(r.stderr, "wrong.csv") {
		t.Errorf("contradictory margins\ngot: %s", r.stderr)
	}
}

// crossedMargins counts combinations of two columns of the population.
func crossedMargins(t *testing.T) string {
	t.Helper()
	file, err := os.Open(inputOf(t, "pop_stype_schwide"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	text := "margin,group,size\n"
	for _, r := range rows[1:] {
		text += "stype*sch.wide," + r[0] + "*" + r[1] + "," + r[2] + "\n"
	}
	return fixture(t, "crossed.csv", text)
}

// Replicate weights given as columns, and made here; those made are weighted again.
func TestShareReplicatesAgreeWithR(t *testing.T) {
	cases := referenceCases[struct {
		File        string `json:"repweights_file"`
		Design      struct{ Name, Data string }
		Type        string
		Scale, Degf float64
		RScales     numbers
		Mean        coefficients `json:"mean1"`
		MSE         coefficients `json:"mean1_mse"`
	}](t, "r-survey/replicates.json")
	compared := 0
	for id, c := range cases {
		if c.File == "" {
			continue
		}
		question := "api00"
		if c.Design.Data == "scd" {
			question = "alive"
		}
		flags := []string{joined(t, inputOf(t, c.Design.Data), filepath.Join(surveyData(t), "r-survey", c.File)), "--weight", "base", "--replicates", "rep*", "--question", question, "--mean", "--df", number(c.Degf)}
		switch c.Type {
		case "BRR":
			flags = append(flags, "--replicate-type", "BRR")
		case "Fay":
			flags = append(flags, "--replicate-type", "fay", "--fay-rho", "0.3")
		case "JK1":
			flags = append(flags, "--replicate-type", "JK1", "--scale-factor", number(c.Scale))
		case "JKn":
			var each []string
			for _, v := range c.RScales {
				each = append(each, number(v))
			}
			flags = append(flags, "--replicate-type", "JKn", "--rscales", strings.Join(each, ","))
		default:
			flags = append(flags, "--replicate-type", "other", "--scale-factor", number(c.Scale))
		}
		d := shareCall(t, flags...)
		near(t, id, d.Mean.Value, c.Mean.Coef[0])
		near(t, id+" about the estimate", *d.Mean.SE, c.MSE.SE[0])
		d = shareCall(t, append(flags, "--about-mean")...)
		near(t, id+" about the mean", *d.Mean.SE, c.Mean.SE[0])
		compared++
	}
	if compared < 9 {
		t.Errorf("only %d designs were compared", compared)
	}
	rake := fixture(t, "rake.csv", "margin,group,size\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,No,1072\nsch.wide,Yes,5122\n")
	d := shareCall(t, append(designFlags(t, "clus1"), "--question", "api00", "--mean", "--jackknife", "--about-mean", "--margins", rake)...)
	near(t, "made and raked", *d.Mean.SE, cases["clus1 JK1 then raked"].Mean.SE[0])
	if d.Design.Type != "JK1" || d.Design.Replicates != 15 {
		t.Errorf("got: %+v", d.Design)
	}
}

// joined puts the columns of a second table beside those of a first.
func joined(t *testing.T, first, second string) string {
	t.Helper()
	var tables [2][][]string
	for k, path := range []string{first, second} {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if tables[k], err = csv.NewReader(file).ReadAll(); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i := range tables[0] {
		_ = w.Write(append(tables[0][i], tables[1][i]...))
	}
	w.Flush()
	return fixture(t, "joined.csv", b.String())
}

var waveGoals = []string{"reach", "brand", "support", "product", "reputation", "engagement", "sales"}

// Changes between waves, of independent samples and of a panel, with Holm's adjustment over
// what the command reports.
func TestShareWavesAgreeWithR(t *testing.T) {
	type change struct{ Diff, SE, T, P numbers }
	cases := referenceCases[struct {
		DF       float64
		By       coefficients
		Contrast change
	}](t, "r-survey/waves.json")
	for kind, flags := range map[string][]string{"independent": {"--by", "wave"}, "panel": {"--by", "wave", "--person", "person"}} {
		d := shareCall(t, slices.Concat([]string{inputOf(t, "goalwaves"), "--question", strings.Join(waveGoals, ","), "--multiple", "--strata", "size", "--weight", "pw"}, flags)...)
		var p []float64
		for g, goal := range waveGoals {
			want := cases[goal+" "+kind]
			var share, se []float64
			for _, wave := range d.Groups {
				share, se = append(share, *wave.Options[g].Share), append(se, *wave.Options[g].SE)
			}
			nearAll(t, goal+" "+kind, share, want.By.Coef)
			nearAll(t, goal+" "+kind+" error", se, want.By.SE)
			for k := range 2 {
				c := d.Changes[2*g+k]
				near(t, goal+" "+kind+" points", *c.Points, 100*want.Contrast.Diff[k])
				near(t, goal+" "+kind+" error of the change", *c.SE, 100*want.Contrast.SE[k])
				near(t, goal+" "+kind+" p", *c.P, want.Contrast.P[k])
				near(t, goal+" "+kind+" degrees of freedom", *c.DF, want.DF)
				p = append(p, want.Contrast.P[k])
			}
		}
		for k, v := range survey.Holm(p) {
			near(t, kind+" adjusted "+strconv.Itoa(k), *d.Changes[k].PHolm, v)
		}
		single := shareCall(t, slices.Concat([]string{inputOf(t, "goalwaves"), "--question", "sales", "--strata", "size", "--weight", "pw"}, flags)...)
		adjusted := survey.Holm(cases["sales "+kind].Contrast.P[:2])
		for k, c := range single.Changes { // 0 and 1 are one test
			near(t, kind+" of one question", *c.PHolm, adjusted[k%2])
		}
	}
}

// One wave: several answers of shares and of mentions, a scale, the net promoter score,
// weights to margins, and a table.
func TestShareOfAWaveAgreesWithR(t *testing.T) {
	type likert struct {
		Distribution coefficients
		Mean         coefficients
		Parts        coefficients `json:"top2_bottom2"`
		Net          coefficients
		SD, Median   float64
	}
	wave := []string{inputOf(t, "goalwaves"), "--where", "wave=2012", "--strata", "size", "--weight", "pw", "--fpc", "fpc"}
	all := append(slices.Clone(wave), "--question", strings.Join(waveGoals, ","), "--multiple")
	results := referenceCases[struct {
		Result coefficients
		Parts  coefficients
	}](t, "r-survey/waves.json")
	d := shareCall(t, all...)
	share, se, _ := sharesOf(d.ShareDomain)
	nearAll(t, "several answers", share, results["multiple response shares of respondents"].Result.Coef)
	nearAll(t, "errors", se, results["multiple response shares of respondents"].Result.SE)
	var mentions []float64
	for _, o := range d.Options {
		mentions = append(mentions, *o.Mentions)
	}
	nearAll(t, "mentions", mentions, results["multiple response shares of mentions"].Result.Coef)
	margins := fixture(t, "margins.csv", "margin,group,size\nsize,small,6000\nsize,medium,2500\nsize,large,500\ncountry,AT,1080\ncountry,CH,1620\ncountry,DE,6300\n")
	d = shareCall(t, append(slices.Clone(all), "--margins", margins)...)
	share, se, _ = sharesOf(d.ShareDomain)
	nearAll(t, "raked", share, results["wave 2012 raked on size,country"].Result.Coef)
	nearAll(t, "raked errors", se, results["wave 2012 raked on size,country"].Result.SE)
	d = shareCall(t, append(slices.Clone(wave), "--question", "nps", "--nps")...)
	nearAll(t, "net promoter score", []float64{d.Score.Value, *d.Score.SE}, numbers{results["NPS wave 2012"].Result.Coef[0], results["NPS wave 2012"].Result.SE[0]})
	want := referenceCases[likert](t, "r-survey/waves.json")["Likert q1"]
	d = shareCall(t, append(slices.Clone(wave), "--question", "q1", "--scale", "5")...)
	share, se, _ = sharesOf(d.ShareDomain)
	nearAll(t, "scale", share, want.Distribution.Coef)
	nearAll(t, "scale errors", se, want.Distribution.SE)
	nearAll(t, "top, bottom, net, mean", []float64{d.Top2.Value, d.Bottom2.Value, d.Net.Value, d.Mean.Value, *d.SD}, numbers{want.Parts.Coef[0], want.Parts.Coef[1], want.Net.Coef[0], want.Mean.Coef[0], want.SD})
	tests := referenceCases[struct {
		Statistic float64
		Parameter struct{ NDF, DDF float64 }
		P         float64
	}](t, "r-survey/waves.json")
	d = shareCall(t, append(slices.Clone(all), "--cross", "size")...)
	for k, goal := range waveGoals {
		want, got := tests["svychisq goal x size 2012 "+goal], d.Cross.Tests[k]
		nearAll(t, "table of "+goal, []float64{*got.Statistic, *got.NDF, *got.DDF, *got.P}, numbers{want.Statistic, want.Parameter.NDF, want.Parameter.DDF, want.P})
	}
}

// A stratum with one unit is refused with its name, and counted in each way that R knows.
func TestShareLonelyAgreesWithR(t *testing.T) {
	cases := referenceCases[struct {
		Mean struct{ Coef, SE float64 } `json:"mean_api00"`
	}](t, "r-survey/lonely_psu.json")
	flags := []string{inputOf(t, "apistrat_lonely"), "--strata", "stype", "--weight", "pw", "--question", "api00", "--mean"}
	r := call(t, append([]string{"share"}, flags...)...).expect(t, 2)
	if !strings.Contains(r.stderr, "“H”") || !strings.Contains(r.stderr, "--lonely") {
		t.Errorf("got: %s", r.stderr)
	}
	for _, how := range []string{"remove", "adjust", "average"} {
		d := shareCall(t, append(slices.Clone(flags), "--lonely", how)...)
		nearAll(t, how, []float64{d.Mean.Value, *d.Mean.SE}, numbers{cases[how].Mean.Coef, cases[how].Mean.SE})
	}
}
