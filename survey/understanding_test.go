package survey

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

const asExtra = 1e-6

func normal(m, spread float64) Belief {
	return Belief{Guess: m, Low: m - z80*spread, High: m + z80*spread}
}

func TestUnderstandingAgreesWithR(t *testing.T) {
	type rCase struct {
		ID            string
		M, Tau        vector
		Theta         vector `json:"theta_hat"`
		V             []vector
		DF, U, SE     float64
		CI            vector
		Ceiling       float64
		C, R          vector
		Best          vector  `json:"best_attainable_C"`
		NaiveMAE      float64 `json:"naive_mae"`
		SimexMAE      float64 `json:"simex_mae"`
		MSE           float64 `json:"mse_noise_removed"`
		RMSE          float64 `json:"rmse_noise_removed"`
		SEMSE         float64 `json:"se_mse"`
		Bias          float64 `json:"mean_bias"`
		SEBias        float64 `json:"se_bias"`
		Inflation     float64 `json:"range_inflation"`
		Rank          float64 `json:"rank_agreement_noise_adjusted"`
		Covered80     int     `json:"covered80"`
		Covered80Wide int     `json:"covered80_noise_aware"`
	}
	for _, c := range reference[rCase](t, "extra/understanding_score.json") {
		e := Estimates{Value: c.Theta, Cov: mat.NewSymDense(len(c.M), nil), DF: c.DF}
		var beliefs []Belief
		for i := range c.M {
			for j := range c.M {
				e.Cov.SetSym(i, j, c.V[i][j])
			}
			beliefs = append(beliefs, normal(c.M[i], c.Tau[i]))
			beliefs[i].Low, beliefs[i].High = max(beliefs[i].Low, -1), min(beliefs[i].High, 2)
		}
		u, err := understandUnchecked(beliefs, e)
		if err != nil {
			t.Fatal(err)
		}
		check := func(what string, got, want float64) { t.Helper(); same(t, c.ID+" "+what, got, want, asExtra) }
		check("score", u.Score, c.U)
		check("standard error", u.SE, c.SE)
		check("lower limit", u.Lo, c.CI[0])
		check("upper limit", u.Hi, c.CI[1])
		check("ceiling", u.Ceiling, c.Ceiling)
		for i, item := range u.Items {
			check("penalty", item.Penalty, c.C[i])
			check("no idea", item.None, c.R[i])
			check("best", item.Best, c.Best[i])
		}
		check("naive error", u.NaiveMAE, c.NaiveMAE)
		check("absolute error", u.MAE, c.SimexMAE)
		check("squared error", u.MSE, c.MSE)
		check("root", u.RMSE, c.RMSE)
		check("error of the squared error", u.MSESE, c.SEMSE)
		check("optimism", u.Optimism, c.Bias)
		check("error of the optimism", u.OptimismSE, c.SEBias)
		check("range factor", u.RangeFactor, c.Inflation)
		check("rank agreement", u.RankAgreement, c.Rank)
		if u.Covered != c.Covered80 || u.CoveredWithNoise != c.Covered80Wide {
			t.Errorf("%s covered\ngot:  %d, %d\nwant: %d, %d", c.ID, u.Covered, u.CoveredWithNoise, c.Covered80, c.Covered80Wide)
		}
	}
}

func TestScoringRulesAgreeWithR(t *testing.T) {
	type rCase struct {
		M, Tau, Y, S         float64
		CRPS                 float64
		Corrected            float64 `json:"crps_error_corrected"`
		Uniform              float64 `json:"crps_uniform01"`
		UniformCorrected     float64 `json:"crps_uniform01_error_corrected"`
		Q10, Q90             float64
		IntervalScore        float64 `json:"interval_score_80"`
		WIS                  float64 `json:"wis_q10_q50_q90"`
		PIT                  float64
		PITConvolved         float64 `json:"pit_noise_convolved"`
		Above, AnsweredAbove float64 `json:"-"`
		ProbAbove            float64 `json:"prob_above_half"`
		OutcomeAbove         float64 `json:"outcome_prob_above_half"`
		Brier                float64 `json:"brier_noise_removed"`
	}
	for _, c := range reference[rCase](t, "extra/scoring_rules.json") {
		b := normal(c.M, c.Tau)
		same(t, "low", b.Low, c.Q10, asExtra)
		same(t, "high", b.High, c.Q90, asExtra)
		exact, _, _ := score(b, c.Y, 0)
		noisy, _, _ := score(b, c.Y, c.S)
		same(t, "crps", exact.Penalty, c.CRPS, asExtra)
		same(t, "crps corrected", noisy.Penalty, c.Corrected, asExtra)
		same(t, "uniform", exact.None, c.Uniform, asExtra)
		same(t, "uniform corrected", noisy.None, c.UniformCorrected, asExtra)
		same(t, "interval score", b.IntervalScore(c.Y), c.IntervalScore, asExtra)
		same(t, "weighted interval score", b.WeightedIntervalScore(c.Y), c.WIS, asExtra)
		same(t, "position", b.Position(c.Y, 0), c.PIT, asExtra)
		same(t, "position with noise", b.Position(c.Y, c.S), c.PITConvolved, asExtra)
		same(t, "above half", b.Above(0.5), c.ProbAbove, asExtra)
		same(t, "brier", Brier(b.Above(0.5), c.Y, c.S), c.Brier, asExtra)
	}
	for _, c := range reference[struct {
		X, Y     vector
		Spearman float64
		Kendall  float64 `json:"kendall_tau_b"`
	}](t, "extra/rank_agreement.json") {
		same(t, "Spearman", Spearman(c.X, c.Y), c.Spearman, asExtra)
		same(t, "Kendall", Kendall(c.X, c.Y), c.Kendall, asExtra)
	}
}

