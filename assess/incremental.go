package assess

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"goalpost"
	"goalpost/infer"
	"goalpost/store"
)

// incrementalKPI is the KPI that shows whether social media sold anything.
const incrementalKPI = "incremental_revenue"

// incrementalOf returns, for a goal about sales, what analyses of activities in its period
// found: each beside the counted number, never added to it or to each other. Of a look
// back only what was computed before the day counts.
func incrementalOf(ctx context.Context, db *store.DB, org goalpost.Organisation, g goalpost.Goal, v goalpost.GoalVersion, asOf goalpost.Day, seen bool) ([]goalpost.Incremental, error) {
	kind, _ := goalpost.GoalKindByCode(g.Code)
	if kind.KPI != incrementalKPI || v.Period == nil {
		return nil, nil
	}
	list, err := db.Analyses(ctx, org.ID)
	if err != nil {
		return nil, fmt.Errorf("incremental: %w", err)
	}
	var out []goalpost.Incremental
	for _, a := range list {
		if !slices.Contains(kind.Substitutes, a.Series.KPI) || !within(a.Series.Scope, v.Scope) {
			continue
		}
		results, err := db.AnalysisResults(ctx, org.ID, a.ID)
		if err != nil {
			return nil, fmt.Errorf("incremental: %w", err)
		}
		if seen {
			results = slices.DeleteFunc(results, func(x goalpost.AnalysisResult) bool { return !x.ComputedAt.Before(asOf.Start(org.Zone())) })
		}
		if len(results) == 0 {
			continue
		}
		x := results[0]
		plan := a.Plans[x.Plan-1]
		post := plan.Post()
		if post.Start >= v.Period.End || post.End <= v.Period.Start || post.Start >= asOf {
			continue
		}
		i, err := incremental(a, plan, x)
		if err != nil {
			return nil, fmt.Errorf("incremental: %w", err)
		}
		out = append(out, i)
	}
	return out, nil
}

// incremental reads a kept result.
func incremental(a goalpost.Analysis, plan goalpost.AnalysisPlan, x goalpost.AnalysisResult) (goalpost.Incremental, error) {
	r, err := ReportOf(x)
	if err != nil {
		return goalpost.Incremental{}, fmt.Errorf("analysis %d: %w", a.ID, err)
	}
	post := plan.Post()
	i := goalpost.Incremental{Analysis: a.ID, Activity: plan.Name, KPI: a.Series.KPI, Currency: r.Currency, From: post.Start, Until: post.Last(), Decision: x.Decision, Dots: r.Dots}
	answer := r.Answer()
	i.Headline, i.Span = answer.Headline, answer.Span
	if r.Estimated() {
		i.Estimate = &infer.Estimate{Value: r.Cumulative.Value, Lo: r.Cumulative.Lo, Hi: r.Cumulative.Hi, Level: r.Level, Kind: infer.Credible, N: r.Pre.Rows - r.Pre.Missing}
	}
	return i, nil
}

// within reports whether a series counts nothing that a goal's scope leaves out.
func within(series, goal goalpost.Scope) bool {
	inside := func(of, in []string) bool {
		if len(in) == 0 {
			return true
		}
		return len(of) > 0 && !slices.ContainsFunc(of, func(x string) bool {
			return !slices.ContainsFunc(in, func(y string) bool { return strings.EqualFold(x, y) })
		})
	}
	return inside(series.Regions, goal.Regions) && inside(series.Products, goal.Products)
}

// byEffect judges a goal that asks for what was sold in addition. One analysis in money
// that could tell decides by its interval; several are never added.
func (q question) byEffect(v goalpost.Verdict) judged {
	word := goalpost.WordArg("kpi." + q.kpi.Code)
	var told []goalpost.Incremental
	for _, i := range q.incremental {
		if i.KPI == "revenue" && i.Estimate != nil {
			told = append(told, i)
		}
	}
	switch {
	case len(told) == 0:
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.needs-effect", word), goalpost.NewNote("verdict.settle.effect"))
	case len(told) > 1:
		return nothing(v, goalpost.CannotTell, goalpost.NewNote("verdict.reason.several-effects", goalpost.NumberArg(float64(len(told)))), goalpost.NewNote("verdict.settle.one-effect"))
	}
	target, ok := q.version.Target.Resolve(q.version.Baseline)
	if !ok {
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.no-target"), goalpost.NewNote("verdict.settle.set-target"))
	}
	e := *told[0].Estimate
	v.Target, v.Estimate, v.Method = &target, &e, MethodEffect
	v.Reason = goalpost.NewNote("verdict.reason.effect", goalpost.TextArg(told[0].Activity), goalpost.DayArg(told[0].From), goalpost.DayArg(told[0].Until))
	switch {
	case told[0].Decision == goalpost.EffectCannotTell:
		v.Decision = goalpost.CannotTell
	case e.Lo >= target:
		v.Decision = goalpost.Reached
	case e.Hi < target:
		v.Decision = goalpost.Missed
	default:
		v.Decision = goalpost.CannotTell
	}
	if v.Decision == goalpost.CannotTell {
		v.Settle = goalpost.NewNote("verdict.settle.effect-page")
	}
	return judged{verdict: v}
}

// currency is that of the figures, or of the effects where they are the figures.
func (q question) currency() string {
	for _, i := range q.incremental {
		if q.observed.Currency == "" && q.kpi.Code == incrementalKPI && i.Currency != "" {
			return i.Currency
		}
	}
	return q.observed.Currency
}
