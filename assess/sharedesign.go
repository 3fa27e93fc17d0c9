package assess

import (
	"cmp"
	"context"
	"errors"
	"math"
	"path"
	"strings"

	"goalpost"
	"goalpost/survey"
)

// ShareHow says how an estimate's variance was made.
type ShareHow struct {
	Variance   string   `json:"variance"` // "taylor" or "replicates"
	Weight     string   `json:"weight"`
	Strata     []string `json:"strata"`
	Cluster    []string `json:"cluster"`
	FPC        []string `json:"fpc"`
	Nested     bool     `json:"nest"`
	Lonely     string   `json:"lonely"` // "fail", "remove", "adjust" or "average"
	Person     string   `json:"person"`
	Units      int      `json:"units"`       // of the first stage
	StrataUsed int      `json:"strata_used"` // of the first stage
	Replicates int      `json:"replicates"`
	Type       string   `json:"replicate_type"`
	Seed       *uint64  `json:"seed"` // where something was drawn
	N          int      `json:"n"`    // respondents of the sample
}

// stratumNames is how the values of several columns stand in one name.
const stratumNames = ", "

// coded numbers the combinations of some columns in the order in which they occur. A row
// without a value is refused: where it belongs cannot be known.
func (f *shareFrame) coded(names []string, flag string, more ...grouping) (code []int, labels []string, err error) {
	var columns []int
	for _, name := range names {
		column, err := f.c.Find(name, flag)
		if err != nil {
			return nil, nil, err
		}
		columns = append(columns, column)
	}
	seen := map[string]int{}
	for row := range f.n {
		var parts []string
		for _, g := range more {
			if g.code[row] < 0 {
				column, _ := f.c.Find(g.name, "")
				return nil, nil, f.at(f.fault("blank", ""), row, column)
			}
			parts = append(parts, g.names[g.code[row]])
		}
		for _, column := range columns {
			if f.c.Missing(row, column) {
				return nil, nil, f.at(f.fault("blank", ""), row, column)
			}
			parts = append(parts, f.text(row, column))
		}
		label := strings.Join(parts, stratumNames)
		k, ok := seen[label]
		if !ok {
			k = len(labels)
			seen[label], labels = k, append(labels, label)
		}
		code = append(code, k)
	}
	return code, labels, nil
}

// stageNames are the texts behind the numbers of a stage.
type stageNames struct{ unit, stratum []string }

// readDesign reads the design, its replicates and its margins.
func (f *shareFrame) readDesign(ctx context.Context) error {
	d := f.t.Design
	spec := survey.Spec{N: f.n, Nested: d.Nested, Lonely: d.lonely()}
	f.how = ShareHow{Variance: "taylor", Weight: d.Weight, Strata: []string{}, Cluster: named(d.Cluster), FPC: named(d.FPC), Nested: d.Nested, Lonely: cmp.Or(d.Lonely, "fail"), Person: f.t.Person, N: f.n}
	var names []stageNames
	for i := range max(1, len(d.Cluster), len(d.Strata), len(d.FPC)) {
		stage, of, err := f.stage(i)
		if err != nil {
			return err
		}
		spec.Stages, names = append(spec.Stages, stage), append(names, of)
	}
	weightColumn := -1
	if d.Weight != "" {
		var err error
		if weightColumn, err = f.c.Find(d.Weight, "--weight"); err != nil {
			return err
		}
		if spec.Weight, err = f.weights(weightColumn); err != nil {
			return err
		}
	}
	f.count(spec)
	design, err := survey.NewDesign(spec)
	if err == nil {
		f.once = design
		design, err = f.replicate(design)
	}
	if err == nil {
		f.base, f.design = design, design
		err = f.weigh(ctx)
	}
	if err == nil { // a lonely unit shows only where something is estimated
		_, err = f.design.Estimate(survey.Mean(make([]float64, f.n), nil))
	}
	return f.explained(err, weightColumn, names)
}

// named leaves out what stands for respondents themselves.
func named(columns []string) []string {
	out := []string{}
	for _, c := range columns {
		if c != "" && c != "1" {
			out = append(out, c)
		}
	}
	return out
}

// stage reads one stage. Independent waves are drawn anew: strata and units are those of
// their wave. In a panel the person, or the unit that was drawn, is the same over waves.
func (f *shareFrame) stage(i int) (s survey.Stage, names stageNames, err error) {
	d := f.t.Design
	var waves []grouping
	if f.waves && i == 0 && f.t.Person == "" {
		waves = []grouping{f.by}
	}
	unit := ""
	if i < len(d.Cluster) && d.Cluster[i] != "1" {
		unit = d.Cluster[i]
	}
	flag := "--cluster"
	if unit == "" && i == 0 && f.t.Person != "" {
		unit, flag = f.t.Person, "--person"
	}
	if unit != "" {
		if s.Unit, names.unit, err = f.coded([]string{unit}, flag, waves...); err != nil {
			return s, names, err
		}
		if len(waves) > 0 {
			f.sameUnits(unit, len(names.unit))
		}
	}
	var strata []string
	if i < len(d.Strata) {
		strata = d.Strata[i]
		f.how.Strata = append(f.how.Strata, strings.Join(strata, ","))
	}
	if len(strata) > 0 || len(waves) > 0 {
		if s.Stratum, names.stratum, err = f.coded(strata, "--strata", waves...); err != nil {
			return s, names, err
		}
	}
	if i == 0 && f.t.Person != "" && s.Stratum != nil && flag == "--person" {
		f.firstStratum(s)
	}
	if i < len(d.FPC) && d.FPC[i] != "" && d.FPC[i] != "1" {
		s.Population, err = f.population(d.FPC[i])
	}
	return s, names, err
}

