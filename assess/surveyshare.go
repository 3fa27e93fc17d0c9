package assess

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/infer"
	"goalpost/survey"
)

// LeastAnswered is the share of those asked below which a page warns that others may think
// otherwise (reference: survey, part b16).
const LeastAnswered = 0.7

// SurveyShares are what the complete answers to a survey say, each with how sure it is.
type SurveyShares struct {
	Sample    goalpost.SampleKind
	Reading   SampleReading   // what an interval means
	Problem   *goalpost.Error // why there are no weights although there is a population
	Change    int64           // of the newest answer that is in them
	N         int             // respondents that count, of the filter
	All       int             // without the filter
	Weighted  bool
	WeightSet string // the weights that the shares were made with; empty without
	Filter    ShareFilter
	Filters   []FilterChoice
	Questions []QuestionShares
}

// QuestionShares are the shares of the answers to one question.
type QuestionShares struct {
	Question     goalpost.SurveyQuestion
	Earlier      bool // it is not asked so any more
	Reply        ItemResponse
	Base         int     // respondents whose answer counts
	EffectiveN   float64 // drawn at random they would be as precise; the fewest of all options
	DesignEffect float64 // the largest of all options; NaN where all agree
	Withheld     Withheld
	Options      []OptionShare
	BySize       bool          // Options stand in the order of their size, not of the form
	Tied         []string      // keys that cannot be told apart from the first
	Parts        []OptionShare // groups of grades: top two, bottom two; promoters, passives, detractors
	Net          *infer.Estimate
	NPS          *infer.Estimate
	Mean, Median *infer.Estimate
	Tags         []TagShare // of what was written
	Written      int        // texts
}

// Withheld says why the shares of a question are not shown.
type Withheld string

// Reasons.
const (
	NotWithheld  Withheld = ""
	TooFewAsked  Withheld = "few"       // fewer than TeamBase answered
	TooNear      Withheld = "near"      // they are all but a few of those that are shown elsewhere
	NothingAsked Withheld = "no_answer" // nobody answered
)

// ItemResponse is how many of those asked answered a question.
type ItemResponse struct {
	Asked, Answered, DontKnow, Invalid, Skipped int
	Rate                                        float64 // weighted share of Answered
}

// OptionShare is how many gave one answer.
type OptionShare struct {
	Key        string
	Option     goalpost.Item // of a choice
	Grade      *int          // of a scale
	Count      int           // respondents
	Share      survey.ShareEstimate
	Uncertain  bool            // known too badly to be said
	Hidden     bool            // fewer than three gave it, or it would give such a number away
	Unweighted *infer.Estimate // where there are weights
	Mentions   *infer.Estimate // of all that was ticked
	Rank       *infer.Estimate // mean place among those who ranked it
	Lowest     float64         // between Lowest and Highest the share lies whatever those who
	Highest    float64         // did not answer would have said
}

// TagShare is how many of those who wrote something got a tag.
type TagShare struct {
	Tag   string
	Count int
	Share infer.Estimate
	Known bool // enough texts for a share
}

// Known reports whether a share is shown as a number.
func (o OptionShare) Known() bool { return !o.Uncertain && !o.Hidden && o.Share.N > 0 }

// shareWork makes the shares of one survey.
type shareWork struct {
	s     *SurveySample
	d     *survey.Design // weighted
	in    []bool         // of the filter; nil: all
	plain bool           // d has the same weight for all
}

// SharesOf makes the shares of all questions. The design is that of the sample, or one with
// weights; in the filter nil means all. Earlier questions that are not asked any more come
// last.
func (a *AskedSurvey) SharesOf(s *SurveySample, d *survey.Design, f ShareFilter) (SurveyShares, error) {
	out := SurveyShares{Sample: a.Survey.Settings.Sample, N: s.N(), All: s.N(), Filter: f}
	for _, x := range s.Answers {
		out.Change = max(out.Change, x.Change)
	}
	if s.N() == 0 {
		return out, nil
	}
	w := shareWork{s: s, d: d, plain: d == s.Design}
	out.Weighted = !w.plain
	sets := s.filterSets(a)
	out.Filters = choices(sets)
	if !f.Empty() {
		i := slices.IndexFunc(sets, func(x filterSet) bool { return x.Filter == f })
		if i < 0 || !sets[i].Allowed {
			return out, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyshare.filter", Field: "only"}
		}
		w.in, out.N = sets[i].members(s.N()), sets[i].N
	}
	for _, q := range a.asked() {
		x, err := w.question(q.question)
		if err != nil {
			return out, err
		}
		if x.Earlier = q.earlier; !x.Earlier || x.Reply.Answered > 0 {
			out.Questions = append(out.Questions, x)
		}
	}
	return out, nil
}

// shownQuestion is a question in one version of its trend.
type shownQuestion struct {
	question goalpost.SurveyQuestion
	earlier  bool
}

// asked lists every question once in each version of its trend, those of the newest form
// first.
func (a *AskedSurvey) asked() []shownQuestion {
	var list []shownQuestion
	seen := map[string]bool{}
	add := func(q goalpost.SurveyQuestion, earlier bool) {
		if of := q.Code + " " + strconv.Itoa(q.Version); !seen[of] {
			seen[of] = true
			list = append(list, shownQuestion{q, earlier})
		}
	}
	for _, q := range a.Survey.Form.Questions {
		add(q, false)
	}
	for v := a.Survey.FormVersion - 1; v > 0; v-- {
		for _, q := range a.forms[v].Questions {
			add(q, true)
		}
	}
	return list
}

