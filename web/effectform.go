package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// EffectFormPage asks what is to be looked into, and shows the plan before anything is
// worked out.
type EffectFormPage struct {
	Page
	Action     string
	Back       string
	Activities []Option
	Chosen     bool   // an activity is
	Change     bool   // of the plan of an analysis
	Activity   string // its id
	Name       string
	Runs       string
	Notes      []string
	Others     []string
	Tried      string
	What       []Option // series
	Series     string   // key of the chosen one
	SeriesName string
	Pre        string
	Controls   []ControlChoice // those that are proposed or chosen
	Further    []ControlChoice
	Methods    []Option
	Money      bool // the series is money
	Open       bool // what few people change is shown

	Smallest, Margin, PreFrom, Lag, Why, FurtherTitle string

	Seen    string // the state of the activity that is shown
	Version int    // of the plan that is changed
}

// ControlChoice is a series that could serve as a control.
type ControlChoice struct {
	ID, Value, Text, Why string
	Checked, Disabled    bool
	Touched              string // why not, in words; empty: the activity could not have moved it
}

// methods are those that a person can ask for.
var methods = []string{goalpost.MethodAuto, goalpost.MethodBMA, goalpost.MethodCausalImpact}

// newEffect asks for the activity, then shows the plan.
func (s *Server) newEffect(w http.ResponseWriter, r *http.Request, v visitor) error {
	q := r.URL.Query()
	if q.Get("activity") == "" {
		return s.chooseActivity(w, r, v)
	}
	in, err := s.analysisInput(q, v)
	if err != nil {
		return err
	}
	return s.effectForm(w, r, v, in, nil, nil)
}

// chooseActivity asks which activity is to be looked into.
func (s *Server) chooseActivity(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := EffectFormPage{Page: s.newPage(r, &v, "web.effects.new"), Action: "", Back: ""}
	p.Action, p.Back = p.Href("/effects/new"), p.Href("/effects")
	list, err := assess.Activities(r.Context(), s.DB, v.org.ID, false)
	if err != nil {
		return err
	}
	for _, a := range list {
		p.Activities = append(p.Activities, Option{Value: strconv.FormatInt(int64(a.ID), 10), Text: a.Name + " (" + p.runsText(a.Runs) + ")"})
	}
	return s.render(w, http.StatusOK, "effectform", p)
}

// analysisInput reads what was chosen or typed.
func (s *Server) analysisInput(form url.Values, v visitor) (assess.AnalysisInput, error) {
	f := typed(form)
	id, err := strconv.ParseInt(f.get("activity"), 10, 64)
	if err != nil {
		return assess.AnalysisInput{}, notFound()
	}
	in := assess.AnalysisInput{Activity: goalpost.ActivityID(id), Series: f.get("series"), Controls: form["control"], Method: f.get("method"), PreFrom: f.get("pre_from"), Lag: f.get("lag"),
		Smallest: f.get("smallest"), Margin: f.get("margin"), Why: f.get("why"), Seen: f.get("seen"), By: v.user.Name, Now: s.Now()}
	in.Version, _ = strconv.Atoi(f.get("version")) // 0: not said
	if what, ok := strings.CutPrefix(f.get("what"), "kpi:"); ok {
		in.KPI = what
	} else if what != "" {
		in.Series = what
	}
	return in, nil
}

