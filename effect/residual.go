package effect

import "math"

// residual is one of the covariances that noise may have: a state z_t = phi·z_(t-1) + e_t
// with var e = q, seen with noise of variance r, all in units of σ², which is the steady
// variance of a prediction one row ahead.
type residual struct {
	phi, q, r, first float64 // first is the variance of the first state
	prior            float64 // log weight
	wanders          bool    // counts towards Drift: phi ≥ 0.95
	look             int     // of the bits lookAll and lookSparse, those where this one stands for all of them
}

// Where a few covariances stand for all of them, which would take too long.
const (
	lookAll    = 1 << iota // in outlying weeks, the screen with at most one control, and the check of the relation
	lookSparse             // in the screen with two and more controls
)

// Prior weights of the covariances, chosen in simulations (METHODS.md, bma).
const (
	priorIID   = 0.2
	priorAR    = 0.4 // all autoregressions
	priorLevel = 0.4 // all local levels and the random walk
	walkAs     = 2.5 // d of the random walk in its weight
)

// residuals returns the 23 covariances in their order: autoregressions with phi below 0,
// none, above 0, local levels, random walk.
func residuals() []residual {
	phis := []float64{-.3, -.15, 0, .1, .2, .3, .4, .5, .6, .7, .8, .87, .92, .96, .985}
	base := map[float64]float64{.8: .085, .87: .06, .92: .045, .96: .03, .985: .02} // others: 0.1
	ds := []float64{.1, .15, .22, .32, .5, .8, 1.5}
	looks := map[float64]int{0: lookAll | lookSparse, .4: lookAll, .7: lookAll | lookSparse, .92: lookAll}
	levelLooks := map[float64]int{.1: lookAll | lookSparse, .32: lookAll, .8: lookAll | lookSparse}

	var list []residual
	sumAR, sumLevel := 0.0, 0.0
	for _, phi := range phis {
		c := residual{phi: phi, q: 1, first: 1 / (1 - phi*phi), wanders: phi >= .95, look: looks[phi]}
		if phi != 0 {
			b, ok := base[phi]
			if !ok {
				b = .1
			}
			c.prior = b * math.Pow(1.02-math.Abs(phi), .7)
			sumAR += c.prior
		}
		list = append(list, c)
	}
	bell := func(d float64) float64 { l := math.Log(d/.3) / .7; return math.Exp(-l*l/2) + .03 }
	for _, d := range ds {
		p := (d*d + math.Sqrt(d*d*d*d+4*d*d)) / 2
		r := 1 / (1 + p)
		c := residual{phi: 1, r: r, q: r * d * d, first: r * d * d, prior: bell(d), wanders: true, look: levelLooks[d]}
		list, sumLevel = append(list, c), sumLevel+c.prior
	}
	walk := residual{phi: 1, q: 1, first: 1, prior: bell(walkAs), wanders: true}
	list, sumLevel = append(list, walk), sumLevel+walk.prior
	for i := range list {
		switch {
		case list[i].phi == 0:
			list[i].prior = math.Log(priorIID)
		case list[i].phi < 1:
			list[i].prior = math.Log(priorAR * list[i].prior / sumAR)
		default:
			list[i].prior = math.Log(priorLevel * list[i].prior / sumLevel)
		}
	}
	return list
}

// ahead returns how a mean over rows that lie asked rows ahead (1 is the next, ascending)
// hangs together with the last filtered state: its factor, and the variance in σ² for a
// state variance p.
func (c residual) ahead(asked []int, p float64) (factor, variance float64) {
	m := float64(len(asked))
	// weight is what the disturbance of row s counts in the mean.
	weight, i := 0.0, len(asked)-1
	for s := asked[i]; s >= 1; s-- {
		weight *= c.phi
		if i >= 0 && asked[i] == s {
			weight += 1 / m
			i--
		}
		variance += weight * weight
	}
	factor = weight * c.phi
	return factor, factor*factor*p + c.r/m + c.q*variance
}
