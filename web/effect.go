package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
)

// EffectPage is the effect of one activity on one series.
type EffectPage struct {
	Page
	Sub       string
	Self      string
	Query     string // names an earlier result, with its question mark
	Busy      bool   // it is being worked out
	Done      int    // how much of it is, in per cent
	Failed    bool
	Has       bool   // there is a result
	Old       string // set when an earlier result is shown
	Changed   []string
	View      EffectView
	Truth     string // of a simulated activity
	Record    []Fact
	Tried     string
	Earlier   []EarlierEffect
	CanRepeat bool
	Repeat    string // what its button says
}

// EarlierEffect is a result that was worked out before.
type EarlierEffect struct {
	Href, When, Decision, Effect, Range, Why string
}

// File is the address of a download.
func (p EffectPage) File(name string) string { return p.Self + "/" + name + p.Query }

// shownEffect is an analysis with the result that an address names.
type shownEffect struct {
	assess.AnalysisView
	at     int // of Results
	report assess.EffectReport
	sub    effectSubject
}

// has reports whether there is a result.
func (e shownEffect) has() bool { return len(e.Results) > 0 }

// plan is the plan that the shown result was worked out with.
func (e shownEffect) plan() goalpost.AnalysisPlan {
	for _, p := range e.Analysis.Plans {
		if e.has() && p.Version == e.Results[e.at].Plan {
			return p
		}
	}
	return e.Plan
}

// effectOf reads the analysis and the result that an address names.
func (s *Server) effectOf(r *http.Request, v visitor, p Page) (e shownEffect, err error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return e, notFound()
	}
	if e.AnalysisView, err = assess.ViewAnalysis(r.Context(), s.DB, v.org, goalpost.AnalysisID(id), s.Now()); err != nil {
		return e, err
	}
	if asked := r.URL.Query().Get("result"); asked != "" {
		e.at = slices.IndexFunc(e.Results, func(x goalpost.AnalysisResult) bool { return strconv.Itoa(x.ID) == asked })
		if e.at < 0 {
			return e, notFound()
		}
	}
	if e.has() {
		e.report, err = assess.ReportOf(e.Results[e.at])
	}
	e.sub = subjectOf(p.printer.Note(e.Series), e.report)
	return e, err
}

// resultOf is effectOf where there must be a result.
func (s *Server) resultOf(r *http.Request, v visitor, p Page) (shownEffect, error) {
	e, err := s.effectOf(r, v, p)
	if err == nil && !e.has() {
		err = notFound()
	}
	return e, err
}

func (p Page) effectHref(id goalpost.AnalysisID) string {
	return p.Href("/effects/" + strconv.FormatInt(int64(id), 10))
}

// effect shows one analysis: its newest result, or the one that the address names.
func (s *Server) effect(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := EffectPage{Page: s.newPage(r, &v, "")}
	if id, err := strconv.ParseInt(r.PathValue("id"), 10, 64); err == nil { // before the results are read: it could end in between
		p.Busy, p.Done, p.Failed = s.effectJobs.state(v.org.ID, goalpost.AnalysisID(id))
	}
	e, err := s.effectOf(r, v, p.Page)
	if err != nil {
		return err
	}
	plan := e.plan()
	p.Self = p.effectHref(e.Analysis.ID)
	p.Title = p.say("web.effect.title", goalpost.TextArg(plan.Name), goalpost.TextArg(e.sub.Series))
	p.Sub = p.runsText(plan.Runs)
	p.Tried = p.say("web.effect.tried", goalpost.NumberArg(float64(e.Tried)))
	p.Refresh = p.Busy
	p.CanRepeat = p.CanEdit && !p.Busy && e.Stale
	p.Repeat = p.T("web.effect.again")
	if !e.has() {
		p.Repeat = p.T("web.effect.first")
	}
	if e.has() {
		p.Has, p.View = true, p.effectView(e.report, e.sub)
		p.nameControls(p.View.Covariates, plan.Controls)
		p.addRecord(e, v)
		p.addEarlier(e, v)
		p.Truth = s.truthOf(p.Page, plan)
	}
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
	plan, result := e.plan(), e.Results[e.at]
	zone := v.org.Zone()
	p.Record = []Fact{
		{Name: p.T("web.effect.fact.recorded"), Text: p.say("web.effect.fact.recorded.text", goalpost.TextArg(p.printer.Time(plan.At, zone)), goalpost.TextArg(plan.By))},
		{Name: p.T("web.effect.fact.computed"), Text: p.printer.Time(result.ComputedAt, zone)},
		{Name: p.T("web.effect.fact.plan"), Text: result.PlanHash, Hash: true},
		{Name: p.T("web.goal.fact.hash"), Text: result.DataHash, Hash: true},
	}
	p.Changed = p.printer.Notes(e.Changes)
	if e.at > 0 {
		p.Old = p.say("web.effect.old", goalpost.TextArg(p.printer.Time(result.ComputedAt, zone)))
		p.Query = "?result=" + strconv.Itoa(result.ID)
	}
}

