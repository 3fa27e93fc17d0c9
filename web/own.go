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

// OwnPage is what an organisation itself answers to a study, beside the trade.
type OwnPage struct {
	Page
	StudyHref  string
	StudyTitle string
	Done       string
	Nothing    bool // nothing was answered yet
	Form       OwnForm
	Waves      []OwnWave
	Questions  []OwnQuestionView
	HasGoals   bool
	Goals      OwnGoalsView
}

// OwnForm asks for the answers of one wave.
type OwnForm struct {
	Open      bool // shown without a click
	Action    string
	Wave, Why string
	Known     int
	Fields    []OwnField
}

// OwnField is one question of the form.
type OwnField struct {
	ID, Name, Wording, Help string
	Type                    string // of its inputs: checkbox, radio or text
	Options                 []Option
	Number                  string
}

// OwnWave leads to the correction of a wave.
type OwnWave struct{ Text, Href string }

// OwnQuestionView is a question with both sides.
type OwnQuestionView struct {
	Code, Wording, Type, Paraphrase, Note string
	Columns                               []string // own waves, what Goalpost knows, moments of the trade
	Rows                                  []OwnRow
	Words, Apart, Doubts, Claims          []string
	Given, Corrected                      []string
}

// OwnRow is an option; its cells are by column.
type OwnRow struct {
	Option string
	Cells  []OwnCell
}

// OwnCell is one cell; Label names its column where rows are stacked, and there one that
// is Empty is left out.
type OwnCell struct {
	Label, Text, Extra string
	Empty              bool
}

// cell adds the next cell of a row.
func (r *OwnRow) cell(columns []string, text, extra string) {
	r.Cells = append(r.Cells, OwnCell{Label: columns[len(r.Cells)], Text: text, Extra: extra, Empty: text == "–"})
}

// notChosen is the value of "none of these" in a form: no option has this code.
const notChosen = "-"

// own shows the organisation's answers beside the trade's.
func (s *Server) own(w http.ResponseWriter, r *http.Request, v visitor) error {
	view, err := s.ownOf(r, v)
	if err != nil {
		return err
	}
	p := s.ownPage(r, v, view)
	query := r.URL.Query()
	if kept := query.Get("kept"); kept != "" {
		p.Done = p.T("web.own.same")
		if n, err := strconv.Atoi(kept); err == nil && n > 0 {
			p.Done = p.say("web.own.kept", goalpost.NumberArg(float64(n)), goalpost.TextArg(query.Get("wave")))
		}
	}
	p.Form.Open = len(view.Waves) == 0 || query.Get("wave") != "" && p.Done == ""
	return s.render(w, http.StatusOK, "own", p)
}

func (s *Server) ownOf(r *http.Request, v visitor) (assess.OwnView, error) {
	view, err := assess.Own(r.Context(), s.DB, v.org, r.PathValue("id"), s.Now())
	if e, ok := asError(err); ok && e.Kind == goalpost.NotFound {
		return view, notFound()
	}
	return view, err
}

// ownPage makes the page with the form as the newest answers of its wave are.
func (s *Server) ownPage(r *http.Request, v visitor, view assess.OwnView) OwnPage {
	p := OwnPage{Page: s.newPage(r, &v, ""), Nothing: len(view.Waves) == 0}
	p.StudyTitle = view.Study.Title.In(p.lang)
	p.Title = p.say("web.own.title", goalpost.TextArg(p.StudyTitle))
	p.StudyHref = p.Href("/studies/" + url.PathEscape(view.Study.ID))
	self := p.StudyHref + "/own"
	wave := strings.TrimSpace(r.URL.Query().Get("wave"))
	if wave == "" || len([]rune(wave)) > goalpost.MaxWaveName {
		wave = assess.QuarterName(s.Now(), v.org.Zone())
	}
	p.Form = OwnForm{Action: self, Wave: wave, Known: view.Known}
	for _, q := range view.Questions {
		if f, ok := p.ownField(q, wave); ok {
			p.Form.Fields = append(p.Form.Fields, f)
		}
		p.Questions = append(p.Questions, p.ownQuestion(q, view, v.org))
	}
	for _, name := range view.Waves {
		p.Waves = append(p.Waves, OwnWave{Text: p.say("web.own.correct", goalpost.TextArg(name)), Href: self + "?wave=" + url.QueryEscape(name) + "#form"})
	}
	if view.Goals != nil {
		p.HasGoals, p.Goals = true, p.ownGoals(view, self)
	}
	return p
}

