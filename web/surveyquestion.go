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

// SurveyQuestionPage is the editor of one question.
type SurveyQuestionPage struct {
	Page
	Head       SurveyHead
	Action     string
	New        bool
	Note       string // why what was done is not kept yet; empty for kept
	Saved      bool
	Focus      string // what the next press or key most likely goes to
	Kind       string
	Kinds      []Option
	Code       string
	Wording    TextGroup
	Help       TextGroup
	Switches   []Switch
	Places     []Option // after which question a new one stands
	HasOptions bool
	Choices    bool // options of its own, not only "don't know"
	Options    []OptionRow
	Rows       int
	Roles      []Option // what can be added with one press
	Numbers    []NumberField
	Unit       []TextGroup
	Grades     []TextGroup
	Looks      []Option
	Rules      []RuleRow
	Earlier    []Option // questions that a rule can speak of
	Any        []Option
}

// Switch is a box to tick.
type Switch struct {
	Name, Label, Help string
	On                bool
}

// NumberField is a field for a number.
type NumberField struct {
	Name, Label, Value, Wrong string
}

// OptionRow is one option in the editor.
type OptionRow struct {
	At, Number         int
	ID, CodeText       string
	Wrong              string
	Fields             []TextField
	Roles              []Option
	Fixed, Moves       bool
	Shuffles           bool
	UpName, DownName   string
	DropName, RoleName string
	First, Last        bool
	RoleText           string
}

// RuleRow is one rule in the editor.
type RuleRow struct {
	At                           int
	ID, Question, Code, Wrong    string
	Relations, Choices           []Option
	Number                       string
	Numeric                      bool
	DropName, NumberName, IsName string
}

// newSurveyQuestion shows the editor for a question that is not there yet.
func (s *Server) newSurveyQuestion(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	kind := goalpost.QuestionType(r.URL.Query().Get("type"))
	if !slices.Contains(goalpost.SurveyTypes(), kind) {
		return notFound()
	}
	q := goalpost.SurveyQuestion{Question: goalpost.Question{Type: kind}}
	x := entryOf(q)
	x.suit()
	if hasChoices(kind) {
		x.blankRows = 4
	}
	if kind == goalpost.ScaleQuestion || kind == goalpost.NPSQuestion {
		x.act("role-"+string(goalpost.RoleDontKnow), "", e.Form.Languages)
	}
	if kind == goalpost.NPSQuestion {
		t, _ := goalpost.SurveyTemplateByCode("nps")
		asked, _ := t.Form(e.Settings.Address, e.Form.Languages).Question("nps")
		x.q.Wording = asked.Wording
	}
	return s.showSurveyQuestion(w, r, v, e, x, false, nil)
}

// surveyQuestion shows the editor of a question.
func (s *Server) surveyQuestion(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	q, ok := e.Form.Question(r.PathValue("question"))
	if !ok {
		return notFound()
	}
	x := entryOf(q)
	x.focus = r.URL.Query().Get("at")
	return s.showSurveyQuestion(w, r, v, e, x, false, nil)
}

// addSurveyQuestion puts a question at the end of the form. Until everything that it needs
// is there, what was typed stays in the form of the page.
func (s *Server) addSurveyQuestion(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	x := readQuestionEntry(r.PostForm, goalpost.SurveyQuestion{}, e.Form.Languages)
	if !slices.Contains(goalpost.SurveyTypes(), x.q.Type) {
		return notFound()
	}
	do := r.PostForm.Get("do")
	x.act(do, r.PostForm.Get("newrule"), e.Form.Languages)
	if do != "save" {
		return s.showSurveyQuestion(w, r, v, e, x, true, nil)
	}
	q, err := x.question(e.Form)
	if err != nil {
		return s.surveyQuestionAgain(w, r, v, x, false, err)
	}
	f, code := assess.InsertQuestion(e.Form, q, r.PostForm.Get("after"))
	if err := assess.KeepForm(r.Context(), s.DB, v.org.ID, e, f, v.user.Name, s.Now()); err != nil {
		return s.surveyQuestionAgain(w, r, v, x, false, err)
	}
	http.Redirect(w, r, "edit#q-"+code, http.StatusSeeOther)
	return nil
}

