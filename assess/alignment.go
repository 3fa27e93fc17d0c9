package assess

import (
	"context"
	"slices"

	"goalpost"
	"goalpost/store"
)

// Problems of the alignment table.
const (
	AlignOK         = "ok"
	AlignNoKPI      = "no-kpi"      // a goal that nobody measures
	AlignNoData     = "no-data"     // a goal whose KPI has no figures
	AlignNoGoal     = "no-goal"     // a KPI that serves no goal
	AlignLowerLayer = "lower-layer" // a goal judged on a lower layer
)

// Alignment holds the goals that Goals has judged against KPIs: goals without KPI,
// goals judged on a lower layer, and KPIs that the data give but no goal uses.
func Alignment(ctx context.Context, db *store.DB, org goalpost.Organisation, goals []Judged) ([]AlignmentRow, error) {
	codes, err := KPICodes(ctx, db, org.ID)
	if err != nil {
		return nil, err
	}
	return align(goals, codes), nil
}

func align(goals []Judged, codes []string) []AlignmentRow {
	var rows []AlignmentRow
	used := map[goalpost.Metric]bool{}
	for i, g := range goals {
		row := AlignmentRow{Problem: AlignOK, Goal: &goals[i], KPI: g.Version.KPI, Better: g.Verdict.BetterKPI}
		switch {
		case g.Version.KPI == "":
			row.Problem = AlignNoKPI
			if kind, ok := goalpost.GoalKindByCode(g.Goal.Code); ok {
				row.Better = kind.KPI
			}
		case g.Verdict.Decision == goalpost.NotMeasured && g.Version.State() == goalpost.Operational:
			row.Problem = AlignNoData
		case g.Verdict.Substitute:
			row.Problem = AlignLowerLayer
		}
		used[g.KPI.Numerator] = true
		used[g.KPI.Denominator] = true
		rows = append(rows, row)
	}
	order := []string{AlignNoKPI, AlignNoData, AlignLowerLayer, AlignOK, AlignNoGoal}
	for _, c := range codes {
		k, _ := goalpost.KPIByCode(c)
		if used[k.Numerator] || k.Aggregation == goalpost.AggRatio || k.Aggregation == goalpost.AggMean || k.Aggregation == goalpost.AggGrowth {
			continue
		}
		rows = append(rows, AlignmentRow{Problem: AlignNoGoal, KPI: c, Metric: k.Numerator})
	}
	slices.SortStableFunc(rows, func(a, b AlignmentRow) int {
		return slices.Index(order, a.Problem) - slices.Index(order, b.Problem)
	})
	return rows
}
