package survey

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"goalpost/infer"
)

// ErrLength is returned where a statistic is of another number of respondents than the design.
var ErrLength = errors.New("survey: a column is not as long as the design")

// Statistic is a number computed from weighted answers: a mean, a total or a ratio in a
// domain of respondents. A respondent outside of the domain, or without an answer, stays in
// the design and adds nothing.
type Statistic struct {
	num, den []float64 // [n]; den nil: a mean; both with NaN where there is no answer
	in       []bool    // [n] the domain; nil: all
	total    bool
}

// Mean is Σwy/Σw over those with an answer in the domain. y [n] holds NaN where there is
// none; in [n] is the domain, nil for all. Of 0 and 1 it is a share.
func Mean(y []float64, in []bool) Statistic { return Statistic{num: y, in: in} }

// Total is Σwy over those with an answer in the domain.
func Total(y []float64, in []bool) Statistic { return Statistic{num: y, in: in, total: true} }

// Ratio is Σwy/Σwx over those with both answers in the domain.
func Ratio(y, x []float64, in []bool) Statistic { return Statistic{num: y, den: x, in: in} }

// counts says whether a respondent is in the domain and answered.
func (s Statistic) counts(i int) bool {
	return (s.in == nil || s.in[i]) && !math.IsNaN(s.num[i]) && (s.den == nil || !math.IsNaN(s.den[i]))
}

func (s Statistic) fits(n int) bool {
	return len(s.num) == n && (s.den == nil || len(s.den) == n) && (s.in == nil || len(s.in) == n)
}

// value computes the statistic; base is what it is divided by, 1 for a total.
func (s Statistic) value(w []float64) (value, base float64) {
	var num, den sum
	for i, weight := range w {
		if weight == 0 || !s.counts(i) {
			continue
		}
		num.add(weight * s.num[i])
		switch {
		case s.den != nil:
			den.add(weight * s.den[i])
		default:
			den.add(weight)
		}
	}
	if s.total {
		return num.value(), 1
	}
	return num.value() / den.value(), den.value()
}

// influence is what each respondent adds to the error of the statistic, times the weight
// [n]: w(y−ŷ)/Σw for a mean, wy for a total, w(y−Rx)/Σwx for a ratio; 0 outside.
//
// Source: Binder (1983), Int. Stat. Rev. 51(3), 279–292; Woodruff (1971), J. Am. Stat.
// Assoc. 66(334), 411–414.
func (s Statistic) influence(w []float64, value, base float64) []float64 {
	u := make([]float64, len(w))
	for i, weight := range w {
		if weight == 0 || !s.counts(i) {
			continue
		}
		switch {
		case s.total:
			u[i] = weight * s.num[i]
		case s.den != nil:
			u[i] = weight * (s.num[i] - value*s.den[i]) / base
		default:
			u[i] = weight * (s.num[i] - value) / base
		}
	}
	return u
}

// Estimates are k numbers from one design with their joint covariance.
type Estimates struct {
	Value  []float64     // [k]
	Cov    *mat.SymDense // [k][k]
	DF     float64       // degrees of freedom of intervals and tests
	N      []int         // [k] respondents with a weight behind each
	SRS    []float64     // [k] variance if as many had been drawn at random with replacement; NaN where undefined
	Finite []float64     // [k] the same without replacement from a population of Σw
}

// Estimate computes statistics with their covariance: by replicates where the design has
// them, else by linearisation. It fails with ErrNobody where nobody with a weight is in a
// domain, ErrLength, and a *DesignError of a lonely unit.
func (d *Design) Estimate(stats ...Statistic) (Estimates, error) {
	e := Estimates{Cov: mat.NewSymDense(max(1, len(stats)), nil)}
	influences := make([][]float64, len(stats))
	anyone := make([]bool, d.n)
	for k, s := range stats {
		if !s.fits(d.n) {
			return Estimates{}, ErrLength
		}
		value, base := s.value(d.weight)
		n := 0
		for i, w := range d.weight {
			if w > 0 && s.counts(i) {
				n++
			}
			if w > 0 && (s.in == nil || s.in[i]) {
				anyone[i] = true
			}
		}
		if n == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
			return Estimates{}, ErrNobody
		}
		srs, finite := s.simple(d.weight, value, base, n)
		e.Value, e.N, e.SRS, e.Finite = append(e.Value, value), append(e.N, n), append(e.SRS, srs), append(e.Finite, finite)
		influences[k] = s.influence(d.weight, value, base)
	}
	if d.replica != nil {
		return d.replica.estimate(e, stats)
	}
	for _, a := range d.adjust {
		for k := range influences {
			influences[k] = a.residual(influences[k])
		}
	}
	if err := d.variance(e.Cov, influences); err != nil {
		return Estimates{}, err
	}
	e.DF = d.degrees(anyone)
	return e, nil
}

