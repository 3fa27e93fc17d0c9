package web

import (
	"context"
	"slices"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/locale"
)

// surveyReading are what the team's programs read of a survey and do with its answers: the
// rights are those of the pages.
func (s *Server) surveyReading(a *apiBuilder) {
	apiRoute(a, operation{"GET /surveys/{survey}/results", "surveys-results", "surveys", "The figures of a survey, with and without answers that stand out", viewer, document.SurveyResults{}, 0}, s.apiSurveyResults)
	apiRoute(a, operation{"GET /surveys/{survey}/versions", "surveys-versions", "surveys", "All versions of the form, and what each did to the trends of questions", viewer, document.SurveyVersions{}, 0}, s.apiSurveyVersions)
	apiRoute(a, operation{"GET /surveys/{survey}/settings/{version}", "surveys-settings", "surveys", "How the survey ran, in one version of its settings", viewer, document.SurveySettingVersion{}, 0}, s.apiSurveySettings)
	apiRoute(a, operation{"GET /surveys/{survey}/links", "surveys-links", "surveys", "The links of a survey with QR codes and texts to post", viewer, document.SurveyLinks{}, 0}, s.apiSurveyLinks)
	apiRoute(a, operation{"GET /surveys/{survey}/contacts", "surveys-contacts", "surveys", "How many left an address; the addresses leave by the command line alone", viewer, document.SurveyContacts{}, 0}, s.apiSurveyContacts)
	apiRoute(a, operation{"GET /surveys/{survey}/answers/{answer}", "surveys-answer", "answers", "One answer with its log", viewer, document.SurveyAnswerShown{}, 0}, s.apiSurveyAnswer)
	apiRoute(a, operation{"DELETE /surveys/{survey}/answers/{answer}", "surveys-erase-answer", "answers", "Erase one answer, with its log and everything that leads to it; it does not come back", owner, document.SurveyAnswerShown{}, 0}, s.apiEraseAnswer)
	apiRoute(a, operation{"GET /surveys/{survey}/open-answers", "surveys-open-answers", "answers", "What people wrote to one question, searched and by tag", viewer, document.OpenAnswers{}, 0}, s.apiOpenAnswers)
	apiRoute(a, operation{"PUT /surveys/{survey}/answers/{answer}/tags/{question}", "surveys-tag", "answers", "Give an open answer these tags and no others; an empty list removes all", editor, document.SurveyAnswerShown{}, 0}, s.apiTagAnswer)
}

// askedOf reads the survey that an operation names.
func (s *Server) askedOf(ctx context.Context, c caller, in SurveyPath) (*assess.AskedSurvey, error) {
	return assess.AskedByTeam(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID))
}

// apiSurveyResults answers with the figures of the answers that have come by now.
func (s *Server) apiSurveyResults(ctx context.Context, c caller, in *struct {
	SurveyPath
	Kept bool `query:"kept" doc:"The figures that were kept when single answers were erased, also where new ones came since."`
}) (reply, error) {
	a, err := s.askedOf(ctx, c, in.SurveyPath)
	if err != nil {
		return reply{}, err
	}
	t, err := s.tally(c.r, a)
	if err != nil {
		return reply{}, err
	}
	shown, err := a.ShownResults(ctx, s.DB, t, in.Kept)
	if err != nil {
		return reply{}, err
	}
	o, err := assess.OverviewOf(ctx, s.DB, c.org.ID, a.Survey, s.Now())
	if err != nil {
		return reply{}, err
	}
	contacts, err := s.contactsOf(ctx, c, a.Survey)
	return reply{document: document.SurveyResultsOf(c.say, o, shown, contacts)}, err
}

func (s *Server) contactsOf(ctx context.Context, c caller, survey goalpost.Survey) (document.SurveyContacts, error) {
	results, prize, err := s.DB.CountSurveyContacts(ctx, c.org.ID, survey.ID)
	return document.SurveyContacts{Results: results, Prize: prize}, err
}

// apiSurveyContacts counts who left an address.
func (s *Server) apiSurveyContacts(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	contacts, err := s.contactsOf(ctx, c, survey)
	return reply{document: contacts}, err
}

// apiSurveyVersions lists the versions of a form.
func (s *Server) apiSurveyVersions(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	e, err := assess.EditSurvey(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID))
	return reply{document: document.SurveyVersionsOf(c.say, e)}, err
}

// apiSurveySettings shows a version of a survey's settings.
func (s *Server) apiSurveySettings(ctx context.Context, c caller, in *struct {
	SurveyPath
	Version int `path:"version" doc:"From 1 to setting_version of the survey."`
}) (reply, error) {
	id := goalpost.SurveyID(in.ID)
	settings, err := s.DB.SurveySettings(ctx, c.org.ID, id, in.Version)
	return reply{document: document.SurveySettingVersion{Survey: id, SettingVersion: in.Version, Settings: settings}}, err
}

