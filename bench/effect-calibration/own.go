package main

import (
	"math"
	"math/rand/v2"
)

// own returns kinds of series as shops and social accounts have them, written and
// committed before any method was run on them, and never changed afterwards: what they
// show is not what anything was tuned on.
func own() []scenario {
	return []scenario{
		{"own", "weekly orders, growth and Christmas, 104/8 weeks", weeklyOrders},
		{"own", "leads with many zero days, 120/28", leads},
		{"own", "level shift that the control shares, 180/28", sharedShift},
		{"own", "heavy-tailed promotions, 200/21", promotions},
		{"own", "15 % of days missing, weekday, 150/28", missingDays},
		{"own", "multiplicative year and week, one control lags, 365/28", laggedControl},
		{"own", "overdispersed counts, growth begins midway, 150/28", trendBreak},
		{"own", "control whose season grows, 140/28", growingSeason},
		{"own", "followers in bursts, 120/21", bursts},
		{"own", "rate of a changing base, 90/14", rate},
		{"own", "12 regions that drift, 60/6 weeks", driftingRegions},
		{"own", "shop closed on Sundays, 112/28", closedSundays},
	}
}

// weeklyOrders are counts of a shop that grows by .4 % a week, with a summer low, five
// weeks of Christmas and a slow wander of its own; the start falls anywhere in the year.
func weeklyOrders(rng *rand.Rand) sample {
	const n, m = 104, 8
	start := rng.IntN(52)
	drift := autoregressive(rng, n+m, .8)
	y := make([]float64, n+m)
	sd := 0.0
	for t := range y {
		week := (t + start) % 52
		mean := 180 * math.Exp(.004*float64(t)+.12*math.Cos(2*math.Pi*float64(week)/52)+.04*drift[t])
		if week >= 47 {
			mean *= 1.5
		}
		y[t] = overdispersed(rng, mean, 60)
		if t >= n {
			sd += math.Sqrt(mean+mean*mean/60+.0016*mean*mean) / m
		}
	}
	return sample{weeks(table(y, n)), sd}
}

// leads come on about half of the days, hardly at weekends, and then in small numbers.
func leads(rng *rand.Rand) sample {
	const n, m = 120, 28
	mood := autoregressive(rng, n+m, .8)
	y := make([]float64, n+m)
	sum, squares := 0.0, 0.0
	for t := range y {
		none := .35
		if t%7 >= 5 {
			none = .8
		}
		if rng.Float64() >= none {
			y[t] = 1 + overdispersed(rng, 2.5*math.Exp(.25*mood[t]), 2)
		}
		sum += y[t] / (n + m)
		squares += y[t] * y[t] / (n + m)
	}
	return sample{table(y, n), math.Sqrt(squares - sum*sum)}
}

// sharedShift is a market that moves to another level at once, and the outcome with it.
func sharedShift(rng *rand.Rand) sample {
	const n, m = 180, 28
	at, by := 60+rng.IntN(60), .15
	if rng.IntN(2) == 0 {
		by = -.15
	}
	market, noise := autoregressive(rng, n+m, .85), autoregressive(rng, n+m, .4)
	x, y := make([]float64, n+m), make([]float64, n+m)
	for t := range y {
		level := 400 * math.Exp(.05*market[t])
		if t >= at {
			level *= 1 + by
		}
		x[t] = level * (1 + .02*rng.NormFloat64())
		y[t] = 50 + .8*level + 12*noise[t]
	}
	return sample{table(y, n, x), 12}
}

// promotions lift single days, sometimes by a lot, before and after alike; the visits
// that serve as control see half of it.
func promotions(rng *rand.Rand) sample {
	const n, m = 200, 21
	demand, noise := autoregressive(rng, n+m, .7), autoregressive(rng, n+m, .5)
	x, y := make([]float64, n+m), make([]float64, n+m)
	for t := range y {
		lift := 1.0
		if rng.Float64() < .05 {
			lift += .3 * math.Pow(rng.Float64(), -1/2.2) // Pareto
		}
		x[t] = 900 * math.Exp(.1*demand[t]+.04*rng.NormFloat64()) * (1 + (lift-1)/2)
		y[t] = 2000 * math.Exp(.1*demand[t]+.08*noise[t]) * lift
	}
	return sample{table(y, n, x), 2000 * .08}
}

// missingDays lacks days here and there, and six in a row.
func missingDays(rng *rand.Rand) sample {
	const n, m = 150, 28
	x, u := autoregressive(rng, n+m, .9), autoregressive(rng, n+m, .6)
	week := [7]float64{1, .5, 0, .5, 1.5, -1, -2.5}
	y := make([]float64, n+m)
	gone := make([]bool, n+m)
	hole := 30 + rng.IntN(80)
	for t := range y {
		y[t] = 60 + 3*x[t] + 2*week[t%7] + 2*u[t]
		if rng.Float64() < .15 || (t >= hole && t < hole+6) {
			y[t], gone[t] = 0, true
		}
	}
	s := table(y, n, x)
	s.Missing = gone
	return sample{s, 2}
}

