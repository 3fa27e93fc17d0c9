package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
	"goalpost/store"
)

// receiver is a system that is told of answers.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []received
}

type received struct{ signature, id, body string }

func newReceiver(t *testing.T, status int) *receiver {
	t.Helper()
	r := &receiver{status: status}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body) // what is missing shows in its signature
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, received{q.Header.Get("Goalpost-Signature"), q.Header.Get("Goalpost-Message"), string(body)})
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) list() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *receiver) answerWith(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// addHook makes a system that is told, and returns its secret.
func (s asking) addHook(to string) (goalpost.Hook, string) {
	s.t.Helper()
	h, secret, err := assess.AddHook(context.Background(), s.server.DB, s.survey.Org, assess.HookInput{Survey: s.survey.Survey.ID, URL: to, Secret: [32]byte{5}, By: "Ada", Now: testNow})
	if err != nil {
		s.t.Fatal(err)
	}
	return h, secret
}

// until waits for something that happens behind the requests.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not happen: " + what)
		}
	}
}

func (s asking) last(h goalpost.Hook) goalpost.Delivery {
	s.t.Helper()
	list, err := s.server.DB.LastDeliveries(context.Background(), s.survey.Org, h.ID, 1)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(list) == 0 {
		return goalpost.Delivery{}
	}
	return list[0]
}

// hooked is a site that sends fast, with a clock of its own.
func hooked(t *testing.T, allowed ...string) (asking, *testClock) {
	t.Helper()
	s := answerSite(t, store.Options{}, nil)
	a, err := ParseAllowedHosts(allowed)
	if err != nil {
		t.Fatal(err)
	}
	clock := &testClock{}
	s.with(func(s *Server) { s.AllowPrivate, s.hookEvery, s.Now = a, 5*time.Millisecond, clock.now })
	return s, clock
}

// Each system is told of an answer once, however often and at once it is sent. One that is
// dead is tried again later, without the others hearing of the answer again.
func TestHooksAreToldOnce(t *testing.T) {
	s, clock := hooked(t, "127.0.0.1")
	well, ill := newReceiver(t, http.StatusNoContent), newReceiver(t, http.StatusServiceUnavailable)
	hook, secret := s.addHook(well.URL + "/answers")
	sick, _ := s.addHook(ill.URL)
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() { _, _ = s.put(1, answered(1, "offers", "Shade", true), "X-Forwarded-For", "198.51.100.7") })
	}
	wait.Wait()
	until(t, "both are told", func() bool { return len(well.list()) > 0 && s.last(sick).Tries == 1 })
	until(t, "it is noted", func() bool { return s.last(hook).State == goalpost.DeliverySent })
	got := well.list()[0]
	if want := assess.SignHook(secret, clock.now(), []byte(got.body)); got.signature != want {
		t.Errorf("signature\ngot:  %s\nwant: %s", got.signature, want)
	}
	var d map[string]any
	if err := json.Unmarshal([]byte(got.body), &d); err != nil || d["survey"] != 1.0 || d["slug"] != "wishes" || d["kind"] != "answer.complete" || d["answer"] != respondent(1) || !strings.Contains(got.body, "Shade") {
		t.Errorf("%s %v", got.body, err)
	}
	receipt := s.mustPut(1, answered(1, "offers", "Shade", true)).Receipt
	for _, never := range []string{receipt, "secret 1", "198.51", "network", "receipt", secret} {
		if strings.Contains(got.body, never) {
			t.Errorf("%q is in %s", never, got.body)
		}
	}
	for tries := 2; tries < 5; tries++ {
		if d := s.last(sick); d.State != goalpost.DeliveryWaiting || d.Problem != "503" || !d.At.After(clock.now()) {
			t.Fatalf("%+v at %v", d, clock.now())
		}
		clock.pass(s.last(sick).At.Sub(clock.now()) + time.Second)
		until(t, "it is tried again", func() bool { return s.last(sick).Tries == tries })
	}
	ill.answerWith(http.StatusOK)
	clock.pass(time.Hour)
	until(t, "it arrives", func() bool { return s.last(sick).State == goalpost.DeliverySent })
	list := ill.list()
	if len(list) != 5 || list[0].id != list[4].id || len(well.list()) != 1 {
		t.Errorf("the ill one was told %d times, the well one %d times", len(list), len(well.list()))
	}
}

// What was to be sent by a clock that was a year ahead is sent when it is set right, not in
// a year.
func TestHooksAfterClockJumps(t *testing.T) {
	s, clock := hooked(t, "127.0.0.1")
	ill := newReceiver(t, http.StatusServiceUnavailable)
	hook, _ := s.addHook(ill.URL)
	const year = 366 * 24 * time.Hour
	clock.pass(year)
	s.mustPut(1, answered(1, "offers", "Shade", true))
	until(t, "it is tried", func() bool { return s.last(hook).Tries > 0 })
	ill.answerWith(http.StatusOK)
	clock.pass(-year)
	until(t, "it arrives", func() bool { return s.last(hook).State == goalpost.DeliverySent })
	clock.pass(-year)
	s.mustPut(2, answered(1, "offers", "Shade", true))
	until(t, "another arrives", func() bool { return strings.HasSuffix(ill.list()[len(ill.list())-1].id, respondent(2)) })
}

