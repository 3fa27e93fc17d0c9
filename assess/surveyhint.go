package assess

import (
	"slices"
	"time"

	"goalpost"
)

// SurveyHint is something to look at before a survey is opened.
type SurveyHint struct {
	Key   string // "past", "language", "responsible", "unreachable", "placeholder", "long"
	Must  bool   // it cannot be opened so
	Arg   goalpost.Arg
	Codes []string // questions
}

// longSurvey is from how many minutes on many give up: of 20 minutes and more respondents
// say so themselves (Revilla, M. and Ochoa, C. (2017), Int. J. Market Res. 59(5)).
const longSurvey = 10

// Hints are what to look at before a survey is opened, the gravest first.
func (e EditedSurvey) Hints(now time.Time) []SurveyHint {
	var list []SurveyHint
	s := e.Settings
	if !s.ClosesAt.IsZero() && !now.Before(s.ClosesAt) {
		list = append(list, SurveyHint{Key: "past", Must: true})
	}
	if codes := e.questionsOf(e.Form.Placeholders()); len(codes) > 0 {
		list = append(list, SurveyHint{Key: "placeholder", Codes: codes})
	}
	if codes := Unreachable(e.Form); len(codes) > 0 {
		list = append(list, SurveyHint{Key: "unreachable", Codes: codes})
	}
	missing := e.Form.Missing()
	for _, l := range e.Form.Languages {
		if len(missing[l]) > 0 {
			list = append(list, SurveyHint{Key: "language", Arg: goalpost.TextArg(l), Codes: e.questionsOf(missing[l])})
		}
	}
	if s.Responsible.In(e.Form.Languages[0]) == "" {
		list = append(list, SurveyHint{Key: "responsible"})
	}
	if m := e.Form.Minutes(e.Form.Languages[0]); m > longSurvey {
		list = append(list, SurveyHint{Key: "long", Arg: goalpost.NumberArg(float64(m))})
	}
	return list
}

// questionsOf are the codes of the questions that fields belong to; "" stands for the
// texts of the form itself.
func (e EditedSurvey) questionsOf(fields []string) []string {
	var codes []string
	for _, field := range fields {
		code := ""
		if i, ok := PlaceIn(field); ok && i < len(e.Form.Questions) {
			code = e.Form.Questions[i].Code
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// Unreachable are the questions that nobody can ever be asked, by their conditions.
func Unreachable(f goalpost.Form) []string {
	var list []string
	reachable := map[string]bool{}
	for _, q := range f.Questions {
		ok := true
		if q.ShowIf != nil {
			ok = canHold(f, *q.ShowIf, reachable)
		}
		if reachable[q.Code] = ok; !ok {
			list = append(list, q.Code)
		}
	}
	return list
}

func canHold(f goalpost.Form, c goalpost.Condition, reachable map[string]bool) bool {
	if c.Any {
		return slices.ContainsFunc(c.Rules, func(r goalpost.Rule) bool { return reachable[r.Question] && together(f, []goalpost.Rule{r}) })
	}
	byQuestion := map[string][]goalpost.Rule{}
	for _, r := range c.Rules {
		if !reachable[r.Question] {
			return false
		}
		byQuestion[r.Question] = append(byQuestion[r.Question], r)
	}
	for _, rules := range byQuestion {
		if !together(f, rules) {
			return false
		}
	}
	return true
}

// together reports whether one reply to one question can satisfy all rules. Of questions
// with several choices it only looks at what each rule asks by itself.
func together(f goalpost.Form, rules []goalpost.Rule) bool {
	q, _ := f.Question(rules[0].Question)
	lo, hi := bounds(q)
	var open []string
	for _, o := range q.Options {
		open = append(open, o.Code)
	}
	chosen, numeric := false, false
	for _, r := range rules {
		if r.Min != nil {
			lo, numeric = larger(lo, *r.Min), true
		}
		if r.Max != nil {
			hi, numeric = smaller(hi, *r.Max), true
		}
		chosen = chosen || len(r.Is) > 0 || len(r.Not) > 0
		open = slices.DeleteFunc(open, func(c string) bool {
			return len(r.Is) > 0 && !slices.Contains(r.Is, c) || slices.Contains(r.Not, c)
		})
	}
	if numeric && lo != nil && hi != nil && *lo > *hi {
		return false
	}
	return !chosen || q.Type != goalpost.SingleChoice || len(open) > 0
}

// bounds are the smallest and the largest number that a question takes; nil for none.
func bounds(q goalpost.SurveyQuestion) (lo, hi *float64) {
	low, high := 0.0, 0.0
	switch {
	case q.Scale != nil:
		low, high = float64(q.Scale.Low), float64(q.Scale.High)
	case q.Type == goalpost.NPSQuestion:
		low, high = goalpost.NPSLowest, goalpost.NPSHighest
	default:
		return q.Min, q.Max
	}
	return &low, &high
}

func larger(a *float64, b float64) *float64 {
	if a != nil && *a > b {
		return a
	}
	return &b
}

func smaller(a *float64, b float64) *float64 {
	if a != nil && *a < b {
		return a
	}
	return &b
}
