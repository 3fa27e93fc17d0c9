package assess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// effectFunc computes an effect: Effect, or what a test puts in its place.
type effectFunc func(context.Context, EffectInput) (EffectReport, error)

// RunOptions say how an analysis is computed.
type RunOptions struct {
	Now      time.Time
	Clock    func() time.Time   // to say how long it took; nil: it is not said
	Progress func(done float64) // 0 to 1; may be nil
	effect   effectFunc         // nil: Effect
}

func (o RunOptions) clock() time.Time {
	if o.Clock == nil {
		return o.Now
	}
	return o.Clock()
}

// AnalysisView is an analysis with what it gave, as a page shows it.
type AnalysisView struct {
	Analysis goalpost.Analysis
	Plan     goalpost.AnalysisPlan
	Series   goalpost.Note             // its name
	Activity *goalpost.Activity        // as it stands now; nil: its import was undone, or it was taken out
	Result   *goalpost.AnalysisResult  // newest; nil: not computed yet
	Report   *EffectReport             // of Result
	Results  []goalpost.AnalysisResult // all, newest first
	Tried    int                       // plans that were confirmed for this activity and series
	Others   []OtherActivity
	Changes  []goalpost.Note // what was changed since: plan, data, activity
	Stale    bool            // plan or data are newer than Result: RunAnalysis would compute it again
	Today    goalpost.Day
}

