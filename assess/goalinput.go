package assess

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/store"
)

// AddGoal makes a goal from what a person entered. Its state follows from what is
// there: a wish has only a kind.
func AddGoal(ctx context.Context, db *store.DB, org goalpost.Organisation, in GoalInput) (goalpost.Goal, error) {
	if _, ok := goalpost.GoalKindByCode(in.Kind); !ok {
		return goalpost.Goal{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-goal", Field: "goal", Flag: "--goal", Args: []goalpost.Arg{goalpost.TextArg(in.Kind), goalpost.TextArg(goalCodes())}}
	}
	v := goalpost.GoalVersion{Version: 1, Owner: in.By}
	if err := fill(ctx, db, org, &v, in); err != nil {
		return goalpost.Goal{}, err
	}
	if twin, err := sameGoal(ctx, db, org.ID, in.Kind, v); err != nil || twin != 0 {
		if err == nil {
			err = goalpost.Errorf(goalpost.Conflict, "error.goal.there-already", goalpost.PlainArg(int(twin)))
		}
		return goalpost.Goal{}, err
	}
	g, err := db.CreateGoal(ctx, org.ID, in.Kind, v)
	if err != nil {
		return g, fmt.Errorf("assess add goal: %w", err)
	}
	return g, nil
}

// sameGoal finds a goal that is pursued and would be judged exactly alike.
func sameGoal(ctx context.Context, db *store.DB, org goalpost.OrgID, kind string, v goalpost.GoalVersion) (goalpost.GoalID, error) {
	if v.Target == nil || v.Period == nil {
		return 0, nil
	}
	list, err := db.Goals(ctx, org)
	if err != nil {
		return 0, fmt.Errorf("assess add goal: %w", err)
	}
	for _, g := range list {
		c := g.Current()
		if g.Code == kind && !c.Retired && c.KPI == v.KPI && c.Name == v.Name && c.Target != nil && *c.Target == *v.Target && c.Period != nil && *c.Period == *v.Period && c.Scope.Same(v.Scope) && c.Survey.Same(v.Survey) {
			return g.ID, nil
		}
	}
	return 0, nil
}

// ChangeGoal adds a version to a goal. Every change says why.
func ChangeGoal(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.GoalID, in GoalInput) (goalpost.Goal, error) {
	g, err := db.Goal(ctx, org.ID, id)
	if err != nil {
		return g, fmt.Errorf("assess change goal %d: %w", id, err)
	}
	if strings.TrimSpace(in.Why) == "" {
		return g, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.why-missing", Field: "why", Flag: "--why"}
	}
	v := g.Current()
	v.Version++
	if err := fill(ctx, db, org, &v, in); err != nil {
		return g, err
	}
	g, err = db.AddGoalVersion(ctx, org.ID, id, v)
	if err != nil {
		return g, fmt.Errorf("assess change goal %d: %w", id, err)
	}
	return g, nil
}

// fill puts what was entered into a version; empty fields keep what is there.
func fill(ctx context.Context, db *store.DB, org goalpost.Organisation, v *goalpost.GoalVersion, in GoalInput) error {
	v.At, v.By, v.Why, v.Retired = in.Now.UTC(), in.By, strings.TrimSpace(in.Why), in.Retire
	if in.Name != "" {
		v.Name = in.Name
	}
	if in.Owner != "" {
		v.Owner = in.Owner
	}
	if in.KPI != "" {
		known, err := knownKPI(ctx, db, org.ID, in.KPI)
		if err != nil {
			return err
		}
		if !known {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-kpi", Field: "kpi", Flag: "--kpi", Args: []goalpost.Arg{goalpost.TextArg(in.KPI), goalpost.TextArg(kpiCodes())}}
		}
		v.KPI = in.KPI
	}
	if err := fillScope(ctx, db, org.ID, v, in); err != nil {
		return err
	}
	if err := fillPeriod(v, in); err != nil {
		return err
	}
	if err := fillSurvey(ctx, db, org.ID, v, in.Survey); err != nil {
		return err
	}
	if in.Baseline == "" && in.Target == "" {
		return nil
	}
	return fillTarget(ctx, db, org, v, in)
}

// knownKPI reports whether a code is in the catalogue or names an imported series.
func knownKPI(ctx context.Context, db *store.DB, org goalpost.OrgID, code string) (bool, error) {
	if _, ok := goalpost.KPIByCode(code); ok {
		return true, nil
	}
	list, err := db.SeriesList(ctx, org)
	if err != nil {
		return false, fmt.Errorf("assess kpi: %w", err)
	}
	return slices.ContainsFunc(list, func(s store.SeriesInfo) bool { return string(s.Metric) == code }), nil
}

func fillScope(ctx context.Context, db *store.DB, org goalpost.OrgID, v *goalpost.GoalVersion, in GoalInput) error {
	scope, err := ScopeOf(ctx, db, org, in.Accounts, in.Networks)
	if err != nil {
		return err
	}
	if len(in.Accounts) > 0 {
		v.Scope.Accounts = scope.Accounts
	}
	if len(in.Networks) > 0 {
		v.Scope.Networks = scope.Networks
	}
	if len(in.Regions) > 0 {
		v.Scope.Regions = in.Regions
	}
	if len(in.Products) > 0 {
		v.Scope.Products = in.Products
	}
	return nil
}

// ScopeOf turns names of accounts ("name" or "network:name", case does not count)
// and networks into a scope. An unknown name is refused with the known ones.
func ScopeOf(ctx context.Context, db *store.DB, org goalpost.OrgID, accounts, networks []string) (goalpost.Scope, error) {
	var s goalpost.Scope
	for _, n := range networks {
		network := goalpost.Network(strings.ToLower(strings.TrimSpace(n)))
		if !network.Valid() {
			return s, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-network", Field: "network", Flag: "--network", Args: []goalpost.Arg{goalpost.TextArg(n)}}
		}
		s.Networks = append(s.Networks, network)
	}
	if len(accounts) == 0 {
		return s, nil
	}
	known, err := db.Accounts(ctx, org)
	if err != nil {
		return s, fmt.Errorf("assess scope: %w", err)
	}
	for _, want := range accounts {
		found := false
		for _, a := range known {
			full := string(a.Network) + ":" + a.Name
			if strings.EqualFold(a.Name, want) || strings.EqualFold(full, want) {
				s.Accounts, found = append(s.Accounts, a.ID), true
			}
		}
		if !found && len(known) == 0 {
			return s, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.no-account", Field: "account", Flag: "--account", Args: []goalpost.Arg{goalpost.TextArg(want)}}
		}
		if !found {
			var names []string
			for _, a := range known {
				names = append(names, string(a.Network)+":"+a.Name)
			}
			return s, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-account", Field: "account", Flag: "--account",
				Args: []goalpost.Arg{goalpost.TextArg(want), goalpost.TextArg(strings.Join(names, ", "))}}
		}
	}
	return s, nil
}

