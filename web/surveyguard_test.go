package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// Systems that are slow and have always something due keep nobody else's message back.
func TestSlowHooksTakeTurns(t *testing.T) {
	s, _ := hooked(t, "127.0.0.1")
	var tries atomic.Int64
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries.Add(1)
		time.Sleep(40 * time.Millisecond)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(slow.Close)
	for i := range mostHooks {
		s.addHook(fmt.Sprint(slow.URL, "/", i))
	}
	well := newReceiver(t, http.StatusOK)
	s.addHook(well.URL)
	const answers = 30
	for n := 1; n <= answers; n++ {
		s.mustPut(n, answered(1, "offers", "", true))
	}
	until(t, "the last one is told", func() bool { return len(well.list()) >= answers })
	if n := tries.Load(); n > mostHooks*answers/2 {
		t.Errorf("it was told only after %d tries of the slow ones", n)
	}
}

// In an anonymous survey nothing says when somebody answered, not even when the message
// about it was sent.
func TestHookTimesOfAnonymousSurveys(t *testing.T) {
	s, clock := hooked(t, "127.0.0.1")
	well, ill := newReceiver(t, http.StatusOK), newReceiver(t, http.StatusGone)
	sent, _ := s.addHook(well.URL)
	failed, _ := s.addHook(ill.URL)
	clock.pass(83 * time.Minute)
	s.mustPut(1, answered(1, "offers", "", true))
	day := clock.now().UTC().Truncate(24 * time.Hour)
	tries := 0
	for i := 0; s.last(failed).State != goalpost.DeliveryFailed && i < 40; i++ {
		until(t, "another try", func() bool { return s.last(failed).Tries > tries || s.last(failed).State == goalpost.DeliveryFailed })
		tries = s.last(failed).Tries // before the clock passes: the next try may come at once
		clock.pass(12 * time.Hour)
	}
	until(t, "it is told", func() bool { return s.last(sent).State == goalpost.DeliverySent })
	if d := s.last(sent); !d.At.Equal(day) {
		t.Errorf("a message keeps its time: %v", d.At)
	}
	if d := s.last(failed); !d.At.Equal(d.At.Truncate(24 * time.Hour)) {
		t.Errorf("a message that was given up keeps its time: %v", d.At)
	}
}

