package main

import (
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
	"goalpost/web"
)

// effectCSV prints one row of the series each.
func (p *program) effectCSV(r assess.EffectReport) error {
	rows := web.EffectCSV(r)
	return p.writeCSV(rows[0], rows[1:])
}

// effectTable prints the answer as a person would say it, then the numbers and the checks.
func (p *program) effectTable(r assess.EffectReport) error {
	a := r.Answer()
	if err := p.effectAnswer(a); err != nil {
		return err
	}
	if !r.Estimated() {
		return nil
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	if err := p.effectNumbers(r); err != nil {
		return err
	}
	if err := p.list(p.say.Note(a.SettleTitle), p.say.Notes(a.Settle)); err != nil {
		return err
	}
	var checks []string
	for _, c := range r.Checks {
		checks = append(checks, p.say.T("effect.check.outcome."+c.Outcome())+": "+p.say.Note(c.Sentence))
	}
	if err := p.list(p.say.T("cli.effect.checks"), checks); err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.lines("", web.EffectFacts(p.say, r))
}

// effectAnswer prints what is said of an effect.
func (p *program) effectAnswer(a assess.EffectAnswer) error {
	if err := p.print("%s %s\n", locale.Dots(a.Dots), p.say.Note(a.Badge)); err != nil {
		return err
	}
	lines := []string{p.say.Note(a.Headline), p.say.Note(a.Span)}
	if doubt := p.say.Note(a.Doubt); doubt != "" {
		lines = append(lines, p.say.T("effect.doubt")+" "+doubt)
	}
	return p.lines("", append(lines, p.say.Notes([]goalpost.Note{a.Reason, a.Chance, a.Compared, a.Money, a.Placebo})...))
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
	if err := p.print("\n%s:\n", title); err != nil {
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