// addEarlier lists the other results, newest first.
func (p *EffectPage) addEarlier(e shownEffect, v visitor) {
	var found []infer.Estimate
	var at []int // their rows
	var sub effectSubject
	for i, x := range e.Results {
		r, err := assess.ReportOf(x)
		if i == e.at || err != nil { // one that can no longer be read is kept, but not shown
			continue
		}
		row := EarlierEffect{Href: p.Self + "?result=" + strconv.Itoa(x.ID), When: p.printer.Time(x.ComputedAt, v.org.Zone()), Decision: p.T("decision." + string(x.Decision)), Effect: "–", Range: "–",
			Why: p.T("web.effect.history.data")}
		if x.Plan != e.Results[e.at].Plan {
			row.Why = p.T("web.effect.history.plan")
		}
		if r.Estimated() {
			sub = subjectOf(e.sub.Series, r)
			found, at = append(found, infer.Estimate{Value: r.Cumulative.Value, Lo: r.Cumulative.Lo, Hi: r.Cumulative.Hi}), append(at, len(p.Earlier))
		}
		p.Earlier = append(p.Earlier, row)
	}
	for i, w := range p.printer.Column(found, sub.Unit, sub.Currency) {
		x := found[i]
		p.Earlier[at[i]].Effect, p.Earlier[at[i]].Range = change(x.Value, w.Value), p.fromTo(change(x.Lo, w.Lo), change(x.Hi, w.Hi))
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

// effectFile draws the chart of the analysis that an address names.
func (s *Server) effectFile(suffix string) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		p := s.newPage(r, &v, "")
		e, err := s.resultOf(r, v, p)
		if err != nil {
			return err
		}
		if len(e.report.Series) == 0 {
			return notFound()
		}
		scene := p.effectScene(e.report, e.sub, false)
		return s.writeScene(w, r, scene.Captioned(p.effectCaption(e.report)), fmt.Sprintf("effect-%d", e.Analysis.ID), suffix)
	}
}

// effectTable is the table for spreadsheets.
func (s *Server) effectTable(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.resultOf(r, v, s.newPage(r, &v, ""))
	if err != nil {
		return err
	}
	return writeCSV(w, fmt.Sprintf("effect-%d.csv", e.Analysis.ID), EffectCSV(e.report))
}

// effectJSON is everything that it takes to work it out again.
func (s *Server) effectJSON(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.resultOf(r, v, s.newPage(r, &v, ""))
	if err != nil {
		return err
	}
	attach(w, fmt.Sprintf("effect-%d.json", e.Analysis.ID))
	return writeJSON(w, struct {
		Plan   goalpost.AnalysisPlan   `json:"plan"`
		Result goalpost.AnalysisResult `json:"result"`
	}{e.plan(), e.Results[e.at]})
}
