package assess_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/dataset"
	"goalpost/locale"
	"goalpost/store"
)

func datasetOf(t *testing.T, db *store.DB, a *assess.AskedSurvey, lang string, weights ...assess.WeightColumn) dataset.Table {
	t.Helper()
	list, err := a.Answers(t.Context(), db, assess.AnswersQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return a.Dataset(assess.DatasetInput{Answers: list, Weights: weights, Say: locale.New(locale.Language(lang), ""), Language: lang, Program: "Goalpost", At: fieldDay})
}

// written is a row of a dataset, without what is known of the answer itself.
func written(t dataset.Table, row int) string {
	var cells []string
	for i, v := range t.Variables {
		x := t.Rows[row][i]
		if i < slices.IndexFunc(t.Variables, func(v dataset.Variable) bool { return v.Name == "flags" })+1 {
			continue
		}
		switch {
		case v.Text && x.Text != "":
			cells = append(cells, v.Name+"="+x.Text)
		case !v.Text && !math.IsNaN(x.Number):
			cells = append(cells, fmt.Sprintf("%s=%v", v.Name, x.Number))
		}
	}
	return strings.Join(cells, " ")
}

func variable(t *testing.T, x dataset.Table, name string) dataset.Variable {
	t.Helper()
	i := slices.IndexFunc(x.Variables, func(v dataset.Variable) bool { return v.Name == name })
	if i < 0 {
		t.Fatalf("no variable %s", name)
	}
	return x.Variables[i]
}

func labelsOf(v dataset.Variable) string {
	var list []string
	for _, l := range v.Values {
		mark := ""
		if l.Missing {
			mark = "!"
		}
		list = append(list, fmt.Sprintf("%v%s%s=%s", l.Value.Number, mark, l.Value.Text, l.Label))
	}
	return strings.Join(list, ", ")
}

// Every type of question, and every reason why one was not answered.
func TestSurveyDataset(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		everyType(s)
		least := 0.0
		spent, balance := asks("spent", goalpost.NumberQuestion), asks("balance", goalpost.NumberQuestion)
		spent.Min, spent.Decimals = &least, 2
		s.Form.Questions = append(s.Form.Questions, asks("nps", goalpost.NPSQuestion, option("no", goalpost.RoleNoOpinion)), spent, balance)
	})
	for i, answers := range []string{
		`{"why":{"choices":["else"],"text":"The =dogs"},"where":{"choices":["shop","text"],"text":"Park"},"stars":{"number":3},"less":{"text":"Noise"},"first":{"choices":["site"]},"agree":{"choices":["yes"]},"nps":{"number":0},"spent":{"number":12.5},"balance":{"number":-5}}`,
		`{"why":{"choices":["offers"]},"where":{"choices":["none"]},"stars":{"number":5},"less":{"text":"hidden now"},"first":{"choices":["dk"]},"nps":{"choices":["no"]}}`,
		`{"why":{"choices":["tv"]},"stars":{"choices":["dk"]},"where":{"choices":["ig","none"]},"first":{"choices":["app","site"]}}`,
	} {
		send(t, db, a, sentBy(a, i+1, answers, true))
	}
	send(t, db, a, sentBy(a, 4, `{"stars":{"number":1}}`, false))
	x := datasetOf(t, db, a, "en", assess.WeightColumn{Name: "by_age", Label: "Weight by age", Of: map[int64]float64{1: 0.5, 2: 1.5}})
	for i, want := range []string{
		"why=3 why.else.text=The =dogs where.ig=0 where.shop=1 where.text=1 where.none=0 where.text.text=Park stars=3 less=Noise less.answered=1 first.app=996 first.site=1 agree=1 nps=0 spent=12.5 balance=-5 by_age=0.5",
		"why=1 where.ig=0 where.shop=0 where.text=0 where.none=1 stars=5 less.answered=991 first.app=993 first.site=993 agree=0 nps=994 spent=-992 balance=-9.99999992e+08 by_age=1.5",
		"why=995 where.ig=995 where.shop=995 where.text=995 where.none=995 stars=993 less.answered=991 first.app=1 first.site=2 agree=0 nps=992 spent=-992 balance=-9.99999992e+08",
		"why=992 where.ig=992 where.shop=992 where.text=992 where.none=992 stars=1 less.answered=992 first.app=992 first.site=992 agree=992 nps=992 spent=-992 balance=-9.99999992e+08",
	} {
		if got := written(x, i); got != want {
			t.Errorf("row %d\ngot:  %s\nwant: %s", i, got, want)
		}
	}
	for name, want := range map[string]string{
		"why":           "1=offers, 2=news, 3=else, 991!=not asked, 992!=not answered, 995!=answer not valid",
		"where.ig":      "0=not chosen, 1=ig, 991!=not asked, 992!=not answered, 995!=answer not valid",
		"stars":         "1=1, 2=2, 3=3, 4=4, 5=5, 991!=not asked, 992!=not answered, 993!=don’t know, 995!=answer not valid",
		"first.app":     "991!=not asked, 992!=not answered, 993!=don’t know, 995!=answer not valid, 996!=not ranked",
		"agree":         "0=not agreed, 1=agreed, 991!=not asked, 992!=not answered, 995!=answer not valid",
		"nps":           "991!=not asked, 992!=not answered, 994!=would rather not say, 995!=answer not valid",
		"spent":         "-991!=not asked, -992!=not answered, -995!=answer not valid",
		"less":          "",
		"state":         "1=begun, 2=complete, 3=over quota, 4=late, 5=not invited, 6=erased",
		"first.site":    labelsOf(variable(t, x, "first.app")),
		"where.none":    "0=not chosen, 1=none, 991!=not asked, 992!=not answered, 995!=answer not valid",
		"less.answered": "1=answered, 991!=not asked, 992!=not answered, 995!=answer not valid",
	} {
		if got := labelsOf(variable(t, x, name)); got != want {
			t.Errorf("%s\ngot:  %s\nwant: %s", name, got, want)
		}
	}
	if v := variable(t, x, "stars"); v.Measure != dataset.Ordinal || v.Label != "stars?" {
		t.Errorf("%+v", v)
	}
	if v := variable(t, x, "spent"); v.Measure != dataset.Scale || v.Decimals != 2 {
		t.Errorf("%+v", v)
	}
	if v := variable(t, x, "by_age"); !v.Weight || v.Label != "Weight by age" {
		t.Errorf("%+v", v)
	}
	if v := variable(t, x, "begun_at"); v.Format != dataset.Day {
		t.Errorf("an anonymous survey knows days: %+v", v)
	}
	if len(x.Sets) != 1 || x.Sets[0].Name != "where" || len(x.Sets[0].Members) != 4 || x.Variables[x.Sets[0].Members[1]].Label != "shop – where?" {
		t.Errorf("%+v", x.Sets)
	}
	if got := labelsOf(variable(t, datasetOf(t, db, a, "de"), "where.ig")); got != "0=nicht gewählt, 1=ig, 991!=nicht gefragt, 992!=nicht beantwortet, 995!=ungültige Antwort" {
		t.Error(got)
	}
	for _, f := range dataset.FileFormats() {
		var b bytes.Buffer
		if err := x.Write(&b, f); err != nil || b.Len() == 0 {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// An option keeps its number when the form changes, and who answered an earlier form was not
// asked what is new.
func TestSurveyDatasetOfVersions(t *testing.T) {
	db, a := askedSurvey(t, everyType)
	send(t, db, a, sentBy(a, 1, `{"why":{"choices":["news"]},"where":{"choices":["shop"]},"stars":{"number":4},"less":{"text":"gone"}}`, true))
	next := a.Survey.Form
	next.Questions = slices.Clone(next.Questions)
	next.Questions[0] = asks("why", goalpost.SingleChoice, option("fun", ""), option("news", ""), option("offers", ""))
	next.Questions[1] = asks("where", goalpost.MultipleChoice, option("tv", ""), option("shop", ""))
	next.Questions[3] = asks("less", goalpost.SingleChoice, option("dirt", ""), option("noise", ""))
	changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Form: &next})
	a = asked(t, db)
	send(t, db, a, sentBy(a, 2, `{"why":{"choices":["fun"]},"where":{"choices":["tv"]},"stars":{"number":5},"less":{"choices":["noise"]}}`, true))
	x := datasetOf(t, db, a, "en")
	for i, want := range []string{
		"why=2 where.ig=0 where.shop=1 where.text=0 where.none=0 where.tv=991 stars=4 less=991 first.app=992 first.site=992 agree=0 less@1=gone less@1.answered=1",
		"why=4 where.ig=991 where.shop=0 where.text=991 where.none=991 where.tv=1 stars=5 less=2 first.app=992 first.site=992 agree=0 less@1.answered=991",
	} {
		if got := written(x, i); got != want {
			t.Errorf("row %d\ngot:  %s\nwant: %s", i, got, want)
		}
	}
	if got, want := labelsOf(variable(t, x, "why")), "1=offers, 2=news, 3=else, 4=fun, 991!=not asked, 992!=not answered, 995!=answer not valid"; got != want {
		t.Errorf("\ngot:  %s\nwant: %s", got, want)
	}
}

