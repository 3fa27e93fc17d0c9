package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// answersAPage is how many answers a page lists.
const answersAPage = 50

// SurveyAnswersPage lists single answers.
type SurveyAnswersPage struct {
	Page
	Tabs          SurveyTabs
	Back, Heading string
	Action        string
	States        []Option
	Flags         []Option
	Channels      []Option
	Versions      []Option
	List          []AnswerLine
	Empty         string
	Newest, Older string
	Open          string // address of the open answers
	CSV, XLSX     string
	JSON          string
	SAV, TripleS  string
	DDI           string
}

// AnswerLine is one answer in the list.
type AnswerLine struct {
	Href, Name, State, When, Channel, Time string
	Flags                                  []string
}

// surveyAnswers lists the answers of a survey, the last changed first.
func (s *Server) surveyAnswers(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	t, err := s.tally(r, a)
	if err != nil {
		return err
	}
	f, before := answerFilter(r.URL.Query())
	list, err := s.listAnswers(r, a, t, f, before)
	if err != nil {
		return err
	}
	p := SurveyAnswersPage{Page: s.newPage(r, &v, "web.surveyanswers.title"), Heading: a.Survey.Form.Title.In(langOf(r))}
	p.Tabs = p.tabsOf(v, a.Survey.ID, "answers")
	p.Back, p.Action, p.Open = p.surveyHref(a.Survey.ID, ""), p.surveyHref(a.Survey.ID, "/answers"), p.surveyHref(a.Survey.ID, "/answers/open")
	p.CSV, p.XLSX, p.JSON = p.Action+".csv", p.Action+".xlsx", p.Action+".json"
	p.SAV, p.TripleS, p.DDI = p.Action+".sav", p.Action+".sss", p.Action+".ddi"
	p.filters(a, f)
	if before > 0 {
		p.Newest = p.Action + "?" + filterQuery(f, 0)
	}
	if len(list) > answersAPage {
		list = list[:answersAPage]
		p.Older = p.Action + "?" + filterQuery(f, list[answersAPage-1].Change)
	}
	for _, x := range list {
		p.List = append(p.List, p.answerLine(a, t, x, v))
	}
	if len(list) == 0 {
		p.Empty = p.T("web.surveyanswers.empty")
		if r.URL.RawQuery == "" {
			p.Empty = p.T("web.surveyanswers.none")
		}
	}
	return s.render(w, http.StatusOK, "surveyanswers", p)
}

// listAnswers reads one answer more than a page shows.
func (s *Server) listAnswers(r *http.Request, a *assess.AskedSurvey, t *assess.SurveyTally, f store.AnswerFilter, before int64) ([]goalpost.Answer, error) {
	if f.Flag == goalpost.FlagTexts {
		return a.AnswersWithSameText(r.Context(), s.DB, t, f, before, answersAPage+1)
	}
	return s.DB.ListedAnswers(r.Context(), a.Org, a.Survey.ID, f, before, answersAPage+1)
}

// answerFilter reads what is asked for; words that mean nothing filter nothing.
func answerFilter(q url.Values) (f store.AnswerFilter, before int64) {
	if state := goalpost.AnswerState(q.Get("state")); slices.Contains(goalpost.AnswerStates(), state) {
		f.State = state
	}
	if flag := q.Get("flag"); slices.Contains(goalpost.AnswerFlags(), flag) {
		f.Flag = flag
	}
	f.Channel = q.Get("channel")
	if n, err := strconv.Atoi(q.Get("version")); err == nil && n > 0 {
		f.Version = n
	}
	if n, err := strconv.ParseInt(q.Get("before"), 10, 64); err == nil && n > 0 {
		before = n
	}
	return f, before
}

func filterQuery(f store.AnswerFilter, before int64) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			q.Set(name, value)
		}
	}
	set("state", string(f.State))
	set("flag", f.Flag)
	set("channel", f.Channel)
	set("version", strconv.Itoa(f.Version))
	set("before", strconv.FormatInt(before, 10))
	return q.Encode()
}

