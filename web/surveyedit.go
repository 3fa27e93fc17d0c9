package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// SurveyEditPage is the builder: the questions of a survey in their order.
type SurveyEditPage struct {
	Page
	Head      SurveyHead
	Said      string // what was done; empty for nothing
	Undo      string // a question that was removed, as JSON; empty for none
	Length    string
	Languages string
	Intro     string
	Questions []QuestionCard
	Kinds     []Option
	Next      MenuItem
	At, By    string   // the question that was moved last, and how
	Missing   []string // a sentence for each language that texts are missing in
	Invite    *BeliefInvite
}

// QuestionCard is a question in the list.
type QuestionCard struct {
	Code, Number, Wording, Kind, Href string
	Facts                             []string // what is special about it
	Page                              string   // heading of the page that begins here; empty for none
	Up, Down                          bool
	UpName, DownName, RemoveName      string
	EditName                          string
	Focus                             string // the button that was used last: up or down
}

// surveyEdit shows the builder.
func (s *Server) surveyEdit(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	said := ""
	for _, done := range []string{"made", "copied", "saved", "dropped"} {
		if r.URL.Query().Get(done) != "" {
			said = "web.survey-edit." + done
		}
	}
	return s.showSurveyEdit(w, r, v, e, said, nil, nil)
}

func (s *Server) showSurveyEdit(w http.ResponseWriter, r *http.Request, v visitor, e assess.EditedSurvey, said string, gone *assess.RemovedQuestion, problem error) error {
	p := SurveyEditPage{Page: s.newPage(r, &v, "")}
	p.Head = s.surveyHead(p.Page, v, e, "edit")
	p.Title = p.Head.Name
	if err := p.refusedSurvey(problem, func(string) string { return "" }); err != nil {
		return err
	}
	if said != "" {
		p.Said = p.T(said)
	}
	if gone != nil {
		undo, err := json.Marshal(gone)
		if err != nil {
			return err
		}
		p.Undo, p.Said = string(undo), p.say("web.survey-edit.removed", goalpost.TextArg(gone.Question.Wording.In(p.lang)))
		if n := len(gone.Conditions); n > 0 {
			p.Said += " " + p.say("web.survey-edit.removed.conditions", goalpost.NumberArg(float64(n)))
		}
	}
	p.At, p.By = r.URL.Query().Get("at"), r.URL.Query().Get("by")
	p.fillForm(e)
	p.Next = p.nextStep(s, e)
	var err error
	if p.Invite, err = s.beliefInvite(r, p.Page, v, e.ID); err != nil {
		return err
	}
	return s.render(w, statusOfProblem(problem), "surveyedit", p)
}

// fillForm lists what a form holds.
func (p *SurveyEditPage) fillForm(e assess.EditedSurvey) {
	f := e.Form
	p.Length = p.say("web.survey.size", goalpost.NumberArg(float64(len(f.Questions))), goalpost.NumberArg(float64(f.Minutes(p.lang))))
	var names []string
	for _, l := range f.Languages {
		names = append(names, p.languageName(l))
	}
	p.Languages, p.Intro = strings.Join(names, ", "), f.Intro.In(p.lang)
	missing := f.Missing()
	lacking := map[int][]string{}
	for _, l := range f.Languages {
		if n := len(missing[l]); n > 0 {
			p.Missing = append(p.Missing, p.say("web.survey-edit.missing", goalpost.NumberArg(float64(n)), goalpost.TextArg(p.languageName(l))))
		}
		for _, field := range missing[l] {
			if i, ok := assess.PlaceIn(field); ok && !slices.Contains(lacking[i], l) {
				lacking[i] = append(lacking[i], l)
			}
		}
	}
	for number, places := range f.Pages() {
		for k, i := range places {
			q := f.Questions[i]
			n := goalpost.PlainArg(i + 1)
			c := QuestionCard{Code: q.Code, Number: strconv.Itoa(i + 1), Wording: q.Wording.In(p.lang), Kind: p.T("web.survey.kind." + string(q.Type)), Href: p.Head.Self + "/question/" + q.Code,
				Focus: p.used(q.Code, i, len(f.Questions)), Up: i > 0, Down: i < len(f.Questions)-1, UpName: p.say("web.survey-edit.up", n), DownName: p.say("web.survey-edit.down", n), RemoveName: p.say("web.survey-edit.remove", n), EditName: p.say("web.survey-edit.change", n)}
			if k == 0 && len(f.Pages()) > 1 && !f.OneByOne {
				c.Page = p.say("web.survey.page", goalpost.PlainArg(number+1))
			}
			c.Facts = p.questionFacts(f, q)
			for _, l := range lacking[i] {
				c.Facts = append(c.Facts, p.say("web.survey-edit.lacks", goalpost.TextArg(p.languageName(l))))
			}
			p.Questions = append(p.Questions, c)
		}
	}
	for _, k := range goalpost.SurveyTypes() {
		p.Kinds = append(p.Kinds, Option{Value: string(k), Text: p.T("web.survey.kind." + string(k))})
	}
}

