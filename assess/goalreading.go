package assess

import (
	"context"
	"fmt"
	"math"
	"slices"

	"goalpost"
	"goalpost/infer"
	"goalpost/store"
	"goalpost/survey"
)

// Methods that a verdict by answers of customers can carry. Each has a heading in METHODS.md.
const (
	MethodShare         = "survey-share"
	MethodMean          = "survey-mean"
	MethodNPS           = "survey-nps"
	MethodLift          = "survey-lift"
	MethodUnderstanding = "understanding"
)

// surveyLevel is the level of the intervals of surveys.
const surveyLevel = 0.95

// leastAnswers is the fewest answers of which a team sees figures.
const leastAnswers = survey.TeamBase

// Reading is a survey KPI in one wave, in the KPI's unit.
type Reading struct {
	Estimate  infer.Estimate
	Method    string
	Uncertain bool // known so badly that nothing more is said than that
	Exact     bool // everybody answered
	Weighted  bool
	// Effective is how many respondents drawn at random would tell as much.
	Effective float64
	Mean      *float64 // of a scale: the mean grade

	missing goalpost.Note                          // why there is nothing to read
	chance  func(target float64) float64           // that the true value reaches a target; NaN: nothing can be said
	needed  func(target float64) (answers float64) // that would settle it; +Inf: none
}

// perUnit turns a fraction into the unit of brand lift and NPS.
const perUnit = 100.0

// take makes the reading of a wave.
func (w *GoalWave) take(ctx context.Context, db *store.DB, g goalpost.GoalSurvey) (Reading, error) {
	r, err := w.estimate(ctx, db, g)
	if err != nil {
		return r, fmt.Errorf("goal survey %d: %w", w.Survey, err)
	}
	r.Weighted = w.design.Set != nil
	settings := w.asked.Survey.Settings
	if settings.Sample == goalpost.SampleCensus && settings.Asked > 0 && w.sample.N() == settings.Asked && r.Estimate.N == settings.Asked && g.Statistic != goalpost.StatisticUnderstanding {
		r.Exact, r.Uncertain = true, false
		r.Estimate = infer.Counted(r.Estimate.Value, r.Estimate.N)
	}
	return r, nil
}

func (w *GoalWave) estimate(ctx context.Context, db *store.DB, g goalpost.GoalSurvey) (Reading, error) {
	if g.Statistic == goalpost.StatisticUnderstanding {
		return w.understanding(ctx, db)
	}
	q, _ := w.sample.Form.Question(g.Question)
	switch g.Statistic {
	case goalpost.StatisticMean:
		return meanReading(w.design.Design, scaled(q, w.sample.Number(q)), q)
	case goalpost.StatisticNPS:
		return npsReading(w.design.Design, w.sample.Number(q))
	case goalpost.StatisticLift:
		exposed, control := w.group(g.Exposed), w.group(g.Control)
		return liftReading(w.design.Design, hits(w.sample, q, g), exposed, control)
	default:
		return shareReading(w.design.Design, hits(w.sample, q, g))
	}
}

// hits is 1 for those whose answer counts, 0 for those who answered otherwise and NaN where
// there is no answer [n].
func hits(s *SurveySample, q goalpost.SurveyQuestion, g goalpost.GoalSurvey) []float64 {
	if len(g.Options) == 0 {
		y := s.Number(q)
		for i, v := range y {
			switch {
			case math.IsNaN(v):
			case v >= float64(q.Scale.High-1):
				y[i] = 1
			default:
				y[i] = 0
			}
		}
		return y
	}
	y := s.Option(q, g.Options[0])
	for _, o := range g.Options[1:] {
		for i, v := range s.Option(q, o) {
			y[i] = max(y[i], v)
		}
	}
	return y
}

// scaled is a grade as its part of the way from the lowest to the highest [n].
func scaled(q goalpost.SurveyQuestion, y []float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = (v - float64(q.Scale.Low)) / float64(q.Scale.High-q.Scale.Low)
	}
	return out
}

