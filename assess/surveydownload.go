package assess

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"goalpost"
	"goalpost/dataset"
	"goalpost/store"
)

// FullTable is the table of all answers but erased ones, with what only reading finds: the
// flag of texts that stand in several answers, and after all other columns the tags of the
// open questions.
func (a *AskedSurvey) FullTable(ctx context.Context, db *store.DB, t *SurveyTally) (SurveyTable, error) {
	answers, given, err := a.fullAnswers(ctx, db, t)
	if err != nil {
		return SurveyTable{}, err
	}
	table := a.Table(answers)
	for _, q := range a.OpenQuestions() {
		name := q.Code + ".tags"
		if slices.ContainsFunc(table.Columns, func(c SurveyColumn) bool { return c.Name == name }) { // an option has this code
			name = q.Code + "@tags"
		}
		table.Columns = append(table.Columns, SurveyColumn{Name: name, Kind: CellText, Question: q.Code, Wording: q.Wording})
		for i, x := range answers {
			table.Rows[i] = append(table.Rows[i], textCell(strings.Join(given[TaggedAnswer{x.ID, q.Code}], "; ")))
		}
	}
	return table, nil
}

// FullDataset is the same for statistics programs; what answers and tags there are, it reads.
func (a *AskedSurvey) FullDataset(ctx context.Context, db *store.DB, t *SurveyTally, in DatasetInput) (dataset.Table, error) {
	var err error
	if in.Answers, in.Tags, err = a.fullAnswers(ctx, db, t); err != nil {
		return dataset.Table{}, err
	}
	if in.Weights, err = a.weightColumns(ctx, db, in); err != nil {
		return dataset.Table{}, err
	}
	return a.Dataset(in), nil
}

// weightColumns are the weights of complete answers to the population; none where it is not
// known, or where no weights fit it.
func (a *AskedSurvey) weightColumns(ctx context.Context, db *store.DB, in DatasetInput) ([]WeightColumn, error) {
	weights, err := a.AnswerWeights(ctx, db)
	var told *goalpost.Error
	switch {
	case errors.As(err, &told):
		return nil, nil // the file is the same without them; the page of the population says why
	case err != nil:
		return nil, err
	case len(weights) == 0:
		return nil, nil
	}
	seq := map[string]int64{}
	for _, x := range in.Answers {
		seq[x.ID] = x.Seq
	}
	column := WeightColumn{Name: "weight", Label: in.Say.T("dataset.weight", goalpost.TextArg(shortSet(weights[0].Set))), Of: map[int64]float64{}}
	for _, w := range weights {
		column.Of[seq[w.Answer]] = w.Weight
	}
	return []WeightColumn{column}, nil
}

// shortSet is enough of the name of a set of weights to know it again.
func shortSet(id string) string { return id[:min(12, len(id))] }

// fullAnswers are all answers but erased ones, with the flag of texts that stand in several,
// and the tags of their open answers.
func (a *AskedSurvey) fullAnswers(ctx context.Context, db *store.DB, t *SurveyTally) ([]goalpost.Answer, map[TaggedAnswer][]string, error) {
	answers, err := a.Answers(ctx, db, AnswersQuery{})
	if err != nil {
		return nil, nil, err
	}
	tags, err := db.AnswerTags(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	given := map[TaggedAnswer][]string{}
	for _, t := range tags {
		at := TaggedAnswer{t.Answer, t.Question}
		given[at] = append(given[at], t.Tag)
	}
	for i, x := range answers {
		if t.SameText(x.ID) {
			answers[i].Flags = append(slices.Clone(x.Flags), goalpost.FlagTexts)
		}
	}
	return answers, given, nil
}
