package effect

import "goalpost/infer"

// MethodBMA is the name of the default method.
const MethodBMA = "bma"

// BMA answers: how much higher or lower was the outcome on average while the activity
// worked than it would have been without? It learns from the rows before how the series
// goes on, alone or with its controls, and compares.
//
// s.Y [T] in any unit, s.X [T][k] controls that the activity cannot have changed. The
// average is over the known rows of After (where Active is set, over those of them in which
// the activity ran): rows that are missing there are stepped over in the prediction and
// count neither in the mean that is observed nor in the one that is expected. Rows between
// Before and After are stepped over alike. s is not changed. The same s gives the same
// bytes; there is nothing random in it.
//
// The model is a regression with 23 possible covariances of the noise (autoregressive,
// local level), on the scale of the unit or of its logarithm, with or without a trend that
// may bend, the seasons of week and year, controls and a relation to them that changed
// before. Coefficients and the size of the noise are integrated in closed form, the rest is
// a weighted sum, so that the answer is a mixture of Student t. Quantiles lie farther from
// the median by up to 15 % where the noise wanders. Rows before that fit nothing else are
// left out.
//
// Assumes that the rows after would have gone on as those before did, and that the
// controls are not changed by the activity. BMAChecks looks for signs that they did not.
//
// Fails with ErrShape, ErrNotANumber, ErrTooShort (under 7 known rows before), ErrNoRows
// and ErrConstant.
//
// Sources: Hoeting, Madigan, Raftery and Volinsky (1999), Statistical Science 14(4),
// 382–417 (averaging); Harvey (1989), Forecasting, Structural Time Series Models and the
// Kalman Filter, sections 3.4 and 4.1 (filter, local level); Zellner (1971), An
// Introduction to Bayesian Inference in Econometrics, chapter 3 (conjugate regression).
// Priors and their weights were chosen in simulations: METHODS.md, bma.
func BMA(s Series) (Result, error) {
	a, err := averageOf(s)
	if err != nil {
		return Result{}, err
	}
	r := a.result()
	r.Path = a.path(s)
	r.Covariates = a.covariates()
	return r, nil
}

// BMAInterval is BMA without Path and Covariates, which take longer than the rest: for
// whoever asks many times, as fake activities and simulations do.
func BMAInterval(s Series) (Result, error) {
	a, err := averageOf(s)
	if err != nil {
		return Result{}, err
	}
	return a.result(), nil
}

func averageOf(s Series) (*averaged, error) {
	c, err := newCalendar(s)
	if err != nil {
		return nil, err
	}
	return average(c)
}

// result returns the numbers of the whole of After.
func (a *averaged) result() Result {
	c, m, u := a.cal, a.mix, a.cal.unit
	observed, _ := c.observed()
	days, n := float64(len(c.seen)), c.usedRows()
	at := func(level, times float64) infer.Estimate {
		lo, hi := m.quantile((1-level)/2), m.quantile((1+level)/2)
		return infer.Estimate{Value: times * (observed - m.median) * u, Lo: times * (observed - hi) * u, Hi: times * (observed - lo) * u, Level: level, Kind: infer.Credible, N: n}
	}
	r := Result{Method: MethodBMA, Average: at(.95, 1), Narrow: at(.90, 1), Cumulative: at(.95, days), Drift: min(1, a.drift), Positive: m.below(observed)}
	lo, hi := m.quantile(.025), m.quantile(.975)
	r.Expected = infer.Estimate{Value: m.median * u, Lo: lo * u, Hi: hi * u, Level: .95, Kind: infer.Prediction, N: n}
	if lo > 0 {
		r.Relative = infer.Estimate{Value: observed/m.median - 1, Lo: observed/hi - 1, Hi: observed/lo - 1, Level: .95, Kind: infer.Credible, N: n}
	}
	for _, t := range a.dropped {
		r.Dropped = append(r.Dropped, c.first+t)
	}
	return r
}
