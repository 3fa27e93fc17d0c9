package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// GoalKindPage asks what social media is to achieve.
type GoalKindPage struct {
	Page
	Groups []KindGroup
}

// KindGroup is a part of the catalogue of goals.
type KindGroup struct {
	Title string
	Kinds []KindLink
}

// KindLink is one goal of the catalogue with its usual KPI.
type KindLink struct {
	Href string
	Text string
	KPI  string
}

// goalKinds shows the catalogue of goals.
func (s *Server) goalKinds(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := GoalKindPage{Page: s.newPage(r, &v, "web.goal-new.title")}
	byDimension := map[string]int{}
	for _, k := range goalpost.GoalKinds() {
		i, ok := byDimension[k.Dimension]
		if !ok {
			i = len(p.Groups)
			byDimension[k.Dimension] = i
			title := p.T("web.goal-new.other")
			if k.Dimension != "" {
				title = p.T("dimension." + k.Dimension)
			}
			p.Groups = append(p.Groups, KindGroup{Title: title})
		}
		link := KindLink{Href: p.Href("/goals/new?kind=" + k.Code), Text: p.T("goal." + k.Code)}
		if k.KPI != "" {
			link.KPI = p.say("web.goal-new.usual", goalpost.WordArg("kpi."+k.KPI))
		}
		p.Groups[i].Kinds = append(p.Groups[i].Kinds, link)
	}
	return s.render(w, http.StatusOK, "goalkind", p)
}

// GoalFormPage makes or changes a goal.
type GoalFormPage struct {
	Page
	Eyebrow   string
	Intro     string
	Action    string
	Submit    string
	Change    bool
	Kind      string
	KPIHelp   string
	KPIs      []OptionGroup
	Networks  []Option
	Accounts  []Option
	Regions   []Option
	Products  []Option
	ScopeOpen bool
	Survey    GoalSurveyForm

	Name, Target, Baseline, From, Until, Owner, Why string
}

// OptionGroup is a part of a select.
type OptionGroup struct {
	Title   string
	Options []Option
}

// goalEntry is what stands in the form.
type goalEntry struct {
	kpi, name, target, baseline, from, until, owner, why string
	networks, accounts, regions, products                []string
	survey                                               surveyEntry
	look                                                 bool // only the answers of the chosen question are to be shown
}

