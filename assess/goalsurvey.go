package assess

import (
	"math"

	"goalpost"
	"goalpost/infer"
	"goalpost/survey"
)

// Borders of a probability that is shown: a sample never makes anything certain.
const (
	surelyNot = 0.001
	surely    = 0.999
)

// bySurvey judges a goal whose KPI customers answer: from the last wave whose field ends in
// the period.
func (q question) bySurvey(v goalpost.Verdict) judged {
	f, over := q.survey, q.asOf > q.version.Period.Last()
	settle := q.askAgain(over)
	switch {
	case !f.problem.IsZero():
		return nothing(v, goalpost.NotMeasured, f.problem, goalpost.NewNote("goalsurvey.settle.choose"))
	case f.wave() == nil && q.asOf <= q.version.Period.Start:
		return q.notYet(v, goalpost.NotMeasured)
	case f.wave() == nil && len(f.waves) > 0 && f.waves[len(f.waves)-1].Reading == nil && gone(f.waves[len(f.waves)-1].Problem):
		return nothing(v, goalpost.NotMeasured, f.waves[len(f.waves)-1].Problem, goalpost.NewNote("goalsurvey.settle.choose"))
	case f.wave() == nil:
		p := *q.version.Period
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("goalsurvey.reason.no-wave", goalpost.DayArg(p.Start), goalpost.DayArg(p.Last())), settle)
	case f.wave().Reading == nil && gone(f.wave().Problem):
		return nothing(v, goalpost.NotMeasured, f.wave().Problem, goalpost.NewNote("goalsurvey.settle.choose"))
	case f.wave().Reading == nil && f.wave().Problem.Key == "goalsurvey.reason.few":
		return nothing(v, goalpost.CannotTell, f.wave().Problem, settle)
	case f.wave().Reading == nil && f.wave().Problem.Key == "goalsurvey.reason.no-beliefs":
		return nothing(v, goalpost.NotMeasured, f.wave().Problem, goalpost.NewNote("goalsurvey.settle.believe"))
	case f.wave().Reading == nil && f.wave().Problem.Key == "goalsurvey.reason.few-items":
		return nothing(v, goalpost.NotMeasured, f.wave().Problem, goalpost.NewNote("goalsurvey.settle.more-items"))
	case f.wave().Reading == nil:
		return nothing(v, goalpost.NotMeasured, f.wave().Problem, settle)
	}
	target, ok := q.version.Target.Resolve(q.version.Baseline)
	if !ok {
		return nothing(v, goalpost.NotMeasured, goalpost.NewNote("verdict.reason.no-target"), goalpost.NewNote("verdict.settle.set-target"))
	}
	v.Target = &target
	return q.measured(v, target, over)
}

// gone reports whether a question can no longer be measured as the goal asks for it.
func gone(n goalpost.Note) bool {
	switch n.Key {
	case "goalsurvey.reason.question-gone", "goalsurvey.reason.option-gone", "goalsurvey.reason.trend-broken":
		return true
	}
	return false
}

// measured decides from the reading of the wave that counts.
func (q question) measured(v goalpost.Verdict, target float64, over bool) judged {
	w := q.survey.wave()
	r := *w.Reading
	e := r.Estimate
	v.Estimate, v.Method = &e, r.Method
	last := w.last(q.asOf)
	if !w.Ended {
		last = min(last, q.asOf-1)
	}
	v.LastDay = &last
	q.surveyNotes(&v, *w)
	title := goalpost.TextsArg(w.Title)
	v.Reason = goalpost.NewNote("goalsurvey.reason.wave", goalpost.NumberArg(float64(e.N)), title, goalpost.DayArg(w.From), goalpost.DayArg(last))
	if !w.Ended && !over {
		v.Reason.Key = "goalsurvey.reason.field"
	}
	if r.Exact {
		v.Decision = goalpost.JudgeCertain(e.Value, target, v.AtMost)
		return judged{verdict: v}
	}
	v.Settle = q.settledBy(r, target, *w, over)
	p := r.chance(target)
	if v.AtMost {
		p = 1 - p
	}
	switch {
	case r.Uncertain || math.IsNaN(p):
		v.Decision = goalpost.CannotTell
		v.Reason = goalpost.NewNote("goalsurvey.reason.uncertain", goalpost.NumberArg(float64(e.N)), title, goalpost.NumberArg(math.Round(r.Effective)))
		return judged{verdict: v}
	case over && p >= survey.SettleLevel:
		v.Decision, v.Settle = goalpost.Reached, goalpost.Note{}
	case over && p <= 1-survey.SettleLevel:
		v.Decision, v.Settle = goalpost.Missed, goalpost.Note{}
	case over:
		v.Decision = goalpost.CannotTell
	default:
		v.Decision = goalpost.JudgeRunning(p, q.previous)
		v.Doubts = append(v.Doubts, goalpost.NewNote("goalsurvey.doubt.until-due", goalpost.DayArg(*v.Due)))
	}
	p = min(max(p, surelyNot), surely)
	v.Probability = &p
	return judged{verdict: v}
}

