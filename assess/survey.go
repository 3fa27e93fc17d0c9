package assess

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// SurveyInput is a survey as a person or a program makes it.
type SurveyInput struct {
	Survey goalpost.Survey // slug, form and settings
	Secret [32]byte        // random
	By     string
	Now    time.Time
}

// CreateSurvey makes a survey, as a draft. It fails with Invalid, naming the field, and
// with Conflict when its address is another's.
func CreateSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, in SurveyInput) (goalpost.Survey, error) {
	s := in.Survey
	s.Slug = strings.TrimSpace(s.Slug)
	s.State, s.CreatedAt, s.By = goalpost.SurveyDraft, in.Now.UTC(), in.By
	if err := s.Check(); err != nil {
		return s, err
	}
	s.Form.Kept = nil
	for i := range s.Form.Questions { // a copy keeps the versions: what it asks can be compared with the first survey
		s.Form.Questions[i].Version = max(1, s.Form.Questions[i].Version)
	}
	s, err := db.CreateSurvey(ctx, org, s, hex.EncodeToString(in.Secret[:]))
	if err != nil {
		return s, fmt.Errorf("assess survey: %w", err)
	}
	return s, nil
}

// ChangeSurvey changes what the change names, after looking whether the whole still fits.
// It fails with Conflict where a survey that promised to be anonymous would keep the promise
// no longer: pages that say so are open, and those who answered believed them.
func ChangeSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, c store.SurveyChange) error {
	s, err := db.Survey(ctx, org, id)
	if err != nil {
		return err
	}
	if c.Slug != nil {
		s.Slug = *c.Slug
	}
	if c.Form != nil {
		s.Form = *c.Form
	}
	if c.Settings != nil {
		if err := staysAnonymous(s, *c.Settings); err != nil {
			return err
		}
		s.Settings = *c.Settings
	}
	if err := s.Check(); err != nil {
		return err
	}
	if err := db.ChangeSurvey(ctx, org, id, c); err != nil {
		return fmt.Errorf("assess survey %d: %w", id, err)
	}
	return nil
}

// staysAnonymous refuses settings with which a survey breaks what it promised.
func staysAnonymous(s goalpost.Survey, next goalpost.SurveySettings) error {
	if s.State != goalpost.SurveyDraft && s.Settings.Anonymous && !next.Anonymous {
		return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.survey-guard.anonymous", Field: "anonymous"}
	}
	return nil
}
