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

// CellKind says what stands in the cells of a column.
type CellKind string

// Kinds of cell.
const (
	CellEmpty  CellKind = ""
	CellText   CellKind = "text"
	CellNumber CellKind = "number"
	CellTime   CellKind = "time"
)

// SurveyCell is one cell of a table of answers. An empty one says that nothing is known:
// not asked, not answered, or not valid.
type SurveyCell struct {
	Kind   CellKind
	Text   string
	Number float64
	Time   time.Time
	Day    bool // of Time only the day is known
}

// String writes a cell for programs.
func (c SurveyCell) String() string {
	switch c.Kind {
	case CellNumber:
		return strconv.FormatFloat(c.Number, 'f', -1, 64)
	case CellTime:
		if c.Day {
			return c.Time.UTC().Format(time.DateOnly)
		}
		return c.Time.UTC().Format(time.RFC3339)
	default:
		return c.Text
	}
}

func textCell(s string) SurveyCell {
	if s == "" {
		return SurveyCell{}
	}
	return SurveyCell{Kind: CellText, Text: s}
}

func numberCell(v float64) SurveyCell { return SurveyCell{Kind: CellNumber, Number: v} }

func flagCell(on bool) SurveyCell {
	if on {
		return numberCell(1)
	}
	return numberCell(0)
}

// SurveyColumn is a column of a table of answers. What belongs to a question names it.
type SurveyColumn struct {
	Name     string // stable: "why", "why.offers", "why.else.text"
	Kind     CellKind
	Question string        // code; empty for what is known of the answer itself
	Option   string        // code
	Wording  goalpost.Text // of the question
	Label    goalpost.Text // of the option
}

// SurveyTable is one row for each respondent.
type SurveyTable struct {
	Columns []SurveyColumn
	Rows    [][]SurveyCell
}

// answerColumns are what is known of an answer beside what was answered.
var answerColumns = []SurveyColumn{{Name: "answer", Kind: CellText}, {Name: "number", Kind: CellNumber}, {Name: "state", Kind: CellText}, {Name: "form_version", Kind: CellNumber}, {Name: "channel", Kind: CellText}, {Name: "campaign", Kind: CellText},
	{Name: "language", Kind: CellText}, {Name: "device", Kind: CellText}, {Name: "begun_at", Kind: CellTime}, {Name: "changed_at", Kind: CellTime}, {Name: "seconds", Kind: CellNumber}, {Name: "flags", Kind: CellText}, {Name: "invalid", Kind: CellText}}

// AnswersQuery chooses answers.
type AnswersQuery struct {
	States []goalpost.AnswerState // none: all but erased ones, of which nothing is left
	Clean  bool                   // leave out those that carry a flag
}

func (q AnswersQuery) takes(a goalpost.Answer) bool {
	if len(q.States) == 0 && a.State == goalpost.AnswerErased || q.Clean && len(a.Flags) > 0 {
		return false
	}
	return len(q.States) == 0 || slices.Contains(q.States, a.State)
}

// readAtOnce is how many answers are read from the store at a time.
const readAtOnce = 5000

