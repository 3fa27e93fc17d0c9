package web

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// SurveysPage lists the surveys of the team.
type SurveysPage struct {
	Page
	Surveys []SurveyLine
}

// SurveyLine is one survey: how it stands, and what to do next with it.
type SurveyLine struct {
	Href, Title, State, Answers, Changed string
	Next                                 MenuItem
	Copy                                 string
}

// surveys lists the surveys.
func (s *Server) surveys(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := SurveysPage{Page: s.newPage(r, &v, "web.surveys.title")}
	list, err := s.DB.Surveys(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	for _, one := range list {
		e, err := assess.EditSurvey(r.Context(), s.DB, v.org.ID, one.ID)
		if err != nil {
			return err
		}
		line := SurveyLine{Href: p.surveyHref(one.ID, ""), Title: e.Form.Title.In(p.lang), State: p.phase(s, e), Answers: p.printer.Number(float64(e.Complete)),
			Changed: p.say("web.surveys.changed-by", goalpost.TextArg(p.printer.Time(e.At, v.org.Zone())), goalpost.TextArg(e.Editor)), Copy: p.surveyHref(one.ID, "/copy")}
		switch draft := e.State == goalpost.SurveyDraft; { // of a draft there are no figures
		case draft && p.CanEdit:
			line.Href = p.surveyHref(one.ID, "/edit")
		case draft:
			line.Href = p.surveyHref(one.ID, "/preview")
		}
		line.Next = p.nextStep(s, e)
		p.Surveys = append(p.Surveys, line)
	}
	return s.render(w, http.StatusOK, "surveys", p)
}

// nextStep is what a team most likely does next with a survey.
func (p Page) nextStep(s *Server, e assess.EditedSurvey) MenuItem {
	step := func(path, key string) MenuItem {
		return MenuItem{Href: p.surveyHref(e.ID, path), Text: p.T("web.surveys.next." + key)}
	}
	phase := e.Phase(s.Now())
	switch {
	case !p.CanEdit:
		return step("", "look")
	case e.Waiting:
		return step("/publish", "publish")
	case phase == goalpost.PhaseDraft:
		return step("/publish", "open")
	case phase == goalpost.PhaseClosed:
		return step("", "closed")
	case phase == goalpost.PhasePaused:
		return step("/publish", "paused")
	}
	return step("/channels", "share")
}

func (p Page) surveyHref(id goalpost.SurveyID, path string) string {
	return p.Href("/surveys/" + strconv.FormatInt(int64(id), 10) + path)
}

// phase says how a survey stands, in a word.
func (p Page) phase(s *Server, e assess.EditedSurvey) string {
	phase := e.Phase(s.Now())
	if phase == goalpost.PhaseOpen && e.Settings.Limit > 0 && e.Complete >= e.Settings.Limit {
		phase = goalpost.PhaseFull
	}
	return p.T("web.survey.phase." + string(phase))
}

// SurveyHead is what stands above every page of a survey.
type SurveyHead struct {
	Name, State, Answers   string
	Tabs                   SurveyTabs
	Waiting                string // says that changes wait to be published; empty for no
	WaitingHref, WaitingDo string
	Self                   string // address of the survey's pages
	Revision               int64
}

// surveyTab is a page of a survey, and who may open it.
type surveyTab struct {
	name, path string
	rank       int
}

// surveyTabs are the pages of a survey in three steps, in the order in which they are used.
// What the team believed is led to from where it is needed: one more tab takes another line.
// Ten beside each other take three lines on a phone, and nobody finds the one to go on with.
var surveyTabs = []struct {
	name string
	tabs []surveyTab
}{
	{"build", []surveyTab{{"edit", "/edit", editor}, {"settings", "/settings", editor}, {"preview", "/preview", viewer}, {"versions", "/versions", viewer}}},
	{"publish", []surveyTab{{"publish", "/publish", editor}, {"channels", "/channels", viewer}, {"invitations", "/invitations", viewer}, {"hooks", "/hooks", editor}}},
	{"results", []surveyTab{{"results", "", viewer}, {"waves", "/waves", viewer}, {"population", "/population", viewer}, {"answers", "/answers", viewer}, {"open", "/answers/open", viewer}}},
}

// SurveyTabs lead from each page of a survey to the others: to the steps, and to the pages
// of the step that is shown.
type SurveyTabs struct {
	Label string
	Steps []MenuItem
	Items []MenuItem
}

// tabsOf are the pages of a survey that somebody may open; tab is the one that is shown.
func (p Page) tabsOf(v visitor, id goalpost.SurveyID, tab string) SurveyTabs {
	t := SurveyTabs{Label: p.T("web.survey.tabs")}
	for _, step := range surveyTabs {
		var items []MenuItem
		shown := false
		for _, x := range step.tabs {
			if v.rank < x.rank {
				continue
			}
			m := MenuItem{Href: p.surveyHref(id, x.path), Text: p.T("web.survey.tab." + x.name)}
			if x.name == tab {
				m.Current, shown = "page", true
			}
			items = append(items, m)
		}
		m := MenuItem{Href: items[0].Href, Text: p.T("web.survey.step." + step.name)}
		if shown {
			m.Current, t.Items = "true", items
		}
		t.Steps = append(t.Steps, m)
	}
	return t
}

func (s *Server) surveyHead(p Page, v visitor, e assess.EditedSurvey, tab string) SurveyHead {
	h := SurveyHead{Name: e.Form.Title.In(p.lang), State: p.phase(s, e), Self: p.surveyHref(e.ID, ""), Revision: e.Revision,
		Answers: p.say("web.survey.answers", goalpost.NumberArg(float64(e.Complete))), Tabs: p.tabsOf(v, e.ID, tab)}
	if e.Waiting && v.rank >= editor && tab != "publish" {
		h.Waiting, h.WaitingHref, h.WaitingDo = p.T("web.survey.waiting"), h.Self+"/publish", p.T("web.survey.waiting.do")
	}
	return h
}

// editedSurvey reads the survey that an address names.
func (s *Server) editedSurvey(r *http.Request, v visitor) (assess.EditedSurvey, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return assess.EditedSurvey{}, notFound()
	}
	return assess.EditSurvey(r.Context(), s.DB, v.org.ID, goalpost.SurveyID(id))
}

