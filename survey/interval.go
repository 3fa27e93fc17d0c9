package survey

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"goalpost/infer"
)

// Method is a way to make the interval of a share.
type Method string

// Methods of intervals. Student's t with the design's degrees of freedom stands in all of
// them where z stands for independent respondents.
const (
	// Automatic is Wilson: measured against Beta where few respondents stand on one side, it
	// keeps its word better (BENCHMARKS.md).
	Automatic Method = ""
	// Wilson is the score interval on the effective number of respondents.
	Wilson Method = "wilson"
	// Beta is Clopper and Pearson's on the effective number of respondents, corrected for
	// the degrees of freedom. Source: Korn and Graubard (1998), Surv. Methodol. 24(2), 193–201.
	Beta Method = "beta"
	// Logit is Wald's on the scale of log odds.
	Logit Method = "logit"
	// Asin is Wald's on the scale of the arc sine of the root.
	Asin Method = "asin"
	// Wald is p ± t·se; it leaves 0..1.
	Wald Method = "wald"
	// Likelihood is the Rao-Scott likelihood ratio interval. Source: Rao and Scott (1984),
	// Ann. Stat. 12(1), 46–60.
	Likelihood Method = "likelihood"
)

// Methods are the names that an interval can be asked for by.
var Methods = []Method{Wilson, Beta, Logit, Asin, Wald, Likelihood}

// ErrMethod is returned for a name that is none of Methods.
var ErrMethod = errors.New("survey: no such method")

// ShareOptions say how the interval of a share is made.
type ShareOptions struct {
	Level  float64 // 0: 0.95
	Method Method
	// Cap takes the effective number of respondents to be at most their number, as a shown
	// share should: strata or weights that happened to agree make it larger. Where groups of
	// respondents were drawn it has no effect: there Student's t already pays for a variance
	// that came out too small, and the interval would pay twice (measured, BENCHMARKS.md).
	Cap bool
}

// ShareEstimate is a share with its interval and what the interval stands on.
type ShareEstimate struct {
	infer.Estimate         // N: respondents with an answer and a weight
	Hits           int     // of them with a 1
	SE             float64 // of the design; 0 where all agree
	DF             float64
	EffectiveN     float64 // respondents drawn at random who would show the share as precisely
	KishN          float64 // the same for the weights alone, (Σw)²/Σw²
	DesignEffect   float64 // variance relative to drawing with replacement; NaN where all agree
	Method         Method  // the one that was used
}

// Share estimates the share of 1 among 0 and 1 in y [n], NaN where there is no answer, in a
// domain [n], nil for all. Where all agree the interval is Clopper and Pearson's on Kish's
// number of respondents: the design shows no variation, which does not mean that there is
// none.
func (d *Design) Share(y []float64, in []bool, o ShareOptions) (ShareEstimate, error) {
	if o.Level == 0 {
		o.Level = 0.95
	}
	if d.n == 1 && len(y) == 1 && d.replica == nil && Mean(y, in).counts(0) && (y[0] == 0 || y[0] == 1) {
		s := ShareEstimate{KishN: 1, DesignEffect: math.NaN(), Hits: int(y[0])} // of one there is no variance, but still a limit
		return s.interval(y[0], 1, o)
	}
	e, err := d.Estimate(Mean(y, in))
	if err != nil {
		return ShareEstimate{}, err
	}
	o.Cap = o.Cap && len(d.stages[0].stratumOf) == d.n
	s := ShareEstimate{SE: e.SE(0), DF: e.DF, Hits: d.hits(Mean(y, in)), KishN: d.kish(Mean(y, in)), DesignEffect: e.DesignEffect(0)}
	if s.SE < 1e-9 && (len(d.adjust) > 0 || d.known(Mean(y, in))) {
		s.SE, s.EffectiveN, s.Method = 0, math.Inf(1), Wald
		s.Estimate = infer.Estimate{Value: e.Value[0], Lo: e.Value[0], Hi: e.Value[0], Level: o.Level, Kind: infer.Confidence, N: e.N[0]}
		return s, nil
	}
	return s.interval(e.Value[0], e.N[0], o)
}

// known says whether a statistic is fixed by the strata of the design: all of each stratum agree, and not
// all of the sample do, so that drawing again would show the same.
func (d *Design) known(s Statistic) bool {
	first := d.stages[0]
	value := make([]float64, len(first.units))
	for h := range value {
		value[h] = math.NaN()
	}
	differ, last := false, math.NaN()
	for i, w := range d.weight {
		if w == 0 || !s.counts(i) {
			continue
		}
		h, y := first.stratumOf[first.unit[i]], s.num[i]
		switch {
		case math.IsNaN(value[h]):
			value[h] = y
		case value[h] != y:
			return false
		}
		differ = differ || (!math.IsNaN(last) && last != y)
		last = y
	}
	return differ
}

