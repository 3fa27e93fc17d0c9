package web

import (
	"math"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// rowOf reads the day or the row that a date of a report names; ok is false for neither.
func rowOf(date string) (row int, isRow, ok bool) {
	if d, err := goalpost.ReadDay(date); err == nil {
		return int(d), false, true
	}
	n, err := strconv.Atoi(date)
	return n, true, err == nil
}

// changeAxis writes a difference on an axis.
func (p Page) changeAxis(sub effectSubject) func(float64) string {
	return func(x float64) string { return change(x, p.printer.Axis(x, sub.Unit, sub.Currency)) }
}

// rowLabel writes a row on an axis.
func rowLabel(row int) string { return strconv.Itoa(row) }

// effectScene draws what happened beside what was to be expected, and the difference.
func (p Page) effectScene(r assess.EffectReport, sub effectSubject, narrow bool) chart.Scene {
	return chart.DrawEffect(p.effectData(r, sub), width(narrow))
}

// effectCaption is the answer below a chart.
func (p Page) effectCaption(r assess.EffectReport) string {
	a := r.Answer()
	return strings.Join(p.printer.Notes([]goalpost.Note{a.Headline, a.Span}), " ")
}

// effectData is what the chart of an effect shows.
func (p Page) effectData(r assess.EffectReport, sub effectSubject) chart.EffectData {
	grain, name := sub.Grain, goalpost.TextArg(sub.Series)
	d := chart.EffectData{Title: p.say("web.effect.chart."+grain, name), Desc: p.effectCaption(r), Zero: true,
		Number: func(x float64) string { return p.printer.Axis(x, sub.Unit, sub.Currency) }, Change: p.changeAxis(sub),
		ObservedTitle: p.say("web.effect.panel."+grain, name), EffectTitle: p.T("web.effect.panel.difference." + grain), SumTitle: p.T("web.effect.panel.sum"),
		ObservedLabel: p.T("web.effect.line.observed"), ExpectedLabel: p.T("web.effect.line.expected"), EffectLabel: p.T("web.effect.line.difference"),
		RangeLabel: p.say("web.effect.line.range", percentOf(r.Level)), RunsLabel: p.T("web.effect.line.runs." + grain)}
	begun, shading := false, false
	first, last := 0, 0
	for i, x := range r.Series {
		row, isRow, ok := rowOf(x.Date)
		if !ok {
			continue
		}
		if i == 0 {
			first = row
		}
		last = row
		d.Rows = d.Rows || isRow
		addEffectDay(&d, x, row)
		active := x.Active
		if active && !begun {
			d.Start, begun = row, true
			d.StartLabel = p.say("web.effect.start", goalpost.TextArg(p.rowText(row, isRow)))
		}
		switch {
		case active && shading:
			d.Runs[len(d.Runs)-1].Last = row
		case active:
			d.Runs = append(d.Runs, chart.Run{First: row, Last: row})
		}
		shading = active
	}
	d.Day = rowLabel
	if !d.Rows {
		d.Day = p.dayLabel(goalpost.Day(first), goalpost.Day(last))
	}
	if n := len(d.Sum); n > 0 && r.Estimated() {
		value, lo, hi := p.signedSpread(r.Cumulative, sub)
		d.SumLabel = value
		d.SumRange = p.say("web.goal.table.from-to", goalpost.TextArg(lo), goalpost.TextArg(hi))
		d.SumLegend = p.say("web.effect.line.sum", goalpost.TextArg(value), goalpost.TextArg(lo), goalpost.TextArg(hi))
	}
	return d
}

// percentOf is a level without its sign, for a word that is put together with it.
func percentOf(level float64) goalpost.Arg { return goalpost.NumberArg(math.Round(level * 100)) }

// rowText writes the day or the row in a label.
func (p Page) rowText(row int, isRow bool) string {
	if isRow {
		return rowLabel(row)
	}
	return p.printer.DayShort(goalpost.Day(row))
}

// addEffectDay adds one row to the lines of the chart.
func addEffectDay(d *chart.EffectData, x assess.EffectDay, row int) {
	point := chart.Point{Day: row, Missing: x.Observed == nil}
	if x.Observed != nil {
		point.Value = *x.Observed
		d.Zero = d.Zero && *x.Observed >= 0
	}
	d.Observed = append(d.Observed, point)
	expected := chart.RangePoint{Day: row, Missing: x.Expected == nil || x.Lo == nil || x.Hi == nil}
	if !expected.Missing {
		expected.Lo, expected.Mid, expected.Hi = *x.Lo, *x.Expected, *x.Hi
	}
	d.Expected = append(d.Expected, expected)
	if !x.Post {
		return
	}
	change, ok := x.Difference()
	d.Effect = append(d.Effect, chart.RangePoint{Day: row, Lo: change.Lo, Mid: change.Value, Hi: change.Hi, Missing: !ok})
	if x.Sum != nil && x.SumLo != nil && x.SumHi != nil {
		d.Sum = append(d.Sum, chart.RangePoint{Day: row, Lo: *x.SumLo, Mid: *x.Sum, Hi: *x.SumHi})
	}
}

// placeboScene draws what the method found where nothing happened.
func (p Page) placeboScene(r assess.EffectReport, sub effectSubject, narrow bool) chart.Scene {
	x := *r.Placebo
	d := chart.PlaceboData{Title: p.T("web.effect.placebo"), Desc: p.printer.Note(x.Sentence), Change: p.changeAxis(sub), QuietLabel: p.T("web.effect.placebo.quiet"),
		AlarmLabel: p.T("web.effect.placebo.alarm"), RealLabel: p.T("web.effect.placebo.real"), RangeLabel: p.say("web.effect.placebo.range."+sub.Grain, percentOf(r.Level))}
	first, last := 0, 0
	add := func(date string, v assess.Range) (chart.PlaceboMark, bool) {
		row, isRow, ok := rowOf(date)
		if first == 0 {
			first = row
		}
		last = max(last, row)
		d.Rows = d.Rows || isRow
		return chart.PlaceboMark{Day: row, Lo: v.Lo, Mid: v.Value, Hi: v.Hi}, ok
	}
	for _, f := range x.List {
		if m, ok := add(f.From, f.Range); ok {
			d.Fakes = append(d.Fakes, m)
		}
	}
	d.Real, d.HasReal = add(r.Post.From, r.Average)
	d.HasReal = d.HasReal && r.Estimated()
	d.Day = rowLabel
	if !d.Rows {
		d.Day = p.dayLabel(goalpost.Day(first), goalpost.Day(last))
	}
	return chart.DrawPlacebo(d, width(narrow))
}
