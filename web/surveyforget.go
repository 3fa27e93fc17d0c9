package web

import (
	"context"
	"time"

	"goalpost/assess"
)

// forgetEvery is how often is looked which single answers are kept no longer.
const forgetEvery = time.Hour

// forgetAnswers erases single answers when the time that they are kept is over: at the
// start, and from then on within an hour.
func (s *Server) forgetAnswers() {
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	for {
		s.forgetOnce(s.running, s.Now())
		select {
		case <-s.running.Done():
			return
		case <-tick.C:
		}
	}
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
