package web

import (
	"net/http"
	"sync"

	"goalpost"
	"goalpost/assess"
)

// effectJobs are the analyses that are being worked out. What is not there has a result,
// or was never begun: after a restart it is begun again by whoever asks for it.
type effectJobs struct {
	mu   sync.Mutex
	jobs map[effectJob]*effectState
	turn chan struct{} // held while one is worked out: each takes a whole processor
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
		select {
		case s.effectJobs.turn <- struct{}{}:
			defer func() { <-s.effectJobs.turn }()
		case <-s.running.Done():
			s.effectJobs.end(key, true)
			return
		}
		_, err := assess.RunAnalysis(s.running, s.DB, org, id, assess.RunOptions{Now: s.Now(), Progress: func(done float64) { s.effectJobs.progress(key, done) }})
		if err != nil && s.running.Err() == nil {
			s.Log.Error("analysis failed", "org", org.ID, "analysis", id, "err", err)
		}
		s.effectJobs.end(key, err != nil)
	})
}

// repeatEffect works an analysis out again.
func (s *Server) repeatEffect(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := s.newPage(r, &v, "")
	e, err := s.effectOf(r, v, p)
	if err != nil {
		return err
	}
	s.workOut(v.org, e.Analysis.ID)
	http.Redirect(w, r, p.effectHref(e.Analysis.ID), http.StatusSeeOther)
	return nil
}
