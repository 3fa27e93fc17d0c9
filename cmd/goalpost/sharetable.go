package main

import (
	"math"

	"goalpost"
	"goalpost/assess"
)

// rounded rounds to decimals, so that a sign before a zero does not stay.
func rounded(v float64, decimals int) float64 {
	scale := math.Pow(10, float64(decimals))
	return math.Round(v*scale) / scale
}

// span writes a range of shares.
func (p *program) span(lo, hi float64) string {
	return p.say.T("cli.share.span", goalpost.TextArg(p.say.PercentDecimals(lo, 0)), goalpost.TextArg(p.say.PercentDecimals(hi, 0)))
}

// shareTable prints the questions as tables, then what the ranges may be called.
func (p *program) shareTable(r assess.ShareReport) error {
	for k, q := range r.Questions() {
		if k > 0 {
			if err := p.print("\n"); err != nil {
				return err
			}
		}
		if err := p.shareQuestion(r, q); err != nil {
			return err
		}
	}
	if err := p.shareWeights(r.Weights); err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.lines("", append(p.say.Notes(r.Meaning), p.say.Notes(r.Warnings)...))
}

func (p *program) shareQuestion(r assess.ShareReport, q assess.ShareResult) error {
	precise := goalpost.TextArg("") // of groups each row says it
	if len(q.Groups) == 0 && q.NEff != nil {
		precise = goalpost.TextArg(p.say.Decimal(*q.NEff, 0))
	}
	if err := p.paragraph("", p.say.T("cli.share.question", goalpost.TextArg(q.Question), goalpost.NumberArg(float64(q.Base)), goalpost.NumberArg(float64(q.Asked)), precise, goalpost.TextArg(p.say.Level(r.Level)))); err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	if len(q.Groups) == 0 {
		if err := p.shareDomains(q.Kind, "", []assess.ShareDomain{q.ShareDomain}, false); err != nil {
			return err
		}
	} else if err := p.shareDomains(q.Kind, q.By, q.Groups, false); err != nil {
		return err
	}
	if err := p.shareChanges(r, q); err != nil {
		return err
	}
	return p.shareCross(r, q)
}

// shareDomains prints the options of one group or several.
func (p *program) shareDomains(kind, by string, list []assess.ShareDomain, letters bool) error {
	var rows [][]string
	for k, d := range list {
		key := oneLine(d.Key)
		if letters {
			key = p.say.T("cli.share.lettered", assess.Letter(k), goalpost.TextArg(key))
		}
		for _, row := range p.optionRows(kind, d) {
			rows = append(rows, append([]string{key}, row...))
		}
	}
	columns := []column{{key: "cli.column.group", flex: true}, {key: "cli.column.option", flex: true}, {key: "cli.column.share", right: true}, {key: "cli.column.range", right: true}, {key: "cli.column.unweighted", right: true},
		{key: "cli.column.respondents", right: true}, {key: "cli.column.n-eff", right: true}, {key: "cli.column.lower"}}
	if !letters {
		columns = columns[:len(columns)-1]
	}
	from := 0
	if by == "" {
		from = 1
	}
	for i := range rows {
		rows[i] = rows[i][from:len(columns)]
	}
	return p.writeTable(columns[from:], rows)
}

