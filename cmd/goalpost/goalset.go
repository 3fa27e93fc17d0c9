package main

import (
	"errors"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/locale"
	"goalpost/store"
)

// goalFlags are what can be said about a goal.
type goalFlags struct {
	KPI      string   `name:"kpi" placeholder:"CODE" help:"goal-kpi"`
	Target   string   `placeholder:"N|N%|+N%" help:"goal-target"`
	From     string   `placeholder:"DATE" help:"goal-from"`
	Until    string   `placeholder:"DATE" help:"goal-until"`
	Name     string   `placeholder:"TEXT" help:"goal-name"`
	Account  []string `placeholder:"NAME" sep:"none" help:"scope-account"`
	Network  []string `placeholder:"NAME" help:"scope-network"`
	Region   []string `placeholder:"NAME" sep:"none" help:"scope-region"`
	Product  []string `placeholder:"NAME" sep:"none" help:"scope-product"`
	Baseline string   `placeholder:"N" help:"goal-baseline"`

	Survey    string   `placeholder:"ID|ADDRESS" help:"goal-survey"`
	Study     string   `placeholder:"CODE" help:"goal-study"`
	Question  string   `placeholder:"CODE" help:"goal-question"`
	Option    []string `placeholder:"CODE" help:"goal-option"`
	Statistic string   `placeholder:"share|top2|mean" help:"goal-statistic"`
	Exposed   string   `placeholder:"channel:CODE|QUESTION:OPTION" help:"goal-exposed"`
	Control   string   `placeholder:"channel:CODE|QUESTION:OPTION" help:"goal-control"`

	Owner string `placeholder:"NAME" help:"goal-owner"`
	Why   string `placeholder:"TEXT" help:"goal-why"`
}

// input is what the flags say, by whom and when.
func (f goalFlags) input(p *program, kind string) assess.GoalInput {
	return assess.GoalInput{Kind: kind, Name: f.Name, KPI: f.KPI, Target: locale.PlainNumber(p.say.Language(), f.Target), From: f.From, Until: f.Until, Accounts: f.Account, Networks: f.Network,
		Regions: f.Region, Products: f.Product, Baseline: locale.PlainNumber(p.say.Language(), f.Baseline), Owner: f.Owner, Why: f.Why, By: p.userName, Now: p.now(),
		Survey: assess.GoalSurveyInput{Survey: f.Survey, Study: f.Study, Question: f.Question, Options: f.Option, Statistic: f.Statistic, Exposed: f.Exposed, Control: f.Control}}
}

// goalsAdd sets a goal.
type goalsAdd struct {
	Goal string `required:"" placeholder:"CODE" help:"goal-kind"`
	goalFlags
}

// Run sets the goal and judges it.
func (c *goalsAdd) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		g, err := assess.AddGoal(p, db, org, c.input(p, c.Goal))
		if err != nil {
			return err
		}
		return p.goalSaved(db, org, g, p.say.T("cli.goals.added", goalpost.PlainArg(int(g.ID))))
	})
}

// goalsChange moves or retires a goal.
type goalsChange struct {
	ID     int64 `arg:"" name:"id" help:"goal-id"`
	Retire bool  `env:"-" help:"goal-retire"`
	goalFlags
}

// Run adds a version to the goal and judges it.
func (c *goalsChange) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		in := c.input(p, "")
		in.Retire = c.Retire
		g, err := assess.ChangeGoal(p, db, org, goalpost.GoalID(c.ID), in)
		if err != nil {
			return goalError(err, c.ID)
		}
		text := p.say.T("cli.goals.changed", goalpost.PlainArg(int(g.ID)), goalpost.PlainArg(g.Current().Version))
		if c.Retire {
			text = p.say.T("cli.goals.retired", goalpost.PlainArg(int(g.ID)))
		}
		return p.goalSaved(db, org, g, text)
	})
}

// goalError names the goal that there is not.
func goalError(err error, id int64) error {
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Kind == goalpost.NotFound && e.Key == "error.not-found" {
		return goalpost.Errorf(goalpost.NotFound, "error.flag.no-goal", goalpost.PlainArg(int(id)))
	}
	return err
}

// goalSaved keeps the new verdict and says what was done.
func (p *program) goalSaved(db *store.DB, org goalpost.Organisation, g goalpost.Goal, text string) error {
	if err := assess.RefreshVerdicts(p, db, org, p.now()); err != nil {
		return err
	}
	v := g.Current()
	if p.flags.Output == "table" {
		if err := p.print("%s\n", text); err != nil || v.Retired {
			return err
		}
		return p.paragraph("", p.understood(g, org))
	}
	if p.flags.Output == "csv" {
		return p.writeCSV([]string{"goal", "version", "state"}, [][]string{{plain(g.ID), plain(v.Version), string(v.State())}})
	}
	return p.writeJSON(map[string]any{"goal": g.ID, "version": v.Version, "state": v.State()})
}

