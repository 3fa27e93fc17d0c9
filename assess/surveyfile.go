package assess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// ReadSurvey reads the plain form of a survey from a file; its times stand in the
// organisation's zone. See ingest.ReadSurvey.
func ReadSurvey(name string, data []byte, org goalpost.Organisation) (goalpost.Survey, error) {
	return ingest.ReadSurvey(name, data, org.Zone())
}

// WriteSurvey writes the plain form of a survey; say gives the comments by their keys.
func WriteSurvey(s goalpost.Survey, org goalpost.Organisation, say func(key string) string) ([]byte, error) {
	return ingest.WriteSurvey(s, org.Zone(), say)
}

// FindSurvey finds a survey of an organisation by its number or its short name.
func FindSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, name string) (goalpost.Survey, error) {
	owner, id, err := db.SurveyBySlug(ctx, name)
	if err == nil && owner == org {
		return db.Survey(ctx, org, id)
	}
	if err != nil && !goalpost.IsKind(err, goalpost.NotFound) {
		return goalpost.Survey{}, fmt.Errorf("assess survey %q: %w", name, err)
	}
	if n, err := strconv.ParseInt(name, 10, 64); err == nil {
		s, err := db.Survey(ctx, org, goalpost.SurveyID(n))
		if err == nil || !goalpost.IsKind(err, goalpost.NotFound) {
			return s, err
		}
	}
	return goalpost.Survey{}, goalpost.Errorf(goalpost.NotFound, "error.surveyform.not-found", goalpost.TextArg(name))
}

// CreateSurveyOnce is CreateSurvey for a program that sends its request again when it heard
// no answer: created is false where the organisation has this very survey already.
func CreateSurveyOnce(ctx context.Context, db *store.DB, org goalpost.OrgID, in SurveyInput) (s goalpost.Survey, created bool, err error) {
	s, err = CreateSurvey(ctx, db, org, in)
	if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.survey.taken" {
		return s, err == nil, err
	}
	there, known, findErr := KnownSurvey(ctx, db, org, in.Survey)
	if findErr != nil || !known {
		return s, false, err
	}
	return there, false, nil
}

// KnownSurvey looks whether a survey could be made: known is true where the organisation has
// this very one already. It fails with Conflict where its address is another's.
func KnownSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Survey) (there goalpost.Survey, known bool, err error) {
	if err := s.Check(); err != nil {
		return there, false, err
	}
	owner, id, err := db.SurveyBySlug(ctx, s.Slug)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return there, false, nil
	}
	if err == nil && owner == org {
		there, err = db.Survey(ctx, org, id)
		known = err == nil && sameForm(there.Form, s.Form) && sameSettings(there.Settings, s.Settings)
	}
	if err == nil && !known {
		err = &goalpost.Error{Kind: goalpost.Conflict, Key: "error.survey.taken", Field: "slug", Args: []goalpost.Arg{goalpost.TextArg(s.Slug)}}
	}
	return there, known, err
}

// sameForm reports whether two forms show the same; the versions of questions are no part
// of it.
func sameForm(a, b goalpost.Form) bool {
	return plainForm(a) == plainForm(b)
}

func plainForm(f goalpost.Form) string {
	f.Kept = nil
	f.Questions = slices.Clone(f.Questions)
	for i := range f.Questions {
		f.Questions[i].Version = 0
		if len(f.Questions[i].Options) == 0 {
			f.Questions[i].Options = nil
		}
	}
	text, _ := json.Marshal(f) // texts and numbers only: it cannot fail
	return string(text)
}

