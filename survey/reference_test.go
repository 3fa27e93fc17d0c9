package survey

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"goalpost/gptest/need"
)

// The numbers of R's survey package 4.5, made by reference.R beside them. All agree to
// 1e-7; where an exception is made, it stands with its reason.
const asR = 1e-7

// table is a file of inputs: columns of text by name.
type table struct {
	t       *testing.T
	n       int
	columns map[string][]string
}

func surveyDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(need.Shared(t), "data", "survey")
}

func inputs(t *testing.T, name string) table {
	t.Helper()
	return readTable(t, filepath.Join(surveyDir(t), "inputs", name+".csv"))
}

func readTable(t *testing.T, path string) table {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := table{t: t, n: len(rows) - 1, columns: map[string][]string{}}
	for i, name := range rows[0] {
		for _, row := range rows[1:] {
			out.columns[name] = append(out.columns[name], row[i])
		}
	}
	return out
}

// where keeps some rows.
func (c table) where(keep func(i int) bool) table {
	out := table{t: c.t, columns: map[string][]string{}}
	for i := range c.n {
		if !keep(i) {
			continue
		}
		out.n++
		for name, column := range c.columns {
			out.columns[name] = append(out.columns[name], column[i])
		}
	}
	return out
}

func (c table) text(name string) []string {
	c.t.Helper()
	column, ok := c.columns[name]
	if !ok {
		c.t.Fatalf("no column %q", name)
	}
	return column
}

// number reads a column; an empty cell is NaN.
func (c table) number(name string) []float64 {
	c.t.Helper()
	var out []float64
	for _, cell := range c.text(name) {
		v := math.NaN()
		if cell != "" {
			var err error
			if v, err = strconv.ParseFloat(cell, 64); err != nil {
				c.t.Fatal(err)
			}
		}
		out = append(out, v)
	}
	return out
}

// codes numbers the values of one or more columns in the order of the alphabet.
func (c table) codes(names ...string) (code []int, values []string) {
	c.t.Helper()
	joined := make([]string, c.n)
	for _, name := range names {
		for i, cell := range c.text(name) {
			joined[i] += "|" + cell
		}
	}
	for i := range joined {
		joined[i] = joined[i][1:]
	}
	values = slices.Clone(joined)
	slices.Sort(values)
	values = slices.Compact(values)
	for _, v := range joined {
		code = append(code, slices.Index(values, v))
	}
	return code, values
}

// is makes 1 of a value, 0 of another and NaN of an empty cell.
func (c table) is(name, value string) []float64 {
	c.t.Helper()
	out := make([]float64, c.n)
	for i, cell := range c.text(name) {
		switch cell {
		case value:
			out[i] = 1
		case "":
			out[i] = math.NaN()
		}
	}
	return out
}

// rDesign is the description of a design beside each of R's numbers.
type rDesign struct {
	Name, Data, IDs, Strata, Weights, FPC string
	Nest                                  bool
}

func (s rDesign) design(t *testing.T, c table, lonely Lonely) *Design {
	t.Helper()
	spec := Spec{N: c.n, Nested: s.Nest, Lonely: lonely}
	ids, fpcs := strings.Split(s.IDs, "+"), strings.Split(s.FPC, "+")
	for i, id := range ids {
		var stage Stage
		if id != "1" {
			stage.Unit, _ = c.codes(id)
		}
		if i == 0 && s.Strata != "" {
			stage.Stratum, _ = c.codes(strings.Split(s.Strata, " x ")...)
		}
		if s.FPC != "" {
			stage.Population = c.number(fpcs[i])
		}
		spec.Stages = append(spec.Stages, stage)
	}
	if s.Weights != "" && s.Weights != "1 (all ones)" {
		spec.Weight = c.number(s.Weights)
	}
	d, err := NewDesign(spec)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return d
}

// reference reads the cases of a file of R's numbers.
func reference[T any](t *testing.T, path string) []T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(surveyDir(t), path))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []T }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatalf("no case in %s", path)
	}
	return file.Cases
}

// vector is an R vector: one of length 1 is written as a number, and null is NaN.
type vector []float64

func (v *vector) UnmarshalJSON(data []byte) error {
	var many []*float64
	if data[0] != '[' {
		data = slices.Concat([]byte("["), data, []byte("]"))
	}
	if err := json.Unmarshal(data, &many); err != nil {
		return err
	}
	*v = nil
	for _, x := range many {
		if x == nil {
			*v = append(*v, math.NaN())
		} else {
			*v = append(*v, *x)
		}
	}
	return nil
}