// surveyNotes say what the numbers of a wave are compared with, where they come from and
// what speaks against relying on them.
func (q question) surveyNotes(v *goalpost.Verdict, w GoalWave) {
	r := *w.Reading
	if b := q.version.Baseline; b != nil {
		v.Compared = append(v.Compared, goalpost.NewNote("verdict.compared.baseline", q.amount(*b)))
	}
	if f := q.survey; f.earlier >= 0 {
		before := f.waves[f.earlier]
		v.Compared = append(v.Compared, goalpost.NewNote("goalsurvey.compared.wave", q.amount(before.Reading.Estimate.Value), goalpost.TextsArg(before.Title),
			goalpost.DayArg(before.From), goalpost.DayArg(before.Until)))
		if c := f.change; c != nil {
			v.Compared = append(v.Compared, goalpost.NewNote("goalsurvey.compared.change", goalpost.PointsArg(c.Points), goalpost.PointsArg(c.Lo), goalpost.PointsArg(c.Hi)))
		}
	}
	if r.Mean != nil {
		v.Compared = append(v.Compared, goalpost.NewNote("goalsurvey.compared.mean", goalpost.NumberArg(math.Round(*r.Mean*100)/100)))
	}
	s := w.asked.Survey
	if !s.Settings.Sample.Random() && s.Settings.Sample != goalpost.SampleList && !r.Exact {
		v.Doubts = append(v.Doubts, goalpost.NewNote("goalsurvey.doubt.no-sample"))
	}
	if r.Method == MethodLift {
		v.Doubts = append(v.Doubts, goalpost.NewNote("goalsurvey.doubt.groups"))
	}
	if problem := w.design.Problem; problem != nil {
		v.Doubts = append(v.Doubts, goalpost.NewNote("goalsurvey.doubt.unweighted"))
	}
	if n := w.others(r); !n.IsZero() {
		v.Doubts = append(v.Doubts, n)
	}
	v.Sources = append(v.Sources, ReadSample(s, w.sample.N()).Notes...)
	if set := w.design.Set; set != nil {
		v.Sources = append(v.Sources, goalpost.NewNote("goalsurvey.source.weighted", goalpost.PlainArg(set.Population), goalpost.TextArg(set.ID), goalpost.NumberArg(math.Round(r.Effective))))
	} else {
		v.Sources = append(v.Sources, goalpost.NewNote("goalsurvey.source.unweighted"))
	}
}

// others says how far those who did not answer could move a share.
func (w GoalWave) others(r Reading) goalpost.Note {
	if r.Method != MethodShare || r.Exact {
		return goalpost.Note{}
	}
	return ShareSensitivity(w.asked.Survey, w.sample.N(), r.Estimate.Value)
}

// settledBy says how many answers a next wave must have.
func (q question) settledBy(r Reading, target float64, w GoalWave, over bool) goalpost.Note {
	if r.needed == nil || r.Estimate.Kind != infer.Confidence {
		return q.askAgain(over)
	}
	n := r.needed(target)
	rate := responseRate(w.asked.Survey, w.sample.N())
	frame := float64(w.asked.Survey.Settings.Asked)
	closed := frame > 0 && w.asked.Survey.Settings.Sample != goalpost.SampleSelfSelected // there are no more people than those
	if closed && w.asked.Survey.Settings.Sample != goalpost.SampleProbability {
		n = survey.OfFinite(n, frame)
	}
	switch {
	case math.IsInf(n, 1) || n > mostAsked:
		return goalpost.NewNote("goalsurvey.settle.too-close", q.amount(target))
	case rate != nil && closed && w.asked.Survey.Settings.Sample != goalpost.SampleProbability && n > *rate*frame*1.0001:
		return goalpost.NewNote("goalsurvey.settle.whole", goalpost.NumberArg(frame), goalpost.NumberArg(math.Floor(*rate*frame)), goalpost.NumberArg(upTo(n)))
	case rate != nil:
		return q.due("goalsurvey.settle.ask", "goalsurvey.settle.ask.over", over, goalpost.NumberArg(upTo(n / *rate)), goalpost.NumberArg(upTo(n)), goalpost.RateArg(*rate))
	}
	return q.due("goalsurvey.settle.answers", "goalsurvey.settle.answers.over", over, goalpost.NumberArg(upTo(n)))
}

// mostAsked is the most answers that anybody is sent to collect.
const mostAsked = 100_000

// planned is how far from the target a first wave is planned to be able to tell.
const planned = 0.10

// askAgain says what a wave needs of which nothing is known yet: enough answers to tell ten
// points from the target.
func (q question) askAgain(over bool) goalpost.Note {
	n := upTo(survey.AnswersForShare(0.5, 0.5-planned, 1))
	if next := q.survey.next; next != nil && !over {
		return goalpost.NewNote("goalsurvey.settle.planned", goalpost.TextsArg(next.Title), goalpost.DayArg(next.From), goalpost.NumberArg(n))
	}
	return q.due("goalsurvey.settle.first", "goalsurvey.settle.first.over", over, goalpost.NumberArg(n))
}

// due ends a sentence with the day until when it has to be done; after that day it takes
// another period.
func (q question) due(key, ended string, over bool, args ...goalpost.Arg) goalpost.Note {
	if over {
		return goalpost.NewNote(ended, args...)
	}
	return goalpost.NewNote(key, append(args, goalpost.DayArg(q.version.Period.Last()))...)
}

// upTo rounds up to two digits that count: nobody plans 237 answers.
func upTo(n float64) float64 {
	if n < 10 {
		return math.Ceil(n)
	}
	unit := math.Pow10(int(math.Floor(math.Log10(n))) - 1)
	return math.Ceil(n/unit-1e-9) * unit
}