// optionRows are the cells of one group: its options, then numbers of all answers.
func (p *program) optionRows(kind string, d assess.ShareDomain) [][]string {
	var rows [][]string
	none := p.say.T("cli.share.none")
	for _, o := range d.Options {
		row := []string{p.optionName(kind, o.Key), none, "", "", "", "", o.Letters}
		switch {
		case o.Hidden:
			row[1] = p.say.T("cli.share.hidden")
		case o.Share != nil:
			decimals := 1
			if *o.Base < 100 { // finer ones would promise more than is known
				decimals = 0
			}
			row[1], row[2] = p.say.PercentDecimals(*o.Share, decimals), p.span(*o.Lo, *o.Hi)
			row[3], row[4] = p.say.PercentDecimals(*o.Unweighted, decimals), p.say.T("cli.share.of", goalpost.NumberArg(float64(*o.N)), goalpost.NumberArg(float64(*o.Base)))
			if o.TooUncertain {
				row[2] = p.say.T("cli.share.uncertain", goalpost.TextArg(row[2]))
			}
			if o.NEff != nil {
				row[5] = p.say.Decimal(*o.NEff, 0)
			}
		}
		rows = append(rows, row)
	}
	for _, n := range shareNumbers(d) {
		value := func(v float64) string {
			if n.part {
				return p.say.PercentDecimals(v, 1)
			}
			return p.say.Number(v)
		}
		rows = append(rows, []string{p.say.T("cli.share.number." + n.key), value(n.of.Value), p.say.T("cli.share.span", goalpost.TextArg(value(n.of.Lo)), goalpost.TextArg(value(n.of.Hi))), "", p.say.Number(float64(n.of.N)), "", ""})
	}
	return rows
}

// optionName is how an option is called: by its key, where the table does not know it.
func (p *program) optionName(kind, key string) string {
	switch {
	case kind == "nps" && key != "nps":
		return p.say.T("cli.share.part." + key)
	case kind == "nps", kind == "scale" && (key == "top2" || key == "bottom2"), kind == "number":
		return p.say.T("cli.share.number." + key)
	}
	return key
}

// shareNumber is a number of all answers.
type shareNumber struct {
	key  string
	of   *assess.ShareNumber
	part bool // a fraction
}

func shareNumbers(d assess.ShareDomain) (list []shareNumber) {
	for _, n := range []shareNumber{{"nps", d.Score, false}, {"top2", d.Top2, true}, {"bottom2", d.Bottom2, true}, {"net", d.Net, true}, {"mean", d.Mean, false}, {"median", d.Median, false}} {
		if n.of != nil {
			list = append(list, n)
		}
	}
	return list
}

