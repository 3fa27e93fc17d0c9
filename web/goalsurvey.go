package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// GoalSurveyForm is the part of the goal form that says in which question a KPI is asked.
type GoalSurveyForm struct {
	Open       bool
	None       string // address where to make a survey, where none asks anything that fits
	Questions  []OptionGroup
	Options    []Option // of the chosen question
	Statistics []Option
	Exposed    []Option // of a lift only
	Control    []Option
}

// surveyEntry is what stands in that part. Question is "survey/1/code" or "study/code/code".
type surveyEntry struct {
	question, statistic, exposed, control string
	options                               []string
}

// readSurvey takes the values of the part.
func readSurvey(form map[string][]string) surveyEntry {
	get := func(name string) string {
		if list := form[name]; len(list) > 0 {
			return strings.TrimSpace(list[0])
		}
		return ""
	}
	return surveyEntry{question: get("question"), statistic: get("statistic"), exposed: get("exposed"), control: get("control"), options: form["option"]}
}

// Parts of the value of a question.
const (
	bySurvey = "survey"
	byStudy  = "study"
)

func sourceValue(s assess.AskedSource, question string) string {
	if s.Study != "" {
		return byStudy + "/" + s.Study + "/" + question
	}
	return bySurvey + "/" + strconv.FormatInt(int64(s.Survey), 10) + "/" + question
}

// input makes what assess takes.
func (e surveyEntry) input() assess.GoalSurveyInput {
	if e.question == "" {
		return assess.GoalSurveyInput{}
	}
	in := assess.GoalSurveyInput{Statistic: e.statistic, Options: e.options, Exposed: e.exposed, Control: e.control}
	parts := strings.SplitN(e.question, "/", 3)
	if len(parts) < 3 {
		in.Question = e.question
		return in
	}
	in.Question = parts[2]
	if parts[0] == byStudy {
		in.Study = parts[1]
	} else {
		in.Survey = parts[1]
	}
	return in
}

// entryOfSurvey is what stands in the part for a goal as it is.
func entryOfSurvey(g *goalpost.GoalSurvey) surveyEntry {
	if g == nil {
		return surveyEntry{}
	}
	e := surveyEntry{question: sourceValue(assess.AskedSource{Survey: g.Survey, Study: g.Study}, g.Question), statistic: string(g.Statistic), options: g.Options,
		exposed: assess.GroupCode(g.Exposed), control: assess.GroupCode(g.Control)}
	return e
}

// fillSurvey offers the questions that there are, and the answers of the chosen one.
func (p *GoalFormPage) fillSurvey(kind goalpost.GoalKind, kpi string, e surveyEntry, sources []assess.AskedSource) {
	k, _ := goalpost.KPIByCode(kpi)
	usual, _ := goalpost.KPIByCode(kind.KPI)
	f := &p.Survey
	f.Open = k.FromSurvey || usual.FromSurvey || e.question != ""
	f.Questions = []OptionGroup{{Options: []Option{{Text: p.T("goalsurvey.question.none"), Selected: e.question == ""}}}}
	for _, s := range sources {
		g := OptionGroup{Title: p.say("goalsurvey.group.option", goalpost.PlainArg(int(s.Survey)), goalpost.TextsArg(s.Title))}
		if s.Study != "" {
			g.Title = p.say("goalsurvey.question.study", goalpost.TextArg(s.Study))
		}
		if kpi == understandingKPI || kind.KPI == understandingKPI {
			value := sourceValue(s, "")
			g.Options = append(g.Options, Option{Value: value, Text: p.T("goalsurvey.question.whole"), Selected: value == e.question})
		}
		for _, q := range s.Form.Questions {
			key, ok := questionTypes[q.Type]
			if !ok {
				continue
			}
			value := sourceValue(s, q.Code)
			text := p.say("goalsurvey.question.type", goalpost.TextsArg(q.Wording), goalpost.TextArg(p.T(key)))
			g.Options = append(g.Options, Option{Value: value, Text: text, Selected: value == e.question})
			if value == e.question {
				p.fillAnswers(k, q, s, e)
			}
		}
		if len(g.Options) > 0 {
			f.Questions = append(f.Questions, g)
		}
	}
	if len(f.Questions) == 1 {
		f.None = p.Href("/surveys/new")
	}
}

// understandingKPI is asked in no question of its own.
const understandingKPI = "understanding_score"

