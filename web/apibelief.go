package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// beliefOperations are what programs do with what a team believes.
func (s *Server) beliefOperations(a *apiBuilder) {
	apiRoute(a, operation{"POST /surveys/{survey}/beliefs", "surveys-believe", "surveys", "Say what the person who made the token believes that respondents answer; once, for good", editor, "survey-beliefs", http.StatusCreated}, s.apiGiveBeliefs)
	apiRoute(a, operation{"GET /surveys/{survey}/understanding", "surveys-understanding", "surveys", "What the team believed against what was answered; closed until the first answer", viewer, "survey-understanding", 0}, s.apiUnderstanding)
}

// BeliefBody is a belief as a program sends it.
type BeliefBody struct {
	Item   string   `json:"item" doc:"question.option, or question.grade for that grade and higher."`
	NoIdea bool     `json:"no_idea" required:"false" doc:"True instead of the numbers."`
	Guess  *float64 `json:"guess" required:"false" nullable:"false" doc:"Share of those who answer the question, 0 to 1."`
	Low    *float64 `json:"low" required:"false" nullable:"false" doc:"The answer lies between low and high with four chances in five."`
	High   *float64 `json:"high" required:"false" nullable:"false"`
}

// apiGiveBeliefs keeps what the maker of the token believes.
func (s *Server) apiGiveBeliefs(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		Claims  *bool        `json:"claims" required:"false" nullable:"false" doc:"Whether we understand our customers."`
		Beliefs []BeliefBody `json:"beliefs" nullable:"false" doc:"An item that is missing is one without an idea."`
	}
}) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	maker, err := s.DB.UserByName(ctx, c.token.MadeBy)
	switch {
	case goalpost.IsKind(err, goalpost.NotFound):
		return reply{}, goalpost.Errorf(goalpost.Forbidden, "error.belief.maker")
	case err != nil:
		return reply{}, err
	}
	given := assess.BeliefInput{Survey: survey.ID, User: maker, Claims: in.Body.Claims, Now: s.Now()}
	for k, b := range in.Body.Beliefs {
		belief, err := b.belief(survey.Form, k)
		if err != nil {
			return reply{}, err
		}
		given.Beliefs = append(given.Beliefs, belief)
	}
	sheet, err := assess.GiveBeliefs(ctx, s.DB, c.org.ID, given)
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.BeliefSheetOf(sheet), location: "/surveys/" + strconv.FormatInt(in.ID, 10) + "/understanding"}, nil
}

// belief finds the item of the form.
func (b BeliefBody) belief(f goalpost.Form, k int) (goalpost.Belief, error) {
	at := "beliefs[" + strconv.Itoa(k) + "]."
	for _, i := range f.BeliefItems() {
		if i.Key() != b.Item {
			continue
		}
		out := goalpost.Belief{BeliefItem: i, NoIdea: b.NoIdea}
		for _, part := range []struct {
			name string
			from *float64
			to   *float64
		}{{"guess", b.Guess, &out.Guess}, {"low", b.Low, &out.Low}, {"high", b.High, &out.High}} {
			switch {
			case part.from != nil:
				*part.to = *part.from
			case !b.NoIdea:
				return out, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.belief.missing", Field: at + part.name, Args: []goalpost.Arg{goalpost.TextArg(part.name)}}
			}
		}
		return out, nil
	}
	return goalpost.Belief{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.belief.unknown", Field: at + "item", Args: []goalpost.Arg{goalpost.TextArg(b.Item)}}
}

// apiUnderstanding holds the team's beliefs against the answers.
func (s *Server) apiUnderstanding(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	u, err := assess.UnderstandingOfSurvey(ctx, s.DB, c.org.ID, goalpost.SurveyID(in.ID), s.Now())
	return reply{document: document.SurveyUnderstandingOf(c.say, u)}, err
}

// writeUnderstanding answers with the document as a file.
func (s *Server) writeUnderstanding(w http.ResponseWriter, p Page, u assess.SurveyUnderstanding, name string) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	attach(w, name+".json")
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document.SurveyUnderstandingOf(p.printer, u)); err != nil {
		return err
	}
	_, _ = w.Write([]byte(b.String())) // the client went away; there is nobody to tell
	return nil
}
