package assess

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"goalpost"
	"goalpost/infer"
	"goalpost/store"
	"goalpost/survey"
)

// WeightedSample are the complete answers to a survey with weights to its population.
type WeightedSample struct {
	*SurveySample
	Weighted Weighted
	Reading  SampleReading
}

// WeightedSample reads the complete answers and weights them.
func (a *AskedSurvey) WeightedSample(ctx context.Context, db *store.DB) (w WeightedSample, err error) {
	answers, err := a.Answers(ctx, db, AnswersQuery{States: []goalpost.AnswerState{goalpost.AnswerComplete}})
	if err != nil {
		return w, err
	}
	if w.SurveySample, err = a.Sample(answers); err != nil {
		return w, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	w.Reading = ReadSample(a.Survey, w.N())
	if w.N() == 0 {
		return w, nil
	}
	w.Weighted, err = a.Weigh(ctx, db, w.SurveySample)
	return w, err
}

// Shares reads what the complete answers say, of all or of those that a filter takes.
func (a *AskedSurvey) Shares(ctx context.Context, db *store.DB, f ShareFilter) (SurveyShares, error) {
	w, err := a.WeightedSample(ctx, db)
	if err != nil {
		return SurveyShares{}, err
	}
	out, err := a.SharesOf(w.SurveySample, w.Weighted.Design, f)
	if err != nil {
		return out, err
	}
	out.Reading, out.Problem = w.Reading, w.Weighted.Problem
	if w.Weighted.Set != nil {
		out.WeightSet = w.Weighted.Set.ID
	}
	if w.Reading.Exact {
		out.exact()
	}
	return out, a.addTags(ctx, db, w, &out)
}

// exact takes uncertainty out where everybody who was to be asked answered.
func (x *SurveyShares) exact() {
	for i := range x.Questions {
		q := &x.Questions[i]
		for _, list := range [][]OptionShare{q.Options, q.Parts} {
			for j := range list {
				list[j].Uncertain = false
				list[j].Share.Lo, list[j].Share.Hi, list[j].Share.SE = list[j].Share.Value, list[j].Share.Value, 0
			}
		}
		q.Tied = nil
		for _, e := range []*infer.Estimate{q.Net, q.NPS, q.Mean, q.Median} {
			if e != nil {
				e.Lo, e.Hi = e.Value, e.Value
			}
		}
	}
}

// addTags counts the tags of what was written, with their shares of those who wrote.
func (a *AskedSurvey) addTags(ctx context.Context, db *store.DB, w WeightedSample, out *SurveyShares) error {
	if !slices.ContainsFunc(out.Questions, func(q QuestionShares) bool { return q.Written > 0 }) || !out.Filter.Empty() {
		return nil // how few of a filter wrote something tells too much
	}
	list, err := db.AnswerTags(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	for i := range out.Questions {
		q := &out.Questions[i]
		given := map[string]map[string]bool{} // tag, answer
		for _, t := range list {
			if t.Question != q.Question.Code {
				continue
			}
			if given[t.Tag] == nil {
				given[t.Tag] = map[string]bool{}
			}
			given[t.Tag][t.Answer] = true
		}
		r := w.answersTo(q.Question)
		for _, tag := range slices.Sorted(maps.Keys(given)) {
			y := make([]float64, w.N())
			wrote := make([]bool, w.N())
			count := 0
			for k, x := range w.Answers {
				wrote[k] = r.asked[k] && r.reply[k].Text != "" && q.Question.Valid(r.reply[k])
				if y[k] = oneIf(given[tag][x.ID]); wrote[k] && y[k] == 1 {
					count++
				}
			}
			if count == 0 {
				continue
			}
			e, err := w.Weighted.Design.Share(y, wrote, survey.ShareOptions{Level: goalpost.StudyLevel, Cap: true})
			if err != nil {
				return fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
			}
			q.Tags = append(q.Tags, TagShare{Tag: tag, Count: count, Share: e.Estimate, Known: !e.TooUncertain()})
		}
		slices.SortStableFunc(q.Tags, func(x, y TagShare) int { return cmp.Compare(y.Count, x.Count) })
	}
	return nil
}

// Cross reads the shares in groups.
func (a *AskedSurvey) Cross(ctx context.Context, db *store.DB, by string) ([]CrossedShares, error) {
	w, err := a.WeightedSample(ctx, db)
	if err != nil {
		return nil, err
	}
	return a.Crossed(w.SurveySample, w.Weighted.Design, by)
}
