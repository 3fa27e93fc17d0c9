package web

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// Days that a chart shows beside the goal's period: what went before it, and how
// much of a history without a period.
const (
	daysBefore    = 28
	daysOfHistory = 180
	pngScale      = 2   // pixels of a PNG per CSS pixel
	longChart     = 300 // days from which the axis names months instead of days
)

func width(narrow bool) float64 {
	if narrow {
		return chart.Narrow
	}
	return chart.Wide
}

// inline makes a scene part of a page. The chart escapes every text in it.
func inline(s chart.Scene, id string, narrow bool) template.HTML {
	if narrow {
		id += "-narrow"
	}
	return template.HTML(s.Inline(id)) //nolint:gosec // see above
}

// targetBar draws the value, its range and the target; nothing where one is missing.
func (p Page) targetBar(j assess.Judged, narrow bool) template.HTML {
	v := j.Verdict
	if v.Target == nil || (v.Estimate == nil && v.SoFar == nil) {
		return ""
	}
	d := chart.BarData{Title: p.barTitle(j), HasValue: true, Exact: true, Target: *v.Target, Number: p.axis(j)}
	amount := func(x float64) goalpost.Arg { return assess.Amount(j.KPI, j.Currency, x) }
	d.TargetLabel = p.say("web.bar.target", amount(d.Target))
	kpi := goalpost.WordArg("kpi." + j.Version.KPI)
	if v.Estimate != nil {
		d.Value, d.Lo, d.Hi = v.Estimate.Value, v.Estimate.Lo, v.Estimate.Hi
		d.Exact = d.Lo == d.Hi
	} else {
		d.Value = *v.SoFar
	}
	d.Desc = p.say("web.bar.describe", kpi, amount(d.Value), amount(d.Target))
	if !d.Exact {
		value, lo, hi := p.printer.Interval(*v.Estimate, j.KPI.Unit, j.Currency)
		d.Desc = p.say("web.bar.describe-range", kpi, goalpost.TextArg(value), goalpost.TextArg(lo), goalpost.TextArg(hi), amount(d.Target))
	}
	return inline(chart.DrawTargetBar(d, width(narrow)), "bar-"+strconv.FormatInt(int64(j.Goal.ID), 10), narrow)
}

// axis writes a number on an axis in the unit of a goal's KPI.
func (p Page) axis(j assess.Judged) func(float64) string {
	return func(x float64) string { return p.printer.Axis(x, j.KPI.Unit, j.Currency) }
}

// isStock reports whether a KPI is a level, not something per day.
func isStock(k goalpost.KPI) bool {
	return k.Aggregation == goalpost.AggLast || k.Aggregation == goalpost.AggGrowth
}

// chartTitle says what the chart shows.
func (p Page) chartTitle(d assess.Detail) string {
	key := "web.goal.chart-past"
	switch {
	case isStock(d.KPI):
		key = "web.goal.chart-level"
	case d.Grain == goalpost.Weekly:
		key = "web.goal.chart-week"
	case len(d.Ahead) > 0:
		key = "web.goal.chart"
	}
	return p.say(key, goalpost.WordArg("kpi."+d.KPI.Code))
}

// chartDays is the span of days that a chart shows.
func chartDays(d assess.Detail) (from, until goalpost.Day) {
	first, last := d.History[0].Day, d.History[len(d.History)-1].Day
	if d.Version.Period == nil {
		return max(first, last-daysOfHistory), last
	}
	p := *d.Version.Period
	from = max(first, p.Start-daysBefore)
	if from > last { // the data end before the period begins
		from = max(first, last-daysOfHistory)
	}
	return min(from, p.Start), p.Last()
}

// goalScene draws the history of a goal, its forecast and where its target stood.
func (p Page) goalScene(d assess.Detail, narrow bool) chart.Scene {
	from, until := chartDays(d)
	today := d.History[len(d.History)-1].Day + 1
	if d.Verdict.LastDay != nil {
		today = *d.Verdict.LastDay + 1
	}
	g := chart.GoalData{Title: p.chartTitle(d), From: int(from), Until: int(until), Today: int(today), Day: p.dayLabel(from, until)}
	verdict := p.verdict(d.Judged)
	sentence := strings.TrimSpace(verdict.Sentence + " " + verdict.Remark)
	g.Desc = p.say("web.goal.chart.describe", goalpost.TextArg(sentence), goalpost.WordArg("kpi."+d.KPI.Code), goalpost.DayArg(from), goalpost.DayArg(until))
	g.TodayLabel = p.say("web.goal.mark.today", goalpost.TextArg(p.printer.DayShort(today-1)))
	if len(d.Ahead) > 0 {
		g.RangeLabel = p.T("web.goal.line.band")
	}
	g.Panels = p.panels(d, from, until)
	return chart.DrawGoal(g, width(narrow))
}

// dayLabel writes days on the axis, and months where there are many days.
func (p Page) dayLabel(from, until goalpost.Day) func(int) string {
	return func(day int) string {
		if until-from > longChart {
			return p.printer.Month(goalpost.Day(day))
		}
		return p.printer.DayShort(goalpost.Day(day))
	}
}

