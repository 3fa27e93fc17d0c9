package survey

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

var studyGoals = []string{"reach", "brand", "support", "product", "reputation", "engagement", "sales"}

// rWave is a case of the study in waves.
type rWave struct {
	ID         string
	Design     rDesign
	DF         float64
	By         rStat
	Contrast   json.RawMessage
	Result     json.RawMessage
	Parts      rStat
	P, Holm    vector
	BH         vector
	Statistic  float64
	Parameter  struct{ NDF, DDF float64 }
	Alpha      float64
	Mean       rStat
	TopBottom  rStat `json:"top2_bottom2"`
	Net        rStat
	Likert     rStat `json:"distribution"`
	SD, Median float64
	Missing    rStat                        `json:"item_nonresponse_weighted"`
	MissingRaw float64                      `json:"item_nonresponse_unweighted"`
	Population map[string][]json.RawMessage `json:"population"`
}

func TestWavesAgreeWithR(t *testing.T) {
	all := inputs(t, "goalwaves")
	year := all.text("wave")
	second := all.where(func(i int) bool { return year[i] == "2012" })
	for _, c := range reference[rWave](t, "r-survey/waves.json") {
		switch {
		case strings.HasPrefix(c.ID, "all differences"):
			holm, bh := Holm(c.P), BenjaminiHochberg(c.P)
			for i := range c.P {
				same(t, c.ID, holm[i], c.Holm[i], asR)
				same(t, c.ID, bh[i], c.BH[i], asR)
			}
		case strings.HasSuffix(c.ID, " independent"), strings.HasSuffix(c.ID, " panel"), strings.HasPrefix(c.ID, "NPS by wave"):
			c.overWaves(t, all)
		case strings.Contains(c.ID, "wave panel"):
			d := rDesign{Name: "panel", IDs: "person", Strata: "size", Weights: "pw"}.design(t, all, LonelyFail)
			c.independence(t, d, all, "wave")
		case strings.Contains(c.ID, "size 2012"):
			c.independence(t, c.design(t, second), second, "size")
		case strings.HasPrefix(c.ID, "multiple response: mentions"):
			c.stacked(t, second)
		default:
			c.inWave(t, second)
		}
	}
}

func (c rWave) design(t *testing.T, data table) *Design {
	t.Helper()
	spec := c.Design
	spec.IDs, spec.Strata, spec.Weights, spec.FPC = "1", "size", "pw", "fpc"
	return spec.design(t, data, LonelyFail)
}

// overWaves compares waves: each is a domain of the stacked design.
func (c rWave) overWaves(t *testing.T, all table) {
	t.Helper()
	d := c.Design.design(t, all, LonelyFail)
	var y []float64
	if strings.HasPrefix(c.ID, "NPS") {
		y = Scored(all.number("nps"))
	} else {
		goal, _, _ := strings.Cut(c.ID, " ")
		y = all.number(goal)
	}
	var stats []Statistic
	for _, w := range []string{"2011", "2012", "2013"} {
		in := make([]bool, all.n)
		for i, v := range all.text("wave") {
			in[i] = v == w
		}
		stats = append(stats, Mean(y, in))
	}
	e, err := d.Estimate(stats...)
	if err != nil {
		t.Fatal(err)
	}
	c.By.check(t, c.ID, e, false)
	if c.DF == 0 {
		var want rStat
		if err := json.Unmarshal(c.Contrast, &want); err != nil {
			t.Fatal(err)
		}
		want.check(t, c.ID, e.Contrasts([]float64{-1, 1, 0}), false)
		return
	}
	var want struct {
		Diff, SE, T, P vector
		CI95           []vector `json:"ci95_t"`
	}
	if err := json.Unmarshal(c.Contrast, &want); err != nil {
		t.Fatal(err)
	}
	same(t, c.ID+" degrees", e.DF, c.DF, 0)
	for k, pair := range [][2]int{{0, 1}, {1, 2}, {0, 2}} {
		change := e.Change(pair[0], pair[1], 0.95)
		same(t, c.ID+" difference", change.Value, want.Diff[k], asR)
		same(t, c.ID+" standard error", change.SE, want.SE[k], asR)
		same(t, c.ID+" t", change.T, want.T[k], asR)
		same(t, c.ID+" p", change.P, want.P[k], asR)
		same(t, c.ID+" lower limit", change.Lo, want.CI95[k][0], asR)
		same(t, c.ID+" upper limit", change.Hi, want.CI95[k][1], asR)
	}
}

