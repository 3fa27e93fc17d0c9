package web

import (
	"context"
	"crypto/rand"
	"net/http"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// HookPath names a system in an address.
type HookPath struct {
	SurveyPath
	Hook int64 `path:"hook" doc:"Its number."`
}

// hookOperations are what the team's programs do with systems that are told of answers.
func (s *Server) hookOperations(a *apiBuilder) {
	apiRoute(a, operation{"GET /surveys/{survey}/hooks", "hooks-list", "hooks", "The systems that are told of complete answers", editor, document.Hooks{}, 0}, s.apiHooks)
	apiRoute(a, operation{"POST /surveys/{survey}/hooks", "hooks-add", "hooks", "Add a system; the secret of its signatures is in this answer alone", editor, document.HookMade{}, http.StatusCreated}, s.apiAddHook)
	apiRoute(a, operation{"PUT /surveys/{survey}/hooks/{hook}", "hooks-switch", "hooks", "Switch a system off or on", editor, document.Hook{}, 0}, s.apiSwitchHook)
	apiRoute(a, operation{"DELETE /surveys/{survey}/hooks/{hook}", "hooks-remove", "hooks", "Remove a system; the others are left", editor, document.Hooks{}, 0}, s.apiRemoveHook)
	apiRoute(a, operation{"POST /surveys/{survey}/hooks/{hook}/test", "hooks-test", "hooks", "Send a message without an answer, and say whether it arrived", editor, document.HookTest{}, 0}, s.apiTestHook)
}

// hookDocument makes the document of a system with its last messages.
func (s *Server) hookDocument(ctx context.Context, c caller, survey goalpost.Survey, h goalpost.Hook) (d document.Hook, err error) {
	counts, err := s.DB.CountDeliveries(ctx, c.org.ID, h.ID)
	if err != nil {
		return d, err
	}
	last, err := s.DB.LastDeliveries(ctx, c.org.ID, h.ID, shownDeliveries)
	return document.HookOf(c.say, h, counts, last, survey.Settings.Anonymous), err
}

// apiHooks lists the systems of a survey.
func (s *Server) apiHooks(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	list, err := s.DB.Hooks(ctx, c.org.ID, survey.ID)
	if err != nil {
		return reply{}, err
	}
	d := document.Hooks{Survey: survey.ID, Hooks: []document.Hook{}}
	for _, h := range list {
		one, err := s.hookDocument(ctx, c, survey, h)
		if err != nil {
			return reply{}, err
		}
		d.Hooks = append(d.Hooks, one)
	}
	return reply{document: d}, nil
}

// apiAddHook adds a system. Its secret is in this answer and in no other.
func (s *Server) apiAddHook(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		URL string `json:"url" doc:"It receives a POST for each complete answer."`
	}
}) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	add := assess.HookInput{Survey: survey.ID, URL: in.Body.URL, By: c.user.Name, Now: s.Now()}
	_, _ = rand.Read(add.Secret[:]) // it never fails (crypto/rand)
	h, secret, err := assess.AddHook(ctx, s.DB, c.org.ID, add)
	if err != nil {
		return reply{}, err
	}
	d, err := s.hookDocument(ctx, c, survey, h)
	return reply{document: document.HookMade{Hook: d, Secret: secret}}, err
}

// hookNamed finds the system that an operation names; that of another survey is not found.
func (s *Server) hookNamed(ctx context.Context, c caller, in HookPath) (survey goalpost.Survey, h goalpost.Hook, err error) {
	if survey, err = s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID)); err != nil {
		return survey, h, err
	}
	h, err = s.hookOfSurvey(ctx, c.org.ID, survey.ID, goalpost.HookID(in.Hook))
	return survey, h, err
}

// apiSwitchHook switches a system off or on.
func (s *Server) apiSwitchHook(ctx context.Context, c caller, in *struct {
	HookPath
	Body struct {
		Off bool `json:"off" doc:"What is answered while a system is off is not sent later either."`
	}
}) (reply, error) {
	survey, h, err := s.hookNamed(ctx, c, in.HookPath)
	if err != nil {
		return reply{}, err
	}
	if err := s.DB.SwitchHook(ctx, c.org.ID, h.ID, in.Body.Off); err != nil {
		return reply{}, err
	}
	h.Off = in.Body.Off
	d, err := s.hookDocument(ctx, c, survey, h)
	return reply{document: d}, err
}

// apiRemoveHook removes a system.
func (s *Server) apiRemoveHook(ctx context.Context, c caller, in *HookPath) (reply, error) {
	_, h, err := s.hookNamed(ctx, c, *in)
	if err != nil {
		return reply{}, err
	}
	if err := s.DB.RemoveHook(ctx, c.org.ID, h.ID); err != nil {
		return reply{}, err
	}
	return s.apiHooks(ctx, c, &in.SurveyPath)
}

// apiTestHook sends a message without an answer.
func (s *Server) apiTestHook(ctx context.Context, c caller, in *HookPath) (reply, error) {
	_, h, err := s.hookNamed(ctx, c, *in)
	if err != nil {
		return reply{}, err
	}
	m, err := assess.TestMessage(ctx, s.DB, c.org.ID, h.ID, s.Now())
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.HookTestOf(c.say, h, s.sendHook(ctx, m))}, nil
}
