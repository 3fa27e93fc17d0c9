package web

import (
	"html/template"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/infer"
	"goalpost/locale"
)

// effectSubject is what an effect was looked for in, as people name it.
type effectSubject struct {
	Activity string
	KPI      string
	Scope    string // region and product, empty for all
	Grain    goalpost.Grain
	Unit     goalpost.Unit
	Currency string
}

// EffectView is the answer about an effect in words and pictures.
type EffectView struct {
	Word       string // the decision
	Dots       string
	Badge      string // how good the evidence is
	BadgeHelp  string
	BadgeClass string
	Sentence   string
	Range      string
	Chance     string
	Relative   string
	Compared   string
	Doubt      string // the strongest
	Reason     string
	Settle     []string
	Money      []Fact
	MoneyText  string
	BarTitle   string
	Bar        template.HTML
	BarNarrow  template.HTML

	ChartTitle    string
	Chart         template.HTML
	ChartNarrow   template.HTML
	PlaceboText   string
	Placebo       template.HTML
	PlaceboNarrow template.HTML
	Checks        []CheckRow
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
	v := EffectView{Word: p.T("decision." + string(r.Decision)), Dots: locale.Dots(r.Dots), Sentence: p.effectSentence(r, sub), Range: p.effectRange(r, sub),
		Reason: p.printer.Note(r.Reason), Settle: p.printer.Notes(r.Settle), Notes: p.printer.Notes(r.Notes), ChartTitle: p.say("web.effect.chart."+string(grainOf(sub)), p.seriesArg(sub))}
	v.Badge, v.BadgeClass = p.effectBadge(r)
	v.BadgeHelp = p.T("web.effect.dots." + string(rune('0'+min(max(r.Dots, 1), 3))))
	if r.Decision == goalpost.Negligible {
		v.BadgeHelp = p.T("web.effect.badge.negligible.help")
	}
	if c, ok := r.Doubt(); ok {
		v.Doubt = p.printer.Note(c.Sentence)
	}
	if r.Reason.IsZero() || v.Reason == v.Doubt {
		v.Reason = ""
	}
	if r.ProbabilityPositive != nil {
		v.Chance = p.say("web.effect.chance", goalpost.TextArg(p.printer.Chance(*r.ProbabilityPositive)))
	}
	if estimated(r) {
		if r.Relative != nil {
			v.Relative = p.say("web.effect.relative", goalpost.TextArg(p.signedPercent(r.Relative.Value)), goalpost.TextArg(p.signedPercent(r.Relative.Lo)), goalpost.TextArg(p.signedPercent(r.Relative.Hi)))
		}
		v.Compared = p.compared(r, sub)
		v.BarTitle = p.say("web.effect.bar", p.seriesArg(sub), goalpost.TextArg(p.printer.Level(r.Level)))
		v.Bar, v.BarNarrow = p.effectBar(r, sub, v.Sentence+" "+v.Range, false), p.effectBar(r, sub, v.Sentence+" "+v.Range, true)
	}
	if len(r.Series) > 0 {
		v.Chart, v.ChartNarrow = inline(p.effectScene(r, sub, false), "effect", false), inline(p.effectScene(r, sub, true), "effect", true)
	}
	if r.Placebo != nil && r.Placebo.Windows > 0 {
		v.PlaceboText = p.placeboText(*r.Placebo)
		v.Placebo, v.PlaceboNarrow = inline(p.placeboScene(r, sub, false), "placebo", false), inline(p.placeboScene(r, sub, true), "placebo", true)
	}
	p.addMoney(&v, r)
	p.addChecks(&v, r)
	p.addEffectTable(&v, r, sub)
	p.addEffectFacts(&v, r)
	return v
}

// effectBadge is how good the evidence is, and the class of its badge.
func (p Page) effectBadge(r assess.EffectReport) (badge, class string) {
	badge, _ = p.printer.Badge(max(1, r.Dots))
	if r.Decision == goalpost.Negligible {
		badge = p.T("web.effect.badge.negligible")
	}
	switch r.Dots {
	case 3:
		class = "sure"
	case 2:
		class = "doubt"
	}
	return badge, class
}

// estimated reports whether there is an estimate at all.
func estimated(r assess.EffectReport) bool {
	return r.Cumulative != assess.Range{} || r.Average != assess.Range{}
}

