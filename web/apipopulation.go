package web

import (
	"context"
	"net/http"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// populationOperations are what programs do with the population of a survey.
func (s *Server) populationOperations(a *apiBuilder) {
	apiRoute(a, operation{"GET /surveys/{survey}/population", "surveys-population", "surveys", "What is known of everybody whom the answers stand for, beside those who answered", viewer, document.Population{}, 0}, s.apiPopulation)
	apiRoute(a, operation{"PUT /surveys/{survey}/population", "surveys-set-population", "surveys", "Replace the sizes of the groups; earlier versions stay", editor, document.Population{}, 0}, s.apiSetPopulation)
	apiRoute(a, operation{"GET /surveys/{survey}/weights", "surveys-weights", "surveys", "The weights of the answers, and those that figures cite", viewer, document.Weights{}, 0}, s.apiWeights)
	apiRoute(a, operation{"POST /surveys/{survey}/weights", "surveys-cite-weights", "surveys", "Keep the weights of the answers that are there now, to cite them; the same weights are kept once", editor, document.Weights{}, http.StatusCreated}, s.apiCiteWeights)
}

func (s *Server) apiPopulation(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	v, err := assess.ViewPopulation(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.PopulationOf(c.say, v)}, nil
}

// apiSetPopulation replaces the population of a survey.
func (s *Server) apiSetPopulation(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		Margins   []goalpost.PopulationMargin `json:"margins" nullable:"false" doc:"The groups by each question. question_version is worked out anew."`
		Cap       float64                     `json:"cap" required:"false" doc:"The largest weight, in means of all; without: 5, and 3 for fewer than 500 answers."`
		CapReason string                      `json:"cap_reason" required:"false" doc:"Why the cap is another one."`
		Version   int                         `json:"version" doc:"The version that you read, 0 for none: if there is another one by now, nothing is changed and the answer is 409."`
	}
}) (reply, error) {
	b := in.Body
	if _, err := assess.SetPopulation(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID), assess.PopulationInput{Margins: b.Margins, Cap: b.Cap, CapReason: b.CapReason, Version: b.Version, By: c.user.Name, Now: s.Now()}); err != nil {
		return reply{}, err
	}
	return s.apiPopulation(ctx, c, &in.SurveyPath)
}

func (s *Server) apiWeights(ctx context.Context, c caller, in *struct {
	SurveyPath
	Answers bool `query:"answers" doc:"With the weight of each answer, in means of all."`
}) (reply, error) {
	v, err := assess.ViewPopulation(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	var answers []assess.AnswerWeight
	if in.Answers && v.Weighted.Set != nil {
		if answers, err = v.Survey.AnswerWeights(ctx, s.DB); err != nil {
			return reply{}, err
		}
	}
	return reply{document: document.WeightsOf(c.say, v, answers)}, nil
}

func (s *Server) apiCiteWeights(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	id := goalpost.SurveyID(in.ID)
	v, err := assess.ViewPopulation(ctx, s.DB, c.org.ID, id)
	switch {
	case err != nil:
		return reply{}, err
	case v.Weighted.Problem != nil:
		return reply{}, v.Weighted.Problem
	case v.Weighted.Set == nil:
		return reply{}, goalpost.Errorf(goalpost.Conflict, "error.surveyweight.none")
	}
	if err := v.Survey.CiteWeights(ctx, s.DB, v.Weighted, s.Now()); err != nil {
		return reply{}, err
	}
	if v.Sets, err = s.DB.WeightSets(ctx, c.org.ID, id); err != nil {
		return reply{}, err
	}
	return reply{document: document.WeightsOf(c.say, v, nil)}, nil
}