// understood says a goal again, so that a slip of the hand is seen at once.
func (p *program) understood(g goalpost.Goal, org goalpost.Organisation) string {
	v := g.Current()
	if v.KPI == "" {
		return document.GoalName(p.say, g, v)
	}
	kpi, _ := goalpost.KPIByCode(v.KPI)
	currency := ""
	if kpi.Unit == goalpost.UnitMoney {
		currency = org.Currency
	}
	e := entryOfVersion(v)
	bound := "verdict.target.at-least"
	if kpi.LowerBetter {
		bound = "verdict.target.at-most"
	}
	target := p.say.T(bound, goalpost.TextArg(p.amount(e.Resolved, kpi.Unit, currency)))
	return p.say.T("cli.goals.understood", goalpost.TextArg(document.GoalName(p.say, g, v)), goalpost.TextArg(p.say.Word("kpi."+v.KPI)), goalpost.TextArg(target), goalpost.TextArg(p.days(e)))
}

// goalsHistory prints how a goal was moved.
type goalsHistory struct {
	ID int64 `arg:"" name:"id" help:"goal-id"`
}

// versionEntry is a version of a goal in JSON.
type versionEntry struct {
	goalpost.GoalVersion
	State    goalpost.GoalState `json:"state"`
	Resolved *float64           `json:"target_value"` // in the KPI's unit
	From     *goalpost.Day      `json:"from"`
	Until    *goalpost.Day      `json:"until"` // last day
}

// Run lists the versions, oldest first.
func (c *goalsHistory) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		g, err := db.Goal(p, org.ID, goalpost.GoalID(c.ID))
		if err != nil {
			return goalError(err, c.ID)
		}
		entries := []versionEntry{}
		for _, v := range g.Versions {
			entries = append(entries, entryOfVersion(v))
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"goal": g.ID, "code": g.Code, "versions": entries})
		case "csv":
			var rows [][]string
			for _, e := range entries {
				rows = append(rows, []string{plain(e.Version), e.At.UTC().Format(time.RFC3339), e.By, e.Why, string(e.State), e.KPI, numberOr(e.Resolved), dayText(e.From), dayText(e.Until), e.Owner})
			}
			return p.writeCSV([]string{"version", "at", "by", "why", "state", "kpi", "target", "from", "until", "owner"}, rows)
		}
		return p.historyLines(g, entries, org)
	})
}

func entryOfVersion(v goalpost.GoalVersion) versionEntry {
	e := versionEntry{GoalVersion: v, State: v.State()}
	if v.Target != nil {
		if x, ok := v.Target.Resolve(v.Baseline); ok {
			e.Resolved = &x
		}
	}
	if v.Period != nil {
		last := v.Period.Last()
		e.From, e.Until = &v.Period.Start, &last
	}
	return e
}

func (p *program) historyLines(g goalpost.Goal, entries []versionEntry, org goalpost.Organisation) error {
	if err := p.print("%s: %s\n", p.say.T("cli.history.title", goalpost.PlainArg(int(g.ID))), oneLine(document.GoalName(p.say, g, g.Current()))); err != nil {
		return err
	}
	for _, e := range entries {
		kpi, _ := goalpost.KPIByCode(e.KPI)
		currency := ""
		if kpi.Unit == goalpost.UnitMoney {
			currency = org.Currency
		}
		line := p.say.T("cli.history.version", goalpost.PlainArg(e.Version), goalpost.DayArg(goalpost.DayOf(e.At, org.Zone())), goalpost.TextArg(e.By),
			goalpost.WordArg("state."+string(e.State)))
		what := p.say.T("cli.history.target", goalpost.TextArg(p.say.Word("kpi."+e.KPI)), goalpost.TextArg(p.amount(e.Resolved, kpi.Unit, currency)), goalpost.TextArg(p.days(e)))
		if err := p.paragraph("", line); err != nil {
			return err
		}
		if err := p.paragraph("   ", what); err != nil {
			return err
		}
		if e.Why == "" {
			continue
		}
		if err := p.paragraph("   ", p.say.T("cli.column.why")+": "+strings.TrimSpace(e.Why)); err != nil {
			return err
		}
	}
	return nil
}

// days writes the days of a version; a dash where none were chosen.
func (p *program) days(e versionEntry) string {
	if e.Period == nil {
		return p.say.T("cli.unknown")
	}
	return p.say.Period(*e.Period)
}