func grainOf(sub effectSubject) goalpost.Grain {
	if sub.Grain == goalpost.Weekly {
		return goalpost.Weekly
	}
	return goalpost.Daily
}

// seriesName is the series as a title: "Orders, North".
func (p Page) seriesName(sub effectSubject) string {
	name := p.printer.Word("kpi." + sub.KPI)
	if sub.Scope != "" {
		name += ", " + sub.Scope
	}
	return name
}

func (p Page) seriesArg(sub effectSubject) goalpost.Arg { return goalpost.TextArg(p.seriesName(sub)) }

// noun is the series within a sentence: "320 more orders".
func (p Page) noun(sub effectSubject) string {
	if key := "web.effect.noun." + sub.KPI; p.printer.Has(key) {
		return p.T(key)
	}
	return p.say("web.effect.noun.other", goalpost.WordArg("kpi."+sub.KPI))
}

// change writes a difference with its sign.
func change(v float64, text string) string {
	if v > 0 && strings.ContainsAny(text, "123456789") {
		return "+" + text
	}
	return text
}

func (p Page) signedPercent(v float64) string { return change(v, p.printer.Percent(v)) }

// spread writes a value and its interval, rounded to what the interval carries.
func (p Page) spread(r assess.Range, sub effectSubject) (value, lo, hi string) {
	return p.printer.Interval(infer.Estimate{Value: r.Value, Lo: r.Lo, Hi: r.Hi}, sub.Unit, sub.Currency)
}

// signedSpread is spread with signs.
func (p Page) signedSpread(r assess.Range, sub effectSubject) (value, lo, hi string) {
	value, lo, hi = p.spread(r, sub)
	return change(r.Value, value), change(r.Lo, lo), change(r.Hi, hi)
}

func (r rangeTexts) args() []goalpost.Arg {
	return []goalpost.Arg{goalpost.TextArg(r.value), goalpost.TextArg(r.lo), goalpost.TextArg(r.hi)}
}

// rangeTexts are a value and its interval as they are written.
type rangeTexts struct{ value, lo, hi string }

// effectSentence is the answer in one sentence, always a number with its word.
func (p Page) effectSentence(r assess.EffectReport, sub effectSubject) string {
	value, _, _ := p.spread(r.Cumulative, sub)
	args := []goalpost.Arg{goalpost.TextArg(sub.Activity), goalpost.TextArg(strings.TrimLeft(value, "−-")), goalpost.TextArg(p.noun(sub))}
	key := "web.effect.sentence.cannot-tell"
	sure := ".likely"
	if r.Dots >= 3 {
		sure = ".very-likely"
	}
	switch {
	case r.Decision == goalpost.Increase:
		key = "web.effect.sentence.increase" + sure
	case r.Decision == goalpost.Decrease:
		key = "web.effect.sentence.decrease" + sure
	case r.Decision == goalpost.Negligible && r.SmallestEffect != nil:
		key = "web.effect.sentence.negligible"
		args[1] = goalpost.TextArg(p.printer.Amount(*r.SmallestEffect, sub.Unit, sub.Currency))
	case r.Probably && r.Cumulative.Value > 0:
		key = "web.effect.sentence.probably-more"
	case r.Probably && r.Cumulative.Value < 0:
		key = "web.effect.sentence.probably-less"
	}
	return p.say(key, args...)
}

// effectRange is how far off the number could be.
func (p Page) effectRange(r assess.EffectReport, sub effectSubject) string {
	if !estimated(r) {
		return ""
	}
	t := rangeTexts{}
	t.value, t.lo, t.hi = p.spread(r.Cumulative, sub)
	key := "web.effect.range.more"
	switch {
	case r.Cumulative.Lo <= 0 && r.Cumulative.Hi >= 0:
		key = "web.effect.range.both"
		t.value, t.lo, t.hi = p.signedSpread(r.Cumulative, sub)
	case r.Cumulative.Hi < 0:
		key = "web.effect.range.less"
		t.lo, t.hi = strings.TrimLeft(t.hi, "−-"), strings.TrimLeft(t.lo, "−-")
	}
	return p.say(key, append(t.args(), goalpost.TextArg(p.noun(sub)), goalpost.TextArg(p.printer.Level(r.Level)))...)
}

