package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"goalpost"
	"goalpost/store"
)

// Options say how large the crowd is.
type Options struct {
	N, Clients, Kills int
	Seed              uint64
}

// Report is what came out. Faults is empty when everything held.
type Report struct {
	Options
	Votes, Comments, Twice, Busy, Tries int
	Approved, Pages                     int // comments that the team approved; pages that were searched
	Seconds                             float64
	Restart                             time.Duration // the longest time until the program served again
	Faults                              []string
}

// String prints the figures.
func (r Report) String() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%d votes and %d comments acknowledged, %d of them sent twice, %d requests, %d answered 503; %d kills, longest restart %d ms; %.0f s\n",
		r.Votes, r.Comments, r.Twice, r.Tries, r.Busy, r.Kills, r.Restart.Milliseconds(), r.Seconds)
	for _, f := range r.Faults {
		_, _ = fmt.Fprintln(&b, "FAULT:", f)
	}
	if len(r.Faults) == 0 {
		_, _ = fmt.Fprintf(&b, "every acknowledged vote and comment is there once, as it was sent; of the comments readers see the %d approved ones only;\n"+
			"no e-mail address in %d pages and exports, what the program printed, its files and a backup\n", r.Approved, r.Pages)
	}
	return b.String()
}

// Run lets the crowd loose on the real program and looks at what is left.
func Run(ctx context.Context, o Options) (r Report, err error) {
	r.Options = o
	dir, err := os.MkdirTemp("", "goalpost-readers-")
	if err != nil {
		return r, fmt.Errorf("readers: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := newServer(ctx, dir)
	if err != nil {
		return r, err
	}
	if _, err := s.start(ctx); err != nil {
		return r, err
	}
	defer s.kill()
	team, err := setUp(ctx, s)
	if err != nil {
		return r, err
	}
	if err := team.makePoll(ctx); err != nil {
		return r, err
	}
	began := time.Now()
	all, err := r.crowd(ctx, s)
	if err != nil {
		return r, err
	}
	r.Seconds = time.Since(began).Seconds()
	if err := r.look(ctx, s, team, all); err != nil {
		return r, err
	}
	s.kill()
	return r, errors.Join(r.compare(ctx, s, all), r.searchFiles(ctx, s))
}

// crowd sends everything while the program is killed again and again.
func (r *Report) crowd(ctx context.Context, s *server) ([]*sent, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var done atomic.Int64
	var busy, tries atomic.Int64
	var mu sync.Mutex
	var all []*sent
	var failed error
	note := func(m *sent, err error) {
		mu.Lock()
		defer mu.Unlock()
		if m != nil {
			all = append(all, m)
		}
		if err != nil && failed == nil {
			failed = err
			cancel()
		}
	}
	var readers sync.WaitGroup
	for c := range r.Clients {
		readers.Go(func() {
			one := newReader(s, r.Seed, uint64(c)+1)
			for n := done.Add(1); n <= int64(r.N); n = done.Add(1) {
				m, err := one.write(ctx, n)
				if err != nil {
					note(nil, err)
					return
				}
				waited, err := one.send(ctx, m)
				busy.Add(int64(waited))
				if err == nil && one.rng.IntN(7) == 0 { // an impatient second click
					waited, err = one.send(ctx, m)
					busy.Add(int64(waited))
					mu.Lock()
					r.Twice++
					mu.Unlock()
				}
				tries.Add(int64(m.tries))
				note(m, err)
				if err != nil {
					return
				}
			}
		})
	}
	killed := make(chan error, 1)
	go func() { killed <- r.killer(ctx, s, &done) }()
	readers.Wait()
	cancel()
	err := <-killed
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	r.Busy, r.Tries = int(busy.Load()), int(tries.Load())
	return all, errors.Join(failed, err)
}

// killer kills the program at random moments, spread over the whole run.
func (r *Report) killer(ctx context.Context, s *server, done *atomic.Int64) error {
	rng := rand.New(rand.NewPCG(r.Seed, 0))
	for k := range r.Kills {
		at := int64(float64(r.N) * (float64(k) + rng.Float64()) / float64(r.Kills) * 0.95)
		for done.Load() < at {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(1+rng.IntN(5)) * time.Millisecond):
			}
		}
		s.kill()
		took, err := s.start(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		r.Restart = max(r.Restart, took)
	}
	return nil
}

// compare looks for every acknowledged vote in what is on disk.
func (r *Report) compare(ctx context.Context, s *server, all []*sent) error {
	db, err := store.Open(ctx, s.data, store.Options{})
	if err != nil {
		return fmt.Errorf("readers: %w", err)
	}
	defer func() { _ = db.Close() }()
	votes, err := db.Votes(ctx, 1, 1)
	if err != nil {
		return fmt.Errorf("readers: %w", err)
	}
	kept := map[string][]goalpost.Vote{}
	for _, v := range votes {
		kept[v.ID] = append(kept[v.ID], v)
	}
	for _, m := range all {
		if m.comment {
			continue
		}
		r.Votes++
		id := m.form.Get("id")
		switch v := kept[id]; {
		case len(v) != 1:
			r.fault("vote %s was acknowledged and is there %d times", id, len(v))
		case !slices.Equal(v[0].Choices, m.form["choice"]) || v[0].Other != m.form.Get("other"):
			r.fault("vote %s is not what was sent: %v", id, v[0])
		}
		delete(kept, id)
	}
	for id := range kept {
		r.fault("vote %s was never sent", id)
	}
	return r.compareComments(ctx, db, all)
}

func (r *Report) fault(format string, args ...any) {
	const enough = 20
	if len(r.Faults) < enough {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}
