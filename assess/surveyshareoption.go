package assess

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/infer"
	"goalpost/survey"
)

// shownOptions are the options that shares are made of: without those that stand beside an
// answer.
func shownOptions(q goalpost.SurveyQuestion) []goalpost.Item {
	if q.Type == goalpost.ConsentQuestion {
		return []goalpost.Item{{Code: goalpost.Agreed}}
	}
	var list []goalpost.Item
	for _, o := range q.Options {
		if o.Role != goalpost.RoleDontKnow && o.Role != goalpost.RoleNoOpinion {
			list = append(list, o)
		}
	}
	return list
}

// choices are the shares of respondents who chose each option, and of several the shares of
// all mentions.
func (w shareWork) choices(x *QuestionShares, r answersTo) error {
	options := shownOptions(x.Question)
	var columns, mentioned [][]float64
	for _, o := range options {
		columns = append(columns, r.chose(o.Code))
		if !o.Role.Alone() {
			mentioned = append(mentioned, columns[len(columns)-1])
		}
	}
	all := survey.Mentions(mentioned)
	for i, item := range options {
		o, err := w.share(item.Code, columns[i])
		if err != nil {
			return err
		}
		o.Option = item
		if x.Question.Type == goalpost.MultipleChoice && !item.Role.Alone() {
			if e, err := w.d.Estimate(survey.Ratio(columns[i], all, w.in)); err == nil {
				m := e.Interval(0, goalpost.StudyLevel)
				o.Mentions = &m
			}
		}
		x.Options = append(x.Options, o)
	}
	if x.Question.Type == goalpost.ConsentQuestion {
		return nil
	}
	return w.bySize(x, columns)
}

// bySize sorts options by their shares, those that are beside the others last, and says which
// cannot be told apart from the first.
func (w shareWork) bySize(x *QuestionShares, columns [][]float64) error {
	order := make([]int, len(x.Options))
	for i := range order {
		order[i] = i
	}
	last := func(o OptionShare) int {
		if o.Option.Role == goalpost.RoleOther || o.Option.Role == goalpost.RoleNone {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(last(x.Options[a])-last(x.Options[b]), cmp.Compare(x.Options[b].Share.Value, x.Options[a].Share.Value))
	})
	var sorted []OptionShare
	var stats []survey.Statistic
	for _, i := range order {
		sorted = append(sorted, x.Options[i])
		stats = append(stats, survey.Mean(columns[i], w.in))
	}
	x.Options, x.BySize = sorted, true
	if len(stats) < 2 || x.Base < survey.TeamBase {
		return nil
	}
	e, err := w.d.Estimate(stats...)
	if err != nil {
		return err
	}
	var p []float64
	for i := 1; i < len(sorted) && last(sorted[i]) == 0; i++ {
		p = append(p, e.Change(0, i, goalpost.StudyLevel).P)
	}
	for i, adjusted := range survey.Holm(p) {
		if adjusted >= 1-goalpost.StudyLevel || math.IsNaN(adjusted) && sorted[i+1].Share.Value == sorted[0].Share.Value {
			x.Tied = append(x.Tied, sorted[i+1].Key)
		}
	}
	return nil
}

// ranking are the shares of respondents who put each option first, and its mean place.
func (w shareWork) ranking(x *QuestionShares, r answersTo) error {
	var columns [][]float64
	for _, item := range shownOptions(x.Question) {
		first := r.column(func(q goalpost.QuestionReply) float64 { return oneIf(len(q.Choices) > 0 && q.Choices[0] == item.Code) })
		place := r.column(func(q goalpost.QuestionReply) float64 {
			if i := slices.Index(q.Choices, item.Code); i >= 0 && !item.Role.Alone() {
				return float64(i + 1)
			}
			return math.NaN()
		})
		o, err := w.share(item.Code, first)
		if err != nil {
			return err
		}
		o.Option, o.Rank = item, w.mean(place)
		x.Options, columns = append(x.Options, o), append(columns, first)
	}
	return w.bySize(x, columns)
}

