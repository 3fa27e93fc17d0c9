package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
)

const ownPath = "/studies/pivot-sosm/own"

// ownSite is a site whose organisation has goals and answered one wave.
func ownSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t, nil)
	s.setUp("en")
	s.addGoal("en", "sales", url.Values{})
	s.addGoal("en", "support", url.Values{})
	s.answerOwn(t, url.Values{"wave": {"2025"}, "known": {"0"}, "q-goals": {"sales", "brand"}, "q-asked_customers": {"-"}, "q-gender_men": {"40.5"}}, 3)
	return s
}

// answerOwn sends the form and expects a number of answers to be added.
func (s *site) answerOwn(t *testing.T, form url.Values, added int) {
	t.Helper()
	a := s.post("/en"+ownPath, form)
	want := "kept=" + string(rune('0'+added))
	if a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), want) {
		t.Fatalf("\ngot:  %d %s\nwant: %s\n%s", a.status, a.header.Get("Location"), want, textOf(a.body))
	}
}

func (s *site) ownAnswers(t *testing.T) []goalpost.OwnAnswer {
	t.Helper()
	all, err := s.server.DB.OwnAnswers(context.Background(), 1, assess.PivotStudy)
	if err != nil {
		t.Fatal(err)
	}
	return all[assess.PivotStudy]
}

// Answers, a correction that is kept and shown, and a new wave; reading writes nothing.
func TestOwnAnswersOnThePage(t *testing.T) {
	s := ownSite(t)
	s.answerOwn(t, url.Values{"wave": {"2025"}, "known": {"3"}, "q-goals": {"sales", "brand"}, "q-primary_metric": {""}}, 0)
	s.answerOwn(t, url.Values{"wave": {"2025"}, "known": {"3"}, "why": {"Brand = a slip"}, "q-goals": {"sales"}}, 1)
	s.answerOwn(t, url.Values{"wave": {""}, "known": {"4"}, "q-goals": {"-"}, "q-understand_social_consumers": {"yes"}}, 2)
	before := s.dump(t)
	page := s.page("/en" + ownPath)
	text := textOf(page)
	for _, want := range []string{"You, 2025", "You, 2026-Q1", "58% of those asked named “Sell more” (95% interval 50.7% to 65.0%, if 181 people answered). You did not (2026-Q1).",
		"hardly plausible", "nothing is computed from the two together", "Corrected answers 2025,", "(anna): Strengthen the brand, Sell more", "Brand = a slip", "77% 70.1–82.3%",
		"You did not name “Sell more” (2026-Q1), but today it is a goal in Goalpost (a wish).", "does not have: Improve customer support.", "You said 40.5 (2025).", "so far there are none", "below 50%",
		"Since the end of 2026-Q1 Your goals here begin in this time", "Two figures with // between them cannot be compared", "Sell more : set as a goal (a wish) (anna)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "NaN") || strings.Contains(page, "web.own.") {
		t.Error("a number or a text is missing")
	}
	if !strings.Contains(textOf(s.page("/de"+ownPath)), "Sie antworteten mit Nein (2025).") {
		t.Error("no German sentence")
	}
	for path, want := range map[string]string{"/en/studies": "2 waves", "/en/studies/pivot-sosm": "Your own answers", "/en/goals": ownPath + "#goals-history", "/en" + ownPath + "/goals.svg": "<svg", "/en" + ownPath + "/goals.csv": "sales,Sell more,own,2026-Q1,wish"} {
		if got := s.page(path); !strings.Contains(got, want) {
			t.Errorf("%s\nno %q in %s", path, want, got)
		}
	}
	if a := s.get("/en" + ownPath + "/goals.png"); a.status != http.StatusOK || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("picture\ngot:  %d", a.status)
	}
	for _, path := range []string{"/en/studies/none/own", "/en" + ownPath + "/goals.pdf", "/en" + ownPath + "/luck.svg", "/en/studies/cmo-survey/own/goals.svg"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	if s.dump(t) != before {
		t.Error("reading the pages wrote something")
	}
}

