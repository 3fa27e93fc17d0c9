package effect

import (
	"math"
	"slices"

	"goalpost/infer"
)

const (
	burnShare    = 0.1 // of the draws, at the end, that say what a settled chain looks like
	burnQuantile = 0.9
	// unknownRhat stands for chains of which too few draws are left to compare them; their
	// ESS is 0.
	unknownRhat = 10
)

// suggestBurn is bsts' SuggestBurn(0.1): the draws before the first whose log likelihood
// reaches the 0.9-quantile of the last tenth.
func suggestBurn(loglik []float64) int {
	n := len(loglik)
	last := slices.Clone(loglik[n-max(1, int(math.Round(burnShare*float64(n)))):])
	slices.Sort(last)
	limit := infer.Quantile7(last, burnQuantile)
	return min(max(1, slices.IndexFunc(loglik, func(l float64) bool { return l >= limit })), n-1)
}

// posterior makes a result from the draws of all chains.
type posterior struct {
	d     *bstsData
	o     CausalImpactOptions
	draws []*bstsDraws
}

// kept is the number of draws that count, over all chains.
func (p posterior) kept() int {
	n := 0
	for _, c := range p.draws {
		n += c.kept()
	}
	return n
}

func (p posterior) result(s Series) Result {
	var all, judged []int // known rows of After, and the active ones of them
	for t := s.After.From; t < s.After.Until; t++ {
		if s.known(t) {
			all = append(all, t-p.d.first)
		}
		if s.judged(t) {
			judged = append(judged, t-p.d.first)
		}
	}
	path := p.path(s)
	sums := p.summarise(s, path, all)
	r := Result{Method: MethodCausalImpact, Path: path, Summary: p.summary(sums), Sampler: p.sampler(), Covariates: p.covariates()}
	n := p.d.known + len(all)
	r.Cumulative = sums.estimate(sums.effect(p.o.Level, 1), p.o.Level, n)
	if len(judged) < len(all) {
		sums = p.summarise(s, path, judged)
	}
	rows := float64(len(judged))
	n = p.d.known + len(judged)
	r.Average = sums.estimate(sums.effect(p.o.Level, rows), p.o.Level, n)
	r.Narrow = sums.estimate(sums.effect(0.9, rows), 0.9, n)
	r.Relative = sums.estimate(sums.relative(p.o.Level), p.o.Level, n)
	r.Expected = sums.estimate(sums.prediction(p.o.Level, rows), p.o.Level, n)
	above, below := sums.tails()
	if r.Positive = 1 - above; below < above {
		r.Positive = below
	}
	return r
}

// path is what the model expects of each row.
func (p posterior) path(s Series) []Point {
	d := p.d
	path := make([]Point, len(s.Y))
	total, block := float64(p.kept()), newColumns(p.kept())
	var sum, sumDrawn float64
	cum := make([]float64, p.kept())
	for t := range d.rows {
		at := &path[d.first+t]
		row := d.first + t
		before, after := row < s.Before.Until, row >= s.After.From && row < s.After.Until
		at.Modelled = before || after
		for _, c := range p.draws {
			at.Expected += c.sum[t] / total
		}
		at.Expected = d.mean + d.sd*at.Expected
		column := block.column(p.draws, t)
		known := s.known(row)
		if after && known {
			for i, v := range column {
				cum[i] += v
			}
		}
		lo, hi := limits(column, p.o.Level)
		at.Lo, at.Hi = d.mean+d.sd*lo, d.mean+d.sd*hi
		if at.Modelled && known {
			at.Effect = s.Y[row] - at.Expected
		}
		if after {
			if known {
				sum += at.Effect
				sumDrawn += s.Y[row] - d.mean
			}
			lo, hi = limits(append(block.spare[:0], cum...), p.o.Level)
			at.Sum, at.SumLo, at.SumHi = sum, sumDrawn-d.sd*hi, sumDrawn-d.sd*lo
		}
	}
	return path
}

// columnBlock is how many rows are read at once: as many as a line of the cache holds.
const columnBlock = 8

