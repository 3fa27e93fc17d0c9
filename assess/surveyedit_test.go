package assess_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/gptest"
)

func askedOf(code string, kind goalpost.QuestionType, options ...string) goalpost.SurveyQuestion {
	q := goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Version: 1, Type: kind, Wording: goalpost.Text{"en": code + "?"}}}
	for _, o := range options {
		q.Options = append(q.Options, goalpost.Item{Code: o, Label: goalpost.Text{"en": o}})
	}
	return q
}

func when(q goalpost.SurveyQuestion, anyRule bool, rules ...goalpost.Rule) goalpost.SurveyQuestion {
	q.ShowIf = &goalpost.Condition{Any: anyRule, Rules: rules}
	return q
}

func TestUnreachable(t *testing.T) {
	two, eight, eleven := 2.0, 8.0, 11.0
	one := askedOf("one", goalpost.SingleChoice, "a", "b")
	several := askedOf("several", goalpost.MultipleChoice, "a", "b")
	nps := askedOf("nps", goalpost.NPSQuestion)
	is := func(q string, o ...string) goalpost.Rule { return goalpost.Rule{Question: q, Is: o} }
	for name, c := range map[string]struct {
		q    goalpost.SurveyQuestion
		want bool
	}{
		"always":                      {askedOf("q", goalpost.TextQuestion), false},
		"one of":                      {when(askedOf("q", goalpost.TextQuestion), false, is("one", "a")), false},
		"a and b of a single choice":  {when(askedOf("q", goalpost.TextQuestion), false, is("one", "a"), is("one", "b")), true},
		"a or b":                      {when(askedOf("q", goalpost.TextQuestion), true, is("one", "a"), is("one", "b")), false},
		"a and b of several":          {when(askedOf("q", goalpost.TextQuestion), false, is("several", "a"), is("several", "b")), false},
		"neither of all":              {when(askedOf("q", goalpost.TextQuestion), false, goalpost.Rule{Question: "one", Not: []string{"a", "b"}}), true},
		"below two and above eight":   {when(askedOf("q", goalpost.TextQuestion), false, goalpost.Rule{Question: "nps", Max: &two}, goalpost.Rule{Question: "nps", Min: &eight}), true},
		"below two or above eight":    {when(askedOf("q", goalpost.TextQuestion), true, goalpost.Rule{Question: "nps", Max: &two}, goalpost.Rule{Question: "nps", Min: &eight}), false},
		"eleven of ten":               {when(askedOf("q", goalpost.TextQuestion), false, goalpost.Rule{Question: "nps", Min: &eleven}), true},
		"after one that nobody is to": {when(askedOf("q", goalpost.TextQuestion), false, goalpost.Rule{Question: "never", Answered: true}), true},
	} {
		never := when(askedOf("never", goalpost.TextQuestion), false, is("one", "a"), is("one", "b"))
		f := goalpost.Form{Languages: []string{"en"}, Questions: []goalpost.SurveyQuestion{one, several, nps, never, c.q}}
		if got := slices.Contains(assess.Unreachable(f), "q"); got != c.want {
			t.Errorf("%s\ngot:  %v\nwant: %v", name, got, c.want)
		}
	}
}

func TestSlugAndCodes(t *testing.T) {
	for title, want := range map[string]string{"Was wünschen Sie sich?": "was-wuenschen-sie-sich", "  Größe & Maße ": "groesse-masse", "Café 2026": "cafe-2026", "???": ""} {
		if got := assess.SlugOf(title); got != want {
			t.Errorf("%s\ngot:  %s\nwant: %s", title, got, want)
		}
	}
	taken := []string{"why", "why_2"}
	for words, want := range map[string]string{"Why?": "why_3", "2026": "q2026", "!": "q"} {
		if got := assess.NewCode(words, "q", func(c string) bool { return slices.Contains(taken, c) }); got != want {
			t.Errorf("%s\ngot:  %s\nwant: %s", words, got, want)
		}
	}
}

