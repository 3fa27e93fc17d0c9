package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"goalpost"
	"goalpost/assess"
)

// How messages to other systems are sent.
const (
	hookEvery   = time.Second
	hookTidying = time.Hour
	hookBatch   = 50
	mostHooks   = 16                  // systems that are sent to at the same time
	keepSent    = 30 * 24 * time.Hour // messages that were sent or given up
)

// sendHooks tells other systems of complete answers until the server stops. Each system is
// served on its own, so that one that is slow or dead holds up no other.
func (s *Server) sendHooks() {
	every := s.hookEvery
	if every == 0 {
		every = hookEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	w := &hookWork{s: s, busy: map[hookTarget]bool{}, places: make(chan struct{}, mostHooks)}
	defer w.all.Wait()
	for {
		if err := w.round(); err != nil && s.running.Err() == nil {
			s.Log.Error("messages to other systems", "err", err)
		}
		select {
		case <-s.running.Done():
			return
		case <-tick.C:
		}
	}
}

type hookTarget struct {
	org goalpost.OrgID
	id  goalpost.HookID
}

// hookWork knows which systems are being served.
type hookWork struct {
	s      *Server
	mu     sync.Mutex
	busy   map[hookTarget]bool
	places chan struct{}
	all    sync.WaitGroup
	tidied time.Time
	last   hookTarget // that was begun to be served
}

// round begins to serve the systems that are not being served, as many as there are places,
// and goes on where the last one ended: systems that hang, and have always something due,
// would else keep the places from all that come after them, also of other organisations.
func (w *hookWork) round() error {
	s := w.s
	orgs, err := s.DB.Organisations(s.running)
	if err != nil {
		return err
	}
	now := s.Now()
	tidy := w.tidied.IsZero() || now.Sub(w.tidied).Abs() >= hookTidying
	if tidy {
		w.tidied = now
	}
	var all []hookTarget
	for _, org := range orgs {
		hooks, err := s.DB.ActiveHooks(s.running, org.ID)
		if err != nil {
			return err
		}
		for _, h := range hooks {
			all = append(all, hookTarget{org.ID, h.ID})
		}
		if tidy && len(hooks) > 0 {
			if err := s.DB.DropDeliveries(s.running, org.ID, now.Add(-keepSent)); err != nil {
				return err
			}
		}
	}
	after := slices.Index(all, w.last) + 1
	for _, t := range slices.Concat(all[after:], all[:after]) {
		if !w.begin(t) {
			break
		}
	}
	return nil
}

// begin serves a system unless it is being served already; false when there is no place
// left.
func (w *hookWork) begin(t hookTarget) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy[t] {
		return true
	}
	select {
	case w.places <- struct{}{}:
	default:
		return false
	}
	w.busy[t], w.last = true, t
	w.all.Go(func() {
		err := w.s.serveHook(t)
		if err != nil && w.s.running.Err() == nil {
			w.s.Log.Error("messages to another system", "org", t.org, "hook", t.id, "err", err)
		}
		w.mu.Lock()
		delete(w.busy, t)
		w.mu.Unlock()
		<-w.places
	})
	return true
}

// serveHook sends what is due to one system, until one does not arrive: the next round
// tries another one.
func (s *Server) serveHook(t hookTarget) (err error) {
	defer caught("webhook", &err)
	for {
		now := s.Now()
		due, err := s.DB.DueDeliveries(s.running, t.org, t.id, now, now.Add(assess.LongestRetry), hookBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, d := range due {
			goOn, err := s.deliver(s.running, t.org, d)
			if err != nil || !goOn {
				return err
			}
		}
	}
}

// deliver tries one message; goOn says whether to try the next one. The answer is read
// anew, so that nothing is sent of one that was erased while its message waited.
func (s *Server) deliver(ctx context.Context, org goalpost.OrgID, d goalpost.Delivery) (goOn bool, err error) {
	m, err := assess.MessageOf(ctx, s.DB, org, d, s.Now())
	var problem goalpost.DeliveryProblem
	switch {
	case goalpost.IsKind(err, goalpost.NotFound): // erased: so is the message, at the latest now
		d.State = goalpost.DeliveryFailed
		return true, s.DB.SaveDelivery(ctx, org, d)
	case isKeyError(err):
		problem = goalpost.ProblemKey
	case err != nil:
		return false, err
	default:
		problem = s.sendHook(ctx, m)
	}
	if err := s.running.Err(); err != nil { // broken off by the stop: it is no try
		return false, err
	}
	d = assess.Tried(d, problem, s.Now(), m.DayOnly)
	if err := s.DB.SaveDelivery(ctx, org, d); err != nil {
		return false, errors.Join(errors.New("web: a message may be sent twice"), err)
	}
	status, said := strconv.Atoi(string(problem))
	refused := said == nil && status >= 400 && status < 500 && status != http.StatusTooManyRequests // it is there: it did not like this one
	return problem == goalpost.NoProblem || refused, nil
}

// isKeyError reports whether the secret of a system cannot be read.
func isKeyError(err error) bool {
	e, ok := errors.AsType[*goalpost.Error](err)
	return ok && strings.HasPrefix(e.Key, "error.key.")
}
