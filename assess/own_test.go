package assess_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/gptest"
	"goalpost/locale"
	"goalpost/store"
)

var ownNow = time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC)

// trade is an organisation that answers the published study.
type trade struct {
	t   *testing.T
	db  *store.DB
	org goalpost.Organisation
}

func newTrade(t *testing.T) trade {
	t.Helper()
	db := gptest.Store(t)
	org, err := db.Organisation(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return trade{t, db, org}
}

func (a trade) answer(wave, why string, now time.Time, entries ...assess.OwnEntry) []goalpost.OwnAnswer {
	a.t.Helper()
	added, err := assess.AnswerStudy(a.t.Context(), a.db, a.org, assess.OwnInput{Study: assess.PivotStudy, Wave: wave, Why: why, By: "Ada", Now: now, Answers: entries})
	if err != nil {
		a.t.Fatal(err)
	}
	return added
}

func (a trade) view(now time.Time) assess.OwnView {
	a.t.Helper()
	v, err := assess.Own(a.t.Context(), a.db, a.org, assess.PivotStudy, now)
	if err != nil {
		a.t.Fatal(err)
	}
	return v
}

func questionOf(t *testing.T, v assess.OwnView, code string) assess.OwnQuestion {
	t.Helper()
	for _, q := range v.Questions {
		if q.Code == code {
			return q
		}
	}
	t.Fatalf("no question %s", code)
	return assess.OwnQuestion{}
}

func newestFigure(t *testing.T, q assess.OwnQuestion, option string) assess.OwnFigure {
	t.Helper()
	for _, o := range q.Options {
		for _, f := range o.Figures {
			if o.Option.Code == option && f.Newest {
				return f
			}
		}
	}
	t.Fatalf("no figure of %s", option)
	return assess.OwnFigure{}
}

func goals(options ...string) assess.OwnEntry {
	return assess.OwnEntry{Question: "goals", Options: options, None: len(options) == 0}
}

// An answer is kept once; a different one in the same wave corrects it and both stay; a
// new wave is a new entry; an earlier year entered later stands first.
func TestOwnAnswersAreOnlyAdded(t *testing.T) {
	a := newTrade(t)
	if added := a.answer("", "", ownNow, goals("sales", "brand")); len(added) != 1 || added[0].Wave != "2026-Q1" {
		t.Fatalf("\ngot:  %+v\nwant: one in the running quarter", added)
	}
	if added := a.answer("2026-Q1", "", ownNow, goals("brand", "sales")); len(added) != 0 {
		t.Errorf("the same in another order\ngot:  %+v", added)
	}
	a.answer("2026-Q1", "a slip", ownNow.Add(time.Hour), goals())
	a.answer("2026-Q1", "", ownNow.Add(2*time.Hour), goals("sales", "brand"))
	a.answer("2025", "", ownNow.Add(3*time.Hour), goals("sales"))
	v := a.view(ownNow)
	if !slices.Equal(v.Waves, []string{"2025", "2026-Q1"}) || v.Known != 4 {
		t.Errorf("\ngot:  %v, %d answers", v.Waves, v.Known)
	}
	q := questionOf(t, v, "goals")
	if len(q.Answers) != 2 || len(q.Corrected) != 2 || len(q.Corrected[0].Choices) != 2 || len(q.Corrected[1].Choices) != 0 || q.Corrected[1].Why != "a slip" {
		t.Errorf("\ngot:  %+v, corrected %+v", q.Answers, q.Corrected)
	}
	for _, o := range q.Options {
		if o.Option.Code == "brand" && (*o.Ticks[0] || !*o.Ticks[1]) {
			t.Errorf("brand\ngot:  %v %v\nwant: false true", *o.Ticks[0], *o.Ticks[1])
		}
	}
	if q := questionOf(t, v, "asked_customers"); len(q.Answers) != 0 || q.Options[0].Ticks[0] != nil {
		t.Error("what nobody answered is no answer")
	}
}

// Published value: reference figures of the study, in words beside the own answer. What
// is only a bound, about right, expected or assumed stays so.
func TestOwnBesideTheTrade(t *testing.T) {
	a := newTrade(t)
	a.answer("2026-Q1", "", ownNow, goals("sales"), assess.OwnEntry{Question: "understand_social_consumers", Options: []string{"no"}},
		assess.OwnEntry{Question: "gender_men", Number: "40.5"}, assess.OwnEntry{Question: "primary_metric", Options: []string{"sales"}})
	v := a.view(ownNow)
	p := locale.New(locale.English, "")
	p.Missing = func(key string) { t.Errorf("no text %s", key) }
	goalsQ := questionOf(t, v, "goals")
	f := newestFigure(t, goalsQ, "sales")
	if f.Share == nil || math.Abs(*f.Lo-0.5073) > 5e-5 || math.Abs(*f.Hi-0.6496) > 5e-5 {
		t.Errorf("\ngot:  %v %v\nwant: 0.5073 to 0.6496 (105 of 181)", *f.Lo, *f.Hi)
	}
	for _, c := range []struct{ question, option, want string }{
		{"goals", "sales", "2013 (expected), asked in wave 2012: 58% of those asked named “Sell more” (95% interval 50.7% to 65.0%, if 181 people answered). You too (2026-Q1)."},
		{"goals", "leads", "2013 (expected), asked in wave 2012: 55% of those asked named “Win leads” (95% interval 48.0% to 62.3%, if 181 people answered). You did not (2026-Q1)."},
		{"primary_metric", "sales", "2013 (expected), asked in wave 2012: about 15% of those asked named “Sell more”; the exact figure is not known. You too (2026-Q1)."},
		{"understand_social_consumers", "yes", "2012: 62% of those asked answered “Yes” (95% interval 54.6% to 68.6%). You said no (2026-Q1)."},
		{"asked_customers", "yes", "2011: 34% of those asked answered “Yes” (95% interval 27.7% to 41.4%, if 181 people answered). You have not answered this yet."},
		{"gender_men", "men", "2012: the mean of the answers was 55; how far they spread was not published. You said 40.5 (2026-Q1)."},
	} {
		f := newestFigure(t, questionOf(t, v, c.question), c.option)
		if got := p.Note(f.Sentence) + " " + p.Note(f.You); got != c.want {
			t.Errorf("%s %s\ngot:  %s\nwant: %s", c.question, c.option, got, c.want)
		}
	}
	if got := noteKeys(f.Apart); !slices.Equal(got, []string{"study.break.reference", "own.apart.years"}) {
		t.Errorf("an expectation of 2012 and an answer of 2026\ngot:  %v", got)
	}
	if got := noteKeys(newestFigure(t, questionOf(t, v, "understand_social_consumers"), "yes").Apart); !slices.Equal(got, []string{"own.apart.years"}) {
		t.Errorf("\ngot:  %v", got)
	}
	for _, o := range goalsQ.Options {
		if o.Option.Code == "sales" && (!slices.Contains(o.Figures[0].Flags, "implausible") || p.Note(o.Figures[1].Sentence) != "2012: less than 50% of those asked named “Sell more”; more is not known.") {
			t.Errorf("\ngot:  %+v", o.Figures)
		}
	}
	if got := noteKeys(goalsQ.Doubts); !slices.Contains(got, "study.doubt.wording") || !slices.Contains(got, "study.doubt.sample") {
		t.Errorf("doubts\ngot:  %v", got)
	}
	if got := noteKeys(questionOf(t, v, "asked_customers").Claims); !slices.Equal(got, []string{"own.claim.asked"}) {
		t.Errorf("\ngot:  %v", got)
	}
}

func noteKeys(notes []goalpost.Note) []string {
	keys := []string{}
	for _, n := range notes {
		keys = append(keys, n.Key)
	}
	return keys
}

// Every sentence about an own answer exists in both languages, for every study that
// ships, whatever can be ticked there.
func TestOwnSentencesOfAllStudies(t *testing.T) {
	a := newTrade(t)
	list, err := assess.PublishedStudies()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range locale.Languages() {
		p := locale.New(language, "")
		p.Missing = func(key string) { t.Errorf("%s: no text %s", language, key) }
		said := 0
		for i, s := range list {
			for j, q := range assess.ViewStudy(s, nil).Questions {
				e := assess.OwnEntry{Question: q.Code, Options: []string{q.Current().Options[0].Code}}
				if q.Current().Form() == goalpost.FormNumber {
					e = assess.OwnEntry{Question: q.Code, Number: "3"}
				}
				if j%2 == 1 && q.Current().Form() == goalpost.FormYesNo {
					e = assess.OwnEntry{Question: q.Code, None: true}
				}
				_, err := assess.AnswerStudy(t.Context(), a.db, a.org, assess.OwnInput{Study: s.ID, Wave: fmt.Sprint(2020 + i), By: "Ada", Now: ownNow, Answers: []assess.OwnEntry{e}})
				if err != nil {
					t.Errorf("%s %s: %v", s.ID, q.Code, err)
				}
			}
			v, err := assess.Own(t.Context(), a.db, a.org, s.ID, ownNow)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range v.Questions {
				for _, o := range q.Options {
					for _, f := range o.Figures {
						said++
						text := p.Note(f.Sentence) + p.Note(f.You) + strings.Join(p.Notes(slices.Concat(f.Apart, q.Doubts, q.Claims)), " ")
						if strings.Contains(text, "NaN") || strings.Contains(text, "{") {
							t.Errorf("%s %s: %s", s.ID, q.Code, text)
						}
					}
				}
			}
		}
		if said < 100 {
			t.Errorf("only %d figures", said)
		}
	}
}

// Limits: each refusal by its key; nothing of a refused list is kept.
func TestAnswerStudyRefuses(t *testing.T) {
	a := newTrade(t)
	a.answer("2026-Q1", "", ownNow, goals("sales"))
	old := 0
	for name, c := range map[string]struct {
		in   assess.OwnInput
		want string
	}{
		"no such study":    {assess.OwnInput{Study: "none"}, "error.study.none"},
		"no such question": {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "luck", None: true}}}, "error.own.question"},
		"no such option":   {assess.OwnInput{Answers: []assess.OwnEntry{goals("brand"), goals("luck")}}, "error.own.option"},
		"nothing said":     {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "goals"}}}, "error.own.empty"},
		"both":             {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "goals", None: true, Options: []string{"sales"}}}}, "error.own.none"},
		"no number":        {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "gender_men", Number: "half"}}}, "error.own.number"},
		"not a number":     {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "gender_men", Number: "NaN"}}}, "error.own.number"},
		"endless":          {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "gender_men", Number: "Inf"}}}, "error.own.number"},
		"two wishes":       {assess.OwnInput{Answers: []assess.OwnEntry{{Question: "primary_metric", Options: []string{"sales", "engagement"}}}}, "error.own.one"},
		"an old page":      {assess.OwnInput{Known: &old, Answers: []assess.OwnEntry{goals("brand")}}, "error.own.conflict"},
	} {
		in := c.in
		if in.Study == "" {
			in.Study = assess.PivotStudy
		}
		in.Now, in.By = ownNow, "Ada"
		var e *goalpost.Error
		if _, err := assess.AnswerStudy(t.Context(), a.db, a.org, in); !errors.As(err, &e) || e.Key != c.want {
			t.Errorf("%s\ngot:  %v\nwant: %s", name, err, c.want)
		}
	}
	for _, language := range locale.Languages() {
		p := locale.New(language, "")
		for _, key := range []string{"wave", "why", "option", "one", "alone", "complete", "nothing", "number", "no-number", "none", "empty", "question", "conflict"} {
			if !p.Has("error.own." + key) {
				t.Errorf("%s: no text for the refusal %s", language, key)
			}
		}
	}
	if v := a.view(ownNow); v.Known != 1 {
		t.Errorf("\ngot:  %d answers\nwant: 1", v.Known)
	}
}

