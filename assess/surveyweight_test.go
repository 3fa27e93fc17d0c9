package assess

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/store"
)

var weighed = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func ageQuestion(codes ...string) goalpost.SurveyQuestion {
	q := goalpost.SurveyQuestion{Question: goalpost.Question{Code: codes[0], Version: 1, Type: goalpost.SingleChoice, Wording: goalpost.Text{"en": "Your " + codes[0], "de": "Ihr " + codes[0]}}}
	for _, c := range codes[1:] {
		o := goalpost.Item{Code: c, Label: goalpost.Text{"en": strings.ToUpper(c), "de": strings.ToUpper(c)}}
		if c == "no_answer" {
			o.Role = goalpost.RoleNoOpinion
		}
		q.Options = append(q.Options, o)
	}
	return q
}

// weighedSurvey has two questions that make groups, and one that does not.
func weighedSurvey(t testing.TB, db *store.DB, org goalpost.OrgID, slug string) goalpost.Survey {
	t.Helper()
	f := goalpost.Form{Languages: []string{"en", "de"}, Title: goalpost.Text{"en": "Wishes", "de": "Wünsche"}, Questions: []goalpost.SurveyQuestion{
		ageQuestion("age", "young", "middle", "old", "no_answer"), ageQuestion("place", "town", "land"),
		{Question: goalpost.Question{Code: "more", Version: 1, Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "More?", "de": "Mehr?"}}}}}
	s, err := CreateSurvey(t.Context(), db, org, SurveyInput{Survey: goalpost.Survey{Slug: slug, Form: f, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Sample: goalpost.SampleSelfSelected}}, By: "Ada", Now: weighed})
	if err != nil {
		t.Fatal(err)
	}
	open := goalpost.SurveyOpen
	if err := ChangeSurvey(t.Context(), db, org, s.ID, store.SurveyChange{Revision: s.Revision, State: &open, By: "Ada", At: weighed}); err != nil {
		t.Fatal(err)
	}
	return s
}

