package effect

import (
	"math"
	"math/rand/v2"
)

// The prior of the regression, as CausalImpact sets it for bsts.
const (
	modelSize   = 3    // columns that are expected to matter
	priorDF     = 50   // rows that the guess of sigmaObs is worth
	priorR2     = 0.8  // share of the variance that is expected to be explained
	priorRows   = 0.01 // rows that the prior of the coefficients is worth
	swapAtLeast = 0.8  // correlation from which on two columns may change places
)

// gram is what the regression needs to know of its columns, one for all chains.
type gram struct {
	p       int
	xx, v   []float64   // [p][p] X'X over the rows learned from, and the prior precision over sigmaObs²
	logOdds float64     // of a column to be in, before any data
	always  bool        // every column is in
	never   []bool      // [p] columns of zeros
	near    [][]int     // [p] columns that it may change places with
	weight  [][]float64 // [p] the correlation with each of them
}

func newGram(d *bstsData) *gram {
	p := len(d.x)
	g := &gram{p: p, xx: make([]float64, p*p), v: make([]float64, p*p), never: make([]bool, p)}
	for i, xi := range d.x {
		for j, xj := range d.x {
			all := dot(xi, xj) / float64(d.rows)
			g.v[i*p+j] = priorRows * all / 2
			if i == j {
				g.v[i*p+j], g.never[i] = priorRows*all, all == 0
			}
			for t, seen := range d.seen {
				if seen {
					g.xx[i*p+j] += xi[t] * xj[t]
				}
			}
		}
	}
	if pi := modelSize / float64(p); pi < 1 {
		g.logOdds = math.Log(pi / (1 - pi))
	} else {
		g.always = true
	}
	g.neighbours(float64(d.known))
	return g
}

// neighbours finds the columns that are alike; the ones are like no other.
func (g *gram) neighbours(n float64) {
	g.near, g.weight = make([][]int, g.p), make([][]float64, g.p)
	cov := func(i, j int) float64 { return g.xx[i*g.p+j] - g.xx[i]*g.xx[j]/n } // row 0 holds the sums
	for i := 1; i < g.p; i++ {
		for j := 1; j < g.p; j++ {
			r := math.Abs(cov(i, j) / math.Sqrt(cov(i, i)*cov(j, j)))
			if i != j && r >= swapAtLeast && !math.IsInf(r, 1) {
				g.near[i], g.weight[i] = append(g.near[i], j), append(g.weight[i], r)
			}
		}
	}
}

// ssvs draws which columns are in, sigmaObs and the coefficients: stochastic search
// variable selection with the coefficients and sigmaObs integrated out.
//
// With A = V + X'X of the columns that are in and b = X'e, the log posterior of a choice
// is logOdds a column + (log|V| − log|A|)/2 − (DF/2 − 1)·log(SS), SS = prior + e'e −
// b'A⁻¹b. The −1 is Boom's.
//
// George and McCulloch (1997), Statistica Sinica 7(2), 339–373, section 4.
type ssvs struct {
	*gram
	in     []int     // the columns that are in, in the order of the factors
	place  []int     // [p] where a column stands in in; −1: out
	la, lv []float64 // [p][p] Cholesky factors of A and V of in, lower
	u      []float64 // [p] la⁻¹ b
	b      []float64 // [p] X'e
	ss     float64
	df     float64
	za, zv []float64 // [p] room for a row of the factors
	beta   []float64 // [p]
	order  []int
	before []int
	ssNone float64 // SS with no column in
}

func newSSVS(g *gram, known int) *ssvs {
	room := func() []float64 { return make([]float64, g.p) }
	r := &ssvs{gram: g, place: make([]int, g.p), la: make([]float64, g.p*g.p), lv: make([]float64, g.p*g.p), u: room(), b: room(),
		za: room(), zv: room(), beta: room(), df: float64(known) + priorDF}
	for j := range g.p {
		r.place[j] = -1
		if !g.never[j] {
			r.order = append(r.order, j)
		}
	}
	if g.always {
		for _, j := range r.order {
			r.extend(j)
			r.join(j)
		}
	}
	return r
}

