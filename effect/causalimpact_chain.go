package effect

import (
	"math"
	"math/rand/v2"
)

// Priors of CausalImpact's standard deviations, in standard deviations of the outcome: a
// guess and how many rows it is worth, and what they cannot pass.
const (
	levelDF       = 32 // of CausalImpactOptions.PriorLevelSD
	seasonGuess   = 0.01
	seasonDF      = 0.01
	obsGuess      = 1 // without controls
	obsDF         = 0.01
	maxSigmaObs   = 1.2
	maxSigmaState = 1
)

// bstsDraws is what a chain has drawn, in standard deviations of the outcome.
type bstsDraws struct {
	state      [][]float64 // [iterations][T] the outcome; the noise of one row is in it from burn on
	sum        []float64   // [T] over the draws that are kept, without that noise
	after      []float64   // [iterations] mean over After, without that noise
	beta       [][]float64 // [iterations][p] 0 where a column is out; nil without controls
	sigmaObs   []float64   // [iterations]
	sigmaLevel []float64   // [iterations]
	loglik     []float64   // [iterations]
	burn       int         // draws from the start that are not used
}

// kept is the number of draws that are used.
func (b *bstsDraws) kept() int { return len(b.loglik) - b.burn }

// bstsChain is the state of one Gibbs sampler.
type bstsChain struct {
	d   *bstsData
	o   CausalImpactOptions
	rng *rand.Rand

	level   localLevel
	seasons *seasonal // nil: none
	ssvs    *ssvs     // nil: no controls

	sigmaObs, sigmaLevel, sigmaSeason float64

	state      []float64 // [T] level and season
	fit        []float64 // [T] of the regression
	rest       []float64 // [learned] what a component is to explain
	levelSteps float64   // sum of squares over all T rows
	loglik     float64
}

func newBSTSChain(d *bstsData, g *gram, o CausalImpactOptions, rng *rand.Rand) *bstsChain {
	c := &bstsChain{
		d: d, o: o, rng: rng,
		level:    localLevel{first: d.y[0], a: make([]float64, d.learned), gain: make([]float64, d.learned)},
		sigmaObs: 1, sigmaLevel: o.PriorLevelSD, sigmaSeason: seasonGuess,
		state: make([]float64, d.rows), fit: make([]float64, d.rows), rest: make([]float64, d.learned),
	}
	if o.Seasons > 1 {
		c.seasons = newSeasonal(d, o.Seasons, o.SeasonDuration)
	}
	if g != nil {
		c.ssvs = newSSVS(g, d.known)
	}
	return c
}

// run is the Gibbs sampler, in the order of Boom's StateSpacePosteriorSampler.
func (c *bstsChain) run(tell func(sweeps int)) *bstsDraws {
	n, rows := c.o.Iterations, c.d.rows
	room := func(n int) []float64 { return make([]float64, n) }
	out := &bstsDraws{state: make([][]float64, n), sum: room(rows), after: room(n), sigmaObs: room(n), sigmaLevel: room(n), loglik: room(n)}
	slab := room(n * rows)
	if c.ssvs != nil {
		out.beta = make([][]float64, n)
	}
	c.drawState()
	told := 0
	for i := range n {
		c.drawObservation()
		c.sigmaLevel = sigmaFrom((levelDF+float64(c.d.rows-1))/2, (levelDF*c.o.PriorLevelSD*c.o.PriorLevelSD+c.levelSteps)/2, maxSigmaState, c.rng)
		if c.seasons != nil {
			c.sigmaSeason = sigmaFrom((seasonDF+float64(c.seasons.starts))/2, (seasonDF*seasonGuess*seasonGuess+c.seasons.steps)/2, maxSigmaState, c.rng)
		}
		c.drawState()
		out.sigmaObs[i], out.sigmaLevel[i], out.loglik[i] = c.sigmaObs, c.sigmaLevel, c.loglik
		row := slab[i*rows : (i+1)*rows]
		for t, f := range c.fit {
			row[t] = c.state[t] + f
		}
		out.state[i] = row
		if c.ssvs != nil {
			out.beta[i] = append([]float64(nil), c.ssvs.beta...)
		}
		if i+1-told >= max(n/20, 1) || i+1 == n {
			tell(i + 1 - told)
			told = i + 1
		}
	}
	out.burn = suggestBurn(out.loglik)
	c.addNoise(out)
	return out
}

