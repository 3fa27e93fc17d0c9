package assess

import (
	"math"
	"slices"
	"strconv"

	"goalpost"
)

// PivotStudy is the id of the study that the article is about.
const PivotStudy = "pivot-sosm"

// Figure kinds of a statement.
const (
	FigureShares = "shares"
	FigureTrend  = "trend"
)

// Statement is one thing that the article on the study says, what was published about
// it, and what can be concluded.
type Statement struct {
	Code        string // of its address on the page
	Claim       goalpost.Note
	Question    string   // whose figure stands beside it, empty for none
	Options     []string // of the figure, empty for all
	Figure      string   // FigureShares or FigureTrend
	Published   []goalpost.Note
	Conclusions []goalpost.Note
	Worth       goalpost.Note // in one sentence
}

// Article returns the statements of the article "Ziele von Social Media Managers ändern
// fundamental – Pivot Studie 2013" (standout.ch) with what its own study allows to
// conclude; none for another study, or where a correction took the figures away.
func Article(v StudyView) []Statement {
	if v.Study.ID != PivotStudy {
		return nil
	}
	a := article{v}
	var list []Statement
	for _, make := range []func() (Statement, bool){a.sales, a.front, a.metric, a.effect, a.understanding, a.asked} {
		if s, ok := make(); ok {
			list = append(list, s)
		}
	}
	return list
}

type article struct{ StudyView }

func note(key string, args ...goalpost.Arg) goalpost.Note {
	return goalpost.NewNote("study.article."+key, args...)
}

// figures says every published figure of some options: as printed, with its interval
// where it has one.
func (a article) figures(q QuestionView, options ...string) []goalpost.Note {
	var list []goalpost.Note
	for _, option := range options {
		for _, r := range q.Results {
			if r.Option != option {
				continue
			}
			name := answerOf(q, option)
			when := goalpost.ReferenceArg(r.Reference)
			switch {
			case r.PublishedMax != nil:
				list = append(list, note("below", name, when, goalpost.RateArg(*r.PublishedMax)))
			case r.Published == nil:
			case r.Approximate:
				list = append(list, note("about", name, when, goalpost.RateArg(*r.Published)))
			case r.Lo == nil:
				list = append(list, note("bare", name, when, goalpost.RateArg(*r.Published)))
			default:
				key := "range"
				if r.BaseKind != goalpost.BaseStated {
					key = "range-assumed"
				}
				list = append(list, note(key, name, when, goalpost.RateArg(*r.Published), tenths(*r.Lo), tenths(*r.Hi), goalpost.PlainArg(*r.Base)))
			}
		}
	}
	return list
}

// answerOf names an answer; one of a question of yes or no is named by the question.
func answerOf(q QuestionView, option string) goalpost.Arg {
	item, current := q.Option(option), q.Current()
	if len(current.Options) > 1 {
		return goalpost.OptionArg(item)
	}
	both := goalpost.Text{}
	for language, wording := range current.Wording {
		both[language] = wording + " – " + item.Label.In(language)
	}
	return goalpost.TextsArg(both)
}

// tenths is a limit with one decimal, as published shares have.
func tenths(fraction float64) goalpost.Arg {
	return goalpost.Arg{Type: goalpost.ArgTenths, Number: fraction}
}

func (a article) sales() (Statement, bool) {
	q, ok := a.Question("goals")
	c, changed := q.Change("2011", "2013 expected", "sales")
	if !ok || !changed || c.Points == nil || c.Lo == nil || c.Smallest == nil {
		return Statement{}, false
	}
	return Statement{Code: "sales", Claim: note("sales.claim"), Question: q.Code, Options: []string{"sales"}, Figure: FigureTrend, Published: a.figures(q, "sales"),
		Conclusions: []goalpost.Note{note("sales.dip"), note("sales.all"), note("sales.expected"),
			note("sales.change", goalpost.PointsArg(*c.Points), goalpost.PointsArg(*c.Lo), goalpost.PointsArg(*c.Hi), goalpost.NumberArg(round1(*c.Smallest)))},
		Worth: note("sales.worth")}, true
}

func (a article) front() (Statement, bool) {
	q, ok := a.Question("goals")
	if !ok {
		return Statement{}, false
	}
	first, hasFirst := q.Result("2013 expected", "engagement")
	sales, hasSales := q.Result("2013 expected", "sales")
	if !hasFirst || !hasSales {
		return Statement{}, false
	}
	r, ok := compareWithin(q.Current(), &first, &sales)
	if !ok {
		return Statement{}, false
	}
	lead := note("front.lead", goalpost.NumberArg(round1(r.Points)), goalpost.PointsArg(r.Lo), goalpost.PointsArg(r.Hi))
	if r.Settled {
		lead = note("front.settled", goalpost.NumberArg(round1(r.Points)), goalpost.PointsArg(r.Lo), goalpost.PointsArg(r.Hi))
	}
	return Statement{Code: "front", Claim: note("front.claim"), Question: q.Code, Figure: FigureShares, Published: a.figures(q, "engagement", "brand", "behaviour", "sales", "leads"),
		Conclusions: []goalpost.Note{lead, note("front.before"), note("front.never-seen")}, Worth: note("front.worth")}, true
}