// answerGroups sends n answers of each group, "young town".
func answerGroups(t testing.TB, db *store.DB, a *AskedSurvey, groups map[string]int) {
	t.Helper()
	k := 0
	for _, age := range []string{"young", "middle", "old", "no_answer", ""} {
		for _, place := range []string{"town", "land", ""} {
			for range groups[age+" "+place] {
				k++
				replies := map[string]goalpost.QuestionReply{}
				for code, option := range map[string]string{"age": age, "place": place} {
					if option != "" {
						replies[code] = goalpost.QuestionReply{Choices: []string{option}}
					}
				}
				raw, err := json.Marshal(replies)
				if err != nil {
					t.Fatal(err)
				}
				in := AnswerInput{ID: fmt.Sprintf("%08x-0000-4000-8000-%012x", k*7919, k), Secret: "x", Rev: 1, Version: 1, Raw: raw, Done: true, Language: "en", Now: weighed.Add(time.Duration(k) * time.Minute)}
				in.Page = a.SignPage(SignedPage{Version: 1, At: in.Now.Add(-time.Minute)})
				if _, err := a.SendAnswer(t.Context(), db, in); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func margin(question string, sizes ...any) goalpost.PopulationMargin {
	m := goalpost.PopulationMargin{Question: question, QuestionVersion: 1}
	for i := 0; i < len(sizes); i += 2 {
		m.Groups = append(m.Groups, goalpost.PopulationGroup{Option: sizes[i].(string), Size: float64(sizes[i+1].(int))})
	}
	return m
}

// weighedCase is a survey with 100 answers: 60 young, 30 middle, 8 old, 2 without an age.
func weighedCase(t testing.TB) (*store.DB, goalpost.OrgID, *AskedSurvey) {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	org, err := db.CreateOrganisation(t.Context(), goalpost.Organisation{Name: "Tide", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	s := weighedSurvey(t, db, org.ID, "wishes")
	a, err := AskedByTeam(t.Context(), db, org.ID, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	answerGroups(t, db, a, map[string]int{"young town": 40, "young land": 20, "middle town": 10, "middle land": 20, "old land": 8, "no_answer town": 2})
	return db, org.ID, a
}

func weigh(t testing.TB, db *store.DB, a *AskedSurvey, p goalpost.Population) Weighted {
	t.Helper()
	s, err := a.CompleteSample(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.WeighTo(p)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Weights fit both margins; answers without a group keep their share; a set is found again
// from what is stored, and another answer, population or cap makes another one.
func TestWeigh(t *testing.T) {
	db, org, a := weighedCase(t)
	in := PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 400, "middle", 400, "old", 200), margin("place", "town", 450, "land", 550)}, By: "Ada", Now: weighed}
	p, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	w := weigh(t, db, a, p)
	if w.Problem != nil || w.Set == nil {
		t.Fatalf("%v", w.Problem)
	}
	for _, m := range w.Set.Margins {
		for _, g := range m.Groups {
			if math.Abs(g.Weighted-g.Population) > 1e-6 {
				t.Errorf("%s %v: %g of the weights, %g of the population", m.Question, g.Options, g.Weighted, g.Population)
			}
		}
	}
	if u := w.Set.Margins[0].Unknown; u.N != 2 || math.Abs(u.Weighted-0.02) > 1e-6 {
		t.Errorf("without an age: %+v", u)
	}
	d, squares := w.Set.Diagnosis, 0.0
	for _, v := range w.Weight {
		squares += v * v
	}
	if math.Abs(d.EffectiveN-100*100/squares) > 1e-9 || d.EffectiveN >= 100 || d.Largest > 3 || w.Set.Rules.Cap != 3 || w.Set.N != 100 {
		t.Errorf("%+v", w.Set)
	}
	if c := Carriers(*w.Set); len(c) == 0 || c[0].Options[0] != "old" || c[0].N != 8 {
		t.Errorf("carried by few: %+v", c)
	}

	asked, err := AskedByTeam(t.Context(), db, org, a.Survey.ID)
	if err != nil {
		t.Fatal(err)
	}
	sample, err := asked.CompleteSample(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	found, err := asked.Weigh(t.Context(), db, sample)
	if err != nil || !reflect.DeepEqual(found.Set, w.Set) {
		t.Errorf("from what is stored: %v\ngot:  %+v\nwant: %+v", err, found.Set, w.Set)
	}
	for range 2 { // the second time changes nothing
		if err := asked.CiteWeights(t.Context(), db, found, weighed); err != nil {
			t.Fatal(err)
		}
	}
	sets, err := db.WeightSets(t.Context(), org, a.Survey.ID)
	want := *w.Set
	want.MadeAt = weighed
	if err != nil || len(sets) != 1 || !reflect.DeepEqual(sets[0], want) {
		t.Errorf("cited: %v\ngot:  %+v\nwant: %+v", err, sets, want)
	}

	other := p
	other.Cap, other.CapReason = 4, "few old people"
	if o := weigh(t, db, a, other); o.Set == nil || o.Set.ID == w.Set.ID {
		t.Error("another cap has the same id")
	}
	if err := db.EraseAnswer(t.Context(), org, a.Survey.ID, sample.Answers[0].ID, nil); err != nil {
		t.Fatal(err)
	}
	if o := weigh(t, db, a, p); o.Set == nil || o.Set.ID == w.Set.ID || o.Set.N != 99 {
		t.Error("the weights without an erased answer have the same id")
	}
}

// Each way in which a population does not fit is one sentence, and leaves the sample as it
// is; joined groups fit again.
func TestWeighProblems(t *testing.T) {
	db, org, a := weighedCase(t)
	change := func(m goalpost.PopulationMargin, version int) goalpost.PopulationMargin {
		m.QuestionVersion = version
		return m
	}
	for _, c := range []struct {
		name, key string
		margins   []goalpost.PopulationMargin
	}{
		{"cap", "unreachable", []goalpost.PopulationMargin{margin("age", "young", 200, "middle", 200, "old", 600)}},
		{"nobody of a group in the population", "extra", []goalpost.PopulationMargin{margin("age", "young", 500, "middle", 500, "old", 0)}},
		{"question changed", "changed", []goalpost.PopulationMargin{change(margin("age", "young", 400, "middle", 400, "old", 200), 2)}},
		{"question gone", "gone", []goalpost.PopulationMargin{margin("sex", "young", 400, "middle", 400)}},
	} {
		w := weigh(t, db, a, goalpost.Population{Version: 1, Margins: c.margins})
		if w.Problem == nil || w.Problem.Key != "error.surveyweight."+c.key || w.Set != nil || w.Design == nil {
			t.Errorf("%s: %+v", c.name, w.Problem)
		}
	}
	all, err := a.CompleteSample(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	young, err := a.Sample(all.Answers[:60])
	if err != nil {
		t.Fatal(err)
	}
	w, err := young.WeighTo(goalpost.Population{Version: 1, Margins: []goalpost.PopulationMargin{margin("age", "young", 600, "middle", 100, "old", 300)}})
	if err != nil || w.Problem == nil || w.Problem.Key != "error.surveyweight.nobody" || w.Problem.Field != "age.middle" || w.Problem.Args[2].Number != 0.1 {
		t.Errorf("a group of which nobody answered: %v %+v", err, w.Problem)
	}
	in := PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 200, "middle", 200, "old", 600)}, By: "Ada", Now: weighed}
	if _, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in); err != nil {
		t.Fatal(err)
	}
	v, err := ViewPopulation(t.Context(), db, org, a.Survey.ID)
	if err != nil || len(v.Offers) != 1 || v.Offers[0].Group[0] != "old" || v.Offers[0].Into[0][0] != "middle" || v.Weighted.Problem == nil {
		t.Fatalf("%v %+v", err, v.Offers)
	}
	if err := MergeGroups(t.Context(), db, org, a.Survey.ID, "age", "old", "middle", "Ada", weighed); err != nil {
		t.Fatal(err)
	}
	v, err = ViewPopulation(t.Context(), db, org, a.Survey.ID)
	if err != nil || v.Weighted.Problem != nil || len(v.Margins[0].Groups) != 2 || v.Margins[0].Groups[1].N != 38 || math.Abs(v.Margins[0].Groups[1].Population-0.8) > 1e-12 || len(v.Versions) != 2 {
		t.Errorf("joined: %v %+v %+v", err, v.Weighted.Problem, v.Margins)
	}
}

// What somebody enters and cannot be is refused with the field; nothing is kept of it.
func TestPopulationRefuses(t *testing.T) {
	db, org, a := weighedCase(t)
	percent := func(m goalpost.PopulationMargin) goalpost.PopulationMargin { m.Percent = true; return m }
	age := margin("age", "young", 400, "middle", 400, "old", 200)
	for _, c := range []struct {
		name, key, field string
		in               PopulationInput
	}{
		{"contradictory totals", "totals", "place", PopulationInput{Margins: []goalpost.PopulationMargin{age, margin("place", "town", 450, "land", 600)}}},
		{"per cent", "hundred", "age", PopulationInput{Margins: []goalpost.PopulationMargin{percent(margin("age", "young", 40, "middle", 40, "old", 10))}}},
		{"a group without a size", "missing", "age.old", PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 40, "middle", 40)}}},
		{"an open question", "kind", "more", PopulationInput{Margins: []goalpost.PopulationMargin{margin("more", "young", 40)}}},
		{"no such question", "question", "sex", PopulationInput{Margins: []goalpost.PopulationMargin{margin("sex", "young", 40)}}},
		{"no such option", "option", "age.dead", PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 1, "middle", 1, "old", 1, "dead", 1)}}},
		{"twice", "twice", "age", PopulationInput{Margins: []goalpost.PopulationMargin{age, age}}},
		{"nobody", "empty", "age", PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 0, "middle", 0, "old", 0)}}},
		{"a cap without a reason", "cap-reason", "cap_reason", PopulationInput{Margins: []goalpost.PopulationMargin{age}, Cap: 4}},
		{"a cap of one", "cap", "cap", PopulationInput{Margins: []goalpost.PopulationMargin{age}, Cap: 1, CapReason: "x"}},
	} {
		_, err := SetPopulation(t.Context(), db, org, a.Survey.ID, c.in)
		e, ok := errors.AsType[*goalpost.Error](err)
		if !ok || e.Key != "error.population."+c.key || e.Field != c.field {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if list, err := db.Populations(t.Context(), org, a.Survey.ID); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	in := PopulationInput{Margins: []goalpost.PopulationMargin{age, percent(margin("place", "town", 45, "land", 55))}, By: "Ada", Now: weighed}
	for range 2 { // people and per cent go together; the same again makes no version
		if p, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in); err != nil || p.Version != 1 {
			t.Fatalf("%+v %v", p, err)
		}
		in.Version = 1
	}
	in.Version = 0
	in.Margins = in.Margins[:1]
	if _, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("somebody else was faster: %v", err)
	}
}

