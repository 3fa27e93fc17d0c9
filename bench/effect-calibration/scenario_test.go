package main

import (
	"math"
	"slices"
	"testing"

	"goalpost/infer"
)

// The same seed gives the same series, another one does not, and the name of a scenario
// is its own: the name chooses the stream.
func TestScenarios(t *testing.T) {
	if twice := duplicates(all()); len(twice) > 0 {
		t.Errorf("scenarios with one name: %q", twice)
	}
	for _, s := range all() {
		t.Run(s.set+" "+s.name, func(t *testing.T) {
			a, b, c := s.at(1, 3), s.at(1, 3), s.at(1, 4)
			if !slices.Equal(a.series.Y, b.series.Y) {
				t.Error("the same seed and number gave another series")
			}
			if slices.Equal(a.series.Y, c.series.Y) {
				t.Error("another number gave the same series")
			}
			if !(a.sd > 0) {
				t.Errorf("standard deviation %v", a.sd)
			}
			if a.series.After.Until != len(a.series.Y) || a.series.Before.Until != a.series.After.From {
				t.Errorf("spans %v %v of %d rows", a.series.Before, a.series.After, len(a.series.Y))
			}
			for _, y := range a.series.Y {
				if math.IsNaN(y) || math.IsInf(y, 0) {
					t.Fatalf("value %v", y)
				}
			}
		})
	}
}

// Recovery: every noise that is said to have standard deviation 1 has it.
func TestNoiseHasUnitVariance(t *testing.T) {
	for name, u := range map[string]noise{"iid": ar(0), "AR(.9)": ar(.9), "ARMA": arma, "GARCH": garch, "lag 7": seasonalAR, "AR(2)": ar2, "t3": studentNoise} {
		rng := infer.Rand(1, uint64(len(name)))
		squares, count := 0.0, 0.0
		for range 400 {
			for _, v := range u(rng, 130) {
				squares += v * v
				count++
			}
		}
		if got := squares / count; math.Abs(got-1) > .12 {
			t.Errorf("%s: variance %.3f, want 1", name, got)
		}
	}
}
