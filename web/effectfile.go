package web

import (
	"fmt"
	"html/template"
	"io"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/infer"
	"goalpost/locale"
)

// EffectFile is the answer about an effect in a table of the reader's own, as one page that
// needs nothing else: style and pictures are inside, there are no scripts.
type EffectFile struct {
	printer *locale.Printer

	Lang, Title, Headline, Span, Doubt string
	Badge, BadgeClass, Dots            string
	Answer                             []string
	SettleTitle                        string
	Settle                             []string
	ChartTitle, RowTitle               string
	Chart, ChartNarrow                 template.HTML
	NumbersTitle                       string
	Numbers                            []EffectNumber
	Rows                               []EffectFileRow
	PlaceboText                        string
	Placebo, PlaceboNarrow             template.HTML
	Checks                             []CheckRow
	Covariates                         []CovariateRow
	Method                             []string
	Style                              template.CSS
}

// EffectNumber is one estimate with its range.
type EffectNumber struct{ Name, Value, Lo, Hi string }

// EffectFileRow is one row of the series.
type EffectFileRow struct{ Day, Observed, Expected, Lo, Hi, Sum string }

// T is the text of a key.
func (f EffectFile) T(key string) string { return f.printer.T(key) }

// NewEffectFile puts a report into words and pictures; source names the file it came from.
func NewEffectFile(say *locale.Printer, r assess.EffectReport, source string) EffectFile {
	p := Page{printer: say}
	sub := tableSubject(p, r)
	d := p.effectData(r, sub)
	tableTitles(p, &d, r)
	a := r.Answer()
	f := EffectFile{printer: say, Lang: say.Tag(), Title: source, Headline: say.Note(a.Headline), Span: say.Note(a.Span), Doubt: say.Note(a.Doubt), Dots: locale.Dots(a.Dots), Badge: say.Note(a.Badge), BadgeClass: badgeClass(a.Dots),
		Answer: say.Notes([]goalpost.Note{a.Reason, a.Chance, a.Compared, a.Money}), SettleTitle: say.Note(a.SettleTitle), Settle: say.Notes(a.Settle), PlaceboText: say.Note(a.Placebo),
		ChartTitle: d.Title, Chart: inline(chart.DrawEffect(d, width(false)), "effect", false), ChartNarrow: inline(chart.DrawEffect(d, width(true)), "effect", true),
		NumbersTitle: say.Level(r.Level), Numbers: EffectNumbers(say, r), RowTitle: say.T("effect.rows." + r.Grain + ".one")}
	if r.Placebo != nil && len(r.Placebo.List) > 0 {
		f.Placebo, f.PlaceboNarrow = inline(p.placeboScene(r, sub, false), "placebo", false), inline(p.placeboScene(r, sub, true), "placebo", true)
	}
	for _, c := range r.Checks {
		f.Checks = append(f.Checks, checkRow(say, c))
	}
	f.Covariates = covariateRows(say, r)
	f.rows(r)
	f.Method = EffectFacts(say, r)
	return f
}

// EffectNumbers are the estimates of a report, rounded to what their ranges carry.
func EffectNumbers(say *locale.Printer, r assess.EffectReport) []EffectNumber {
	per := goalpost.WordArg("effect.per." + r.Grain)
	unit := goalpost.Unit("")
	if r.Currency != "" {
		unit = goalpost.UnitMoney
	}
	var list []EffectNumber
	add := func(name string, v assess.Range, unit goalpost.Unit) {
		n := EffectNumber{Name: name}
		n.Value, n.Lo, n.Hi = say.Interval(infer.Estimate{Value: v.Value, Lo: v.Lo, Hi: v.Hi}, unit, r.Currency)
		list = append(list, n)
	}
	add(say.T("cli.effect.average", per), r.Average, unit)
	add(say.T("cli.effect.cumulative"), r.Cumulative, unit)
	if r.Relative != nil {
		add(say.T("cli.effect.relative"), *r.Relative, goalpost.UnitRate)
	}
	add(say.T("cli.effect.expected", per), r.Expected, unit)
	return list
}

