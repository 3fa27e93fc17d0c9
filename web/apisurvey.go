package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/dataset"
	"goalpost/document"
)

// surveyOperations are what the team's programs do with surveys.
func (s *Server) surveyOperations(a *apiBuilder) {
	apiRoute(a, operation{"GET /surveys", "surveys-list", "surveys", "All surveys, newest first", viewer, "surveys", 0}, s.apiSurveys)
	apiRoute(a, operation{"POST /surveys", "surveys-add", "surveys", "Make a survey, as a draft; the same survey again makes nothing", editor, "survey", http.StatusCreated}, s.apiAddSurvey)
	apiRoute(a, operation{"GET /surveys/{survey}", "surveys-show", "surveys", "One survey: what respondents see, and how it runs", viewer, "survey", 0}, s.apiSurvey)
	apiRoute(a, operation{"PUT /surveys/{survey}", "surveys-change", "surveys", "Replace form and settings; a form that has answers stays beside the new one", editor, "survey-import", 0}, s.apiChangeSurvey)
	apiRoute(a, operation{"POST /surveys/{survey}/state", "surveys-state", "surveys", "Open, pause or close a survey", editor, "survey", 0}, s.apiSurveyState)
	apiRoute(a, operation{"POST /surveys/{survey}/copy", "surveys-copy", "surveys", "Make a draft of the same form and settings, without answers", editor, "survey", http.StatusCreated}, s.apiCopySurvey)
	apiRoute(a, operation{"GET /surveys/{survey}/answers", "surveys-answers", "surveys", "Answers, in the order of their changes; ask again with since to read what is new", viewer, "survey-answers", 0}, s.apiSurveyAnswers)
	s.surveyReading(a)
	s.hookOperations(a)
	s.invitationOperations(a)
	apiRoute(a, operation{"GET /surveys/{survey}/dataset", "surveys-dataset", "surveys", "All answers as a file for statistics programs, with labels in the language of Accept-Language", viewer, dataset.FileFormats(), 0}, s.apiSurveyDataset)
	apiRoute(a, operation{"GET /surveys/{survey}/shares", "surveys-shares", "surveys", "What the answers say: shares with intervals, and how they moved against other surveys of the study", viewer, document.SurveyShares{}, 0}, s.apiSurveyShares)
}

// SurveyBody is a survey as a program sends it.
type SurveyBody struct {
	Slug     string                  `json:"slug" doc:"The end of its public address: small letters, digits and hyphens."`
	Form     goalpost.Form           `json:"form" doc:"What respondents see. Versions of questions and kept are worked out anew."`
	Settings goalpost.SurveySettings `json:"settings" doc:"How it runs."`
}

// check names what is wrong as the program sent it.
func (b SurveyBody) check() error {
	if err := b.Form.Check(); err != nil {
		return below("form.", err)
	}
	return below("settings.", b.Settings.Check(b.Form))
}

// below names the field of an error from further above.
func below(part string, err error) error {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return err
	}
	other := *e
	other.Field = part + e.Field
	return &other
}

// surveyReply answers with a survey in full.
func (s *Server) surveyReply(ctx context.Context, c caller, survey goalpost.Survey) (reply, error) {
	o, err := assess.OverviewOf(ctx, s.DB, c.org.ID, survey, s.Now())
	return reply{document: document.SurveyOf(c.say, o)}, err
}

// addedSurvey answers with a survey that was made, or was there already.
func (s *Server) addedSurvey(ctx context.Context, c caller, in assess.SurveyInput) (reply, error) {
	in.By, in.Now = c.user.Name, s.Now()
	_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
	survey, created, err := assess.CreateSurveyOnce(ctx, s.DB, c.org.ID, in)
	if err != nil {
		return reply{}, err
	}
	out, err := s.surveyReply(ctx, c, survey)
	out.status, out.location = http.StatusOK, "/surveys/"+strconv.FormatInt(int64(survey.ID), 10)
	if created {
		out.status = http.StatusCreated
	}
	return out, err
}

// apiSurveys lists the surveys.
func (s *Server) apiSurveys(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	list, err := assess.SurveysOverview(ctx, s.DB, c.org.ID, s.Now())
	return reply{document: document.SurveysOf(c.say, list)}, err
}

// apiAddSurvey makes a survey.
func (s *Server) apiAddSurvey(ctx context.Context, c caller, in *struct{ Body SurveyBody }) (reply, error) {
	if err := in.Body.check(); err != nil {
		return reply{}, err
	}
	return s.addedSurvey(ctx, c, assess.SurveyInput{Survey: goalpost.Survey{Slug: in.Body.Slug, Form: in.Body.Form, Settings: in.Body.Settings}})
}

// SurveyPath names a survey in an address.
type SurveyPath struct {
	ID int64 `path:"survey" doc:"Its number."`
}

// apiSurvey shows one survey.
func (s *Server) apiSurvey(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	return s.surveyReply(ctx, c, survey)
}

