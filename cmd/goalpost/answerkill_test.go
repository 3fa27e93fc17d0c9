package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// openSurvey makes a data directory with a survey that takes answers.
func openSurvey(t *testing.T, dir string) {
	t.Helper()
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	org, err := db.CreateOrganisation(t.Context(), goalpost.Organisation{Name: "Tide", Language: "en", TimeZone: "UTC", Currency: "EUR", Adopted: true})
	if err != nil {
		t.Fatal(err)
	}
	s := goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en"}, Title: goalpost.Text{"en": "Wishes"}, Questions: []goalpost.SurveyQuestion{
		{Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "More?"}}},
	}}, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected}}
	now := time.Now()
	s, err = assess.CreateSurvey(t.Context(), db, org.ID, assess.SurveyInput{Survey: s, By: "Ada", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(t.Context(), db, org.ID, s.ID, store.SurveyChange{Revision: s.Revision, State: &open, By: "Ada", At: now}); err != nil {
		t.Fatal(err)
	}
}

// respondents answer and note what was acknowledged. An answer that was not acknowledged
// is sent again as soon as somebody takes it, as a page does.
type respondents struct {
	mu      sync.Mutex
	n       int
	open    []int          // not acknowledged yet
	promise map[string]int // receipts
}

func newRespondents() *respondents { return &respondents{promise: map[string]int{}} }

// next returns a respondent: one who waits, else a new one.
func (r *respondents) next() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := len(r.open) - 1; last >= 0 {
		n := r.open[last]
		r.open = r.open[:last]
		return n
	}
	r.n++
	return r.n
}

func answerID(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

// answer sends one answer; it fails when nobody answers any more.
func (r *respondents) answer(client *http.Client, base string) error {
	n := r.next()
	receipt, err := sendWish(client, base, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.open = append(r.open, n)
		return err
	}
	if before, twice := r.promise[receipt]; twice && before != n {
		return fmt.Errorf("%d and %d have one receipt", before, n)
	}
	r.promise[receipt] = n
	return nil
}

// acknowledged is how many answers were so far.
func (r *respondents) acknowledged() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.promise)
}

func sendWish(client *http.Client, base string, n int) (receipt string, err error) {
	body := fmt.Sprintf(`{"rev":1,"version":1,"done":true,"answers":{"more":{"text":"wish %d"}}}`, n)
	req, err := http.NewRequest(http.MethodPut, base+"/api/v1/p/wishes/r/"+answerID(n), strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Resume-Secret", fmt.Sprint("secret ", n))
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return "", errors.Join(err, fmt.Errorf("%d %s", res.StatusCode, text))
	}
	var d struct{ Receipt, State string }
	if err := json.Unmarshal(text, &d); err != nil || d.State != string(goalpost.AnswerComplete) || d.Receipt == "" {
		return "", errors.Join(err, fmt.Errorf("said: %s", text))
	}
	return d.Receipt, nil
}

// storm lets 16 respondents at a time answer until nobody takes their answers any more.
func (r *respondents) storm(base string) (wait func()) {
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
			defer client.CloseIdleConnections()
			for r.answer(client, base) == nil {
			}
		})
	}
	return all.Wait
}

// serveAnswers starts the real program over a data directory.
func serveAnswers(t *testing.T, binary, dir string) (started, string) {
	t.Helper()
	s := start(t, binary, nil, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--language", "en")
	u, err := url.Parse(s.link)
	if err != nil {
		t.Fatal(err)
	}
	return s, "http://" + u.Host
}

// everyReceipt looks for each acknowledged answer: once, as it was sent, by its receipt.
func (r *respondents) everyReceipt(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if problems, err := db.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("the check finds %v, %v", problems, err)
	}
	a, err := assess.Asked(ctx, db, "wishes")
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for change := int64(0); ; {
		list, err := db.AnswersSince(ctx, a.Org, a.Survey.ID, change, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, x := range list {
			if _, twice := kept[x.ID]; twice {
				t.Errorf("%s is there twice", x.ID)
			}
			kept[x.ID], change = x.Replies["more"].Text, x.Change
		}
	}
	lost := 0
	for receipt, n := range r.promise {
		if kept[answerID(n)] != fmt.Sprint("wish ", n) || a.Receipt(answerID(n)) != receipt {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged answers are not there as they were sent", lost, len(r.promise))
	}
	if n, err := db.SurveyCount(ctx, a.Org, a.Survey.ID); err != nil || n != len(kept) {
		t.Errorf("%d are counted, %d are there, %v", n, len(kept), err)
	}
	if len(kept) > r.n {
		t.Errorf("%d are there, %d were sent", len(kept), r.n)
	}
}

// restartBar is how long after a kill the next answer is acknowledged, at most; idleStart is
// more than three times what a start with nothing to recover takes while nothing else runs.
const (
	restartBar = 2 * time.Second
	idleStart  = 400 * time.Millisecond
)

// busyMachine reports whether even a start with nothing to recover takes long now: then
// other programs have the processors, and a single slow restart says nothing.
func busyMachine(t *testing.T, binary string) bool {
	t.Helper()
	dir := t.TempDir() + "/data"
	openSurvey(t, dir)
	began := time.Now()
	s, base := serveAnswers(t, binary, dir)
	_, err := sendWish(http.DefaultClient, base, 1)
	took := time.Since(began)
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed: the error says so
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("with nothing to recover a start takes %s", took)
	return took > idleStart
}

// The real program is killed while many people answer, again and again over the same data.
// Each acknowledged answer is there afterwards, once.
func TestAnswersSurviveKills(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the real program many times")
	}
	times := 20
	if os.Getenv("GOALPOST_LONG") == "1" {
		times = 100
	}
	binary, dir := build(t), t.TempDir()
	data := dir + "/data"
	openSurvey(t, data)
	all := newRespondents()
	var starts []time.Duration
	for range times {
		began := time.Now()
		s, base := serveAnswers(t, binary, data)
		if err := all.answer(http.DefaultClient, base); err != nil {
			t.Fatal(err)
		}
		starts = append(starts, time.Since(began))
		if took := starts[len(starts)-1]; took > restartBar && !busyMachine(t, binary) {
			t.Errorf("the next answer is acknowledged %s after a kill", took)
		}
		wait := all.storm(base)
		time.Sleep(50*time.Millisecond + time.Duration(rand.Int64N(int64(400*time.Millisecond))))
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait() // it was killed: the error says so
		wait()
	}
	if len(all.promise) < 10*times {
		t.Errorf("only %d answers were acknowledged: the test shows nothing", len(all.promise))
	}
	all.everyReceipt(t, data)
	slices.Sort(starts)
	if starts[times/2] > restartBar {
		t.Errorf("half of the restarts took %s or longer", starts[times/2])
	}
	t.Logf("%d answers were acknowledged over %d kills; after a kill the next is acknowledged within %s (median), %s (slowest)", len(all.promise), times, starts[times/2], starts[times-1])
}
