package assess

import (
	"errors"
	"math"
	"slices"

	"goalpost"
	"goalpost/survey"
)

// CrossedShares are the shares of a question in groups of respondents.
type CrossedShares struct {
	Question goalpost.SurveyQuestion
	Columns  []CrossColumn
	Rows     []CrossRow
	// P is how often chance alone would make groups differ like this where they do not; nil
	// where it cannot be said. Of several answers each has its own, in CrossRow.
	P *float64
}

// CrossColumn is a group of respondents.
type CrossColumn struct {
	Code       string
	Option     goalpost.Item // where the groups are answers to a question
	Rest       bool          // groups that are too small alone, together
	Letter     string        // by which rows name it
	Base       int
	EffectiveN float64
}

// CrossRow is one answer.
type CrossRow struct {
	OptionShare
	Cells []CrossCell // [len(Columns)]
	P     *float64    // adjusted for the number of answers (Holm)
}

// CrossCell is the share in one group. Letters name the groups whose share is lower: capital
// ones where that is sure at 95 %, small ones at 90 %.
type CrossCell struct {
	Share     survey.ShareEstimate
	Count     int
	Uncertain bool
	Hidden    bool
	Letters   string
}

// crossing are groups of respondents.
type crossing struct {
	columns []CrossColumn
	of      []int // [n] the column; −1 in none
}

// CrossKinds are what shares can be crossed by, beside the questions with one answer.
func CrossKinds() []string { return []string{FilterChannel, FilterLanguage, FilterDevice} }

// Crossable reports whether groups can be made of the answers to a question.
func Crossable(q goalpost.SurveyQuestion) bool {
	return q.Type == goalpost.SingleChoice && len(q.Options) <= mostFiltered
}