// columns reads the draws of one row after the other, which lie far apart.
type columns struct {
	from  int // first row that is read; −1: none
	of    [columnBlock][]float64
	spare []float64
}

func newColumns(kept int) *columns {
	c := &columns{from: -1, spare: make([]float64, 0, kept)}
	for i := range c.of {
		c.of[i] = make([]float64, 0, kept)
	}
	return c
}

// column returns the draws of row t over all chains, each in its order; they may be
// sorted. Rows are asked for upwards.
func (c *columns) column(draws []*bstsDraws, t int) []float64 {
	if c.from < 0 || t >= c.from+columnBlock {
		c.from = t
		for i := range c.of {
			c.of[i] = c.of[i][:0]
		}
		for _, chain := range draws {
			for _, row := range chain.state[chain.burn:] {
				for i, v := range row[t:min(t+columnBlock, len(row))] {
					c.of[i] = append(c.of[i], v)
				}
			}
		}
	}
	return c.of[t-c.from]
}

// limits returns the quantiles of R that hold the level between them. It changes the
// order of x.
func limits(x []float64, level float64) (lo, hi float64) {
	return quantile7(x, (1-level)/2), quantile7(x, (1+level)/2)
}

// quantile7 is infer.Quantile7 of draws that are not sorted; it changes their order.
func quantile7(x []float64, p float64) float64 {
	at := p * float64(len(x)-1)
	k := min(int(at), len(x)-1)
	choose(x, k)
	if k == len(x)-1 {
		return x[k]
	}
	f := at - float64(k)
	return x[k]*(1-f) + slices.Min(x[k+1:])*f
}

