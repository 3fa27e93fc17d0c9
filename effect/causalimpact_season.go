package effect

import (
	"math"
	"math/rand/v2"
)

// seasonal draws a local level together with a season. The season of a row is minus the
// sum of the S − 1 seasons before it, plus noise; it lasts duration rows.
//
// The state [m], m = S, holds the level and the last S − 1 seasons. They stay in their
// places: a new season takes the place of the oldest one, so that a step of the state
// costs O(1) and one of a mean O(S). The variance loses one outer product a known row,
// O(S²/2); nothing of size S×S is multiplied.
//
// Durbin and Koopman (2002), Biometrika 89(3), 603–615: a path is drawn from the prior,
// and the smoothed difference to what was seen is added.
type seasonal struct {
	m, duration int
	starts      int     // seasons that begin after the first row
	steps       float64 // sum of their squared noise
	first       float64 // mean of the first level

	p     []float64 // [m][m] variance of the state, lower triangle
	u     []float64 // [m] its rows, summed over the seasons
	ph    []float64 // [m] its product with what a row sees
	gains []float64 // [learned][m]
	v     []float64 // [learned] surprise over its variance, of seen less drawn
	noise []float64 // [T] of the level, drawn
	fresh []float64 // [T] of new seasons, drawn
	start []float64 // [m] the first state, drawn
	r     []float64 // [m]
	real  seasonMean
	less  seasonMean // of what was seen less what was drawn
	path  seasonMean
}

// seasonMean is a state or the mean of one, with the sum of its seasons.
type seasonMean struct {
	x   []float64 // [m]
	sum float64
}

func (s *seasonMean) set(x float64) {
	clear(s.x)
	s.x[0], s.sum = x, 0
}

// turn puts a new season in place o, before its noise.
func (s *seasonMean) turn(o int) {
	fresh := -s.sum
	s.sum += fresh - s.x[o]
	s.x[o] = fresh
}

func newSeasonal(d *bstsData, seasons, duration int) *seasonal {
	room := func(n int) []float64 { return make([]float64, n) }
	m := seasons
	s := &seasonal{m: m, duration: duration, starts: (d.rows - 1) / duration, first: d.y[0],
		p: room(m * m), u: room(m), ph: room(m), gains: room(d.learned * m), v: room(d.learned),
		noise: room(d.rows), fresh: room(d.rows), start: room(m), r: room(m)}
	for _, mean := range []*seasonMean{&s.real, &s.less, &s.path} {
		mean.x = room(m)
	}
	return s
}

// newAt says whether a season begins in row t > 0.
func (s *seasonal) newAt(t int) bool { return t%s.duration == 0 }

// older is the place of the season that is the oldest when o is the newest one; the next
// season goes there.
func (s *seasonal) older(o int) int {
	if o == 1 {
		return s.m - 1
	}
	return o - 1
}

// draw fills state [T] with level plus season; it returns the log likelihood of y
// [learned], up to a constant, and the sum of the squared steps of the level.
func (s *seasonal) draw(state []float64, d *bstsData, y []float64, sigmaObs, sigmaLevel, sigmaSeason float64, rng *rand.Rand) (loglik, levelSteps float64) {
	s.drawNoise(sigmaLevel, sigmaSeason, rng)
	loglik = s.filter(d, y, sigmaObs, sigmaLevel, sigmaSeason, rng)
	s.smooth(d, sigmaLevel*sigmaLevel, sigmaSeason*sigmaSeason)
	s.steps = 0
	copy(s.path.x, s.start)
	s.path.x[0] += s.first
	s.path.sum = sum(s.path.x[1:])
	o := 1
	state[0] = s.path.x[0] + s.path.x[o]
	for t := 1; t < d.rows; t++ {
		s.path.x[0] += s.noise[t]
		levelSteps += s.noise[t] * s.noise[t]
		if s.newAt(t) {
			o = s.older(o)
			s.path.turn(o)
			s.path.x[o] += s.fresh[t]
			s.path.sum += s.fresh[t]
			s.steps += s.fresh[t] * s.fresh[t]
		}
		state[t] = s.path.x[0] + s.path.x[o]
	}
	return loglik, levelSteps
}

// drawNoise draws the first state, less its mean, and all noise from the prior.
func (s *seasonal) drawNoise(sigmaLevel, sigmaSeason float64, rng *rand.Rand) {
	for i := range s.start {
		s.start[i] = rng.NormFloat64()
	}
	for t := 1; t < len(s.noise); t++ {
		s.noise[t] = sigmaLevel * rng.NormFloat64()
		if s.newAt(t) {
			s.fresh[t] = sigmaSeason * rng.NormFloat64()
		}
	}
}

