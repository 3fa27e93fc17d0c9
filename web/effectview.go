package web

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/infer"
	"goalpost/locale"
)

// effectSubject is what an effect was looked for in, as it is written on the page.
type effectSubject struct {
	Series   string // its name: "Orders, North"
	Grain    string // day or week
	Unit     goalpost.Unit
	Currency string
}

// subjectOf names what a report is about.
func subjectOf(series string, r assess.EffectReport) effectSubject {
	sub := effectSubject{Series: series, Grain: string(goalpost.Daily), Unit: goalpost.UnitCount, Currency: r.Currency}
	if r.Currency != "" {
		sub.Unit = goalpost.UnitMoney
	}
	if r.Grain == string(goalpost.Weekly) {
		sub.Grain = r.Grain
	}
	return sub
}

// EffectView is the answer about an effect in words and pictures.
type EffectView struct {
	Word        string // the decision
	Dots        string
	Badge       string // how good the evidence is
	BadgeHelp   string
	BadgeClass  string
	Sentence    string
	Range       string
	Chance      string
	Relative    string
	Compared    string
	Doubt       string // the strongest
	Reason      string
	SettleTitle string
	Settle      []string
	Money       []Fact
	MoneyText   string
	BarTitle    string
	Bar         template.HTML
	BarNarrow   template.HTML

	ChartTitle    string
	Chart         template.HTML
	ChartNarrow   template.HTML
	PlaceboText   string
	Placebo       template.HTML
	PlaceboNarrow template.HTML
	Checks        CheckTable // those that failed or were not possible
	Held          CheckTable // passed, folded away
	HeldTitle     string
	Covariates    []CovariateRow
	Notes         []string
	Facts         []Fact
	DayTitle      string
	HasSum        bool
	Rows          []EffectRow
	TableNote     string
	PaperNote     string
}

// CheckRow is a check that could overturn the answer.
type CheckRow struct {
	Name, Result, Sentence, Value, Limit string
	Failed                               bool
}

// CheckTable is a table of checks.
type CheckTable struct {
	Page
	Name string // of the table, for who does not see it
	Rows []CheckRow
}

// CovariateRow is a control and what it contributed.
type CovariateRow struct {
	Name, Weight, Mean, SD string
}

// EffectRow is one day of the table. Screen keeps it off paper.
type EffectRow struct {
	Day, Observed, Expected, Range, Difference, Sum, SumRange string
	Screen                                                    bool
}

// effectView writes everything that is known about an effect.
func (p Page) effectView(r assess.EffectReport, sub effectSubject) EffectView {
	say := p.printer.Note
	a := r.Answer()
	v := EffectView{Word: p.T("decision." + string(r.Decision)), Dots: locale.Dots(a.Dots), Badge: say(a.Badge), BadgeHelp: say(a.BadgeHelp), BadgeClass: badgeClass(a.Dots), Sentence: say(a.Headline),
		Range: say(a.Span), Chance: say(a.Chance), Compared: say(a.Compared), Doubt: say(a.Doubt), Reason: say(a.Reason), SettleTitle: say(a.SettleTitle), Settle: p.printer.Notes(a.Settle),
		PlaceboText: say(a.Placebo), MoneyText: say(a.Money), Notes: p.printer.Notes(r.Notes), ChartTitle: p.say("web.effect.chart."+sub.Grain, goalpost.TextArg(sub.Series))}
	if r.Estimated() && r.ProbabilityPositive != nil { // a refused estimate is not put on a bar
		if x := r.Relative; x != nil {
			value, lo, hi := p.signedSpread(*x, effectSubject{Unit: goalpost.UnitRate})
			v.Relative = p.say("web.effect.relative", goalpost.TextArg(value), goalpost.TextArg(lo), goalpost.TextArg(hi))
		}
		v.BarTitle = p.say("web.effect.bar", goalpost.TextArg(sub.Series), goalpost.TextArg(p.printer.Level(r.Level)))
		v.Bar, v.BarNarrow = p.effectBar(r, sub, v, false), p.effectBar(r, sub, v, true)
	}
	if len(r.Series) > 0 {
		v.Chart, v.ChartNarrow = inline(p.effectScene(r, sub, false), "effect", false), inline(p.effectScene(r, sub, true), "effect", true)
	}
	if x := r.Placebo; x != nil && len(x.List) > 0 {
		v.Placebo, v.PlaceboNarrow = inline(p.placeboScene(r, sub, false), "placebo", false), inline(p.placeboScene(r, sub, true), "placebo", true)
	}
	p.addMoney(&v, r)
	p.addChecks(&v, r)
	p.addEffectTable(&v, r, sub)
	p.addEffectFacts(&v, r)
	return v
}

// badgeClass colours a badge by its dots.
func badgeClass(dots int) string {
	switch dots {
	case 3:
		return "sure"
	case 2:
		return "doubt"
	}
	return ""
}

