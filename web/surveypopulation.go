package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// Fields of the form of a population, before the code of a question.
const (
	sizeField = "size." // of an option, after the question
	withField = "with." // the option that it is joined with
	unitField = "unit."
)

// PopulationPage says whom those stand for who answered.
type PopulationPage struct {
	Page
	Tabs     SurveyTabs
	Name     string
	Back     string
	Action   string
	Done     string
	Version  int
	Empty    string // what the page is for while nothing is known
	Unfit    string // why no weights fit
	Sentence string
	Facts    []Fact
	Notes    []string
	Margins  []MarginView
	Offers   []MergeView
	Download string
	Form     []MarginForm
	Others   []NoGroups
	Cap      string
	Reason   string
	CapHelp  string
	Open     bool // the form is open
	Text     string
	Source   string
	Take     []TakeView
	Versions []PopulationLine
	Sets     []WeightSetLine
}

// MarginView is one margin beside the sample.
type MarginView struct {
	Wording, Source string
	Rows            []MarginLine
	Weighted        bool
}

// MarginLine is one group.
type MarginLine struct {
	Name, N, Population, Sample, Weighted, Difference string
}

// MergeView offers to join a group with another.
type MergeView struct {
	Text, Label      string
	Question, Option string
	ID               string
	Into             []Option
}

// MarginForm is a question whose options may make groups.
type MarginForm struct {
	Code, Wording, Wrong string
	Units                []Option
	Rows                 []MarginInput
	Source               string
}

// MarginInput is one option in the form.
type MarginInput struct {
	ID, Label, Size, Wrong string
	With                   []Option
	WithName, WithLabel    string
	SizeLabel              string
}

// NoGroups are questions that make no groups, and why.
type NoGroups struct {
	Text  string
	Names []string
}

// TakeView offers what another survey knows.
type TakeView struct {
	Survey, Text, Kind string
}

// PopulationLine is one version.
type PopulationLine struct{ Title, When, Text string }

// WeightSetLine is a set of weights that figures cite.
type WeightSetLine struct{ ID, Text string }

// population shows the population of a survey beside those who answered.
func (s *Server) population(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showPopulation(w, r, v, nil, nil)
}

func (s *Server) showPopulation(w http.ResponseWriter, r *http.Request, v visitor, form url.Values, problem error) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return notFound()
	}
	view, err := assess.ViewPopulation(r.Context(), s.DB, v.org.ID, goalpost.SurveyID(id))
	if goalpost.IsKind(err, goalpost.NotFound) {
		return notFound()
	}
	if err != nil {
		return err
	}
	survey := view.Survey.Survey
	p := PopulationPage{Page: s.newPage(r, &v, ""), Version: view.Now.Version, Text: form.Get("text"), Source: form.Get("source")}
	if e, ok := asError(problem); ok && e.Kind != goalpost.NotFound && e.Kind != goalpost.Forbidden {
		p.Problems = append(p.Problems, Problem{Field: populationFieldOf(e, form), Text: p.printer.Error(onPage(e))})
	} else if problem != nil {
		return problem
	}
	p.Name = survey.Form.Title.In(p.lang)
	p.Title = p.say("web.population.page", goalpost.TextArg(p.Name))
	p.Tabs, p.Back, p.Action = p.tabsOf(v, survey.ID, "population"), p.surveyHref(survey.ID, ""), p.surveyHref(survey.ID, "/population")
	if key := "web.population.done." + r.URL.Query().Get("done"); problem == nil && p.printer.Has(key) {
		p.Done = p.T(key)
	}
	p.beside(view)
	p.fillForm(view, form)
	for _, x := range view.Sources {
		p.Take = append(p.Take, p.takes(x)...)
	}
	p.history(view, v.org)
	return s.render(w, statusOfProblem(problem), "surveypopulation", p)
}

// onPage is an error as the page says it: the field is told by the link to it, but for the
// column of a table, which stands with its line.
func onPage(e *goalpost.Error) *goalpost.Error {
	if e.Line > 0 {
		return e
	}
	return unplaced(e)
}

// populationFieldOf is the id of the field that an error is about.
func populationFieldOf(e *goalpost.Error, form url.Values) string {
	switch {
	case e.Line > 0 || form.Has("text"):
		return "text"
	case e.Field == "" || e.Field == "cap" || e.Field == "cap_reason":
		return e.Field
	}
	return sizeField + e.Field
}

