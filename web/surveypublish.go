package web

import (
	"net/http"
	"slices"

	"goalpost"
	"goalpost/assess"
)

// SurveyPublishPage opens a survey, or publishes what was changed of it.
type SurveyPublishPage struct {
	Page
	Head     SurveyHead
	Said     string
	Phase    string // what respondents find now
	Link     string // of the public page; empty while it is a draft
	Hints    []HintLine
	Must     bool // it cannot be opened so
	Apart    bool // what was changed waits
	NewSays  string
	Trends   []TrendLine
	Keepable bool
	Open     string // words of the button that opens; empty: it is open
	CanPause bool
	CanClose bool
	Confirm  string // what is to be confirmed: pause or close; empty for nothing
	Sure     string
	Shown    string // what respondents will read then
	SureDo   string
	Invite   *BeliefInvite // to say what one believes; nil once answers are there
}

// HintLine is something to look at.
type HintLine struct {
	Text string
	Href string
	Do   string
	Must bool
}

// TrendLine says what becomes of a question's trend.
type TrendLine struct {
	Code, Wording, Text string
	Reasons             []string
	Lost                bool // a person can declare that it asks the same
}

func (s *Server) surveyPublish(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	said := ""
	for _, done := range []string{"opened", "paused", "closed", "published"} {
		if r.URL.Query().Get(done) != "" {
			said = "web.survey-publish." + done
		}
	}
	return s.showSurveyPublish(w, r, v, e, said, "", nil)
}

func (s *Server) showSurveyPublish(w http.ResponseWriter, r *http.Request, v visitor, e assess.EditedSurvey, said, confirm string, problem error) error {
	p := SurveyPublishPage{Page: s.newPage(r, &v, ""), Apart: e.Waiting, Confirm: confirm}
	p.Head = s.surveyHead(p.Page, v, e, "publish")
	p.Title = p.say("web.survey-publish.title", goalpost.TextArg(p.Head.Name))
	if err := p.refusedSurvey(problem, func(string) string { return "" }); err != nil {
		return err
	}
	if said != "" {
		p.Said = p.T(said)
	}
	phase := e.Phase(s.Now())
	p.Phase = p.T("web.survey-publish.phase." + string(phase))
	if e.State != goalpost.SurveyDraft {
		p.Link = s.outsideURL() + surveyPath + e.Slug
	}
	switch e.State {
	case goalpost.SurveyDraft:
		p.Open = p.T("web.survey-publish.open")
	case goalpost.SurveyPaused, goalpost.SurveyClosed:
		p.Open = p.T("web.survey-publish.reopen")
	case goalpost.SurveyOpen:
	}
	p.CanPause, p.CanClose = e.State == goalpost.SurveyOpen, e.State == goalpost.SurveyOpen || e.State == goalpost.SurveyPaused
	if confirm != "" {
		shown := map[string]goalpost.SurveyPhase{"pause": goalpost.PhasePaused, "close": goalpost.PhaseClosed}[confirm]
		p.Sure, p.SureDo = p.T("web.survey-publish.sure."+confirm), p.T("web.survey-publish.do."+confirm)
		if p.Shown = e.Settings.Message(shown).In(p.lang); p.Shown == "" {
			p.Shown = p.T("web.survey-publish.own-words")
		}
	}
	p.fillHints(e, e.Hints(s.Now()))
	if e.Waiting {
		p.fillTrends(e)
	}
	var err error
	if p.Invite, err = s.beliefInvite(r, p.Page, v, e.ID); err != nil {
		return err
	}
	return s.render(w, statusOfProblem(problem), "surveypublish", p)
}

// fillHints says what to look at, with the way there.
func (p *SurveyPublishPage) fillHints(e assess.EditedSurvey, hints []assess.SurveyHint) {
	for _, h := range hints {
		line := HintLine{Must: h.Must, Href: p.Head.Self + "/settings", Do: p.T("web.survey-publish.hint.settings")}
		arg := h.Arg
		if h.Key == "language" {
			arg = goalpost.TextArg(p.languageName(h.Arg.Text))
		}
		line.Text = p.say("web.survey-publish.hint."+h.Key, arg)
		if len(h.Codes) > 0 {
			line.Href, line.Do = p.Head.Self+"/texts", p.T("web.survey-publish.hint.texts")
			if code := h.Codes[0]; code != "" {
				place := slices.IndexFunc(e.Form.Questions, func(q goalpost.SurveyQuestion) bool { return q.Code == code })
				line.Href, line.Do = p.Head.Self+"/question/"+code, p.say("web.survey-publish.hint.question", goalpost.PlainArg(place+1))
			}
		}
		if h.Key == "long" {
			line.Href, line.Do = p.Head.Self+"/edit", p.T("web.survey-publish.hint.edit")
		}
		p.Hints, p.Must = append(p.Hints, line), p.Must || h.Must
	}
}

// fillTrends says what publishing does to each question that was changed.
func (p *SurveyPublishPage) fillTrends(e assess.EditedSurvey) {
	p.NewSays = p.T("web.survey-publish.unanswered")
	if e.Answered {
		p.NewSays = p.say("web.survey-publish.version", goalpost.PlainArg(e.NextVersion()))
	}
	for _, t := range e.Trends() {
		line := p.trendLine(e, t)
		p.Keepable = p.Keepable || line.Lost
		p.Trends = append(p.Trends, line)
	}
	if len(p.Trends) == 0 && e.Answered {
		p.NewSays += " " + p.T("web.survey-publish.all-on")
	}
}

func (p Page) trendLine(e assess.EditedSurvey, t assess.SurveyTrend) TrendLine {
	line := TrendLine{Code: t.Question, Wording: e.Wording(t.Question).In(p.lang), Text: p.T("web.survey-trend." + t.Trend), Lost: t.Trend == assess.TrendLost}
	for _, b := range t.Changes {
		line.Reasons = append(line.Reasons, p.T("web.survey-trend."+b))
	}
	return line
}

// publishSurvey shows respondents what was changed, or forgets it.
func (s *Server) publishSurvey(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	if !e.Waiting {
		http.Redirect(w, r, "publish", http.StatusSeeOther)
		return nil
	}
	to := "publish?published=1"
	if r.PostForm.Get("do") == "drop" {
		to, err = "edit?dropped=1", assess.DropForm(r.Context(), s.DB, v.org.ID, e)
	} else {
		err = assess.PublishForm(r.Context(), s.DB, v.org.ID, e, r.PostForm["keep"], v.user.Name, s.Now())
	}
	if err != nil {
		return s.surveyPublishAgain(w, r, v, "", err)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *Server) surveyPublishAgain(w http.ResponseWriter, r *http.Request, v visitor, confirm string, problem error) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showSurveyPublish(w, r, v, e, "", confirm, problem)
}

// setSurveyState opens, pauses and closes; the last two ask once more.
func (s *Server) setSurveyState(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	do := r.PostForm.Get("do")
	states := map[string]goalpost.SurveyState{"open": goalpost.SurveyOpen, "pause": goalpost.SurveyPaused, "close": goalpost.SurveyClosed}
	said := map[string]string{"open": "opened", "pause": "paused", "close": "closed"}
	if do != "open" && states[do] != "" && r.PostForm.Get("sure") == "" {
		return s.surveyPublishAgain(w, r, v, do, nil)
	}
	if err := assess.ChangeState(r.Context(), s.DB, v.org.ID, e, states[do], v.user.Name, s.Now()); err != nil {
		return s.surveyPublishAgain(w, r, v, "", err)
	}
	http.Redirect(w, r, "publish?"+said[do]+"=1", http.StatusSeeOther)
	return nil
}
