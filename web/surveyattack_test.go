package web

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"goalpost"
)

// teamRoute is a page of the team, as it stands in the table of pages.
var teamRoute = regexp.MustCompile(`(page|edit|own)\("(GET|POST) (/surveys/\{id\}[^"]*)"`)

// Every page of a survey is not there for another organisation, and closed to those who have
// fewer rights; no form of another site does anything. All of them are tried, also those that
// come later.
func TestEveryPageOfASurveyIsGuarded(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	a := s.readingSurvey(t, nil)
	s.someAnswers(t, a)
	if got := s.post("/en/surveys/1/hooks", url.Values{"url": {"https://example.org"}}); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	s.addUser(t, firstOrg, "vic", goalpost.RoleViewer)
	s.addUser(t, firstOrg, "edith", goalpost.RoleEditor)
	s.secondOrganisation(t)
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	routes := teamRoute.FindAllStringSubmatch(string(source), -1)
	if len(routes) < 40 {
		t.Fatalf("only %d pages are found", len(routes))
	}
	fill := strings.NewReplacer("{id}", "1", "{rid}", readingID(3), "{hook}", "1", "{file}", "x", "{question}", "why")
	form := url.Values{"sure": {"1"}, "confirm": {"1"}, "forget": {"1"}, "who": {"open"}, "answer": {readingID(3)}, "question": {"more"}, "tags": {"stolen"}, "do": {"close"}, "off": {"1"}, "revision": {"2"}, "sites": {"https://evil.example"}}
	call := func(method, path string) answer {
		if method == http.MethodGet {
			return s.get(path)
		}
		return s.post(path, form)
	}
	owner := s.client
	before := s.dump(t)
	for who, refused := range map[string]map[string]int{
		"eve": {"page": 404, "edit": 404, "own": 404}, "vic": {"edit": 403, "own": 403}, "edith": {"own": 403}, "": {"page": 303, "edit": 303, "own": 303},
	} {
		s.client = newClient()
		if who != "" {
			s.loginAs(t, who)
			before = s.dump(t) // a log-in is kept
		}
		for _, m := range routes {
			if want := refused[m[1]]; want != 0 {
				if got := call(m[2], "/en"+fill.Replace(m[3])); got.status != want || strings.Contains(got.body, "Please open a shop") {
					t.Errorf("%q %s %s\ngot:  %d\nwant: %d", who, m[2], m[3], got.status, want)
				}
			}
		}
		if s.dump(t) != before {
			t.Errorf("%q changed something", who)
		}
	}
	s.client = owner
	before = s.dump(t)
	for _, m := range routes {
		if m[2] != http.MethodPost {
			continue
		}
		r, err := http.NewRequest(http.MethodPost, s.base+"/en"+fill.Replace(m[3]), strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://evil.example")
		if got := s.do(r); got.status != http.StatusForbidden {
			t.Errorf("from another site: %s\ngot:  %d", m[3], got.status)
		}
	}
	if s.dump(t) != before {
		t.Error("another site changed something")
	}
}