func (a article) metric() (Statement, bool) {
	q, ok := a.Question("primary_metric")
	goals, hasGoals := a.Question("goals")
	if !ok || !hasGoals || len(q.Ranks) == 0 {
		return Statement{}, false
	}
	r := q.Ranks[0]
	first, _ := q.Result(r.Reference, r.First)
	second, _ := q.Result(r.Reference, r.Second)
	goal, ok := goals.Result(r.Reference, r.First)
	if !ok || goal.Published == nil {
		return Statement{}, false
	}
	s := Statement{Code: "metric", Claim: note("metric.claim"), Question: q.Code, Figure: FigureShares, Published: a.figures(q, "engagement", "sales"),
		Conclusions: []goalpost.Note{note("metric.type", goalpost.RateArg(*first.Published), goalpost.RateArg(*goal.Published)),
			note("metric.rank", goalpost.NumberArg(round1(r.Points)), goalpost.PointsArg(r.Lo), goalpost.PointsArg(r.Hi), goalpost.PlainArg(*first.Base), goalpost.RateArg(*second.Published)), note("metric.marginals")},
		Worth: note("metric.worth")}
	s.Conclusions = append(s.Conclusions, q.Hints...)
	return s, true
}

// effect is the only statement that the study says nothing about; other studies of the
// same year asked for it.
func (a article) effect() (Statement, bool) {
	s := Statement{Code: "effect", Claim: note("effect.claim"), Published: []goalpost.Note{note("effect.none")}}
	shares := func(study, question, reference string, options ...string) (list []goalpost.Arg, base int) {
		all, err := PublishedStudies()
		i := slices.IndexFunc(all, func(x goalpost.Study) bool { return x.ID == study })
		if err != nil || i < 0 {
			return nil, 0
		}
		q, _ := ViewStudy(all[i], nil).Question(question)
		for _, o := range options {
			r, ok := q.Result(reference, o)
			if !ok || r.Published == nil || r.Base == nil {
				return nil, 0
			}
			list, base = append(list, goalpost.PercentsArg([]string{strconv.FormatFloat(r.Printed.Percent, 'f', r.Printed.Decimals, 64)})), *r.Base
		}
		return list, base
	}
	if list, base := shares("cmo-survey", "impact", "2013-08", "quant", "qual", "none"); list != nil {
		s.Published = append(s.Published, note("effect.cmo", append(list, goalpost.PlainArg(base))...))
	}
	if list, base := shares("sme-industry-report", "measure_roi", "2013", "agree"); list != nil {
		s.Published = append(s.Published, note("effect.sme", append(list, goalpost.NumberArg(float64(base)))...))
	}
	s.Conclusions = []goalpost.Note{note("effect.asked"), note("effect.wording"), note("effect.own")}
	s.Worth = note("effect.worth")
	return s, true
}

func (a article) understanding() (Statement, bool) {
	q, ok := a.Question("understand_social_consumers")
	c, changed := q.Change("2011", "2012", "yes")
	was, _ := q.Result("2011", "yes")
	is, _ := q.Result("2012", "yes")
	if !ok || !changed || c.Lo == nil || c.Smallest == nil || was.Share == nil || is.Share == nil {
		return Statement{}, false
	}
	s := Statement{Code: "understanding", Claim: note("understanding.claim"), Question: q.Code, Figure: FigureTrend, Published: a.figures(q, "yes"),
		Conclusions: []goalpost.Note{note("understanding.change", goalpost.PointsArg(*c.Points), goalpost.PointsArg(*c.Lo), goalpost.PointsArg(*c.Hi), goalpost.NumberArg(round1(*c.Smallest)),
			countArg(was), goalpost.PlainArg(*was.Base), countArg(is), goalpost.PlainArg(*is.Base))},
		Worth: note("understanding.worth")}
	s.Conclusions = append(s.Conclusions, c.Cautions...)
	s.Conclusions = append(s.Conclusions, note("understanding.realistic"))
	return s, true
}

func (a article) asked() (Statement, bool) {
	q, ok := a.Question("asked_customers")
	know, known := a.Question("know_wants")
	if !ok || !known {
		return Statement{}, false
	}
	return Statement{Code: "asked", Claim: note("asked.claim"), Question: q.Code, Figure: FigureShares,
		Published: append(a.figures(q, "yes"), a.figures(know, "yes")...), Conclusions: []goalpost.Note{note("asked.earlier"), note("asked.gap")}, Worth: note("asked.worth")}, true
}

// countArg is how many gave an answer.
func countArg(r goalpost.Result) goalpost.Arg {
	return goalpost.PlainArg(int(math.Round(*r.Share * float64(*r.Base))))
}

func round1(v float64) float64 { return float64(int(v*10+0.5)) / 10 }
