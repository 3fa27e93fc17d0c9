package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// EffectPage is the effect of one activity on one series.
type EffectPage struct {
	Page
	Sub       string
	Self      string
	Query     string // names an earlier result, with its question mark
	Busy      bool   // it is being worked out
	Failed    string
	Has       bool   // there is a result
	Old       string // set when an earlier result is shown
	Changed   []string
	View      EffectView
	Truth     string // of a simulated activity
	Record    []Fact
	Tried     string
	Earlier   []EarlierEffect
	CanRepeat bool
}

// EarlierEffect is a result that was worked out before.
type EarlierEffect struct {
	Href, When, Decision, Effect, Range, Why string
}

// File is the address of a download.
func (p EffectPage) File(name string) string { return p.Self + "/" + name + p.Query }

// addEffect fills in a result.
func (p *EffectPage) addEffect(r assess.EffectReport, sub effectSubject) {
	p.Has, p.View = true, p.effectView(r, sub)
}

// shownEffect is an analysis with the result that an address names.
type shownEffect struct {
	analysis goalpost.Analysis
	results  []goalpost.AnalysisResult // newest first
	at       int                       // of results
	report   assess.EffectReport
}

// has reports whether there is a result.
func (e shownEffect) has() bool { return len(e.results) > 0 }

// plan is the plan that the shown result was worked out with.
func (e shownEffect) plan() goalpost.AnalysisPlan {
	for _, p := range e.analysis.Plans {
		if e.has() && p.Version == e.results[e.at].Plan {
			return p
		}
	}
	return e.analysis.Plan()
}

// effectOf reads the analysis and the result that an address names.
func (s *Server) effectOf(r *http.Request, v visitor) (shownEffect, error) {
	var e shownEffect
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return e, notFound()
	}
	if e.analysis, err = s.DB.Analysis(r.Context(), v.org.ID, goalpost.AnalysisID(id)); err != nil {
		return e, err
	}
	if e.results, err = s.DB.AnalysisResults(r.Context(), v.org.ID, e.analysis.ID); err != nil || !e.has() {
		return e, err
	}
	if asked := r.URL.Query().Get("result"); asked != "" {
		e.at = slices.IndexFunc(e.results, func(x goalpost.AnalysisResult) bool { return strconv.Itoa(x.ID) == asked })
		if e.at < 0 {
			return e, notFound()
		}
	}
	e.report, err = reportOf(e.results[e.at])
	return e, err
}

// reportOf reads what a result keeps.
func reportOf(x goalpost.AnalysisResult) (r assess.EffectReport, err error) {
	if err := json.Unmarshal(x.Report, &r); err != nil {
		return r, fmt.Errorf("web: result %d: %w", x.ID, err)
	}
	return r, nil
}

// subjectOf names what a plan looks into.
func (p Page) subjectOf(plan goalpost.AnalysisPlan, r assess.EffectReport, currency string) effectSubject {
	k, _ := goalpost.KPIByCode(plan.Series.KPI)
	sub := effectSubject{Activity: plan.Name, KPI: plan.Series.KPI, Scope: p.scopeNames(plan.Series.Scope), Grain: goalpost.Daily, Unit: k.Unit}
	if k.Unit == goalpost.UnitMoney {
		sub.Currency = currency
	}
	if len(r.Series) > 1 {
		a, _, ok := rowOf(r.Series[0].Date)
		b, _, ok2 := rowOf(r.Series[1].Date)
		if ok && ok2 && b-a == 7 {
			sub.Grain = goalpost.Weekly
		}
	}
	return sub
}

// scopeNames are the networks, regions and products of a scope; empty for everything.
func (p Page) scopeNames(s goalpost.Scope) string {
	var parts []string
	for _, n := range s.Networks {
		parts = append(parts, p.printer.Word("network."+string(n)))
	}
	parts = append(append(parts, s.Regions...), s.Products...)
	return strings.Join(parts, ", ")
}

func (p Page) effectHref(id goalpost.AnalysisID) string {
	return p.Href("/effects/" + strconv.FormatInt(int64(id), 10))
}

// effect shows one analysis: its newest result, or the one that the address names.
func (s *Server) effect(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.effectOf(r, v)
	if err != nil {
		return err
	}
	p := EffectPage{Page: s.newPage(r, &v, "")}
	plan := e.plan()
	sub := p.subjectOf(plan, e.report, v.org.Currency)
	p.Self = p.effectHref(e.analysis.ID)
	p.Title = p.say("web.effect.title", goalpost.TextArg(plan.Name), p.seriesArg(sub))
	p.Sub = p.runsText(plan.Runs)
	if e.has() {
		p.addEffect(e.report, sub)
		p.addRecord(e, v)
	}
	p.addEarlier(e, v)
	p.Truth = s.truthOf(p.Page, plan)
	return s.render(w, http.StatusOK, "effect", p)
}

// runsText says when an activity ran.
func (p Page) runsText(runs []goalpost.Period) string {
	const most = 3
	var parts []string
	for i, r := range runs {
		if i == most {
			parts = append(parts, p.say("web.effect.more-runs", goalpost.NumberArg(float64(len(runs)-most))))
			break
		}
		parts = append(parts, p.printer.Period(r))
	}
	return strings.Join(parts, " · ")
}