// compared says what the observed values were compared with.
func (p Page) compared(r assess.EffectReport, sub effectSubject) string {
	t := rangeTexts{}
	t.value, t.lo, t.hi = p.spread(r.Expected, sub)
	grain := string(grainOf(sub))
	key := "web.effect.compared." + grain
	if len(r.Covariates) > 0 {
		key = "web.effect.compared-controls." + grain
	}
	return p.say(key, append(t.args(), goalpost.NumberArg(float64(r.Pre.Rows)), goalpost.NumberArg(float64(len(r.Covariates))))...)
}

// effectBar is the effect added up, on a bar beside "no effect".
func (p Page) effectBar(r assess.EffectReport, sub effectSubject, desc string, narrow bool) template.HTML {
	d := chart.BarData{Title: p.say("web.effect.bar", p.seriesArg(sub), goalpost.TextArg(p.printer.Level(r.Level))), Desc: desc, HasValue: true,
		Value: r.Cumulative.Value, Lo: r.Cumulative.Lo, Hi: r.Cumulative.Hi, TargetLabel: p.T("web.effect.bar.none"), Number: p.changeAxis(sub)}
	return inline(chart.DrawTargetBar(d, width(narrow)), "effect-bar", narrow)
}

func (p Page) placeboText(x assess.EffectPlacebo) string {
	key := "web.effect.placebo.some"
	switch x.Alarms {
	case 0:
		key = "web.effect.placebo.none"
	case 1:
		key = "web.effect.placebo.one"
	}
	return p.say(key, goalpost.NumberArg(float64(x.Windows)), goalpost.NumberArg(float64(x.Alarms)), goalpost.TextArg(p.printer.Percent(1-x.Covered)))
}

// addMoney says whether it was worth it.
func (p Page) addMoney(v *EffectView, r assess.EffectReport) {
	m := r.Money
	if m == nil {
		return
	}
	sub := effectSubject{Unit: goalpost.UnitMoney, Currency: m.Currency}
	t := rangeTexts{}
	t.value, t.lo, t.hi = p.signedSpread(m.Gain, sub)
	key := "web.effect.money.open"
	switch {
	case m.Gain.Lo > 0:
		key = "web.effect.money.worth"
	case m.Gain.Hi < 0:
		key = "web.effect.money.loss"
	}
	v.MoneyText = p.say(key, append(t.args(), goalpost.TextArg(p.printer.Level(r.Level)))...)
	margin := p.printer.Amount(m.Margin, goalpost.UnitMoney, m.Currency)
	if m.Margin <= 1 {
		margin = p.printer.Percent(m.Margin)
	}
	v.Money = []Fact{{Name: p.T("web.effect.money.cost"), Text: p.printer.Amount(m.Cost, goalpost.UnitMoney, m.Currency)}, {Name: p.T("web.effect.money.margin"), Text: margin}}
	if m.Worth != nil {
		v.Money = append(v.Money, Fact{Name: p.T("web.effect.money.chance"), Text: p.printer.Chance(*m.Worth)})
	}
}

// addChecks lists the checks and what the controls contributed.
func (p Page) addChecks(v *EffectView, r assess.EffectReport) {
	for _, c := range r.Checks {
		row := CheckRow{Name: p.checkName(c.Name), Sentence: p.printer.Note(c.Sentence), Value: p.printer.Decimal(c.Value, 2), Limit: p.printer.Decimal(c.Limit, 2), Failed: !c.Passed, Result: p.T("web.effect.check.passed")}
		switch {
		case !c.Passed && c.Refuses:
			row.Result = p.T("web.effect.check.refuses")
		case !c.Passed:
			row.Result = p.T("web.effect.check.caps")
		}
		v.Checks = append(v.Checks, row)
	}
	for _, c := range r.Covariates {
		v.Covariates = append(v.Covariates, CovariateRow{Name: c.Name, Weight: p.printer.Percent(c.Inclusion), Mean: p.printer.Decimal(c.Mean, 3), SD: p.printer.Decimal(c.SD, 3)})
	}
}

// checkName is a check's name in words, where it has some.
func (p Page) checkName(name string) string {
	key := "web.effect.check.name." + strings.ReplaceAll(name, "_", "-")
	if p.printer.Has(key) {
		return p.T(key)
	}
	return name
}
