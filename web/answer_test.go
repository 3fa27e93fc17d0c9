package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
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

// A limit of 100 lets exactly 100 of 500 in that come at once; the others are kept apart.
func TestQuotaAtOnce(t *testing.T) {
	s := answerSite(t, store.Options{}, func(s *goalpost.Survey) {
		s.Settings.Quotas = []goalpost.Quota{{Question: "why", Option: "offers", Limit: 100}}
	})
	var wait sync.WaitGroup
	places := make(chan struct{}, 100) // connections at once
	for i := range 500 {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			for {
				a, err := s.put(1+i, answered(1, "offers", "", true))
				if err == nil && a.status == http.StatusServiceUnavailable { // as a page does: later again
					time.Sleep(10 * time.Millisecond)
					continue
				}
				if err != nil || a.status != http.StatusOK {
					t.Errorf("%d %s %v", a.status, a.body, err)
				}
				return
			}
		})
	}
	wait.Wait()
	in := map[goalpost.AnswerState]int{}
	for _, a := range s.kept() {
		in[a.State]++
	}
	if in[goalpost.AnswerComplete] != 100 || in[goalpost.AnswerOverQuota] != 400 {
		t.Errorf("%v", in)
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

// A client that stops in the middle of its answer is told so after a while; the others are
// served meanwhile.
func TestClientThatHangs(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = s.server.HTTPServer(s.handler.Load().(http.Handler))
	ts.Config.ReadTimeout = 700 * time.Millisecond
	ts.Start()
	defer ts.Close()
	conn, err := net.Dial("tcp", ts.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "PUT /api/v1/p/wishes/r/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"rev\":1,", respondent(1)); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		s.mustPut(2+i, answered(1, "news", "", true))
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(conn) // it ends by being closed
	if !bytes.HasPrefix(said, []byte("HTTP/1.1 408 ")) {
		t.Errorf("said: %s", said)
	}
	if got := s.kept(); len(got) != 20 {
		t.Errorf("%d kept", len(got))
	}
}

// A clock that jumps a year ahead and back again neither loses an answer nor stops the
// next.
func TestClockJumps(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	var clock testClock
	s.with(func(s *Server) { s.Now = clock.now })
	for i, by := range []time.Duration{0, 366 * 24 * time.Hour, -366 * 24 * time.Hour, time.Second, -time.Second, 0} {
		clock.since.Store(int64(by))
		if d := s.mustPut(1+i, answered(1, "news", "", true), "X-Forwarded-For", "198.51.100.7"); d.State != "complete" || d.Receipt == "" {
			t.Errorf("%v: %+v", by, d)
		}
		if d := s.mustPut(1, answered(1, "news", "", true)); d.State != "complete" {
			t.Errorf("the first again, at %v: %+v", by, d)
		}
	}
	if got := s.kept(); len(got) != 6 {
		t.Errorf("%d kept", len(got))
	}
}

// Where the disk is full, nothing is acknowledged that is not kept, and what was kept can
// be read.
func TestAnswersOnFullDisk(t *testing.T) {
	s := answerSite(t, store.Options{MaxPages: 400}, nil)
	promised, full := map[string]bool{}, 0
	for i := 0; full < 5 && i < 2000; i++ {
		a, err := s.put(1+i, answered(1, "news", strings.Repeat("long ", 500), true))
		switch {
		case err != nil:
			t.Fatal(err)
		case a.status == http.StatusOK:
			promised[respondent(1+i)] = true
		case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
			full++
		default:
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if full < 5 || len(promised) < 10 {
		t.Fatalf("%d promised, %d refused: the disk was not full", len(promised), full)
	}
	for _, a := range s.kept() {
		delete(promised, a.ID)
	}
	if len(promised) > 0 {
		t.Errorf("%d promised answers are lost", len(promised))
	}
}

// Before the disk is full answers are refused, with one line in the log however many come.
func TestLittleRoom(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	free := uint64(100 << 20)
	var clock testClock
	s.with(func(s *Server) {
		s.Now, s.room = clock.now, func() (uint64, uint64, bool) { return free, 1 << 30, true }
	})
	for i := range 3 {
		clock.pass(2 * time.Second)
		if a, err := s.put(1+i, answered(1, "news", "", true)); err != nil || a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%d %s %v", a.status, a.body, err)
		}
	}
	if n := strings.Count(s.log.String(), "disk is nearly full"); n != 1 {
		t.Errorf("%d lines in the log: %s", n, s.log)
	}
	free = 500 << 20
	clock.pass(2 * time.Second)
	s.mustPut(1, answered(1, "news", "", true))
	if got := s.kept(); len(got) != 1 {
		t.Errorf("%d kept", len(got))
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

// Whatever happens in whatever order, what was acknowledged is kept as it was sent.
func TestAcknowledgedIsKept(t *testing.T) {
	for seed := range uint64(4) {
		s := answerSite(t, store.Options{}, nil)
		rng := rand.New(rand.NewPCG(seed, 9))
		room := true
		var clock testClock
		s.with(func(s *Server) {
			s.Now, s.room = clock.now, func() (uint64, uint64, bool) {
				if room {
					return 1 << 40, 1 << 40, true
				}
				return 0, 1 << 40, true
			}
		})
		promised := map[string]string{} // the newest text that was acknowledged
		rev := map[int]int{}
		for range 300 {
			switch rng.IntN(12) {
			case 0:
				room = !room
			case 1:
				clock.pass(time.Duration(rng.IntN(7_200_000)-3_600_000) * time.Millisecond)
			case 2:
				s.restart()
			case 3: // cut off in the middle
				n := 1 + rng.IntN(30)
				conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				_, _ = fmt.Fprintf(conn, "PUT /api/v1/p/wishes/r/%s HTTP/1.1\r\nHost: x\r\nResume-Secret: secret %d\r\nContent-Length: 300\r\n\r\n{\"rev\":99", respondent(n), n)
				_ = conn.Close()
			default:
				n := 1 + rng.IntN(30)
				rev[n]++
				text := fmt.Sprintf("%d of %d", rev[n], n)
				a, err := s.put(n, answered(rev[n], "news", text, false))
				if err != nil {
					t.Fatal(err)
				}
				if a.status == http.StatusOK {
					promised[respondent(n)] = text
				}
			}
		}
		kept := map[string]string{}
		for _, a := range s.kept() {
			if _, twice := kept[a.ID]; twice {
				t.Errorf("seed %d: %s is there twice", seed, a.ID)
			}
			kept[a.ID] = a.Replies["more"].Text
		}
		if len(promised) < 10 {
			t.Errorf("seed %d: only %d were acknowledged", seed, len(promised))
		}
		for id, text := range promised {
			if kept[id] != text {
				t.Errorf("seed %d: %s\ngot:  %q\nwant: %q", seed, id, kept[id], text)
			}
		}
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
