package assess

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// AnalysisInput is what a person chose of a proposal. Empty fields take what is proposed.
type AnalysisInput struct {
	Activity   goalpost.ActivityID
	KPI        string
	Series     string   // key of a SeriesOption; it says the KPI too
	Controls   []string // keys of ControlOptions; nil: those proposed
	NoControls bool     // whatever is proposed
	Method     string   // auto, bma, causalimpact
	PreFrom    string   // first day of what is learned from
	Lag        string   // days after a run in which an effect is looked for
	Smallest   string   // from what size on it would matter: "5%" of the mean before, or a number per day
	Margin     string   // "35%" of revenue, or an amount per order
	Why        string   // of a change
	Seen       string   // AnalysisProposal.Seen of the proposal that was shown; empty: none was
	Version    int      // of the plan in force when a change was begun; 0: not said
	By         string
	Now        time.Time
}

// AnalysisInputOf writes a plan as a person would have chosen it, so that a form can change
// a part of it and keeps the rest.
func AnalysisInputOf(plan goalpost.AnalysisPlan) AnalysisInput {
	in := AnalysisInput{Activity: plan.Activity, Series: SeriesKey(plan.Series), Method: plan.Method, PreFrom: plan.Pre.Start.String(), NoControls: len(plan.Controls) == 0, Version: plan.Version}
	for _, c := range plan.Controls {
		in.Controls = append(in.Controls, SeriesKey(c.SeriesRef))
	}
	if plan.LagDays > 0 {
		in.Lag = strconv.Itoa(plan.LagDays)
	}
	share := func(x float64) string { return strconv.FormatFloat(x*100, 'g', 12, 64) + "%" } // 0.07 × 100 is not quite 7
	amount := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	if t := plan.SmallestEffect; t != nil {
		if in.Smallest = amount(t.Value); t.Kind == goalpost.TargetChange {
			in.Smallest = share(t.Value)
		}
	}
	if m := plan.Margin; m != nil {
		if in.Margin = amount(m.PerUnit); m.Share != 0 {
			in.Margin = share(m.Share)
		}
	}
	return in
}

// maxLag is the longest time after a run in which an effect is looked for.
const maxLag = 90

// ConfirmAnalysis writes down what is going to be computed, before anything is.
func ConfirmAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, in AnalysisInput) (goalpost.Analysis, error) {
	plan, err := planOf(ctx, db, org, in)
	if err != nil {
		return goalpost.Analysis{}, err
	}
	a, err := db.CreateAnalysis(ctx, org.ID, plan)
	if err != nil {
		return a, fmt.Errorf("assess confirm analysis: %w", err)
	}
	return a, nil
}

// ChangeAnalysis confirms another plan for the same activity and series. The earlier plan
// and its results stay, and everybody sees that it was changed, when and why.
func ChangeAnalysis(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.AnalysisID, in AnalysisInput) (goalpost.Analysis, error) {
	a, err := db.Analysis(ctx, org.ID, id)
	if err != nil {
		return a, fmt.Errorf("assess change analysis %d: %w", id, err)
	}
	if strings.TrimSpace(in.Why) == "" {
		return a, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis.why-missing", Field: "why", Flag: "--why"}
	}
	in.Activity, in.Series = a.Activity, SeriesKey(a.Series)
	plan, err := planOf(ctx, db, org, in)
	if err != nil {
		return a, err
	}
	if plan.SameQuestion(a.Plan()) {
		return a, nil // nothing was changed, or the button was pressed twice
	}
	if in.Version != 0 && in.Version != a.Plan().Version {
		return a, goalpost.Errorf(goalpost.Conflict, "error.conflict")
	}
	plan.Version, plan.Why = a.Plan().Version+1, strings.TrimSpace(in.Why)
	if fault := goalpost.TextFault(plan.Why, maxActivityText); fault != "" { // it would stay in the plan for good
		return a, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity." + fault, Field: "why", Args: []goalpost.Arg{goalpost.NumberArg(maxActivityText)}}
	}
	if a, err = db.AddAnalysisPlan(ctx, org.ID, id, plan); err != nil {
		return a, fmt.Errorf("assess change analysis %d: %w", id, err)
	}
	return a, nil
}

