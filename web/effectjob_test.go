package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// withSales is a site with sales of three regions and an activity that raised those of one.
func withSales(t *testing.T) *site {
	t.Helper()
	s := newSite(t, nil)
	s.setUp("en")
	begin := goalpost.NewDay(2026, 2, 16)
	s.importFile("sales.csv", regionalCSV(begin-60, 60+24, begin, 14))
	if _, err := assess.AddActivity(context.Background(), s.server.DB, s.org(t), assess.ActivityInput{Name: "Giveaway", Runs: []assess.RunInput{{From: "2026-02-16", Until: "2026-03-08"}}, Region: "North", By: "anna", Now: testNow}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) org(t *testing.T) goalpost.Organisation {
	t.Helper()
	list, err := s.server.DB.Organisations(context.Background())
	if err != nil || len(list) == 0 {
		t.Fatalf("%v %v", err, list)
	}
	return list[0]
}

// results waits until an analysis has as many results as it should.
func (s *site) results(t *testing.T, id goalpost.AnalysisID, want int) []goalpost.AnalysisResult {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		list, err := s.server.DB.AnalysisResults(context.Background(), 1, id)
		if err != nil || time.Now().After(until) {
			t.Fatalf("analysis %d: %v, %d results, want %d", id, err, len(list), want)
		}
		if len(list) == want {
			return list
		}
	}
}

// What was confirmed and not worked out when the program stopped is taken up at the next
// start; what was given up long ago is not, nor is what has a result.
func TestBrokenOffAnalysesAreResumed(t *testing.T) {
	ctx := context.Background()
	s := withSales(t)
	confirm := func(at time.Time, bare bool) goalpost.AnalysisID { // the same plan twice would be one
		a, err := assess.ConfirmAnalysis(ctx, s.server.DB, s.org(t), assess.AnalysisInput{Activity: 1, NoControls: bare, By: "anna", Now: at})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	old, open := confirm(testNow.Add(-resumeFor-time.Hour), true), confirm(testNow.Add(-time.Hour), false)
	s.restart()
	first := s.results(t, open, 1)[0]
	s.restart()
	if list := s.results(t, open, 1); list[0].ID != first.ID {
		t.Error("what has a result was worked out again")
	}
	s.results(t, old, 0)
	if text := textOf(s.page(fmt.Sprintf("/en/effects/%d", old))); !strings.Contains(text, "Work it out") {
		t.Errorf("what was given up cannot be asked for again:\n%s", text)
	}
}

// The queue has an end: more than so many are refused before anything is written down,
// and the page says what to do.
func TestQueueOfAnalysesIsBounded(t *testing.T) {
	s := withSales(t)
	s.server.effectJobs.turn <- struct{}{} // whoever waits goes on waiting
	for i := range mostWaiting {
		if s.server.effectJobs.full(1) {
			t.Fatalf("full after %d", i)
		}
		s.server.effectJobs.begin(effectJob{1, goalpost.AnalysisID(1000 + i)})
	}
	if s.server.effectJobs.full(2) {
		t.Error("another organisation waits for this one's")
	}
	x := s.post("/en/effects/new", url.Values{"activity": {"1"}})
	if text := textOf(x.body); x.status != http.StatusServiceUnavailable || !strings.Contains(text, "Try again when some of them have a result") {
		t.Errorf("%d\n%s", x.status, text)
	}
	if list, err := s.server.DB.Analyses(context.Background(), 1); err != nil || len(list) != 0 {
		t.Errorf("a plan was written down all the same: %v %d", err, len(list))
	}
	<-s.server.effectJobs.turn
}

// An organisation with many analyses makes another one wait for no more than the one that
// is being worked out.
func TestOrganisationsTakeTurns(t *testing.T) {
	ctx, j := context.Background(), newEffectJobs()
	first, err := j.wait(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	order := make(chan goalpost.OrgID, 6)
	waiting := func(org goalpost.OrgID) {
		done, err := j.wait(ctx, org)
		if err != nil {
			t.Error(err)
			return
		}
		order <- org
		done()
	}
	for range 5 {
		go waiting(1)
	}
	time.Sleep(20 * time.Millisecond) // all of them stand in the queue
	go waiting(2)
	time.Sleep(20 * time.Millisecond)
	first()
	for i := range 3 {
		if org := <-order; org == 2 {
			return
		} else if i == 1 {
			t.Fatalf("place %d is still of organisation %d", i+1, org)
		}
	}
}

// Who waits when the program stops does not wait for those before it.
func TestWaitingEndsWithTheProgram(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	j := newEffectJobs()
	done, err := j.wait(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	for _, org := range []goalpost.OrgID{1, 2} {
		if _, err := j.wait(ctx, org); !errors.Is(err, context.Canceled) {
			t.Errorf("organisation %d: %v", org, err)
		}
	}
	done()
	if _, err := j.wait(context.Background(), 2); err != nil {
		t.Errorf("a place was left taken: %v", err)
	}
}

// A fault of the program ends the one analysis, gives its turn back, and not the server.
func TestFaultEndsOneAnalysis(t *testing.T) {
	s := withSales(t)
	a, err := assess.ConfirmAnalysis(context.Background(), s.server.DB, s.org(t), assess.AnalysisInput{Activity: 1, By: "anna", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	key := effectJob{1, a.ID} // never begun: to note its progress is a fault
	if err := s.server.workOutNow(s.org(t), key); err == nil || !strings.Contains(err.Error(), "analysis 1: ") {
		t.Errorf("got: %v", err)
	}
	s.server.workOut(s.org(t), a.ID)
	s.results(t, a.ID, 1)
}
