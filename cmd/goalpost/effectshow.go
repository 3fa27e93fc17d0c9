package main

import (
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
	"goalpost/web"
)

// effectCSV prints one row of the series each.
func (p *program) effectCSV(r assess.EffectReport) error {
	rows := make([][]string, 0, len(r.Series))
	for _, d := range r.Series {
		rows = append(rows, []string{d.Date, numberOr(d.Observed), numberOr(d.Expected), numberOr(d.Lo), numberOr(d.Hi),
			numberOr(d.Sum), numberOr(d.SumLo), numberOr(d.SumHi), strconv.FormatBool(d.Post), strconv.FormatBool(d.Active)})
	}
	return p.writeCSV([]string{"date", "observed", "expected", "lo", "hi", "cumulative", "cumulative_lo", "cumulative_hi", "post", "active"}, rows)
}

// effectTable prints the answer as a person would say it, then the numbers and the checks.
func (p *program) effectTable(r assess.EffectReport) error {
	badge, _ := p.say.Badge(r.Dots)
	if r.Decision == goalpost.Negligible {
		badge = p.say.T("web.effect.badge.negligible")
	}
	if err := p.print("%s %s\n", locale.Dots(r.Dots), badge); err != nil {
		return err
	}
	lines := []string{p.say.Note(r.Headline), p.say.Note(r.Span), p.say.Note(r.Chance), p.say.Note(r.Compared)}
	if reason := p.say.Note(r.Reason); reason != "" {
		lines = append(lines, p.say.T("cli.effect.why", goalpost.TextArg(reason)))
	}
	if c, ok := r.Doubt(); ok {
		lines = append(lines, p.say.T("cli.effect.doubt", goalpost.TextArg(p.say.Note(c.Sentence))))
	}
	if r.Money != nil {
		lines = append(lines, p.say.Note(r.Money.Sentence))
	}
	if r.Placebo != nil {
		lines = append(lines, p.say.Note(r.Placebo.Sentence))
	}
	if err := p.lines("", lines); err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	if err := p.effectNumbers(r); err != nil {
		return err
	}
	settle := "cli.effect.settle"
	if r.Decision != goalpost.EffectCannotTell {
		settle = "cli.effect.could-show"
	}
	if err := p.list(settle, p.say.Notes(r.Settle)); err != nil {
		return err
	}
	var checks []string
	for _, c := range r.Checks {
		checks = append(checks, p.say.T(web.CheckOutcome(c))+": "+p.say.Note(c.Sentence))
	}
	if err := p.list("cli.effect.checks", checks); err != nil {
		return err
	}
	last := append(p.say.Notes(r.Notes), p.say.T("cli.effect.periods", goalpost.TextArg(p.moment(r.Pre.From)), goalpost.TextArg(p.moment(r.Pre.Until)), goalpost.PlainArg(r.Pre.Rows),
		goalpost.TextArg(p.moment(r.Post.From)), goalpost.TextArg(p.moment(r.Post.Until)), goalpost.PlainArg(r.Post.Rows), goalpost.WordArg("effect.rows."+r.Grain)),
		p.say.T("cli.effect.method", goalpost.TextArg(r.Method), goalpost.TextArg(p.say.Note(r.Choice))))
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.lines("", last)
}

// moment writes a row as its day, or as its number.
func (p *program) moment(label string) string {
	if d, err := goalpost.ParseDay(label); err == nil {
		return p.say.Day(d)
	}
	return label
}

// lines writes paragraphs; empty ones are left out.
func (p *program) lines(indent string, list []string) error {
	for _, l := range list {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if err := p.paragraph(indent, l); err != nil {
			return err
		}
	}
	return nil
}

// list writes a title and what stands below it.
func (p *program) list(title string, list []string) error {
	if len(list) == 0 {
		return nil
	}
	if err := p.print("\n%s\n", p.say.T(title)); err != nil {
		return err
	}
	return p.lines("   ", list)
}

// effectNumbers prints the estimates with their ranges.
func (p *program) effectNumbers(r assess.EffectReport) error {
	var rows [][]string
	for _, n := range web.EffectNumbers(p.say, r) {
		rows = append(rows, []string{n.Name, n.Value, n.Lo, n.Hi})
	}
	return p.writeTable([]column{{key: "cli.column.estimated", flex: true}, {key: "cli.column.value", right: true}, {key: "cli.column.from-range", right: true}, {key: "cli.column.to-range", right: true}}, rows)
}
