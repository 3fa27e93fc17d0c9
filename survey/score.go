package survey

import "math"

// IntervalScore is Winkler's for the 80 % range: its width, and ten times what the answer
// lies outside.
//
// Source: Winkler (1972), J. Am. Stat. Assoc. 67(337), 187–191.
func (b Belief) IntervalScore(answered float64) float64 {
	const alpha = 0.2
	return b.High - b.Low + 2/alpha*(max(0, b.Low-answered)+max(0, answered-b.High))
}

// WeightedIntervalScore is the one of guess and 80 % range together.
//
// Source: Bracher et al. (2021), PLoS Comput. Biol. 17(2), e1008618, equation 1.
func (b Belief) WeightedIntervalScore(answered float64) float64 {
	return (math.Abs(answered-b.Guess)/2 + 0.2/2*b.IntervalScore(answered)) / 1.5
}

// Position is where the answer lies in the belief, from 0 to 1: evenly spread over many
// items where ranges are as wide as they should be. se is the error of the answer.
func (b Belief) Position(answered, se float64) float64 {
	return phi((answered - b.Guess) / math.Hypot(b.spread(), se))
}

// Above is the probability that the belief gives to a share above a limit.
func (b Belief) Above(limit float64) float64 { return 1 - phi((limit-b.Guess)/b.spread()) }

// Brier is the squared error of a probability that a share is above one half, against how
// probable the answers make that.
//
// Source: Brier (1950), Mon. Weather Rev. 78(1), 1–3.
func Brier(p, answered, se float64) float64 {
	d := p - phi((answered-0.5)/se)
	return d * d
}

// Spearman is the correlation of ranks, ties with their mean rank.
//
// Source: Spearman (1904), Am. J. Psychol. 15(1), 72–101.
func Spearman(x, y []float64) float64 { return correlation(rank(x), rank(y)) }

// rank numbers from 1 in ascending order, ties with their mean.
func rank(x []float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		for j := range x {
			switch {
			case x[j] < x[i]:
				out[i]++
			case x[j] == x[i]:
				out[i] += 0.5
			}
		}
		out[i] += 0.5
	}
	return out
}

func correlation(x, y []float64) float64 {
	n := float64(len(x))
	var mx, my, xx, yy, xy float64
	for i := range x {
		mx, my = mx+x[i]/n, my+y[i]/n
	}
	for i := range x {
		xx, yy, xy = xx+(x[i]-mx)*(x[i]-mx), yy+(y[i]-my)*(y[i]-my), xy+(x[i]-mx)*(y[i]-my)
	}
	return xy / math.Sqrt(xx*yy)
}

// Kendall is τ_b: pairs in the same order less pairs in the other, ties taken out.
//
// Source: Kendall (1945), Biometrika 33(3), 239–251.
func Kendall(x, y []float64) float64 {
	var agree, nx, ny float64
	for i := range x {
		for j := range i {
			a, b := sign(x[i]-x[j]), sign(y[i]-y[j])
			agree, nx, ny = agree+a*b, nx+a*a, ny+b*b
		}
	}
	return agree / math.Sqrt(nx*ny)
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
