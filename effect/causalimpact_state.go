package effect

import (
	"math"
	"math/rand/v2"
)

// localLevel draws the level of a series without seasons: mu_{t+1} = mu_t + sigmaLevel
// times a normal, seen as y_t = mu_t + sigmaObs times a normal, mu_1 ~ N(first, 1).
type localLevel struct {
	first float64
	a     []float64 // [learned] mean of the level given the rows so far
	gain  []float64 // [learned] weight of the next level in what a level was
}

// draw fills mu [T] with a draw of the level given y [learned]. It returns the log
// likelihood of y, up to a constant, and the sum of the squared steps of the level over
// all T rows.
//
// Forward filtering, backward sampling: Carter and Kohn (1994), Biometrika 81(3),
// 541–553. After the last row that is learned from the level only wanders on.
func (l *localLevel) draw(mu []float64, d *bstsData, y []float64, sigmaObs, sigmaLevel float64, rng *rand.Rand) (loglik, steps float64) {
	n := d.learned
	loglik, variance := l.filter(d, y, sigmaObs*sigmaObs, sigmaLevel*sigmaLevel)
	a, gain, mu := l.a[:n], l.gain[:n], mu[:d.rows]
	m := a[n-1] + math.Sqrt(variance)*rng.NormFloat64()
	mu[n-1] = m
	for t := n - 2; t >= 0; t-- {
		g := gain[t]
		was := a[t] + g*(m-a[t]) + math.Sqrt(g)*sigmaLevel*rng.NormFloat64()
		steps += (m - was) * (m - was)
		m = was
		mu[t] = m
	}
	m = mu[n-1]
	for t := n; t < len(mu); t++ {
		step := sigmaLevel * rng.NormFloat64()
		steps += step * step
		m += step
		mu[t] = m
	}
	return loglik, steps
}

// filter is the Kalman filter; variance is that of the level at the last row.
func (l *localLevel) filter(d *bstsData, y []float64, obs, level float64) (loglik, variance float64) {
	n := d.learned
	a, gain, y, seen := l.a[:n], l.gain[:n], y[:n], d.seen[:n]
	mean, p := l.first, 1.0
	quad, det := 0.0, 1.0
	for t := range n {
		if seen[t] {
			inv := 1 / (p + obs)
			v := y[t] - mean
			k := p * inv
			quad += v * v * inv
			det *= inv
			mean += k * v
			p = k * obs
		}
		if t&15 == 15 { // before the product leaves the range of numbers
			loglik += math.Log(det)
			det = 1
		}
		a[t] = mean
		next := p + level
		gain[t] = p / next
		variance, p = p, next
	}
	return 0.5 * (loglik + math.Log(det) - quad), variance
}