// Answers reads the answers of a survey in the order in which they were begun.
func (a *AskedSurvey) Answers(ctx context.Context, db *store.DB, q AnswersQuery) ([]goalpost.Answer, error) {
	byID := map[string]goalpost.Answer{}
	for since := int64(0); ; {
		part, err := db.AnswersSince(ctx, a.Org, a.Survey.ID, since, readAtOnce)
		if err != nil {
			return nil, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
		}
		for _, x := range part {
			since, byID[x.ID] = x.Change, x // one that changed meanwhile comes again
		}
		if len(part) < readAtOnce {
			break
		}
	}
	var list []goalpost.Answer
	for _, x := range byID {
		if q.takes(x) {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(x, y goalpost.Answer) int { return int(x.Seq - y.Seq) })
	return list, nil
}

// Table lays answers out as a table: one row for each, one column for each question of any
// version of the form. A question with several answers has a column for each option, with 1
// and 0, or the rank; a text of one's own has a column. A reply that is not valid is left
// out, and "invalid" names its question. It holds no address of anybody.
func (a *AskedSurvey) Table(answers []goalpost.Answer) SurveyTable {
	t := tableLayout{places: map[string]int{}}
	t.columns = slices.Clone(answerColumns)
	for v := a.Survey.FormVersion; v >= 1; v-- {
		if form, ok := a.forms[v]; ok {
			t.add(form)
		}
	}
	table := SurveyTable{Rows: make([][]SurveyCell, 0, len(answers))}
	for _, x := range answers {
		table.Rows = append(table.Rows, t.row(a, x))
	}
	table.Columns = t.columns
	return table
}

// tableLayout knows the place of each column.
type tableLayout struct {
	columns []SurveyColumn
	places  map[string]int
	types   []goalpost.SurveyQuestion // the newest question of each code, for its type
}

// prefix is what the columns of a question begin with: its code, or, where a later version
// has another type or the table has such a column of its own, its code and version, so that
// nothing different stands in one column.
func (t *tableLayout) prefix(q goalpost.SurveyQuestion) string {
	if slices.ContainsFunc(answerColumns, func(c SurveyColumn) bool { return c.Name == q.Code }) {
		return q.Code + "@" + strconv.Itoa(q.Version)
	}
	for _, newest := range t.types {
		if newest.Code == q.Code && newest.Type != q.Type {
			return q.Code + "@" + strconv.Itoa(q.Version)
		}
	}
	return q.Code
}

func (t *tableLayout) add(f goalpost.Form) {
	for _, q := range f.Questions {
		if !slices.ContainsFunc(t.types, func(x goalpost.SurveyQuestion) bool { return x.Code == q.Code }) {
			t.types = append(t.types, q)
		}
		column := func(name string, kind CellKind, o goalpost.Item) {
			if _, there := t.places[name]; there {
				return
			}
			t.places[name] = len(t.columns)
			t.columns = append(t.columns, SurveyColumn{Name: name, Kind: kind, Question: q.Code, Option: o.Code, Wording: q.Wording, Label: o.Label})
		}
		prefix := t.prefix(q)
		switch q.Type {
		case goalpost.SingleChoice, goalpost.TextQuestion:
			column(prefix, CellText, goalpost.Item{})
		case goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.NumberQuestion, goalpost.ConsentQuestion:
			column(prefix, CellNumber, goalpost.Item{})
		default: // its options alone have columns
		}
		for _, o := range q.Options {
			if q.Type != goalpost.SingleChoice {
				column(prefix+"."+o.Code, CellNumber, o)
			}
			if o.Role == goalpost.RoleOther {
				column(prefix+"."+o.Code+".text", CellText, o)
			}
		}
	}
}

func (t *tableLayout) row(a *AskedSurvey, x goalpost.Answer) []SurveyCell {
	day := a.Survey.Settings.Anonymous
	row := make([]SurveyCell, len(t.columns))
	form, _ := a.Form(x.Version)
	var invalid []string
	for i, shown := range form.Shown(x.Replies) {
		q := form.Questions[i]
		r := x.Replies[q.Code]
		switch {
		case !shown: // what is no longer asked counts for nothing
		case !q.Valid(r):
			invalid = append(invalid, q.Code)
		default:
			t.reply(row, q, r, x.State.Finished())
		}
	}
	seconds := SurveyCell{}
	if x.Seconds > 0 {
		seconds = numberCell(float64(x.Seconds))
	}
	copy(row, []SurveyCell{textCell(x.ID), numberCell(float64(x.Seq)), textCell(string(x.State)), numberCell(float64(x.Version)), textCell(x.Channel), textCell(x.Campaign), textCell(x.Language), textCell(string(x.Device)),
		{Kind: CellTime, Time: x.BegunAt, Day: day}, {Kind: CellTime, Time: x.ChangedAt, Day: day}, seconds, textCell(strings.Join(x.Flags, " ")), textCell(strings.Join(invalid, " "))})
	return row
}

// reply fills in the cells of one question.
func (t *tableLayout) reply(row []SurveyCell, q goalpost.SurveyQuestion, r goalpost.QuestionReply, finished bool) {
	prefix := t.prefix(q)
	set := func(name string, c SurveyCell) {
		if place, ok := t.places[name]; ok {
			row[place] = c
		}
	}
	if q.Type == goalpost.ConsentQuestion { // a box that nobody ticked is an answer, once the page was sent
		if finished || !r.IsEmpty() {
			set(prefix, flagCell(slices.Contains(r.Choices, goalpost.Agreed)))
		}
		return
	}
	if r.IsEmpty() {
		return
	}
	switch q.Type {
	case goalpost.SingleChoice:
		set(prefix, textCell(strings.Join(r.Choices, " ")))
	case goalpost.TextQuestion:
		set(prefix, textCell(r.Text))
	case goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.NumberQuestion:
		if r.Number != nil {
			set(prefix, numberCell(*r.Number))
		}
	default: // its options alone have columns
	}
	for _, o := range q.Options {
		place := slices.Index(r.Choices, o.Code)
		name := prefix + "." + o.Code
		switch {
		case q.Type == goalpost.RankingQuestion && !o.Role.Alone():
			if place >= 0 {
				set(name, numberCell(float64(place+1)))
			}
		case q.Type != goalpost.SingleChoice:
			set(name, flagCell(place >= 0))
		}
		if o.Role == goalpost.RoleOther && place >= 0 {
			set(name+".text", textCell(r.Text))
		}
	}
}
