package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"goalpost"
)

// CreateSurvey makes a survey, in its state. secret is random: what the survey's pages are
// signed with. It fails with Conflict when another survey of the installation has its
// address.
func (db *DB) CreateSurvey(ctx context.Context, org goalpost.OrgID, s goalpost.Survey, secret string) (goalpost.Survey, error) {
	err := db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("organisation", "SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil {
			return err
		}
		if err := t.freeSlug(org, 0, s.Slug); err != nil {
			return err
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM survey WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		s.ID, s.FormVersion, s.SettingVersion, s.Revision = goalpost.SurveyID(id), 1, 1, 1
		if _, err := t.exec("survey.Add", org, id, s.Slug, string(s.State), secret, s.CreatedAt.UnixMicro(), s.By); err != nil {
			return err
		}
		if err := t.addForm(org, s.ID, goalpost.FormVersion{Form: s.Form, Version: 1, At: s.CreatedAt, By: s.By}); err != nil {
			return err
		}
		return t.addSettings(org, s.ID, 1, s.Settings, s.CreatedAt, s.By)
	})
	return s, err
}

// freeSlug fails with Conflict when another survey has an address.
func (t *tx) freeSlug(org goalpost.OrgID, self goalpost.SurveyID, slug string) error {
	var owner, id int64
	found, err := t.row("SELECT org_id, id FROM survey WHERE slug = $1", []any{slug}, &owner, &id)
	if err == nil && found && (owner != int64(org) || id != int64(self)) {
		err = &goalpost.Error{Kind: goalpost.Conflict, Key: "error.survey.taken", Field: "slug", Args: []goalpost.Arg{goalpost.TextArg(slug)}}
	}
	return err
}

func (t *tx) addForm(org goalpost.OrgID, id goalpost.SurveyID, v goalpost.FormVersion) error {
	body, err := json.Marshal(v.Form)
	if err != nil {
		return fmt.Errorf("store: form: %w", err)
	}
	_, err = t.exec("survey.AddForm", org, id, v.Version, v.At.UnixMicro(), v.By, string(body))
	return err
}

func (t *tx) addSettings(org goalpost.OrgID, id goalpost.SurveyID, version int, s goalpost.SurveySettings, at time.Time, by string) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("store: settings: %w", err)
	}
	_, err = t.exec("survey.AddSettings", org, id, version, at.UnixMicro(), by, string(body))
	return err
}

// SurveyChange is what is to become of a survey; nil for what stays.
type SurveyChange struct {
	Revision int64 // the one that was read: another one in between is a Conflict
	Slug     *string
	State    *goalpost.SurveyState
	Form     *goalpost.Form // replaces the newest version while that has no answers, else is a new one
	Keep     []string       // changed questions that are declared to ask the same
	// Published is true where the form is the one that was worked on, which is then done with.
	Published bool
	Settings  *goalpost.SurveySettings
	By        string
	At        time.Time
}

// ChangeSurvey changes a survey. It fails with Conflict when somebody else changed it since
// it was read, and when the new address is another survey's.
func (db *DB) ChangeSurvey(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, c SurveyChange) error {
	return db.do(ctx, func(t *tx) error {
		s, err := t.survey(org, id)
		if err != nil {
			return err
		}
		if s.Revision != c.Revision {
			return goalpost.Errorf(goalpost.Conflict, "error.survey.changed")
		}
		if c.Slug != nil && *c.Slug != s.Slug {
			if err := t.freeSlug(org, id, *c.Slug); err != nil {
				return err
			}
			s.Slug = *c.Slug
		}
		if c.State != nil {
			s.Close(*c.State, c.At)
		}
		if c.Form != nil {
			if s.FormVersion, err = t.changeForm(org, s, c); err != nil {
				return err
			}
			if c.Published {
				if _, err := t.exec("DELETE FROM survey_working WHERE org_id = $1 AND survey_id = $2", org, id); err != nil {
					return err
				}
			}
		}
		if c.Settings != nil {
			if !goalpost.SameGroups(s.Settings.Quotas, c.Settings.Quotas) {
				if err := t.countGroups(org, id, c.Settings.Quotas); err != nil {
					return err
				}
			}
			s.SettingVersion++
			if err := t.addSettings(org, id, s.SettingVersion, *c.Settings, c.At, c.By); err != nil {
				return err
			}
		}
		_, err = t.exec("survey.Change", org, id, s.Slug, string(s.State), s.FormVersion, s.SettingVersion, s.Revision+1, closedMicros(s.ClosedAt))
		return err
	})
}

func closedMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// changeForm keeps a form: as a new version once the newest has answers.
func (t *tx) changeForm(org goalpost.OrgID, s goalpost.Survey, c SurveyChange) (version int, err error) {
	forms, err := t.forms(org, s.ID)
	if err != nil {
		return 0, err
	}
	version = s.FormVersion
	if s.Answered {
		version++
	} else {
		forms = forms[:len(forms)-1]
		if _, err := t.exec("DELETE FROM survey_form WHERE org_id = $1 AND survey_id = $2 AND version = $3", org, s.ID, version); err != nil {
			return 0, err
		}
	}
	var earlier []goalpost.Form
	for _, f := range forms {
		earlier = append(earlier, f.Form)
	}
	return version, t.addForm(org, s.ID, goalpost.FormVersion{Form: c.Form.After(earlier, version, c.Keep, c.By), Version: version, At: c.At, By: c.By})
}

