// Command survey-coverage measures how often intervals of shares hold the truth: 95 of 100
// times is what they claim.
//
//	go run ./bench/survey-coverage [-samples 4000] [-seed 1] [-kinds srs,weights,…]
//
// Samples drawn at random are summed up exactly over all outcomes; other designs are
// simulated. Beside the coverage of all intervals stands that of those which a page shows,
// and how often it says "too uncertain" instead. A rate passes when its whole 95 % interval
// over the simulated samples lies within the bar.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"

	"goalpost/infer"
)

var (
	shares = []float64{0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5}
	sizes  = []int{50, 100, 200, 500, 1000, 2000}
)

// The bars: of every cell, and of the mean over shares for each n from 100.
const (
	cellLow, cellHigh = 0.91, 0.985
	meanLow, meanHigh = 0.94, 0.965
)

// tally counts what became of the samples of a cell; weights are 1 where simulated.
type tally struct {
	refused, all, held float64 // samples without an estimate, those with one, and those whose interval held the truth
	shown, shownHeld   float64 // the same of those that are not too uncertain to show
	width              float64
	samples            int // 0: exact
}

func (t *tally) add(weight float64, o outcome) {
	if o.refused {
		t.refused += weight
		return
	}
	t.all += weight
	t.width += weight * o.width
	if o.held {
		t.held += weight
	}
	if !o.uncertain {
		t.shown += weight
		if o.held {
			t.shownHeld += weight
		}
	}
}

func (t tally) coverage() float64 { return t.held / t.all }

// error is half the width of the 95 % interval of the simulated rate.
func (t tally) error() float64 {
	if t.samples == 0 {
		return 0
	}
	p := t.coverage()
	return 1.96 * math.Sqrt(p*(1-p)/float64(t.samples))
}

// outcome is one interval.
type outcome struct {
	held, uncertain bool
	refused         bool // there is no estimate
	width           float64
}

// cell is one line of the table.
type cell struct {
	n int
	p float64
	t tally
}

func main() {
	samples := flag.Int("samples", 4000, "samples of each cell")
	seed := flag.Uint64("seed", 1, "of the samples")
	only := flag.String("kinds", "", "names of kinds, with commas between")
	flag.Parse()
	failed := 0
	for _, k := range kinds {
		if *only != "" && !strings.Contains(","+*only+",", ","+k.name+",") {
			continue
		}
		cells, err := k.run(*samples, *seed)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", k.name, err)
			os.Exit(1)
		}
		failed += k.print(cells)
	}
	fmt.Printf("%d of the bars failed\n", failed)
}

// kind is a way to draw samples.
type kind struct {
	name, what string
	sizes      []int
	truths     []float64
	compared   bool // no bar: another method beside ours
	exact      func(n int, p float64) (tally, error)
	sample     func(r *random, n int, p float64) (outcome, error)
}

// run fills all cells of a kind, as many at once as there are cores.
func (k kind) run(samples int, seed uint64) ([]cell, error) {
	var cells []cell
	for _, n := range k.sizes {
		for _, p := range k.truths {
			cells = append(cells, cell{n: n, p: p})
		}
	}
	work := make(chan int)
	errs := make([]error, len(cells))
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := range work {
				cells[i].t, errs[i] = k.cell(samples, seed, i, cells[i])
			}
		})
	}
	for i := range cells {
		work <- i
	}
	close(work)
	all.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("n %d, p %g: %w", cells[i].n, cells[i].p, err)
		}
	}
	return cells, nil
}

func (k kind) cell(samples int, seed uint64, index int, c cell) (tally, error) {
	if k.exact != nil {
		return k.exact(c.n, c.p)
	}
	t := tally{samples: samples}
	r := &random{infer.Rand(seed, uint64(index))}
	for range samples {
		o, err := k.sample(r, c.n, c.p)
		if err != nil {
			return tally{}, err
		}
		t.add(1, o)
	}
	return t, nil
}

// print writes the cells and the means over shares, and counts the bars that failed.
func (k kind) print(cells []cell) (failed int) {
	fmt.Printf("\n%s: %s\n%6s %6s %9s %7s %9s %10s %8s %8s  %s\n", k.name, k.what, "n", "p", "coverage", "±", "if shown", "uncertain", "refused", "width", "bar")
	for i := 0; i < len(cells); {
		n, from := cells[i].n, i
		sum, variance, shown := 0.0, 0.0, 0
		for ; i < len(cells) && cells[i].n == n; i++ {
			c := cells[i]
			at, e := c.t.coverage(), c.t.error()
			verdict := k.judge(at, e, cellLow, cellHigh)
			uncertain := 1 - c.t.shown/c.t.all
			if verdict == "FAILED" && uncertain > 0.95 {
				verdict = "not shown"
			}
			if verdict == "FAILED" {
				failed++
			}
			fmt.Printf("%6d %6.2f %8.1f%% %6.1f%% %8s %9.1f%% %7.1f%% %8.3f  %s\n", n, c.p, 100*at, 100*e, percent(c.t.shownHeld, c.t.shown), 100*uncertain, 100*c.t.refused/(c.t.refused+c.t.all), c.t.width/c.t.all, verdict)
			sum, variance = sum+at, variance+e*e
			shown++
		}
		if n >= 100 && len(k.truths) > 1 {
			mean, e := sum/float64(i-from), math.Sqrt(variance)/float64(i-from)
			verdict := k.judge(mean, e, meanLow, meanHigh)
			if verdict == "FAILED" {
				failed++
			}
			fmt.Printf("%6d %6s %8.1f%% %6.1f%% %8s %10s %8s %8s  %s\n", n, "mean", 100*mean, 100*e, "", "", "", "", verdict)
		}
	}
	return failed
}

func percent(part, all float64) string {
	if all == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*part/all)
}

// judge holds a rate with its simulation error against a bar.
func (k kind) judge(rate, e, low, high float64) string {
	switch {
	case k.compared:
		return ""
	case rate-e >= low && rate+e <= high:
		return "passed"
	case rate+e < low || rate-e > high:
		return "FAILED"
	}
	return "open" // the interval of the rate reaches over the bar: more samples would tell
}
