package assess_test

import (
	"fmt"
	"math"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// A goal about understanding customers is judged by the score that the survey's page shows;
// beliefs that were never given measure nothing.
func TestGoalByUnderstanding(t *testing.T) {
	for _, knew := range []bool{true, false} {
		b := newBelieving(t, goalpost.SampleProbability)
		if knew {
			b.say(0, true, 0.05, 0.8, 0.6, 0.4, 0.2, 0.1, 0.5, 0.3)
		}
		b.answer(200, answered, 5, 3)
		org, err := b.db.Organisation(t.Context(), b.org)
		if err != nil {
			t.Fatal(err)
		}
		in := assess.GoalInput{Kind: "insight", KPI: "understanding_score", Target: "40%", From: "2026-02-01", Until: "2026-03-10", By: "Ada", Now: believedAt,
			Survey: assess.GoalSurveyInput{Survey: fmt.Sprint(b.id)}}
		if _, err := assess.AddGoal(t.Context(), b.db, org, in); err != nil {
			t.Fatal(err)
		}
		v := verdictOn(t, b.db, org, goalpost.NewDay(2026, 3, 11)).Verdict
		if !knew {
			if v.Decision != goalpost.NotMeasured || v.Reason.Key != "goalsurvey.reason.no-beliefs" {
				t.Errorf("without beliefs: %s, %v", v.Decision, v.Reason)
			}
			continue
		}
		r := b.understanding().Report
		if v.Decision != goalpost.Reached || v.Method != assess.MethodUnderstanding || v.Estimate == nil || math.Abs(v.Estimate.Value-*r.Shown/100) > 1e-12 || v.Estimate.N != 200 {
			t.Errorf("%s by %s: %+v, the survey's page shows %v", v.Decision, v.Method, v.Estimate, *r.Shown)
		}
	}
}