// sameUnits says that units which occur in several waves count as drawn anew.
func (f *shareFrame) sameUnits(column string, inWaves int) {
	if _, labels, err := f.coded([]string{column}, ""); err == nil && len(labels) < inWaves {
		f.note("share.note.units-again", goalpost.TextArg(column))
	}
}

// firstStratum gives a person the stratum of their first wave: what a person moves to later
// is not how they were drawn.
func (f *shareFrame) firstStratum(s survey.Stage) {
	first, wave := map[int]int{}, map[int]int{}
	for row, unit := range s.Unit {
		if w, ok := wave[unit]; !ok || f.by.code[row] < w {
			first[unit], wave[unit] = s.Stratum[row], f.by.code[row]
		}
	}
	moved := map[int]bool{}
	for row, unit := range s.Unit {
		if s.Stratum[row] != first[unit] {
			s.Stratum[row] = first[unit]
			moved[unit] = true
		}
	}
	if len(moved) > 0 {
		f.note("share.note.moved", goalpost.NumberArg(float64(len(moved))))
	}
}

// population reads a column of numbers of units, or of sampled fractions.
func (f *shareFrame) population(name string) ([]float64, error) {
	column, err := f.c.Find(name, "--fpc")
	if err != nil {
		return nil, err
	}
	values, err := f.numbers(column)
	if err != nil {
		return nil, err
	}
	for row, v := range values {
		if math.IsNaN(v) {
			return nil, f.at(f.fault("blank", ""), row, column)
		}
	}
	return values, nil
}

// weights reads a column of weights.
func (f *shareFrame) weights(column int) ([]float64, error) {
	values, err := f.numbers(column)
	if err != nil {
		return nil, err
	}
	for row, v := range values {
		if math.IsNaN(v) {
			return nil, f.at(f.fault("weight-missing", ""), row, column)
		}
	}
	return values, nil
}

// count notes the units and strata of the first stage.
func (f *shareFrame) count(spec survey.Spec) {
	s := spec.Stages[0]
	units, strata := map[[2]int]bool{}, map[int]bool{}
	for row := range f.n {
		stratum, unit := 0, row
		if s.Stratum != nil {
			stratum = s.Stratum[row]
		}
		if s.Unit != nil {
			unit = s.Unit[row]
		}
		key := [2]int{0, unit}
		if spec.Nested {
			key[0] = stratum
		}
		units[key], strata[stratum] = true, true
	}
	f.how.Units, f.how.StrataUsed = len(units), len(strata)
}

// explained turns a fault of the design into a sentence about the table.
func (f *shareFrame) explained(err error, weightColumn int, names []stageNames) error {
	e, ok := errors.AsType[*survey.DesignError](err)
	if !ok {
		return err
	}
	name := func(list []string, k int) goalpost.Arg {
		if k >= 0 && k < len(list) {
			return goalpost.TextArg(list[k])
		}
		return goalpost.TextArg("")
	}
	var of stageNames
	if e.Stage < len(names) {
		of = names[e.Stage]
	}
	stratum := name(of.stratum, e.Stratum)
	fpc := -1
	if e.Stage < len(f.t.Design.FPC) {
		fpc, _ = f.c.Find(f.t.Design.FPC[e.Stage], "")
	}
	switch e.Problem {
	case survey.BadWeight:
		return f.at(f.fault("weight-negative", "", goalpost.NumberArg(e.Value)), e.Row, weightColumn)
	case survey.NoWeight:
		return f.at(f.fault("weight-none", ""), -1, weightColumn)
	case survey.UnitAcrossStrata:
		return f.at(f.fault("unit-across", "--nest", name(of.unit, int(e.Value)), stratum), e.Row, f.unitColumn(e.Stage))
	case survey.LonelyUnit:
		if stratum.Text == "" {
			return f.fault("lonely-all", "--lonely")
		}
		return f.fault("lonely", "--lonely", stratum)
	case survey.BadPopulation:
		return f.at(f.fault("fpc-bad", "", goalpost.NumberArg(e.Value)), e.Row, fpc)
	case survey.PopulationVaries:
		return f.at(f.fault("fpc-varies", "", goalpost.NumberArg(e.Value), stratum), e.Row, fpc)
	case survey.PopulationSmaller:
		return f.at(f.fault("fpc-small", "", goalpost.NumberArg(e.Value), stratum), e.Row, fpc)
	case survey.WrongLength, survey.BadCode:
	default:
	}
	return err
}