// addNoise makes outcomes of the states that are kept.
func (c *bstsChain) addNoise(out *bstsDraws) {
	from, until := c.d.after.From, c.d.after.Until
	for i, row := range out.state {
		out.after[i] = sum(row[from:until]) / float64(until-from)
		if i < out.burn {
			continue
		}
		sigma := out.sigmaObs[i]
		for t, v := range row {
			out.sum[t] += v
			row[t] = v + sigma*c.rng.NormFloat64()
		}
	}
}

// drawObservation draws sigmaObs and, with controls, the regression.
func (c *bstsChain) drawObservation() {
	for t, seen := range c.d.seen {
		c.rest[t] = 0
		if seen {
			c.rest[t] = c.d.y[t] - c.state[t]
		}
	}
	if c.ssvs == nil {
		c.sigmaObs = sigmaFrom((obsDF+float64(c.d.known))/2, (obsDF*obsGuess*obsGuess+dot(c.rest, c.rest))/2, maxSigmaObs, c.rng)
		return
	}
	c.sigmaObs = c.ssvs.draw(c.d, c.rest, c.rng)
	clear(c.fit)
	for _, j := range c.ssvs.in {
		beta, x := c.ssvs.beta[j], c.d.x[j][:len(c.fit)]
		for t := range c.fit {
			c.fit[t] += beta * x[t]
		}
	}
}

// drawState draws level and season.
func (c *bstsChain) drawState() {
	for t, y := range c.d.y {
		c.rest[t] = y - c.fit[t]
	}
	if c.seasons != nil {
		c.loglik, c.levelSteps = c.seasons.draw(c.state, c.d, c.rest, c.sigmaObs, c.sigmaLevel, c.sigmaSeason, c.rng)
		return
	}
	c.loglik, c.levelSteps = c.level.draw(c.state, c.d, c.rest, c.sigmaObs, c.sigmaLevel, c.rng)
}

// sigmaFrom draws a standard deviation whose precision is Gamma(shape, rate), cut off
// where the standard deviation would pass most.
func sigmaFrom(shape, rate, most float64, rng *rand.Rand) float64 {
	least := 1 / (most * most) // of the precision
	mean := shape / rate
	if least > mean+2*math.Sqrt(shape)/rate {
		return 1 / math.Sqrt(gammaTail(shape, rate, least, rng))
	}
	for {
		if w := gamma(shape, rng) / rate; w >= least {
			return 1 / math.Sqrt(w)
		}
	}
}

// gamma draws from Gamma(shape, 1). Marsaglia and Tsang (2000), ACM Trans. Math. Softw.
// 26(3), 363–372.
func gamma(shape float64, rng *rand.Rand) float64 {
	boost := 1.0
	if shape < 1 {
		boost = math.Exp(-rng.ExpFloat64() / shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := rng.Float64()
		if xx := x * x; u < 1-0.0331*xx*xx || math.Log(u) < xx/2+d*(1-v+math.Log(v)) {
			return boost * d * v
		}
	}
}

// gammaTail draws from Gamma(shape, rate) above least, which lies above the mode, by
// rejection from an exponential that lies above the density and touches it at least: of
// the tangent's rate where the log density is concave, else of rate.
func gammaTail(shape, rate, least float64, rng *rand.Rand) float64 {
	touch := rate - max(0, shape-1)/least
	for {
		w := least + rng.ExpFloat64()/touch
		if (shape-1)*math.Log(w/least)-(rate-touch)*(w-least) >= -rng.ExpFloat64() {
			return w
		}
	}
}