// questionTypes are the questions that can show a KPI, with what they are called.
var questionTypes = map[goalpost.QuestionType]string{goalpost.ScaleQuestion: "goalsurvey.type.scale", goalpost.NPSQuestion: "goalsurvey.type.nps",
	goalpost.SingleChoice: "goalsurvey.type.single", goalpost.MultipleChoice: "goalsurvey.type.multiple"}

// fillAnswers offers what can count of the answers to a question.
func (p *GoalFormPage) fillAnswers(k goalpost.KPI, q goalpost.SurveyQuestion, s assess.AskedSource, e surveyEntry) {
	f := &p.Survey
	if q.Type == goalpost.SingleChoice || q.Type == goalpost.MultipleChoice {
		for _, o := range q.CountingOptions() {
			f.Options = append(f.Options, Option{Value: o.Code, Text: o.Label.In(p.lang), Selected: slices.Contains(e.options, o.Code)})
		}
	}
	if several := k.SurveyStatistics(); len(several) > 1 && q.Type == goalpost.ScaleQuestion {
		f.Statistics = []Option{{Text: p.T("goalsurvey.statistic.usual"), Selected: e.statistic == ""}}
		for _, x := range several {
			if _, ok := k.SurveyStatistic(q, x); ok {
				f.Statistics = append(f.Statistics, Option{Value: string(x), Text: p.T("goalsurvey.statistic." + string(x)), Selected: e.statistic == string(x)})
			}
		}
	}
	if !slices.Contains(k.SurveyStatistics(), goalpost.StatisticLift) {
		return
	}
	groups := func(selected string) []Option {
		list := []Option{{Text: p.T("goalsurvey.group.none"), Selected: selected == ""}}
		for _, g := range s.Groups {
			if g.Question != q.Code {
				code := assess.GroupCode(&g)
				list = append(list, Option{Value: code, Text: p.groupName(&g, s.Form), Selected: code == selected})
			}
		}
		return list
	}
	f.Exposed, f.Control = groups(e.exposed), groups(e.control)
}

// groupName names a part of the respondents.
func (p Page) groupName(g *goalpost.RespondentGroup, f goalpost.Form) string {
	if g.Channel != "" {
		return p.say("goalsurvey.group.channel", goalpost.TextArg(g.Channel))
	}
	q, _ := f.Question(g.Question)
	o, ok := q.Option(g.Option)
	if !ok {
		return assess.GroupCode(g)
	}
	return p.say("goalsurvey.group.option", goalpost.TextsArg(q.Wording), goalpost.TextsArg(o.Label))
}

// WaveRow is one wave of the survey that asks a goal's KPI.
type WaveRow struct {
	Href, Name, Field, Answers, Value, Range string
}

// goalWaveName is the wave's name, or the survey's.
func (p Page) goalWaveName(w assess.GoalWave) string {
	return cmp.Or(w.Wave, w.Title.In(p.lang))
}

// addWaves lists the waves, the newest first, and draws them.
func (p *GoalPage) addWaves(d assess.Detail) {
	p.WaveRange = p.printer.Level(d.WaveLevel())
	for _, w := range slices.Backward(d.Waves) {
		row := WaveRow{Href: p.Href("/surveys/" + strconv.FormatInt(int64(w.Survey), 10)), Name: p.goalWaveName(w), Value: "–", Range: "–", Answers: "–"}
		if w.Counts {
			row.Name = p.say("goalsurvey.table.row", goalpost.TextArg(row.Name))
		}
		row.Field = p.say("goalsurvey.table.since", goalpost.TextArg(p.printer.Day(w.From)))
		if w.Until != 0 {
			row.Field = p.printer.Period(goalpost.Period{Start: w.From, End: w.Until + 1})
		}
		if r := w.Reading; r != nil {
			value, lo, hi := p.printer.Interval(r.Estimate, d.KPI.Unit, d.Currency)
			row.Answers, row.Value = p.printer.Number(float64(r.Estimate.N)), value
			if r.Uncertain {
				row.Value = p.say("goalsurvey.table.uncertain", goalpost.TextArg(value))
			}
			if !r.Exact {
				row.Range = p.say("web.goal.table.from-to", goalpost.TextArg(lo), goalpost.TextArg(hi))
			}
		} else if !w.Problem.IsZero() {
			row.Range = p.printer.Note(w.Problem)
		}
		p.Waves = append(p.Waves, row)
	}
	if drawn := d.DrawnWaves(); len(drawn) > 0 {
		p.ChartTitle = p.say("goalsurvey.chart", goalpost.WordArg("kpi."+d.KPI.Code))
		p.Chart, p.ChartNarrow = inline(p.goalWaveScene(d, false), "goal-chart", false), inline(p.goalWaveScene(d, true), "goal-chart", true)
	}
}

