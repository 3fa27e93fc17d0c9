package survey

import (
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rReplicates is a design with replicate weights and what R estimates with them.
type rReplicates struct {
	ID          string
	Design      rDesign
	File        string `json:"repweights_file"`
	Type        string
	Scale, Degf float64
	RScales     vector
	Mean1       rStat `json:"mean1"`
	Mean2       rStat `json:"mean2"`
	Mean1MSE    rStat `json:"mean1_mse"`
	RepWeights  []vector
	Ratio       rStat
}

// given are the replicate weights that R wrote.
func (c rReplicates) given(t *testing.T) ([]float64, Replicates) {
	t.Helper()
	data := readTable(t, filepath.Join(surveyDir(t), "r-survey", c.File))
	r := Replicates{Scale: c.Scale, Each: c.RScales, DF: c.Degf, AboutMean: true}
	for k := 1; ; k++ {
		name := "rep" + strconv.Itoa(k)
		if _, ok := data.columns[name]; !ok {
			return data.number("base"), r
		}
		r.Weight = append(r.Weight, data.number(name))
	}
}

func TestReplicatesAgreeWithR(t *testing.T) {
	for _, c := range reference[rReplicates](t, "r-survey/replicates.json") {
		if c.RepWeights != nil { // Levy and Lemeshow's own balanced half samples
			c.levyLemeshow(t)
			continue
		}
		data := inputs(t, c.Design.Data)
		base, r := c.given(t)
		d, err := NewDesign(Spec{N: data.n, Weight: base})
		if err == nil {
			d, err = d.WithReplicates(r)
		}
		if err != nil {
			t.Fatal(err)
		}
		c.check(t, d, data, "given")
		// The same made here, where nothing is drawn at random.
		own := c.Design.design(t, data, LonelyFail)
		if c.Type != "JK1" && c.Type != "JKn" {
			continue
		}
		if own, err = own.Jackknife(); err != nil {
			t.Fatal(err)
		}
		margin := func(name string) Margin {
			code, _ := data.codes(name)
			return Margin{Code: code, Target: map[string][]float64{"stype": {4421, 755, 1018}, "sch.wide": {1072, 5122}}[name]}
		}
		switch {
		case strings.HasSuffix(c.ID, "raked"):
			own, _, err = own.Rake([]Margin{margin("stype"), margin("sch.wide")}, RakeOptions{Tolerance: 1e-13})
		case strings.HasSuffix(c.ID, "postStratified"):
			own, err = own.PostStratify(margin("stype"), false)
		}
		if err != nil {
			t.Fatal(err)
		}
		made := *own.Replicated()
		made.AboutMean = true
		if own, err = own.WithReplicates(made); err != nil {
			t.Fatal(err)
		}
		c.check(t, own, data, "made")
	}
}

func (c rReplicates) check(t *testing.T, d *Design, data table, how string) {
	t.Helper()
	first, second := "api00", []Statistic{}
	if c.Design.Data == "scd" {
		first, second = "alive", []Statistic{Mean(data.number("arrests"), nil)}
	} else {
		second = append(second, Mean(data.is("awards", "No"), nil), Mean(data.is("awards", "Yes"), nil))
	}
	estimate := func(d *Design, s ...Statistic) Estimates {
		e, err := d.Estimate(s...)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	without := func(r rStat) rStat { r.Deff = nil; return r }
	without(c.Mean1).check(t, c.ID+" "+how, estimate(d, Mean(data.number(first), nil)), false)
	without(c.Mean2).check(t, c.ID+" "+how, estimate(d, second...), false)
	r := *d.Replicated()
	r.AboutMean = false
	about, err := d.WithReplicates(r)
	if err != nil {
		t.Fatal(err)
	}
	without(c.Mean1MSE).check(t, c.ID+" "+how+" about the estimate", estimate(about, Mean(data.number(first), nil)), false)
}

func (c rReplicates) levyLemeshow(t *testing.T) {
	t.Helper()
	data := inputs(t, "scd")
	r := Replicates{Scale: 0.25, AboutMean: true}
	for k := range c.RepWeights[0] {
		var w []float64
		for i := range c.RepWeights {
			w = append(w, c.RepWeights[i][k])
		}
		r.Weight = append(r.Weight, w)
	}
	d, err := NewDesign(Spec{N: data.n})
	if err == nil {
		d, err = d.WithReplicates(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.Estimate(Ratio(data.number("alive"), data.number("arrests"), nil))
	if err != nil {
		t.Fatal(err)
	}
	same(t, c.ID, e.Value[0], c.Ratio.Coef[0], asR)
	same(t, c.ID, e.SE(0), c.Ratio.SE[0], asR)
}

// The bootstrap draws the same for the same units whatever the order of the rows, other
// draws for another seed, and its variance is that of linearisation but for chance.
func TestBootstrap(t *testing.T) {
	const n, replicates = 400, 2000
	stratum, unit, y := make([]int, n), make([]int, n), make([]float64, n)
	for i := range n {
		stratum[i], unit[i] = i%4, (i*7)%80
		stratum[i] = unit[i] % 4
		y[i] = float64((i*i + unit[i]*13) % 17)
	}
	design := func(order []int, seed uint64) Estimates {
		s := Stage{Stratum: make([]int, n), Unit: make([]int, n)}
		answers := make([]float64, n)
		for to, from := range order {
			s.Stratum[to], s.Unit[to], answers[to] = stratum[from], unit[from], y[from]
		}
		d, err := NewDesign(Spec{N: n, Stages: []Stage{s}})
		if err != nil {
			t.Fatal(err)
		}
		if seed != 0 {
			if d, err = d.Bootstrap(replicates, seed); err != nil {
				t.Fatal(err)
			}
		}
		e, err := d.Estimate(Mean(answers, nil))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	forward := make([]int, n)
	for i := range forward {
		forward[i] = i
	}
	backward := slices.Clone(forward)
	slices.Reverse(backward)
	taylor, a, b, other := design(forward, 0), design(forward, 1), design(backward, 1), design(forward, 2)
	same(t, "another order", b.SE(0), a.SE(0), 1e-9)
	if a.SE(0) == other.SE(0) {
		t.Error("another seed draws the same")
	}
	// The standard deviation of a bootstrap standard error is about 1/√(2R), and of the
	// difference of the method at 20 units a stratum a few per cent.
	if ratio := a.SE(0) / taylor.SE(0); math.Abs(ratio-1) > 4/math.Sqrt(2*replicates)+0.03 {
		t.Errorf("\ngot:  %v times the linearised standard error", ratio)
	}
}

func TestReplicatesRefused(t *testing.T) {
	d, err := NewDesign(Spec{N: 3, Stages: []Stage{{Stratum: []int{0, 0, 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Jackknife(); !errors.Is(err, ErrDesign) {
		t.Errorf("a lonely unit: %v", err)
	}
	if _, err := d.Bootstrap(10, 1); !errors.Is(err, ErrDesign) {
		t.Errorf("a lonely unit: %v", err)
	}
	for name, r := range map[string]Replicates{
		"one":      {Weight: [][]float64{{1, 1, 1}}, Scale: 1},
		"short":    {Weight: [][]float64{{1, 1}, {1, 1}}, Scale: 1},
		"negative": {Weight: [][]float64{{1, 1, 1}, {1, -1, 1}}, Scale: 1},
		"no scale": {Weight: [][]float64{{1, 1, 1}, {1, 1, 1}}},
	} {
		if _, err := d.WithReplicates(r); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}
