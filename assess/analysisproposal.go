package assess

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// longestPre is how many days before an activity are learned from at most: a year, so
// that every season was seen once and what is older does not speak for today.
const longestPre = 365

// maxOffered is how many controls are offered; more can only be a list of towns that
// nobody reads.
const maxOffered = 60

// AnalysisProposal is what Goalpost would analyse. Nothing was computed for it: a person
// confirms or changes it first.
type AnalysisProposal struct {
	Activity goalpost.Activity
	Plan     goalpost.AnalysisPlan // as it would be confirmed
	KPIs     []string              // that can be analysed, sales first
	Series   []SeriesOption        // scopes of the plan's KPI; one is chosen
	Controls []ControlOption
	Others   []OtherActivity
	Notes    []goalpost.Note       // what a person should know before confirming
	Tried    int                   // plans that were confirmed for this activity and series
	Before   []goalpost.AnalysisID // their analyses, oldest first
	Grain    goalpost.Grain        // of the series
	Currency string                // of the series; empty: it is not money
	Seen     string                // what a person relies on who confirms it without choosing it: see AnalysisInput
}

// SeriesOption is a series that could be analysed.
type SeriesOption struct {
	Key    string // what a form sends
	Ref    goalpost.SeriesRef
	Chosen bool
}

// ControlOption is a series that could serve as a control.
type ControlOption struct {
	Key     string
	Ref     goalpost.SeriesRef
	Chosen  bool
	Touched bool          // the activity could have moved it
	Missing int           // days (or weeks) of the analysis without a figure: then it cannot be used
	Why     goalpost.Note // why it is proposed, or why not
}

// OtherActivity is an activity that ran in the same weeks.
type OtherActivity struct {
	Activity goalpost.Activity
	Days     int  // of the analysed ones
	Series   bool // it could have moved the analysed series
	Controls bool // or a control
}

// SeriesKey writes a reference as one word for forms and flags.
func SeriesKey(r goalpost.SeriesRef) string {
	v := url.Values{"kpi": {r.KPI}}
	for _, a := range r.Scope.Accounts {
		v.Add("account", strconv.FormatInt(int64(a), 10))
	}
	for _, n := range r.Scope.Networks {
		v.Add("network", string(n))
	}
	v["region"] = r.Scope.Regions
	v["product"] = r.Scope.Products
	return v.Encode()
}

// SeriesName is a series in words: its KPI, and where.
func SeriesName(r goalpost.SeriesRef, accounts []goalpost.Account) goalpost.Note {
	return goalpost.NewNote("analysis.series", goalpost.WordArg("kpi."+r.KPI), goalpost.TextArg(whereOf(r.Scope, accounts)))
}

// whereOf names the parts of a scope.
func whereOf(s goalpost.Scope, accounts []goalpost.Account) string {
	parts := slices.Concat(s.Regions, s.Products)
	for _, n := range s.Networks {
		parts = append(parts, string(n))
	}
	for _, id := range s.Accounts {
		for _, a := range accounts {
			if a.ID == id {
				parts = append(parts, a.Name+" ("+string(a.Network)+")")
			}
		}
	}
	return strings.Join(parts, " · ")
}

