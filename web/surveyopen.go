package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// openAPage is how many open answers a page shows.
const openAPage = 50

// SurveyOpenPage is where open answers are read, searched and tagged.
type SurveyOpenPage struct {
	Page
	Tabs          SurveyTabs
	Back, Heading string
	Questions     []Option
	Wording       string
	Search        string
	Tag           string // the tag that is filtered by; "-" for answers without any
	Action        string
	Found         string
	Tags          []TagLink
	Known         []string // of the suggestions
	List          []OpenAnswerView
	Empty         string
	Newer, Older  string
	TagAction     string
	Question      string
	Number        int // of the page
	Saved         string
}

// TagLink leads to the answers with a tag.
type TagLink struct {
	Href, Text, Current string
}

// OpenAnswerView is one text.
type OpenAnswerView struct {
	Anchor, ID, Next string
	Text, About      string
	Href             string
	Tags             []string
	Value            string // of the field
	Focus            bool   // the last one that was tagged was just above it
}

// surveyOpen lists the open answers to one question.
func (s *Server) surveyOpen(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showOpen(w, r, v, r.URL.Query(), nil)
}

func (s *Server) showOpen(w http.ResponseWriter, r *http.Request, v visitor, query url.Values, problem error) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	p := SurveyOpenPage{Page: s.newPage(r, &v, "web.surveyopen.title"), Heading: a.Survey.Form.Title.In(langOf(r)), Search: strings.TrimSpace(query.Get("q")), Tag: query.Get("tag")}
	p.Tabs = p.tabsOf(v, a.Survey.ID, "open")
	p.Back, p.Action, p.TagAction = p.surveyHref(a.Survey.ID, "/answers"), p.surveyHref(a.Survey.ID, "/answers/open"), p.surveyHref(a.Survey.ID, "/answers/tag")
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	questions := a.OpenQuestions()
	if len(questions) == 0 {
		p.Empty = p.T("web.surveyopen.no-question")
		return s.render(w, status, "surveyopen", p)
	}
	chosen := questions[0]
	if i := slices.IndexFunc(questions, func(q goalpost.SurveyQuestion) bool { return q.Type == goalpost.TextQuestion }); i >= 0 {
		chosen = questions[i]
	}
	for _, q := range questions {
		if q.Code == query.Get("question") {
			chosen = q
		}
	}
	for _, q := range questions {
		p.Questions = append(p.Questions, Option{Value: q.Code, Text: shortened(q.Wording.In(p.lang)), Selected: q.Code == chosen.Code})
	}
	p.Question, p.Wording = chosen.Code, chosen.Wording.In(p.lang)
	search := assess.OpenQuery{Question: chosen.Code, Search: p.Search, Tag: p.Tag}
	if p.Tag == "-" {
		search.Tag, search.Untagged = "", true
	}
	found, err := a.OpenAnswers(r.Context(), s.DB, search)
	if err != nil {
		return err
	}
	if p.Number, err = strconv.Atoi(query.Get("page")); err != nil || p.Number < 0 {
		p.Number = 0
	}
	p.open(a, found, v, query.Get("next"))
	return s.render(w, status, "surveyopen", p)
}

// open writes what was found, one page of it.
func (p *SurveyOpenPage) open(a *assess.AskedSurvey, found assess.OpenAnswers, v visitor, focus string) {
	p.Found = p.say("web.surveyopen.found", goalpost.NumberArg(float64(len(found.List))), goalpost.NumberArg(float64(found.Total)))
	link := func(tag, text string) {
		t := TagLink{Href: p.address(tag, 0), Text: text}
		if tag == p.Tag {
			t.Current = "page"
		}
		p.Tags = append(p.Tags, t)
	}
	link("", p.T("web.surveyopen.all"))
	for _, t := range found.Tags {
		link(t.Tag, t.Tag+" ("+p.printer.Number(float64(t.Number))+")")
		p.Known = append(p.Known, t.Tag)
	}
	link("-", p.T("web.surveyopen.untagged"))
	first := min(p.Number*openAPage, len(found.List))
	last := min(first+openAPage, len(found.List))
	if p.Number > 0 {
		p.Newer = p.address(p.Tag, p.Number-1)
	}
	if last < len(found.List) {
		p.Older = p.address(p.Tag, p.Number+1)
	}
	for i, o := range found.List[first:last] {
		x := o.Answer
		view := OpenAnswerView{Anchor: "a-" + x.ID, ID: x.ID, Text: o.Text, Tags: o.Tags, Value: strings.Join(o.Tags, ", "), Href: p.surveyHref(a.Survey.ID, "/answers/"+x.ID), Focus: x.ID == focus && p.CanEdit}
		view.About = p.answerName(x) + ", " + p.answerTime(a, x.ChangedAt, v) + ", " + p.cameBy(a, x.Channel, x.Campaign)
		if first+i+1 < last {
			view.Next = found.List[first+i+1].Answer.ID
		}
		p.List = append(p.List, view)
	}
	if len(found.List) == 0 {
		p.Empty = p.T("web.surveyopen.empty")
		if found.Total > 0 {
			p.Empty = p.T("web.surveyopen.nothing")
		}
	}
}

// address is that of the list with another tag or page.
func (p *SurveyOpenPage) address(tag string, page int) string {
	q := url.Values{"question": {p.Question}}
	if p.Search != "" {
		q.Set("q", p.Search)
	}
	if tag != "" {
		q.Set("tag", tag)
	}
	if page > 0 {
		q.Set("page", strconv.Itoa(page))
	}
	return p.Action + "?" + q.Encode()
}

// tagAnswer gives an answer its tags and goes on to the next one, whose field is then
// ready to be typed into.
func (s *Server) tagAnswer(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	f := r.PostForm
	err = a.TagAnswer(r.Context(), s.DB, f.Get("answer"), f.Get("question"), strings.Split(f.Get("tags"), ","), v.user.Name, s.Now())
	if goalpost.IsKind(err, goalpost.NotFound) {
		return notFound()
	}
	back := url.Values{}
	for _, name := range []string{"question", "q", "tag", "page"} {
		if value := f.Get(name); value != "" && value != "0" {
			back.Set(name, value)
		}
	}
	if goalpost.IsKind(err, goalpost.Invalid) {
		return s.showOpen(w, r, v, back, err)
	}
	if err != nil {
		return err
	}
	anchor := "#a-" + f.Get("answer")
	if next := f.Get("next"); goalpost.ValidAnswerID(next) {
		back.Set("next", next)
		anchor = "" // browsers leave a field alone that wants the focus when there is one
	}
	http.Redirect(w, r, s.newPage(r, &v, "").surveyHref(a.Survey.ID, "/answers/open?"+back.Encode()+anchor), http.StatusSeeOther)
	return nil
}
