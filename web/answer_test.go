package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// asking is a site with an open survey.
type asking struct {
	*site
	survey *assess.AskedSurvey
}

// answerSite asks a choice and a text.
func answerSite(t *testing.T, o store.Options, change func(*goalpost.Survey)) asking {
	t.Helper()
	s := newSite(t, func(s *Server) {
		s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		if o == (store.Options{}) {
			return
		}
		_ = s.DB.Close()
		var err error
		if s.DB, err = store.Open(t.Context(), s.DataDir, o); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.DB.Close() })
	})
	a, err := openSurvey(t.Context(), s.server.DB, change)
	if err != nil {
		t.Fatal(err)
	}
	return asking{s, a}
}

// openSurvey makes an organisation with a survey that takes answers.
func openSurvey(ctx context.Context, db *store.DB, change func(*goalpost.Survey)) (*assess.AskedSurvey, error) {
	org, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "Tide", Language: "en", TimeZone: "Europe/Berlin", Currency: "EUR", Adopted: true})
	if err != nil {
		return nil, err
	}
	text := func(s string) goalpost.Text { return goalpost.Text{"en": s} }
	survey := goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en"}, Title: text("Wishes"), Questions: []goalpost.SurveyQuestion{
		{Question: goalpost.Question{Code: "why", Type: goalpost.SingleChoice, Wording: text("Why?"), Options: []goalpost.Item{{Code: "offers", Label: text("Offers")}, {Code: "news", Label: text("News")}}}},
		{Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion, Wording: text("More?")}, Long: true},
	}}, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected}}
	if change != nil {
		change(&survey)
	}
	made, err := assess.CreateSurvey(ctx, db, org.ID, assess.SurveyInput{Survey: survey, By: "Ada", Now: testNow})
	if err != nil {
		return nil, err
	}
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(ctx, db, org.ID, made.ID, store.SurveyChange{Revision: made.Revision, State: &open, By: "Ada", At: testNow}); err != nil {
		return nil, err
	}
	return assess.Asked(ctx, db, "wishes")
}

// with changes the server while nothing of it runs.
func (s asking) with(change func(*Server)) {
	s.t.Helper()
	s.server.Close()
	change(s.server)
	s.restart()
}

// testClock is a clock that a test moves while the server reads it.
type testClock struct{ since atomic.Int64 }

func (c *testClock) now() time.Time        { return testNow.Add(time.Duration(c.since.Load())) }
func (c *testClock) pass(by time.Duration) { c.since.Add(int64(by)) }

