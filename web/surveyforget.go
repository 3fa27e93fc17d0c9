package web

import (
	"context"
	"time"

	"goalpost/assess"
)

// forgetEvery is how often is looked which single answers are kept no longer.
const forgetEvery = time.Hour

// clockTolerance is how far a clock may be from the hour that passed between two looks.
const clockTolerance = 10 * time.Minute

// forgetAnswers erases single answers when the time that they are kept is over: at the
// start, and from then on within an hour. After a clock has jumped nothing is erased for an
// hour, in which it can be set right: what is erased never comes back.
func (s *Server) forgetAnswers() {
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	now := s.Now()
	s.forgetOnce(s.running, now)
	for {
		select {
		case <-s.running.Done():
			return
		case <-tick.C:
		}
		before := now
		if now = s.Now(); jumped(before, now, forgetEvery) {
			s.Log.Warn("the clock has jumped: answers at the end of their time are kept for another hour", "from", before, "to", now)
			continue
		}
		s.forgetOnce(s.running, now)
	}
}

// jumped reports whether a clock shows something else than the time that has passed.
func jumped(before, now time.Time, passed time.Duration) bool {
	off := now.Round(0).Sub(before.Round(0)) - passed // Round: as the clock shows it, whatever has passed
	return off.Abs() > clockTolerance
}

func (s *Server) forgetOnce(ctx context.Context, now time.Time) {
	orgs, err := s.DB.Organisations(ctx)
	for _, org := range orgs {
		if err = assess.ForgetNetworks(ctx, s.DB, org.ID, now.UTC().Truncate(24*time.Hour)); err != nil { // of earlier days: their key is gone
			break
		}
		var n int64
		if n, err = assess.EraseOldAnswers(ctx, s.DB, org.ID, now); err != nil {
			break
		}
		if n > 0 {
			s.Log.InfoContext(ctx, "answers erased at the end of their time", "organisation", org.ID, "answers", n)
		}
	}
	if err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "answers at the end of their time are not erased", "err", err)
	}
}
