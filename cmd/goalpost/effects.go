package main

import (
	"errors"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/locale"
	"goalpost/store"
)

// effectsCommand lists what was looked into, shows it, and makes new analyses.
type effectsCommand struct {
	List effectsList `cmd:"" default:"withargs" help:"effects-list"`
	Show effectsShow `cmd:"" help:"effects-show"`
	New  effectsNew  `cmd:"" help:"effects-new"`
}

// effectsList lists the analyses.
type effectsList struct{}

// Run lists the analyses with what they gave.
func (c *effectsList) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		list, err := assess.Analyses(p, db, org, p.now())
		if err != nil {
			return err
		}
		entries := document.AnalysesOf(p.say, list)
		switch p.flags.Output {
		case "json":
			return p.writeJSON(entries)
		case "csv":
			return p.effectsCSV(entries)
		}
		return p.effectsTable(entries)
	})
}

func (p *program) effectsCSV(entries []document.AnalysisEntry) error {
	var rows [][]string
	for _, e := range entries {
		cells, at := []string{"", "", ""}, ""
		if e.Cumulative != nil {
			cells = []string{number(e.Cumulative.Value), number(e.Cumulative.Lo), number(e.Cumulative.Hi)}
		}
		if e.ComputedAt != nil {
			at = e.ComputedAt.UTC().Format(time.RFC3339)
		}
		rows = append(rows, append(append([]string{plain(e.Analysis), plain(e.Activity), e.Name, e.KPI, e.Series, string(e.Decision)}, cells...),
			number(e.Level), e.Currency, e.Method, plain(e.Tried), plain(e.Results), plain(e.Stale), at))
	}
	return p.writeCSV([]string{"analysis", "activity", "name", "kpi", "series", "decision", "cumulative", "lo", "hi", "level", "currency", "method", "tried", "results", "stale", "computed_at"}, rows)
}

func (p *program) effectsTable(entries []document.AnalysisEntry) error {
	if len(entries) == 0 {
		return p.print("%s\n", p.say.T("cli.effects.none"))
	}
	var rows [][]string
	for _, e := range entries {
		decision, effect := p.say.T("cli.effects.open"), p.say.T("cli.unknown")
		if e.Decision != "" {
			decision = p.say.T("decision." + string(e.Decision))
		}
		if c := e.Cumulative; c != nil {
			effect = p.say.T("cli.effects.range", goalpost.TextArg(p.quantity(c.Value, e.Currency)), goalpost.TextArg(p.quantity(c.Lo, e.Currency)), goalpost.TextArg(p.quantity(c.Hi, e.Currency)))
		}
		rows = append(rows, []string{plain(e.Analysis), e.Name, e.Series, decision, effect, plain(e.Tried)})
	}
	return p.writeTable([]column{{key: "cli.column.id", right: true}, {key: "cli.column.activity", flex: true}, {key: "cli.column.series", flex: true}, {key: "cli.column.decision"},
		{key: "cli.column.effect", right: true}, {key: "cli.column.tried", right: true}}, rows)
}

// quantity writes an amount of money, or a count.
func (p *program) quantity(v float64, currency string) string {
	unit := goalpost.UnitCount
	if currency != "" {
		unit = goalpost.UnitMoney
	}
	return p.say.Amount(v, unit, currency)
}

// effectsShow shows one analysis.
type effectsShow struct {
	ID int64 `arg:"" name:"id" help:"effects-id"`
}

// Run shows the newest result with the plan that it was computed by.
func (c *effectsShow) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		v, err := assess.ViewAnalysis(p, db, org, goalpost.AnalysisID(c.ID), p.now())
		if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Key == "error.not-found" {
			return goalpost.Errorf(goalpost.NotFound, "error.flag.no-analysis", goalpost.PlainArg(int(c.ID)))
		}
		if err != nil {
			return err
		}
		return p.showAnalysis(v)
	})
}