// change writes a difference with its sign.
func change(v float64, text string) string {
	if v > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

// spread writes a value and its interval, rounded to what the interval carries.
func (p Page) spread(r assess.Range, sub effectSubject) (value, lo, hi string) {
	return p.printer.Interval(infer.Estimate{Value: r.Value, Lo: r.Lo, Hi: r.Hi}, sub.Unit, sub.Currency)
}

// signedSpread is spread with signs.
func (p Page) signedSpread(r assess.Range, sub effectSubject) (value, lo, hi string) {
	value, lo, hi = p.spread(r, sub)
	return change(r.Value, value), change(r.Lo, lo), change(r.Hi, hi)
}

// effectBar is the effect added up, on a bar beside "no effect".
func (p Page) effectBar(r assess.EffectReport, sub effectSubject, v EffectView, narrow bool) template.HTML {
	d := chart.BarData{Title: v.BarTitle, Desc: v.Sentence + " " + v.Range, HasValue: true, Value: r.Cumulative.Value, Lo: r.Cumulative.Lo, Hi: r.Cumulative.Hi,
		TargetLabel: p.T("web.effect.bar.none"), Number: p.changeAxis(sub)}
	return inline(chart.DrawTargetBar(d, width(narrow)), "effect-bar", narrow)
}

// addMoney says whether it was worth it.
func (p Page) addMoney(v *EffectView, r assess.EffectReport) {
	m := r.Money
	if m == nil {
		return
	}
	margin := p.printer.Amount(m.Margin, goalpost.UnitMoney, m.Currency)
	if r.Currency != "" { // of revenue it is a share
		margin = p.printer.Percent(m.Margin)
	}
	v.Money = []Fact{{Name: p.T("web.effect.money.cost"), Text: p.printer.Amount(m.Cost, goalpost.UnitMoney, m.Currency)}, {Name: p.T("web.effect.money.margin"), Text: margin}}
	if m.Worth != nil {
		v.Money = append(v.Money, Fact{Name: p.T("web.effect.money.chance"), Text: p.printer.Chance(*m.Worth)})
	}
}

// addChecks lists the checks, those that failed first, and what the controls contributed.
func (p Page) addChecks(v *EffectView, r assess.EffectReport) {
	v.Checks.Page, v.Held.Page = p, p
	for _, c := range r.Checks {
		row := checkRow(p.printer, c)
		row.Name, row.Value, row.Limit = p.T("web.effect.check.name."+c.Name), p.printer.Number(c.Value), p.printer.Number(c.Limit)
		if c.Skipped {
			row.Value, row.Limit = "–", "–"
		}
		if c.Passed && !c.Skipped {
			v.Held.Rows = append(v.Held.Rows, row)
			continue
		}
		v.Checks.Rows = append(v.Checks.Rows, row)
	}
	if n := len(v.Held.Rows); n > 0 {
		v.HeldTitle = p.say("web.effect.checks.held", goalpost.NumberArg(float64(n)))
	}
	v.Checks.Name, v.Held.Name = p.T("web.effect.checks"), v.HeldTitle
	slices.SortStableFunc(v.Checks.Rows, func(a, b CheckRow) int { return cmp.Compare(weight(a), weight(b)) })
	v.Covariates = covariateRows(p.printer, r)
}

// checkRow is a check in words.
func checkRow(say *locale.Printer, c assess.EffectCheck) CheckRow {
	return CheckRow{Result: say.T("effect.check.outcome." + c.Outcome()), Sentence: say.Note(c.Sentence), Failed: !c.Passed && !c.Skipped}
}

// covariateRows says what the controls contributed.
func covariateRows(say *locale.Printer, r assess.EffectReport) (rows []CovariateRow) {
	var weights []float64
	for _, c := range r.Covariates {
		weights = append(weights, math.Round(c.Inclusion*1000)/1000)
	}
	written := say.Amounts(weights, goalpost.UnitRate, "")
	for i, c := range r.Covariates {
		rows = append(rows, CovariateRow{Name: c.Name, Weight: written[i], Mean: say.Decimal(c.Mean, 3), SD: say.Decimal(c.SD, 3)})
	}
	return rows
}

// nameControls writes the series of controls as words: a result keeps their codes.
func (p Page) nameControls(rows []CovariateRow, controls []goalpost.AnalysisControl) {
	for i, row := range rows {
		code, where, _ := strings.Cut(row.Name, " · ")
		if !slices.ContainsFunc(controls, func(c goalpost.AnalysisControl) bool { return c.KPI == code }) {
			continue // a region or a product, named as the table names it
		}
		rows[i].Name = p.printer.Word("kpi." + code)
		if where != "" {
			rows[i].Name += " · " + where
		}
	}
}

// weight orders checks: failed, passed, not possible.
func weight(c CheckRow) int {
	switch {
	case c.Failed:
		return 0
	case c.Value != "–":
		return 1
	}
	return 2
}