// laggedControl has two controls that follow the same demand, one five days late.
func laggedControl(rng *rand.Rand) sample {
	const n, m, late = 365, 28, 5
	demand, noise := autoregressive(rng, n+m+late, .9), autoregressive(rng, n+m, .6)
	start := rng.Float64() * 365
	y, now, then := make([]float64, n+m), make([]float64, n+m), make([]float64, n+m)
	for t := range y {
		year := .15 * math.Sin(2*math.Pi*(float64(t)+start)/365)
		day := .12 * math.Sin(2*math.Pi*float64(t)/7)
		y[t] = 500 * math.Exp(year+day+.15*demand[t+late]+.07*noise[t])
		now[t] = 80 * math.Exp(year+.5*day+.15*demand[t+late]+.08*rng.NormFloat64())
		then[t] = 30 * math.Exp(year+.15*demand[t]+.05*rng.NormFloat64())
	}
	return sample{table(y, n, now, then), 500 * .07}
}

// trendBreak stands still and begins to grow (or to shrink) somewhere in the middle.
func trendBreak(rng *rand.Rand) sample {
	const n, m = 150, 28
	at, slope := 50+rng.IntN(50), .004
	if rng.IntN(2) == 0 {
		slope = -.004
	}
	week := wave(n+m, 7)
	y := make([]float64, n+m)
	sd := 0.0
	for t := range y {
		mean := 20 * math.Exp(slope*float64(max(0, t-at))+.2*week[t])
		y[t] = overdispersed(rng, mean, 8)
		if t >= n {
			sd += math.Sqrt(mean+mean*mean/8) / m
		}
	}
	return sample{table(y, n), sd}
}

// growingSeason has a control with a monthly swing that becomes larger from month to month.
func growingSeason(rng *rand.Rand) sample {
	const n, m = 140, 28
	own, noise := autoregressive(rng, n+m, .8), autoregressive(rng, n+m, .5)
	month, week := wave(n+m, 30), wave(n+m, 7)
	x, y := make([]float64, n+m), make([]float64, n+m)
	for t := range y {
		swing := 1 + 2*float64(t)/float64(n)
		x[t] = 150 + 8*swing*month[t] + 6*swing*week[t] + 6*own[t]
		y[t] = 80 + .8*x[t] + 6*noise[t]
	}
	return sample{table(y, n, x), 6}
}

// bursts are new followers of whom each day draws others the day after.
func bursts(rng *rand.Rand) sample {
	const n, m, warm = 120, 21, 60
	y := make([]float64, n+m)
	last, slow := 20.0, 20.0
	for t := -warm; t < n+m; t++ {
		slow = .9*slow + .1*last
		last = overdispersed(rng, 4+.5*last+.3*slow, 10)
		if t >= 0 {
			y[t] = last
		}
	}
	return sample{table(y, n), math.Sqrt(20+20*20./10) / .87}
}

// rate is the share of those reached who engaged; how many were reached changes a lot.
func rate(rng *rand.Rand) sample {
	const n, m = 90, 14
	mood := autoregressive(rng, n+m, .75)
	y := make([]float64, n+m)
	for t := range y {
		reached := 200 + 1500*math.Exp(.8*rng.NormFloat64())
		p := .04 * math.Exp(.2*mood[t])
		y[t] = math.Round(max(0, reached*p+math.Sqrt(reached*p*(1-p))*rng.NormFloat64())) / math.Round(reached)
	}
	return sample{table(y, n), .04 * math.Sqrt(.04+.02)}
}

// driftingRegions share a market, and each goes its own slow way besides.
func driftingRegions(rng *rand.Rand) sample {
	const n, m, k = 60, 6, 12
	market := wander(rng, n+m, .03)
	region := func() []float64 {
		level, noise, way := 300*math.Exp(.5*rng.NormFloat64()), white(rng, n+m), wander(rng, n+m, .01)
		out := make([]float64, n+m)
		for t := range out {
			out[t] = level * math.Exp(market[t]+way[t]+.05*noise[t])
		}
		return out
	}
	y := region()
	mean := 0.0
	for _, v := range y[:n] {
		mean += v / n
	}
	controls := make([][]float64, k)
	for j := range controls {
		controls[j] = region()
	}
	return sample{weeks(table(y, n, controls...)), .05 * mean}
}

// closedSundays sells nothing on one day of seven, and nobody passes by then.
func closedSundays(rng *rand.Rand) sample {
	const n, m = 112, 28
	passers, u := autoregressive(rng, n+m, .7), autoregressive(rng, n+m, .4)
	week := [7]float64{.9, .85, .9, 1, 1.2, 1.5, 0}
	x, y := make([]float64, n+m), make([]float64, n+m)
	for t := range y {
		x[t] = math.Round(600 * week[t%7] * math.Exp(.12*passers[t]+.05*rng.NormFloat64()))
		y[t] = math.Round(1200 * week[t%7] * math.Exp(.12*passers[t]+.1*u[t]))
	}
	return sample{table(y, n, x), 1200 * .1 * 1.06}
}
