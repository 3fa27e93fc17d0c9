package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// AnalysisEntry is an analysis in the list.
type AnalysisEntry struct {
	Analysis   goalpost.AnalysisID     `json:"analysis"`
	Activity   goalpost.ActivityID     `json:"activity"`
	Name       string                  `json:"name"` // of the activity
	KPI        string                  `json:"kpi"`
	Series     string                  `json:"series"`
	Decision   goalpost.EffectDecision `json:"decision"` // empty: not computed yet
	Probably   bool                    `json:"probably"`
	Average    *assess.Range           `json:"average"`
	Cumulative *assess.Range           `json:"cumulative"`
	Relative   *assess.Range           `json:"relative"`
	Level      float64                 `json:"level"`
	Currency   string                  `json:"currency"`
	Reason     string                  `json:"reason"`
	ReasonCode string                  `json:"reason_code"`
	Method     string                  `json:"method"`
	Seed       uint64                  `json:"seed"`
	Plan       int                     `json:"plan"`
	PlanHash   string                  `json:"plan_sha256"`
	DataHash   string                  `json:"data_sha256"`
	ComputedAt *time.Time              `json:"computed_at"`
	Results    int                     `json:"results"` // kept ones
	Tried      int                     `json:"tried"`
	Stale      bool                    `json:"stale"`
	Changes    []string                `json:"changes"`
	Beside     []string                `json:"other_activities"`
}

// Analysis is one analysis with its plans and its newest report.
type Analysis struct {
	AnalysisEntry
	Plans  []Plan  `json:"plans"`
	Report *Effect `json:"report"`
}

// Plan is a plan with its hash, as it was confirmed.
type Plan struct {
	goalpost.AnalysisPlan
	Hash string `json:"sha256"`
}

// AnalysisEntryOf makes the entry of an analysis.
func AnalysisEntryOf(say *locale.Printer, v assess.AnalysisView) AnalysisEntry {
	e := AnalysisEntry{Analysis: v.Analysis.ID, Activity: v.Analysis.Activity, Name: v.Plan.Name, KPI: v.Analysis.Series.KPI, Series: say.Note(v.Series), Level: v.Plan.Level, Method: v.Plan.Method, Seed: v.Plan.Seed,
		Plan: v.Plan.Version, PlanHash: v.Plan.Hash(), Results: len(v.Results), Tried: v.Tried, Stale: v.Stale, Changes: OrEmpty(say.Notes(v.Changes)), Beside: []string{}}
	for _, o := range v.Others {
		e.Beside = append(e.Beside, o.Activity.Name)
	}
	if x := v.Result; x != nil {
		e.Decision, e.DataHash, e.ComputedAt, e.Method = x.Decision, x.DataHash, &x.ComputedAt, x.Method
	}
	if r := v.Report; r != nil {
		e.Reason, e.ReasonCode, e.Currency, e.Probably = say.Note(r.Reason), r.Reason.Key, r.Currency, r.Probably
		if r.Estimated() {
			e.Average, e.Cumulative, e.Relative = &r.Average, &r.Cumulative, r.Relative
		}
	}
	return e
}

// AnalysesOf makes the list of analyses.
func AnalysesOf(say *locale.Printer, list []assess.AnalysisView) []AnalysisEntry {
	entries := []AnalysisEntry{}
	for _, v := range list {
		entries = append(entries, AnalysisEntryOf(say, v))
	}
	return entries
}

// AnalysisOf makes the document of one analysis.
func AnalysisOf(say *locale.Printer, v assess.AnalysisView) Analysis {
	d := Analysis{AnalysisEntry: AnalysisEntryOf(say, v)}
	for _, x := range v.Analysis.Plans {
		d.Plans = append(d.Plans, Plan{x, x.Hash()})
	}
	if v.Report != nil {
		report := EffectOf(say, *v.Report)
		d.Report = &report
	}
	return d
}

// Proposal is how an effect would be looked for: nothing is written down before it is
// confirmed.
type Proposal struct {
	Plan     goalpost.AnalysisPlan `json:"plan"`
	KPIs     []string              `json:"kpis"`
	Series   []ProposalSeries      `json:"series"`
	Controls []ProposalSeries      `json:"controls"`
	Beside   []string              `json:"other_activities"`
	Notes    []string              `json:"notes"`
	Tried    int                   `json:"tried"`
}

// ProposalSeries is a series that can be chosen by its key.
type ProposalSeries struct {
	Key     string `json:"key"`
	Chosen  bool   `json:"chosen"`
	Touched bool   `json:"touched"`
	Missing int    `json:"missing"`
	Why     string `json:"why"`
}

// ProposalOf makes the document of a proposal.
func ProposalOf(say *locale.Printer, x assess.AnalysisProposal) Proposal {
	e := Proposal{Plan: x.Plan, KPIs: OrEmpty(x.KPIs), Series: []ProposalSeries{}, Controls: []ProposalSeries{}, Beside: []string{}, Notes: OrEmpty(say.Notes(x.Notes)), Tried: x.Tried}
	for _, s := range x.Series {
		e.Series = append(e.Series, ProposalSeries{Key: s.Key, Chosen: s.Chosen})
	}
	for _, c := range x.Controls {
		e.Controls = append(e.Controls, ProposalSeries{c.Key, c.Chosen, c.Touched, c.Missing, say.Note(c.Why)})
	}
	for _, o := range x.Others {
		e.Beside = append(e.Beside, o.Activity.Name)
	}
	return e
}
