package assess

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"goalpost"
	"goalpost/store"
)

// FullTable is the table of all answers but erased ones, with what only reading finds: the
// flag of texts that stand in several answers, and after all other columns the tags of the
// open questions.
func (a *AskedSurvey) FullTable(ctx context.Context, db *store.DB, t *SurveyTally) (SurveyTable, error) {
	answers, err := a.Answers(ctx, db, AnswersQuery{})
	if err != nil {
		return SurveyTable{}, err
	}
	tags, err := db.AnswerTags(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return SurveyTable{}, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	given := map[[2]string][]string{}
	for _, t := range tags {
		at := [2]string{t.Answer, t.Question}
		given[at] = append(given[at], t.Tag)
	}
	for i, x := range answers {
		if t.SameText(x.ID) {
			answers[i].Flags = append(slices.Clone(x.Flags), goalpost.FlagTexts)
		}
	}
	table := a.Table(answers)
	for _, q := range a.OpenQuestions() {
		name := q.Code + ".tags"
		if slices.ContainsFunc(table.Columns, func(c SurveyColumn) bool { return c.Name == name }) { // an option has this code
			name = q.Code + "@tags"
		}
		table.Columns = append(table.Columns, SurveyColumn{Name: name, Kind: CellText, Question: q.Code, Wording: q.Wording})
		for i, x := range answers {
			table.Rows[i] = append(table.Rows[i], textCell(strings.Join(given[[2]string{x.ID, q.Code}], "; ")))
		}
	}
	return table, nil
}