// newGoal shows the catalogue, and the form once a goal was chosen.
func (s *Server) newGoal(w http.ResponseWriter, r *http.Request, v visitor) error {
	code := r.URL.Query().Get("kind")
	if code == "" {
		return s.goalKinds(w, r, v)
	}
	kind, ok := goalpost.GoalKindByCode(code)
	if !ok {
		return notFound()
	}
	codes, err := assess.KPICodes(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	sources, err := assess.AskedSources(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	kpi := kind.KPI
	if usual, _ := goalpost.KPIByCode(kpi); assess.CanAsk(usual, sources) {
		codes = append(codes, kpi)
	}
	for _, c := range append([]string{kind.KPI}, kind.Substitutes...) {
		if slices.Contains(codes, c) {
			kpi = c // the first that has figures: another would be “not measured” for good
			break
		}
	}
	return s.showGoalForm(w, r, v, kind, goalEntry{kpi: kpi, owner: v.user.Name}, nil, nil)
}

// showGoalForm shows the form; goal is nil for a new one.
func (s *Server) showGoalForm(w http.ResponseWriter, r *http.Request, v visitor, kind goalpost.GoalKind, e goalEntry, goal *goalpost.Goal, problem error) error {
	p := GoalFormPage{Page: s.newPage(r, &v, ""), Kind: kind.Code, Change: goal != nil, Name: e.name, Target: e.target,
		Baseline: e.baseline, From: e.from, Until: e.until, Owner: e.owner, Why: e.why}
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	p.Eyebrow, p.Title = p.T("web.goal-new.title"), p.T("goal."+kind.Code)
	p.Intro, p.Submit, p.Action = p.T("web.goal-form.intro"), p.T("web.goal-form.add"), p.Href("/goals/new?kind="+kind.Code)
	if goal != nil {
		p.Eyebrow, p.Title = p.say("web.goal.kind", goalpost.WordArg("goal."+goal.Code)), p.say("web.goal-form.change", goalpost.TextArg(p.goalName(kind.Code, goal.Current())))
		p.Intro, p.Submit, p.Action = p.T("web.goal-form.change.intro"), p.T("web.goal-form.save"), p.goalHref(goal.ID)+"/change"
	}
	codes, err := assess.KPICodes(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	p.fillKPIs(kind, e.kpi, codes)
	sources, err := assess.AskedSources(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	p.fillSurvey(kind, e.kpi, e.survey, sources)
	if err := p.fillScope(r.Context(), s, v, e); err != nil {
		return err
	}
	return s.render(w, status, "goalform", p)
}

// fillKPIs offers the usual KPI first, then what may stand in for it, then
// everything that the data give; it says what has data.
func (p *GoalFormPage) fillKPIs(kind goalpost.GoalKind, selected string, withData []string) {
	option := func(code string) Option {
		text := p.printer.Word("kpi." + code)
		if slices.Contains(withData, code) {
			text = p.say("web.goal-form.kpi.data", goalpost.TextArg(text))
		}
		return Option{Value: code, Text: text, Selected: code == selected}
	}
	offered := []string{}
	group := func(title string, codes []string) {
		g := OptionGroup{Title: title}
		for _, c := range codes {
			if c != "" && !slices.Contains(offered, c) {
				offered = append(offered, c)
				g.Options = append(g.Options, option(c))
			}
		}
		if len(g.Options) > 0 {
			p.KPIs = append(p.KPIs, g)
		}
	}
	p.KPIs = []OptionGroup{{Options: []Option{{Text: p.T("web.goal-form.kpi.none"), Selected: selected == ""}}}}
	group(p.T("web.goal-form.kpi.usual"), []string{kind.KPI})
	group(p.T("web.goal-form.kpi.substitutes"), kind.Substitutes)
	group(p.T("web.goal-form.kpi.with-data"), withData)
	group(p.T("web.goal-form.kpi.chosen"), []string{selected})
	p.KPIHelp = p.T("web.goal-form.kpi.help")
	if kind.KPI != "" {
		p.KPIHelp = p.say("web.goal-form.kpi.help-usual", goalpost.WordArg("kpi."+kind.KPI))
	}
}

// fillScope offers the networks, accounts, regions and products that there are.
func (p *GoalFormPage) fillScope(ctx context.Context, s *Server, v visitor, e goalEntry) error {
	accounts, err := s.DB.Accounts(ctx, v.org.ID)
	if err != nil {
		return err
	}
	series, err := s.DB.SeriesList(ctx, v.org.ID)
	if err != nil {
		return err
	}
	choose := func(list *[]Option, value, text string, chosen []string) {
		if value == "" || slices.ContainsFunc(*list, func(o Option) bool { return o.Value == value }) {
			return
		}
		*list = append(*list, Option{Value: value, Text: text, Selected: slices.Contains(chosen, value)})
	}
	for _, a := range accounts {
		choose(&p.Networks, string(a.Network), p.printer.Word("network."+string(a.Network)), e.networks)
		choose(&p.Accounts, string(a.Network)+":"+a.Name, a.Name+" ("+p.printer.Word("network."+string(a.Network))+")", e.accounts)
	}
	for _, i := range series {
		choose(&p.Regions, i.Region, i.Region, e.regions)
		choose(&p.Products, i.Product, i.Product, e.products)
	}
	p.ScopeOpen = len(e.networks)+len(e.accounts)+len(e.regions)+len(e.products) > 0
	return nil
}

// readGoal takes the form's values.
func readGoal(form url.Values) goalEntry {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	return goalEntry{kpi: get("kpi"), name: get("name"), target: get("target"), baseline: get("baseline"), from: get("from"), until: get("until"),
		owner: get("owner"), why: get("why"), networks: form["network"], accounts: form["account"], regions: form["region"], products: form["product"],
		survey: readSurvey(form), look: form.Get("look") != ""}
}

// input makes what assess takes. Numbers are read as the page's language writes them.
func (e goalEntry) input(lang string, v visitor, s *Server) assess.GoalInput {
	return assess.GoalInput{KPI: e.kpi, Name: e.name, Target: locale.PlainNumber(locale.Language(lang), e.target), Baseline: locale.PlainNumber(locale.Language(lang), e.baseline),
		From: e.from, Until: e.until, Owner: e.owner, Why: e.why, Networks: e.networks, Accounts: e.accounts, Regions: e.regions,
		Products: e.products, Survey: e.survey.input(), By: v.user.Name, Now: s.Now()}
}

// addGoal makes a goal.
func (s *Server) addGoal(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	kind, ok := goalpost.GoalKindByCode(r.URL.Query().Get("kind"))
	if !ok {
		return notFound()
	}
	e := readGoal(r.PostForm)
	if e.look {
		return s.showGoalForm(w, r, v, kind, e, nil, nil)
	}
	in := e.input(langOf(r), v, s)
	in.Kind = kind.Code
	g, err := assess.AddGoal(r.Context(), s.DB, v.org, in)
	if err != nil {
		return s.showGoalForm(w, r, v, kind, e, nil, err)
	}
	return s.afterGoal(w, r, v, g.ID)
}

// afterGoal judges anew and shows the goal.
func (s *Server) afterGoal(w http.ResponseWriter, r *http.Request, v visitor, id goalpost.GoalID) error {
	if err := assess.RefreshVerdicts(r.Context(), s.DB, v.org, s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/goals/"+strconv.FormatInt(int64(id), 10), http.StatusSeeOther)
	return nil
}

// goalOf reads the goal that an address names; a retired one can no longer be changed.
func (s *Server) goalOf(r *http.Request, v visitor) (goalpost.Goal, goalpost.GoalKind, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return goalpost.Goal{}, goalpost.GoalKind{}, notFound()
	}
	g, err := s.DB.Goal(r.Context(), v.org.ID, goalpost.GoalID(id))
	if err != nil {
		return g, goalpost.GoalKind{}, err
	}
	if g.Current().Retired {
		return g, goalpost.GoalKind{}, goalpost.Errorf(goalpost.Conflict, "error.web.retired")
	}
	kind, _ := goalpost.GoalKindByCode(g.Code)
	return g, kind, nil
}

// changeForm shows the form with what is in force.
func (s *Server) changeForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	g, kind, err := s.goalOf(r, v)
	if err != nil {
		return err
	}
	c := g.Current()
	e := goalEntry{kpi: c.KPI, name: c.Name, owner: c.Owner, regions: c.Scope.Regions, products: c.Scope.Products, survey: entryOfSurvey(c.Survey)}
	k, _ := goalpost.KPIByCode(c.KPI)
	lang := langOf(r)
	if c.Target != nil {
		e.target = entered(lang, *c.Target, k)
	}
	if c.Baseline != nil {
		e.baseline = entered(lang, goalpost.Target{Kind: goalpost.TargetValue, Value: *c.Baseline}, k)
	}
	if c.Period != nil {
		e.from, e.until = c.Period.Start.String(), c.Period.Last().String()
	}
	for _, n := range c.Scope.Networks {
		e.networks = append(e.networks, string(n))
	}
	accounts, err := s.accounts(r, v)
	if err != nil {
		return err
	}
	for _, id := range c.Scope.Accounts {
		e.accounts = append(e.accounts, string(accounts[id].Network)+":"+accounts[id].Name)
	}
	return s.showGoalForm(w, r, v, kind, e, &g, nil)
}

// entered writes a target as a person would type it.
func entered(lang string, t goalpost.Target, k goalpost.KPI) string {
	x, suffix, sign := t.Value, "", ""
	if t.Kind == goalpost.TargetChange || k.Unit == goalpost.UnitRate {
		x, suffix = 100*x, "%"
	}
	if t.Kind == goalpost.TargetChange && x >= 0 {
		sign = "+"
	}
	text := strconv.FormatFloat(x, 'g', 12, 64)
	if f := strconv.FormatFloat(x, 'f', -1, 64); len(f) <= 16 {
		text = f
	}
	return sign + locale.EnteredNumber(locale.Language(lang), text) + suffix
}

// changeGoal adds a version to a goal.
func (s *Server) changeGoal(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	g, kind, err := s.goalOf(r, v)
	if err != nil {
		return err
	}
	e := readGoal(r.PostForm)
	if e.look {
		return s.showGoalForm(w, r, v, kind, e, &g, nil)
	}
	if _, err := assess.ChangeGoal(r.Context(), s.DB, v.org, g.ID, e.input(langOf(r), v, s)); err != nil {
		return s.showGoalForm(w, r, v, kind, e, &g, err)
	}
	return s.afterGoal(w, r, v, g.ID)
}

// RetirePage asks why a goal is given up.
type RetirePage struct {
	Page
	Name   string
	Action string
	Back   string
	Why    string
}

// retireForm asks why a goal is no longer pursued.
func (s *Server) retireForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	g, _, err := s.goalOf(r, v)
	if err != nil {
		return err
	}
	return s.showRetire(w, r, v, g, "", nil)
}

func (s *Server) showRetire(w http.ResponseWriter, r *http.Request, v visitor, g goalpost.Goal, why string, problem error) error {
	p := RetirePage{Page: s.newPage(r, &v, "web.retire.title"), Back: "", Why: why}
	p.Name, p.Back = p.goalName(g.Code, g.Current()), p.goalHref(g.ID)
	p.Action = p.Back + "/retire"
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	return s.render(w, status, "retire", p)
}

// retireGoal gives a goal up; it stays with its history.
func (s *Server) retireGoal(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	g, _, err := s.goalOf(r, v)
	if err != nil {
		return err
	}
	why := strings.TrimSpace(r.PostForm.Get("why"))
	in := assess.GoalInput{Why: why, By: v.user.Name, Retire: true, Now: s.Now()}
	if _, err := assess.ChangeGoal(r.Context(), s.DB, v.org, g.ID, in); err != nil {
		return s.showRetire(w, r, v, g, why, err)
	}
	return s.afterGoal(w, r, v, g.ID)
}