func sameSettings(a, b goalpost.SurveySettings) bool {
	for _, t := range []*time.Time{&a.OpensAt, &a.ClosesAt, &b.OpensAt, &b.ClosesAt} {
		if !t.IsZero() {
			*t = t.UTC()
		}
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// What becomes of the trend of a question when its survey gets another form.
const (
	TrendLost     = "lost"     // it asks something else now: answers before and after are not compared
	TrendDeclared = "declared" // it was changed, and a person says that it asks the same
	TrendRemoved  = "removed"  // it is asked no more
	TrendNew      = "new"      // it was never asked before
)

// SurveyTrend is what becomes of the trend of one question.
type SurveyTrend struct {
	Question string   `json:"question"`
	Trend    string   `json:"trend"`
	Changes  []string `json:"changes,omitempty"` // "type", "wording", "options", "scale", "base"
}

// SurveyTrends says of which questions the trend does not simply go on when a survey gets
// another form. As long as nobody answered the newest form, it is compared with the one
// before.
func SurveyTrends(forms []goalpost.FormVersion, answered bool, next goalpost.Form, keep []string) []SurveyTrend {
	if !answered && len(forms) > 0 {
		forms = forms[:len(forms)-1]
	}
	if len(forms) == 0 {
		return nil
	}
	var earlier []goalpost.Form
	for _, f := range forms {
		earlier = append(earlier, f.Form)
	}
	last := earlier[len(earlier)-1]
	var list []SurveyTrend
	for _, q := range next.After(earlier, len(earlier)+1, keep, "").Questions {
		was, known := last.Question(q.Code)
		switch {
		case !known && q.Version == 1:
			list = append(list, SurveyTrend{Question: q.Code, Trend: TrendNew})
		case known && slices.Contains(keep, q.Code) && len(q.Changes(was)) > 0:
			list = append(list, SurveyTrend{Question: q.Code, Trend: TrendDeclared, Changes: q.Changes(was)})
		case known && q.Version != was.Version:
			list = append(list, SurveyTrend{Question: q.Code, Trend: TrendLost, Changes: q.Changes(was)})
		}
	}
	for _, q := range last.Questions {
		if _, known := next.Question(q.Code); !known {
			list = append(list, SurveyTrend{Question: q.Code, Trend: TrendRemoved})
		}
	}
	return list
}

// SurveyReplacement is what a survey is to become.
type SurveyReplacement struct {
	Survey   goalpost.Survey // slug, form and settings; an empty slug stays as it is
	Revision int64           // the one that was read; 0: whatever is there
	Keep     []string        // changed questions that ask the same as before
	DryRun   bool            // only say what would become of it
	By       string
	Now      time.Time
}

// SurveyReplaced is what became of it.
type SurveyReplaced struct {
	Survey     goalpost.Survey
	Changed    bool // false: it was like that already
	NewVersion bool // the form before has answers and stays beside the new one
	Trends     []SurveyTrend
}

// ReplaceSurvey replaces form and settings of a survey. What is the same already changes
// nothing, so that a request can be sent again. It fails with Conflict when somebody else
// changed the survey since it was read.
func ReplaceSurvey(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, in SurveyReplacement) (r SurveyReplaced, err error) {
	s, err := db.Survey(ctx, org, id)
	if err != nil {
		return r, err
	}
	next := in.Survey
	if next.Slug == "" {
		next.Slug = s.Slug
	}
	if err := next.Check(); err != nil {
		return r, err
	}
	newForm, newSettings := !sameForm(s.Form, next.Form), !sameSettings(s.Settings, next.Settings)
	r.Survey = s
	if r.Changed = newForm || newSettings || next.Slug != s.Slug; !r.Changed {
		return r, nil
	}
	if in.Revision != 0 && in.Revision != s.Revision {
		return r, goalpost.Errorf(goalpost.Conflict, "error.survey.changed")
	}
	c := store.SurveyChange{Revision: s.Revision, Slug: &next.Slug, By: in.By, At: in.Now.UTC()}
	if newForm {
		forms, err := db.SurveyForms(ctx, org, id)
		if err != nil {
			return r, fmt.Errorf("assess survey %d: %w", id, err)
		}
		for _, code := range in.Keep {
			_, is := next.Form.Question(code)
			if _, was := s.Form.Question(code); !is || !was {
				return r, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyform.keep", Flag: "--keep", Field: "keep", Args: []goalpost.Arg{goalpost.TextArg(code)}}
			}
		}
		r.NewVersion, r.Trends = s.Answered, SurveyTrends(forms, s.Answered, next.Form, in.Keep)
		c.Form, c.Keep = &next.Form, in.Keep
	}
	if newSettings {
		if err := staysAnonymous(s, next.Settings); err != nil { // a trial run says so, too
			return r, err
		}
		c.Settings = &next.Settings
	}
	if in.DryRun {
		return r, nil
	}
	if err := ChangeSurvey(ctx, db, org, id, c); err != nil {
		return r, err
	}
	r.Survey, err = db.Survey(ctx, org, id)
	return r, err
}

// SurveyOverview is a survey with how it stands.
type SurveyOverview struct {
	goalpost.Survey
	Phase    goalpost.SurveyPhase
	Complete int // answers that count
	Quotas   []goalpost.QuotaCount
}

// SurveysOverview returns all surveys of an organisation, newest first.
func SurveysOverview(ctx context.Context, db *store.DB, org goalpost.OrgID, now time.Time) ([]SurveyOverview, error) {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess surveys: %w", err)
	}
	var list []SurveyOverview
	for _, s := range surveys {
		o, err := OverviewOf(ctx, db, org, s, now)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// OverviewOf says how one survey stands.
func OverviewOf(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Survey, now time.Time) (SurveyOverview, error) {
	o := SurveyOverview{Survey: s, Phase: s.Phase(now)}
	var err error
	if o.Complete, err = db.SurveyCount(ctx, org, s.ID); err != nil {
		return o, fmt.Errorf("assess survey %d: %w", s.ID, err)
	}
	if o.Quotas, err = QuotaCounts(ctx, db, org, s); err != nil {
		return o, err
	}
	if limit := s.Settings.Limit; o.Phase == goalpost.PhaseOpen && limit > 0 && o.Complete >= limit {
		o.Phase = goalpost.PhaseFull
	}
	return o, nil
}