// Of an answer that was erased while its message waited nothing is sent any more.
func TestErasedAnswerIsNotTold(t *testing.T) {
	s, clock := hooked(t, "127.0.0.1")
	ill := newReceiver(t, http.StatusInternalServerError)
	hook, _ := s.addHook(ill.URL)
	for n := 1; n <= 2; n++ {
		s.mustPut(n, answered(1, "offers", "", true))
	}
	until(t, "it is tried", func() bool {
		c, err := s.server.DB.CountDeliveries(t.Context(), s.survey.Org, hook.ID)
		return err == nil && c.Waiting == 2 && len(ill.list()) >= 2
	})
	if err := s.survey.EraseAnswer(t.Context(), s.server.DB, respondent(1)); err != nil {
		t.Fatal(err)
	}
	before := len(ill.list())
	ill.answerWith(http.StatusOK)
	clock.pass(time.Hour)
	until(t, "the other one arrives", func() bool { return s.last(hook).State == goalpost.DeliverySent })
	for _, m := range ill.list()[before:] {
		if strings.Contains(m.body, respondent(1)) {
			t.Errorf("told: %s", m.body)
		}
	}
	d := goalpost.Delivery{Hook: hook.ID, Survey: s.survey.Survey.ID, Answer: respondent(1), Kind: assess.HookAnswer}
	if _, err := assess.MessageOf(t.Context(), s.server.DB, s.survey.Org, d, testNow); !goalpost.IsKind(err, goalpost.NotFound) {
		t.Errorf("a message that was read before the erasure: %v", err)
	}
}

// A message is given up after some days, and its tries come ever more seldom.
func TestTries(t *testing.T) {
	d, now, waits := goalpost.Delivery{State: goalpost.DeliveryWaiting}, testNow, []time.Duration(nil)
	for d.State == goalpost.DeliveryWaiting {
		d = assess.Tried(d, goalpost.ProblemConnect, now, false)
		waits = append(waits, d.At.Sub(now))
		other := goalpost.Delivery{Answer: "another", State: goalpost.DeliveryWaiting, Tries: d.Tries - 1}
		if d.State == goalpost.DeliveryWaiting && assess.Tried(other, goalpost.ProblemConnect, now, false).At.Equal(d.At) {
			t.Errorf("two messages are tried again at the same moment, %v", d.At)
		}
		now = d.At
	}
	if days := now.Sub(testNow).Hours() / 24; d.State != goalpost.DeliveryFailed || days < 2 || days > 5 || waits[0] < 24*time.Second || waits[0] > 36*time.Second || waits[len(waits)-2] < 4*time.Hour || waits[len(waits)-2] > 8*time.Hour {
		t.Errorf("%s after %.1f days: %v", d.State, days, waits)
	}
}

