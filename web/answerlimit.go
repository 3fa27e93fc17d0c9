package web

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"goalpost"
	"goalpost/assess"
)

// How many respondents of one network begin a survey at most: a whole company, and with
// mobile phones a part of a town, comes from one address. Who has begun is never stopped.
const (
	newBurst     = 600
	newPerMinute = 600
)

// maxNetworks is how many networks are remembered, in memory only.
const maxNetworks = 50_000

// networks counts how many new respondents each network may still send.
type networks struct {
	mu   sync.Mutex
	left map[netip.Prefix]allowance
}

type allowance struct {
	n  float64
	at time.Time
}

func newNetworks() *networks { return &networks{left: map[netip.Prefix]allowance{}} }

// take takes one of a network's new respondents; false when there is none left.
func (n *networks) take(of netip.Prefix, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	a, known := n.left[of]
	if !known {
		n.makeRoom(now)
		a = allowance{newBurst, now}
	}
	a = a.until(now)
	taken := a.n >= 1
	if taken {
		a.n--
	}
	n.left[of] = a
	return taken
}

// giveBack returns what was taken for somebody who was not new.
func (n *networks) giveBack(of netip.Prefix) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if a, ok := n.left[of]; ok {
		a.n = min(newBurst, a.n+1)
		n.left[of] = a
	}
}

// until is what is left at a later moment; a clock that goes back changes nothing.
func (a allowance) until(now time.Time) allowance {
	if passed := now.Sub(a.at); passed > 0 {
		a.n = min(newBurst, a.n+passed.Minutes()*newPerMinute)
	}
	a.at = now
	return a
}

// makeRoom forgets the networks that have sent nothing for a while; when so many send at
// once, all of them: this is no guard against an attack from everywhere.
func (n *networks) makeRoom(now time.Time) {
	if len(n.left) < maxNetworks {
		return
	}
	for of, a := range n.left {
		if a.until(now).n >= newBurst {
			delete(n.left, of)
		}
	}
	if len(n.left) >= maxNetworks {
		clear(n.left)
	}
}

// networkKey carries the network of a respondent through a request.
type networkKey struct{}

// fromNetwork notes which network a respondent's request comes from.
func (s *Server) fromNetwork(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			if of, ok := s.networkPrefix(r); ok {
				r = r.WithContext(context.WithValue(r.Context(), networkKey{}, of))
			}
		}
		next.ServeHTTP(w, r)
	})
}

// networkPrefix is the network of a request's sender. Addresses of private networks tell
// nobody apart: they are those of a proxy that nobody told us to trust.
func (s *Server) networkPrefix(r *http.Request) (netip.Prefix, bool) {
	const four, six = 24, 48
	ip := s.peerOf(r).ip
	if !ip.IsValid() || ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() {
		return netip.Prefix{}, false
	}
	bits := four
	if ip.Is6() {
		bits = six
	}
	of, err := ip.WithZone("").Prefix(bits)
	return of, err == nil
}

// limited sends an answer unless its respondent is new and too many new ones come from the
// same network.
func (s *Server) limited(ctx context.Context, a *assess.AskedSurvey, in assess.AnswerInput, send func() (assess.AnswerResult, error)) (assess.AnswerResult, error) {
	of, ok := ctx.Value(networkKey{}).(netip.Prefix)
	if !ok {
		return send()
	}
	taken := s.networks.take(of, s.Now())
	if !taken {
		if _, err := s.DB.Answer(ctx, a.Org, a.Survey.ID, in.ID); goalpost.IsKind(err, goalpost.NotFound) {
			return assess.AnswerResult{}, goalpost.Errorf(goalpost.Unavailable, "error.answer.network")
		}
	}
	res, err := send()
	if taken && (err != nil || !res.New) {
		s.networks.giveBack(of)
	}
	return res, err
}

// Where so little of the disk is free, answers are refused as long as nothing is broken:
// what fills a disk to the last byte takes other programs down, too.
const (
	leastShare = 0.05
	leastFree  = 200 << 20
	lookAgain  = time.Second
)

// roomWatch looks from time to time whether there is room on the disk.
type roomWatch struct {
	mu    sync.Mutex
	at    time.Time
	short bool
}

// diskIsShort reports whether so little of the disk is free that answers are refused. The
// log says so once, and once when there is room again.
func (s *Server) diskIsShort() bool {
	w := &s.roomWatch
	w.mu.Lock()
	defer w.mu.Unlock()
	now := s.Now()
	if since := now.Sub(w.at); since >= 0 && since < lookAgain {
		return w.short
	}
	w.at = now
	room := s.room
	if room == nil {
		room = s.DB.Room
	}
	free, size, known := room()
	was := w.short
	w.short = known && (free < leastFree || float64(free) < leastShare*float64(size))
	switch {
	case w.short && !was:
		s.Log.Error("answers are refused: the disk is nearly full", "free_mb", free>>20, "size_mb", size>>20)
	case was && !w.short:
		s.Log.Info("answers are taken again: there is room on the disk", "free_mb", free>>20)
	}
	return w.short
}
