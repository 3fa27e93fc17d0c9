package main

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"time"
)

// exactScenarios are what the exact bar is asked on, 30 series each.
var exactScenarios = []string{"1 control 100/30 iid", "AR(.7)", "no control AR(.5)", "10 controls (2 real) 40/20 iid", "Recast A3, 9 controls, 90/15",
	"variance follows level, growth .2 %/day", "counts, mean .6, overdispersed, weekday", "relation 1.2 -> .9 at the start", "multiplicative trend + week, lognormal, no control 180/28"}

// exact asks for bar 10: the same input gives the same answer, and the units of the
// outcome (times 1,000) and of the controls (times 7) change nothing but the units.
func exact(m method, seed uint64) {
	different, verdicts, worst, runs := 0, 0, 0.0, 0
	for _, s := range all() {
		if !slices.Contains(exactScenarios, s.name) {
			continue
		}
		for i := range 30 {
			drawn := s.at(seed, i)
			first, err := m.answer(drawn.series, 1)
			again, errAgain := m.answer(drawn.series, 1)
			count(&different, !reflect.DeepEqual(first, again) || (err == nil) != (errAgain == nil))
			scaled := s.at(seed, i).series
			for t := range scaled.Y {
				scaled.Y[t] *= 1000
				if scaled.X != nil {
					for j := range scaled.X[t] {
						scaled.X[t][j] *= 7
					}
				}
			}
			large, errLarge := m.answer(scaled, 1)
			runs++
			if err != nil || errLarge != nil {
				count(&verdicts, (err == nil) != (errLarge == nil))
				continue
			}
			count(&verdicts, first.refused != large.refused || (first.average.Lo > 0) != (large.average.Lo > 0) || (first.average.Hi < 0) != (large.average.Hi < 0))
			width := first.average.Hi - first.average.Lo
			for _, pair := range [][2]float64{{first.average.Lo, large.average.Lo}, {first.average.Hi, large.average.Hi}, {first.narrow.Lo, large.narrow.Lo},
				{first.narrow.Hi, large.narrow.Hi}} {
				worst = max(worst, math.Abs(pair[0]-pair[1]/1000)/width)
			}
		}
	}
	passed := "passed"
	if different > 0 || verdicts > 0 || worst > 1e-6 {
		passed = "FAILED"
	}
	fmt.Printf("10. %s: %d series: %d not the same twice, %d other verdicts in other units, largest difference %.1e of the width: %s\n", m.name, runs, different, verdicts, worst, passed)
}

// timed asks for bar 11: milliseconds of an answer, median of 60, on one core.
func timed(m method, seed uint64) {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	for _, name := range []string{"1 control 100/30 iid", "365/30 AR(.5)", "Recast A1, 20 controls, 90/15"} {
		i := slices.IndexFunc(all(), func(s scenario) bool { return s.name == name })
		for _, ask := range []struct {
			what string
			f    answerer
		}{{"interval", m.interval}, {"with checks", m.whole}} {
			if ask.f == nil {
				continue
			}
			var took []time.Duration
			for r := range 60 {
				drawn := all()[i].at(seed, r)
				start := time.Now()
				_, _ = ask.f(drawn.series, uint64(r))
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			fmt.Printf("11. %s, %s, %s: median %.1f ms, slowest %.1f ms\n", m.name, name, ask.what, took[30].Seconds()*1000, took[59].Seconds()*1000)
		}
	}
}
