package main

import (
	"slices"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/dataset"
	"goalpost/document"
	"goalpost/store"
)

// surveyAnswers writes what was answered.
type surveyAnswers struct {
	Survey string   `arg:"" help:"survey-name"`
	State  []string `placeholder:"STATE" help:"survey-state"`
	Clean  bool     `help:"survey-clean"`
}

// Run writes one row for each respondent. Addresses of people are no part of it.
func (c *surveyAnswers) Run(p *program) error {
	q := assess.AnswersQuery{Clean: c.Clean}
	var known []string
	for _, s := range goalpost.AnswerStates() {
		known = append(known, string(s))
	}
	for _, s := range c.State {
		if !slices.Contains(known, s) {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyform.answer-state", Flag: "--state", Args: []goalpost.Arg{goalpost.TextArg(s), goalpost.TextArg(strings.Join(known, ", "))}}
		}
		q.States = append(q.States, goalpost.AnswerState(s))
	}
	return p.withSurvey(c.Survey, func(db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
		asked, err := assess.AskedByTeam(p, db, org.ID, s.ID)
		if err != nil {
			return err
		}
		list, err := asked.Answers(p, db, q)
		if err != nil {
			return err
		}
		if f := dataset.FileFormat(p.flags.Output); slices.Contains(dataset.FileFormats(), f) {
			return p.answersDataset(asked, list, f)
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(document.SurveyAnswersOf(s, list, 0, false))
		case "csv":
			return p.answersCSV(asked.Table(list))
		}
		return p.answersTable(list)
	})
}

// answersDataset writes a file for statistics programs, which nobody reads on a screen.
func (p *program) answersDataset(asked *assess.AskedSurvey, list []goalpost.Answer, f dataset.FileFormat) error {
	t := asked.Dataset(assess.DatasetInput{Answers: list, Say: p.say, Language: string(p.say.Language()), Program: "Goalpost " + version, At: p.now()})
	if !p.piped && f != dataset.DDI {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.dataset.terminal", Flag: "--output", Args: []goalpost.Arg{goalpost.TextArg(string(f)), goalpost.TextArg(t.File(f))}}
	}
	return t.Write(p.stdout, f)
}

func (p *program) answersCSV(t assess.SurveyTable) error {
	var header []string
	for _, c := range t.Columns {
		header = append(header, c.Name)
	}
	rows := make([][]string, 0, len(t.Rows))
	for _, r := range t.Rows {
		row := make([]string, len(r))
		for i, cell := range r {
			row[i] = cell.String()
		}
		rows = append(rows, row)
	}
	return p.writeCSV(header, rows)
}

// answersTable shows answers on a screen, all replies of one in one cell.
func (p *program) answersTable(list []goalpost.Answer) error {
	if len(list) == 0 {
		return p.paragraph("", p.say.T("cli.survey.no-answers"))
	}
	var rows [][]string
	for _, a := range list {
		var replies []string
		for code, r := range a.Replies {
			parts := slices.Clone(r.Choices)
			if r.Number != nil {
				parts = append(parts, number(*r.Number))
			}
			if r.Text != "" {
				parts = append(parts, r.Text)
			}
			replies = append(replies, code+": "+strings.Join(parts, ", "))
		}
		slices.Sort(replies)
		rows = append(rows, []string{plain(a.Seq), a.BegunAt.UTC().Format("2006-01-02"), p.say.T("survey.answer-state." + string(a.State)), a.Channel, strings.Join(replies, "; "), strings.Join(a.Flags, " ")})
	}
	return p.writeTable([]column{{key: "cli.column.answer", right: true}, {key: "cli.column.day"}, {key: "cli.column.state"}, {key: "cli.column.channel"}, {key: "cli.column.replies", flex: true}, {key: "cli.column.flags", flex: true}}, rows)
}