func fillPeriod(v *goalpost.GoalVersion, in GoalInput) error {
	if in.From == "" && in.Until == "" {
		return nil
	}
	p := goalpost.Period{}
	if v.Period != nil {
		p = *v.Period
	}
	for _, f := range []struct {
		text, field string
		add         goalpost.Day
		to          *goalpost.Day
	}{{in.From, "from", 0, &p.Start}, {in.Until, "until", 1, &p.End}} {
		if f.text == "" {
			continue
		}
		d, err := goalpost.ReadDay(f.text)
		if err != nil {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.unreadable-date", Field: f.field, Flag: "--" + f.field,
				Args: []goalpost.Arg{goalpost.TextArg(f.text), goalpost.TextArg("--" + f.field)}}
		}
		*f.to = d + f.add
	}
	if p.Start == 0 || p.End == 0 || p.End <= p.Start {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.period-backwards", Field: "until", Flag: "--until"}
	}
	if p.Days() > maxPeriod {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.period-long", Field: "until", Flag: "--until", Args: []goalpost.Arg{goalpost.NumberArg(maxPeriod / 366)}}
	}
	v.Period = &p
	return nil
}

// maxPeriod is the longest period of a goal in days: ten years. Beyond it stands a
// slip of the hand, not a goal.
const maxPeriod = 3660