// used is the button of a question that the next press most likely uses again.
func (p SurveyEditPage) used(code string, place, questions int) string {
	switch {
	case code != p.At:
		return ""
	case place == 0, p.By == "down" && place < questions-1:
		return "down"
	}
	return "up"
}

// languageName is the name of a language, its code where we have no name for it.
func (p Page) languageName(code string) string {
	if key := "language." + code; p.printer.Has(key) {
		return p.T(key)
	}
	return code
}

// questionFacts says what is special about a question.
func (p Page) questionFacts(f goalpost.Form, q goalpost.SurveyQuestion) []string {
	var facts []string
	if q.Required {
		facts = append(facts, p.T("web.survey-edit.required"))
	}
	if s := q.Scale; s != nil {
		grades := p.say("web.survey-edit.grades", goalpost.PlainArg(s.Low), goalpost.PlainArg(s.High))
		if low, high := s.Grade(s.Low).In(p.lang), s.Grade(s.High).In(p.lang); low != "" && high != "" {
			grades = p.say("web.survey-edit.grades.said", goalpost.PlainArg(s.Low), goalpost.TextArg(low), goalpost.PlainArg(s.High), goalpost.TextArg(high))
		}
		facts = append(facts, grades)
	}
	if len(q.Options) > 0 {
		var labels []string
		for _, o := range q.Options {
			labels = append(labels, o.Label.In(p.lang))
		}
		facts = append(facts, strings.Join(labels, " · "))
	}
	if q.Shuffle {
		facts = append(facts, p.T("web.survey-edit.shuffled"))
	}
	if q.ShowIf != nil {
		facts = append(facts, p.conditionText(f, *q.ShowIf))
	}
	return facts
}

// conditionText says in a sentence when a question is asked.
func (p Page) conditionText(f goalpost.Form, c goalpost.Condition) string {
	var rules []string
	for _, r := range c.Rules {
		rules = append(rules, p.ruleText(f, r))
	}
	join := "web.survey.rule.and"
	if c.Any {
		join = "web.survey.rule.or"
	}
	return p.say("web.survey.rule.if", goalpost.TextArg(strings.Join(rules, " "+p.T(join)+" ")))
}

func (p Page) ruleText(f goalpost.Form, r goalpost.Rule) string {
	q, _ := f.Question(r.Question)
	place := slices.IndexFunc(f.Questions, func(x goalpost.SurveyQuestion) bool { return x.Code == r.Question })
	number := goalpost.PlainArg(place + 1)
	labels := func(codes []string) goalpost.Arg {
		var list []string
		for _, c := range codes {
			o, known := q.Option(c)
			switch {
			case known:
				list = append(list, p.say("web.survey.quoted", goalpost.TextArg(o.Label.In(p.lang))))
			default:
				list = append(list, p.say("web.survey.quoted", goalpost.TextArg(p.T("web.survey.agreed"))))
			}
		}
		return goalpost.TextArg(strings.Join(list, ", "))
	}
	switch {
	case len(r.Is) > 0:
		return p.say("web.survey.rule.is", number, labels(r.Is))
	case len(r.Not) > 0:
		return p.say("web.survey.rule.not", number, labels(r.Not))
	case r.Min != nil:
		return p.say("web.survey.rule.min", number, goalpost.NumberArg(*r.Min))
	case r.Max != nil:
		return p.say("web.survey.rule.max", number, goalpost.NumberArg(*r.Max))
	}
	return p.say("web.survey.rule.answered", number)
}

// changeSurveyForm moves, removes and puts back questions.
func (s *Server) changeSurveyForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	code, f := r.PostForm.Get("question"), e.Form
	var gone *assess.RemovedQuestion
	switch r.PostForm.Get("do") {
	case "up":
		f = assess.MoveQuestion(f, code, -1)
	case "down":
		f = assess.MoveQuestion(f, code, 1)
	case "remove":
		left, removed := assess.RemoveQuestion(f, code)
		if removed.Place < 0 { // sent twice
			http.Redirect(w, r, "edit", http.StatusSeeOther)
			return nil
		}
		f, gone = left, &removed
	case "undo":
		var back assess.RemovedQuestion
		if json.Unmarshal([]byte(r.PostForm.Get("removed")), &back) != nil {
			return goalpost.Errorf(goalpost.Invalid, "error.web.form")
		}
		f = assess.RestoreQuestion(f, back)
		code = back.Question.Code
	default:
		return goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	if err := assess.KeepForm(r.Context(), s.DB, v.org.ID, e, f, v.user.Name, s.Now()); err != nil {
		return s.surveyEditAgain(w, r, v, err)
	}
	if gone == nil {
		q := url.Values{"at": {code}, "by": {r.PostForm.Get("do")}}
		http.Redirect(w, r, "edit?"+q.Encode()+"#q-"+code, http.StatusSeeOther)
		return nil
	}
	if e, err = s.editedSurvey(r, v); err != nil {
		return err
	}
	return s.showSurveyEdit(w, r, v, e, "", gone, nil)
}

