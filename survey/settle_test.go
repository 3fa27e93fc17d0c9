package survey_test

import (
	"math"
	"testing"

	"goalpost/infer"
	"goalpost/survey"
)

// Limits: the probability and Wilson's limits are two readings of one test.
func TestAtLeastAgreesWithWilson(t *testing.T) {
	y := make([]float64, 181)
	for i := range 107 {
		y[i] = 1
	}
	d, err := survey.NewDesign(survey.Spec{N: len(y)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Share(y, nil, survey.ShareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[float64]float64{s.Lo: 0.975, s.Value: 0.5, s.Hi: 0.025, 0: 1, 1.2: 0, 1: 0} {
		if p := s.AtLeast(target); math.Abs(p-want) > 1e-9 {
			t.Errorf("at least %.4f\ngot:  %.6f\nwant: %.6f", target, p, want)
		}
	}
}

// Published value: Fleiss, Levin and Paik's formula by hand, p = 0.6 against 0.5.
func TestAnswersForShare(t *testing.T) {
	root := 1.6448536*0.5 + 1.0364334*math.Sqrt(0.24)
	if got, want := survey.AnswersForShare(0.6, 0.5, 1), math.Ceil(root*root/0.01); got != want {
		t.Errorf("got:  %g\nwant: %g", got, want)
	}
	if got := survey.AnswersForShare(0.6, 0.6, 1); !math.IsInf(got, 1) {
		t.Errorf("a share on its target needs %g answers", got)
	}
	if got := survey.OfFinite(400, 1000); got != 286 {
		t.Errorf("of 1,000 people 400 answers are %g", got)
	}
	if got := survey.OfFinite(math.Inf(1), 1000); got != 1000 {
		t.Errorf("of 1,000 people infinitely many answers are %g", got)
	}
}

// Recovery: with the number of answers that would settle it, it is settled in at least 80 %
// of waves when the truth is the current estimate: the whole 95 % interval of the simulated
// rate lies above, 4,000 waves each.
func TestAnswersThatSettleDoSettle(t *testing.T) {
	waves := 4000
	if testing.Short() {
		waves = 500
	}
	settled := func(p float64) bool { return p >= survey.SettleLevel || p <= 1-survey.SettleLevel }
	check := func(name string, n float64, one func(n int) bool) {
		hits := 0
		for range waves {
			if one(int(n)) {
				hits++
			}
		}
		rate := float64(hits) / float64(waves)
		slack := 1.96 * math.Sqrt(rate*(1-rate)/float64(waves))
		if rate-slack < 0.80 && !testing.Short() || rate < 0.78 {
			t.Errorf("%s: %g answers settle it in %.3f of waves", name, n, rate)
		}
		if rate > 0.97 && n > 200 {
			t.Errorf("%s: %g answers are more than needed: %.3f of waves", name, n, rate)
		}
	}
	rng := infer.Rand(7, 0)
	draw := func(n int, p float64) []float64 {
		y := make([]float64, n)
		for i := range y {
			if rng.Float64() < p {
				y[i] = 1
			}
		}
		return y
	}
	for _, c := range []struct{ p, target float64 }{{0.6, 0.5}, {0.55, 0.6}, {0.85, 0.8}, {0.05, 0.1}, {0.93, 0.9}, {0.7, 0.4}, {0.5, 0.52}} {
		check("share", survey.AnswersForShare(c.p, c.target, 1), func(n int) bool {
			d, err := survey.NewDesign(survey.Spec{N: n})
			if err != nil {
				t.Fatal(err)
			}
			s, err := d.Share(draw(n, c.p), nil, survey.ShareOptions{Cap: true})
			return err == nil && !s.TooUncertain() && settled(s.AtLeast(c.target))
		})
	}
	// A score of 25 against a target of 30: promoters 0.45, detractors 0.20.
	deviation := 100 * math.Sqrt(0.65-0.25*0.25)
	check("nps", survey.AnswersForMean(25-30, deviation, 1), func(n int) bool {
		y := make([]float64, n)
		for i := range y {
			switch u := rng.Float64(); {
			case u < 0.45:
				y[i] = 100
			case u < 0.65:
				y[i] = -100
			}
		}
		return settledMean(t, y, 30)
	})
	check("lift", survey.AnswersForLift(0.45, 0.35, 0.02, 0.3, 1), func(n int) bool {
		part := int(math.Round(0.3 * float64(n)))
		y := append(draw(part, 0.45), draw(n-part, 0.35)...)
		exposed, control := make([]bool, n), make([]bool, n)
		for i := range y {
			exposed[i], control[i] = i < part, i >= part
		}
		d, err := survey.NewDesign(survey.Spec{N: n})
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.ShareChange(y, control, exposed, survey.ShareOptions{})
		return err == nil && !c.TooUncertain && settled(survey.AtLeast(c.Value, 0.02, c.SE, c.DF))
	})
}

func settledMean(t *testing.T, y []float64, target float64) bool {
	d, err := survey.NewDesign(survey.Spec{N: len(y)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.Estimate(survey.Mean(y, nil))
	if err != nil {
		t.Fatal(err)
	}
	p := survey.AtLeast(e.Value[0], target, e.SE(0), e.DF)
	return p >= survey.SettleLevel || p <= 1-survey.SettleLevel
}
