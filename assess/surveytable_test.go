package assess_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

func label(en string) goalpost.Text { return goalpost.Text{"en": en} }

func asks(code string, kind goalpost.QuestionType, options ...goalpost.Item) goalpost.SurveyQuestion {
	return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Type: kind, Wording: label(code + "?"), Options: options}}
}

func option(code string, role goalpost.ItemRole) goalpost.Item {
	return goalpost.Item{Code: code, Label: label(code), Role: role}
}

// everyType has a question of each type.
func everyType(s *goalpost.Survey) {
	stars := asks("stars", goalpost.ScaleQuestion, option("dk", goalpost.RoleDontKnow))
	stars.Scale = &goalpost.Scale{Low: 1, High: 5}
	less := asks("less", goalpost.TextQuestion)
	least := 4.0
	less.ShowIf = &goalpost.Condition{Rules: []goalpost.Rule{{Question: "stars", Max: &least}}}
	s.Form.Questions = []goalpost.SurveyQuestion{
		asks("why", goalpost.SingleChoice, option("offers", ""), option("news", ""), option("else", goalpost.RoleOther)),
		asks("where", goalpost.MultipleChoice, option("ig", ""), option("shop", ""), option("text", goalpost.RoleOther), option("none", goalpost.RoleNone)),
		stars, less,
		asks("first", goalpost.RankingQuestion, option("app", ""), option("site", ""), option("dk", goalpost.RoleDontKnow)),
		asks("agree", goalpost.ConsentQuestion),
	}
}

// tableOf is a table of answers as text, a line for each row, empty cells and the columns of
// the answer itself left out.
func tableOf(t assess.SurveyTable) string {
	var lines []string
	for _, r := range t.Rows {
		var cells []string
		for i, c := range r {
			if s := c.String(); s != "" && (t.Columns[i].Question != "" || t.Columns[i].Name == "invalid") {
				cells = append(cells, t.Columns[i].Name+"="+s)
			}
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	return strings.Join(lines, "\n")
}

func TestSurveyTable(t *testing.T) {
	db, a := askedSurvey(t, everyType)
	for i, answers := range []string{
		`{"why":{"choices":["else"],"text":"The =dogs"},"where":{"choices":["shop","text"],"text":"Park"},"stars":{"number":3},"less":{"text":"Noise"},"first":{"choices":["site","app"]},"agree":{"choices":["yes"]}}`,
		`{"why":{"choices":["offers"]},"where":{"choices":["none"]},"stars":{"number":5},"less":{"text":"hidden now"},"first":{"choices":["dk"]}}`,
		`{"why":{"choices":["tv"]},"stars":{"choices":["dk"]},"where":{"choices":["ig","none"]}}`,
	} {
		send(t, db, a, sentBy(a, i+1, answers, true))
	}
	send(t, db, a, sentBy(a, 4, `{"stars":{"number":1}}`, false))
	list, err := a.Answers(t.Context(), db, assess.AnswersQuery{})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"why=else why.else.text=The =dogs where.ig=0 where.shop=1 where.text=1 where.text.text=Park where.none=0 stars=3 stars.dk=0 less=Noise first.app=2 first.site=1 first.dk=0 agree=1",
		"why=offers where.ig=0 where.shop=0 where.text=0 where.none=1 stars=5 stars.dk=0 first.dk=1 agree=0",
		"invalid=why where stars.dk=1 agree=0",
		"stars=1 stars.dk=0",
	}, "\n")
	if got := tableOf(a.Table(list)); got != want {
		t.Errorf("\ngot:\n%s\nwant:\n%s", got, want)
	}
	first := a.Table(list).Rows[0]
	var head []string
	for _, c := range first[:12] {
		head = append(head, c.String())
	}
	if got, want := strings.Join(head, " "), rid(1)+" 1 complete 1 ig spring en phone 2026-03-15 2026-03-15 60 "; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
	for _, c := range []struct {
		q    assess.AnswersQuery
		want int
	}{{assess.AnswersQuery{States: []goalpost.AnswerState{goalpost.AnswerComplete}}, 3}, {assess.AnswersQuery{States: []goalpost.AnswerState{goalpost.AnswerBegun}}, 1}, {assess.AnswersQuery{Clean: true}, 4}} {
		if list, err := a.Answers(t.Context(), db, c.q); err != nil || len(list) != c.want {
			t.Errorf("%+v: %d %v", c.q, len(list), err)
		}
	}
	if err := a.EraseAnswer(t.Context(), db, rid(1)); err != nil {
		t.Fatal(err)
	}
	if list, err := a.Answers(t.Context(), db, assess.AnswersQuery{}); err != nil || len(list) != 3 || strings.Contains(tableOf(a.Table(list)), "Noise") {
		t.Errorf("an erased answer: %v %v", list, err)
	}
}

