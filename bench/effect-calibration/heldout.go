package main

import (
	"math"
	"math/rand/v2"
)

// heldOut returns the kinds of series that were published as held out: no longer unseen.
func heldOut() []scenario {
	return []scenario{
		{"H", "ARMA(1,1) .8, -.4", one(100, 30, arma)},
		{"H", "drift .05 + noise", one(100, 30, drift(.05))},
		{"H", "drift .2 + noise", one(100, 30, drift(.2))},
		{"H", "AR(.6) + weekly, no control", none(100, 30, func(rng *rand.Rand, n int) []float64 {
			return linear(0, term{1, autoregressive(rng, n, .6)}, term{1.25, wave(n, 7)})
		})},
		{"H", "GARCH(1,1) .15, .8", one(100, 30, garch)},
		{"H", "seasonal AR, lag 7, .5", one(100, 30, seasonalAR)},
		{"H", "mean break of 2 sd before", one(100, 30, meanBreak)},
		{"H", "smooth trend change", one(100, 30, smoothTrend)},
		{"H", "no control 200/14 AR(.7)", none(200, 14, ar(.7))},
		{"H", "60/28 AR(.4)", one(60, 28, ar(.4))},
		{"H", "AR(2) .5, .3", one(100, 30, ar2)},
		{"H", "5 correlated controls 120/30 AR(.5)", correlatedControls},
		{"H", "multiplicative trend + week, lognormal, no control 180/28", multiplicative},
		{"H", "yearly season, no control, 365/30", none(365, 30, func(rng *rand.Rand, n int) []float64 {
			year := wave(n, 365)
			return linear(0, term{5, year}, term{1, autoregressive(rng, n, .3)})
		})},
	}
}

// warm rows are drawn and thrown away where a process has no closed stationary start.
const warm = 200

// arma is x = .8 x + e - .4 e of the day before, with standard deviation 1.
func arma(rng *rand.Rand, n int) []float64 {
	e := white(rng, n+warm)
	u := make([]float64, n+warm)
	for t := 1; t < len(u); t++ {
		u[t] = .8*u[t-1] + e[t] - .4*e[t-1]
	}
	sd := math.Sqrt((1 + .4*.4 - 2*.8*.4) / (1 - .8*.8))
	return linear(0, term{1 / sd, u[warm:]})
}

// garch has variance .05 + .15 e² + .8 of the variance of the day before.
func garch(rng *rand.Rand, n int) []float64 {
	u := white(rng, n+warm)
	v := 1.0
	for t := range u {
		if t > 0 {
			v = .05 + .15*u[t-1]*u[t-1] + .8*v
		}
		u[t] *= math.Sqrt(v)
	}
	return u[warm:]
}

// seasonalAR remembers the same day of the week before, by .5.
func seasonalAR(rng *rand.Rand, n int) []float64 {
	u := white(rng, n)
	for t := 7; t < n; t++ {
		u[t] = .5*u[t-7] + math.Sqrt(1-.25)*u[t]
	}
	return u
}

// meanBreak is white noise that moves by 2 on one day between 30 and 70.
func meanBreak(rng *rand.Rand, n int) []float64 {
	u := white(rng, n)
	for t := 30 + rng.IntN(41); t < n; t++ {
		u[t] += 2
	}
	return u
}

// smoothTrend is white noise on a level that stands still and bends into .05 a day.
func smoothTrend(rng *rand.Rand, n int) []float64 {
	u := white(rng, n)
	for t := range u {
		u[t] += .05 * 10 * math.Log1p(math.Exp((float64(t)-50)/10))
	}
	return u
}

// ar2 is u = .5 u + .3 u of two days before, with standard deviation 1.
func ar2(rng *rand.Rand, n int) []float64 {
	u := white(rng, n+warm)
	for t := 2; t < len(u); t++ {
		u[t] += .5*u[t-1] + .3*u[t-2]
	}
	const a, b = .5, .3
	sd := math.Sqrt((1 - b) / ((1 + b) * ((1-b)*(1-b) - a*a)))
	return linear(0, term{1 / sd, u[warm:]})
}

// correlatedControls are five that share most of their movement; two matter, by .6 each.
func correlatedControls(rng *rand.Rand) sample {
	const n, m = 120, 30
	shared := control(rng, n+m)
	x := make([][]float64, 5)
	for j := range x {
		x[j] = linear(0, term{math.Sqrt(.8), shared}, term{math.Sqrt(.2), control(rng, n+m)})
	}
	return sample{table(linear(100, term{.6, x[0]}, term{.6, x[1]}, term{1, autoregressive(rng, n+m, .5)}), n, x...), 1}
}

// multiplicative grows by .2 % a day, with a week and log-normal noise.
func multiplicative(rng *rand.Rand) sample {
	const n, m = 180, 28
	u, week := white(rng, n+m), wave(n+m, 7)
	y := make([]float64, n+m)
	for t := range y {
		y[t] = 100 * math.Exp(.002*float64(t)+.15*u[t]) * (1 + .2*week[t])
	}
	return sample{table(y, n), 100 * math.Exp(.002*(n+m/2)) * .15}
}
