package web

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// beliefSite has an open survey with something to guess, without answers, and a team: anna
// owns, ed edits, vic looks; eve belongs to others.
func beliefSite(t *testing.T, lang string) (*site, *assess.AskedSurvey) {
	t.Helper()
	s := newSite(t, nil)
	s.setUp(lang)
	a := s.readingSurvey(t, nil)
	s.addUser(t, firstOrg, "ed", goalpost.RoleEditor)
	s.addUser(t, firstOrg, "vic", goalpost.RoleViewer)
	s.secondOrganisation(t)
	return s, a
}

// beliefForm is what somebody sends who believes the same of every item.
func beliefForm(s *site, a *assess.AskedSurvey, guess, low, high string) url.Values {
	now, err := s.server.DB.SurveyRevision(context.Background(), firstOrg, a.Survey.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	form := url.Values{"revision": {strconv.FormatInt(now, 10)}, "claims": {"yes"}}
	for _, i := range a.Survey.Form.BeliefItems() {
		form.Set(i.Key()+".guess", guess)
		form.Set(i.Key()+".low", low)
		form.Set(i.Key()+".high", high)
	}
	return form
}

var getRoute = regexp.MustCompile(`"GET (/[^"]*)"`)

// everyGet is every address that pages, respondents and programs can read, filled in for the
// survey.
func everyGet(t *testing.T) (pages, api []string) {
	t.Helper()
	fill := strings.NewReplacer("{id}", "1", "{rid}", readingID(0), "{slug}", "wishes", "{question}", "why", "{channel}", "ig", "{file}", "chart.svg", "{$}", "", "{token}", "x", "{option}", "offers", "{survey}", "1", "{secret}", "x", "{version}", "1", "{kind}", "shares", "{batch}", "x", "{comment}", "x",
		"{goal}", "1", "{series}", "1", "{import}", "1", "{activity}", "1", "{analysis}", "1", "{study}", "pivot-sosm")
	text, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range getRoute.FindAllStringSubmatch(string(text), -1) {
		for _, lang := range languages {
			pages = append(pages, "/"+lang+fill.Replace(m[1]))
		}
	}
	for path, methods := range readDescription(t).Paths {
		if _, reads := methods["get"]; reads {
			api = append(api, fill.Replace(path))
		}
	}
	for _, path := range []string{"", "/ig", "/print", "/privacy", "/receipt", "/contact", "/results", "/beliefs", "/understanding"} {
		pages = append(pages, "/s/wishes"+path)
	}
	if len(pages) < 150 || len(api) < 15 {
		t.Fatalf("only %d pages and %d of the API are tried", len(pages), len(api))
	}
	return pages, api
}

// Nobody reads what another member believes before the first answer, by no address.
func TestNoRequestShowsABeliefEarly(t *testing.T) {
	s, a := beliefSite(t, "en")
	s.loginAs(t, "vic")
	if got := s.post("/en/surveys/1/beliefs", beliefForm(s, a, "37.31", "21.17", "53.93")); got.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", got.status, textOf(got.body))
	}
	kept, err := s.server.DB.BeliefsOf(context.Background(), firstOrg, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	secret := regexp.MustCompile(`37[.,]3|21[.,]17|53[.,]9|0\.373|0\.2117|0\.539|` + kept.SHA256)
	if own := s.page("/de/surveys/1/beliefs"); !secret.MatchString(own) {
		t.Fatal("not even the one who said it reads it, so this test shows nothing")
	}
	pages, api := everyGet(t)
	shows := func(when string) (found []string) {
		for _, name := range []string{"anna", "ed", "eve"} {
			s.restart() // log-ins are limited
			s.loginAs(t, name)
			for _, path := range pages {
				if got := s.get(path); secret.MatchString(got.body) {
					found = append(found, name+" "+path)
				}
			}
		}
		for name, org := range map[string]goalpost.OrgID{"Shop": firstOrg, "Theirs": 2} {
			token := newToken(t, s, org, name+when, goalpost.RoleEditor)
			for _, path := range api {
				if got := s.callAPI("GET", path, token, ""); secret.MatchString(got.body) {
					found = append(found, name+" "+path)
				}
			}
		}
		return found
	}
	if found := shows("before"); len(found) > 0 {
		t.Errorf("shown before the first answer:\n%s", strings.Join(found, "\n"))
	}
	s.loginAs(t, "ed")
	contains(t, "closed", textOf(s.page("/en/surveys/1/understanding")), []string{"No answer yet.", "vic, "}, []string{"Claimed and measured"})
	if got := s.get("/en/surveys/1/understanding.csv"); got.status != http.StatusNotFound {
		t.Errorf("the table before the first answer: %d", got.status)
	}
	s.answered(t, a, 1, `{"why":{"choices":["news"]}}`, false) // begun is enough
	after := strings.Join(shows("after"), "\n")
	if !strings.Contains(after, "ed /en/surveys/1/understanding.json") || !strings.Contains(after, "Shop /surveys/1/understanding") {
		t.Errorf("after the first answer it is shown by: %s", after)
	}
	if strings.Contains(after, "eve") || strings.Contains(after, "Theirs") || strings.Contains(after, "/s/wishes") {
		t.Errorf("others read it: %s", after)
	}
}

// Nobody changes what was said: not who said it, not an owner, not a program.
func TestNoRequestChangesABelief(t *testing.T) {
	s, a := beliefSite(t, "en")
	ctx := context.Background()
	s.loginAs(t, "vic")
	s.post("/en/surveys/1/beliefs", beliefForm(s, a, "30", "20", "40"))
	first, err := s.server.DB.BeliefsOf(ctx, firstOrg, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	other := beliefForm(s, a, "70", "60", "80")
	if got := s.post("/en/surveys/1/beliefs", other); got.status != http.StatusConflict || !strings.Contains(textOf(got.body), "locked and cannot be changed") {
		t.Errorf("once more: %d\n%s", got.status, textOf(got.body))
	}
	token := newToken(t, s, firstOrg, "Shop", goalpost.RoleEditor)
	for _, name := range []string{"vic", "ed", "anna"} {
		s.restart()
		s.loginAs(t, name)
		for _, method := range []string{"PUT", "PATCH", "DELETE", "POST"} {
			for _, path := range []string{"/en/surveys/1/beliefs/3", "/en/surveys/1/beliefs/vic", "/en/surveys/1/understanding", "/en/surveys/1/beliefs"} {
				if method == "POST" && path == "/en/surveys/1/beliefs" {
					continue // their own
				}
				r, err := http.NewRequest(method, s.base+path, strings.NewReader(other.Encode()))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Origin", s.base)
				if got := s.do(r); got.status != http.StatusNotFound && got.status != http.StatusMethodNotAllowed {
					t.Errorf("%s %s by %s: %d", method, path, name, got.status)
				}
			}
		}
	}
	// Who names somebody else says it for themselves all the same.
	s.loginAs(t, "ed")
	forged := beliefForm(s, a, "70", "60", "80")
	for _, field := range []string{"user", "user_id", "by", "member", "late"} {
		forged.Set(field, "3")
	}
	if got := s.post("/en/surveys/1/beliefs?user=3", forged); got.status != http.StatusSeeOther {
		t.Errorf("ed's own: %d", got.status)
	}
	body := `{"claims":false,"beliefs":[{"item":"why.offers","guess":0.5,"low":0.4,"high":0.6}]}`
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		if got := s.callAPI(method, "/surveys/1/beliefs", token, body); got.status/100 != 4 {
			t.Errorf("%s: %d", method, got.status)
		}
	}
	if got := s.callAPI("POST", "/surveys/1/beliefs", token, strings.Replace(body, "{", `{"user":3,"member":"vic",`, 1)); got.status/100 != 4 {
		t.Errorf("for somebody else: %d %s", got.status, got.body)
	}
	made := s.callAPI("POST", "/surveys/1/beliefs", token, body)
	if d := decode[document.BeliefSheet](t, made.body); made.status != 201 || d.Member != "anna" || d.Late || len(d.Beliefs) != len(a.Survey.Form.BeliefItems()) {
		t.Errorf("of the one who made the token: %d %s", made.status, made.body)
	}
	if again := s.callAPI("POST", "/surveys/1/beliefs", token, body); again.status != 409 {
		t.Errorf("once more by a program: %d", again.status)
	}
	s.answered(t, a, 1, `{}`, true)
	last, err := s.server.DB.BeliefsOf(ctx, firstOrg, 1, 3)
	if err != nil || last.SHA256 != first.SHA256 || last.Broken || last.Late || last.Beliefs[0].Guess != 0.3 {
		t.Errorf("it changed: %+v %v", last, err)
	}
	all, err := s.server.DB.Beliefs(ctx, firstOrg, 1)
	if err != nil || len(all) != 3 {
		t.Errorf("%d sheets %v", len(all), err)
	}
}

// A token of somebody who does not belong to the team says nothing.
func TestBeliefsOfATokenWithoutAMember(t *testing.T) {
	s, _ := beliefSite(t, "en")
	in := assess.TokenInput{Name: "Old", Role: string(goalpost.RoleEditor), By: "gone", Now: testNow}
	in.Secret[0] = 9
	_, token, err := assess.AddToken(context.Background(), s.server.DB, firstOrg, in)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.callAPI("POST", "/surveys/1/beliefs", token, `{"claims":true,"beliefs":[]}`); got.status != 403 {
		t.Errorf("%d %s", got.status, got.body)
	}
	for body, status := range map[string]int{
		`{"beliefs":[{"item":"why.nothing","guess":0.5,"low":0.4,"high":0.6}]}`: 422,
		`{"beliefs":[{"item":"why.offers","guess":0.5}]}`:                       422,
		`{"beliefs":[{"item":"why.offers","guess":50,"low":40,"high":60}]}`:     422,
		`{"beliefs":[]}`: 422,
	} {
		if got := s.callAPI("POST", "/surveys/1/beliefs", newToken(t, s, firstOrg, "Shop "+strconv.Itoa(len(body)), goalpost.RoleEditor), body); got.status != status && got.status != 400 {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

// asked reads the survey as it is now.
func (s *site) asked(t *testing.T) *assess.AskedSurvey {
	t.Helper()
	a, err := assess.AskedByTeam(context.Background(), s.server.DB, firstOrg, 1)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
