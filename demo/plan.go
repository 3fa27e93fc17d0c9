package demo

import (
	"math"
	"strconv"
	"time"

	"goalpost"
	"goalpost/assess"
)

// plan is one goal of the company: how it was set, and how it was moved.
type plan struct {
	input   assess.GoalInput
	at      goalpost.Day // when it was set
	changes []change
}

// change is a goalpost that moved.
type change struct {
	at    goalpost.Day
	input assess.GoalInput
}

// People of the company.
const (
	manager = "Mara Lindqvist"
	analyst = "Jonas Weber"
	boss    = "Ines Okafor"
)

// ownAnswers is what the company answers to a study about itself.
type ownAnswers struct {
	at    goalpost.Day
	input assess.OwnInput
}

// answerStudy lets the company answer the questions of the study that the article is
// about: half a year ago, today, and once more where somebody had ticked too little.
func (w *world) answerStudy() {
	then, now := w.month(-6)+9, w.Today
	several := func(question string, options ...string) assess.OwnEntry {
		return assess.OwnEntry{Question: question, Options: options, None: len(options) == 0}
	}
	answer := func(at goalpost.Day, by, why string, entries ...assess.OwnEntry) {
		w.own = append(w.own, ownAnswers{at, assess.OwnInput{Study: assess.PivotStudy, By: by, Why: why, Answers: entries}})
	}
	answer(then, analyst, "", several("goals", "sales"), several("primary_metric", "sales"), several("understand_social_consumers", "yes"),
		several("asked_customers", "no"), several("business_type", "brand"))
	answer(then+3, manager, "We talk with people every day; that was forgotten.", several("goals", "sales", "engagement"))
	answer(now, manager, "", several("goals", "sales", "engagement", "brand"), several("primary_metric", "engagement"), several("understand_social_consumers", "no"),
		several("know_wants", "yes"), several("asked_customers", "no"), several("hindrance"))
}

// plan sets the goals from what truly happened, so that the demo shows each kind of
// verdict on every day: the targets are round numbers above or below what can be
// expected.
func (w *world) plan() {
	running, past := w.running(), w.quarterBefore()
	engagements := w.expect(running, w.engagements)
	revenue := w.expect(running, w.revenue)
	leads := w.expect(running, func(i int) float64 { return float64(w.days[i].leads) })
	social := w.total(past, func(i int) float64 { return float64(w.days[i].social) })
	followers := w.days[len(w.days)-1].followers[goalpost.Instagram]
	monthly := followers / w.days[len(w.days)-31].followers[goalpost.Instagram]
	ahead := float64(running.End-w.Today) / 30
	w.goals = []plan{
		{at: running.Start - 12, input: within(running, assess.GoalInput{Kind: "engagement", KPI: "engagements", Networks: []string{"facebook", "instagram"},
			Target: number(engagements * 1.30), Owner: manager, By: manager}),
			changes: []change{{at: running.Start + 44, input: assess.GoalInput{Target: number(engagements * 1.06), By: manager,
				Why: "Two people left the team; we publish less than we planned."}}}},
		{at: running.Start - 10, input: within(running, assess.GoalInput{Kind: "sales", KPI: "revenue",
			Target: number(revenue * 0.84), Owner: boss, By: boss}),
			changes: []change{{at: running.Start + 30, input: assess.GoalInput{Target: number(revenue * 0.93), By: boss,
				Why: "The spring was better than expected; the board raised the target."}}}},
		{at: past.Start - 8, input: within(past, assess.GoalInput{Kind: "traffic", KPI: "sessions_social", Target: number(social * 0.93), Owner: analyst, By: analyst})},
		{at: running.Start - 10, input: within(running, assess.GoalInput{Kind: "leads", KPI: "leads", Target: number(leads * 0.88), Owner: manager, By: manager})},
		{at: running.Start - 5, input: within(running, assess.GoalInput{Kind: "reach", KPI: "followers", Networks: []string{"instagram"},
			Target: number(followers * math.Pow(monthly, ahead) * 1.12), Owner: analyst, By: analyst})},
		{at: w.Launch - 6, input: within(goalpost.Period{Start: w.Launch, End: running.End}, assess.GoalInput{Kind: "launch", KPI: "revenue",
			Products: []string{newProduct}, Target: "180000", Owner: boss, By: boss})},
		{at: running.Start - 3, input: within(running, assess.GoalInput{Kind: "support", KPI: "csat", Target: "60%", Owner: manager, By: manager}),
			changes: []change{{at: w.Today - surveyDays, input: assess.GoalInput{Survey: assess.GoalSurveyInput{Survey: CustomerSurvey, Question: "support"}, By: manager,
				Why: "Our customers are asked now."}}}},
		{at: running.Start - 3, input: assess.GoalInput{Kind: "brand", By: boss}},
	}
}

// within adds the days of a period to what was entered.
func within(p goalpost.Period, in assess.GoalInput) assess.GoalInput {
	in.From, in.Until = p.Start.String(), p.Last().String()
	return in
}

// running is the half-year of whole months that most goals run in: three months
// before the current one to two after it.
func (w *world) running() goalpost.Period {
	return goalpost.Period{Start: w.month(-3), End: w.month(3)}
}

// quarterBefore is the quarter of whole months that ends where running starts.
func (w *world) quarterBefore() goalpost.Period {
	return goalpost.Period{Start: w.month(-6), End: w.month(-3)}
}

// month is the first day of a month, counted from the current one.
func (w *world) month(offset int) goalpost.Day {
	t := w.Today.Time()
	return goalpost.NewDay(t.Year(), t.Month()+time.Month(offset), 1)
}

// total adds a quantity over the days of a period that were simulated.
func (w *world) total(p goalpost.Period, of func(i int) float64) float64 {
	sum := 0.0
	for d := max(p.Start, w.Period.Start); d < min(p.End, w.Period.End); d++ {
		sum += of(int(d - w.Period.Start))
	}
	return sum
}

// expect is what a period will bring if it goes on as in the last eight weeks.
func (w *world) expect(p goalpost.Period, of func(i int) float64) float64 {
	const recent = 56
	late := w.total(goalpost.Period{Start: w.Period.End - recent, End: w.Period.End}, of) / recent
	return w.total(p, of) + late*float64(p.End-w.Today)
}

// engagements are the final engagements of the posts of Facebook and Instagram.
func (w *world) engagements(i int) float64 {
	on := w.Period.Start + goalpost.Day(i)
	sum := 0.0
	for _, p := range w.posts[goalpost.Facebook] {
		if goalpost.DayOf(p.at, w.zone) == on {
			sum += float64(p.final[goalpost.Likes] + p.final[goalpost.Comments] + p.final[goalpost.Shares])
		}
	}
	for _, p := range w.posts[goalpost.Instagram] {
		if goalpost.DayOf(p.at, w.zone) == on {
			sum += float64(p.final[goalpost.Likes] + p.final[goalpost.Comments] + p.final[goalpost.Shares] + p.final[goalpost.Saves])
		}
	}
	return sum
}

func (w *world) revenue(i int) float64 {
	sum := 0.0
	for _, r := range regions {
		for _, p := range products {
			sum += w.days[i].revenue[cell{r, p}]
		}
	}
	return sum
}

// number rounds to two digits that count, as targets are.
func number(v float64) string {
	step := math.Pow(10, math.Floor(math.Log10(v))-1)
	return strconv.FormatFloat(math.Round(v/step)*step, 'f', -1, 64)
}
