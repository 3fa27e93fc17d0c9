package web

import (
	"net/http"
	"slices"

	"goalpost"
	"goalpost/assess"
)

// SurveyNewPage offers templates, or asks what a survey from one needs.
type SurveyNewPage struct {
	Page
	Templates []TemplateCard
	Template  string // code of the chosen one; empty: none yet
	Intro     string
	Guide     string
	Name      string
	Slug      string
	Host      string
	Who       string
	Addresses []Option
	Languages []Option
}

// TemplateCard is one template.
type TemplateCard struct {
	Href, Title, About, Size string
}

// newSurvey shows the templates, and the form of the chosen one.
func (s *Server) newSurvey(w http.ResponseWriter, r *http.Request, v visitor) error {
	code := r.URL.Query().Get("template")
	if code == "" {
		p := SurveyNewPage{Page: s.newPage(r, &v, "web.survey-new.title"), Intro: ""}
		for _, t := range goalpost.SurveyTemplates() {
			f := t.Form(goalpost.FormalAddress, []string{p.lang})
			p.Templates = append(p.Templates, TemplateCard{Href: p.Href("/surveys/new?template=" + t.Code), Title: t.Name.In(p.lang), About: t.About.In(p.lang),
				Size: p.say("web.survey.size", goalpost.NumberArg(float64(len(f.Questions))), goalpost.NumberArg(float64(f.Minutes(p.lang))))})
		}
		return s.render(w, http.StatusOK, "surveynew", p)
	}
	t, ok := goalpost.SurveyTemplateByCode(code)
	if !ok {
		return notFound()
	}
	lang := langOf(r)
	r.PostForm = map[string][]string{"address": {goalpost.FormalAddress}, "language": {lang}, "who": {v.org.Name},
		"title": {t.Form(goalpost.FormalAddress, []string{lang}).Title.In(lang)}}
	return s.showNewSurvey(w, r, v, t, nil)
}

func (s *Server) showNewSurvey(w http.ResponseWriter, r *http.Request, v visitor, t goalpost.SurveyTemplate, problem error) error {
	p := SurveyNewPage{Page: s.newPage(r, &v, ""), Template: t.Code, Host: s.outsideURL() + surveyPath}
	sent := typed(r.PostForm)
	p.Title, p.Intro, p.Guide, p.Name, p.Slug, p.Who = t.Name.In(p.lang), t.About.In(p.lang), t.Guide.In(p.lang), sent.get("title"), sent.get("slug"), sent.get("who")
	if err := p.refusedSurvey(problem, nil); err != nil {
		return err
	}
	for _, a := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
		p.Addresses = append(p.Addresses, Option{Value: a, Text: p.T("web.survey.address." + a), Selected: a == sent.get("address")})
	}
	for _, l := range ownFirst(p.lang) {
		p.Languages = append(p.Languages, Option{Value: l, Text: p.printer.Word("language." + l), Selected: slices.Contains(r.PostForm["language"], l)})
	}
	return s.render(w, statusOfProblem(problem), "surveynew", p)
}

// ownFirst are the languages of templates, that of the page first. Only that one is chosen
// beforehand: in each further one a team writes every text again.
func ownFirst(lang string) []string {
	return append([]string{lang}, slices.DeleteFunc(goalpost.TemplateLanguages(), func(l string) bool { return l == lang })...)
}

// addSurvey makes a survey from a template.
func (s *Server) addSurvey(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, ok := goalpost.SurveyTemplateByCode(r.PostForm.Get("template"))
	if !ok {
		return notFound()
	}
	made, err := s.surveyFrom(r, v, t)
	if err != nil {
		return s.showNewSurvey(w, r, v, t, err)
	}
	http.Redirect(w, r, s.newPage(r, nil, "").surveyHref(made.ID, "/edit?made=1"), http.StatusSeeOther)
	return nil
}

// surveyFrom makes the survey that a form describes. The language of the page comes first:
// it is the one that every text has.
func (s *Server) surveyFrom(r *http.Request, v visitor, t goalpost.SurveyTemplate) (goalpost.Survey, error) {
	sent, lang := typed(r.PostForm), langOf(r)
	chosen := slices.DeleteFunc(ownFirst(lang), func(l string) bool { return !slices.Contains(r.PostForm["language"], l) })
	if len(chosen) == 0 {
		return goalpost.Survey{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey.languages", Field: "languages"}
	}
	x := goalpost.Survey{Slug: sent.get("slug"), Form: t.Form(sent.get("address"), chosen)}
	proposed := x.Form.Title.In(chosen[0])
	if title := sent.get("title"); title != proposed {
		x.Form.Title = goalpost.Text{chosen[0]: title} // what it is called in the other language is to be said anew
	}
	if x.Slug == "" {
		slug, err := assess.FreeSlug(r.Context(), s.DB, assess.SlugOf(x.Form.Title[chosen[0]]))
		if err != nil {
			return x, err
		}
		x.Slug = slug
	}
	x.Settings = goalpost.SurveySettings{Address: sent.get("address"), Anonymous: true, Sample: goalpost.SampleSelfSelected, Study: t.Study}
	if who := sent.get("who"); who != "" {
		x.Settings.Responsible = goalpost.Text{}
		for _, l := range chosen {
			x.Settings.Responsible[l] = who
		}
	}
	return assess.CreateSurvey(r.Context(), s.DB, v.org.ID, surveyInput(s, v, x))
}
