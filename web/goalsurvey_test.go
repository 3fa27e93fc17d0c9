package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
	"goalpost/store"
)

// askSatisfaction makes a survey of two questions that ended two days ago and was answered by
// people, of whom seven of eight are satisfied and three of four know the brand.
func (s *site) askSatisfaction(t *testing.T, people int) goalpost.SurveyID {
	t.Helper()
	both := func(en, de string) goalpost.Text { return goalpost.Text{"en": en, "de": de} }
	satisfied := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "satisfied", Version: 1, Type: goalpost.ScaleQuestion, Wording: both("How satisfied are you?", "Wie zufrieden sind Sie?")},
		Scale: &goalpost.Scale{Low: 1, High: 5}}
	know := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "know", Version: 1, Type: goalpost.SingleChoice, Wording: both("Do you know us?", "Kennen Sie uns?"),
		Options: []goalpost.Item{{Code: "yes", Label: both("Yes, well", "Ja, gut")}, {Code: "name", Label: both("By name", "Dem Namen nach")}, {Code: "no", Label: both("No", "Nein")}}}}
	begin := testNow.AddDate(0, 0, -9)
	made, err := assess.CreateSurvey(t.Context(), s.server.DB, 1, assess.SurveyInput{By: "anna", Now: begin, Survey: goalpost.Survey{Slug: "satisfaction",
		Form:     goalpost.Form{Languages: []string{"en", "de"}, Title: both("Spring survey", "Umfrage im Frühjahr"), Questions: []goalpost.SurveyQuestion{satisfied, know}},
		Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected, OpensAt: begin, ClosesAt: testNow.AddDate(0, 0, -2)}}})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(t.Context(), s.server.DB, 1, made.ID, store.SurveyChange{Revision: made.Revision, State: &open, By: "anna", At: begin}); err != nil {
		t.Fatal(err)
	}
	a, err := assess.AskedByTeam(t.Context(), s.server.DB, 1, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i := range people {
		grade, answer := 5, "yes"
		if i%8 == 0 {
			grade = 2
		}
		if i%4 == 1 {
			answer = "no"
		}
		at := begin.Add(time.Hour + time.Duration(i)*time.Minute)
		in := assess.AnswerInput{ID: newUUID(), Secret: newUUID(), Rev: 1, Version: 1, Done: true, Language: "en", Device: goalpost.DevicePhone, Now: at,
			Raw: fmt.Appendf(nil, `{"satisfied":{"number":%d},"know":{"choices":["%s"]}}`, grade, answer), Page: a.SignPage(assess.SignedPage{Version: 1, At: at.Add(-time.Minute)})}
		if r, err := a.SendAnswer(t.Context(), s.server.DB, in); err != nil || r.State != goalpost.AnswerComplete {
			t.Fatalf("%v, %v", r.State, err)
		}
	}
	return made.ID
}

var goalSurveyWords = map[string][]string{
	"en": {"87.5% measured, target at least 70%", "Those who answered are no random sample", "Which answers count?", "75.0% measured, target at least 50%", "By name"},
	"de": {"87,5\u00a0% gemessen, Ziel mindestens 70\u00a0%", "Wer geantwortet hat, ist keine Zufallsauswahl", "Welche Antworten zählen?", "75,0\u00a0% gemessen, Ziel mindestens 50\u00a0%", "Dem Namen nach"},
}