// Crossed makes the shares of every question with closed answers in groups: by a channel,
// language or device, or by the answers to a question. Groups that are too small are taken
// together. It fails with Invalid where fewer than two groups are large enough.
func (a *AskedSurvey) Crossed(s *SurveySample, d *survey.Design, by string) ([]CrossedShares, error) {
	refused := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyshare.groups", Field: "by"}
	if s.N() == 0 {
		return nil, refused
	}
	least := survey.TeamBase
	if slices.Contains(CrossKinds(), by) {
		least = survey.PublicBase
	}
	g, ok := s.crossing(by)
	if !ok {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyshare.by", Field: "by"}
	}
	w := shareWork{s: s, d: d, plain: d == s.Design}
	var list []CrossedShares
	for _, q := range a.Survey.Form.Questions {
		if q.Code == by || q.Type == goalpost.TextQuestion || q.Type == goalpost.NumberQuestion || q.Type == goalpost.ConsentQuestion {
			continue
		}
		x, err := w.crossed(q, g, least)
		if err != nil {
			return nil, err
		}
		if len(x.Columns) > 1 {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		return nil, refused
	}
	return list, nil
}

// crossing makes groups; ok is false where there is no such thing to group by.
func (s *SurveySample) crossing(by string) (crossing, bool) {
	if q, known := s.Form.Question(by); known && Crossable(q) {
		g := crossing{of: s.Groups(q)}
		for _, o := range q.Options {
			g.columns = append(g.columns, CrossColumn{Code: o.Code, Option: o})
		}
		return g, true
	}
	of, known := map[string]func(goalpost.Answer) string{
		FilterChannel:  func(x goalpost.Answer) string { return x.Channel },
		FilterLanguage: func(x goalpost.Answer) string { return x.Language },
		FilterDevice:   func(x goalpost.Answer) string { return string(x.Device) },
	}[by]
	if !known {
		return crossing{}, false
	}
	var g crossing
	var codes []string
	for _, x := range s.Answers {
		if c := of(x); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	slices.Sort(codes)
	for _, c := range codes {
		g.columns = append(g.columns, CrossColumn{Code: c})
	}
	for _, x := range s.Answers {
		g.of = append(g.of, slices.Index(codes, of(x)))
	}
	return g, true
}

// among keeps the groups that are large enough among those whose answer counts, and takes
// the others together: a single small one would follow from the total, so the smallest of
// the large ones joins it where that is needed.
func (g crossing) among(counts []bool, least int) crossing {
	base := make([]int, len(g.columns))
	for i, k := range g.of {
		if k >= 0 && counts[i] {
			base[k]++
		}
	}
	small, rest := map[int]bool{}, 0
	for k, n := range base {
		if n < least {
			small[k], rest = n > 0, rest+n
		}
	}
	for rest > 0 && rest < least {
		next := -1
		for k, n := range base {
			if _, taken := small[k]; !taken && (next < 0 || n < base[next]) {
				next = k
			}
		}
		if next < 0 {
			break
		}
		small[next], rest = true, rest+base[next]
	}
	out := crossing{of: make([]int, len(g.of))}
	place := make([]int, len(g.columns))
	for k, c := range g.columns {
		if _, taken := small[k]; !taken {
			place[k] = len(out.columns)
			c.Base = base[k]
			out.columns = append(out.columns, c)
		}
	}
	if rest >= least {
		out.columns = append(out.columns, CrossColumn{Rest: true, Base: rest})
	}
	for i, k := range g.of {
		out.of[i] = -1
		if k < 0 || !counts[i] {
			continue
		}
		if _, taken := small[k]; !taken {
			out.of[i] = place[k]
		} else if rest >= least {
			out.of[i] = len(out.columns) - 1
		}
	}
	return out
}

// crossed makes the table of one question; without columns where there are too few groups.
func (w shareWork) crossed(q goalpost.SurveyQuestion, g crossing, least int) (CrossedShares, error) {
	r := w.s.answersTo(q)
	whole := QuestionShares{Question: q}
	g = g.among(r.counts, least)
	x := CrossedShares{Question: q, Columns: g.columns}
	if len(g.columns) < 2 {
		x.Columns = nil
		return x, nil
	}
	if err := w.fill(&whole, r); err != nil {
		if errors.Is(err, survey.ErrNobody) {
			x.Columns, err = nil, nil
		}
		return x, err
	}
	options := whole.Options
	if q.Type == goalpost.NPSQuestion {
		options = whole.Parts
	}
	for k := range x.Columns {
		x.Columns[k].Letter, x.Columns[k].EffectiveN = string(rune('A'+min(k, 25))), math.NaN()
	}
	codes := make([]int, w.s.N())
	for i := range codes {
		codes[i] = -1
	}
	for i, o := range options {
		y := w.ofOption(q, r, o)
		for k, v := range y {
			if v == 1 {
				codes[k] = i
			}
		}
		row, err := w.crossRow(o, y, g, x.Columns)
		if err != nil {
			return x, err
		}
		x.Rows = append(x.Rows, row)
	}
	for k := range x.Columns {
		if c := &x.Columns[k]; math.IsNaN(c.EffectiveN) {
			c.EffectiveN = float64(c.Base)
		}
	}
	w.testGroups(&x, codes, g)
	x.hide(q.Type != goalpost.MultipleChoice)
	return x, nil
}

// ofOption is 1 for those who gave an answer [n].
func (w shareWork) ofOption(q goalpost.SurveyQuestion, r answersTo, o OptionShare) []float64 {
	switch {
	case o.Grade != nil:
		return gradesOf(r.number(), *o.Grade, *o.Grade)
	case q.Type == goalpost.NPSQuestion, q.Type == goalpost.ScaleQuestion:
		parts := npsParts
		if q.Scale != nil {
			parts = scaleParts(q.Scale.Low, q.Scale.High)
		}
		part := parts[slices.IndexFunc(parts, func(p gradePart) bool { return p.key == o.Key })]
		return gradesOf(r.number(), part.from, part.to)
	case q.Type == goalpost.RankingQuestion:
		return r.column(func(x goalpost.QuestionReply) float64 { return oneIf(len(x.Choices) > 0 && x.Choices[0] == o.Key) })
	}
	return r.chose(o.Key)
}

// crossRow are the shares of one answer in each group, with letters.
func (w shareWork) crossRow(o OptionShare, y []float64, g crossing, columns []CrossColumn) (CrossRow, error) {
	row := CrossRow{OptionShare: o}
	var stats []survey.Statistic
	var effective []float64
	for k := range columns {
		in := make([]bool, len(y))
		for i := range in {
			in[i] = g.of[i] == k
		}
		e, err := w.d.Share(y, in, survey.ShareOptions{Level: goalpost.StudyLevel, Cap: true})
		if err != nil {
			return row, err
		}
		hits := 0
		for i, v := range y {
			if in[i] && v == 1 {
				hits++
			}
		}
		if n := e.EffectiveN; !math.IsInf(n, 0) && !(columns[k].EffectiveN <= n) {
			columns[k].EffectiveN = n
		}
		row.Cells = append(row.Cells, CrossCell{Share: e, Count: hits, Uncertain: e.TooUncertain()})
		stats, effective = append(stats, survey.Mean(y, in)), append(effective, e.EffectiveN)
	}
	e, err := w.d.Estimate(stats...)
	if err != nil {
		return row, err
	}
	for k, letters := range survey.Letters(e, effective) {
		row.Cells[k].Letters = letters
	}
	return row, nil
}

// testGroups says how often chance alone makes groups differ like this (Rao and Scott). Of
// several answers each is looked at for itself, with Holm's correction.
func (w shareWork) testGroups(x *CrossedShares, codes []int, g crossing) {
	if x.Question.Type != goalpost.MultipleChoice {
		if t, err := w.d.Crosstab(codes, g.of, nil); err == nil {
			if p := t.RaoScott().P; !math.IsNaN(p) {
				x.P = &p
			}
		}
		return
	}
	r := w.s.answersTo(x.Question)
	p := make([]float64, len(x.Rows))
	for i, row := range x.Rows {
		p[i] = math.NaN()
		chosen := make([]int, len(codes))
		for k, v := range r.chose(row.Key) {
			chosen[k] = -1
			if !math.IsNaN(v) {
				chosen[k] = int(v)
			}
		}
		if t, err := w.d.Crosstab(chosen, g.of, nil); err == nil {
			p[i] = t.RaoScott().P
		}
	}
	for i, adjusted := range survey.Holm(p) {
		if !math.IsNaN(adjusted) {
			x.Rows[i].P = &adjusted
		}
	}
}

// hide takes out cells of one or two people, and those that would give them away.
func (x *CrossedShares) hide(together bool) {
	set := func(row int, hidden []bool) {
		for k := range hidden {
			if c := &x.Rows[row].Cells[k]; hidden[k] {
				c.Hidden = true
			}
		}
		if slices.Contains(hidden, true) {
			for k := range x.Rows[row].Cells {
				x.Rows[row].Cells[k].Letters = ""
			}
		}
	}
	var table [][]int
	for _, row := range x.Rows {
		var counts, others []int
		for k, c := range row.Cells {
			counts, others = append(counts, c.Count), append(others, x.Columns[k].Base-c.Count)
		}
		table = append(table, counts)
		if !together {
			set(len(table)-1, survey.Suppress([][]int{counts, others})[0])
		}
	}
	if together && len(table) > 0 {
		for i, hidden := range survey.Suppress(table) {
			set(i, hidden)
		}
	}
}