func (f *shareFrame) unitColumn(stage int) int {
	name := f.t.Person
	if stage < len(f.t.Design.Cluster) {
		name = f.t.Design.Cluster[stage]
	}
	column, err := f.c.Find(name, "")
	if err != nil {
		return -1
	}
	return column
}

// replicate gives the design the replicate weights of the table, or makes some.
func (f *shareFrame) replicate(d *survey.Design) (*survey.Design, error) {
	t := f.t.Design
	var err error
	switch {
	case len(t.Replicates) > 0:
		r, kind, err := f.replicates(d)
		if err != nil {
			return nil, err
		}
		f.how.Type = string(kind)
		if d, err = d.WithReplicates(r); errors.Is(err, survey.ErrLength) {
			return nil, f.fault("replicates-few", "--replicates")
		} else if err != nil {
			return nil, err
		}
	case t.Jackknife:
		if d, err = d.Jackknife(); err != nil {
			return nil, err
		}
		f.how.Type = string(ReplicateJKn)
		if f.how.StrataUsed == 1 {
			f.how.Type = string(ReplicateJK1)
		}
		d, err = f.aboutMean(d)
	case t.Bootstrap > 0:
		if d, err = d.Bootstrap(t.Bootstrap, t.Seed); err != nil {
			return nil, err
		}
		f.how.Type, f.how.Seed = string(ReplicateBootstrap), &t.Seed
		d, err = f.aboutMean(d)
	default:
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	f.how.Variance, f.how.Replicates = "replicates", len(d.Replicated().Weight)
	return d, nil
}

func (f *shareFrame) aboutMean(d *survey.Design) (*survey.Design, error) {
	r := *d.Replicated()
	r.AboutMean = f.t.Design.AboutMean
	if f.t.Design.DF > 0 {
		r.DF = f.t.Design.DF
	}
	return d.WithReplicates(r)
}

// replicates reads the columns that hold replicate weights.
func (f *shareFrame) replicates(d *survey.Design) (r survey.Replicates, kind ReplicateType, err error) {
	t := f.t.Design
	var columns []int
	for _, pattern := range t.Replicates {
		found := false
		for i, h := range f.c.Header {
			if ok, bad := path.Match(pattern, h); ok && bad == nil && h != "" && h != t.Weight {
				columns, found = append(columns, i), true
			}
		}
		if !found {
			return r, "", f.fault("replicates-none", "--replicates", goalpost.TextArg(pattern), goalpost.TextArg(listed(f.c.Header)))
		}
	}
	base := d.Weights()
	for _, column := range columns {
		w, err := f.numbers(column)
		if err != nil {
			return r, "", err
		}
		for row, v := range w {
			switch {
			case math.IsNaN(v):
				return r, "", f.at(f.fault("weight-missing", ""), row, column)
			case v < 0:
				return r, "", f.at(f.fault("weight-negative", "", goalpost.NumberArg(v)), row, column)
			case t.Factors:
				w[row] *= base[row]
			}
		}
		r.Weight = append(r.Weight, w)
	}
	r.Each, r.AboutMean, r.DF = t.Each, t.AboutMean, t.DF
	n := float64(len(columns))
	if len(r.Each) == 1 && n > 1 {
		one := r.Each[0]
		r.Each = make([]float64, len(columns))
		for i := range r.Each {
			r.Each[i] = one
		}
	}
	if r.Each != nil && len(r.Each) != len(columns) {
		return r, "", f.fault("rscales-count", "--rscales", goalpost.NumberArg(float64(len(r.Each))), goalpost.NumberArg(n))
	}
	r.Scale, err = f.scale(n)
	return r, t.ReplicateType, err
}

// scale is by how much the squares of replicates count in each scheme.
//
// Source: Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5; the U.S. Census
// Bureau's 4/R for successive differences.
func (f *shareFrame) scale(n float64) (float64, error) {
	t := f.t.Design
	if t.Scale > 0 {
		return t.Scale, nil
	}
	switch t.ReplicateType {
	case ReplicateJK1:
		return (n - 1) / n, nil
	case ReplicateJK2:
		return 1, nil
	case ReplicateJKn:
		if len(t.Each) == 0 {
			return 0, f.fault("jkn-rscales", "--rscales")
		}
		return 1, nil
	case ReplicateBRR:
		return 1 / n, nil
	case ReplicateFay:
		if !(t.FayRho > 0 && t.FayRho < 1) {
			return 0, f.fault("fay-rho", "--fay-rho")
		}
		return 1 / (n * (1 - t.FayRho) * (1 - t.FayRho)), nil
	case ReplicateBootstrap:
		return 1 / (n - 1), nil
	case ReplicateACS, ReplicateSuccessive:
		return 4 / n, nil
	case ReplicateOther:
		return 0, f.fault("other-scale", "--scale-factor")
	case "":
	}
	return 0, f.fault("replicate-type", "--replicate-type")
}
