package main

import (
	"reflect"
	"testing"

	"goalpost/assess"
)

// Agreement: the product gets the series of a sample, raised only while the activity worked;
// the number of cores changes no count.
func TestJoint(t *testing.T) {
	s := own()[4] // days are missing
	x := s.at(3, 0)
	in := x.asked(2)
	for row, y := range x.series.Y {
		want := y
		if row >= x.series.After.From && !x.series.Missing[row] {
			want += 2 * x.sd
		}
		if in.Y[row] != want || in.Controls[0].Values[row] != x.series.X[row][0] {
			t.Fatalf("row %d: %v and %v\nwant: %v and %v", row, in.Y[row], in.Controls[0].Values[row], want, x.series.X[row][0])
		}
	}
	a, err := s.told(plan{n: 2, seed: 3}, 4)
	if err != nil {
		t.Fatal(err)
	}
	if a.n != 2 || a.found != 2 || a.refused != 0 || a.dots[1]+a.dots[2]+a.dots[3] != 2 {
		t.Errorf("an effect of four standard deviations: %+v", a)
	}
	if b, err := s.told(plan{n: 2, seed: 3}, 4); err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("%v\ngot:  %+v\nwant: %+v", err, b, a)
	}
}

// Limits: a check that refuses counts once however many do; a skipped one has not failed.
func TestProcedureCounts(t *testing.T) {
	p := procedure{failed: map[string]int{}}
	p.add(assess.EffectReport{Checks: []assess.EffectCheck{{Name: "a", Refuses: true}, {Name: "b", Refuses: true}, {Name: "c", Skipped: true}, {Name: "d", Passed: true}}})
	p.add(assess.EffectReport{Decision: "increase", Dots: 2, Checks: []assess.EffectCheck{{Name: "c"}}})
	want := procedure{n: 2, refused: 1, found: 1, dots: [4]int{0, 0, 1, 0}, failed: map[string]int{"a": 1, "b": 1, "c": 1}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("\ngot:  %+v\nwant: %+v", p, want)
	}
}