// No answer is taken for a reason, whatever numbers a question takes.
func TestSurveyDatasetOfNumbers(t *testing.T) {
	bound := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		min, max *float64
		sent     float64
		want     float64 // the code of what was not answered
	}{
		{nil, bound(100), 7, 992}, {bound(0), nil, 992, -992}, {bound(-10), bound(5000), 992, -992}, {bound(-5000), bound(5000), -992, -999999992}, {nil, nil, -999999992, -999999990002},
	} {
		db, a := askedSurvey(t, func(s *goalpost.Survey) {
			q := asks("n", goalpost.NumberQuestion)
			q.Min, q.Max = c.min, c.max
			s.Form.Questions = []goalpost.SurveyQuestion{q}
		})
		send(t, db, a, sentBy(a, 1, fmt.Sprintf(`{"n":{"number":%v}}`, c.sent), true))
		send(t, db, a, sentBy(a, 2, `{}`, true))
		x := datasetOf(t, db, a, "en")
		last := len(x.Variables) - 1
		if x.Rows[0][last].Number != c.sent || x.Rows[1][last].Number != c.want {
			t.Errorf("%+v: %v, %v", c, x.Rows[0][last].Number, x.Rows[1][last].Number)
		}
		for _, l := range x.Variables[last].Values {
			if l.Value.Number == c.sent {
				t.Errorf("%v is also %q", c.sent, l.Label)
			}
		}
	}
}
