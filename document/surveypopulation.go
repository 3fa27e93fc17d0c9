package document

import (
	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// Population is what is known of the population of a survey, beside its answers.
type Population struct {
	Survey goalpost.SurveyID `json:"survey"`
	goalpost.Population
	Complete int                       `json:"complete"` // answers
	Beside   []goalpost.WeightedMargin `json:"beside"`
	Problem  string                    `json:"problem"` // why no weights fit; empty if they do
	Notes    []string                  `json:"notes"`
}

// PopulationOf makes the document of a population.
func PopulationOf(say *locale.Printer, v assess.PopulationView) Population {
	d := Population{Survey: v.Survey.Survey.ID, Population: v.Now, Complete: v.N, Beside: OrEmpty(v.Margins), Notes: OrEmpty(say.Notes(v.Notes()))}
	d.Margins = OrEmpty(d.Margins)
	if v.Weighted.Problem != nil {
		d.Problem = say.Error(v.Weighted.Problem)
	}
	return d
}

// Weights are the weights of a survey's answers.
type Weights struct {
	Survey  goalpost.SurveyID     `json:"survey"`
	Current *goalpost.WeightSet   `json:"current,omitempty"` // of the answers that are there now; left out without any
	Problem string                `json:"problem"`           // why no weights fit; empty if they do
	Sets    []goalpost.WeightSet  `json:"sets"`              // that figures cite, newest first
	Answers []assess.AnswerWeight `json:"answers"`           // where they were asked for
}

// WeightsOf makes the document of the weights of a survey.
func WeightsOf(say *locale.Printer, v assess.PopulationView, answers []assess.AnswerWeight) Weights {
	d := Weights{Survey: v.Survey.Survey.ID, Current: v.Weighted.Set, Sets: OrEmpty(v.Sets), Answers: OrEmpty(answers)}
	if v.Weighted.Problem != nil {
		d.Problem = say.Error(v.Weighted.Problem)
	}
	return d
}