// changeSurveyQuestion changes a question. Every button keeps what was typed, if it can be
// kept.
func (s *Server) changeSurveyQuestion(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	old, ok := e.Form.Question(r.PathValue("question"))
	x := readQuestionEntry(r.PostForm, old, e.Form.Languages)
	if !ok { // somebody removed it: what was typed becomes a new one, if that is wanted
		return s.surveyQuestionAgain(w, r, v, x, false, goalpost.Errorf(goalpost.Conflict, "error.survey.changed"))
	}
	do := r.PostForm.Get("do")
	save := x.act(do, r.PostForm.Get("newrule"), e.Form.Languages)
	if !save {
		return s.showSurveyQuestion(w, r, v, e, x, true, nil)
	}
	q, err := x.question(e.Form)
	if err == nil {
		err = assess.KeepForm(r.Context(), s.DB, v.org.ID, e, assess.ReplaceQuestion(e.Form, q), v.user.Name, s.Now())
	}
	if err != nil {
		return s.surveyQuestionAgain(w, r, v, x, do != "save", err)
	}
	to := "../edit#q-" + q.Code
	if do != "save" {
		to = q.Code + "?" + url.Values{"saved": {"1"}, "at": {x.focus}}.Encode() + "#options"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// surveyQuestionAgain shows what was typed again, over the survey as it is now: sent once
// more it is kept. soft is true where nobody asked to save it yet.
func (s *Server) surveyQuestionAgain(w http.ResponseWriter, r *http.Request, v visitor, x questionEntry, soft bool, problem error) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showSurveyQuestion(w, r, v, e, x, soft && !goalpost.IsKind(problem, goalpost.Conflict), problem)
}

func (s *Server) showSurveyQuestion(w http.ResponseWriter, r *http.Request, v visitor, e assess.EditedSurvey, x questionEntry, soft bool, problem error) error {
	code := r.PathValue("question")
	p := SurveyQuestionPage{Page: s.newPage(r, &v, ""), Action: r.URL.Path, Code: code, Saved: r.URL.Query().Get("saved") != "" && problem == nil}
	p.Head = s.surveyHead(p.Page, v, e, "edit")
	p.Title = p.say("web.survey-question.title", goalpost.TextArg(p.T("web.survey.kind."+string(x.q.Type))))
	place := slices.IndexFunc(e.Form.Questions, func(q goalpost.SurveyQuestion) bool { return q.Code == code })
	if place < 0 {
		place, p.New, p.Code, p.Action = len(e.Form.Questions), true, "", p.Head.Self+"/add"
	}
	if err := p.refusedSurvey(problem, func(field string) string { return p.fieldOf(field, place) }); err != nil {
		return err
	}
	status := statusOfProblem(problem)
	if soft {
		status, p.Note = http.StatusOK, p.T("web.survey-question.unsaved")
		if problem != nil {
			p.Note += " " + p.Problems[0].Text
			p.Problems = nil
		}
	}
	p.Focus = x.focus
	p.fillQuestion(e.Form, x, place)
	if p.New && len(e.Form.Questions) > 1 {
		after := r.PostForm.Get("after")
		p.Places = []Option{{Text: p.T("web.survey-question.after.end")}}
		for _, o := range p.Earlier[:len(p.Earlier)-1] {
			p.Places = append(p.Places, Option{Value: o.Value, Text: p.say("web.survey-question.after.one", goalpost.TextArg(o.Text)), Selected: o.Value == after})
		}
	}
	return s.render(w, status, "surveyquestion", p)
}

// fieldOf is the id of the field that an error's path names, empty where it belongs to
// another question.
func (p SurveyQuestionPage) fieldOf(field string, place int) string {
	if i, of := assess.PlaceIn(field); of && i != place {
		return ""
	}
	id := fieldID(field)
	for old, name := range map[string]string{"scale-labels": "grade", "show_if-rules": "rule"} {
		if rest, ok := strings.CutPrefix(id, old); ok {
			id = name + rest
		}
	}
	if rest, ok := strings.CutPrefix(id, "rule-"); ok {
		n, _, _ := strings.Cut(rest, "-")
		return "rule-" + n
	}
	if rest, ok := strings.CutPrefix(id, "options-"); ok {
		n, _, _ := strings.Cut(rest, "-")
		return "option-" + n
	}
	return id
}

// fillQuestion puts what was typed into the form.
func (p *SurveyQuestionPage) fillQuestion(f goalpost.Form, x questionEntry, place int) {
	q := x.q
	p.Kind = string(q.Type)
	for _, k := range goalpost.SurveyTypes() {
		p.Kinds = append(p.Kinds, Option{Value: string(k), Text: p.T("web.survey.kind." + string(k)), Selected: k == q.Type})
	}
	p.Wording = p.textGroup("wording", "web.survey-question.wording", f.Languages, q.Wording, 2)
	p.Help = p.textGroup("help", "web.survey-question.help", f.Languages, q.Help, 1)
	add := func(name string, on bool) {
		p.Switches = append(p.Switches, Switch{Name: name, Label: p.T("web.survey-question." + name), On: on})
	}
	add("required", q.Required)
	if !f.OneByOne && place > 0 {
		add("new_page", q.NewPage)
	}
	if q.Type == goalpost.TextQuestion {
		add("long", q.Long)
	}
	if p.Choices = hasChoices(q.Type); p.Choices {
		add("shuffle", q.Shuffle)
	}
	p.fillOptions(f, x)
	number := func(names ...string) {
		for _, name := range names {
			p.Numbers = append(p.Numbers, NumberField{Name: name, Label: p.T("web.survey-question." + name + "." + string(q.Type)), Value: x.numbers[name], Wrong: p.Wrong(name)})
		}
	}
	switch q.Type {
	case goalpost.MultipleChoice, goalpost.RankingQuestion:
		number("min", "max")
	case goalpost.NumberQuestion:
		number("min", "max", "decimals")
		unit := p.textGroup("unit", "web.survey-question.unit", f.Languages, q.Unit, 1)
		p.Unit = []TextGroup{unit}
	case goalpost.ScaleQuestion:
		number("low", "high")
		p.fillGrades(f, x)
	default:
	}
	p.fillRules(f, x, place)
}

// fillGrades shows a field for the words of each grade.
func (p *SurveyQuestionPage) fillGrades(f goalpost.Form, x questionEntry) {
	for _, look := range []goalpost.ScaleLook{goalpost.LookGrades, goalpost.LookStars} {
		key := "grades"
		if look != "" {
			key = string(look)
		}
		p.Looks = append(p.Looks, Option{Value: string(look), Text: p.T("web.survey-question.look." + key), Selected: string(look) == x.numbers["look"]})
	}
	low, err1 := strconv.Atoi(x.numbers["low"])
	high, err2 := strconv.Atoi(x.numbers["high"])
	if err1 != nil || err2 != nil || high-low > 10 {
		return
	}
	for g := low; g <= high; g++ {
		group := p.textGroup("grade_"+strconv.Itoa(g), "web.survey-question.grades", f.Languages, x.labels[g], 1)
		for i := range group.Fields {
			group.Fields[i].Label = p.inLanguage("web.survey-question.grade", goalpost.PlainArg(g), group.Fields[i].Label, len(group.Fields))
		}
		p.Grades = append(p.Grades, group)
	}
}

// fillOptions shows the options and some empty rows.
func (p *SurveyQuestionPage) fillOptions(f goalpost.Form, x questionEntry) {
	q := x.q
	if p.HasOptions = takesOption(q.Type, goalpost.RoleDontKnow); !p.HasOptions {
		return
	}
	for _, role := range goalpost.ItemRoles()[1:] {
		if takesOption(q.Type, role) && (p.Choices || role != goalpost.RoleNone) && !slices.ContainsFunc(q.Options, func(o goalpost.Item) bool { return o.Role == role }) {
			p.Roles = append(p.Roles, Option{Value: "role-" + string(role), Text: p.T("web.survey.role." + string(role) + ".label")})
		}
	}
	rows := len(q.Options)
	if p.Choices {
		rows += x.blankRows
	}
	p.Rows = rows
	for i := range rows {
		var o goalpost.Item
		if i < len(q.Options) {
			o = q.Options[i]
		}
		n := goalpost.PlainArg(i + 1)
		row := OptionRow{At: i, Number: i + 1, ID: "option-" + strconv.Itoa(i), CodeText: o.Code, Fixed: o.Fixed, Moves: i < len(q.Options), First: i == 0, Last: i == len(q.Options)-1, Shuffles: q.Shuffle,
			UpName: p.say("web.survey-question.option.up", n), DownName: p.say("web.survey-question.option.down", n), DropName: p.say("web.survey-question.option.drop", n), RoleName: p.say("web.survey-question.option.role", n)}
		row.Wrong, row.RoleText = p.Wrong(row.ID), p.T("web.survey-question.role.more")
		row.Fields = p.textGroup("label_"+strconv.Itoa(i), "web.survey-question.options", f.Languages, o.Label, 1).Fields
		for j := range row.Fields {
			f := &row.Fields[j]
			f.Label, f.Focus = p.inLanguage("web.survey-question.option", n, f.Label, len(row.Fields)), j == 0 && p.Focus == "text-"+strconv.Itoa(i)
		}
		for _, role := range goalpost.ItemRoles() {
			if !takesOption(q.Type, role) {
				continue
			}
			key := "option"
			if role != goalpost.RoleOption {
				key = string(role)
			}
			row.Roles = append(row.Roles, Option{Value: string(role), Text: p.T("web.survey.role." + key), Selected: role == o.Role})
			if role == o.Role && role != goalpost.RoleOption {
				row.RoleText = p.T("web.survey.role." + key)
			}
		}
		p.Options = append(p.Options, row)
	}
}

// inLanguage names a field; its language is said where there are several.
func (p Page) inLanguage(key string, n goalpost.Arg, language string, languages int) string {
	if languages == 1 {
		return p.say(key+".alone", n)
	}
	return p.say(key, n, goalpost.TextArg(language))
}

// fillRules shows the rules, and the earlier questions that another one can speak of.
func (p *SurveyQuestionPage) fillRules(f goalpost.Form, x questionEntry, place int) {
	for i, q := range f.Questions[:min(max(place, 0), len(f.Questions))] {
		p.Earlier = append(p.Earlier, Option{Value: q.Code, Text: strconv.Itoa(i+1) + ". " + q.Wording.In(p.lang)})
	}
	anyRule := x.q.ShowIf != nil && x.q.ShowIf.Any
	p.Any = []Option{{Value: "", Text: p.T("web.survey-question.all"), Selected: !anyRule}, {Value: "1", Text: p.T("web.survey-question.any"), Selected: anyRule}}
	for i, r := range x.rules {
		q, known := f.Question(r.question)
		row := RuleRow{At: i, ID: "rule-" + strconv.Itoa(i), Code: r.question, Question: q.Wording.In(p.lang), Number: r.number, DropName: p.say("web.survey-question.rule.drop", goalpost.PlainArg(i+1)),
			NumberName: p.say("web.survey-question.rule.number", goalpost.PlainArg(i+1)), IsName: p.say("web.survey-question.rule.relation", goalpost.PlainArg(i+1))}
		if row.Wrong = p.Wrong(row.ID); !known {
			row.Question = r.question
		}
		for _, o := range q.Options {
			row.Choices = append(row.Choices, Option{Value: o.Code, Text: o.Label.In(p.lang), Selected: slices.Contains(r.options, o.Code)})
		}
		if q.Type == goalpost.ConsentQuestion {
			row.Choices = []Option{{Value: goalpost.Agreed, Text: p.T("web.survey.agreed"), Selected: slices.Contains(r.options, goalpost.Agreed)}}
		}
		row.Numeric = q.Type == goalpost.ScaleQuestion || q.Type == goalpost.NPSQuestion || q.Type == goalpost.NumberQuestion
		var relations []string
		if row.Numeric {
			relations = append(relations, relationMin, relationMax)
		}
		if len(row.Choices) > 0 {
			relations = append(relations, relationIs, relationNot)
		}
		if !row.Numeric && len(row.Choices) > 0 {
			relations = []string{relationIs, relationNot}
		}
		for _, relation := range append(relations, relationAnswered) {
			row.Relations = append(row.Relations, Option{Value: relation, Text: p.T("web.survey-question.relation." + relation), Selected: relation == r.relation})
		}
		p.Rules = append(p.Rules, row)
	}
}