// draw is one step of the sampler, given e [learned], 0 in rows that are not seen.
func (r *ssvs) draw(d *bstsData, e []float64, rng *rand.Rand) (sigmaObs float64) {
	for _, j := range r.order {
		r.b[j] = dot(d.x[j][:len(e)], e)
	}
	r.ssNone = priorDF*(1-priorR2) + dot(e, e)
	r.solve(0)
	if !r.always {
		rng.Shuffle(len(r.order), func(i, j int) { r.order[i], r.order[j] = r.order[j], r.order[i] })
		for _, j := range r.order {
			r.flip(j, rng)
		}
		r.swap(rng)
	}
	sigmaObs = sigmaFrom(r.df/2, r.ss/2, maxSigmaObs, rng)
	r.coefficients(sigmaObs, rng)
	return sigmaObs
}

// flip proposes that a column changes from in to out or back.
func (r *ssvs) flip(j int, rng *rand.Rand) {
	if i := r.place[j]; i >= 0 {
		if r.leaving(i) >= -rng.ExpFloat64() {
			r.leave(i)
		}
	} else if r.extend(j) && r.joining() >= -rng.ExpFloat64() {
		r.join(j)
	}
}

// extend computes the rows that a column would add to the factors, into za and zv. It is
// false when the column says nothing that those that are in do not say, to all digits.
func (r *ssvs) extend(j int) bool {
	n, p := len(r.in), r.p
	za, zv := r.za[:n+1], r.zv[:n+1]
	da, dv, w := r.xx[j*p+j]+r.v[j*p+j], r.v[j*p+j], r.b[j]
	whole := dv
	for i, c := range r.in {
		v := r.v[j*p+c]
		a := r.xx[j*p+c] + v
		la, lv := r.la[i*p:i*p+i+1], r.lv[i*p:i*p+i+1]
		for k, z := range za[:i] {
			a -= la[k] * z
			v -= lv[k] * zv[k]
		}
		a, v = a/la[i], v/lv[i]
		za[i], zv[i] = a, v
		da -= a * a
		dv -= v * v
		w -= a * r.u[i]
	}
	if !(da > 0) || !(dv > 1e-13*whole) {
		return false
	}
	za[n], zv[n] = math.Sqrt(da), math.Sqrt(dv)
	r.u[n] = w / za[n]
	return true
}

// joining is the log of how much more likely the choice is with the column of extend.
func (r *ssvs) joining() float64 {
	n := len(r.in)
	u := r.u[n]
	return r.logOdds + math.Log(r.zv[n]/r.za[n]) - (r.df/2-1)*math.Log1p(-u*u/r.ss)
}

// join takes the column of extend in.
func (r *ssvs) join(j int) {
	n := len(r.in)
	copy(r.la[n*r.p:], r.za[:n+1])
	copy(r.lv[n*r.p:], r.zv[:n+1])
	r.ss -= r.u[n] * r.u[n]
	r.place[j] = n
	r.in = append(r.in, j)
}

// leaving is the log of how much more likely the choice is without the column at i: with
// t = L⁻¹e_i, (A⁻¹)_ii is t't, and the coefficient is t'u.
func (r *ssvs) leaving(i int) float64 {
	ca, beta := r.diagonal(r.la, i)
	cv, _ := r.diagonal(r.lv, i)
	return -r.logOdds + 0.5*math.Log(cv/ca) - (r.df/2-1)*math.Log1p(beta*beta/ca/r.ss)
}