func (p *program) showAnalysis(v assess.AnalysisView) error {
	switch {
	case p.flags.Output == "json":
		return p.writeJSON(document.AnalysisOf(p.say, v))
	case v.Report == nil:
		return p.print("%s\n", p.say.T("cli.effects.open"))
	case p.flags.Output == "csv":
		return p.effectCSV(*v.Report)
	}
	if err := p.print("%s · %s\n", oneLine(v.Plan.Name), oneLine(p.say.Note(v.Series))); err != nil {
		return err
	}
	if err := p.effectTable(*v.Report); err != nil {
		return err
	}
	lines := append([]string{p.say.T("web.effect.tried", goalpost.NumberArg(float64(v.Tried)))}, p.say.Notes(v.Changes)...)
	lines = append(lines, p.say.T("cli.effects.recorded", goalpost.TextArg(v.Plan.By), goalpost.DayArg(goalpost.DayOf(v.Plan.At, time.UTC)), goalpost.TextArg(v.Plan.Hash()), goalpost.TextArg(v.Result.DataHash)))
	for _, l := range lines {
		if err := p.paragraph("", l); err != nil {
			return err
		}
	}
	return nil
}

// effectsNew proposes an analysis and, when it is confirmed, computes it.
type effectsNew struct {
	Activity   int64    `arg:"" name:"activity" help:"activity-id"`
	KPI        string   `name:"kpi" placeholder:"CODE" help:"effects-kpi"`
	Series     string   `placeholder:"KEY" help:"effects-series"`
	Control    []string `placeholder:"KEY" sep:"none" help:"effects-control"`
	NoControls bool     `env:"-" help:"effects-no-controls"`
	Method     string   `placeholder:"NAME" help:"effects-method"`
	PreFrom    string   `placeholder:"DATE" help:"effects-pre-from"`
	Lag        string   `placeholder:"DAYS" help:"effects-lag"`
	Smallest   string   `name:"smallest-effect" placeholder:"N|N%" help:"effects-smallest"`
	Margin     string   `placeholder:"N|N%" help:"effects-margin"`
	Confirm    bool     `env:"-" help:"effects-confirm"`
}

// Run shows what would be analysed; with --confirm it is written down, then computed.
func (c *effectsNew) Run(p *program) error {
	in := assess.AnalysisInput{Activity: goalpost.ActivityID(c.Activity), KPI: c.KPI, Series: c.Series, NoControls: c.NoControls, Method: c.Method, PreFrom: c.PreFrom, Lag: c.Lag,
		Smallest: locale.PlainNumber(p.say.Language(), c.Smallest), Margin: locale.PlainNumber(p.say.Language(), c.Margin), By: p.userName, Now: p.now()}
	if len(c.Control) > 0 {
		in.Controls = c.Control
	}
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		if !c.Confirm {
			proposal, err := assess.ProposeAnalysis(p, db, org, in)
			if err != nil {
				return activityError(err, c.Activity)
			}
			return p.showProposal(proposal)
		}
		a, err := assess.ConfirmAnalysis(p, db, org, in)
		if err != nil {
			return activityError(err, c.Activity)
		}
		if _, err := assess.RunAnalysis(p, db, org, a.ID, assess.RunOptions{Now: p.now(), Clock: p.now}); err != nil {
			return err
		}
		v, err := assess.ViewAnalysis(p, db, org, a.ID, p.now())
		if err != nil {
			return err
		}
		return p.showAnalysis(v)
	})
}

func (p *program) showProposal(x assess.AnalysisProposal) error {
	e := document.ProposalOf(p.say, x)
	if p.flags.Output == "json" {
		return p.writeJSON(e)
	}
	var rows [][]string
	for _, list := range []struct {
		what    string
		entries []document.ProposalSeries
	}{{"cli.effects.series", e.Series}, {"cli.effects.control", e.Controls}} {
		for _, s := range list.entries {
			chosen := ""
			if s.Chosen {
				chosen = "●"
			}
			rows = append(rows, []string{chosen, p.say.T(list.what), s.Key, s.Why})
		}
	}
	if p.flags.Output == "csv" {
		return p.writeCSV([]string{"chosen", "what", "key", "why"}, rows)
	}
	if err := p.writeTable([]column{{key: "cli.column.chosen"}, {key: "cli.column.what"}, {key: "cli.column.key"}, {key: "cli.column.why", flex: true}}, rows); err != nil {
		return err
	}
	lines := e.Notes
	if e.Tried > 0 {
		lines = append(lines, p.say.T("web.effect.tried", goalpost.NumberArg(float64(e.Tried))))
	}
	for _, note := range append(lines, p.say.T("cli.effects.not-yet")) {
		if err := p.paragraph("", note); err != nil {
			return err
		}
	}
	return nil
}