// addRecord says when and by whom the plan was written down, and what was changed since.
func (p *EffectPage) addRecord(e shownEffect, v visitor) {
	plan, result := e.plan(), e.results[e.at]
	zone := v.org.Zone()
	p.Record = []Fact{
		{Name: p.T("web.effect.fact.recorded"), Text: p.say("web.effect.fact.recorded.text", goalpost.TextArg(p.printer.Time(plan.At, zone)), goalpost.TextArg(plan.By))},
		{Name: p.T("web.effect.fact.computed"), Text: p.printer.Time(result.ComputedAt, zone)},
		{Name: p.T("web.effect.fact.plan"), Text: result.PlanHash, Hash: true},
		{Name: p.T("web.goal.fact.hash"), Text: result.DataHash, Hash: true},
	}
	for _, x := range e.analysis.Plans[1:] {
		p.Changed = append(p.Changed, p.say("web.effect.changed", goalpost.TextArg(p.printer.Time(x.At, zone)), goalpost.TextArg(x.By), goalpost.TextArg(x.Why)))
	}
	if e.at > 0 {
		p.Old = p.say("web.effect.old", goalpost.TextArg(p.printer.Time(result.ComputedAt, zone)))
		p.Query = "?result=" + strconv.Itoa(result.ID)
	}
}

// addEarlier lists the results that were worked out before the newest one.
func (p *EffectPage) addEarlier(e shownEffect, v visitor) {
	for i, x := range e.results {
		if i == e.at {
			continue
		}
		r, err := reportOf(x)
		if err != nil {
			continue // it is kept, but no longer readable
		}
		sub := p.subjectOf(e.plan(), r, v.org.Currency)
		row := EarlierEffect{Href: p.Self + "?result=" + strconv.Itoa(x.ID), When: p.printer.Time(x.ComputedAt, v.org.Zone()), Decision: p.T("decision." + string(x.Decision)), Effect: "–", Range: "–",
			Why: p.T("web.effect.history.data")}
		if x.Plan != e.results[e.at].Plan {
			row.Why = p.T("web.effect.history.plan")
		}
		if estimated(r) {
			value, lo, hi := p.signedSpread(r.Cumulative, sub)
			row.Effect, row.Range = value, p.fromTo(lo, hi)
		}
		p.Earlier = append(p.Earlier, row)
	}
}

// truthOf is what a simulated activity truly did, empty for others.
func (s *Server) truthOf(p Page, plan goalpost.AnalysisPlan) string {
	if s.Truth == nil {
		return ""
	}
	for _, x := range s.Truth.Effects {
		if x.Activity != plan.Name {
			continue
		}
		effect := p.T("web.simulated.nothing")
		if x.Relative != 0 {
			effect = p.say("web.simulated.more", goalpost.TextArg(p.printer.Percent(x.Relative)))
		}
		return p.say("web.effect.truth.text", goalpost.TextArg(effect), goalpost.TextArg(x.Region))
	}
	return ""
}

// effectScene draws the chart of the analysis that an address names.
func (s *Server) effectSceneOf(r *http.Request, v visitor) (chart.Scene, string, error) {
	e, err := s.effectOf(r, v)
	if err != nil {
		return chart.Scene{}, "", err
	}
	if !e.has() || len(e.report.Series) == 0 {
		return chart.Scene{}, "", notFound()
	}
	p := s.newPage(r, &v, "")
	sub := p.subjectOf(e.plan(), e.report, v.org.Currency)
	scene := p.effectScene(e.report, sub, false)
	return scene.Captioned(p.say("web.effect.caption", goalpost.TextArg(p.effectSentence(e.report, sub)), goalpost.TextArg(p.effectRange(e.report, sub)))), fmt.Sprintf("effect-%d", e.analysis.ID), nil
}

// effectSVG is the chart as a file of its own.
func (s *Server) effectSVG(w http.ResponseWriter, r *http.Request, v visitor) error {
	scene, name, err := s.effectSceneOf(r, v)
	if err != nil {
		return err
	}
	return s.writeScene(w, r, scene, name, "svg")
}

// effectPNG is the chart as a picture.
func (s *Server) effectPNG(w http.ResponseWriter, r *http.Request, v visitor) error {
	scene, name, err := s.effectSceneOf(r, v)
	if err != nil {
		return err
	}
	return s.writeScene(w, r, scene, name, "png")
}

// effectTable is the table for spreadsheets.
func (s *Server) effectTable(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.effectOf(r, v)
	if err != nil {
		return err
	}
	if !e.has() {
		return notFound()
	}
	return writeCSV(w, fmt.Sprintf("effect-%d.csv", e.analysis.ID), effectCSV(e.report))
}

// effectJSON is everything that it takes to work it out again.
func (s *Server) effectJSON(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.effectOf(r, v)
	if err != nil {
		return err
	}
	if !e.has() {
		return notFound()
	}
	attach(w, fmt.Sprintf("effect-%d.json", e.analysis.ID))
	return writeJSON(w, struct {
		Plan   goalpost.AnalysisPlan   `json:"plan"`
		Result goalpost.AnalysisResult `json:"result"`
	}{e.plan(), e.results[e.at]})
}