func fillTarget(ctx context.Context, db *store.DB, org goalpost.Organisation, v *goalpost.GoalVersion, in GoalInput) error {
	k, _ := goalpost.KPIByCode(v.KPI)
	if in.Baseline != "" {
		t, err := ParseTarget(in.Baseline, k)
		if err != nil || t.Kind == goalpost.TargetChange {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.target-unreadable", Field: "baseline", Flag: "--baseline", Args: []goalpost.Arg{goalpost.TextArg(in.Baseline)}}
		}
		v.Baseline = &t.Value
	}
	if in.Target == "" {
		return nil
	}
	t, err := ParseTarget(in.Target, k)
	if err != nil {
		return err
	}
	v.Target = &t
	if t.Kind != goalpost.TargetChange || v.Baseline != nil {
		return nil
	}
	if v.Survey != nil && v.Period != nil {
		return baselineOf(ctx, db, org, v)
	}
	if v.Period != nil && v.KPI != "" {
		q := question{kpi: k, version: *v, asOf: v.Period.Start}
		q.observed, err = observe(ctx, db, org.ID, query{kpi: k, scope: v.Scope, before: v.Period.Start, since: v.Period.Before().Start, zone: org.Zone()})
		if err != nil {
			return err
		}
		if x, ok := q.valueIn(v.Period.Before()); ok {
			v.Baseline = &x
			return nil
		}
	}
	if v.Period == nil {
		return &goalpost.Error{Kind: goalpost.Ask, Key: "error.goal.baseline-no-period", Field: "baseline", Flag: "--baseline"}
	}
	before := v.Period.Before()
	codes, err := KPICodes(ctx, db, org.ID)
	if err != nil {
		return err
	}
	if v.KPI != "" && !slices.Contains(codes, v.KPI) { // the true cause: there is nothing at all
		return &goalpost.Error{Kind: goalpost.Ask, Key: "error.goal.baseline-no-data", Field: "baseline", Flag: "--baseline", Args: []goalpost.Arg{goalpost.WordArg("kpi." + v.KPI)}}
	}
	return &goalpost.Error{Kind: goalpost.Ask, Key: "error.goal.baseline-missing", Field: "baseline", Flag: "--baseline", Args: []goalpost.Arg{goalpost.DayArg(before.Start), goalpost.DayArg(before.Last())}}
}

// dotOfThousands matches 5.000, which is five thousand to half of the world.
var dotOfThousands = regexp.MustCompile(`^-?[1-9]\d{0,2}(\.\d{3})+$`)

// ParseTarget reads "5000", "2.5%" or "+10%" (a change against the baseline, also
// "-10%"). A decimal comma is understood. A bare number for a rate is refused,
// because 2.5 could mean 2.5 % or 250 %; so is 5.000 for a count.
func ParseTarget(text string, k goalpost.KPI) (goalpost.Target, error) {
	s := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2212", "-").Replace(strings.TrimSpace(text))
	unreadable := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.target-unreadable", Field: "target", Flag: "--target", Args: []goalpost.Arg{goalpost.TextArg(text)}}
	percent := strings.HasSuffix(s, "%")
	s = strings.TrimSuffix(s, "%")
	signed := strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-")
	if i := strings.LastIndex(s, ","); i >= 0 {
		if strings.Contains(s, ".") || strings.Count(s, ",") > 1 || (len(s)-i == 4 && !percent) {
			return goalpost.Target{}, unreadable // 1,234 may be 1234 or 1.234
		}
		s = s[:i] + "." + s[i+1:]
	}
	if k.Unit != goalpost.UnitRate && k.Unit != goalpost.UnitPerPost && !percent && dotOfThousands.MatchString(s) {
		return goalpost.Target{}, &goalpost.Error{Kind: goalpost.Ask, Key: "error.goal.target-dot", Field: "target", Flag: "--target", Args: []goalpost.Arg{goalpost.TextArg(text), goalpost.TextArg(strings.ReplaceAll(s, ".", ""))}}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) > 1e15 {
		return goalpost.Target{}, unreadable
	}
	rate := k.Unit == goalpost.UnitRate
	switch {
	case percent && signed:
		return goalpost.Target{Kind: goalpost.TargetChange, Value: x / 100}, nil
	case percent && rate:
		return goalpost.Target{Kind: goalpost.TargetValue, Value: x / 100}, nil
	case percent: // 2.5% of what?
		return goalpost.Target{}, unreadable
	case rate:
		return goalpost.Target{}, &goalpost.Error{Kind: goalpost.Ask, Key: "error.goal.rate-needs-percent", Field: "target", Flag: "--target", Args: []goalpost.Arg{goalpost.TextArg(text)}}
	case signed:
		return goalpost.Target{}, unreadable
	}
	return goalpost.Target{Kind: goalpost.TargetValue, Value: x}, nil
}

// goalCodes lists the goals of the catalogue, for a message.
func goalCodes() string {
	var codes []string
	for _, k := range goalpost.GoalKinds() {
		codes = append(codes, k.Code)
	}
	return strings.Join(codes, ", ")
}

// kpiCodes lists the KPIs that can be counted, for a message.
func kpiCodes() string {
	var codes []string
	for _, k := range goalpost.KPIs() {
		if k.Aggregation != goalpost.AggElse {
			codes = append(codes, k.Code)
		}
	}
	return strings.Join(codes, ", ")
}