// ownField makes the inputs of a question, as it was answered in a wave.
func (p Page) ownField(q assess.OwnQuestion, wave string) (OwnField, bool) {
	current := q.Current()
	f := OwnField{ID: "q-" + q.Code, Name: "q-" + q.Code, Wording: current.Wording.In(p.lang), Type: "radio"}
	a, answered := q.Answer(wave)
	answered = answered && a.Version == current.Version
	add := func(value, text string, selected bool) {
		f.Options = append(f.Options, Option{Value: value, Text: text, Selected: selected})
	}
	for _, o := range current.Options {
		add(o.Code, p.printer.Option(o), answered && slices.Contains(a.Choices, o.Code))
	}
	none := answered && len(a.Choices) == 0
	switch q.Form {
	case goalpost.FormSeveral:
		f.Type, f.Help = "checkbox", p.T("web.own.several")
		add(notChosen, p.T("web.own.none"), none)
		return f, true
	case goalpost.FormOne:
		if current.Type == goalpost.UnknownType {
			f.Help = p.T("web.own.one-of-unknown")
		}
		if !current.Complete {
			add(notChosen, p.T("web.own.none"), none)
		}
	case goalpost.FormYesNo:
		opposite := map[string]string{"yes": "web.own.no", "no": "web.own.yes"}[current.Options[0].Code]
		if opposite == "" {
			opposite = "web.own.other"
		}
		add(notChosen, p.T(opposite), none)
	case goalpost.FormNumber:
		f.Type, f.Options = "text", nil
		if answered && a.Number != nil {
			f.Number = p.printer.Number(*a.Number)
		}
		return f, true
	case goalpost.FormNothing:
		return f, false
	}
	add("", p.T("web.own.open"), !answered)
	return f, true
}

