package main

import (
	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
)

// goalsAlignment holds goals against KPIs.
type goalsAlignment struct{}

// alignmentEntry is a line of the alignment table in JSON.
type alignmentEntry struct {
	Problem   string           `json:"problem"` // ok, no-kpi, no-data, no-goal, lower-layer
	Goal      *goalpost.GoalID `json:"goal"`    // null for a KPI that serves no goal
	Name      string           `json:"name"`
	KPI       string           `json:"kpi"`
	BetterKPI string           `json:"better_kpi"`
}

// Run lists goals nobody measures, goals judged on a lower layer, and KPIs that
// serve no goal.
func (goalsAlignment) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		goals, err := assess.Goals(p, db, org, assess.GoalsOptions{Now: p.now()})
		if err != nil {
			return err
		}
		rows, err := assess.Alignment(p, db, org, goals)
		if err != nil {
			return err
		}
		entries := []alignmentEntry{}
		for _, r := range rows {
			e := alignmentEntry{Problem: r.Problem, KPI: r.KPI, BetterKPI: r.Better}
			if r.Goal != nil {
				e.Goal, e.Name = &r.Goal.Goal.ID, document.GoalName(p.say, r.Goal.Goal, r.Goal.Version)
			}
			entries = append(entries, e)
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"alignment": entries})
		case "csv":
			var cells [][]string
			for _, e := range entries {
				id := ""
				if e.Goal != nil {
					id = plain(*e.Goal)
				}
				cells = append(cells, []string{e.Problem, id, e.Name, e.KPI, e.BetterKPI})
			}
			return p.writeCSV([]string{"problem", "goal", "name", "kpi", "better_kpi"}, cells)
		}
		var cells [][]string
		for _, e := range entries {
			cells = append(cells, []string{p.say.T("cli.alignment." + e.Problem), e.Name, p.say.Word("kpi." + e.KPI), p.say.Word("kpi." + e.BetterKPI)})
		}
		return p.writeTable([]column{{key: "cli.column.state", flex: true}, {key: "cli.column.goal", flex: true}, {key: "cli.column.kpi", flex: true}, {key: "cli.column.better-kpi", flex: true}}, cells)
	})
}
