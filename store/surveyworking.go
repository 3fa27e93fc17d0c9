package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"goalpost"
)

// WorkingForm is a form that a team works on while respondents see another.
type WorkingForm struct {
	Form goalpost.Form
	At   time.Time
	By   string
}

// WorkingForm returns the form that is being worked on; NotFound where there is none, and
// the survey's own is what the team sees.
func (db *DB) WorkingForm(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (w WorkingForm, err error) {
	var at int64
	var body string
	if err := db.row(ctx, "SELECT made_at, made_by, body FROM survey_working WHERE org_id = $1 AND survey_id = $2", "survey", []any{org, id}, &at, &w.By, &body); err != nil {
		return w, err
	}
	w.At = micros(at)
	if err := json.Unmarshal([]byte(body), &w.Form); err != nil {
		return w, fmt.Errorf("store: working form of survey %d: %w", id, err)
	}
	return w, nil
}

// KeepWorkingForm keeps the form that is being worked on; nil drops it. It fails with
// Conflict when the survey was changed since revision.
func (db *DB) KeepWorkingForm(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, revision int64, w *WorkingForm) error {
	return db.do(ctx, func(t *tx) error {
		s, err := t.survey(org, id)
		if err != nil {
			return err
		}
		if s.Revision != revision {
			return goalpost.Errorf(goalpost.Conflict, "error.survey.changed")
		}
		if _, err := t.exec("DELETE FROM survey_working WHERE org_id = $1 AND survey_id = $2", org, id); err != nil {
			return err
		}
		if w != nil {
			body, err := json.Marshal(w.Form)
			if err != nil {
				return fmt.Errorf("store: working form: %w", err)
			}
			if _, err := t.exec("INSERT INTO survey_working (org_id, survey_id, made_at, made_by, body) VALUES ($1, $2, $3, $4, $5)", org, id, w.At.UnixMicro(), w.By, string(body)); err != nil {
				return err
			}
		}
		_, err = t.exec("survey.Change", org, id, s.Slug, string(s.State), s.FormVersion, s.SettingVersion, s.Revision+1, closedMicros(s.ClosedAt))
		return err
	})
}