// What was ticked stands beside the goals that are really pursued.
func TestOwnClaims(t *testing.T) {
	a := newTrade(t)
	add := func(kind string) {
		if _, err := assess.AddGoal(t.Context(), a.db, a.org, assess.GoalInput{Kind: kind, By: "Ada", Now: ownNow}); err != nil {
			t.Fatal(err)
		}
	}
	add("brand")
	add("support")
	a.answer("2026-Q1", "", ownNow, goals("sales"))
	q := questionOf(t, a.view(ownNow), "goals")
	if got := noteKeys(q.Claims); !slices.Equal(got, []string{"own.claim.only-set", "own.claim.only-ticked"}) {
		t.Errorf("\ngot:  %v", got)
	}
	if !slices.Equal(q.Outside, []string{"support"}) {
		t.Errorf("\ngot:  %v\nwant: support", q.Outside)
	}
	for _, o := range q.Options {
		if want := map[string]goalpost.GoalState{"brand": goalpost.Wish}[o.Option.Code]; o.Pursued != want {
			t.Errorf("%s\ngot:  %q\nwant: %q", o.Option.Code, o.Pursued, want)
		}
	}
}

// A question that changed keeps the answers to its earlier form, and says that it did.
func TestOwnAnswerToAnEarlierVersion(t *testing.T) {
	a := newTrade(t)
	study := assess.StudyTemplate()
	keep := func(why string) {
		if _, _, err := assess.ImportStudy(t.Context(), a.db, a.org.ID, study, "Ada", why, ownNow); err != nil {
			t.Fatal(err)
		}
	}
	keep("")
	if _, err := assess.AnswerStudy(t.Context(), a.db, a.org, assess.OwnInput{Study: study.ID, By: "Ada", Now: ownNow, Answers: []assess.OwnEntry{goals("sales")}}); err != nil {
		t.Fatal(err)
	}
	second := study.Questions[0]
	second.Version, second.Options = 2, append(slices.Clone(second.Options), goalpost.Item{Code: "support"})
	study.Questions = append(study.Questions, second)
	study.Figures = append(study.Figures, goalpost.Figure{Question: "goals", Version: 2, Reference: "2026", Option: "support", Percent: "20", Kind: goalpost.BaseUnknown, Quality: goalpost.QualitySeen})
	keep("a longer list")
	v, err := assess.Own(t.Context(), a.db, a.org, study.ID, ownNow)
	if err != nil {
		t.Fatal(err)
	}
	q := questionOf(t, v, "goals")
	for _, o := range q.Options {
		switch o.Option.Code {
		case "support":
			if o.Ticks[0] != nil {
				t.Error("an option that was not there cannot have been left out")
			}
			if f := newestFigure(t, q, "support"); f.You.Key != "own.you.open" || !slices.Contains(noteKeys(f.Apart), "study.break.options") {
				t.Errorf("\ngot:  %v %v", f.You, f.Apart)
			}
		case "sales":
			if o.Ticks[0] == nil || !*o.Ticks[0] {
				t.Error("the earlier answer is gone")
			}
		}
	}
}

// Computing everything again from the raw files leaves own answers as they are.
func TestRebuildKeepsOwnAnswers(t *testing.T) {
	a := newTrade(t)
	ctx := context.Background()
	text := sales(30)
	if _, err := assess.Import(ctx, a.db, a.org, assess.Input{Name: "sales.csv", R: strings.NewReader(text), Size: int64(len(text)), Answers: goalpost.Answers{Currency: "EUR"}, By: "Ada", Now: now}, nil); err != nil {
		t.Fatal(err)
	}
	a.answer("2026-Q1", "", ownNow, goals("sales"))
	a.answer("2026-Q1", "a slip", ownNow, goals("brand"))
	before := a.view(ownNow)
	if err := assess.Rebuild(ctx, a.db, a.org, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if after := a.view(ownNow); fmt.Sprint(questionOf(t, after, "goals").Answers, questionOf(t, after, "goals").Corrected) != fmt.Sprint(questionOf(t, before, "goals").Answers, questionOf(t, before, "goals").Corrected) || after.Known != 2 {
		t.Errorf("\ngot:  %+v", after)
	}
}
