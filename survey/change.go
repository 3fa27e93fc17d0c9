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
