package main

import (
	"goalpost/effect"
	"goalpost/infer"
)

// method answers what an activity changed.
type method struct {
	name     string
	draws    bool     // a sampler: gets -slow replications
	answer   answerer // with the checks
	interval answerer // as a user gets it, with the daily path, without the checks; nil: is not timed
	whole    answerer // as a user gets it, with path and checks
}

type answerer func(s effect.Series, seed uint64) (answer, error)

// answer is the 95 % and the 90 % interval of the average. Where a check refuses, it is
// named, and the interval is there all the same.
type answer struct {
	average, narrow infer.Estimate
	refused         string
}

func methods() []method {
	return []method{
		{name: effect.MethodBMA, answer: checked, interval: unchecked, whole: whole},
		{name: "causalimpact", draws: true, answer: causalImpact},
		{name: "ar1", answer: func(s effect.Series, _ uint64) (answer, error) {
			average, narrow, err := ar1(s)
			return answer{average: average, narrow: narrow}, err
		}},
	}
}

func unchecked(s effect.Series, _ uint64) (answer, error) {
	r, err := effect.BMA(s)
	return answer{average: r.Average, narrow: r.Narrow}, err
}

func whole(s effect.Series, _ uint64) (answer, error) {
	r, err := effect.BMA(s)
	if err != nil {
		return answer{}, err
	}
	_, err = effect.BMAChecks(s)
	return answer{average: r.Average, narrow: r.Narrow}, err
}

// checked asks the default method with its checks; the first check that fails refuses.
func checked(s effect.Series, _ uint64) (answer, error) {
	r, err := effect.BMAInterval(s)
	if err != nil {
		return answer{}, err
	}
	checks, err := effect.BMAChecks(s)
	if err != nil {
		return answer{}, err
	}
	a := answer{average: r.Average, narrow: r.Narrow}
	for _, c := range checks {
		if !c.Passed {
			a.refused = c.Name
			break
		}
	}
	return a, nil
}

// causalImpact is the method with R's defaults; it has no interval at 90 % and no checks.
func causalImpact(s effect.Series, seed uint64) (answer, error) {
	r, err := effect.CausalImpact(s, effect.CausalImpactOptions{}, seed, nil)
	return answer{average: r.Average, narrow: r.Narrow}, err
}
