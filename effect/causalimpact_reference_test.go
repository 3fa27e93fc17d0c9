package effect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"goalpost/infer"
)

// zeros is a source of which every normal is 0, so that a draw is the mean.
type zeros struct{}

func (zeros) Uint64() uint64 { return 0 }

// invert returns the inverse and the log determinant of a positive definite matrix, by
// elimination.
func invert(a [][]float64) (inverse [][]float64, logDet float64) {
	n := len(a)
	work := make([][]float64, n)
	for i := range a {
		work[i] = slices.Concat(a[i], make([]float64, n))
		work[i][n+i] = 1
	}
	for i := range n {
		logDet += math.Log(work[i][i])
		for j := range work[i] {
			if j != i {
				work[i][j] /= work[i][i]
			}
		}
		work[i][i] = 1
		for k := range n {
			if k == i {
				continue
			}
			f := work[k][i]
			for j := range work[k] {
				work[k][j] -= f * work[i][j]
			}
		}
	}
	inverse = make([][]float64, n)
	for i := range inverse {
		inverse[i] = work[i][n:]
	}
	return inverse, logDet
}

// priorCovariance is that of level plus season in every row, added up over the sources of
// noise: what one of them does to each row comes from the definition.
func priorCovariance(rows, seasons, duration int, level, season float64) [][]float64 {
	cov := make([][]float64, rows)
	for i := range cov {
		cov[i] = make([]float64, rows)
	}
	source := func(sd float64, answer []float64) {
		for i := range cov {
			for j := range cov {
				cov[i][j] += sd * sd * answer[i] * answer[j]
			}
		}
	}
	for from := range rows {
		step := make([]float64, rows)
		for t := from; t < rows; t++ {
			step[t] = 1
		}
		if from == 0 {
			source(1, step)
		} else {
			source(level, step)
		}
	}
	if seasons == 1 {
		return cov
	}
	path := func(first []float64, noisyAt int) []float64 { // first: the newest season and those before it
		past, out := slices.Clone(first), make([]float64, rows)
		for t := range rows {
			if t > 0 && t%duration == 0 {
				next := -sum(past)
				if t == noisyAt {
					next++
				}
				past = append([]float64{next}, past[:len(past)-1]...)
			}
			out[t] = past[0]
		}
		return out
	}
	for i := range seasons - 1 {
		first := make([]float64, seasons-1)
		first[i] = 1
		source(1, path(first, -1))
	}
	for t := duration; t < rows; t += duration {
		source(season, path(make([]float64, seasons-1), t))
	}
	return cov
}

// Reference: mean, variance and likelihood of the state from the covariance of all rows,
// without any recursion, agree with the filter, the smoother and the spread of draws.
func TestStateAgreesWithDense(t *testing.T) {
	const rows, learned, obs, level, season = 26, 20, 0.4, 0.15, 0.2
	for _, c := range []struct {
		seasons, duration int
		missing           []int
	}{{1, 1, nil}, {1, 1, []int{0, 3, 4, 11}}, {2, 1, nil}, {4, 1, nil}, {7, 1, []int{5, 6, 15}}, {3, 4, []int{1, 9}}, {12, 2, nil}} {
		t.Run(fmt.Sprintf("%d seasons of %d", c.seasons, c.duration), func(t *testing.T) {
			d, y := denseCase(rows, learned, c.missing)
			mean, variance, loglik := denseMoments(d, y, priorCovariance(rows, c.seasons, c.duration, level, season), obs)
			state := make([]float64, rows)
			draw := func(rng *rand.Rand) float64 {
				if c.seasons == 1 {
					l := localLevel{first: d.y[0], a: make([]float64, learned), gain: make([]float64, learned)}
					l.first = 0.7
					loglik, _ := l.draw(state, d, y, obs, level, rng)
					return loglik
				}
				s := newSeasonal(d, c.seasons, c.duration)
				s.first = 0.7
				loglik, _ := s.draw(state, d, y, obs, level, season, rng)
				return loglik
			}
			within(t, "log likelihood", draw(rand.New(zeros{})), loglik, 1e-9)
			for i := range state {
				within(t, fmt.Sprintf("mean of row %d", i), state[i], mean[i], 1e-9)
			}
			const draws = 20000
			rng := infer.Rand(5, 0)
			total, square := make([]float64, rows), make([]float64, rows)
			for range draws {
				draw(rng)
				for i, v := range state {
					total[i] += (v - mean[i]) / draws
					square[i] += (v - mean[i]) * (v - mean[i]) / draws
				}
			}
			for i := range state {
				within(t, fmt.Sprintf("mean of draws, row %d", i), total[i], 0, 5*math.Sqrt(variance[i]/draws))
				within(t, fmt.Sprintf("variance of draws, row %d", i), square[i]/variance[i], 1, 5*math.Sqrt(2.0/draws))
			}
		})
	}
}