// goalWaveScene draws the waves that have a figure.
func (p Page) goalWaveScene(d assess.Detail, narrow bool) chart.Scene {
	drawn := d.DrawnWaves()
	w := chart.WavesData{Title: p.say("goalsurvey.chart", goalpost.WordArg("kpi."+d.KPI.Code)), Number: p.axis(d.Judged), Least: d.Least(), Most: d.Most()}
	verdict := p.verdict(d.Judged)
	w.Desc = p.say("goalsurvey.chart.describe", goalpost.TextArg(verdict.Sentence), goalpost.WordArg("kpi."+d.KPI.Code), goalpost.NumberArg(float64(len(drawn))))
	if t := d.Verdict.Target; t != nil {
		w.Target, w.HasTarget, w.TargetLabel = *t, true, p.say("web.bar.target", assess.Amount(d.KPI, d.Currency, *t))
	}
	ranges, hollow := false, false
	for _, x := range drawn {
		e := x.Reading.Estimate
		mark := chart.WaveMark{Label: p.goalWaveName(x), Value: e.Value, Lo: e.Lo, Hi: e.Hi, HasRange: !x.Reading.Exact, Hollow: !x.Counts}
		if x.Counts && len(drawn) > 1 {
			mark.Label = p.say("goalsurvey.table.row", goalpost.TextArg(mark.Label))
		}
		ranges, hollow = ranges || mark.HasRange, hollow || mark.Hollow
		w.Waves = append(w.Waves, mark)
	}
	if ranges {
		w.Level = p.say("goalsurvey.chart.level", goalpost.TextArg(p.printer.Level(d.WaveLevel())))
	}
	if hollow {
		w.Level = strings.TrimSpace(w.Level + " " + p.T("goalsurvey.chart.hollow"))
	}
	return chart.DrawWaves(w, width(narrow))
}

// waveRows are the waves for spreadsheets.
func (p Page) waveRows(d assess.Detail) [][]string {
	rows := [][]string{{"survey", "wave", "from", "until", "answers", "value", "lo", "hi", "level", "decides"}}
	for _, w := range d.Waves {
		row := []string{strconv.FormatInt(int64(w.Survey), 10), p.goalWaveName(w), w.From.String(), "", "", "", "", "", "", strconv.FormatBool(w.Counts)}
		if w.Until != 0 {
			row[3] = w.Until.String()
		}
		if r := w.Reading; r != nil {
			row[4], row[5], row[6], row[7], row[8] = strconv.Itoa(r.Estimate.N), exactOr(&r.Estimate.Value), exactOr(&r.Estimate.Lo), exactOr(&r.Estimate.Hi), exactOr(&r.Estimate.Level)
		}
		rows = append(rows, row)
	}
	return rows
}

// addSurveyFacts says which question is asked and what of its answers counts.
func (p *GoalPage) addSurveyFacts(d assess.Detail) {
	g := d.Version.Survey
	if g == nil || len(d.Waves) == 0 {
		return
	}
	form := d.Waves[len(d.Waves)-1].Form()
	q, ok := form.Question(g.Question)
	if !ok {
		return
	}
	p.Facts = append(p.Facts, Fact{Name: p.T("goalsurvey.fact.question"), Text: q.Wording.In(p.lang)})
	var counts []string
	for _, code := range g.Options {
		if o, ok := q.Option(code); ok {
			counts = append(counts, o.Label.In(p.lang))
		}
	}
	if len(counts) == 0 {
		counts = []string{p.T("goalsurvey.statistic." + string(g.Statistic))}
	}
	p.Facts = append(p.Facts, Fact{Name: p.T("goalsurvey.fact.answers"), Text: strings.Join(counts, "; ")})
	if g.Exposed != nil && g.Control != nil {
		text := p.say("goalsurvey.fact.groups.text", goalpost.TextArg(p.groupName(g.Exposed, form)), goalpost.TextArg(p.groupName(g.Control, form)))
		p.Facts = append(p.Facts, Fact{Name: p.T("goalsurvey.fact.groups"), Text: text})
	}
}
