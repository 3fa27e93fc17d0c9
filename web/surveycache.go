package web

import (
	"context"
	"net/http"
	"sync"

	"goalpost"
	"goalpost/assess"
)

// maxAsked is how many surveys are kept ready to take answers.
const maxAsked = 200

// askedCache keeps surveys ready to take answers: reading and checking one for each answer
// would take longer than keeping the answer. Whether a survey is still the same is asked of
// the store each time.
type askedCache struct {
	mu   sync.Mutex
	last map[string]*assess.AskedSurvey // by slug
}

func newAskedCache() *askedCache { return &askedCache{last: map[string]*assess.AskedSurvey{}} }

func (c *askedCache) get(slug string) *assess.AskedSurvey {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last[slug]
}

func (c *askedCache) put(slug string, a *assess.AskedSurvey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.last) >= maxAsked {
		clear(c.last)
	}
	c.last[slug] = a
}

func (c *askedCache) drop(slug string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.last, slug)
}

// readAsked reads the survey of a public address and keeps it.
func (s *Server) readAsked(ctx context.Context, slug string) (*assess.AskedSurvey, error) {
	a, err := assess.Asked(ctx, s.DB, slug)
	if goalpost.IsKind(err, goalpost.NotFound) {
		s.asked.drop(slug)
		return nil, notFound()
	}
	if err == nil {
		s.asked.put(slug, a)
	}
	return a, err
}

// askedSurvey finds the survey of a public page as it stands now.
func (s *Server) askedSurvey(r *http.Request, slug string) (*assess.AskedSurvey, error) {
	if a := s.asked.get(slug); a != nil {
		revision, err := s.DB.SurveyRevision(r.Context(), a.Org, a.Survey.ID)
		if err == nil && revision == a.Survey.Revision {
			return a, nil
		}
	}
	return s.readAsked(r.Context(), slug)
}

// sendAnswer keeps what a respondent sent. The survey that is at hand is tried first: the
// store says when it was changed meanwhile.
func (s *Server) sendAnswer(ctx context.Context, slug string, in assess.AnswerInput) (a *assess.AskedSurvey, res assess.AnswerResult, err error) {
	if s.diskIsShort() {
		return nil, res, goalpost.Errorf(goalpost.Unavailable, "error.answer.disk")
	}
	const tries = 3 // between reading and keeping somebody may change the survey, not for ever
	if a = s.asked.get(slug); a == nil {
		if a, err = s.readAsked(ctx, slug); err != nil {
			return nil, res, err
		}
	}
	in.Reused = s.pages.reused(a, in)
	for range tries {
		res, err = s.limited(ctx, a, in, func() (assess.AnswerResult, error) { return a.SendAnswer(ctx, s.DB, in) })
		if !assess.IsStale(err) {
			return a, res, err
		}
		if a, err = s.readAsked(ctx, slug); err != nil {
			return nil, res, err
		}
	}
	return a, res, goalpost.Errorf(goalpost.Unavailable, "error.store.busy")
}
