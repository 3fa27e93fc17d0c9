package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goalpost/assess"
	"goalpost/infer"
)

// Published value: Student's sleep data (1908, Biometrika 6, 1–25), as R 4's
// t.test(extra ~ group, data = sleep) prints them: 0.75 and 2.33, interval of the difference
// −3.3654832 to 0.2054832.
func TestMeansStudent(t *testing.T) {
	s := series{y: []float64{.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2, 1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4}, on: make([]bool, 20)}
	for t := range 10 {
		s.on[t] = true
	}
	got, err := means(s)
	if err != nil || math.Abs(got.Value+1.58) > 1e-9 || math.Abs(got.Lo+3.3654832) > 1e-6 || math.Abs(got.Hi-.2054832) > 1e-6 {
		t.Errorf("\ngot:  %+v %v\nwant: -1.58, -3.3654832 to 0.2054832", got, err)
	}
}

// pattern is a series of days on which an activity brought by more, in noise of which a day
// carries on phi of the day before.
func pattern(rng *rand.Rand, n int, phi, by float64) series {
	s := series{}
	u := rng.NormFloat64() / math.Sqrt(1-phi*phi)
	for t := range n {
		u = phi*u + rng.NormFloat64()
		on := t/9%3 == 1
		y := 50 + u + float64(t%7)
		if on {
			y += by
		}
		s.day, s.y, s.on, s.weekday = append(s.day, t), append(s.y, y), append(s.on, on), append(s.weekday, t%7)
	}
	return s
}

// Recovery and coverage: a true effect is found, and intervals hold it as often as they
// should where the method's assumption holds; independent days do not where it does not,
// or this test shows nothing. 300 series, standard error 0.013 at 0.95.
func TestRegressionsCover(t *testing.T) {
	for _, c := range []struct {
		name        string
		method      contrast
		phi         float64
		least, most float64
	}{
		{"independent days", independent, 0, .91, .99},
		{"independent days in autoregressive noise", independent, .8, 0, .75},
		{"autoregressive days", autoregressive, .8, .90, .99},
	} {
		rng := infer.Rand(3, 7)
		held, sum := 0.0, 0.0
		const runs = 300
		for range runs {
			e, err := c.method(pattern(rng, 180, c.phi, 4))
			if err != nil {
				t.Fatal(err)
			}
			sum += e.Value / runs
			if e.Lo <= 4 && 4 <= e.Hi {
				held += 1. / runs
			}
		}
		if held < c.least || held > c.most || math.Abs(sum-4) > .25 {
			t.Errorf("%s\ngot:  held %.3f, mean %.2f\nwant: %.2f to %.2f, 4", c.name, held, sum, c.least, c.most)
		}
	}
}

// Invariance: a day that is missing changes little, and the unit nothing.
func TestRegressionGap(t *testing.T) {
	s := pattern(infer.Rand(1, 1), 180, .6, 3)
	whole, err := autoregressive(s)
	if err != nil {
		t.Fatal(err)
	}
	gap := series{}
	for t := range s.y {
		if t != 70 && t != 71 {
			gap.day, gap.y, gap.on, gap.weekday = append(gap.day, t), append(gap.y, 1000*s.y[t]), append(gap.on, s.on[t]), append(gap.weekday, s.weekday[t])
		}
	}
	got, err := autoregressive(gap)
	if err != nil || math.Abs(got.Value/1000-whole.Value) > .25 {
		t.Errorf("\ngot:  %v %v\nwant: about %v", got.Value/1000, err, whole.Value)
	}
}

// Moving the days finds about one false alarm in twenty where the method is right, and many
// where it is not, on average over twelve series whose pattern of days does not repeat.
func TestMoved(t *testing.T) {
	rng := infer.Rand(5, 2)
	right, wrong := 0.0, 0.0
	const lists = 12
	for range lists {
		s := pattern(rng, 120, .8, 0)
		for t, left, on := 0, 0, false; t < len(s.y); t, left = t+1, left-1 {
			if left == 0 {
				left, on = 2+rng.IntN(14), !on
			}
			s.on[t] = on
		}
		a, errA := moved(s, autoregressive)
		b, errB := moved(s, independent)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		right, wrong = right+a/lists, wrong+b/lists
	}
	if right > .1 || wrong < .15 {
		t.Errorf("got: %.3f and %.3f\nwant: below 0.10, above 0.15", right, wrong)
	}
}

// The program reads a table of its own and names what it is asked.
func TestRun(t *testing.T) {
	rng := infer.Rand(2, 2)
	var table bytes.Buffer
	var out strings.Builder
	table.WriteString("date,visits,ads\n")
	s := pattern(rng, 120, .3, 9)
	for t, y := range s.y {
		on := 0
		if s.on[t] {
			on = 1
		}
		fmt.Fprintf(&table, "2026-%02d-%02d,%.2f,%d\n", 1+t/28, 1+t%28, y, on)
	}
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, table.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), &out, path, assess.EffectTable{Date: "date", Y: "visits", Active: "ads"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"visits: ", "difference of means", "autoregressive days", "Goalpost (switched)", "everything", "runs by themselves"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if err := run(t.Context(), &out, path, assess.EffectTable{Date: "date", Y: "visits"}); err == nil {
		t.Error("without the days of the activity there is nothing to compare")
	}
}