// diagonal returns t't and t'u for a factor.
func (r *ssvs) diagonal(l []float64, i int) (tt, tu float64) {
	n, t := len(r.in), r.za
	for k := i; k < n; k++ {
		row := l[k*r.p : k*r.p+k+1]
		s := 0.0
		if k == i {
			s = 1
		}
		for c := i; c < k; c++ {
			s -= row[c] * t[c]
		}
		s /= row[k]
		t[k] = s
		tt += s * s
		tu += s * r.u[k]
	}
	return tt, tu
}

// leave takes the column at i out and factors those behind it anew.
func (r *ssvs) leave(i int) {
	r.place[r.in[i]] = -1
	behind := r.in[i+1:]
	r.in = r.in[:i]
	r.ss = r.ssNone
	for _, u := range r.u[:i] {
		r.ss -= u * u
	}
	for _, j := range behind { // join overwrites in from behind what is read
		if r.extend(j) {
			r.join(j)
		} else {
			r.place[j] = -1
		}
	}
}

// restore makes the columns of list those that are in.
func (r *ssvs) restore(list []int) {
	for _, j := range r.in {
		r.place[j] = -1
	}
	r.in = r.in[:0]
	r.ss = r.ssNone
	for _, j := range list {
		if r.extend(j) {
			r.join(j)
		}
	}
}

// swap proposes that a column that is in changes places with one that is out and like it:
// single flips would have to pass a choice with both or with neither.
func (r *ssvs) swap(rng *rand.Rand) {
	if len(r.in) == 0 {
		return
	}
	i := rng.IntN(len(r.in))
	out := r.in[i]
	forward := r.outside(out)
	if forward == 0 {
		return
	}
	into, weight := r.pick(out, forward*rng.Float64())
	r.before = append(r.before[:0], r.in...)
	ratio := r.leaving(i)
	r.leave(i)
	if !r.extend(into) {
		r.restore(r.before)
		return
	}
	ratio += r.joining()
	r.join(into)
	// The weights of a pair are the same both ways; what differs is the sum of those to
	// choose from.
	ratio += math.Log(weight/r.outside(into)) - math.Log(weight/forward)
	if ratio < -rng.ExpFloat64() {
		r.restore(r.before)
	}
}

// outside is the sum of the correlations of a column with those that are out.
func (r *ssvs) outside(j int) float64 {
	sum := 0.0
	for i, c := range r.near[j] {
		if r.place[c] < 0 {
			sum += r.weight[j][i]
		}
	}
	return sum
}

// pick returns the column that is out, like j, and at a place among all of those.
func (r *ssvs) pick(j int, at float64) (column int, weight float64) {
	for i, c := range r.near[j] {
		if r.place[c] < 0 {
			column, weight = c, r.weight[j][i]
			if at -= weight; at < 0 {
				break
			}
		}
	}
	return column, weight
}

// solve computes u and ss from b, for the columns from place i on.
func (r *ssvs) solve(i int) {
	r.ss = r.ssNone
	for k := range r.in {
		row := r.la[k*r.p : k*r.p+k+1]
		if k >= i {
			s := r.b[r.in[k]]
			for c, l := range row[:k] {
				s -= l * r.u[c]
			}
			r.u[k] = s / row[k]
		}
		r.ss -= r.u[k] * r.u[k]
	}
}

// coefficients draws beta of the columns that are in: L'β = u + sigmaObs·z.
func (r *ssvs) coefficients(sigmaObs float64, rng *rand.Rand) {
	clear(r.beta)
	t := r.za
	for k := len(r.in) - 1; k >= 0; k-- {
		s := r.u[k] + sigmaObs*rng.NormFloat64()
		for c := k + 1; c < len(r.in); c++ {
			s -= r.la[c*r.p+k] * t[c]
		}
		t[k] = s / r.la[k*r.p+k]
		r.beta[r.in[k]] = t[k]
	}
}

// dot is the scalar product; four sums at once, for no addition to wait for the last.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a += x[i] * y[i]
		b += x[i+1] * y[i+1]
		c += x[i+2] * y[i+2]
		d += x[i+3] * y[i+3]
	}
	for ; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return a + b + c + d
}