// filters are the choices above the list.
func (p *SurveyAnswersPage) filters(a *assess.AskedSurvey, f store.AnswerFilter) {
	all := Option{Text: p.T("web.surveyanswers.all")}
	p.States, p.Flags, p.Channels, p.Versions = []Option{all}, []Option{all}, []Option{all}, []Option{all}
	for _, st := range goalpost.AnswerStates() {
		p.States = append(p.States, Option{Value: string(st), Text: p.T("web.surveyanswers.state." + string(st)), Selected: st == f.State})
	}
	for _, flag := range goalpost.AnswerFlags() {
		p.Flags = append(p.Flags, Option{Value: flag, Text: p.T("web.surveyanswers.flag." + flag), Selected: flag == f.Flag})
	}
	p.Channels = append(p.Channels, Option{Value: store.PlainLink, Text: p.T("web.surveyresults.plain-link"), Selected: f.Channel == store.PlainLink})
	for _, c := range a.Survey.Settings.Channels {
		p.Channels = append(p.Channels, Option{Value: c.Code, Text: p.cameBy(a, c.Code, c.Campaign), Selected: c.Code == f.Channel})
	}
	for n := a.Survey.FormVersion; n > 0; n-- {
		p.Versions = append(p.Versions, Option{Value: strconv.Itoa(n), Text: strconv.Itoa(n), Selected: n == f.Version})
	}
}

func (p Page) answerLine(a *assess.AskedSurvey, t *assess.SurveyTally, x goalpost.Answer, v visitor) AnswerLine {
	l := AnswerLine{Href: p.surveyHref(a.Survey.ID, "/answers/"+x.ID), Name: p.answerName(x), State: p.T("web.surveyanswers.state." + string(x.State)), When: p.answerTime(a, x.ChangedAt, v), Channel: p.cameBy(a, x.Channel, x.Campaign), Flags: p.flagWords(t, x)}
	if x.State == goalpost.AnswerErased {
		l.When, l.Channel = "", ""
	}
	if x.Seconds > 0 {
		l.Time = p.duration(float64(x.Seconds))
	}
	return l
}

// answerName is what the team calls an answer.
func (p Page) answerName(x goalpost.Answer) string {
	return p.say("web.surveyanswers.name", goalpost.TextArg(strings.ToUpper(x.ID[:8])))
}

// answerTime is when something came: the day alone in anonymous surveys.
func (p Page) answerTime(a *assess.AskedSurvey, at time.Time, v visitor) string {
	if at.Unix() <= 0 {
		return ""
	}
	if a.Survey.Settings.Anonymous {
		return p.printer.Day(goalpost.DayOf(at, time.UTC))
	}
	return p.printer.Time(at, v.org.Zone())
}

func (p Page) flagWords(t *assess.SurveyTally, x goalpost.Answer) []string {
	list := p.flagNames(x.Flags)
	if t.SameText(x.ID) {
		list = append(list, p.T("web.surveyanswers.flag."+goalpost.FlagTexts))
	}
	return list
}

func (p Page) flagNames(flags []string) []string {
	var list []string
	for _, f := range flags {
		list = append(list, p.T("web.surveyanswers.flag."+f))
	}
	return list
}

// SurveyAnswerPage is one answer with everything that is kept of it.
type SurveyAnswerPage struct {
	Page
	Back, Heading, Name string
	Facts               []Fact
	Flags               []string
	Replies             []ReplyView
	Log                 []LogLine
	LogCut              string // says that there is more
	Action              string // to erase it; empty for who may not
	Erased              string
}

// ReplyView is a question with what was answered.
type ReplyView struct {
	Wording, Text, Note string
	Tags                string
}

// LogLine is one thing that the respondent's page sent.
type LogLine struct {
	What, When, Raw string
}

// surveyAnswer shows one answer.
func (s *Server) surveyAnswer(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showAnswer(w, r, v, nil)
}

func (s *Server) showAnswer(w http.ResponseWriter, r *http.Request, v visitor, problem error) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	t, err := s.tally(r, a)
	if err != nil {
		return err
	}
	x, err := a.ShownAnswer(r.Context(), s.DB, t, r.PathValue("rid"))
	if goalpost.IsKind(err, goalpost.NotFound) {
		return notFound()
	}
	if err != nil {
		return err
	}
	p := SurveyAnswerPage{Page: s.newPage(r, &v, ""), Heading: a.Survey.Form.Title.In(langOf(r))}
	p.Name, p.Back = p.answerName(x.Answer), p.surveyHref(a.Survey.ID, "/answers")
	p.Title = p.Name
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	p.facts(a, x.Answer, v)
	p.Flags = p.flagNames(x.Flags)
	if x.State == goalpost.AnswerErased {
		p.Erased = p.T("web.surveyanswer.erased")
	} else if v.rank >= owner {
		p.Action = p.surveyHref(a.Survey.ID, "/answers/"+x.ID+"/erase")
	}
	p.replies(x)
	p.log(a, x, v)
	return s.render(w, status, "surveyanswer", p)
}