// answersTo are the replies to one question, read once [n].
type answersTo struct {
	asked, counts []bool
	reply         []goalpost.QuestionReply
}

func (s *SurveySample) answersTo(q goalpost.SurveyQuestion) answersTo {
	r := answersTo{make([]bool, s.N()), make([]bool, s.N()), make([]goalpost.QuestionReply, s.N())}
	for i := range r.asked {
		r.reply[i], r.asked[i], r.counts[i] = s.reply(i, q)
	}
	return r
}

// column is a value of those whose answer counts, NaN of all others [n].
func (r answersTo) column(value func(goalpost.QuestionReply) float64) []float64 {
	out := make([]float64, len(r.reply))
	for i := range out {
		out[i] = math.NaN()
		if r.counts[i] {
			out[i] = value(r.reply[i])
		}
	}
	return out
}

// chose is 1 for those who chose an option [n].
func (r answersTo) chose(option string) []float64 {
	return r.column(func(x goalpost.QuestionReply) float64 { return oneIf(slices.Contains(x.Choices, option)) })
}

// number is the grade or number that was given; a choice instead of one is none [n].
func (r answersTo) number() []float64 {
	return r.column(func(x goalpost.QuestionReply) float64 {
		if x.Number == nil {
			return math.NaN()
		}
		return *x.Number
	})
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// response says how many of those asked answered.
func (w shareWork) response(q goalpost.SurveyQuestion, r answersTo) ItemResponse {
	var x ItemResponse
	y := make([]float64, len(r.asked))
	for i := range y {
		y[i] = math.NaN()
		if !r.asked[i] || w.in != nil && !w.in[i] {
			continue
		}
		x.Asked++
		y[i] = oneIf(r.counts[i])
		switch {
		case r.counts[i]:
			x.Answered++
		case r.reply[i].IsEmpty():
			x.Skipped++
		case !q.Valid(r.reply[i]):
			x.Invalid++
		default:
			x.DontKnow++
		}
	}
	if e, err := w.d.Estimate(survey.Mean(y, w.in)); err == nil {
		x.Rate = min(e.Value[0], 1)
	}
	return x
}

// question makes the shares of one question.
func (w shareWork) question(q goalpost.SurveyQuestion) (QuestionShares, error) {
	r := w.s.answersTo(q)
	x := QuestionShares{Question: q, Reply: w.response(q, r), DesignEffect: math.NaN()}
	x.Base = x.Reply.Answered
	for i, reply := range r.reply {
		if r.asked[i] && reply.Text != "" && q.Valid(reply) && (w.in == nil || w.in[i]) {
			x.Written++
		}
	}
	if x.Withheld = w.withheld(x.Base, r); x.Withheld != NotWithheld {
		return x, nil
	}
	err := w.fill(&x, r)
	if err != nil && !errors.Is(err, survey.ErrNobody) {
		return x, err
	}
	w.finish(&x)
	if w.in != nil {
		w.hide(&x, r)
	}
	return x, nil
}

// withheld says whether too few answered, or so many that the others could be worked out.
func (w shareWork) withheld(base int, r answersTo) Withheld {
	switch {
	case base == 0:
		return NothingAsked
	case w.in == nil:
		return NotWithheld
	case base < survey.TeamBase:
		return TooFewAsked
	}
	all := 0
	for _, counts := range r.counts {
		if counts {
			all++
		}
	}
	if rest := all - base; rest > 0 && rest < survey.TeamBase {
		return TooNear
	}
	return NotWithheld
}

// share is the share of 1 in a column, with the one without weights.
func (w shareWork) share(key string, y []float64) (OptionShare, error) {
	o := OptionShare{Key: key}
	var err error
	if o.Share, err = w.d.Share(y, w.in, survey.ShareOptions{Level: goalpost.StudyLevel, Cap: true}); err != nil {
		return o, err
	}
	o.Count, o.Uncertain = o.Share.Hits, o.Share.TooUncertain()
	if !w.plain {
		plain, err := w.s.Design.Share(y, w.in, survey.ShareOptions{Level: goalpost.StudyLevel, Cap: true})
		if err != nil {
			return o, err
		}
		o.Count, o.Unweighted = plain.Hits, &plain.Estimate
	}
	return o, nil
}

// finish fills what holds for the question from its options.
func (w shareWork) finish(x *QuestionShares) {
	x.EffectiveN = math.NaN()
	for _, list := range [][]OptionShare{x.Options, x.Parts} {
		for i := range list {
			o := &list[i]
			o.Lowest, o.Highest = survey.Unanswered(o.Share.Value, x.Reply.Rate)
			if n := o.Share.EffectiveN; !math.IsInf(n, 0) && !(x.EffectiveN <= n) {
				x.EffectiveN = n
			}
			if e := o.Share.DesignEffect; !(x.DesignEffect >= e) && !math.IsInf(e, 0) {
				x.DesignEffect = e
			}
		}
	}
	if x.Options == nil && x.Mean != nil {
		x.EffectiveN = float64(x.Mean.N)
	}
}