// panels are what happened per day and, for sums, the running sum below it. The
// forecast and the target stand where they are in the same unit.
func (p Page) panels(d assess.Detail, from, until goalpost.Day) []chart.Panel {
	kpi := goalpost.WordArg("kpi." + d.KPI.Code)
	key := "web.goal.panel.day"
	switch {
	case isStock(d.KPI):
		key = "web.goal.panel.level"
	case d.Grain == goalpost.Weekly:
		key = "web.goal.panel.week"
	}
	history := chart.Panel{Title: p.say(key, kpi), Observed: points(d.History, from, lastDrawn(d)), Zero: d.KPI.Aggregation != goalpost.AggGrowth, Number: p.axis(d.Judged),
		ObservedLabel: p.T("web.goal.line.observed")}
	sums := d.KPI.Aggregation == goalpost.AggSum || d.KPI.Aggregation == goalpost.AggCount
	if !sums || d.Version.Period == nil {
		p.addAhead(&history, d, from, until)
		if sums {
			history.Targets = nil // the target is a sum, not a day
		}
		return []chart.Panel{history}
	}
	sum := chart.Panel{Title: p.say("web.goal.panel.sum", kpi, goalpost.DayArg(d.Version.Period.Start)), Observed: points(d.Cumulative, from, lastDrawn(d)), Zero: true,
		Number: p.axis(d.Judged), ObservedLabel: p.T("web.goal.line.observed")}
	p.addAhead(&sum, d, from, until)
	return []chart.Panel{history, sum}
}

// addAhead adds the forecast and where the target stood; a target holds from the
// beginning of the period, or from when it was moved.
func (p Page) addAhead(panel *chart.Panel, d assess.Detail, from, until goalpost.Day) {
	for _, b := range d.Ahead {
		panel.Ahead = append(panel.Ahead, chart.BandPoint{Day: int(b.Day), Lo95: b.Lo95, Lo80: b.Lo80, Mid: b.Mid, Hi80: b.Hi80, Hi95: b.Hi95})
	}
	if len(d.Ahead) > 0 {
		panel.AheadLabel = p.T("web.goal.line.expected")
	}
	for i, t := range d.Targets {
		s := chart.Step{From: int(max(t.From, from)), Until: int(min(t.Due, until)), Value: t.Target,
			Label: p.say("web.goal.line.target", assess.Amount(d.KPI, d.Currency, t.Target))}
		if i == 0 {
			s.From = int(from)
			if d.Version.Period != nil {
				s.From = int(max(from, d.Version.Period.Start))
			}
		}
		if i+1 < len(d.Targets) {
			next := d.Targets[i+1].From
			s.Until, s.Former = int(min(next, until)), true
			s.Label = p.say("web.goal.line.moved", goalpost.TextArg(p.printer.DayShort(next)), assess.Amount(d.KPI, d.Currency, t.Target))
		}
		panel.Targets = append(panel.Targets, s)
	}
}

// lastDrawn is the last complete day: what was seen too early to be final would look
// like a fall.
func lastDrawn(d assess.Detail) goalpost.Day {
	if d.Verdict.LastDay == nil {
		return d.History[len(d.History)-1].Day
	}
	return *d.Verdict.LastDay
}

// points are the days of a series that a chart shows.
func points(list []assess.Point, from, last goalpost.Day) []chart.Point {
	var out []chart.Point
	for _, x := range list {
		if x.Day >= from && x.Day <= last {
			out = append(out, chart.Point{Day: int(x.Day), Value: x.Value, Missing: x.Missing})
		}
	}
	return out
}

// goalChart is the chart as part of the page.
func (p Page) goalChart(d assess.Detail, narrow bool) template.HTML {
	return inline(p.goalScene(d, narrow), "goal-chart", narrow)
}

// sceneOf draws the chart of the goal that an address names.
func (s *Server) sceneOf(r *http.Request, v visitor) (chart.Scene, string, error) {
	d, _, err := s.detailOf(r, v)
	if err != nil {
		return chart.Scene{}, "", err
	}
	if len(d.DrawnWaves()) > 0 {
		return s.newPage(r, &v, "").goalWaveScene(d, false), fmt.Sprintf("goal-%d", d.Goal.ID), nil
	}
	if len(d.History) == 0 {
		return chart.Scene{}, "", notFound()
	}
	return s.newPage(r, &v, "").goalScene(d, false), fmt.Sprintf("goal-%d", d.Goal.ID), nil
}

// goalSVG is the chart as a file of its own.
func (s *Server) goalSVG(w http.ResponseWriter, r *http.Request, v visitor) error {
	scene, name, err := s.sceneOf(r, v)
	if err != nil {
		return err
	}
	return s.writeScene(w, r, scene, name, "svg")
}

// goalPNG is the chart as a picture.
func (s *Server) goalPNG(w http.ResponseWriter, r *http.Request, v visitor) error {
	scene, name, err := s.sceneOf(r, v)
	if err != nil {
		return err
	}
	return s.writeScene(w, r, scene, name, "png")
}