// In both languages, with and without scripts: a goal that customers answer is made and its
// verdict is read; where answers have to be chosen, the page asks which.
func TestBrowserGoalBySurvey(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"en", true}, {"de", true}, {"de", false}} {
		s := newSite(t, nil)
		s.setUp(c.lang)
		s.askSatisfaction(t, 96)
		b := browsertest.New(t)
		if !c.scripts {
			b.ScriptsOff()
		}
		b.Language(c.lang)
		enter(b, s)
		w := goalSurveyWords[c.lang]
		browse(t, b, s, "/"+c.lang+"/goals/new?kind=support")
		if b.Value("#kpi") != "csat" || !b.Exists("#asked[open]") {
			t.Errorf("the form offers %q", b.Value("#kpi"))
		}
		b.Select("#question", "survey/1/satisfied")
		b.Fill("#target", "70%")
		b.Fill("#from", "2026-03-01")
		b.Fill("#until", "2026-03-31")
		b.Follow("main form button")
		goalShows(t, b, w[:2])
		check(t, b, "goal by survey")
		picture(b, "goal-survey-"+c.lang)
		b.Viewport(360, 800, true)
		browse(t, b, s, "/"+c.lang+"/goals/1")
		picture(b, "goal-survey-phone-"+c.lang)
		b.Viewport(1200, 900, false)

		browse(t, b, s, "/"+c.lang+"/goals/new?kind=awareness")
		b.Select("#question", "survey/1/know")
		b.Fill("#target", "50%")
		b.Fill("#from", "2026-03-01")
		b.Fill("#until", "2026-03-31")
		b.Allow("422")
		b.Follow("main form button")
		goalShows(t, b, []string{w[2], w[4]})
		check(t, b, "goal form with answers")
		picture(b, "goal-survey-form-"+c.lang)
		b.Click("input[name=option][value=yes]")
		b.Click("input[name=option][value=name]")
		b.Follow("main form button")
		goalShows(t, b, w[3:4])
		browse(t, b, s, "/"+c.lang+"/goals/2/change")
		if b.Value("#question") != "survey/1/know" || b.Count("input[name=option]:checked") != 2 {
			t.Errorf("the form of a change holds %q and %d answers", b.Value("#question"), b.Count("input[name=option]:checked"))
		}
		browse(t, b, s, "/"+c.lang+"/goals")
		goalShows(t, b, []string{w[0], w[3]})
	}
}

func goalShows(t *testing.T, b *browsertest.Browser, want []string) {
	t.Helper()
	text := b.Text("main")
	for _, x := range want {
		if !strings.Contains(text, x) {
			t.Errorf("%q is missing in\n%s", x, text)
		}
	}
}

// The form keeps what was entered while it shows the answers of a question, and nobody
// names a survey of others.
func TestGoalSurveyForm(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	id := s.askSatisfaction(t, 40)
	question := fmt.Sprintf("survey/%d/", id)
	form := url.Values{"kpi": {"brand_lift"}, "question": {question + "satisfied"}, "target": {"5"}, "name": {"Lift of spring"}, "look": {"1"}}
	a := s.post("/en/goals/new?kind=brand", form)
	for _, want := range []string{`value="Lift of spring"`, `id="exposed"`, `value="know:yes"`, "Do you know us?: Yes, well"} {
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%d, %q is missing", a.status, want)
		}
	}
	if list, err := s.server.DB.Goals(t.Context(), 1); err != nil || len(list) != 0 {
		t.Errorf("looking saved %d goals, %v", len(list), err)
	}
	form = url.Values{"kpi": {"reputation_score"}, "question": {question + "satisfied"}, "look": {"1"}}
	if a := s.post("/en/goals/new?kind=reputation", form); !strings.Contains(a.body, `<option value="mean"`) {
		t.Error("a mean is not offered")
	}
	s.addGoal("en", "support", url.Values{"kpi": {"csat"}, "question": {question + "satisfied"}, "target": {"70%"}, "from": {"2026-03-01"}, "until": {"2026-03-31"}})
	page := s.page("/en/goals/1")
	for _, want := range []string{"Spring survey (decides)", "How satisfied are you?", "Share of the two best grades", "share in a survey, Wilson interval", "Not weighted: every answer counts the same."} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in the page of the goal", want)
		}
	}
	if csv := s.get("/en/goals/1/table.csv"); !strings.HasPrefix(strings.TrimPrefix(csv.body, "\ufeff"), "survey,wave,from,until,answers,value") {
		t.Errorf("table: %.80q", csv.body)
	}
	if svg := s.get("/en/goals/1/chart.svg"); svg.status != http.StatusOK || !strings.Contains(svg.body, "Spring survey") {
		t.Errorf("chart: %d", svg.status)
	}
	other := s.secondOrganisation(t)
	s.addUser(t, other.ID, "otto", goalpost.RoleEditor)
	s.loginAs(t, "otto")
	if a := s.post("/en/goals/new?kind=support", url.Values{"kpi": {"csat"}, "question": {question + "satisfied"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "There is no survey") {
		t.Errorf("another organisation's survey: %d", a.status)
	}
	if a := s.get("/en/goals/new?kind=support"); strings.Contains(a.body, "Spring survey") {
		t.Error("another organisation's survey is offered")
	}
}
