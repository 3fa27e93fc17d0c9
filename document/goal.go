package document

import (
	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/locale"
)

// Goal is a goal with its verdict: sentences as text in the reader's language, and the
// keys of the two that programs act on.
type Goal struct {
	Goal        goalpost.GoalID   `json:"goal"`
	Version     int               `json:"version"`
	Name        string            `json:"name"`
	Code        string            `json:"code"`
	KPI         string            `json:"kpi"`
	Decision    goalpost.Decision `json:"decision"`
	Probability *float64          `json:"probability"`
	Estimate    *infer.Estimate   `json:"estimate"`
	SoFar       *float64          `json:"so_far"`
	Target      *float64          `json:"target"`
	AtMost      bool              `json:"at_most"`
	Unit        goalpost.Unit     `json:"unit"`
	Currency    string            `json:"currency"`
	Due         *goalpost.Day     `json:"due"`
	Owner       string            `json:"owner"`
	Substitute  bool              `json:"substitute"`
	BetterKPI   string            `json:"better_kpi"`
	Reason      string            `json:"reason"`
	ReasonCode  string            `json:"reason_code"`
	Settle      string            `json:"settle"`
	SettleCode  string            `json:"settle_code"`
	Compared    []string          `json:"compared_with"`
	Doubts      []string          `json:"doubts"`
	Sources     []string          `json:"sources"`
	Method      string            `json:"method"`
	Seed        uint64            `json:"seed"`
	AsOf        goalpost.Day      `json:"as_of"`
	Seen        bool              `json:"seen"`
	DataHash    string            `json:"data_hash"`
	LastDay     *goalpost.Day     `json:"last_day"`
	// Survey is the question that asks the KPI; nil for a KPI that customers do not answer.
	Survey *goalpost.GoalSurvey `json:"survey"`
	// Incremental is what activities changed, never part of the numbers above.
	Incremental []Incremental `json:"incremental"`
}

// Incremental is what an activity changed, with its sentences as text.
type Incremental struct {
	goalpost.Incremental
	Headline string `json:"headline"`
	Span     string `json:"span"`
}

// GoalName is what people call a goal: its name, else the catalogue's.
func GoalName(say *locale.Printer, g goalpost.Goal, v goalpost.GoalVersion) string {
	if v.Name != "" {
		return v.Name
	}
	return say.T("goal." + g.Code)
}

// GoalOf makes the document of a goal.
func GoalOf(say *locale.Printer, j assess.Judged) Goal {
	v := j.Verdict
	texts := func(notes []goalpost.Note) []string { return OrEmpty(say.Notes(notes)) }
	incremental := []Incremental{}
	for _, i := range v.Incremental {
		incremental = append(incremental, Incremental{i, say.Note(i.Headline), say.Note(i.Span)})
	}
	return Goal{Goal: v.Goal, Version: v.Version, Name: GoalName(say, j.Goal, j.Version), Code: j.Goal.Code, KPI: v.KPI, Decision: v.Decision,
		Probability: v.Probability, Estimate: v.Estimate, SoFar: v.SoFar, Target: v.Target, AtMost: v.AtMost, Unit: j.KPI.Unit, Currency: j.Currency,
		Due: v.Due, Owner: j.Version.Owner, Substitute: v.Substitute, BetterKPI: v.BetterKPI, Reason: say.Note(v.Reason), ReasonCode: v.Reason.Key,
		Settle: say.Note(v.Settle), SettleCode: v.Settle.Key, Compared: texts(v.Compared), Doubts: texts(v.Doubts), Sources: texts(v.Sources),
		Method: v.Method, Seed: v.Seed, AsOf: v.AsOf, Seen: v.Seen, DataHash: v.DataHash, LastDay: v.LastDay, Survey: j.Version.Survey, Incremental: incremental}
}

// GoalsOf makes the document of several goals.
func GoalsOf(say *locale.Printer, list []assess.Judged) []Goal {
	out := []Goal{}
	for _, j := range list {
		out = append(out, GoalOf(say, j))
	}
	return out
}