// EffectFacts say what was done to the data, what was compared with what, and by which
// method.
func EffectFacts(say *locale.Printer, r assess.EffectReport) []string {
	periods := "cli.effect.periods"
	if r.Method == goalpost.MethodSwitched {
		periods = "cli.effect.periods.switched"
	}
	row := func(label string) goalpost.Arg { return goalpost.TextArg(rowName(say, label)) }
	facts := say.Notes(r.Notes)
	if r.Post.Missing > 0 && r.Method != goalpost.MethodSwitched {
		facts = append(facts, say.T("effect.fact.post-missing", goalpost.NumberArg(float64(r.Post.Missing)), goalpost.NumberArg(float64(r.Post.Rows))))
	}
	return append(facts,
		say.T(periods, row(r.Pre.From), row(r.Pre.Until), goalpost.PlainArg(r.Pre.Rows), row(r.Post.From), row(r.Post.Until), goalpost.PlainArg(r.Post.Rows), goalpost.WordArg("effect.rows."+r.Grain)),
		say.T("cli.effect.method", goalpost.TextArg(r.Method), goalpost.TextArg(say.Note(r.Choice))))
}

// rowName writes a row as its day, or as its number.
func rowName(say *locale.Printer, label string) string {
	if d, err := goalpost.ParseDay(label); err == nil {
		return say.Day(d)
	}
	return label
}

// tableSubject names the series of a table as pages name an imported one.
func tableSubject(p Page, r assess.EffectReport) effectSubject {
	sub := subjectOf(p.printer.Arg(r.Outcome), r)
	if r.Currency == "" {
		sub.Unit = "" // nobody said that it is a count
	}
	return sub
}

// tableTitles names the panels by what the rows of the table are.
func tableTitles(p Page, d *chart.EffectData, r assess.EffectReport) {
	outcome, per := r.Outcome, goalpost.WordArg("effect.per."+r.Grain)
	d.Title = p.say("cli.effect.chart.title", outcome, per)
	d.ObservedTitle = p.say("cli.effect.chart.observed", outcome, per)
	d.EffectTitle = p.say("cli.effect.chart.difference", per)
}

func (f *EffectFile) rows(r assess.EffectReport) {
	p, plain := Page{printer: f.printer}, effectSubject{}
	observed := p.observedColumn(r.Series, plain)
	expected := p.estimatedColumn(r.Series, plain, expectedOf)
	sums := p.estimatedColumn(r.Series, plain, addedUp)
	unknown := f.printer.T("cli.unknown")
	for i, x := range r.Series {
		row := EffectFileRow{Day: rowName(f.printer, x.Date), Observed: observed[i], Expected: unknown, Lo: unknown, Hi: unknown, Sum: sums[i].Value}
		if x.Observed == nil {
			row.Observed = unknown
		}
		if e, ok := expected[i]; ok {
			row.Expected, row.Lo, row.Hi = e.Value, e.Lo, e.Hi
		}
		f.Rows = append(f.Rows, row)
	}
}

// Write writes the page.
func (f EffectFile) Write(w io.Writer) error {
	t, err := template.ParseFS(templateFiles, "tmpl/file/effect.gohtml")
	if err != nil {
		return fmt.Errorf("web: effect file: %w", err)
	}
	style, err := staticFiles.ReadFile("static/app.css")
	if err != nil {
		return fmt.Errorf("web: effect file: %w", err)
	}
	f.Style = template.CSS(string(style) + "\n" + chart.CSS()) //nolint:gosec // our own files
	return t.Execute(w, f)
}

// EffectSVG is the chart of a report as a file of its own.
func EffectSVG(say *locale.Printer, r assess.EffectReport) string {
	p := Page{printer: say}
	d := p.effectData(r, tableSubject(p, r))
	tableTitles(p, &d, r)
	return chart.DrawEffect(d, width(false)).Captioned(p.effectCaption(r)).SVG()
}
