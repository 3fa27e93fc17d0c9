package web

import (
	"slices"
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/infer"
	"goalpost/locale"
)

// addEffectTable adds the last rows before the activity and all that it has, as far as
// the page shows them.
func (p Page) addEffectTable(v *EffectView, r assess.EffectReport, sub effectSubject) {
	post := slices.IndexFunc(r.Series, func(x assess.EffectDay) bool { return x.Post })
	if post < 0 {
		post = len(r.Series)
	}
	from := max(0, min(post-paperRows, len(r.Series)-tableRows))
	rows := r.Series[from:min(len(r.Series), from+tableRows)]
	v.DayTitle = p.T("web.effect.table." + sub.Grain)
	v.TableNote = p.say("web.goal.table.note", goalpost.NumberArg(float64(len(r.Series))))
	v.PaperNote = p.T("web.effect.table.printed")
	observed := p.observedColumn(rows, sub)
	expected, sums := p.estimatedColumn(rows, sub, expectedOf), p.estimatedColumn(rows, sub, addedUp)
	difference := p.estimatedColumn(rows, sub, func(x assess.EffectDay) (assess.Range, bool) {
		d, ok := x.Difference()
		return d, ok && x.Post
	})
	for i, x := range rows {
		v.HasSum = v.HasSum || x.Sum != nil
		row := EffectRow{Day: x.Date, Observed: observed[i], Expected: "–", Range: "–", Difference: "–", Sum: "–", SumRange: "–",
			Screen: !x.Post || (from+i-post)%7 != 0 && i != len(rows)-1}
		if n, isRow, ok := rowOf(x.Date); ok && !isRow {
			row.Day = p.printer.Day(goalpost.Day(n))
		}
		if e, ok := expected[i]; ok {
			row.Expected, row.Range = e.Value, p.fromTo(e.Lo, e.Hi)
		}
		if e, ok := difference[i]; ok {
			d, _ := x.Difference()
			row.Difference = change(d.Value, e.Value)
		}
		if e, ok := sums[i]; ok {
			row.Sum, row.SumRange = change(*x.Sum, e.Value), p.fromTo(change(*x.SumLo, e.Lo), change(*x.SumHi, e.Hi))
		}
		v.Rows = append(v.Rows, row)
	}
}

// expectedOf is what was to be expected of a row.
func expectedOf(x assess.EffectDay) (assess.Range, bool) {
	if x.Expected == nil || x.Lo == nil || x.Hi == nil {
		return assess.Range{}, false
	}
	return assess.Range{Value: *x.Expected, Lo: *x.Lo, Hi: *x.Hi}, true
}

// addedUp is the difference added up to a row.
func addedUp(x assess.EffectDay) (assess.Range, bool) {
	if x.Sum == nil || x.SumLo == nil || x.SumHi == nil {
		return assess.Range{}, false
	}
	return assess.Range{Value: *x.Sum, Lo: *x.SumLo, Hi: *x.SumHi}, true
}

// estimatedColumn writes what rows have of an estimate with one precision, by row.
func (p Page) estimatedColumn(rows []assess.EffectDay, sub effectSubject, of func(assess.EffectDay) (assess.Range, bool)) map[int]locale.Written {
	var list []infer.Estimate
	var at []int
	for i, x := range rows {
		if r, ok := of(x); ok {
			list, at = append(list, infer.Estimate{Value: r.Value, Lo: r.Lo, Hi: r.Hi}), append(at, i)
		}
	}
	out := map[int]locale.Written{}
	for k, w := range p.printer.Column(list, sub.Unit, sub.Currency) {
		out[at[k]] = w
	}
	return out
}

// observedColumn writes what was measured with one precision; what was not is a dash.
func (p Page) observedColumn(rows []assess.EffectDay, sub effectSubject) []string {
	var list []float64
	for _, x := range rows {
		if x.Observed != nil {
			list = append(list, *x.Observed)
		}
	}
	written := p.printer.Amounts(list, sub.Unit, sub.Currency)
	out := make([]string, len(rows))
	for i, x := range rows {
		if out[i] = "–"; x.Observed != nil {
			out[i], written = written[0], written[1:]
		}
	}
	return out
}

func (p Page) fromTo(lo, hi string) string {
	return p.say("web.goal.table.from-to", goalpost.TextArg(lo), goalpost.TextArg(hi))
}

// addEffectFacts says how the answer was worked out, so that anybody can do it again.
func (p Page) addEffectFacts(v *EffectView, r assess.EffectReport) {
	fact := func(key, text string) {
		if text != "" {
			v.Facts = append(v.Facts, Fact{Name: p.T(key), Text: text})
		}
	}
	fact("web.goal.fact.method", p.printer.Word("web.effect.method."+r.Method))
	fact("web.effect.fact.choice", p.printer.Note(r.Choice))
	fact("web.effect.fact.pre", p.effectPeriod(r.Pre))
	fact("web.effect.fact.post", p.effectPeriod(r.Post))
	fact("web.effect.fact.level", p.printer.Level(r.Level))
	d := r.Diagnostics
	if d.Chains > 0 {
		fact("web.effect.fact.draws", p.say("web.effect.fact.draws.text", goalpost.PlainArg(d.Chains), goalpost.NumberArg(float64(d.Draws))))
	}
	if d.Rhat != nil && d.ESS != nil {
		fact("web.effect.fact.rhat", p.say("web.effect.fact.rhat.text", goalpost.TextArg(p.printer.Decimal(*d.Rhat, 3)), goalpost.NumberArg(*d.ESS)))
	}
	if r.Seed != 0 {
		fact("web.goal.fact.seed", strconv.FormatUint(r.Seed, 10))
	}
	if d.Seconds > 0 {
		fact("web.effect.fact.seconds", p.say("web.effect.fact.seconds.text", goalpost.TextArg(p.printer.Decimal(d.Seconds, 2))))
	}
}

// effectPeriod writes a period and how much of it is known.
func (p Page) effectPeriod(x assess.EffectPeriod) string {
	if x.From == "" {
		return ""
	}
	text := x.From + " – " + x.Until
	from, err := goalpost.ReadDay(x.From)
	until, err2 := goalpost.ReadDay(x.Until)
	if err == nil && err2 == nil {
		text = p.printer.Range(from, until)
	}
	if x.Missing > 0 {
		return p.say("web.effect.period.missing", goalpost.TextArg(text), goalpost.NumberArg(float64(x.Rows)), goalpost.NumberArg(float64(x.Missing)))
	}
	return p.say("web.effect.period", goalpost.TextArg(text), goalpost.NumberArg(float64(x.Rows)))
}

// EffectCSV are the rows of an effect for spreadsheets, below their names.
func EffectCSV(r assess.EffectReport) [][]string {
	rows := [][]string{{"date", "observed", "expected", "lo", "hi", "cumulative", "cumulative_lo", "cumulative_hi", "post", "active"}}
	for _, x := range r.Series {
		rows = append(rows, []string{x.Date, exactOr(x.Observed), exactOr(x.Expected), exactOr(x.Lo), exactOr(x.Hi), exactOr(x.Sum), exactOr(x.SumLo), exactOr(x.SumHi), strconv.FormatBool(x.Post), strconv.FormatBool(x.Active)})
	}
	return rows
}
