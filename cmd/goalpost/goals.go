package main

import (
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/locale"
	"goalpost/store"
)

// goalsCommand judges the goals, sets and changes them.
type goalsCommand struct {
	List      goalsList      `cmd:"" default:"withargs" help:"goals-list"`
	Add       goalsAdd       `cmd:"" help:"goals-add"`
	Change    goalsChange    `cmd:"" help:"goals-change"`
	History   goalsHistory   `cmd:"" help:"goals-history"`
	Alignment goalsAlignment `cmd:"" help:"goals-alignment"`
}

// goalsList prints the verdicts.
type goalsList struct {
	AsOf string `placeholder:"DATE" help:"as-of"`
	Seen bool   `help:"seen"`
}

// Run judges all goals now, or as of a day.
func (c *goalsList) Run(p *program) error {
	asOf, err := optionalDay(c.AsOf, "--as-of")
	if err != nil {
		return err
	}
	if c.Seen && c.AsOf == "" {
		return usage("--seen needs --as-of")
	}
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		goals, err := assess.Goals(p, db, org, assess.GoalsOptions{AsOf: asOf, Seen: c.Seen, Now: p.now()})
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(document.GoalsOf(p.say, goals))
		case "csv":
			return p.goalsCSV(goals)
		}
		if c.AsOf != "" {
			key := "cli.goals.as-of"
			if c.Seen {
				key = "cli.goals.as-of-seen"
			}
			if err := p.paragraph("", p.say.T(key, goalpost.DayArg(asOf))); err != nil {
				return err
			}
			if len(goals) == 0 {
				return p.print("%s\n", p.say.T("cli.goals.none-then"))
			}
		}
		return p.goalsTable(goals)
	})
}

func (p *program) goalsCSV(goals []assess.Judged) error {
	var rows [][]string
	for _, j := range goals {
		e := document.GoalOf(p.say, j)
		cells := []string{"", "", "", ""}
		if x := e.Estimate; x != nil {
			cells = []string{number(x.Value), number(x.Lo), number(x.Hi), number(x.Level)}
		}
		rows = append(rows, append([]string{plain(e.Goal), plain(e.Version), e.Name, e.KPI, string(e.Decision), numberOr(e.Probability)},
			append(cells, numberOr(e.SoFar), numberOr(e.Target), dayText(e.Due), strconv.FormatBool(e.Substitute), e.BetterKPI, e.Reason, e.Settle, e.Owner)...))
	}
	return p.writeCSV([]string{"goal", "version", "name", "kpi", "decision", "probability", "value", "lo", "hi", "level", "so_far", "target", "due",
		"substitute", "better_kpi", "reason", "settle", "owner"}, rows)
}

// goalsTable prints one line a goal, then each verdict in sentences.
func (p *program) goalsTable(goals []assess.Judged) error {
	if len(goals) == 0 {
		return p.print("%s\n", p.say.T("cli.goals.none"))
	}
	var rows [][]string
	for _, j := range goals {
		v := j.Verdict
		expected, chance := p.say.T("cli.unknown"), ""
		if v.Estimate != nil {
			expected = p.say.Amount(v.Estimate.Value, j.KPI.Unit, j.Currency)
		}
		if v.Probability != nil {
			chance = p.say.VerdictChance(v)
		}
		rows = append(rows, []string{plain(j.Goal.ID), document.GoalName(p.say, j.Goal, j.Version), p.say.T(locale.DecisionKey(v)), chance, expected,
			p.amount(v.Target, j.KPI.Unit, j.Currency), dayText(v.Due)})
	}
	err := p.writeTable([]column{{key: "cli.column.id", right: true}, {key: "cli.column.goal", flex: true}, {key: "cli.column.decision"},
		{key: "cli.column.chance", right: true}, {key: "cli.column.estimate", right: true}, {key: "cli.column.target", right: true}, {key: "cli.column.due"}}, rows)
	if err != nil {
		return err
	}
	for _, j := range goals {
		if err := p.goalSentences(j); err != nil {
			return err
		}
	}
	return nil
}

// goalSentences prints a verdict as a person would say it.
func (p *program) goalSentences(j assess.Judged) error {
	name := document.GoalName(p.say, j.Goal, j.Version)
	t := p.say.Verdict(j.Verdict, name, j.KPI.Unit, j.Currency)
	if j.Version.KPI != "" {
		name += " · " + p.say.Word("kpi."+j.Version.KPI)
	}
	if err := p.print("\n%s  %s  %s %s\n", plain(j.Goal.ID), oneLine(name), locale.Dots(t.BadgeDots), t.Badge); err != nil {
		return err
	}
	lines := append([]string{t.Sentence, t.Remark}, t.First...)
	lines = append(lines, t.Range, t.Chance, t.Reason, t.Moved)
	lines = append(lines, t.Compared...)
	lines = append(lines, t.Doubts...)
	if t.Settle != "" {
		lines = append(lines, p.say.T("cli.goals.settle", goalpost.TextArg(t.Settle)))
	}
	for _, l := range lines {
		if err := p.paragraph("   ", l); err != nil {
			return err
		}
	}
	return nil
}