// A question that is inserted, moved, removed and restored leaves all others alone, and
// the form that was handed in too.
func TestEditForm(t *testing.T) {
	f := goalpost.Form{Languages: []string{"en"}, Questions: []goalpost.SurveyQuestion{askedOf("a", goalpost.SingleChoice, "x", "y"), askedOf("b", goalpost.TextQuestion), when(askedOf("c", goalpost.TextQuestion), false, goalpost.Rule{Question: "a", Answered: true}, goalpost.Rule{Question: "b", Answered: true})}}
	order := func(f goalpost.Form) (s string) {
		for _, q := range f.Questions {
			s += q.Code + " "
		}
		return s
	}
	added, code := assess.InsertQuestion(f, goalpost.SurveyQuestion{Question: goalpost.Question{Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "a"}}}, "a")
	if got := order(added); got != "a a_2 b c " || code != "a_2" {
		t.Errorf("\ngot:  %s%s\nwant: a a_2 b c", got, code)
	}
	if got := order(assess.MoveQuestion(f, "b", -1)) + order(assess.MoveQuestion(f, "a", -1)); got != "b a c a b c " {
		t.Errorf("moved: %s", got)
	}
	left, gone := assess.RemoveQuestion(f, "a")
	if c, _ := left.Question("c"); order(left) != "b c " || len(c.ShowIf.Rules) != 1 || len(gone.Conditions) != 1 {
		t.Errorf("removed: %s %+v", order(left), c.ShowIf)
	}
	back := assess.RestoreQuestion(left, gone)
	if c, _ := back.Question("c"); order(back) != "a b c " || len(c.ShowIf.Rules) != 2 {
		t.Errorf("restored: %s %+v", order(back), c.ShowIf)
	}
	if c, _ := f.Question("c"); order(f) != "a b c " || len(c.ShowIf.Rules) != 2 {
		t.Error("the form that was handed in was changed")
	}
}

// What is found before a survey is opened, and that it cannot be opened after its end.
func TestSurveyHints(t *testing.T) {
	ctx, now := context.Background(), time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)
	db := gptest.Store(t)
	organisation, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "Musterwerk", Language: "en", TimeZone: "UTC", Currency: "EUR", Adopted: true})
	if err != nil {
		t.Fatal(err)
	}
	org := organisation.ID
	f := goalpost.Form{Languages: []string{"en", "de"}, Title: goalpost.Text{"en": "Ask [name]", "de": "Fragen"}, Questions: []goalpost.SurveyQuestion{askedOf("a", goalpost.SingleChoice, "x", "y"),
		when(askedOf("b", goalpost.TextQuestion), false, goalpost.Rule{Question: "a", Is: []string{"x"}}, goalpost.Rule{Question: "a", Is: []string{"y"}})}}
	s, err := assess.CreateSurvey(ctx, db, org, assess.SurveyInput{Survey: goalpost.Survey{Slug: "ask", Form: f, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Sample: goalpost.SampleUnknown, ClosesAt: now}}, By: "Ada", Now: now.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := assess.EditSurvey(ctx, db, org, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range e.Hints(now) {
		got = append(got, h.Key)
	}
	if want := []string{"past", "placeholder", "unreachable", "language", "responsible"}; !slices.Equal(got, want) {
		t.Errorf("\ngot:  %v\nwant: %v", got, want)
	}
	if err := assess.ChangeState(ctx, db, org, e, goalpost.SurveyOpen, "Ada", now); !goalpost.IsKind(err, goalpost.Invalid) {
		t.Errorf("opened after its end: %v", err)
	}
	if err := assess.ChangeState(ctx, db, org, e, goalpost.SurveyOpen, "Ada", now.Add(-time.Minute)); err != nil {
		t.Errorf("before its end: %v", err)
	}
	if err := assess.ChangeState(ctx, db, org, e, goalpost.SurveyPaused, "Ada", now); !goalpost.IsKind(err, goalpost.Conflict) {
		t.Errorf("from an old page: %v", err)
	}
}