// A survey tells so many systems and no more; each answer is a message to each.
func TestTooManyHooks(t *testing.T) {
	s, _ := hooked(t)
	add := func() error {
		_, _, err := assess.AddHook(context.Background(), s.server.DB, s.survey.Org, assess.HookInput{Survey: s.survey.Survey.ID, URL: "https://example.org/" + strings.Repeat("x", 3), By: "Ada", Now: testNow})
		return err
	}
	for range 20 {
		if err := add(); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(); !goalpost.IsKind(err, goalpost.Invalid) {
		t.Errorf("one more: %v", err)
	}
}

// flagsOf are the flags of respondent n's answer.
func (s asking) flagsOf(n int) []string {
	s.t.Helper()
	x, err := s.server.DB.Answer(context.Background(), s.survey.Org, s.survey.Survey.ID, respondent(n))
	if err != nil {
		s.t.Fatal(err)
	}
	return x.Flags
}

// Whoever fetches one page and sends many answers with it is flagged, whatever the
// connection and the program say; two people who open the survey in the same second are not.
func TestReusedPageIsFlagged(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	sign := func() string {
		return s.survey.SignPage(assess.SignedPage{Version: 1, At: testNow.Add(-time.Minute)})
	}
	send := func(n int, page, from string) {
		t.Helper()
		body := strings.Replace(answered(1, "offers", fmt.Sprint("wish ", n), true), "{", fmt.Sprintf(`{"render_token":%q,`, page), 1)
		s.mustPut(n, body, "X-Forwarded-For", from, "User-Agent", fmt.Sprint("Mozilla/5.0 ", n))
	}
	one := sign()
	send(1, one, "198.51.100.1")
	send(1, one, "198.51.100.1") // sent twice
	send(2, sign(), "198.51.100.2")
	send(3, one, "198.51.100.3")
	for n, want := range map[int]bool{1: false, 2: false, 3: true} {
		if got := slices.Contains(s.flagsOf(n), goalpost.FlagRepeated); got != want {
			t.Errorf("respondent %d: %v", n, s.flagsOf(n))
		}
	}
	send(4, one, "198.51.100.3")
	if flags := s.flagsOf(4); slices.Index(flags, goalpost.FlagRepeated) < 0 || len(flags) != 1 {
		t.Errorf("flagged %v", flags)
	}
}

// A site that lets its visitors send a form to a survey makes answers that are flagged.
func TestFormOfAnotherSiteIsFlagged(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	for n, site := range map[int]string{1: "same-origin", 2: "cross-site", 3: ""} {
		form := url.Values{"secret": {"s"}, "version": {"1"}, "rev": {"1"}, "asked": {"why more"}, "c.why": {"offers"}, "do": {doSend}, "page": {s.survey.SignPage(assess.SignedPage{Version: 1, At: testNow.Add(-time.Minute)})}}
		r, err := http.NewRequest(http.MethodPost, s.base+"/s/wishes/r/"+respondent(n), strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := slices.Contains(s.flagsOf(n), goalpost.FlagNoPage); res.StatusCode != http.StatusSeeOther || got != (n == 2) {
			t.Errorf("%q: %d %v", site, res.StatusCode, s.flagsOf(n))
		}
	}
}

// What stands for a connection goes when its day is over: it finds no repeats any more.
func TestConnectionsAreForgotten(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	for n := 1; n <= 2; n++ {
		s.mustPut(n, answered(1, "offers", "", true), "X-Forwarded-For", "198.51.100.7")
	}
	left := func() (n int) {
		t.Helper()
		db, err := sql.Open("sqlite", "file:"+filepath.Join(s.server.DataDir, store.File)+"?mode=ro")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }() // it was read only
		if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM answer WHERE network <> ''").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	s.server.forgetOnce(t.Context(), testNow.Add(time.Hour))
	if left() != 2 {
		t.Fatalf("on the same day %d are there", left())
	}
	s.server.forgetOnce(t.Context(), testNow.AddDate(0, 0, 1))
	if left() != 0 {
		t.Errorf("on the next day %d are there", left())
	}
	if !slices.Contains(s.flagsOf(2), goalpost.FlagRepeated) {
		t.Errorf("the flag went, too: %v", s.flagsOf(2))
	}
}

// People who were invited are forgotten at the end of the time, also when nobody answered.
func TestInvitedAreForgottenWithoutAnswers(t *testing.T) {
	s := answerSite(t, store.Options{}, func(x *goalpost.Survey) { x.Settings.Invited, x.Settings.KeepDays = true, 30 })
	e, err := goalpost.ParsePrivateEmail("person@hidden.example")
	if err != nil {
		t.Fatal(err)
	}
	db, id := s.server.DB, s.survey.Survey.ID
	if _, err := db.AddInvitations(t.Context(), s.survey.Org, id, []goalpost.Invitation{{Survey: id, Email: e, Columns: map[string]string{"name": "Petra Hidden"}}}, testNow); err != nil {
		t.Fatal(err)
	}
	closed := goalpost.SurveyClosed
	if err := assess.ChangeSurvey(t.Context(), db, s.survey.Org, id, store.SurveyChange{Revision: s.survey.Survey.Revision, State: &closed, By: "Ada", At: testNow}); err != nil {
		t.Fatal(err)
	}
	s.server.forgetOnce(t.Context(), testNow.AddDate(0, 0, 29))
	if c, err := db.InvitationCounts(t.Context(), s.survey.Org, id); err != nil || c.Forgotten != 0 {
		t.Fatalf("too early: %+v %v", c, err)
	}
	s.server.forgetOnce(t.Context(), testNow.AddDate(0, 0, 31))
	if c, err := db.InvitationCounts(t.Context(), s.survey.Org, id); err != nil || c.Invited != 1 || c.Forgotten != 1 {
		t.Errorf("%+v %v", c, err)
	}
	if _, _, kept, err := assess.KeptFigures(t.Context(), db, s.survey.Org, id); kept || err != nil {
		t.Errorf("figures of no answers are kept: %v %v", kept, err)
	}
}
