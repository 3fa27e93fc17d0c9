package effect

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"goalpost/infer"
)

// MethodCausalImpact is the Result.Method of CausalImpact.
const MethodCausalImpact = "causalimpact"

// CausalImpactOptions are the arguments of CausalImpact; the zero value stands for R's
// defaults.
type CausalImpactOptions struct {
	Level          float64 // of the intervals; 0: 0.95
	Iterations     int     // sweeps of each chain, those that are burnt among them; 0: 1000
	Chains         int     // 0: 1, as in R, which has no chains
	Seasons        int     // seasons of a cycle, 7 for the days of a week; 0 or 1: none
	SeasonDuration int     // rows of one season; 0: 1
	PriorLevelSD   float64 // how far the level moves a row, in standard deviations of the outcome; 0: 0.01
}

const (
	minIterations = 10 // as in R
	minKnown      = 3  // rows with a known outcome from which R learns anything
)

// CausalImpact says what an activity changed, as R's CausalImpact 1.4.1 says it on bsts
// 0.9.10: the outcome before the activity is a level that wanders, an optional season and
// a regression on the controls, which a spike and slab prior chooses; the outcome of the
// time of the activity is foretold from them, and what differs is the effect. The model
// and its priors are R's; random numbers are not.
//
// s is not changed. Rows of s.Before are learned from, less those that are missing and
// those before the first known one; rows before that are left out; all others are
// foretold, so that Point also has an expectation between and after the two periods,
// where Modelled is false. Known rows of s.After count: Average, Relative and Expected
// are over the active ones of them, Cumulative, Sum and Summary over all. One seed gives
// the same digits, however many cores there are. progress is told the share that is done,
// by one goroutine at a time; it may be nil.
//
// Assumes that the activity did not change the controls, that what tied the outcome to
// them before would have gone on, and that noise of one row says nothing about the next.
//
// Fails with ErrShape, ErrNotANumber, ErrTooShort (fewer than three known rows before),
// ErrConstant, ErrNoRows, and says which option is out of range.
//
// Brodersen, Gallusser, Koehler, Remy and Scott (2015), Ann. Appl. Stat. 9(1), 247–274;
// Scott and Varian (2014), Int. J. Math. Model. Numer. Optim. 5(1–2), 4–23.
func CausalImpact(s Series, o CausalImpactOptions, seed uint64, progress func(done float64)) (Result, error) {
	o = o.filled()
	if err := o.check(); err != nil {
		return Result{}, err
	}
	d, err := newBSTSData(s)
	if err != nil {
		return Result{}, err
	}
	p := posterior{d: d, o: o, draws: runChains(d, o, seed, progress)}
	return p.result(s), nil
}