// No message goes into a private network that is not allowed, nor where a redirect leads.
func TestHookAddresses(t *testing.T) {
	s, _ := hooked(t)
	inside := newReceiver(t, http.StatusOK)
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	send := func(to string) goalpost.DeliveryProblem {
		return s.server.sendHook(t.Context(), assess.HookMessage{URL: to, Body: []byte("{}")})
	}
	for _, to := range []string{inside.URL, "http://localhost" + port, "http://[::1]" + port, "http://0.0.0.0" + port, "http://[::ffff:127.0.0.1]" + port, "http://2130706433" + port} {
		if p := send(to); p == goalpost.NoProblem {
			t.Errorf("%s: sent", to)
		}
	}
	if p := send(inside.URL); p != goalpost.ProblemAddress || len(inside.list()) != 0 {
		t.Errorf("%q, %d arrived", p, len(inside.list()))
	}
	s, _ = hooked(t, "LOCALHOST")
	if p := send("http://localhost" + port); p != goalpost.NoProblem {
		t.Errorf("an allowed name: %q", p)
	}
	if p := send(inside.URL); p != goalpost.ProblemAddress {
		t.Errorf("its address under another name: %q", p)
	}
	s, _ = hooked(t, "127.0.0.0/8")
	inside.answerWith(http.StatusTemporaryRedirect)
	if p, n := send(inside.URL), len(inside.list()); p != goalpost.ProblemElsewhere || n != 2 {
		t.Errorf("a redirect: %q, %d arrived", p, n)
	}
	for text, public := range map[string]bool{"8.8.8.8": true, "2606:4700::1111": true, "10.0.0.1": false, "100.64.0.1": false, "169.254.169.254": false, "192.168.1.1": false, "fd00::1": false, "fe80::1": false,
		"::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false, "::ffff:0:a00:1": false, "::7f00:1": false, "2001:0:a00:1::": false, "0.0.0.0": false, "::": false, "224.0.0.1": false, "255.255.255.255": false, "172.32.0.1": true} {
		if got := isPublicAddress(netip.MustParseAddr(text)); got != public {
			t.Errorf("%s\ngot:  %t\nwant: %t", text, got, public)
		}
	}
	for _, wrong := range []string{"", "http://x", "a b", "10.0.0.0/40"} {
		if _, err := ParseAllowedHosts([]string{wrong}); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// hookTeam is a site of a team with an open survey and a system that may be reached.
func hookTeam(t *testing.T, change func(*Server)) asking {
	t.Helper()
	s := newSite(t, func(s *Server) {
		s.AllowPrivate = AllowedHosts{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
		if change != nil {
			change(s)
		}
	})
	s.setUp("en")
	survey := goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en"}, Title: goalpost.Text{"en": "Wishes"}, Questions: []goalpost.SurveyQuestion{
		{Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "More?"}}}}},
		Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected}}
	made, err := assess.CreateSurvey(t.Context(), s.server.DB, 1, assess.SurveyInput{Survey: survey, By: "Ada", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	return asking{site: s, survey: &assess.AskedSurvey{Org: 1, Survey: made}}
}

var shownSecret = regexp.MustCompile(`value="(gph_[0-9a-f]{64})"`)

// What a team does with its systems: add, test, switch off, remove; the secret is shown
// once.
func TestHooksPage(t *testing.T) {
	s := hookTeam(t, nil)
	r := newReceiver(t, http.StatusOK)
	if page := s.page("/de/surveys/1/hooks"); !strings.Contains(page, "Noch wird kein System benachrichtigt") {
		t.Error(textOf(page))
	}
	for _, wrong := range []string{"", "example.org", "ftp://example.org", "https://ada:pw@example.org", "https://"} {
		if a := s.post("/en/surveys/1/hooks", url.Values{"url": {wrong}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Write it in full") {
			t.Errorf("%q: %d %s", wrong, a.status, textOf(a.body))
		}
	}
	a := s.post("/en/surveys/1/hooks", url.Values{"url": {r.URL + "/x?a=<b>"}})
	m := shownSecret.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || m == nil || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	if page := s.page("/en/surveys/1/hooks"); shownSecret.MatchString(page) || !strings.Contains(page, "Nothing was sent yet") || strings.Contains(page, "<b>") && strings.Contains(page, "a=<b>") {
		t.Error(textOf(page))
	}
	if a := s.post("/de/surveys/1/hooks/1/test", nil); !strings.Contains(textOf(a.body), "Der Test ist bei") || len(r.list()) != 1 || r.list()[0].signature != assess.SignHook(m[1], testNow, []byte(r.list()[0].body)) {
		t.Errorf("%s %+v", textOf(a.body), r.list())
	}
	r.answerWith(http.StatusTeapot)
	if a := s.post("/en/surveys/1/hooks/1/test", nil); !strings.Contains(textOf(a.body), "status 418") {
		t.Error(textOf(a.body))
	}
	if a := s.post("/en/surveys/1/hooks/1/switch", url.Values{"off": {"1"}}); a.status != http.StatusSeeOther || !strings.Contains(s.page("/en/surveys/1/hooks"), "Switched off") {
		t.Errorf("%d", a.status)
	}
	for _, path := range []string{"/en/surveys/2/hooks", "/en/surveys/x/hooks"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := s.post("/en/surveys/1/hooks/2/remove", nil); a.status != http.StatusNotFound {
		t.Errorf("another one's: %d", a.status)
	}
	s.addUser(t, 1, "vera", goalpost.RoleViewer)
	owner := s.client
	s.loginAs(t, "vera")
	if a := s.get("/en/surveys/1/hooks"); a.status != http.StatusForbidden {
		t.Errorf("who only reads: %d", a.status)
	}
	s.client = owner
	if a := s.post("/en/surveys/1/hooks/1/remove", nil); a.status != http.StatusSeeOther || !strings.Contains(s.page("/en/surveys/1/hooks"), "No system is told yet") {
		t.Errorf("%d", a.status)
	}
}

// A person adds a system, sends it a test and removes it, in both languages.
func TestBrowserHooks(t *testing.T) {
	b := browsertest.New(t)
	for _, lang := range languages {
		s := hookTeam(t, nil)
		r := newReceiver(t, http.StatusOK)
		enter(b, s.site)
		b.Viewport(390, 844, true)
		b.Open(s.base + "/" + lang + "/surveys/1/hooks")
		check(t, b, "hooks "+lang)
		picture(b, "hooks-"+lang)
		b.Fill("#url", r.URL+"/a-rather-long-address/for/answers?to=0123456789012345678901234567890123456789")
		b.Follow("form[action$='/hooks'] button")
		if !b.Exists("#secret") {
			t.Errorf("%s: no secret is shown", lang)
		}
		check(t, b, "hooks "+lang)
		picture(b, "hooks-"+lang)
		b.Follow("form[action$='/test'] button")
		if !b.Exists(".done") || len(r.list()) != 1 {
			t.Errorf("%s: the test did not arrive", lang)
		}
		check(t, b, "hooks "+lang)
		picture(b, "hooks-"+lang)
		b.Follow("form[action$='/remove'] button")
		if b.Exists("form[action$='/remove']") {
			t.Errorf("%s: it is still there", lang)
		}
	}
}