// RunAnalysis computes an analysis by the plan in force, and keeps the result. When
// neither plan nor data changed since the newest result, that one is returned: the same
// question is not asked twice.
func RunAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.AnalysisID, o RunOptions) (goalpost.AnalysisResult, error) {
	a, err := db.Analysis(ctx, org.ID, id)
	if err != nil {
		return goalpost.AnalysisResult{}, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	for range mostAttempts - 1 {
		x, done, err := runOnce(ctx, db, org, a.Plan(), id, o, false)
		if done || err != nil {
			return x, err
		}
		if a, err = db.Analysis(ctx, org.ID, id); err != nil {
			return x, fmt.Errorf("assess analysis %d: %w", id, err)
		}
	}
	x, _, err := runOnce(ctx, db, org, a.Plan(), id, o, true)
	return x, err
}

// mostAttempts is how often a result is computed whose plan or data change meanwhile,
// until it is kept nevertheless: whoever changes them every moment gets an answer too.
const mostAttempts = 3

// runOnce computes an analysis by a plan. Nothing is kept, and done is false, when the plan
// or the data changed meanwhile, unless the result is to be kept anyway.
func runOnce(ctx context.Context, db *store.DB, org goalpost.Organisation, plan goalpost.AnalysisPlan, id goalpost.AnalysisID, o RunOptions, anyway bool) (x goalpost.AnalysisResult, done bool, err error) {
	failed := func(err error) (goalpost.AnalysisResult, bool, error) {
		return goalpost.AnalysisResult{}, false, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	results, err := db.AnalysisResults(ctx, org.ID, id)
	if err != nil {
		return failed(err)
	}
	if busy, err := db.Unsettled(ctx, org.ID); err != nil || busy {
		if err == nil {
			err = goalpost.Errorf(goalpost.Unavailable, "error.analysis.unsettled")
		}
		return x, false, err
	}
	data, err := gather(ctx, db, org, plan, o.Now)
	if err != nil {
		return failed(err)
	}
	if len(results) > 0 && upToDate(results[0], plan, data) {
		return results[0], true, nil
	}
	data.in.Progress = o.Progress
	compute := o.effect
	if compute == nil {
		compute = Effect
	}
	begin := o.clock()
	report, err := data.compute(ctx, compute)
	if err != nil {
		return failed(err)
	}
	if !anyway {
		if same, err := unchanged(ctx, db, org, plan, id, data, o.Now); err != nil || !same {
			return x, false, err
		}
	}
	report.Diagnostics.Seconds = o.clock().Sub(begin).Seconds()
	body, err := json.Marshal(report)
	if err != nil {
		return failed(err)
	}
	x = goalpost.AnalysisResult{Plan: plan.Version, PlanHash: plan.Hash(), DataHash: data.hash, Method: report.Method, Seed: plan.Seed, Decision: report.Decision, ComputedAt: o.Now.UTC(), Report: body}
	if x, err = db.SaveAnalysisResult(ctx, org.ID, id, x); err != nil {
		return failed(err)
	}
	return x, true, nil
}

// unchanged reports whether plan and data still are what a result was computed from: an
// import may have been undone, or the plan changed, while it was.
func unchanged(ctx context.Context, db *store.DB, org goalpost.Organisation, plan goalpost.AnalysisPlan, id goalpost.AnalysisID, data analysisData, now time.Time) (bool, error) {
	a, err := db.Analysis(ctx, org.ID, id)
	if err != nil {
		return false, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	if busy, err := db.Unsettled(ctx, org.ID); err != nil || busy { // a part of the figures is no change: whoever ends it refreshes
		return true, err
	}
	again, err := gather(ctx, db, org, plan, now)
	if err != nil {
		return false, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	return a.Plan().Version == plan.Version && again.hash == data.hash, nil
}

// OpenAnalyses lists the analyses whose plan in force was confirmed at or after a moment
// and has no result yet, oldest first: whoever confirmed it waits for one.
func OpenAnalyses(ctx context.Context, db *store.DB, org goalpost.OrgID, since time.Time) ([]goalpost.AnalysisID, error) {
	list, err := db.Analyses(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess open analyses: %w", err)
	}
	var open []goalpost.AnalysisID
	for _, a := range list {
		plan := a.Plan()
		if plan.At.Before(since) {
			continue
		}
		results, err := db.AnalysisResults(ctx, org, a.ID)
		if err != nil {
			return nil, fmt.Errorf("assess open analysis %d: %w", a.ID, err)
		}
		if !slices.ContainsFunc(results, func(x goalpost.AnalysisResult) bool { return x.Plan == plan.Version }) {
			open = append(open, a.ID)
		}
	}
	return open, nil
}

// upToDate reports whether a result was computed from this plan and these data.
func upToDate(x goalpost.AnalysisResult, plan goalpost.AnalysisPlan, data analysisData) bool {
	return x.Plan == plan.Version && x.DataHash == data.hash
}

// compute asks for the effect. Data that cannot be analysed are an answer too: it cannot
// be told, with the reason.
func (d analysisData) compute(ctx context.Context, effect effectFunc) (EffectReport, error) {
	problem := d.problem
	if problem == nil {
		report, err := effect(ctx, d.in)
		if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Kind == goalpost.Invalid {
			problem = e
		} else {
			return report, err
		}
	}
	report := EffectReport{Method: d.in.Method, Level: d.in.Level, Decision: goalpost.EffectCannotTell, Dots: 1, Reason: goalpost.NewNote(problem.Key, problem.Args...), Outcome: d.in.Outcome,
		Activity: d.in.Activity, Currency: d.in.Currency, Grain: d.in.Calendar.Grain, Settle: []goalpost.Note{}, Checks: []EffectCheck{}, Covariates: []EffectCovariate{}, Series: []EffectDay{}, Notes: d.in.Notes}
	report.Headline = report.headline()
	return report, nil
}

// ViewAnalysis returns an analysis with its newest result and what changed since. It
// computes no effect: see RunAnalysis.
func ViewAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.AnalysisID, now time.Time) (AnalysisView, error) {
	a, err := db.Analysis(ctx, org.ID, id)
	if err != nil {
		return AnalysisView{}, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	list, err := db.Analyses(ctx, org.ID)
	if err != nil {
		return AnalysisView{}, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	v, err := viewAnalysis(ctx, db, org, a, list, now)
	if err != nil {
		return v, fmt.Errorf("assess analysis %d: %w", id, err)
	}
	return v, nil
}

// Analyses returns every analysis with its newest result, newest analysis first. It reads
// the data of each of them, to say whether they changed: ComputedAnalyses does not.
func Analyses(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) ([]AnalysisView, error) {
	return eachAnalysis(ctx, db, org, func(a goalpost.Analysis, list []goalpost.Analysis) (AnalysisView, error) {
		return viewAnalysis(ctx, db, org, a, list, now)
	})
}

// ComputedAnalyses is Analyses for whoever shows results and nothing that was changed since:
// Tried, Others, Changes and Stale are left out, and no data are read for them.
func ComputedAnalyses(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) ([]AnalysisView, error) {
	return eachAnalysis(ctx, db, org, func(a goalpost.Analysis, _ []goalpost.Analysis) (AnalysisView, error) {
		return computedAnalysis(ctx, db, org, a, now)
	})
}

func eachAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, view func(goalpost.Analysis, []goalpost.Analysis) (AnalysisView, error)) ([]AnalysisView, error) {
	list, err := db.Analyses(ctx, org.ID)
	if err != nil {
		return nil, fmt.Errorf("assess analyses: %w", err)
	}
	views := make([]AnalysisView, 0, len(list))
	for _, a := range slices.Backward(list) {
		v, err := view(a, list)
		if err != nil {
			return nil, fmt.Errorf("assess analysis %d: %w", a.ID, err)
		}
		views = append(views, v)
	}
	return views, nil
}

// computedAnalysis views an analysis as it was computed.
func computedAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, a goalpost.Analysis, now time.Time) (AnalysisView, error) {
	v := AnalysisView{Analysis: a, Plan: a.Plan(), Today: goalpost.DayOf(now, org.Zone())}
	accounts, err := db.Accounts(ctx, org.ID)
	if err != nil {
		return v, err
	}
	v.Series = SeriesName(a.Series, accounts)
	activity, err := db.Activity(ctx, org.ID, a.Activity)
	if err != nil && !goalpost.IsKind(err, goalpost.NotFound) {
		return v, err
	}
	if err == nil && !activity.Removed() {
		v.Activity = &activity
	}
	if v.Results, err = db.AnalysisResults(ctx, org.ID, a.ID); err != nil || len(v.Results) == 0 {
		return v, err
	}
	v.Result = &v.Results[0]
	report, err := ReportOf(*v.Result)
	if err != nil {
		return v, err
	}
	report.Outcome = outcomeOf(v.Plan)
	v.Report = &report
	return v, nil
}

// viewAnalysis views an analysis of a list with all of the organisation's.
func viewAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, a goalpost.Analysis, list []goalpost.Analysis, now time.Time) (AnalysisView, error) {
	v, err := computedAnalysis(ctx, db, org, a, now)
	if err != nil {
		return v, err
	}
	v.Tried, _ = tried(list, a.Activity, a.Series)
	if v.Others, err = othersBeside(ctx, db, org.ID, v.Plan); err != nil {
		return v, err
	}
	data, err := gather(ctx, db, org, v.Plan, now)
	if err != nil {
		return v, err
	}
	v.Stale = v.Result == nil || !upToDate(*v.Result, v.Plan, data)
	v.changes(org, data)
	return v, nil
}

// ReportOf reads the report that a result keeps; what its series is called is not in it.
func ReportOf(x goalpost.AnalysisResult) (r EffectReport, err error) {
	if err := json.Unmarshal(x.Report, &r); err != nil {
		return r, fmt.Errorf("assess result %d: %w", x.ID, err)
	}
	return r, nil
}

// changes says what was changed: the plan after a result was there, the data, the
// activity.
func (v *AnalysisView) changes(org goalpost.Organisation, data analysisData) {
	say := func(key string, args ...goalpost.Arg) {
		v.Changes = append(v.Changes, goalpost.NewNote("analysis.change."+key, args...))
	}
	day := func(t time.Time) goalpost.Arg { return goalpost.DayArg(goalpost.DayOf(t, org.Zone())) }
	for _, p := range v.Analysis.Plans[1:] {
		key := "plan-before"
		if n := len(v.Results); n > 0 && v.Results[n-1].ComputedAt.Before(p.At) {
			key = "plan-after"
		}
		say(key, day(p.At), goalpost.TextArg(p.By), goalpost.TextArg(p.Why))
	}
	if n := len(v.Results); n > 1 {
		say("recomputed", goalpost.NumberArg(float64(n)), day(v.Results[n-1].ComputedAt))
	}
	if v.Result != nil && v.Result.Plan == v.Plan.Version && v.Result.DataHash != data.hash {
		say("data", day(v.Result.ComputedAt))
	}
	switch {
	case v.Activity == nil:
		say("activity-gone")
	case !sameRuns(*v.Activity, v.Plan):
		say("activity")
	}
}

// Refresh computes again what new data change: first the analyses, then the verdicts,
// which tell of them. An analysis that fails keeps no other, and no verdict, from being
// computed.
func Refresh(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) error {
	return refresh(ctx, db, org, RunOptions{Now: now})
}

func refresh(ctx context.Context, db *store.DB, org goalpost.Organisation, o RunOptions) error {
	failed := refreshAnalyses(ctx, db, org, o)
	if ctx.Err() != nil {
		return failed
	}
	return errors.Join(failed, RefreshVerdicts(ctx, db, org, o.Now))
}

// mostRefreshed is how many analyses of an organisation are computed again in one go: an
// import waits for them, and all other imports for it.
const mostRefreshed = 20

// refreshAnalyses computes again what was computed before and whose data changed, newest
// analysis first. An analysis that nobody has run is left alone, and so is one whose
// activity is gone. What is more than mostRefreshed has its turn the next time; its page
// says that its data changed.
func refreshAnalyses(ctx context.Context, db *store.DB, org goalpost.Organisation, o RunOptions) error {
	if busy, err := db.Unsettled(ctx, org.ID); err != nil || busy { // a part of the figures is no change: whoever ends it refreshes
		return err
	}
	list, err := db.Analyses(ctx, org.ID)
	if err != nil {
		return fmt.Errorf("assess refresh analyses: %w", err)
	}
	var failed []error
	for i, computed := len(list)-1, 0; i >= 0 && computed < mostRefreshed; i-- {
		a := list[i]
		results, err := db.AnalysisResults(ctx, org.ID, a.ID)
		if err != nil {
			return fmt.Errorf("assess refresh analysis %d: %w", a.ID, err)
		}
		activity, err := db.Activity(ctx, org.ID, a.Activity)
		if err != nil && !goalpost.IsKind(err, goalpost.NotFound) {
			return fmt.Errorf("assess refresh analysis %d: %w", a.ID, err)
		}
		if len(results) == 0 || err != nil || activity.Removed() {
			continue
		}
		x, err := RunAnalysis(ctx, db, org, a.ID, o)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			failed = append(failed, err)
			continue
		}
		if x.ID != results[0].ID {
			computed++
		}
	}
	return errors.Join(failed...)
}