// beside writes what is known of the population beside the sample.
func (p *PopulationPage) beside(v assess.PopulationView) {
	if v.Now.IsEmpty() {
		p.Empty = p.T("web.population.empty")
		return
	}
	const decimals = 1
	for _, m := range v.Margins {
		q, _ := v.Survey.Survey.Form.Question(m.Question)
		known, _ := v.Now.Margin(m.Question)
		view := MarginView{Wording: q.Wording.In(p.lang), Source: known.Source, Weighted: v.Weighted.Set != nil}
		for _, g := range m.Groups {
			line := MarginLine{Name: assess.GroupName(q, g.Options).In(p.lang), N: p.say("web.population.of", goalpost.NumberArg(float64(g.N)), goalpost.NumberArg(float64(m.Known()))), Population: p.printer.PercentDecimals(g.Population, decimals)}
			if v.N > 0 {
				line.Sample, line.Difference = p.printer.PercentDecimals(g.Sample, decimals), p.printer.Signed(g.Difference())
			}
			if view.Weighted {
				line.Weighted = p.printer.PercentDecimals(g.Weighted, decimals)
			}
			view.Rows = append(view.Rows, line)
		}
		p.Margins = append(p.Margins, view)
	}
	switch {
	case v.N == 0:
		p.Sentence = p.T("web.population.nobody")
	case v.Weighted.Problem != nil:
		p.Unfit = p.printer.Error(unplaced(v.Weighted.Problem))
	default:
		p.weights(v)
	}
	for i, o := range v.Offers {
		p.Offers = append(p.Offers, p.merge(o, i))
	}
}

// weights says what the weights cost, and who carries them.
func (p *PopulationPage) weights(v assess.PopulationView) {
	set := v.Weighted.Set
	d := set.Diagnosis
	p.Sentence = p.say("web.population.sentence", goalpost.NumberArg(float64(set.N)), goalpost.NumberArg(d.Whole()))
	add := func(key, text string) {
		p.Facts = append(p.Facts, Fact{Name: p.T("web.population.fact." + key), Text: text})
	}
	add("n", p.printer.Number(float64(set.N)))
	add("n-eff", p.printer.Decimal(d.EffectiveN, 1))
	add("deff", p.printer.Decimal(d.DesignEffect, 2))
	add("least", p.say("web.population.means", goalpost.TextArg(p.printer.Decimal(d.Least, 2))))
	add("largest", p.say("web.population.means", goalpost.TextArg(p.printer.Decimal(d.Largest, 2))))
	add("cap", p.say("web.population.means", goalpost.TextArg(p.printer.Number(set.Rules.Cap))))
	if v.Now.CapReason != "" {
		add("reason", v.Now.CapReason)
	}
	p.Notes = p.printer.Notes(v.Notes())
	p.Download = p.Action + "/weights.csv"
}

func (p Page) merge(o assess.MergeOffer, i int) MergeView {
	name := assess.GroupName(o.Question, o.Group).In(p.lang)
	x := MergeView{Question: o.Question.Code, Option: o.Group[0], ID: "merge-" + strconv.Itoa(i), Label: p.say("web.population.merge.with", goalpost.TextArg(name)),
		Text: p.say("web.population.merge.offer", goalpost.TextArg(name), goalpost.TextsArg(o.Question.Wording))}
	for _, into := range o.Into {
		x.Into = append(x.Into, Option{Value: into[0], Text: assess.GroupName(o.Question, into).In(p.lang)})
	}
	return x
}

// fillForm shows the form with what is known, or with what was typed.
func (p *PopulationPage) fillForm(v assess.PopulationView, form url.Values) {
	typed := form.Has("version")
	p.Open = typed || v.Now.IsEmpty()
	p.CapHelp = p.say("web.population.cap.help", goalpost.NumberArg(assess.CapOf(goalpost.Population{}, v.N)))
	if v.Now.Cap != 0 {
		p.Cap, p.Reason = p.size(v.Now.Cap), v.Now.CapReason
	}
	if typed {
		p.Cap, p.Reason = form.Get("cap"), form.Get("cap_reason")
	}
	for _, q := range v.Survey.Survey.Form.Questions {
		options := q.MarginOptions()
		if len(options) < 2 {
			p.noGroups(q)
			continue
		}
		m, _ := v.Now.Margin(q.Code)
		p.Form = append(p.Form, p.marginForm(q, options, m, form, typed))
	}
}

