package assess

import (
	"math"
	"slices"

	"goalpost"
	"goalpost/survey"
)

// SurveySample is what complete answers say, as numbers: row i is respondent i. Its design is
// that of respondents drawn one by one; weights to a population are put on by Weighted.
type SurveySample struct {
	Form    goalpost.Form
	Answers []goalpost.Answer // [n]
	Design  *survey.Design    // nil without answers
	replies []replied         // [n]
}

// replied are the replies of one respondent to questions that were shown.
type replied struct {
	form    goalpost.Form
	replies map[string]goalpost.QuestionReply
	shown   map[string]bool
}

// Sample takes the complete ones among answers. Replies are those to the questions of the
// newest form: one to an earlier form counts where the question keeps its trend.
func (a *AskedSurvey) Sample(answers []goalpost.Answer) (*SurveySample, error) {
	s := &SurveySample{Form: a.Survey.Form}
	for _, x := range answers {
		if x.State != goalpost.AnswerComplete {
			continue
		}
		form, ok := a.forms[x.Version]
		if !ok {
			continue
		}
		r := replied{form: form, replies: x.Replies, shown: map[string]bool{}}
		for i, shown := range form.Shown(x.Replies) {
			r.shown[form.Questions[i].Code] = shown
		}
		s.Answers, s.replies = append(s.Answers, x), append(s.replies, r)
	}
	if len(s.Answers) == 0 {
		return s, nil
	}
	var err error
	s.Design, err = survey.NewDesign(survey.Spec{N: len(s.Answers)})
	return s, err
}

// N is the number of respondents.
func (s *SurveySample) N() int { return len(s.Answers) }

// reply returns what a respondent said to a question as it is asked now. Asked is false
// where it was not shown or asked something else, ok is false too where there is no reply
// that counts.
func (s *SurveySample) reply(i int, q goalpost.SurveyQuestion) (r goalpost.QuestionReply, asked, ok bool) {
	then, found := s.replies[i].form.Question(q.Code)
	if !found || then.Version != q.Version || !s.replies[i].shown[q.Code] {
		return r, false, false
	}
	r = s.replies[i].replies[q.Code]
	return r, true, then.Counts(r)
}

// Asked says who was shown a question [n].
func (s *SurveySample) Asked(q goalpost.SurveyQuestion) []bool {
	out := make([]bool, s.N())
	for i := range out {
		_, out[i], _ = s.reply(i, q)
	}
	return out
}

// Option is 1 for those who chose an option, 0 for those who answered without it, and NaN for
// those who were not asked, did not answer or do not know [n].
func (s *SurveySample) Option(q goalpost.SurveyQuestion, option string) []float64 {
	return s.column(q, func(r goalpost.QuestionReply) float64 {
		if slices.Contains(r.Choices, option) {
			return 1
		}
		return 0
	})
}

// Number is the grade or number that was given, NaN as for Option [n].
func (s *SurveySample) Number(q goalpost.SurveyQuestion) []float64 {
	return s.column(q, func(r goalpost.QuestionReply) float64 {
		if r.Number == nil {
			return math.NaN()
		}
		return *r.Number
	})
}

func (s *SurveySample) column(q goalpost.SurveyQuestion, value func(goalpost.QuestionReply) float64) []float64 {
	out := make([]float64, s.N())
	for i := range out {
		out[i] = math.NaN()
		if r, _, ok := s.reply(i, q); ok {
			out[i] = value(r)
		}
	}
	return out
}

// Groups numbers respondents by the option of a question that takes one, in the order of the
// form; −1 where there is none [n].
func (s *SurveySample) Groups(q goalpost.SurveyQuestion) []int {
	out := make([]int, s.N())
	for i := range out {
		out[i] = -1
		if r, _, ok := s.reply(i, q); ok && len(r.Choices) == 1 {
			out[i] = slices.IndexFunc(q.Options, func(o goalpost.Item) bool { return o.Code == r.Choices[0] })
		}
	}
	return out
}

// ByChannel says who came by a channel [n].
func (s *SurveySample) ByChannel(code string) []bool {
	out := make([]bool, s.N())
	for i, x := range s.Answers {
		out[i] = x.Channel == code
	}
	return out
}

// Clean says whose answer carries no flag [n].
func (s *SurveySample) Clean() []bool {
	out := make([]bool, s.N())
	for i, x := range s.Answers {
		out[i] = len(x.Flags) == 0
	}
	return out
}