// apiSurveyLinks lists the links of a survey.
func (s *Server) apiSurveyLinks(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	x, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	base := s.linkOf(x, "")
	d := document.SurveyLinks{Survey: x.ID, Slug: x.Slug, Plain: s.surveyLink(x, goalpost.Channel{}), Channels: []document.SurveyLink{}, Image: base + "/image.png", Print: base + "/print"}
	for _, channel := range x.Settings.Channels {
		d.Channels = append(d.Channels, s.surveyLink(x, channel))
	}
	if len(x.Settings.Frames) > 0 {
		d.Embed = s.surveyEmbed(x)
	}
	return reply{document: d}, nil
}

func (s *Server) surveyLink(x goalpost.Survey, c goalpost.Channel) document.SurveyLink {
	base, query := s.linkOf(x, ""), ""
	if c.Code != "" {
		query = "?channel=" + c.Code
	}
	l := document.SurveyLink{Channel: c.Code, Network: c.Network, Campaign: c.Campaign, Link: s.linkOf(x, c.Code), QRSVG: base + "/qr.svg" + query, QRPNG: base + "/qr.png" + query, Texts: map[string]string{}}
	for _, lang := range x.Form.Languages {
		if slices.Contains(languages, lang) && c.Code != "" {
			l.Texts[lang] = postText(locale.New(locale.Language(lang), ""), c.Network, x, l.Link)
		}
	}
	return l
}

// AnswerPath names an answer in an address.
type AnswerPath struct {
	SurveyPath
	RID string `path:"answer" doc:"Its id, as answers name it."`
}

// shownAnswer answers with everything that is kept of one answer.
func (s *Server) shownAnswer(ctx context.Context, c caller, a *assess.AskedSurvey, rid string) (reply, error) {
	t, err := s.tally(c.r, a)
	if err != nil {
		return reply{}, err
	}
	x, err := a.ShownAnswer(ctx, s.DB, t, rid)
	return reply{document: document.SurveyAnswerShownOf(c.say, a.Survey, x)}, err
}

// apiSurveyAnswer shows one answer.
func (s *Server) apiSurveyAnswer(ctx context.Context, c caller, in *AnswerPath) (reply, error) {
	a, err := s.askedOf(ctx, c, in.SurveyPath)
	if err != nil {
		return reply{}, err
	}
	return s.shownAnswer(ctx, c, a, in.RID)
}

// apiEraseAnswer erases one answer.
func (s *Server) apiEraseAnswer(ctx context.Context, c caller, in *AnswerPath) (reply, error) {
	a, err := s.askedOf(ctx, c, in.SurveyPath)
	if err != nil {
		return reply{}, err
	}
	if err := a.EraseAnswer(ctx, s.DB, in.RID); err != nil {
		return reply{}, err
	}
	return s.shownAnswer(ctx, c, a, in.RID)
}

// OpenAnswersQuery says which open answers are asked for.
type OpenAnswersQuery struct {
	SurveyPath
	Question string `query:"question" doc:"Its code; without: the first that takes nothing but a text."`
	Search   string `query:"search" doc:"Part of the text, whatever its capitals and accents."`
	Tag      string `query:"tag"`
	Untagged bool   `query:"untagged" doc:"Only those without a tag."`
	Limit    int    `query:"limit" doc:"At most 1000; without: 100."`
	Offset   int    `query:"offset" doc:"How many to pass over."`
}

// check says which value does not fit.
func (q OpenAnswersQuery) check() error {
	wrong := func(field string) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: field}
	}
	switch {
	case q.Limit < 0 || q.Limit > apiMostAnswers:
		return wrong("limit")
	case q.Offset < 0:
		return wrong("offset")
	case q.Untagged && q.Tag != "":
		return wrong("untagged")
	}
	return nil
}

// apiOpenAnswers lists the open answers to one question.
func (s *Server) apiOpenAnswers(ctx context.Context, c caller, in *OpenAnswersQuery) (reply, error) {
	a, err := s.askedOf(ctx, c, in.SurveyPath)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return reply{}, err
	}
	q, known := a.OpenQuestion(in.Question)
	if !known && in.Question != "" {
		return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: "question"}
	}
	var found assess.OpenAnswers
	if known {
		if found, err = a.OpenAnswers(ctx, s.DB, assess.OpenQuery{Question: q.Code, Search: strings.TrimSpace(in.Search), Tag: in.Tag, Untagged: in.Untagged}); err != nil {
			return reply{}, err
		}
	}
	limit := in.Limit
	if limit == 0 {
		limit = apiAnswers
	}
	return reply{document: document.OpenAnswersOf(c.say, a, q, found, in.Offset, limit)}, nil
}

// apiTagAnswer gives an open answer its tags.
func (s *Server) apiTagAnswer(ctx context.Context, c caller, in *struct {
	AnswerPath
	Question string `path:"question" doc:"Code of an open question."`
	Body     struct {
		Tags []string `json:"tags" nullable:"false" doc:"A comma separates two of them."`
	}
}) (reply, error) {
	a, err := s.askedOf(ctx, c, in.SurveyPath)
	if err != nil {
		return reply{}, err
	}
	tags := strings.Split(strings.Join(in.Body.Tags, ","), ",") // as the page takes them, which shows them so
	if err := a.TagAnswer(ctx, s.DB, in.RID, in.Question, tags, c.user.Name, s.Now()); err != nil {
		return reply{}, renamed(err, map[string]string{"": "tags"})
	}
	return s.shownAnswer(ctx, c, a, in.RID)
}
