package web

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/browsertest"
)

// populationSite is a site with a survey that 100 answered: 60 young, 30 in the middle, 8
// old, and 2 who did not say. A second one asks the same of nobody yet.
func populationSite(t *testing.T) (*site, goalpost.Survey) {
	t.Helper()
	s := newSite(t, nil)
	s.setUp("en")
	age := goalpost.SurveyQuestion{Question: goalpost.Question{Code: "age", Version: 1, Type: goalpost.SingleChoice, Wording: goalpost.Text{"en": "How old are you?", "de": "Wie alt sind Sie?"}}}
	age.Options = []goalpost.Item{{Code: "young", Label: goalpost.Text{"en": "18 to 34", "de": "18 bis 34"}}, {Code: "middle", Label: goalpost.Text{"en": "35 to 54", "de": "35 bis 54"}}, {Code: "old", Label: goalpost.Text{"en": "55 or older", "de": "55 oder älter"}},
		{Code: "no_answer", Role: goalpost.RoleNoOpinion, Label: goalpost.Text{"en": "I’d rather not say", "de": "Möchte ich nicht sagen"}}}
	x := s.askCustomers(t, func(x *goalpost.Survey) { x.Form.Questions = append(x.Form.Questions, age) })
	a, err := assess.AskedByTeam(t.Context(), s.server.DB, 1, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	k := 0
	for _, g := range []struct {
		code string
		n    int
	}{{"young", 60}, {"middle", 30}, {"old", 8}, {"no_answer", 2}} {
		for range g.n {
			k++
			in := assess.AnswerInput{ID: fmt.Sprintf("%08x-0000-4000-8000-%012x", k*7919, k), Secret: "x", Rev: 1, Version: 1, Done: true, Language: "de", Raw: []byte(`{"age":{"choices":["` + g.code + `"]}}`), Now: testNow.Add(time.Duration(k) * time.Second)}
			in.Page = a.SignPage(assess.SignedPage{Version: 1, At: in.Now.Add(-time.Minute)})
			if _, err := a.SendAnswer(t.Context(), s.server.DB, in); err != nil {
				t.Fatal(err)
			}
		}
	}
	next := a.Survey.Copy("wishes-2")
	if _, err := assess.CreateSurvey(t.Context(), s.server.DB, 1, assess.SurveyInput{Survey: next, Secret: [32]byte{8}, By: "anna", Now: testNow}); err != nil {
		t.Fatal(err)
	}
	return s, x
}

func ages(young, middle, old string) url.Values {
	return url.Values{"version": {"0"}, "unit.age": {"percent"}, "size.age.young": {young}, "size.age.middle": {middle}, "size.age.old": {old}, "source.age": {"Register 2026"}}
}

// What is entered stands beside the sample with what weighting costs; what does not fit is
// said, shown again and not kept.
func TestPopulationPage(t *testing.T) {
	s, _ := populationSite(t)
	const path = "/de/surveys/1/population"
	if page := textOf(s.page(path)); !strings.Contains(page, "Bis dahin zählt jede Antwort gleich viel") {
		t.Errorf("empty: %s", page)
	}
	for _, c := range []struct {
		form url.Values
		want string
	}{
		{ages("40,5", "40", "10"), "ergeben zusammen 90,5, nicht 100"},
		{ages("40", "", "60"), "fehlt die Größe der Gruppe „35 bis 54“"},
		{ages("viele", "40", "20"), "Die Größe der Gruppe „18 bis 34“ ist keine Zahl"},
		{url.Values{"version": {"0"}, "unit.age": {"people"}, "size.age.young": {"4.000"}, "size.age.middle": {"4.000"}, "size.age.old": {"2.000"}, "cap": {"4"}}, "warum die Obergrenze"},
		{url.Values{"version": {"3"}, "unit.age": {"people"}, "size.age.young": {"4"}, "size.age.middle": {"4"}, "size.age.old": {"2"}}, "jemand anders"},
	} {
		a := s.post(path, c.form)
		if a.status == http.StatusSeeOther || !strings.Contains(textOf(a.body), c.want) || !strings.Contains(a.body, `value="`+c.form.Get("size.age.young")+`"`) {
			t.Errorf("%v: %d, without %q", c.form, a.status, c.want)
		}
	}
	if a := s.post(path, ages("40,5", "40", "19,5")); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	page := textOf(s.page(path + "?done=saved"))
	for _, want := range []string{"Gespeichert.", "100 Antworten tragen gewichtet so weit wie", "Quelle: Register 2026", "60 von 98", "+20,7", "Nur 8 Menschen stehen für 19,5 % von allen: „55 oder älter“", "2 Antworten ohne Angabe bei „Wie alt sind Sie?“ behalten ihren Anteil von 2,0 %",
		"keine Zufallsstichprobe", "Obergrenze 3-mal der Durchschnitt", "„55 oder älter“ (Wie alt sind Sie?) zusammenlegen mit"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(s.page(path + "/weights.csv"))).ReadAll()
	if err != nil || len(rows) != 101 || rows[1][1] == rows[100][1] && rows[1][1] == "1" || len(rows[1][2]) != 32 {
		t.Errorf("%v %d %v", err, len(rows), rows[:2])
	}

	unfit := ages("20", "20", "60")
	unfit.Set("version", "1")
	if a := s.post(path, unfit); a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	page = textOf(s.page(path))
	if !strings.Contains(page, "Die Antworten werden nicht gewichtet.") || !strings.Contains(page, "kommt die Gruppe „55 oder älter“") {
		t.Errorf("unreachable:\n%s", page)
	}
	if a := s.get(path + "/weights.csv"); a.status == http.StatusOK {
		t.Error("weights although none fit")
	}
	if a := s.post(path+"/merge", url.Values{"question": {"age"}, "option": {"old"}, "with": {"middle"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	if page = textOf(s.page(path)); !strings.Contains(page, "35 bis 54 + 55 oder älter") || strings.Contains(page, "Die Antworten werden nicht gewichtet.") {
		t.Errorf("joined:\n%s", page)
	}
	if a := s.post(path+"/import", url.Values{"text": {"Frage;Antwort;Anteil\r\nWie alt sind Sie?;18 bis 34;41\r\n;unbekannt;3"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(textOf(a.body), "Zeile 3") || !strings.Contains(a.body, "unbekannt;3</textarea>") {
		t.Errorf("import: %d %s", a.status, textOf(a.body))
	}
	if a := s.post(path+"/import", url.Values{"text": {"Frage;Antwort;Anteil\r\nWie alt sind Sie?;18 bis 34;40,5\r\n;35 bis 54;39,5\r\n;55 oder älter;20\r\n"}, "source": {"Amt"}}); a.status != http.StatusSeeOther {
		t.Errorf("import: %d %s", a.status, textOf(a.body))
	}
	const next = "/de/surveys/2/population"
	if page := textOf(s.page(next)); !strings.Contains(page, "Die Gruppengrößen von „Was wünschen Sie sich von uns?“") || !strings.Contains(page, "Die Anteile unter den 100 Antworten") {
		t.Errorf("another survey: %s", page)
	}
	for _, kind := range []string{"population", "answers"} {
		if a := s.post(next+"/take", url.Values{"survey": {"1"}, "kind": {kind}}); a.status != http.StatusSeeOther {
			t.Fatalf("take %s: %d %s", kind, a.status, textOf(a.body))
		}
	}
	if page := textOf(s.page(next)); !strings.Contains(page, "Quelle: Antworten auf „Was wünschen Sie sich von uns?“") || !strings.Contains(page, "Noch gibt es keine einzelnen Antworten") || !strings.Contains(page, "Fassung 2") || !strings.Contains(page, "18 bis 34 40,5 %") {
		t.Errorf("taken: %s", page)
	}
	for _, form := range []url.Values{{"survey": {"99"}}, {"survey": {"x"}}} {
		if a := s.post(next+"/take", form); a.status < 400 {
			t.Errorf("%v: %d", form, a.status)
		}
	}
}

// Programs read and set the population, and cite weights; the same weights are kept once.
func TestPopulationAPI(t *testing.T) {
	s, _ := populationSite(t)
	token := newToken(t, s, firstOrg, "Shop", goalpost.RoleEditor)
	body := `{"version":0,"margins":[{"question":"age","percent":true,"source":"Register","groups":[{"option":"young","size":40},{"option":"middle","size":40},{"option":"old","size":20}]}]}`
	if a := s.callAPI("POST", "/surveys/1/weights", token, "{}"); a.status != http.StatusConflict {
		t.Errorf("weights without a population: %d %s", a.status, a.body)
	}
	if a := s.callAPI("PUT", "/surveys/1/population", token, strings.Replace(body, `"size":20`, `"size":30`, 1)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "error.population.hundred") {
		t.Errorf("110 %%: %d %s", a.status, a.body)
	}
	if a := s.callAPI("PUT", "/surveys/1/population", token, body); a.status != 200 || !strings.Contains(a.body, `"question_version": 1`) || !strings.Contains(a.body, "Only 8 people stand for") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := s.callAPI("PUT", "/surveys/1/population", token, strings.Replace(body, "Register", "Other", 1)); a.status != http.StatusConflict {
		t.Errorf("an old version: %d %s", a.status, a.body)
	}
	var w struct {
		Current struct{ ID string }
		Sets    []struct{ ID string }
		Answers []struct {
			Answer string
			Weight float64
		}
	}
	read := func(a answer) {
		t.Helper()
		if err := json.Unmarshal([]byte(a.body), &w); err != nil {
			t.Fatalf("%d %s: %v", a.status, a.body, err)
		}
	}
	read(s.callAPI("GET", "/surveys/1/weights?answers=true", token, ""))
	sum := 0.0
	for _, x := range w.Answers {
		sum += x.Weight
	}
	if len(w.Answers) != 100 || sum < 99.999 || sum > 100.001 || len(w.Sets) != 0 {
		t.Errorf("%d weights of %g, %d sets", len(w.Answers), sum, len(w.Sets))
	}
	for range 2 {
		a := s.callAPI("POST", "/surveys/1/weights", token, "{}")
		if read(a); a.status != http.StatusCreated || len(w.Sets) != 1 || w.Sets[0].ID != w.Current.ID {
			t.Errorf("cited: %d %s", a.status, a.body)
		}
	}
	if page := s.page("/en/surveys/1/population"); !strings.Contains(page, w.Current.ID) {
		t.Error("the page does not name the weights")
	}
}

// From nothing to weights in both languages, on a phone and a desk, and what does not fit.
func TestBrowserPopulation(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		t.Run(lang, func(t *testing.T) {
			s, _ := populationSite(t)
			b := browsertest.New(t)
			enter(b, s)
			b.Viewport(390, 844, true)
			b.Open(s.base + "/" + lang + "/surveys/1")
			b.Follow(".tabs a[href$='/population']")
			check(t, b, "nothing known")
			picture(b, "population-empty-"+lang+"-phone")
			b.Allow("422")
			b.Fill("[name='size.age.young']", "40")
			b.Fill("[name='size.age.middle']", "30")
			b.Fill("[name='size.age.old']", "20")
			b.Fill("[name='source.age']", "Register")
			b.Follow("main form:has([name='size.age.young']) p > button")
			check(t, b, "not 100")
			b.WaitText("#problems", "90")
			picture(b, "population-wrong-"+lang+"-phone")
			b.Fill("[name='size.age.middle']", "40")
			b.Follow("main form:has([name='size.age.young']) p > button")
			check(t, b, "weighted")
			b.WaitText("main", map[string]string{"de": "Nur 8 Menschen stehen für 20,0", "en": "Only 8 people stand for 20.0"}[lang])
			picture(b, "population-"+lang+"-phone")
			b.Viewport(1280, 900, false)
			b.Open(s.base + "/" + lang + "/surveys/1/population")
			check(t, b, "desk")
			picture(b, "population-"+lang+"-desk")
			b.Eval(`document.querySelectorAll("main details").forEach(d => d.open = true); undefined`, nil)
			check(t, b, "all open")
			picture(b, "population-open-"+lang+"-desk")
			b.Follow("form[action$='/merge'] button")
			check(t, b, "joined")
			b.Open(s.base + "/" + lang + "/surveys/2/population")
			b.Eval(`document.querySelectorAll("main details").forEach(d => d.open = true); undefined`, nil)
			check(t, b, "another survey")
			picture(b, "population-take-"+lang+"-desk")
			b.Follow("form[action$='/take'] button")
			check(t, b, "taken")
		})
	}
}

// The truth behind a simulated company stands beside what its survey says, weighted and not.
func TestSimulatedWishes(t *testing.T) {
	s, x := populationSite(t)
	truth := someTruth()
	truth.Wishes = &SimulatedWishes{Slug: x.Slug, Question: "age", Shares: map[string]float64{"young": 0.4, "middle": 0.4}}
	s.server.Demo, s.server.Truth = true, truth
	s.restart()
	if page := textOf(s.page("/en/simulated")); strings.Contains(page, "What customers truly want") {
		t.Error("a table without weights")
	}
	if a := s.post("/en/surveys/1/population", ages("40", "40", "20")); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	page := textOf(s.page("/en/simulated"))
	for _, want := range []string{"What customers truly want", "18 to 34 40% 40% 61% (51 to 70%)"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if strings.Contains(page, "55 or older") {
		t.Error("an option whose truth is not known")
	}
	truth.Wishes.Slug = "gone"
	s.restart()
	if page := textOf(s.page("/en/simulated")); strings.Contains(page, "What customers truly want") {
		t.Error("a survey that is gone")
	}
}
