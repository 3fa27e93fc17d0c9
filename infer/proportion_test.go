package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"goalpost/gptest/need"
)

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s\ngot:  %.5f\nwant: %.5f", name, got, want)
	}
}

// Shares of the Pivot study with limits that were computed independently.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		name            string
		hits, n         float64
		value, low, top float64 // per cent
	}{
		{"understand 2011", 139, 181, 76.80, 70.13, 82.35},
		{"understand 2012", 112, 181, 61.88, 54.63, 68.64},
		{"engagement", 121, 181, 66.85, 59.71, 73.30},
		{"sales", 105, 181, 58.01, 50.73, 64.96},
		{"all", 181, 181, 100, 97.92, 100},
		{"none", 0, 181, 0, 0, 2.08},
	} {
		e := Share(c.hits, c.n, 0.95)
		near(t, c.name, 100*e.Value, c.value, 0.005)
		near(t, c.name+", low", 100*e.Lo, c.low, 0.006)
		near(t, c.name+", high", 100*e.Hi, c.top, 0.006)
	}
}

// Wilson's limits are those of R for each of its cases.
func TestShareAgreesWithR(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(need.Shared(t), "data", "survey", "r-survey", "binomial_intervals.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Cases []struct {
			X, N, Level float64
			Wilson      [2]float64
		}
	}
	if err := json.Unmarshal(data, &reference); err != nil || len(reference.Cases) < 10 {
		t.Fatalf("%d cases, %v", len(reference.Cases), err)
	}
	for _, c := range reference.Cases {
		e, name := Share(c.X, c.N, c.Level), fmt.Sprintf("%g of %g at %g", c.X, c.N, c.Level)
		near(t, name+", low", e.Lo, c.Wilson[0], 1e-12)
		near(t, name+", high", e.Hi, c.Wilson[1], 1e-12)
	}
}

func TestDifference(t *testing.T) {
	d := Difference(Share(139, 181, 0.95), Share(112, 181, 0.95))
	near(t, "change", 100*d.Value, -14.92, 0.005)
	near(t, "change, low", 100*d.Lo, -24.05, 0.006)
	near(t, "change, high", 100*d.Hi, -5.42, 0.006)
	d = Difference(Share(139, 181, 0.95), Share(110, 177, 0.95))
	near(t, "change with 177", 100*d.Value, -14.65, 0.005)
	near(t, "change with 177, low", 100*d.Lo, -23.85, 0.006)
	near(t, "change with 177, high", 100*d.Hi, -5.11, 0.006)
	w := DifferenceWithin(0.233, 0.15, 181, 0.95)
	near(t, "ranks", 100*w.Value, 8.3, 0.001)
	near(t, "ranks, low", 100*w.Lo, -0.6, 0.05)
	near(t, "ranks, high", 100*w.Hi, 17.2, 0.05)
}

func TestSmallestChange(t *testing.T) {
	for n, want := range map[float64]float64{50: 28.0, 100: 19.8, 181: 14.7, 500: 8.9, 1000: 6.3, 5000: 2.8} {
		near(t, "smallest change", 100*SmallestChange(n, n, 0.8), want, 0.05)
	}
}

func TestEffectiveN(t *testing.T) {
	near(t, "equal", EffectiveN([]float64{2, 2, 2}), 3, 1e-12)
	near(t, "one carries all", EffectiveN([]float64{1, 0, 0}), 1, 1e-12)
	near(t, "unequal", EffectiveN([]float64{1, 3}), 1.6, 1e-12)
	near(t, "nobody", EffectiveN(nil), 0, 0)
}

func TestGRIM(t *testing.T) {
	one := func(p float64) Rounded { return Rounded{p, 1} }
	for _, c := range []struct {
		name string
		got  []int
		want []int
	}{
		{"62.5 and 32.5", GRIM(181, one(62.5), one(32.5)), []int{40, 80, 120, 160}},
		{"41.6", GRIM(181, one(41.6)), []int{77, 89, 101, 113, 125, 137, 149, 154, 161, 166, 173, 178}},
		{"block 1", GRIMWhole(353, one(38.7), one(16.6), one(7.2), one(13.8), one(4.4), one(19.3)), []int{181}},
		{"block 2", GRIMWhole(353, one(45.8), one(19.2), one(5.1), one(12.4), one(4.5), one(13.0)), []int{177}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s\ngot:  %v\nwant: %v", c.name, c.got, c.want)
		}
	}
	engagement := GRIM(181, one(23.3))
	if slices.Contains(engagement, 181) || slices.Contains(engagement, 177) || !slices.Equal(engagement[len(engagement)-5:], []int{159, 163, 172, 176, 180}) {
		t.Errorf("23.3\ngot:  %v\nwant: ends with 159 163 172 176 180", engagement)
	}
	cmo := GRIMWhole(408, one(15.9), one(34.8), one(49.2))
	if want := []int{132, 264, 333, 396}; !slices.Equal(cmo, want) {
		t.Errorf("CMO Survey 2014-02\ngot:  %v\nwant: %v", cmo, want)
	}
}

// Wilson's interval covers what it says: exact coverage over all counts, averaged over
// shares from 5 to 95 %, for the sizes of the studies.
func TestShareCovers(t *testing.T) {
	for _, n := range []int{30, 100, 181, 500} {
		sum, worst, shares := 0.0, 1.0, 0
		for p := 0.05; p < 0.951; p += 0.005 {
			covered := 0.0
			for k := range n + 1 {
				if e := Share(float64(k), float64(n), 0.95); e.Lo <= p && p <= e.Hi {
					covered += binomial(n, k, p)
				}
			}
			sum, worst, shares = sum+covered, min(worst, covered), shares+1
		}
		if mean := sum / float64(shares); mean < 0.945 || mean > 0.958 || worst < 0.90 {
			t.Errorf("n = %d\ngot:  %.4f in the mean, %.4f at worst\nwant: 0.945..0.958, 0.90", n, mean, worst)
		}
	}
}

func binomial(n, k int, p float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}