// choose puts the k-th smallest of x in its place, smaller ones before it and larger ones
// behind it. Hoare (1961), Commun. ACM 4(7), 321–322, algorithm 65.
func choose(x []float64, k int) {
	lo, hi := 0, len(x)-1
	for lo < hi {
		pivot := pivotFor(x[lo:hi+1], k-lo)
		i, j := lo, hi
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for pivot < x[j] {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

// pivotFor returns a value of x a little further inwards than the k-th smallest probably
// is, so that for a k near an end most of x is done with at once.
func pivotFor(x []float64, k int) float64 {
	const n = 15
	if len(x) < 4*n {
		a, b, c := x[0], x[len(x)/2], x[len(x)-1]
		return max(min(a, b), min(max(a, b), c))
	}
	var sample [n]float64
	for i := range sample {
		v, j := x[i*(len(x)-1)/(n-1)], i
		for ; j > 0 && sample[j-1] > v; j-- {
			sample[j] = sample[j-1]
		}
		sample[j] = v
	}
	if i := k * n / len(x); i < n/2 {
		return sample[i+1]
	} else if i > n/2 {
		return sample[i-1]
	}
	return sample[n/2]
}

// sums is what was seen and what was drawn, added up over some rows of After.
type sums struct {
	rows     float64
	actual   float64
	expected float64
	drawn    []float64 // [kept] sorted upwards
}

func (p posterior) summarise(s Series, path []Point, rows []int) sums {
	out := sums{rows: float64(len(rows)), drawn: make([]float64, 0, p.kept())}
	for _, t := range rows {
		out.actual += s.Y[p.d.first+t]
		out.expected += path[p.d.first+t].Expected
	}
	for _, c := range p.draws {
		for _, row := range c.state[c.burn:] {
			v := 0.0
			for _, t := range rows {
				v += row[t]
			}
			out.drawn = append(out.drawn, out.rows*p.d.mean+p.d.sd*v)
		}
	}
	slices.Sort(out.drawn)
	return out
}

// interval is a value with its limits and its standard deviation.
type interval struct{ value, lo, hi, sd float64 }

func (s sums) estimate(i interval, level float64, n int) infer.Estimate {
	return infer.Estimate{Value: i.value, Lo: i.lo, Hi: i.hi, Level: level, Kind: infer.Credible, N: n}
}

// prediction is what was expected, divided by a number of rows.
func (s sums) prediction(level, rows float64) interval {
	_, sd := meanSD(s.drawn)
	return interval{s.expected / rows, infer.Quantile7(s.drawn, (1-level)/2) / rows, infer.Quantile7(s.drawn, (1+level)/2) / rows, sd / rows}
}

// effect is what was seen less what was expected, divided by a number of rows.
func (s sums) effect(level, rows float64) interval {
	p := s.prediction(level, 1)
	return interval{(s.actual - p.value) / rows, (s.actual - p.hi) / rows, (s.actual - p.lo) / rows, p.sd / rows}
}

// relative is the effect as a share of what was drawn: R takes the mean of the shares.
func (s sums) relative(level float64) interval {
	shares := make([]float64, len(s.drawn))
	for i, v := range s.drawn {
		shares[i] = s.actual/v - 1
	}
	mean, sd := meanSD(shares)
	slices.Sort(shares)
	return interval{mean, infer.Quantile7(shares, (1-level)/2), infer.Quantile7(shares, (1+level)/2), sd}
}

// tails are the shares of draws at or above what was seen, and at or below it; what was
// seen counts as one of them, so that neither is 0.
func (s sums) tails() (above, below float64) {
	above, below = 1, 1
	for _, v := range s.drawn {
		if v >= s.actual {
			above++
		}
		if v <= s.actual {
			below++
		}
	}
	n := float64(len(s.drawn) + 1)
	return above / n, below / n
}

// summary is summary() of R.
func (p posterior) summary(s sums) *Summary {
	above, below := s.tails()
	row := func(rows float64) SummaryRow {
		pred, abs, rel := s.prediction(p.o.Level, rows), s.effect(p.o.Level, rows), s.relative(p.o.Level)
		return SummaryRow{
			Actual: s.actual / rows, Pred: pred.value, PredLower: pred.lo, PredUpper: pred.hi, PredSD: pred.sd,
			AbsEffect: abs.value, AbsEffectLower: abs.lo, AbsEffectUpper: abs.hi, AbsEffectSD: abs.sd,
			RelEffect: rel.value, RelEffectLower: rel.lo, RelEffectUpper: rel.hi, RelEffectSD: rel.sd,
			Alpha: 1 - p.o.Level, P: min(above, below),
		}
	}
	out := &Summary{Average: row(s.rows), Cumulative: row(1)}
	for _, c := range p.draws {
		out.Burn = max(out.Burn, c.burn)
		for _, v := range c.sigmaObs[c.burn:] {
			out.SigmaObsMean += v / float64(p.kept())
		}
	}
	return out
}

// sampler says how far the mean of the state over After and sigmaObs can be trusted.
func (p posterior) sampler() *Sampler {
	out := &Sampler{Chains: len(p.draws), Draws: p.kept(), ESS: math.Inf(1)}
	least := p.o.Iterations
	for _, c := range p.draws {
		out.Burn = max(out.Burn, c.burn)
		least = min(least, c.kept())
	}
	var state, sigma [][]float64
	for _, c := range p.draws {
		state = append(state, c.after[len(c.after)-least:])
		sigma = append(sigma, c.sigmaObs[len(c.sigmaObs)-least:])
	}
	for _, chains := range [][][]float64{state, sigma} {
		rhat, ess := infer.Rhat(chains), infer.ESS(chains)
		if math.IsNaN(ess) || math.IsInf(rhat, 1) {
			rhat, ess = unknownRhat, 0
		}
		out.Rhat, out.ESS = max(out.Rhat, rhat), min(out.ESS, ess)
	}
	return out
}

// covariates says how often each control was in, and its coefficient per unit where it
// was. The intercept belongs to the level, as R reports it.
func (p posterior) covariates() []Covariate {
	if p.d.x == nil {
		return nil
	}
	out := make([]Covariate, len(p.d.scale))
	for j := range out {
		var in []float64
		for _, c := range p.draws {
			for _, beta := range c.beta[c.burn:] {
				if b := beta[j+1]; b != 0 {
					in = append(in, b*p.d.sd/p.d.scale[j])
				}
			}
		}
		out[j].Inclusion = float64(len(in)) / float64(p.kept())
		if len(in) > 0 {
			out[j].Mean, out[j].SD = meanSD(in)
		}
	}
	return out
}
