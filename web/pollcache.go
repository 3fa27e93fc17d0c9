package web

import (
	"context"
	"net/http"
	"sync"

	"goalpost"
	"goalpost/assess"
)

// pollCache keeps the public results of polls until the next step. Anyone may ask for
// them as often as they like, and reading all votes each time would keep the machine
// busy. Results change with every step only; votes are never taken away.
type pollCache struct {
	mu   sync.Mutex // held while results are made: a crowd waits for one reading
	last map[pollKey]pollKnown
}

// pollKnown are results and how many votes they were made from.
type pollKnown struct {
	results assess.PollResults
	step    int
}

type pollKey struct {
	org  goalpost.OrgID
	poll goalpost.PollID
}

func newPollCache() *pollCache {
	return &pollCache{last: map[pollKey]pollKnown{}}
}

// results returns what is known as of total votes; load reads them.
func (c *pollCache) results(k pollKey, poll goalpost.Poll, total int, load func() ([]goalpost.Vote, error)) (assess.PollResults, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.last[k]; ok && known.step == assess.PollStep(total) {
		r := known.results
		r.Poll, r.Total = poll, total
		return r, nil
	}
	votes, err := load()
	if err != nil {
		return assess.PollResults{}, err
	}
	r := assess.PublicPoll(poll, votes)
	c.last[k] = pollKnown{r, assess.PollStep(len(votes))}
	return r, nil
}

// publicResults are what anyone may see of a poll.
func (s *Server) publicResults(r *http.Request, org goalpost.OrgID, poll goalpost.Poll) (assess.PollResults, error) {
	total, err := s.DB.CountVotes(r.Context(), org, poll.ID)
	if err != nil {
		return assess.PollResults{}, err
	}
	return s.pollCache.results(pollKey{org, poll.ID}, poll, total, func() ([]goalpost.Vote, error) {
		return assess.PollVotes(context.WithoutCancel(r.Context()), s.DB, org, poll) // others wait for it
	})
}
