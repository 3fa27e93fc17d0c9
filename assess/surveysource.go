package assess

import (
	"context"
	"math"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// sameMargin finds the question of another form that makes the same groups: code and
// options agree.
func sameMargin(q goalpost.SurveyQuestion, other goalpost.Form) (goalpost.SurveyQuestion, bool) {
	x, ok := other.Question(q.Code)
	mine, theirs := q.MarginOptions(), x.MarginOptions()
	if !ok || len(mine) < 2 || len(mine) != len(theirs) {
		return x, false
	}
	for _, o := range mine {
		if !slices.ContainsFunc(theirs, func(t goalpost.Item) bool { return t.Code == o.Code }) {
			return x, false
		}
	}
	return x, true
}

// populationSources are the other surveys that could say something of the population, waves
// of the same study first.
func populationSources(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Survey) ([]PopulationSource, error) {
	surveys, err := db.Surveys(ctx, org)
	if err != nil {
		return nil, err
	}
	var list []PopulationSource
	for _, other := range surveys {
		if other.ID == s.ID || !slices.ContainsFunc(s.Form.Questions, func(q goalpost.SurveyQuestion) bool { _, ok := sameMargin(q, other.Form); return ok }) {
			continue
		}
		x := PopulationSource{Survey: other, Wave: s.Settings.Study != "" && other.Settings.Study == s.Settings.Study}
		if x.Complete, err = db.SurveyCount(ctx, org, other.ID); err != nil {
			return nil, err
		}
		p, err := newestPopulation(ctx, db, org, other.ID)
		if err != nil {
			return nil, err
		}
		if len(marginsFor(s.Form, other.Form, p)) > 0 {
			x.Version = p.Version
		}
		if x.Version > 0 || x.Complete > 0 {
			list = append(list, x)
		}
	}
	slices.SortStableFunc(list, func(x, y PopulationSource) int {
		switch {
		case x.Wave == y.Wave:
			return 0
		case x.Wave:
			return -1
		}
		return 1
	})
	return list, nil
}

// marginsFor are the margins of another survey's population that fit a form.
func marginsFor(f, other goalpost.Form, p goalpost.Population) (list []goalpost.PopulationMargin) {
	for _, q := range f.Questions {
		m, ok := p.Margin(q.Code)
		if _, same := sameMargin(q, other); ok && same {
			m.Groups = inOrder(q, slices.Clone(m.Groups))
			list = append(list, m)
		}
	}
	return list
}

// TakenFrom says what is taken from another survey.
type TakenFrom struct {
	Survey  goalpost.SurveyID
	Answers bool   // the shares of its answers, weighted where it has a population; else its population
	Source  string // what is noted as the source
	By      string
	Now     time.Time
}

// TakePopulation takes the margins of another survey of the organisation, for the questions
// that both ask with the same options; those of other questions stay.
func TakePopulation(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, from TakenFrom) error {
	s, err := db.Survey(ctx, org, id)
	if err != nil {
		return err
	}
	if from.Survey == id {
		return goalpost.Errorf(goalpost.Invalid, "error.population.itself")
	}
	other, err := AskedByTeam(ctx, db, org, from.Survey)
	if err != nil {
		return err
	}
	var margins []goalpost.PopulationMargin
	if from.Answers {
		margins, err = other.marginsOfAnswers(ctx, db, s.Form)
	} else {
		var p goalpost.Population
		p, err = newestPopulation(ctx, db, org, from.Survey)
		margins = marginsFor(s.Form, other.Survey.Form, p)
	}
	if err != nil {
		return err
	}
	if len(margins) == 0 {
		return goalpost.Errorf(goalpost.Invalid, "error.population.nothing", goalpost.TextsArg(other.Survey.Form.Title))
	}
	for i := range margins {
		margins[i].Source = from.Source
	}
	p, err := newestPopulation(ctx, db, org, id)
	if err != nil {
		return err
	}
	in := changing(p, from.By, from.Now)
	in.replace(margins)
	_, err = SetPopulation(ctx, db, org, id, in)
	return err
}

// marginsOfAnswers are the shares of the options in the answers of a survey, in hundredths
// of a per cent.
func (a *AskedSurvey) marginsOfAnswers(ctx context.Context, db *store.DB, f goalpost.Form) ([]goalpost.PopulationMargin, error) {
	sample, err := a.CompleteSample(ctx, db)
	if err != nil || sample.Design == nil {
		return nil, err
	}
	weighted, err := a.Weigh(ctx, db, sample)
	if err != nil {
		return nil, err
	}
	w := weighted.Design.Weights()
	var list []goalpost.PopulationMargin
	for _, q := range f.Questions {
		theirs, ok := sameMargin(q, a.Survey.Form)
		if !ok {
			continue
		}
		sums, all := make([]float64, len(theirs.Options)), 0.0
		for i, g := range sample.Groups(theirs) {
			if g >= 0 {
				sums[g] += w[i]
				all += w[i]
			}
		}
		if all == 0 {
			continue
		}
		m := goalpost.PopulationMargin{Question: q.Code, Percent: true}
		for k, o := range theirs.Options {
			if _, used := optionOf(q.MarginOptions(), o.Code); used {
				m.Groups = append(m.Groups, goalpost.PopulationGroup{Option: o.Code, Size: math.Round(sums[k]/all*10000) / 100})
			}
		}
		m.Groups = inOrder(q, m.Groups)
		list = append(list, m)
	}
	return list, nil
}

func optionOf(list []goalpost.Item, code string) (goalpost.Item, bool) {
	i := slices.IndexFunc(list, func(o goalpost.Item) bool { return o.Code == code })
	if i < 0 {
		return goalpost.Item{}, false
	}
	return list[i], true
}