// A table names questions and options by code or by words; what does not fit is named by
// line and column.
func TestImportPopulation(t *testing.T) {
	db, org, a := weighedCase(t)
	bring := func(text string) error {
		return ImportPopulation(t.Context(), db, org, a.Survey.ID, text, "Register 2026", "Ada", weighed)
	}
	for _, c := range []struct {
		text, key, field string
		line             int
	}{
		{"question,option,size\nsex,young,1\n", "population-file.no-question", "question", 2},
		{"question,option,size\nage,young,1\nage,dead,1\n", "population-file.no-option", "option", 3},
		{"question,option,size\nage,young,1\nage,YOUNG,1\n", "population.option-twice", "option", 3},
		{"question,option,size\nage,young,1\nage,middle,20%\n", "population-file.mixed", "size", 3},
		{"question,option,size\nmore,young,1\n", "population.kind", "question", 2},
		{"question,option,size\nage,young,40%\nage,middle,20%\nage,old,20%\n", "population.hundred", "age", 0},
	} {
		e, ok := errors.AsType[*goalpost.Error](bring(c.text))
		if !ok || e.Key != "error."+c.key || e.Field != c.field || e.Line != c.line {
			t.Errorf("%q: %v", c.text, e)
		}
	}
	if err := bring("Frage;Antwort;Anteil\nIhr age;Old;19,5 %\n;Young;40,25\n;Middle;40,25\nplace;town;45\nplace;land;55\n"); err != nil {
		t.Fatal(err)
	}
	v, err := ViewPopulation(t.Context(), db, org, a.Survey.ID)
	want := goalpost.PopulationMargin{Question: "age", QuestionVersion: 1, Percent: true, Source: "Register 2026", Groups: []goalpost.PopulationGroup{{Option: "young", Size: 40.25}, {Option: "middle", Size: 40.25}, {Option: "old", Size: 19.5}}}
	if err != nil || len(v.Now.Margins) != 2 || !reflect.DeepEqual(v.Now.Margins[0], want) || v.Weighted.Problem != nil {
		t.Errorf("%v\ngot:  %+v\nwant: %+v\n%v", err, v.Now.Margins, want, v.Weighted.Problem)
	}
}

