package survey

import (
	"errors"
	"fmt"
	"math"
)

// ErrDesign is what every error of a design wraps: the description of how respondents were
// chosen contradicts itself or the data.
var ErrDesign = errors.New("survey: the design does not fit")

// DesignError says what is wrong with a design, and where.
type DesignError struct {
	Problem Problem
	Row     int     // of a respondent, from 0; -1 where no single one is meant
	Stage   int     // from 0
	Stratum int     // as the caller numbered it; of later stages as counted here
	Value   float64 // the number that does not fit
}

// Problem is a kind of fault in a design or in weights.
type Problem string

// Problems of designs.
const (
	WrongLength       Problem = "wrong-length"       // a column is not as long as the others
	BadWeight         Problem = "bad-weight"         // negative, infinite or no number
	NoWeight          Problem = "no-weight"          // all weights are zero, or nobody is there
	BadCode           Problem = "bad-code"           // a unit or stratum is negative
	UnitAcrossStrata  Problem = "unit-across-strata" // a unit lies in two strata, and the design is not nested
	BadPopulation     Problem = "bad-population"     // a population is not positive or no number
	PopulationVaries  Problem = "population-varies"  // a population differs within its stratum
	PopulationSmaller Problem = "population-smaller" // fewer units in the population than in the sample
	LonelyUnit        Problem = "lonely-unit"        // one unit in a stratum shows no variation
)

func (e *DesignError) Error() string {
	return fmt.Sprintf("survey: design: %s (stage %d, stratum %d, row %d, value %g)", e.Problem, e.Stage+1, e.Stratum, e.Row, e.Value)
}

// Unwrap makes errors.Is(err, ErrDesign) true.
func (e *DesignError) Unwrap() error { return ErrDesign }

// Lonely says what the variance of a stratum with a single unit is taken to be.
//
// Source: Lumley (2010), Complex Surveys, section 3.2.1; option survey.lonely.psu of R's
// survey package.
type Lonely string

// The ways to treat a stratum with a single unit.
const (
	LonelyFail    Lonely = ""        // refuse
	LonelyRemove  Lonely = "remove"  // no variance: the unit was certain to be chosen
	LonelyAdjust  Lonely = "adjust"  // variation about the mean of all units
	LonelyAverage Lonely = "average" // the mean variance of the other strata
)

// Stage is one stage of a sample. All slices have one entry for each respondent.
type Stage struct {
	Unit    []int // the unit that was drawn, from 0; nil: respondents were drawn themselves
	Stratum []int // the stratum in which it was drawn, from 0; nil: a single one
	// Population is the number of units in the stratum, or the sampled fraction where it is
	// at most 1; nil: so many that the sample is a negligible part.
	Population []float64
}

// Spec describes how respondents were chosen.
type Spec struct {
	N      int       // respondents
	Weight []float64 // how many of the population each stands for; nil: from the populations of all stages, else 1
	Stages []Stage   // from the first; none: respondents were drawn independently
	Nested bool      // numbers of units are unique in their stratum only
	Lonely Lonely
}

// Design is a sample with its weights, ready for estimates. It is never changed: weighting
// makes another one.
type Design struct {
	n       int
	weight  []float64
	stages  []stage
	lonely  Lonely
	adjust  []adjustment // what weighting explains, in the order in which it was done
	replica *Replicates
}

// stage numbers the units and strata of a stage so that each number means one thing in the
// whole sample.
type stage struct {
	unit       []int     // [respondent]
	stratumOf  []int     // [unit]
	name       []int     // [unit] its number as given by the caller; of a respondent the row
	units      []int     // [stratum] units in the sample
	population []float64 // [stratum] units in the population, +Inf without limit
	given      []int     // [stratum] its number as given by the caller
}

// adjustment takes out of influences what a weighting to known totals explains.
type adjustment interface {
	residual(u []float64) []float64
}

// NewDesign checks a description of a sample. Every error is a *DesignError.
func NewDesign(spec Spec) (*Design, error) {
	if spec.N <= 0 {
		return nil, &DesignError{Problem: NoWeight, Row: -1}
	}
	d := &Design{n: spec.N, lonely: spec.Lonely}
	stages := spec.Stages
	if len(stages) == 0 {
		stages = []Stage{{}}
	}
	var parent []int
	for i, s := range stages {
		st, err := newStage(spec.N, i, s, parent, spec.Nested)
		if err != nil {
			return nil, err
		}
		d.stages = append(d.stages, st)
		parent = st.unit
	}
	if err := d.setWeight(spec.Weight, stages); err != nil {
		return nil, err
	}
	return d, nil
}