// respondent is the id of respondent n.
func respondent(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

// answered is a body: everything that somebody answered.
func answered(rev int, why, more string, done bool) string {
	return fmt.Sprintf(`{"rev":%d,"version":1,"done":%t,"answers":{"why":{"choices":[%q]},"more":{"text":%q}}}`, rev, done, why, more)
}

// put sends what respondent n answered; headers are names and values. It can be called
// from many goroutines.
func (s asking) put(n int, body string, headers ...string) (answer, error) {
	r, err := http.NewRequest(http.MethodPut, s.base+"/api/v1/p/wishes/r/"+respondent(n), strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Resume-Secret", fmt.Sprint("secret ", n))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answer{status: res.StatusCode, header: res.Header, body: string(b)}, err
}

// mustPut is put of one that is taken.
func (s asking) mustPut(n int, body string, headers ...string) keptDocument {
	s.t.Helper()
	a, err := s.put(n, body, headers...)
	var d keptDocument
	if err != nil || a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &d) != nil {
		s.t.Fatalf("%d %s %v", a.status, a.body, err)
	}
	return d
}

func (s asking) kept() []goalpost.Answer {
	s.t.Helper()
	list, err := s.server.DB.AnswersSince(context.Background(), s.survey.Org, s.survey.Survey.ID, 0, 100_000)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// Ten equal requests at once are one answer with one receipt.
func TestTenPutsAtOnce(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	receipts := make([]string, 10)
	var wait sync.WaitGroup
	for i := range receipts {
		wait.Go(func() {
			a, err := s.put(1, answered(1, "offers", "", true))
			var d keptDocument
			if err != nil || a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &d) != nil || d.State != "complete" {
				t.Errorf("%d %s %v", a.status, a.body, err)
			}
			receipts[i] = d.Receipt
		})
	}
	wait.Wait()
	if receipts[0] == "" || len(slices.Compact(slices.Clone(receipts))) != 1 {
		t.Errorf("receipts: %q", receipts)
	}
	if got := s.kept(); len(got) != 1 {
		t.Errorf("kept: %+v", got)
	}
}

// Of 500 answers at once exactly as many count as their quotas have places. One that belongs to
// several groups takes a place in each or in none, and is told which is full.
func TestQuotasAtOnce(t *testing.T) {
	group := func(question, option string, limit int) goalpost.Quota {
		return goalpost.Quota{Question: question, Option: option, Limit: limit}
	}
	s := answerSite(t, store.Options{}, func(s *goalpost.Survey) {
		often := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "often", Type: goalpost.SingleChoice, Wording: goalpost.Text{"en": "How often?"}, Options: []goalpost.Item{{Code: "daily", Label: goalpost.Text{"en": "Daily"}}, {Code: "weekly", Label: goalpost.Text{"en": "Weekly"}}}}}
		s.Form.Questions = append(s.Form.Questions, often)
		s.Settings.Quotas = []goalpost.Quota{group("why", "offers", 100), group("why", "news", 200), group("often", "daily", 60)}
	})
	// 150 offers daily, 100 offers weekly, 150 news daily, 100 news weekly.
	sent := func(i int) (why, often string) {
		why, often = "offers", "daily"
		if i%10 >= 5 {
			why = "news"
		}
		if i%5 >= 3 {
			often = "weekly"
		}
		return why, often
	}
	var wait sync.WaitGroup
	places := make(chan struct{}, 100) // connections at once
	for i := range 500 {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			why, often := sent(i)
			body := fmt.Sprintf(`{"rev":1,"version":1,"done":true,"answers":{"why":{"choices":[%q]},"often":{"choices":[%q]}}}`, why, often)
			for {
				a, err := s.put(1+i, body)
				if err == nil && a.status == http.StatusServiceUnavailable { // as a page does: later again
					time.Sleep(10 * time.Millisecond)
					continue
				}
				if over := strings.Contains(a.body, "over_quota"); err != nil || a.status != http.StatusOK || over != strings.Contains(a.body, `"full":[{"question":"`) {
					t.Errorf("%d %s %v", a.status, a.body, err)
				}
				return
			}
		})
	}
	wait.Wait()
	in, dailyOffers := map[goalpost.Quota]int{}, 0
	for _, a := range s.kept() {
		switch a.State {
		case goalpost.AnswerComplete:
			why, often := a.Replies["why"].Choices[0], a.Replies["often"].Choices[0]
			in[group("why", why, 0)]++
			in[group("often", often, 0)]++
			if why == "offers" && often == "daily" {
				dailyOffers++
			}
		case goalpost.AnswerOverQuota:
		default:
			t.Errorf("%s: %s", a.ID, a.State)
		}
	}
	// Whoever comes first: the 100 weekly ones fill what the daily ones leave of the offers, and
	// all weekly ones have a place among the news.
	if offers, news, daily := in[group("why", "offers", 0)], in[group("why", "news", 0)], in[group("often", "daily", 0)]; offers != 100 || daily != 60 || news != 160-dailyOffers {
		t.Errorf("%v, of them %d daily for offers", in, dailyOffers)
	}
	counts, err := assess.QuotaCounts(t.Context(), s.server.DB, s.survey.Org, s.survey.Survey)
	if err != nil || len(counts) != 3 {
		t.Fatal(counts, err)
	}
	for _, c := range counts {
		if c.Complete != in[c.Group()] {
			t.Errorf("%+v is counted, %d are there", c, in[c.Group()])
		}
	}
}

