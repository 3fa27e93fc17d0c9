package assess

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// SurveyTable are the answers to a survey as a table, one row a respondent. What leads to a
// person is not in it: no address, no connection, no secret.
type SurveyTable struct {
	Columns []string
	Rows    [][]Cell
}

// Cell is one value: a number, or a text. Empty where there is none.
type Cell struct {
	Number *float64
	Text   string
}

func textCell(s string) Cell { return Cell{Text: s} }

func numberCell(v float64) Cell { return Cell{Number: &v} }

// answerColumns are the columns before those of the questions.
var answerColumns = []string{"answer", "state", "form_version", "channel", "campaign", "language", "device", "begun", "changed", "seconds", "flags"}

// tableColumn is a column of a question: its name and how its value is found.
type tableColumn struct {
	name  string
	value func(r goalpost.QuestionReply) Cell
}

// Table reads all answers that are kept, in the order of their changes.
func (a *AskedSurvey) Table(ctx context.Context, db *store.DB, t *SurveyTally) (SurveyTable, error) {
	questions := a.tableQuestions()
	table := SurveyTable{Columns: slices.Clone(answerColumns)}
	columns := make([][]tableColumn, len(questions))
	for i, q := range questions {
		columns[i] = questionColumns(q)
		for _, c := range columns[i] {
			table.Columns = append(table.Columns, c.name)
		}
		if IsOpenQuestion(q) {
			table.Columns = append(table.Columns, q.Code+"__tags")
		}
	}
	tags, err := db.AnswerTags(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return table, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	given := map[[2]string][]string{}
	for _, t := range tags {
		at := [2]string{t.Answer, t.Question}
		given[at] = append(given[at], t.Tag)
	}
	err = a.eachAnswer(ctx, db, func(x goalpost.Answer) error {
		row := a.answerCells(x, t)
		for i, q := range questions {
			for _, c := range columns[i] {
				row = append(row, c.value(x.Replies[q.Code]))
			}
			if IsOpenQuestion(q) {
				row = append(row, textCell(strings.Join(given[[2]string{x.ID, q.Code}], "; ")))
			}
		}
		table.Rows = append(table.Rows, row)
		return nil
	})
	return table, err
}

// tableQuestions are the questions of the newest form, then those of earlier ones that it
// has no more. Options that only an earlier form had come last.
func (a *AskedSurvey) tableQuestions() []goalpost.SurveyQuestion {
	list := slices.Clone(a.Survey.Form.Questions)
	for v := a.Survey.FormVersion - 1; v > 0; v-- {
		for _, q := range a.forms[v].Questions {
			i := slices.IndexFunc(list, func(o goalpost.SurveyQuestion) bool { return o.Code == q.Code })
			if i < 0 {
				list = append(list, q)
				continue
			}
			list[i].Options = slices.Clone(list[i].Options)
			for _, o := range q.Options {
				if _, known := list[i].Option(o.Code); !known {
					list[i].Options = append(list[i].Options, o)
				}
			}
		}
	}
	return list
}

func (a *AskedSurvey) answerCells(x goalpost.Answer, t *SurveyTally) []Cell {
	when := func(at time.Time) Cell {
		if a.Survey.Settings.Anonymous {
			return textCell(at.UTC().Format(time.DateOnly))
		}
		return textCell(at.UTC().Format(time.RFC3339))
	}
	flags := slices.Clone(x.Flags)
	if t.SameText(x.ID) {
		flags = append(flags, goalpost.FlagTexts)
	}
	row := []Cell{textCell(x.ID), textCell(string(x.State)), numberCell(float64(x.Version)), textCell(x.Channel), textCell(x.Campaign), textCell(x.Language), textCell(string(x.Device)), when(x.BegunAt), when(x.ChangedAt), {}, textCell(strings.Join(flags, " "))}
	if x.Seconds > 0 {
		row[9] = numberCell(float64(x.Seconds))
	}
	return row
}

// questionColumns are the columns of one question: what was chosen by its code, one column
// for each option where several can be chosen or ranked, numbers as numbers.
func questionColumns(q goalpost.SurveyQuestion) []tableColumn {
	var list []tableColumn
	chosen := func(r goalpost.QuestionReply) Cell { return textCell(strings.Join(r.Choices, " ")) }
	written := func(r goalpost.QuestionReply) Cell { return textCell(r.Text) }
	switch q.Type {
	case goalpost.MultipleChoice, goalpost.RankingQuestion:
		for _, o := range q.Options {
			list = append(list, tableColumn{q.Code + "__" + o.Code, func(r goalpost.QuestionReply) Cell {
				place := slices.Index(r.Choices, o.Code)
				switch {
				case r.IsEmpty():
					return Cell{}
				case q.Type == goalpost.RankingQuestion && place >= 0:
					return numberCell(float64(place + 1))
				case q.Type == goalpost.RankingQuestion:
					return Cell{}
				case place >= 0:
					return numberCell(1)
				}
				return numberCell(0)
			}})
		}
	case goalpost.TextQuestion:
		return []tableColumn{{q.Code, written}}
	case goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.NumberQuestion:
		list = append(list, tableColumn{q.Code, func(r goalpost.QuestionReply) Cell {
			if r.Number == nil {
				return chosen(r) // "don't know"
			}
			return numberCell(*r.Number)
		}})
	default:
		list = append(list, tableColumn{q.Code, chosen})
	}
	if slices.ContainsFunc(q.Options, func(o goalpost.Item) bool { return o.Role == goalpost.RoleOther }) {
		list = append(list, tableColumn{q.Code + "__text", written})
	}
	return list
}

// String writes a cell for programs.
func (c Cell) String() string {
	if c.Number != nil {
		return strconv.FormatFloat(*c.Number, 'f', -1, 64)
	}
	return c.Text
}
