package document

import (
	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// Own are the answers of the organisation itself beside the trade's figures.
type Own struct {
	Study     string        `json:"study"`
	Title     string        `json:"title"`
	Waves     []string      `json:"waves"`
	Questions []OwnQuestion `json:"questions"`
	Goals     *OwnGoals     `json:"goals"`
}

// OwnQuestion is a question with both sides.
type OwnQuestion struct {
	Code      string                `json:"code"`
	Type      goalpost.QuestionType `json:"type"`
	Form      goalpost.AnswerForm   `json:"form"`
	Wording   string                `json:"wording"`
	Answers   []goalpost.OwnAnswer  `json:"answers"`
	Corrected []goalpost.OwnAnswer  `json:"corrected"`
	Options   []OwnOption           `json:"options"`
	Doubts    []string              `json:"doubts"`
	Claims    []string              `json:"claims"`
	Outside   []string              `json:"goals_outside"`
	KPIs      []string              `json:"kpis"`
}

// OwnOption is an option with both sides.
type OwnOption struct {
	Code    string              `json:"code"`
	Label   string              `json:"label"`
	Ticks   map[string]bool     `json:"ticks"` // by own wave
	Pursued *goalpost.GoalState `json:"goal_state"`
	Figures []OwnFigure         `json:"figures"`
}

// OwnFigure is a figure of the trade beside the own answer.
type OwnFigure struct {
	goalpost.Result
	Note       string   `json:"note"`
	Sentence   string   `json:"sentence"`
	You        string   `json:"you"`
	Apart      []string `json:"apart"`
	ApartCodes []string `json:"apart_codes"`
}

// OwnGoals are the organisation's goals over time.
type OwnGoals struct {
	assess.GoalHistory
	Moves []OwnMove `json:"moves"`
}

// OwnMove is a change of a goal.
type OwnMove struct {
	assess.GoalMove
	Name string   `json:"name"`
	What []string `json:"what"`
}

// OwnOf makes the document of the own answers.
func OwnOf(say *locale.Printer, v assess.OwnView) Own {
	language := string(say.Language())
	d := Own{Study: v.Study.ID, Title: v.Study.Title.In(language), Waves: OrEmpty(v.Waves), Questions: []OwnQuestion{}}
	for _, q := range v.Questions {
		out := OwnQuestion{Code: q.Code, Type: q.Current().Type, Form: q.Form, Wording: q.Current().Wording.In(language), Answers: OrEmpty(q.Answers), Corrected: OrEmpty(q.Corrected),
			Options: []OwnOption{}, Outside: OrEmpty(q.Outside), KPIs: OrEmpty(q.KPIs)}
		out.Doubts, _ = Sentences(say, q.Doubts)
		out.Claims, _ = Sentences(say, q.Claims)
		for _, o := range q.Options {
			out.Options = append(out.Options, ownOptionOf(say, v, o))
		}
		d.Questions = append(d.Questions, out)
	}
	if v.Goals != nil {
		d.Goals = &OwnGoals{GoalHistory: v.Goals.History, Moves: []OwnMove{}}
		for _, m := range v.Goals.History.Moves {
			what, _ := Sentences(say, m.What)
			d.Goals.Moves = append(d.Goals.Moves, OwnMove{m, say.Arg(m.Name), what})
		}
	}
	return d
}

func ownOptionOf(say *locale.Printer, v assess.OwnView, o assess.OwnOption) OwnOption {
	out := OwnOption{Code: o.Option.Code, Label: say.Option(o.Option), Ticks: map[string]bool{}, Figures: []OwnFigure{}}
	if o.IsGoal {
		out.Pursued = &o.Pursued
	}
	for i, t := range o.Ticks {
		if t != nil {
			out.Ticks[v.Waves[i]] = *t
		}
	}
	for _, f := range o.Figures {
		e := OwnFigure{Result: f.Result, Note: f.Note.In(string(say.Language())), Sentence: say.Note(f.Sentence), You: say.Note(f.You)}
		e.Apart, e.ApartCodes = Sentences(say, f.Apart)
		out.Figures = append(out.Figures, e)
	}
	return out
}
