package assess

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// EditedSurvey is a survey as its team works on it.
type EditedSurvey struct {
	goalpost.Survey // Form is the one that is being worked on
	Forms           []goalpost.FormVersion
	// Waiting is true while the form differs from what respondents see and waits to be
	// published.
	Waiting  bool
	Complete int       // answers
	At       time.Time // of the last change of the form
	Editor   string
}

// Apart reports whether changes of the form wait to be published: respondents may be
// reading the survey, or have answered it.
func (e EditedSurvey) Apart() bool { return e.State != goalpost.SurveyDraft || e.Answered }

// Published returns the form that respondents see.
func (e EditedSurvey) Published() goalpost.FormVersion { return e.Forms[len(e.Forms)-1] }

// NextVersion is the version that publishing the form makes.
func (e EditedSurvey) NextVersion() int {
	if e.Answered {
		return e.FormVersion + 1
	}
	return e.FormVersion
}

// EditSurvey reads a survey for its team.
func EditSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (e EditedSurvey, err error) {
	if e.Survey, err = db.Survey(ctx, org, id); err != nil {
		return e, err
	}
	if e.Forms, err = db.SurveyForms(ctx, org, id); err != nil {
		return e, fmt.Errorf("assess survey %d: %w", id, err)
	}
	if e.Complete, err = db.SurveyCount(ctx, org, id); err != nil {
		return e, fmt.Errorf("assess survey %d: %w", id, err)
	}
	e.At, e.Editor = e.Published().At, e.Published().By
	working, err := db.WorkingForm(ctx, org, id)
	switch {
	case goalpost.IsKind(err, goalpost.NotFound):
		return e, nil
	case err != nil:
		return e, fmt.Errorf("assess survey %d: %w", id, err)
	}
	e.Form, e.Waiting, e.At, e.Editor = working.Form, true, working.At, working.By
	return e, nil
}

// KeepForm keeps a form that was worked on: as the survey's while nobody can have seen it,
// else beside it until it is published. It fails with Invalid and with Conflict.
func KeepForm(ctx context.Context, db *store.DB, org goalpost.OrgID, e EditedSurvey, f goalpost.Form, by string, now time.Time) error {
	if !e.Apart() {
		return ChangeSurvey(ctx, db, org, e.ID, store.SurveyChange{Revision: e.Revision, Form: &f, By: by, At: now.UTC()})
	}
	s := e.Survey
	s.Form = f
	if err := s.Check(); err != nil {
		return err
	}
	if err := db.KeepWorkingForm(ctx, org, e.ID, e.Revision, &store.WorkingForm{Form: f, At: now.UTC(), By: by}); err != nil {
		return fmt.Errorf("assess survey %d: %w", e.ID, err)
	}
	return nil
}

// PublishForm shows respondents the form that was worked on. keep are the changed questions
// that a person declares to ask the same.
func PublishForm(ctx context.Context, db *store.DB, org goalpost.OrgID, e EditedSurvey, keep []string, by string, now time.Time) error {
	return ChangeSurvey(ctx, db, org, e.ID, store.SurveyChange{Revision: e.Revision, Form: &e.Form, Keep: keep, Published: true, By: by, At: now.UTC()})
}

// DropForm forgets what was worked on and not published.
func DropForm(ctx context.Context, db *store.DB, org goalpost.OrgID, e EditedSurvey) error {
	if err := db.KeepWorkingForm(ctx, org, e.ID, e.Revision, nil); err != nil {
		return fmt.Errorf("assess survey %d: %w", e.ID, err)
	}
	return nil
}

// Trends says what publishing the form that is being worked on does to the questions.
func (e EditedSurvey) Trends() []SurveyTrend {
	return SurveyTrends(e.Forms, e.Answered, e.Form, nil)
}

// VersionTrends says what a version of the form, by its place in Forms, did to the
// questions; nothing of the first.
func (e EditedSurvey) VersionTrends(place int) []SurveyTrend {
	f := e.Forms[place]
	var keep []string
	for _, k := range f.Form.Kept {
		if k.Version == f.Version {
			keep = append(keep, k.Question)
		}
	}
	return SurveyTrends(e.Forms[:place], true, f.Form, keep)
}

// Wording is what a question asks, or asked when it was last there.
func (e EditedSurvey) Wording(code string) goalpost.Text {
	if q, ok := e.Form.Question(code); ok {
		return q.Wording
	}
	for _, f := range slices.Backward(e.Forms) {
		if q, ok := f.Form.Question(code); ok {
			return q.Wording
		}
	}
	return nil
}

// longestSlug is how long an address is at most; freeSlugs is how many numbers are tried.
const (
	longestSlug = 50
	freeSlugs   = 50
)

// SlugOf makes an address of a title: "Was wünschen Sie sich?" is "was-wuenschen-sie-sich".
func SlugOf(title string) string {
	slug := strings.ReplaceAll(CodeOf(title), "_", "-")
	return strings.Trim(slug[:min(len(slug), longestSlug)], "-")
}

// FreeSlug is an address like slug that no survey has.
func FreeSlug(ctx context.Context, db *store.DB, slug string) (string, error) {
	if slug == "" {
		slug = "survey"
	}
	free := slug
	for n := 2; n <= freeSlugs; n++ {
		_, _, err := db.SurveyBySlug(ctx, free)
		switch {
		case goalpost.IsKind(err, goalpost.NotFound):
			return free, nil
		case err != nil:
			return "", fmt.Errorf("assess survey: %w", err)
		}
		free = slug + "-" + strconv.Itoa(n)
	}
	return free, nil
}

// CopySurvey makes a survey like another one, that nobody has answered.
func CopySurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, e EditedSurvey, in SurveyInput) (goalpost.Survey, error) {
	slug, err := FreeSlug(ctx, db, e.Slug)
	if err != nil {
		return goalpost.Survey{}, err
	}
	in.Survey = e.Copy(slug)
	return CreateSurvey(ctx, db, org, in)
}