// apiChangeSurvey replaces form and settings of a survey.
func (s *Server) apiChangeSurvey(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		SurveyBody
		Keep     []string `json:"keep" required:"false" nullable:"false" doc:"Changed questions that still ask the same: their trend goes on."`
		Revision int64    `json:"revision" required:"false" doc:"The revision that you read: if the survey has another one by now, nothing is changed and the answer is 409."`
	}
}) (reply, error) {
	id := goalpost.SurveyID(in.ID)
	if _, err := s.DB.SurveyRevision(ctx, c.org.ID, id); err != nil {
		return reply{}, err
	}
	if err := in.Body.check(); err != nil {
		return reply{}, err
	}
	r, err := assess.ReplaceSurvey(ctx, s.DB, c.org.ID, id, assess.SurveyReplacement{Survey: goalpost.Survey{Slug: in.Body.Slug, Form: in.Body.Form, Settings: in.Body.Settings}, Keep: in.Body.Keep,
		Revision: in.Body.Revision, By: c.user.Name, Now: s.Now()})
	if err != nil {
		return reply{}, err
	}
	o, err := assess.OverviewOf(ctx, s.DB, c.org.ID, r.Survey, s.Now())
	return reply{document: document.SurveyChange{Survey: document.SurveyOf(c.say, o), Changed: r.Changed, NewVersion: r.NewVersion, Trends: document.SurveyTrendsOf(c.say, r.Trends)}}, err
}

// apiSurveyState opens, pauses or closes a survey.
func (s *Server) apiSurveyState(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		State string `json:"state" doc:"open, paused or closed."`
	}
}) (reply, error) {
	survey, err := assess.SetSurveyState(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID), goalpost.SurveyState(in.Body.State), c.user.Name, s.Now())
	if err != nil {
		return reply{}, err
	}
	return s.surveyReply(ctx, c, survey)
}

// apiCopySurvey makes a draft like a survey.
func (s *Server) apiCopySurvey(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		Slug string `json:"slug" doc:"Of the copy."`
	}
}) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	if in.Body.Slug == survey.Slug { // it is no copy of itself
		return reply{}, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.survey.taken", Field: "slug", Args: []goalpost.Arg{goalpost.TextArg(in.Body.Slug)}}
	}
	return s.addedSurvey(ctx, c, assess.SurveyInput{Survey: survey.Copy(in.Body.Slug)})
}

// Most answers of one reply, unless fewer are asked for.
const (
	apiAnswers     = 100
	apiMostAnswers = 1000
)

// apiSurveyAnswers reads answers, a page at a time.
func (s *Server) apiSurveyAnswers(ctx context.Context, c caller, in *struct {
	SurveyPath
	Since int64 `query:"since" doc:"next of the answer before; without: from the beginning. An answer that changed comes again, an erased one too, without what was in it."`
	Limit int   `query:"limit" doc:"At most 1000; without: 100."`
}) (reply, error) {
	if in.Since < 0 {
		return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: "since"}
	}
	if in.Limit < 0 || in.Limit > apiMostAnswers {
		return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: "limit"}
	}
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	limit := in.Limit
	if limit == 0 {
		limit = apiAnswers
	}
	list, err := s.DB.AnswersSince(ctx, c.org.ID, survey.ID, in.Since, limit+1)
	if err != nil {
		return reply{}, err
	}
	more := len(list) > limit
	return reply{document: document.SurveyAnswersOf(survey, list[:min(limit, len(list))], in.Since, more)}, nil
}

// apiSurveyDataset writes all answers as a file for statistics programs.
func (s *Server) apiSurveyDataset(ctx context.Context, c caller, in *struct {
	SurveyPath
	Format string `query:"format" doc:"sav (SPSS), sss (Triple-S: an archive with its description and its data) or ddi (DDI-Codebook, which describes the SPSS file); without: sav."`
}) (reply, error) {
	format := dataset.SAV
	if in.Format != "" {
		format = dataset.FileFormat(in.Format)
	}
	if !slices.Contains(dataset.FileFormats(), format) {
		return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: "format"}
	}
	a, err := assess.AskedByTeam(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	table, err := s.datasetOf(c.r, a, c.say)
	if err != nil {
		return reply{}, err
	}
	var b bytes.Buffer
	if err := table.Write(&b, format); err != nil {
		return reply{}, err
	}
	return reply{file: &apiFile{table.File(format), format.MediaType(), b.Bytes()}}, nil
}

// apiSurveyShares says what the answers say.
func (s *Server) apiSurveyShares(ctx context.Context, c caller, in *struct {
	SurveyPath
	Only string `query:"only" doc:"A part of the respondents: channel:CODE, language:CODE, device:CLASS, answer:QUESTION:OPTION, or clean for answers without a flag. One that would give single answers away is refused."`
}) (reply, error) {
	a, err := assess.AskedByTeam(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	shares, err := s.surveyShares(c.r, a, assess.ParseShareFilter(in.Only))
	if err != nil {
		return reply{}, err
	}
	var trend assess.SurveyTrendView
	if in.Only == "" {
		if trend, err = s.surveyWaves(c.r, a); err != nil {
			return reply{}, err
		}
	}
	return reply{document: document.SurveySharesOf(c.say, a.Survey, shares, trend)}, nil
}
