package main

import (
	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/ingest"
)

// understandingCommand holds beliefs against answers. It needs no data directory.
type understandingCommand struct {
	Beliefs     string `arg:"" help:"understanding-beliefs"`
	Answers     string `arg:"" help:"understanding-answers"`
	Blank       string `placeholder:"no|missing" env:"-" help:"share-blank"`
	sampleFlags `embed:""`
}

// Run reads both tables, scores and prints.
func (c *understandingCommand) Run(p *program) error {
	t, err := c.sample()
	if err != nil {
		return err
	}
	if t.Blank = c.Blank; t.Blank != "" && t.Blank != "no" && t.Blank != "missing" {
		return shareFault("blank-flag", "--blank")
	}
	var report assess.UnderstandingReport
	err = withSource(c.Beliefs, func(beliefs ingest.Source) error {
		return c.sources(c.Answers, &t, func(answers ingest.Source) (err error) {
			report, err = assess.Understanding(p, beliefs, answers, t)
			return err
		})
	})
	if err != nil {
		return err
	}
	switch p.flags.Output {
	case "json":
		return p.writeJSON(document.UnderstandingOf(p.say, report))
	case "csv":
		return p.understandingCSV(report)
	}
	return p.understandingTable(report)
}

// understandingCSV prints one belief a row, those of the team together without a member.
func (p *program) understandingCSV(r assess.UnderstandingReport) error {
	var rows [][]string
	add := func(member string, list []assess.UnderstandingItem) {
		for _, i := range list {
			rows = append(rows, []string{member, i.Item, plain(i.NoIdea), numberOr(i.Guess), numberOr(i.Low), numberOr(i.High), number(i.Answered), number(i.Lo), number(i.Hi), number(i.SE), plain(i.N), numberOr(i.Points), plain(i.Inside),
				numberOr(i.Penalty), numberOr(i.None), numberOr(i.Best)})
		}
	}
	add("", r.Items)
	for _, m := range r.Members {
		add(m.Member, m.Beliefs)
	}
	return p.writeCSV([]string{"member", "item", "no_idea", "guess", "low", "high", "answered", "lo", "hi", "se", "n", "points", "inside", "penalty", "penalty_no_idea", "penalty_best"}, rows)
}

// understandingTable prints what is to be said, then item by item and member by member.
func (p *program) understandingTable(r assess.UnderstandingReport) error {
	if err := p.lines("", p.say.Notes(r.Sentences)); err != nil {
		return err
	}
	var rows [][]string
	for _, i := range r.Items {
		row := []string{i.Item, p.say.T("cli.understanding.no-idea"), "", p.say.PercentDecimals(i.Answered, 0), p.span(i.Lo, i.Hi), ""}
		if !i.NoIdea {
			row[1], row[2], row[5] = p.say.PercentDecimals(*i.Guess, 0), p.span(*i.Low, *i.High), p.say.SignedPoints(rounded(*i.Points, 1))
		}
		rows = append(rows, row)
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	err := p.writeTable([]column{{key: "cli.column.item", flex: true}, {key: "cli.column.believed", right: true}, {key: "cli.column.believed-range", right: true}, {key: "cli.column.answered", right: true},
		{key: "cli.column.range", right: true}, {key: "cli.column.difference", right: true}}, rows)
	if err != nil {
		return err
	}
	if err := p.understandingMembers(r); err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.lines("", append(p.say.Notes(r.Meaning), p.say.Notes(r.Warnings)...))
}

// understandingMembers prints each member, where there are several.
func (p *program) understandingMembers(r assess.UnderstandingReport) error {
	if len(r.Members) < 2 {
		return nil
	}
	var rows [][]string
	for _, m := range r.Members {
		row := []string{m.Member, "", "", p.say.T("cli.understanding.covered", goalpost.PlainArg(m.Beside.Covered), goalpost.PlainArg(m.Beside.Guessed)), ""}
		if m.Shown != nil {
			row[1], row[2] = p.say.Decimal(*m.Shown, 0), p.say.T("cli.share.span", goalpost.TextArg(p.say.Decimal(*m.Lo, 0)), goalpost.TextArg(p.say.Decimal(min(*m.Hi, 100), 0)))
		}
		if m.Beside.Optimism != nil {
			row[4] = p.say.SignedPoints(rounded(100**m.Beside.Optimism, 1))
		}
		rows = append(rows, row)
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.writeTable([]column{{key: "cli.column.member", flex: true}, {key: "cli.column.score", right: true}, {key: "cli.column.range", right: true}, {key: "cli.column.covered", right: true}, {key: "cli.column.optimism", right: true}}, rows)
}