// rNames are the names of R's coefficients, a single one without brackets.
type rNames []string

func (n *rNames) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(n))
	}
	var one string
	err := json.Unmarshal(data, &one)
	*n = rNames{one}
	return err
}

// rStat is what R prints of estimates.
type rStat struct {
	Names    rNames
	Coef, SE vector
	Vcov     []vector
	Deff     vector
	DF       float64
	CI95t    []vector `json:"ci95_t"`
}

// same compares with R: relative to the size of the number, and absolutely for what is 0.
func same(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)+1e-9) {
		t.Errorf("%s\ngot:  %.15g\nwant: %.15g", what, got, want)
	}
}

// check compares all that R prints.
func (r rStat) check(t *testing.T, id string, e Estimates, replace bool) {
	t.Helper()
	if len(r.Coef) != len(e.Value) {
		t.Fatalf("%s: %d estimates, R has %d", id, len(e.Value), len(r.Coef))
	}
	for k := range r.Coef {
		same(t, id+" estimate", e.Value[k], r.Coef[k], asR)
		same(t, id+" standard error", e.SE(k), r.SE[k], asR)
		if r.Vcov != nil {
			for j, v := range r.Vcov[k] {
				same(t, id+" covariance", e.Cov.At(k, j), v, asR)
			}
		}
		if len(r.Deff) > 0 {
			simple := e.Finite[k]
			if replace {
				simple = e.SRS[k]
			}
			same(t, id+" design effect", e.Cov.At(k, k)/simple, r.Deff[k], asR)
		}
		if r.CI95t != nil {
			same(t, id+" degrees of freedom", e.DF, r.DF, 0)
			i := e.Interval(k, 0.95)
			same(t, id+" lower limit", i.Lo, r.CI95t[k][0], asR)
			same(t, id+" upper limit", i.Hi, r.CI95t[k][1], asR)
		}
	}
}

func TestMeansAndTotalsAgreeWithR(t *testing.T) {
	type rCase struct {
		ID     string
		Design rDesign
		Stat   string
		Result rStat
	}
	for _, c := range reference[rCase](t, "r-survey/means_totals.json") {
		data := inputs(t, c.Design.Data)
		d := c.Design.design(t, data, LonelyFail)
		what := strings.TrimPrefix(c.Stat, "svy")
		kind, rest, _ := strings.Cut(what, "(~")
		names, _, _ := strings.Cut(strings.TrimRight(rest, ")"), ",")
		var stats []Statistic
		switch kind {
		case "ratio":
			below := strings.Trim(strings.Split(rest, ",")[1], "~)")
			stats = append(stats, Ratio(data.number(names), data.number(below), nil))
		default:
			for _, name := range strings.Split(names, "+") {
				columns := [][]float64{}
				if name == "stype" || name == "awards" {
					_, values := data.codes(name)
					for _, v := range values {
						columns = append(columns, data.is(name, v))
					}
				} else {
					columns = append(columns, data.number(name))
				}
				for _, y := range columns {
					if kind == "total" {
						stats = append(stats, Total(y, nil))
					} else {
						stats = append(stats, Mean(y, nil))
					}
				}
			}
		}
		e, err := d.Estimate(stats...)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		c.Result.check(t, c.ID, e, strings.Contains(c.Stat, "replace"))
	}
}

func TestLonelyUnitsAgreeWithR(t *testing.T) {
	type result struct {
		Error    string
		Coef, SE vector
	}
	cases := reference[struct {
		Lonely string `json:"lonely.psu"`
		Design rDesign
		Mean   result `json:"mean_api00"`
		Total  result `json:"total_enroll"`
	}](t, "r-survey/lonely_psu.json")
	ways := map[string]Lonely{"fail": LonelyFail, "certainty": LonelyRemove, "remove": LonelyRemove, "adjust": LonelyAdjust, "average": LonelyAverage}
	for _, c := range cases {
		data := inputs(t, c.Design.Data)
		d := c.Design.design(t, data, ways[c.Lonely])
		e, err := d.Estimate(Mean(data.number("api00"), nil), Total(data.number("enroll"), nil))
		if c.Mean.Error != "" {
			if err == nil {
				t.Errorf("%s: not refused", c.Lonely)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.Lonely, err)
			continue
		}
		same(t, c.Lonely, e.Value[0], c.Mean.Coef[0], asR)
		same(t, c.Lonely, e.SE(0), c.Mean.SE[0], asR)
		same(t, c.Lonely, e.Value[1], c.Total.Coef[0], asR)
		same(t, c.Lonely, e.SE(1), c.Total.SE[0], asR)
	}
}