// interval fills a share from its estimate and standard error.
func (s ShareEstimate) interval(p float64, n int, o ShareOptions) (ShareEstimate, error) {
	p = min(max(p, 0), 1)
	if p < 1e-12 || p > 1-1e-12 {
		p = math.Round(p)
		s.EffectiveN, s.Method, s.SE = s.KishN, Beta, 0
		s.Estimate = infer.Estimate{Value: p, Level: o.Level, Kind: infer.Confidence, N: n}
		s.Lo, s.Hi = beta(p, s.KishN, o.Level)
		return s, nil
	}
	s.EffectiveN = p * (1 - p) / (s.SE * s.SE)
	if s.SE < 1e-9 { // units that happen to agree show no variation either
		s.EffectiveN = s.KishN
	}
	if o.Cap && s.EffectiveN > float64(n) {
		s.EffectiveN = float64(n)
	}
	s.Method = o.Method
	if o.Method == Automatic {
		s.Method = Wilson
	}
	lo, hi, err := s.Method.limits(p, s.EffectiveN, float64(n), s.DF, o.Level)
	if err != nil {
		return ShareEstimate{}, err
	}
	s.Estimate = infer.Estimate{Value: p, Lo: lo, Hi: hi, Level: o.Level, Kind: infer.Confidence, N: n}
	return s, nil
}

// hits are the respondents with a weight whose answer is not 0.
func (d *Design) hits(s Statistic) int {
	n := 0
	for i, w := range d.weight {
		if w > 0 && s.counts(i) && s.num[i] != 0 {
			n++
		}
	}
	return n
}

// kish is Kish's effective number of the respondents of a statistic.
func (d *Design) kish(s Statistic) float64 {
	var total, squares sum
	for i, w := range d.weight {
		if s.counts(i) {
			total.add(w)
			squares.add(w * w)
		}
	}
	if squares.value() == 0 {
		return 0
	}
	return total.value() * total.value() / squares.value()
}

// limits of a share 0 < p < 1 with effective and real numbers of respondents.
func (m Method) limits(p, effective, n, df, level float64) (lo, hi float64, err error) {
	t := T(level, df)
	if math.IsInf(t, 1) {
		return 0, 1, nil
	}
	se := math.Sqrt(p * (1 - p) / effective)
	switch m {
	case Wilson:
		centre := (p + t*t/(2*effective)) / (1 + t*t/effective)
		half := t / (2 * effective) * math.Sqrt(4*effective*p*(1-p)+t*t) / (1 + t*t/effective)
		return max(0, centre-half), min(1, centre+half), nil
	case Beta:
		ratio := T(level, n-1) / t
		lo, hi = beta(p, effective*ratio*ratio, level)
		return lo, hi, nil
	case Logit:
		centre, half := math.Log(p/(1-p)), t*se/(p*(1-p))
		return 1 / (1 + math.Exp(half-centre)), 1 / (1 + math.Exp(-half-centre)), nil
	case Asin:
		centre, half := math.Asin(math.Sqrt(p)), t*se/(2*math.Sqrt(p*(1-p)))
		// The sine is squared as in the definition, also where centre − half < 0: there the
		// limit is folded back to a little above 0, as R has it; but never above p.
		a, b := math.Sin(centre-half), math.Sin(centre+half)
		return clampFold(a*a, p, 0), clampFold(b*b, p, 1), nil
	case Wald:
		return p - t*se, p + t*se, nil
	case Likelihood:
		return likelihood(p, effective*(n-1)/n, t)
	default:
		return 0, 0, fmt.Errorf("%w: %q", ErrMethod, string(m))
	}
}

// clampFold keeps a folded limit on its side of p.
func clampFold(limit, p, end float64) float64 {
	if (limit > p) != (end > p) {
		return end
	}
	return limit
}

// beta is Clopper and Pearson's interval with a number of respondents that need not be
// whole.
//
// Source: Clopper and Pearson (1934), Biometrika 26(4), 404–413.
func beta(p, n, level float64) (lo, hi float64) {
	tail, x := (1-level)/2, p*n
	if n <= 0 {
		return 0, 1
	}
	hi = 1
	if x > 0 {
		lo = distuv.Beta{Alpha: x, Beta: n - x + 1}.Quantile(tail)
	}
	if p < 1 {
		hi = distuv.Beta{Alpha: x + 1, Beta: n - x}.Quantile(1 - tail)
	}
	return lo, hi
}

// likelihood solves 2n(ℓ(p) − ℓ(q)) = t² for q on both sides of p.
func likelihood(p, n, t float64) (lo, hi float64, err error) {
	l := func(q float64) float64 { return p*math.Log(q) + (1-p)*math.Log(1-q) }
	excess := func(q float64) float64 { return 2*n*(l(p)-l(q)) - t*t }
	return bisect(excess, p, 0), bisect(excess, p, 1), nil
}

// bisect finds where f turns positive between inside, where it is not, and outside.
func bisect(f func(float64) float64, inside, outside float64) float64 {
	for range 200 {
		middle := (inside + outside) / 2
		if f(middle) > 0 {
			outside = middle
		} else {
			inside = middle
		}
	}
	return inside
}