// noGroups adds a question to those that make no groups for the same reason.
func (p *PopulationPage) noGroups(q goalpost.SurveyQuestion) {
	why := p.T("web.population.why.kind")
	if q.Type == goalpost.SingleChoice {
		why = p.T("web.population.why.options")
	}
	i := slices.IndexFunc(p.Others, func(g NoGroups) bool { return g.Text == why })
	if i < 0 {
		i = len(p.Others)
		p.Others = append(p.Others, NoGroups{Text: why})
	}
	p.Others[i].Names = append(p.Others[i].Names, q.Wording.In(p.lang))
}

func (p *PopulationPage) marginForm(q goalpost.SurveyQuestion, options []goalpost.Item, m goalpost.PopulationMargin, form url.Values, typed bool) MarginForm {
	f := MarginForm{Code: q.Code, Wording: q.Wording.In(p.lang), Source: m.Source, Wrong: p.Wrong(sizeField + q.Code)}
	percent := m.Percent || len(m.Groups) == 0
	if typed {
		percent, f.Source = form.Get(unitField+q.Code) == "percent", form.Get("source."+q.Code)
	}
	f.Units = []Option{{Value: "percent", Text: p.T("web.population.unit.percent"), Selected: percent}, {Value: "people", Text: p.T("web.population.unit.people"), Selected: !percent}}
	for _, o := range options {
		field := q.Code + "." + o.Code
		label := o.Label.In(p.lang)
		row := MarginInput{ID: sizeField + field, Label: label, WithName: withField + field, Wrong: p.Wrong(sizeField + field),
			SizeLabel: p.say("web.population.size.of", goalpost.TextArg(label)), WithLabel: p.say("web.population.merge.with", goalpost.TextArg(label))}
		g, known := m.Group(o.Code)
		with := g.With
		if known && (g.Size != 0 || with == "") {
			row.Size = p.size(g.Size)
		}
		if typed {
			row.Size, with = form.Get(row.ID), form.Get(row.WithName)
		}
		row.With = []Option{{Text: p.T("web.population.alone")}}
		for _, other := range options {
			if other.Code != o.Code {
				row.With = append(row.With, Option{Value: other.Code, Text: p.say("web.population.together", goalpost.TextsArg(other.Label)), Selected: other.Code == with})
			}
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

// size writes a number as somebody enters it.
func (p Page) size(v float64) string {
	return locale.EnteredNumber(locale.Language(p.lang), exact(v))
}

func (p Page) takes(x assess.PopulationSource) (list []TakeView) {
	title := goalpost.TextsArg(x.Survey.Form.Title)
	id := strconv.FormatInt(int64(x.Survey.ID), 10)
	wave := "survey"
	if x.Wave {
		wave = "wave"
	}
	if x.Version > 0 {
		list = append(list, TakeView{Survey: id, Kind: "population", Text: p.say("web.population.take."+wave, title)})
	}
	if x.Complete > 0 {
		list = append(list, TakeView{Survey: id, Kind: "answers", Text: p.say("web.population.take.answers", title, goalpost.NumberArg(float64(x.Complete)))})
	}
	return list
}

// history lists the versions of the population, and the weights that figures cite.
func (p *PopulationPage) history(v assess.PopulationView, org goalpost.Organisation) {
	for _, x := range v.Versions {
		line := PopulationLine{Title: p.say("web.population.version", goalpost.PlainArg(x.Version)), When: p.say("web.surveys.changed-by", goalpost.TextArg(p.printer.Time(x.MadeAt, org.Zone())), goalpost.TextArg(x.MadeBy))}
		var questions []string
		for _, m := range x.Margins {
			q, _ := v.Survey.Survey.Form.Question(m.Question)
			text := q.Wording.In(p.lang)
			if m.Source != "" {
				text += " (" + m.Source + ")"
			}
			questions = append(questions, text)
		}
		if line.Text = strings.Join(questions, "; "); line.Text == "" {
			line.Text = p.T("web.population.version.none")
		}
		p.Versions = append(p.Versions, line)
	}
	for _, x := range v.Sets {
		p.Sets = append(p.Sets, WeightSetLine{ID: x.ID, Text: p.say("web.population.set", goalpost.PlainArg(x.Population), goalpost.NumberArg(float64(x.N)), goalpost.TextArg(p.printer.Time(x.MadeAt, org.Zone())))})
	}
}

// readPopulation reads the form. A question without any size makes no margin.
func readPopulation(form url.Values, f goalpost.Form, lang string) (in assess.PopulationInput, err error) {
	t := typed(form)
	if in.Version, err = strconv.Atoi(t.get("version")); err != nil {
		return in, goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	number := func(name, field string, args ...goalpost.Arg) float64 {
		v, ok := assess.ParseSize(locale.PlainNumber(locale.Language(lang), t.get(name)))
		if !ok && err == nil {
			err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.population." + field, Field: strings.TrimPrefix(name, sizeField), Args: args}
		}
		return v
	}
	for _, q := range f.Questions {
		m := goalpost.PopulationMargin{Question: q.Code, Percent: t.get(unitField+q.Code) == "percent", Source: t.get("source." + q.Code)}
		for _, o := range q.MarginOptions() {
			name := sizeField + q.Code + "." + o.Code
			g := goalpost.PopulationGroup{Option: o.Code, With: t.get(withField + q.Code + "." + o.Code)}
			if t.get(name) == "" && g.With == "" {
				continue
			}
			if t.get(name) != "" {
				g.Size = number(name, "size", goalpost.OptionArg(o))
			}
			m.Groups = append(m.Groups, g)
		}
		if slices.ContainsFunc(m.Groups, func(g goalpost.PopulationGroup) bool { return t.get(sizeField+q.Code+"."+g.Option) != "" }) {
			in.Margins = append(in.Margins, m)
		}
	}
	if t.get("cap") != "" {
		in.Cap, in.CapReason = number("cap", "cap", goalpost.NumberArg(100)), t.get("cap_reason")
	}
	return in, err
}

// setPopulation keeps what was entered as a new version.
func (s *Server) setPopulation(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	in, err := readPopulation(r.PostForm, x.Form, langOf(r))
	if err == nil {
		in.By, in.Now = v.user.Name, s.Now()
		_, err = assess.SetPopulation(r.Context(), s.DB, v.org.ID, x.ID, in)
	}
	return s.populationDone(w, r, v, x, "saved", r.PostForm, err)
}

func (s *Server) populationDone(w http.ResponseWriter, r *http.Request, v visitor, x goalpost.Survey, done string, form url.Values, err error) error {
	if err != nil {
		return s.showPopulation(w, r, v, form, err)
	}
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/population?done="+done), http.StatusSeeOther)
	return nil
}

// mergeGroups joins two groups.
func (s *Server) mergeGroups(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	t := typed(r.PostForm)
	err = assess.MergeGroups(r.Context(), s.DB, v.org.ID, x.ID, t.get("question"), t.get("option"), t.get("with"), v.user.Name, s.Now())
	return s.populationDone(w, r, v, x, "merged", nil, err)
}

// importPopulation takes margins from a table.
func (s *Server) importPopulation(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	text := r.PostForm.Get("text")
	err = assess.ImportPopulation(r.Context(), s.DB, v.org.ID, x.ID, strings.ReplaceAll(text, "\r\n", "\n"), typed(r.PostForm).get("source"), v.user.Name, s.Now())
	return s.populationDone(w, r, v, x, "imported", r.PostForm, err)
}

// takePopulation takes margins of another survey.
func (s *Server) takePopulation(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	from, err := strconv.ParseInt(r.PostForm.Get("survey"), 10, 64)
	if err != nil {
		return goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	other, err := s.DB.Survey(r.Context(), v.org.ID, goalpost.SurveyID(from))
	if err != nil {
		return err
	}
	p := s.newPage(r, &v, "")
	take := assess.TakenFrom{Survey: other.ID, Answers: r.PostForm.Get("kind") == "answers", By: v.user.Name, Now: s.Now()}
	source := "web.population.source.population"
	if take.Answers {
		source = "web.population.source.answers"
	}
	take.Source = p.say(source, goalpost.TextsArg(other.Form.Title), goalpost.DayArg(goalpost.DayOf(s.Now(), v.org.Zone())))
	err = assess.TakePopulation(r.Context(), s.DB, v.org.ID, x.ID, take)
	return s.populationDone(w, r, v, x, "taken", nil, err)
}

// weightsFile answers with the weight of each answer.
func (s *Server) weightsFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	list, err := a.AnswerWeights(r.Context(), s.DB)
	if err != nil {
		return err
	}
	rows := [][]string{{"answer", "weight", "weight_set"}}
	for _, x := range list {
		rows = append(rows, []string{x.Answer, exact(x.Weight), x.Set})
	}
	return writeCSV(w, "weights-"+a.Survey.Slug+".csv", rows)
}
