package assess

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"goalpost"
	"goalpost/store"
)

// controls offers series that go their way without the activity: first those that are
// proposed, then those that a person may add, last those that the activity could have
// moved. all is how many there are, of which at most maxOffered are offered.
func (w proposer) controls(plan goalpost.AnalysisPlan, y Observed) (list []ControlOption, all int, err error) {
	rows := rowsOf(plan, y)
	outcome, _ := rows.values(y)
	list = slices.Concat(w.elsewhere(plan), w.otherProducts(plan), w.otherSeries(plan))
	all = len(list)
	list = list[:min(all, maxOffered)]
	for i := range list {
		c := &list[i]
		c.Key = SeriesKey(c.Ref)
		o, err := w.observe(plan, c.Ref)
		if err != nil {
			return nil, all, err
		}
		if _, c.Missing = rows.control(o, outcome); c.Missing > 0 {
			c.Chosen = false
			c.Why = goalpost.NewNote("analysis.control.holes", goalpost.NumberArg(float64(c.Missing)))
		}
	}
	rank := func(c ControlOption) int {
		switch {
		case c.Chosen:
			return 0
		case c.Touched:
			return 3
		case c.Missing > 0:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b ControlOption) int { return cmp.Compare(rank(a), rank(b)) })
	return list, all, nil
}

// seriesIn makes a reference to a series in one region and product.
func seriesIn(kpi string, regions, products []string) goalpost.SeriesRef {
	return goalpost.SeriesRef{KPI: kpi, Scope: goalpost.Scope{Regions: regions, Products: products}}
}

// elsewhere offers the same KPI in other regions. An activity that ran everywhere left
// none untouched.
func (w proposer) elsewhere(plan goalpost.AnalysisPlan) []ControlOption {
	if len(plan.Series.Scope.Regions) == 0 {
		return nil
	}
	var list []ControlOption
	for _, r := range w.parts(plan.Series.KPI, func(s store.SeriesInfo) string { return s.Region }) {
		if slices.Contains(plan.Series.Scope.Regions, r) {
			continue
		}
		list = append(list, ControlOption{Ref: seriesIn(plan.Series.KPI, []string{r}, plan.Series.Scope.Products), Chosen: true, Why: goalpost.NewNote("analysis.control.region", goalpost.TextArg(r))})
	}
	return list
}

// otherProducts offers the same KPI of other products: in the region of the activity
// they may have been moved along.
func (w proposer) otherProducts(plan goalpost.AnalysisPlan) []ControlOption {
	scope := plan.Series.Scope
	if len(scope.Products) == 0 {
		return nil
	}
	var list []ControlOption
	for _, p := range w.parts(plan.Series.KPI, func(s store.SeriesInfo) string { return s.Product }) {
		if slices.Contains(scope.Products, p) {
			continue
		}
		c := ControlOption{Ref: seriesIn(plan.Series.KPI, scope.Regions, []string{p}), Chosen: true, Why: goalpost.NewNote("analysis.control.product", goalpost.TextArg(p))}
		if len(scope.Regions) > 0 {
			c.Chosen, c.Touched, c.Why = false, true, goalpost.NewNote("analysis.control.same-region", goalpost.TextArg(strings.Join(scope.Regions, ", ")))
		}
		list = append(list, c)
	}
	return list
}

// parts lists the regions or products of a KPI's series.
func (w proposer) parts(kpi string, of func(store.SeriesInfo) string) []string {
	var list []string
	for _, s := range w.series {
		if p := of(s); string(s.Metric) == kpi && p != "" && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// otherSeries offers other quantities: of the web analytics, of networks, of anything
// that was imported.
func (w proposer) otherSeries(plan goalpost.AnalysisPlan) []ControlOption {
	var list []ControlOption
	for _, s := range w.series {
		k, ok := analysable(s.Metric)
		if !ok || k.Code == plan.Series.KPI && s.Network == "" && s.Account == 0 {
			continue
		}
		ref := goalpost.SeriesRef{KPI: k.Code}
		if s.Account != 0 {
			ref.Scope.Accounts = []goalpost.AccountID{s.Account}
		} else if s.Network != "" {
			ref.Scope.Networks = []goalpost.Network{s.Network}
		}
		if slices.ContainsFunc(list, func(c ControlOption) bool { return c.Ref.Same(ref) }) {
			continue
		}
		c := ControlOption{Ref: ref}
		w.judgeControl(&c, k, s)
		list = append(list, c)
	}
	return list
}

// judgeControl says whether the activity could have moved a series, and why it is
// proposed or not.
func (w proposer) judgeControl(c *ControlOption, k goalpost.KPI, s store.SeriesInfo) {
	a := w.activity
	touched := func(key string, args ...goalpost.Arg) {
		c.Touched, c.Why = true, goalpost.NewNote("analysis.control."+key, args...)
	}
	channel, isChannel := strings.CutPrefix(k.Code, "sessions_")
	switch {
	case s.Network != "" && (a.Network == "" || s.Network == a.Network):
		touched("same-network", goalpost.WordArg("network."+string(s.Network)))
	case k.Code == "spend":
		touched("spend")
	case k.Code == "sessions_social" || k.Code == "attributed_revenue":
		touched("social")
	case isChannel && (a.Network == "" || strings.Contains(channel, string(a.Network))):
		touched("same-network", goalpost.WordArg("network."+cmp.Or(string(a.Network), "other")))
	case k.Code == "sessions":
		touched("total")
	case k.Layer >= goalpost.Outcome:
		touched("outcome")
	case s.Network == "" && isChannel:
		c.Chosen, c.Why = true, goalpost.NewNote("analysis.control.channel")
	case s.Network != "":
		c.Why = goalpost.NewNote("analysis.control.network", goalpost.WordArg("network."+string(s.Network)))
	default:
		c.Why = goalpost.NewNote("analysis.control.unknown")
	}
}

// couldMove reports whether an activity could have moved a series: it ran there, for that
// product, on that network, or everywhere.
func couldMove(a goalpost.Activity, s goalpost.Scope) bool {
	apart := func(of string, list []string) bool {
		return of != "" && len(list) > 0 && !slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, of) })
	}
	if apart(a.Region, s.Regions) || apart(a.Product, s.Products) {
		return false
	}
	return a.Network == "" || len(s.Networks) == 0 || slices.Contains(s.Networks, a.Network)
}

// othersBeside lists other activities on the days in which an effect is looked for, if
// they could have moved the series or a control.
func othersBeside(ctx context.Context, db *store.DB, org goalpost.OrgID, plan goalpost.AnalysisPlan) ([]OtherActivity, error) {
	list, err := db.Activities(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess activities: %w", err)
	}
	post := plan.Post()
	var others []OtherActivity
	for _, a := range list {
		if a.ID == plan.Activity || a.Removed() {
			continue
		}
		o := OtherActivity{Activity: a, Series: couldMove(a, plan.Series.Scope)}
		o.Controls = slices.ContainsFunc(plan.Controls, func(c goalpost.AnalysisControl) bool { return couldMove(a, c.Scope) })
		for _, r := range a.Runs {
			o.Days += max(0, int(min(r.End, post.End)-max(r.Start, post.Start)))
		}
		if o.Days > 0 && (o.Series || o.Controls) {
			others = append(others, o)
		}
	}
	return others, nil
}