// simple is the variance under simple random sampling, with and without replacement, from
// the weighted variance of the answers.
//
// Source: Kish (1965), Survey Sampling, section 8.2.
func (s Statistic) simple(w []float64, value, base float64, n int) (with, without float64) {
	if n < 2 {
		return math.NaN(), math.NaN()
	}
	centre, scale := value, 1.0
	weight := 0.0
	for i, wi := range w {
		if s.counts(i) {
			weight += wi
		}
	}
	if s.total {
		centre, scale = value/weight, weight
	}
	var squares sum
	for i, wi := range w {
		if wi == 0 || !s.counts(i) {
			continue
		}
		r := s.num[i] - centre
		if s.den != nil {
			r = (s.num[i] - value*s.den[i]) * weight / base
		}
		squares.add(wi * r * r)
	}
	v := squares.value() / weight * float64(n) / float64(n-1) * scale * scale / float64(n)
	without = v * (weight - float64(n)) / weight
	if without < 0 {
		without = math.NaN() // fewer in the population than in the sample: the weights are no counts
	}
	return v, without
}

// degrees are those of the design where a domain has somebody, who need not have answered:
// units less strata.
func (d *Design) degrees(in []bool) float64 {
	first := d.stages[0]
	unit, stratum := make([]bool, len(first.stratumOf)), make([]bool, len(first.units))
	df := 0
	for i, yes := range in {
		if !yes {
			continue
		}
		u := first.unit[i]
		if !unit[u] {
			unit[u] = true
			df++
		}
		if h := first.stratumOf[u]; !stratum[h] {
			stratum[h] = true
			df--
		}
	}
	return float64(df)
}

// variance fills the covariance of sums of influences [k][n] over the stages.
//
// Source: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, section
// 4.3; Bellhouse (1985), J. Off. Stat. 1(3), 323–329, for the recursion.
func (d *Design) variance(cov *mat.SymDense, u [][]float64) error {
	factor := ones(1) // of each stratum of the stage: the product of the sampled fractions above it
	for index, s := range d.stages {
		next, err := s.addVariance(cov, u, factor, d.lonely, index)
		if err != nil {
			return err
		}
		if next == nil {
			return nil
		}
		if index+1 < len(d.stages) {
			factor = d.stages[index+1].below(s, next)
		}
	}
	return nil
}

// below gives each stratum of a stage the factor of the unit above that it lies in.
func (s stage) below(above stage, factor []float64) []float64 {
	out := make([]float64, len(s.units))
	for i, unit := range s.unit {
		out[s.stratumOf[unit]] = factor[above.unit[i]]
	}
	return out
}

// addVariance adds the variance between the units of one stage, and returns for each unit
// what the stages below count with: the product of sampled fractions; nil where the
// populations are so large that they add nothing.
func (s stage) addVariance(cov *mat.SymDense, u [][]float64, factor []float64, lonely Lonely, index int) ([]float64, error) {
	k := len(u)
	sums := make([][]float64, k) // [k][unit]
	for a := range u {
		sums[a] = make([]float64, len(s.stratumOf))
		for i, unit := range s.unit {
			sums[a][unit] += u[a][i]
		}
	}
	centre := s.centres(sums)
	between := mat.NewSymDense(k, nil)
	counted, single := 0, 0
	for _, units := range s.byStratum() {
		h := s.stratumOf[units[0]]
		n := s.units[h]
		scale := factor0(factor, h) * s.unsampled(h)
		at := centre[h]
		if n == 1 && scale > 0 {
			switch lonely {
			case LonelyRemove:
				counted++
				continue
			case LonelyAdjust:
				at = s.overall(sums)
			case LonelyAverage:
				single++
				counted++
				continue
			default:
				return nil, &DesignError{Problem: LonelyUnit, Row: -1, Stage: index, Stratum: s.given[h], Value: 1}
			}
		}
		counted++
		if n > 1 {
			scale *= float64(n) / float64(n-1)
		}
		if scale == 0 {
			continue
		}
		addSquares(between, sums, units, at, scale)
	}
	if single > 0 && single < counted {
		between.ScaleSym(float64(counted)/float64(counted-single), between)
	}
	cov.AddSym(cov, between)
	return s.next(factor), nil
}

