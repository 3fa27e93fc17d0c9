package main

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// tally counts what a method says on the replications of one scenario.
type tally struct {
	n        int // runs
	none     int // runs without any interval: an error
	covered  int // the 95 % interval holds 0
	answered int // not refused
	coveredA int // answered and covered
	alarms   int // answered, and excludes 0
	half     int // found, of all runs: an effect of half a standard deviation is "increase"
	one      int // of one standard deviation
	wrong    int // an effect of one standard deviation, the smallest that matters, is called negligible
	width    float64

	factor        int // runs with a true effect of +7.5 %
	factorFound   int
	factorRefused map[string]int
	refused       map[string]int // by check
}

func newTally() *tally { return &tally{factorRefused: map[string]int{}, refused: map[string]int{}} }

// add counts one run. Additive effects need no second fit: nothing after the start is used
// but its mean, and the checks are those of the run without effect.
func (t *tally) add(a answer, err error, sd float64) {
	t.n++
	if err != nil {
		t.none++
		t.refused["no interval"]++
		return
	}
	t.width += (a.average.Hi - a.average.Lo) / sd
	holds := a.average.Lo <= 0 && a.average.Hi >= 0
	count(&t.covered, holds)
	count(&t.wrong, a.average.Lo+sd <= 0 && a.narrow.Lo+sd > -sd && a.narrow.Hi+sd < sd)
	if a.refused != "" {
		t.refused[a.refused]++
		return
	}
	t.answered++
	count(&t.coveredA, holds)
	count(&t.alarms, !holds)
	count(&t.half, a.average.Lo+.5*sd > 0)
	count(&t.one, a.average.Lo+sd > 0)
}

// addFactor counts one run in which the activity multiplied the outcome by 1.075.
func (t *tally) addFactor(a answer, err error) {
	t.factor++
	switch {
	case err != nil:
		t.factorRefused["no interval"]++
	case a.refused != "":
		t.factorRefused[a.refused]++
	default:
		count(&t.factorFound, a.average.Lo > 0)
	}
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// merge adds the counts of another worker.
func (t *tally) merge(o *tally) {
	for _, pair := range [][2]*int{{&t.n, &o.n}, {&t.none, &o.none}, {&t.covered, &o.covered}, {&t.answered, &o.answered}, {&t.coveredA, &o.coveredA},
		{&t.alarms, &o.alarms}, {&t.half, &o.half}, {&t.one, &o.one}, {&t.wrong, &o.wrong}, {&t.factor, &o.factor}, {&t.factorFound, &o.factorFound}} {
		*pair[0] += *pair[1]
	}
	t.width += o.width
	for why, n := range o.refused {
		t.refused[why] += n
	}
	for why, n := range o.factorRefused {
		t.factorRefused[why] += n
	}
}

// plan is how many replications a method gets, and how many of them again with +7.5 %.
type plan struct {
	n, factor int
	seed      uint64
}

// measure runs the replications of one scenario on all cores. The answer to a replication
// depends on its number alone, so the number of cores changes nothing.
func measure(s scenario, m method, p plan) *tally {
	total, next := newTally(), atomic.Int64{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			mine := newTally()
			for i := int(next.Add(1)) - 1; i < p.n; i = int(next.Add(1)) - 1 {
				drawn := s.at(p.seed, i)
				a, err := m.answer(drawn.series, uint64(i))
				mine.add(a, err, drawn.sd)
				if i < p.factor {
					mine.addFactor(m.answer(drawn.grown(1.075), uint64(i)))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(mine)
		})
	}
	wg.Wait()
	return total
}
