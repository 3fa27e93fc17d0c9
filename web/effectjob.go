package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"goalpost"
	"goalpost/assess"
)

// mostWaiting is how many analyses of an organisation wait their turn at most: one takes
// seconds, and nobody waits for a hundred.
const mostWaiting = 50

// resumeFor is how long after a plan was confirmed it is worked out without being asked
// again: a start of the program takes up what the last stop broke off, not what somebody
// gave up long ago.
const resumeFor = 7 * 24 * time.Hour

// unsettledPause is how long an analysis waits until it looks again whether an import has
// ended.
const unsettledPause = time.Second

// effectJobs are the analyses that are being worked out, or wait for it.
type effectJobs struct {
	mu   sync.Mutex
	jobs map[effectJob]*effectState
	turn chan struct{} // held while one is worked out: each takes a whole processor
	// own is held while an analysis of an organisation is worked out or is the next of it, so
	// that an organisation with many of them makes no other wait for more than one.
	own orgTurns
}

type effectJob struct {
	org goalpost.OrgID
	id  goalpost.AnalysisID
}

type effectState struct {
	done   float64
	failed bool
}

func newEffectJobs() *effectJobs {
	return &effectJobs{jobs: map[effectJob]*effectState{}, turn: make(chan struct{}, 1)}
}

// wait returns when it is the turn of an organisation's next analysis; done ends it.
func (j *effectJobs) wait(ctx context.Context, org goalpost.OrgID) (done func(), err error) {
	own, err := j.own.take(ctx, org)
	if err != nil {
		return nil, err
	}
	select {
	case j.turn <- struct{}{}:
		return func() { <-j.turn; own() }, nil
	case <-ctx.Done():
		own()
		return nil, ctx.Err()
	}
}

// state says whether an analysis is being worked out, how much of it is done in per cent,
// and whether that failed.
func (j *effectJobs) state(org goalpost.OrgID, id goalpost.AnalysisID) (busy bool, share int, failed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	x, ok := j.jobs[effectJob{org, id}]
	if !ok {
		return false, 0, false
	}
	return !x.failed, int(100 * x.done), x.failed
}

// full reports whether so many analyses of an organisation wait that no more are taken.
func (j *effectJobs) full(org goalpost.OrgID) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := 0
	for key, x := range j.jobs {
		if key.org == org && !x.failed {
			n++
		}
	}
	return n >= mostWaiting
}

// queueFull refuses what would wait too long; nothing was written down for it.
func (s *Server) queueFull(org goalpost.OrgID) error {
	if s.effectJobs.full(org) {
		return goalpost.Errorf(goalpost.Unavailable, "error.analysis.queue", goalpost.NumberArg(mostWaiting))
	}
	return nil
}

// begin notes that an analysis is being worked out; false: it already is.
func (j *effectJobs) begin(key effectJob) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if x, ok := j.jobs[key]; ok && !x.failed {
		return false
	}
	j.jobs[key] = &effectState{}
	return true
}

func (j *effectJobs) progress(key effectJob, done float64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.jobs[key].done = min(max(done, 0), 1)
}

func (j *effectJobs) end(key effectJob, failed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !failed {
		delete(j.jobs, key)
		return
	}
	j.jobs[key].failed = true
}

// workOut works an analysis out behind the page that shows how far it is.
func (s *Server) workOut(org goalpost.Organisation, id goalpost.AnalysisID) {
	key := effectJob{org.ID, id}
	if !s.effectJobs.begin(key) {
		return
	}
	s.jobs.Go(func() {
		err := s.workOutNow(org, key)
		for isUnsettled(err) { // half of an import's figures give no answer
			select {
			case <-time.After(unsettledPause):
				err = s.workOutNow(org, key)
			case <-s.running.Done():
				err = s.running.Err()
			}
		}
		if err != nil && s.running.Err() == nil {
			s.Log.Error("analysis failed", "org", org.ID, "analysis", id, "err", err)
		}
		s.effectJobs.end(key, err != nil)
	})
}

// workOutNow works an analysis out as soon as it has its turn.
func (s *Server) workOutNow(org goalpost.Organisation, key effectJob) (err error) {
	defer caught(fmt.Sprintf("analysis %d", key.id), &err)
	done, err := s.effectJobs.wait(s.running, org.ID)
	if err != nil {
		return err
	}
	defer done()
	_, err = assess.RunAnalysis(s.running, s.DB, org, key.id, assess.RunOptions{Now: s.Now(), Clock: s.Now, Progress: func(done float64) { s.effectJobs.progress(key, done) }})
	return err
}

func isUnsettled(err error) bool {
	e, ok := errors.AsType[*goalpost.Error](err)
	return ok && e.Key == "error.analysis.unsettled"
}

// resumeEffects works out what was confirmed and has no result: the program was stopped
// meanwhile. The oldest is the first, and each organisation gets as many as may wait.
func (s *Server) resumeEffects() {
	orgs, err := s.DB.Organisations(s.running)
	for i := 0; i < len(orgs) && err == nil; i++ {
		var open []goalpost.AnalysisID
		open, err = assess.OpenAnalyses(s.running, s.DB, orgs[i].ID, s.Now().Add(-resumeFor))
		for _, id := range open[:min(len(open), mostWaiting)] {
			s.workOut(orgs[i], id)
		}
	}
	if err != nil && s.running.Err() == nil {
		s.Log.Error("analyses that were broken off are not taken up again", "err", err)
	}
}

// repeatEffect works an analysis out again.
func (s *Server) repeatEffect(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := s.newPage(r, &v, "")
	e, err := s.effectOf(r, v, p)
	if err != nil {
		return err
	}
	if err := s.queueFull(v.org.ID); err != nil {
		return err
	}
	s.workOut(v.org, e.Analysis.ID)
	http.Redirect(w, r, p.effectHref(e.Analysis.ID), http.StatusSeeOther)
	return nil
}