// understandUnchecked scores beliefs whose ranges leave 0..1, as the normal distributions of
// the reference do.
func understandUnchecked(beliefs []Belief, e Estimates) (Understanding, error) {
	return understand(beliefs, ones(len(beliefs)), e, 0.95)
}

// Saying "no idea" of everything scores 0, and admitting it of an item is better than a
// belief that is far off.
func TestNoIdea(t *testing.T) {
	e := Estimates{Value: []float64{0.2, 0.5, 0.9}, Cov: mat.NewSymDense(3, []float64{1e-4, 0, 0, 0, 1e-4, 0, 0, 0, 1e-4}), DF: 100}
	none := []Belief{{NoIdea: true}, {NoIdea: true}, {NoIdea: true}}
	u, err := Understand(none, nil, e, 0.95)
	if err != nil || math.Abs(u.Score) > 1e-12 || u.Guessed != 0 || !math.IsNaN(u.MAE) {
		t.Errorf("\ngot:  %+v, %v", u, err)
	}
	if u.SE > 1e-9 {
		t.Errorf("no idea has an error of %v", u.SE)
	}
	wrong := []Belief{{Guess: 0.9, Low: 0.88, High: 0.92}, {NoIdea: true}, {NoIdea: true}}
	if w, err := Understand(wrong, nil, e, 0.95); err != nil || !(w.Score < 0) {
		t.Errorf("\ngot:  %v, %v\nwant: below 0", w.Score, err)
	}
	for name, b := range map[string]Belief{"above 1": {Guess: 0.9, Low: 0.8, High: 1.1}, "outside": {Guess: 0.9, Low: 0.1, High: 0.5}, "no number": {Guess: math.NaN(), Low: 0, High: 1}} {
		if _, err := Understand([]Belief{b, b, b}, nil, e, 0.95); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

// A team is at least as sure as the spread of its members allows, and one member more or less
// is what its second error says.
func TestTeam(t *testing.T) {
	e := Estimates{Value: []float64{0.3, 0.6}, Cov: mat.NewSymDense(2, []float64{1e-4, 0, 0, 1e-4}), DF: 100}
	a := []Belief{{Guess: 0.2, Low: 0.1, High: 0.3}, {NoIdea: true}}
	b := []Belief{{Guess: 0.4, Low: 0.3, High: 0.5}, {NoIdea: true}}
	team, err := UnderstandTeam([][]Belief{a, b}, nil, e, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	pool := Pool([][]Belief{a, b})
	want := z80 * math.Hypot(0.1, 0.2/(2*z80)) // the distance of the guesses and the range of each
	if math.Abs(pool[0].Guess-0.3) > 1e-12 || math.Abs(pool[0].High-0.3-want) > 1e-12 || !pool[1].NoIdea {
		t.Errorf("\ngot:  %+v\nwant: 0.3 ± %v, no idea", pool, want)
	}
	if len(team.Members) != 2 || math.IsNaN(team.MemberSE) || team.MemberSE < 0 {
		t.Errorf("\ngot:  %+v", team)
	}
	if one, err := UnderstandTeam([][]Belief{a}, nil, e, 0.95); err != nil || !math.IsNaN(one.MemberSE) {
		t.Errorf("one member\ngot:  %v, %v", one.MemberSE, err)
	}
}
