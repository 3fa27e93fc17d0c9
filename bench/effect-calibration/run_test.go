package main

import (
	"errors"
	"strings"
	"testing"

	"goalpost/infer"
)

// What is counted: coverage of all and of answered runs, alarms and finds of all runs.
func TestTally(t *testing.T) {
	interval := func(lo, hi float64) answer {
		return answer{average: infer.Estimate{Lo: lo, Hi: hi}, narrow: infer.Estimate{Lo: lo + .1, Hi: hi - .1}}
	}
	refused := interval(1, 2)
	refused.refused = "relation"
	c := newTally()
	c.add(interval(-.4, .6), nil, 1)   // holds 0; .5 and 1 are found
	c.add(interval(-.9, .3), nil, 1)   // 1 is found
	c.add(interval(.2, 1), nil, 1)     // a false alarm
	c.add(interval(-1.5, -.2), nil, 1) // a false alarm, and 1 is called negligible
	c.add(refused, nil, 1)             // neither an alarm nor a find
	c.add(answer{}, errors.New("no"), 1)
	got := []int{c.n, c.none, c.covered, c.answered, c.coveredA, c.alarms, c.half, c.one, c.wrong, c.refusals()}
	for i, want := range []int{6, 1, 2, 4, 2, 2, 2, 3, 1, 2} {
		if got[i] != want {
			t.Fatalf("\ngot:  %v\nat %d, want %d", got, i, want)
		}
	}
}

// A bar that holds with too few replications is not passed; one that fails with all is.
func TestBarVerdict(t *testing.T) {
	b := covers("1", .93, []string{"a"})
	for _, c := range []struct {
		covered, n int
		want       string
	}{{1990, 2000, "not shown yet"}, {3758, 4000, "passed"}, {3757, 4000, "FAILED"}, {1000, 2000, "not shown (asks"}} {
		if got := b.verdict(results{"a": {n: c.n, covered: c.covered}}); !strings.HasPrefix(got, c.want) {
			t.Errorf("%d of %d: got %q, want %q", c.covered, c.n, got, c.want)
		}
	}
	for _, b := range bars() {
		for _, name := range b.on {
			if !exists(name) {
				t.Errorf("bar %s asks for %q, which is no scenario", b.number, name)
			}
		}
	}
}

func exists(name string) bool {
	for _, s := range all() {
		if s.name == name {
			return true
		}
	}
	return false
}

// Invariance: the counts do not depend on how many cores there are, and an additive effect
// is what shifting the series gives.
func TestMeasure(t *testing.T) {
	s := tuned()[0]
	a, b := measure(s, plainPeer(), plan{n: 60, factor: 30, seed: 3}), newTally()
	for i := range 60 {
		drawn := s.at(3, i)
		got, err := plainPeer().answer(drawn.series, 0)
		b.add(got, err, drawn.sd)
	}
	if a.covered != b.covered || a.one != b.one || a.factor != 30 {
		t.Errorf("\ngot:  %+v\nwant: %+v", a, b)
	}
	drawn := s.at(3, 1)
	plain, _, _ := ar1(drawn.series)
	shifted := drawn.series
	shifted.Y = append([]float64(nil), shifted.Y...)
	for i := shifted.After.From; i < shifted.After.Until; i++ {
		shifted.Y[i]++
	}
	more, _, _ := ar1(shifted)
	if d := more.Lo - plain.Lo; d < .999999 || d > 1.000001 {
		t.Errorf("an effect of 1 moved the lower bound by %v", d)
	}
	if (drawn.grown(2).Y[0] != drawn.series.Y[0]) || drawn.grown(2).Y[100] != 2*drawn.series.Y[100] {
		t.Error("the factor does not work on the days after alone")
	}
}

func plainPeer() method {
	for _, m := range methods() {
		if m.name == "ar1" {
			return m
		}
	}
	panic("no plain peer")
}