func denseCase(rows, learned int, missing []int) (*bstsData, []float64) {
	rng := infer.Rand(3, 0)
	d := &bstsData{rows: rows, learned: learned, y: make([]float64, learned), seen: slices.Repeat([]bool{true}, learned)}
	y := make([]float64, learned)
	for i := range y {
		y[i] = rng.NormFloat64()
	}
	for _, i := range missing {
		d.seen[i], y[i] = false, 0
	}
	return d, y
}

// denseMoments conditions a normal vector, of mean 0.7, on what was seen.
func denseMoments(d *bstsData, y []float64, cov [][]float64, obs float64) (mean, variance []float64, loglik float64) {
	var at []int
	for i, seen := range d.seen {
		if seen {
			at = append(at, i)
		}
	}
	seen := make([][]float64, len(at))
	for i := range at {
		seen[i] = make([]float64, len(at))
		for j := range at {
			seen[i][j] = cov[at[i]][at[j]]
		}
		seen[i][i] += obs * obs
	}
	inverse, logDet := invert(seen)
	loglik = -logDet / 2
	for i := range at {
		for j := range at {
			loglik -= (y[at[i]] - 0.7) * inverse[i][j] * (y[at[j]] - 0.7) / 2
		}
	}
	for r := range d.rows {
		m, v := 0.7, cov[r][r]
		for i := range at {
			for j := range at {
				m += cov[r][at[i]] * inverse[i][j] * (y[at[j]] - 0.7)
				v -= cov[r][at[i]] * inverse[i][j] * cov[r][at[j]]
			}
		}
		mean, variance = append(mean, m), append(variance, v)
	}
	return mean, variance, loglik
}

// Reference: how often each choice of columns is drawn, and what is drawn with it, agrees
// with the posterior of all choices, computed one by one. Two of the columns are like a
// third and less like each other, so that a swap back has other ways to go than a swap.
func TestSSVSAgreesWithEnumeration(t *testing.T) {
	const rows, learned, p, draws = 30, 24, 6, 200000
	d, e := regressionCase(rows, learned, p)
	g := newGram(d)
	if g.always || len(g.near[1]) != 2 || len(g.near[2]) != 1 || len(g.near[4]) != 0 {
		t.Fatalf("the case tests no swaps: %v", g.near)
	}
	want, beta, precision := enumerate(d, g, e)
	r, rng := newSSVS(g, d.known), infer.Rand(9, 0)
	in, betas, precisions := make([]float64, 1<<p), make([]float64, p), 0.0
	for range draws {
		sigma := r.draw(d, e, rng)
		choice := 0
		for _, j := range r.in {
			choice |= 1 << j
		}
		in[choice] += 1.0 / draws
		precisions += 1 / (sigma * sigma * draws)
		for j, b := range r.beta {
			betas[j] += b / draws
		}
	}
	for choice, w := range want {
		within(t, fmt.Sprintf("choice %06b", choice), in[choice], w, 0.0005+6*math.Sqrt(w*(1-w)*6/draws))
	}
	for j := range beta {
		within(t, fmt.Sprintf("coefficient %d", j), betas[j], beta[j], 0.006)
	}
	within(t, "precision", precisions/precision, 1, 0.004)
}

func regressionCase(rows, learned, p int) (*bstsData, []float64) {
	rng := infer.Rand(4, 0)
	d := &bstsData{rows: rows, learned: learned, known: learned - 1, seen: slices.Repeat([]bool{true}, learned), x: [][]float64{slices.Repeat([]float64{1}, rows)}}
	d.seen[3] = false
	for j := 1; j < p; j++ {
		column := make([]float64, rows)
		for t := range column {
			column[t] = rng.NormFloat64()
			if j == 2 || j == 3 {
				column[t] = d.x[1][t] + 0.6*column[t]
			}
		}
		d.x = append(d.x, column)
	}
	e := make([]float64, learned)
	for t := range e {
		if d.seen[t] {
			e[t] = 0.5*d.x[1][t] + 0.35*d.x[4][t] + 0.8*rng.NormFloat64()
		}
	}
	return d, e
}

