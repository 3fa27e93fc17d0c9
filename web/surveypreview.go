package web

import (
	"net/http"
	"slices"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// SurveyPreviewPage shows the form as on a phone and as on a desk.
type SurveyPreviewPage struct {
	Page
	Head      SurveyHead
	Forms     []Option // address by language
	Frame     string
	Languages []MenuItem
}

// surveyPreview shows the form in frames of both widths.
func (s *Server) surveyPreview(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	p := SurveyPreviewPage{Page: s.newPage(r, &v, "")}
	p.Head = s.surveyHead(p.Page, v, e, "preview")
	p.Title = p.say("web.survey-preview.title", goalpost.TextArg(p.Head.Name))
	chosen := previewLanguage(r, e.Form)
	p.Frame = p.Head.Self + "/preview/form?in=" + chosen
	for _, l := range e.Form.Languages {
		m := MenuItem{Href: p.Head.Self + "/preview?in=" + l, Text: p.languageName(l)}
		if l == chosen {
			m.Current = "true"
		}
		p.Languages = append(p.Languages, m)
	}
	w.Header().Set("Content-Security-Policy", contentSecurityPolicy+"; frame-src 'self'")
	return s.render(w, http.StatusOK, "surveypreview", p)
}

// previewLanguage is the language that was asked for, that of the page, or the form's
// first.
func previewLanguage(r *http.Request, f goalpost.Form) string {
	for _, l := range []string{r.URL.Query().Get("in"), langOf(r)} {
		if slices.Contains(f.Languages, l) {
			return l
		}
	}
	return f.Languages[0]
}

// framedHere lets a page be shown inside one of our own.
var framedHere = strings.Replace(contentSecurityPolicy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1)

// previewed reads the form that is being worked on, as respondents would see it.
func (s *Server) previewed(r *http.Request, v visitor) (*assess.AskedSurvey, goalpost.Form, error) {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return nil, e.Form, err
	}
	a, err := assess.AskedByTeam(r.Context(), s.DB, v.org.ID, e.ID)
	if err != nil {
		return nil, e.Form, err
	}
	return a.Previewed(e.Form), e.Form, nil
}

// previewPage starts a page for respondents that is shown inside a frame and sends nothing
// but to the next page of the preview.
func (s *Server) previewPage(w http.ResponseWriter, r *http.Request, a *assess.AskedSurvey, form goalpost.Form, lang string) RespondentPage {
	p := s.newRespondentPage(r, a, form, lang)
	p.choices(form, nil)
	h := w.Header()
	h.Set("Content-Security-Policy", framedHere)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	return p
}

// surveyPreviewForm shows the first page of the form.
func (s *Server) surveyPreviewForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, form, err := s.previewed(r, v)
	if err != nil {
		return err
	}
	step := surveyStep{rid: newUUID(), rev: 1, version: a.Survey.FormVersion, form: form, at: form.Turns(nil).After(-1), preview: r.URL.Path}
	return s.showSurvey(w, http.StatusOK, a, s.previewPage(w, r, a, form, previewLanguage(r, form)), step)
}

// stepPreview shows the page that comes after what was answered. Nothing is kept.
func (s *Server) stepPreview(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, form, err := s.previewed(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	step := s.readStep(r, a)
	step.rid, step.preview = r.PostForm.Get("rid"), r.URL.Path
	turn := form.Turns(step.replies)
	lang, changed := strings.CutPrefix(step.do, "lang-")
	if !changed {
		lang = step.lang
	}
	p := s.previewPage(w, r, a, form, surveyLanguage(r, form, lang))
	switch {
	case step.do == doBack:
		step.at = max(turn.Before(step.at), 0)
	case step.do != doNext && step.do != doSend:
	case step.onThisPage(turn):
		step.check = true
	case len(step.appeared(turn)) > 0:
	default:
		step.at = turn.After(step.at)
	}
	if step.at >= len(turn.Pages) && !step.check {
		p.slug = "" // there is no receipt to look at
		return s.surveyNote(w, http.StatusOK, p, SaidText{Text: p.T("web.survey-preview.end")})
	}
	return s.showSurvey(w, http.StatusOK, a, p, step.surveyStep)
}
