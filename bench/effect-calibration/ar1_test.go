package main

import (
	"math"
	"testing"

	"goalpost/effect"
)

// Reference: generalised least squares with the whole covariance matrix gives the same
// effect and standard error at the phi that was chosen, with days missing.
func TestAR1AgainstWholeMatrix(t *testing.T) {
	s := own()[4].at(1, 0).series // days are missing
	fit, err := fitAR1(s)
	if err != nil {
		t.Fatal(err)
	}
	effectGot, seGot := fit.effect(s)
	before, after := known(s, s.Before), known(s, s.After)
	cov := func(a, b int) float64 {
		return math.Pow(fit.phi, math.Abs(float64(a-b))) / (1 - fit.phi*fit.phi)
	}
	n := len(before)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		for j := range v[i] {
			v[i][j] = cov(before[i], before[j])
		}
	}
	vi, _, ok := invert(v)
	if !ok {
		t.Fatal("singular")
	}
	// The mean after as a linear function of the rows before: the best unbiased prediction.
	gram := [][]float64{{0, 0}, {0, 0}}
	var cross, h [2]float64
	c := make([]float64, n) // covariance of the mean after with each row before
	x := func(row int) [2]float64 { return [2]float64{1, s.X[row][0]} }
	own := 0.0
	for _, a := range after {
		for k, value := range x(a) {
			h[k] += value / float64(len(after))
		}
		for i, b := range before {
			c[i] += cov(a, b) / float64(len(after))
		}
		for _, b := range after {
			own += cov(a, b) / float64(len(after)*len(after))
		}
	}
	for i := range n {
		for j := range n {
			for k := range 2 {
				cross[k] += x(before[i])[k] * vi[i][j] * s.Y[before[j]]
				h[k] -= c[i] * vi[i][j] * x(before[j])[k]
				for l := range 2 {
					gram[k][l] += x(before[i])[k] * vi[i][j] * x(before[j])[l]
				}
			}
			own -= c[i] * vi[i][j] * c[j]
		}
	}
	gi, _, _ := invert(gram)
	want, variance := 0.0, own
	for _, a := range after {
		want += s.Y[a] / float64(len(after))
	}
	for i := range n {
		for j := range n {
			want -= c[i] * vi[i][j] * s.Y[before[j]]
		}
	}
	for k := range 2 {
		for l := range 2 {
			want -= h[k] * gi[k][l] * cross[l]
			variance += h[k] * gi[k][l] * h[l]
		}
	}
	if se := math.Sqrt(fit.variance * variance); math.Abs(effectGot-want) > 1e-6 || math.Abs(seGot-se) > 1e-6 {
		t.Errorf("\ngot:  %.8f ± %.8f\nwant: %.8f ± %.8f", effectGot, seGot, want, se)
	}
}

// Recovery: phi is found, and the intervals of stationary noise hold about what they say.
func TestAR1Recovers(t *testing.T) {
	phi, s := 0.0, scenario{"T", "365/30 AR(.5)", one(365, 30, ar(.5))}
	for i := range 50 {
		fit, err := fitAR1(s.at(1, i).series)
		if err != nil {
			t.Fatal(err)
		}
		phi += fit.phi / 50
	}
	if math.Abs(phi-.5) > .03 {
		t.Errorf("mean phi %.3f, want .5", phi)
	}
	if got := measure(s, plainPeer(), plan{n: 400, seed: 1}).coverage(); got < .91 || got > .98 {
		t.Errorf("coverage %.3f, want about .95", got)
	}
}

// Limits: nothing to learn from is an error.
func TestAR1Refuses(t *testing.T) {
	s := effect.Series{Y: make([]float64, 40), Before: effect.Span{Until: 30}, After: effect.Span{From: 30, Until: 40}}
	if _, _, err := ar1(s); err == nil {
		t.Error("a constant series was fitted")
	}
}
