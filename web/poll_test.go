package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/browsertest"
)

// askReaders asks the reader's question and lets n people answer it.
func (s *site) askReaders(t *testing.T, n int) {
	t.Helper()
	if a := s.post("/en/polls", url.Values{"quick": {"1"}, "address": {"sie"}}); a.status != http.StatusSeeOther {
		t.Fatalf("the poll is not made: %d %s", a.status, textOf(a.body))
	}
	for i := range n {
		form := url.Values{"choice": {"engagement"}}
		if i%2 == 0 {
			form.Add("choice", "sales")
		}
		if i == 0 {
			form.Add("choice", "cost")
			form.Set("other", "Enough = for me")
		}
		if a := s.vote(t, "en", form); a.status != http.StatusSeeOther {
			t.Fatalf("vote %d: %d %s", i, a.status, textOf(a.body))
		}
	}
}

var hiddenField = regexp.MustCompile(`name="(id|made)" value="([^"]*)"`)

// vote opens the page as a stranger and sends it.
func (s *site) vote(t *testing.T, lang string, form url.Values) answer {
	t.Helper()
	for _, m := range hiddenField.FindAllStringSubmatch(s.page("/"+lang+"/p/goals"), -1) {
		if form.Get(m[1]) == "" {
			form.Set(m[1], m[2])
		}
	}
	return s.post("/"+lang+"/p/goals", form)
}