// effectForm shows the plan as it would be confirmed; id is the analysis whose plan is
// changed, nil for a new one.
func (s *Server) effectForm(w http.ResponseWriter, r *http.Request, v visitor, in assess.AnalysisInput, id *goalpost.AnalysisID, problem error) error {
	p := EffectFormPage{Page: s.newPage(r, &v, "web.effects.new"), Chosen: true, Change: id != nil, Smallest: in.Smallest, Margin: in.Margin, PreFrom: in.PreFrom, Lag: in.Lag, Why: in.Why}
	p.Action, p.Back = p.Href("/effects/new"), p.Href("/effects")
	if id != nil {
		p.Title, p.Back = p.T("web.effect-form.change"), p.effectHref(*id)
		p.Action = p.Back + "/change"
	}
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	plan, err := assess.ProposeAnalysis(r.Context(), s.DB, v.org, in)
	if err != nil {
		if problem != nil {
			return problem
		}
		return err
	}
	p.Activity, p.Name, p.Runs = strconv.FormatInt(int64(in.Activity), 10), plan.Activity.Name, p.runsText(plan.Activity.Runs)
	p.Notes, p.Money, p.Pre = p.printer.Notes(plan.Notes), plan.Currency != "", p.printer.Period(plan.Plan.Pre)
	if p.PreFrom == "" {
		p.PreFrom = plan.Plan.Pre.Start.String()
	}
	if plan.Tried > 0 {
		p.Tried = p.say("web.effect-form.tried", goalpost.NumberArg(float64(plan.Tried)))
	}
	for _, o := range plan.Others {
		p.Others = append(p.Others, p.say("web.effect-form.other", goalpost.TextArg(o.Activity.Name), goalpost.NumberArg(float64(o.Days))))
	}
	accounts, err := s.DB.Accounts(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	p.addChoices(plan, in, accounts)
	p.Seen, p.Version = plan.Seen, in.Version
	return s.render(w, status, "effectform", p)
}

// addChoices offers series, controls and methods.
func (p *EffectFormPage) addChoices(plan assess.AnalysisProposal, in assess.AnalysisInput, accounts []goalpost.Account) {
	name := func(r goalpost.SeriesRef) string { return p.printer.Note(assess.SeriesName(r, accounts)) }
	for _, o := range plan.Series {
		p.What = append(p.What, Option{Value: o.Key, Text: name(o.Ref), Selected: o.Chosen})
		if o.Chosen {
			p.Series, p.SeriesName = o.Key, name(o.Ref)
		}
	}
	for _, k := range plan.KPIs {
		if k != plan.Plan.Series.KPI {
			p.What = append(p.What, Option{Value: "kpi:" + k, Text: p.printer.Word("kpi." + k)})
		}
	}
	sent := in.Controls != nil || in.NoControls
	for i, c := range plan.Controls {
		x := ControlChoice{ID: "control-" + strconv.Itoa(i), Value: c.Key, Text: name(c.Ref), Why: p.printer.Note(c.Why), Checked: c.Chosen, Disabled: c.Missing > 0}
		if c.Touched {
			x.Touched = p.T("web.effect-form.touched")
		}
		if sent {
			x.Checked = false
			for _, key := range in.Controls {
				x.Checked = x.Checked || key == c.Key
			}
		}
		if c.Chosen || x.Checked {
			p.Controls = append(p.Controls, x)
		} else {
			p.Further = append(p.Further, x)
		}
	}
	p.FurtherTitle = p.say("web.effect-form.controls.further", goalpost.NumberArg(float64(len(p.Further))))
	for _, m := range methods {
		p.Methods = append(p.Methods, Option{Value: m, Text: p.T("web.effect-form.method." + m), Selected: m == in.Method})
	}
	p.Open = in.Lag != "" || in.Method != "" && in.Method != goalpost.MethodAuto
}

// sentInput reads the form with the plan.
func (s *Server) sentInput(r *http.Request, v visitor) (assess.AnalysisInput, error) {
	if err := parseForm(r); err != nil {
		return assess.AnalysisInput{}, err
	}
	in, err := s.analysisInput(r.PostForm, v)
	language := locale.Language(langOf(r))
	in.Smallest, in.Margin = locale.PlainNumber(language, in.Smallest), locale.PlainNumber(language, in.Margin)
	in.NoControls = len(in.Controls) == 0
	return in, err
}

// confirmEffect writes the plan down, and only then works it out.
func (s *Server) confirmEffect(w http.ResponseWriter, r *http.Request, v visitor) error {
	in, err := s.sentInput(r, v)
	if err != nil {
		return err
	}
	if err := s.queueFull(v.org.ID); err != nil {
		return s.effectForm(w, r, v, in, nil, err)
	}
	a, err := assess.ConfirmAnalysis(r.Context(), s.DB, v.org, in)
	if err != nil {
		return s.effectForm(w, r, v, in, nil, err)
	}
	s.workOut(v.org, a.ID)
	http.Redirect(w, r, s.newPage(r, &v, "").effectHref(a.ID), http.StatusSeeOther)
	return nil
}

// changeEffectForm shows the plan in force, to be changed.
func (s *Server) changeEffectForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.effectOf(r, v, s.newPage(r, &v, ""))
	if err != nil {
		return err
	}
	plan := e.Plan
	in := assess.AnalysisInputOf(plan)
	in.By, in.Now = v.user.Name, s.Now()
	language := locale.Language(langOf(r))
	in.Smallest, in.Margin = locale.EnteredNumber(language, in.Smallest), locale.EnteredNumber(language, in.Margin)
	return s.effectForm(w, r, v, in, &e.Analysis.ID, nil)
}

// changeEffect writes another plan down; the earlier one and its results stay.
func (s *Server) changeEffect(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.effectOf(r, v, s.newPage(r, &v, ""))
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	r.PostForm.Set("activity", strconv.FormatInt(int64(e.Analysis.Activity), 10))
	in, err := s.sentInput(r, v)
	if err != nil {
		return err
	}
	in.Series = assess.SeriesKey(e.Analysis.Series)
	if err := s.queueFull(v.org.ID); err != nil {
		return s.effectForm(w, r, v, in, &e.Analysis.ID, err)
	}
	if _, err := assess.ChangeAnalysis(r.Context(), s.DB, v.org, e.Analysis.ID, in); err != nil {
		return s.effectForm(w, r, v, in, &e.Analysis.ID, err)
	}
	s.workOut(v.org, e.Analysis.ID)
	http.Redirect(w, r, s.newPage(r, &v, "").effectHref(e.Analysis.ID), http.StatusSeeOther)
	return nil
}