// Whatever order the revisions of a page arrive in, the newest counts.
func TestRevisionsInAnyOrder(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	rng := rand.New(rand.NewPCG(1, 2))
	const pages, revisions = 20, 8
	for n := range pages {
		for _, rev := range rng.Perm(revisions) {
			s.mustPut(1+n, answered(1+rev, "news", fmt.Sprint("revision ", 1+rev), false))
		}
	}
	for _, a := range s.kept() {
		if a.Rev != revisions || a.Replies["more"].Text != fmt.Sprint("revision ", revisions) {
			t.Errorf("%s: revision %d, %q", a.ID, a.Rev, a.Replies["more"].Text)
		}
	}
	if n := len(s.kept()); n != pages {
		t.Errorf("%d answers", n)
	}
}

// So many new respondents of one network are slowed down; who has begun is not, nor are
// other networks.
func TestNetworkLimit(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	var clock testClock
	s.with(func(s *Server) { s.Now = clock.now })
	from := func(n int, network string) answer {
		a, err := s.put(n, answered(1, "news", "", false), "X-Forwarded-For", network)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for i := range newBurst {
		if a := from(1+i, fmt.Sprintf("203.0.113.%d", i%250)); a.status != http.StatusOK {
			t.Fatalf("respondent %d: %d %s", 1+i, a.status, a.body)
		}
	}
	if a := from(5000, "203.0.113.9"); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "network") {
		t.Errorf("one more: %d %s", a.status, a.body)
	}
	for range 3 { // and whoever is known takes no place
		if a, err := s.put(7, answered(2, "offers", "", true), "X-Forwarded-For", "203.0.113.9"); err != nil || a.status != http.StatusOK {
			t.Errorf("who has begun: %d %s %v", a.status, a.body, err)
		}
	}
	if a := from(5001, "198.51.100.1"); a.status != http.StatusOK {
		t.Errorf("another network: %d", a.status)
	}
	clock.pass(time.Second)
	for i := range newPerMinute / 60 {
		if a := from(6000+i, "203.0.113.9"); a.status != http.StatusOK {
			t.Errorf("a second later: %d", a.status)
		}
	}
	if a := from(7000, "203.0.113.9"); a.status != http.StatusTooManyRequests {
		t.Errorf("more than a second's: %d", a.status)
	}
}

// Nothing that is sent as an answer breaks the server, and what is acknowledged is there.
func FuzzAnswerBody(f *testing.F) {
	for _, seed := range []string{answered(1, "offers", "x", true), answered(2, "nothing", "", false), `{}`, `[]`, `null`, ``, `{"answers":null}`, `{"answers":[]}`,
		`{"rev":-1}`, `{"rev":1e99}`, `{"version":7,"answers":{"why":7,"more":{"text":["x"]}}}`, `{"answers":{"why":{"choices":[1]},"why":{"choices":["news"]}}}`,
		`{"answers":{"more":{"text":"\u0000\ud800"}}}`, `{"answers":{"more":{"number":1e400}}}`, "{\"answers\":{\"more\":{\"text\":\"\xff\"}}}"} {
		f.Add([]byte(seed), "1")
	}
	dir := f.TempDir()
	db, err := store.Open(f.Context(), dir, store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	if _, err := openSurvey(f.Context(), db, nil); err != nil {
		f.Fatal(err)
	}
	s := &Server{DB: db, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return testNow }, DataDir: dir}
	h, err := s.Handler()
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.Close)
	n := 0
	f.Fuzz(func(t *testing.T, body []byte, secret string) {
		n++
		r := httptest.NewRequest(http.MethodPut, "/api/v1/p/wishes/r/"+respondent(n), bytes.NewReader(body))
		r.Header["Resume-Secret"] = []string{secret}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if _, err := db.Answer(t.Context(), 1, 1, respondent(n)); (err == nil) != (w.Code == http.StatusOK) {
			t.Errorf("answered with %d, and kept: %v", w.Code, err)
		}
		if w.Code == http.StatusOK && !json.Valid(w.Body.Bytes()) {
			t.Errorf("no JSON: %s", w.Body)
		}
	})
}