// log lists the last things that the respondent's page sent, oldest first.
func (p *SurveyAnswerPage) log(a *assess.AskedSurvey, x assess.ShownAnswer, v visitor) {
	if x.LogCut {
		p.LogCut = p.say("web.survey-guard.log", goalpost.PlainArg(assess.LoggedAnswers))
	}
	for _, e := range x.Log {
		raw := e.Sent
		if e.Cut {
			raw += "…"
		}
		p.Log = append(p.Log, LogLine{What: p.say("web.surveyanswer.event."+e.Kind, goalpost.PlainArg(int(e.Rev))), When: p.answerTime(a, e.At, v), Raw: raw})
	}
}

func (p *SurveyAnswerPage) facts(a *assess.AskedSurvey, x goalpost.Answer, v visitor) {
	add := func(key, text string) {
		if text != "" {
			p.Facts = append(p.Facts, Fact{Name: p.T("web.surveyanswer." + key), Text: text})
		}
	}
	add("state", p.T("web.surveyanswers.state."+string(x.State)))
	if x.State == goalpost.AnswerErased {
		return
	}
	add("begun", p.answerTime(a, x.BegunAt, v))
	add("changed", p.answerTime(a, x.ChangedAt, v))
	if x.Seconds > 0 {
		add("time", p.duration(float64(x.Seconds)))
	}
	add("channel", p.cameBy(a, x.Channel, x.Campaign))
	add("language", p.printer.LanguageName(x.Language))
	add("device", p.T("web.surveyanswers.device."+string(deviceWord(string(x.Device)))))
	add("version", strconv.Itoa(x.Version))
}

// replies lists all questions that the answer's form asked of this respondent.
func (p *SurveyAnswerPage) replies(x assess.ShownAnswer) {
	for _, q := range x.Questions {
		v := ReplyView{Wording: q.Question.Wording.In(p.lang), Text: p.replyText(q.Question, q.Reply)}
		switch {
		case !q.Asked:
			v.Note = p.T("web.surveyanswer.not-asked")
		case !q.Valid:
			v.Note = p.T("web.surveyanswer.invalid")
		}
		if len(q.Tags) > 0 {
			v.Tags = p.say("web.surveyanswer.tags", goalpost.TextArg(strings.Join(q.Tags, ", ")))
		}
		p.Replies = append(p.Replies, v)
	}
}

// replyText writes a reply as the respondent saw it.
func (p Page) replyText(q goalpost.SurveyQuestion, r goalpost.QuestionReply) string {
	var parts []string
	for i, c := range r.Choices {
		o, known := q.Option(c)
		text := c
		switch {
		case q.Type == goalpost.ConsentQuestion && c == goalpost.Agreed:
			text = p.T("web.surveyresults.agreed")
		case known:
			text = p.printer.Option(o)
		}
		if q.Type == goalpost.RankingQuestion {
			text = strconv.Itoa(i+1) + ". " + text
		}
		parts = append(parts, text)
	}
	if r.Number != nil {
		text := p.printer.Decimal(*r.Number, q.Decimals)
		if q.Scale != nil {
			if word := q.Scale.Grade(int(*r.Number)).In(p.lang); word != "" {
				text += " – " + word
			}
		}
		parts = append(parts, strings.TrimSpace(text+" "+q.Unit.In(p.lang)))
	}
	if r.Text != "" {
		parts = append(parts, r.Text)
	}
	if len(parts) == 0 {
		return p.T("web.surveyanswer.nothing")
	}
	return strings.Join(parts, "\n")
}

// eraseAnswer removes one answer after its owner said that this is meant.
func (s *Server) eraseAnswer(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" {
		return s.showAnswer(w, r, v, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.person.sure", Field: "sure"})
	}
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	rid := r.PathValue("rid")
	err = a.EraseAnswer(r.Context(), s.DB, rid)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return notFound()
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, s.newPage(r, &v, "").surveyHref(a.Survey.ID, "/answers/"+rid), http.StatusSeeOther)
	return nil
}

// surveyAnswersJSON is the document of all answers.
type surveyAnswersJSON struct {
	Survey  goalpost.SurveyID `json:"survey"`
	Slug    string            `json:"slug"`
	Columns []string          `json:"columns"`
	Answers []map[string]any  `json:"answers"`
}

// document turns the table into one object an answer; what is empty is absent.
func (d *surveyAnswersJSON) document(t assess.SurveyTable) {
	d.Columns, d.Answers = columnNames(t), []map[string]any{}
	for _, row := range t.Rows {
		x := map[string]any{}
		for i, c := range row {
			switch c.Kind {
			case assess.CellNumber:
				x[d.Columns[i]] = json.Number(c.String())
			case assess.CellText, assess.CellTime:
				x[d.Columns[i]] = c.String()
			case assess.CellEmpty:
			}
		}
		d.Answers = append(d.Answers, x)
	}
}