func (c rWave) independence(t *testing.T, d *Design, data table, column string) {
	t.Helper()
	words := strings.Fields(c.ID)
	goal := words[len(words)-1]
	row := make([]int, data.n)
	for i, v := range data.number(goal) {
		row[i] = -1
		if !math.IsNaN(v) {
			row[i] = int(v)
		}
	}
	columns, _ := data.codes(column)
	table, err := d.Crosstab(row, columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.sameTest(t, table.RaoScott())
}

func (c rWave) sameTest(t *testing.T, got Test) {
	t.Helper()
	same(t, c.ID+" statistic", got.Statistic, c.Statistic, asR)
	same(t, c.ID+" first degrees", got.DF1, c.Parameter.NDF, asR)
	same(t, c.ID+" second degrees", got.DF2, c.Parameter.DDF, asR)
	if len(c.P) == 1 {
		same(t, c.ID+" p", got.P, c.P[0], asR)
	}
}

// stacked tests the mentions of several options against a group: one row for each option of
// each person, and the person is the unit.
func (c rWave) stacked(t *testing.T, data table) {
	t.Helper()
	size, _ := data.codes("size")
	var stage Stage
	var weight []float64
	var goal, column []int
	var mentioned []bool
	for k, name := range studyGoals {
		for i, v := range data.number(name) {
			if math.IsNaN(v) {
				continue
			}
			stage.Unit, stage.Stratum = append(stage.Unit, i), append(stage.Stratum, size[i])
			weight = append(weight, data.number("pw")[i])
			goal, column, mentioned = append(goal, k), append(column, size[i]), append(mentioned, v == 1)
		}
	}
	d, err := NewDesign(Spec{N: len(goal), Weight: weight, Stages: []Stage{stage}})
	if err != nil {
		t.Fatal(err)
	}
	table, err := d.Crosstab(goal, column, mentioned)
	if err != nil {
		t.Fatal(err)
	}
	c.sameTest(t, table.RaoScott())
}

// inWave compares what is estimated in one wave.
func (c rWave) inWave(t *testing.T, data table) {
	t.Helper()
	d := c.design(t, data)
	columns := make([][]float64, len(studyGoals))
	var shares []Statistic
	for k, name := range studyGoals {
		columns[k] = data.number(name)
		shares = append(shares, Mean(columns[k], nil))
	}
	estimate := func(d *Design, s ...Statistic) Estimates {
		e, err := d.Estimate(s...)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	var want rStat
	if c.Result != nil {
		if err := json.Unmarshal(c.Result, &want); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case strings.HasSuffix(c.ID, "of respondents"):
		want.check(t, c.ID, estimate(d, shares...), false)
	case strings.HasSuffix(c.ID, "of mentions"):
		mentions := Mentions(columns)
		var ratios []Statistic
		for _, y := range columns {
			ratios = append(ratios, Ratio(y, mentions, nil))
		}
		want.check(t, c.ID, estimate(d, ratios...), false)
	case strings.HasPrefix(c.ID, "NPS"):
		nps, err := d.NPS(data.number("nps"), nil)
		if err != nil {
			t.Fatal(err)
		}
		want.check(t, c.ID, nps.Score, false)
		c.Parts.check(t, c.ID+" parts", nps.Parts.Contrasts([]float64{1, 0, 0}, []float64{0, 0, 1}), false)
	case strings.HasPrefix(c.ID, "Likert"):
		c.likert(t, d, data)
	case strings.HasPrefix(c.ID, "Cronbach"):
		alpha, err := d.Alpha([][]float64{data.number("q1"), data.number("q2"), data.number("q3"), data.number("q4")})
		if err != nil {
			t.Fatal(err)
		}
		same(t, c.ID, alpha, c.Alpha, asR)
	case strings.Contains(c.ID, "raked"):
		size, sizes := data.codes("size")
		country, _ := data.codes("country")
		target := map[string]float64{"small": 6000, "medium": 2500, "large": 500}
		bySize := Margin{Code: size}
		for _, name := range sizes {
			bySize.Target = append(bySize.Target, target[name])
		}
		raked, _, err := d.Rake([]Margin{bySize, {Code: country, Target: []float64{1080, 1620, 6300}}}, RakeOptions{Tolerance: 1e-13})
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range readTable(t, filepath.Join(surveyDir(t), "r-survey", "weights_goalwaves2012_raked.csv")).number("weight") {
			same(t, c.ID+" weight", raked.Weights()[i], w, asR)
		}
		want.check(t, c.ID, estimate(raked, shares...), false)
	default:
		t.Errorf("%s is compared with nothing", c.ID)
	}
}

func (c rWave) likert(t *testing.T, d *Design, data table) {
	t.Helper()
	y := data.number(strings.TrimPrefix(c.ID, "Likert "))
	l, err := d.Likert(y, nil, 5)
	if err != nil {
		t.Fatal(err)
	}
	c.Likert.check(t, c.ID, l.Shares, false)
	c.Mean.check(t, c.ID+" mean", l.Mean, false)
	c.TopBottom.check(t, c.ID+" top and bottom", l.Parts.Contrasts([]float64{1, 0, 0, 0}, []float64{0, 1, 0, 0}), false)
	c.Net.check(t, c.ID+" net", l.Parts.Contrasts([]float64{0, 0, 1, 0}), false)
	same(t, c.ID+" standard deviation", l.SD, c.SD, asR)
	missing := make([]float64, len(y))
	for i, v := range y {
		if math.IsNaN(v) {
			missing[i] = 1
		}
	}
	e, err := d.Estimate(Mean(missing, nil))
	if err != nil {
		t.Fatal(err)
	}
	c.Missing.check(t, c.ID+" missing", e, false)
	median, err := d.Quantile(y, nil, 0.5, 0.95, Lowest)
	if err != nil {
		t.Fatal(err)
	}
	same(t, c.ID+" median", median.Value, c.Median, asR)
}