// answerOwn keeps what was ticked.
func (s *Server) answerOwn(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	view, err := s.ownOf(r, v)
	if err != nil {
		return err
	}
	in := s.readOwn(r, v, view)
	added, err := assess.AnswerStudy(r.Context(), s.DB, v.org, in)
	if err != nil {
		return s.refuseOwn(w, r, v, view, in, err)
	}
	to := "/" + langOf(r) + "/studies/" + url.PathEscape(view.Study.ID) + "/own?" + url.Values{"wave": {in.Wave}, "kept": {strconv.Itoa(len(added))}}.Encode()
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// readOwn takes the form's values. A question without any is left open.
func (s *Server) readOwn(r *http.Request, v visitor, view assess.OwnView) assess.OwnInput {
	in := assess.OwnInput{Study: view.Study.ID, Wave: strings.TrimSpace(r.PostForm.Get("wave")), Why: r.PostForm.Get("why"), By: v.user.Name, Now: s.Now()}
	if in.Wave == "" {
		in.Wave = assess.QuarterName(in.Now, v.org.Zone())
	}
	if known, err := strconv.Atoi(r.PostForm.Get("known")); err == nil {
		in.Known = &known
	}
	for _, q := range view.Questions {
		e := assess.OwnEntry{Question: q.Code}
		for _, value := range r.PostForm["q-"+q.Code] {
			switch {
			case value == "":
			case q.Form == goalpost.FormNumber:
				e.Number = plainDecimal(langOf(r), value)
			case value == notChosen:
				e.None = true
			default:
				e.Options = append(e.Options, value)
			}
		}
		if e.None || e.Number != "" || len(e.Options) > 0 {
			in.Answers = append(in.Answers, e)
		}
	}
	return in
}

// plainDecimal writes a number of a page's language with a decimal point.
func plainDecimal(lang, text string) string {
	plain := locale.PlainNumber(locale.Language(lang), strings.TrimSpace(text))
	if lang == string(locale.German) {
		plain = strings.Replace(plain, ",", ".", 1)
	}
	return plain
}

// refuseOwn shows the form again with what was entered and what is wrong with it. Where
// somebody else was faster it shows what is there now.
func (s *Server) refuseOwn(w http.ResponseWriter, r *http.Request, v visitor, view assess.OwnView, in assess.OwnInput, problem error) error {
	p := s.ownPage(r, v, view)
	if err := p.refuse(problem); err != nil {
		return err
	}
	for i := range p.Problems {
		if slices.ContainsFunc(p.Form.Fields, func(f OwnField) bool { return f.ID == "q-"+p.Problems[i].Field }) {
			p.Problems[i].Field = "q-" + p.Problems[i].Field
		}
	}
	p.Form.Open, p.Form.Wave, p.Form.Why = true, in.Wave, in.Why
	if e, ok := asError(problem); !ok || e.Kind != goalpost.Conflict {
		for i := range p.Form.Fields {
			f := &p.Form.Fields[i]
			f.Number = strings.Join(r.PostForm[f.Name], " ")
			for j := range f.Options {
				f.Options[j].Selected = slices.Contains(r.PostForm[f.Name], f.Options[j].Value)
			}
		}
	}
	return s.render(w, http.StatusUnprocessableEntity, "own", p)
}

// ownQuestion writes a question with both sides.
func (p Page) ownQuestion(q assess.OwnQuestion, view assess.OwnView, org goalpost.Organisation) OwnQuestionView {
	current := q.Current()
	out := OwnQuestionView{Code: q.Code, Wording: current.Wording.In(p.lang), Type: p.printer.Word("question." + string(current.Type)), Note: current.Note.In(p.lang),
		Doubts: p.printer.Notes(q.Doubts), Claims: p.printer.Notes(q.Claims)}
	if current.Paraphrase {
		out.Paraphrase = p.T("web.study.paraphrase")
	}
	if len(q.Outside) > 0 {
		out.Claims = append(out.Claims, p.say("web.own.outside", goalpost.TextArg(p.goalKinds(q.Outside))))
	}
	if q.KPIs != nil {
		out.Claims = append(out.Claims, p.kpiClaim(q.KPIs))
	}
	p.ownTable(&out, q, view)
	for _, a := range q.Answers {
		key := "web.own.given"
		if a.Why != "" {
			key = "web.own.given-why"
		}
		out.Given = append(out.Given, p.say(key, goalpost.TextArg(a.Wave), goalpost.TextArg(p.printer.Time(a.At, org.Zone())), goalpost.TextArg(a.By), goalpost.TextArg(a.Why)))
	}
	for _, a := range q.Corrected {
		out.Corrected = append(out.Corrected, p.say("web.own.corrected.line", goalpost.TextArg(a.Wave), goalpost.TextArg(p.printer.Time(a.At, org.Zone())), goalpost.TextArg(a.By), goalpost.TextArg(p.choices(q, a))))
	}
	return out
}

// kpiClaim says by what the goals are measured.
func (p Page) kpiClaim(codes []string) string {
	if len(codes) == 0 {
		return p.T("web.own.kpis.none")
	}
	var words []string
	for _, k := range codes {
		words = append(words, p.printer.Word("kpi."+k))
	}
	return p.say("web.own.kpis", goalpost.TextArg(strings.Join(words, ", ")))
}

func (p Page) goalKinds(codes []string) string {
	var words []string
	for _, c := range codes {
		words = append(words, p.printer.Word("goal."+c))
	}
	return strings.Join(words, ", ")
}

// choices writes what was ticked.
func (p Page) choices(q assess.OwnQuestion, a goalpost.OwnAnswer) string {
	if a.Number != nil {
		return p.printer.Number(*a.Number)
	}
	if len(a.Choices) == 0 {
		switch {
		case q.Form == goalpost.FormYesNo && q.Current().Options[0].Code == "yes":
			return p.T("web.own.no")
		case q.Form == goalpost.FormYesNo && q.Current().Options[0].Code == "no":
			return p.T("web.own.yes")
		}
		return p.T("web.own.none")
	}
	var words []string
	for _, c := range a.Choices {
		words = append(words, p.printer.Option(q.Option(c)))
	}
	return strings.Join(words, ", ")
}

// ownTable writes the options by own wave and by moment of the trade, and the newest
// figures in words.
func (p Page) ownTable(out *OwnQuestionView, q assess.OwnQuestion, view assess.OwnView) {
	var waves []string
	for _, w := range view.Waves {
		if _, ok := q.Answer(w); ok {
			waves = append(waves, w)
			out.Columns = append(out.Columns, p.say("web.own.you", goalpost.TextArg(w)))
		}
	}
	isGoals := slices.ContainsFunc(q.Options, func(o assess.OwnOption) bool { return o.IsGoal })
	if isGoals {
		out.Columns = append(out.Columns, p.T("web.own.pursued"))
	}
	var refs []string
	for _, r := range view.Study.References {
		if slices.ContainsFunc(q.Results, func(x goalpost.Result) bool { return x.Reference == r.ID }) {
			refs = append(refs, r.ID)
			out.Columns = append(out.Columns, p.say("web.own.trade", goalpost.ReferenceArg(r.ID)))
		}
	}
	for _, o := range q.Options {
		row := OwnRow{Option: p.printer.Option(o.Option)}
		add := func(text, extra string) { row.cell(out.Columns, text, extra) }
		for _, w := range waves {
			add(p.tick(q, o, view, w), "")
		}
		if isGoals {
			add(p.pursued(o), "")
		}
		for _, ref := range refs {
			r, ok := q.Result(ref, o.Option.Code)
			if !ok {
				add("–", "")
				continue
			}
			add(p.printer.Published(r), p.figureExtra(r))
		}
		out.Rows = append(out.Rows, row)
		if n := len(q.Answers); !q.Current().Profile || n > 0 && slices.Contains(q.Answers[n-1].Choices, o.Option.Code) {
			p.ownWords(out, o) // of who one is, only the own kind
		}
	}
}

// tick writes what was answered to an option in a wave.
func (p Page) tick(q assess.OwnQuestion, o assess.OwnOption, view assess.OwnView, wave string) string {
	a, _ := q.Answer(wave)
	t := o.Ticks[slices.Index(view.Waves, wave)]
	switch {
	case a.Number != nil:
		return p.printer.Number(*a.Number)
	case t == nil:
		return "–"
	case *t:
		return "●\u00a0" + p.T("web.own.yes")
	}
	return "○\u00a0" + p.T("web.own.no")
}

func (p Page) pursued(o assess.OwnOption) string {
	switch {
	case !o.IsGoal:
		return "–"
	case o.Pursued == "":
		return p.T("web.own.pursued.none")
	}
	return p.printer.Word("own.state." + string(o.Pursued))
}

// figureExtra is the interval of a figure and what is odd about it.
func (p Page) figureExtra(r goalpost.Result) string {
	var parts []string
	for _, s := range []string{p.printer.ShareRange(r), p.flags(r)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "; ")
}

// ownWords says the newest figure of an option, and why it is not the same as the own
// answer; reasons that hold for several are said once.
func (p Page) ownWords(out *OwnQuestionView, o assess.OwnOption) {
	for _, f := range o.Figures {
		if !f.Newest {
			continue
		}
		words := p.printer.Note(f.Sentence)
		if flags := p.flags(f.Result); flags != "" {
			words += " [" + flags + "]"
		}
		out.Words = append(out.Words, words+" "+p.printer.Note(f.You))
		for _, n := range f.Apart {
			if s := p.printer.Note(n); !slices.Contains(out.Apart, s) {
				out.Apart = append(out.Apart, s)
			}
		}
	}
}