func (p *program) shareChanges(r assess.ShareReport, q assess.ShareResult) error {
	if len(q.Changes) == 0 {
		return nil
	}
	var rows [][]string
	for _, c := range q.Changes {
		row := []string{p.say.T("cli.share.from-to", goalpost.TextArg(c.From), goalpost.TextArg(c.To)), p.optionName(q.Kind, c.Option), p.say.T("cli.share.none"), "", p.say.T("cli.share.change.open")}
		switch {
		case c.Hidden:
			row[2], row[4] = p.say.T("cli.share.hidden"), ""
		case c.Points != nil:
			write := func(v float64) string { return p.say.SignedPoints(rounded(v, 1)) }
			if c.Unit != "points" {
				write = p.say.Number
			}
			row[2], row[3] = write(*c.Points), p.say.T("cli.share.span", goalpost.TextArg(write(*c.Lo)), goalpost.TextArg(write(*c.Hi)))
		}
		if c.ChangeHolds(r.Level) {
			row[4] = p.say.T("cli.share.change.holds")
		}
		rows = append(rows, row)
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.writeTable([]column{{key: "cli.column.waves"}, {key: "cli.column.option", flex: true}, {key: "cli.column.change", right: true}, {key: "cli.column.range", right: true}, {key: "cli.column.more-than-chance"}}, rows)
}

func (p *program) shareCross(r assess.ShareReport, q assess.ShareResult) error {
	if q.Cross == nil {
		return nil
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	if err := p.shareDomains(q.Kind, q.Cross.Column, q.Cross.Groups, true); err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	for _, t := range q.Cross.Tests {
		key := "cli.share.test.open"
		switch {
		case t.PHolm == nil:
			key = "cli.share.test.none"
		case *t.PHolm < 1-r.Level:
			key = "cli.share.test.holds"
		}
		name := t.Option
		if name == "" {
			name = q.Question
		}
		if err := p.paragraph("", p.say.T(key, goalpost.TextArg(name), goalpost.TextArg(q.Cross.Column), p.numberArg(t.Statistic), p.numberArg(t.NDF), p.numberArg(t.DDF), p.chanceArg(t.PHolm))); err != nil {
			return err
		}
	}
	return p.paragraph("", p.say.T("cli.share.letters"))
}

func (p *program) numberArg(v *float64) goalpost.Arg {
	if v == nil {
		return goalpost.TextArg("")
	}
	return goalpost.TextArg(p.say.Number(*v))
}

// chanceArg is how often chance alone would show as much.
func (p *program) chanceArg(v *float64) goalpost.Arg {
	if v == nil {
		return goalpost.TextArg("")
	}
	return goalpost.TextArg(p.say.Chance(*v))
}

// shareWeights prints the sample beside the population, where it was weighted to one.
func (p *program) shareWeights(w assess.ShareWeights) error {
	if len(w.Population) == 0 {
		return nil
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	var rows [][]string
	for _, g := range w.Population {
		rows = append(rows, []string{g.Margin, g.Group, p.say.PercentDecimals(g.Population, 1), p.say.PercentDecimals(g.Sample, 1), p.say.PercentDecimals(g.After, 1), p.say.Number(float64(g.N)), p.say.Decimal(g.Factor, 2)})
	}
	err := p.writeTable([]column{{key: "cli.column.margin", flex: true}, {key: "cli.column.group", flex: true}, {key: "cli.column.population", right: true}, {key: "cli.column.sample", right: true}, {key: "cli.column.weighted", right: true},
		{key: "cli.column.respondents", right: true}, {key: "cli.column.factor", right: true}}, rows)
	if err != nil {
		return err
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.paragraph("", p.say.T("cli.share.weights", goalpost.TextArg(p.say.Decimal(w.NEffKish, 0)), goalpost.TextArg(p.say.Decimal(w.Max/w.Mean, 1)), goalpost.TextArg(p.say.Decimal(w.Min/w.Mean, 2))))
}

// shareCSV prints one option of a group a row, with what changed since the wave before.
func (p *program) shareCSV(r assess.ShareReport) error {
	var rows [][]string
	for _, q := range r.Questions() {
		add := func(column string, d assess.ShareDomain) {
			for _, o := range d.Options {
				row := []string{q.Question, column, d.Key, o.Key, numberOr(o.Share), numberOr(o.Lo), numberOr(o.Hi), numberOr(o.SE), whole(o.N), whole(o.Base), numberOr(o.Unweighted), numberOr(o.NEff), numberOr(o.Deff), o.Method,
					numberOr(o.BoundLo), numberOr(o.BoundHi), plain(o.Hidden), ""}
				rows = append(rows, append(row, changeCells(q, column, d.Key, o.Key)...))
			}
			for _, n := range shareNumbers(d) {
				row := []string{q.Question, column, d.Key, n.key, "", number(n.of.Lo), number(n.of.Hi), numberOr(n.of.SE), "", plain(n.of.N), "", "", "", "", "", "", "false", number(n.of.Value)}
				rows = append(rows, append(row, changeCells(q, column, d.Key, n.key)...))
			}
		}
		add("", q.ShareDomain)
		for _, g := range q.Groups {
			add(q.By, g)
		}
		if q.Cross != nil {
			for _, g := range q.Cross.Groups {
				add(q.Cross.Column, g)
			}
		}
	}
	return p.writeCSV([]string{"question", "by", "group", "option", "share", "lo", "hi", "se", "n", "base", "unweighted", "n_eff", "deff", "method", "bound_lo", "bound_hi", "hidden", "value",
		"change_from", "change_points", "change_lo", "change_hi", "change_p", "change_p_holm"}, rows)
}

// changeCells are what changed up to a wave.
func changeCells(q assess.ShareResult, column, group, option string) []string {
	if column == q.By && q.Waves {
		for _, c := range q.Changes {
			if c.To == group && c.Option == option {
				return []string{c.From, numberOr(c.Points), numberOr(c.Lo), numberOr(c.Hi), numberOr(c.P), numberOr(c.PHolm)}
			}
		}
	}
	return make([]string, 6)
}

func whole(n *int) string {
	if n == nil {
		return ""
	}
	return plain(*n)
}