// enumerate returns the probability of each choice of columns and the means of
// coefficients and precision. (The probabilities have the exponent DF/2 − 1 of Boom, the
// precision DF/2.)
func enumerate(d *bstsData, g *gram, e []float64) (probability, beta []float64, precision float64) {
	p, total := g.p, 0.0
	df := float64(d.known) + priorDF
	probability, beta = make([]float64, 1<<p), make([]float64, p)
	for choice := range probability {
		var in []int
		for j := range p {
			if choice>>j&1 == 1 {
				in = append(in, j)
			}
		}
		a, v, b := make([][]float64, len(in)), make([][]float64, len(in)), make([]float64, len(in))
		for i, ci := range in {
			b[i] = dot(d.x[ci][:len(e)], e)
			for _, cj := range in {
				all, seen := 0.0, 0.0
				for t := range d.rows {
					all += d.x[ci][t] * d.x[cj][t] / float64(d.rows)
					if t < d.learned && d.seen[t] {
						seen += d.x[ci][t] * d.x[cj][t]
					}
				}
				if ci != cj {
					all /= 2
				}
				v[i], a[i] = append(v[i], 0.01*all), append(a[i], 0.01*all+seen)
			}
		}
		inverse, logA := invert(a)
		_, logV := invert(v)
		ss := 10 + dot(e, e)
		mean := make([]float64, len(in))
		for i := range in {
			mean[i] = dot(inverse[i], b)
			ss -= b[i] * mean[i]
		}
		pi := 3.0 / float64(p)
		w := math.Exp(float64(len(in))*math.Log(pi/(1-pi)) + (logV-logA)/2 - (df/2-1)*math.Log(ss/10))
		probability[choice] = w
		total += w
		precision += w * df / ss
		for i, j := range in {
			beta[j] += w * mean[i]
		}
	}
	for choice := range probability {
		probability[choice] /= total
	}
	for j := range beta {
		beta[j] /= total
	}
	return probability, beta, precision / total
}

// Reference: the mean of a gamma precision that is cut off agrees with its integral, near
// and far from where it is cut.
func TestSigmaFromAgreesWithIntegral(t *testing.T) {
	for _, c := range []struct{ shape, rate, most float64 }{{35, 10, 1.2}, {60, 7, 1.2}, {5, 4, 0.5}, {60, 100, 0.9}, {60, 100, 0.5}, {1, 3, 0.3}, {0.505, 0.01, 1}, {0.505, 30, 1}, {0.005, 5e-7, 1}} {
		least := 1 / (c.most * c.most)
		var mass, mean float64
		const step = 1e-4
		for u := 0.5 * step; u < 30; u += step {
			w := least * math.Exp(u)
			f := math.Exp((c.shape-1)*u-c.rate*(w-least)) * w
			mass += f
			mean += f * w
		}
		mean /= mass
		rng, got := infer.Rand(2, 0), 0.0
		const draws = 100000
		for range draws {
			sigma := sigmaFrom(c.shape, c.rate, c.most, rng)
			if sigma > c.most*(1+1e-12) {
				t.Fatalf("%+v: %g is above %g", c, sigma, c.most)
			}
			got += 1 / (sigma * sigma * draws)
		}
		within(t, fmt.Sprintf("%+v", c), (got-least)/(mean-least), 1, 0.05)
	}
}

// Reference: the quantile without sorting is that of sorted draws, ties or not.
func TestQuantileOfUnsorted(t *testing.T) {
	rng := infer.Rand(6, 0)
	for i := range 2000 {
		x := make([]float64, 1+rng.IntN(1+rng.IntN(1200)))
		for j := range x {
			x[j] = math.Floor(float64(1+i%50) * rng.Float64())
		}
		sorted, p := slices.Sorted(slices.Values(x)), rng.Float64()
		if got, want := quantile7(x, p), infer.Quantile7(sorted, p); got != want {
			t.Fatalf("%v, %g\ngot:  %g\nwant: %g", sorted, p, got, want)
		}
	}
}

// Reference: the rule of bsts, by hand: of 30 draws the last three are -5, -1 and -3, their
// 0.9-quantile is -1.4, which draw 5 (counted from 1) is the first to reach.
func TestSuggestBurn(t *testing.T) {
	trace := slices.Repeat([]float64{-2}, 30)
	copy(trace, []float64{-900, -80, -7, -1.5, -1.4})
	copy(trace[27:], []float64{-5, -1, -3})
	for _, c := range []struct {
		name  string
		trace []float64
		want  int
	}{
		{"by hand", trace, 4},
		{"the first draw is good", slices.Repeat([]float64{-1}, 30), 1},
		{"only the last one is good", append(slices.Repeat([]float64{-9}, 11), -1), 11},
	} {
		if got := suggestBurn(c.trace); got != c.want {
			t.Errorf("%s\ngot:  %d\nwant: %d", c.name, got, c.want)
		}
	}
}
