package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"goalpost"
)

// askedSurvey makes an open survey with one complete answer.
func askedSurvey(t *testing.T, db *DB, org goalpost.OrgID) (goalpost.Survey, SentAnswer) {
	t.Helper()
	s, err := db.CreateSurvey(ctx, org, goalpost.Survey{Slug: "asked", State: goalpost.SurveyOpen, CreatedAt: when, By: "Ada", Form: goalpost.Form{Languages: []string{"en"},
		Questions: []goalpost.SurveyQuestion{{Question: goalpost.Question{Code: "why", Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "Why?"}}}}}}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	sent := SentAnswer{Answer: goalpost.Answer{ID: "00000001-0000-4000-8000-000000000001", Rev: 1, Version: 1, BegunAt: when,
		Replies: map[string]goalpost.QuestionReply{"why": {Text: "Shade"}}}, Done: true, Open: true, Revision: 1, Secret: "s", Hash: "h", Raw: []byte("{}"), At: when}
	if kept, err := db.KeepAnswer(ctx, org, s.ID, sent); err != nil || kept.State != goalpost.AnswerComplete {
		t.Fatal(kept, err)
	}
	return s, sent
}

// A form that is worked on lies beside the survey until it is published or dropped, and
// never overwrites what somebody else did in between.
func TestWorkingForm(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, _ := askedSurvey(t, db, org)
	if err := db.KeepWorkingForm(ctx, org, s.ID, s.Revision, &WorkingForm{Form: s.Form, At: when, By: "Ada"}); err != nil {
		t.Fatal(err)
	}
	kept, err := db.WorkingForm(ctx, org, s.ID)
	if err != nil || kept.By != "Ada" || !kept.At.Equal(when) || len(kept.Form.Questions) != 1 {
		t.Errorf("\ngot:  %+v %v", kept, err)
	}
	if now, err := db.Survey(ctx, org, s.ID); err != nil || now.Revision != 2 || now.FormVersion != 1 {
		t.Errorf("\ngot:  revision %d of version %d %v\nwant: revision 2 of version 1", now.Revision, now.FormVersion, err)
	}
	if err := db.KeepWorkingForm(ctx, org, s.ID, 1, nil); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("an old page drops what was kept since: %v", err)
	}
	if err := db.ChangeSurvey(ctx, org, s.ID, SurveyChange{Revision: 2, Form: &kept.Form, By: "Ada", At: when}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.WorkingForm(ctx, org, s.ID); err != nil {
		t.Errorf("another form was published, and what was worked on is lost: %v", err)
	}
	if err := db.ChangeSurvey(ctx, org, s.ID, SurveyChange{Revision: 3, Form: &kept.Form, Published: true, By: "Ada", At: when}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.WorkingForm(ctx, org, s.ID); !goalpost.IsKind(err, goalpost.NotFound) {
		t.Errorf("published, and still there: %v", err)
	}
}

// surveyTries are what another organisation tries with the survey.
func surveyTries(db *DB, other goalpost.OrgID, s goalpost.Survey, sent SentAnswer, refused func(error) error, empty func(int, error) error) map[string]func() error {
	return map[string]func() error{
		"Surveys":        func() error { l, err := db.Surveys(ctx, other); return empty(len(l), err) },
		"Survey":         func() error { _, err := db.Survey(ctx, other, s.ID); return refused(err) },
		"SurveyForms":    func() error { l, err := db.SurveyForms(ctx, other, s.ID); return empty(len(l), err) },
		"SurveyRevision": func() error { _, err := db.SurveyRevision(ctx, other, s.ID); return refused(err) },
		"SurveySecret":   func() error { _, err := db.SurveySecret(ctx, other, s.ID); return refused(err) },
		"SurveySettings": func() error { _, err := db.SurveySettings(ctx, other, s.ID, 1); return refused(err) },
		"SurveyCount":    func() error { n, err := db.SurveyCount(ctx, other, s.ID); return empty(n, err) },
		"WorkingForm":    func() error { _, err := db.WorkingForm(ctx, other, s.ID); return refused(err) },
		"KeepWorkingForm": func() error {
			return refused(db.KeepWorkingForm(ctx, other, s.ID, 1, &WorkingForm{Form: s.Form, At: when}))
		},
		"ChangeSurvey": func() error { return refused(db.ChangeSurvey(ctx, other, s.ID, SurveyChange{Revision: 1, At: when})) },
		"KeepAnswer": func() error {
			_, err := db.KeepAnswer(ctx, other, s.ID, sent)
			return refused(err)
		},
		"Answer":         func() error { _, err := db.Answer(ctx, other, s.ID, sent.ID); return refused(err) },
		"ResumeAnswer":   func() error { _, err := db.ResumeAnswer(ctx, other, s.ID, sent.ID, "s"); return refused(err) },
		"AnswersSince":   func() error { l, err := db.AnswersSince(ctx, other, s.ID, 0, 10); return empty(len(l), err) },
		"AnswersBetween": func() error { l, err := db.AnswersBetween(ctx, other, s.ID, "0", "z"); return empty(len(l), err) },
		"EraseAnswer":    func() error { return refused(db.EraseAnswer(ctx, other, s.ID, sent.ID, nil)) },
		"CreateSurvey": func() error {
			if _, err := db.CreateSurvey(ctx, other, goalpost.Survey{Slug: "asked", CreatedAt: when}, "x"); !isConflict(err) {
				return fmt.Errorf("an address that another organisation has: %w", err)
			}
			_, err := db.CreateSurvey(ctx, other, goalpost.Survey{Slug: "theirs", CreatedAt: when}, "x")
			return err
		},
	}
}

func isConflict(err error) bool {
	e, ok := errors.AsType[*goalpost.Error](err)
	return ok && e.Kind == goalpost.Conflict
}

// surveyFingerprint is all that is kept of an organisation's surveys.
func surveyFingerprint(t *testing.T, db *DB, org goalpost.OrgID) string {
	t.Helper()
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%+v", surveys)
	for _, s := range surveys {
		answers, err := db.AnswersSince(ctx, org, s.ID, 0, 1000)
		invited, err4 := db.InvitationCounts(ctx, org, s.ID)
		open, err5 := db.OpenInvitations(ctx, org, s.ID, "", 10, false)
		if err := errors.Join(err4, err5); err != nil {
			t.Fatal(err)
		}
		all += fmt.Sprintf("%+v %+v", invited, open)
		n, err2 := db.SurveyCount(ctx, org, s.ID)
		text, err3 := json.Marshal(answers)
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		all += fmt.Sprint(n, string(text))
	}
	return all
}

func TestChangeSurvey(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, sent := askedSurvey(t, db, org)
	reworded := s.Form
	reworded.Questions = []goalpost.SurveyQuestion{{Question: goalpost.Question{Code: "why", Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "What for?"}}}}
	if err := db.ChangeSurvey(ctx, org, s.ID, SurveyChange{Revision: 9, Form: &reworded, At: when}); !isConflict(err) {
		t.Errorf("another revision: %v", err)
	}
	change := func(revision int64) goalpost.Survey {
		t.Helper()
		if err := db.ChangeSurvey(ctx, org, s.ID, SurveyChange{Revision: revision, Form: &reworded, By: "Bob", At: when}); err != nil {
			t.Fatal(err)
		}
		got, err := db.Survey(ctx, org, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := change(1); got.FormVersion != 2 || got.Answered || got.Form.Questions[0].Version != 2 || got.Revision != 2 {
		t.Errorf("a form with answers: %+v", got)
	}
	if got := change(2); got.FormVersion != 2 || got.Form.Questions[0].Version != 2 {
		t.Errorf("a form without answers is changed in place: %+v", got)
	}
	sent.ID = "00000002-0000-4000-8000-000000000002"
	if kept, err := db.KeepAnswer(ctx, org, s.ID, sent); err != nil || !kept.Stale {
		t.Errorf("an answer that was checked against an older survey: %+v, %v", kept, err)
	}
	if forms, err := db.SurveyForms(ctx, org, s.ID); err != nil || len(forms) != 2 || forms[0].Form.Questions[0].Wording["en"] != "Why?" {
		t.Errorf("%+v, %v", forms, err)
	}
}
