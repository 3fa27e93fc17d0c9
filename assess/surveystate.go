package assess

import (
	"context"
	"time"

	"goalpost"
	"goalpost/store"
)

// ChangeState opens, pauses or closes a survey as it was seen on a page. It fails with
// Conflict when somebody changed it since, and as SetSurveyState does.
func ChangeState(ctx context.Context, db *store.DB, org goalpost.OrgID, e EditedSurvey, state goalpost.SurveyState, by string, now time.Time) error {
	if err := mayBecome(e.Survey, state, now); err != nil {
		return err
	}
	return ChangeSurvey(ctx, db, org, e.ID, store.SurveyChange{Revision: e.Revision, State: &state, By: by, At: now.UTC()})
}

// SetSurveyState opens, pauses or closes a survey. One that is like that already stays as
// it is; one that was open once is no draft again: people have its link. It fails with
// Invalid where it would be closed the moment that it is opened.
func SetSurveyState(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, state goalpost.SurveyState, by string, now time.Time) (goalpost.Survey, error) {
	s, err := db.Survey(ctx, org, id)
	if err != nil || s.State == state {
		return s, err
	}
	if err := mayBecome(s, state, now); err != nil {
		return s, err
	}
	if err := ChangeSurvey(ctx, db, org, id, store.SurveyChange{Revision: s.Revision, State: &state, By: by, At: now.UTC()}); err != nil {
		return s, err
	}
	return db.Survey(ctx, org, id)
}

// mayBecome returns why a survey cannot be in a state now.
func mayBecome(s goalpost.Survey, state goalpost.SurveyState, now time.Time) error {
	end := s.Settings.ClosesAt
	switch {
	case state != goalpost.SurveyOpen && state != goalpost.SurveyPaused && state != goalpost.SurveyClosed:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyform.state", Field: "state", Args: []goalpost.Arg{goalpost.TextArg(string(state))}}
	case s.State == goalpost.SurveyDraft && state != goalpost.SurveyOpen:
		return goalpost.Errorf(goalpost.Conflict, "error.surveyform.still-draft")
	case state == goalpost.SurveyOpen && !end.IsZero() && !now.Before(end):
		return goalpost.Errorf(goalpost.Invalid, "error.survey-state.past")
	}
	return nil
}
