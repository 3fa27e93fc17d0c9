package main

import (
	"goalpost/effect"
	"goalpost/infer"
)

// method answers what an activity changed.
type method struct {
	name string
	slow bool // draws; gets -slow replications
	// answer gives the 95 % and the 90 % interval of the average; refused names the check
	// for which no answer is given, with the interval all the same.
	answer func(s effect.Series, seed uint64) (answer, error)
}

type answer struct {
	average, narrow infer.Estimate
	refused         string
}

func methods() []method {
	return []method{
		{name: "ar1", answer: func(s effect.Series, _ uint64) (answer, error) {
			average, narrow, err := ar1(s)
			return answer{average: average, narrow: narrow}, err
		}},
	}
}