// addSquares adds the products of deviations of units from a centre.
func addSquares(to *mat.SymDense, sums [][]float64, units []int, centre []float64, scale float64) {
	for a := range sums {
		for b := a; b < len(sums); b++ {
			var total sum
			for _, unit := range units {
				total.add((sums[a][unit] - centre[a]) * (sums[b][unit] - centre[b]))
			}
			to.SetSym(a, b, to.At(a, b)+scale*total.value())
		}
	}
}

func factor0(factor []float64, h int) float64 {
	if len(factor) == 1 {
		return factor[0]
	}
	return factor[h]
}

// unsampled is 1 − n/N; 0 where all were taken.
func (s stage) unsampled(h int) float64 {
	rest := 1 - float64(s.units[h])/s.population[h]
	if rest < 1e-7 {
		return 0
	}
	return rest
}

// next are the factors of the stage below, by unit; nil where all are 0.
func (s stage) next(factor []float64) []float64 {
	out := make([]float64, len(s.stratumOf))
	some := false
	for unit, h := range s.stratumOf {
		out[unit] = factor0(factor, h) * float64(s.units[h]) / s.population[h]
		some = some || out[unit] > 0
	}
	if !some {
		return nil
	}
	return out
}

// centres are the means of the units' sums in each stratum [stratum][k].
func (s stage) centres(sums [][]float64) [][]float64 {
	out := make([][]float64, len(s.units))
	for h := range out {
		out[h] = make([]float64, len(sums))
	}
	for unit, h := range s.stratumOf {
		for a := range sums {
			out[h][a] += sums[a][unit] / float64(s.units[h])
		}
	}
	return out
}

// overall is the mean of all units' sums.
func (s stage) overall(sums [][]float64) []float64 {
	out := make([]float64, len(sums))
	for a := range sums {
		for _, v := range sums[a] {
			out[a] += v / float64(len(s.stratumOf))
		}
	}
	return out
}

// byStratum lists the units of each stratum.
func (s stage) byStratum() [][]int {
	out := make([][]int, len(s.units))
	for unit, h := range s.stratumOf {
		out[h] = append(out[h], unit)
	}
	return out
}

// SE is the standard error of an estimate.
func (e Estimates) SE(k int) float64 { return math.Sqrt(max(0, e.Cov.At(k, k))) }

// DesignEffect is the variance relative to that of as many respondents drawn at random
// with replacement; NaN where that is 0 or undefined.
func (e Estimates) DesignEffect(k int) float64 {
	if !(e.SRS[k] > 0) {
		return math.NaN()
	}
	return e.Cov.At(k, k) / e.SRS[k]
}

// Interval is the estimate with Student's interval: value ± t·se with DF degrees of freedom.
func (e Estimates) Interval(k int, level float64) infer.Estimate {
	half := T(level, e.DF) * e.SE(k)
	return infer.Estimate{Value: e.Value[k], Lo: e.Value[k] - half, Hi: e.Value[k] + half, Level: level, Kind: infer.Confidence, N: e.N[k]}
}

// Contrasts are linear combinations of estimates: weights [c][k]. N of a combination is the
// smallest of its parts; variances of simple random sampling are not known for it.
func (e Estimates) Contrasts(weights ...[]float64) Estimates {
	c := len(weights)
	out := Estimates{Value: make([]float64, c), Cov: mat.NewSymDense(c, nil), DF: e.DF, N: make([]int, c), SRS: make([]float64, c), Finite: make([]float64, c)}
	for a, wa := range weights {
		out.SRS[a], out.Finite[a], out.N[a] = math.NaN(), math.NaN(), math.MaxInt
		for k, v := range e.Value {
			out.Value[a] += wa[k] * v
			if wa[k] != 0 {
				out.N[a] = min(out.N[a], e.N[k])
			}
		}
		for b := a; b < c; b++ {
			var total float64
			for i := range e.Value {
				for j := range e.Value {
					total += wa[i] * e.Cov.At(i, j) * weights[b][j]
				}
			}
			out.Cov.SetSym(a, b, total)
		}
	}
	return out
}

// T is Student's quantile that encloses level around zero; the normal one for infinite df,
// and +Inf below one degree of freedom.
func T(level, df float64) float64 {
	switch {
	case math.IsInf(df, 1):
		return infer.Z(level)
	case !(df > 0):
		return math.Inf(1)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(0.5 + level/2)
}
