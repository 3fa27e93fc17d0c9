package survey

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"goalpost/infer"
)

// Change is the difference of two estimates with its test.
type Change struct {
	infer.Estimate // later less earlier
	SE, T, DF, P   float64
}

// Change is estimate b less estimate a with Student's interval and two-sided test, from their
// joint covariance: of waves of a panel, in which a person is the unit of the design, what
// the same people answered twice is taken into account.
func (e Estimates) Change(a, b int, level float64) Change {
	w := make([]float64, len(e.Value))
	w[a], w[b] = -1, 1
	return e.Contrasts(w).test(level)
}

// GroupDifference is the mean of y in group b less that in group a, as a regression on
// the group tests it: with one degree of freedom less than the design has.
func (d *Design) GroupDifference(y []float64, a, b []bool, level float64) (Change, error) {
	e, err := d.Estimate(Mean(y, a), Mean(y, b))
	if err != nil {
		return Change{}, err
	}
	e.DF--
	return e.Change(0, 1, level), nil
}

// test is the first estimate against 0.
func (e Estimates) test(level float64) Change {
	out := Change{Estimate: e.Interval(0, level), SE: e.SE(0), DF: e.DF, P: math.NaN(), T: math.NaN()}
	if out.SE > 0 && e.DF > 0 {
		out.T = out.Value / out.SE
		out.P = 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: e.DF}.CDF(-math.Abs(out.T))
	}
	return out
}

// ShareDifference is the change of a share.
type ShareDifference struct {
	Change       // Lo and Hi from the intervals of both shares, P from Student's test
	From, To     ShareEstimate
	TooUncertain bool // one of the shares is, or fewer than FewestEach stand on one of its sides
}

// ShareChange is the share in group b less that in group a, waves of one stacked design. Its
// limits come from the limits of both shares (MOVER), so that they hold near 0 and 1 and do
// not vanish where all agree; the covariance of a panel is taken into account. The test is
// Student's on the difference: by a hair it can see a change that the limits do not.
//
// Source: Newcombe (1998), Stat. Med. 17(8), 873–890, method 10; Zou and Donner (2008), Stat.
// Med. 27(10), 1693–1702, for correlated shares.
func (d *Design) ShareChange(y []float64, a, b []bool, o ShareOptions) (ShareDifference, error) {
	var out ShareDifference
	var err error
	if out.From, err = d.Share(y, a, o); err != nil {
		return out, err
	}
	if out.To, err = d.Share(y, b, o); err != nil {
		return out, err
	}
	e, err := d.Estimate(Mean(y, a), Mean(y, b))
	if err != nil {
		return out, err
	}
	out.Change = e.Change(0, 1, out.From.Level)
	out.TooUncertain = out.From.TooUncertain() || out.To.TooUncertain() || out.From.few() || out.To.few()
	rho := 0.0
	if s := e.SE(0) * e.SE(1); s > 0 {
		rho = min(max(e.Cov.At(0, 1)/s, -1), 1)
	}
	down := mover(out.To.Value-out.To.Lo, out.From.Hi-out.From.Value, rho)
	up := mover(out.To.Hi-out.To.Value, out.From.Value-out.From.Lo, rho)
	out.Lo, out.Hi = max(-1, out.Value-down), min(1, out.Value+up)
	return out, nil
}

// mover is the distance of a limit of a difference from the distances of both limits.
func mover(x, y, rho float64) float64 { return math.Sqrt(max(0, x*x+y*y-2*rho*x*y)) }
