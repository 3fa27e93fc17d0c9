package assess_test

import (
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// A survey that was published as anonymous stays so: whoever has the page open was told that
// nothing leads from the answers to the invitation.
func TestAnonymousIsAPromise(t *testing.T) {
	db, a := askedSurvey(t, nil)
	named := a.Survey.Settings
	named.Anonymous = false
	c := store.SurveyChange{Revision: a.Survey.Revision, Settings: &named, By: "Ada", At: fieldDay}
	if err := assess.ChangeSurvey(t.Context(), db, a.Org, a.Survey.ID, c); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("an open survey stops being anonymous: %v", err)
	}
	closed := goalpost.SurveyClosed
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{State: &closed})
	a = asked(t, db)
	c.Revision = a.Survey.Revision
	if err := assess.ChangeSurvey(t.Context(), db, a.Org, a.Survey.ID, c); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("a closed survey, which can be opened again, stops being anonymous: %v", err)
	}
	limited := a.Survey.Settings
	limited.Limit = 5
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Settings: &limited})
}
