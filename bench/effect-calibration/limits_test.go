package main

import (
	"math"
	"testing"
)

// Published value: the bars' own counts, 3,758 of 4,000 for .93 and 3,645 for .90, and the
// closed forms at the ends, 1 - .01^(1/n).
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		hits int
		is   float64
	}{{3758, .93}, {3645, .90}} {
		if lower(c.hits, 4000) < c.is || lower(c.hits-1, 4000) >= c.is {
			t.Errorf("%d of 4000 is not the first whose limit reaches %v: %v, one less %v", c.hits, c.is, lower(c.hits, 4000), lower(c.hits-1, 4000))
		}
	}
	if got, want := upper(0, 100), 1-math.Pow(.01, .01); math.Abs(got-want) > 1e-9 {
		t.Errorf("upper of 0 in 100: got %v, want %v", got, want)
	}
	if got, want := lower(100, 100), math.Pow(.01, .01); math.Abs(got-want) > 1e-9 {
		t.Errorf("lower of 100 in 100: got %v, want %v", got, want)
	}
	if lower(0, 10) != 0 || upper(10, 10) != 1 {
		t.Error("the ends are not open")
	}
}
