package infer

import (
	"math"
	"slices"
	"testing"
)

// congruential draws uniform numbers that any language can draw.
func congruential(seed, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		seed = (seed*1103515245 + 12345) % (1 << 31)
		out[i] = float64(seed) / (1 << 31)
	}
	return out
}

// autoregressive is a chain whose draws remember phi of the one before.
func autoregressive(seed, n int, phi, scale, shift float64) []float64 {
	out, y := congruential(seed, n), 0.0
	for i, u := range out {
		y = phi*y + u - 0.5
		out[i] = scale*y + shift
	}
	return out
}

func quarters(seed, n int) []float64 {
	out := congruential(seed, n)
	for i := range out {
		out[i] = math.Floor(4 * out[i])
	}
	return out
}

// Published values: ArviZ 0.23.4 on the same chains, rhat(method="rank") and the smaller
// of ess(method="bulk") and ess(method="tail"); ArviZ gives no R-hat of one chain, so that
// those come from its inner functions after the same split.
func TestRhatAndESSAgreeWithArviZ(t *testing.T) {
	for _, c := range []struct {
		name      string
		chains    [][]float64
		rhat, ess float64
	}{
		{"one chain", [][]float64{autoregressive(1, 1000, .5, 1, 0)}, 1.0154525507377714, 303.8482257049621},
		{"four chains", [][]float64{autoregressive(1, 250, .3, 1, 0), autoregressive(2, 250, .3, 1, 0), autoregressive(3, 250, .3, 1, 0), autoregressive(4, 250, .3, 1, 0)},
			1.0001608414813175, 521.5429036403327},
		{"one is elsewhere", [][]float64{autoregressive(1, 250, .3, 1, 0), autoregressive(2, 250, .3, 1, .5)}, 1.3531788190876728, 4.924394029735211},
		{"slow", [][]float64{autoregressive(7, 999, .95, 1, 0)}, 1.003922886673496, 34.30948437661111},
		{"alternating", [][]float64{autoregressive(3, 400, -.7, 1, 0)}, 1.0150477057450322, 231.8592774730469},
		{"wider", [][]float64{autoregressive(1, 250, .3, 1, 0), autoregressive(2, 250, .3, 4, 0)}, 1.2724922535000969, 166.33002328872593},
		{"ties and an odd number", [][]float64{quarters(5, 301), quarters(6, 301)}, 0.9989166043803316, 577.1821694204629},
	} {
		near(t, c.name+", R-hat", Rhat(c.chains), c.rhat, 1e-5) // two draws are as far from the median as each other, or not, by rounding
		near(t, c.name+", ESS", ESS(c.chains), c.ess, 1e-6)
	}
}

// Invariance: the order of chains, the unit and any other increasing change of the draws
// change nothing; the draws stay as they were.
func TestRhatInvariance(t *testing.T) {
	a, b := autoregressive(1, 300, .4, 1, 0), autoregressive(2, 300, .4, 1, .1)
	was := slices.Clone(a)
	rhat, ess := Rhat([][]float64{a, b}), ESS([][]float64{a, b})
	near(t, "order", Rhat([][]float64{b, a}), rhat, 1e-12)
	near(t, "order, ESS", ESS([][]float64{b, a}), ess, 1e-8)
	change := func(x []float64) []float64 {
		out := slices.Clone(x)
		for i := range out {
			out[i] = 1000*out[i] + 7
		}
		return out
	}
	near(t, "unit", Rhat([][]float64{change(a), change(b)}), rhat, 1e-12)
	near(t, "unit, ESS", ESS([][]float64{change(a), change(b)}), ess, 1e-8)
	if !slices.Equal(a, was) {
		t.Error("the draws were changed")
	}
}

// Recovery: independent draws are worth about themselves, those of an autoregression
// n·(1 − phi)/(1 + phi).
func TestESSRecovers(t *testing.T) {
	const times = 20
	for i, phi := range []float64{0, .5, .8} {
		rng, mean := Rand(1, uint64(i)), 0.0
		for range times {
			var chains [][]float64
			for range 4 {
				x, y := make([]float64, 2000), 0.0
				for i := range x {
					y = phi*y + rng.NormFloat64()
					x[i] = y
				}
				chains = append(chains, x[1000:])
			}
			halves, _ := split(chains)
			mean += splitESS(rankNormal(halves)) / times
			if r := Rhat(chains); r > 1.03 {
				t.Errorf("phi %g: R-hat of chains of one distribution is %.4f", phi, r)
			}
		}
		if want := 4000 * (1 - phi) / (1 + phi); math.Abs(mean/want-1) > 0.05 {
			t.Errorf("phi %g\ngot:  %.0f\nwant: about %.0f", phi, mean, want)
		}
	}
}

// Limits: nothing is said of what cannot be compared.
func TestRhatLimits(t *testing.T) {
	good := congruential(1, 8)
	bad := slices.Clone(good)
	bad[3] = math.NaN()
	infinite := slices.Clone(good)
	infinite[7] = math.Inf(1)
	for _, c := range []struct {
		name   string
		chains [][]float64
	}{
		{"no chain", nil},
		{"seven draws", [][]float64{good[:7]}},
		{"lengths differ", [][]float64{good, congruential(2, 9)}},
		{"all the same", [][]float64{make([]float64, 100)}},
		{"not a number", [][]float64{bad}},
		{"infinite", [][]float64{infinite}},
	} {
		if r, e := Rhat(c.chains), ESS(c.chains); !math.IsNaN(r) || !math.IsNaN(e) {
			t.Errorf("%s\ngot:  %g, %g\nwant: NaN, NaN", c.name, r, e)
		}
	}
	if r := Rhat([][]float64{good}); math.IsNaN(r) {
		t.Error("eight draws are enough")
	}
	stuck := [][]float64{make([]float64, 10), slices.Repeat([]float64{1}, 10)}
	if r := Rhat(stuck); !math.IsInf(r, 1) {
		t.Errorf("chains that never meet\ngot:  %g\nwant: +Inf", r)
	}
}

// Published values: quantile(c(1, 2, 4, 8), p, type = 7) of R.
func TestQuantile7(t *testing.T) {
	x := []float64{1, 2, 4, 8}
	for p, want := range map[float64]float64{0: 1, .025: 1.075, .25: 1.75, .5: 3, .9: 6.8, 1: 8} {
		near(t, "quantile", Quantile7(x, p), want, 1e-12)
	}
	near(t, "of one", Quantile7(x[:1], .9), 1, 0)
}
