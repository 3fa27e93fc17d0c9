// Command raking measures how long weights take: a million respondents raked to six margins,
// and 200 bootstrap replicates of 100,000 respondents raked again, on one core.
//
//	go run ./bench/raking
//
// Chances to answer differ by every margin, so that raking has work to do; the margins must
// fit to 1e-6 afterwards, which is checked with sums of its own.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"goalpost/infer"
	"goalpost/survey"
)

// groups are the sizes of the six margins.
var groups = []int{2, 5, 16, 4, 7, 3}

func main() {
	runtime.GOMAXPROCS(1)
	fmt.Printf("%-52s %10s %8s %12s %8s\n", "what", "seconds", "cycles", "worst fit", "bar")
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	d, margins, err := sample(1_000_000, false)
	if err != nil {
		return err
	}
	var took []time.Duration
	var fit survey.Fit
	var raked *survey.Design
	for range 5 {
		start := time.Now()
		if raked, fit, err = d.Rake(margins, survey.RakeOptions{}); err != nil {
			return err
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	row("1,000,000 respondents, 6 margins (median of 5)", took[2], fit.Cycles, worst(raked.Weights(), margins), "< 1 s")
	if d, margins, err = sample(100_000, true); err != nil {
		return err
	}
	start := time.Now()
	if raked, fit, err = d.Rake(margins, survey.RakeOptions{}); err != nil {
		return err
	}
	off := 0.0
	for _, w := range raked.Replicated().Weight {
		off = max(off, worst(w, margins))
	}
	row("100,000 respondents and 200 replicates of them", time.Since(start), fit.Cycles, off, "< 10 s")
	return nil
}

func row(what string, took time.Duration, cycles int, off float64, bar string) {
	fmt.Printf("%-52s %10.2f %8d %12.1e %8s\n", what, took.Seconds(), cycles, off, bar)
}

// sample draws respondents whose groups hang together, and the population that they come
// from: the larger the sum of somebody's groups, the less likely an answer.
func sample(n int, replicates bool) (*survey.Design, []survey.Margin, error) {
	random := infer.Rand(1, uint64(n))
	margins := make([]survey.Margin, len(groups))
	for m, size := range groups {
		margins[m].Target = make([]float64, size)
	}
	for answered := 0; answered < n; {
		leaning, codes, chance := random.NormFloat64(), make([]int, len(groups)), 1.0
		for m, size := range groups {
			at := int((0.5 + 0.35*leaning/2 + 0.5*random.NormFloat64()/2) * float64(size))
			codes[m] = min(max(at, 0), size-1)
			chance *= 1 - 0.3*float64(codes[m])/float64(size)
			margins[m].Target[codes[m]]++
		}
		if random.Float64() < chance {
			answered++
			for m := range groups {
				margins[m].Code = append(margins[m].Code, codes[m])
			}
		}
	}
	d, err := survey.NewDesign(survey.Spec{N: n})
	if err == nil && replicates {
		d, err = d.Bootstrap(200, 1)
	}
	return d, margins, err
}

// worst is the largest relative difference of a group from its target.
func worst(w []float64, margins []survey.Margin) float64 {
	off := 0.0
	for _, m := range margins {
		sums := make([]float64, len(m.Target))
		for i, code := range m.Code {
			sums[code] += w[i]
		}
		for k, s := range sums {
			off = max(off, math.Abs(s-m.Target[k])/m.Target[k])
		}
	}
	return off
}