// group says who belongs to a part of the respondents [n].
func (w *GoalWave) group(g *goalpost.RespondentGroup) []bool {
	if g == nil {
		return make([]bool, w.sample.N())
	}
	if g.Channel != "" {
		return w.sample.ByChannel(g.Channel)
	}
	q, _ := w.sample.Form.Question(g.Question)
	out := make([]bool, w.sample.N())
	for i, v := range w.sample.Option(q, g.Option) {
		out[i] = v == 1
	}
	return out
}

// repliesIn is how many of y are an answer.
func repliesIn(y []float64) int {
	return len(y) - len(slices.DeleteFunc(slices.Clone(y), func(v float64) bool { return !math.IsNaN(v) }))
}

// unread is the reading of a question that too few answered for any estimate.
func unread(method string, n int) Reading {
	return Reading{Method: method, Estimate: infer.Estimate{N: n}, Uncertain: true}
}

// designEffect is that of the design, at least 1: what made the sample better than one drawn
// at random is not promised again.
func designEffect(x float64) float64 {
	if !(x > 1) || math.IsInf(x, 1) {
		return 1
	}
	return x
}

func shareReading(d *survey.Design, y []float64) (Reading, error) {
	if n := repliesIn(y); n < leastAnswers {
		return unread(MethodShare, n), nil
	}
	s, err := d.Share(y, nil, survey.ShareOptions{Level: surveyLevel, Cap: true})
	if err != nil {
		return Reading{}, err
	}
	effect := designEffect(float64(s.N) / s.EffectiveN)
	return Reading{Estimate: s.Estimate, Method: MethodShare, Uncertain: s.TooUncertain(), Effective: min(s.EffectiveN, float64(s.N)), chance: s.AtLeast,
		needed: func(target float64) float64 { return survey.AnswersForShare(s.Value, target, effect) }}, nil
}

// meanReading is the mean of answers between 0 and 1 with their grades.
func meanReading(d *survey.Design, y []float64, q goalpost.SurveyQuestion) (Reading, error) {
	n := repliesIn(y)
	if n < leastAnswers {
		return unread(MethodMean, n), nil
	}
	e, err := d.Estimate(survey.Mean(y, nil))
	if err != nil {
		return Reading{}, err
	}
	r := meanOf(d, y, e, 1)
	r.Method = MethodMean
	r.Estimate.Lo, r.Estimate.Hi = max(0, r.Estimate.Lo), min(1, r.Estimate.Hi)
	grade := float64(q.Scale.Low) + e.Value[0]*float64(q.Scale.High-q.Scale.Low)
	r.Mean = &grade
	return r, nil
}

// meanOf is the reading of a mean of answers that lie a range apart. Where all agree, one
// more respondent at the other end is reckoned with: that there is none is not known.
func meanOf(d *survey.Design, y []float64, e survey.Estimates, span float64) Reading {
	estimate := e.Interval(0, surveyLevel)
	n := float64(e.N[0])
	se := e.SE(0)
	if se < 1e-9 {
		se = span / (n + 1)
		half := survey.T(surveyLevel, e.DF) * se
		estimate.Lo, estimate.Hi = estimate.Value-half, estimate.Value+half
	}
	deviation := math.Sqrt(d.Variance(y, nil))
	effect := designEffect(e.DesignEffect(0))
	r := Reading{Estimate: estimate, Effective: n / effect}
	r.Uncertain = r.Effective < survey.LeastEffective || e.DF < survey.LeastDF || estimate.Hi-estimate.Lo > survey.WidestInterval*span
	r.chance = func(target float64) float64 { return survey.AtLeast(estimate.Value, target, se, e.DF) }
	r.needed = func(target float64) float64 {
		return survey.AnswersForMean(estimate.Value-target, max(deviation, se), effect)
	}
	return r
}

