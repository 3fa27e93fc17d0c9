package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"goalpost"
	"goalpost/assess"
)

// Limits of what is kept worked out.
const (
	maxShares = 200
	// shareRest is how many times as long as working figures out took they are shown before
	// they are worked out again: of a survey with a hundred thousand answers that come in by
	// the second nobody waits each time.
	shareRest = 20
	// shareSoon is what is worked out again at once.
	shareSoon = 200 * time.Millisecond
	// trendStale is how long waves are shown while answers to other surveys come in.
	trendStale = time.Minute
)

// shareKey names figures of a survey.
type shareKey struct {
	org    goalpost.OrgID
	survey goalpost.SurveyID
	what   string
}

// shareKept are figures, and the state of everything that they were made from.
type shareKept struct {
	state string
	at    time.Time
	took  time.Duration
	value any
}

// shareCache keeps figures until answers, weights or tags change.
type shareCache struct {
	mu   sync.Mutex
	kept map[shareKey]shareKept
	turn orgTurns // one at a time of an organisation works figures out
}

func newShareCache() *shareCache { return &shareCache{kept: map[shareKey]shareKept{}} }

func (c *shareCache) get(k shareKey) (shareKept, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.kept[k]
	return x, ok
}

func (c *shareCache) put(k shareKey, x shareKept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxShares {
		clear(c.kept)
	}
	c.kept[k] = x
}

// shareState is another one whenever figures of a survey may be others.
func (s *Server) shareState(r *http.Request, a *assess.AskedSurvey) (string, error) {
	t, err := s.tally(r, a)
	if err != nil {
		return "", err
	}
	n, tagged, err := s.DB.AnswerTagState(r.Context(), a.Org, a.Survey.ID)
	if err != nil {
		return "", err
	}
	populations, err := s.DB.Populations(r.Context(), a.Org, a.Survey.ID)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(t.Change(), a.Survey.Revision, n, tagged.UnixMicro(), len(populations)), nil
}

// worked returns figures that are kept, or works them out.
func worked[T any](s *Server, r *http.Request, a *assess.AskedSurvey, what string, stale time.Duration, work func(context.Context) (T, error)) (T, error) {
	var none T
	state, err := s.shareState(r, a)
	if err != nil {
		return none, err
	}
	k := shareKey{a.Org, a.Survey.ID, what}
	fresh := func() (T, bool) {
		x, ok := s.shares.get(k)
		if !ok {
			return none, false
		}
		value, ok := x.value.(T)
		age := s.Now().Sub(x.at)
		same := x.state == state && (stale == 0 || age < stale)
		return value, ok && (same || x.took > shareSoon && age >= 0 && age < shareRest*x.took)
	}
	if value, ok := fresh(); ok {
		return value, nil
	}
	done, err := s.shares.turn.take(r.Context(), a.Org)
	if err != nil {
		return none, err
	}
	defer done()
	if value, ok := fresh(); ok { // somebody else was as curious
		return value, nil
	}
	begun := s.Now()
	value, err := work(context.WithoutCancel(r.Context())) // others wait for it
	if err != nil {
		return none, err
	}
	end := s.Now()
	s.shares.put(k, shareKept{state: state, at: end, took: end.Sub(begun), value: value})
	return value, nil
}

// surveyShares are the shares of a survey, of all or of those that a filter takes.
func (s *Server) surveyShares(r *http.Request, a *assess.AskedSurvey, f assess.ShareFilter) (assess.SurveyShares, error) {
	return worked(s, r, a, "only "+f.String(), 0, func(ctx context.Context) (assess.SurveyShares, error) { return a.Shares(ctx, s.DB, f) })
}

// surveyCross are the shares of a survey in groups.
func (s *Server) surveyCross(r *http.Request, a *assess.AskedSurvey, by string) ([]assess.CrossedShares, error) {
	return worked(s, r, a, "by "+by, 0, func(ctx context.Context) ([]assess.CrossedShares, error) { return a.Cross(ctx, s.DB, by) })
}

// surveyWaves are the shares of a survey beside the other surveys of its study.
func (s *Server) surveyWaves(r *http.Request, a *assess.AskedSurvey) (assess.SurveyTrendView, error) {
	return worked(s, r, a, "waves", trendStale, func(ctx context.Context) (assess.SurveyTrendView, error) { return a.Trend(ctx, s.DB) })
}
