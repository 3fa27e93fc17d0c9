package assess

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
	"goalpost/survey"
)

// Rules of weighting to a population.
const (
	usualCap = 5
	smallCap = 3   // of fewer than
	capSmall = 500 // answers
	fit      = 1e-6
	smallest = 20 // answers below which a group stands on few
	steep    = 3  // times by which weighting at most changes a group's share without a warning
)

// Weighted is a sample with weights to its population.
type Weighted struct {
	Design  *survey.Design      // weighted; that of the sample where there are no weights
	Set     *goalpost.WeightSet // nil without weights
	Problem *goalpost.Error     // why there are no weights although there is a population
	Weight  []float64           // in means of all [n]; nil without weights
}

// Weigh weights a sample to the newest population of the survey. Without one the design is
// that of the sample; so it is where no weights fit, and Problem says why.
func (a *AskedSurvey) Weigh(ctx context.Context, db *store.DB, s *SurveySample) (Weighted, error) {
	list, err := db.Populations(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return Weighted{}, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	if len(list) == 0 {
		return Weighted{Design: s.Design}, nil
	}
	return s.WeighTo(list[0])
}

// CiteWeights keeps the weights that a figure cites, once; a figure without weights cites
// none.
func (a *AskedSurvey) CiteWeights(ctx context.Context, db *store.DB, w Weighted, now time.Time) error {
	if w.Set == nil {
		return nil
	}
	set := *w.Set
	set.MadeAt = now.UTC().Truncate(time.Microsecond)
	if err := db.KeepWeightSet(ctx, a.Org, a.Survey.ID, set); err != nil {
		return fmt.Errorf("assess weights of survey %d: %w", a.Survey.ID, err)
	}
	return nil
}

// WeighTo weights a sample to a population.
func (s *SurveySample) WeighTo(p goalpost.Population) (Weighted, error) {
	w := Weighted{Design: s.Design}
	if p.IsEmpty() || s.Design == nil {
		return w, nil
	}
	margins, problem := s.margins(p)
	if problem != nil {
		w.Problem = problem
		return w, nil
	}
	rules := goalpost.WeightRules{Method: goalpost.WeightRaking, Cap: CapOf(p, s.N()), Tolerance: fit, KeepMissing: true}
	design, how, err := s.Design.Rake(rakeMargins(margins), survey.RakeOptions{Tolerance: rules.Tolerance, Cap: rules.Cap, KeepMissing: rules.KeepMissing})
	if err != nil {
		fault, ok := errors.AsType[*survey.MarginError](err)
		if !ok {
			return w, fmt.Errorf("assess weights: %w", err)
		}
		w.Problem = marginProblem(margins, fault, rules.Cap)
		return w, nil
	}
	set := goalpost.WeightSet{Population: p.Version, Rules: rules, DataHash: s.dataHash(margins), N: s.N()}
	if set.ID, err = goalpost.WeightSetID(set.Population, rules, set.DataHash); err != nil {
		return w, fmt.Errorf("assess weights: %w", err)
	}
	for _, x := range s.Answers {
		set.Change = max(set.Change, x.Change)
	}
	w.Design, w.Set, w.Weight = design, &set, inMeans(design.Weights())
	set.Diagnosis = diagnose(w.Weight, how)
	for _, m := range margins {
		set.Margins = append(set.Margins, m.beside(w.Weight))
	}
	return w, nil
}

// CapOf is the largest weight, in means of all, that a population allows n answers.
func CapOf(p goalpost.Population, n int) float64 {
	switch {
	case p.Cap != 0:
		return p.Cap
	case n < capSmall:
		return smallCap
	}
	return usualCap
}

// sampleMargin is a margin of the population with the groups of the respondents.
type sampleMargin struct {
	of       goalpost.PopulationMargin
	question goalpost.SurveyQuestion
	options  [][]string
	code     []int // [n]; −1 where there is none
	target   []float64
}

// margins finds the group of each respondent in each margin.
func (s *SurveySample) margins(p goalpost.Population) ([]sampleMargin, *goalpost.Error) {
	total := p.People()
	if total == 0 {
		total = float64(max(1, s.N()))
	}
	var list []sampleMargin
	for _, m := range p.Margins {
		q, ok := s.Form.Question(m.Question)
		if !ok {
			return nil, goalpost.Errorf(goalpost.Conflict, "error.surveyweight.gone", goalpost.TextArg(m.Question))
		}
		if q.Version != m.QuestionVersion || (goalpost.Population{Margins: []goalpost.PopulationMargin{m}}).Check(s.Form) != nil {
			return nil, goalpost.Errorf(goalpost.Conflict, "error.surveyweight.changed", goalpost.TextsArg(q.Wording))
		}
		list = append(list, s.marginOf(m, q, total))
	}
	return list, nil
}

func (s *SurveySample) marginOf(m goalpost.PopulationMargin, q goalpost.SurveyQuestion, total float64) sampleMargin {
	x := sampleMargin{of: m, question: q, options: m.Joined(), code: s.Groups(q)}
	group := make([]int, len(q.Options))
	for i, o := range q.Options {
		group[i] = slices.IndexFunc(x.options, func(codes []string) bool { return slices.Contains(codes, o.Code) })
	}
	for i, c := range x.code {
		if c >= 0 {
			x.code[i] = group[c]
		}
	}
	all := m.Total()
	for _, codes := range x.options {
		size := 0.0
		for _, c := range codes {
			g, _ := m.Group(c)
			size += g.Size
		}
		x.target = append(x.target, total*size/all)
	}
	return x
}

func rakeMargins(list []sampleMargin) []survey.Margin {
	out := make([]survey.Margin, len(list))
	for i, m := range list {
		out[i] = survey.Margin{Code: m.code, Target: m.target}
	}
	return out
}

// name is what a group is called: its options, one after the other.
func (m sampleMargin) name(group int) goalpost.Text {
	if group < 0 || group >= len(m.options) {
		return nil
	}
	return GroupName(m.question, m.options[group])
}

// GroupName is what a group of a question is called that joins options.
func GroupName(q goalpost.SurveyQuestion, options []string) goalpost.Text {
	name := goalpost.Text{}
	for _, code := range options {
		o, _ := q.Option(code)
		for language := range q.Wording {
			name[language] = strings.TrimPrefix(name[language]+" + "+o.Label.In(language), " + ")
		}
	}
	return name
}

// share of the population that a group has.
func (m sampleMargin) share(group int) float64 {
	all := 0.0
	for _, t := range m.target {
		all += t
	}
	return m.target[group] / all
}

// marginProblem says in one sentence why no weights fit.
func marginProblem(margins []sampleMargin, e *survey.MarginError, limit float64) *goalpost.Error {
	x := &goalpost.Error{Kind: goalpost.Conflict, Key: "error.surveyweight.fit", Err: e}
	if e.Margin < 0 || e.Margin >= len(margins) {
		return x
	}
	m := margins[e.Margin]
	x.Field = m.of.Question
	wording := goalpost.TextsArg(m.question.Wording)
	unknown := e.Category < 0 || e.Category >= len(m.options)
	switch {
	case e.Problem == survey.TotalsDiffer:
		x.Key, x.Args = "error.surveyweight.totals", []goalpost.Arg{goalpost.TextsArg(margins[0].question.Wording), goalpost.NumberArg(e.Other), wording, goalpost.NumberArg(e.Value)}
	case unknown:
		x.Key, x.Args = "error.surveyweight.unreachable-unknown", []goalpost.Arg{wording, goalpost.NumberArg(limit)}
	case e.Problem == survey.NobodyAnswered:
		x.Key, x.Field = "error.surveyweight.nobody", m.of.Question+"."+m.options[e.Category][0]
		x.Args = []goalpost.Arg{goalpost.TextsArg(m.name(e.Category)), wording, tenths(m.share(e.Category))}
	case e.Problem == survey.NotInPopulation:
		x.Key, x.Field = "error.surveyweight.extra", m.of.Question+"."+m.options[e.Category][0]
		x.Args = []goalpost.Arg{goalpost.TextsArg(m.name(e.Category)), wording, goalpost.NumberArg(float64(e.Rows))}
	case e.Problem == survey.NotReachable:
		x.Key, x.Field = "error.surveyweight.unreachable", m.of.Question+"."+m.options[e.Category][0]
		x.Args = []goalpost.Arg{goalpost.TextsArg(m.name(e.Category)), wording, goalpost.NumberArg(limit)}
	}
	return x
}

// dataHash is a hash of all that weights are made of beside population and rules: whose
// answer is in which groups. The order in which answers are read does not matter.
func (s *SurveySample) dataHash(margins []sampleMargin) string {
	rows := make([]string, s.N())
	for i, x := range s.Answers {
		row := x.ID
		for _, m := range margins {
			row += " " + strconv.Itoa(m.code[i])
		}
		rows[i] = row
	}
	slices.Sort(rows)
	h := sha256.New()
	for _, row := range rows {
		_, _ = io.WriteString(h, row+"\n") // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

func inMeans(w []float64) []float64 {
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	for i := range w {
		w[i] *= float64(len(w)) / sum
	}
	return w
}

// diagnose says what weights cost (Kish, L. (1965), Survey Sampling, section 11.7).
func diagnose(w []float64, how survey.Fit) goalpost.WeightDiagnosis {
	squares := 0.0
	for _, v := range w {
		squares += v * v
	}
	n := float64(len(w))
	return goalpost.WeightDiagnosis{EffectiveN: n * n / squares, DesignEffect: squares / n, Least: slices.Min(w), Largest: slices.Max(w), AtCap: how.AtCap, Cycles: how.Cycles, Worst: how.Worst}
}

// beside holds the margin beside the sample, weighted and not.
func (m sampleMargin) beside(w []float64) goalpost.WeightedMargin {
	x := goalpost.WeightedMargin{Question: m.of.Question}
	n, sums := make([]int, len(m.options)+1), make([]float64, len(m.options)+1)
	for i, code := range m.code {
		if code < 0 {
			code = len(m.options)
		}
		n[code]++
		if w != nil {
			sums[code] += w[i]
		}
	}
	last := len(m.options)
	known, weighted := float64(len(m.code)-n[last]), 0.0
	for _, v := range sums[:last] {
		weighted += v
	}
	for k, codes := range m.options {
		g := goalpost.WeightedGroup{Options: codes, N: n[k], Population: m.share(k)}
		if known > 0 {
			g.Sample = float64(n[k]) / known
		}
		if weighted > 0 {
			g.Weighted = sums[k] / weighted
		}
		x.Groups = append(x.Groups, g)
	}
	if n[last] > 0 {
		x.Unknown = goalpost.WeightedGroup{N: n[last], Sample: float64(n[last]) / float64(len(m.code)), Weighted: sums[last] / max(weighted+sums[last], 1)}
	}
	return x
}

// Carriers are the groups that few answers carry, the smallest first.
func Carriers(set goalpost.WeightSet) (list []goalpost.WeightedGroup) {
	for _, m := range set.Margins {
		for _, g := range m.Groups {
			if g.N > 0 && g.Population > 0 && (g.N < smallest || g.Factor() > steep) {
				list = append(list, g)
			}
		}
	}
	slices.SortStableFunc(list, func(x, y goalpost.WeightedGroup) int { return cmp.Compare(x.N, y.N) })
	return list
}

// AnswerWeight is the weight of one answer, in means of all.
type AnswerWeight struct {
	Answer string  `json:"answer"`
	Weight float64 `json:"weight"`
	Set    string  `json:"-"`
}

// AnswerWeights are the weights of all complete answers to the newest population. It fails
// with NotFound where there is none, and with the reason where no weights fit.
func (a *AskedSurvey) AnswerWeights(ctx context.Context, db *store.DB) ([]AnswerWeight, error) {
	sample, err := a.CompleteSample(ctx, db)
	if err != nil {
		return nil, err
	}
	w, err := a.Weigh(ctx, db, sample)
	switch {
	case err != nil:
		return nil, err
	case w.Problem != nil:
		return nil, w.Problem
	case w.Set == nil:
		return nil, goalpost.Errorf(goalpost.NotFound, "error.surveyweight.none")
	}
	list := make([]AnswerWeight, sample.N())
	for i, x := range sample.Answers {
		list[i] = AnswerWeight{Answer: x.ID, Weight: w.Weight[i], Set: w.Set.ID}
	}
	return list, nil
}