func npsReading(d *survey.Design, y []float64) (Reading, error) {
	n := repliesIn(y)
	if n < leastAnswers {
		return unread(MethodNPS, n), nil
	}
	interval, err := d.NPSInterval(y, nil, surveyLevel)
	if err != nil {
		return Reading{}, err
	}
	scores := survey.Scored(y)
	e, err := d.Estimate(survey.Mean(scores, nil))
	if err != nil {
		return Reading{}, err
	}
	r := meanOf(d, scores, e, 2*perUnit)
	r.Method = MethodNPS
	if e.SE(0) > 1e-9 {
		r.Estimate = interval
	}
	r.Estimate.Lo, r.Estimate.Hi = max(-perUnit, r.Estimate.Lo), min(perUnit, r.Estimate.Hi)
	return r, nil
}

// liftReading is the share among the exposed less that in the control group, in points.
func liftReading(d *survey.Design, y []float64, exposed, control []bool) (Reading, error) {
	var a, b int
	for i, v := range y {
		switch {
		case math.IsNaN(v) || exposed[i] && control[i]: // who is in both tells nothing
			exposed[i], control[i] = false, false
		case exposed[i]:
			a++
		case control[i]:
			b++
		}
	}
	if min(a, b) < leastAnswers {
		return unread(MethodLift, min(a, b)), nil
	}
	c, err := d.ShareChange(y, control, exposed, survey.ShareOptions{Level: surveyLevel, Cap: true})
	if err != nil {
		return Reading{}, err
	}
	effect := designEffect(float64(c.From.N+c.To.N) / (c.From.EffectiveN + c.To.EffectiveN))
	part := float64(a) / float64(a+b)
	r := Reading{Method: MethodLift, Uncertain: c.TooUncertain || c.Hi-c.Lo > 2*survey.WidestInterval, Effective: c.From.EffectiveN + c.To.EffectiveN,
		Estimate: infer.Estimate{Value: perUnit * c.Value, Lo: perUnit * c.Lo, Hi: perUnit * c.Hi, Level: surveyLevel, Kind: infer.Confidence, N: a + b}}
	r.chance = func(target float64) float64 { return survey.AtLeast(c.Value, target/perUnit, c.SE, c.DF) }
	r.needed = func(target float64) float64 {
		return survey.AnswersForLift(c.To.Value, c.From.Value, target/perUnit, part, effect)
	}
	return r, nil
}

// WaveDifference is how far a KPI moved from one wave to another, in points.
type WaveDifference struct {
	Points, Lo, Hi float64
}

// differenceOf compares two waves of different people: strata of one design. It is nil where
// the KPI is one that has no such difference.
func differenceOf(from, to GoalWave, g goalpost.GoalSurvey) (*WaveDifference, error) {
	if from.Reading == nil || to.Reading == nil || from.Survey == to.Survey {
		return nil, nil
	}
	var y []float64
	var before, after []bool
	scale := perUnit
	spec := survey.Spec{}
	stratum := []int{}
	for i, w := range []GoalWave{from, to} {
		q, _ := w.sample.Form.Question(g.Question)
		var part []float64
		switch g.Statistic {
		case goalpost.StatisticShare, goalpost.StatisticTopTwo:
			part = hits(w.sample, q, g)
		case goalpost.StatisticMean:
			part = scaled(q, w.sample.Number(q))
		case goalpost.StatisticNPS:
			part, scale = survey.Scored(w.sample.Number(q)), 1
		default:
			return nil, nil
		}
		weight := w.design.Design.Weights()
		for j, v := range part {
			y, before, after = append(y, v), append(before, i == 0), append(after, i == 1)
			spec.Weight, stratum = append(spec.Weight, weight[j]), append(stratum, i)
		}
	}
	spec.N, spec.Stages = len(y), []survey.Stage{{Stratum: stratum}}
	d, err := survey.NewDesign(spec)
	if err != nil {
		return nil, err
	}
	if g.Statistic == goalpost.StatisticShare || g.Statistic == goalpost.StatisticTopTwo {
		c, err := d.ShareChange(y, before, after, survey.ShareOptions{Level: surveyLevel, Cap: true})
		return &WaveDifference{scale * c.Value, scale * c.Lo, scale * c.Hi}, err
	}
	c, err := d.GroupDifference(y, before, after, surveyLevel)
	return &WaveDifference{scale * c.Value, scale * c.Lo, scale * c.Hi}, err
}