func (s *site) votes(t *testing.T) []goalpost.Vote {
	t.Helper()
	list, err := s.server.DB.Votes(context.Background(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A stranger answers without log-in and scripts; the same page sent twice is one vote;
// signals flag and never refuse.
func TestVote(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	team := s.client
	s.client = newClient()
	page := s.page("/de/p/goals")
	for _, want := range []string{"Welche Ziele verfolgen Sie und Ihr Unternehmen", "Mehr verkaufen", "Wir haben keine Ziele festgelegt", "Österreich", "kein Name"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if size := len(page); size > 200_000 {
		t.Errorf("the page has %d bytes", size)
	}
	old := fmt.Sprint(testNow.Add(-time.Minute).Unix())
	first := url.Values{"choice": {"sales", "engagement"}, "made": {old}, "role": {"social"}, "size": {"2-9"}, "country": {"CH"}}
	a := s.vote(t, "de", first)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/de/p/goals/results?thanks=1") {
		t.Fatalf("\ngot:  %d %s", a.status, a.header.Get("Location"))
	}
	if again := s.post("/de/p/goals", first); again.status != http.StatusSeeOther || !strings.Contains(s.page(again.header.Get("Location")), "Es zählt die erste Antwort") {
		t.Errorf("the same page again\ngot:  %d %s", again.status, again.header.Get("Location"))
	}
	second := s.vote(t, "en", url.Values{"choice": {"brand"}, "made": {fmt.Sprint(testNow.Unix())}, "website": {"http://spam.example"}})
	if page := s.page(second.header.Get("Location")); !strings.Contains(page, "Yours counts on its own") {
		t.Errorf("a second answer from the same place is told nothing of it: %s", textOf(page))
	}
	list := s.votes(t)
	if len(list) != 2 || list[0].Country != "CH" || len(list[0].Flags) != 0 || !slices.Equal(list[1].Flags, []string{goalpost.FlagFast, goalpost.FlagTrap, goalpost.FlagRepeated}) {
		t.Errorf("\ngot:  %+v\nwant: two votes, the second with three flags", list)
	}
	if strings.Contains(fmt.Sprint(list), "127.0.0.1") {
		t.Error("an address was kept")
	}
	for name, form := range map[string]url.Values{
		"nothing":            {},
		"unknown":            {"choice": {"gold"}},
		"twice":              {"choice": {"sales", "sales"}},
		"alone with another": {"choice": {"none", "sales"}},
		"no page":            {"choice": {"sales"}, "id": {"1"}},
		"country":            {"choice": {"sales"}, "country": {"Atlantis"}},
		"long":               {"other": {strings.Repeat("x", 201)}},
		"control":            {"other": {"a\x00b"}},
	} {
		if a := s.vote(t, "en", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "role=\"alert\"") || strings.Contains(strings.ToLower(a.body), "field “") {
			t.Errorf("%s\ngot:  %d %s", name, a.status, textOf(a.body))
		}
	}
	if n := len(s.votes(t)); n != 2 {
		t.Errorf("\ngot:  %d votes\nwant: 2", n)
	}
	s.client = team
	if a := s.post("/en/polls/1/close", url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("close: %d", a.status)
	}
	if a := s.post("/en/p/goals", first); a.status != http.StatusConflict {
		t.Errorf("a closed poll\ngot:  %d\nwant: 409", a.status)
	}
}

// The public sees nothing before ten answers, then steps of five, no small numbers, and
// what the figures are not.
func TestPollResults(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 9)
	stranger := func(path string) string {
		client := s.client
		s.client = newClient()
		defer func() { s.client = client }()
		return s.page(path)
	}
	if page := stranger("/en/p/goals/results"); strings.Contains(page, "%") || !strings.Contains(page, "from ten answers on") {
		t.Errorf("nine answers\ngot:  %s", textOf(page))
	}
	if a := s.get("/en/p/goals/results.svg"); a.status != http.StatusNotFound {
		t.Errorf("a picture of nine\ngot:  %d", a.status)
	}
	s.vote(t, "en", url.Values{"choice": {"engagement"}})
	for range 4 {
		s.vote(t, "en", url.Values{"choice": {"brand"}})
	}
	page := textOf(stranger("/en/p/goals/results"))
	for _, want := range []string{"What 10 readers who chose to answer said", "Sell more 50%", "cannot be compared", "random sample, which they are not", "Engage people, talk with them nearly all", "nobody: Reach more people"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	if strings.Contains(page, "Enough = for me") || strings.Contains(page, "Strengthen the brand 29%") {
		t.Errorf("more than the last step of five is shown: %s", page)
	}
	if csv := stranger("/en/p/goals/results.csv"); !strings.Contains(csv, "sales,Sell more,0.5,") || !strings.Contains(csv, "cost,Lower costs,,,,10") {
		t.Errorf("\ngot:  %s", csv)
	}
	team := s.page("/en/polls/1")
	for _, want := range []string{"14 answers so far", "sees the first 10 of them", "Enough = for me", "&lt;iframe src=", "look suspicious; they are counted all the same", "Without suspicious ones", "Study 2013 (expected)", "cannot be compared"} {
		if !strings.Contains(team, want) {
			t.Errorf("the team does not see %q: %s", want, textOf(team))
		}
	}
	if s.client = newClient(); s.get("/en/polls/1").status != http.StatusSeeOther {
		t.Error("a stranger sees the team's page")
	}
}

// Only the public question may stand inside pages of other sites.
func TestPollInAFrame(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 10)
	for path, may := range map[string]bool{"/en/p/goals?framed=1": true, "/en/p/goals/results?framed=1": true, "/en/p/goals": false, "/en/polls": false, "/en/goals?framed=1": false} {
		a := s.get(path)
		if in := strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors *") && a.header.Get("X-Frame-Options") == ""; in != may {
			t.Errorf("%s\ngot:  %v\nwant: %v", path, in, may)
		}
	}
	page := s.page("/en/p/goals?framed=1")
	if strings.Contains(page, "<nav") || !strings.Contains(page, `action="/en/p/goals?framed=1"`) {
		t.Errorf("\ngot:  %s", textOf(page))
	}
	a := s.post("/en/p/goals", url.Values{"choice": {"sales"}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("without the page's id\ngot:  %d", a.status)
	}
}

// Another organisation's team sees nothing of a poll, and an address is taken once.
func TestPollOfAnotherOrganisation(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 1)
	s.secondOrganisation(t)
	s.loginAs(t, "eve")
	for _, path := range []string{"/en/polls/1"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	if a := s.post("/en/polls/1/close", url.Values{}); a.status != http.StatusNotFound {
		t.Errorf("close\ngot:  %d\nwant: 404", a.status)
	}
	if a := s.post("/en/polls", url.Values{"quick": {"1"}, "address": {"du"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("the same address\ngot:  %d\nwant: 422", a.status)
	}
	if a := s.post("/en/polls", url.Values{"slug": {"lunch"}, "question_de": {"Was isst du?"}, "address": {"du"}, "options": {"Soup | Suppe\nBread | Brot\n"}}); a.status != http.StatusSeeOther {
		t.Errorf("a poll of their own\ngot:  %d %s", a.status, textOf(a.body))
	}
	if page := s.page("/de/p/lunch"); !strings.Contains(page, "Was isst du?") || !strings.Contains(page, "Suppe") {
		t.Errorf("\ngot:  %s", textOf(page))
	}
}

// Many votes at once, each sent twice: what was answered with 303 is there once.
func TestVotesAreNotLost(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	n := 300
	if os.Getenv("GOALPOST_LONG") == "1" {
		n = 10_000
	}
	ids, taken := make(chan string, n), sync.Map{}
	for range n {
		ids <- newUUID()
	}
	close(ids)
	var workers sync.WaitGroup
	for range 16 {
		workers.Go(func() {
			client := newClient()
			for id := range ids {
				for range 2 {
					r, err := client.PostForm(s.base+"/en/p/goals", url.Values{"id": {id}, "made": {"0"}, "choice": {"reach"}})
					if err != nil {
						t.Error(err)
						return
					}
					_ = r.Body.Close()
					switch r.StatusCode {
					case http.StatusSeeOther:
						taken.Store(id, true)
					case http.StatusServiceUnavailable:
						if r.Header.Get("Retry-After") == "" {
							t.Error("a full queue does not say when to come back")
						}
					default:
						t.Errorf("status %d", r.StatusCode)
					}
				}
			}
		})
	}
	workers.Wait()
	seen := map[string]int{}
	for _, v := range s.votes(t) {
		seen[v.ID]++
	}
	acknowledged := 0
	taken.Range(func(id, _ any) bool {
		acknowledged++
		if seen[id.(string)] != 1 {
			t.Errorf("%s is there %d times", id, seen[id.(string)])
		}
		return true
	})
	if acknowledged < n/2 || len(seen) < acknowledged {
		t.Errorf("%d acknowledged, %d there, of %d", acknowledged, len(seen), n)
	}
}

// A reader answers and sees the results, in both languages and without scripts.
func TestBrowserPoll(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 12)
	for _, lang := range []string{"en", "de"} {
		for _, scripts := range []bool{true, false} {
			b := browsertest.New(t)
			b.Viewport(390, 844, true)
			if !scripts {
				b.ScriptsOff()
			}
			before := len(s.votes(t))
			if status := b.Open(s.base + "/" + lang + "/p/goals"); status != 200 {
				t.Errorf("%d", status)
			}
			if scripts {
				check(t, b, "poll")
			}
			b.Click(`input[value="support"]`)
			b.Follow("main form button")
			if n := len(s.votes(t)); n != before+1 {
				t.Errorf("%s, scripts %v\ngot:  %d votes\nwant: %d", lang, scripts, n, before+1)
			}
			if scripts {
				check(t, b, "results")
				picture(b, "poll-thanks-"+lang)
			}
		}
	}
}

// What one connection sends, with whatever program, moves the public results no step
// further than one reader does; the team reads why they stand still.
func TestOneConnectionCompletesNoStep(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.server.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	s.askReaders(t, 0)
	from := func(address, program string) {
		t.Helper()
		form := url.Values{"id": {newUUID()}, "made": {"0"}, "choice": {"brand"}}
		r, err := http.NewRequest(http.MethodPost, s.base+"/en/p/goals", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("User-Agent", program)
		r.Header.Set("X-Forwarded-For", address)
		a, err := newClient().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = a.Body.Close()
		if a.StatusCode != http.StatusSeeOther {
			t.Fatalf("status %d", a.StatusCode)
		}
	}
	sees := func(want string) {
		t.Helper()
		if page := textOf(s.page("/en/p/goals/results")); !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	for i := range 10 {
		from(fmt.Sprintf("203.0.113.%d", i), "reader")
	}
	sees("What 10 readers")
	from("203.0.113.77", "victim")
	for i := range 5 { // one household with IPv6 has more addresses than anyone can count
		from(fmt.Sprintf("2001:db8:0:1::%x", i+1), fmt.Sprint("attacker ", i))
	}
	sees("What 10 readers")
	if team := textOf(s.page("/en/polls/1")); !strings.Contains(team, "the first 10 of them. A step of five is full") {
		t.Errorf("the team does not read what the public sees: %s", team)
	}
	for i := range 4 {
		from(fmt.Sprintf("2001:db8:0:%d::1", i+2), "reader")
	}
	sees("What 20 readers")
}