// ProposeAnalysis proposes how to find out what an activity changed: the series, what is
// learned from, and controls that the activity could not have moved. in.Series or in.KPI
// choose another series than the first.
func ProposeAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, in AnalysisInput) (AnalysisProposal, error) {
	w := proposer{ctx: ctx, db: db, org: org, now: in.Now}
	var err error
	if w.activity, err = db.Activity(ctx, org.ID, in.Activity); err != nil {
		return AnalysisProposal{}, fmt.Errorf("assess propose analysis of activity %d: %w", in.Activity, err)
	}
	if w.activity.Removed() {
		return AnalysisProposal{}, goalpost.Errorf(goalpost.Conflict, "error.activity.removed", goalpost.PlainArg(int(in.Activity)))
	}
	if w.series, err = db.SeriesList(ctx, org.ID); err != nil {
		return AnalysisProposal{}, fmt.Errorf("assess propose analysis: %w", err)
	}
	p := AnalysisProposal{Activity: w.activity, KPIs: w.kpis()}
	if len(p.KPIs) == 0 {
		return p, goalpost.Errorf(goalpost.Invalid, "error.analysis.no-series")
	}
	kpi := cmp.Or(in.KPI, p.KPIs[0])
	if in.Series != "" {
		v, err := url.ParseQuery(in.Series)
		if err != nil || v.Get("kpi") == "" {
			return p, unknownSeries(in.Series)
		}
		kpi = v.Get("kpi")
	}
	if !slices.Contains(p.KPIs, kpi) {
		return p, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis.kpi", Field: "kpi", Flag: "--kpi", Args: []goalpost.Arg{goalpost.TextArg(kpi), goalpost.TextArg(strings.Join(p.KPIs, ", "))}}
	}
	p.Series = w.scopes(kpi)
	if in.Series != "" {
		at := slices.IndexFunc(p.Series, func(o SeriesOption) bool { return o.Key == in.Series })
		if at < 0 {
			return p, unknownSeries(in.Series)
		}
		for i := range p.Series {
			p.Series[i].Chosen = i == at
		}
	}
	return w.fill(p)
}

func unknownSeries(key string) error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis.series", Field: "series", Flag: "--series", Args: []goalpost.Arg{goalpost.TextArg(key)}}
}

// proposer makes a proposal.
type proposer struct {
	ctx      context.Context
	db       *store.DB
	org      goalpost.Organisation
	now      time.Time
	activity goalpost.Activity
	series   []store.SeriesInfo
}

// analysable returns the KPI that sums a metric, if one does: only what is added day by
// day can be analysed as a flow.
func analysable(metric goalpost.Metric) (goalpost.KPI, bool) {
	k, _ := goalpost.KPIByCode(string(metric))
	return k, k.Aggregation == goalpost.AggSum && k.FromSeries
}

// kpis lists what can be analysed: sales first, then by layer, then by name.
func (w proposer) kpis() []string {
	var codes []string
	for _, s := range w.series {
		if k, ok := analysable(s.Metric); ok && !slices.Contains(codes, k.Code) {
			codes = append(codes, k.Code)
		}
	}
	first := []string{"revenue", "orders"}
	rank := func(code string) int {
		if i := slices.Index(first, code); i >= 0 {
			return i
		}
		k, _ := goalpost.KPIByCode(code)
		return len(first) + int(goalpost.Impact-k.Layer)
	}
	slices.SortFunc(codes, func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b)) })
	return codes
}

// scopes lists the series of a KPI: the activity's own region and product where the
// series tells them apart, and wider ones.
func (w proposer) scopes(kpi string) []SeriesOption {
	region, product := "", ""
	for _, s := range w.series {
		if string(s.Metric) != kpi {
			continue
		}
		if w.activity.Region != "" && strings.EqualFold(s.Region, w.activity.Region) {
			region = s.Region
		}
		if w.activity.Product != "" && strings.EqualFold(s.Product, w.activity.Product) {
			product = s.Product
		}
	}
	var list []SeriesOption
	add := func(region, product string) {
		r := goalpost.SeriesRef{KPI: kpi}
		if region != "" {
			r.Scope.Regions = []string{region}
		}
		if product != "" {
			r.Scope.Products = []string{product}
		}
		key := SeriesKey(r)
		if !slices.ContainsFunc(list, func(o SeriesOption) bool { return o.Key == key }) {
			list = append(list, SeriesOption{Key: key, Ref: r, Chosen: len(list) == 0})
		}
	}
	add(region, product)
	add(region, "")
	add("", product)
	add("", "")
	return list
}

