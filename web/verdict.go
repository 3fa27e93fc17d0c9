package web

import (
	"html/template"
	"slices"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/locale"
)

// VerdictView is a verdict in words and as a target bar.
type VerdictView struct {
	Word        string // the decision
	Dots        string
	Badge       string // how good the evidence is; empty where there is nothing to judge
	BadgeHelp   string
	BadgeClass  string
	Sentence    string
	Remark      string
	First       []string // doubts that must not be overlooked
	Imports     string   // address of the imports, where one of them may have to be undone
	ImportsText string
	Moved       string
	Range       string
	Chance      string
	BarTitle    string
	Bar         template.HTML
	BarNarrow   template.HTML
	Reason      string
	Compared    []string
	Settle      string
	Doubts      []string
}

// verdict writes everything that is known about a goal's verdict.
func (p Page) verdict(j assess.Judged) VerdictView {
	t := p.printer.Verdict(j.Verdict, p.goalName(j.Goal.Code, j.Version), j.KPI.Unit, j.Currency)
	v := VerdictView{Word: t.Word, Dots: locale.Dots(t.BadgeDots), BadgeHelp: t.BadgeHelp, Sentence: t.Sentence, Remark: t.Remark, First: t.First, Moved: t.Moved, Range: t.Range, Chance: t.Chance,
		Reason: t.Reason, Compared: t.Compared, Settle: t.Settle, Doubts: t.Doubts}
	if t.BadgeDots > 0 { // "not measured" is said already
		v.Badge = t.Badge
	}
	if slices.ContainsFunc(j.Verdict.Doubts, func(n goalpost.Note) bool { return n.Key == "verdict.doubt.maybe-twice" }) {
		v.Imports, v.ImportsText = p.Href("/import"), p.T("web.goal.twice.link")
	}
	switch t.BadgeDots {
	case 3:
		v.BadgeClass = "sure"
	case 2:
		v.BadgeClass = "doubt"
	}
	v.BarTitle = p.barTitle(j)
	v.Bar, v.BarNarrow = p.targetBar(j, false), p.targetBar(j, true)
	return v
}

// card is the verdict as the first page shows it: the strongest doubt only.
func (p Page) card(j assess.Judged) VerdictView {
	v := p.verdict(j)
	v.Doubts = v.Doubts[:min(1, len(v.Doubts))]
	v.Compared = v.Compared[:min(2, len(v.Compared))]
	return v
}

// decision is a verdict's word.
func (p Page) decision(v goalpost.Verdict) string { return p.T(locale.DecisionKey(v)) }

// barTitle says what the target bar shows: the KPI, and which range.
func (p Page) barTitle(j assess.Judged) string {
	v := j.Verdict
	if v.Target == nil {
		return ""
	}
	kpi := goalpost.WordArg("kpi." + j.Version.KPI)
	switch {
	case v.Estimate != nil && v.Estimate.Kind == infer.Confidence:
		return p.say("goalsurvey.bar", kpi, goalpost.TextArg(p.printer.Level(v.Estimate.Level)))
	case v.Estimate != nil && v.Estimate.Lo != v.Estimate.Hi && v.Due != nil:
		return p.say("web.bar.forecast", kpi, goalpost.DayArg(*v.Due), goalpost.TextArg(p.printer.Level(v.Estimate.Level)))
	case v.SoFar != nil || v.Estimate != nil:
		return p.say("web.bar.counted", kpi)
	}
	return ""
}