// filter runs the Kalman filter through what was seen, for the log likelihood, and
// through what was seen less a path of the prior, which leaves v and gains.
func (s *seasonal) filter(d *bstsData, y []float64, sigmaObs, sigmaLevel, sigmaSeason float64, rng *rand.Rand) (loglik float64) {
	s.begin()
	o := 1
	quad, det := 0.0, 1.0
	for t := range d.learned {
		if t > 0 {
			s.path.x[0] += s.noise[t]
			s.p[0] += sigmaLevel * sigmaLevel
			if s.newAt(t) {
				o = s.older(o)
				s.real.turn(o)
				s.less.turn(o)
				s.path.turn(o)
				s.path.x[o] += s.fresh[t]
				s.path.sum += s.fresh[t]
				s.turnVariance(o, sigmaSeason*sigmaSeason)
			}
		}
		if d.seen[t] {
			drawn := s.path.x[0] + s.path.x[o] + sigmaObs*rng.NormFloat64()
			inv := s.see(t, o, sigmaObs*sigmaObs)
			v := y[t] - s.real.x[0] - s.real.x[o]
			quad += v * v * inv
			det *= inv
			v2 := y[t] - s.first - drawn - s.less.x[0] - s.less.x[o]
			s.v[t] = v2 * inv
			s.learn(t, v, v2)
		}
		if t&15 == 15 {
			loglik += math.Log(det)
			det = 1
		}
	}
	return 0.5 * (loglik + math.Log(det) - quad)
}

// begin sets the prior of the first state.
func (s *seasonal) begin() {
	clear(s.p)
	for i := range s.m {
		s.p[i*s.m+i], s.u[i] = 1, 1
	}
	s.u[0] = 0
	s.real.set(s.first)
	s.less.set(0)
	copy(s.path.x, s.start)
	s.path.sum = sum(s.start[1:])
}

// turnVariance is turn for the variance: the new season has the covariances −u, and what
// it takes the place of leaves the sums.
func (s *seasonal) turnVariance(o int, noise float64) {
	total := noise
	for _, u := range s.u[1:] {
		total += u
	}
	for i := range s.m {
		if i == o {
			continue
		}
		at := max(i, o)*s.m + min(i, o)
		s.p[at], s.u[i] = -s.u[i], -s.p[at]
	}
	s.p[o*s.m+o], s.u[o] = total, s.u[o]+noise
}

// see takes what a known row tells from the variance and keeps the gain; it returns one
// over the variance of the surprise.
func (s *seasonal) see(t, o int, obs float64) (inv float64) {
	m, ph := s.m, s.ph
	gain := s.gains[t*m : t*m+m]
	seasons := 0.0
	for i := range ph {
		ph[i] = s.p[i*m] + s.p[max(i, o)*m+min(i, o)]
		seasons += ph[i]
	}
	seasons -= ph[0]
	inv = 1 / (ph[0] + ph[o] + obs)
	for i, h := range ph {
		k := h * inv
		gain[i] = k
		s.u[i] -= k * seasons
		row, h := s.p[i*m:i*m+i+1], ph[:i+1]
		for j := range row {
			row[j] -= k * h[j]
		}
	}
	return inv
}

// learn moves both means by their surprises.
func (s *seasonal) learn(t int, v, v2 float64) {
	gain := s.gains[t*s.m : (t+1)*s.m]
	real, less := s.real.x[:len(gain)], s.less.x[:len(gain)]
	total := 0.0
	for i, k := range gain {
		real[i] += k * v
		less[i] += k * v2
		total += k
	}
	total -= gain[0]
	s.real.sum += total * v
	s.less.sum += total * v2
}

// smooth adds to the drawn noise, and to the drawn first state, what was seen less drawn
// says about them (disturbance smoother: Durbin and Koopman (2012), section 4.5).
func (s *seasonal) smooth(d *bstsData, level, season float64) {
	m, r := s.m, s.r
	clear(r)
	o := 1
	for t := 1; t < d.learned; t++ {
		if s.newAt(t) {
			o = s.older(o)
		}
	}
	for t := d.learned - 1; t >= 0; t-- {
		if d.seen[t] {
			gain := s.gains[t*m : t*m+m]
			kr := 0.0
			for i, k := range gain {
				kr += k * r[i]
			}
			r[0] += s.v[t] - kr
			r[o] += s.v[t] - kr
		}
		if t == 0 {
			break
		}
		s.noise[t] += level * r[0]
		if s.newAt(t) {
			fresh := r[o]
			s.fresh[t] += season * fresh
			for i := 1; i < m; i++ {
				r[i] -= fresh
			}
			r[o] = -fresh
			o = s.newer(o)
		}
	}
	for i := range r {
		s.start[i] += r[i] // whose variance is 1
	}
}

// newer undoes older.
func (s *seasonal) newer(o int) int {
	if o == s.m-1 {
		return 1
	}
	return o + 1
}

func sum(x []float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}
