package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
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

// The series of our own sets are as long as their names say, in days or in weeks, every
// control has a finite value on every row and moves before the start, and so does the outcome.
func TestLengthsAndControls(t *testing.T) {
	for _, s := range append(own(), sealed()...) {
		t.Run(s.set+" "+s.name, func(t *testing.T) {
			var before, after int
			last := s.name[strings.LastIndex(s.name, ", ")+2:]
			if _, err := fmt.Sscanf(last, "%d/%d", &before, &after); err != nil {
				t.Fatalf("no lengths in %q: %v", last, err)
			}
			got := s.at(1, 3).series
			if got.Before.Until != before || len(got.Y) != before+after {
				t.Errorf("%d rows, %d of them before", len(got.Y), got.Before.Until)
			}
			if isWeeks := strings.HasSuffix(last, "weeks"); isWeeks != (got.Weekday == nil) {
				t.Errorf("weekdays %v", got.Weekday)
			}
			columns := [][]float64{got.Y}
			if got.X != nil {
				columns = append(columns, transposed(got.X)...)
			}
			for j, c := range columns {
				if len(c) != before+after || slices.Min(c[:before]) == slices.Max(c[:before]) {
					t.Errorf("column %d has %d rows, from %v to %v", j, len(c), slices.Min(c), slices.Max(c))
				}
				if slices.ContainsFunc(c, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
					t.Errorf("column %d is not finite", j)
				}
			}
			if again := s.at(1, 3).series; !slices.EqualFunc(got.X, again.X, slices.Equal) {
				t.Error("the same seed and number gave other controls")
			}
		})
	}
}

// transposed are the columns of a table of rows.
func transposed(rows [][]float64) [][]float64 {
	columns := make([][]float64, len(rows[0]))
	for _, row := range rows {
		for j, v := range row {
			columns[j] = append(columns[j], v)
		}
	}
	return columns
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

// duplicates returns the names that two scenarios of a set share.
func duplicates(list []scenario) (twice []string) {
	seen := map[string]bool{}
	for _, s := range list {
		key := fmt.Sprint(s.set, " ", s.name)
		if seen[key] {
			twice = append(twice, key)
		}
		seen[key] = true
	}
	return twice
}