// Questions of all versions have columns, and a code that got another type has two: nothing
// different stands in one column.
func TestSurveyTableOfVersions(t *testing.T) {
	db, a := askedSurvey(t, everyType)
	send(t, db, a, sentBy(a, 1, `{"why":{"choices":["offers"]},"less":{"text":"gone"},"stars":{"number":1}}`, true))
	next := a.Survey.Form
	next.Questions = slices.Clone(next.Questions)
	next.Questions[0] = asks("why", goalpost.MultipleChoice, option("offers", ""), option("fun", ""))
	next.Questions = slices.Delete(next.Questions, 3, 4)
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Form: &next})
	a = asked(t, db)
	in := sentBy(a, 2, `{"why":{"choices":["fun"]}}`, true)
	send(t, db, a, in)
	list, err := a.Answers(t.Context(), db, assess.AnswersQuery{})
	if err != nil {
		t.Fatal(err)
	}
	want := "stars=1 stars.dk=0 agree=0 why@1=offers less=gone\nwhy.offers=0 why.fun=1 agree=0"
	if got := tableOf(a.Table(list)); got != want {
		t.Errorf("\ngot:\n%s\nwant:\n%s", got, want)
	}
	seen := map[string]bool{}
	for _, c := range a.Table(nil).Columns {
		if seen[c.Name] {
			t.Errorf("two columns %q", c.Name)
		}
		seen[c.Name] = true
	}
}

// Questions and options may be called like columns that every table has: none of their
// replies is lost for it.
func TestSurveyTableNames(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		other := option("else", "")
		other.Role = goalpost.RoleOther
		s.Form.Questions = []goalpost.SurveyQuestion{asks("language", goalpost.SingleChoice, option("en", ""), option("fr", "")), asks("why", goalpost.MultipleChoice, option("tags", ""), option("news", ""), other)}
	})
	send(t, db, a, sentBy(a, 1, `{"language":{"choices":["fr"]},"why":{"choices":["tags","else"],"text":"Dogs"}}`, true))
	if err := db.TagAnswer(t.Context(), a.Org, a.Survey.ID, rid(1), "why", []string{"pets"}, "Ada", fieldDay); err != nil {
		t.Fatal(err)
	}
	table, err := a.FullTable(t.Context(), db, assess.NewSurveyTally())
	if err != nil || len(table.Rows) != 1 {
		t.Fatalf("%+v %v", table, err)
	}
	got := map[string]string{}
	for i, c := range table.Columns {
		if _, twice := got[c.Name]; twice {
			t.Errorf("two columns %q", c.Name)
		}
		got[c.Name] = table.Rows[0][i].String()
	}
	for name, want := range map[string]string{"language": "en", "language@1": "fr", "why.tags": "1", "why.else.text": "Dogs", "why@tags": "pets"} {
		if got[name] != want {
			t.Errorf("%s\ngot:  %q\nwant: %q", name, got[name], want)
		}
	}
}

// What was changed is told by question, and a person's word keeps a trend.
func TestReplaceSurvey(t *testing.T) {
	db, a := askedSurvey(t, everyType)
	replace := func(form goalpost.Form, change func(*assess.SurveyReplacement)) (assess.SurveyReplaced, error) {
		in := assess.SurveyReplacement{Survey: goalpost.Survey{Form: form, Settings: a.Survey.Settings}, By: "Ada", Now: fieldDay}
		if change != nil {
			change(&in)
		}
		return assess.ReplaceSurvey(t.Context(), db, a.Org, a.Survey.ID, in)
	}
	form := a.Survey.Form
	if r, err := replace(form, nil); err != nil || r.Changed {
		t.Errorf("the same: %+v %v", r, err)
	}
	edited := form
	edited.Questions = slices.Clone(form.Questions)
	edited.Questions[0].Wording = label("What for?")
	edited.Questions[1].Wording = label("Which places?")
	edited.Questions[4] = asks("second", goalpost.TextQuestion)
	if r, err := replace(edited, nil); err != nil || r.NewVersion || len(r.Trends) != 0 {
		t.Errorf("nobody answered yet, so that no trend is lost: %+v %v", r, err)
	}
	if _, err := replace(form, nil); err != nil {
		t.Fatal(err)
	}
	a = asked(t, db)
	send(t, db, a, sentBy(a, 1, `{"stars":{"number":1}}`, true))
	keep := func(in *assess.SurveyReplacement) { in.Keep = []string{"where"} }
	dry, err := replace(edited, func(in *assess.SurveyReplacement) { keep(in); in.DryRun = true })
	if err != nil || asked(t, db).Survey.FormVersion != 1 {
		t.Errorf("a dry run changed something, or failed: %v", err)
	}
	r, err := replace(edited, keep)
	want := []assess.SurveyTrend{{Question: "why", Trend: "lost", Changes: []string{"wording"}}, {Question: "where", Trend: "declared", Changes: []string{"wording"}}, {Question: "second", Trend: "new"}, {Question: "first", Trend: "removed"}}
	if err != nil || !r.NewVersion || r.Survey.FormVersion != 2 || !reflect.DeepEqual(r.Trends, want) || !reflect.DeepEqual(dry.Trends, want) {
		t.Errorf("\ngot:  %+v %v\nwant: %+v", r.Trends, err, want)
	}
	if k := r.Survey.Form.Kept; len(k) != 1 || k[0] != (goalpost.KeptTrend{Question: "where", Version: 2, By: "Ada"}) || r.Survey.Form.Questions[0].Version != 2 {
		t.Errorf("%+v", k)
	}
	if _, err := replace(form, func(in *assess.SurveyReplacement) { in.Revision = 1 }); !strings.Contains(fmt.Sprint(err), "error.survey.changed") {
		t.Errorf("over somebody else's change: %v", err)
	}
	if _, err := replace(form, func(in *assess.SurveyReplacement) { in.Keep = []string{"gone"} }); !strings.Contains(fmt.Sprint(err), "error.surveyform.keep") {
		t.Errorf("%v", err)
	}
}

