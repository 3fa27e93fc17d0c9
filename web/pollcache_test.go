package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"goalpost"
)

// A crowd that asks for results makes one reading of the votes at each step.
func TestPollCache(t *testing.T) {
	poll := goalpost.ReadersQuestion(goalpost.FormalAddress)
	var votes []goalpost.Vote
	for range 15 {
		votes = append(votes, goalpost.Vote{ID: newUUID(), Choices: []string{"sales"}})
	}
	var readings atomic.Int32
	c, key := newPollCache(), pollKey{1, 1}
	ask := func(total int) {
		t.Helper()
		r, err := c.results(key, poll, total, func() ([]goalpost.Vote, error) {
			readings.Add(1)
			return votes[:total], nil
		})
		if err != nil || r.Total != total || r.N != total/5*5 {
			t.Errorf("%d votes\ngot:  %d of %d, %v", total, r.N, r.Total, err)
		}
	}
	for _, step := range []struct {
		total int
		want  int32
	}{{10, 1}, {12, 1}, {14, 1}, {15, 2}} {
		var crowd sync.WaitGroup
		for range 50 {
			crowd.Go(func() { ask(step.total) })
		}
		crowd.Wait()
		if got := readings.Load(); got != step.want {
			t.Errorf("%d votes\ngot:  %d readings\nwant: %d", step.total, got, step.want)
		}
	}
	failed := errors.New("disk")
	if _, err := c.results(pollKey{1, 2}, poll, 10, func() ([]goalpost.Vote, error) { return nil, failed }); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	if _, err := c.results(pollKey{1, 2}, poll, 10, func() ([]goalpost.Vote, error) { return votes[:10], nil }); err != nil {
		t.Errorf("a reading that failed is kept: %v", err)
	}
}

// The pages follow the votes, step by step, and a second poll has results of its own.
func TestPollResultsFollowVotes(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 10)
	for n := 10; n <= 15; n++ {
		if n > 10 {
			s.vote(t, "en", url.Values{"choice": {"reach"}})
		}
		want := fmt.Sprintf(",%d\n", n/5*5)
		if a := s.get("/en/p/goals/results.csv"); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%d votes\ngot:  %d %s\nwant: %q", n, a.status, a.body, want)
		}
	}
	if a := s.post("/en/polls", url.Values{"quick": {"1"}, "slug": {"again"}, "address": {"du"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	if a := s.get("/en/p/again/results.csv"); a.status != http.StatusNotFound {
		t.Errorf("a poll without votes shows those of another: %d %s", a.status, a.body)
	}
}
