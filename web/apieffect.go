package web

import (
	"cmp"
	"context"
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// PlanBody is what a program chooses of a proposal.
type PlanBody struct {
	KPI      string    `json:"kpi" required:"false" doc:"Without: the first of the proposal."`
	Series   string    `json:"series" required:"false" doc:"Key of a series of the proposal."`
	Controls *[]string `json:"controls" required:"false" nullable:"true" doc:"Keys of controls of the proposal; without: those proposed; []: none."`
	Method   string    `json:"method" required:"false" doc:"auto, bma or causalimpact."`
	PreFrom  string    `json:"pre_from" required:"false" doc:"First day of what is learned from."`
	LagDays  *int      `json:"lag_days" required:"false" doc:"Days after a run in which an effect is looked for."`
	Smallest string    `json:"smallest_effect" required:"false" doc:"From what size on it would matter: 5% of the mean before, or a number per day."`
	Margin   string    `json:"margin" required:"false" doc:"35% of the revenue, or an amount for each order."`
}

func (b PlanBody) input(s *Server, c caller, activity int64) assess.AnalysisInput {
	in := assess.AnalysisInput{Activity: goalpost.ActivityID(activity), KPI: b.KPI, Series: b.Series, Method: b.Method, PreFrom: b.PreFrom, Smallest: b.Smallest, Margin: b.Margin, By: c.user.Name, Now: s.Now()}
	if b.Controls != nil {
		in.Controls, in.NoControls = *b.Controls, len(*b.Controls) == 0
	}
	if b.LagDays != nil {
		in.Lag = strconv.Itoa(*b.LagDays)
	}
	return in
}

// planFields are what the pages' forms call otherwise than a request.
var planFields = map[string]string{"lag": "lag_days", "smallest": "smallest_effect", "control": "controls"}

// analysisState says whether there is a result, or will be one.
type analysisState string

// States of an analysis.
const (
	analysisOpen      analysisState = "open"      // nobody has begun to work it out
	analysisComputing analysisState = "computing" // it is being worked out
	analysisComputed  analysisState = "computed"  // there is a result
	analysisFailed    analysisState = "failed"    // it could not be worked out
)

// apiAnalysis is the command line's document with what a program that waits wants to know.
type apiAnalysis struct {
	document.Analysis
	State analysisState `json:"state"`
	Done  int           `json:"done"` // per cent
}

// apiEffects lists what was looked into.
func (s *Server) apiEffects(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	done, err := s.lists.take(ctx, c.org.ID)
	if err != nil {
		return reply{}, err
	}
	defer done()
	list, err := assess.Analyses(ctx, s.DB, c.org, s.Now())
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.AnalysesOf(c.say, list)}, nil
}

// analysisReply shows an analysis as it stands.
func (s *Server) analysisReply(ctx context.Context, c caller, id goalpost.AnalysisID) (reply, error) {
	busy, done, failed := s.effectJobs.state(c.org.ID, id) // before the result is read: it could end in between
	v, err := assess.ViewAnalysis(ctx, s.DB, c.org, id, s.Now())
	if err != nil {
		return reply{}, err
	}
	d := apiAnalysis{Analysis: document.AnalysisOf(c.say, v), State: analysisOpen}
	switch {
	case busy:
		d.State, d.Done = analysisComputing, done
	case failed:
		d.State = analysisFailed
	case v.Report != nil:
		d.State, d.Done = analysisComputed, 100
	}
	return reply{document: d, location: "/effects/" + strconv.FormatInt(int64(id), 10)}, nil
}

// apiEffect shows one analysis.
func (s *Server) apiEffect(ctx context.Context, c caller, in *struct {
	ID int64 `path:"analysis"`
}) (reply, error) {
	out, err := s.analysisReply(ctx, c, goalpost.AnalysisID(in.ID))
	out.location = "" // it was asked for by its address
	return out, err
}

// apiPlanEffect proposes how to find out what an activity changed.
func (s *Server) apiPlanEffect(ctx context.Context, c caller, in *struct {
	Body struct {
		Activity int64 `json:"activity"`
		PlanBody
	}
}) (reply, error) {
	x, err := assess.ProposeAnalysis(ctx, s.DB, c.org, in.Body.input(s, c, in.Body.Activity))
	if err != nil {
		return reply{}, renamed(err, planFields)
	}
	return reply{document: document.ProposalOf(c.say, x)}, nil
}

// apiAddEffect writes the plan down; only then it is worked out.
func (s *Server) apiAddEffect(ctx context.Context, c caller, in *struct {
	Body struct {
		Activity int64 `json:"activity"`
		PlanBody
	}
}) (reply, error) {
	if err := s.queueFull(c.org.ID); err != nil {
		return reply{}, err
	}
	a, err := assess.ConfirmAnalysis(ctx, s.DB, c.org, in.Body.input(s, c, in.Body.Activity))
	if err != nil {
		return reply{}, renamed(err, planFields)
	}
	s.workOut(c.org, a.ID)
	return s.analysisReply(ctx, c, a.ID)
}

// apiChangeEffect writes another plan down; the earlier one and its results stay.
func (s *Server) apiChangeEffect(ctx context.Context, c caller, in *struct {
	ID   int64 `path:"analysis"`
	Body struct {
		PlanBody
		Why  string `json:"why" doc:"Why it is changed; everybody sees it."`
		Plan *int   `json:"plan" required:"false" doc:"Version of the plan that you read: if another is in force by now, nothing is changed and the answer is 409."`
	}
}) (reply, error) {
	change := in.Body.input(s, c, 0)
	change.Why = in.Body.Why
	if in.Body.Plan != nil {
		change.Version = cmp.Or(*in.Body.Plan, -1) // there is no version 0
	}
	if err := s.queueFull(c.org.ID); err != nil {
		return reply{}, err
	}
	id := goalpost.AnalysisID(in.ID)
	if _, err := assess.ChangeAnalysis(ctx, s.DB, c.org, id, change); err != nil {
		return reply{}, renamed(err, planFields)
	}
	s.workOut(c.org, id)
	return s.analysisReply(ctx, c, id)
}

// apiEffectAgain works an analysis out again.
func (s *Server) apiEffectAgain(ctx context.Context, c caller, in *struct {
	ID int64 `path:"analysis"`
}) (reply, error) {
	id := goalpost.AnalysisID(in.ID)
	if _, err := s.DB.Analysis(ctx, c.org.ID, id); err != nil {
		return reply{}, err
	}
	if err := s.queueFull(c.org.ID); err != nil {
		return reply{}, err
	}
	s.workOut(c.org, id)
	return s.analysisReply(ctx, c, id)
}