// Nobody finds, makes or changes a survey of another organisation by its number or name.
func TestSurveysOfOthers(t *testing.T) {
	db, a := askedSurvey(t, nil)
	other, err := db.CreateOrganisation(t.Context(), goalpost.Organisation{Name: "Other", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"wishes", "1", "0", "-1", "", "1e0"} {
		if s, err := assess.FindSurvey(t.Context(), db, other.ID, name); err == nil {
			t.Errorf("%q found %+v", name, s)
		}
	}
	for _, name := range []string{"wishes", "1"} {
		if s, err := assess.FindSurvey(t.Context(), db, a.Org, name); err != nil || s.ID != a.Survey.ID {
			t.Errorf("%q: %v", name, err)
		}
	}
	same := assess.SurveyInput{Survey: goalpost.Survey{Slug: "wishes", Form: a.Survey.Form, Settings: a.Survey.Settings}, By: "Eve", Now: fieldDay}
	if _, created, err := assess.CreateSurveyOnce(t.Context(), db, other.ID, same); created || err == nil {
		t.Errorf("the name of others: %v %v", created, err)
	}
	if s, created, err := assess.CreateSurveyOnce(t.Context(), db, a.Org, same); created || err != nil || s.ID != a.Survey.ID || s.By != "Ada" {
		t.Errorf("the same again: %+v %v %v", s, created, err)
	}
	if _, err := assess.ReplaceSurvey(t.Context(), db, other.ID, a.Survey.ID, assess.SurveyReplacement{Survey: same.Survey}); err == nil {
		t.Error("another organisation replaced it")
	}
	if _, err := assess.SetSurveyState(t.Context(), db, other.ID, a.Survey.ID, goalpost.SurveyClosed, "Eve", fieldDay); err == nil {
		t.Error("another organisation closed it")
	}
}

func TestSetSurveyState(t *testing.T) {
	db, a := askedSurvey(t, nil)
	set := func(state goalpost.SurveyState) (goalpost.Survey, error) {
		return assess.SetSurveyState(t.Context(), db, a.Org, a.Survey.ID, state, "Ada", fieldDay)
	}
	for _, state := range []goalpost.SurveyState{goalpost.SurveyPaused, goalpost.SurveyPaused, goalpost.SurveyOpen, goalpost.SurveyClosed, goalpost.SurveyOpen} {
		if s, err := set(state); err != nil || s.State != state {
			t.Errorf("%s: %s %v", state, s.State, err)
		}
	}
	for _, state := range []goalpost.SurveyState{goalpost.SurveyDraft, "", "gone"} {
		if _, err := set(state); err == nil {
			t.Errorf("became %q", state)
		}
	}
	if s, err := set(goalpost.SurveyOpen); err != nil || s.Revision != 6 {
		t.Errorf("what stays as it is counts as a change: revision %d %v", s.Revision, err)
	}
	ended := a.Survey.Settings
	ended.ClosesAt = fieldDay
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Settings: &ended})
	if s, err := set(goalpost.SurveyPaused); err != nil || s.State != goalpost.SurveyPaused {
		t.Errorf("paused after its end: %s %v", s.State, err)
	}
	if _, err := set(goalpost.SurveyOpen); keyOf(err) != "error.survey-state.past" {
		t.Errorf("opened after its end: %v", err)
	}
}
