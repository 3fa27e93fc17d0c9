package assess

import (
	"context"
	"fmt"
	"math"

	"goalpost"
	"goalpost/infer"
	"goalpost/store"
	"goalpost/survey"
)

// understanding is how well the team's beliefs agree with the answers of a wave, as a
// fraction: the score of the survey's page, from the answers before the day.
func (w *GoalWave) understanding(ctx context.Context, db *store.DB) (Reading, error) {
	sheets, err := db.Beliefs(ctx, w.asked.Org, w.Survey)
	if err != nil {
		return Reading{}, fmt.Errorf("goal understanding: %w", err)
	}
	sample := *w.sample // its design is weighted in place
	u := SurveyUnderstanding{Survey: w.asked.Survey, Sheets: sheets, Base: sample.N()}
	if err := u.hold(ctx, db, w.asked, &sample); err != nil {
		return Reading{}, err
	}
	out := unread(MethodUnderstanding, u.Base)
	switch u.State {
	case UnderstandingScored:
	case UnderstandingNoBeliefs:
		out.missing = goalpost.NewNote("goalsurvey.reason.no-beliefs")
		return out, nil
	case UnderstandingItems:
		out.missing = goalpost.NewNote("goalsurvey.reason.few-items", goalpost.NumberArg(float64(len(u.Scored))), goalpost.NumberArg(survey.LeastItems))
		return out, nil
	default:
		out.missing = goalpost.NewNote("goalsurvey.reason.few", goalpost.NumberArg(float64(u.Base)), goalpost.NumberArg(leastEffective))
		return out, nil
	}
	team := u.Report.pooled
	score, se, df := min(team.Score, team.Ceiling)/100, team.SE/100, math.Inf(1)
	if u.Report.DF != nil {
		df = *u.Report.DF
	}
	out.Estimate = infer.Estimate{Value: score, Lo: min(team.Lo/100, score), Hi: min(team.Hi, 100) / 100, Level: team.Level, Kind: infer.Confidence, N: u.Base}
	out.Effective = u.EffectiveN
	out.Uncertain = out.Effective < survey.LeastEffective || df < survey.LeastDF || out.Estimate.Hi-out.Estimate.Lo > survey.WidestInterval
	out.chance = func(target float64) float64 { return survey.AtLeast(team.Score/100, target, se, df) }
	out.needed = func(target float64) float64 { // the error of the score shrinks as that of the shares does
		return survey.AnswersForMean(score-target, se*math.Sqrt(out.Effective), designEffect(float64(u.Base)/out.Effective))
	}
	return out, nil
}