// forms reads all versions of a form, oldest first.
func (t *tx) forms(org goalpost.OrgID, id goalpost.SurveyID) ([]goalpost.FormVersion, error) {
	var list []goalpost.FormVersion
	err := t.rows("survey.Forms", func(r *sql.Rows) error {
		v, err := scanForm(r)
		list = append(list, v)
		return err
	}, org, id)
	return list, err
}

func scanForm(r interface{ Scan(...any) error }) (v goalpost.FormVersion, err error) {
	var at int64
	var body string
	if err := r.Scan(&v.Version, &at, &v.By, &body); err != nil {
		return v, err
	}
	v.At = micros(at)
	if err := json.Unmarshal([]byte(body), &v.Form); err != nil {
		return v, fmt.Errorf("store: form %d: %w", v.Version, err)
	}
	return v, nil
}

// survey reads a survey inside a change.
func (t *tx) survey(org goalpost.OrgID, id goalpost.SurveyID) (goalpost.Survey, error) {
	x := surveyRow{}
	if err := t.mustFind("survey", "survey.One", []any{org, id}, x.fields()...); err != nil {
		return goalpost.Survey{}, err
	}
	return x.survey()
}

// surveyRow is a survey with its newest form and settings, as they lie in the database.
type surveyRow struct {
	s              goalpost.Survey
	at, closed     int64
	form, settings string
}

func (x *surveyRow) fields() []any {
	return []any{&x.s.ID, &x.s.Slug, &x.s.State, &x.s.FormVersion, &x.s.SettingVersion, &x.s.Revision, &x.at, &x.s.By, &x.closed, &x.s.Answered, &x.form, &x.settings}
}

func (x *surveyRow) survey() (goalpost.Survey, error) {
	x.s.CreatedAt = micros(x.at)
	if x.closed != 0 {
		x.s.ClosedAt = micros(x.closed)
	}
	if err := json.Unmarshal([]byte(x.form), &x.s.Form); err != nil {
		return x.s, fmt.Errorf("store: form of survey %d: %w", x.s.ID, err)
	}
	if err := json.Unmarshal([]byte(x.settings), &x.s.Settings); err != nil {
		return x.s, fmt.Errorf("store: settings of survey %d: %w", x.s.ID, err)
	}
	return x.s, nil
}

// Survey returns a survey with its newest form and settings.
func (db *DB) Survey(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (goalpost.Survey, error) {
	x := surveyRow{}
	if err := db.row(ctx, "survey.One", "survey", []any{org, id}, x.fields()...); err != nil {
		return goalpost.Survey{}, err
	}
	return x.survey()
}

// Surveys returns the surveys of an organisation, newest first.
func (db *DB) Surveys(ctx context.Context, org goalpost.OrgID) ([]goalpost.Survey, error) {
	var list []goalpost.Survey
	err := db.rows(ctx, "survey.List", func(r *sql.Rows) error {
		x := surveyRow{}
		if err := r.Scan(x.fields()...); err != nil {
			return err
		}
		s, err := x.survey()
		list = append(list, s)
		return err
	}, org)
	return list, err
}

// SurveyBySlug finds the survey of a public address, and whose it is.
func (db *DB) SurveyBySlug(ctx context.Context, slug string) (goalpost.OrgID, goalpost.SurveyID, error) {
	var org goalpost.OrgID
	var id goalpost.SurveyID
	err := db.row(ctx, "SELECT org_id, id FROM survey WHERE slug = $1", "survey", []any{slug}, &org, &id)
	return org, id, err
}

// SurveyRevision returns how often a survey was changed: a copy of it that somebody holds
// is still good if it has the same.
func (db *DB) SurveyRevision(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (revision int64, err error) {
	err = db.row(ctx, "SELECT revision FROM survey WHERE org_id = $1 AND id = $2", "survey", []any{org, id}, &revision)
	return revision, err
}

// SurveySecret returns what the pages of a survey are signed with.
func (db *DB) SurveySecret(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (secret string, err error) {
	err = db.row(ctx, "SELECT secret FROM survey WHERE org_id = $1 AND id = $2", "survey", []any{org, id}, &secret)
	return secret, err
}

// SurveyForms returns all versions of a survey's form, oldest first.
func (db *DB) SurveyForms(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) ([]goalpost.FormVersion, error) {
	var list []goalpost.FormVersion
	err := db.rows(ctx, "survey.Forms", func(r *sql.Rows) error {
		v, err := scanForm(r)
		list = append(list, v)
		return err
	}, org, id)
	return list, err
}

// SurveySettings returns one version of a survey's settings: what was agreed to then.
func (db *DB) SurveySettings(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, version int) (s goalpost.SurveySettings, err error) {
	var body string
	if err := db.row(ctx, "SELECT body FROM survey_setting WHERE org_id = $1 AND survey_id = $2 AND version = $3", "survey", []any{org, id, version}, &body); err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return s, fmt.Errorf("store: settings %d of survey %d: %w", version, id, err)
	}
	return s, nil
}