// Another survey of the organisation gives its population, or what its respondents are, for
// the questions that both ask with the same options.
func TestTakePopulation(t *testing.T) {
	db, org, a := weighedCase(t)
	next := weighedSurvey(t, db, org, "wishes-2")
	if err := TakePopulation(t.Context(), db, org, next.ID, TakenFrom{Survey: a.Survey.ID, Now: weighed}); !goalpost.IsKind(err, goalpost.Invalid) {
		t.Errorf("a survey without a population: %v", err)
	}
	in := PopulationInput{Margins: []goalpost.PopulationMargin{margin("age", "young", 400, "middle", 400, "old", 200)}, By: "Ada", Now: weighed}
	if _, err := SetPopulation(t.Context(), db, org, a.Survey.ID, in); err != nil {
		t.Fatal(err)
	}
	v, err := ViewPopulation(t.Context(), db, org, next.ID)
	if err != nil || len(v.Sources) != 1 || v.Sources[0].Version != 1 || v.Sources[0].Complete != 100 || v.Sources[0].Wave {
		t.Fatalf("%v %+v", err, v.Sources)
	}
	if err := TakePopulation(t.Context(), db, org, next.ID, TakenFrom{Survey: a.Survey.ID, Source: "wishes", By: "Ada", Now: weighed}); err != nil {
		t.Fatal(err)
	}
	p, err := newestPopulation(t.Context(), db, org, next.ID)
	if m, _ := p.Margin("age"); err != nil || len(p.Margins) != 1 || m.Total() != 1000 || m.Source != "wishes" {
		t.Errorf("%v %+v", err, p)
	}
	// The answers are weighted to 40, 40 and 20 %, and so are what is taken from them.
	if err := TakePopulation(t.Context(), db, org, next.ID, TakenFrom{Survey: a.Survey.ID, Answers: true, By: "Ada", Now: weighed}); err != nil {
		t.Fatal(err)
	}
	p, err = newestPopulation(t.Context(), db, org, next.ID)
	m, _ := p.Margin("age")
	if old, _ := m.Group("old"); err != nil || len(p.Margins) != 2 || !m.Percent || old.Size != 20 {
		t.Errorf("%v %+v", err, p)
	}
	if _, err := AskedByTeam(t.Context(), db, org+1, a.Survey.ID); err == nil {
		t.Fatal("another organisation exists")
	}
	if err := TakePopulation(t.Context(), db, org, next.ID, TakenFrom{Survey: 99, Answers: true, Now: weighed}); !goalpost.IsKind(err, goalpost.NotFound) {
		t.Errorf("a survey that is not there: %v", err)
	}
}