// sentSurvey reads the survey that a form was sent for, as it was when the form was made:
// its revision is the form's, so that a change in between is found.
func (s *Server) sentSurvey(r *http.Request, v visitor) (assess.EditedSurvey, error) {
	if err := parseForm(r); err != nil {
		return assess.EditedSurvey{}, err
	}
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return e, err
	}
	if e.Revision, err = strconv.ParseInt(r.PostForm.Get("revision"), 10, 64); err != nil {
		return e, goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	return e, nil
}

// statusOfProblem is the status of a page that shows a form again.
func statusOfProblem(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case goalpost.IsKind(err, goalpost.Conflict):
		return http.StatusConflict
	case goalpost.IsKind(err, goalpost.Unavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

func surveyInput(s *Server, v visitor, x goalpost.Survey) assess.SurveyInput {
	in := assess.SurveyInput{Survey: x, By: v.user.Name, Now: s.Now()}
	_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
	return in
}

// copySurvey makes a survey like this one, without its answers.
func (s *Server) copySurvey(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	made, err := assess.CopySurvey(r.Context(), s.DB, v.org.ID, e, surveyInput(s, v, goalpost.Survey{}))
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.newPage(r, nil, "").surveyHref(made.ID, "/edit?copied=1"), http.StatusSeeOther)
	return nil
}

// changeSurvey keeps what a change names of a survey.
func (s *Server) changeSurvey(r *http.Request, v visitor, e assess.EditedSurvey, c store.SurveyChange) error {
	c.Revision, c.By, c.At = e.Revision, v.user.Name, s.Now().UTC()
	return assess.ChangeSurvey(r.Context(), s.DB, v.org.ID, e.ID, c)
}
