package web

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

// One of an organisation is let in after the other; another organisation does not wait.
func TestOrgTurns(t *testing.T) {
	var turns orgTurns
	done, err := turns.take(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := turns.take(impatient, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second one is let in: %v", err)
	}
	other, err := turns.take(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	other()
	done()
	if done, err = turns.take(context.Background(), 1); err != nil {
		t.Fatal(err)
	}
	done()
}

// Many lists of analyses at once are read one after the other: each holds every result, and
// reads the data of all. The page, which shows results alone, waits for none of them.
func TestAPIListsOfAnalysesTakeTurns(t *testing.T) {
	s, editorToken, _, otherToken := apiSite(t)
	s.awaitAnalysis(editorToken, 1)
	done, err := s.server.lists.take(context.Background(), firstOrg)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, s.base+apiPath+"/effects", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+editorToken)
	answered := make(chan int, 1)
	go func() {
		a, err := newClient().Do(r)
		if err != nil {
			answered <- 0
			return
		}
		_ = a.Body.Close() // the status is enough
		answered <- a.StatusCode
	}()
	if a := s.callAPI("GET", "/effects", otherToken, ""); a.status != 200 {
		t.Errorf("another organisation: %d %s", a.status, a.body)
	}
	if got := s.get("/en/effects"); got.status != 200 {
		t.Errorf("the page: %d", got.status)
	}
	select {
	case status := <-answered:
		t.Errorf("a second list is read at once: %d", status)
	case <-time.After(100 * time.Millisecond):
	}
	done()
	if status := <-answered; status != 200 {
		t.Errorf("after its turn: %d", status)
	}
}
