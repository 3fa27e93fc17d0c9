package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/infer"
)

// maxTallies is how many surveys are kept counted.
const maxTallies = 50

// tallyCache keeps the counts of surveys: each answer is read once.
type tallyCache struct {
	mu   sync.Mutex
	last map[tallyOf]*assess.SurveyTally
}

type tallyOf struct {
	org goalpost.OrgID
	id  goalpost.SurveyID
}

func newTallyCache() *tallyCache { return &tallyCache{last: map[tallyOf]*assess.SurveyTally{}} }

// tally returns the counts of a survey with the answers that have come by now.
func (s *Server) tally(r *http.Request, a *assess.AskedSurvey) (*assess.SurveyTally, error) {
	c := s.tallies
	of := tallyOf{a.Org, a.Survey.ID}
	c.mu.Lock()
	t := c.last[of]
	if t == nil {
		if len(c.last) >= maxTallies {
			clear(c.last)
		}
		t = assess.NewSurveyTally()
		c.last[of] = t
	}
	c.mu.Unlock()
	return t, t.Read(r.Context(), s.DB, a)
}

// SurveyResultsPage is a survey while its answers come in.
type SurveyResultsPage struct {
	Page
	Tabs    SurveyTabs
	Back    string
	Heading string
	Public  string
	Open    string // address of the public results; empty where nobody else sees them
	Live    string // address of the figures alone, for scripts
	Form    *ShareForm
	// Understanding is where they are held against what the team believed.
	Understanding string
	Figures       SurveyFigures
}

// SurveyFigures is the part of the page that changes by itself.
type SurveyFigures struct {
	Page
	Phase    string
	Sentence string // how many answers
	Empty    string // what to do while there are none
	Next     []MenuItem
	Kept     string // single answers are erased, or will be
	Contacts string // how many left an address
	// ContactsHow is the command that prints the addresses.
	ContactsHow string
	Facts       []Fact
	Quotas      []QuotaLine
	Flagged     string
	Flags       []string
	Beside      bool // those without a flag stand in a column of their own
	Toggle      MenuItem
	Reach       FigureView
	ReachRows   []ReachLine
	Before      string
	Versions    []MenuItem
	Groups      []AnswerGroupView
	Questions   []QuestionFiguresView
	Method      string
	Notes       []string // what the intervals mean
	Weights     string   // that there are some, or why not
	HasReplies  bool
	Filtered    string // whose answers the shares below are of

	shares *assess.SurveyShares
}

// ReachLine is how far respondents came, one question.
type ReachLine struct {
	Question, Asked, Answered, Last string
}

// AnswerGroupView is where answers came from.
type AnswerGroupView struct {
	Title, Head string
	Rows        []AnswerGroupLine
}

// AnswerGroupLine is one channel, language or kind of device.
type AnswerGroupLine struct {
	Name, Started, Complete string
}

// QuestionFiguresView is one question with its counts.
type QuestionFiguresView struct {
	Anchor, Wording, Note string
	Rows                  []CountLine
	Ranked                bool
	Facts                 []Fact
	Open                  string // address of the open answers
	Shares                *ShareView
}

// CountLine is an option or grade.
type CountLine struct {
	Label, Count, Range, Unflagged, First string
	Width                                 string // of the bar, in hundredths
}

// readSurvey finds the survey of a page of its team.
func (s *Server) readSurvey(r *http.Request, v visitor) (*assess.AskedSurvey, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, notFound()
	}
	a, err := assess.AskedByTeam(r.Context(), s.DB, v.org.ID, goalpost.SurveyID(id))
	if goalpost.IsKind(err, goalpost.NotFound) {
		return nil, notFound()
	}
	return a, err
}

