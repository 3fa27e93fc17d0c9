package assess

import (
	"context"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// ChangeState opens, pauses or closes a survey as it was seen on a page. It fails with
// Invalid when it would be closed the moment that it is opened, and with Conflict when
// somebody changed it since.
func ChangeState(ctx context.Context, db *store.DB, org goalpost.OrgID, e EditedSurvey, state goalpost.SurveyState, by string, now time.Time) error {
	if !slices.Contains([]goalpost.SurveyState{goalpost.SurveyOpen, goalpost.SurveyPaused, goalpost.SurveyClosed}, state) {
		return goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	if e.State == goalpost.SurveyDraft && state != goalpost.SurveyOpen {
		return goalpost.Errorf(goalpost.Conflict, "error.surveyform.still-draft")
	}
	if state == goalpost.SurveyOpen && slices.ContainsFunc(e.Hints(now), func(h SurveyHint) bool { return h.Must }) {
		return goalpost.Errorf(goalpost.Invalid, "error.survey-state.past")
	}
	return ChangeSurvey(ctx, db, org, e.ID, store.SurveyChange{Revision: e.Revision, State: &state, By: by, At: now.UTC()})
}