// setWeight copies the weights, or takes the inverse of the chance to be drawn.
func (d *Design) setWeight(weight []float64, stages []Stage) error {
	d.weight = ones(d.n)
	if weight == nil {
		for i, s := range d.stages {
			if stages[i].Population == nil {
				continue
			}
			for row, unit := range s.unit {
				h := s.stratumOf[unit]
				d.weight[row] *= s.population[h] / float64(s.units[h])
			}
		}
		return nil
	}
	if len(weight) != d.n {
		return &DesignError{Problem: WrongLength, Row: -1, Value: float64(len(weight))}
	}
	if err := checkWeights(weight); err != nil {
		return err
	}
	copy(d.weight, weight)
	return nil
}

func checkWeights(weight []float64) error {
	some := false
	for row, w := range weight {
		if !(w >= 0) || math.IsInf(w, 1) {
			return &DesignError{Problem: BadWeight, Row: row, Value: w}
		}
		some = some || w > 0
	}
	if !some {
		return &DesignError{Problem: NoWeight, Row: -1}
	}
	return nil
}

// numbering gives each distinct key the next number.
type numbering struct {
	of   map[[2]int]int
	keys [][2]int
}

func (k *numbering) number(a, b int) int {
	key := [2]int{a, b}
	n, ok := k.of[key]
	if !ok {
		n = len(k.keys)
		k.of[key] = n
		k.keys = append(k.keys, key)
	}
	return n
}

// newStage numbers the strata within the units of the stage before, and the units within
// strata.
func newStage(n, index int, s Stage, parent []int, nested bool) (stage, error) {
	if err := s.check(n, index); err != nil {
		return stage{}, err
	}
	out := stage{unit: make([]int, n)}
	strata, units := numbering{of: map[[2]int]int{}}, numbering{of: map[[2]int]int{}}
	own := s.Unit == nil
	for row := range n {
		above, stratum := 0, 0
		if parent != nil {
			above = parent[row]
		}
		if s.Stratum != nil {
			stratum = s.Stratum[row]
		}
		h := strata.number(above, stratum)
		unit, name := row, row
		if !own {
			name = s.Unit[row]
		}
		switch {
		case own:
		case nested || parent != nil:
			unit = units.number(h, name)
		default:
			unit = units.number(0, name)
		}
		switch {
		case unit == len(out.stratumOf):
			out.stratumOf = append(out.stratumOf, h)
			out.name = append(out.name, name)
		case out.stratumOf[unit] != h:
			return stage{}, &DesignError{Problem: UnitAcrossStrata, Row: row, Stage: index, Stratum: stratum, Value: float64(name)}
		}
		out.unit[row] = unit
	}
	out.units = make([]int, len(strata.keys))
	for _, h := range out.stratumOf {
		out.units[h]++
	}
	for _, key := range strata.keys {
		out.given = append(out.given, key[1])
	}
	return out, out.setPopulation(s.Population, index)
}

func (s Stage) check(n, index int) error {
	for _, column := range [][]int{s.Unit, s.Stratum} {
		if column != nil && len(column) != n {
			return &DesignError{Problem: WrongLength, Row: -1, Stage: index, Value: float64(len(column))}
		}
		for row, code := range column {
			if code < 0 {
				return &DesignError{Problem: BadCode, Row: row, Stage: index, Value: float64(code)}
			}
		}
	}
	if s.Population != nil && len(s.Population) != n {
		return &DesignError{Problem: WrongLength, Row: -1, Stage: index, Value: float64(len(s.Population))}
	}
	return nil
}

// setPopulation takes the size of each stratum; a fraction of at most 1 is that of the
// sample in it.
func (s *stage) setPopulation(population []float64, index int) error {
	s.population = make([]float64, len(s.units))
	for h := range s.population {
		s.population[h] = math.Inf(1)
	}
	given := make([]float64, len(s.units))
	for row, size := range population {
		h := s.stratumOf[s.unit[row]]
		fault := &DesignError{Row: row, Stage: index, Stratum: s.given[h], Value: size}
		switch {
		case !(size > 0) || math.IsInf(size, 1):
			fault.Problem = BadPopulation
			return fault
		case given[h] != 0 && given[h] != size:
			fault.Problem = PopulationVaries
			return fault
		}
		given[h] = size
		if size <= 1 {
			size = float64(s.units[h]) / size
		}
		if size < float64(s.units[h])*(1-1e-9) {
			fault.Problem = PopulationSmaller
			return fault
		}
		s.population[h] = size
	}
	return nil
}

// N is the number of respondents.
func (d *Design) N() int { return d.n }

// Weights are how many of the population each respondent stands for; a copy [n].
func (d *Design) Weights() []float64 { return append([]float64(nil), d.weight...) }

// with is the design with other weights and one more thing that they explain.
func (d *Design) with(weight []float64, a adjustment) *Design {
	c := *d
	c.weight = weight
	if a != nil {
		c.adjust = append(append([]adjustment(nil), d.adjust...), a)
	}
	return &c
}