// surveyEditAgain shows the builder as it is now, with what went wrong.
func (s *Server) surveyEditAgain(w http.ResponseWriter, r *http.Request, v visitor, problem error) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showSurveyEdit(w, r, v, e, "", nil, problem)
}

// SurveyTextsPage changes title, welcome, thanks and languages.
type SurveyTextsPage struct {
	Page
	Head      SurveyHead
	Groups    []TextGroup
	Languages string
	OneByOne  bool
	Slug      string
	Host      string
}

// TextGroup is one text in every language, side by side.
type TextGroup struct {
	ID, Label, Help string
	Wrong           string
	Fields          []TextField
}

// TextField is a text in one language.
type TextField struct {
	Name, Label, Value, Lang string
	Rows                     int    // 1: of one line
	Missing                  bool   // it exists in another language
	Lacks                    string // says so
	Focus                    bool   // the next thing to type
}

// textGroup makes the fields of a text.
func (p Page) textGroup(id, key string, languages []string, t goalpost.Text, rows int) TextGroup {
	g := TextGroup{ID: id, Label: p.T(key), Wrong: p.Wrong(id)}
	if p.printer.Has(key + ".help") {
		g.Help = p.T(key + ".help")
	}
	some := false
	for _, l := range languages {
		some = some || t[l] != ""
	}
	for _, l := range languages {
		g.Fields = append(g.Fields, TextField{Name: id + "_" + l, Label: p.languageName(l), Value: t[l], Lang: l, Rows: rows, Missing: some && t[l] == "", Lacks: p.T("web.survey.lacks")})
	}
	return g
}

// textIn reads a text in the languages of a survey; nil of nothing.
func (t typed) textIn(name string, languages []string) goalpost.Text {
	text := goalpost.Text{}
	for _, l := range languages {
		if s := t.get(name + "_" + l); s != "" {
			text[l] = s
		}
	}
	if len(text) == 0 {
		return nil
	}
	return text
}

func (s *Server) surveyTexts(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showSurveyTexts(w, r, v, e, e.Form, e.Slug, strings.Join(e.Form.Languages, ", "), nil)
}

func (s *Server) showSurveyTexts(w http.ResponseWriter, r *http.Request, v visitor, e assess.EditedSurvey, f goalpost.Form, slug, languages string, problem error) error {
	p := SurveyTextsPage{Page: s.newPage(r, &v, "web.survey-texts.title"), Languages: languages, OneByOne: f.OneByOne, Slug: slug, Host: s.outsideURL() + surveyPath}
	p.Head = s.surveyHead(p.Page, v, e, "edit")
	if err := p.refusedSurvey(problem, nil); err != nil {
		return err
	}
	p.Groups = []TextGroup{p.textGroup("title", "web.survey.title", f.Languages, f.Title, 1), p.textGroup("intro", "web.survey.intro", f.Languages, f.Intro, 3), p.textGroup("thanks", "web.survey.thanks", f.Languages, f.Thanks, 3)}
	return s.render(w, statusOfProblem(problem), "surveytexts", p)
}

// changeSurveyTexts keeps title, welcome, thanks, languages and the address.
func (s *Server) changeSurveyTexts(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	sent, f := typed(r.PostForm), e.Form
	before := f.Languages
	f.Title, f.Intro, f.Thanks, f.OneByOne = sent.textIn("title", before), sent.textIn("intro", before), sent.textIn("thanks", before), sent.get("one_by_one") != ""
	f.Languages = strings.FieldsFunc(strings.ToLower(sent.get("languages")), func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
	slug := sent.get("slug")
	if slug != e.Slug {
		if err := s.changeSurvey(r, v, e, store.SurveyChange{Slug: &slug}); err != nil {
			return s.surveyTextsAgain(w, r, v, f, before, slug, err)
		}
		e.Slug, e.Revision = slug, e.Revision+1
	}
	if err := assess.KeepForm(r.Context(), s.DB, v.org.ID, e, f, v.user.Name, s.Now()); err != nil {
		return s.surveyTextsAgain(w, r, v, f, before, slug, err)
	}
	http.Redirect(w, r, "edit?saved=1", http.StatusSeeOther)
	return nil
}

// surveyTextsAgain shows what was typed again, over the survey as it is now.
func (s *Server) surveyTextsAgain(w http.ResponseWriter, r *http.Request, v visitor, f goalpost.Form, fields []string, slug string, problem error) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	languages := strings.Join(f.Languages, ", ")
	f.Languages = fields
	return s.showSurveyTexts(w, r, v, e, f, slug, languages, problem)
}