// fill completes a proposal whose series is chosen.
func (w proposer) fill(p AnalysisProposal) (AnalysisProposal, error) {
	a := w.activity
	i := slices.IndexFunc(p.Series, func(o SeriesOption) bool { return o.Chosen })
	ref := p.Series[i].Ref
	plan := goalpost.AnalysisPlan{Version: 1, Activity: a.ID, Name: a.Name, Runs: a.Runs, Network: a.Network, Region: a.Region, Product: a.Product, Design: a.Design,
		Series: ref, Controls: []goalpost.AnalysisControl{}, Method: goalpost.MethodAuto, Level: effectLevel, Seed: analysisSeed(w.org.ID, a.ID, ref)}
	if a.HasCost && !a.CostPartly {
		cost := a.CostMin
		plan.CostMin, plan.Currency = &cost, a.Currency
	}
	plan.Pre = goalpost.Period{Start: a.Period.Start - longestPre, End: a.Period.Start}
	y, err := w.observe(plan, ref)
	if err != nil {
		return p, err
	}
	p.Grain, p.Currency = y.Grain, y.Currency
	plan.Pre.Start = max(plan.Pre.Start, min(y.First, plan.Pre.End))
	p.Plan = plan
	p.Notes = append(p.Notes, w.notes(plan, y)...)
	all := 0
	if p.Controls, all, err = w.controls(plan, y); err != nil {
		return p, err
	}
	if all > len(p.Controls) {
		p.Notes = append(p.Notes, goalpost.NewNote("analysis.note.controls-left", goalpost.NumberArg(float64(all)), goalpost.NumberArg(maxOffered)))
	}
	for _, c := range p.Controls {
		if c.Chosen {
			p.Plan.Controls = append(p.Plan.Controls, goalpost.AnalysisControl{SeriesRef: c.Ref, Touched: c.Touched})
		}
	}
	if p.Others, err = othersBeside(w.ctx, w.db, w.org.ID, p.Plan); err != nil {
		return p, err
	}
	p.Seen = seenOf(p.Plan)
	list, err := w.db.Analyses(w.ctx, w.org.ID)
	if err != nil {
		return p, fmt.Errorf("assess analyses: %w", err)
	}
	p.Tried, p.Before = tried(list, a.ID, ref)
	return p, nil
}

// seenOf tells two states of an activity and its series apart. What a form sends back with
// the confirmation is left out.
func seenOf(plan goalpost.AnalysisPlan) string {
	plan.Controls, plan.Pre.Start = nil, 0
	return plan.Hash()[:16]
}

// observe reads a series for a plan.
func (w proposer) observe(plan goalpost.AnalysisPlan, ref goalpost.SeriesRef) (Observed, error) {
	return observeFor(w.ctx, w.db, w.org, plan, ref, w.now)
}

// notes say what a person should know of the series before confirming.
func (w proposer) notes(plan goalpost.AnalysisPlan, y Observed) []goalpost.Note {
	var notes []goalpost.Note
	say := func(key string, args ...goalpost.Arg) {
		notes = append(notes, goalpost.NewNote("analysis.note."+key, args...))
	}
	a, scope := w.activity, plan.Series.Scope
	if a.Region != "" && len(scope.Regions) == 0 {
		say("wider-region", goalpost.TextArg(a.Region))
	}
	if a.Product != "" && len(scope.Products) == 0 {
		say("wider-product", goalpost.TextArg(a.Product))
	}
	if y.Empty() {
		say("no-data")
		return notes
	}
	post := plan.Post()
	switch {
	case y.Last < post.Start:
		say("not-begun", goalpost.DayArg(y.Last))
	case y.Last < post.Last():
		say("running", goalpost.DayArg(y.Last), goalpost.DayArg(post.Last()))
	}
	if a.HasCost && a.CostPartly || !a.HasCost {
		say("no-cost")
	}
	if y.Grain == goalpost.Weekly {
		say("weekly")
	}
	return notes
}

// tried counts the plans that were confirmed for an activity and a series, and names their
// analyses.
func tried(list []goalpost.Analysis, activity goalpost.ActivityID, ref goalpost.SeriesRef) (n int, ids []goalpost.AnalysisID) {
	for _, a := range list {
		if a.Activity == activity && a.Series.Same(ref) {
			n += len(a.Plans)
			ids = append(ids, a.ID)
		}
	}
	return n, ids
}