// surveyResults shows a survey with its figures.
func (s *Server) surveyResults(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	p := SurveyResultsPage{Page: s.newPage(r, &v, ""), Back: "/" + langOf(r) + "/surveys"}
	p.Heading = a.Survey.Form.Title.In(p.lang)
	p.Title = p.Heading
	p.Public = s.outsideURL() + surveyPath + a.Survey.Slug
	p.Understanding = p.surveyHref(a.Survey.ID, "/understanding")
	p.Live, p.Tabs = p.surveyHref(a.Survey.ID, "/live"), p.tabsOf(v, a.Survey.ID, "results")
	if r.URL.RawQuery != "" {
		p.Live += "?" + r.URL.RawQuery
	}
	if a.Survey.Settings.PublicResults {
		p.Open = p.Public + "/results"
	}
	if p.Figures, err = s.surveyFigures(r, p.Page, a, v); err != nil {
		return err
	}
	if p.Figures.shares != nil && p.Figures.HasReplies {
		only, by := shareChoice(r)
		form := p.shareForm(a, *p.Figures.shares, only, by)
		p.Form = &form
	}
	return s.render(w, http.StatusOK, "surveyresults", p)
}

// surveyLive answers with the figures alone, and with nothing when they are the same.
func (s *Server) surveyLive(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	f, err := s.surveyFigures(r, s.newPage(r, &v, ""), a, v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.templates.pages["surveyresults"].ExecuteTemplate(&b, "surveyfigures", f); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = w.Write(b.Bytes()) // who went away asks again
	return nil
}

// surveyFigures makes the figures of the answers that have come by now.
func (s *Server) surveyFigures(r *http.Request, page Page, a *assess.AskedSurvey, v visitor) (SurveyFigures, error) {
	f := SurveyFigures{Page: page, Beside: r.URL.Query().Get("beside") != ""}
	now := s.Now()
	phase, err := a.Phase(r.Context(), s.DB, now)
	if err != nil {
		return f, err
	}
	t, err := s.tally(r, a)
	if err != nil {
		return f, err
	}
	f.Phase = f.T("web.survey.phase." + string(phase))
	shown, err := a.ShownResults(r.Context(), s.DB, t, r.URL.Query().Get("kept") != "")
	if err != nil {
		return f, err
	}
	res := shown.SurveyResults
	switch {
	case shown.Kept:
		f.Kept = f.say("web.surveyresults.erased", goalpost.DayArg(goalpost.DayOf(shown.ErasedAt, v.org.Zone())))
	case !shown.ErasedAt.IsZero():
		f.Kept = f.T("web.surveyresults.erased.before")
	default:
		f.keeps(a, now, v)
	}
	f.results(a, res)
	if err := s.contactFigures(r, &f, a); err != nil {
		return f, err
	}
	f.reach(a, res, r.URL.Query().Get("version"))
	f.HasReplies = res.Complete > 0
	if f.HasReplies && res.Complete == t.Results(a).Complete {
		err = s.shareFigures(r, &f, a, res)
	} else { // the single answers are erased: their counts are all that is left
		for i, q := range res.Questions {
			f.Questions = append(f.Questions, f.question(a, q, i))
		}
		if f.HasReplies {
			f.Method = f.T("web.surveyresults.method." + map[bool]string{true: "random", false: "self"}[a.Survey.Settings.Sample.Random()])
		}
	}
	if err != nil {
		return f, err
	}
	return f, s.quotas(r, &f, a)
}

// contactFigures says how many left an address, and how they are written to: the addresses
// themselves stand on no page.
func (s *Server) contactFigures(r *http.Request, f *SurveyFigures, a *assess.AskedSurvey) error {
	results, prize, err := s.DB.CountSurveyContacts(r.Context(), a.Org, a.Survey.ID)
	if err != nil || results+prize == 0 {
		return err
	}
	f.Contacts = f.say("web.surveyresults.contacts", goalpost.NumberArg(float64(results)), goalpost.NumberArg(float64(prize)))
	f.ContactsHow = "goalpost survey contacts " + a.Survey.Slug + " --results"
	return nil
}

// keeps says until when single answers are kept.
func (f *SurveyFigures) keeps(a *assess.AskedSurvey, now time.Time, v visitor) {
	days := goalpost.NumberArg(float64(a.Survey.Settings.KeepDays))
	if at, ok := a.Survey.ErasesAt(now); ok {
		f.Kept = f.say("web.surveyresults.erases", goalpost.DayArg(goalpost.DayOf(at, v.org.Zone())))
	} else if a.Survey.Settings.KeepDays > 0 {
		f.Kept = f.say("web.surveyresults.keeps", days)
	}
}

// results writes how many answers came, and from where.
func (f *SurveyFigures) results(a *assess.AskedSurvey, res assess.SurveyResults) {
	number := func(n int) goalpost.Arg { return goalpost.NumberArg(float64(n)) }
	f.Sentence = f.say("web.surveyresults.sentence", number(res.Complete))
	if res.Started == 0 {
		f.empty(a)
		return
	}
	add := func(key, text string) {
		f.Facts = append(f.Facts, Fact{Name: f.T("web.surveyresults." + key), Text: text})
	}
	add("started", f.printer.Number(float64(res.Started)))
	if res.Finished != nil {
		add("finished", f.printer.PercentDecimals(*res.Finished, 0))
	}
	if q := res.Seconds; q != nil {
		add("time", f.say("web.surveyresults.time.range", goalpost.TextArg(f.duration(q.Median)), goalpost.TextArg(f.duration(q.Lower)), goalpost.TextArg(f.duration(q.Upper))))
	}
	for _, state := range []goalpost.AnswerState{goalpost.AnswerBegun, goalpost.AnswerOverQuota, goalpost.AnswerLate, goalpost.AnswerUninvited} {
		if n := res.States[state]; n > 0 {
			f.Facts = append(f.Facts, Fact{Name: f.T("web.surveyanswers.state." + string(state)), Text: f.printer.Number(float64(n))})
		}
	}
	if n := res.States[goalpost.AnswerErased]; n > 0 {
		add("erased.number", f.printer.Number(float64(n)))
	}
	if res.Flagged > 0 {
		f.flags(a, res)
	}
	f.groups(a, res)
}

// flags says how many answers stand out, and leads to the figures without them.
func (f *SurveyFigures) flags(a *assess.AskedSurvey, res assess.SurveyResults) {
	f.Flagged = f.say("web.surveyresults.flagged", goalpost.NumberArg(float64(res.Flagged)))
	for _, c := range res.Flags {
		f.Flags = append(f.Flags, f.say("web.surveyresults.flag.number", goalpost.NumberArg(float64(c.Number)), goalpost.WordArg("web.surveyanswers.flag."+c.Flag)))
	}
	f.Toggle = MenuItem{Href: f.surveyHref(a.Survey.ID, "?beside=1"), Text: f.T("web.surveyresults.beside")}
	if f.Beside {
		f.Toggle = MenuItem{Href: f.surveyHref(a.Survey.ID, ""), Text: f.T("web.surveyresults.beside.not")}
	}
}

// empty says what to do until the first answer is there.
func (f *SurveyFigures) empty(a *assess.AskedSurvey) {
	f.Empty = f.T("web.surveyresults.empty." + string(a.Survey.State))
	if !f.CanEdit {
		return
	}
	next := map[goalpost.SurveyState][]string{goalpost.SurveyDraft: {"edit", "settings"}, goalpost.SurveyOpen: {"channels"}, goalpost.SurveyPaused: {"settings"}, goalpost.SurveyClosed: {"settings"}}
	for _, path := range next[a.Survey.State] {
		f.Next = append(f.Next, MenuItem{Href: f.surveyHref(a.Survey.ID, "/"+path), Text: f.T("web.surveyresults.link." + path)})
	}
}

// duration writes seconds as a person would say them.
func (p Page) duration(seconds float64) string {
	const minute = 60
	if seconds < 2*minute {
		return p.say("web.surveyresults.seconds", goalpost.NumberArg(float64(int(seconds+0.5))))
	}
	return p.say("web.surveyresults.minutes", goalpost.TextArg(p.printer.Decimal(seconds/minute, 0)))
}

// groups lists channels, languages and kinds of device.
func (f *SurveyFigures) groups(a *assess.AskedSurvey, res assess.SurveyResults) {
	name := map[string]func(assess.AnswerGroup) string{
		"channel":  func(g assess.AnswerGroup) string { return f.cameBy(a, g.Code, g.Campaign) },
		"language": func(g assess.AnswerGroup) string { return f.printer.LanguageName(g.Code) },
		"device": func(g assess.AnswerGroup) string {
			return f.T("web.surveyanswers.device." + string(deviceWord(g.Code)))
		},
	}
	for _, kind := range []struct {
		name   string
		groups []assess.AnswerGroup
	}{{"channel", res.Channels}, {"language", res.Language}, {"device", res.Device}} {
		v := AnswerGroupView{Title: f.T("web.surveyresults.by." + kind.name), Head: f.T("web.surveyresults." + kind.name)}
		for _, g := range kind.groups {
			v.Rows = append(v.Rows, AnswerGroupLine{Name: name[kind.name](g), Started: f.printer.Number(float64(g.Started)), Complete: f.printer.Number(float64(g.Complete))})
		}
		f.Groups = append(f.Groups, v)
	}
}

// deviceWord is a class of device that there is a word for.
func deviceWord(code string) goalpost.DeviceClass {
	switch d := goalpost.DeviceClass(code); d {
	case goalpost.DevicePhone, goalpost.DeviceDesk, goalpost.DeviceProgram:
		return d
	}
	return "unknown"
}

// cameBy is the network and campaign of a channel, with the code that ends its link.
func (p Page) cameBy(a *assess.AskedSurvey, code, campaign string) string {
	if code == "" {
		return p.T("web.surveyresults.plain-link")
	}
	name := code
	if c, ok := a.Survey.Settings.Channel(code); ok {
		name = p.printer.Word("network."+string(c.Network)) + " (" + code + ")"
	}
	if campaign != "" {
		name += " · " + campaign
	}
	return name
}

// reach shows how far respondents came in one version of the form.
func (f *SurveyFigures) reach(a *assess.AskedSurvey, res assess.SurveyResults, version string) {
	if len(res.Forms) == 0 {
		return
	}
	shown := res.Forms[0]
	for _, form := range res.Forms {
		if strconv.Itoa(form.Version) == version {
			shown = form
		}
	}
	if len(res.Forms) > 1 {
		for _, form := range res.Forms {
			m := MenuItem{Href: f.surveyHref(a.Survey.ID, "?version="+strconv.Itoa(form.Version)), Text: f.say("web.surveyresults.version", goalpost.PlainArg(form.Version))}
			if form.Version == shown.Version {
				m.Current = "page"
			}
			f.Versions = append(f.Versions, m)
		}
	}
	if shown.Before > 0 {
		f.Before = f.say("web.surveyresults.before", goalpost.NumberArg(float64(shown.Before)))
	}
	d := chart.ReachData{Title: f.T("web.surveyresults.reach"), Desc: f.T("web.surveyresults.reach.desc"), All: f.T("web.surveyresults.asked"), Done: f.T("web.surveyresults.answered")}
	for i, q := range shown.Questions {
		n := func(v int) string { return f.printer.Number(float64(v)) }
		wording := q.Question.Wording.In(f.lang)
		f.ReachRows = append(f.ReachRows, ReachLine{Question: wording, Asked: n(q.Asked), Answered: n(q.Answered), Last: n(q.Last)})
		d.Rows = append(d.Rows, chart.ReachRow{Label: strconv.Itoa(i+1) + ". " + shortened(wording), All: q.Asked, Done: q.Answered, Text: n(q.Answered) + "/" + n(q.Asked)})
	}
	f.Reach = FigureView{Wide: inline(chart.DrawReach(d, chart.Wide), "reach", false), Narrow: inline(chart.DrawReach(d, chart.Narrow), "reach", true)}
}

// shortened is the beginning of a long text.
func shortened(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return text
}

// question writes the counts of one question.
func (f *SurveyFigures) question(a *assess.AskedSurvey, q assess.QuestionFigures, i int) QuestionFiguresView {
	number := func(n int) goalpost.Arg { return goalpost.NumberArg(float64(n)) }
	v := QuestionFiguresView{Anchor: "q" + strconv.Itoa(i+1), Wording: q.Question.Wording.In(f.lang), Ranked: q.Question.Type == goalpost.RankingQuestion}
	v.Note = f.say("web.surveyresults.base", number(q.All.Base))
	if q.Earlier {
		v.Note = f.T("web.surveyresults.earlier") + " " + v.Note
	}
	if q.All.Invalid > 0 {
		v.Note += " " + f.say("web.surveyresults.invalid", number(q.All.Invalid))
	}
	for j, g := range q.All.Grades {
		c := q.Unflagged.Grades[j]
		label := strconv.Itoa(g.Grade)
		if q.Question.Scale != nil {
			if word := q.Question.Scale.Grade(g.Grade).In(f.lang); word != "" {
				label += " – " + word
			}
		}
		v.Rows = append(v.Rows, f.count(label, g.Count, g.Share, c.Count, c.Share))
	}
	for j, o := range q.All.Options {
		c := q.Unflagged.Options[j]
		label := f.printer.Option(o.Option)
		if q.Question.Type == goalpost.ConsentQuestion {
			label = f.T("web.surveyresults.agreed")
		}
		line := f.count(label, o.Count, o.Share, c.Count, c.Share)
		line.First = f.printer.Number(float64(o.First))
		v.Rows = append(v.Rows, line)
	}
	v.Facts = f.questionFacts(q)
	if assess.IsOpenQuestion(q.Question) && q.All.Texts > 0 {
		v.Open = f.surveyHref(a.Survey.ID, "/answers/open?question="+url.QueryEscape(q.Question.Code))
	}
	return v
}

// questionFacts are the numbers of a question that no option has.
func (f *SurveyFigures) questionFacts(q assess.QuestionFigures) []Fact {
	var facts []Fact
	add := func(key string, all, unflagged string) {
		if f.Beside && all != unflagged {
			all += " (" + f.T("web.surveyresults.unflagged") + ": " + unflagged + ")"
		}
		facts = append(facts, Fact{Name: f.T("web.surveyresults." + key), Text: all})
	}
	n := func(v int) string { return f.printer.Number(float64(v)) }
	if c, u := q.All.NPS, q.Unflagged.NPS; c != nil && u != nil {
		add("nps.promoters", n(c.Promoters), n(u.Promoters))
		add("nps.passives", n(c.Passives), n(u.Passives))
		add("nps.detractors", n(c.Detractors), n(u.Detractors))
	}
	if q.All.Numbers != nil {
		add("numbers", f.quartiles(q.All.Numbers, q.Question), f.quartiles(q.Unflagged.Numbers, q.Question))
	}
	if assess.IsOpenQuestion(q.Question) {
		add("texts", n(q.All.Texts), n(q.Unflagged.Texts))
	}
	return facts
}

func (f *SurveyFigures) quartiles(q *assess.Quartiles, of goalpost.SurveyQuestion) string {
	if q == nil {
		return f.T("web.surveyresults.none")
	}
	write := func(v float64) goalpost.Arg {
		return goalpost.TextArg(strings.TrimSpace(f.printer.Decimal(v, of.Decimals) + " " + of.Unit.In(f.lang)))
	}
	return f.say("web.surveyresults.quartiles", write(q.Median), write(q.Lower), write(q.Upper))
}

func (f *SurveyFigures) count(label string, n int, share *infer.Estimate, unflagged int, without *infer.Estimate) CountLine {
	write := func(n int, share *infer.Estimate) string {
		text := f.printer.Number(float64(n))
		if share == nil {
			return text
		}
		return f.say("web.pollteam.count", goalpost.TextArg(text), goalpost.TextArg(f.printer.PercentDecimals(share.Value, 0)))
	}
	c := CountLine{Label: label, Count: write(n, share), Unflagged: write(unflagged, without), Width: "0"}
	if share != nil {
		c.Range = f.printer.Decimal(100*share.Lo, 0) + "–" + f.printer.PercentDecimals(share.Hi, 0)
		c.Width = strconv.FormatFloat(100*share.Value, 'f', 1, 64)
	}
	return c
}

// Bar is a bar beside a count; its length is that of the share.
func (c CountLine) Bar() template.HTML {
	return template.HTML(`<svg class="tinybar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="6"/><rect width="` + c.Width + `" height="6"/></svg>`) //nolint:gosec // a number
}