// mean is a mean with Student's interval; nil where nobody answered, or one alone.
func (w shareWork) mean(y []float64) *infer.Estimate {
	e, err := w.d.Estimate(survey.Mean(y, w.in))
	if err != nil || e.N[0] < 2 {
		return nil
	}
	out := e.Interval(0, goalpost.StudyLevel)
	return &out
}

// grades are the shares of each grade, and of groups of them.
func (w shareWork) grades(x *QuestionShares, y []float64, low, high int, parts []gradePart) error {
	for g := low; g <= high; g++ {
		o, err := w.share(strconv.Itoa(g), gradesOf(y, g, g))
		if err != nil {
			return err
		}
		o.Grade = &g
		x.Options = append(x.Options, o)
	}
	for _, part := range parts {
		o, err := w.share(part.key, gradesOf(y, part.from, part.to))
		if err != nil {
			return err
		}
		x.Parts = append(x.Parts, o)
	}
	x.Mean = w.mean(y)
	return nil
}

// gradePart is a group of grades.
type gradePart struct {
	key      string
	from, to int
}

// gradesOf is 1 for grades between two, NaN where there is none [n].
func gradesOf(y []float64, from, to int) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = v
		if !math.IsNaN(v) {
			out[i] = oneIf(v >= float64(from) && v <= float64(to))
		}
	}
	return out
}

// scaleParts are the two highest and the two lowest grades, and the one between where there
// is one. Of fewer than four grades they would overlap.
func scaleParts(low, high int) []gradePart {
	if high-low < 3 {
		return nil
	}
	parts := []gradePart{{"top", high - 1, high}, {"bottom", low, low + 1}}
	if levels := high - low + 1; levels%2 == 1 && levels > 4 {
		parts = append(parts, gradePart{"neutral", low + levels/2, low + levels/2})
	}
	return parts
}

// scale are the shares of grades, top two less bottom two, and last the mean: distances
// between grades are not known.
func (w shareWork) scale(x *QuestionShares, r answersTo) error {
	scale := x.Question.Scale
	if scale == nil {
		return nil
	}
	y := r.number()
	if err := w.grades(x, y, scale.Low, scale.High, scaleParts(scale.Low, scale.High)); err != nil || len(x.Parts) == 0 {
		return err
	}
	levels := make([]float64, len(y))
	for i, v := range y {
		levels[i] = v - float64(scale.Low) + 1
	}
	l, err := w.d.Likert(levels, w.in, scale.High-scale.Low+1)
	if err != nil {
		return err
	}
	net := l.Parts.Interval(l.Net, goalpost.StudyLevel)
	net.Lo, net.Hi = max(net.Lo, -1), min(net.Hi, 1)
	x.Net = &net
	return nil
}

// npsParts are the groups of a Net Promoter Score (Reichheld 2003: see goalpost.NPSLowest).
var npsParts = []gradePart{{"promoters", 9, 10}, {"passives", 7, 8}, {"detractors", 0, 6}}

// nps is the Net Promoter Score with its parts.
func (w shareWork) nps(x *QuestionShares, r answersTo) error {
	y := r.number()
	if err := w.grades(x, y, goalpost.NPSLowest, goalpost.NPSHighest, npsParts); err != nil {
		return err
	}
	if x.Base < 2 { // of one there is no variance
		return nil
	}
	e, err := w.d.NPSInterval(y, w.in, goalpost.StudyLevel)
	if err != nil {
		return err
	}
	x.NPS = &e
	return nil
}

// numbers are mean and median.
func (w shareWork) numbers(x *QuestionShares, r answersTo) error {
	y := r.number()
	x.Mean = w.mean(y)
	if x.Base < 2 {
		return nil
	}
	e, err := w.d.Quantile(y, w.in, 0.5, goalpost.StudyLevel, survey.Middle)
	if err != nil {
		return err
	}
	x.Median = &e
	return nil
}