// filled puts the defaults in.
func (o CausalImpactOptions) filled() CausalImpactOptions {
	for _, n := range []struct {
		at  *int
		def int
	}{{&o.Iterations, 1000}, {&o.Chains, 1}, {&o.Seasons, 1}, {&o.SeasonDuration, 1}} {
		if *n.at == 0 {
			*n.at = n.def
		}
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.PriorLevelSD == 0 {
		o.PriorLevelSD = 0.01
	}
	return o
}

func (o CausalImpactOptions) check() error {
	switch {
	case !(o.Level > 0 && o.Level < 1):
		return fmt.Errorf("effect: level is %g, must be between 0 and 1", o.Level)
	case o.Iterations < minIterations:
		return fmt.Errorf("effect: iterations are %d, must be at least %d", o.Iterations, minIterations)
	case o.Chains < 1:
		return fmt.Errorf("effect: chains are %d, must be at least 1", o.Chains)
	case o.Seasons < 1:
		return fmt.Errorf("effect: seasons are %d, must be at least 1", o.Seasons)
	case o.SeasonDuration < 1:
		return fmt.Errorf("effect: the duration of a season is %d, must be at least 1", o.SeasonDuration)
	case !(o.PriorLevelSD > 0) || math.IsInf(o.PriorLevelSD, 1):
		return fmt.Errorf("effect: the prior of the level is %g, must be above 0 and finite", o.PriorLevelSD)
	}
	return nil
}

// bstsData is a series as the sampler sees it: from the first known row of Before to the
// last row of all, in standard deviations from the mean of Before.
type bstsData struct {
	first    int         // row of the series that is row 0 here
	rows     int         // T
	learned  int         // rows up to the last one that is learned from
	known    int         // n, rows that are learned from
	after    Span        // rows of the activity
	y        []float64   // [learned] 0 where not known
	seen     []bool      // [learned]
	complete bool        // all of them are seen
	x        [][]float64 // [p][T] columns: ones, then the controls; nil without controls
	mean, sd float64     // of the outcome
	scale    []float64   // [k] the standard deviation of each control, 1 where it is 0
}

func newBSTSData(s Series) (*bstsData, error) {
	if err := s.modelled(); err != nil {
		return nil, err
	}
	first := s.Before.From
	for first < s.Before.Until && !s.known(first) {
		first++
	}
	d := &bstsData{first: first, rows: len(s.Y) - first, after: Span{s.After.From - first, s.After.Until - first}}
	var known []float64
	for t := first; t < s.Before.Until; t++ {
		if s.known(t) {
			known = append(known, s.Y[t])
			d.learned = t - first + 1
		}
	}
	d.known = len(known)
	if d.known < minKnown {
		return nil, ErrTooShort
	}
	d.complete = d.known == d.learned
	d.mean, d.sd = meanSD(known)
	switch {
	case slices.Min(known) == slices.Max(known) || d.sd == 0:
		return nil, ErrConstant
	case math.IsInf(d.mean, 0) || math.IsInf(d.sd, 0) || math.IsNaN(d.sd):
		return nil, ErrNotANumber
	}
	d.y, d.seen = make([]float64, d.learned), make([]bool, d.learned)
	for t := range d.y {
		if s.known(first + t) {
			d.y[t], d.seen[t] = (s.Y[first+t]-d.mean)/d.sd, true
		}
	}
	return d, d.standardise(s)
}

// standardise makes the columns of the regression.
func (d *bstsData) standardise(s Series) error {
	if len(s.X) == 0 || len(s.X[0]) == 0 {
		return nil
	}
	ones := slices.Repeat([]float64{1}, d.rows)
	d.x = [][]float64{ones}
	for j := range s.X[0] {
		column := make([]float64, d.rows)
		for t := range column {
			column[t] = s.X[d.first+t][j]
		}
		before := column[:s.Before.Until-d.first]
		mean, sd := meanSD(before)
		if math.IsInf(mean, 0) || math.IsInf(sd, 0) || math.IsNaN(sd) {
			return ErrNotANumber
		}
		if slices.Min(before) == slices.Max(before) || sd == 0 {
			mean, sd = before[0], 1
		}
		for t := range column {
			column[t] = (column[t] - mean) / sd
		}
		d.x, d.scale = append(d.x, column), append(d.scale, sd)
	}
	return nil
}

// meanSD returns the mean and the standard deviation with n − 1; that of one value is 0.
func meanSD(x []float64) (mean, sd float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		sd += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(sd / max(1, float64(len(x)-1)))
}

// runChains draws from the posterior, every chain in a goroutine and from a stream of its
// own. A fault in one of them is a fault of the caller: in a goroutine of its own nobody
// could catch it, and it would end the whole program.
func runChains(d *bstsData, o CausalImpactOptions, seed uint64, progress func(done float64)) []*bstsDraws {
	out := make([]*bstsDraws, o.Chains)
	var wait sync.WaitGroup
	var told sync.Mutex
	done := 0
	tell := func(sweeps int) {
		if progress == nil {
			return
		}
		told.Lock()
		defer told.Unlock()
		done += sweeps
		progress(float64(done) / float64(o.Chains*o.Iterations))
	}
	var g *gram
	if d.x != nil {
		g = newGram(d)
	}
	faults := make([]any, o.Chains)
	for c := range out {
		wait.Go(func() {
			defer func() { faults[c] = recover() }()
			out[c] = newBSTSChain(d, g, o, infer.Rand(seed, uint64(c))).run(tell)
		})
	}
	wait.Wait()
	for _, fault := range faults {
		if fault != nil {
			panic(fault)
		}
	}
	return out
}
