package main

import (
	"errors"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
)

// kpiCommand computes KPIs of a period.
type kpiCommand struct {
	Codes   []string `arg:"" optional:"" name:"code" help:"kpi-code"`
	From    string   `placeholder:"DATE" help:"from"`
	Until   string   `placeholder:"DATE" help:"until"`
	Account []string `placeholder:"NAME" sep:"none" help:"scope-account"`
	Network []string `placeholder:"NAME" help:"scope-network"`
	Region  []string `placeholder:"NAME" sep:"none" help:"scope-region"`
	Product []string `placeholder:"NAME" sep:"none" help:"scope-product"`
	AsOf    string   `placeholder:"DATE" help:"as-of"`
	Seen    bool     `help:"seen"`
}

// Run computes the named KPIs, or all that the data can supply.
func (c *kpiCommand) Run(p *program) error {
	from, err := optionalDay(c.From, "--from")
	if err != nil {
		return err
	}
	until, err := optionalDay(c.Until, "--until")
	if err != nil {
		return err
	}
	asOf, err := optionalDay(c.AsOf, "--as-of")
	if err != nil {
		return err
	}
	if c.Seen && c.AsOf == "" {
		return usage("--seen needs --as-of")
	}
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		list, err := assess.KPIs(p, db, org, assess.KPIsQuery{Codes: c.Codes, From: from, Until: until, Accounts: c.Account, Networks: c.Network,
			Regions: c.Region, Products: c.Product, AsOf: asOf, Seen: c.Seen, Now: p.now()})
		if err != nil {
			return kpiError(err)
		}
		return c.show(p, document.KPIsOf(p.say, list).KPIs)
	})
}

// kpiError names the argument that was not known.
func kpiError(err error) error {
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Field == "kpi" && len(e.Args) > 0 {
		e.Field, e.Flag = "", e.Args[0].Text
	}
	return err
}

func (c *kpiCommand) show(p *program, entries []document.KPI) error {
	switch p.flags.Output {
	case "json":
		return p.writeJSON(document.KPIs{KPIs: entries})
	case "csv":
		var rows [][]string
		for _, e := range entries {
			rows = append(rows, []string{e.Code, e.From.String(), e.Until.String(), numberOr(e.Value), numberOr(e.Numerator), numberOr(e.Denominator),
				string(e.Unit), e.Currency, strconv.Itoa(e.Posts), strconv.Itoa(e.Days), strconv.Itoa(e.MissingDays), e.Definition})
		}
		return p.writeCSV([]string{"kpi", "from", "until", "value", "numerator", "denominator", "unit", "currency", "posts", "days", "missing_days", "definition"}, rows)
	}
	if len(entries) == 0 {
		return p.print("%s\n", p.say.T("cli.kpi.none"))
	}
	var rows [][]string
	nothing := true
	for _, e := range entries {
		name := e.Name
		if len(e.Doubts) > 0 {
			name += " *"
		}
		rows = append(rows, []string{name, p.amount(e.Value, e.Unit, e.Currency), p.numerator(e), p.part(e.Denominator), p.part(ints(e.Posts)), p.part(ints(e.Days)), p.part(ints(e.MissingDays))})
		nothing = nothing && e.Value == nil
	}
	if err := p.print("%s\n", p.say.Range(entries[0].From, entries[0].Until)); err != nil {
		return err
	}
	err := p.writeTable([]column{{key: "cli.column.kpi", flex: true}, {key: "cli.column.value", right: true}, {key: "cli.column.numerator", right: true},
		{key: "cli.column.denominator", right: true}, {key: "cli.column.posts", right: true}, {key: "cli.column.days", right: true}, {key: "cli.column.missing-days", right: true}}, rows)
	if err != nil {
		return err
	}
	if len(c.Codes) == 0 {
		return p.kpiDoubts(entries, nothing)
	}
	for _, e := range entries {
		if err := p.kpiDetails(e); err != nil {
			return err
		}
	}
	return nil
}

// kpiDoubts says below the overview what may be wrong with single values, each thing once,
// and where there are data if the period has none.
func (p *program) kpiDoubts(entries []document.KPI, nothing bool) error {
	if nothing {
		return p.paragraph("", p.say.T("cli.kpi.nothing-here"))
	}
	var said []string
	for _, e := range entries {
		for _, d := range p.say.Notes(e.Doubts) {
			if !slices.Contains(said, d) {
				said = append(said, d)
			}
		}
	}
	for _, d := range said {
		if err := p.paragraph("", "* "+d); err != nil {
			return err
		}
	}
	return nil
}

// kpiDetails prints what was counted, from what, and what was not available.
func (p *program) kpiDetails(e document.KPI) error {
	if err := p.print("\n%s\n", oneLine(e.Name)); err != nil {
		return err
	}
	lines := []string{p.say.T("cli.column.definition") + ": " + e.Definition}
	lines = append(lines, e.Sources...)
	for _, u := range e.NotAvailable {
		who := p.say.Word("network." + string(u.Network))
		if u.Account != "" {
			who += " " + u.Account
		}
		lines = append(lines, p.say.T("cli.kpi.not-available", goalpost.TextArg(p.say.Word("metric."+string(u.Metric))), goalpost.TextArg(who),
			goalpost.NumberArg(float64(u.Posts)), goalpost.NumberArg(float64(u.Days))))
	}
	for _, l := range lines {
		if err := p.paragraph("  ", l); err != nil {
			return err
		}
	}
	return nil
}

// amount writes a KPI's value; a dash where nothing was measured.
func (p *program) amount(v *float64, unit goalpost.Unit, currency string) string {
	if v == nil {
		return p.say.T("cli.unknown")
	}
	return p.say.Amount(*v, unit, currency)
}

// part writes a numerator, a denominator or a count; a dash for none.
func (p *program) part(v *float64) string {
	if v == nil {
		return p.say.T("cli.unknown")
	}
	return p.say.Number(*v)
}

// numerator writes the numerator of a ratio, of money as money. Anything else has none
// that a person could read beside the value: reach is no sum.
func (p *program) numerator(e document.KPI) string {
	if e.Denominator == nil {
		return p.say.T("cli.unknown")
	}
	if e.Unit == goalpost.UnitMoney {
		return p.amount(e.Numerator, e.Unit, e.Currency)
	}
	return p.part(e.Numerator)
}

func ints(n int) *float64 {
	v := float64(n)
	return &v
}