// What is wrong is said, and what was ticked stays; who answers from an old page learns
// that somebody was faster, and overwrites nothing.
func TestOwnAnswersRefused(t *testing.T) {
	s := ownSite(t)
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"unknown option": {url.Values{"wave": {"2026"}, "known": {"3"}, "q-goals": {"luck"}, "q-business_type": {"agency"}}, "“luck” is not among the answers"},
		"both":           {url.Values{"wave": {"2026"}, "known": {"3"}, "q-goals": {"sales", "-"}, "q-business_type": {"agency"}}, "but not both"},
		"no number":      {url.Values{"wave": {"2026"}, "known": {"3"}, "q-gender_men": {"half"}, "q-business_type": {"agency"}}, "answered with a number"},
		"a long wave":    {url.Values{"wave": {strings.Repeat("w", 61)}, "known": {"3"}, "q-business_type": {"agency"}}, "cannot be the name of a wave"},
	} {
		a := s.post("/en"+ownPath, c.form)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(textOf(a.body), c.want) || !strings.Contains(a.body, `value="agency" checked`) || !strings.Contains(a.body, `id="form" open`) {
			t.Errorf("%s\ngot:  %d %s", name, a.status, textOf(a.body))
		}
	}
	a := s.post("/en"+ownPath, url.Values{"wave": {"2025"}, "known": {"1"}, "q-goals": {"leads"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Somebody else answered") || !strings.Contains(a.body, `name="known" value="3"`) || strings.Contains(a.body, `value="leads" checked`) {
		t.Errorf("an old page\ngot:  %d %s", a.status, textOf(a.body))
	}
	if n := len(s.ownAnswers(t)); n != 3 {
		t.Errorf("\ngot:  %d answers\nwant: 3", n)
	}
}

// A viewer reads and cannot answer; another organisation sees and changes nothing.
func TestOwnAnswersOfOthers(t *testing.T) {
	s := ownSite(t)
	s.addUser(t, 1, "vera", goalpost.RoleViewer)
	s.secondOrganisation(t)
	s.loginAs(t, "vera")
	if page := s.page("/en" + ownPath); !strings.Contains(page, "You, 2025") || strings.Contains(page, "<fieldset") {
		t.Errorf("a viewer\ngot:  %s", textOf(page))
	}
	if a := s.post("/en"+ownPath, url.Values{"known": {"3"}, "q-goals": {"leads"}}); a.status != http.StatusForbidden {
		t.Errorf("a viewer answers\ngot:  %d\nwant: 403", a.status)
	}
	s.loginAs(t, "eve")
	if page := textOf(s.page("/en" + ownPath)); strings.Contains(page, "You, 2025") || !strings.Contains(page, "Nothing was answered yet") || !strings.Contains(page, "no goals in Goalpost yet") {
		t.Errorf("another organisation\ngot:  %s", page)
	}
	s.answerOwn(t, url.Values{"wave": {"2025"}, "known": {"0"}, "q-goals": {"leads"}}, 1)
	if n := len(s.ownAnswers(t)); n != 3 {
		t.Errorf("\ngot:  %d answers\nwant: 3", n)
	}
	s.client = newClient()
	if a := s.get("/en" + ownPath); a.status != http.StatusSeeOther {
		t.Errorf("a stranger\ngot:  %d", a.status)
	}
}

// A person answers and reads the comparison, in both languages, on a phone, in dark, on
// paper, and without scripts.
func TestBrowserOwnAnswers(t *testing.T) {
	s := ownSite(t)
	waves := map[string]string{"en": "spring", "de": "Frühling"}
	for _, scripts := range []bool{true, false} {
		for _, lang := range languages {
			b := browsertest.New(t)
			b.Viewport(390, 844, true)
			if !scripts {
				b.ScriptsOff()
			}
			enter(b, s)
			before := len(s.ownAnswers(t))
			browse(t, b, s, "/"+lang+ownPath)
			b.Click("#form summary")
			if scripts {
				check(t, b, "the open form")
				picture(b, "own-form-"+lang+"-phone")
			}
			name := waves[lang]
			if !scripts {
				name += " 2"
			}
			b.Fill("#wave", name)
			b.Click(`input[name="q-goals"][value="engagement"]`)
			b.Click(`input[name="q-asked_customers"][value="yes"]`)
			b.Follow("main form[action$=own] button")
			if n := len(s.ownAnswers(t)); n != before+2 {
				t.Errorf("%s, scripts %v\ngot:  %d answers\nwant: %d", lang, scripts, n, before+2)
			}
			if text := b.Text("main"); !strings.Contains(text, name) {
				t.Errorf("the new wave is not shown\n%s", text)
			}
			check(t, b, "answered")
			if !b.Exists("figure .narrow svg") {
				t.Error("no chart")
			}
			picture(b, "own-"+lang+"-phone")
			b.Viewport(1280, 900, false)
			b.Dark(true)
			browse(t, b, s, "/"+lang+ownPath)
			picture(b, "own-"+lang+"-dark")
			b.Dark(false)
			b.Viewport(320, 640, true)
			browse(t, b, s, "/"+lang+"/studies")
			browse(t, b, s, "/"+lang+ownPath)
			b.Viewport(794, 1123, false)
			b.PrintMedia(true)
			browse(t, b, s, "/"+lang+ownPath)
			b.PrintMedia(false)
		}
	}
}