// planOf reads what was chosen.
func planOf(ctx context.Context, db *store.DB, org goalpost.Organisation, in AnalysisInput) (goalpost.AnalysisPlan, error) {
	p, err := ProposeAnalysis(ctx, db, org, in)
	if err != nil {
		return goalpost.AnalysisPlan{}, err
	}
	if in.Seen != "" && in.Seen != p.Seen {
		return p.Plan, goalpost.Errorf(goalpost.Conflict, "error.analysis.seen")
	}
	plan := p.Plan
	plan.At, plan.By = in.Now.UTC().Truncate(time.Microsecond), in.By
	invalid := func(field, flag, key string, args ...goalpost.Arg) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis." + key, Field: field, Flag: flag, Args: args}
	}
	if in.Controls != nil || in.NoControls {
		if err := chooseControls(&plan, p, in); err != nil {
			return plan, err
		}
	}
	switch method := lower(in.Method); method {
	case "":
	case goalpost.MethodAuto, goalpost.MethodBMA, goalpost.MethodCausalImpact:
		plan.Method = method
	default:
		return plan, invalid("method", "--method", "method", goalpost.TextArg(in.Method))
	}
	if s := strings.TrimSpace(in.PreFrom); s != "" {
		d, err := goalpost.ReadDay(s)
		if err != nil {
			return plan, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.unreadable-date", Field: "pre_from", Flag: "--pre-from", Args: []goalpost.Arg{goalpost.TextArg(s)}}
		}
		if d >= plan.Pre.End || d < plan.Pre.End-maxPeriod {
			return plan, invalid("pre_from", "--pre-from", "pre-from", goalpost.DayArg(plan.Pre.End))
		}
		plan.Pre.Start = d
	}
	if s := strings.TrimSpace(in.Lag); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > maxLag {
			return plan, invalid("lag", "--lag", "lag", goalpost.TextArg(s), goalpost.NumberArg(maxLag))
		}
		plan.LagDays = n
	}
	if plan.SmallestEffect, err = readSmallest(in.Smallest); err != nil {
		return plan, err
	}
	plan.Margin, err = readMargin(in.Margin, p.Currency, plan.Currency, org)
	return plan, err
}

// chooseControls takes the controls that a person chose from those offered.
func chooseControls(plan *goalpost.AnalysisPlan, p AnalysisProposal, in AnalysisInput) error {
	plan.Controls = []goalpost.AnalysisControl{}
	if in.NoControls {
		return nil
	}
	for _, key := range in.Controls {
		at := slices.IndexFunc(p.Controls, func(o ControlOption) bool { return o.Key == key })
		if at < 0 {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis.control", Field: "controls", Flag: "--control", Args: []goalpost.Arg{goalpost.TextArg(key)}}
		}
		o := p.Controls[at]
		if slices.ContainsFunc(plan.Controls, func(c goalpost.AnalysisControl) bool { return c.Same(o.Ref) }) {
			continue
		}
		if o.Missing > 0 {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis.control-holes", Field: "controls", Flag: "--control", Args: []goalpost.Arg{goalpost.TextArg(key), goalpost.NumberArg(float64(o.Missing))}}
		}
		plan.Controls = append(plan.Controls, goalpost.AnalysisControl{SeriesRef: o.Ref, Touched: o.Touched})
	}
	return nil
}

// readSmallest reads from what size on an effect would matter.
func readSmallest(text string) (*goalpost.Target, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil //nolint:nilnil // nothing was said, which is no error
	}
	t, err := readShareOr(text)
	if err != nil || t.Value <= 0 || t.Kind == goalpost.TargetChange && t.Value > 10 {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis.smallest", Field: "smallest", Flag: "--smallest-effect", Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	return &t, nil
}

// readMargin reads what is left of sales: a share of a series of money, an amount per unit
// of any other.
func readMargin(text, seriesCurrency, costCurrency string, org goalpost.Organisation) (*goalpost.Margin, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil //nolint:nilnil // nothing was said, which is no error
	}
	invalid := func(key string) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.analysis." + key, Field: "margin", Flag: "--margin", Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	t, err := readShareOr(text)
	switch {
	case err != nil || t.Value <= 0:
		return nil, invalid("margin")
	case seriesCurrency != "" && (t.Kind != goalpost.TargetChange || t.Value > 1):
		return nil, invalid("margin-share")
	case seriesCurrency != "":
		return &goalpost.Margin{Share: t.Value}, nil
	case t.Kind == goalpost.TargetChange:
		return nil, invalid("margin-amount")
	}
	if costCurrency == "" {
		costCurrency = org.Currency
	}
	return &goalpost.Margin{PerUnit: t.Value, Currency: costCurrency}, nil
}

// readShareOr reads "5%" as a share (a change) and "12,50" as a number.
func readShareOr(text string) (goalpost.Target, error) {
	s := strings.TrimSpace(text)
	if strings.HasSuffix(s, "%") {
		return ParseTarget("+"+strings.TrimLeft(s, "+ "), goalpost.KPI{Unit: goalpost.UnitMoney})
	}
	return ParseTarget(s, goalpost.KPI{Unit: goalpost.UnitMoney})
}
